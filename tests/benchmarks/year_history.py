"""A synthetic year: one developer with a coding agent and a few friends, in sentences that we wrote ourselves.

What is in it: standing instructions said again in other words, preferences, decisions, facts that change during the
year and are restated between, two facts in one sentence, a change of mind, problems that tools report, findings of
the agent, what happened on a weekend, plans, requests of the day and small talk.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2025, 1, 1, tzinfo=UTC)
USER, AGENT = "Dana", "Assistant"
FRIENDS = ("Robin", "Kim", "Alex")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that has one value at a time. ``sayings`` state it; ``changes`` is how often it changes in a year."""

    name: str
    question: str
    sayings: tuple[str, ...]
    values: tuple[str, ...]
    changes: int


FACTS = (
    Fact(
        "home",
        "Where does Dana live?",
        ("I live in {}.", "I moved to {}."),
        ("Lisbon", "Porto", "Ghent", "Bergen"),
        3,
    ),
    Fact(
        "employer",
        "Which company does Dana work for?",
        ("I work at {}.", "I work for {} these days."),
        ("Northwind", "Helio", "Tidewater"),
        2,
    ),
    Fact(
        "queue",
        "What do we use for the job queue?",
        ("We use {} for the job queue.", "From now on we use {} for the job queue."),
        ("Redis", "RabbitMQ", "PostgreSQL", "NATS"),
        3,
    ),
    Fact(
        "hosting",
        "What do we use for hosting?",
        ("We use {} for hosting.", "From now on we use {} for hosting."),
        ("Fly", "Hetzner", "Render"),
        2,
    ),
    Fact(
        "port",
        "What is the default port of our service?",
        ("Our default port is {}.", "Our default port is now {}."),
        ("8080", "9000", "7070", "8443", "5050"),
        4,
    ),
    Fact(
        "line length",
        "What is the line length?",
        ("The line length is {}.", "The line length is now {}."),
        ("88", "100", "120"),
        2,
    ),
    Fact(
        "timeout",
        "What is the timeout of the sync client in seconds?",
        ("The timeout is {} seconds.", "The timeout is now {} seconds."),
        ("10", "30", "45", "60"),
        3,
    ),
    Fact(
        "pilot",
        "When does the pilot start?",
        ("The pilot starts on {}.", "The pilot has moved to {}."),
        ("14 April", "2 May", "9 June", "1 September"),
        3,
    ),
    Fact(
        "invoices",
        "How long do we keep invoices?",
        ("We keep invoices for {} years.", "Invoices must be kept for {} years."),
        ("7", "10", "6"),
        2,
    ),
    Fact(
        "reports",
        "Does Dana prefer plain SQL or an ORM for reports?",
        ("For reports I prefer {}.",),
        ("plain SQL over an ORM", "an ORM over plain SQL"),
        1,
    ),
    Fact(
        "squash",
        "Should commits be squashed before a merge?",
        ("{} squash commits before a merge.", "Please {} squash commits before a merge."),
        ("always", "never"),
        1,
    ),
    Fact(
        "branch",
        "What is our default branch?",
        ("Our default branch is {}.", "The default branch is now {}."),
        ("master", "main", "trunk"),
        2,
    ),
)
COMPOUND = "I moved to {home} and I switched to {editor}."
EDITORS = ("Neovim", "Helix", "Zed", "Emacs")

HABITS = (
    (
        "Always write the failing test first, then the fix.",
        "Please write the failing test first before any fix.",
        "Write the failing test first, then fix the code.",
        "Always start with the failing test, and only then the fix.",
        "First the failing test, then the fix, as always.",
    ),
    (
        "Keep your answers short and to the point.",
        "Please keep your answers short.",
        "Keep the answers short, to the point.",
        "Short answers please, always to the point.",
    ),
    (
        "Never push to main without asking me first.",
        "Don't push to main without asking me first.",
        "Always ask me first before you push to main.",
        "Never push to main before asking me.",
    ),
    (
        "Try every migration on staging first.",
        "Always run a migration on staging first.",
        "Migrations go to staging first, always.",
        "Run each migration on staging first, then on production.",
    ),
    (
        "I prefer small commits with one change each.",
        "Please make small commits, one change per commit.",
        "Always make small commits with one change in each.",
        "Keep the commits small, one change per commit.",
    ),
    (
        "Explain why it failed before you change anything.",
        "Always explain why it failed before you change the code.",
        "Please explain why it failed first, then change the code.",
        "Don't change anything before you explain why it failed.",
    ),
    (
        "No new dependencies without asking me.",
        "Never add new dependencies without asking me.",
        "Please add no new dependency without asking me first.",
    ),
    (
        "I like boring, simple code more than clever code.",
        "I prefer simple and boring code over clever code.",
        "I love simple, boring code.",
    ),
    (
        "Never log personal data or secrets.",
        "Don't log personal data, and never secrets.",
        "Always keep personal data and secrets out of the logs.",
    ),
    (
        "Open a pull request for every change and ask Robin for a review.",
        "Always open a pull request and let Robin review it.",
        "Every change needs a pull request with a review by Robin.",
    ),
)

