"""The main job from end to end, as a user runs it: files in, dream, pack, why, verify, through the real embedder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from elephantasm_cli import open_agent
from elephantasm_cli.ingest.sources import FileSource
from elephantasm_cli.vocabulary import LIVE_STATES

DATA = Path(__file__).parents[1] / "data"
LIVE = [state.value for state in LIVE_STATES]


def ingest_file(agent, path, **options):
    from elephantasm_cli.ingest.pipeline import IngestOptions

    return agent.ingest_sources([FileSource(path)], IngestOptions(**options))


@pytest.fixture(scope="module")
def friends(tmp_path_factory):
    """Two friends' conversation, ingested and dreamed on session by session."""
    home = tmp_path_factory.mktemp("friends")
    records = [json.loads(line) for line in (DATA / "two_friends.jsonl").read_text().splitlines()]
    with open_agent("friends", home=home) as agent:
        for session in dict.fromkeys(record["session"] for record in records):
            agent.ingest([record for record in records if record["session"] == session])
            agent.dream(force=True, llm=False)
        yield agent


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """The Claude Code session with all its oddities, ingested and dreamed on."""
    home = tmp_path_factory.mktemp("session")
    with open_agent("coder", home=home) as agent:
        report = ingest_file(agent, DATA / "claude_code_session.jsonl")
        agent.dream(force=True, llm=False)
        yield agent, report


def test_friends_chat_becomes_memories_with_the_right_speaker(friends):
    """Every memory names the one who said its words."""
    memories = friends.memories()
    assert len(memories) >= 8
    for memory in memories:
        (event, *_) = friends.why(memory["id"]).events
        assert event.author == memory["metadata"]["speaker"]
        assert event.quote in event.text


def test_claude_code_session_goes_the_whole_way(session):
    """Ingest with rejects, dream, a pack, why down to the words, and verify without a fault."""
    agent, report = session
    assert report.added > 20
    assert report.rejected >= 1
    memories = agent.memories(states=LIVE)
    assert memories
    pack = agent.pack(query=memories[0]["metadata"]["quote"], budget=400)
    assert memories[0]["metadata"]["quote"].split()[0] in pack.text
    assert all(agent.why(memory["id"]).events for memory in memories)
    assert agent.verify().faults == []


def test_private_words_of_the_session_are_nowhere_in_the_home(session):
    """What stood between private tags never reached a file."""
    agent, _ = session
    agent.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    private = [
        line.split("<private>")[1].split("</private>")[0]
        for line in (DATA / "claude_code_session.jsonl").read_text(errors="replace").splitlines()
        if "</private>" in line
    ]
    assert private
    for path in agent.path.parent.iterdir():
        for secret in private:
            assert secret.encode() not in path.read_bytes(), path.name


def test_same_session_file_again_adds_nothing(session):
    """Zero new events, and the next dream has nothing to do."""
    agent, _ = session
    before = agent.stats()
    again = ingest_file(agent, DATA / "claude_code_session.jsonl")
    assert again.added == 0
    assert agent.dream(llm=False).status == "skipped"
    assert agent.stats()["transformations"] == before["transformations"]


def test_our_own_pack_inside_a_transcript_is_not_taken_in(friends):
    """No echo loops."""
    pack = friends.pack(query=friends.memories()[0]["metadata"]["quote"], budget=300)
    assert pack.text
    report = friends.ingest([{"role": "user", "content": pack.text}], session="echo")
    assert report.added == 0


def test_questions_about_the_friends_find_their_evidence(friends):
    """At least four in five answerable questions have all their evidence in 512 tokens."""
    questions = json.loads((DATA / "two_friends_questions.json").read_text())
    questions = questions["questions"] if isinstance(questions, dict) else questions
    texts = {
        json.loads(line)["id"]: json.loads(line)["content"]
        for line in (DATA / "two_friends.jsonl").read_text().splitlines()
    }
    found = total = 0
    for question in questions:
        evidence = question.get("evidence") or question.get("evidence_ids") or []
        if not evidence:
            continue
        total += 1
        text = friends.pack(query=question.get("q") or question["question"], budget=512).text
        words = set(text.lower().split())
        found += all(
            len(set(texts[item].lower().split()) & words) >= 0.6 * len(set(texts[item].lower().split()))
            for item in evidence
        )
    assert total >= 10
    assert found / total >= 0.8


def test_same_pack_has_the_same_bytes_everywhere(friends, tmp_path):
    """Two copies of the file, other time zone, locale and hash seed: identical bytes, with and without a question."""
    friends.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    outputs = []
    for number, (zone, locale, seed) in enumerate((("UTC", "C.UTF-8", "0"), ("Pacific/Auckland", "C", "4242"))):
        home = tmp_path / str(number)
        (home / "agents").mkdir(parents=True)
        shutil.copy(friends.path, home / "agents" / friends.path.name)
        environment = os.environ | {
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONHASHSEED": seed,
            "ELEPHANTASM_HOME": str(home),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        for query in ([], ["--query", "What is Hana planning?"]):
            done = subprocess.run(
                [sys.executable, "-m", "elephantasm_cli", "pack", "--agent", "friends", "--budget", "500", *query],
                env=environment,
                capture_output=True,
                check=True,
                cwd=tmp_path,
            )
            outputs.append(done.stdout)
    assert outputs[0]
    assert outputs[:2] == outputs[2:]
    assert outputs[0] != outputs[1]


def test_packing_changes_nothing_that_the_next_pack_reads(friends):
    """Reading is reading, also when the pack is recorded."""
    first = friends.pack(query="pottery", budget=300, record=True).text
    assert friends.pack(query="pottery", budget=300).text == first


@pytest.mark.parametrize("budget", [0, 1, 20, 64, 150, 300, 1200])
def test_no_pack_is_over_its_budget(friends, budget):
    """The budget is a promise, headings included, with a question and without."""
    for query in (None, "What is Hana planning?"):
        pack = friends.pack(query=query, budget=budget)
        assert pack.token_count <= budget
        assert (pack.text == "") == (pack.token_count == 0)


def test_as_of_shows_what_had_happened_by_then(friends):
    """Event time, inclusive: nothing later is in the pack."""
    days = sorted({event["occurred_at"][:10] for event in friends.events()})
    pack = friends.pack(query="What is Hana planning?", budget=2000, as_of=days[0])
    shown = {line.item_id for line in pack.lines}
    for item_id in shown:
        item = friends.show(item_id)
        assert (item.get("occurred_at") or item.get("valid_from") or item["created_at"])[:10] <= days[0]


def test_dry_run_prints_what_the_run_then_does(tmp_path):
    """The same ids, in the same order; and the file is untouched by the dry run."""
    records = [json.loads(line) for line in (DATA / "two_friends.jsonl").read_text().splitlines()][:20]
    with open_agent("dry", home=tmp_path) as agent:
        agent.ingest(records)
        planned = agent.dream(force=True, llm=False, dry_run=True)
        assert agent.memories() == []
        assert agent.dreams() == []
        done = agent.dream(force=True, llm=False)
        assert [(t["target_id"], t["transformation_type"]) for t in planned.transformations] == [
            (t["target_id"], t["transformation_type"]) for t in agent.log()
        ]
        assert planned.transformations
        assert done.status == "completed"
