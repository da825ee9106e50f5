"""What packs keep showing stays longer: accesses, from a recorded pack to the state of a memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from elephantasm_cli import open_agent

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
SHOWN = "I visited Robin in Bergen with the whole choir."
NEVER_ASKED_FOR = "I helped Kim in Ghent with the old rowing boat."


def states(agent):
    return {memory["metadata"]["quote"]: memory["state"] for memory in agent.memories()}


@pytest.fixture
def lived(home):
    """Dream every ten days on something new, with a pack a dream; the states after each."""

    def call(days, *, record):
        history = {}
        with open_agent("coder", home=home) as agent:
            for day in range(0, days, 10):
                words = [SHOWN, NEVER_ASKED_FOR] if day == 0 else [f"The tram stops at the harbour on day {day}."]
                agent.ingest(
                    {
                        "role": "user",
                        "author": "Dana",
                        "session": f"s{day}-{minute}",
                        "content": text,
                        "occurred_at": (START + timedelta(days=day, minutes=minute)).isoformat(),
                    }
                    for minute, text in enumerate(words)
                )
                agent.dream(force=True, llm=False)
                found = states(agent)
                for text in (SHOWN, NEVER_ASKED_FOR):
                    history.setdefault(text, []).append(found[text])
                agent.pack("What did Dana do in Bergen with Robin and the choir?", layers=["memory"], record=record)
            assert agent.verify().ok
        return history

    return call


def test_memory_that_packs_keep_showing_outlasts_one_that_nobody_asks_for(lived):
    """Each recorded pack counts from the next dream on, and lengthens the half-life of what it showed."""
    history = lived(200, record=True)
    assert history[NEVER_ASKED_FOR][-1] == "archived"
    assert set(history[SHOWN]) == {"active"}


def test_packs_that_are_not_recorded_change_nothing(lived):
    """Reading alone leaves no trace: both fade on the same day."""
    history = lived(160, record=False)
    assert history[SHOWN] == history[NEVER_ASKED_FOR]
    assert list(dict.fromkeys(history[SHOWN])) == ["active", "decaying", "archived"]


def test_asking_again_brings_a_fading_memory_back(home):
    """An access counted while a memory fades restores it, and the log says why."""
    with open_agent("coder", home=home) as agent:
        for day, text in ((0, SHOWN), (85, "We moved the standup to nine.")):
            agent.ingest(
                [{"role": "user", "author": "Dana", "content": text, "occurred_at": str(START + timedelta(days=day))}],
                session=f"s{day}",
            )
            agent.dream(force=True, llm=False)
        assert states(agent)[SHOWN] == "decaying"
        agent.pack("Who visited Robin in Bergen with the choir?", layers=["memory"], record=True)
        agent.dream(force=True, llm=False)
        assert states(agent)[SHOWN] == "active"
        (entry,) = agent.log(transformation_type="restore")
        assert entry["after"]["metadata"]["quote"] == SHOWN
