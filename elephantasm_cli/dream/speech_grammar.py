"""The grammar of reported speech: what a sentence must show before a rule may turn it. English, as patterns."""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re

from elephantasm_cli.dream import verbs
from elephantasm_cli.dream.claims import RELATIONS
from elephantasm_cli.text.language import is_english, is_foreign
from elephantasm_cli.text.sentences import split_sentences
from elephantasm_cli.text.words import STOPWORDS, words

STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
COLLOQUIAL = tuple(
    (re.compile(pattern, re.I), plain)
    for pattern, plain in (
        (r"\bim\b(?=\s+(?:in|on|at|an?|the|not|so|too|just|still|never|also|off|only|\w+ing)\b)", "I'm"),
        (r"\bive\b", "I've"),
        (
            r"(?<=\b(?:in|on|at|of|to|by|up) )me (?=(?:mum|mam|dad|mates?|wife|missus|tea|bike|van|car|head|back|house|phone|gran|grandad|nan|lad|boss|hands?|feet|hair|own)\b)",
            "my ",
        ),
        (r"\bgonna\b", "going to"),
        (r"\bwanna\b", "want to"),
        (r"\b(?P<who>I|we)(?:(?:'ve)? gotta|'ve got to)\b", r"\g<who> have to"),
        (r"(?<!\w)'?(?:cuz|cos)\b|(?<!\w)'cause\b", "because"),
        (r"(?<!\w)'(?:til|till)\b", "until"),
        (r"(?<=[.!?]) (?:btw|by the way|honestly|to be honest),? (?=\w)", " "),
        (r"\bI(?P<often>(?: (?:just|also|always|only|really))*) been (?=[a-z]+ing\b)", r"I've\g<often> been "),
        (
            r",? (?:lol|haha\w*|xd|btw|by the way|you know|to be honest|tbh|honestly|thanks|thank you|please)(?=\s*(?:[,.;!]|$))",
            "",
        ),
        (r"\bI mean(?:, |:? (?!it\b|to\b))", ""),
        (r"\bmine's\b", "mine is"),
        (r",? I'm afraid(?=\s*(?:[,.;!]|$))", ""),
        (r",\s+(?:sorry|phew)(?=\s*(?:[.;!]|$))", ""),
        (r"(?<=\d) us\b", " µs"),
        (r"\b(?P<verb>do|does|did|is|are|was|were|have|has|had|would|could|should)nt\b", r"\g<verb>n't"),
        (r",? (?:so|and) let's (?!say\b|make\b|call\b|use\b|go\b|keep\b|meet\b)[^.;,]*(?=[.;]|$)", ""),
    )
)
PICTOGRAPHS = re.compile(r"\s*[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+|\s+[:;]-?[)(DP](?=\s|$)")
ADDRESSED = re.compile(
    r"\bmy (?:god|goodness|gosh|word|lord|days|foot|arse|ass|bad)\b|(?:^|[.!?;,]\s|^(?:(?:a+h|o+h|eh|hey|no|yes|yeah|well|now|so|sorry|please|fine|true|since|wahala|[\d:.]+),? )*)"
    r"[Mm]y (?:brother|sister|friend|dear|love|guy|man|darling|oga|boy|girl|son|daughter|child)(?=\s*[,.!]|\s*$|\s+(?:I|we)(?: (?:am|are|have|will|can|was|had)\b|'\w)|\s+(?:this|that|it|there) is\b)(?!,? (?:and|who|whose|says|said|is|was)\b)|\b(?:baby|babe|bro|bruv|darling|sweetheart|mate|pal|hun|habibi) (?=(?:I|we|it|he|she|they)\b)"
    r"|^[A-Z][a-z]+ (?:he|she|they|it(?= (?:is|was|has|will|can|does|did|looks|seems|needs|works)\b)) |(?<!\bI )(?<!\bwe )(?<!\byou )(?<!\bthey )(?<![a-z]s )\bdon't tell (?:him|her|them|my|our|any)\b",
)
"""Somebody whom it is said to ("no wahala my brother"), or named before their pronoun: none of the speaker's own."""
NEVER = re.compile(
    r"\b(?:(?<!not )(?<!n't )(?<!will )(?<!would )(?<!to )let me|lemme|let's|thank|thanks(?! to\b)|me too|here's|here (?:is|are)|(?:this|that|these|those) (?:pic|photo|picture|one)s?)\b|[?\n`{}]"
    r"|\b(?:am|was|do|did|have|will|can|could|should|would|may|shall)(?:n't)? (?:I|we)\b|\b(?:rich|old|poor|future|past|drunk|little|young|the|lucky|silly) me\b|\b(?:neither|nor) (?:am|do|did|was)\b"
    r"|\b(?:says|said|reckons|thinks) (?-i:[A-Z])\w+\s*[.!]?$",
    re.I,
)
"""Asked, inverted, pointed at, or code: nothing a rule of statements speaks of."""
HERE = re.compile(r"\bhere\b", re.I)
LETS = re.compile(r"^let's (?!not\b|see\b|say\b|go\b)", re.I)
ASKED_OF_YOU = re.compile(r"^I(?:'d like| would like| want| need) you (?P<not>not )?to\b")
YOU_DO = re.compile(
    r"\b(?P<when>before|after|when|while) you (?P<verb>(?!are\b|have\b|can\b|do\b|think\b)[a-z]{2,})\b", re.I
)
YOUR = re.compile(r"\byour\b", re.I)
SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself|ya|u|ur)\b", re.I)
YOU_ARE_OBJECT = re.compile(
    r"\b(?:gave|give|put|told|tell|show|showed|send|sent|with|for|on|of|from|at|about) you\b", re.I
)
YOU_ARE_SUBJECT = re.compile(r"(?:^|[,;:.]\s+|\b(?:and|but|so|that|me|him|her|them|us)\s+)(?:you|u)\b", re.I)
QUOTED_SPEECH = re.compile(r"\"[^\"]*\b(?:I|me|my|we|our|us|you|your)\b[^\"]*\"|'[^']*\b(?:I|my|we|our)\b[^']*'(?!\w)")
DATED_LEAD = re.compile(r"^(?P<date>(?:in|on) [\w ]{3,24} \d{4}): ", re.I)
LEAD = re.compile(
    r"^(?:(?:[:;=8]['-]?[()DPp*3]|(?:and|but|so(?! far\b| much\b| many\b| long\b)|also|plus|well|oh|yeah|ok|okay|actually|anyways?|btw|fyi|haha\w*|honestly|hey|no{2,}|bro|bruv|dude|ugh|yikes|wow|god|god no)\b,?|"
    r"(?:yes|no|not anymore|then|still|though|hopefully not|phew|alas|luckily|sadly|unfortunately|by the way)[,:]|"
    r"(?:speaking of [\w' ]{2,30}|since we last (?:spoke|talked|chatted|met)|funny you (?:mention|say|ask)(?: that)?|as for me|in other news|"
    r"on (?:a|the) bright(?:er)? side|guess what|oh my (?:god|goodness|days|word)|before I forget|while I have (?:you(?: both| all)?|your attention)|for the record|good question|more to the point|me|apparently|at last|hopefully|to be fair|after all|(?:(?:my )?dear(?:est)?|(?:[A-Z][\w-]+,? )?my (?:dear|darling|love))(?: [A-Z][\w-]+)?|dear (?:assistant|all|both)|fair enough|fine by me|can't say I blame you)[,:]|"
    r"(?:decision|note|reminder|update|fact|rule|todo|idea|result|correction|quick (?:one|thing|note)):)\s+)+(?=\S)",
    re.I,
)
OTHERS = re.compile(r"\b(?:they|them|their|theirs|themselves)\b", re.I)
FIRST = r"\bI\b(?![./])"
THIRD_PERSON = re.compile(r"\b(?:he|she|they|him|them)(?:'\w+)?\b", re.I)
WITH_THEM = re.compile(r"\bwith (?:her|it)\s*(?:[.,;]|$)", re.I)
""" "Took the buoy with her": whoever she is did."""
AS_AN_ASIDE = re.compile(r",? I (?:think|guess|know|bet|suppose|reckon|believe)[.!]*$")
"""At the end of a sentence, which has a verb of its own or is none."""
ONLY_WHEN = re.compile(
    r"(?:(?:every|each|any|next|last|the (?:first|next|last)) time|whenever|when|if|unless|until|as soon as) [^,;:]*\.?",
    re.I,
)
"""A clause without the one it belongs to."""
SEVERAL_THINGS = re.compile(
    r"(?:\b(?:some|many|all|these|those|no|any|few|more|most|other|of|with|for|about|to|my|our|two|three|four|five|six|seven|eight|nine|ten|\d+)"
    r" (?:[a-z-]+ )?|\bthe |^|[.;:,] (?:and |but )?)"
    r"(?!(?:is|was|has|does|this|its|us|as|yes|his|hers|always|perhaps|plus|thus|sometimes|minus|besides|across|whereas)\b)"
    r"[a-z]{2,}(?<!s)(?<!u)(?<!i)s\b|\bpeople\b|\b[a-z]+-\d+s\b",
    re.I,
)
"""A noun in the plural, perhaps: something "they" may mean."""
SPOKEN_OF = re.compile(rf"{FIRST}|\b(?:me|mine|myself)\b")
SINGULAR = re.compile(rf"{FIRST}|\b(?:me|my|mine|myself)\b", re.I)
OWNED = re.compile(r"\b(?:my|mine|we|us|our|ours|myself|ourselves)\b|\bI['’]s\b", re.I)
PLURAL = re.compile(r"\b(?!(?-i:US)\b)(?:we|us|our|ours|ourselves)\b", re.I)
NUMERAL = re.compile(
    r"\b(?:war|phase|type|part|class|chapter|level|tier|appendix|section) (?-i:I)\b(?! (?:[a-z]+ed|paid|got|have|had|am|was|will|want|need|went|saw|made|bought|took|did|do)\b|')",
    re.I,
)
ADVERB = rf"(?:(?:{verbs.ADVERBS}|(?!(?:re|ap|sup|im|com)ply\b|rely\b|fly\b)[a-z]{{2,}}ly) )*"
GROUP = re.compile(
    rf"{FIRST}(?P<short>'(?:m|ve|ll|d))?(?P<adverbs> {ADVERB})?(?: ?(?P<verb>[a-z]+?(?:n't)?)(?![\w']))?"
)
"""The speaker as a subject, and the word that agrees with it."""
PAIRED = re.compile(
    rf"(?P<with>\b(?:[Mm]y|[Oo]ur) (?:[a-z-]+ )?(?:{'|'.join(sorted(RELATIONS))})s? |(?:^|(?<=\band )|(?<=[,;] ))(?:[Mm]y|[Oo]ur) [a-z-]+ |\b[A-Z][\w'-]+ )and I\b(?! (?:am|was)\b|')"
)
COORDINATED = re.compile(rf"(?:,?(?:^|\s)(?:and|but|or|nor|then|yet)|,)\s+{ADVERB}(?P<next>[\w'-]+)")
AUXILIARY = re.compile(
    r" (?:is|are|was|were|has|will|would|can|could|should|must|might|isn't|aren't|wasn't|won't|can't)\b"
)
"""After a word, it makes that word a subject."""
COORDINATED_BE = re.compile(rf"\b(?:and|but|or|then|yet),? {ADVERB}(?:am|was|wasn't)\b")
FINITE = re.compile(
    r"\b(?:am|is|are|was|were|has|have|had|does|did|will|would|can|could|should|must|might|cannot)\b|\w'(?:re|ve|m|ll|d)\b|n't\b"
    r"|\b(?i:it|he|she|that|there|what|who|everything|nobody|everybody|\w+ing)'s\b|\b\w+'s (?:been|got|gonna|going|always|just|still|"
    r"also|fine|okay|happened|getting|doing)\b|\b[A-Z]\w+'s (?:an?|the|my|our|not|in|at|on|so|very|really|\w+ing)\b|\b(?i:I|we|he|she|they) [a-z]"
    rf"|\b(?:{verbs.OF_OTHERS})\b|\b[a-z]+s (?:me|us|it|them|people|everyone)\b"
    rf"|^(?:(?:[Tt]he|[Aa]n?|[Mm]y|[Oo]ur|[Ee]very|[A-Z][\w'-]+) )?[\w-]+ (?!as|is|was|this|us|its|his|always|across|plus|versus)[a-z]{{3,}}s (?:the|an?|my|our|his|her|its|every|all|no)\b"
    r"|^(?:nobody|no one|everybody|everyone|nothing|everything) [a-z]+s\b"
    rf"|^(?:[\w'-]+ ){{0,3}}(?!this|is|was|always|us|yes|as|its|his|plus)[a-z]{{3,}}(?<!s)s (?:(?:here|there|still|all|only|also|never|always|usually) )?(?:{verbs.OF_MANY}) (?!of\b)[\w`-]"
    r"|\w+ing (?:let|make|help|give|keep|bring|remind)s? (?:me|us)\b"
)
WE = re.compile(r"(?<!since )\bwe(?P<short>'re|'ve|'ll)?\b(?!'| (?:last |just )?(?:talked|spoke|chatted)\b)", re.I)
"""Since we last spoke: that is the other and the speaker."""
COMPANIONS = re.compile(
    r"\b(?:my|our|us|and I|I and|with|together|both|each other)\b|\b(?-i:[A-Z])\w+ and (?-i:[A-Z])", re.I
)
"""What may have told before a "we" who that is."""
OWN_START = re.compile(r"(?:I|we|my|our)(?:'\w+|’\w+)?\s", re.I)
SUBORDINATE = re.compile(
    r"\b(?:when|who|whose|which|what|how|why|whether|that|if|unless|because|while|where|since|after|before|until|as|than)\b",
    re.I,
)
VERB_FIRST = re.compile(rf"(?:{verbs.OF_OTHERS}|{'|'.join(sorted(verbs.PAST))})\b", re.I)
SEGMENT = re.compile(r"[,;:](?=\s)|\s[-–—]+\s|—")
SETTING = re.compile(
    r"(?:in|on|at|for|with|without|from|after|before|since|during|by|under|around|until|last|next|every|each|once|today|yesterday|tomorrow|"
    r"lately|now|then|sometimes|usually|recently|currently|besides|apart|despite|thanks to|due to|because of|starting|along with|instead of|"
    r"unlike|according to|as of)\b|[A-Za-z]+ly,",
    re.I,
)
"""A time or place in front of the subject."""
PREPOSED = re.compile(
    r"(?:since|after|before|until) (?:(?:the|my|our|an?|last|this) )?[\w-]+(?: [\w-]+)? (?:I|we)\b(?:'\w+)? ?[a-z]",
    re.I,
)
""" "Since the accident I need ...": no conjunction, but a preposition."""
NO_SUBJECT = re.compile(
    r"(?:who(?:'s| is| was| has)|[\w-]+ years? old|(?:shall|should|can|could|would|will|may|must) (?:I|we|you|he|she|they|it)\b|is|are|was|were|does|did|has|had|tell|ask|remind|glad|happy|sad|proud|lucky|excited|thrilled|sorry|sure|hope|hoping|wish|bet|guess|figured|almost|such|so|as|what|how|sounds?|looks?|"
    r"seems?|feels?|maybe|hopefully|reminds?|makes?|have|need|want|must|should|will|can|could|got|don't|do|never|always|please|wow|congrats|good|great|nice|awesome|amazing)\b",
    re.I,
)
"""Openings of exclamations and of sentences without a subject."""
PAST_START = re.compile(r"[A-Z][a-z]+ed (?:their|the|an?|some|to|it|all|up|out)\b")
""" "Changed their diet": no name in -ed, which no object follows."""
PAST_CLAUSE = re.compile(
    r"(?:[A-Z][\w'-]+|(?:[Tt]he|[Aa]n?|[Mm]y|[Oo]ur)(?: [a-z-]+){1,2}) (?!named|called|titled|based|located|used|needed)[a-z]+ed "
    r"(?:the|an?|to|it|that|me|us|my|our|him|her|for|from|in|on|at|with|into|all|every|last|[A-Z]|\d)"
)
""" "The customer asked for ...": a form in -ed with what follows a verb."""
SOMEBODY = re.compile(
    r"\b(?:he|she|him|her|his|hers|someone|somebody|everyone|everybody|anyone|anybody|people|guys?|customers?|clients?|team|family|groom|bride|midwife|nurse|doctor|dentist|landlord|landlady|agency|company|supplier|vet|lawyer|girl|boy|man|woman|lady|lad|chap|plumber|builder|driver|inspector)\b",
    re.I,
)
SPEAKING = re.compile(
    r"(?:\b(?:the|an?) [a-z]+|\b(?:legal|hr|finance|ops|support|marketing|sales|payroll|security)) (?:says|said|thinks|thought|told|tells|wants|wanted|asked|asks|suggested|reckons|swears|insists|agreed|refused)\b",
    re.I,
)
""" "The vet says": only somebody does."""
NAMED_SUBJECT = re.compile(
    rf"(?P<name>[A-Z][\w'-]+) (?:[A-Z][\w'-]+ )?(?:is|was|has|had|will|[a-z]+ed|{verbs.OF_OTHERS}|{'|'.join(sorted(verbs.PAST))})\b"
)
RELATIVE = re.compile(r"(?i:my|our) (?P<noun>[a-z-]+)(?: [A-Z][\w-]+)? [a-z]+(?:s|ed) ")
""" "My brother Piet repairs ...": after a relative in the singular, a word in -s or -ed is a verb."""
POINTS_BACK = re.compile(
    r"(?:he|she|it|they|them|this|that|these|those|his|her|their|its|both|there(?!'s| is| are| was| were| will| has| have)|such)\b",
    re.I,
)
THING_HAPPENED = re.compile(
    r"(?:just |only |it )?(?:started|began|stopped|failed|broke|crashed|happened|worked|passed|ended|finished|died|came (?:back|through|out|up)|went (?:down|away|wrong|up))\b"
    r"(?=\s*(?:[,.;]|$|when|as soon as|since|after|before|because|on|in|at|again)\b|\s*$)"
    r"|(?:moved|shifted|pushed|postponed|changed|rescheduled|delayed)(?: (?:back|forward))? (?:to|until|till|by) (?:the )?"
    r"(?:\d|next|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.I,
)
PARTICIPLE = re.compile(
    r"(?:(?:still|also|currently|now|just|lately) )(?!being\b|feeling\b|saying\b|kidding\b|seeing\b|hearing\b|knowing\b)[a-z]{2,}ing\b|(?:looking (?:for|forward|into|at)|planning|hoping|thinking (?:of|about)|trying|working on|"
    r"learning|training|studying|reading|saving|considering|practi[cs]ing|preparing|finishing up|getting (?:ready|a|an|my|the)|moving (?:to|in|out|into)|"
    r"switching (?:to|from)|starting (?:a|my|the|at|on|to|with)|dealing with)\b"
    r"(?!(?:(?<=planning)|(?<=training)|(?<=reading)) (?!(?:to|on|for|at|in|with|about|up|an?|the|my|our|his|her|it|that|this|all|every|more|\d)\b))",
    re.I,
)
BEEN = re.compile(
    r"(?:also |just |lately |still )?been (?=[a-z]{2,}ing\b|to (?:the|an?|my|[A-Z])|busy\b|sick\b|ill\b)", re.I
)
""" "Been practising", with "has" left out."""
ELIDED_I = re.compile(
    r"(?:(?:wish|hope|guess|doubt|bet) (?=(?:I|we|it|they|he|she|the|my|our)\b)|(?:need|want) (?=(?:an?|the|some|my|our|to|two|three|\d+)\b))",
    re.I,
)
""" "Wish I could", "Need a present": "I" is left out."""
POINTER = re.compile(r"(?:here's|here (?:is|are)|check (?:it|this|them) out|check out|take a look|look at)\b", re.I)
QUALIFIER = re.compile(r"(?:my|our|his|her|their|no|not|only|just|never)\b", re.I)
"""How a fragment of one word begins that says something of what stands before it: "My own name", "Not Ghent"."""
EXCLAIMED = re.compile(r"(?:so|such|really|very|super|what|how|pretty|absolutely|totally)\b", re.I)
ORDERED = re.compile(
    r"(?:[,;]|\bbut|\band)(?: so)? (?:please |just )?(?:don't|do not|never|always) (?!(?:been|had|have|be|the|an?)\b|\w+(?:ed|ing|s)\b)[a-z]+",
    re.I,
)
"""An order inside what is no order."""
PLEADS = re.compile(r"\bpls\b", re.I)
ASKED = re.compile(r"(?:(?:for now|so|then|but|and),? )*(?:please|don't|do not|never|always) [a-z]", re.I)
"""A sentence that asks something of somebody."""
GERUND_SUBJECT = re.compile(
    r"[A-Za-z]{2,}ing\b[^.;]*(?<!\bI)(?<!\bwe)(?<!\bthey)(?<!\bit)(?<!\bhe)(?<!\bshe)(?<!\bwho)(?<!\bthat)(?<!\bwhich) "
    r"(?:is|was|has|means|meant|makes|made|helps|helped|brings|brought|gives|gave|keeps|kept|lets)\b",
    re.I,
)
""" "Finding a community where I'm accepted has meant a lot": the verb follows upon a noun of the phrase."""
DENIED = re.compile(r"(?:haven't|didn't|couldn't|can't|won't|wasn't) [a-z]", re.I)
"""A sentence whose left-out subject is that of the one before."""
DETERMINED = re.compile(
    r"(?:an?|the|one|their|your|from|in|at|on|of|with|based|living|married|single|new|\d+|\w+'s|\w+ing|\w+ed|(?-i:[A-Z])[\w'-]*)\b|.* years? old",
    re.I,
)
NOUN_PHRASE = re.compile(r"(?:no|a|an|the|one|two|three|only|at most|at least|all|every|\d+)\b", re.I)


