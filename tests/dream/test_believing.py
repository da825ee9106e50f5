"""The way up: lessons, knowledge and identity, and what does not get there."""

from __future__ import annotations

from elephantasm_cli.config import DreamSettings
from elephantasm_cli.lineage.verify import verify


def test_what_is_said_in_several_sessions_becomes_a_lesson_then_knowledge_then_identity(store, say, dreaming, rows):
    """The whole way up, with lineage back to every event."""
    wordings = [
        "Always write the failing test first, then the fix.",
        "Please write the failing test first before any fix.",
        "Write the failing test first, then fix the code.",
        "Always write the failing test first, then fix it.",
    ]
    settings = DreamSettings(cluster_distance=0.6, merge_cosine=0.99)
    for day, wording in enumerate(wordings, 1):
        say(wording, day=day)
        dreaming(settings=settings)
    (lesson,) = rows("lesson")
    assert lesson["session_count"] >= 3
    say("Thanks, that is all.", day=9)
    dreaming(settings=settings)
    knowledge = [
        item
        for item in rows("knowledge", "active")
        if lesson["id"] in {e["source_id"] for e in store.log.sources_of(item["id"])}
    ]
    assert len(knowledge) == 1
    identity = store.derived.current_identity()
    assert "methodical" in identity["traits"]
    assert knowledge[0]["id"] in identity["metadata"]["support"]["traits"]["methodical"]
    assert any("failing test first" in said for said in identity["preferences"].values())
    assert "failing test first" not in identity["disposition_summary"]
    assert all(store.log.reaches_event(row["id"]) for row in (lesson, knowledge[0], identity))
    assert verify(store).ok


def test_identity_gets_a_new_version_only_when_something_changed(store, say, dreaming, rows):
    """Versions say what is different."""
    say("I prefer short answers over long explanations.")
    dreaming()
    dreaming()
    assert [row["version"] for row in rows("identity")] == [1]
    say("Never push to main without asking me first.", day=2)
    dreaming()
    assert [row["version"] for row in rows("identity")] == [1, 2]
    (entry,) = store.log.of_target(rows("identity")[1]["id"])
    assert "traits gains cautious" in entry["reasoning"]


def test_a_wish_within_another_is_one_preference(store, say, dreaming):
    """What holds all telling words of a wish adds nothing; the name leaves out who wishes."""
    say("No new dependencies without asking me first.")
    say("For charts Priya wants a library, but the rule is no new dependencies there without asking me first.", day=2)
    dreaming()
    (preference,) = store.derived.current_identity()["preferences"]
    assert preference == "new_dependency_asking_first"


def test_what_is_said_of_one_occasion_is_no_knowledge(say, dreaming, rows):
    """ "This time" says nothing of the next."""
    say("I must say the failing test came first this time, which is what I always want.")
    dreaming()
    assert len(rows("memory")) == 1
    assert rows("knowledge") == []


def test_answer_with_a_citation_that_was_not_given_is_refused(say, dreaming, rows, scripted):
    """A lesson that cites memory 9 of 3 falls back to the most central memory."""
    settings = DreamSettings(cluster_distance=0.6, merge_cosine=0.99)
    for day, words in enumerate(
        (
            "Always write the failing test first.",
            "Write the failing test first please, then the fix.",
            "Always write a failing test first for every bug.",
        ),
        1,
    ):
        say(words, day=day)
    model = scripted({"1. ": '{"statement": "Dana wants the failing test first.", "numbers": [1, 9]}'})
    report = dreaming(model, settings=settings)
    (lesson,) = rows("lesson")
    assert "failing test first" in lesson["content"]
    assert lesson["metadata"]["form"] == "quotation"
    refused = [output for job in report.jobs for output in job.rejected_outputs if output["prompt"] == "lesson"]
    assert refused[0]["reason"] == "it cites a number that was not given"


def test_occasion_is_a_memory_but_no_knowledge(say, dreaming, rows):
    """What was so yesterday is not what holds."""
    say("Never rebase the branch that I merged yesterday.")
    dreaming()
    assert len(rows("memory")) == 1
    assert rows("knowledge") == []


def test_identity_knows_cues_for_exactly_the_traits_of_the_vocabulary():
    """No trait comes from anywhere but the fixed list, and none of the list is unreachable."""
    from elephantasm_cli.dream.dispositions import TRAIT_CUES
    from elephantasm_cli.vocabulary import TRAITS

    assert tuple(TRAIT_CUES) == TRAITS


def test_lesson_and_what_rests_on_it_end_in_the_dream_that_hears_of_the_change(store, say, dreaming, rows):
    """One statement ends what many said; the identity of that dream has none of it."""
    settings = DreamSettings(cluster_distance=0.6, merge_cosine=0.99)
    for day, wording in enumerate(
        (
            "Always deploy the site with Ansible.",
            "Please always deploy the site with Ansible here.",
            "Always deploy our site with Ansible, please.",
            "The site is always deployed with Ansible.",
        ),
        1,
    ):
        say(wording, day=day)
        dreaming(settings=settings)
    say("Thanks, that is all.", day=8)
    dreaming(settings=settings)
    assert [row["state"] for row in rows("lesson")] == ["active"]
    assert any("Ansible" in said for said in store.derived.current_identity()["preferences"].values())
    say("Scrap Ansible, deploy the site with Nomad from now on.", day=12)
    dreaming(settings=settings)
    assert not [row for row in rows("memory", "active", "decaying") if "with Ansible" in row["content"]]
    assert [row["state"] for row in rows("lesson")] == ["archived"]
    assert not [row for row in rows("knowledge", "active") if "with Ansible" in row["statement"]]
    identity = store.derived.current_identity()
    assert not any("with Ansible" in said for said in identity["preferences"].values())
    assert verify(store).ok


def test_lesson_that_says_what_is_denied_ends_while_others_still_hold_it(store, say, dreaming, rows):
    """Two memories of it are worded so that no rule reads the value in them."""
    settings = DreamSettings(cluster_distance=0.6, merge_cosine=0.99)
    for day, wording in enumerate(
        (
            "The line length is 100 here, always.",
            "For line length always pick 100 here.",
            "Always take 100 for the line length of code.",
        ),
        1,
    ):
        say(wording, day=day)
        dreaming(settings=settings)
    (lesson,) = rows("lesson")
    assert "line length is 100" in lesson["content"]
    say("The line length is 88 now.", day=9)
    dreaming(settings=settings)
    assert sum(row["metadata"]["support"] for row in rows("memory", "active") if "100" in row["content"]) == 2
    assert [row["state"] for row in rows("lesson")] == ["archived"]
    (entry,) = [entry for entry in store.log.of_target(lesson["id"]) if entry["transformation_type"] == "archive"]
    assert "says otherwise" in entry["reasoning"]
