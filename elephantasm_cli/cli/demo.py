"""``elephantasm demo``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, command
from elephantasm_cli.cli.output import on_terminal, print_text, short, show
from elephantasm_cli.cli.progress import JobProgress
from elephantasm_cli.cli.why import LAYER_STYLES, print_trace
from elephantasm_cli.errors import UsageError
from elephantasm_cli.text.visible import one_line, visible

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from elephantasm_cli.demo.play import Beat, Item

app = new_app()
SHOWN_CHARACTERS = 150


@command(app)
def demo(
    call: Call,
    keep: Annotated[
        Path | None, typer.Option(help="Keep what is made in this folder, which must be new or empty.", metavar="DIR")
    ] = None,
    no_llm: Annotated[
        bool, typer.Option("--no-llm", help="Without a language model: by rules and quotations alone.")
    ] = False,
) -> None:
    """See the whole path on a sample history, in a throw-away home."""
    from elephantasm_cli.agent import Agent
    from elephantasm_cli.demo.play import next_steps, play
    from elephantasm_cli.locations import find_locations

    progress = JobProgress(call)
    with home_for(keep) as home, Agent("demo", find_locations(home), call.settings) as agent:
        for beat in play(agent, llm=not no_llm, progress=progress if sys.stderr.isatty() else None):
            progress.pause()
            print_beat(beat)
    for beat in next_steps(str(keep) if keep is not None else None):
        print_beat(beat)


@contextmanager
def home_for(keep: Path | None) -> Iterator[Path]:
    """``keep``, or a folder that goes away again. Raises UsageError where ``keep`` holds something already."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="elephantasm-demo-") as folder:
            yield Path(folder)
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError(f"{keep} is not an empty folder: name a new one for the demonstration")
    yield keep


def print_beat(beat: Beat) -> None:
    """One thing that is told: plain in a pipe, with colour on a terminal."""
    from elephantasm_cli.demo import play

    if isinstance(beat, play.Lineage):
        print_trace(beat.trace)
    elif on_terminal():
        print_beat_in_colour(beat)
    elif isinstance(beat, play.Heading):
        print_text(f"\n== {beat.text}")
    elif isinstance(beat, play.Item):
        print(item_line(beat))
    elif isinstance(beat, play.Try):
        print_text(f"  {beat.command}\n      {beat.purpose}")
    else:
        print_text(beat.text)


def item_line(item: Item) -> str:
    was = f"{clipped(item.was)} -> " if item.was else ""
    return f"  {item.mark} {item.layer:<9} {short(item.id)}  {was}{clipped(item.text)}"


def clipped(text: str) -> str:
    """The beginning of a text, on one line."""
    line = one_line(text)
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 1].rstrip()}…"


def print_beat_in_colour(beat: Beat) -> None:
    """The same for eyes."""
    from rich.panel import Panel
    from rich.rule import Rule
    from rich.text import Text

    from elephantasm_cli.demo import play

    if isinstance(beat, play.Heading):
        show(Text())
        show(Rule(Text(one_line(beat.text), style="bold"), align="left", style="dim"))
    elif isinstance(beat, play.Words):
        show(Panel(Text(visible(beat.text.rstrip(), keep_layout=True)), border_style="dim"))
    elif isinstance(beat, play.Try):
        show(hanging((f"  {beat.command}", "bold cyan"), Text(beat.purpose, style="dim"), width=52))
    elif isinstance(beat, play.Item):
        words = Text()
        if beat.was:
            words.append(clipped(beat.was), style="dim strike").append(" → ")
        words.append(clipped(beat.text), style=LAYER_STYLES[beat.layer])
        show(hanging((f"  {beat.mark} {short(beat.id)}", "dim"), words, width=17))
    elif isinstance(beat, play.Remark):
        show(Text(visible(beat.text)))


def hanging(label: tuple[str, str], words: Text, *, width: int) -> Table:
    """A label with words beside it, which keep to their column when they wrap."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=width, no_wrap=True)
    grid.add_column()
    grid.add_row(Text.assemble(label), words)
    return grid
