"""The words of one speaker in the third person: "I love my dog", said by Dana, is "Dana loves their dog". Pure.

Every rule is one of grammar, and what none of them covers has no answer. Which of them a quote needs, and whether the
speaker is called by name every time, is for `reported_speech` and `retelling` to say.
"""

from __future__ import annotations

import re

from elephantasm_cli.dream import speech_grammar as grammar
from elephantasm_cli.dream import verbs
from elephantasm_cli.dream.cues import DUMMY_IT
from elephantasm_cli.dream.orders import ORDER_LEAD, to_do
from elephantasm_cli.dream.verbatim import place_of
from elephantasm_cli.dream.wording import IMPERATIVE
from elephantasm_cli.text.common_words import is_common
from elephantasm_cli.text.words import STOPWORDS, content_words

LONGEST_FRAGMENT = 60
"""In characters: a piece without a verb that goes on with the sentence before it ("same place, the old mill")."""
LEAST_SAID = 2
"""Content words of such a piece; with fewer ("so much fun") it says nothing."""
AND_OTHERS = "and others"
"""Behind the speaker's name: who "we" are, where nobody has said."""
NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty half""".split()  # noqa: SIM905
)


def said_to_be_so(statement: str, speaker: str) -> str:
    """A statement as its speaker's word: "Dana is a retriever" as "Dana says that Dana is a retriever"."""
    says = f"{speaker} says that "
    return statement if statement.startswith(says) else f"{says}{re.sub('^The ', 'the ', statement)}"


def is_order(text: str) -> bool:
    """Whether a sentence that nobody is told to do tells somebody to do something: "Ask my wife"."""
    return IMPERATIVE.match(text) is not None and not grammar.has_subject_and_verb(text)