FILES = ("sync.py", "billing.py", "export.py", "auth.py", "mailer.py", "search.py", "cache.py", "report.py", "queue.py")
PARTS = (
    "importer",
    "scheduler",
    "exporter",
    "login page",
    "search index",
    "mail worker",
    "invoice job",
    "rate limiter",
)
CAUSES = (
    "the connection is never returned to the pool",
    "the clock of the runner is an hour late",
    "two workers take the same job",
    "the cache key leaves out the locale",
    "the retry multiplies the timeout",
    "the lock is released before the write",
)
ERRORS = ("TimeoutError: lock", "KeyError: 'locale'", "AssertionError: 3 != 4", "ConnectionError: refused")
PLACES = ("Sintra", "Bruges", "Madeira", "Utrecht", "Coimbra", "the Ardennes", "Evora", "Antwerp", "Braga", "Leuven")
FOODS = ("ramen", "paella", "dumplings", "curry", "pierogi", "lasagne", "tacos")
HOBBIES = ("climbing", "pottery", "chess", "rowing", "drawing", "the cello", "baking", "orienteering")
RELATIVES = ("sister", "brother", "cousin", "aunt", "neighbour", "colleague")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SMALL_TALK = (
    "Hi there!", "Good morning.", "Thanks, that helps.", "Sounds good.", "Haha, nice.", "See you later!", "Perfect.",
    "How are you?", "Cool, thank you.", "Yes please.", "No worries.", "Great work!", "What do you think?",
)  # fmt: skip
REPLIES = (
    "I could also add a chart to the report.", "Shall I go on with the next one?", "Sure, I will look into it.",
    "Let me know what you think.", "I'd suggest a smaller batch.", "Noted.", "You could try a longer timeout.",
)  # fmt: skip

ASKED_BACK = 75
"""After so many days somebody comes back to what was said: it has begun to fade by then."""


