"""Cues: the turns of phrase that tell what kind of thing a sentence says, and the marks of what is not worth keeping.

Patterns, not a model: each cue is a name and an expression, so that `salience` and `kinds` can say why they chose.
"""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re
from collections.abc import Collection

from elephantasm_cli.dream.verbs import PAST

_ADV = r"(?:(?:also|really|always|usually|often|still|just|do|did|absolutely|totally|actually|normally|generally|mostly|recently|finally|even|both|already|definitely)\s+)*"
_WE = rf"\b(?:i|we)\s+{_ADV}"
_PAST_VERB = (
    r"(?:(?!need|feed|speed|agreed\b|loved\b|liked\b|wanted\b|hoped\b|wondered\b|figured\b|guessed\b)[a-z]{2,}ed|went|got|made|"
    r"saw|took|met|came|bought|found|told|gave|began|ran|wrote|won|lost|sent|left|built|broke|ate|drove|flew|spent|heard|held|"
    r"kept|put|sold|brought|became|taught|caught|fell|grew|led|paid|rode|sang|slept|spoke|swam|threw|woke|chose|hit|hurt|quit|"
    r"set|cut|read|beat|had\s+(?:a|an|the|my|our|some|to)\b|was\s+(?:in|at|on|born|diagnosed|hired|promoted|accepted|told)\b)"
)
_RELATIVES = (
    r"(?:wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|mother|mom|mum|father|dad|parents?|sister|brother|siblings?|son|"
    r"daughter|kids?|children|child|baby|cousin|aunt|uncle|niece|nephew|grandma|grandmother|grandpa|grandfather|grandparents?|"
    r"friends?|roommate|neighbou?r|boss|manager|team\s+lead|colleagues?|coworkers?|mentor|teacher|dogs?|cats?|puppy|pup|kitten|kitty|guinea\s+pig|hamster|rabbit|parrot|horse|pets?)"
)
HAPPENED = (
    "changed|moved|failed|passed|broke|came|comes|went|goes|got|took|takes|says|said|shows|showed|found|finds|needs|gave|ran|crashed|crashes|"
    "returned|dropped|worked|works|started|starts|stopped|ended|finished|hangs|hung"
)
"""Verbs before which a word is no order but what did this: "Review came back"."""
IMPERATIVE = (  # verbs; those of the second part are nouns as well, and orders only with an object behind them
    r"(?:use|keep|write|run|put|add|avoid|stop|start(?!\s+(?:(?:on|from|at)\s+(?:the\s+)?)?(?:\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))|commit|make|explain|show|ask|push|remember|stick|follow|call|name|format|"
    r"answer|reply|respond|check|test|review|deploy|open|give|leave(?!\s+(?:on|at|in|for|by)\b)|move|remove|delete|fix|document|change|set|prefer|skip|"
    r"assume|mention|include|list|split|tell|bring|wrap|merge|rename|log(?!\s+(?:\w+ed|is|was|says?|shows?)\b)|treat|store|try|do|raise|lower|increase|switch|ship|wait(?!\s*[,.!—-]|\s+(?:what|no|so)\b)|stay|drop|pin|disable|enable|ignore|retry|return|sign|restart|suggest|touch|compare|mark|scrap|convert|translate|sort|group|mock|install|upgrade|pull|rebase|squash|"
    r"(?!(?:like|love|hate|want|need|have|know|think|hope|feel|see|get|mean|bet|guess|doubt|with|for|from|about|into|onto|over|under|after|before|"
    rf"because|since|when|while|where|that|than|and|but|all|both|does|did|was|were|has|had|let|sure|maybe|{'|'.join(sorted(PAST))})\b)"
    r"[a-z]{3,}(?<!s)(?<!ed)(?<!ing)(?<!ly)(?=\s+(?:it|them|us|me)\b(?!\s+(?:is|was|has|will|would)\b))|"
    r"turn(?=\s+(?:[\w`-]+\s+){1,3}(?:off|on)\b)|"
    r"(?:embed|import|export|remind|replace|rerun|refactor|extract|inline|render|generate|implement|validate|quote|reject|report|load|cache|"
    r"bump|print|map|turn|find|order|book|build|create|clean|copy|archive|schedule|cancel|buy|swap|hold|track|send|email|link|point|hide|cap|"
    r"limit|freeze|reuse|restore|revert|reset|trim|strip|round|count|measure|parse|publish|tag|freeze|warn|record|save|plan|"
    r"search|look\s+up|double-check|stick|base|host|pick|match|cover|call|draft|prepare)"
    r"(?=\s+(?:the|an?|my|our|your|us|me|it|them|all|each|every|any|this|that|these|those|up|into|in|out|off|on|down|no|one|two|three|\d|"
    r"(?-i:[A-Z])|`|[\w-]+[./_]\w|(?<!\bsave\s)(?<!\bbuild\s)(?<!\bcache\s)(?<!\breport\s)(?<!\bbook\s)(?<!\bprint\s)(?<!\bmap\s)[a-z]+s\b)))"
)

