"""What the keys do that put something right, in the lists and in the review queue."""

from __future__ import annotations

from collections.abc import Callable

from cases import Case, case
from memory import make_candidates
from walk import Walk

from elephantasm_cli.agent import open_agent


@case("edit")
async def rewording(walk: Walk, key: str) -> None:
    await walk.press("4", key)
    await walk.shows("This knowledge in your own words")
    await walk.press("ctrl+u")
    await walk.type("Pull requests only.")
    await walk.press("ctrl+s")
    await walk.shows("edited kno_")
    assert walk.main.browser.data.name == "default"
    with open_agent(read_only=True) as agent:
        assert "Pull requests only." in [row["statement"] for row in agent.knowledge(states=["active"])]


def confirmed(question: str, said: str, check: Callable[[dict[str, object]], bool]) -> Case:
    async def judge(walk: Walk, key: str) -> None:
        walk.main.filters["memories"] = "state:active"
        await walk.press("2", "j")
        chosen = walk.row.id
        await walk.press(key)
        await walk.shows(question)
        await walk.press("n")
        assert walk.dialog == "MainScreen"
        await walk.press(key, "y")
        await walk.shows(f"{said} {chosen[:12]}")
        with open_agent(read_only=True) as agent:
            assert check(agent.show(chosen))

    return judge


case("approve")(confirmed("Approve this memory?", "approved", lambda row: row["trust"] == "operator"))
case("reject")(confirmed("Reject this memory?", "rejected", lambda row: row["is_deleted"] is True))
case("archive")(confirmed("Archive this memory?", "archived", lambda row: row["state"] == "archived"))


@case("restore")
async def bringing_back(walk: Walk, key: str) -> None:
    walk.main.filters["memories"] = "state:superseded"
    await walk.press("2")
    chosen = walk.row.id
    await walk.press(key)
    await walk.shows("Restore this memory?")
    await walk.press("enter")
    await walk.shows(f"restored {chosen[:12]}")
    with open_agent(read_only=True) as agent:
        assert agent.show(chosen)["state"] == "active"


@case("forget")
async def forgetting(walk: Walk, key: str) -> None:
    await walk.press("j")
    chosen = walk.row.id
    await walk.press(key)
    await walk.shows("for good?")
    await walk.press("y")
    await walk.shows("forgotten: ")
    with open_agent(read_only=True) as agent:
        assert chosen not in [row["id"] for row in agent.events()]


@case("undo")
async def taking_back(walk: Walk, key: str) -> None:
    await walk.press(key)
    await walk.shows("there is no act of yours to take back")
    await walk.press("2")
    chosen = walk.row.id
    await walk.press("z", "y")
    await walk.shows("archived mem_")
    await walk.press(key)
    await walk.shows("Undo your archive of")
    await walk.press("y")
    await walk.shows("undone: 1 changes")
    with open_agent(read_only=True) as agent:
        assert agent.show(chosen)["state"] == "active"


@case("note")
async def noting(walk: Walk, key: str) -> None:
    await walk.press(key)
    await walk.type("We sail at dawn.")
    await walk.press("ctrl+s")
    await walk.shows("noted as evt_")
    await walk.quiet()
    assert walk.row.text == "We sail at dawn."


@case("dream")
async def dreaming_now(walk: Walk, key: str) -> None:
    await walk.press("6", key)
    await walk.shows("Dream now?")
    await walk.press("y")
    await walk.shows("default: completed")
    await walk.quiet()
    assert walk.row.date > "2026-06"


async def to_the_candidates(walk: Walk) -> None:
    make_candidates()
    await walk.quiet()
    await walk.press("v")
    await walk.until(lambda: len(walk.app.screen.rows) >= 2, "candidates")


def judged(state: Callable[[dict[str, object]], bool]) -> Case:
    async def judge(walk: Walk, key: str) -> None:
        await to_the_candidates(walk)
        queue = walk.app.screen
        first, second = queue.rows[0].id, queue.rows[1].id
        await walk.press(key)
        await walk.until(lambda: queue.judged == 1, "the judgement")
        await walk.quiet()
        assert queue.selected().id == second
        with open_agent(read_only=True) as agent:
            assert state(agent.show(first))

    return judge


case("judge('approve')", "review")(judged(lambda row: row["state"] == "active" and row["trust"] == "operator"))
case("judge('reject')", "review")(judged(lambda row: bool(row["is_deleted"])))


@case("reword", "review")
async def rewording_a_candidate(walk: Walk, key: str) -> None:
    await to_the_candidates(walk)
    queue = walk.app.screen
    first = queue.rows[0].id
    await walk.press(key)
    await walk.type(" Surely.")
    await walk.press("ctrl+s")
    await walk.until(lambda: queue.judged == 1, "the judgement")
    with open_agent(read_only=True) as agent:
        assert agent.show(first)["state"] == "superseded"


@case("skip(1)", "review")
async def leaving_one_for_later(walk: Walk, key: str) -> None:
    await to_the_candidates(walk)
    await walk.press(key)
    assert walk.app.screen.at == 1


@case("skip(-1)", "review")
async def the_one_before(walk: Walk, key: str) -> None:
    await to_the_candidates(walk)
    await walk.press(key)
    assert walk.app.screen.at == len(walk.app.screen.rows) - 1
