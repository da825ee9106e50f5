"""English words that are common: nouns of daily life and work, and adjectives."""

from __future__ import annotations

COMMON_WORDS = frozenset(
    """access account address adult afternoon agent airport album alert answer apartment appendix appointment
    apprentice argument arrival article autumn baby backup balcony ballot bank barn basement bath battery bed
    bedroom bee beer benefit bike birthday board boat boiler book boot booking boss bottle boy branch breakage
    breakfast brother brilliant bucket budget build builder building bus bunk bug cable cake calendar call
    camera canteen car cargo carpet cash ceiling cellar chair change chapter cheese chef chicken child
    children choir church class client clinic clock cloth code coffee colleague column command comment commit
    company complete contract copy corner cost cottage council counter couple course court cousin crew crop
    customer dad data daughter day deadline debt deep deploy deposit desk detail dinner disk doctor dog door
    dough downstairs driver drug dump ear editor egg electrician email end engine engineer entry error evening
    everyone everything exam exhibition export eye factory family farm farmer father feature feedback fence
    few field file filter finance fine fire first fish flat flight floor flour folder food foot fourth fridge
    friend front fuel full function funeral fuse garage garden gas gate girl goal good grandma granddaughter
    grandson guest gym hair half hall hand handover hardware head headline heating heavy high hill hive
    holiday homework honest horse hospital hotel hour house huge husband ice image import income inspector
    insurance internet inventory invoice iron item job joint journey key kid kiln kitchen knee lab ladder lamp
    landlord language laptop large last late laundry lawyer leak lease leg lesson letter level library license
    light line list little livestock loan lock log long lot lunch machine mail main man manager manual map
    market match meal medication meeting member memory menu message method migration milk minute missing model
    moment money month morning mother motor mum name neighbour neighbor nephew new next night noise note
    nothing number nurse old oil opening orchestra order other oven owner packet paint paper parcel parent
    part partner password patient payment people percent permit person petrol phone photo piano picture pipe
    place plan plane plant plate platform plot plumber pocket policy poor port post practice present pressure
    price printer prize problem production project pump pupil quarter query question quick rain recipe record
    recorder refund regular rehearsal release reminder rent repair report request rest result review ride
    right ring river road roof room rope rotation rough round route row rule sale salary sample savings scan
    school screen script search seat second secret section seed sensor server service session shelf shift ship
    shirt shoe shop short shoulder side sink sister site size sleep small snack snow socket soil solo someone
    something son song soup space spare speaker staff staging stair step stock stone storage store story
    street strong student subject suitcase supplier supper support surgery swab switch system table tank task
    teacher team tent term test text thing third ticket tide time title tomato tool tooth town track traffic
    train training travel treatment tree trip trouble truck tunnel turn twin type tyre uncle update upstairs
    user van vegetable vendor venue version vet video village visit visitor volume waiter wall warehouse
    warranty washing water weather wedding week weekend weight wheel whole wife wind window winter wire woman
    women wood word work worker workshop worst wrong yard year yellow yesterday zone best better worse big
    cheap easy hard happy sad real true wet dry cold warm hot nice clean dirty same different important
    possible final early ready free busy sick healthy plain bare polite""".split()  # noqa: SIM905
)
"""Words that are no name, though one may stand first in a sentence with a capital letter."""


def is_common(word: str) -> bool:
    """Whether a word (casefolded) is a common noun, one of several such things, or an adjective; names are not."""
    singular = {word[:-1], word[:-2], f"{word[:-3]}y"} if word.endswith("s") else set()
    return word in COMMON_WORDS or not COMMON_WORDS.isdisjoint(singular)
