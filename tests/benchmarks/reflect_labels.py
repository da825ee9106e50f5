"""What was marked by reading in the excerpts to tune on: what does not stand at their end, and what is not meant.

    python tests/benchmarks/reflect_labels.py                  # fits the weights of dream/meant.py
    python tests/benchmarks/reflect_labels.py --write elephantasm_cli/assets/meant.json
    python tests/benchmarks/reflect_labels.py --run run.json   # what a run of reflect_heldout.py holds

``tests/data/reflect_labels.json`` has, of each excerpt, ``changes``: the words of a turn that later words correct,
withdraw, overrule, restrict or settle (``said`` in ``turn``, ``words`` in ``later``); and ``unmeant``: words that are
a joke, irony, an exaggeration or hypothetical.

The weights are those of a logistic regression (scikit-learn, penalty 1 / `C` on scaled signs and on the vector), over
every English or other sentence of a person; what it prints is the area under the curve with each excerpt left out of
its own fit, eight folds. ``--run`` counts the memories of a run that hold something unmeant, and those of something
that changed, with how many have the turn that changed it behind them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reflect_cases import DATA, DEVELOPMENT_MARKS, MARKS, Case, own_cases

from elephantasm_cli.dream import meant
from elephantasm_cli.services.embedding import MODEL_SHA256, BundledEmbedder
from elephantasm_cli.text.sentences import is_question, split_sentences
from elephantasm_cli.text.words import content_words

LABELS = DATA / "reflect_labels.json"
C = 0.05
SIGN_SCALE, VECTOR_SCALE = 0.5, 5.0
"""What a standard deviation of a sign and a unit of the vector weigh before the penalty."""
FOLDS = 8
TOOLS = ("tool_call", "tool_result")


class Sentence(NamedTuple):
    """A sentence of a person, with whether it is marked as not meant."""

    case: str
    line: meant.Line
    is_unmeant: bool


def labels() -> dict[str, dict[str, list[dict[str, str]]]]:
    """Case -> ``changes`` and ``unmeant``."""
    found: dict[str, dict[str, list[dict[str, str]]]] = json.loads(LABELS.read_text(encoding="utf-8"))
    return found


def labelled_cases() -> dict[str, Case]:
    cases = {case.id: case for path in (DEVELOPMENT_MARKS, MARKS) for case in own_cases(path)}
    return {name: cases[name] for name in labels() if name in cases}


def overlaps(content: str, words: str, start: int, end: int) -> bool:
    """Whether ``words`` of ``content`` are at least in part in its ``[start:end]``."""
    place = content.find(words)
    return 0 <= place < end and place + len(words) > start


def sentences() -> Iterator[Sentence]:
    """Those that `meant.Doubts` would judge."""
    marked = labels()
    for name, case in labelled_cases().items():
        spoken = [turn for turn in case.turns if turn.get("type") not in TOOLS]
        among = all(turn["role"] == "user" for turn in case.turns) and len({turn["author"] for turn in spoken}) > 1
        for number, turn in enumerate(spoken):
            after = spoken[number + 1]["content"] if number + 1 < len(spoken) else ""
            for each in split_sentences(turn["content"]) if turn["role"] == "user" else ():
                if each.is_code or is_question(each.text) or len(content_words(each.text)) < meant.FEWEST_WORDS:
                    continue
                unmeant = any(
                    row["turn"] == turn["id"] and overlaps(turn["content"], row["words"], each.start, each.end)
                    for row in marked[name]["unmeant"]
                )
                yield Sentence(name, meant.Line(each.text, after, among_people=among), unmeant)


def fitted() -> dict[str, Any]:
    """The weights, and under "area" the area under the curve."""
    import numpy
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    rows = list(sentences())
    texts = list(dict.fromkeys(row.line.text for row in rows))
    vectors = dict(zip(texts, BundledEmbedder().embed(texts), strict=True))
    signs = numpy.array([meant.signs(row.line) for row in rows])
    scale = SIGN_SCALE / (signs.std(axis=0) + 1e-9)
    features = numpy.hstack([signs * scale, VECTOR_SCALE * numpy.array([vectors[row.line.text] for row in rows])])
    unmeant = numpy.array([row.is_unmeant for row in rows])

    def fit(chosen: Any) -> Any:
        return LogisticRegression(C=C, max_iter=3000).fit(features[chosen], unmeant[chosen])

    guessed = numpy.zeros(len(rows))
    for train, test in GroupKFold(FOLDS).split(features, unmeant, [row.case for row in rows]):
        guessed[test] = fit(train).predict_proba(features[test])[:, 1]
    model = fit(numpy.arange(len(rows)))
    weights = model.coef_[0]
    return {
        "area": float(roc_auc_score(unmeant, guessed)),
        "embedding_sha256": MODEL_SHA256,
        "bias": round(float(model.intercept_[0]), 3),
        "signs": {
            name: round(float(weight), 3)
            for name, weight in zip(meant.SIGNS, weights[: len(meant.SIGNS)] * scale, strict=True)
        },
        "vector": [round(float(weight), 2) for weight in weights[len(meant.SIGNS) :] * VECTOR_SCALE],
    }


def counts(results: list[Mapping[str, Any]]) -> dict[str, int]:
    """Of the memories of a run: how many hold something ``unmeant`` (and are ``told`` rather than quoted), how many
    something that ``changed`` in a later turn, with how many of these have that turn ``behind`` them, and how many of
    the others have any (``needless``)."""
    marked, cases = labels(), labelled_cases()
    found = dict.fromkeys(("memories", "unmeant", "told", "changed", "behind", "needless"), 0)
    for result in results:
        case = cases.get(result["case"])
        for memory in result["memories"] if case else ():
            has_later = "(later " in memory["statement"] and len(memory["quotes"]) > 1
            quote = (memory["quotes"][:-1] if has_later else memory["quotes"])[-1]
            turns = {turn["id"]: turn["content"] for turn in case.turns}
            own = next((turn for turn in reversed(memory["turns"]) if quote in turns[turn]), None)
            if own is None or memory["form"] == "report":
                continue
            start = turns[own].index(quote)

            span = turns[own], start, start + len(quote)
            of_own = {kind: [row for row in rows if row["turn"] == own] for kind, rows in marked[case.id].items()}
            unmeant = any(overlaps(span[0], row["words"], *span[1:]) for row in of_own["unmeant"])
            changed = [row for row in of_own["changes"] if overlaps(span[0], row["said"], *span[1:])]
            later = {row["later"] for row in changed} - {own}
            found["memories"] += 1
            found["unmeant"] += unmeant
            found["told"] += unmeant and memory["form"] == "rewrite"
            found["changed"] += bool(later)
            found["behind"] += has_later and memory["turns"][-1] in later
            found["needless"] += has_later and not later
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="The labels of the excerpts to tune on.")
    parser.add_argument("--write", type=Path, help="where to write the weights")
    parser.add_argument("--run", type=Path, help="a run of reflect_heldout.py to count in")
    options = parser.parse_args()
    if options.run:
        for name, count in counts(json.loads(options.run.read_text(encoding="utf-8"))["results"]).items():
            print(f"{name:10}{count:6}")
        return
    weights = fitted()
    print(f"area under the curve: {weights.pop('area'):.3f}")
    if options.write:
        options.write.write_text(json.dumps(weights) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
