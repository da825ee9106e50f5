"""Indirect speech by rule: "I love my dog", said by Dana, is "Dana loves their dog". Pure, and no model.

A rule that applies is right every time, which no small model is. So every rule here is one of grammar, for English only,
and what none of them covers has no answer: a noun after "and" that may be a verb, "put" that may be past, "I" beside
"they". Dana is called by name once and "they" after that; wherever others are "they" already, by name throughout.
"""

from __future__ import annotations

import re

from elephantasm_cli.dream import verbs
from elephantasm_cli.dream.claims import RELATIONS
from elephantasm_cli.text.language import is_english
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.text.words import STOPWORDS, words

LONGEST = 300
"""In characters: what is longer is no single statement."""
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_COLLOQUIAL = tuple(
    (re.compile(pattern, re.I), plain)
    for pattern, plain in (
        (r"\bgonna\b", "going to"),
        (r"\bwanna\b", "want to"),
        (r"\b(?P<who>I|we)(?:(?:'ve)? gotta|'ve got to)\b", r"\g<who> have to"),
        (r"(?<!\w)'?(?:cuz|cos)\b|(?<!\w)'cause\b", "because"),
        (r"(?<!\w)'(?:til|till)\b", "until"),
        (r",? (?:lol|haha\w*|xd|btw|by the way|you know|to be honest|tbh|honestly|thanks|thank you|please)(?=\s*(?:[,.;!]|$))", ""),
        (r"\bI mean,? ", ""),
    )
)
_PICTOGRAPHS = re.compile(r"\s*[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+|\s+[:;]-?[)(DP](?=\s|$)")
_NEVER = re.compile(
    r"\b(?:let me|lemme|let's|thank|thanks|me too|here's|here (?:is|are)|(?:this|that|these|those) (?:pic|photo|picture|one)s?)\b|[?\n`{}]"
    r"|\b(?:am|was|do|did|have|will|can|could|should|would)(?:n't)? I\b|\b(?:neither|nor) (?:am|do|did|was)\b",
    re.I,
)
"""Asked, inverted, pointed at, or code: nothing a rule of statements speaks of."""
_CODE = re.compile(r"`[^`\n]+`")
_HERE = re.compile(r"\bhere\b", re.I)
_LETS = re.compile(r"^let's (?!not\b|see\b|say\b|go\b)", re.I)
_ASKED_OF_YOU = re.compile(r"^I(?:'d like| would like| want| need) you (?P<not>not )?to\b")
_YOU_DO = re.compile(r"\b(?P<when>before|after|when|while) you (?P<verb>(?!are\b|have\b|can\b|do\b|think\b)[a-z]{2,})\b", re.I)
_YOUR = re.compile(r"\byour\b", re.I)
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself|ya|u|ur)\b", re.I)
_QUOTED_SPEECH = re.compile(r"\"[^\"]*\b(?:I|me|my|we|our|us|you|your)\b[^\"]*\"|'[^']*\b(?:I|my|we|our)\b[^']*'(?!\w)")
_DATED_LEAD = re.compile(r"^(?P<date>(?:in|on) [\w ]{3,24} \d{4}): ", re.I)
_LEAD = re.compile(
    r"^(?:(?:(?:and|but|so|also|plus|well|oh|yeah|ok|okay|actually|anyway|btw|fyi|haha\w*|honestly|hey)\b,?|(?:yes|no|not anymore|then|still),|"
    r"(?:decision|note|reminder|update|fact|rule|todo|idea|result|correction|quick (?:one|thing|note)):)\s+)+(?=\S)",
    re.I,
)
_OTHERS = re.compile(r"\b(?:they|them|their|theirs|themselves)\b", re.I)
_I = r"\bI\b(?![./])"
_SINGULAR = re.compile(rf"{_I}|\b(?:me|my|mine|myself)\b", re.I)
_PLURAL = re.compile(r"\b(?:we|us|our|ours|ourselves)\b", re.I)
_NUMERAL = re.compile(r"\b(?:war|phase|type|part|class|chapter|level|tier|appendix|section) I\b", re.I)
_ADVERB = rf"(?:(?:{verbs.ADVERBS}|(?!(?:re|ap|sup|im|com)ply\b|rely\b|fly\b)[a-z]{{2,}}ly) )*"
_GROUP = re.compile(rf"{_I}(?P<short>'(?:m|ve|ll|d))?(?P<adverbs> {_ADVERB})?(?: ?(?P<verb>[a-z]+?(?:n't)?)(?![\w']))?")
"""The speaker as a subject, and the word that agrees with it."""
_PAIRED = re.compile(
    rf"(?P<with>\b(?:[Mm]y|[Oo]ur) (?:[a-z-]+ )?(?:{'|'.join(sorted(RELATIONS))})s? |\b[A-Z][\w'-]+ )and I\b(?! (?:am|was)\b|')"
)
_COORDINATED = re.compile(rf"(?:,?(?:^|\s)(?:and|but|or|nor|then|yet)|,)\s+{_ADVERB}(?P<next>[\w'-]+)")
_AUXILIARY = re.compile(r" (?:is|are|was|were|has|will|would|can|could|should|must|might|isn't|aren't|wasn't|won't|can't)\b")
"""After a word, it makes that word a subject."""
_COORDINATED_BE = re.compile(rf"\b(?:and|but|or|then|yet),? {_ADVERB}(?:am|was|wasn't)\b")
_FINITE = re.compile(
    r"\b(?:am|is|are|was|were|has|have|had|does|did|will|would|can|could|should|must|might|cannot)\b|\w'(?:re|ve|m|ll|d)\b|n't\b"
    r"|\b(?i:it|he|she|that|there|what|who|everything|nobody|everybody|\w+ing)'s\b|\b\w+'s (?:been|got|gonna|going|always|just|still|"
    r"also|fine|okay|happened|getting|doing)\b|\b[A-Z]\w+'s (?:an?|the|not|in|at|on|so|very|really|\w+ing)\b|\b(?i:I|we|he|she|they) [a-z]"
    rf"|\b(?:{verbs.OF_OTHERS})\b|\b[a-z]+s (?:me|us|it|them|people|everyone)\b"
    r"|\w+ing (?:let|make|help|give|keep|bring|remind)s? (?:me|us)\b"
)
_SUBORDINATE = re.compile(r"\b(?:when|who|whose|which|what|how|why|whether|that|if|unless|because|while|where|since|after|before|until|as|than)\b", re.I)
_VERB_FIRST = re.compile(rf"(?:{verbs.OF_OTHERS}|{'|'.join(sorted(verbs.PAST))})\b", re.I)
_SEGMENT = re.compile(r"[,;:](?=\s)|\s[-–—]+\s|—")
_SETTING = re.compile(
    r"(?:in|on|at|for|with|without|from|after|before|since|during|by|under|around|until|last|next|every|each|once|today|yesterday|tomorrow|"
    r"lately|now|then|sometimes|usually|recently|currently)\b|[A-Za-z]+ly,",
    re.I,
)
"""A time or place in front of the subject."""
_NO_SUBJECT = re.compile(
    r"(?:glad|happy|sad|proud|lucky|excited|thrilled|sorry|sure|hope|hoping|wish|bet|guess|figured|almost|such|so|as|what|how|sounds?|looks?|"
    r"seems?|feels?|maybe|hopefully|reminds?|makes?|have|need|want|must|should|will|can|could|got|don't|do|never|always|please|wow|congrats|good|great|nice|awesome|amazing)\b",
    re.I,
)
"""Openings of exclamations and of sentences without a subject."""
_PAST_CLAUSE = re.compile(
    r"(?:[A-Z][\w'-]+|(?:[Tt]he|[Aa]n?|[Mm]y|[Oo]ur)(?: [a-z-]+){1,2}) (?!named|called|titled|based|located|used|needed)[a-z]+ed "
    r"(?:the|an?|to|it|that|me|us|my|our|him|her|for|from|in|on|at|with|into|all|every|last|[A-Z]|\d)"
)
""" "The customer asked for ...": a form in -ed with what follows a verb."""
_SOMEBODY = re.compile(r"\b(?:he|she|him|her|his|hers|someone|somebody|everyone|everybody|guys?|customers?|clients?|team|family)\b", re.I)
_NAMED_SUBJECT = re.compile(rf"(?P<name>[A-Z][\w'-]+) (?:[A-Z][\w'-]+ )?(?:is|was|has|had|will|[a-z]+ed|{verbs.OF_OTHERS}|{'|'.join(sorted(verbs.PAST))})\b")
_RELATIVE = re.compile(r"(?i:my|our) (?P<noun>[a-z-]+)(?: [A-Z][\w-]+)? [a-z]+(?:s|ed) ")
""" "My brother Piet repairs ...": after a relative in the singular, a word in -s or -ed is a verb."""
_POINTS_BACK = re.compile(r"(?:he|she|it|they|them|this|that|these|those|his|her|their|its|both|there|such)\b", re.I)
_PARTICIPLE = re.compile(
    r"(?:(?:still|also|currently|now|just|always) )?(?:looking (?:for|forward|into|at)|planning|hoping|thinking (?:of|about)|trying|working on|"
    r"learning|training|studying|reading|saving|considering|practi[cs]ing|preparing)\b",
    re.I,
)
_DENIED = re.compile(r"(?:haven't|didn't|couldn't|can't|won't|wasn't) [a-z]", re.I)
"""A sentence whose left-out subject is that of the one before."""
_ORDER_LEAD = re.compile(r"^(?:(?:please|and|but|so|then|now|just|again|also)\b,? )+", re.I)
_ORDER_CONDITION = re.compile(r"(?P<when>(?:if|when|whenever|once|before|after) [^,;:]{4,80}), (?:please |then |also )*", re.I)
_ORDER_TIME = re.compile(r"^(?P<time>from now on|going forward|in future|in the future),? ", re.I)
_ORDER_MANNER = re.compile(r"^(?P<manner>always|never|only|don't|do not)\b(?: ever)? ", re.I)
_FORBIDS = re.compile(r"(?:don't|do not) [a-z]", re.I)
_ORDER_NEXT = re.compile(
    r"(?P<before>,|,? (?:and|but)) (?:please )?(?P<manner>always|never|don't|do not) (?!(?:the|an?|this|that|in|on|at|for|my|with)\b)(?=[a-z])", re.I
)
_DETERMINED = re.compile(
    r"(?:an?|the|one|their|your|from|in|at|on|of|with|based|living|married|single|new|\d+|\w+'s|\w+ing|\w+ed|(?-i:[A-Z])[\w'-]*)\b|.* years? old", re.I
)
_NOUN_PHRASE = re.compile(r"(?:no|a|an|the|one|two|three|only|at most|at least|all|every|\d+)\b", re.I)