def plain(said: str) -> str:
    """The words with straight quotes and no slang; no little pictures and no second exclamation mark."""
    text = PICTOGRAPHS.sub("", " ".join(said.translate(STRAIGHT).split()))
    text = re.sub(r"(?<!\b\w )\bi(?=(?:'(?:m|ve|ll|d))? )", "I", text)
    text = re.sub(r"\bI'(?:M|VE|LL|D)\b", lambda match: f"I{match[0][1:].lower()}", text)
    text = re.sub(r"\b(?:WAS|WERE|IS|ARE|DID|DOES|DO|HAS|HAVE|HAD|WILL)\b", lambda match: match[0].lower(), text)
    text = re.sub(r"\bI [A-Z]{3,}\b", lambda match: f"I {match[0][2:].lower()}", text)
    for pattern, plain in COLLOQUIAL:
        text = pattern.sub(plain, text)
    return re.sub(r"!+(?=\s|$|[\"')])", ".", text).strip()


def pieces_of(text: str) -> list[str]:
    """The sentences of `plain` words, each without what leads in to it and the stop at its end; nor does the last one
    end with the colon of a list that is not told."""
    pieces = [LEAD.sub("", piece.text.rstrip(" .!;,…")) for piece in split_sentences(text)]
    return [*pieces[:-1], pieces[-1].rstrip(" :")] if pieces else pieces


