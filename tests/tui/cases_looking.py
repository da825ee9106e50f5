"""What the keys do that only look: lists, search, filters, time, lineage, copies."""

from __future__ import annotations

from pathlib import Path

from cases import Case, case
from walk import Walk

from elephantasm_cli.agent import open_agent
from elephantasm_cli.tui.keys import SCREENS


def showing(name: str) -> Case:
    async def show(walk: Walk, key: str) -> None:
        await walk.press(key)
        assert walk.main.mode == name
        await walk.shows(f"default › {name}")

    return show


for screen in SCREENS:
    case(f"show('{screen}')")(showing(screen))


@case("review")
async def to_the_queue(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.dialog == "ReviewScreen"
    await walk.shows("Nothing waits for a judgement.")


@case("switch_agent")
async def to_another_agent(walk: Walk, key: str) -> None:
    await walk.press(key)
    await walk.shows("Whose memory?")
    await walk.press("down", "enter")
    await walk.until(lambda: walk.app.data.name == "other", "the other agent")
    await walk.shows("Another life.")
    await walk.press(key, "up", "enter")
    await walk.until(lambda: walk.app.data.name == "default", "the first agent")
    await walk.quiet()


@case("back")
async def out_again(walk: Walk, key: str) -> None:
    await walk.press("slash", key)
    assert not walk.main.searching
    walk.main.filters["events"] = "author:Marlene"
    await walk.press(key)
    assert walk.main.filters == {}
    await walk.press("enter", key)
    assert walk.dialog == "MainScreen"


@case("quit")
async def leaving(walk: Walk, key: str) -> None:
    await walk.pilot.press(key)
    await walk.pilot.pause()
    assert walk.app._exit


@case("move(1)")
async def one_row_on(walk: Walk, key: str) -> None:
    await walk.press(key, key)
    assert walk.rows.cursor == 2


@case("move(-1)")
async def one_row_back(walk: Walk, key: str) -> None:
    walk.rows.to(5)
    await walk.press(key)
    assert walk.rows.cursor == 4


@case("page(1)")
async def one_page_on(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.rows.cursor == walk.rows.size.height - 1


@case("page(-1)")
async def one_page_back(walk: Walk, key: str) -> None:
    walk.rows.to(100)
    await walk.press(key)
    assert walk.rows.cursor == 101 - walk.rows.size.height


@case("first")
async def to_the_first(walk: Walk, key: str) -> None:
    walk.rows.to(100)
    await walk.press(key)
    assert walk.rows.cursor == 0
    assert walk.row.text == "Ahoi, and a calm sea!"


@case("last")
async def to_the_last(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.rows.cursor == 250
    assert "I'm Marlene" in walk.row.text


@case("focus_on")
async def to_the_next_part(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.app.focused.id == "detail"
    await walk.press(key)
    assert walk.app.focused.id == "sidebar"


@case("lineage")
async def to_the_lineage(walk: Walk, key: str) -> None:
    await walk.press("2", key)
    assert walk.dialog == "LineageScreen"
    assert walk.app.selected().layer == "memory"


@case("search")
async def searching(walk: Walk, key: str) -> None:
    await walk.press(key)
    await walk.type("retention")
    assert "retention" in walk.row.text.lower()
    assert {row.layer for row in walk.rows._rows.values()} >= {"event", "memory", "knowledge"}
    await walk.press("escape", "7", key)
    assert walk.app.focused.id == "query"


@case("filter")
async def filtering(walk: Walk, key: str) -> None:
    await walk.press(key)
    await walk.type("author:Marlene baltic")
    await walk.press("enter")
    assert [row.who for row in walk.rows._rows.values()] == ["Marlene"]
    await walk.shows("filter author:Marlene baltic")


@case("order")
async def ordering(walk: Walk, key: str) -> None:
    await walk.press(key)
    await walk.shows("oldest first")
    assert "I'm Marlene" in walk.row.text
    await walk.press("2", key, key)
    await walk.shows("strongest")
    scores = [row.score for row in walk.rows._rows.values()]
    assert walk.row.score == max(scores)


@case("retired")
async def hiding_what_is_retired(walk: Walk, key: str) -> None:
    await walk.press("4")
    with open_agent(read_only=True) as agent:
        states = [row["state"] for row in agent.knowledge()]
    standing = [state for state in states if state in ("active", "decaying", "candidate")]
    assert len(walk.rows.keys) == len(states) > len(standing)
    await walk.press(key)
    await walk.shows("standing only")
    assert len(walk.rows.keys) == len(standing)
    await walk.press(key)
    assert len(walk.rows.keys) == len(states)


@case("detail")
async def hiding_the_detail(walk: Walk, key: str) -> None:
    await walk.shows("event · assistant message")
    await walk.press(key)
    assert not walk.sees("event · assistant message")
    await walk.press(key)
    await walk.shows("event · assistant message")


@case("preset")
async def another_preset(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.main.mode == "packs"
    await walk.shows("p: turn")
    await walk.press(key)
    await walk.shows("p: session")
    await walk.press(key)


async def go_to(walk: Walk, day: str) -> None:
    await walk.press("t")
    for _ in range(10):
        await walk.pilot.press("backspace")
    await walk.type(day)
    await walk.press("enter")
    await walk.until(lambda: walk.app.data.past is not None, "the past")
    await walk.quiet()


@case("travel")
async def travelling(walk: Walk, key: str) -> None:
    await walk.press(key)
    await walk.shows("What was known at")
    assert walk.app.screen.query_one("#answer").value == "2026-05-08"
    await walk.press("escape")
    await go_to(walk, "2026-05-03")
    await walk.shows("as known on 3 May 2026")
    await walk.press("5")
    assert len(walk.rows.keys) == 3


@case("step(-1)")
async def a_day_back(walk: Walk, key: str) -> None:
    await go_to(walk, "2026-05-03")
    await walk.press(key)
    assert walk.app.data.past == "2026-05-02"
    await walk.press("5")
    assert len(walk.rows.keys) == 2


@case("step(1)")
async def a_day_on(walk: Walk, key: str) -> None:
    await go_to(walk, "2026-05-03")
    await walk.press(key)
    assert walk.app.data.past == "2026-05-04"


@case("step_dream(-1)")
async def a_dream_back(walk: Walk, key: str) -> None:
    await walk.press("5", key)
    assert walk.app.data.past == "2026-05-07T09:00:00.000000Z"
    assert len(walk.rows.keys) == 7


@case("step_dream(1)")
async def a_dream_on(walk: Walk, key: str) -> None:
    await go_to(walk, "2026-05-06")
    await walk.press(key)
    assert walk.app.data.past == "2026-05-07T09:00:00.000000Z"
    await walk.press(key)
    assert walk.app.data.past is None


@case("theme")
async def light_and_dark(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.app.theme == "elephantasm-light"
    await walk.press(key)
    assert walk.app.theme == "elephantasm-dark"


@case("help")
async def asking_for_help(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.dialog == "HelpScreen"
    await walk.shows("Memories: what was worth keeping")
    await walk.press("escape")
    assert walk.dialog == "MainScreen"


@case("command_palette")
async def everything_by_name(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.dialog == "Commands"
    await walk.type("dark or")
    await walk.shows("Dark or light")
    await walk.press("escape")


@case("copy")
async def copying_the_id(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.app.clipboard == walk.row.id


@case("copy_text")
async def copying_the_words(walk: Walk, key: str) -> None:
    await walk.press(key)
    assert walk.app.clipboard == "Ahoi, and a calm sea!"
    await walk.press("7", key)
    assert walk.app.clipboard == walk.main.pack.text


@case("export")
async def exporting(walk: Walk, key: str) -> None:
    await walk.press(key)
    path = Path(walk.app.screen.query_one("#answer").value)
    assert path.name == "elephantasm-default-events.jsonl"
    await walk.press("enter")
    await walk.shows("wrote ")
    assert len(path.read_text(encoding="utf-8").splitlines()) == 251


async def lineage_of_the_identity(walk: Walk) -> None:
    await walk.press("5", "enter")


@case("words", "lineage")
async def to_the_next_words(walk: Walk, key: str) -> None:
    await lineage_of_the_identity(walk)
    await walk.press(key)
    first = walk.app.screen.graph.cursor_line
    assert walk.app.selected().layer == "event"
    await walk.press(key)
    assert walk.app.selected().layer == "event"
    assert walk.app.screen.graph.cursor_line > first


@case("fold", "lineage")
async def folding(walk: Walk, key: str) -> None:
    await lineage_of_the_identity(walk)
    await walk.press("j", key)
    assert not walk.app.screen.graph.cursor_node.is_expanded
    await walk.press(key)
    assert walk.app.screen.graph.cursor_node.is_expanded


@case("crumb", "lineage")
async def back_along_the_path(walk: Walk, key: str) -> None:
    await lineage_of_the_identity(walk)
    await walk.press("j", "enter")
    assert [item[:4] for item in walk.app.screen.path] == ["idn_", "kno_"]
    assert walk.app.selected().layer == "knowledge"
    await walk.press(key)
    assert walk.app.selected().layer == "identity"
    await walk.press(key)
    assert walk.dialog == "MainScreen"


def transcript_of(more: int) -> Case:
    async def longer_or_shorter(walk: Walk, key: str) -> None:
        await lineage_of_the_identity(walk)
        await walk.press("w")
        before = walk.app.screen.around
        length = len(str(walk.app.screen.query_one("#earlier").render()))
        await walk.press(key)
        assert walk.app.screen.around == before + more
        assert (len(str(walk.app.screen.query_one("#earlier").render())) - length) * more > 0

    return longer_or_shorter


case("more(2)", "lineage")(transcript_of(2))
case("more(-2)", "lineage")(transcript_of(-2))
