"""English verbs as far as turning "I" into a name needs them: which forms agree with a name as they are, and how the
others are changed."""

# ruff: noqa: E501 (lists of words)
from __future__ import annotations

import re

ADVERBS = (
    "no longer|also|always|never|still|often|even|just|already|usually|sometimes|only|once|both|now|recently|almost|ever|soon|too|"
    "currently|rather|quite|then|again|not|so|kind of|sort of"
)
"""Words that may stand between a subject and its verb, beside those in -ly."""
PAST = frozenset(
    """went got made saw took met came bought found told gave began ran wrote won lost sent left built broke ate drove flew
    spent thought knew held kept sold brought became taught caught fell grew led paid rode sang slept spoke swam threw woke
    chose felt heard said had did was were drank drew fought forgot hid shook stood stole stuck swore understood wore dealt
    dug froze hung laid lay lit rang rose sank shot slid spun struck swung tore wept wound bit bled blew bred fed fled
    forgave meant lent bent swept crept""".split()  # noqa: SIM905
)
"""Irregular forms that are past, and nothing else."""
UNCLEAR = frozenset(
    """put set cut hit let read quit hurt cost split spread shut bet beat cast burst bid rid shed wed bust fit upset reset
    offset broadcast forecast""".split()  # noqa: SIM905
)
"""Past or present, by their form alone."""
_BASE_IN_ED = frozenset("need feed speed heed bleed breed seed weed shed embed exceed proceed succeed".split())  # noqa: SIM905
_BASE_IN_LY = frozenset("fly apply reply supply rely comply multiply imply".split())  # noqa: SIM905
_UNCHANGED = frozenset(
    """will would can could shall should must may might cannot shan't won't wouldn't can't couldn't shouldn't mustn't didn't wasn't hadn't
    """.split()  # noqa: SIM905
)
_IRREGULAR = {
    "am": "is", "have": "has", "do": "does", "go": "goes", "don't": "doesn't", "haven't": "hasn't", "ain't": "isn't",
}  # fmt: skip
_DOUBLED = frozenset("commit submit begin refer forget permit admit omit rerun reset unplug control occur quit".split())  # noqa: SIM905
"""Verbs of more than one syllable whose last consonant is doubled before -ing."""
_NO_VERB = frozenset(
    """and or but who that which with from in on at to of for as the a an my our this it he she they we you too either neither myself
    alone""".split()  # noqa: SIM905
)
_NEVER_BASE = frozenset(
    """the a an my our his her its their this that these those some any no every each all both another one two three four five
    i we he she it they you there who which what when where why how if because since so until unless while although as than
    in on at to of for from with without by about into onto over under after before during between through around off up down
    out not never now then maybe perhaps also even just only more most less least much many such very too quite rather later
    nobody everybody everyone somebody someone anybody nothing everything something there here all none
    was were had did has is are would could will can should might must
    online offline outside inside abroad together apart again soon early late alone away tomorrow today tonight yesterday
    """.split()  # noqa: SIM905
)
OF_OTHERS = (
    "helps|makes|gives|lets|keeps|takes|brings|feels|means|shows|runs|uses|lives|goes|starts|ends|needs|works|wants|likes|loves|hates|"
    "says|owns|thinks|comes|gets|becomes|happens|belongs|contains|allows|reminds|stays|sounds|looks|seems|knows|plays|teaches|studies|"
    "speaks|prefers|supports|depends|breaks|fails|returns|sends|reads|writes|leads|holds|leaves|opens|closes|costs|sits|stands|sleeps|"
    "excludes|includes|requires|represents|reflects|symboli[sz]es|inspires|motivates|provides|creates|remains|matters|handles|expects|"
    "accepts|rejects|agrees|insists|refuses|asks|tells|hears|sees|finds|loses|grows|pays|buys|sells|carries|follows|learns|begins|"
    "believes|enjoys|lends|borrows|owes|moves|wears|eats|sings|swims|rings|feeds|manages|suffers|forbids|covers"
)
"""Forms that agree with somebody else, and are seldom nouns."""
OF_MANY = (
    "write|keep|need|want|get|insist|make|take|come|go|say|think|know|love|like|own|allow|belong|contain|mean|live|render|stay|give|"
    "bring|use|have|do|eat|wear|sell|become|seem|feel|look|depend|agree|refuse|expect|require|remain|include|pay|meet|speak|prefer|"
    "cost|open|close|leave|run|work|help|start|end|ask|tell|move|lose|grow|sleep|sit|stand"
)
"""Forms that agree with several, and after a noun in the plural are seldom nouns themselves."""
ELIDED = re.compile(
    r"(?:(?:just|also|recently|finally|already|still|never|even) )?"
    r"(?:(?:went|got|saw|took|met|came(?! to [\d£$€]| through\b| in\b(?! (?:from|to|for)\b)| out\b| up\b)|bought|found|told|gave|began|ran|wrote|won|sent|ate|drove|flew|spent|thought|kept|sold|brought|"
    r"became|taught|fell|grew|had|did|chose|felt|heard|started|finished|joined|moved|tried|visited|signed|learned|learnt|"
    r"wanted|planned|decided|helped|called|noticed|enjoyed|loved|ended up|switched|managed|attended|stopped|picked up|cooked|"
    r"baked|painted|ordered|booked|installed|rang|lent|spoke|talked|asked|paid|promised|swapped|repaired|planted|applied|"
    r"renewed|cancell?ed|received|hired|adopted|donated|volunteered|walked|hiked|cycled|swam|slept|gave up|caught|dropped|ran into|made(?! (?:of|in|by|from)\b)|lost(?! in\b)|built(?! (?:of|in|by|from|with)\b))\b"
    r"|(?:can't|cannot|couldn't) (?:wait|stop|believe|decide|stand)\b)",
    re.I,
)
"""Openings whose left-out subject is the speaker."""


def third_person(verb: str) -> str | None:
    """The form of ``verb``, as it stands after "I", that agrees with a name: "love" is "loves", "went" stays.

    None where that is unsure ("put" may be past), or where it is no verb.
    """
    if not verb or verb in UNCLEAR or verb in _NO_VERB:
        return None
    if verb in PAST or verb in _UNCHANGED or (verb.endswith("ed") and verb not in _BASE_IN_ED):
        return verb
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if not verb.isalpha() or verb.endswith("ing") or (verb.endswith("ly") and verb not in _BASE_IN_LY):
        return None
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def is_surely_base(verb: str) -> bool:
    """Whether it is the form after "would", and not also the one after "had": "go", no "come" or "put"."""
    return verb == "be" or (
        third_person(verb) not in (None, verb) and verb not in ("come", "become", "run", "overcome", "have", "am")
    )


def gerund(verb: str) -> str:
    """The form in -ing of a verb in its base form: "run" is "running", "delete" is "deleting"."""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")) and verb != "be":
        return f"{verb[:-1]}ing"
    doubled = re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprtvz]", verb) or verb in _DOUBLED
    return f"{verb}{verb[-1]}ing" if doubled and verb[-1] != "k" else f"{verb}ing"


def cannot_be_base(word: str) -> bool:
    """Whether ``word``, after "and", is surely no verb that would have to agree: "and the", "and went", "and Bruges"."""
    bare = word.casefold().split("'")[0]
    if word[0].isupper() or not word[0].isalpha() or bare in _NEVER_BASE or bare in PAST:
        return True
    if bare in _BASE_IN_ED:
        return False
    return bare.endswith(("ing", "ed", "ly", "tion", "ment", "ness", "ity")) or (
        bare.endswith("s") and not bare.endswith(("ss", "us"))
    )