def spoken_out(said: str) -> str:
    """The words as they are reported: `plain`, without what leads in to each sentence ("Speaking of which, ...") and
    with an "I" that was left out ("Need a present")."""
    text = plain(said)
    start = LEAD.match(text)
    text = text[start.end() :] if start else text
    return ELIDED_I.sub(lambda match: f"I {match[0].lower()}", text, count=1) if ELIDED_I.match(text) else text


def is_reportable(text: str, *, is_order: bool = False) -> bool:
    """Whether it is an English statement to nobody in particular, or an order, which has few small words."""
    if any(sign.search(text) for sign in (NEVER, ADDRESSED, SECOND_PERSON, QUOTED_SPEECH)):
        return False
    return bool(words(text)) and (is_english(text) or (is_order and not is_foreign(text)))


def is_about_others(text: str) -> bool:
    """Whether somebody else is there whom a bare "they" might mean."""
    if (
        SOMEBODY.search(text)
        or SPEAKING.search(text)
        or PAIRED.search(text, 1)
        or any(word in RELATIONS for word in words(text))
    ):
        return True
    subject = NAMED_SUBJECT.match(text)
    return subject is not None and subject["name"].casefold() not in STOPWORDS


def clause(text: str) -> str:
    """The words up to the first that subordinates, or the first pause."""
    return SEGMENT.split(SUBORDINATE.split(text, maxsplit=1)[0], maxsplit=1)[0]


