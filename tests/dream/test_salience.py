"""Which sentences are kept."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.salience import Salient, salient_sentences
from elephantasm_cli.dream.weights import ASSISTANT_MOST, THRESHOLD
from elephantasm_cli.text.language import is_foreign
from elephantasm_cli.vocabulary import EventType


def kept(text: str, role: str = "user", **options: object) -> list[Salient]:
    """What is kept of a message in talk with an assistant."""
    kind = {"user": EventType.USER_MESSAGE, "assistant": EventType.ASSISTANT_MESSAGE}.get(role, EventType.TOOL_RESULT)
    settings: dict[str, object] = {"author": "Dana", "role": role, "event_type": kind}
    return salient_sentences(text, **(settings | options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("From now on, run the tests with coverage.", "instruction"),
        ("Never push to the release branch directly.", "instruction"),
        ("Please always answer in German.", "instruction"),
        ("I prefer tabs over spaces in Makefiles.", "preference"),
        ("We decided to use Postgres for the queue.", "decision"),
        ("I was wrong about the port, it is 8443.", "correction"),
        ("My sister Ana works at a bakery in Porto.", "relationship"),
        ("I'm a nurse at the children's hospital.", "fact"),
        ("We deploy to Fly in ams.", "fact"),
        ("I moved to Lisbon with two suitcases.", "event"),
        ("I'm going to paint the kitchen in June.", "plan"),
        ("The nightly import crashed with a deadlock error.", "problem"),
        ("Tomasz reviews everything that touches the database.", "rule"),
    ],
)
def test_telling_sentences_are_kept_with_their_cue(text: str, cue: str) -> None:
    """Facts, preferences, decisions, instructions, plans and problems."""
    (found,) = kept(text)
    assert cue in found.cues
    assert found.score >= THRESHOLD


@pytest.mark.parametrize(
    "text",
    [
        "Hey Ana! Good to see you!", "Thanks, that helps a lot!",
        "Wow, awesome!", "What do you think about Redis?", "ok",
        "You are doing great, keep it up!", "I'm so proud of you!",
        "That's so cool!", "super, danke! 🎉", "Sounds good to me.",
        "I hope your day goes well.", "Your photos look lovely.", "```py\nI = prefer(tabs)\n```", "   ", "",
        "Can't wait to hear all about the trip!", "I'll let you know.",
    ],
)  # fmt: skip
def test_chatter_questions_and_code_are_left(text: str) -> None:
    """Nothing of it would be worth a memory."""
    assert kept(text) == []


def test_offsets_quote_the_statement_without_its_lead_in() -> None:
    """The lead-in and a last clause about the other person are outside of the span."""
    text = "Ok!  Oh, by the way, line length is 100 here, your last function was wrapped at 79."
    (found,) = kept(text)
    assert found.text == "line length is 100 here"
    assert text[found.start : found.end] == found.text


def test_an_assistants_offer_is_never_kept() -> None:
    """Nor its promises, guesses and questions."""
    for offer in (
        "I could set up a weekly digest of import errors for you.",
        "Shall I push the branch to main?", "I'd use Redis here.",
        "You prefer short answers.", "Understood.", "I'll fix the pool because it leaks connections.",
    ):  # fmt: skip
        assert kept(offer, "assistant") == []


def test_an_assistants_finding_is_kept_as_the_assistants() -> None:
    """Marked, capped, and without the cues of a person's wishes."""
    (found,) = kept(
        "The flaky test is a time zone bug: it fails whenever the clock passes midnight in Berlin.", "assistant"
    )
    assert found.cues[:2] == ("assistant", "finding")
    assert "preference" not in found.cues
    assert found.score <= ASSISTANT_MOST


def test_tools_and_systems_say_nothing_for_memory() -> None:
    """Their outcomes are read elsewhere."""
    assert kept("I prefer tabs over spaces.", "tool") == []
    assert kept("I prefer tabs over spaces.", event_type="system_message") == []


def test_what_cannot_be_read_alone_says_so() -> None:
    """Pronoun subjects and answers need the turn before them."""
    (pronoun,) = kept("It is our booking system for 40 marinas.", previous_text="What does the program do?")
    assert pronoun.needs_context
    (answer,) = kept("Europe/Berlin.", previous_text="In which time zone does a day end?")
    assert answer.needs_context
    assert "answer" in answer.cues
    assert kept("Europe/Berlin.", previous_text="A statement.") == []


