"""Decontextualisation: one quoted sentence as a statement that stands alone (Choi et al. 2021), checked against it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream import cues as grammar
from elephantasm_cli.dream import grounding, speech_grammar
from elephantasm_cli.dream.grounding import Grounding
from elephantasm_cli.dream.listener import named_listener
from elephantasm_cli.dream.openings import after_opening, opening_of
from elephantasm_cli.dream.reported_speech import reported, with_rest, without_rest
from elephantasm_cli.dream.retelling import retold
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.text.dates import replace_relative
from elephantasm_cli.text.language import is_foreign
from elephantasm_cli.text.periods import MONTHS
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.text.words import STOPWORDS

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import Asker
    from elephantasm_cli.dream.memories import Quote
    from elephantasm_cli.services.structured import Answer

PROMPT = "reflect_rewrite"
WANTS = "wants"
ASSISTANT = "the assistant"
"""Whom "you" means in talk with an agent."""
REWRITTEN_ROLES = ("user", "operator")
"""Whose words a model may rewrite."""
REPORTED_ROLES = ("assistant", "unknown")
"""Whose words are turned by rule alone, into what they say themselves: an assistant's word is nobody's fact, and of a
speaker in a text nobody has said who it is."""
FIRST_PERSON_SUBJECT = re.compile(r"\b(?:I|we)\b(?!['’]?s\b)", re.IGNORECASE)
IMPERATIVE = re.compile(
    r"(?:^|[:,;.]\s+)(?:(?:please|and|but|so|then|now|just|again|also|from\s+now\s+on|in\s+future|going\s+forward|always|never|"
    rf"only|don['’]t|do\s+not)[,:]?\s+)*(?:{grammar.IMPERATIVE})\b(?!\s+(?:is|are|was|has|of)\b)"
    r"|^(?:(?:please|and|but)\s+)*(?:please|never|always|don['’]t|do\s+not)\s+(?!(?:be|been|an?|the|more|again|had|have|in|on|at|so|this|"
    r"that|mind|ever)\b|\w+(?:ed|ing)\b)[a-z]+\b",
    re.IGNORECASE,
)
"""What tells the agent to do something, rather than how things should be ("staging first", "no new dependencies")."""
NO_THING = re.compile(
    r"(?:and |so |but )?no (?!one\b|problem|worries|idea|need|way|thanks|time|doubt|luck|wonder|longer|more\b)"
    r"[a-z][\w-]*(?: [\w-]+){0,7}(?:[,.;:]|$)",
    re.IGNORECASE,
)
""" "No milk, ...": a wish without a verb."""
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


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A statement that passed grounding, with the answer it came in; None where it was turned by rule."""

    statement: str
    grounding: Grounding
    answer: Answer[Any] | None
    follows: bool = False
    """Whether it cannot be read without what was said before it."""


def rewrite(
    context: Asker,
    quote: Quote,
    *,
    cues: Sequence[str],
    names: Sequence[str],
    to_agent: bool,
    needs_context: bool = False,
    follows: bool = False,
    is_note: bool = False,
    by_rule: bool = True,
    by_model: bool = True,
) -> Rewritten | None:
    """The quote as one third-person statement: by rule where one is sure, else by the model; None where neither is.

    ``cues`` are what made the sentence salient; ``to_agent``: said to an agent, so that an instruction becomes what the
    speaker wants of it. ``names`` are the people present. ``needs_context``: the first sentence cannot be read alone,
    so that the statement begins with a later one, where there is any. ``by_model`` is False for what is not worth the
    model's time, ``by_rule`` where the model's own worth is in question.
    """
    if quote.role not in (*REWRITTEN_ROLES, *REPORTED_ROLES):
        return None
    others = [name for name in names if name != quote.author]
    listener = ASSISTANT if to_agent else others[0] if len(others) == 1 else ""
    if by_rule and needs_context and follows:
        return _retold(context, quote, names, listener, follows=True, is_note=is_note)
    opening, words = _opening(quote.words, listener, needs_context=needs_context) if by_rule else ("", quote.words)
    if needs_context and not opening:
        return None
    made = _restated(
        context,
        quote,
        words,
        opening,
        cues,
        names,
        listener,
        to_agent=to_agent,
        is_note=is_note,
        by_rule=by_rule,
        by_model=by_model,
    )
    return made or (_retold(context, quote, names, listener, is_note=is_note) if by_rule else None)


