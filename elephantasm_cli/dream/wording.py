"""Words around a rewriting: whom they speak of, what they ask for, and what a small model did to them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from elephantasm_cli.dream import cues as grammar
from elephantasm_cli.text.periods import MONTHS
from elephantasm_cli.text.words import STOPWORDS

WANTS = "wants"
FIRST_PERSON_SUBJECT = re.compile(r"\b(?:I|we)\b(?!['’]?s\b)", re.IGNORECASE)
IMPERATIVE = re.compile(
    r"(?:^|[:,;.]\s+)(?:(?:please|and|but|so|then|now|just|again|also|from\s+now\s+on|in\s+future|going\s+forward|always|never|"
    rf"only|don['’]t|do\s+not)[,:]?\s+)*(?:{grammar.IMPERATIVE})\b(?!\s+(?:is|are|was|has|of|{grammar.HAPPENED})\b)"
    r"|^(?:(?:please|and|but)\s+)*(?:please|never|always|don['’]t|do\s+not)\s+(?!(?:be|been|an?|the|more|again|had|have|in|on|at|so|this|"
    r"that|mind|ever|first|before|after|during|without|with|for|to|from|any|no|me|both|again)\b|\w+(?:ed|ing)\b)[a-z]+\b(?!\s*[,;])",
    re.IGNORECASE,
)
"""What tells the agent to do something, rather than how things should be ("staging first", "no new dependencies")."""
NO_THING = re.compile(
    rf"(?:and |so |but )?no (?!{grammar.NOT_WISHED}|more\b|then\b|matter\b|thank|sign of\b)"
    r"(?!.*\bsince (?:i|we|my|our)\b)"
    r"(?![^.;]*\b(?:on (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day(?!s)|\d{1,2} [A-Z][a-z]+ \d{4})|btw)\b)"
    r"[a-z][\w-]*(?: [\w-]+){0,7}(?:[,.;:]|$)",
    re.IGNORECASE,
)
""" "No milk, ...": a wish without a verb."""
TRIED = re.compile(
    r"(?:^|[.,;]\s+)(?:i\s+|we\s+)?(?:did|tried|checked|looked|found|tested|counted|searched)\b", re.IGNORECASE
)
"""What tells what came of a search: "no thread, did it in 4 cells"."""
IS_SO = re.compile(r"^[^,;:.]{3,60}\b(?:is|are|was|were|has|have)\b", re.IGNORECASE)
"""What tells how things are: "mornings are dialysis from now on"."""
NO_TROUBLE = re.compile(
    r"(?:and |so |but )?no (?:allerg\w+|problems?|worries|idea|symptoms?|pain|injur\w+|plans?|news)\b", re.IGNORECASE
)
"""What is not there, rather than not wanted."""
KIN_ADDRESSED = re.compile(
    r"^(?:Uncle|Auntie|Aunt|Grandma|Grandpa|Gran|Nan|Mum|Mom|Dad|Papa|Mama|Baba)[,!]?\s+(?=(?:the|I|we|my|our|it|there)\b)"
)
"""Somebody in front of what is said to them."""
CLAUSE_END = re.compile(r"[,;:.]|\b(?:because|so|if|when|unless|since|before|after)\b", re.IGNORECASE)
FILLER = re.compile(
    r",?\s+(?:by\s+the\s+way|btw|you\s+know|as\s+(?:always|ever|usual)|thanks|thank\s+you|thx|please|lol|haha)(?=\s*(?:[,.!]|$))"
    r"|^(?:please|btw,?)\s+",
    re.IGNORECASE,
)
"""What is said to the one talked to, and not about the matter."""
FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|myself)\b", re.IGNORECASE)
OTHER_SUBJECT = re.compile(
    r"(?P<who>[A-ZÄÖÜÉ][a-zäöüßéè'’-]+(?: [A-ZÄÖÜÉ][a-zäöüßéè'’-]+)*) (?:once |just |also |already )?"
    r"(?:says?|said|told|tells?|has|had|is|was|will|would|thinks?|wants?|asks?|suggests?|[a-z]+ed|made|found|got|went)\b"
)
REPORTING = r"(?:says?|reports?|mentions?|hears?|heard|notes?|explains?|tells?)\b"
GENDERED = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b", re.IGNORECASE)
SUBJECT_OR_OBJECT = re.compile(
    r"\b(?:he|she|him)\b|\bher(?=[.,;:!?)]|\s*$|\s+(?:first|before|after|to|for|with|in|on|at|when|if|because|and|or|but|about|that|"
    r"what|why|how|again|now|too|so|as|than|unless|until|while)\b)",
    re.IGNORECASE,
)
POSSESSIVE = re.compile(r"\b(?:his|her)\b", re.IGNORECASE)
NAME = re.compile(
    rf"(?<=[\w,;:] )(?!(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|{'|'.join(MONTHS)})\b)[A-ZÄÖÜÉ][a-zäöüßéè'’-]+\b"
)


def without_address(words: str, names: Sequence[str]) -> str:
    """The words without the name of the one they are said to: "I passed, Ana!" is no "I passed Ana"."""
    parts = {part for name in names for part in (name, name.split()[0]) if len(part) > 2}
    for part in sorted(parts, key=lambda part: (-len(part), part)):
        name = re.escape(part)
        words = re.sub(rf",\s+{name}(?=\s*[.,;!?…]|\s*$)|^{name},\s+(?=\w)", "", words)
        words = re.sub(rf"(^|[.!?]\s+)((?:And|But|So|Also|Well|Ok),? ){name},\s+(?=\w)", r"\1\2", words)
        words = re.sub(rf"^{name}\s+(?=(?:I|we)\b)", "", words, flags=re.I)
    return KIN_ADDRESSED.sub("", words)


def as_one_sentence(words: str) -> str:
    """Sentences joined by semicolons, and no exclamation mark: the answer must be one sentence with a full stop, and a
    model copies how the words are set."""
    return re.sub(r"!+", ".", re.sub(r"(?<=[^\W\d_]{3})[.!]+\s+(?=[A-ZÄÖÜÉ])", "; ", words))


def wanted(words: str, cues: Sequence[str]) -> str:
    """What stands after the speaker's name where a sentence instructs the agent: "wants the assistant to" do something,
    or just "wants" something; empty where it tells what somebody does, as it does where "I" or "we" act in it.
    """
    if NO_TROUBLE.match(words):
        return ""
    if NO_THING.match(words) and not TRIED.search(words) and "answer" not in cues:
        return WANTS
    if not {"instruction", "request"} & set(cues):
        return ""
    order, actor = IMPERATIVE.search(words), FIRST_PERSON_SUBJECT.search(words)
    if actor and (order is None or not CLAUSE_END.search(words, order.end(), actor.start())):
        return ""
    if order is None and IS_SO.search(words):
        return ""
    return f"{WANTS} the assistant to" if order else WANTS


def subject_of(words: str, speaker: str) -> str:
    """Who else a sentence is about ("Robin once suggested …"), or an empty string."""
    match = OTHER_SUBJECT.match(words)
    if match is None or match["who"].casefold() == speaker.casefold() or match["who"].casefold() in STOPWORDS:
        return ""
    return match["who"]


def mended(statement: str, words: str, speaker: str) -> str:
    """The statement with one full stop at its end, and `without_guessed_gender`."""
    return without_guessed_gender(re.sub(r"[.!?]+$", ".", statement.strip()), words, speaker)


def without_guessed_gender(statement: str, words: str, speaker: str) -> str:
    """``statement`` with the speaker's name for a "she" or "his" that the speaker's own words do not bear out.

    Small models guess a gender from a name. Where the words speak of nobody else, the pronoun can only mean the
    speaker; where they name others, only if the statement then
    speaks of the speaker as often as their words do.
    """
    guessed = GENDERED.findall(statement)
    if not guessed or GENDERED.search(words):
        return statement
    others = NAME.search(words) or NAME.search(statement.replace(speaker, "…"))
    told = statement.count(speaker) - bool(re.match(rf"{re.escape(speaker)} {REPORTING}", statement))
    if others and told + len(guessed) != len(FIRST_PERSON.findall(words)):
        return statement
    named = SUBJECT_OR_OBJECT.sub(speaker, statement)
    return POSSESSIVE.sub(f"{speaker}'s", named)
