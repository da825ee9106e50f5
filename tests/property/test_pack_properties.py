"""The promises of a pack, on whatever people and tools may say."""

from __future__ import annotations

import json
import os
import random
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from elephantasm_cli.pack.clip import clip_output, clip_prose, one_line
from elephantasm_cli.pack.compile import compile_pack
from elephantasm_cli.pack.forms import FORMS, form_of
from elephantasm_cli.recalled import RecalledItem
from elephantasm_cli.services.tokens import load_counter
from elephantasm_cli.text.sentinel import PACK_SENTINEL_END, start_sentinel
from elephantasm_cli.vocabulary import EventType, Layer, Trust

CASES = 10_000 if os.environ.get("ELEPHANTASM_LONG") == "1" else 200

VOCABULARY = "the red key door Ada said yesterday, we moved! Why? 2026 - # ## <!-- --> \n 中文 🎉 `x=1` C:\\tmp ..."
WORDS = st.sampled_from(VOCABULARY.split(" "))
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=40).map(" ".join))
OURS = [start_sentinel(), PACK_SENTINEL_END, "\n## Identity\n", "[8 May 2026]\n"]
MARKUP = ["]]>", "</memory>", "\n---\n", "- a: b #", "&amp;&#0;", '"\\x', "'", "yes", "null"]
UNSEEN = ["\x1b[2J\x00", "\u202egnp", "\ufeff\ufffe\uffff", "\x85\u2028"]
MARKED = st.sampled_from([*OURS, *MARKUP, *UNSEEN])


@st.composite
def items(draw):
    layer = draw(st.sampled_from([Layer.EVENT, Layer.EVENT, Layer.MEMORY, Layer.LESSON, Layer.KNOWLEDGE]))
    text = draw(TEXTS) + draw(st.one_of(st.just(""), MARKED)) + draw(TEXTS)
    number = draw(st.integers(0, 10**6))
    return RecalledItem(
        id=f"{layer.value[:3]}_{number}",
        layer=layer,
        text=text,
        score=draw(st.integers(0, 4)) / 4,
        parts={},
        occurred_at=f"2026-0{draw(st.integers(1, 3))}-0{draw(st.integers(1, 3))}T00:00:00.000000Z",
        trust=draw(st.sampled_from([trust.value for trust in Trust])),
        end=len(text),
        ordinal=draw(st.integers(0, 1)),
        seq=number,
        session_id=draw(st.sampled_from(["a", "b"])),
        author=draw(st.sampled_from(["Ada", "Bob", "", "two\nlines"])),
        role="user",
        event_type=draw(st.sampled_from([kind.value for kind in EventType])),
    )


IDENTITY = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "id": st.just("idn_1"),
            "disposition_summary": TEXTS,
            "traits": st.dictionaries(st.sampled_from(["concise", "warm"]), st.floats(0, 1)),
            "values": st.just({}),
            "preferences": st.dictionaries(st.sampled_from(["language", "style"]), TEXTS),
            "trust": st.just("user"),
        }
    ),
)


@pytest.fixture(scope="module")
def counter():
    return load_counter()


@settings(max_examples=CASES, deadline=None)
@given(
    st.lists(items(), max_size=25, unique_by=lambda item: (item.id, item.ordinal)),
    st.one_of(st.integers(0, 400), st.integers(0, 2000)),
    IDENTITY,
    st.booleans(),
)
def test_a_pack_keeps_its_budget_and_its_shape(counter, found, budget, identity, asked):
    """Never a token over, nothing but our own marks and headings, every line traced to an item that was given."""
    query = "When was the red key moved?" if asked else None
    pack = compile_pack(found, budget=budget, counter=counter, identity=identity, query=query, wanted=("key",))
    assert counter.count(pack.text) <= budget
    assert pack.token_count <= budget
    if not pack.text:
        assert pack.sections == ()
        return
    assert pack.text.count(start_sentinel()) == 1
    assert pack.text.count(PACK_SENTINEL_END) == 1
    lines = pack.text.split("\n")
    assert lines[0] == start_sentinel()
    assert lines[-2:] == [PACK_SENTINEL_END, ""]
    headings = [line for line in lines if line.startswith("## ")]
    assert len(headings) in (len(pack.sections), len(pack.sections) - 1)
    assert {line.item_id for line in pack.lines} <= {item.id for item in found} | {"idn_1"}
    for section in pack.sections:
        for line in section.lines:
            assert (line.trust in ("tool", "import")) == (section.name == "quotations")


