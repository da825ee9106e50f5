"""The question sets of the benchmarks, held against the sources they ask about."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DATA = HERE.parent / "data"
KINDS = {"fact", "when", "multi-hop", "current", "tool", "who", "preference", "paraphrase"}


@pytest.fixture
def benchmark(script):
    """The runner of the recall questions."""
    return script("recall_questions")


@pytest.fixture(scope="module")
def sources():
    return json.loads((DATA / "recall_questions.json").read_text(encoding="utf-8"))


def test_there_are_seventy_questions_of_every_kind(sources):
    """Forty, twenty and ten, each question once, and every kind several times."""
    assert {name: len(source["questions"]) for name, source in sources.items()} == {
        "demo": 40,
        "claude-code": 20,
        "notes": 10,
    }
    questions = [question for source in sources.values() for question in source["questions"]]
    assert len({question["q"] for question in questions}) == 70
    counted = Counter(question["kind"] for question in questions)
    assert set(counted) == KINDS
    assert min(counted.values()) >= 5


@pytest.mark.parametrize("name", ["demo", "claude-code"])
def test_gold_events_exist_before_the_question_is_asked(sources, name):
    """Every id is a record of the source, said by the day on which the question is asked; multi-hop needs several."""
    records = [json.loads(line) for line in (ROOT / sources[name]["file"]).read_text(encoding="utf-8").splitlines()]
    said = {record.get("id") or record["uuid"]: record.get("occurred_at") or record["timestamp"] for record in records}
    for question in sources[name]["questions"]:
        assert question["gold"], question["q"]
        assert all(said[gold][:10] <= question["date"] for gold in question["gold"]), question["q"]
        assert (question["kind"] != "multi-hop") or len(question["gold"]) >= 2, question["q"]


def test_gold_notes_are_paragraphs(benchmark, sources):
    """Every "L12" is the line on which a paragraph or a list item begins."""
    pieces = benchmark.paragraphs((ROOT / sources["notes"]["file"]).read_text(encoding="utf-8"))
    for question in sources["notes"]["questions"]:
        assert set(question["gold"]) <= set(pieces), question["q"]


def test_a_tool_output_of_several_lines_names_the_piece_that_counts(benchmark, sources, tmp_path, monkeypatch):
    """The quoted piece is in the event, and its own text answers more than nothing."""
    monkeypatch.setenv("ELEPHANTASM_HOME", str(tmp_path))
    for name in ("demo", "claude-code"):
        with benchmark.open_agent(name) as agent:
            agent.ingest_sources([benchmark.FileSource(ROOT / sources[name]["file"])], benchmark.IngestOptions())
            ids = benchmark.source_ids(ROOT / sources[name]["file"])
            events = {ids[event["source"].rsplit(":", 1)[1]]: event for event in agent.events()}
        for question in sources[name]["questions"]:
            quotes = question.get("quotes", {})
            assert set(quotes) <= set(question["gold"])
            for gold in question["gold"]:
                event = events[gold]
                if event["event_type"] == "tool_result" and len(event["content"].splitlines()) > 2:
                    assert gold in quotes, question["q"]
                assert quotes.get(gold, "") in event["content"], question["q"]


def test_off_topic_questions_are_about_nobody_here():
    """Fifty different ones and fifty others, and none with a name of people or projects in the histories."""
    files = ("off_topic_questions.json", "off_topic_heldout.json")
    lists = [json.loads((DATA / name).read_text(encoding="utf-8")) for name in files]
    off_topic = {question for each in lists for question in each}
    assert [len(each) for each in lists] == [50, 50]
    assert len(off_topic) == 100
    names = {"Marlene", "Frauke", "Tomasz", "Lennart", "Priya", "Knopf", "Berthbook", "Nordkai", "Sandhörn", "Ellerbek"}
    names |= {"Saskia", "Devrim", "Jolanda", "Pieter", "cuebook", "Seagull", "Ada", "Blaise", "Curie", "Wim", "hive"}
    for question in off_topic:
        assert names.isdisjoint(question.rstrip("?").split()), question


def test_a_pack_holds_a_piece_by_its_words_in_one_line(benchmark):
    """60% of the content words in one line count, the same words on two lines do not, nor in one endless line."""
    piece = "the brown fox jumped across seven muddy ditches"
    held = benchmark.PackText
    assert held("Ada: the fox jumped across muddy ditches").holds(piece)
    assert not held("Ada: the brown fox jumped\nBo: across seven muddy ditches").holds(piece)
    filler = " ".join(["word"] * 100)
    assert not held(f"brown fox jumped {filler} seven muddy ditches").holds(piece)
    assert held("Ada: Okay, done.").holds("Okay, done.")
    assert not held("Ada: Okay, not done.").holds("Okay, done.")


def test_plain_bm25_keeps_its_budget_and_its_order(benchmark):
    """The best line comes first, and a line without room is passed over."""
    plain = benchmark.PlainBm25(
        ["the pump is old", f"pump pump {'and more ' * 200}", "tea is green", "a pump, red pump"]
    )
    text = plain.pack("Which pump?", 30)
    plain.close()
    assert text.splitlines()[0] == "a pump, red pump"
    assert set(text.splitlines()) == {"the pump is old", "a pump, red pump"}
