"""``elephantasm dream``, ``pack``, ``search``, ``packs``, ``dreams`` and ``reindex``, with the bundled embedder."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from elephantasm_cli.agent import Agent, open_agent
from elephantasm_cli.config import Settings
from elephantasm_cli.demo import play
from elephantasm_cli.errors import DreamLockedError, OutOfSpaceError
from elephantasm_cli.locations import Locations, find_locations
from elephantasm_cli.services.lock import exclusive_lock


@pytest.fixture
def session(history: Path, tmp_path: Path) -> Path:
    """The first session of the sample history as a file."""
    lines = history.read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "session.jsonl"
    path.write_text("".join(line for line in lines if '"id": "s1-' in line), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def dreamt_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an agent that has dreamed of the first session, without a language model."""
    folder = tmp_path_factory.mktemp("dreamt")
    locations = Locations(data=folder, config=folder, models=folder / "models")
    with Agent("default", locations, Settings()) as agent:
        name, records = play.sessions()[0]
        agent.ingest(records, session=name)
        agent.dream(force=True, llm=False)
    return agent.path


@pytest.fixture
def dreamt(home: Path, dreamt_file: Path) -> None:
    """That agent in this test's home."""
    (home / "agents").mkdir(parents=True)
    shutil.copy(dreamt_file, home / "agents" / "default.db")


def test_a_dream_reports_jobs_and_names_the_missing_model(run: Any, session: Path) -> None:
    """The report on stdout, progress and the hint on stderr, a line a job."""
    run("ingest", session)
    result = run("dream", "--force")
    assert result.code == 0
    lines = [line.split("\t") for line in result.out.splitlines()]
    assert [line[0] for line in lines[:2]] == ["index", "reflect"]
    assert lines[0][1] == "completed"
    assert lines[-1][0].startswith("default: completed, ")
    assert "`elephantasm models pull`" in result.err.splitlines()[-1]
    assert run("memories").out


def test_quiet_dream_says_nothing_but_errors(run: Any, session: Path, home: Path) -> None:
    """As cron wants it: done, with too little new, while another one runs, cut off; what was asked for is printed."""
    quiet = ("--quiet", "dream", "--trigger", "cron")
    run("ingest", session)
    with exclusive_lock(find_locations().lock_file("default")):
        assert silent(run(*quiet, "--force"))
        assert silent(run(*quiet, "--all"))
    assert silent(run(*quiet, "--force", "--max-minutes", "0"))
    assert silent(run(*quiet))
    assert silent(run(*quiet))
    assert silent(run(*quiet, "--all"))
    rows = [json.loads(line) for line in run("dreams", "--json").out.splitlines()]
    assert [(row["trigger"], row["status"]) for row in rows] == [("cron", "completed"), ("cron", "interrupted")]
    assert json.loads(run(*quiet, "--json").out)["status"] == "skipped"
    assert run(*quiet, "--force", "--dry-run").out
    result = run(*quiet, "--agent", "nobody")
    assert (result.code, result.out, result.err.count("\n")) == (3, "", 1)


def silent(result: Any) -> bool:
    return (result.code, result.out, result.err) == (0, "", "")


