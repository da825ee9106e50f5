"""Forgetting: nothing of the words is left in any file, the rest of the memory stands, and nothing comes back."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.errors import ConflictError, NotFoundError, UsageError
from elephantasm_cli.ids import canonical_json, sha256_text
from elephantasm_cli.lineage.verify import verify
from elephantasm_cli.services.lock import exclusive_lock
from elephantasm_cli.store.changes import Change, Provenance
from elephantasm_cli.store.migrate import backup
from elephantasm_cli.vocabulary import Layer, TransformationType

SHORT = "I prefer short answers over long explanations."
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "pra", "qui", "sta", "tri", "vo")


def canary(number):
    """A word that nothing else says."""
    return "zx" + SYLLABLES[number // 10] + SYLLABLES[number % 10] + "wendeq"


CANARIES = [canary(number) for number in range(50)]


def files_with(folder, needle):
    """The files below a folder that hold some bytes, whatever the case."""
    wanted = needle.encode().lower()
    return [path for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes().lower()]


def plant(agent, session):
    """Canaries in fifty places of a file and beside it: whatever a memory keeps of what was said."""
    store = agent.store
    memory = next(row for row in agent.memories() if CANARIES[0] in row["content"])
    by = Provenance(f"job {CANARIES[10]}", "test", parameters={"found": CANARIES[11], CANARIES[12]: 1})
    with store.transaction():
        edited = Change(
            TransformationType.REFINE,
            Layer.MEMORY,
            memory["id"],
            {"content": f"{memory['content']} {CANARIES[13]}", "metadata": {**memory["metadata"], "x": CANARIES[14]}},
            reasoning=f"because {CANARIES[15]}",
        )
        store.derived.change(edited, Provenance("test", "test", parameters={"found": [CANARIES[11], CANARIES[12]]}))
        dream = store.connection.execute("SELECT id FROM dreams LIMIT 1").fetchone()[0]
        outputs = [
            {"prompt": "x", "question": CANARIES[16], "answer": CANARIES[17], "reason": CANARIES[18]},
            {"prompt": "x", "question": "what?", "answer": "this stays", "reason": "it does"},
        ]
        store.connection.execute(
            "UPDATE dream_jobs SET metadata = ?, error = ? WHERE rowid = (SELECT min(rowid) FROM dream_jobs)",
            (canonical_json({"rejected_outputs": outputs}), f"failed at {CANARIES[19]}"),
        )
        store.connection.execute(
            "UPDATE dreams SET error = ?, metadata = ?, options = ? WHERE id = ?",
            (CANARIES[20], canonical_json({"a": CANARIES[21]}), canonical_json({"b": {"c": [CANARIES[22]]}}), dream),
        )
        store.dreams.set_checkpoint("reflect", store.dreams.checkpoint("reflect"), {session: 1, CANARIES[23]: 2})
    assert by.parameters
    agent.pack(f"what about {CANARIES[24]} and {CANARIES[25]}?", save=True)
    agent.pack(f"{CANARIES[26]}", save=True, format="json", explain=True)
    agent.locations.rejects_file("default").write_bytes(
        b"".join(
            json.dumps({"source": "s", "line": n, "excerpt": f"bad {word}"}).encode() + b"\n"
            for n, word in enumerate([*CANARIES[27:30], "harmless"])
        )
    )
    agent.dream(force=True, llm=False)


@pytest.fixture
def planted(home):
    """An agent of whom one session is to be forgotten, and another not; returns the agent and the secret records."""
    secret = [
        {
            "id": f"m{n}",
            "role": "user",
            "author": "Ada" if n else f"Ada {CANARIES[49]}",
            "content": f"I always want {a} before {b} when we deploy to {a}." if n < 10 else f"{a} {b}",
            "occurred_at": f"2026-05-01T10:{n:02}:00Z",
        }
        for n, (a, b) in enumerate(zip(CANARIES[0::2], CANARIES[1::2], strict=True))
    ]
    rest = [
        {
            "id": f"r{n}",
            "role": "user",
            "author": "Ada",
            "content": text,
            "occurred_at": f"2026-05-02T10:{n:02}:00Z",
        }
        for n, text in enumerate(
            ["I prefer tea over coffee.", "We use PostgreSQL for storage.", "Never deploy on a Friday evening."]
        )
    ]
    with open_agent() as agent:
        agent.ingest(secret, session="secret")
        agent.ingest(
            [{"role": "user", "author": "Ada", "content": "Thanks, that is all.", "id": "t"}], session="secret"
        )
        agent.ingest(rest, session="open")
        agent.dream(force=True, llm=False)
        backup(agent.store.connection, agent.path.with_name("default.db.v2.backup"))
        plant(agent, "secret")
        yield agent, secret


def test_fifty_canaries_are_found_in_no_file(planted, home):
    """Rows, snapshots, reasons, packs, rejected answers, errors, rejects, backups, indexes, vectors and the WAL."""
    agent, _ = planted
    assert [word for word in CANARIES if not files_with(home, word)] == []
    done = agent.forget(session="secret")
    assert [(word, files_with(home, word)) for word in CANARIES if files_with(home, word)] == []
    assert done.complete
    assert done.erased["event"] == 26
    assert done.proof.files
    assert len(done.proof.removed) == 1
    assert done.proof.rejects == 3
    assert len(done.packs) == 2
    assert verify(agent.store).faults == []
    assert "harmless" in agent.locations.rejects_file("default").read_text()
    (first, *_) = [job for dream in agent.dreams() for job in dream["jobs"] if job["metadata"].get("rejected_outputs")]
    assert [output["answer"] for output in first["metadata"]["rejected_outputs"]] == ["this stays"]
    body = done.to_dict()
    assert body.pop("sha256") == sha256_text(canonical_json(body))


def test_same_transcript_brings_nothing_back(planted, home):
    """By its ids, or under other ids and another session's name; what stays in memory is untouched."""
    agent, secret = planted
    stays = {row["id"] for row in agent.memories() if "open" in row["metadata"]["sessions"]}
    agent.forget(session="secret")
    report = agent.ingest(secret, session="secret")
    assert (report.added, report.skipped) == (0, {"forgotten earlier": 25})
    renamed = [{key: value for key, value in record.items() if key != "id"} for record in secret]
    assert agent.ingest(renamed, session="another").added == 0
    agent.dream(force=True, llm=False)
    assert {row["id"] for row in agent.memories()} == stays
    assert [word for word in CANARIES if files_with(home, word)] == []
    assert verify(agent.store).faults == []


