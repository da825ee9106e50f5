"""Whom "you" means: in a talk of two people, the other one. Pure, English, by rule.

"I could lend you my van", said to Idris, is "I could lend Idris my van". Only where "you" is surely an object and
somebody in particular: "it gives you peace" speaks of anybody, and "you said so" is about the other one altogether.
"""

from __future__ import annotations

import re

from elephantasm_cli.dream.speech_grammar import SECOND_PERSON, STRAIGHT

BEFORE = (
    "with|to|for|from|about|at|without|near|behind|past|see|seeing|saw|meet|meeting|met|join|joining|joined|visit|visiting|visited|show|"
    "showing|showed|give|giving|gave|lend|lending|lent|bring|bringing|brought|invite|inviting|invited|call|calling|called|tell|telling|"
    "told|send|sending|sent|miss|missed|owe|owed|teach|teaching|taught|drive|driving|drove|host|hosting|hosted|text|texted|email|"
    "emailed|write|wrote|ask|asking|asked|promise|promised|buy|buying|bought|cook|bake|baked|borrow|borrowing|borrowed|use|appreciate|"
    "appreciated|follow|followed|take|taking|took|attend|attending|read|reading|finish|finished|remember|help|helped|pay|paid|pick"
)
"""What "you" may be the object of, in the forms that stand after "I" and "to": those in -s have no first person."""
AFTER = (
    r"(?=\s*(?:[.,;:!?)–—-]|$)|\s+(?:and|but|or|so|because|in|on|at|for|with|to|when|if|this|next|last|an?|the|my|our|his|her|some|tomorrow|today|"
    r"tonight|yesterday|soon|about|again|too|by|from|as|after|before|until|up|out|over|around|that|how|what|why|where|once|twice|there|"
    r"more|\d|every|as)\b)"
)
"""What may follow an object; after a subject there is a verb."""
OBJECT = re.compile(rf"\b(?P<before>{BEFORE}) you{AFTER}", re.I)
POSSESSIVE = re.compile(
    rf"\b(?P<before>{BEFORE}|is|are|was|in|on|of|after|before|via|and|but|because|that) (?P<form>your|yours)\b", re.I
)
FIRST_PERSON = re.compile(r"\b(?:I|we|my|our)\b", re.I)


def named_listener(words: str, listener: str) -> str:
    """``words`` with the listener's name for every "you", "your" and "yours"; as they are where one is unsure."""
    text = words.translate(STRAIGHT)
    if not listener or not SECOND_PERSON.search(text) or not FIRST_PERSON.search(text):
        return words
    own = f"{listener}'" if listener.endswith("s") else f"{listener}'s"
    text = OBJECT.sub(lambda match: f"{match['before']} {listener}", text)
    text = POSSESSIVE.sub(lambda match: f"{match['before']} {own}", text)
    return words if SECOND_PERSON.search(text) else text