def _retold(
    context: Asker,
    quote: Quote,
    names: Sequence[str],
    listener: str,
    *,
    follows: bool = False,
    is_note: bool = False,
) -> Rewritten | None:
    """What is no whole sentence, with its speaker and the day; ``follows``: it may point to what was said before."""
    dated = _dated(quote, quote.words, names, listener)
    if not follows and speech_grammar.points_outside(dated):
        return None
    day = human_date(quote.occurred_at)
    statement = retold(dated, quote.author, day, is_note=is_note)
    if statement is None:
        return None
    checker = _Checker(context, quote, names, f"{quote.author}, {day}: {speech_grammar.spoken_out(dated)}")
    found = checker.grounded(without_rest(statement))
    whole = with_rest(statement, quote.words)
    return Rewritten(whole, found, None, follows=follows) if found.passed and whole is not None else None


def _dated(quote: Quote, words: str, names: Sequence[str], listener: str) -> str:
    """The words with relative dates resolved, and the one they are said to called by name or left out."""
    others = [name for name in names if name != quote.author]
    return named_listener(without_address(replace_relative(words, quote.occurred_at), others), listener)


def _restated(
    context: Asker,
    quote: Quote,
    words: str,
    opening: str,
    cues: Sequence[str],
    names: Sequence[str],
    listener: str,
    *,
    to_agent: bool,
    is_note: bool,
    by_rule: bool,
    by_model: bool,
) -> Rewritten | None:
    """The words as a sentence about their speaker: by rule where one is sure, else by the model."""
    dated = _dated(quote, words, names, listener)
    if speech_grammar.points_outside(dated) or grammar.HYPOTHETICAL.search(dated) or grammar.IRONIC.search(dated):
        return None  # of whom it speaks is not in these words, or it is not so
    other = subject_of(as_one_sentence(dated), quote.author)
    wants = wanted(dated, cues) if to_agent and not other else ""
    checker = _Checker(context, quote, names, f"{quote.author} {wants} {dated}" if wants else dated)
    statement = None
    if by_rule:
        statement = reported(
            dated, quote.author, wants=wants, imperative=IMPERATIVE, to_agent=to_agent, listener=listener
        )
    if statement is not None:
        wanting = bool(wants) and statement.startswith(f"{quote.author} {WANTS}")
        checker.cited = f"{quote.author} {wants} " * wanting + speech_grammar.spoken_out(dated)
        found = checker.grounded(without_rest(statement))
        whole = with_rest(statement, words)
        if found.passed and whole is not None:
            return Rewritten(after_opening(whole, opening), found, None)
    if context.model is None or not by_model or quote.role not in REWRITTEN_ROLES:
        return None
    if not to_agent and speech_grammar.SECOND_PERSON.search(dated):
        return None  # among people "you" is somebody, but not said who
    if by_rule and not to_agent and speech_grammar.ORDERED.search(dated):
        return None  # a small model makes what is asked of the other one a fact
    if by_rule and is_foreign(dated):
        return None  # a small model does not keep apart who says what in a language that it hardly knows
    if by_rule and not wants and (told := _retold(context, quote, names, listener, is_note=is_note)) is not None:
        return told  # a small model is for orders, and for what no rule can turn
    if by_rule and not (wants or speech_grammar.OWN_START.match(dated) or speech_grammar.has_subject_and_verb(dated)):
        return None  # a model makes up what a sentence without subject or verb leaves out
    made = _by_model(
        context, quote, checker, as_one_sentence(FILLER.sub("", speech_grammar.LEAD.sub("", dated))), other, wants
    )
    return made and replace(made, statement=after_opening(made.statement, opening))


