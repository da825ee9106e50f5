"""Packs for the start of a session, for a turn, and for both."""

from __future__ import annotations

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.config import PackSettings
from elephantasm_cli.errors import UsageError
from elephantasm_cli.pack.forms import FORMS, form_of
from elephantasm_cli.pack.presets import full_pack, session_pack
from elephantasm_cli.vocabulary import Layer
from tests.conftest import believe, remember

SETTINGS = PackSettings()


@pytest.fixture
def beliefs(item):
    return [item(f"Rule number{n} always stands here", f"kno_{n}", 0.9 - n / 10, Layer.KNOWLEDGE) for n in range(4)]


@pytest.fixture
def memories(item):
    return [item(f"Trip number{n} was to town{n}", f"mem_{n:02}", 0.8 - n / 100, Layer.MEMORY) for n in range(30)]


def session(items, counter, identity, budget=120, form="markdown"):
    return session_pack(items, identity, budget=budget, counter=counter, settings=SETTINGS, form=form_of(form))


@pytest.mark.parametrize("form", FORMS)
def test_the_front_of_a_session_pack_does_not_follow_what_stands_behind(beliefs, memories, counter, identity, form):
    """Same bytes up to the memories, with none, a few or too many of them."""
    texts = [session(beliefs + memories[:count], counter, identity, form=form).parts[0][1] for count in (1, 3, 30)]
    fronts = {text[: text.lower().index("memories")] for text in texts}
    assert len(fronts) == 1
    assert "number3" in fronts.pop()
    assert len(set(texts)) == 3


def test_memories_fill_what_the_front_leaves(beliefs, memories, counter, identity):
    """The front has an allowance of its own; the whole keeps the budget."""
    pack = session(beliefs + memories, counter, identity)
    assert 100 <= pack.token_count <= 120
    assert [section.name for section in pack.sections] == ["identity", "knowledge", "memories"]
    alone = session(beliefs * 1, counter, identity, budget=40)
    assert alone.token_count <= 0.65 * 40
    assert any(left.reason == "no room" for left in alone.left_out)


def test_a_full_pack_begins_with_what_always_holds(beliefs, memories, item, counter, identity):
    """Whatever the question; what answers it comes behind, and nothing twice."""
    packs = [
        full_pack(
            beliefs,
            [beliefs[0], item(f"The {word} door is green", "evt_1", 0.9)],
            identity,
            query=f"{word} door",
            wanted=(word,),
            budget=150,
            counter=counter,
            settings=SETTINGS,
            form=form_of("markdown"),
        )
        for word in ("north", "south")
    ]
    fronts = {pack.text[: pack.text.index("## Evidence")] for pack in packs}
    assert len(fronts) == 1
    for pack in packs:
        assert pack.item_ids.count("kno_0") == 1
        assert "evt_1" in pack.item_ids
        assert not {left.item_id for left in pack.left_out} & set(pack.item_ids)


def test_a_session_pack_quotes_no_events_and_stays_until_something_is_learned(small):
    """New events change nothing; a new memory stands behind what was there."""
    with open_agent() as agent:
        before = agent.pack(preset="session").text
        agent.ingest([{"role": "user", "content": "We paint the shed.", "occurred_at": "2026-06-01T00:00:00Z"}])
        assert agent.pack(preset="session").text == before
        assert "Deployments happen on Fridays." in before
        assert "From now on" not in before
        event = list(agent.events())[-1]["id"]
        remember(agent, "Ada paints the shed.", event, "2026-06-01T00:00:00.000000Z")
        after = agent.pack(preset="session").text
    assert after.startswith(before[: before.index("<!-- /")])


def test_a_turn_is_only_what_answers(small):
    """No identity, and nothing where nothing answers."""
    with open_agent() as agent:
        turn = agent.pack("When does Ada deploy?", preset="turn")
        assert "Fridays" in turn.text
        assert Layer.IDENTITY not in {line.layer for line in turn.lines}
        assert agent.pack("Napoleon's cryptography", preset="turn").text == ""


def test_a_turn_leaves_out_what_the_session_pack_shows(small):
    """Neither the items nor their words a second time, and it says why."""
    with open_agent() as agent:
        shown = agent.pack(preset="session", save=True)
        assert small.knowledge in shown.item_ids
        turn = agent.pack("When does Ada deploy?", preset="turn", since=shown.id)
    assert not set(turn.item_ids) & set(shown.item_ids)
    assert turn.item_ids == (small.events[0],)
    reasons = {left.item_id: left.reason for left in turn.left_out}
    assert reasons[small.memory] == f"shown in {shown.id}"
    assert reasons[small.events[1]] == "repeats: - Ada deploys on Fridays. (8 May 2026)"


@pytest.mark.parametrize(
    ("query", "options", "said"),
    [
        ("x", {"preset": "session"}, "takes no query"),
        (None, {"preset": "turn"}, "give --query"),
        (None, {"preset": "full"}, "give --query"),
        ("x", {"preset": "full", "since": True}, "--since goes with"),
        ("x", {"since": True}, "--since goes with"),
        (None, {"preset": "session", "since": True, "as_of": "2026-05-08"}, "leave out --as-of"),
        (None, {"preset": "session", "since": True, "format": "xml"}, "use --format markdown"),
    ],
)
def test_contradictions_say_what_to_do(small, query, options, said):
    """One line, before anything is read."""
    with open_agent() as agent:
        if "since" in options:
            options = options | {"since": agent.pack(preset="session", save=True).id}
        with pytest.raises(UsageError, match=said):
            agent.pack(query, **options)


def test_a_session_pack_goes_on_only_from_a_session_pack(small):
    """Any saved pack will do for a turn."""
    with open_agent() as agent:
        other = agent.pack("deploy", save=True)
        with pytest.raises(UsageError, match="not a session pack"):
            agent.pack(preset="session", since=other.id)
        with pytest.raises(UsageError, match="not a saved pack"):
            agent.pack(preset="session", since=small.memory)
        assert agent.pack("deploy", preset="turn", since=other.id).text == ""


def test_presets_keep_the_budget_at_any_size(small):
    """In every form, with tags and keys."""
    with open_agent() as agent:
        believe(agent, "Never push to main.", small.memory)
        for budget in range(0, 160, 7):
            for form in FORMS:
                for query, preset in ((None, "session"), ("deploy", "full"), ("deploy", "turn")):
                    assert agent.pack(query, preset=preset, format=form, budget=budget).token_count <= budget
