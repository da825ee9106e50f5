"""From sources to committed events: counting, batching, order, options."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time

import pytest

from elephantasm_cli.errors import InputError, UnknownFormatError
from elephantasm_cli.ingest import pipeline
from elephantasm_cli.ingest.pipeline import IngestOptions, ingest
from elephantasm_cli.ingest.sources import FileSource, RecordsSource, StreamSource, file_sources
from elephantasm_cli.vocabulary import EventType, Trust


def said(number: int, **more: object) -> dict[str, object]:
    return {"role": "user", "content": f"message {number}", **more}


def test_the_same_transcript_twice_adds_nothing(take, store):
    """Every format's records are known again, also when another mtime gives other guessed times."""
    records = [said(n) for n in range(20)] + [said(1), said(1)]
    first = take(records)
    assert (first.added, first.duplicates) == (22, 0)
    second = take(records)
    assert (second.added, second.duplicates) == (0, 22)
    assert len(store.drafts) == 22


def test_a_grown_transcript_adds_its_tail(take, store):
    """Only what is new is written, repeated words included."""
    take([said(1), said(2)])
    report = take([said(1), said(2), said(1), said(3)])
    assert (report.added, report.duplicates) == (2, 2)
    assert [draft.content for draft in store.drafts] == ["message 1", "message 2", "message 1", "message 3"]


def test_a_known_id_with_other_words_is_counted_as_changed(take, store):
    """Neither version is lost."""
    take([said(1, id="m1")])
    report = take([said(2, id="m1")])
    assert (report.added, report.changed) == (0, 1)
    assert len(store.drafts) == 2


def test_one_run_may_name_a_file_twice(store, tmp_path):
    """The ordinal among equals counts within a source, so a second reading is all duplicates."""
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(said(1)) + "\n" + json.dumps(said(1)) + "\n")
    report = ingest(store, [FileSource(path), FileSource(path)])
    assert (report.added, report.duplicates) == (2, 2)


def test_the_report_adds_up(take):
    """Everything read is added, known, changed, rejected or skipped."""
    text = "\n".join(
        [
            json.dumps(said(1, id="a")),
            json.dumps(said(1, id="a")),
            json.dumps(said(2, id="a")),
            json.dumps(said(3, content="  ")),
            "{broken",
            json.dumps([]),
            json.dumps(
                {"role": "user", "content": [{"type": "image"}, {"type": "thinking"}, {"type": "text", "text": "hi"}]}
            ),
        ]
    )
    report = take(text, format="jsonl")
    assert report.to_dict() | {"seconds": 0} == {
        "read": 9,
        "added": 2,
        "duplicates": 1,
        "changed": 1,
        "rejected": 2,
        "skipped": {"empty": 1, "image block": 1, "thinking": 1},
        "sessions": 1,
        "formats": {"jsonl": 1},
        "seconds": 0,
        "dry_run": False,
    }
    assert report.read == report.added + report.duplicates + report.changed + report.rejected + sum(
        report.skipped.values()
    )


def test_batches_are_transactions_of_at_most_500(take, store, monkeypatch):
    """1,200 events are three commits, each acknowledged after it."""
    monkeypatch.setattr("elephantasm_cli.ingest.writing.BATCH_SECONDS", 60.0)
    seen: list[tuple[int, int]] = []
    take([said(n) for n in range(1200)], on_batch=lambda report: seen.append((report.added, store.commits)))
    assert store.batches == [500, 500, 200]
    assert seen == [(500, 1), (1000, 2), (1200, 3)]


def test_a_few_huge_events_are_a_batch_too(take, store, monkeypatch):
    """Batches are bounded by size as well as by number."""
    monkeypatch.setattr("elephantasm_cli.ingest.writing.BATCH_CHARACTERS", 1000)
    take([said(n, content=f"{n}" * 600) for n in range(4)])
    assert store.batches == [2, 2]


def test_a_failed_write_is_not_acknowledged(new_store, outcome):
    """What the store could not commit is in no count that anybody hears of."""
    acknowledged: list[int] = []

    class FullStore(new_store):
        def add(self, drafts):
            super().add(drafts)
            if self.commits:
                raise OSError(28, "No space left on device")
            return outcome(added=len(drafts))

    store = FullStore()
    records = [said(n) for n in range(700)]
    with pytest.raises(OSError, match="No space"):
        ingest(
            store, [RecordsSource(records)], IngestOptions(on_batch=lambda report: acknowledged.append(report.added))
        )
    assert acknowledged == [500]
    assert len(store.drafts) == 500


def test_a_store_that_fails_is_not_taken_for_a_source_that_does(new_store, tmp_path):
    """Its error passes through, although reading errors are rejects."""

    class BrokenStore(new_store):
        def add(self, drafts):
            raise OSError(5, "Input/output error")

    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(said(1)))
    with pytest.raises(OSError, match="Input/output"):
        ingest(BrokenStore(), [FileSource(path)])


