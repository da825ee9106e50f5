"""Whatever comes in, the run goes on, and what could be read is stored."""

from __future__ import annotations

import io
import json
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elephantasm_cli.errors import ReadOnlyError
from elephantasm_cli.ingest import lines
from elephantasm_cli.ingest.cleaning import clean_text, clean_value
from elephantasm_cli.ingest.formats import READERS
from elephantasm_cli.ingest.lines import split_lines
from elephantasm_cli.ingest.pipeline import IngestOptions, ingest
from elephantasm_cli.ingest.records import Line
from elephantasm_cli.ingest.sources import RecordsSource, StreamSource

RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_invalid_utf8_is_replaced_and_noted(take, store):
    """The bytes that say nothing become U+FFFD, the rest of the words stays."""
    report = take(b'{"role": "user", "content": "caf\xe9 and tea"}\n')
    assert report.added == 1
    assert store.drafts[0].content == "caf\ufffd and tea"
    assert store.drafts[0].metadata["replaced"] == ["invalid_utf8"]


def test_nul_and_lone_surrogates_are_replaced_everywhere(take, store):
    """In content, author, session, id and metadata."""
    bad = "a\\u0000b\\ud800c"
    take(
        f'{{"role":"user","id":"{bad}","session":"{bad}","author":"{bad}","content":"{bad}","metadata":{{"{bad}":"{bad}"}}}}'
    )
    (draft,) = store.drafts
    good = "a\ufffdb\ufffdc"
    assert (draft.content, draft.author, draft.session_id) == (good, good, good)
    assert draft.metadata[good] == good
    assert draft.metadata["replaced"] == ["nul", "surrogate"]


def test_a_pair_of_surrogates_is_one_character(take, store):
    """Escaped emoji are no damage."""
    take('{"role": "user", "content": "\\ud83d\\ude00"}')
    assert store.drafts[0].content == "😀"
    assert "replaced" not in store.drafts[0].metadata


def test_a_line_of_20_megabytes_is_one_event(take, store):
    """Nothing is cut."""
    content = "memory " * 3_000_000
    report = take([{"role": "user", "content": content}, {"role": "user", "content": "next"}])
    assert report.added == 2
    assert store.drafts[0].content == content


def test_a_line_without_end_is_rejected_not_swallowed(take, store, tmp_path, monkeypatch):
    """Beyond the limit a line is a reject with its size; the next line is read."""
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 1000)
    monkeypatch.setattr(lines, "CHUNK_BYTES", 300)
    record = json.dumps({"role": "user", "content": "fine"})
    report = take(f"{record}\n{'x' * 5000}\n{record}\n", format="jsonl", rejects=tmp_path / "r.jsonl")
    assert (report.added, report.rejected) == (2, 1)
    reject = json.loads((tmp_path / "r.jsonl").read_text())
    assert reject["line"] == 2
    assert reject["offset"] == len(record) + 1
    assert "5,001 bytes" in reject["reason"]
    assert [draft.source[-2:] for draft in store.drafts] == [":1", ":3"]


@pytest.mark.parametrize(
    "text", ['{"role": "user", "conte', '{"role": "user"', "{", '[{"role": "us', '[{"a":' * 50_000]
)
def test_truncated_json_is_a_reject(take, store, tmp_path, text):
    """Also when it is all there is."""
    report = take(text, rejects=tmp_path / "r.jsonl")
    assert report.added == 0
    assert report.rejected == 1
    assert json.loads((tmp_path / "r.jsonl").read_text())["excerpt"] == text[:200]


def test_metadata_nested_without_end_is_a_reject(take):
    """Depth is bounded before anything recurses too far."""
    deep = '{"a":' * 100 + "1" + "}" * 100
    report = take(f'{{"role":"user","content":"x","metadata":{deep}}}')
    assert (report.added, report.rejected) == (0, 1)


def test_numbers_that_json_cannot_say_become_text(take, store):
    """NaN in metadata would make the row unreadable."""
    take('{"role":"user","content":"x","metadata":{"score":NaN,"big":1e999}}')
    assert store.drafts[0].metadata["score"] == "nan"
    assert json.dumps(store.drafts[0].metadata, allow_nan=False)


def test_rejects_are_private_located_and_written_once(take, tmp_path):
    """Mode 0600; source, offset, line, reason and a redacted excerpt; reading again repeats nothing."""
    rejects = tmp_path / "agents" / "a.rejects.jsonl"
    text = '{"role": "user", "content": "é"}\n{"broken <private>secret</private>' + "x" * 500 + "\n"
    for _ in range(2):
        assert take(text, rejects=rejects).rejected == 1
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    (entry,) = map(json.loads, rejects.read_text().splitlines())
    assert entry["source"].endswith("chat.jsonl")
    assert (entry["offset"], entry["line"]) == (34, 2)
    assert entry["reason"].startswith("not readable as JSON")
    assert len(entry["excerpt"]) == 200
    assert "secret" not in rejects.read_text()