_NOT_CHEER = (
    r"(?!give|forget|good|nice|great|fun|a\b|an\b|the\b|worry|hesitate|say|mind|lose|too|be\b|so\b|here|there|been|get\s+me|"
    r"happy|inspiring|love|quit|wanted|know|let|stress|underestimate|stop|doubt|listen|easy)"
)

CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.I | re.X))
    for name, pattern in (
        (
            "instruction",
            rf"""\bfrom\s+now\s+on\b | \b(?:in\s+future|going\s+forward|by\s+default|as\s+a\s+rule|in\s+general)\b,?\s
            | ^(?:please\s+|and\s+|but\s+|so\s+|then\s+)*(?:always|never|don['’]?t\s+ever|do\s+not|don['’]t|stop|avoid)\s+{_NOT_CHEER}\w+
            | \b(?:please|and|but|so)\s+(?:always|never|do\s+not|don['’]t)\s+{_NOT_CHEER}\w+
            | (?:^|,\s|:\s|\bplease\s)(?:{IMPERATIVE})\b.*\b(?:always|never|every\s+time|any\s?more|instead|
              before\s+(?:you|the|any|each)|first,?\s+then|only)\b
            | \b(?:please\s+keep|make\s+sure|remember\s+to|keep\s+(?:your|the)\s+(?:answers?|commits?|replies|messages|code|tests?)\b)
            | \bno\s+(?:new|more|other)\s+\w+.*\b(?:without|unless|until|please)\b | \bunless\s+(?:you|i)
            | \byou\s+(?:should|must|can)\s+(?:always|never)\b | \bmust\s+(?:always|never)\b | ^you\s+(?:always|never)\s+(?!\w+ed\b|said|told|know|knew|were|had|did)[a-z]+\b
            | ^(?:[\w'’-]+\s+){{1,6}}never\s+(?:on|in|into|to|with|without|before|after|as|via|by)\s+\w+ | [,:]\s*always\s*(?:,|$)
            | \b(?:always|never)\s+(?:use|run|push|commit|write|ask|put|deploy|test|merge|touch|start|add|log|store|call)\b
            | \b(?:nothing|nobody|no\s+one)\s+(?:gets|goes|pushes|merges|commits|touches|deploys|is\s+\w+ed)\b | \bas\s+(?:always|ever|usual)\b | \blike\s+(?:every|all)\b
            | \bfirst\b,?\s+(?:and\s+)?(?:only\s+)?then\b | \b\w+\s+first\b(?=\s*(?:[,.;:!]|$)) | \bask\s+me\s+(?:first|before)\b
            | \b(?:one|1)\s+\w+\s+(?:per|in\s+each|for\s+each|each)\b | \bno\s+\w+(?:\s+\w+)?\s+(?:and|or)\s+no\b
            | \bno\s+(?:[\w-]+\s+){{1,4}}?(?:in|at|of|from|to|on|with)\s+(?:[\w-]+\s+){{0,4}}?your\s+(?:answers?|replies|reply|responses?|messages?|summar(?:y|ies)|code|commits?|mails?|lists?)\b
            | ^(?:please\s+|and\s+|but\s+|also\s+)*stop\s+(?:with\s+|all\s+)?the\s+(?:[\w'’-]+\s+){{1,6}}?(?:in|at|from|on)\s+(?:the|my|your|every|all)\s+(?:reminders?|replies|answers?|messages?|mails?|code|comments?|commits?|summar(?:y|ies)|logs?|output|subjects?|headers?|lists?)\b
            | \bno\s+direct\b | \bi\s+(?:always|never)\s+want\b | (?<!\bis\s)(?<!\bwas\s)\bfor\s+good\b(?=\s*(?:[,.;!]|$)) | ,\s+so\s+no\s+\w+
            | ^no\s+\w+(?:\s+\w+)?,\s+no\s | ^(?:nobody|no\s+one)\s+(?!knows|cares|told|said|wants|likes|else)[a-z]+s\b""",
        ),
        (
            "request",
            rf"^(?:please\s+|and\s+|then\s+|now\s+|just\s+|so\s+|again:?\s+)*{IMPERATIVE}\b(?!\s+(?:it\s+up|you|{HAPPENED})\b)|\bplease\b",
        ),
        (
            "correction",
            r"""\bi\s+was\s+wrong\b | \bcorrection\b | \bi\s+meant\b | \bhas\s+(?:changed|moved)\b | \bno\s+longer\b | \bany\s?more\b
            | ^(?:no|nope|wait)[,!:]\s+\S | (?:^|[,:]\s)actually[,]?\s+(?:it|we|i|the|that|stop|no)\b | ,\s+not\s+\w+
            | \b(?:is|are)\s+now\b | \binstead\s+of\b | \bswitched\s+(?:from|to)\b | \bthat['’]?s\s+(?:wrong|not\s+(?:right|true))\b
            | \bmisremember | \b(?:scrap|strike|undo|forget)\s+that\b | \bon\s+second\s+thoughts?\b | \bchange\s+of\s+plans?\b
            | \bmake\s+(?:it|that|this|the\s+\w+(?:\s+\w+)?)\s+\d""",
        ),
        (
            "rule",
            r"""\b(?:is|are|be|has|have|gets?|goes|run|runs)\s+(?:always|never|only)\b | \bmust\b | \b(?:has|have)\s+to\s+(?:be|keep|stay)\b
            | \b(?:reviews?|owns?|approves?)\s+(?:every|all|any)\w*\b | \bonly\s+after\b | \bis\s+not\s+allowed\b | \bat\s+(?:most|least)\b
            | \bwe\s+(?:never|only|always)\s+(?!\w+ed\b|had|saw|knew|been|got|went|thought|felt|met|did|were|was)[a-z]+\b | \bonly\s+ever\b
            | ^(?:the\s+|our\s+|all\s+)?(?!i\b|we\b|he\b|she\b|they\b|it\b|you\b)[\w-]+(?:\s+[\w-]+)?\s+(?:never|always|only\s+ever)\s+(?!been|had|worked|seen|was|were|got|said|felt)[a-z]+\b
            | \b(?:frozen|off\s+limits|out\s+of\s+bounds|mandatory|forbidden|by\s+law|not\s+negotiable)\b""",
        ),
        (
            "preference",
            rf"""{_WE}(?:prefer|like|love|enjoy|hate|dislike|adore|can['’]?t\s+stand|don['’]?t\s+(?:like|want|trust|need)|
              would\s+rather|favou?r)\b (?!\s+(?:it|that|this|to\s+(?:hear|see|know|help)|you|your|how|the\s+way|what)\b)
            | \bi['’]d\s+rather\b | \b(?:my|our)\s+(?:\w+\s+)?favou?rite\b | \bi['’]?m\s+(?:a\s+(?:big\s+|huge\s+)?fan\s+of|
              (?:so\s+|really\s+)?into|keen\s+on|passionate\s+about|allergic|vegan|vegetarian)\b
            | \bi\s+{_ADV}want\s+(?:to\s+see|you\s+to|the|all|every|a|an|no)\b | \bmy\s+go-to\b""",
        ),
        (
            "decision",
            r"""\b(?:we|i)\s*(?:['’]ve|have|just|finally)?\s*(?:decided|chose|picked|settled|agreed\s+(?:on|to|that)|went\s+with|
              switched|migrated|dropped|threw\s+(?:\w+\s+)?out|signed\s+up|quit|opted|committed\s+to)\b
            | \b(?:we|i)(?:['’]re|['’]m|\s+are|\s+am|['’]ll|\s+will)\s+(?:going|go|stick|sticking|stay|staying)\s+with\b
            | \b(?:we|i)(?:['’]re|['’]m|\s+are|\s+am)\s+(?:dropping|switching|replacing|migrating|moving\s+(?:to|away|from))\b
            | \blet['’]?s\s+(?:use|go\s+with|stick|keep|stay|drop|switch|take|call|not)\b | \bdecision\b
            | \b(?:it|this)\s+is\s+(?:decided|settled)\b""",
        ),
        (
            "plan",
            r"""\b(?:i|we)(?:['’]m|['’]re|\s+am|\s+are)\s+(?:also\s+|still\s+|so\s+|now\s+)?(?:going\s+to|gonna|planning|thinking\s+(?:of|
              about)|hoping|looking\s+(?:for|into|at|to)|aiming|about\s+to|starting|working\s+on|getting\s+ready|moving|leaving|
              taking|having|visiting|joining|going\b|saving|building|launching|opening|preparing)
            | \b(?:i|we)\s+(?:also\s+|really\s+|still\s+)?(?:plan|hope|intend|aim|want|need|would\s+like)\s+(?:to|on)\b
            | \bi['’]d\s+(?:love|like)\s+to\b | \b(?:i|we)(?:['’]ll|\s+will|\s+shall)\b | \bgonna\b | \bcan['’]?t\s+wait\s+to\b
            | \bmy\s+(?:\w+\s+)?(?:goal|plan|dream|deadline|aim)s?\b | \b(?:deadline|due|starts?|begins?|is\s+scheduled|opens?)\s+(?:is|on|in|at|for)\b""",
        ),
        (
            "problem",
            r"""\b(?:fail(?:s|ed|ing|ure)?|broke(?:n)?|breaks|bugs?|errors?|crash(?:es|ed)?|doesn['’]?t\s+work|didn['’]?t\s+work|
              stuck|struggl\w+|flaky|leak(?:s|ed)?|time-?out|timed\s+out|duplicates?|outage|regression|lost\s+my|injur\w+|
              hurt|health\s+scare|setbacks?|diagnosed|problems?|issues?|takes\s+ages|runs?\s+dry|exhausted|stress(?:ed|ful)?)\b""",
        ),
        (
            "introduction",
            r"""\bmy\s+name\s+is\b | \b(?:i['’]?m|i\s+am|this\s+is)\s+(?-i:[A-ZÄÖÜÉ])[\w'’-]+(?=,\s|\s+(?:and\s+i\b|from|at)\b)""",
        ),
        (
            "relationship",
            rf"""\b(?:my|our)\s+(?:\w+\s+)?{_RELATIVES}\b
            | \b(?-i:[A-Z])\w+,\s+(?:my|our|the|his|her)\s+[\w\s]{{2,24}}, | \(my\s+\w+\)""",
        ),
        (
            "fact",
            rf"""\bmy\s+name\b | \bi['’]?m\s+(?:an?|the|from|in|at|on|based|living|married|single|divorced|\d+|[\w-]+(?=,\s))\b
            | \bi\s+am\s+(?:an?|the|from|in|at|on|based|living|married|single|\d+)\b
            | {_WE}(?:work|live|own|study|studied|speak|teach|play|run|use|keep|deploy|host|store|ship|build|support|grew\s+up|
              come\s+from|moved|paint|volunteer|attend|practice|train|collect|have\s+(?:a|an|the|two|three|four|five|\d+|my|been)
              |have\s+to\s+(?!go\b|run\b|stop\b|say\b|admit\b)|['’]ve\s+(?:got|been|had|owned|known|worked|used))\b
            | \b(?:i|we)['’]ve\s+(?:got|been|had|owned|known|worked|used|started)\b
            | \b(?:it['’]?s|that['’]?s|this\s+is|is|are)\s+(?:my|our)\b | \bour\s+\w+(?:\s+\w+)?\s+(?:is|are|has|have|runs?|uses?)\b
            | \bmy\s+\w+(?:\s+\w+){{0,2}}\s+(?:is|are|has|have|lives?|works?|likes?|loves?|was|were)\b""",
        ),
        (
            "event",
            rf"""\b(?:i|we)\s+{_ADV}{_PAST_VERB} | \bmy\s+\w+(?:\s+and\s+i)?\s+{_ADV}{_PAST_VERB}\b
            | ^(?:just\s+|also\s+|recently\s+|finally\s+)?(?:went|got|started|finished|joined|took|made|met|bought|found|tried|
              visited|signed|moved|lost|won|ran|did|had|saw)\s+\w+ | \b(?:i|we)['’]?(?:ve|\s+have)\s+(?:also\s+|just\s+|recently\s+)?
              (?:started|finished|joined|moved|bought|found|made|taken|gone|lost|won|written|created|learned|met|seen|opened)\b""",
        ),
        (
            "activity",
            rf"""\b(?:i|we)(?:['’](?:m|re|ve\s+been)|\s+(?:am|are|have\s+been))\s+{_ADV}(?:now\s+|currently\s+|definitely\s+)?
              (?!going\b|feeling|looking|hoping|loving|being|getting|wondering|thinking|dying|kidding|saying|telling|talking|enjoying)
              [a-z]{{2,}}ing\b
            | ^(?:researching|working\s+on|learning|training|studying|reading|writing|building|planning|preparing|finishing\s+up|
              getting\s+ready|saving\s+up|moving\s+to|trying\s+out)\b
            | \b(?:i|we)\s+(?:always|usually|often|regularly|sometimes|every)\s+(?!loved|wanted|will|feel|felt|been)[a-z]+\b
            | \b(?:i|we)['’]ve\s+got\s+(?:an?|two|three|another|some)\b | ^(?:an?|one)\s+(?:\w+\s+)?{_RELATIVES}\s+of\s+mine\b""",
        ),
        (
            "statement",
            r"""^(?:the\s+|a\s+|an\s+|our\s+|all\s+)?[\w./`'’-]+(?:\s+[\w./`'’()-]+){0,7}?\s+(?:is|are|was|were|has|have|had|runs?|uses?|lives?|goes|
              must|starts?|reads?|writes?|reviews?|wants?|works?|needs?|allows?|takes?|took|says?|said|found|changed|removed|moved|
              happens?|belongs?|contains?|means?|owns?|likes?|prefers?|suggested|stays?|stayed|will|won['’]t)\b""",
        ),
    )
)  # fmt: skip
"""Cue names with what shows them, strongest first; a sentence may show several."""


