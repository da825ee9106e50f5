"""Decontextualisation: one quoted sentence as a statement that stands alone (Choi et al. 2021), checked against it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream import claims, grounding, speech_grammar, unmeant
from elephantasm_cli.dream.grounding import Grounding
from elephantasm_cli.dream.listener import named_listener
from elephantasm_cli.dream.openings import after_opening, opening_of
from elephantasm_cli.dream.referents import points_outside
from elephantasm_cli.dream.reported_speech import reported
from elephantasm_cli.dream.retelling import retold
from elephantasm_cli.dream.speech import AND_OTHERS, said_to_be_so
from elephantasm_cli.dream.verbatim import with_verbatim, without_verbatim, words_told
from elephantasm_cli.dream.wording import (
    FILLER,
    GENDERED,
    IMPERATIVE,
    WANTS,
    as_one_sentence,
    mended,
    subject_of,
    wanted,
    without_address,
)
from elephantasm_cli.services.clock import human_date
from elephantasm_cli.text.dates import replace_relative
from elephantasm_cli.text.language import is_foreign
from elephantasm_cli.text.sentences import split_sentences

if TYPE_CHECKING:
    from elephantasm_cli.dream.context import Asker
    from elephantasm_cli.dream.memories import Quote
    from elephantasm_cli.services.structured import Answer

PROMPT = "reflect_rewrite"
ASSISTANT = "the assistant"
"""Whom "you" means in talk with an agent."""
MOST_LOST = 0.25
"""Share of the content words that a model may leave out or change: where it does not know them, it guesses."""
RUN_TOGETHER = re.compile(r"[^\W\d_]+[.;:!][^\W\d_]+")
"""What a small model makes where it loses its place: "her foot down.cheduled for"."""
MOST_FOR_MODEL = 2
"""Sentences: of more a small model makes a summary."""
REWRITTEN_ROLES = ("user", "operator")
"""Whose words a model may rewrite."""
REPORTED_ROLES = ("assistant", "unknown")
"""Whose words are turned by rule alone, into what they say themselves: an assistant's word is nobody's fact, and of a
speaker in a text nobody has said who it is."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A statement that passed grounding, with the answer it came in; None where it was turned by rule."""

    statement: str
    grounding: Grounding
    answer: Answer[Any] | None
    follows: bool = False
    """Whether it cannot be read without what was said before it."""
    own: str = ""
    """The same told as so, where ``statement`` tells it as what somebody says and it is surely meant."""


@dataclass(frozen=True, slots=True)
class Said:
    """A quote and the talk it is from: what one must know to say it in other words.

    ``names`` are the people present; ``to_agent``: said to an agent, so that an instruction becomes what the speaker
    wants of it; ``is_note``: written down for oneself. ``cues`` are what made the sentence salient.
    """

    quote: Quote
    names: Sequence[str]
    cues: Sequence[str]
    to_agent: bool
    is_note: bool = False

    @property
    def speaker(self) -> str:
        return self.quote.author

    @property
    def others(self) -> list[str]:
        return [name for name in self.names if name != self.speaker]

    @property
    def listener(self) -> str:
        """Whom "you" means; empty where that may be several."""
        if self.to_agent:
            return ASSISTANT
        return self.others[0] if len(self.others) == 1 else ""

    @property
    def day(self) -> str:
        return human_date(self.quote.occurred_at)

    def dated(self, words: str) -> str:
        """The words with relative dates resolved, and the one they are said to called by name or left out."""
        resolved = self._resolved(words)
        return named_listener(without_address(resolved, self.others), self.listener)

    def _resolved(self, words: str) -> str:
        """The words with relative dates resolved, as they stand in the whole quote: a day named before them counts."""
        whole, at = self.quote.words, self.quote.occurred_at
        before = whole.removesuffix(words)
        if before == whole:
            return replace_relative(words, at)
        told, begun = replace_relative(whole, at), replace_relative(before, at)
        return told.removeprefix(begun) if told.startswith(begun) else replace_relative(words, at)


