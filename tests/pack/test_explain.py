"""Why a pack is as it is."""

from __future__ import annotations

import json

from elephantasm_cli.agent import open_agent
from elephantasm_cli.pack.budget import Shares
from elephantasm_cli.pack.compile import compile_pack
from elephantasm_cli.pack.explain import TEXT_WIDTH, explanation, explanation_lines
from elephantasm_cli.text.sentinel import PACK_JSON_KEY
from elephantasm_cli.vocabulary import Layer


def reasons(pack):
    return {left.item_id: left.reason for left in pack.left_out}


def test_what_was_left_out_says_why(item, counter):
    """It repeats a line that is named, its layer had its share, or there was no room at all."""
    beliefs = [
        item(f"Rule number{n} other{n} stays put here", f"kno_{n}", 0.9 - n / 10, Layer.KNOWLEDGE) for n in range(4)
    ]
    events = [
        item("rule number0 other0 stays put here", "evt_9", 0.9, author="Rule", seq=9),
        *(item(f"Event word{n}x other{n}x stays here too", f"evt_{n}", 0.5, seq=n) for n in range(9)),
    ]
    pack = compile_pack([*beliefs, *events], budget=75, counter=counter, shares=Shares(0, 0.3, 0.3))
    why = reasons(pack)
    assert why["evt_9"] == "repeats: - Rule number0 other0 stays put here"
    assert why["kno_3"] == "the share of its layer was used up"
    assert why["evt_8"] == "no room"
    assert set(why) | set(pack.item_ids) == {each.id for each in [*beliefs, *events]}
    assert all(left.parts == {"lexical": left.score} and left.text for left in pack.left_out)


def test_tokens_of_the_sections_and_the_marks_add_up(item, counter, identity):
    """Headings and dates belong to their sections."""
    found = [item("Paint dries slowly", "kno_1", 0.7, Layer.KNOWLEDGE), item("The door is green", "evt_1", 0.9)]
    pack = compile_pack(found, budget=400, counter=counter, identity=identity, query="door")
    frame = counter.count("<!-- elephantasm:pack -->\n<!-- /elephantasm:pack -->\n")
    assert list(pack.tokens) == ["identity", "knowledge", "evidence"]
    assert sum(pack.tokens.values()) + frame == pack.token_count
    assert pack.layer_tokens == {"identity": 18, "knowledge": 5, "event": 6}


def test_json_has_all_of_it_under_names_that_stay(small):
    """Each line and each item left out with its parts; the floor with its measures."""
    with open_agent() as agent:
        pack = agent.pack("When does Ada deploy on Fridays?", format="json", explain=True, budget=60)
        nothing = agent.pack("Napoleon's cryptography", format="json", explain=True)
    document = json.loads(pack.text)[PACK_JSON_KEY]
    assert set(document) == {
        "text", "token_count", "budget", "tokenizer", "query", "as_of", "preset", "since", "sections",
        "tokens", "layer_tokens", "shares", "floor", "left_out",
    }  # fmt: skip
    assert {section["name"]: section["token_count"] for section in document["sections"]} == document["tokens"]
    assert document["floor"]["passed"] is True
    assert set(document["shares"]) == {"identity_tokens", "knowledge", "memories"}
    for left in document["left_out"]:
        assert set(left) == {"id", "layer", "score", "parts", "reason", "text"}
        assert left["parts"]
    assert document["left_out"]
    floored = json.loads(nothing.text)[PACK_JSON_KEY]
    assert floored["floor"]["passed"] is False
    assert {left["reason"] for left in floored["left_out"]} == {"not relevant enough"}
    assert floored["text"] == ""


def test_people_get_aligned_lines(item, counter):
    """Long texts are cut, and what is too much is counted."""
    found = [
        item(f"Fact number{n} stands alone here " + "and on " * 30, f"evt_{n}", 1 - n / 100, seq=n) for n in range(60)
    ]
    pack = compile_pack(found, budget=100, counter=counter, query="fact")
    lines = list(explanation_lines(pack))
    assert lines[0] == f"{pack.token_count} of 100 tokens by words"
    rows = [line for line in lines if line.startswith(("in  ", "out  evt"))]
    assert len({line.index("lexical") for line in rows}) == 1
    assert all(len(line) < 90 + 2 * TEXT_WIDTH for line in rows)
    assert lines[-1].startswith("out  and ")
    assert len(explanation(pack)["left_out"]) > len(rows)


def test_an_unasked_pack_has_no_floor(small):
    """There was nothing to be relevant to."""
    with open_agent() as agent:
        pack = agent.pack(explain=True)
    assert pack.floor is None
    assert explanation(pack)["floor"] is None
    assert not [line for line in explanation_lines(pack) if line.startswith("floor")]