def test_vectors_of_the_forgotten_are_gone(planted):
    """Float and bit vectors, of passages and of cores, are in the file no more."""
    agent, _ = planted
    connection = agent.store.connection
    secret = [row["id"] for row in agent.events(session="secret")]
    marks = ", ".join("?" * len(secret))
    vectors = [
        row[0]
        for row in connection.execute(
            f"SELECT e.vector FROM embeddings e JOIN passages p ON p.id = e.passage_id WHERE p.item_id IN ({marks})",
            secret,
        )
    ]
    agent.store.enable_vectors()
    bits = [connection.execute("SELECT vec_quantize_binary(?)", (vector,)).fetchone()[0] for vector in vectors]
    assert len(vectors) > 20
    raw = agent.path.read_bytes() + agent.path.with_name("default.db-wal").read_bytes()
    assert all(vector in raw for vector in vectors)
    agent.forget(session="secret")
    raw = agent.path.read_bytes()
    assert not [vector for vector in vectors if vector in raw]
    assert not [each for each in bits if each in raw]


def test_memory_goes_with_the_words_it_was_made_of(marlene, found, home):
    """And with the knowledge made of it; all else is as it was."""
    memory = found("memory", "Weeks should start on Monday in Berlin time")
    event, talk = marlene.why(memory["id"]).events
    assert talk.quote in memory["content"]
    before = {row["id"] for row in marlene.memories()}
    done = marlene.forget(memory["id"], reason="she asked for it")
    assert event.id in done.ids
    assert talk.id not in done.ids, "what the memory only goes on from is not what it was made of"
    assert {row["id"] for row in marlene.memories()} == before - set(done.ids)
    assert len(before & set(done.ids)) <= 3
    assert files_with(home, "Weeks should start on Monday") == []
    with pytest.raises(NotFoundError):
        marlene.show(memory["id"])
    entries = [entry for entry in marlene.log() if entry["transformation_type"] == "forget"]
    assert {entry["target_id"] for entry in entries} >= set(done.ids)
    assert {entry["reasoning"] for entry in entries} == {"she asked for it"}
    assert verify(marlene.store).faults == []