class History:
    """Events and questions by day; a function of its arguments."""

    def __init__(self, days: int, events_per_day: int, seed: int = 7) -> None:
        self.facts = FACTS
        self._days, self._per_day, self._seed = days, events_per_day, seed
        self._plan = {fact.name: self._changes(fact) for fact in FACTS}

    def _changes(self, fact: Fact) -> list[int]:
        """The days on which each value begins to hold: the first one early, the others spread over the year."""
        chosen = random.Random(f"{self._seed} {fact.name}")
        step = max(2, self._days // (fact.changes + 1))
        return [step * place + chosen.randrange(max(1, step // 2)) for place in range(fact.changes + 1)]

    def values_of(self, fact: Fact, day: int) -> tuple[list[str], str]:
        """(the values that held before, the value on ``day``); no current one before the fact was first told."""
        begun = [value for value, since in zip(fact.values, self._plan[fact.name], strict=False) if since <= day]
        return (begun[:-1], begun[-1]) if begun else ([], "")

    def evening(self, day: int) -> str:
        """When the dream of ``day`` runs."""
        return (START + timedelta(days=day, hours=23)).isoformat()

    def question(self, day: int) -> str:
        """What somebody asks on ``day``: in turn the facts, and what was said among friends some weeks ago."""
        if day % 2 or day < ASKED_BACK:
            return self.facts[day // 2 % len(self.facts)].question
        heard = [record["content"] for record in self.events(day - ASKED_BACK) if record["author"] in FRIENDS]
        return max(heard, key=len, default=self.facts[0].question)

    def events(self, day: int) -> list[dict[str, Any]]:
        """The records of one day, in sessions of about a dozen events."""
        drawn = random.Random(f"{self._seed} day {day}")
        told = list(self._told(day, drawn))
        moment = START + timedelta(days=day, hours=8)
        found: list[dict[str, Any]] = []
        session = 0
        while len(found) < self._per_day:
            session += 1
            among_friends = session % 4 == 0
            scene = list(self._friends(drawn) if among_friends else self._coding(drawn, told))
            for record in scene[: self._per_day - len(found)]:
                moment += timedelta(seconds=drawn.randint(10, 60))
                name = f"{day}-{session}"
                found.append(
                    record | {"id": f"{name}-{len(found)}", "session": name, "occurred_at": moment.isoformat()}
                )
            moment += timedelta(minutes=drawn.randint(45, 120))
        return found

    def _told(self, day: int, drawn: random.Random) -> Iterator[str]:
        """What Dana says about herself and the project: first what changed today, then what holds, and habits."""
        changed = [fact for fact in self.facts if day in self._plan[fact.name][: len(fact.values)]]
        moved = False
        for fact in changed:
            old, current = self.values_of(fact, day)
            if fact.name == "home" and old:
                moved = True
                yield COMPOUND.format(home=current, editor=EDITORS[len(old) % len(EDITORS)])
            else:
                yield _capital(fact.sayings[-1 if old else 0].format(current))
        for fact in self.facts:
            current = self.values_of(fact, day)[1]
            if current and fact not in changed and drawn.random() < 0.03:
                yield _capital(drawn.choice(fact.sayings).format(current))
        if not moved and drawn.random() < 0.5:
            yield drawn.choice(drawn.choice(HABITS))
        if drawn.random() < 0.1:
            yield f"We decided to drop the {drawn.choice(PARTS)} of version {drawn.randint(1, 9)}."

    def _coding(self, drawn: random.Random, told: list[str]) -> Iterator[dict[str, Any]]:
        """Dana works with the agent: a request, calls and results, a finding, a word about how things are."""
        file, part = drawn.choice(FILES), drawn.choice(PARTS)
        yield _said(drawn.choice(SMALL_TALK))
        yield _said(
            drawn.choice(
                (
                    f"Please fix the {part} in {file}.",
                    f"The {part} fails on {drawn.choice(WEEKDAYS)}s since version {drawn.randint(10, 99) / 10}.",
                    f"Please rename the worker in {file} to runner {drawn.randint(1, 99)}.",
                    f"Check the {part} again, ticket {drawn.randint(100, 999)}.",
                )
            )
        )
        for statement in told[:2]:
            yield _said(statement)
            yield _answered(drawn.choice(REPLIES))
        del told[:2]
        command = f"bash: pytest tests/test_{file}"
        yield _call(command)
        if drawn.random() < 0.35:
            yield _result(f"FAILED tests/test_{file}::test_{drawn.randint(1, 30)} - {drawn.choice(ERRORS)}\n1 failed")
            yield _answered(f"The {part} fails because {drawn.choice(CAUSES)}.")
            yield _call(command)
        yield _result(f"{drawn.randint(3, 60)} passed in {drawn.randint(1, 9)}.{drawn.randint(0, 9)}s")
        yield _said(drawn.choice(SMALL_TALK))
        if told:
            yield _said(told.pop(0))
            yield _answered("Noted.")
        if drawn.random() < 0.3:
            yield _said(f"We run {drawn.randint(2, 40)} tests of the {part} every night.")
            yield _answered(drawn.choice(REPLIES))

    def _friends(self, drawn: random.Random) -> Iterator[dict[str, Any]]:
        """Dana and two friends talk about their lives."""
        first, second = drawn.sample(FRIENDS, 2)
        for speaker in (first, USER, second, USER, first, second, USER, first):
            relative = drawn.choice(RELATIVES)
            yield _said(
                drawn.choice(
                    (
                        drawn.choice(SMALL_TALK),
                        f"I went to {drawn.choice(PLACES)} with my {relative} on {drawn.choice(WEEKDAYS)}.",
                        f"I cooked {drawn.choice(FOODS)} for {drawn.choice(FRIENDS)} and the kids.",
                        f"My {relative} started {drawn.choice(HOBBIES)} in {drawn.choice(PLACES)}.",
                        f"I'm going to try {drawn.choice(HOBBIES)} in {drawn.choice(PLACES)} next month.",
                        f"I love {drawn.choice(HOBBIES)}.",
                        f"I bought a book about {drawn.choice(HOBBIES)} for {drawn.choice(FRIENDS)}.",
                    )
                ),
                speaker,
            )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _said(content: str, author: str = USER) -> dict[str, Any]:
    return {"role": "user", "author": author, "content": content}


def _answered(content: str) -> dict[str, Any]:
    return {"role": "assistant", "author": AGENT, "content": content}


def _call(content: str) -> dict[str, Any]:
    return {"role": "assistant", "author": AGENT, "type": "tool_call", "content": content}


def _result(content: str) -> dict[str, Any]:
    return {"role": "tool", "author": "bash", "type": "tool_result", "content": content}
