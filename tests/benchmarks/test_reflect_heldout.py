"""The held-out test of reflection: what it runs, and how its figures are counted."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def cases(script):
    """What the test is made of."""
    return script("reflect_cases")


@pytest.fixture
def runner(script):
    """The script itself."""
    return script("reflect_heldout")


def memory(statement="Bo hikes.", turns=("t2",), speaker="Bo", **values):
    return {
        "statement": statement,
        "turns": list(turns),
        "speaker": speaker,
        "form": "quotation",
        "memory": 0,
        **values,
    }


@pytest.fixture
def case(cases):
    turns = [
        {"id": f"t{number}", "role": "user", "author": ("Bo", "Ada")[number % 2], "content": content}
        | {"occurred_at": f"2026-01-0{number}T10:00:00Z"}
        for number, content in enumerate(
            ["Hi!", "I hike in the Harz every May with my brother.", "Oh?", "I prefer tea."], 1
        )
    ]
    return cases.Case("talk", "friends", turns, [cases.Mark("t2", "Bo", [["hik"]])], ["Ada hikes"])


def test_a_mark_is_recalled_from_its_turn_or_the_one_beside_it(cases, case):
    """The same words further off, or other words at the right place, are not it."""
    mark = case.marks[0]
    assert cases.is_recalled(mark, case, memory(turns=("t1",)))
    assert cases.is_recalled(mark, case, memory(turns=("t4", "t3")))
    assert not cases.is_recalled(mark, case, memory(turns=("t4",)))
    assert not cases.is_recalled(mark, case, memory("Bo drinks tea."))


def test_whose_words_recall_a_mark(runner, case):
    """A neighbour's words count as recalled, not as the author's."""
    assert runner.found(case.marks[0], case, [memory(speaker="Ada")]) == {"recalled": True, "own": False}
    assert runner.found(case.marks[0], case, [memory(speaker="Ada"), memory()]) == {"recalled": True, "own": True}
    assert runner.found(case.marks[0], case, []) == {"recalled": False, "own": False}


def test_wilson_interval(runner):
    """Known values; nothing counted says nothing."""
    assert runner.wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert runner.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert runner.wilson(0, 0) == (0.0, 1.0)


def result(name, group="friends", memories=0, marks=()):
    return {
        "case": name,
        "group": group,
        "turns": 6,
        "must_not": ["Ada hikes"],
        "marks": [{"turn": "t2", "author": "Bo", "keys": [["hik"]], "recalled": held, "own": held} for held in marks],
        "memories": [memory(f"Statement {n}.", memory=n, kind="fact", quotes=["I hike."]) for n in range(memories)],
        "refused": [],
        "tokens": 10,
        "seconds": 1.0,
    }


def test_summary_counts_by_group(runner):
    """Memories, those over one for three turns, and marks; one line for all."""
    text = runner.summary([result("a", memories=3, marks=[True, False]), result("b", "conversations", memories=1)])
    lines = [line.split() for line in text.splitlines()]
    assert ["friends", "1", "6", "3", "0", "3", "0.50", "1", "0", "10", "1"] in lines
    assert ["all", "2", "12", "4", "0", "4", "0.33", "1", "0", "20", "2"] in lines
    assert "1/2 = 50% (9-91)" in text
    assert "1 in 1" in text


def test_verdicts_are_counted_with_their_interval(runner):
    """By number or by statement; a memory that is not there, or judged twice, is an error."""
    results = [result("a", memories=2), result("b", "conversations", memories=1)]
    verdicts = [
        {"case": "a", "memory": 0, "verdict": "right"},
        {"case": "a", "statement": "Statement 1.", "verdict": "False "},
    ]
    text = runner.judged(verdicts, results)
    assert text.splitlines()[0].split() == ["false", "right"]
    assert "1/2 = 50% (9-91)" in text
    assert text.endswith("2 of 3 memories are judged")
    with pytest.raises(ValueError, match="no memory 7"):
        runner.judged([{"case": "a", "memory": 7, "verdict": "right"}], results)
    with pytest.raises(ValueError, match="twice"):
        runner.judged([*verdicts, {"case": "a", "memory": 1, "verdict": "right"}], results)


def test_one_excerpt_is_dreamt_on_from_end_to_end(runner, case):
    """Without a model: quotations and what is reported by rule, each with its turn, its words and who said them."""
    found = runner.run(case, None)
    assert found["tokens"] == 0
    assert found["memories"]
    turns = {turn["id"]: turn for turn in case.turns}
    for each in found["memories"]:
        assert each["form"] in ("quotation", "rewrite")
        assert each["statement"].startswith(each["speaker"])
        for turn, quote in zip(each["turns"], each["quotes"], strict=True):
            assert quote
            assert quote in turns[turn]["content"]
            assert each["speaker"] == turns[turn]["author"]
            assert quote in runner.shown(found)
    assert json.loads(json.dumps(found)) == found


def test_memories_cite_the_turns_they_rest_on(runner, case):
    """What a tool said rests on the call and its result, in the order of the turns."""
    call = {"id": "t5", "role": "assistant", "author": "Assistant", "content": "bash: make", "type": "tool_call"}
    output = {"id": "t6", "role": "tool", "author": "bash", "content": "make: *** [all] Error 2", "is_error": True}
    output["type"] = "tool_result"
    more = [{**case.turns[2], "id": f"t{number}"} for number in range(7, 10)]  # room for one memory more
    case.turns.extend({**turn, "occurred_at": "2026-01-04T10:01:00Z"} for turn in (call, output, *more))
    failures = [each for each in runner.run(case, None)["memories"] if "make" in each["statement"]]
    assert [(each["turns"], each["quotes"]) for each in failures] == [
        (["t5", "t6"], ["bash: make", "make: *** [all] Error 2"])
    ]


def test_unlike_conversations_are_refused(runner, cases, tmp_path, monkeypatch):
    """A mark whose turn says something else would count nonsense."""
    rows = [{"conversation": "talk-0", "session": "S1", "first": "D1:1", "must_not": ["-"]}]
    rows[0]["marks"] = [{"turn": "D1:2", "author": "Ada", "keys": [["line 2"]]}]
    turns = [{"id": f"D1:{n}", "speaker": "Ada", "text": f"Line {n}."} for n in range(1, 8)]
    data = tmp_path / "data.json"
    conversation = {"id": "talk-0", "sessions": [{"id": "S1", "date": "2025-02-01T10:00", "turns": turns}]}
    data.write_text(json.dumps([conversation]))
    own = cases.load_marks()["own"]
    monkeypatch.setattr(cases, "load_marks", lambda path: {"drawn": rows, "own": own})
    assert len(runner.chosen_cases(data)) == 1 + len(own)
    rows[0]["marks"][0]["keys"] = [["line 3"]]
    with pytest.raises(ValueError, match="marked conversations"):
        runner.chosen_cases(data)


@pytest.mark.parametrize(
    ("options", "picked"), [([], "MARKS"), (["--development"], "DEVELOPMENT_MARKS"), (["--dev"], None)]
)
def test_which_excerpts_are_run(runner, cases, case, tmp_path, monkeypatch, options, picked):
    """The held-out ones unless those to tune on are asked for, marked or not."""
    data, written = tmp_path / "data.json", tmp_path / "run.json"
    data.write_text("[]")
    monkeypatch.setattr(runner, "dev_cases", lambda conversations: [case])
    monkeypatch.setattr(runner, "run_all", lambda chosen, spec, tell: [result(each.id, each.group) for each in chosen])
    monkeypatch.setattr("sys.argv", ["reflect_heldout.py", "--data", str(data), "--json", str(written), *options])
    runner.main()
    ran = json.loads(written.read_text())
    assert (ran["dev"], ran["development"]) == (picked is None, picked == "DEVELOPMENT_MARKS")
    expected = cases.own_cases(getattr(cases, picked)) if picked else [case]
    assert [row["case"] for row in ran["results"]] == [each.id for each in expected]
