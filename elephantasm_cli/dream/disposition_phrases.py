"""Phrases that speak for a trait and for a value alike: that little is said, that somebody is asked first, that care is
taken, that reasons are given, that things are simple. Patterns, to be joined by `dispositions`."""

# ruff: noqa: E501 (lists of phrases)
from __future__ import annotations

_NUMBER = r"(?:one|two|three|four|five|six|ten|a\s+few|a|\d+)"
_UNIT = r"(?:lines?|char(?:acter)?s|words?|sentences?|paragraphs?|bullets?|bullet\s+points?|pages?|screens?)"
_TEXT = (
    r"(?:answers?|repl(?:y|ies)|responses?|explanations?|summar(?:y|ies)|messages?|descriptions?|e?-?mails?|texts?|versions?|"
    r"notes?|comments?|reports?|write-?ups?|updates?|recaps?)"
)
_BRIEF = r"(?:short(?:er)?|brief(?:er)?|concise|terse|crisp|snappy|compact)"
_FILLER = (
    r"(?:preambles?|fluff|waffle|filler|essays?|small\s+talk|padding|rambling|pleasantries|chit-?chat|lectures?|chatter|"
    r"intros?|introductions?|explanations?|commentary|backstory|disclaimers?|walls?\s+of\s+text)"
)
CONCISE = (
    rf"(?:keep|make|want|prefer|like|need|be|stay)\w*\b[^.;!?]{{0,40}}?\b{_BRIEF}(?!\s+(?:term|circuit|notice|on|of|story|list|commits?))",
    rf"{_BRIEF}\s+(?:\w+\s+)?{_TEXT}",
    rf"in\s+{_NUMBER}\s+{_UNIT}",
    rf"(?:max(?:imum)?|at\s+most|under|below|no\s+more\s+than|not\s+more\s+than|up\s+to|fewer\s+than|less\s+than)\s+(?:of\s+)?{_NUMBER}\s+{_UNIT}",
    rf"{_NUMBER}\s+{_UNIT}\s+(?:max(?:imum)?|tops|at\s+most|or\s+(?:less|fewer)|answers?|repl(?:y|ies)|is\s+(?:enough|plenty)|(?:will|would)\s+do)",
    rf"one[- ]line\s+(?:{_TEXT}|per)",
    r"(?:in|as)\s+a\s+one[- ]liner",
    r"half\s+the\s+length",
    rf"no\s+(?:long|lengthy|endless)\s+(?:\w+\s+){{0,2}}?(?:{_TEXT}|{_FILLER}|speeches|lists?)",
    rf"(?:no|skip|cut|drop|spare\s+me|leave\s+out|without|less)\s+(?:out\s+)?(?:all\s+)?(?:the\s+|your\s+|any\s+)?{_FILLER}",
    r"(?:straight\s+|get\s+|keep\s+it\s+)to\s+the\s+point",
    r"tl;?dr",
    r"(?:just|only)\s+(?:give\s+me\s+|show\s+me\s+|want\s+)?the\s+(?:answers?|code|commands?|numbers?|steps|results?|facts?|gist|bottom\s+line)",
    r"(?:don't|do\s+not|no\s+need\s+to|never|stop)\s+(?:explain\w*|elaborat\w*|rambl\w*|lectur\w*|narrat\w*|repeat\w*\s+(?:back|my\s+question|the\s+question|what\s+I)|restat\w*|summari[sz]\w*\s+what)",
    r"(?:few(?:er)?|less)\s+words",
    r"too\s+(?:long|wordy|chatty|verbose)",
    r"don't\s+need\s+(?:its|the|a)\s+(?:history|story|background|lecture)",
    r"bullet\s+points?\s+(?:only|not\s+\w+)",
    r"briefly",
)
_OK = (
    r"(?:my\s+(?:\w+\s+)?(?:ok|okay|yes|approval|permission|go(?:-ahead)?|consent|say-?so|word|sign-?off)|"
    r"I(?:'ve|\s+have)?\s+(?:say|said|ok(?:ay)?(?:ed)?|approved?|confirm(?:ed)?|agreed?|read|seen|checked|looked|signed)\b(?!\s+'))"
)
CONSENT = (
    r"ask(?:ed|ing)?\s+(?:me\s+)?(?:first|befor\w*)",
    r"(?:never|nothing|nobody|no\s+\w+|not|don't)\b[^.;]{0,80}?\bwithout\s+(?:asking|checking|telling)",
    r"(?:ask|check\s+with|confirm\s+with|run\s+\w+\s+by|come\s+to)\s+me\s+(?:\w+\s+){0,3}?(?:first|befor\w*)",
    rf"(?:without|until|till|before|unless|wait\s+for|needs?|after|once|only\s+if)\s+{_OK}",
    r"(?:with|get|ask\s+for|have)\s+(?:my\s+|our\s+)?permission",
    r"(?:show|send|read)\s+me\s+(?:[\w']+\s+){1,6}?(?:before\s+(?:you|it|anything)|first\b)",
    r"tell\s+me\s+(?:[\w']+\s+){0,6}?before\s+you",
    r"(?:stop|wait)\s+and\s+(?:come\s+to|ask)\s+me",
    r"let\s+me\s+(?:approve|confirm|see|read|check|look)\s+[^.;]*?(?:before|first)",
    r"(?:until|till)\s+I\s+(?:\w+\s+)?(?:tell|say|said|told)\s+(?:you|so|it)",
    r"if\s+I(?:'ve|\s+have)\s+(?:agreed|said\s+yes)",
    r"(?:I|they|he|she)(?:'ve|\s+have|\s+has)\s+agreed\s+to",
    r"I\s+(?:decide|have\s+the\s+last\s+word|get\s+the\s+final\s+say)",
)
_TRIED = r"(?:staging|a\s+copy|a\s+branch|(?:a|the)\s+sandbox|(?:a|the)\s+(?:test|bench|spare|dev|demo)\s*[\w-]*|a\s+scratch\s+\w+|(?:a|the)\s+simulator|a\s+small\s+(?:sample|batch|area|patch))"
CARE = (
    r"(?:never|don't|do\s+not)\s+(?:ever\s+)?(?:force[- ])?push",
    r"no\s+force[- ]push\w*",
    r"only\s+then\s+(?:on|to|in|delete|cancel|deploy|switch|remove|run|send|flash)",
    r"(?:be|is|are)\s+undone|irreversible|reversible",
    r"before\s+it\s+goes\s+(?:anywhere|live|out)",
    r"(?:never|don't|do\s+not)\s+(?:ever\s+)?(?:delete|overwrite|erase|wipe|drop|truncate|rm|force)\b(?!\s+(?:in|on)\b)",
    r"(?:never|don't|do\s+not)\s+touch\s+(?:the\s+|our\s+|my\s+|any\w*\s+)?(?:\w+\s+)?(?:prod\w*|live|main|master|database|db|data|server|config\w*|disk|backups?|originals?)\b",
    rf"{_TRIED}\s+(?:always\s+)?(?:first|before)",
    rf"(?:on|in|against|with)\s+{_TRIED}\b[^.;]{{0,30}}?\b(?:first|before\s+(?:it|you|they|the))\b",
    rf"first\s+(?:on|in|to|against|with)\s+{_TRIED}",
    rf"(?:try|test|run|rehearse|apply)\s+[^.;]{{0,40}}?\b(?:on|in|against|with)\s+{_TRIED}\s+(?:first|before)",
    r"(?:back\s?up|dump|snapshot|copy)\b[^.;]{0,40}?\b(?:before|first|always)\b",
    r"before\b[^.;]{0,60}?\b(?:take|make|do|have|create)\s+(?:a\s+|an\s+)?(?:\w+\s+)?(?:back-?up|dump|snapshot|copy)",
    r"always\s+(?:have|make|take|keep)\s+a\s+(?:\w+\s+)?(?:back-?up|copy)",
    r"dry[- ]?runs?\b",
    r"off\s+limits",
    r"(?:to|in|into)\s+(?:the\s+|~/)?trash\b",
    r"roll\s?back\s+(?:script|plan)",
    r"better\s+safe",
    r"(?:in|in\s+any|when\s+in)\s+doubt",
    r"read[- ]only\s+(?:access|unless|mode|until)",
)
REASONS = (
    r"(?:show|tell|explain|give|write|say|note|state|add|include)\b[^.;]{0,40}?\b(?:why\s+(?:you|it\s+(?:works|is)|that)|(?:the|your)\s+reason(?:ing|s)?|(?:what|everything)\s+you(?:'ve|\s+have)?\s+(?:did|done|changed|do|ran|run|tried|assumed|found|skipped)|how\s+you\s+(?:got|came|know|arrived|worked|calculated|found|chose)|where\s+(?:you\s+(?:got|found|took)\s+(?:it|that|this|them|a|the|each|your)|(?:it|that|they|(?:a|the|each|every)\s+\w+)\s+(?:came|comes?|is|are|was)\s+from))",
    r"(?:cite|citations?|link|links)\b(?!\s+(?:style|format))[^.;]{0,20}?\b(?:sources?|papers?|stud\w+|articles?|everything|claims?|where)",
    r"(?:name|give|list|show|quote|with|add|state|without)\s+(?:me\s+)?(?:your\s+|the\s+|its\s+|a\s+)?sources?\b",
    r"(?:every|each|any)\s+(?:\w+\s+)?(?:claim|number|figure|fact|statement|price)s?\b[^.;]{0,30}?\b(?:source|link|reference|page|citation)s?",
    r"(?:say|tell\s+me|mark|flag|admit)\s+(?:so\s+|it\s+)?(?:clearly\s+)?(?:when|if|where|that|what)\s+(?:ever\s+)?you(?:'re|\s+are|\s+have|'ve)?\s+(?:\w+\s+){0,3}?(?:guess\w*|not\s+sure|unsure|uncertain|don't\s+know|do\s+not\s+know|assum\w*|made\s+up|invent\w*|stuck|failed)",
    r"if\s+you(?:'re|\s+are|\s+do|\s+don't)?\s+(?:\w+\s+){0,2}?(?:guess\w*|not\s+sure|unsure|don't\s+know|know)\b[^.;]{0,20}?\bsay\s+(?:so|it|that)",
    r"(?:list|summary|note|record|log)\s+of\s+(?:what|everything)\s+you",
    r"what\s+(?:you|was)\s+(?:left\s+out|looked\s+at|tried|skipped)",
    r"keep\s+(?:me\s+)?a\s+(?:log|record)\b[^.;]{0,20}?\bof\b",
    r"where\s+each\s+\w+\s+is\s+from",
    r"mark\s+what\s+is\s+(?:a|your)\s+guess",
    r"(?:keep|write|leave)\s+(?:me\s+)?(?:a|an)\s+(?:\w+\s+)?(?:log|record|note|list|trail|changelog)\s+(?:of|on|about|for)\s+(?:what|every\w*|all|each|the\s+commands|your)",
    r"so\s+(?:that\s+)?I\s+can\s+(?:\w+\s+)?(?:follow|trace|verify|check|see\s+(?:what|why|how))",
    r"(?:list|state|tell\s+me|write\s+down)\s+(?:\w+\s+)?(?:your\s+)?assumptions",
    r"transparen(?:t|tly|cy)",
    r"(?:don't|never)\s+hide",
    r"show\s+(?:me\s+)?(?:your|the)\s+(?:work(?:ing)?|reasoning|calculations?|steps)",
    r"explain\s+(?:each|every|your|all\s+your)\s+(?:\w+\s+)?(?:steps?|choices?|decisions?|changes?|commands?|reasoning|thinking)",
    r"walk\s+me\s+through\s+(?:your|what\s+you|how\s+you|why)",
)
SIMPLE = (
    r"simplest\s+\w+",
    r"keep\s+(?:it|things|this|that|everything|the\s+\w+)\s+(?:\w+\s+)?(?:simple|boring|minimal|plain)",
    r"boring\s+(?:tech\w*|code|solutions?|tools?|stuff|is|wins|beats|over|on\s+purpose)",
    r"no\s+(?:new\s+|extra\s+|more\s+)(?:dependenc\w+|librar\w+|frameworks?|tools?|packages?)",
    r"(?:new|more|another)\s+dependenc\w+\s+(?:only|without|unless)",
    r"(?:no|don't|do\s+not|never|stop)\s+(?:over[- ]?engineer\w*|gold[- ]?plat\w*|reinvent\w*|overcomplicat\w*|over[- ]?think\w*)",
    r"(?:no|nothing)\s+(?:fancy|clever|frameworks?|ORMs?|query\s+builders?|abstractions?|magic)",
    r"(?:smallest|minimal)\s+(?:possible\s+)?(?:changes?|fix(?:es)?|diffs?|patch(?:es)?|set-?up)",
    r"plain\s+(?:old\s+)?(?:SQL|html|css|javascript|js|python|C|bash|shell|http|functions?|text\s+files?|files?)\b",
    r"few(?:est|er)\s+(?:moving\s+)?(?:parts|pieces|files|tools|dependenc\w+|steps|layers)",
    r"(?:standard\s+library|stdlib)\b",
    r"no\s+build\s+step",
    r"rather\s+(?:have|take|see|use)\s+(?:one\s+|a\s+|the\s+)?(?:boring|simple|plain|dumb|ugly)",
    r"(?:don't\s+want|no\s+need\s+for)\s+an?\s+(?:\w+\s+)?(?:frameworks?|abstractions?)",
    r"quick\s+and\s+dirty",
    r"simple\s+(?:code|solutions?|things?|tools?|beats|over|is\s+better|wins|fix(?:es)?)",
    r"(?:use|with)\s+what\s+(?:we|is|I|you)(?:'ve|\s+already)?\s+(?:have|got|there)",
)
TESTED = (
    r"failing\s+tests?",
    r"tests?\s+first",
    r"tests?\s+(?:comes?\s+)?before",
    r"(?:regression\s+)?test\s+for\s+(?:every|each)\s+(?:bug|fix|bugfix)",
)
_KIN = r"(?:famil(?:y|ies)|kids?|child(?:ren)?|sons?|daughters?|wife|husband|partner|mum|mom|mother|dad|father|parents|gran|granny|grand(?:ma|pa|dad|mother|father|parents|son|daughter|kids|children)s?|nan|dads|mums|moms|sister|brother|baby|girls|boys|toddler|twins|niece|nephew|aunt|uncle)"
OURS = rf"(?:my|our|the)\s+(?:\w+\s+)?{_KIN}(?:'s)?"
