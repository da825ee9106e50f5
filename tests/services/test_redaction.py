"""What never reaches the store."""

from __future__ import annotations

import json

import pytest

from elephantasm_cli.services.redaction import redact, redact_value
from elephantasm_cli.text.sentinel import PACK_JSON_KEY, PACK_SENTINEL_END, start_sentinel


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a <private>b</private> c", "a  c"),
        ("a <PRIVATE>b</Private> c", "a  c"),
        ('a <private reason="x">b\nb</private> c', "a  c"),
        ("a <private>b <private>c</private> d</private> e", "a  e"),
        ("a <private>b", "a "),
        ("<private>a</private><private>b</private>", ""),
        ("a </private> b", "a </private> b"),
        ("a <privateer> b", "a <privateer> b"),
        ("write `<private>` and `</private>` around it", "write `<private>` and `</private>` around it"),
        ("my key: <private>`k`</private>", "my key: "),
        ("nothing here", "nothing here"),
    ],
)
def test_private_parts_are_dropped(text, kept):
    """Any case, nested, with attributes; unclosed ones to the end."""
    assert redact(text).text == kept
    assert redact(text).notes == (() if text == kept else ("private",))


@pytest.mark.parametrize("label", ["", "pck_3f9 budget=1200"])
def test_a_pack_of_ours_is_dropped_with_its_marks(label):
    """Also twice in one text, as a comment in YAML, and when its end was cut off."""
    pack = f"{start_sentinel(label)}\n# Memory\n- likes ferns\n{PACK_SENTINEL_END}"
    assert redact(f"before\n{pack}\nbetween\n{pack}\nafter") == ("before\n\nbetween\n\nafter", ("pack",))
    assert redact(f"before {pack[:-20]}").text == "before "


def test_a_stray_end_mark_is_dropped():
    """Otherwise a quoted one could end a pack early and let the rest back in."""
    assert redact(f"a {PACK_SENTINEL_END} b").text == "a  b"


def test_a_json_pack_is_dropped_where_it_stands():
    """Whole objects go; an escaped or truncated one takes the rest with it."""
    pack = json.dumps({PACK_JSON_KEY: "pck_1", "items": [{"text": "a } b"}]}, indent=1)
    assert redact(f"before {pack} after") == ("before  after", ("pack",))
    assert redact(f"before {pack[:-4]}").text == "before "
    assert redact("before " + json.dumps(pack)).text == 'before "'


def test_talking_about_the_key_is_no_pack():
    """Only an object that begins with it is."""
    text = f"the first key is {PACK_JSON_KEY}"
    assert redact(text) == (text, ())


def test_metadata_is_redacted_in_depth():
    """Keys and values, in lists and objects; other values stay."""
    value = {"a<private>b</private>": ["<private>x</private>", 1, None, {"c": "d <private>e"}]}
    assert redact_value(value) == {"a": ["", 1, None, {"c": "d "}]}


def test_a_label_cannot_close_the_sentinel():
    """A pack's own opening mark is always well-formed."""
    with pytest.raises(ValueError, match="--"):
        start_sentinel("x --> y")


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_messages_that_held_nothing_but_packs_leave_nothing(layers):
    """Also escaped inside other JSON; messages with words of their own stay."""
    pack = f"{start_sentinel()}\n- likes ferns\n{PACK_SENTINEL_END}\n"
    text = json.dumps([{"role": "system", "content": pack}, {"role": "user", "content": pack}], indent=2)
    other = json.dumps([{"role": "user", "content": pack + "hello"}])
    for _ in range(layers):
        text, other = json.dumps(text), json.dumps(other)
    assert redact(f"before {text} after").text.replace('"', "").replace("\\", "") == "before  after"
    assert "hello" in redact(other).text
    assert redact('[{"role": "user", "content": ""}]').notes == ()
