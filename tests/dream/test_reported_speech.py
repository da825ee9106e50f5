"""What is said in the first person, turned into the third by rule, and what no rule dares."""

from __future__ import annotations

import re

import pytest

from elephantasm_cli.dream import verbs
from elephantasm_cli.dream.referents import points_outside
from elephantasm_cli.dream.reported_speech import reported
from elephantasm_cli.dream.wording import IMPERATIVE

TO_DO = "wants the assistant to"

STATEMENTS = [
    ("I keep bees on the roof.", "Odile keeps bees on the roof."),
    ("I'm allergic to lupins.", "Odile is allergic to lupins."),
    ("I've moved the hives to Namur.", "Odile has moved the hives to Namur."),
    ("I'll sell honey in June.", "Odile will sell honey in June."),
    ("I went to Liège and was stung twice.", "Odile went to Liège and was stung twice."),
    ("I don't drink coffee.", "Odile doesn't drink coffee."),
    ("I carry the frames myself.", "Odile carries the frames themselves."),
    ("I no longer work at the dairy.", "Odile no longer works at the dairy."),
    ("I always wear gloves.", "Odile always wears gloves."),
    ("I sold my van because my back hurts.", "Odile sold their van because their back hurts."),
    ("I'm tired but I am still painting.", "Odile is tired but they are still painting."),
    ("My brother Aloys repairs clocks in Ghent.", "Odile's brother Aloys repairs clocks in Ghent."),
    ("My wife and I adopted a whippet.", "Odile and their wife adopted a whippet."),
    ("Tilda and I went to Bruges.", "Odile and Tilda went to Bruges."),
    ("We use Xero for the invoices.", "Odile says that Odile and others use Xero for the invoices."),
    ("Our landlord is a beekeeper too.", "Odile says that their landlord is a beekeeper too."),
    (
        "The ferry was late, so we took the bus.",
        "Odile says that the ferry was late, so Odile and others took the bus.",
    ),
    ("Ines said the extractor is broken.", "Odile says that Ines said the extractor is broken."),
    ("In winter I feed the hives with fondant.", "Odile says that in winter they feed the hives with fondant."),
    ("When the wind turns, I close the hives.", "Odile says that when the wind turns, they close the hives."),
    ("Seeing my kids laugh was the best part.", "Odile says that seeing their kids laugh was the best part."),
    ("Went to the apiary in Spa!", "Odile went to the apiary in Spa."),
    ("Can't wait to harvest the lime honey!", "Odile can't wait to harvest the lime honey."),
    ("Still looking for a flat in Huy.", "Odile is still looking for a flat in Huy."),
    ("I'm gonna sell the smoker, lol", "Odile is going to sell the smoker."),
    ("ive sold the smoker, im on the bus", "Odile has sold the smoker, they are on the bus."),
    ("I shall sell the smoker.", "Odile shall sell the smoker."),
    ("The bees will not let me in.", "Odile says that the bees will not let Odile in."),
    ("Sold it in spring, but I have the van.", "Odile sold it in spring, but they have the van."),
    ("I keep honey in me van.", "Odile keeps honey in their van."),
    ("I wrote that at 2am dont tell my mum", None),
    ("I lost a swarm. It was my own fault!", "Odile lost a swarm; it was their own fault."),
    ("My sons like honey, but they never help me.", "Odile's sons like honey, but they never help Odile."),
    ("I'm Odile, beekeeper in Spa.", "Odile is a beekeeper in Spa."),
    ("I'm Odile, I run an apiary with my brother.", "Odile runs an apiary with their brother."),
    ("I'm Odile and I run an apiary in Spa.", "Odile runs an apiary in Spa."),
    ("I called Maite and I left.", "Odile called Maite and Odile left."),
    ("Last May my wife and I moved to Huy.", "Odile says that last May Odile's wife and Odile moved to Huy."),
    ("I'm Odile, my vet is in Spa.", "Odile's vet is in Spa."),
    ("I'm Odile, from Spa.", "Odile is from Spa."),
    ("A neighbour of mine is a vet.", "Odile says that a neighbour of Odile's is a vet."),
    ("I visited a World War I cemetery.", "Odile visited a World War I cemetery."),
    ("I'm 1.96 m tall.", "Odile is 1.96 m tall."),
    ("When I'm 60, I will stop.", "Odile says that when they are 60, they will stop."),
    ("My cousin got married and I drove everybody home.", "Odile's cousin got married and Odile drove everybody home."),
    ("I took my brother to his dentist.", "Odile took their brother to his dentist."),
    (
        "Ines thinks it is the queen, I think it is the mites.",
        "Odile says that Ines thinks it is the queen, Odile thinks it is the mites.",
    ),
    ("Fiona's uncle: the valve was stuck.", None),
    ("I like tea and hate milk.", "Odile says that they like tea and hate milk."),
    ("I like tea but milk is fine.", "Odile likes tea but milk is fine."),
    ("I put the smoker away.", "Odile says that they put the smoker away."),
    ("I renamed `hive_a` to `hive_b`.", "Odile renamed `hive_a` to `hive_b`."),
    ("The drones leave the hive in August.", "Odile says that the drones leave the hive in August."),
    ("The extractor blows the fuse when it is wet.", "Odile says that the extractor blows the fuse when it is wet."),
    ("Besides the honey, I'm selling wax.", "Odile says that besides the honey, they are selling wax."),
    ("Speaking of wax, I sold forty candles.", "Odile sold forty candles."),
    ("Still feeding the weak hives.", "Odile is still feeding the weak hives."),
    ("Been repairing the frames, it calms me.", "Odile has been repairing the frames, it calms Odile."),
    ("Wish I had a bigger shed.", "Odile wishes they had a bigger shed."),
    ("Need a smoker for my nephew.", "Odile needs a smoker for their nephew."),
    ("Lent the veil to Ines.", "Odile lent the veil to Ines."),
    (
        "Finding a club where I'm welcome has meant a lot to me.",
        "Odile says that finding a club where they are welcome has meant a lot to them.",
    ),
    ("I sold the van. Same place, the old mill.", "Odile sold the van; same place, the old mill."),
    ("I sold the van. So much fun!", "Odile sold the van."),
    ("I built a hive. Here's a picture of it.", "Odile built a hive."),
    ("The vet asked for a sample, and I refused.", "Odile says that the vet asked for a sample, and Odile refused."),
]