def reported(
    said: str, speaker: str, *, wants: str = "", imperative: re.Pattern[str] | None = None, to_agent: bool = False
) -> str | None:
    """What ``speaker`` said, as one English sentence about them that ends with a full stop; None where no rule is sure.

    ``said`` is one sentence or several of one turn, relative dates resolved. ``wants`` is "" for a statement, "wants" for a
    wish without a verb ("no emojis in commits"), and "wants the assistant to" for orders to an agent, each of which
    ``imperative`` matches at its start. ``to_agent``: whoever is called "you" is the assistant.
    """
    if len(said) > LONGEST or "\ue000" in said:
        return None
    spans = _CODE.findall(said)
    turned = _reported(_CODE.sub("\ue000", said), speaker, wants, imperative, to_agent=to_agent)
    if turned is None or turned.count("\ue000") != len(spans):
        return None
    for span in spans:
        turned = turned.replace("\ue000", span, 1)
    return turned


def _reported(
    said: str, speaker: str, wants: str, imperative: re.Pattern[str] | None, *, to_agent: bool
) -> str | None:
    text = _DATED_LEAD.sub(r"\g<date>, ", _plain(said))
    if _HERE.search(text) and not to_agent:
        return None  # a place that nobody has named; in talk about work it is where the work is
    if to_agent:
        text = _LETS.sub("I want to ", text)
        text = _ASKED_OF_YOU.sub(lambda match: f"I want the assistant{' not' if match['not'] else ''} to", text)
        if wants.endswith(" to"):
            text = _YOUR.sub("its", _YOU_DO.sub(lambda match: f"{match['when']} {verbs.gerund(match['verb'])}", text))
    if not text or not _is_reportable(text):
        return None
    pieces = [_LEAD.sub("", piece.text.rstrip(" .!;,…")) for piece in split_sentences(text)]
    if not all(pieces):
        return None
    others, several = _OTHERS.search(text) is not None, _PLURAL.search(text) is not None
    if others and several:
        return None  # two groups that would both be "they"
    by_name = others or (several and _SINGULAR.search(text) is not None)
    if by_name or not _is_about_others(text):
        return _Speech(speaker, by_name=by_name, their=not by_name).turned(pieces, wants, imperative)
    own = _GROUP.match(pieces[0]) is not None
    return _Speech(speaker, by_name=True, their=own).turned(pieces, wants, imperative) or _Speech(
        speaker, by_name=False, their=True
    ).turned(pieces, wants, imperative)


