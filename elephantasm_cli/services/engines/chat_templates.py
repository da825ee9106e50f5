"""Chat formats of the model families we support.

A model file carries its template as a program (Jinja). We never run it: we recognise the family it belongs to and
write the turns ourselves. Text that spells one of the formats' control words is broken up, so that nothing said in a
message can end its turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from elephantasm_cli.errors import EngineError
from elephantasm_cli.services.language_model import ChatMessage


class ChatFamily(StrEnum):
    CHATML = "chatml"
    LLAMA3 = "llama3"
    GEMMA = "gemma"
    MISTRAL = "mistral"


_MARKS: dict[ChatFamily, str] = {
    ChatFamily.CHATML: "<|im_start|>",
    ChatFamily.LLAMA3: "<|start_header_id|>",
    ChatFamily.GEMMA: "<start_of_turn>",
    ChatFamily.MISTRAL: "[INST]",
}

STOP: dict[ChatFamily, tuple[str, ...]] = {
    ChatFamily.CHATML: ("<|im_end|>",),
    ChatFamily.LLAMA3: ("<|eot_id|>",),
    ChatFamily.GEMMA: ("<end_of_turn>",),
    ChatFamily.MISTRAL: ("</s>",),
}
"""What ends an answer, where the file does not mark the token as the end of generation."""

_CONTROL = re.compile(
    r"<\|[^<>|\n]{1,40}\|>|</?(?:start|end)_of_turn>|</?s>|<(?:bos|eos|pad|unk)>|\[/?(?:INST|SYSTEM_PROMPT)\]",
    re.IGNORECASE,
)


def recognise(template: str) -> ChatFamily | None:
    """The family whose mark occurs in a model file's chat template, or None."""
    return next((family for family, mark in _MARKS.items() if mark in template), None)


def neutralise(text: str) -> str:
    """``text`` with a blank after the first character of every control word: it reads the same and controls nothing."""
    return _CONTROL.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)


def render_chat(family: ChatFamily, messages: Sequence[ChatMessage]) -> str:
    """The prompt text, ending where the assistant's answer begins. The beginning-of-text token is the engine's to add.

    Raises EngineError for turns in an order that the formats cannot express: a system turn anywhere but first, or a
    last turn that is not the user's.
    """
    if not messages or messages[-1].role != "user" or any(m.role == "system" for m in messages[1:]):
        raise EngineError("a prompt is one optional system turn, then user and assistant turns, the user's last")
    turns = [ChatMessage(m.role, neutralise(m.content).strip()) for m in messages]
    if family is ChatFamily.CHATML:
        return "".join(f"<|im_start|>{m.role}\n{m.content}<|im_end|>\n" for m in turns) + "<|im_start|>assistant\n"
    if family is ChatFamily.LLAMA3:
        head = "<|start_header_id|>{}<|end_header_id|>\n\n"
        return "".join(head.format(m.role) + m.content + "<|eot_id|>" for m in turns) + head.format("assistant")
    turns = _system_into_first_user(turns)
    if family is ChatFamily.GEMMA:
        names = {"user": "user", "assistant": "model"}
        written = (f"<start_of_turn>{names[m.role]}\n{m.content}<end_of_turn>\n" for m in turns)
        return "".join(written) + "<start_of_turn>model\n"
    return "".join(f"[INST] {m.content} [/INST]" if m.role == "user" else f" {m.content}</s>" for m in turns)


def _system_into_first_user(turns: list[ChatMessage]) -> list[ChatMessage]:
    """Formats without a system turn read its text at the head of the first user turn."""
    if turns[0].role != "system":
        return turns
    return [ChatMessage("user", f"{turns[0].content}\n\n{turns[1].content}"), *turns[2:]]
