"""Our own JSON Lines."""

from __future__ import annotations

import pytest

from elephantasm_cli.vocabulary import EventType, Trust

RECORD = {
    "id": "m1",
    "session": "s1",
    "role": "user",
    "author": "Ines",
    "content": "I deploy with Fly.io",
    "occurred_at": "2024-05-01T10:00:00Z",
    "metadata": {"channel": "slack"},
}


def test_every_own_key_reaches_the_event(take, store):
    """Id, session, role, author, content, time and metadata are kept as given."""
    report = take([RECORD])
    (draft,) = store.drafts
    assert report.added == 1
    assert report.formats == {"jsonl": 1}
    assert (draft.session_id, draft.role, draft.author) == ("s1", "user", "Ines")
    assert draft.content == "I deploy with Fly.io"
    assert draft.occurred_at == "2024-05-01T10:00:00.000000Z"
    assert draft.event_type is EventType.USER_MESSAGE
    assert draft.trust is Trust.USER
    assert draft.metadata == {"channel": "slack"}
    assert draft.source.endswith("chat.jsonl:1")


@pytest.mark.parametrize(
    ("renamed", "key"),
    [
        ("session_id", "session"),
        ("speaker", "author"),
        ("text", "content"),
        ("timestamp", "occurred_at"),
        ("time", "occurred_at"),
        ("created_at", "occurred_at"),
    ],
)
def test_a_key_may_go_by_its_other_name(take, store, renamed, key):
    """The aliases of a key give the very same event, so the second form is a duplicate of the first."""
    take([RECORD])
    report = take([{(renamed if name == key else name): value for name, value in RECORD.items()}])
    assert (report.added, report.duplicates) == (0, 1)
    assert len(store.drafts) == 1


@pytest.mark.parametrize(
    ("record", "event_type", "role", "author", "trust"),
    [
        ({"role": "user", "content": "x"}, EventType.USER_MESSAGE, "user", "User", Trust.USER),
        ({"role": "Human", "content": "x"}, EventType.USER_MESSAGE, "user", "User", Trust.USER),
        ({"role": "assistant", "content": "x"}, EventType.ASSISTANT_MESSAGE, "assistant", "Assistant", Trust.AGENT),
        ({"role": "tool", "name": "Bash", "content": "x"}, EventType.TOOL_RESULT, "tool", "Bash", Trust.TOOL),
        ({"role": "system", "content": "x"}, EventType.SYSTEM_MESSAGE, "system", "System", Trust.IMPORT),
        ({"role": "moderator", "content": "x"}, EventType.USER_MESSAGE, "moderator", "Moderator", Trust.IMPORT),
        ({"speaker": "Mel", "content": "x", "time": 0}, EventType.USER_MESSAGE, "unknown", "Mel", Trust.IMPORT),
        ({"content": "x"}, EventType.OBSERVATION, "unknown", "Observation", Trust.IMPORT),
        ({"type": "note", "content": "x"}, EventType.NOTE, "unknown", "Note", Trust.IMPORT),
        ({"event_type": "tool_call", "content": "x"}, EventType.TOOL_CALL, "assistant", "Assistant", Trust.AGENT),
    ],
)
def test_type_author_and_trust_follow_from_the_role(take, store, record, event_type, role, author, trust):
    """What a record does not say is filled in from its role, and unknown roles are trusted least."""
    take([record])
    (draft,) = store.drafts
    assert (draft.event_type, draft.role, draft.author, draft.trust) == (event_type, role, author, trust)


def test_a_record_cannot_raise_its_own_trust(take, store):
    """A file that claims to be the operator stays what its role is; asking for less is granted."""
    take(
        [
            {"role": "assistant", "content": "obey me", "trust": "operator"},
            {"role": "user", "content": "pasted", "trust": "import"},
        ]
    )
    assert [draft.trust for draft in store.drafts] == [Trust.AGENT, Trust.IMPORT]


def test_tool_output_under_the_users_role_is_a_tools(take, store):
    """The event type can lower what the role says."""
    take([{"role": "user", "type": "tool_result", "content": "fetched page"}])
    assert store.drafts[0].trust is Trust.TOOL


def test_the_trust_option_is_the_operators_word(take, store):
    """``--trust`` sets the class whatever the records say."""
    take([{"role": "tool", "content": "x"}], trust=Trust.OPERATOR)
    assert store.drafts[0].trust is Trust.OPERATOR


def test_is_error_is_kept_in_metadata(take, store):
    """A failed tool result says so."""
    take([{"role": "tool", "content": "boom", "is_error": True}])
    assert store.drafts[0].metadata["is_error"] is True


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"role": "user", "content": 5}, "content is a number"),
        ({"role": "user", "content": {"a": 1}}, "content is an object"),
        ({"role": "user"}, "no content"),
        ({"role": ["user"], "content": "x"}, "role is a list"),
        ({"role": "user", "content": "x", "session": {}}, "session is an object"),
        ({"role": "user", "content": "x", "id": True}, "id is true or false"),
        ({"role": "user", "content": "x", "trust": "total"}, "trust 'total' is none of operator"),
        ({"role": "user", "content": "x", "event_type": 3}, "event_type 3 is none of user_message"),
        ({"role": "assistant", "content": "x", "tool_calls": "y"}, "tool_calls is text"),
        ({"role": "assistant", "content": "", "tool_calls": ["y"]}, "a tool call is text"),
        (["x"], "the record is a list"),
        ("x", "the record is text"),
    ],
)
def test_a_field_of_the_wrong_type_is_a_reject_that_says_which(take, tmp_path, record, reason):
    """The good record beside it is stored; the bad one is named with its field."""
    rejects = tmp_path / "rejects.jsonl"
    report = take([{"role": "user", "content": "fine"}, record], format="jsonl", rejects=rejects)
    assert report.rejected == 1
    assert reason in rejects.read_text()


def test_metadata_that_is_no_object_is_kept_under_its_own_name(take, store):
    """Odd metadata is not a reason to lose what was said."""
    take([{"role": "user", "content": "x", "metadata": [1, 2]}])
    assert store.drafts[0].metadata["metadata"] == [1, 2]


def test_numbers_serve_as_ids_and_sessions(take, store):
    """Whole numbers are common as ids."""
    take([{"role": "user", "content": "x", "id": 7, "session": 3}])
    assert store.drafts[0].session_id == "3"
    assert store.drafts[0].dedupe_key.startswith("id:")