class _Speech:
    """The words of one speaker, turned sentence by sentence.

    ``by_name``: "I" and "me" are the name every time, else "they" and "them"; ``their``: so is "my".
    """

    def __init__(self, speaker: str, *, by_name: bool, their: bool) -> None:
        self._speaker = speaker
        self._inside = re.sub(r"^The ", "the ", speaker)
        self._by_name = by_name
        self._possessive = f"{speaker}'" if speaker.endswith("s") else f"{speaker}'s"
        mine = re.sub(r"^The ", "the ", self._possessive)
        self._my = "their" if their else mine
        self._of_one = {"me": self._inside, "mine": mine, "myself": "themselves"} if by_name else _OF_ONE

    def turned(self, pieces: list[str], wants: str, imperative: re.Pattern[str] | None) -> str | None:
        """The sentences as one; None where one of them cannot be turned."""
        first = self.order(pieces[0], wants, imperative) if wants else self.statement(pieces[0])
        if first is None:
            return None
        rest = [self.further(piece, imperative if wants else None) for piece in pieces[1:]]
        if any(piece is None for piece in rest):
            return None
        return "; ".join([first, *(piece for piece in rest if piece)]) + "."

    def statement(self, text: str) -> str | None:
        """The first sentence, in the plainest form that is certain."""
        if _POINTS_BACK.match(text):
            return None
        if (named := re.match(rf"(?:I'm|I am|my name is) {re.escape(self._speaker)}(?:, | and I'm | and I am )(?=\w)", text, re.I)):
            rest = self._shift(text[named.end() :])
            return None if rest is None else f"{self._speaker} is {_with_article(rest)}"
        if (paired := _PAIRED.match(text)) is not None:
            rest = self._shift(text[paired.end() :])
            return None if rest is None else self._paired(paired) + rest
        start = _GROUP.match(text)
        if start is not None:
            direct = self._agreeing(text, start)
            if direct is not None:
                head, rest = direct
                turned = self._shift(rest)
                if turned is not None:
                    return f"{self._speaker}{head}{turned}"
            return self._says(text)
        if text[:3].casefold() == "my " and _has_verb(text):
            turned = self._shift(text[3:])
            return None if turned is None or _COORDINATED_BE.search(text) else f"{self._possessive} {turned}"
        if (elided := self._without_subject(text)) is not None:
            return elided
        return self._says(text)

    def further(self, text: str, imperative: re.Pattern[str] | None) -> str | None:
        """A sentence after the first, which has said already whose words these are."""
        if imperative is not None and (order := _to_do(text, imperative)) is not None:
            return self._shift(order.lstrip(" ,"))
        start = _GROUP.match(text)
        if start is None and _DENIED.match(text):
            text = f"I {text[0].lower()}{text[1:]}"
            start = _GROUP.match(text)
        if start is None and not _has_verb(text):
            return None
        if start is not None and _COORDINATED_BE.search(text):
            return None
        turned = self._shift(text)
        return None if turned is None else _lowered(turned)

    def order(self, text: str, wants: str, imperative: re.Pattern[str] | None) -> str | None:
        """What the speaker wants of an agent."""
        if imperative is None or not wants.endswith(" to"):
            text = _ORDER_LEAD.sub("", text)
            if _has_verb(text):
                return self._says(text)
            turned = self._shift(_lowered(text)) if _NOUN_PHRASE.match(text) else None
            return None if turned is None else f"{self._speaker} wants {turned}"
        order = _to_do(text, imperative)
        if order is None:
            return self._says(_ORDER_LEAD.sub("", text))
        turned = self._shift(order)
        return None if turned is None else f"{self._speaker} {wants.removesuffix(' to')}{turned}"

    def _says(self, text: str) -> str | None:
        if not _is_clause(text) or _COORDINATED_BE.search(text):
            return None
        turned = self._shift(text)
        return None if turned is None else f"{self._speaker} says that {_lowered(turned)}"

    def _without_subject(self, text: str) -> str | None:
        """ "Went to Ghent", "Can't wait to start", "Still looking for a flat": the subject is the speaker."""
        lead, first, rest = verbs.ELIDED.match(text), "", ""
        if lead is not None and not re.match(r" (?:me|us)\b", text[lead.end() :]):
            first, rest = text[: lead.end()], text[lead.end() :]
        elif _PARTICIPLE.match(text) and not _FINITE.search(text):
            first, rest = f"is {text[0].lower()}{text[1:]}", ""
        else:
            return None
        turned = self._shift(rest)
        return None if turned is None else f"{self._speaker} {first[0].lower()}{first[1:]}{turned}"

    def _agreeing(self, text: str, group: re.Match[str]) -> tuple[str, str] | None:
        """What follows the speaker's name in place of "I", and the rest of the sentence; None where either is unsure."""
        adverbs, verb = (group["adverbs"] or "").rstrip(), group["verb"] or ""
        rest = text[group.end() :]
        rest = f" {rest}" if rest[:1].isalnum() else rest
        if group["short"]:
            auxiliary = {"'m": "is", "'ve": "has", "'ll": "will"}.get(group["short"])
            if group["short"] == "'d" and verb in ("like", "love", "prefer", "hate", "want", "say", "rather"):
                auxiliary = "would"
            if auxiliary is None:
                return None
            head, changed = f" {auxiliary}{adverbs}{' ' + verb if verb else ''}", auxiliary in ("is", "has")
        else:
            found = verbs.third_person(verb)
            if found is None:
                return None
            head, changed = f"{adverbs} {found}", found != verb
        if changed and not _agrees_alone(rest):
            return None
        return head, rest

    def _shift(self, text: str) -> str | None:
        """Every word of the first person turned; None where a verb's agreement with the name is unsure."""
        pieces, end = [], 0
        text = _PAIRED.sub(self._paired, text)
        for group in _GROUP.finditer(text):
            if _NUMERAL.search(text[: group.start() + 1]):
                continue
            if self._by_name:
                agreeing = self._agreeing(text, group)
                if agreeing is None:
                    return None
                new = f"{self._inside}{agreeing[0]}"
            else:
                new = _they(group)
            pieces += [text[end : group.start()], new]
            end = group.end()
        shifted = "".join([*pieces, text[end:]])
        if re.search(_I, _NUMERAL.sub("", shifted)):
            return None
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
        return self._of_one[word]