def test_a_source_that_breaks_off_keeps_what_came_before(store):
    """The break is a reject; the run goes on with the next source."""

    class Breaking(io.BytesIO):
        def read(self, size=-1):
            if data := super().read(40):
                return data
            raise OSError(5, "Input/output error")

    sources = [StreamSource(Breaking(json.dumps(said(1)).encode() + b"\n")), RecordsSource([said(2)])]
    report = ingest(store, sources)
    assert [draft.content for draft in store.drafts] == ["message 1", "message 2"]
    assert report.rejected == 1


def test_a_file_name_that_is_not_utf8_is_no_obstacle(store, tmp_path):
    """Label and session are valid text."""
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl")
    with open(path, "w") as file:  # noqa: PTH123
        file.write(json.dumps(said(1)))
    ingest(store, file_sources([path]))
    (draft,) = store.drafts
    assert draft.session_id == "caf\ufffd"
    assert draft.source.endswith("caf\ufffd.jsonl:1")


def test_ingest_loads_nothing_heavy():
    """No model library, no pydantic: a hook calls it after every turn."""
    code = "import sys, elephantasm_cli.ingest.pipeline; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    heavy = {"pydantic", "numpy", "torch", "onnxruntime", "tokenizers", "rich", "textual", "typer", "sqlite_utils"}
    assert not heavy & loaded