ORDERS = [
    ("Always run the linter first.", "Odile wants the assistant to always run the linter first."),
    ("Never push to main.", "Odile wants the assistant to never push to main."),
    ("Please don't touch the fixtures.", "Odile wants the assistant not to touch the fixtures."),
    ("From now on write tests first.", "Odile wants the assistant from now on to write tests first."),
    ("Run mypy, and never skip a hook.", "Odile wants the assistant to run mypy, and to never skip a hook."),
    ("Ask me before you delete a hive.", "Odile wants the assistant to ask them before deleting a hive."),
    ("Keep your answers short.", "Odile wants the assistant to keep its answers short."),
    ("If a test is slow, skip it.", "Odile wants the assistant, if a test is slow, to skip it."),
    (
        "Use tabs. The old hooks choke on blanks!",
        "Odile wants the assistant to use tabs; the old hooks choke on blanks.",
    ),
    (
        "Use tabs. The old hooks were written for them!",
        "Odile wants the assistant to use tabs; the old hooks were written for them.",
    ),
    ("Stop using -x. From now on use -q.", "Odile wants the assistant to stop using -x; from now on to use -q."),
    ("Commit style has changed: no prefixes.", "Odile says that commit style has changed: no prefixes."),
    ("Use `ruff format` on every file.", "Odile wants the assistant to use `ruff format` on every file."),
    ("Use what you like.", None),
    ("Just seeing the sun dip below the horizon - it was amazing.", None),
    ("Move hive C to row 36.", "Odile wants the assistant to move hive C to row 36."),
    ("Find us a barn in Huy.", "Odile wants the assistant to find them a barn in Huy."),
    ("Order of the hives: by age.", None),
]