def shows(text: str, names: Collection[str]) -> bool:
    """Whether ``text`` shows one of the cues of `CUES` with these names."""
    return any(name in names and pattern.search(text) for name, pattern in CUES)


FOREIGN_CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.I | re.X))
    for name, pattern in (
        (
            "instruction",
            r"""\b(?:ab\s+(?:jetzt|sofort|heute|nun)|künftig|in\s+zukunft|von\s+nun\s+an|grundsätzlich|auf\s+keinen\s+fall|bitte\s+(?:nie|immer|kein\w*)|
            (?:mach|nimm|such|schreib|nenn|frag|benutz|verwende|gib|lass)\w*\s(?:.*\s)?(?:immer|nie|niemals|nur)|désormais|dorénavant|à\s+partir\s+de\s+maintenant|
            plus\s+jamais|(?:utilise|écris|mets|garde|appelle|propose|évite)\w*\b.*\b(?:toujours|jamais)|a\s+partir\s+de\s+ahora|de\s+ahora\s+en\s+adelante|
            en\s+adelante|nunca\s+(?:uses|pongas|hagas|escribas|más)|siempre\s+(?:usa|pon|haz|escribe))\b
            | \btoujours\b.*\bjamais\b | 以后 | 从现在起 | 一律 | 不要再 | 别再 | 千万别 | 今后""",
        ),
        (
            "preference",
            r"""\b(?:ich\s+(?:mag|liebe|hasse|bevorzuge)|mir\s+ist\s+.*\blieber|am\s+liebsten|lieblings\w+|je\s+(?:préfère|déteste|adore)|mon\s+\w+\s+préféré|
            prefiero|odio|me\s+(?:gusta|encanta)n?|favorit[oa]s?)\b | 喜欢 | 讨厌 | 最爱""",
        ),
        (
            "fact",
            r"""\b(?:ich\s+(?:bin|wohne|arbeite|heiße|spiele|fahre|habe)|mein(?:e|er|em|en)?\s+\w+|je\s+(?:suis|travaille|joue)|j['’](?:habite|ai)|
            (?:mon|ma|mes)\s+\w+|soy|vivo|trabajo|tengo|mi\s+(?:hij|herman|madre|padre|mujer|marido|novi|jef)\w+)\b | 我(?:是|住|在|妈|爸|的) | 我们(?:用|在|的)""",
        ),
        (
            "plan",
            r"""\b(?:ich\s+(?:ziehe|fange|werde)|ab\s+(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)|
            je\s+vais|nous\s+allons|on\s+va|voy\s+a|vamos\s+a|me\s+mudo|empiezo)\b | 打算 | 下个?月 | 明年 | 决定""",
        ),
    )
)  # fmt: skip
"""The same for German, French, Spanish and Chinese: far fewer, and only what is said outright."""