def test_an_interrupt_writes_what_was_read(store):
    """Ctrl-C while following a stream loses nothing that came in."""

    def records():
        yield said(1)
        yield said(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(store, [RecordsSource(records())])
    assert [draft.content for draft in store.drafts] == ["message 1", "message 2"]


def test_a_followed_stream_is_written_while_it_is_open(store, monkeypatch):
    """Events reach the store although the writer of the pipe says nothing more and does not close it."""
    monkeypatch.setattr(pipeline, "IDLE_SECONDS", 0.05)
    reading, writing = os.pipe()
    reports = []

    def follow() -> None:
        with os.fdopen(reading, "rb") as stream:
            reports.append(ingest(store, [StreamSource(stream)]))

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        for number in (1, 2):
            os.write(writing, json.dumps(said(number)).encode() + b"\n")
            deadline = time.monotonic() + 10
            while len(store.drafts) < number and time.monotonic() < deadline:
                time.sleep(0.01)
            assert len(store.drafts) == number
        os.write(writing, json.dumps(said(3)).encode())
    finally:
        os.close(writing)
        thread.join(10)
    assert reports[0].added == 3


def test_waiting_for_a_stream_costs_no_processor_time(store, monkeypatch):
    """A silent stream is slept on, not polled."""
    monkeypatch.setattr(pipeline, "IDLE_SECONDS", 0.01)
    reading, writing = os.pipe()

    def follow() -> None:
        with os.fdopen(reading, "rb") as stream:
            ingest(store, [StreamSource(stream)])

    thread = threading.Thread(target=follow)
    thread.start()
    os.write(writing, json.dumps(said(1)).encode() + b"\n")
    deadline = time.monotonic() + 10
    while not store.drafts and time.monotonic() < deadline:
        time.sleep(0.01)
    before = time.process_time()
    time.sleep(0.5)
    spent = time.process_time() - before
    os.close(writing)
    thread.join(10)
    assert len(store.drafts) == 1
    assert spent < 0.1


def test_a_folder_is_walked_in_order(store, tmp_path):
    """Files in sorted order; hidden ones are not looked at, other kinds are counted."""
    for name in ("b/two.jsonl", "a/one.jsonl", ".hidden/x.jsonl", "c/.y.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(said(1, content=name)))
    (tmp_path / "note.md").write_text("A note.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    report = ingest(store, [FileSource(tmp_path)])
    assert [draft.content for draft in store.drafts] == ["A note.", "a/one.jsonl", "b/two.jsonl"]
    assert [draft.session_id for draft in store.drafts] == ["note", "one", "two"]
    assert report.skipped == {"file of another kind": 1}
    assert report.formats == {"text": 1, "jsonl": 2}


def test_a_missing_file_is_an_error_before_anything_is_read(tmp_path):
    """The path is named."""
    with pytest.raises(InputError, match=r"gone\.jsonl does not exist"):
        file_sources([tmp_path, tmp_path / "gone.jsonl"])


def test_an_unknown_format_names_the_known_ones(take, store):
    """The message is the list to choose from."""
    with pytest.raises(UnknownFormatError, match="jsonl, messages, claude-code, text"):
        take([said(1)], format="parquet")
    assert store.drafts == []


@pytest.mark.parametrize("name", ["claude_code", "Markdown", "openai", "anthropic", "langchain"])
def test_formats_have_aliases(take, name):
    """Underscores, capitals and the names of libraries are understood."""
    assert take("", format=name).read == 0


def test_a_named_format_is_not_guessed(take, store):
    """JSON read as text is a note."""
    take([said(1)], format="text")
    assert store.drafts[0].event_type is EventType.NOTE


@pytest.mark.parametrize("data", [b"", b"\n\n", b"  \r\n", b"\xef\xbb\xbf"])
def test_empty_input_is_no_error(take, data):
    """Nothing in, nothing out."""
    report = take(data)
    assert (report.read, report.formats) == (0, {})


def test_a_dry_run_counts_and_writes_nothing(take, store):
    """The counts are those of the real run, duplicates and changes across batches included."""
    take([said(1, id="a"), said(2, id="b")])
    records = [
        said(1, id="a"),
        said(9, id="b"),
        *(said(n, id=f"n{n}") for n in range(600)),
        said(1, id="a"),
        said(5, id="n5"),
    ]
    before = store.drafts
    report = take(records, dry_run=True)
    assert store.drafts == before
    rehearsed = report.to_dict() | {"seconds": 0, "dry_run": 0}
    assert rehearsed == take(records).to_dict() | {"seconds": 0, "dry_run": 0}
    assert (report.added, report.changed) == (600, 1)


def test_a_dry_run_needs_no_store():
    """An agent that does not exist yet has everything to learn."""
    report = ingest(None, [RecordsSource([said(1), said(1, id="x")])], IngestOptions(dry_run=True))
    assert report.added == 2


def test_since_skips_what_is_older(take, store):
    """The boundary itself is in."""
    records = [said(n, occurred_at=f"2024-05-0{n}") for n in (1, 2, 3)]
    report = take(records, since="2024-05-02T00:00:00.000000Z")
    assert [draft.content for draft in store.drafts] == ["message 2", "message 3"]
    assert report.skipped == {"before --since": 1}


def test_since_does_not_move_the_ordinals_of_equals(take, store):
    """What is skipped still counts among equals, so a later full run adds just that."""
    records = [said(1, content="ok", occurred_at="2024-05-01"), said(2, content="ok")]
    take(records, since="2024-05-01T00:00:00.000001Z")
    assert take(records).added == 1


def test_source_and_session_options_fill_in(take, store):
    """``--source`` replaces the label, ``--session`` serves records that name none."""
    take([said(1), said(2, session="own")], source="slack", session="mine")
    assert [(draft.source, draft.session_id) for draft in store.drafts] == [("slack:1", "mine"), ("slack:2", "own")]


@pytest.mark.parametrize(
    ("records", "session"),
    [([said(1, occurred_at="2024-05-01T23:00:00-05:00")], "stdin-2024-05-02"), ([said(1)], "stdin")],
)
def test_a_stream_without_session_gets_one_from_its_content(take, store, records, session):
    """Piping the same transcript in again lands in the same session and adds nothing."""
    take(records, stream=True)
    report = take(records, stream=True)
    assert store.drafts[0].session_id == session
    assert (report.added, report.duplicates) == (0, 1)


def test_python_records_are_jsonl_records(take, store):
    """The Python API: own keys win, datetimes are understood, what is not JSON is a reject."""
    from datetime import datetime

    report = take(
        "",
        records=[
            {"role": "user", "content": "I deploy with Fly.io", "occurred_at": datetime(2024, 5, 1, 10)},
            {"role": "assistant", "content": [{"type": "text", "text": "Noted"}], "session": "own"},
            {"role": "user", "content": object()},
        ],
        session="s1",
    )
    assert [(draft.session_id, draft.source) for draft in store.drafts] == [("s1", "python:1"), ("own", "python:2")]
    assert store.drafts[0].occurred_at == "2024-05-01T10:00:00.000000Z"
    assert (report.added, report.rejected) == (2, 1)


def test_a_note_with_its_own_id_always_adds(take, store):
    """How ``note`` uses ingest: a fresh id each time, the operator's trust."""
    for number in (1, 2):
        take("", records=[{"type": "note", "content": "Ship on Fridays", "id": f"n{number}"}], trust=Trust.OPERATOR)
    assert [draft.event_type for draft in store.drafts] == [EventType.NOTE, EventType.NOTE]


def test_private_parts_and_our_own_packs_are_never_stored(take, store):
    """They go from content and metadata; an event that is nothing else is skipped by that name."""
    pack = "<!-- elephantasm:pack pck_1 -->\nremember\n<!-- /elephantasm:pack -->"
    report = take(
        [
            said(
                1,
                content="My name is Ines <private>and my PIN is 1234</private>",
                metadata={"a": "<private>x</private>y"},
            ),
            said(2, content="<private>all of it</private>"),
            said(3, content=pack),
            said(4, content=f"Context: {pack} What now?"),
        ]
    )
    assert [draft.content for draft in store.drafts] == ["My name is Ines ", "Context:  What now?"]
    assert store.drafts[0].metadata == {"a": "y", "redacted": ["private"], "time": "guessed"}
    assert report.skipped == {"private": 1, "pack": 1}