_OF_ONE = {"me": "them", "mine": "theirs", "myself": "themselves"}
_OF_SEVERAL = {
    "we": "they", "we're": "they are", "we've": "they have", "we'll": "they will", "we'd": "they'd",
    "us": "them", "our": "their", "ours": "theirs", "ourselves": "themselves",
}  # fmt: skip
_TURNED = sorted(["my", *_OF_ONE, *_OF_SEVERAL], key=len, reverse=True)
_PRONOUN = re.compile(rf"\b(?:{'|'.join(_TURNED)})\b", re.I)


def _plain(said: str) -> str:
    """The words with straight quotes and no slang; no little pictures and no second exclamation mark."""
    text = _PICTOGRAPHS.sub("", " ".join(said.translate(_STRAIGHT).split()))
    text = re.sub(r"\bi(?=(?:'(?:m|ve|ll|d))? )", "I", text)
    for pattern, plain in _COLLOQUIAL:
        text = pattern.sub(plain, text)
    return re.sub(r"!+", ".", text).strip()


def _is_reportable(text: str) -> bool:
    """Whether it is an English statement to nobody in particular."""
    if _NEVER.search(text) or _SECOND_PERSON.search(text) or _QUOTED_SPEECH.search(text):
        return False
    return bool(words(text)) and is_english(text)


