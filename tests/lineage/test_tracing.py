"""why in its forms: words instead of ids, drawings, the act behind each step; log with its filters."""

from __future__ import annotations

import json

from elephantasm_cli.agent import open_agent
from elephantasm_cli.lineage.drawing import to_dot, to_mermaid


def test_words_of_a_pack_lead_to_the_item(run, small):
    """A line as the pack prints it, part of it, or most of its words in another order."""
    pack = run("pack", "--query", "When do we deploy?").out
    line = next(line for line in pack.splitlines() if "Deployments happen on Fridays" in line)
    for words in (line, "Deployments happen on", "on Fridays deployments happen"):
        assert run("why", words).out.startswith(small.knowledge)
    assert run("why", "From", "now", "on").out.startswith(small.events[1])
    assert run("why", small.memory[:10]).out.startswith(small.memory)
    assert run("why", "nobody ever spoke of submarines").code == 3
    assert run("why", "…").code == 3


def test_drawings_hold_every_node_and_edge_once(run, small):
    """DOT and Mermaid, words of any kind as text."""
    with open_agent() as agent:
        agent.ingest(
            [{"role": "user", "author": 'A "b" [c]', "content": 'Say "x" | <y> {z}; \\ done', "id": "q"}], session="odd"
        )
        odd = next(agent.events(session="odd"))["id"]
        trace = agent.why(small.knowledge)
        dot, mermaid = to_dot(trace), to_mermaid(trace)
        assert 'label="evt' in to_dot(agent.why(odd))
        assert '\\"x\\"' in to_dot(agent.why(odd))
        assert '"x"' not in to_mermaid(agent.why(odd))
    for item in (small.knowledge, small.memory, small.events[1]):
        assert dot.count(f'  "{item}" [shape') == 1
        assert mermaid.count(f"  {item}[") == 1
    assert f'"{small.knowledge}" -> "{small.memory}" [label="consolidation by curate_memories"]' in dot
    assert f"{small.memory} -->|reflection by curate_memories| {small.events[1]}" in mermaid
    assert run("why", small.knowledge, "--format", "dot").out.rstrip("\n") == dot
    assert run("why", small.knowledge, "--format", "mermaid").out.rstrip("\n") == mermaid
    assert run("why", small.knowledge, "--format", "json").out == run("why", small.knowledge, "--json").out
    assert run("why", small.knowledge, "--format", "dot", "--json").code == 2
    assert run("why", small.events[1], "--down").out.splitlines()[-1].strip().startswith(small.knowledge)


def test_each_step_tells_its_act(run, home):
    """Job, author, reason and the parts of the confidence; model and prompt where there was one."""
    with open_agent() as agent:
        agent.ingest(
            [{"role": "user", "author": "Ada", "content": "I prefer plain SQL over an ORM.", "id": "1"}], session="s"
        )
        agent.dream(force=True, llm=False)
        (knowledge,) = agent.knowledge()
        edges = {node.layer: node.edge for node in agent.why(knowledge["id"])}
    assert edges["memory"].parameters == {"certainty": {"for": 1, "against": 0}}
    parts = edges["event"].parameters["confidence"]
    assert parts == {"trust": "user", "coverage": 1.0, "cosine": parts["cosine"]}
    assert 0.8 < parts["cosine"] <= 1
    out = run("why", knowledge["id"], "--explain").out
    assert "| reflection by reflect (dream), tfm_" in out
    assert "| because said by Ada; cues:" in out
    assert "| certainty (against 0, for 1)" in out
    assert "| " not in run("why", knowledge["id"]).out


def test_edge_with_a_model_names_it_and_its_prompt(small):
    """The name and the beginning of its hash."""
    from dataclasses import replace

    with open_agent() as agent:
        edge = agent.why(small.memory).root.children[0].edge
    told = replace(edge, model_id="tiny@abc", prompt_name="p", prompt_sha256="0123456789abcdef", parameters={"c": 0.5})
    assert "model tiny@abc, prompt p 0123456789ab" in told.explained()
    assert told.explained()[-1] == "c 0.5"


def test_log_is_filtered(run, small):
    """By job, author, model, act and time."""
    with open_agent() as agent:
        act = agent.archive(small.memory)
    by = run("log", "--by", "operator", "--json").out.splitlines()
    assert [json.loads(line)["act_id"] for line in by] == [act.act_id] * len(act.transformations)
    assert run("log", "--job", "archive", "--json").out.splitlines() == by
    assert run("log", "--act", act.transformations[0]["id"], "--json").out.splitlines() == by
    assert run("log", "--act", act.act_id, "--json").out.splitlines() == by
    assert run("log", "--model", "tiny").out == ""
    since = act.transformations[0]["created_at"]
    assert run("log", "--since", since, "--json").out.splitlines() == by
    assert len(run("log", "--until", since).out.splitlines()) == 5
    assert len(run("log", "--until", "2020-01-01").out.splitlines()) == 0


def test_forgotten_ends_are_told_apart(home, small):
    """An edge into the past whose end was forgotten says so instead of failing."""
    from elephantasm_cli.services.clock import utc_now

    then = utc_now()
    with open_agent() as agent:
        agent.forget(small.memory)
        with agent.known_at(then) as past:
            texts = [node.text for node in past.why(small.old)]
    assert "Ada deploys on Tuesdays." in texts
    assert "(forgotten)" in texts