def is_plural_start(text: str) -> bool:
    """Whether a sentence begins with "we" or "our", so that "they" are those."""
    return re.match(r"(?:we|our)\b", text, re.I) is not None


def agrees_alone(rest: str) -> bool:
    """Whether no further verb may hang on the one that has just been changed ("loves cats and hate dogs")."""
    return all(
        match["next"] == "I" or verbs.cannot_be_base(match["next"]) or AUXILIARY.match(rest, match.end())
        for match in COORDINATED.finditer(rest)
    )


def has_verb(text: str) -> bool:
    """Whether a sentence surely has a verb of its own."""
    if FINITE.search(text) or PAST_CLAUSE.match(text) or any(word in verbs.PAST for word in words(text)):
        return True
    relative = RELATIVE.match(text)
    return relative is not None and relative["noun"].casefold().split("-")[0] in RELATIONS


def has_subject_and_verb(text: str) -> bool:
    """Whether a sentence surely has a subject and a verb of its own, and not only inside of what depends on it."""
    if NO_SUBJECT.match(text) or VERB_FIRST.match(text) or DENIED.match(text):
        return False
    if GERUND_SUBJECT.match(text):
        return True
    if SETTING.match(text):
        comma = text.find(",")
        rest = text[comma + 1 :].strip() if comma > 0 else ""
        return (bool(rest) and has_subject_and_verb(rest)) or has_verb(SUBORDINATE.split(text, maxsplit=1)[0])
    if PREPOSED.match(text):
        return True
    depends = SUBORDINATE.search(text)
    if depends is not None and depends.start() == 0:
        comma = text.find(",")
        return comma > 0 and has_subject_and_verb(text[comma + 1 :].strip())
    return has_verb(clause(text))
