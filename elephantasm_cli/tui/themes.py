"""Two calm themes, dark and light: a colour per layer, which nothing but the layer wears."""

from __future__ import annotations

from textual.theme import Theme

DARK, LIGHT = "elephantasm-dark", "elephantasm-light"
DARK_COLOURS = {
    "layer-event": "#a9b4c0",
    "layer-memory": "#8fc08f",
    "layer-lesson": "#dcb674",
    "layer-knowledge": "#79bccf",
    "layer-identity": "#c6a0cf",
    "layer-dream": "#8fb4e0",
    "dim-text": "#8b94a0",
    "bad-text": "#e08a86",
    "quote-text": "#1b1d22",
    "quote-back": "#dcb674",
    "cursor-back": "#2f3a49",
    "scroll-bar": "#414854",
}
LIGHT_COLOURS = {
    "layer-event": "#4f5a66",
    "layer-memory": "#2f6f33",
    "layer-lesson": "#85600f",
    "layer-knowledge": "#15687d",
    "layer-identity": "#774485",
    "layer-dream": "#2c5a96",
    "dim-text": "#666d76",
    "bad-text": "#a8322c",
    "quote-text": "#2a2410",
    "quote-back": "#f2d58a",
    "cursor-back": "#dbe4ee",
    "scroll-bar": "#c4bfb3",
}
THEMES = (
    Theme(
        name=DARK,
        primary="#8fb4e0",
        secondary="#79bccf",
        accent="#dcb674",
        warning="#dcb674",
        error="#e08a86",
        success="#8fc08f",
        foreground="#d8dce2",
        background="#16181d",
        surface="#1b1e24",
        panel="#262a32",
        dark=True,
        variables=DARK_COLOURS,
    ),
    Theme(
        name=LIGHT,
        primary="#2c5a96",
        secondary="#15687d",
        accent="#85600f",
        warning="#85600f",
        error="#a8322c",
        success="#2f6f33",
        foreground="#22262b",
        background="#fbfaf7",
        surface="#f4f2ed",
        panel="#e6e3dc",
        dark=False,
        variables=LIGHT_COLOURS,
    ),
)
