"""The prebuilt engine: llama.cpp's own server inside this process, through ``xllamacpp``.

The library opens a listening socket and cannot be told not to. On POSIX it is a Unix socket in a folder that only
this user can enter, and the folder is removed as soon as the model is loaded; on Windows it is a loopback port. Both
ask for a random key that nobody is given.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from elephantasm_cli.errors import EngineError, ModelFileError
from elephantasm_cli.services.engines.chat_templates import STOP, ChatFamily, render_chat
from elephantasm_cli.services.engines.interruptible import interruptible
from elephantasm_cli.services.language_model import ChatMessage, Completion, Finish
from elephantasm_cli.services.model_files import ModelFile

PROMPT_BATCH = 128
"""Prompt tokens evaluated between two looks at the clock."""

PROMPT_CACHE_MIB = 128
"""Memory for the prefixes of other prompts than the last; the library's own default is 8192."""


class XllamacppModel:
    """`LanguageModel` over ``xllamacpp.Server``. Raises ModelFileError when llama.cpp cannot read the file."""

    def __init__(self, file: ModelFile, *, n_threads: int, context_tokens: int) -> None:
        import xllamacpp

        self.model_id = file.model_id
        self._family: ChatFamily = file.family
        params = xllamacpp.CommonParams()
        params.model.path = os.fspath(file.path)
        params.n_ctx = context_tokens
        params.n_batch = PROMPT_BATCH
        params.n_parallel = 1
        params.cache_ram_mib = PROMPT_CACHE_MIB
        params.cpuparams.n_threads = n_threads
        params.cpuparams_batch.n_threads = n_threads
        params.n_threads_http = 1
        params.verbosity = 0
        params.warmup = False
        params.fit_params = False
        params.use_jinja = False
        params.enable_chat_template = False
        params.endpoint_slots = False
        params.ui = False
        params.api_keys = [secrets.token_hex(32)]
        socket_folder = Path(tempfile.mkdtemp(prefix="elephantasm-")) if os.name == "posix" else None
        if socket_folder is not None:
            params.hostnames = [os.fspath(socket_folder / "llama.sock")]
        try:
            self._server: Any = xllamacpp.Server(params)
        except RuntimeError as error:
            raise ModelFileError(
                f"llama.cpp cannot load {file.path.name}: fetch it again with 'elephantasm models pull'"
            ) from error
        finally:
            if socket_folder is not None:
                shutil.rmtree(socket_folder, ignore_errors=True)
        # A server that is freed before it has served anything waits for itself for ever (seen in 2026.10): serve once.
        self._server.handle_completions({"prompt": "1", "max_tokens": 1, "cache_prompt": False})

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
        if self._server is None:
            raise EngineError("the model has been closed: load it again")
        request: dict[str, Any] = {
            "prompt": render_chat(self._family, messages),
            "stop": list(STOP[self._family]),
            "max_tokens": max_tokens,
            "temperature": 0.0,
            "seed": seed,
            "cache_prompt": True,
            "stream": True,
            "return_progress": True,
            "stream_options": {"include_usage": True},
        }
        if schema is not None and grammar is not None:
            raise EngineError("an answer follows a schema or a grammar, not both")
        if schema is not None:
            request["json_schema"] = {**schema, "x-guidance": {"whitespace_flexible": False}}
        elif grammar is not None:
            request["grammar"] = grammar
        answer = _StreamedAnswer(deadline_seconds)
        interruptible(lambda: self._server.handle_completions(request, answer.receive), answer.cancel)
        return answer.finished()

    def close(self) -> None:
        """Free the model; a second call does nothing."""
        self._server = None


class _StreamedAnswer:
    """Collects one streamed answer; tells the engine to stop when its time is up."""

    def __init__(self, deadline_seconds: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._deadline = None if deadline_seconds is None else self._started + deadline_seconds
        self._pieces: list[str] = []
        self._error: str | None = None
        self._finish: Finish | None = None
        self._cancelled = False
        self._prompt = self._cached = self._completed = 0

    def receive(self, chunk: Mapping[str, Any]) -> bool:
        """Take one chunk; True asks the engine to cancel."""
        if self._cancelled:
            return True
        if "error" in chunk:
            self._error = _explained(chunk["error"])
            return True
        progress = chunk.get("prompt_progress")
        if progress:
            self._prompt, self._cached = int(progress["total"]), int(progress["cache"])
        for choice in chunk.get("choices", ()):
            piece = choice.get("text") or ""
            self._pieces.append(piece)
            self._completed += bool(piece)
            if choice.get("finish_reason"):
                self._finish = Finish.LENGTH if choice["finish_reason"] == "length" else Finish.STOP
        usage = chunk.get("usage")
        if usage:
            self._prompt, self._completed = int(usage["prompt_tokens"]), int(usage["completion_tokens"])
            self._cached = int((usage.get("prompt_tokens_details") or {}).get("cached_tokens", self._cached))
        if self._finish is None and self._deadline is not None and self._clock() >= self._deadline:
            self._finish = Finish.DEADLINE
            return True
        return False

    def cancel(self) -> None:
        """Ask the engine to stop at its next token."""
        self._cancelled = True

    def finished(self) -> Completion:
        """The whole answer. Raises EngineError where the engine reported one."""
        if self._error is not None:
            raise EngineError(self._error)
        if self._finish is None:
            raise EngineError("llama.cpp stopped in the middle of an answer: run again, or with --no-llm")
        return Completion(
            text="".join(self._pieces),
            prompt_tokens=self._prompt,
            completion_tokens=self._completed,
            seconds=self._clock() - self._started,
            cached_tokens=self._cached,
            finish=self._finish,
        )


def _explained(error: Mapping[str, Any]) -> str:
    if error.get("type") == "exceed_context_size_error":
        tokens, room = error.get("n_prompt_tokens"), error.get("n_ctx")
        return f"the prompt has {tokens} tokens and the context holds {room}: shorten the input"
    return f"llama.cpp refused the request: {error.get('message', error)}; report it, or run with --no-llm"
