"""What a search may be asked to leave out, and what it finds in other scripts."""

from __future__ import annotations

import pytest

from elephantasm_cli.agent import open_agent
from elephantasm_cli.errors import UsageError
from elephantasm_cli.store.changes import Change
from elephantasm_cli.vocabulary import Layer, State, TransformationType
from tests.conftest import BY_HAND, remember


@pytest.fixture
def agent(small):
    with open_agent() as opened:
        yield opened


def ids(agent, query="Fridays", **filters):
    return {item.id for item in agent.search(query, mode="lexical", **filters).items}


def test_without_filters_live_rows_and_events_are_found(agent, small):
    """What was replaced is not, but what replaced it; the turn beside the one that matches comes with it."""
    assert ids(agent) == {*small.events, small.memory, small.knowledge}
    assert ids(agent, "Tuesdays") == {*small.events, small.memory}
    assert ids(agent, "walrus") == set()


def test_a_state_finds_rows_that_packs_do_not_show(agent, small):
    """Superseded ones with it alone; events have no state."""
    assert ids(agent, "Tuesdays", states=["superseded"]) == {small.old}
    assert ids(agent, "Tuesdays Fridays", states=[State.SUPERSEDED, State.ACTIVE]) >= {small.old}
    assert ids(agent, states=[State.ACTIVE]) == {small.memory, small.knowledge}
    assert ids(agent, "walrus", states=["superseded"]) == ids(agent, states=["archived", "candidate"]) == set()
    (found,) = agent.search("deploys Tuesdays", states=["superseded"]).items
    assert found.state == "superseded"


def test_a_candidate_and_an_archived_row_are_found_by_their_state(agent, small):
    """And by no other way."""
    with agent.store.transaction():
        for item, state in ((small.memory, "candidate"), (small.old, "archived")):
            change = Change(TransformationType.EDIT, Layer.MEMORY, item, {"state": state}, reasoning="by hand")
            agent.store.derived.change(change, BY_HAND)
    assert ids(agent, states=["candidate"]) == {small.memory}
    assert ids(agent, "Tuesdays", states=["archived"]) == {small.old}
    assert ids(agent) == {*small.events, small.knowledge}


def test_a_kind_is_a_memorys_a_lessons_or_a_knowledge_items(agent, small):
    """Each layer by its own name for it."""
    assert ids(agent, kinds=["fact"]) == {small.memory, small.knowledge}
    assert ids(agent, kinds=["plan", "rule"]) == set()
    with pytest.raises(UsageError, match="no kind 'song'"):
        ids(agent, kinds=["song"])


def test_trust_is_the_lowest(agent, small):
    """Nothing here is the operator's but the note."""
    note = agent.note("Nobody works on Fridays.")
    assert ids(agent, trust="operator") == {note}
    assert ids(agent, trust="user") == {note, *small.events, small.memory, small.knowledge}


def test_a_session_and_an_author_hold_for_what_rests_on_their_events(agent, small):
    """However many layers up."""
    agent.ingest([{"role": "user", "author": "Bob", "content": "Bob deploys on Fridays too."}], session="other")
    event = list(agent.events())[-1]["id"]
    memory = remember(agent, "Bob deploys Fridays.", event, "2026-05-08T10:00:00.000000Z")
    assert ids(agent, session="other") == {event, memory}
    assert ids(agent, author="Ada") == {*small.events, small.memory, small.knowledge}
    assert ids(agent, author="Bob", session="plans") == set()


def test_filters_go_together(agent, small):
    """Each narrows what the others leave."""
    assert ids(agent, author="Ada", session="plans", layers=[Layer.MEMORY], kinds=["fact"], trust="user") == {
        small.memory
    }
    old = {"author": "Ada", "states": ["superseded"], "kinds": ["fact"]}
    assert ids(agent, "Tuesdays", until="2026-05-02", **old) == {small.old}
    assert ids(agent, "Tuesdays", since="2026-05-02", **old) == set()
    assert ids(agent, "deploy", since="2026-05-02", layers=["event"]) == {small.events[1]}
    assert ids(agent, "deploy", since="2026-05-08", until="2026-05-08", layers=["event"]) == {small.events[1]}
    assert ids(agent, layers=["event"], kinds=["fact"]) == set()


SAID = {
    "zh": "今天我们讨论了数据库迁移的计划。",
    "ja": "昨日、東京駅で新しい靴を買いました。",
    "ko": "우리는 금요일에 서버를 배포합니다.",
    "mixed": "The 会議 is at noon, bring the 資料.",
}


WORDS = [("迁移", "zh"), ("计划", "zh"), ("数据", "zh"), ("東京", "ja"), ("靴を", "ja"), ("서버", "ko"), ("배포", "ko")]
CHARACTERS = [
    ("今", "zh"),
    ("移", "zh"),
    ("划", "zh"),
    ("靴", "ja"),
    ("우", "ko"),
    ("버", "ko"),
    ("資", "mixed"),
    ("料", "mixed"),
]


@pytest.mark.parametrize("vectors", [False, True])
@pytest.mark.parametrize(
    ("query", "language"), [*WORDS, ("금요", "ko"), ("会議", "mixed"), ("資料", "mixed"), *CHARACTERS]
)
def test_chinese_japanese_and_korean_are_found_by_a_word_or_a_character(home, query, language, vectors):
    """Anywhere in a run of them. By words alone, the text that holds it comes first."""
    with open_agent() as agent:
        agent.ingest([{"role": "user", "content": text} for text in SAID.values()], session="s1")
        if vectors:
            agent.reindex()
        best = agent.search(query, mode="lexical").items[0]
        assert best.text == SAID[language]
        assert SAID[language] in [item.text for item in agent.search(query).items]
        assert SAID[language] in agent.pack(query).text
