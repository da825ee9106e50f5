"""Which words bear out a trait or a value: on statements of our own, labelled by who wrote them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elephantasm_cli.dream.dispositions import TRAIT_CUES, VALUE_CUES, borne_out

STATEMENTS = Path(__file__).parents[1] / "data" / "dispositions.jsonl"


def counted(part: str) -> tuple[int, int, int]:
    """Of a part of the statements: names found and labelled, found and not labelled, labelled and not found."""
    right = wrong = missed = 0
    for line in STATEMENTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["set"] != part:
            continue
        for cues, label in ((TRAIT_CUES, "traits"), (VALUE_CUES, "values")):
            found, wanted = set(borne_out(row["statement"], cues)), set(row[label])
            right, wrong, missed = (
                right + len(found & wanted),
                wrong + len(found - wanted),
                missed + len(wanted - found),
            )
    return right, wrong, missed


@pytest.mark.parametrize(("part", "precision", "recall"), [("development", 0.95, 0.8), ("heldout", 0.88, 0.65)])
def test_what_is_found_is_labelled(part: str, precision: float, recall: float) -> None:
    """Seldom is a trait read where nobody meant one; most that is asked for is seen."""
    right, wrong, missed = counted(part)
    assert right / (right + wrong) >= precision, (right, wrong, missed)
    assert right / (right + missed) >= recall, (right, wrong, missed)


def test_every_name_is_borne_out_by_some_statement() -> None:
    """No trait and no value is out of reach."""
    found: set[str] = set()
    for line in STATEMENTS.read_text(encoding="utf-8").splitlines():
        statement = json.loads(line)["statement"]
        found |= {*borne_out(statement, TRAIT_CUES), *borne_out(statement, VALUE_CUES)}
    assert found == {*TRAIT_CUES, *VALUE_CUES}


@pytest.mark.parametrize(
    "statement",
    [
        "Stop running pytest with -x, use -q --tb=short.",
        "Cluster jobs go in the short partition.",
        "Kill the children of the worker process before it restarts.",
        "The health check is at /healthz.",
        "I'm learning Portuguese, the Brazilian kind.",
        "Don't put jokes into commit messages.",
        "The private key is in the vault.",
    ],
)
def test_a_word_in_another_sense_bears_nothing_out(statement: str) -> None:
    """What is short, running, kind or private here is no wish of how to be."""
    assert borne_out(statement, TRAIT_CUES) == []
    assert borne_out(statement, VALUE_CUES) == []


def test_a_denied_cue_speaks_for_its_contrary() -> None:
    """ "Don't explain" is no wish for reasons but for few words; with nothing left out of "dont"."""
    assert borne_out("dont explain the code to me, just give me the code", TRAIT_CUES) == ["concise"]
    assert borne_out("explain every step you take", TRAIT_CUES) == ["transparent"]
    assert borne_out("pay bills under 50 euro without asking me", TRAIT_CUES) == ["independent"]
    assert borne_out("never pay a bill without asking me", TRAIT_CUES) == ["cautious"]