def _is_about_others(text: str) -> bool:
    """Whether somebody else is there whom a bare "they" might mean."""
    if _SOMEBODY.search(text) or any(word in RELATIONS for word in words(text)):
        return True
    subject = _NAMED_SUBJECT.match(text)
    return subject is not None and subject["name"].casefold() not in STOPWORDS


def _they(group: re.Match[str]) -> str:
    """ "I" and its verb as "they" and its verb: only "am" and "was" differ."""
    adverbs, verb = (group["adverbs"] or "").rstrip(), group["verb"] or ""
    short = {"'m": " are", "'ve": " have", "'ll": " will", "'d": "'d", None: ""}[group["short"]]
    plural = {"am": "are", "was": "were", "wasn't": "weren't"}.get(verb, verb) if not group["short"] else verb
    space = " " if group[0].endswith(" ") else ""
    return f"they{short}{adverbs}{' ' + plural if plural else space}"


def _agrees_alone(rest: str) -> bool:
    """Whether no further verb may hang on the one that has just been changed ("loves cats and hate dogs")."""
    return all(
        match["next"] == "I" or verbs.cannot_be_base(match["next"]) or _AUXILIARY.match(rest, match.end())
        for match in _COORDINATED.finditer(rest)
    )


def _has_verb(text: str) -> bool:
    """Whether a sentence surely has a verb of its own."""
    if _FINITE.search(text) or _PAST_CLAUSE.match(text) or any(word in verbs.PAST for word in words(text)):
        return True
    relative = _RELATIVE.match(text)
    return relative is not None and relative["noun"].casefold().split("-")[0] in RELATIONS


