"""Scoring: each outcome is counted as what it is, and the project's own cases are fair."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from elephantasm_cli.dream.cases import Known, Task, case_folder, load_cases, says
from elephantasm_cli.dream.context import Asker, Budget
from elephantasm_cli.dream.score import PROMPT_OF_TASK, Outcome, judge, score, wilson
from elephantasm_cli.errors import UsageError
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.services.embedding import BUNDLED_NAME, load_embedder
from elephantasm_cli.services.language_model import Completion
from elephantasm_cli.services.prompts import load_prompt
from elephantasm_cli.text.words import words

REPOSITORY = Path(__file__).parents[2]
NUMBERS = {Task.REFLECT: 60, Task.PAIR: 40, Task.LESSON: 20, Task.DISPOSITION: 20}
CASES = load_cases(case_folder())
EVERY = [(task, case) for task, cases in CASES.items() for case in cases]
KNOWN = [(task, case) for task, case in EVERY if isinstance(case, Known)]


def named(pairs):
    return [pytest.param(task, case, id=f"{task}-{case.id}") for task, case in pairs]


@cache
def bundled():
    return load_embedder(BUNDLED_NAME)


class Saying:
    """A model that answers the same to everything."""

    model_id = "saying@000000000000"

    def __init__(self, text):
        self.text = text

    def complete(self, messages, *, schema=None, grammar=None, max_tokens, seed=0, deadline_seconds=None):
        return Completion(self.text, prompt_tokens=100, completion_tokens=10, seconds=0.1)


def as_answered(task, case, statement):
    """A statement as the model would write it."""
    return json.dumps({"numbers": case.related, "statement": statement}) if task is Task.LESSON else statement


def judged(task, case, text):
    return judge(Asker(embedder=bundled, model=Saying(text), budget=Budget()), task, case)


# --- the project's cases ----------------------------------------------------------------------------------------------


def test_there_are_enough_cases_of_each_task():
    """And of the pairs about a third each."""
    assert {task for task, cases in CASES.items() if len(cases) >= NUMBERS[task]} == set(Task)
    relations = [case.relation for case in CASES[Task.PAIR]]
    assert all(3 * relations.count(relation) >= 0.9 * len(relations) for relation in set(relations))
    assert len(set(relations)) == 3


def test_cases_are_in_four_languages():
    """Mostly English."""
    for cases in CASES.values():
        languages = [case.lang for case in cases]
        assert set(languages) == {"en", "de", "fr", "zh"}
        assert languages.count("en") > len(languages) / 2


@pytest.mark.parametrize(("task", "case"), named(EVERY))
def test_no_case_shares_names_or_numbers_with_its_prompts_examples(task, case):
    """Else a model could be right by copying."""
    shown = case.model_dump(exclude={"id", "facts", "never", "good", "bad", "related", "relation", "lang"})
    text = json.dumps(shown, default=lambda date: human_date(f"{date}T10:00:00Z"), ensure_ascii=False)
    assert set(words(text)) & load_prompt(PROMPT_OF_TASK[task]).stop_words == set()


@pytest.mark.parametrize(("task", "case"), named(KNOWN))
def test_the_good_answer_is_faithful_and_the_bad_one_is_not(task, case):
    """The checks must let the one through; the other they may refuse, or the facts must tell it."""
    good, bad = (judged(task, case, as_answered(task, case, text)) for text in (case.good, case.bad))
    assert (good.outcome, good.faults, good.refused) == (Outcome.FAITHFUL, (), ())
    assert bad.outcome is not Outcome.FAITHFUL
    assert bad.faults or bad.refused


def test_cases_are_found_in_the_repository_and_in_a_wheel(tmp_path):
    """The wheel carries the files of the tests."""
    assert Path(str(case_folder())) == REPOSITORY / "tests" / "prompts"
    (tmp_path / "prompt_cases").mkdir()
    assert case_folder(tmp_path) == tmp_path / "prompt_cases"
    assert '"tests/prompts" = "elephantasm_cli/prompt_cases"' in (REPOSITORY / "pyproject.toml").read_text("utf-8")


# --- counting ---------------------------------------------------------------------------------------------------------

REFLECT = """
[[case]]
id = "kayak"
speaker = "Kim"
said = "I bought a green kayak in Skagen."
date = 2025-10-14
facts = [["bought"], ["green kayak"]]
never = ["red"]
"""
PAIR = """
[[case]]
id = "kayak"
first = { date = 2025-10-14, said = "I have a kayak." }
second = { date = 2025-10-15, said = "I no longer have a kayak." }
relation = "contradicts"
"""
LESSON = """
[[case]]
id = "kayak"
speaker = "Kim"
memories = ["Kim paddled the kayak to Skagen.", "Kim paddled the kayak along the coast.", "Kim paddled a canoe."]
related = [1, 2]
facts = [["kayak"]]
"""
DISPOSITION = """
[[case]]
id = "kayak"
serves = "Kim"
knowledge = ["Kim builds kayaks in Skagen.", "Kim wants short answers."]
facts = [["builds kayaks"], ["short answers"]]
"""
TEXTS = {Task.REFLECT: REFLECT, Task.PAIR: PAIR, Task.LESSON: LESSON, Task.DISPOSITION: DISPOSITION}

ANSWERS = [
    (Task.REFLECT, "Kim bought a green kayak in Skagen.", Outcome.FAITHFUL),
    (Task.REFLECT, "Kim bought a kayak in Skagen.", Outcome.UNFAITHFUL),
    (Task.REFLECT, "Kim bought a red kayak in Lisbon.", Outcome.REJECTED),
    (Task.PAIR, '{"relation":"contradicts"}', Outcome.FAITHFUL),
    (Task.PAIR, '{"relation":"same"}', Outcome.UNFAITHFUL),
    (Task.PAIR, '{"relation":"maybe"}', Outcome.REJECTED),
    (Task.LESSON, '{"numbers":[1,2],"statement":"Kim paddled the kayak."}', Outcome.FAITHFUL),
    (Task.LESSON, '{"numbers":[1,3],"statement":"Kim paddled the kayak."}', Outcome.UNFAITHFUL),
    (Task.LESSON, '{"numbers":[1,2],"statement":"Kim paddled to Skagen."}', Outcome.REJECTED),
    (Task.LESSON, '{"numbers":[1,9],"statement":"Kim paddled the kayak."}', Outcome.REJECTED),
    (Task.DISPOSITION, "This agent serves Kim, who builds kayaks in Skagen and wants short answers.", Outcome.FAITHFUL),
    (Task.DISPOSITION, "This agent serves Kim, who builds kayaks in Skagen.", Outcome.UNFAITHFUL),
    (Task.DISPOSITION, "This agent serves Kim, who builds kayaks in Lisbon.", Outcome.REJECTED),
]


@pytest.fixture
def folder(tmp_path):
    for task, text in TEXTS.items():
        (tmp_path / f"{task}.toml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("task", "text", "outcome"), ANSWERS)
def test_an_answer_is_counted_as_what_it_is(folder, scripted, task, text, outcome):
    """Accepted and known, accepted though wrong, or refused (twice where there is another form)."""
    tries = 2 if task in (Task.REFLECT, Task.PAIR) else 1
    model = scripted({"ayak": text})
    (of_task,) = score(load_cases(folder, [task]), model=model, embedder=bundled)
    assert [answer.outcome for answer in of_task.answers] == [outcome]
    (answer,) = of_task.answers
    assert bool(answer.faults) is (outcome is Outcome.UNFAITHFUL)
    assert [refused.answer for refused in answer.refused] == ([text] * tries if outcome is Outcome.REJECTED else [])
    assert all(refused.reason for refused in answer.refused)
    assert (answer.answer is None) is (outcome is Outcome.REJECTED)
    assert len(model.asked) == (tries if outcome is Outcome.REJECTED else 1)
    assert of_task.tokens == 110 * len(model.asked)
    assert of_task.to_dict()[outcome]["count"] == 1
    assert of_task.to_dict()["prompt"]["sha256"] == load_prompt(PROMPT_OF_TASK[task]).sha256


def test_a_refused_try_before_an_accepted_one_is_kept(folder, scripted):
    """It tells that the second chance was needed."""
    tries = iter(["Kim bought a red kayak in Lisbon.", "Kim bought a green kayak in Skagen."])
    (of_task,) = score(
        load_cases(folder, [Task.REFLECT]), model=scripted({"ayak": lambda _: next(tries)}), embedder=bundled
    )
    (answer,) = of_task.answers
    assert answer.outcome is Outcome.FAITHFUL
    assert [refused.answer for refused in answer.refused] == ["Kim bought a red kayak in Lisbon."]


def test_progress_is_told_case_by_case(folder, scripted):
    """By the name of the task."""
    steps = []
    score(load_cases(folder), model=scripted({}), embedder=bundled, progress=lambda *step: steps.append(step))
    assert steps == [(task.value, 1, 1, "kayak") for task in Task]


def test_wilson_interval_is_the_published_one():
    """81 of 263 are Newcombe's example (1998); none and all stay in [0, 1]."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=5e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=5e-5)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=5e-5)
    assert 0.0 <= min(wilson(0, 10)) <= max(wilson(10, 10)) <= 1.0


