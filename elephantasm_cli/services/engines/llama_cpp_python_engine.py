"""The native engine: ``llama-cpp-python``, compiled for this CPU, driven token by token."""

from __future__ import annotations

import ctypes
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from elephantasm_cli.errors import EngineError, ModelFileError
from elephantasm_cli.services.engines.chat_templates import STOP, ChatFamily, render_chat
from elephantasm_cli.services.engines.interruptible import interruptible
from elephantasm_cli.services.language_model import ChatMessage, Completion, Finish
from elephantasm_cli.services.model_files import ModelFile


class LlamaCppPythonModel:
    """`LanguageModel` over ``llama_cpp.Llama``. Raises ModelFileError when llama.cpp cannot read the file."""

    def __init__(self, file: ModelFile, *, n_threads: int, context_tokens: int) -> None:
        import llama_cpp

        self.model_id = file.model_id
        self._family: ChatFamily = file.family
        self._library: Any = llama_cpp
        _mute(llama_cpp)
        try:
            self._llama: Any = llama_cpp.Llama(
                os.fspath(file.path),
                n_ctx=context_tokens,
                n_threads=n_threads,
                n_threads_batch=n_threads,
                chat_format="chatml",  # any known name keeps the library from compiling the file's own template
                verbose=False,
            )
        except (ValueError, RuntimeError, AssertionError) as error:
            raise ModelFileError(
                f"llama.cpp cannot load {file.path.name}: fetch it again with 'elephantasm models pull'"
            ) from error
        self._deadline: float | None = None
        # Kept on the instance: llama.cpp holds a bare pointer to it.
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self._time_is_up())
        llama_cpp.llama_set_abort_callback(self._llama.ctx, self._abort, ctypes.c_void_p(0))

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: Mapping[str, Any] | None = None,
        grammar: str | None = None,
        max_tokens: int,
        seed: int = 0,
        deadline_seconds: float | None = None,
    ) -> Completion:
        """See `LanguageModel.complete`."""
        if self._llama is None:
            raise EngineError("the model has been closed: load it again")
        started = time.monotonic()
        prompt = self._llama.tokenize(
            render_chat(self._family, messages).encode(), add_bos=self._adds_bos(), special=True
        )
        room = self._llama.n_ctx() - len(prompt)
        if room < 1:
            raise EngineError(
                f"the prompt has {len(prompt)} tokens and the context holds {self._llama.n_ctx()}: shorten the input"
            )
        constraint = self._grammar(schema, grammar)
        cached = self._cached_prefix(prompt)
        self._llama.set_seed(seed)
        with self._until(deadline_seconds):
            tokens, text, finish = interruptible(
                lambda: self._generate(prompt, constraint, min(max_tokens, room)), self._cancel
            )
        return Completion(
            text=text,
            prompt_tokens=len(prompt),
            completion_tokens=len(tokens),
            seconds=time.monotonic() - started,
            cached_tokens=cached,
            finish=finish,
        )

    def close(self) -> None:
        """Free the model; a second call does nothing."""
        if self._llama is not None:
            self._llama.close()
            self._llama = None

    def _cancel(self) -> None:
        """Let the time be up at once."""
        self._deadline = 0.0

    def _generate(self, prompt: list[int], grammar: Any, max_tokens: int) -> tuple[list[int], str, Finish]:
        tokens: list[int] = []
        vocabulary = self._llama._model.vocab
        stops = STOP[self._family]
        stream = self._llama.generate(prompt, temp=0.0, repeat_penalty=1.0, grammar=grammar)
        try:
            for token in stream:
                if self._library.llama_vocab_is_eog(vocabulary, token):
                    return tokens, self._text(tokens), Finish.STOP
                tokens.append(token)
                text = self._text(tokens)
                for stop in stops:
                    if stop in text:
                        return tokens, text[: text.index(stop)], Finish.STOP
                if len(tokens) >= max_tokens:
                    return tokens, text, Finish.LENGTH
                if self._time_is_up():
                    return tokens, text, Finish.DEADLINE
        except RuntimeError as error:
            # An aborted batch leaves cells behind that belong to no token: start the next call from nothing.
            self._llama.reset()
            self._llama._ctx.kv_cache_clear()
            if self._time_is_up():
                return tokens, self._text(tokens), Finish.DEADLINE
            raise EngineError(f"llama.cpp failed: {error}; run again, or with --no-llm") from error
        finally:
            stream.close()
        return tokens, self._text(tokens), Finish.STOP

    def _text(self, tokens: list[int]) -> str:
        return str(self._llama.detokenize(tokens, special=True).decode("utf-8", errors="replace"))

    def _grammar(self, schema: Mapping[str, Any] | None, grammar: str | None) -> Any:
        if schema is not None and grammar is not None:
            raise EngineError("an answer follows a schema or a grammar, not both")
        if schema is None and grammar is None:
            return None
        if schema is not None:
            return self._library.LlamaGrammar.from_json_schema(json.dumps(schema), verbose=False)
        sampler = self._library.llama_sampler_init_grammar(self._llama._model.vocab, (grammar or "").encode(), b"root")
        if not sampler:
            raise EngineError("llama.cpp refused the request: the grammar does not parse; report it")
        self._library.llama_sampler_free(sampler)
        return self._library.LlamaGrammar.from_string(grammar, verbose=False)

    def _cached_prefix(self, prompt: list[int]) -> int:
        """Tokens of ``prompt`` that the last call left in the cache; the last one is always evaluated again."""
        held = self._llama.input_ids[: self._llama.n_tokens].tolist()
        return min(int(self._library.Llama.longest_token_prefix(held, prompt)), len(prompt) - 1)

    def _adds_bos(self) -> bool:
        return bool(self._library.llama_vocab_get_add_bos(self._llama._model.vocab))

    @contextmanager
    def _until(self, deadline_seconds: float | None) -> Iterator[None]:
        self._deadline = None if deadline_seconds is None else time.monotonic() + deadline_seconds
        try:
            yield
        finally:
            self._deadline = None

    def _time_is_up(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline


_muted: list[Any] = []


def _mute(library: Any) -> None:
    """Keep llama.cpp's messages off stderr, which belongs to the command line. For the whole process, once."""
    if not _muted:
        _muted.append(library.llama_log_callback(lambda _level, _text, _data: None))  # C keeps a bare pointer to it
        library.llama_log_set(_muted[0], ctypes.c_void_p(0))