def test_every_event_of_the_demo_can_be_forgotten_and_the_rest_verifies(marlene, home):
    """One in nine, one after the other: the file holds together, and most of the memory stays."""
    events = [row["id"] for row in marlene.events()][::9]
    before = len(marlene.memories())
    for event_id in events:
        assert marlene.forget(event_id).complete
        assert verify(marlene.store).faults == []
    assert len(marlene.memories()) > before * 0.6
    marlene.dream(force=True, llm=False)
    assert verify(marlene.store).faults == []


def test_twin_of_a_forgotten_memory_stands_by_itself(home):
    """What was merged into it rests on other words and is back; nothing of the forgotten session is kept in it."""
    with open_agent() as agent:
        for day, session in enumerate(["first", "second"], 1):
            agent.ingest(
                [
                    {
                        "id": session,
                        "role": "user",
                        "author": "Ada",
                        "content": "I prefer plain SQL over an ORM for reports.",
                        "occurred_at": f"2026-05-0{day}T10:00:00Z",
                    }
                ],
                session=session,
            )
            agent.dream(force=True, llm=False)
        (survivor,) = [row for row in agent.memories() if row["state"] == "active"]
        (absorbed,) = [row for row in agent.memories() if row["state"] == "superseded"]
        agent.forget(session="first")
        rows = {row["id"]: row for row in agent.memories()}
        assert absorbed["id"] in rows or survivor["id"] in rows
        (left,) = [row for row in rows.values() if row["state"] == "active"]
        assert "first" not in canonical_json(left["metadata"])
        assert verify(agent.store).faults == []


def test_forgetting_by_author_and_by_words(home):
    """Everything an author said; everything that holds some words, whatever it is."""
    with open_agent() as agent:
        for number, (author, content) in enumerate(
            [
                ("Zebulon", "I live in Torquay with my dog."),
                ("Ada", "I live in Whitby and I work as a nurse."),
                ("Ada", "Never call me before nine o'clock, please."),
            ]
        ):
            record = {"id": str(number), "role": "user", "author": author, "content": content}
            agent.ingest([record], session=f"s{number}")
        agent.dream(force=True, llm=False)
        assert agent.forget(author="Zebulon").complete
        assert files_with(home, "Zebulon") == files_with(home, "Torquay") == []
        assert agent.forget(matching="before NINE").complete
        assert files_with(home, "nine o'clock") == []
        assert [event["content"] for event in agent.events()] == ["I live in Whitby and I work as a nurse."]
        assert agent.memories()
        assert verify(agent.store).faults == []


READER = """
import sys
from pathlib import Path
from elephantasm_cli.store.store import open_store
with open_store(Path(sys.argv[1]), read_only=True) as store, store.snapshot():
    list(store.events.listed())
    print("reading", flush=True)
    sys.stdin.read()
"""


