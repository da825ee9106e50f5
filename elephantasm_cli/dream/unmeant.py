"""What is said and not to be kept: questions, greetings, offers, ideas, irony, what would be, what is taken back.

Patterns like those of `cues`, for the other side: whatever matches is left where it is, in the event.
"""

# ruff: noqa: E501 (an expression that is wrapped by its width cannot be read by its alternatives)
from __future__ import annotations

import re

from elephantasm_cli.dream.verbs import PAST

ASKED = re.compile(
    r"^(?:(?:and\s+|but\s+|so\s+|ok\s+|now\s+)*(?:how\s+(?:many|much|long|far|do|does|did|is|are|was|were|can)|(?:what|how|when|where|why)['’]?(?:s|d|re)|who|since\s+when|"
    r"what\s+(?:is|are|if|do|does|did|would|should|time|about|kind)|wh(?:y|ere|en)\s+(?:is|are|was|were|do|does|did|would|will|not))|"
    r"(?:shall|can|could|would|will|should|do|does|did|are|is|have|has)\s+(?:i|we|you|he|she|they|it|the|that|this)|(?:did|does|has|is|was|will|can)\s+(?-i:[A-Z])[a-z]+)\s[^,;:.]*$"
    r"|^\d[\d.,/]*\s*\w+\s+(?:in|to)\s+[a-z]{1,12}\.?$"
    r"|^[^?!.;:]*\b(?:is|are|was|gives?|takes?|costs?|makes?|needs?|weighs?|lasts?|equals?)\s+how\s+(?:much|many|long|far)\b(?:\s+\w+){0,3}\W*$"
    r"|^(?:and\s+)?[\w' -]+\s+or\s+[\w' -]+\s+first\W*$"
    r"|^(?:(?:and|but|so|ok|now)\s+)*(?:when|where|why|who|what|how(?:\s+(?:much|many|long|often|far))?)\s+(?:are|am|do|did|does|will|would|should|can|could|were|have|has|had)\s+(?:we|you|they|he|she|i)\s",
    re.I,
)
"""A question without its mark: "what's 350 F in C", "2 cups in ml"."""
IDEA = re.compile(
    r"^idea\b\s*[:?,–—-]|^(?:and\s+|or\s+|but\s+)?(?:what|how)\s+about\b|^or\s+(?:maybe|perhaps|did|does|is|was|(?:he|she|they|it|[\w]+)['’](?:s|re|ve)|(?:he|she|they|it)\s)\b",
    re.I,
)
"""What came to somebody, and is not so: "or she's moved away"."""
DRAFT = re.compile(
    r"^[\s\"“'>*_]*(?:dear\s+[^\n]{1,60},?$|subject:|hi\s+[^\n]{1,40},$|hello\s+[^\n]{1,40},$|sehr\s+geehrte|liebe[rs]?\s+[^\n]{1,40},$)"
    r"|\b(?:here(?:['’]s|\s+is)\s+(?:a|the|your)\s+(?:\w+\s+){0,2}(?:draft|version|text|letter|e?mail|message|toast|speech|note|reply|post|caption|bio|paragraph|poem)"
    r"|draft:|\byours\s+(?:sincerely|faithfully|truly)\b|\b(?:kind|best|warm)\s+regards\b|^\s*dear\s+[^,.\n]{1,40},\s+\S|how\s+about\s+this:|something\s+like:)|[\"“]dear\s",
    re.I | re.M,
)
"""What an assistant wrote in somebody else's name."""
GREETING = re.compile(
    r"""^(?:hey|hi|hello|hiya|yo|good\s+(?:morning|evening|afternoon|night|luck|job|to\s+(?:hear|see))|happy\s+(?:belated|new)|merry\s|morning|thanks?|thank\s+you|thx|bye|
    see\s+(?:you|ya)|take\s+care|talk\s+(?:to\s+you|soon|later)|congrat\w*|congratulations|well\s+done|great\s+(?:work|job|idea|to)|nice
    (?:\s+\w+)?|awesome|amazing|cool|wow|perfect|super|sounds\s+\w+|glad\s+(?:to|you|that)|happy\s+(?:to\s+(?:hear|help)|for\s+you|birthday)|
    no\s+(?:problem|worries|thanks)|of\s+course|absolutely|exactly|definitely|totally|sure|haha\w*|lol|love\s+(?:it|that|you|the|your|how)|
    keep\s+(?:it\s+up|going|up|me|at|pushing|on|in|doing|believing|dreaming|shining|chasing|your\s+(?:head|chin))|you\s+(?:got\s+this|rock|go)
    |enjoy|have\s+(?:fun|a)|cheers|let['’]?s\s+(?:catch|chat|talk|do\s+(?:it|this)|keep|hang)|
    don['’]?t\s+(?:worry|give\s+up|hesitate|forget\s+to|stress|be)|never\s+(?:mind|give\s+up|stop|forget)|stay\s+\w+|hang\s+in|
    looking\s+forward|i\s+(?:bet|see|agree|understand|get\s+it|know|hear\s+you|totally|appreciate|admire|hope\s+(?:you|your|it|that|this)|
    (?:also\s+)?wish|guess|think\s+(?:you|your|it['’]?s|that['’]?s)|believe\s+(?:in|you)|feel\s+you)|
    i['’]?m\s+(?:so\s+|really\s+|very\s+|super\s+|always\s+)?(?:glad|happy|proud|sorry|here|sure|excited|stoked|thrilled|rooting|honored|curious)\s*
    (?:\b(?:you|for|to|that|of|it|about|the|we|i)\b|[.!,]|$)|i['’]?ll\s+(?:definitely\s+|try|check|keep|let|be|look|do|think|have\s+to|remember)|
    i\s+(?:really\s+)?(?:can['’]?t\s+wait\s+to\s+(?:hear|see|read|try)|love\s+(?:it|that|this|your|how|you|the\s+(?:way|colors?))|like\s+(?:it|that|this|your))|
    way\s+to|best\s+of|so\s+(?:glad|happy|proud|cool|true|sweet)|that['’]?s\s+(?:so|great|awesome|amazing|really|cool|a\s+great|wonderful|
    fantastic|awful|tough|sweet|nice|good|true|right|the)|it['’]?s\s+(?:so|great|awesome|amazing|really|cool|wonderful|nice|good|always|all|
    important|definitely|been\s+(?:great|amazing|a))|what\s+a|how\s+\w+[!.]|can['’]?t\s+wait\s+to\s+(?:hear|see|read)|
    i\s+was\s+(?:just\s+)?(?:about|going|trying)\s+to\s+(?:ask|say|tell|write)|i\s+(?:just\s+)?wanted\s+to\s+(?:ask|say|check|let|tell)|
    i\s+have\s+(?:no\s+idea|to\s+(?:go|run))|just\s+(?:keep|remember|believe|be))\b""",
    re.I | re.X,
)  # fmt: skip
"""Openings of greeting, thanks, praise, encouragement and small promises."""
AFTER_GREETING = re.compile(
    r"(?:[;,–—]|\s-)\s+(?:and\s+|but\s+|so\s+)?(?=(?:(?-i:I)|we|my|our)(?:['’]\w+)?\s|(?:was|went|got|had)\s+(?:just\s+)?\w)",
    re.I,
)
"""Where, behind such an opening, somebody goes on about themselves."""
HEDGE = re.compile(
    r"(?:(?:and|or|but|well|h+m+)[,.]?\s+)?(?:hypothetically|was\b(?=\W*$)|were\b(?=\W*$)|used\s+to\b(?=\W*$)|theoretically|in\s+theory|maybe|perhaps|possibly|probably|mostly|except|not\s+(?:today|now|yet|tonight|this|until|before)|supposedly|allegedly|apparently|depends|i\s+(?:think|guess|suppose|hope)|if\b|unless\b|more\s+or\s+less|or\s+so)\b",
    re.I,
)
"""How a short sentence begins that takes back half of the one before it."""
IRONIC = re.compile(
    r"\bexactly\s+what\s+(?:i|we)\s+(?:always\s+)?(?:wanted|needed|dreamed)|\brun\s+for\s+(?:president|pope|king)\b|\beat\s+my\s+hat\b|"
    r"\bwhen\s+(?:pigs\s+fly|hell\s+freezes)|\bover\s+my\s+dead\s+body\b|\bin\s+(?:your|my)\s+dreams\b|\byeah,?\s+right\b|"
    r"\b(?:marry|adopt)\s+(?:it|the\s+\w+)\s+(?:one\s+day|someday)\b|\bjust\s+(?:great|perfect|brilliant),\s|\btell\s+me\s+about\s+it\b|,\s+obviously,|"
    r"\b(?:only|sure)\s+(?:path|way|key)\s+to\s+happiness\b|\bin\s+(?:my|your|his|her|the)\s+next\s+life\b|^if\b.*\blol\W*$|\btr(?:y|ied|ying)\s+praying\b|\bdanger\s+money\b|\b(?:grave|tomb)stone\b|\b(?:is|are|be|[\w]+['’]s)\s+(?:haunted|possessed|cursed|bewitched)\b|\b(?:an?\s+)?(?:hundred|thousand|million|gazillion)\s+times\b|\b(?:looking\s+at|(?:not\s+)?naming)\s+(?:nobody|no\s+one|no\s+names|names)\b|"
    r"\bi\s?['’]?a?m\s+(?:such\s+)?an?\s+(?:\w+\s+)?(?:fool|idiot|moron|genius|legend|hero|monster|clown|donkey|dinosaur|goddess|wizard)\b|\btell\s+my\s+(?:wife|husband|kids|family)\s+i\s+lov|"
    r"\bmarry\s+(?:an?|the|this|that)\s+(?!man\b|woman\b|guy\b|girl\b|love\b)\w+\W*$|\b(?:going\s+to|gonna|will|['’]ll)\s+live\s+here\s*(?:now|then)?\W*$|\ballergic\s+to\s+(?:rent|work|mondays?|mornings?|people|exercise|nonsense|meetings?|housework|effort)\b|"
    r"^(?:\w+\s+){1,2}(?:lol|haha\w*|jk|xd)\W*$"
    r"|\bmy\s+heart\s+(?:(?:almost|nearly)\s+)?(?:stopped|sank|skipped|leapt|melted)\b|\basking\s+for\s+a\s+friend\b"
    r"|开玩笑|\bje\s+(?:plaisante|rigole)\b|\b(?:war|ist)\s+(?:nur\s+)?(?:ein\s+)?(?:spaß|scherz|witz)\b|\bes\s+broma\b|\bscherzo\b|\b(?:just|only|am|i['’]?m)\s+(?:kidding|joking)\b",
    re.I,
)
"""Turns of phrase that say the opposite of what they mean, or nothing that is meant."""
TAKEN_BACK = re.compile(
    r"(?:no,?\s+wait|wait,?\s+no|wait(?=\W*$)|(?:scratch|scrap|ignore|forget|undo)\s+that|never\s?mind(?=\s*(?:[.,!]|$))|correction)\b|no(?=[.!]$)|(?:actually|hm+|oh),?\s+no(?=[.!,]|$)"
    r"|(?:no,?\s+)?don['’]?t\s+(?:say|write|put|send)\s+(?:that|it)(?=\s*(?:[.,!]|$))|(?:no,?\s+)?(?:(?:i['’]?m\s+|i\s+was\s+)?(?:just\s+|only\s+)?(?:kidding|joking)|jk|as\s+if|not\s+really|(?:that|it)\s+was\s+a\s+joke|that(?:['’]s|\s+is)\s+a\s+lie|lies\b|not\s+true|joke\b|(?:it|that)\s+means\s+nothing|i\s+(?:just\s+)?made\s+(?:it|that)(?:\s+up)?\b|i\s+wish|or\s+(?:don['’]?t|not|maybe\s+not|rather\s+not|too\s+\w+)|(?:probably|maybe)\s+(?:not|too\s+\w+))\b(?!\s+(?:i|we|it|they|he|she|you)\b)",
    re.I,
)
"""What says that the sentence before was none meant."""
HYPOTHETICAL = re.compile(
    r"^(?:suppose|imagine|say\s+(?:i|we|he|she|they|you)|what\s+if)\b|^if\b.*\b(?:would|wouldn['’]?t|could)\b|^if\b.*\b(?:(?:i|we|he|she|they|it)['’]d|id|youd|theyd|itd)\b"
    r"|(?:^|[,;]\s+|\b(?:but|and|so|then)\s+)(?:i|we|he|she|they)['’]d\s+(?:probably\s+|just\s+)?(?!like|love|rather|prefer|appreciate|want|be|been|better|just|already|never|always|only|not|\w+ly\b|\w+ed\b"
    rf"|gone|done|seen|taken|given|put|set|read|let|hit|cut|quit|{'|'.join(sorted(PAST))}\b)[a-z]+\b(?!.*\b(?:over|any\s+day|instead)\b)"
    r"|^(?:my|our)\s+\w+\s+would\s+(?!like|love|prefer|rather|be\b)",
    re.I,
)
"""What would be, but is not."""
FEELING = re.compile(
    r"\b(?:excited|stoked|grateful|thankful|happy|glad|proud|thrilled|blessed|lucky|inspiring|amazing|awesome|wonderful|important|"
    r"special|over\s+the\s+moon|can['’]?t\s+wait|feel(?:s|ing)?|felt)\b",
    re.I,
)
"""What is felt rather than what is so."""
COMMENT = re.compile(
    r"^(?:[\w'’-]+\s+){0,9}?(?:(?:(?:is|are|looks?|sounds?|seems?|feels?)|[\w]+['’](?:s|re))\s+(?:(?:so|such|really|truly|very|pretty|always|just|quite|simply|absolutely|totally|also)\s+)*(?:(?:an?|the)\s+)?"
    r"(?:adorable|amazing|awesome|beautiful|best|bold|brilliant|calming|cool|cute|everything|fancy|fantastic|fun|gorgeous|great|important|impressive|incredible|inspiring|lovely|loving|magical|nice|perfect|powerful|precious|special|stunning|sweet|true|wonderful)\b"
    r"|makes\s+(?:so\s+much\s+|perfect\s+)?sense\b)",
    re.I,
)
"""What somebody finds of something, and is no news of anybody."""
RESOLVED_TO = re.compile(
    r"^(?:(?:so|and|but|anyway|together),?\s+)*let['’]?s\s+(?!meet|say|go\s+(?:to|on)|make\s+it\s+\d|use|book|move)"
    r"|\b(?:won['’]?t|will\s+(?:not|never)|never|not\s+(?:going\s+to|gonna)|(?:don['’]?t|can['’]?t)(?:\s+ever)?)\s+(?:quit\b(?!\s+(?:my|the|our|smok))|give\s+up\b(?!\s+(?:my|the|our))|"
    r"stop\s+(?:trying|dreaming|believing))"
    r"|\bkeeps?\s+(?:on\s+)?(?:going|pushing|fighting|striving|believing|dreaming|moving\s+forward)\b"
    r"|\bmak(?:e|ing)\s+it\s+(?:work|happen)\b|\bgonna\s+make\s+it\b|\bpay\s+off\b|\bworth\s+it(?:\s+in\s+the\s+end)?\s*[.!]?$",
    re.I,
)
"""Courage that somebody takes or gives: "I won't quit"."""
COMMONPLACE = re.compile(
    r"^(?:[\w'’-]+\s+){0,4}?(?:is|are|[\w]+['’]s)\s+(?:(?:so|really|very|all|truly)\s+)*(?:(?:key|crucial|important)\b(?!\s+(?:for|to)\s)|everything\b(?!\s+(?:for|to)\s)|priceless\b|what\s+matters\b|worth\s+it\b)"
    r"|^(?:[\w'’-]+\s+){1,4}?can\s+(?:really\s+|sure\s+)?(?:be|make|bring|lighten|help|feel)\b"
    r"|^(?:life|nature|art|music|love|family|dance|creativity|friendship|hope|progress|consistency|setbacks?|success|change|writing|painting)(?:['’]s|\s+(?:is|are|has|can|makes?|brings?|will|sure|really|helps?))\b"
    r"|\b(?:moments?|memories|milestones|bonds)\s+like\s+(?:this|these|that|those)\b|^th(?:ese|ose|is|at)\s+(?:kinds?\s+of\s+)?(?:moments?|memories|milestones|bonds)\b"
    r"|^(?:i\s+)?can\s+(?:just\s+|really\s+|totally\s+)?(?:picture|imagine|see\s+why)\b|\bsounds\s+like\s+(?:a|the)\s+(?:plan|perfect|great|good)|^it['’]?s\s+(?:(?:so|really|often|always|just|all)\s+)*(?:important|crucial|about|the\s+little|those\s+little|easy\s+to)\b"
    r"|^(?:[\w'’-]+\s+){1,5}?(?:will|makes?|builds?|brings?|gives?|keeps?|helps?|lights?|gets?)\s+(?:up\s+)?(?:us\s+(?:far|closer|stronger|better|going|together|happy|through|all)\b|our\s+(?:lives|life|minds?|hearts?|resilience|bonds?))\b"
    r"|\b(?:is|are)\s+(?:so\s+|truly\s+|really\s+)*(?:rewarding|precious|a\s+gift)\s*[.!;]"
    r"|^(?:we\s+all|everyone|everybody|people|nobody)\s+(?:needs?|has|have|deserves?|wants?|should|can)\b"
    r"|^(?!(?:parking|boarding|training|swimming|housing|wedding|evening|morning|meeting|building|nothing|something|anything|everything|during|king|spring|string|thing)\b)[a-z]+ing\s+(?:[\w'’-]+\s+){0,7}?(?:is|isn['’]t|are|can|gives?|brings?|makes?|takes?|feels?)\s+(?:(?:so|really|very|always|never|just|truly|actually|sometimes)\s+)*"
    r"(?:an?\s+(?:\w+\s+)?(?:way|thing|journey|gift|feeling|step|joy|part)|the\s+(?:best|key|most|way|first\s+step)|key|hard|tough|scary|easy|be|have|great|amazing|rewarding|important|us|you|joy|courage|time|guts|what|just)\b"
    r"|\bnever\s+too\s+(?:late|early|old|young)\b|^remember(?:,|\s+(?:that|to|it|you|we|life)\b)|^it['’]?s\s+(?:so\s+|really\s+|always\s+)?(?:tough|hard|great|nice|good|amazing|easy)\s+when\s+(?:we|you|people|life|things)\b"
    r"|^(?:our|your)\s+(?:[\w'’-]+\s+){1,3}(?:gives?|makes?|keeps?|brings?|helps?|lifts?|shapes?)\s+(?:us|you)\s+(?:strength|hope|joy|courage|energy|purpose|peace|going|together|strong\w*|happ\w+|better|who|up|grow)\b",
    re.I,
)
"""What holds of everybody, and is no news of whoever says it: "family is everything"."""
MOMENTARY = re.compile(r"\b(?:just\s+now|right\s+now|at\s+the\s+moment|hang\s+on|one\s+(?:sec|second|moment))\b", re.I)
"""What is over by the time anybody could remember it."""
SHOWN = re.compile(
    r"(?:here(?:['’]s|\s+(?:is|are))\b|check\s+(?:out|this)|take\s+a\s+look|look\s+at|(?:this|that)\s+(?:pic|picture|photo|video|one)\b)",
    re.I,
)
"""What goes with something to look at, which a memory has not."""
OFFER = re.compile(
    r"""\b(?:i\s+(?:could|can|would|might|may|suggest|recommend|propose|guess)|i['’]d|shall\s+i|should\s+i|would\s+you|do\s+you|
    let\s+me|you\s+(?:could|can|might|may)|possible|options?|perhaps|maybe|i['’]?ll|i\s+will|would\s+be|could\s+be|might\s+be|
    probably|my\s+guess|i\s+(?:suspect|think|expect)|would|noted|understood|greetings|welcome|sorry|happy\s+to)\b""",
    re.I | re.X,
)
"""What an assistant offers, guesses or promises: never a fact, least of all the user's."""
CODE_LINE = re.compile(
    r"^\s*(?:[$>%]\s|[\w.]*(?:Error|Exception|Timeout|Warning):\s|>>>|Traceback|File \"|at \S+\(|@@|[+-]{3}\s|(?:def|class|import|from|SELECT|ALTER)\s\S+.*[;:()]$)|[{};]\s*$"
)