@pytest.mark.parametrize(
    ("comment", "news"),
    [
        ("The black and white design looks so fancy.", "The black and white design took me nine weeks."),
        ("Giving a home to needy kids is such a loving way to build a family.", "My way to build a family is slow."),
        ("Glad it helped, Melanie!", "Glad it helped Melanie with the new knee!"),
    ],
)
def test_between_people_what_one_finds_of_something_is_no_news(comment: str, news: str) -> None:
    """Nor is the name of the one who is spoken to a name in what is said."""
    assert not kept(comment, to_agent=False)
    assert kept(news, to_agent=False)


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("stop. no essays. in general i mean, not only today", "no essays. in general i mean, not only today"),
        ("lemme see the plan file. always. ok?", "lemme see the plan file. always."),
        (
            "collect my mistakes at the end. every time we practise",
            "collect my mistakes at the end. every time we practise",
        ),
        ("The importer must never change a figure", "The importer must never change a figure"),
        ("you never apply without my review", "you never apply without my review"),
        ("photos of the choir never on the site.", "photos of the choir never on the site."),
    ],
)
def test_what_holds_for_good_is_an_instruction(text: str, instruction: str) -> None:
    """Also where a sentence of its own says so."""
    assert [found.text for found in kept(text) if "instruction" in found.cues] == [instruction]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Wait, Alenka has the grandchildren until the 11th.", "instruction"),
        ("Wait, Alenka has the grandchildren until the 11th.", "request"),
        ("start 1 october earliest, three months notice", "request"),
        ("start from 1 aug, three months notice", "request"),
        ("always the last one to leave, every time", "rule"),
        ("The build fails on main. Every time.", "instruction"),
        ("The VPN is down again. Not only today.", "instruction"),
        ("The job is flaky. Every time I deploy it hangs at the lock.", "instruction"),
        ("Review came back on the picker: every day reads as a button.", "request"),
    ],
)
def test_what_only_looks_like_an_order_is_none(text: str, cue: str) -> None:
    assert not [found for found in kept(text) if cue in found.cues]


def test_what_happens_every_time_is_told() -> None:
    """It is no tail of an order."""
    (found,) = [
        each for each in kept("The job is flaky. Every time I deploy it hangs at the lock.") if "lock" in each.text
    ]
    assert found.text.startswith("Every time")


def test_what_may_be_instead_is_a_guess() -> None:
    """ "Or she's moved away" is not so."""
    assert kept("or Rupert's lost his voice again since Monday", to_agent=False) == []
    assert kept("Rupert's lost his voice again since Monday", to_agent=False)


def test_between_people_nobody_is_instructed() -> None:
    """Advice among friends is no standing instruction."""
    assert kept("Always eat a healthy breakfast first.", to_agent=False) == []
    assert kept("I moved to Lisbon with two suitcases.", to_agent=False)


def test_known_and_marginal_sentences_weigh_less() -> None:
    """Novelty scales by up to a half, centrality by a tenth."""
    (plain,) = kept("I prefer tabs over spaces in Makefiles.", threshold=0)
    (known,) = kept("I prefer tabs over spaces in Makefiles.", threshold=0, novelty=0.0, centrality=0.0)
    assert known.score == pytest.approx(plain.score * 0.45, abs=1e-3)


def test_a_note_is_kept_whatever_it_says() -> None:
    """The person took the trouble to write it down."""
    (found,) = kept("door code 4711", role="user", event_type=EventType.NOTE)
    assert found.cues[0] == "note"


def test_scores_stay_within_bounds() -> None:
    """However many cues a sentence shows."""
    text = "From now on we must always use Redis 7 in app/queue.py, I decided, my boss Tomasz said it failed."
    assert all(0 <= found.score <= 1 for found in kept(text, threshold=0))


def test_a_paste_without_a_full_stop_is_no_sentence() -> None:
    """And takes no time: no pattern runs over it."""
    assert kept("I prefer, please use, my name is, " * 20_000) == []


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("I took the first step and applied to two adoption agencies.", True),
        ("I love both painting and pottery.", True),
        ("I learned all these marketing tools for the shop.", True),
        ("I chose them because they help people like us.", False),
        ("Reminds me how much I love performing on a stage.", False),
        ("I've been one since I lost my job at the harbour.", False),
        ("I prefer the second one because of its balcony.", False),
    ],
)
def test_what_cannot_be_read_alone_is_known(text: str, alone: bool) -> None:
    """What points to something said before, or leaves its subject out."""
    found = salient_sentences(text, author="Dana", role="user", event_type="user_message", to_agent=False, threshold=0)
    assert [salient.needs_context for salient in found] == [not alone]


