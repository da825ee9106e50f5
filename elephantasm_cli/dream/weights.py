"""What each cue of a sentence weighs, and how much is enough for a memory: the tables that `salience` adds up."""

from __future__ import annotations

from typing import Final

from elephantasm_cli.dream import cues as grammar

THRESHOLD: Final = 0.38

AMONG_PEOPLE: Final = 0.32
"""Sentences below this score are left where they are: in the event. People who talk to each other say less of what
they do outright than people who instruct an agent."""

NOTED: Final = 0.6
"""The same of a sentence of a note that shows nothing `OUTRIGHT`: "Choir tonight" is noted as well."""

OUTRIGHT: Final = frozenset(
    "instruction preference decision introduction correction rule relationship fact problem plan".split()  # noqa: SIM905
)

WEIGHTS: Final = {
    "instruction": 0.75,
    "preference": 0.65,
    "decision": 0.65,
    "introduction": 0.7,
    "correction": 0.55,
    "rule": 0.55,
    "relationship": 0.6,
    "fact": 0.5,
    "event": 0.5,
    "activity": 0.45,
    "problem": 0.45,
    "plan": 0.45,
    "statement": 0.35,
    "finding": 0.4,
    "reading": 0.34,
    "answer": 0.4,
    "request": 0.3,
    "wish": 0.5,
    "note": 0.6,
    "first_person": 0.25,
}
"""What the strongest cue of a sentence counts."""

PEOPLE_WEIGHTS: Final = {
    "dated": 0.13,
    "fact": 0.09,
    "preference": 0.08,
    "event": 0.08,
    "answer": 0.07,
    "name": 0.06,
    "relationship": 0.06,
    "problem": 0.03,
    "decision": 0.03,
    "first_person": 0.03,
    "slot": 0.05,
    "foreign": 0.05,
    "statement": -0.02,
    "feeling": -0.02,
    "wish": 0.12,
    "terse": -0.04,
    "needs_context": -0.06,
}
"""The same in chats between people, where every cue that is there counts. Fitted to which sentences of conversations
people were asked about later (docs/dreaming.md), then rounded."""

DEFINITE_WEIGHT: Final = 0.16

CONTENT_WEIGHT: Final = 0.07
"""And what its words weigh there, on a log scale: those that are not in `cues.VAGUE`, and all that carry meaning."""

ASSISTANT_MOST: Final = 0.6
"""The most that an assistant's own words can score."""

TO_AGENT: Final = {
    "request": 0.4,
    "statement": 0.42,
    "first_person": 0.42,
    "terse": 0.36,
    "foreign": 0.44,
    "answer": 0.5,
}
"""What these weigh in talk with an assistant, which is about the work; between people they are mostly small talk.
"foreign" is a sentence in a language whose cues are not known here: how definite it is must do."""

EXTRA = {"name": 0.08, "number": 0.08, "identifier": 0.06, "slot": 0.15, "dated": 0.08}
"""What makes a statement checkable, and (slot) comparable with what is said later: only what is remembered can be
found to have changed."""

CUE_NAMES: Final = frozenset(
    (*WEIGHTS, *PEOPLE_WEIGHTS, *TO_AGENT, *EXTRA, "assistant", "outcome", *(name for name, _ in grammar.CUES))
)
"""Every name that may stand among the cues of a sentence, as memories keep them."""