FOREIGN_YOU = re.compile(
    r"\b(?:du|dich|dir|deine?[nrms]?|ihr|euch|tu|te|toi|ton|tes|vous|votre|usted|contigo)\b|[你您]", re.I
)
FOREIGN_I = re.compile(
    r"\b(?:ich|mich|mir|meine?[nrms]?|wir|uns|unsere?[nrms]?|je|moi|mon|ma|mes|nous|notre|nos|yo|mi|mis|me|nosotros)\b"
    r"|\bj['’]|[我咱]",
    re.I,
)
"""Who is talked to and who talks, in those languages."""

HABIT = re.compile(
    r"""^(?:i|we)\s+(?:also\s+|always\s+|usually\s+|often\s+|mostly\s+|only\s+|still\s+)*(?!(?:am|are|was|were|have|had|do|did|can|could|would|should|might|
    may|will|shall|must|just|think|guess|hope|know|mean|see|wonder|believe|suppose|feel|wish|remember|forget|agree|understand|appreciate|
    really|totally|need|want|bet|get|got|try|doubt|promise|swear|expect|imagine|notice|look|hear|ask|say|assume|never|not|no|too|all|both)\b)
    [a-z]{2,}(?<!ed)(?<!ing)\s""",
    re.I | re.X,
)
"""What somebody does as a rule: "I" or "we" and a verb in the present, other than one of thinking or saying."""