class Speech:
    """The words of one speaker, turned sentence by sentence.

    ``by_name``: "I" and "me" are the name every time, else "they" and "them"; ``their``: so is "my". ``group`` begins
    with the one "we" that is the speaker "and others". ``is_apart``: somebody else is there whom "they" would mean, so
    that "we" are the speaker and others every time, and "our" is the speaker's. ``attributed`` as in `reported`.
    """

    def __init__(
        self,
        speaker: str,
        *,
        by_name: bool,
        their: bool,
        group: str = "",
        is_apart: bool = False,
        attributed: bool = False,
    ) -> None:
        self._group = group
        self._is_apart = is_apart
        self._attributed = attributed
        self._speaker = speaker
        self._inside = re.sub(r"^The ", "the ", speaker)
        self._by_name = by_name
        self.possessive = f"{speaker}'" if speaker.endswith("s") else f"{speaker}'s"
        mine = re.sub(r"^The ", "the ", self.possessive)
        self._my = "their" if their else mine
        self._of_one = {"me": self._inside, "mine": mine, "myself": "themselves"} if by_name else _OF_ONE

    def turned(self, pieces: list[str], wants: str, imperative: re.Pattern[str] | None) -> str | None:
        """The sentences as one; None where the first cannot be turned. From the first other one on that cannot, the
        rest is left to be quoted (`verbatim`)."""
        told = self.said if self._attributed else self.statement
        first = self.order(pieces[0], wants, imperative) if wants else told(pieces[0])
        if first is None:
            return None
        turned, rest = [first], ""
        for place, piece in enumerate(pieces[1:], 1):
            further = self.further(piece, imperative if wants else None)
            if further is None:
                rest = f"; in {self.possessive} words: {place_of(place, len(pieces), len(pieces))}"
                break
            turned.append(further)
        return f"{'; '.join(part for part in turned if part)}{rest}."

    def statement(self, text: str) -> str | None:
        """The first sentence, in the plainest form that is certain."""
        if grammar.POINTS_BACK.match(text) and not DUMMY_IT.match(text):
            return None
        if named := self._introduced(text):
            if grammar.has_verb(text[named.end() :]):
                return self.statement(text[named.end() :])
            rest = self.shifted(text[named.end() :])
            return None if rest is None else f"{self._speaker} is {_with_article(rest)}"
        if (paired := grammar.PAIRED.match(text)) is not None:
            rest = self.shifted(text[paired.end() :])
            return None if rest is None else self._paired(paired) + rest
        start = grammar.GROUP.match(text)
        if start is not None:
            direct = self._agreeing(text, start)
            if direct is not None:
                head, rest = direct
                turned = self.shifted(rest)
                if turned is not None:
                    return f"{self._speaker}{head}{turned}"
            return self._says(text)
        if text[:3].casefold() == "my " and grammar.has_verb(text):
            turned = self.shifted(text[3:])
            return None if turned is None or grammar.COORDINATED_BE.search(text) else f"{self.possessive} {turned}"
        if (elided := self._without_subject(text)) is not None:
            return elided
        return self._says(text)

    def _introduced(self, text: str) -> re.Match[str] | None:
        """ "I'm Dana, ..."."""
        name = re.escape(self._speaker)
        return re.match(rf"(?:I'm|I am|my name is) {name}(?:, | and (?:I'm |I am )?)(?=\w)", text, re.I)

    def said(self, text: str) -> str | None:
        """The first sentence as what its speaker says."""
        own = self.statement(text)
        if own is None:
            return None
        is_plain = grammar.OWN_START.match(text) and not (grammar.PAIRED.match(text) or self._introduced(text))
        if is_plain and not self._by_name and not grammar.COORDINATED_BE.search(text):
            turned = self.shifted(text)
            if turned is not None:
                return f"{self._speaker} says that {lowered(turned)}"
        return said_to_be_so(own, self._speaker)

    def further(self, text: str, imperative: re.Pattern[str] | None) -> str | None:
        """A sentence after the first, which has said already whose words these are."""
        if imperative is not None and (order := to_do(text, imperative)) is not None:
            return self.shifted(order.lstrip(" ,"))
        if grammar.POINTER.match(text):
            return ""
        if (imperative is None and (grammar.ASKED.match(text) or is_order(text))) or not grammar.is_reportable(
            text, is_order=True
        ):
            return None
        start = grammar.GROUP.match(text)
        if start is None and grammar.DENIED.match(text):
            text = f"I {text[0].lower()}{text[1:]}"
            start = grammar.GROUP.match(text)
        if start is None and not grammar.has_verb(text):
            little = len(content_words(text)) < LEAST_SAID and not grammar.QUALIFIER.match(text)
            if grammar.EXCLAIMED.match(text) or little:
                return ""  # nothing is said
            turned = self.shifted(text)
            return None if turned is None or len(text) > LONGEST_FRAGMENT else lowered(turned)
        if start is not None and grammar.COORDINATED_BE.search(text):
            return None
        turned = self.shifted(text)
        return None if turned is None else lowered(turned)

    def order(self, text: str, wants: str, imperative: re.Pattern[str] | None) -> str | None:
        """What the speaker wants of an agent."""
        if imperative is None or not wants.endswith(" to"):
            text = ORDER_LEAD.sub("", text)
            if grammar.has_verb(grammar.clause(text) if grammar.NOUN_PHRASE.match(text) else text):
                return self._says(text)
            turned = self.shifted(lowered(text)) if grammar.NOUN_PHRASE.match(text) else None
            return None if turned is None else f"{self._speaker} wants {turned}"
        order = to_do(text, imperative)
        if order is None:
            return self._says(ORDER_LEAD.sub("", text))
        turned = self.shifted(order)
        return None if turned is None else f"{self._speaker} {wants.removesuffix(' to')}{turned}"

    def _says(self, text: str) -> str | None:
        if (
            not grammar.has_subject_and_verb(text)
            or grammar.ONLY_WHEN.fullmatch(text)
            or ((aside := grammar.AS_AN_ASIDE.search(text)) and not grammar.has_verb(text[: aside.start()]))
            or (grammar.PLEADS.search(text) and not grammar.OWN_START.match(text))
            or grammar.COORDINATED_BE.search(text)
            or grammar.ORDERED.search(text)
        ):
            return None
        turned = self.shifted(text)
        return None if turned is None else f"{self._speaker} says that {lowered(turned)}"

    def _without_subject(self, text: str) -> str | None:
        """ "Went to Ghent", "Can't wait to start", "Still looking for a flat": the subject is the speaker."""
        if grammar.THIRD_PERSON.search(text) or grammar.THING_HAPPENED.match(text):
            return None  # perhaps that one's, or a thing's
        lead, first, rest = verbs.ELIDED.match(text), "", ""
        if lead is not None and not re.match(r" (?:me|us)\b", text[lead.end() :]):
            first, rest = text[: lead.end()], text[lead.end() :]
        elif (been := grammar.BEEN.match(text)) is not None:
            first, rest = f"has {text[: been.end()].rstrip().lower()}", text[been.end() - 1 :]
        elif grammar.PARTICIPLE.match(text) and not grammar.FINITE.search(grammar.clause(text)):
            first, rest = "is ", f"{text[0].lower()}{text[1:]}"
        else:
            return None
        turned = self.shifted(rest)
        return None if turned is None else f"{self._speaker} {first[0].lower()}{first[1:]}{turned}"

    def _agreeing(self, text: str, group: re.Match[str]) -> tuple[str, str] | None:
        """What follows the speaker's name in place of "I", and the rest of the sentence; None if unsure."""
        adverbs, verb = (group["adverbs"] or "").rstrip(), group["verb"] or ""
        rest = text[group.end() :]
        rest = f" {rest}" if rest[:1].isalnum() else rest
        if group["short"]:
            auxiliary = {"'m": "is", "'ve": "has", "'ll": "will"}.get(group["short"])
            if group["short"] == "'d" and verb and (verb in _WISHES or verbs.is_surely_base(verb)):
                auxiliary = "would"
            if auxiliary is None:
                return None
            head, changed = f" {auxiliary}{adverbs}{' ' + verb if verb else ''}", auxiliary in ("is", "has")
        elif verb in _OF_TWO:
            head, changed = f"{adverbs} {verb}", False  # "my mate and I are"
        else:
            found = verbs.third_person(verb)
            if found is None:
                return None
            head, changed = f"{adverbs} {found}", found != verb
        if changed and not grammar.agrees_alone(rest):
            return None
        return head, rest

    def shifted(self, text: str) -> str | None:
        """``text`` with every word of the first person turned; None where a verb may not agree with the name."""
        if self._is_apart and (ours := grammar.PLURAL.findall(text)):
            we = grammar.WE.search(text)
            if len(ours) > 1 or (ours[0].casefold() != "our" and (we is None or grammar.COMPANIONS.search(text))):
                return None
            ours_from, text = "" if we is None else text[we.start() :], _OUR.sub(_as_my, text)
        else:
            ours_from = self._group
        pieces, end = [], 0
        paired = {match.end() for match in grammar.PAIRED.finditer(text)}
        for group in grammar.GROUP.finditer(text):
            if grammar.NUMERAL.search(text[: group.start() + 1]):
                continue
            if self._by_name and group.start() + 1 in paired:  # the verb after "Dana and I" stays
                new = f"{self._inside}{text[group.start() + 1 : group.end()]}"
            elif self._by_name:
                agreeing = self._agreeing(text, group)
                if agreeing is None:
                    return None
                new = f"{self._inside}{agreeing[0]}{' ' if group[0].endswith(' ') else ''}"
            else:
                new = _they(group)
            pieces += [text[end : group.start()], new]
            end = group.end()
        shifted = "".join([*pieces, text[end:]])
        if re.search(grammar.FIRST, grammar.NUMERAL.sub("", shifted)):
            return None
        if ours_from and text.endswith(ours_from):
            shifted = grammar.WE.sub(lambda we: f"{self._inside} {AND_OTHERS}{_SHORT[we['short']]}", shifted, count=1)
        return _PRONOUN.sub(self._pronoun, shifted)

    def _paired(self, match: re.Match[str]) -> str:
        """ "My wife and I" as "Dana and their wife": the plural verb after it stays."""
        other = match["with"].rstrip()
        mine = re.fullmatch(r"(?:my|our) (?P<noun>.+)", other, re.I)
        return f"{self._speaker} and {'their ' + mine['noun'] if mine else other}"

    def _pronoun(self, match: re.Match[str]) -> str:
        word = match[0].casefold()
        if word in _OF_SEVERAL:
            return _OF_SEVERAL[word]
        if word == "my":
            return self._my
        if word == "mine" and not _OWNED.search(match.string, 0, match.start()):
            return match[0]  # what is dug for salt
        return self._of_one[word]