UNTOLD = [
    "Didn't swarm this year either.",
    "Shall we take the hives to Huy.",
    "The vet says it is the mites, I say come and look at my hives.",
    "Voted 7 to 2 for the new roof.",
    "Came to 7,350, since the roof was worse.",
    "The hives get a new roof, but don't start on it.",
    "Been a long week.",
    "Moved to the 23rd, the beekeeper has a wedding.",
    "Says the valve is stuck.",
    "Took me an hour to find it.",
    "They sting only in August.",
    "It was the best summer.",
    "Almost as warm as when I was in Rome.",
    "Glad I could help!",
    "Have to stop, the kettle is on.",
    "Python and FastAPI, and we use Xero for the rest.",
    "Fourteen hives, two of them weak",
    "Would you lend me a smoker?",
    "Your bees are lovely and I envy you.",
    "Here is my hive.",
    "Let me know when we meet.",
    "Neither am I, and my sister is not either.",
    'Tilda said "I love my bees" and left.',
    "We met them, and they asked us to stay.",
    "Ich halte Bienen auf dem Dach.",
    "Ma sœur est allergique aux noix.",
    "i soldi li lascio per ultimi, mio marito dice che è meglio",
    "我在屋顶上养蜂。",
    "I said " + "very " * 80 + "much.",
]


ATTRIBUTED = [
    ("I keep bees on the roof.", "Odile says that they keep bees on the roof."),
    ("I went to Liège and was stung twice.", "Odile says that Odile went to Liège and was stung twice."),
    ("My brother and I keep bees.", "Odile says that Odile and their brother keep bees."),
    ("I'm Odile, a beekeeper.", "Odile says that Odile is a beekeeper."),
    ("Went to Ghent by boat.", "Odile says that Odile went to Ghent by boat."),
    ("Our landlord is a beekeeper too.", "Odile says that their landlord is a beekeeper too."),
    ("I told my sister about the hives.", "Odile says that Odile told their sister about the hives."),
]


@pytest.mark.parametrize(("said", "expected"), ATTRIBUTED)
def test_what_is_told_as_said(said: str, expected: str | None) -> None:
    """Only what can be told as so can be."""
    assert reported(said, "Odile", attributed=True) == expected
    assert expected is None or reported(said, "Odile") is not None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "Legal has read the contract (the first time, I suspect) again.",
            "Odile says that Legal has read the contract (the first time, Odile suspects) again.",
        ),
        (
            "The board said last winter that I was retiring.",
            "Odile says that the board said last winter that Odile was retiring.",
        ),
        (
            "People tap the wrong hive and then it's our fault.",
            "Odile says that people tap the wrong hive and then it's Odile's fault.",
        ),
        (
            "The buyer says we deliver on Thursday.",
            "Odile says that the buyer says Odile and others deliver on Thursday.",
        ),
        ("I'd go by boat.", "Odile would go by boat."),
        ("I'd put it on the roof.", "Odile says that they'd put it on the roof."),
        ("I fly on Monday.", "Odile flies on Monday."),
        ("My sister I am on the roof.", None),
    ],
)
def test_they_would_be_somebody_else(said: str, expected: str | None) -> None:
    """Behind another subject the speaker is called by name, and "we" are the speaker and others."""
    assert reported(said, "Odile") == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I moved to Ghent. My own flat. It has a garden.", "Odile moved to Ghent; their own flat; it has a garden."),
        ("I moved to Ghent. Lovely. It has a garden.", "Odile moved to Ghent; it has a garden."),
        ("I sold the hives. Ask my wife about it.", "Odile sold the hives; in Odile's words: \ue0011-2/2\ue001."),
    ],
)
def test_what_stands_behind_a_statement(said: str, expected: str) -> None:
    """A limit is told, an exclamation says nothing, and an order to somebody is quoted."""
    assert reported(said, "Odile") == expected