LASTING = re.compile(
    rf"""\b(?:allerg(?:y|ies|ic)|intoleran(?:t|ce)|anaphyla\w*|reacts?\s+(?:badly\s+)?to|epi-?pens?|adrenaline|dialysis|seizures?|coeliac|celiac|diabet\w*|asthma\w*|epilep\w*|pacemaker|
    insulin|inhaler|kidneys?|thyroid|cholesterol|blood\s+pressure|migraines?|phobi[ac]|diagnos(?:ed|is)|alzheimer\w*|parkinson\w*|dementia|multiple\s+sclerosis|arthritis|crohn\w*|cancer|tumou?r|leuk\w+mia|
    chemo\w*|transplant\w*|stroke|heart\s+attack|blood\s+thinners?|anticoagulants?|hearing\s+aids?|adhd|autis(?:m|tic)|bipolar|afraid\s+of|terrified\s+of|scared\s+of|hard\s+of\s+hearing|colou?r-?blind|wheelchair|step-free|dyslexi[ac]|allergi(?:que|sch\w*)|pregnan\w*|vegan|vegetarian|pescatarian|kosher|halal|lactose|gluten|(?:nut|sugar|dairy)-free|blood\s+type|
    (?:can(?:no|['’])t|mustn['’]t|must\s+not|doesn['’]t|don['’]t)\s+eat)\b
    | \b(?:i|he|she|we|(?-i:[A-Z])\w+)\s+takes?\s+(?:\w+\s+){{0,2}}?(?:medication|medicine|pills?|tablets?|\d+\s?m[cg]g?)\b
    | \bmy\s+name\s+is\b | \b(?:i\s+am|i['’]m)\s+called\b | \bcall\s+me\s+(?-i:[A-Z])
    | \b(?:my|our)\s+(?:\w+\s+)?{_RELATIVES}(?:['’]s\s+name\s+is|,?\s+(?-i:[A-Z])[\w'’-]+,?\s+(?:is|has|works|lives)\b
      |\s+(?:is\s+)?(?:called|named)\b) | 过敏""",
    re.I | re.X,
)
"""What holds for good of a person: what may harm them, and who they are to the speaker."""