def rewrite(
    context: Asker,
    said: Said,
    *,
    needs_context: bool = False,
    follows: str = "",
    attributed: bool = False,
    beside: str = "",
    by_rule: bool = True,
    by_model: bool = True,
) -> Rewritten | None:
    """The quote as one third-person statement: by rule where one is sure, else by the model; None where neither is.

    ``needs_context``: the first sentence cannot be read alone, so that the statement begins with a later one, where
    there is any. ``follows`` was said before, and is quoted behind the statement, so that it can. ``attributed``:
    what happened, or only may be meant, is told as what somebody says rather than as so. ``beside`` is what was
    said around it. ``by_model`` is False for what is not worth the model's time, ``by_rule`` where the model's own
    worth is in question.
    """
    quote = said.quote
    if quote.role not in (*REWRITTEN_ROLES, *REPORTED_ROLES):
        return None
    if not by_rule:
        clear = not needs_context and is_meant(said.dated(quote.words)) and quote.role in REWRITTEN_ROLES
        return _by_model(context, said, said.dated(quote.words)) if clear else None
    if needs_context and follows:
        told = _retold(context, said, before=follows)
        return told and replace(told, follows=True)
    opening, words = _opening(quote.words, said.listener, needs_context=needs_context)
    if needs_context and not opening:
        told = _retold(context, said)  # with its speaker and day, though nothing says what it goes on from
        return told and replace(told, follows=True)
    dated = said.dated(words)
    made = None
    if is_meant(dated):
        made = _reported(context, said, words, attributed=attributed, beside=f"{beside} {opening}")
        if made is None and wanted_of(said, dated) and by_model and is_for_model(said, dated):
            made = _by_model(context, said, dated)
    if made is not None:
        return _with_opening(made, opening)
    told = _retold(context, said)
    if told is not None or not by_model or not is_for_model(said, dated):
        return told
    made = _by_model(context, said, dated)
    return made and _with_opening(_as_said(made, made.statement, said) if attributed else made, opening)


def _share_lost(statement: str, words: str) -> float:
    """The share of the content words of ``words`` that ``statement`` has not, in [0, 1]."""
    told, kept = claims.stems(words), set(claims.stems(statement))
    return sum(word not in kept for word in told) / len(told) if told else 0.0


def _with_opening(made: Rewritten, opening: str) -> Rewritten:
    return replace(
        made, statement=after_opening(made.statement, opening), own=made.own and after_opening(made.own, opening)
    )


def _as_said(made: Rewritten, statement: str, said: Said) -> Rewritten:
    """What is told as so, as what is said; ``statement`` is its wording, if it is found."""
    return replace(made, statement=said_to_be_so(statement, said.speaker), own=made.statement)


def wanted_of(said: Said, dated: str) -> str:
    """What the words instruct the agent to do, as `wanted` says it; empty where somebody else is their subject, and for
    what the agent says itself: "no Redis in the cluster" is what it found."""
    if not said.to_agent or said.quote.role == "assistant" or subject_of(as_one_sentence(dated), said.speaker):
        return ""
    return wanted(dated, said.cues)


def is_meant(dated: str) -> bool:
    """Whether it is clear from the words of whom they speak, and they say what is so."""
    return not (points_outside(dated) or unmeant.HYPOTHETICAL.search(dated) or unmeant.IRONIC.search(dated))


def is_for_model(said: Said, dated: str) -> bool:
    """Whether a small model may try: not where it would make up what is not said, or mix up who is who."""
    if said.quote.role not in REWRITTEN_ROLES:
        return False
    if not is_meant(dated) or speech_grammar.NEVER.search(speech_grammar.plain(dated)):
        return False
    if not said.to_agent and (speech_grammar.SECOND_PERSON.search(dated) or speech_grammar.ORDERED.search(dated)):
        return False  # among people "you" is somebody, but not said who, and what is asked of the other is no fact
    if len(split_sentences(dated)) > MOST_FOR_MODEL:
        return False  # it sums up
    if speech_grammar.OTHERS.search(dated) and speech_grammar.PLURAL.search(dated):
        return False  # two groups that would both be "they"
    if is_foreign(dated):
        return False  # it does not keep apart who says what in a language that it hardly knows
    return bool(
        wanted_of(said, dated) or speech_grammar.OWN_START.match(dated) or speech_grammar.has_subject_and_verb(dated)
    )


def _reported(context: Asker, said: Said, words: str, *, attributed: bool, beside: str) -> Rewritten | None:
    """The words in reported speech, where a rule is sure; what is wanted is so in any case."""
    dated = said.dated(words)
    wants = wanted_of(said, dated)
    made = _by_rule(context, said, words, wants, attributed=False, beside=beside)
    if made is None or not attributed or wants:
        return made
    told = _by_rule(context, said, words, wants, attributed=True, beside=beside)
    return _as_said(made, made.statement if told is None else told.statement, said)


def _by_rule(context: Asker, said: Said, words: str, wants: str, *, attributed: bool, beside: str) -> Rewritten | None:
    dated = said.dated(words)
    statement = reported(
        dated,
        said.speaker,
        wants=wants,
        imperative=IMPERATIVE,
        to_agent=said.to_agent,
        listener=said.listener,
        attributed=attributed,
        beside=beside,
    )
    if statement is None:
        return None
    wanting = bool(wants) and statement.startswith(f"{said.speaker} {WANTS}")
    cited = f"{said.speaker} {wants} " * wanting + speech_grammar.spoken_out(words_told(statement, dated))
    return _checked(context, said, statement, cited, words)


