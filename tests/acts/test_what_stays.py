"""What stays in a memory and says the same as the forgotten is no leak, and is not taken along."""

from __future__ import annotations

from elephantasm_cli.acts.needles import Needles
from elephantasm_cli.acts.proof import prove
from elephantasm_cli.agent import open_agent
from elephantasm_cli.dream.weights import CUE_NAMES
from elephantasm_cli.ids import canonical_json


def test_what_is_still_said_in_other_capitals_is_no_leak(tmp_path):
    """A memory retells "Never push ..." with a small letter; somebody who says the same goes on saying it."""
    with open_agent("said-twice", home=tmp_path) as agent:
        for number, name in enumerate(("Ada", "Ada"), 1):
            words = f"Never answer the landlord's letters in anger. Ticket qx{number}zzw."
            record = {"id": str(number), "role": "user", "author": name, "content": words}
            agent.ingest([record | {"occurred_at": f"2026-03-01T10:0{number}:00Z"}], session="s")
        agent.dream(force=True, llm=False)
        assert any(memory["content"].startswith("Ada said on") for memory in agent.memories())
        assert agent.forget(next(iter(agent.events()))["id"]).complete


def test_the_name_of_a_cue_is_nobodys_word(tmp_path):
    """Ines's memory is kept with the cue "wish"; that is no reason to take it along with Ada's wish."""
    with open_agent("cued", home=tmp_path) as agent:
        wish = "The wish and the reading are in the terse Zanzibar folder with Rosa."
        plea = "Please don't tell Cornelia the address in the group."
        agent.ingest([{"role": "user", "author": "Ada", "content": wish}], session="s1")
        talk = [{"author": "Ines", "content": plea}, {"author": "Bo", "content": "Fine, I will not."}]
        agent.ingest([{"role": "user", **said} for said in talk], session="s2")
        agent.dream(force=True, llm=False)
        assert any("wish" in memory["metadata"]["cues"] for memory in agent.memories())
        (event,) = [event for event in agent.events() if event["content"] == wish]
        assert agent.forget(event["id"]).complete
        assert [memory for memory in agent.memories() if "Cornelia" in memory["content"]]
        assert {cue for memory in agent.memories() for cue in memory["metadata"]["cues"]} <= CUE_NAMES


def test_a_line_that_what_stays_tells_is_no_leak(home):
    """The record of a dream may quote "Ada: Never ..." of a merged memory, when another of Ada's events still says so;
    in a file that is no part of the memory the line is found."""
    with open_agent("quoted") as agent:
        agent.ingest([{"role": "user", "author": "Ada", "content": "Never answer the landlord's letters in anger."}])
        agent.dream(force=True, llm=False)
        line = "Ada: Never answer the landlord's letters in anger."
        asked = canonical_json({"rejected_outputs": [{"prompt": "lesson", "question": f"1. {line}", "answer": ""}]})
        agent.store.connection.execute("UPDATE dream_jobs SET metadata = ?", (asked,))
        assert prove(agent.store, Needles(lines={line}), [home], "quoted").left == []
        other = Needles(lines={"Ada: Never answer the landlady's letters in anger."})
        (home / "copy.txt").write_text("1. ADA: NEVER ANSWER THE LANDLADY'S LETTERS IN ANGER.", encoding="utf-8")
        assert prove(agent.store, other, [home], "quoted").elsewhere == [str(home / "copy.txt")]