NOT_WISHED = r"one\b|problem|worries|idea|need|way|thanks|time|doubt|luck|wonder|longer"
"""What "no" stands before where nothing is asked for: "no idea"."""
WISH = re.compile(
    rf"""\bplease\b (?!\s+(?:enjoy|forgive|excuse|god\b)) | (?:^|[,;:]\s+)(?:and\s+|but\s+|so\s+|just\s+)*(?:don['’]?t|do\s+not|never)\s+{_NOT_CHEER}[a-z]+
    | \bnot\s+a\s+word\b | \bsay\s+nothing\b | \bkeep\s+(?:it|this|that)\s+(?:quiet|secret|to\s+yourself|between)
    | \b(?:nobody|no\s+one)\s+(?:else\s+)?(?:knows|is\s+to\s+know|must\s+know|may\s+know)\b
    | (?:^|[,;:]\s+)(?:and\s+|but\s+|so\s+|especially\s+)*(?:no|not)\s+(?!{NOT_WISHED}|more\s+than)
      [a-z][\w-]*(?:\s+[\w-]+){{0,4}}?\s+(?:please|for\s+(?:me|her|him|us|them|my\s|our\s|the\s|(?-i:[A-Z])))""",
    re.I | re.X,
)
"""What people ask of each other: what not to do, not to bring, not to tell."""

FINDING = re.compile(
    r"""\b(?:because|cause[sd]?\b|root\s+cause|turned\s+out|fails?\s+(?:when|whenever|as|again|because)|the\s+(?:problem|issue|reason|
    fix|bug|cause)\s+(?:is|was)|(?:is|was)\s+(?:a|an)\s+(?:\w+\s+){0,3}(?:bug|leak|race|deadlock|regression)|runs?\s+dry|leak\w*|
    never\s+(?:returns?|closed|released)|same\s+(?:error|test|cause|symptom)|multiplies|depends\s+on|nothing\s+stops|
    (?:gives|returns)\s+\w+(?:\s+\w+)?\s+(?:back|connection)|found|fixed|raised|lowered|replaced|renamed|removed|migrated|now\s+(?:uses|
    passes|runs|asks|takes|has)|passes?\s+now|passed\b|decided|requires?|needs?|defaults?\s+to|rejected|expired|is\s+missing|(?:minutes?|seconds?|days?)\s+(?:behind|ahead|late|old)|(?:has|have)\s+no|is\s+only|are\s+only|up\s+to\s+(?:19|20)\d\d|since\s+(?:\w+\s+)?(?:19|20)\d\d|instead\s+of|took\s+\d|\d+\s+(?:of|connections|rows|seconds|workers))\b""",
    re.I | re.X,
)
"""What makes an assistant's sentence a finding or a change."""

