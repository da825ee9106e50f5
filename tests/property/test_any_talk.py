"""A dream reads whatever people type: no words there are may stop it."""

from __future__ import annotations

import os

from hypothesis import example, given, settings
from hypothesis import strategies as st

from elephantasm_cli.dream.clauses import independent_parts, is_clause
from elephantasm_cli.dream.known import Known
from elephantasm_cli.dream.openings import opening_of
from elephantasm_cli.dream.reported_speech import reported
from elephantasm_cli.dream.retelling import retold
from elephantasm_cli.dream.salience import salient_sentences
from elephantasm_cli.dream.wording import IMPERATIVE, wanted
from elephantasm_cli.text.dates import replace_relative
from elephantasm_cli.text.sentences import split_sentences

CASES = 10_000 if os.environ.get("ELEPHANTASM_LONG") == "1" else 300
TYPED = """
    I we you he she they it my our your me us the a an and but or so if when because since no not never always please
    don't is are was were have has had will would can can't am i'm I've we're that's wants said told moved changed keep
    use stop run leave sold booked Wren Rook Nia's Bo yesterday tomorrow monday 8th May 2023 12 7.30 42% £40 next week
    in ago mother dog flat name key called allergic from to at on of for with by not now instead actually wait sorry lol
    """.split()  # noqa: SIM905
MARKS = """
    ... … , . ! ? ; : - – " ' “ ” ( ) ` `` * / \\ { } ^ ~ ™ ° 😂 ß é 東京 以后 $ € & @ # _ => [x] :// 1. .5 's
    """.split()  # noqa: SIM905
MARKS += ["\n", "\t", "\u202e", "\ufeff"]
TALK = st.one_of(
    st.lists(st.sampled_from([*TYPED, *MARKS]), max_size=24).map(" ".join),
    st.lists(st.sampled_from([*TYPED, *MARKS]), max_size=24).map("".join),
    st.text(max_size=60),
)
DAY = "2024-02-08T10:00:00Z"


@settings(max_examples=CASES, deadline=None)
@given(TALK)
@example("she wants the names changed, birds (Wren, Rook, ...) not numbers")
@example("...) not numbers")
def test_any_words_can_be_read(talk):
    """Everything that looks at what was said, from choosing to rewriting, gives an answer."""
    for role, kind in (("user", "user_message"), ("assistant", "assistant_message"), ("user", "note")):
        for to_agent in (True, False):
            found = salient_sentences(
                talk, author="Ada", role=role, event_type=kind, previous_text=talk, to_agent=to_agent, after_tool=True
            )
            assert all(talk[each.start : each.end] == each.text for each in found)
    known = Known()
    for sentence in [talk, *(each.text for each in split_sentences(talk))]:
        known.add(sentence, sentence, "Ada")
        known.is_changed_by(sentence, "Ada")
        dated = replace_relative(sentence, DAY)
        wants = wanted(dated, ("instruction",))
        reported(dated, "Ada", wants=wants, imperative=IMPERATIVE, to_agent=True, listener="the assistant")
        retold(dated, "Ada", "8 February 2024")
        opening_of(sentence)
        is_clause(sentence, sure=True)
        assert all(0 <= start < end <= len(sentence) for start, end in independent_parts(sentence))