def test_a_dry_run_writes_no_rejects(take, tmp_path):
    """Counting is all it does."""
    report = take('{"broken', rejects=tmp_path / "r.jsonl", dry_run=True)
    assert report.rejected == 1
    assert not (tmp_path / "r.jsonl").exists()


def test_rejects_that_cannot_be_kept_stop_the_run(take, tmp_path):
    """A folder in the file's place is named; a reject is never dropped in silence."""
    (tmp_path / "r.jsonl").mkdir()
    with pytest.raises(ReadOnlyError, match=r"r\.jsonl cannot be written"):
        take('{"broken', rejects=tmp_path / "r.jsonl")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("Ana: hi\n".encode("utf-16"), "UTF-16"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "binary"),
    ],
)
def test_files_that_are_no_text_are_rejected_whole(take, tmp_path, data, reason):
    """A picture is not a note."""
    report = take(data, "thing.txt", rejects=tmp_path / "r.jsonl")
    assert (report.added, report.rejected) == (0, 1)
    assert reason in (tmp_path / "r.jsonl").read_text()


@RELAXED
@given(data=st.binary(max_size=400), name=st.sampled_from([None, *READERS]))
def test_random_bytes_never_raise_in_any_format(new_store, data, name):
    """And the report adds up whatever they were."""
    report = ingest(new_store(), [StreamSource(io.BytesIO(data))], IngestOptions(format=name))
    counted = report.added + report.duplicates + report.changed + report.rejected + sum(report.skipped.values())
    assert report.read == counted


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        *("id", "session", "role", "author", "content", "text", "time", "timestamp", "type", "event_type", "trust"),
        *(
            "metadata",
            "is_error",
            "tool_calls",
            "messages",
            "data",
            "kwargs",
            "sessionId",
            "uuid",
            "message",
            "isSidechain",
        ),
    ]
)
WORDS = st.sampled_from(
    ["user", "assistant", "tool", "human", "ai", "constructor", "tool_result", "tool_use", "summary"]
)


@RELAXED
@given(
    records=st.lists(st.dictionaries(KEYS, JSON | WORDS, max_size=8), max_size=4),
    name=st.sampled_from([None, *READERS]),
)
def test_random_fields_never_raise_and_always_give_storable_events(new_store, records, name):
    """Any JSON under any known key: stored as valid text and JSON, skipped, or rejected."""
    data = "\n".join(map(json.dumps, records)).encode()
    store = new_store()
    ingest(store, [StreamSource(io.BytesIO(data))], IngestOptions(format=name))
    for draft in store.drafts:
        assert json.dumps(draft.metadata, allow_nan=False)
        assert clean_value(draft.metadata) == draft.metadata
        for text in (draft.content, draft.author, draft.role, draft.session_id, draft.source):
            assert clean_text(text) == (text, ())
            text.encode("utf-8")
        assert len(draft.occurred_at) == 27


@RELAXED
@given(
    contents=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00<"), min_size=1).filter(str.strip),
        min_size=1,
        max_size=6,
    )
)
def test_content_comes_through_verbatim(new_store, contents):
    """From a file of lines and from memory alike: every character, CRLF included, and twice adds nothing."""
    records = [{"role": "user", "content": content, "session": "s"} for content in contents]
    data = "\n".join(json.dumps(record) for record in records).encode()
    store = new_store()
    ingest(store, [StreamSource(io.BytesIO(data))])
    assert [draft.content for draft in store.drafts if "elephantasm_pack" not in draft.content] == contents
    again = ingest(store, [RecordsSource(records)])
    assert (again.added, again.duplicates) == (0, len(contents))


@RELAXED
@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(1, 20), min_size=1, max_size=30))
def test_lines_are_the_same_however_the_chunks_fall(data, cuts):
    """Splitting is about line feeds only; offsets point at the line's first byte."""
    chunks, position = [], 0
    for cut in cuts:
        chunks.append(data[position : position + cut])
        position += cut
    chunks.append(data[position:])
    found = [item for item in split_lines(chunks) if isinstance(item, Line)]
    whole = data.removeprefix(lines.UTF8_BOM) if b"\n" not in data[:3] else data
    assert b"".join(line.data for line in found) == whole
    assert [line.number for line in found] == list(range(1, len(found) + 1))
    for line in found[1:]:
        assert data[line.offset :].startswith(line.data)