@pytest.mark.parametrize(
    ("statement", "way", "expected"),
    [
        ("Kim never Deploys on Friday.", "deploy*", True),
        ("Kim never deploys on Friday.", "deploy", False),
        ("Kim prefers tea over coffee.", "tea over coffee", True),
        ("Kim prefers coffee over tea.", "tea over coffee", False),
        ("Kim's kayak is green.", "kim", True),
        ("Kim reads billing/import.py.", "billing/import.py", True),
        ("Kim runs it with --maxfail=1.", "--maxfail=1", True),
        ("Kim doesn’t drink milk.", "doesn't drink", True),
        ("Kim wants tests first.", "re:^Kim wants .* first", True),
        ("陈静 每天骑车上班.", "骑车", True),
    ],
)
def test_a_way_to_say_something_is_a_run_of_words(statement, way, expected):
    """Case, punctuation and possessive endings do not matter; a star leaves the ending open."""
    assert says(statement, way) is expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[case]\n", "is not TOML"),
        ("title = 1\n", r"has no \[\[case\]\]"),
        (REFLECT.replace("speaker", "speeker"), "case 1, speaker"),
        (REFLECT.replace("date = 2025-10-14", 'date = "soon"'), "case 1, date"),
        (REFLECT + REFLECT, "two cases called 'kayak'"),
        (REFLECT.replace('"red"', '"re:("'), "no regular expression"),
        (REFLECT.replace('"red"', '"..."'), "has no words"),
    ],
)
def test_a_file_of_cases_that_is_wrong_is_named(folder, text, said):
    """With what is wrong in it."""
    (folder / "reflect.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        load_cases(folder)


def test_only_the_tasks_that_have_a_file_are_scored(folder):
    """Unless one is asked for by name."""
    (folder / "lesson.toml").unlink()
    assert Task.LESSON not in load_cases(folder)
    with pytest.raises(UsageError, match="no cases for lesson"):
        load_cases(folder, [Task.LESSON])
    for task in (Task.REFLECT, Task.PAIR, Task.DISPOSITION):
        (folder / f"{task}.toml").unlink()
    with pytest.raises(UsageError, match="has no cases"):
        load_cases(folder)