@pytest.mark.parametrize(
    ("said", "does"),
    [
        ("On 11 June 2024 the dukkah lives on the shelf, he's not to touch it.", True),
        ("The aunts of the village blocked half the bus, so she changed it.", True),
        ("The dukkah lives on the shelf of Tilda, she's not to touch it.", False),
        ("My aunt blocked half the bus, so she changed it.", False),
        ("The nurse blocked the bed, so she changed it.", False),
        ("Tita Baby will move in with her in June.", True),
        ("Maite's flat is full. Tita Baby will move in with her in June.", False),
        ("My deputy Aud moves in with her in June.", True),
        ("Aud's cat moves in with her in June.", False),
        ("Maria's flat is full. Tita Baby will move in with her in June.", False),
        ("The bus was late, and Maite told him about it.", True),
        ("Maite will move in with her sister.", False),
    ],
)
def test_whom_he_or_she_means_is_named_before(said: str, does: bool) -> None:
    """By a name, which no month is, or by what one person is."""
    assert points_outside(said) is does


@pytest.mark.parametrize(("said", "expected"), STATEMENTS)
def test_statement(said: str, expected: str | None) -> None:
    assert reported(said, "Odile") == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("We've sold the mill.", "Odile says that Odile and others have sold the mill."),
        ("We sold the mill. We keep the pond.", "Odile says that Odile and others sold the mill; they keep the pond."),
        ("A lot has changed since we spoke.", "Odile says that a lot has changed since they spoke."),
        ("My kids loved it. We sold the mill.", "Odile's kids loved it; they sold the mill."),
        ("I sold the mill and we keep the pond.", "Odile sold the mill and Odile and others keep the pond."),
    ],
)
def test_we_are_the_speaker_and_others_unless_they_have_been_named(said: str, expected: str) -> None:
    """Once; "they" alone would be anybody. To an agent, "we" are those whose work it is."""
    assert reported(said, "Odile") == expected
    assert "and others" not in (reported(said, "Odile", to_agent=True) or "")


@pytest.mark.parametrize(("said", "expected"), ORDERS)
def test_order(said: str, expected: str | None) -> None:
    assert reported(said, "Odile", wants=TO_DO, imperative=IMPERATIVE, to_agent=True) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("No emojis in commit messages, please.", "Odile wants no emojis in commit messages."),
        ("Emojis are not allowed in commits.", "Odile says that Emojis are not allowed in commits."),
        ("Staging first.", None),
    ],
)
def test_wish(said: str, expected: str | None) -> None:
    assert reported(said, "Odile", wants="wants", to_agent=True) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I want you to answer in French.", "Odile wants the assistant to answer in French."),
        ("I'd like you not to guess.", "Odile wants the assistant not to guess."),
    ],
)
def test_what_is_asked_of_an_agent(said: str, expected: str) -> None:
    assert reported(said, "Odile", to_agent=True) == expected


@pytest.mark.parametrize("said", UNTOLD)
def test_no_rule_is_sure(said: str) -> None:
    assert reported(said, "Odile") is None


def test_name_in_s_and_two_words() -> None:
    assert reported("My bees are fond of lime.", "Agnes") == "Agnes' bees are fond of lime."
    assert reported("I like lime.", "The user") == "The user likes lime."
    assert reported("My sister says I am wrong.", "The user") == "The user's sister says the user is wrong."


def test_nothing_of_the_first_person_is_left() -> None:
    for said, _ in [*STATEMENTS, *ORDERS]:
        statement = reported(said, "Odile", to_agent=True)
        if statement is not None and "World War" not in said:
            assert re.search(r"\b(?:I|me|my|mine|myself|we|us|our|ours)\b", statement) is None


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("love", "loves"), ("try", "tries"), ("play", "plays"), ("wash", "washes"), ("go", "goes"), ("am", "is"),
        ("have", "has"), ("don't", "doesn't"), ("went", "went"), ("worked", "worked"), ("need", "needs"),
        ("can't", "can't"), ("will", "will"),
        ("put", None), ("and", None), ("", None), ("painting", None),
    ],
)  # fmt: skip
def test_third_person(verb: str, form: str | None) -> None:
    assert verbs.third_person(verb) == form


@pytest.mark.parametrize(
    ("verb", "form"),
    [("run", "running"), ("delete", "deleting"), ("commit", "committing"), ("open", "opening"), ("tie", "tying"),
     ("see", "seeing"), ("deploy", "deploying"), ("stop", "stopping"), ("be", "being"), ("check", "checking")],
)  # fmt: skip
def test_gerund(verb: str, form: str) -> None:
    assert verbs.gerund(verb) == form
