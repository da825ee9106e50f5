"""From what an agent is to the words it was told, without a mouse."""

from __future__ import annotations

from pathlib import Path

from walk import NARROW, browsing, told


@told
async def test_from_identity_to_the_words_in_three_keystrokes(demo: Path) -> None:
    """5 shows the identity, enter its lineage, w what was said, with the quote marked; also on the smallest screen."""
    for size in (NARROW, (200, 60)):
        async with browsing(size=size) as walk:
            await walk.press("5", "enter", "w")
            screen = walk.app.screen
            place = screen.graph.cursor_node.data
            assert place.node.layer == "event"
            target = screen.query_one("#target").render()
            marked = [str(target)[span.start : span.end] for span in target.spans if "on" in str(span.style)]
            assert place.node.quote in marked
            assert walk.sees("▌ Marlene")


@told
async def test_each_step_down_is_a_layer_lower(demo: Path) -> None:
    """Identity, knowledge, memory or lesson, event: a key a layer."""
    async with browsing() as walk:
        await walk.press("5", "enter")
        layers = [walk.app.selected().layer]
        while layers[-1] != "event":
            await walk.press("j")
            layers.append(walk.app.selected().layer)
        order = ["identity", "knowledge", "lesson", "memory", "event"]
        assert layers == [layer for layer in order if layer in layers]
        await walk.press("minus", "minus")
        await walk.shows("How it came to rest on this")
        assert walk.sees("no model: by rule")
        assert walk.sees("weight ")
