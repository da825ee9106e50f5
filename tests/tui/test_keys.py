"""Every key of the help does what the help says: the cases below are found by the table's actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from memory import make_candidates
from walk import NARROW, Walk, browsing, told

from elephantasm_cli.agent import open_agent
from elephantasm_cli.tui.keys import KEYS, SCREENS, Key, of
from elephantasm_cli.tui.screens.help import help_text

SMALL = (132, 18)
"""Wide enough for the tree, and quick to draw."""
Case = Callable[[Walk, str], Awaitable[None]]
CASES: dict[tuple[str, str], Case] = {}


def case(action: str, place: str = "app") -> Callable[[Case], Case]:
    """This is how the key of ``action`` is tried."""

    def register(function: Case) -> Case:
        CASES[place, action] = function
        return function

    return register


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


def test_every_key_has_a_case_and_every_case_a_key() -> None:
    """A key without a test, or a test without a key, ends here."""
    assert set(CASES) == {(key.place, key.action) for key in KEYS}


def test_no_place_has_a_key_twice() -> None:
    """Two things on one key would be one thing too many."""
    for place in ("app", "lineage", "review"):
        pressed = [name for key in of(place) for name in key.keys]
        assert len(pressed) == len(set(pressed))


ACTING = ("undo", "edit", "approve", "reject", "archive", "restore", "note", "forget", "dream", "switch_agent", "quit")
"""In an order in which none spoils the next: at first there is no act to undo, and nothing comes after quit."""
READING = [key for key in KEYS if key.place != "review" and key.action not in ACTING]
WRITING = sorted(
    (key for key in KEYS if key not in READING),
    key=lambda key: ACTING.index("dream" if key.place == "review" else key.action),
)


@told
async def test_each_key_that_looks(demo: Path) -> None:
    """One after the other in one browser, from the list of events each time."""
    async with browsing(size=SMALL) as walk:
        for key in READING:
            for name in key.keys:
                await walk.home()
                await tried(walk, key, name)


@told
async def test_each_key_that_acts(demo: Path) -> None:
    """One after the other on one memory; another agent lives beside."""
    with open_agent("other") as agent:
        agent.ingest([{"role": "user", "content": "Another life."}], session="s")
    async with browsing(size=SMALL) as walk:
        for key in WRITING:
            if key.place != "review":
                await walk.home()
                await tried(walk, key, key.keys[0])


@told
async def test_each_key_that_judges(demo: Path) -> None:
    """One after the other on rows that wait for a review."""
    async with browsing(size=SMALL) as walk:
        for key in WRITING:
            if key.place == "review":
                await walk.home()
                await tried(walk, key, key.keys[0])


async def tried(walk: Walk, key: Key, name: str) -> None:
    try:
        await CASES[key.place, key.action](walk, name)
    except AssertionError as error:
        raise AssertionError(f"{name} ({key.label}): {error}\n{walk.text()}") from error


@told
async def test_help_names_every_key(demo: Path) -> None:
    """The help screen is made of the same table; scrolled through, it shows each."""
    async with browsing(size=NARROW) as walk:
        text = help_text(walk.app.palette).plain
        for key in KEYS:
            assert f"{key.shown:<18}{key.label}" in text
        await walk.press("question_mark", "j")
        await walk.shows("Memories: what was worth keeping")