CHANGED = re.compile(
    r"""\b(?:i|we)(?:['’]ve|\s+have)?\s+(?:now\s+|also\s+|just\s+)?(?:added|changed|corrected|fixed|moved|set|put|swapped|switched|patched|pinned|rewrote|made|
    dropped|wrapped|reordered|restored|cleared|bumped|updated|turned|replaced|renamed|removed|raised|lowered|rebuilt|reset|escaped|increased)\b
    | ^(?:fixed|done|solved|corrected|added|changed|removed|moved|pinned|replaced|updated|rebuilt|switched|renamed|set)\b | \bnow\b""",
    re.I | re.X,
)
"""What makes an assistant's sentence a change it has made."""


HOLDS_ON = re.compile(
    r"^(?:(?:and|but|so|i\s+mean|that\s+goes)[,\s]+)*(?:(?:always(?:\s+like\s+(?:that|this))?|ever|from\s+now\s+on|by\s+default|for\s+good|in\s+general|as\s+a\s+rule|no\s+exceptions?|once\s+and\s+for\s+all)(?=\W*$|,|\s+i\s+mean)"
    r"|(?:every(?:\s+single)?|each)\s+time(?=\W*$|\s+(?:we|you|i)\s+\w+(?:\s+\w+)?\W*$)|not\s+(?:only|just)\s+(?:today|now|this)\b|same\s+(?:with|for|goes\s+for)\b)[^?\n]{0,50}$",
    re.I,
)
"""What says of the sentence before that it holds for good: "Always.", "every time we practise"."""
LEAD_IN = re.compile(
    r"""^(?:(?:(?:yeah|yes|yep|yup|no|nope|oh|ah+|ha+|aw+|woah|whoa|well|ok|okay|right|sure|wow|good|fine|thx|hey|hi|hello|haha|lol|hm+|cool|super|great|nice|perfect|thanks|
    thank\s+you|totally|definitely|exactly|absolutely|actually|honestly|anyway|btw|by\s+the\s+way|so|and|but|also|plus|again|good\s+point|
    (?:oh\s+and\s+)?something\s+else|while\s+i\s+remember|morning|one\s+more(?:\s+thing)?|to\s+be\s+honest|fair|guess\s+what|(?:that\s+)?makes\s+sense|sounds\s+\w+|looks\s+\w+|agreed|understood|got\s+it|noted|no\s+problem|you\s+know\s+the\s+(?:drill|rule|rules)|date\s+change|reminder|fyi|heads\s+up|quick\s+(?:one|thing|question|note)|not\s+any\s?more)
    (?:,?\s+(?-i:[A-Z])\w+)?\s*[,!:;.…-]+\s*)|(?:and|but|also|so(?!\s+(?:much|many|far|long)\b)|plus|oh|yeah|ok|well)\s+
    |that['’]s\s+what\s+i\s+\w+[:,]\s*
    |(?:that|those|these|this|it)\b[^,;:.]{1,40}[,;:]\s+(?=(?:i|we|my|our)\b))+""",
    re.I | re.X,
)
"""What precedes the statement proper: it may be cut off, the rest stands without it."""

TAIL_ABOUT_YOU = re.compile(r"\s*[,;]\s+(?:and\s+|but\s+)?your?\b[^,;]*$", re.I)
"""A last clause about the other person, which the statement before it does not need."""