def _opening(words: str, listener: str, *, needs_context: bool) -> tuple[str, str]:
    """The opening and the rest, once whoever is "you" there has a name."""
    named = named_listener(words, listener)
    opening, rest = opening_of(named, to_agent=listener == ASSISTANT, needs_context=needs_context)
    if not opening:
        return "", words
    count = len(split_sentences(rest))
    start = split_sentences(words)[-count].start
    return words[:start].rstrip(), words[start:]


class _Checker:
    """Grounding of statements about one quote."""

    def __init__(self, context: Asker, quote: Quote, names: Sequence[str], cited: str) -> None:
        self._context = context
        self._quote = quote
        self._names = [name for name in names if name != quote.author]
        self.cited = cited

    def grounded(self, statement: str, stop_list: frozenset[str] = frozenset()) -> Grounding:
        author = self._quote.author
        vectors = self._context.vectors([f"{author}: {statement}", f"{author}: {self.cited}"])
        return grounding.check(
            statement,
            cited_text=self.cited,
            speaker=author,
            other_names=self._names,
            date_label=human_date(self._quote.occurred_at),
            stop_list=stop_list,
            cosine=float(vectors[0] @ vectors[1]),
            role=self._quote.role,
        )


def _by_model(context: Asker, quote: Quote, checker: _Checker, words: str, other: str, wants: str) -> Rewritten | None:
    """The model's statement; None where both tries failed the check."""
    from elephantasm_cli.services.answers import RewriteAnswer, report_grammar, statement_grammar
    from elephantasm_cli.services.prompts import load_prompt
    from elephantasm_cli.services.structured import Rejection

    checker.cited = f"{quote.author} {wants} {words}" if wants else words
    stop_list = load_prompt(PROMPT).stop_words
    last: list[Grounding] = []

    def check(answer: RewriteAnswer) -> Rejection | None:
        statement = mended(answer.statement, words, quote.author)
        found = checker.grounded(statement, stop_list)
        if len(GENDERED.findall(statement)) > len(GENDERED.findall(words)):
            return Rejection("it has a he or she more than what was said")
        last[:] = [found]
        if wants == WANTS and statement.startswith(f"{quote.author} {WANTS} to "):
            return Rejection("what is wanted of the agent became what the speaker wants to do")
        return None if found.passed else Rejection("; ".join(found.reasons))

    answer = context.ask(
        PROMPT,
        {"speaker": quote.author, "said": words},
        RewriteAnswer,
        check,
        grammar=report_grammar(quote.author, other) if other else statement_grammar(quote.author, wants=wants),
        second_grammar=None if other else report_grammar(quote.author),
    )
    if answer is None:
        return None
    return Rewritten(mended(answer.value.statement, words, quote.author), last[0], answer)


def without_address(words: str, names: Sequence[str]) -> str:
    """The words without the name of the one they are said to: "I passed, Ana!" is no "I passed Ana"."""
    parts = {part for name in names for part in (name, name.split()[0]) if len(part) > 2}
    for part in sorted(parts, key=lambda part: (-len(part), part)):
        words = re.sub(rf",\s+{re.escape(part)}(?=\s*[.,;!?…]|\s*$)|^{re.escape(part)},\s+(?=\w)", "", words)
    return KIN_ADDRESSED.sub("", words)


def as_one_sentence(words: str) -> str:
    """Sentences joined by semicolons, and no exclamation mark: the answer must be one sentence with a full stop, and a
    model copies how the words are set."""
    return re.sub(r"!+", ".", re.sub(r"(?<=[^\W\d_]{3})[.!]+\s+(?=[A-ZÄÖÜÉ])", "; ", words))


def wanted(words: str, cues: Sequence[str]) -> str:
    """What stands after the speaker's name where a sentence instructs the agent: "wants the assistant to" do something,
    or just "wants" something; empty where it tells what somebody does, as it does where "I" or "we" act in it.
    """
    if NO_THING.match(words):
        return WANTS
    if not {"instruction", "request"} & set(cues):
        return ""
    order, actor = IMPERATIVE.search(words), FIRST_PERSON_SUBJECT.search(words)
    if actor and (order is None or not CLAUSE_END.search(words, order.end(), actor.start())):
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