@pytest.mark.parametrize(
    ("said", "cue"),
    [
        ("turn debug logging off in production, for good.", "instruction"),
        ("I learn by ear, so always make me say whole sentences.", "instruction"),
        ("we never guess a date in the register, a court might read it", "rule"),
        ("Scrap that: put heron on Postgres.", "correction"),
        ("I'm self-employed, so no leasing.", "fact"),
        ("Ab jetzt bitte keine Termine mehr am Mittwoch.", "instruction"),
        ("Toujours « tu », jamais « vous », je l'ai déjà dit.", "instruction"),
        ("以后周五下午不要部署。", "instruction"),
        ("A partir de ahora los martes no trabajo en la tienda.", "instruction"),
    ],
)
def test_what_holds_from_now_on_shows(said, cue):
    """In whatever words, and in the languages whose plainest cues are known."""
    (found,) = salient_sentences(said, author="Dana", role="user", event_type=EventType.USER_MESSAGE)
    assert cue in found.cues


@pytest.mark.parametrize(
    "text",
    [
        '"Dear parents, from Monday the class is free of nuts."',
        'He wrote: "I am sorry. I have decided to step down in May."',
        "Idea: we move the shop to Ghent in May.",
        "I moved to Ghent in May. That is a lie.",
        "2 cups in ml",
        "40 litres of maple sap gives how much syrup",
        "My heart stopped for a moment when I read it.",
        "Noreen is asking for a friend, of course.",
    ],
)
def test_what_is_read_out_or_not_meant_is_left(text: str) -> None:
    found = salient_sentences(text, author="Ada", role="user", event_type="user_message", to_agent=False, threshold=0.0)
    assert not [each for each in found if "He wrote" not in each.text]


def test_who_speaks_of_a_quoted_name_says_something() -> None:
    text = 'I bought "The Hours" in Ghent.'
    assert salient_sentences(text, author="Ada", role="user", event_type="user_message")


def test_what_an_assistant_drafts_is_not_its_word() -> None:
    draft = 'Here is a draft: "Dear board, I have decided to step down because the fix failed."'
    assert not salient_sentences(draft, author="Assistant", role="assistant", event_type="assistant_message")
    finding = "I have found that the lock failed because the disk was full."
    assert salient_sentences(finding, author="Assistant", role="assistant", event_type="assistant_message")


@pytest.mark.parametrize(
    "text",
    [
        "Please don't tell Cornelia the address in the group, her landlord reads it.",
        "No slug pellets please, because of the hedgehogs.",
        "Bring nothing, especially not lilies for her, please.",
        "Not a word to my landlord about the piano.",
        "23 August at the boathouse, forty minutes",
        "Dr Amara Osei, at the harbour practice",
    ],
)
def test_between_people_wishes_and_definite_fragments_are_kept(text: str) -> None:
    """What not to do, bring or tell, and what tells a day or a name without a verb."""
    assert kept(text, to_agent=False)


@pytest.mark.parametrize(
    "text", ["what if we all moved to Ghent", "what about lemon cake, I thought", "if i opened a cafe id ban everybody"]
)
def test_what_is_only_thought_of_is_left(text: str) -> None:
    """With a question mark or an apostrophe or not."""
    assert not kept(text, to_agent=False)


def test_what_an_assistant_reads_in_a_tools_output_is_kept() -> None:
    """Right after it, where it tells something definite; what it offers to do is not."""
    said = "The Osaka files are cp932 and not UTF-8."
    (found,) = kept(said, role="assistant", after_tool=True)
    assert {"assistant", "reading"} <= set(found.cues)
    assert not kept(said, role="assistant")
    assert not kept("I could convert the Osaka files to UTF-8.", role="assistant", after_tool=True)


@pytest.mark.parametrize(
    "back",
    ["Actually no. Don't say that.", "No. I am on it on Tuesdays.", "Don't say that.", "Scrap that.", "Never mind."],
)
def test_what_the_next_sentence_takes_back_is_left(back: str) -> None:
    """It was said, and not meant."""
    assert not [found for found in kept(f"Say that I am on dialysis on Mondays. {back}") if "dialysis" in found.text]


@pytest.mark.parametrize(
    "text", ["We booked Chez Marie with Hanno and Uma.", "I ran ps aux on the server.", "Mr Ho lives in Ghent."]
)
def test_names_and_commands_make_no_sentence_foreign(text: str) -> None:
    """Though other languages have such words."""
    assert not is_foreign(text)


@pytest.mark.parametrize(
    "text", ["Quando a senhora sarar, me procura lá", "é no fim da rua", "por la tarde", "adesso vado nel bosco"]
)
def test_small_words_tell_a_foreign_sentence(text: str) -> None:
    assert is_foreign(text)