PRONOUN_START = re.compile(
    r"^(?:(?:he|she|it|they|them|this|that|these|those|his|her|their|its|here|both|one\s+of\s+them)(?:['’]\w+)?\b"
    r"|(?:reminds?|makes?|sounds?|looks?|seems?|feels?|gives?|means?|helps?|keeps?|brings?|shows?)\s+(?:me|us|like|a|an|the|you|how)\b"
    r"|(?:almost|just)\s+as\b)",
    re.I,
)
"""A pronoun in front, or a verb whose subject stands in the sentence before."""
DUMMY_IT = re.compile(
    r"it(?:['’]s|\s+is|\s+was|['’]s\s+been|\s+has\s+been)\s+(?:(?:so|very|really|always|still|pretty|been|quite|a\s+bit|too|not|my|our)\s+)*"
    r"(?:hard|tough|easy|rough|nice|good|great|important|difficult|weird|strange|rare|clear|possible|time|quiet|cold|hot|warm|dark|\w+\s+(?:years?|months?|weeks?)\s+since)\s+"
    r"(?:to|that|when|since|going\s+since|for|how|having|being|seeing|in\s+(?:winter|summer|spring|autumn|january|july|august))\b",
    re.I,
)
""" "It's hard to ...": this "it" stands for nothing said before."""
ELLIPTICAL = re.compile(
    r"^(?:(?:i|we|he|she|they|it|you)|(?:the|my|our)\s+\w+(?:\s+of\s+(?:the|my|our)\s+\w+)?)\s+(?:am|is|are|was|were|do|does|did|have|has|had|can|could|will|would|"
    r"don['’]t|doesn['’]t|didn['’]t|haven['’]t|hasn['’]t|can['’]t|won['’]t|isn['’]t|aren['’]t|wasn['’]t)\s*(?:[,.;!]|$|(?:and|but)\s)",
    re.I,
)
"""What leaves its verb to the words before it: "I am, mine's good till 2027"."""
OWN_SUBJECT = re.compile(r"^(?:i|we)(?:['’]\w+)?\s|^(?:my|our)\s", re.I)
DEICTIC = re.compile(
    r"\b(?:that\s+one|same|over\s+there|(?:be|been|am|is|was)\s+one\b|into\s+(?:it|this|that)\b(?!\s+\w)"
    r"|the\s+(?:first|second|other|latter|former)(?:\s+(?:one|two)\b|(?=\s*(?:[,.!;]|$|is\b|was\b|are\b)))"
    r"|(?<!we\s)(?<!us\s)(?<!we['’]re\s)(?<!we\sare\s)both(?!\s+[\w-]+\s+and\b)"
    r"|(?:these|those)(?=\s*(?:[,.!;]|$|(?:are|were|is|have|will|can|i|we|you|who)\b)))"
    r"|\b(?:do|did|does|done|doing|tried|try)\s+(?:that|this|it|so)(?=\s*(?:[.,:;!]|$))"
    r"|^(?:i|we)(?:['’]\w+)?\s+(?:\w+\s+)?\w+\s+(?:them|it)\b"
    r"|^(?:please\s+)?(?:only\s+|just\s+)?(?:move|change|send|put|set|leave|push|run|add|call|give|take|bring|roll|drop|turn)\s+(?:it|them|that)\b"
    r"|^(?:please\s+)?make\s+(?:it|that)\s+(?:(?:on|at)\s+)?(?:the\s+)?\d",
    re.I,
)
"""What points to something said before."""
SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself|you['’]\w+|u|ur)\b", re.I)
FIRST_PERSON = re.compile(r"\b(?:i|i['’]\w+|me|my|mine|myself|we|we['’]\w+|our|ours|us)\b", re.I)
ABOUT_YOU = re.compile(
    r"""^(?:your?\b|you['’]\w+|if\s+you|when\s+you|with\s+your|as\s+you|glad\s+you|hope\s+you|thanks)|
    \b(?:you['’](?:re|ve|ll|d)|you\s+(?:are|have|can|will|look|seem|did|got|make|made|know|should|could|need|deserve|inspire|really))\b""",
    re.I | re.X,
)
NAME = re.compile(r"(?<=[\w,;:'’)\"] )(?!I\b)[A-ZÄÖÜÉ][\w'’-]*[\w]")
IDENTIFIER = re.compile(
    r"`[^`]+`|\b\w+(?:[_/]\w+)+\b|\b\w+\.(?:py|js|ts|go|rs|md|sql|toml|json|yaml|yml|sh|txt|c|h)\b|\b\w+\(\)|(?<=\s)--?\w[\w-]*"
)
NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundred|thousand)\b", re.I
)

VAGUE = frozenset(
    """thing stuff journey challenge challenging dream goal motivated motivation focus focused vibe progress passion passionate
    success support supportive love happy happiness amazing awesome inspired inspiring inspiration positive hope life time moment
    hard tough step way day feel feeling felt experience great good best better important world special worth memory joy
    community change make made keep help helped work working try trying look looking forward excited exciting proud learn
    learned learning start started growth grow connection connect energy strong stronger strength people bit gonna gotta
    ready fun big little new year week month today yesterday tomorrow chat talk talked hear cool super find found enjoy
    beautiful wonderful incredible powerful journey share sharing definitely fulfilling rewarding appreciate grateful""".split()  # noqa: SIM905
)
"""Content words that make a sentence warm rather than definite."""
