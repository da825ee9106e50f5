"""Logs, conversations and notes."""

from __future__ import annotations

import pytest

from elephantasm_cli.ingest import plaintext
from elephantasm_cli.vocabulary import EventType


def test_speaker_lines_are_a_conversation(take, store):
    """Each speaker's lines are one message; a line without a speaker goes on with the last one."""
    report = take("User: I moved to Porto\nlast week\n\nAssistant: Noted.\nUser: Thanks\n", "talk.txt")
    assert report.formats == {"text": 1}
    assert [(draft.role, draft.author, draft.content) for draft in store.drafts] == [
        ("user", "User", "I moved to Porto\nlast week"),
        ("assistant", "Assistant", "Noted."),
        ("user", "User", "Thanks"),
    ]
    assert {draft.session_id for draft in store.drafts} == {"talk"}


def test_names_without_a_known_role_keep_their_name_and_little_trust(take, store):
    """Two people talking: authors are kept, the role is unknown."""
    take("Caroline: hi\nMelanie: hello\nCaroline: how are you?\n", "a.txt")
    assert [(draft.author, draft.role, draft.trust) for draft in store.drafts] == [
        ("Caroline", "unknown", "import"),
        ("Melanie", "unknown", "import"),
        ("Caroline", "unknown", "import"),
    ]
    assert {draft.event_type for draft in store.drafts} == {EventType.USER_MESSAGE}


def test_times_before_speakers_are_read(take, store):
    """A chat log has both."""
    take("[2024-05-01 10:00] Ana: hi\n[2024-05-01 10:01:30] Ben: hello\n", "a.log")
    assert [(draft.occurred_at[:19], draft.author, draft.content) for draft in store.drafts] == [
        ("2024-05-01T10:00:00", "Ana", "hi"),
        ("2024-05-01T10:01:30", "Ben", "hello"),
    ]


def test_a_log_is_one_observation_an_entry(take, store):
    """Levels are not speakers, commas may stand before the fraction, a stack trace belongs to its entry."""
    take(
        "2024-05-01 10:00:00,123 INFO server: started\n2024-05-01T10:00:01Z ERROR boom\n  at line 3\n",
        "server.log",
    )
    assert [(draft.event_type, draft.author, draft.occurred_at, draft.content) for draft in store.drafts] == [
        (EventType.OBSERVATION, "Log", "2024-05-01T10:00:00.123000Z", "INFO server: started"),
        (EventType.OBSERVATION, "Log", "2024-05-01T10:00:01.000000Z", "ERROR boom\n  at line 3"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "We decided to use SQLite.\n\nBecause: it is one file.\n",
        "# Decisions\n\n- Use SQLite\n- Note: one file\n",
        "Note: buy milk\nTODO: call Ana\n",
        "- [ ] call Ana\n- [x] buy milk\n",
        "[[wiki]] links are no JSON\n",
        "Title: x\nAge: 4\nCity: Porto\nPet: cat\n",
    ],
)
def test_anything_else_is_one_note(take, store, text):
    """Prose, markdown and lists of fields are kept whole."""
    take(text, "note.md")
    (draft,) = store.drafts
    assert (draft.event_type, draft.author, draft.content) == (EventType.NOTE, "Note", text.strip("\n"))


def test_markdown_headings_and_bold_names_are_speakers(take, store):
    """The two ways in which chats are saved as markdown."""
    take("## User\n\nHi there\n\n## Assistant\n\nHello\n", "a.md")
    take("**User:** Bye\n**Assistant:** Goodbye\n", "b.md")
    assert [(draft.role, draft.content) for draft in store.drafts] == [
        ("user", "Hi there"),
        ("assistant", "Hello"),
        ("user", "Bye"),
        ("assistant", "Goodbye"),
    ]


def test_full_width_colons_and_names_without_case_are_speakers(take, store):
    """Japanese chats work like others."""
    take("田中：こんにちは\n佐藤：お元気ですか\n田中：はい\n", "ja.txt")
    assert [draft.author for draft in store.drafts] == ["田中", "佐藤", "田中"]


def test_line_ends_do_not_matter(take, store):
    """The same log with CRLF is the same log."""
    take("Ana: hi\nBen: hello\nmore\nAna: bye\n", "a.txt")
    report = take("Ana: hi\r\nBen: hello\r\nmore\r\nAna: bye\r\n", "a.txt")
    assert (report.added, report.duplicates) == (0, 3)


def test_an_edited_note_is_a_changed_one(take, store):
    """The note keeps its key, so the store can tell that its words changed."""
    take("Use SQLite.\n", "note.md")
    assert take("Use SQLite.\n", "note.md").duplicates == 1
    assert take("Use PostgreSQL.\n", "note.md").changed == 1


def test_a_long_note_is_cut_between_paragraphs(take, store, monkeypatch):
    """Nothing is lost at the cut, and no part is much longer than the limit."""
    monkeypatch.setattr(plaintext, "NOTE_CHARACTERS", 100)
    paragraphs = [f"Paragraph {n} says something of its own." for n in range(20)]
    take("\n\n".join(paragraphs), "long.md")
    assert len(store.drafts) > 5
    assert all(len(draft.content) < 200 for draft in store.drafts)
    joined = "\n".join(draft.content for draft in store.drafts)
    assert [p for p in joined.split("\n") if p] == paragraphs
    assert take("\n\n".join(paragraphs), "long.md").added == 0