_OUR = re.compile(r"\bour\b", re.I)
_WISHES = frozenset(("like", "love", "prefer", "hate", "want", "say", "rather"))
_OF_TWO = frozenset(("are", "were"))
_OF_ONE = {"me": "them", "mine": "theirs", "myself": "themselves"}
_OF_SEVERAL = {
    "we": "they", "we're": "they are", "we've": "they have", "we'll": "they will", "we'd": "they'd",
    "us": "them", "our": "their", "ours": "theirs", "ourselves": "themselves",
}  # fmt: skip
_SHORT = {"'re": " are", "'ve": " have", "'ll": " will", None: ""}
_TURNED = sorted(["my", *_OF_ONE, *_OF_SEVERAL], key=len, reverse=True)
_PRONOUN = re.compile(rf"\b(?!(?-i:US|OUR)\b)(?:{'|'.join(_TURNED)})\b(?!-)", re.I)
"""The US is a country."""


_OWNED = re.compile(
    r"(?:^|[,;:.]|\b(?:of|is|was|are|were|be|like|than|as|with|to|for|and|or|but|not|that|while|at|on|in)|'s)\s*$", re.I
)
"""What stands before "mine" where it is a pronoun."""


def _as_my(our: re.Match[str]) -> str:
    return "My" if our[0][0] == "O" else "my"