def _retold(context: Asker, said: Said, *, before: str = "") -> Rewritten | None:
    """What is no whole sentence, with its speaker and the day, where it is clear from it, or from what was said
    ``before``, of whom most of it speaks."""
    dated = said.dated(said.quote.words)
    statement = retold(dated, said.speaker, said.day, is_note=said.is_note, before=before)
    if statement is None:
        return None
    cited = f"{said.speaker}, {said.day}: {speech_grammar.spoken_out(words_told(statement, dated))}"
    return _checked(context, said, statement, cited, said.quote.words)


def _checked(context: Asker, said: Said, statement: str, cited: str, words: str) -> Rewritten | None:
    """A statement made by rule, if what it cites bears it out and the rest of the ``words`` can be quoted in it.

    Whom "we" has become is the rule's own word, and is checked as "they".
    """
    checked = without_verbatim(statement).replace(f"{said.speaker} {AND_OTHERS}", "they")
    found = _Checker(context, said, cited).grounded(checked)
    whole = with_verbatim(statement, words)
    return Rewritten(whole, found, None) if found.passed and whole is not None else None


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
    """Grounding of statements about one quote in the words they cite."""

    def __init__(self, context: Asker, said: Said, cited: str) -> None:
        self._context = context
        self._said = said
        self._cited = cited

    def grounded(self, statement: str, stop_list: frozenset[str] = frozenset()) -> Grounding:
        author = self._said.speaker
        vectors = self._context.vectors([f"{author}: {statement}", f"{author}: {self._cited}"])
        return grounding.check(
            statement,
            cited_text=self._cited,
            speaker=author,
            other_names=self._said.others,
            date_label=self._said.day,
            stop_list=stop_list,
            cosine=float(vectors[0] @ vectors[1]),
            role=self._said.quote.role,
        )


def _by_model(context: Asker, said: Said, dated: str) -> Rewritten | None:
    """The model's statement of the ``dated`` words; None without a model, or where both tries failed the check."""
    if context.model is None:
        return None
    from elephantasm_cli.services.answers import RewriteAnswer, report_grammar, statement_grammar
    from elephantasm_cli.services.prompts import load_prompt
    from elephantasm_cli.services.structured import Rejection

    speaker = said.speaker
    other, wants = subject_of(as_one_sentence(dated), speaker), wanted_of(said, dated)
    words = as_one_sentence(FILLER.sub("", speech_grammar.LEAD.sub("", dated)))
    checker = _Checker(context, said, f"{speaker} {wants} {words}" if wants else words)
    stop_list = load_prompt(PROMPT).stop_words
    last: list[Grounding] = []

    def check(answer: RewriteAnswer) -> Rejection | None:
        statement = mended(answer.statement, words, speaker)
        found = checker.grounded(statement, stop_list)
        last[:] = [found]
        if any(run not in words for run in RUN_TOGETHER.findall(statement)):
            return Rejection("two sentences are run together")
        if len(GENDERED.findall(statement)) > len(GENDERED.findall(words)):
            return Rejection("it has a he or she more than what was said")
        owned = len(speech_grammar.OWNED.findall(words)) + words.count(f"{speaker}'s")
        if statement.count(f"{speaker}'s") > owned:
            return Rejection("the speaker owns what was not said to be theirs")
        several = speech_grammar.OTHERS
        if several.search(words) and len(several.findall(statement)) > len(several.findall(words)):
            return Rejection("the speaker became one of those who are spoken of")
        of_agent = speech_grammar.YOU_ARE_SUBJECT.search(words) or speech_grammar.YOU_ARE_OBJECT.search(words)
        if said.to_agent and of_agent and ASSISTANT not in statement:
            return Rejection("what the assistant does is said of somebody else")
        if wants == WANTS and statement.startswith(f"{speaker} {WANTS} to "):
            return Rejection("what is wanted of the agent became what the speaker wants to do")
        if found.passed and not is_foreign(words) and _share_lost(statement, words) > MOST_LOST:
            return Rejection("much of what was said is missing, or put in other words")
        return None if found.passed else Rejection("; ".join(found.reasons))

    answer = context.ask(
        PROMPT,
        {"speaker": speaker, "said": words},
        RewriteAnswer,
        check,
        grammar=report_grammar(speaker, other) if other else statement_grammar(speaker, wants=wants),
        second_grammar=None if other else report_grammar(speaker),
    )
    if answer is None:
        return None
    return Rewritten(mended(answer.value.statement, words, speaker), last[0], answer)