def test_quiet_dream_is_silent_as_a_process(run: Any, session: Path) -> None:
    """Whatever its libraries would like to say."""
    run("ingest", session)
    command = [sys.executable, "-m", "elephantasm_cli", "-q", "dream", "--all", "--trigger", "cron"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads(run("dreams", "--json").out)["status"] == "completed"


def test_of_all_agents_the_highest_exit_code_counts(run: Any, session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One has no space left, one meets a bug: the others dream, and monitoring sees the worst."""
    for name in ("alpha", "beta", "gamma"):
        run("ingest", session, "--agent", name)
    dream = Agent.dream

    def failing(agent: Agent, **options: Any) -> Any:
        if agent.name == "alpha":
            raise OutOfSpaceError("no space left")
        if agent.name == "beta":
            raise RuntimeError("a bug")
        return dream(agent, **options)

    monkeypatch.setattr(Agent, "dream", failing)
    result = run("--quiet", "dream", "--all")
    assert (result.code, result.out) == (5, "")
    assert "elephantasm: alpha: no space left\n" in result.err
    assert "RuntimeError: a bug\nelephantasm: beta: " in result.err
    assert json.loads(run("dreams", "--agent", "gamma", "--json").out)["status"] == "completed"


def test_a_dream_with_nothing_new_says_so(run: Any, dreamt: None) -> None:
    """Exit 0: cron calls it again."""
    result = run("dream")
    assert (result.code, result.out, result.err) == (0, "default: nothing new since the last dream\n", "")
    assert json.loads(run("dream", "--json").out)["status"] == "skipped"


def test_a_dry_run_changes_nothing_and_shows_what_would(run: Any, session: Path) -> None:
    """Its transformations are listed as the log lists them."""
    run("ingest", session)
    result = run("dream", "--force", "--dry-run", "--no-llm")
    assert "\treflection\tmem_" in result.out
    assert result.out.splitlines()[-1].endswith("changes would be made")
    assert "models pull" not in result.err
    assert (run("memories").out, run("dreams").out) == ("", "")
    report = json.loads(run("dream", "--force", "--dry-run", "--json").out)
    assert report["dry_run"]
    assert report["transformations"]


def test_jobs_can_be_chosen(run: Any, session: Path) -> None:
    """Separated by commas; one there is not is wrong usage."""
    run("ingest", session)
    report = json.loads(run("dream", "--force", "--jobs", "index,archive-stale", "--json").out)
    assert [job["job"] for job in report["jobs"]] == ["index", "archive_stale"]
    result = run("dream", "--force", "--jobs", "sleepwalk")
    assert (result.code, result.out) == (2, "")
    assert "no job 'sleepwalk'" in result.err


def test_a_second_dream_leaves_the_work_to_the_first(run: Any, session: Path) -> None:
    """Exit 0, and a line on stderr."""
    run("ingest", session)
    with exclusive_lock(find_locations().lock_file("default")):
        result = run("dream", "--force")
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("elephantasm: another dream of this agent is running")


def test_all_agents_dream_though_one_cannot(run: Any, session: Path, home: Path) -> None:
    """A broken file and a running dream stop nobody else; the exit code is the broken one's."""
    for name in ("alpha", "beta", "gamma"):
        run("ingest", session, "--agent", name)
    (home / "agents" / "alpha.db").write_bytes(b"broken" * 1000)
    with exclusive_lock(find_locations().lock_file("beta")):
        result = run("dream", "--all", "--force", "--json")
    assert result.code == 1
    assert [json.loads(line)["agent"] for line in result.out.splitlines()] == ["gamma"]
    assert "elephantasm: alpha: " in result.err
    assert "elephantasm: beta: another dream" in result.err


def test_dreams_are_listed_and_shown(run: Any, dreamt: None) -> None:
    """`dreams` alone lists."""
    listed = json.loads(run("dreams", "--json").out)
    assert listed["status"] == "completed"
    assert run("dreams").out.startswith(f"{listed['id'][:12]}\t")
    shown = run("dreams", "show", listed["id"][:10]).out
    assert "\nreflect\tcompleted\t" in shown
    assert json.loads(run("dreams", "show", listed["id"], "--json").out) == listed
    assert run("log", "--dream", listed["id"]).out


def test_a_pack_is_the_same_bytes_each_time(run: Any, dreamt: None) -> None:
    """Only the pack on stdout, ended by one newline; the explanation goes to stderr."""
    first = run("pack", "--query", "how long do we keep invoices?")
    assert (first.code, first.err) == (0, "")
    assert "10 years" in first.out
    assert first.out.endswith("\n")
    assert not first.out.endswith("\n\n")
    explained = run("pack", "--query", "how long do we keep invoices?", "--explain")
    assert explained.out == first.out
    assert any(line.startswith("in   evt_") for line in explained.err.splitlines())
    piped = run("pack", "--query-stdin", stdin=b"how long do we keep invoices?")
    assert piped.out == first.out


def test_a_pack_is_exactly_what_the_python_api_gives(run: Any, dreamt: None) -> None:
    """Byte for byte."""
    with open_agent(read_only=True, create=False) as agent:
        assert run("pack").out == agent.pack().text.rstrip("\n") + "\n"


def test_a_pack_as_json_traces_its_lines(run: Any, dreamt: None) -> None:
    """`--json` is `--format json`: one document."""
    result = run("pack", "--json", "--query", "invoices")
    assert json.loads(result.out)
    assert run("pack", "--format", "json", "--query", "invoices").out == result.out


def test_a_pack_keeps_its_budget_and_its_layers(run: Any, dreamt: None) -> None:
    """Options reach the compiler."""
    small, large = run("pack", "--budget", "60").out, run("pack", "--budget", "600").out
    assert len(small) < len(large)
    assert "evt_" not in run("pack", "--json", "--layers", "memory").out.partition('"sources"')[0]
    before = ["--as-of", "2020-01-01", "--layers", "event,memory,lesson,knowledge"]
    assert run("pack", *before, "--query", "invoices").out == ""


def test_an_empty_pack_says_why(run: Any, home: Path) -> None:
    """Nothing on stdout, a hint on stderr, exit 0."""
    run("agents", "create", "empty")
    result = run("pack", "--agent", "empty")
    assert (result.code, result.out) == (0, "")
    assert "nothing to remember yet" in result.err


def test_packs_are_saved_listed_shown_and_compared(run: Any, dreamt: None) -> None:
    """A saved pack prints as it was compiled."""
    first = run("pack", "--save", "--query", "invoices", "--budget", "300")
    second = run("pack", "--save", "--query", "invoices", "--budget", "900")
    old, new = (result.err.split()[-1] for result in (first, second))
    assert {json.loads(line)["id"] for line in run("packs", "--json").out.splitlines()} == {old, new}
    assert run("packs", "list").out.count("invoices") == 2
    assert run("packs", "show", old).out == first.out
    assert json.loads(run("packs", "show", old, "--json").out)["text"].rstrip("\n") == first.out.rstrip("\n")
    difference = json.loads(run("packs", "diff", old, new, "--json").out)
    assert difference["added"]
    assert difference["tokens"] > 0
    assert run("packs", "diff", old, new).out.startswith(f"--- {old}\n+++ {new}\n")
    assert run("packs", "diff", old, old).out == ""


def test_a_pack_comes_in_any_format(run: Any, dreamt: None) -> None:
    """The pack alone on stdout; where nothing answers, nothing or an empty array, and a hint on stderr."""
    query = ["--query", "how long do we keep invoices?", "--format"]
    for name, start in (
        ("yaml", "# <!-- "),
        ("xml", "<!-- "),
        ("messages", "[\n  {"),
        ("json", '{\n  "elephantasm_pack"'),
    ):
        result = run("pack", *query, name)
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith(start)
        assert "10 years" in result.out
    nothing = ["pack", "--preset", "turn", "--query", "zebra xylophone quark", "--format"]
    assert [run(*nothing, name).out for name in ("yaml", "xml", "messages")] == ["", "", "[]\n"]
    assert "nothing here has to do with this" in run(*nothing, "messages").err


def test_a_session_goes_on_from_its_saved_pack(run: Any, dreamt: None) -> None:
    """The same bytes until something is learned; a turn does not repeat them."""
    first = run("pack", "--preset", "session", "--save", "--budget", "400")
    saved = first.err.split()[-1]
    again = run("pack", "--preset", "session", "--since", saved[:9])
    assert again.out == first.out
    assert f"nothing changed since {saved}" in again.err
    assert run("pack", "--preset", "session", "--save", "--budget", "400").err.split()[-1] == saved
    turn = json.loads(run("pack", "--preset", "turn", "--query", "invoices", "--since", saved, "--json").out)
    shown = {each["id"] for each in json.loads(run("packs", "show", saved, "--json").out)["metadata"]["shown"]}
    lines = [line for section in turn["elephantasm_pack"]["sections"] for line in section["lines"]]
    assert lines
    assert not shown & {line["id"] for line in lines}
    assert run("packs").out.split("\t")[3:5] == ["session", "markdown"]
    assert "give a larger --budget" in run("pack", "--preset", "session", "--since", saved, "--budget", "30").err


def test_saved_packs_of_other_formats_are_compared_by_what_they_say(run: Any, dreamt: None) -> None:
    """Line by line, not as the JSON around it; an empty one can be shown too."""
    ids = [
        run("pack", "--query", "invoices", "--save", "--format", name).err.split()[-1] for name in ("json", "messages")
    ]
    plain = run("pack", "--query", "invoices", "--save").err.split()[-1]
    assert run("packs", "diff", plain, ids[0]).out == ""
    assert "role" not in run("packs", "diff", plain, ids[1]).out
    empty = run("pack", "--preset", "turn", "--query", "zebra xylophone quark", "--save").err.split()[-1]
    assert (run("packs", "show", empty).out, run("packs", "show", empty).code) == ("", 0)
    assert "+<!-- elephantasm:pack -->" in run("packs", "diff", empty, plain).out


def test_search_takes_filters(run: Any, dreamt: None) -> None:
    """They are said in the rows, too."""
    rows = run(
        "search", "invoices", "--kind", "fact", "--kind", "rule", "--state", "active", "--trust", "user", "--json"
    )
    found = [json.loads(line) for line in rows.out.splitlines()]
    assert found
    assert {row["state"] for row in found} == {"active"}
    assert {row["kind"] for row in found} <= {"fact", "rule"}


def test_recorded_packs_are_counted_by_the_next_dream(run: Any, dreamt: None) -> None:
    """Reading a pack changes nothing that the next pack reads."""
    before = run("pack").out
    assert run("pack", "--record").out == before
    assert run("pack").out == before
    run("dream", "--force")
    with open_agent() as agent:
        assert agent.store.packs.access_counts()


def test_search_finds_by_words_and_meaning(run: Any, dreamt: None) -> None:
    """Best first, with the parts of the score on request; nothing relevant is an answer."""
    rows = [json.loads(line) for line in run("search", "invoices", "retention", "--json", "-n", "3").out.splitlines()]
    assert 0 < len(rows) <= 3
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    assert "10 years" in run("search", "how long are invoices kept").out
    assert "lexical 0." in run("search", "invoices", "--explain").out.splitlines()[0].split("\t")[4]
    events = run("search", "invoices", "--layers", "event", "--author", "Marlene", "--json").out
    assert {json.loads(line)["author"] for line in events.splitlines()} == {"Marlene"}
    nothing = run("search", "zebra xylophone quark", "--mode", "lexical")
    assert (nothing.code, nothing.out) == (0, "")
    assert "nothing found" in nothing.err


def test_reindex_makes_missing_vectors_and_rebuilds(run: Any, session: Path) -> None:
    """Counts on stdout; verification holds afterwards."""
    run("ingest", session)
    made = json.loads(run("reindex", "--json").out)["vectors"]
    assert made >= 34
    assert run("reindex").out == "default: 0 vectors made\n"
    assert json.loads(run("reindex", "--rebuild", "--json").out)["passages"] == made
    assert run("verify").code == 0


def test_dream_lock_is_an_error_of_its_own() -> None:
    """The program's exit code 0 for it is the command line's choice, not the error's."""
    assert DreamLockedError("x").exit_code == 1