def test_open_reader_leaves_the_erasure_pending(run, small, monkeypatch):
    """Exit 1 and a next step; when the reader is gone, --finish writes over the old pages."""
    monkeypatch.setattr("elephantasm_cli.acts.proof.WAIT", 0.2)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(small.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout.readline() == "reading\n"
    result = run("forget", small.events[1], "--yes")
    assert result.code == 1
    assert "erasure pending" in result.err
    assert "found\tpending" in result.out
    assert run("forget", "--finish").code == 1
    reader.communicate("done")
    assert run("forget", "--finish").code == 0
    assert b"fridays" not in small.path.read_bytes().lower()
    assert run("verify").code == 0


def test_other_agents_files_are_named_not_touched(run, small, home):
    """Another agent of the home that holds the same words keeps them; the user is told which."""
    run("note", "From now on we deploy on Fridays.", "--agent", "other")
    result = run("forget", small.events[1], "--yes")
    assert result.code == 0
    assert "other.db" in result.err
    assert "not this agent's" in result.err


def test_forgetting_asks_first(run, small):
    """On a terminal it lists and asks; in a pipe it wants --yes; a dry run changes nothing."""
    assert run("forget", small.memory).code == 2
    assert run("forget").code == 2
    plan = run("forget", small.memory, "--dry-run", "--json")
    assert {json.loads(line)["id"] for line in plan.out.splitlines()} == {
        small.events[1],
        small.memory,
        small.knowledge,
    }
    assert run("forget", small.memory, stdin=b"n\n", typed=True).code == 1
    assert run("show", small.memory).code == 0
    assert run("forget", small.memory, "--dry-run").out
    done = run("forget", small.memory, stdin=b"y\n", typed=True)
    assert done.code == 0
    assert "nothing" in done.out
    assert run("show", small.memory).code == 3
    assert json.loads(run("show", small.old, "--json").out)["superseded_by"] is None
    certificate = json.loads(run("forget", small.events[0], "--yes", "--json").out)
    assert certificate["complete"] is True
    assert run("verify").code == 0


def test_what_cannot_be_forgotten_says_so(home, small):
    """No such words, nothing that is an item, a dream that is running."""
    with open_agent() as agent:
        with pytest.raises(NotFoundError, match="nothing here is chosen"):
            agent.forget(matching="unheard of")
        with pytest.raises(UsageError, match="needs words"):
            agent.forget(matching=" ")
        act = agent.log()[0]["id"]
        with pytest.raises(UsageError, match="no item of a layer"):
            agent.forget(act)
        with exclusive_lock(agent.locations.lock_file("default")), pytest.raises(ConflictError, match="is running"):
            agent.forget(small.memory)


def test_forgotten_act_cannot_be_undone(home, small):
    """Its words are gone."""
    with open_agent() as agent:
        made = agent.history(small.old)[0]["id"]
        agent.forget(small.memory)
        blank = next(entry["id"] for entry in agent.log() if entry["target_id"] == small.memory)
        with pytest.raises(UsageError, match="cannot be undone"):
            agent.undo(blank)
        agent.undo(made)
        assert agent.memories() == []
        assert verify(agent.store).faults == []


def test_words_blanked_without_a_forget_are_a_fault(home, small):
    """Whoever empties an event or an entry behind our back cannot pass it off as forgotten."""
    with open_agent() as agent:
        connection = agent.store.connection
        connection.execute("UPDATE events SET salt = '', content = '', is_deleted = 1 WHERE id = ?", (small.events[0],))
        connection.execute("UPDATE transformations SET salt = '', reasoning = '' WHERE seq = 1")
        found = {(fault.check, fault.item) for fault in verify(agent.store).faults}
        assert ("events", small.events[0]) in found
        assert ("log", agent.log()[0]["id"]) in found


def test_identity_made_anew_of_what_stays_gives_nothing_away(home):
    """It may say in the same words what the forgotten version said: they rest on what is still there."""
    with open_agent("two") as agent:
        for number, said in enumerate(["The line length is now 100.", "Always write the failing test first."], 1):
            agent.ingest([{"role": "user", "author": "Dana", "content": said}], session=f"s{number}")
        agent.dream(force=True, llm=False)
        before = agent.identity()["disposition_summary"]
        (event,) = [row for row in agent.events() if "failing" in row["content"]]
        certificate = agent.forget(event["id"])
        assert agent.identity()["disposition_summary"] == before
        assert certificate.complete, certificate.proof
    assert files_with(home, "failing test") == []


def test_forgetting_keeps_the_locks_of_the_open_file(home):
    """The proof reads every file; were it to close one in this process, others would think that nobody has it open."""
    other = (
        "from elephantasm_cli import open_agent\n"
        "with open_agent('locks') as agent:\n"
        "    agent.ingest([{'role': 'user', 'content': 'Said by another process.'}], session='other')\n"
    )
    with open_agent("locks") as agent:
        agent.ingest([{"role": "user", "content": SHORT}, {"role": "user", "content": "I sail."}], session="own")
        agent.forget(next(iter(agent.events()))["id"])
        subprocess.run([sys.executable, "-c", other], check=True)
        assert agent.path.with_name("locks.db-wal").exists()
        agent.ingest([{"role": "user", "content": "Said afterwards."}], session="own")
        assert [event["content"] for event in agent.events()][-2:] == ["Said by another process.", "Said afterwards."]
        assert verify(agent.store).faults == []