def _they(group: re.Match[str]) -> str:
    """ "I" and its verb as "they" and its verb: only "am" and "was" differ."""
    adverbs, verb = (group["adverbs"] or "").rstrip(), group["verb"] or ""
    short = {"'m": " are", "'ve": " have", "'ll": " will", "'d": "'d", None: ""}[group["short"]]
    plural = {"am": "are", "was": "were", "wasn't": "weren't"}.get(verb, verb) if not group["short"] else verb
    space = " " if group[0].endswith(" ") else ""
    return f"they{short}{adverbs}{' ' + plural if plural else space}"


def _with_article(text: str) -> str:
    """A description with an article: "backend engineer at Nordkai" is "a backend engineer at Nordkai"."""
    if grammar.DETERMINED.match(text):
        return text
    return f"{'an' if text[0].casefold() in 'aeiou' else 'a'} {text}"


def lowered(text: str) -> str:
    """The sentence as it stands inside another: a first word that is no name, in small letters."""
    first = re.match(r"[A-Z][a-z']*(?![\w-])", text)
    if first is None:
        return text
    word = first[0].casefold()
    word = word.removesuffix("'s")
    plain = (
        grammar.SETTING.match(text)
        or word in STOPWORDS
        or word in verbs.PAST
        or grammar.PAST_START.match(text)
        or word in NUMBERS
        or word.endswith(("ing", "tion", "ment", "ness", "ly", "est"))
        or (is_common(word) and re.match(r"\s+(?!I\b)[A-Z]", text[first.end() :]) is None)
    )
    return text[0].lower() + text[1:] if plain else text