@settings(max_examples=CASES // 2, deadline=None)
@given(
    st.lists(items(), max_size=25, unique_by=lambda item: (item.id, item.ordinal)), st.integers(40, 300), st.integers()
)
def test_the_order_in_which_equals_come_does_not_matter(counter, found, budget, seed):
    """Sorted by the order recall promises, any shuffle gives the same bytes."""

    def ranked(listed):
        return sorted(listed, key=lambda item: (-item.score, item.layer.value, item.id, item.ordinal))

    shuffled = list(found)
    random.Random(seed).shuffle(shuffled)
    one = compile_pack(ranked(found), budget=budget, counter=counter, query="key")
    assert one.text == compile_pack(ranked(shuffled), budget=budget, counter=counter, query="key").text


@settings(max_examples=CASES // 2, deadline=None)
@given(TEXTS, st.frozensets(st.sampled_from(["red", "key", "door"])))
def test_a_clip_quotes_nothing_that_was_not_said(text, wanted):
    """Every span lies inside the text, in order, and the clip is on one line."""
    for clip in (clip_prose(text, wanted), clip_output(text, wanted)):
        assert "\n" not in clip.text
        assert all(0 <= start <= end <= len(text) for start, end in clip.spans)
        assert list(clip.spans) == sorted(clip.spans)
        said = one_line(" ".join(text[start:end] for start, end in clip.spans))
        assert clip.text.replace("…", "").split() == said.replace("…", "").split()


FOUND = st.lists(items(), max_size=25, unique_by=lambda item: (item.id, item.ordinal))


@settings(max_examples=CASES, deadline=None)
@given(FOUND, st.integers(0, 400), IDENTITY, st.booleans(), st.sampled_from(["xml", "yaml", "messages"]))
def test_every_form_keeps_its_budget_and_parses(counter, found, budget, identity, asked, name):
    """Tags, keys, marks and escapes are inside the budget, and any parser reads back each line as it was said."""
    query = "When was the red key moved?" if asked else None
    pack = compile_pack(
        found, budget=budget, counter=counter, identity=identity, query=query, wanted=("key",), form=form_of(name)
    )
    assert sum(counter.count(text) for _, text in pack.parts) == pack.token_count <= budget
    said = sorted(line.text for line in pack.lines)
    assert sorted(READERS[name](pack.text)) == (sorted(map(xml_safe, said)) if name == "xml" else said)
    if name != "messages":
        assert counter.count(pack.text) <= budget
        assert pack.text == "" or pack.text.count("<!-- elephantasm:pack -->") == 1
        assert pack.text.count(PACK_SENTINEL_END) == (1 if pack.text else 0)


def xml_safe(text):
    """What XML 1.0 can say of ``text``."""
    allowed = (
        char
        if char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char > "\uffff"
        else "\ufffd"
        for char in text
    )
    return "".join(allowed)


def read_xml(text):
    """The lines of an XML pack."""
    if not text:
        return []
    root = ElementTree.fromstring(text)
    assert root.tag == "memory"
    return [line for section in root for line in "".join(section.itertext()).split("\n") if line]


def read_yaml(text):
    """The lines of a YAML pack, with the list marks of derived rows."""
    found = []
    for section, body in (yaml.safe_load(text) or {}).items():
        days = body if isinstance(body, dict) else {"no date": body}
        for day, lines in days.items():
            assert all(isinstance(line, str) for line in lines)
            found += lines if day != "no date" else [f"- {line}" for line in lines]
        assert isinstance(section, str)
    return found


def read_messages(text):
    """The lines of a pack of messages; only quotations are spoken by the user."""
    found = []
    for message in json.loads(text):
        lines = message["content"].split("\n")
        assert lines[0] == start_sentinel()
        assert lines[-2:] == [PACK_SENTINEL_END, ""]
        assert (message["role"] == "user") == lines[1].startswith("## Quotations")
        found += [line for line in lines[1:-2] if not line.startswith(("## ", "[1 ", "[2 ", "[3 "))]
    return found


READERS = {"xml": read_xml, "yaml": read_yaml, "messages": read_messages}


def test_every_form_has_a_reader():
    """A new form is read back here too."""
    assert {"markdown", "json", *READERS} == set(FORMS)