def _is_clause(text: str) -> bool:
    """Whether a sentence surely has a subject and a verb of its own, and not only inside of what depends on it."""
    if _NO_SUBJECT.match(text) or _VERB_FIRST.match(text):
        return False
    if _SETTING.match(text):
        comma = text.find(",")
        rest = text[comma + 1 :].strip() if comma > 0 else ""
        return (bool(rest) and _is_clause(rest)) or _has_verb(_SUBORDINATE.split(text, maxsplit=1)[0])
    depends = _SUBORDINATE.search(text)
    if depends is not None and depends.start() == 0:
        comma = text.find(",")
        return comma > 0 and _is_clause(text[comma + 1 :].strip())
    return _has_verb(_SEGMENT.split(_SUBORDINATE.split(text, maxsplit=1)[0], maxsplit=1)[0])


def _to_do(text: str, imperative: re.Pattern[str]) -> str | None:
    """An order as what follows "wants the assistant": "to never push to main", ", if a test is flaky, to skip it"."""
    text = _ORDER_LEAD.sub("", text)
    condition = _ORDER_CONDITION.match(text)
    text = text[condition.end() :] if condition else text
    if imperative.match(text) is None and _FORBIDS.match(text) is None:
        return None
    time = _ORDER_TIME.match(text)
    text = _ORDER_LEAD.sub("", text[time.end() :] if time else text)
    manner = _ORDER_MANNER.match(text)
    text = text[manner.end() :] if manner else text
    if _FINITE.search(_SUBORDINATE.split(_SEGMENT.split(text, maxsplit=1)[0], maxsplit=1)[0]):
        return None  # "commit style has changed" is no order to commit
    text = _ORDER_NEXT.sub(lambda match: f"{match['before']} {_infinitive(match['manner'])}", text)
    before = f", {condition['when'][0].lower()}{condition['when'][1:]}, " if condition else " "
    since = f"{time['time'].casefold()} " if time else ""
    return f"{before}{since}{_infinitive(manner['manner'] if manner else '')}{text[0].lower()}{text[1:]}"


def _infinitive(manner: str) -> str:
    """ "to", with how it is to be done: "to never", "not to"."""
    manner = manner.casefold()
    return "not to " if manner in ("don't", "do not") else f"to {manner} ".replace("  ", " ")


def _with_article(text: str) -> str:
    """A description with an article: "backend engineer at Nordkai" is "a backend engineer at Nordkai"."""
    if _DETERMINED.match(text):
        return text
    return f"{'an' if text[0].casefold() in 'aeiou' else 'a'} {text}"


def _lowered(text: str) -> str:
    """The sentence as it stands inside another: a first word that is no name, in small letters."""
    first = re.match(r"[A-Z][a-z']*(?![\w-])", text)
    if first is None:
        return text
    word = first[0].casefold()
    word = word.removesuffix("'s")
    plain = word in STOPWORDS or word in verbs.PAST or word.endswith(("ing", "tion", "ment", "ness", "ly", "est"))
    return text[0].lower() + text[1:] if plain else text
