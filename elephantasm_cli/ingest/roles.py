"""Roles: their many names, and what event type, trust and author follow from one."""

from __future__ import annotations

from elephantasm_cli.vocabulary import EventType, Trust, lowest_trust

USER = "user"
ASSISTANT = "assistant"
SYSTEM = "system"
TOOL = "tool"
UNKNOWN = "unknown"

_ALIASES: dict[str, str] = {
    "user": USER,
    "human": USER,
    "assistant": ASSISTANT,
    "ai": ASSISTANT,
    "model": ASSISTANT,
    "bot": ASSISTANT,
    "chatbot": ASSISTANT,
    "system": SYSTEM,
    "developer": SYSTEM,
    "tool": TOOL,
    "function": TOOL,
    "ipython": TOOL,
}

SPEAKER_ROLES: dict[str, str] = {
    **_ALIASES,
    "agent": ASSISTANT,
    "chatgpt": ASSISTANT,
    "gpt": ASSISTANT,
    "claude": ASSISTANT,
    "gemini": ASSISTANT,
    "copilot": ASSISTANT,
}
"""Lower-case speaker names in plain text that tell the role."""

_EVENT_TYPES: dict[str, EventType] = {
    USER: EventType.USER_MESSAGE,
    ASSISTANT: EventType.ASSISTANT_MESSAGE,
    SYSTEM: EventType.SYSTEM_MESSAGE,
    TOOL: EventType.TOOL_RESULT,
}

_TRUST: dict[str, Trust] = {USER: Trust.USER, ASSISTANT: Trust.AGENT, TOOL: Trust.TOOL}

_TYPE_TRUST: dict[EventType, Trust] = {
    EventType.ASSISTANT_MESSAGE: Trust.AGENT,
    EventType.SYSTEM_MESSAGE: Trust.IMPORT,
    EventType.TOOL_CALL: Trust.AGENT,
    EventType.TOOL_RESULT: Trust.TOOL,
}

_AUTHORS: dict[str, str] = {USER: "User", ASSISTANT: "Assistant", SYSTEM: "System", TOOL: "Tool"}

_TYPE_ROLES: dict[EventType, str] = {
    EventType.USER_MESSAGE: USER,
    EventType.ASSISTANT_MESSAGE: ASSISTANT,
    EventType.SYSTEM_MESSAGE: SYSTEM,
    EventType.TOOL_CALL: ASSISTANT,
    EventType.TOOL_RESULT: TOOL,
}


def canonical_role(name: str) -> str:
    """The role ``name`` stands for; a name nobody knows stays as it is, an empty one is ``unknown``."""
    lowered = name.strip().lower()
    return _ALIASES.get(lowered, lowered) or UNKNOWN


def role_of_type(event_type: EventType | None) -> str:
    """The role of a record that names its event type but no role."""
    return _TYPE_ROLES.get(event_type, UNKNOWN) if event_type is not None else UNKNOWN


def event_type_of(role: str, author: str | None) -> EventType:
    """The event type of a message by ``role``: whoever speaks without a known role is a person among others."""
    known = _EVENT_TYPES.get(role)
    if known is not None:
        return known
    return EventType.OBSERVATION if role == UNKNOWN and not author else EventType.USER_MESSAGE


def trust_of(role: str, event_type: EventType) -> Trust:
    """Who vouches for words of ``role``. A file can name any system prompt or role, so those stay ``import``; a tool's
    output under the user's role (where some formats put it) stays a tool's.
    """
    by_role = _TRUST.get(role, Trust.IMPORT)
    by_type = _TYPE_TRUST.get(event_type)
    return by_role if by_type is None or by_type is by_role else lowest_trust([by_role, by_type])


def author_of(role: str, event_type: EventType) -> str:
    """The author of a record that names none."""
    known = _AUTHORS.get(role)
    if known is not None:
        return known
    return event_type.value.replace("_", " ").capitalize() if role == UNKNOWN else role.capitalize()
