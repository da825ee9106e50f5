"""What holds for every command: options, streams, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from elephantasm_cli.agent import open_agent
from elephantasm_cli.cli.app import COMMANDS, app
from elephantasm_cli.cli.call import Call, complete_agent, complete_id


def commands() -> dict[str, Any]:
    """Every command by its path, verbs of nouns included."""
    group: Any = typer.main.get_command(app)
    context = group.make_context("elephantasm", [], resilient_parsing=True)
    found = {}
    for name in COMMANDS:
        command = group.get_command(context, name)
        verbs = getattr(command, "commands", {})
        found |= {f"{name} {verb}": below for verb, below in verbs.items()} or {name: command}
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_short_help_is_the_first_line_of_the_commands_own_help(name: str) -> None:
    """The table that `--help` prints says what the command itself says."""
    group: Any = typer.main.get_command(app)
    context = group.make_context("elephantasm", [], resilient_parsing=True)
    command = group.get_command(context, name)
    assert command.help.splitlines()[0] == COMMANDS[name].short_help


def test_every_command_takes_agent_home_and_quiet() -> None:
    """The three stand after any command."""
    for path, command in commands().items():
        assert {"agent", "home", "quiet"} <= {param.name for param in command.params}, path


def test_every_command_that_lists_or_shows_has_json() -> None:
    """And what only acts, does not."""
    without = {path for path, command in commands().items() if "json" not in {param.name for param in command.params}}
    assert without == {
        "agents rename",
        "agents delete",
        "config set",
        "models pull",
        "models use",
        "schedule install",
        "schedule remove",
        "migrate",
        "demo",
        "tui",
    }


def test_help_of_every_command_prints(run: Any) -> None:
    """`--help` and `-h` work everywhere and explain every option."""
    for path, command in commands().items():
        result = run(*path.split(), "--help")
        assert (result.code, result.err) == (0, "")
        assert all(param.help for param in command.params), path
        assert run(*path.split(), "-h").out == result.out


def test_agent_stands_before_or_after_the_command(run: Any) -> None:
    """Both name the agent; after the command wins."""
    assert run("--agent", "one", "note", "hello").code == 0
    assert run("note", "hello", "--agent", "two").code == 0
    assert run("--agent", "one", "note", "hello", "--agent", "three").code == 0
    assert run("agents", "list").out.split()[::2] == ["one", "three", "two"]


def test_home_stands_before_or_after_the_command(run: Any, tmp_path: Path) -> None:
    """Both name the home, and win over the environment."""
    first, second = tmp_path / "first", tmp_path / "second"
    assert run("--home", first, "note", "hello").code == 0
    assert run("note", "hello", "--home", second).code == 0
    assert (first / "agents" / "default.db").exists()
    assert (second / "agents" / "default.db").exists()
    assert run("agents").out == ""


def test_options_stand_between_noun_and_verb_too(run: Any, small: Any, tmp_path: Path) -> None:
    """And a noun alone does its first verb, with or without options."""
    listed = run("agents", "list")
    assert listed.out.startswith("default\t")
    assert run("agents") == run("agents", "--agent", "x", "list") == run("agents", "-q") == listed
    assert run("agents", "--home", tmp_path, "show", "--agent", "ghost").code == 3
    assert run("config").out == run("config", "show").out


def test_agent_comes_from_the_project_folder(run: Any, tmp_path: Path) -> None:
    """The nearest .elephantasm.toml keeps projects apart."""
    (tmp_path / "work" / ".elephantasm.toml").write_text('agent = "project"\n', encoding="utf-8")
    run("note", "hello")
    assert run("agents").out.startswith("project\t")


def test_quiet_leaves_results_and_errors(run: Any) -> None:
    """Hints go, errors stay."""
    assert "no agents yet" in run("agents").err
    assert run("agents", "--quiet").err == ""
    assert run("-q", "agents").err == ""
    assert run("-q", "events").err.startswith("elephantasm: no agent 'default'")


def test_no_arguments_print_the_help(run: Any) -> None:
    """The program alone says what it can do."""
    result = run()
    assert result.code == 0
    assert all(name in result.out for name in COMMANDS)


def test_version_is_answered_anywhere(run: Any) -> None:
    """Alone, or among other options."""
    assert run("--version") == run("-V") == run("--home", "x", "--version")
    assert run("--version").out.startswith("elephantasm ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["forgotten"], "no command 'forgotten'"),
        (["memory"], "did you mean 'memories'?"),
        (["events", "--limit", "many"], "--limit"),
        (["events", "--limit", "0"], "--limit"),
        (["events", "--type", "song"], "--type"),
        (["events", "--nonsense"], "--nonsense"),
        (["why"], "ID"),
        (["agents", "paint"], "paint"),
        (["ingest", "--trust", "nobody", "x"], "--trust"),
        (["events", "--since", "tomorrow"], "is not a time"),
        (["note", " "], "a note needs words"),
        (["pack", "--query", " "], "the query is empty"),
        (["pack", "--query", "x", "--query-stdin"], "use one of them"),
        (["pack", "--layers", "dreams"], "no layer 'dreams'"),
        (["pack", "--format", "toml"], "--format"),
        (["pack", "--json", "--format", "xml"], "use one of them"),
        (["pack", "--preset", "evening"], "--preset"),
        (["pack", "--preset", "session", "--query", "x"], "a session pack takes no query"),
        (["pack", "--preset", "turn"], "give --query"),
        (["pack", "--since", "mem_"], "--since goes with --preset"),
        (["search", "x", "--kind", "song"], "no kind 'song'"),
        (["search", "x", "--state", "lost"], "--state"),
        (["search", ""], "the query is empty"),
        (["dream", "--jobs", ","], "--jobs names none"),
        (["config", "set", "colour", "red"], "no setting 'colour'"),
        (["config", "show", "colour"], "no setting 'colour'"),
        (["--agent", "Not A Name", "events"], "is not an agent name"),
        (["reindex", "--model", "bundled", "--rebuild"], "two steps"),
    ],
)
def test_wrong_usage_is_one_helpful_line_and_exit_2(run: Any, small: Any, arguments: list[str], said: str) -> None:
    """Nothing on stdout, one line on stderr, whoever found the mistake."""
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("elephantasm: ")
    assert result.err.count("\n") == 1
    assert said in result.err


def test_bugs_keep_their_traceback(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only errors that are the user's to act on become a line."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("elephantasm_cli.homes.list_agents", broken)
    with pytest.raises(ZeroDivisionError):
        run("agents")


def test_interrupt_exits_130(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control-C says that what was committed stays."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("elephantasm_cli.homes.list_agents", interrupted)
    result = run("agents")
    assert (result.code, result.err) == (130, "elephantasm: interrupted: what was committed stays\n")


def test_interrupt_signal_ends_a_waiting_ingest(home: Path) -> None:
    """A real SIGINT while standard input is silent: what came before it is stored, the exit code is 130."""
    process = subprocess.Popen(
        [sys.executable, "-m", "elephantasm_cli", "ingest", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    process.stdin.write(b'{"role": "user", "content": "before the interrupt"}\n')
    process.stdin.flush()
    database = home / "agents" / "default.db"
    for _ in range(600):
        if database.exists() and count_events() == 1:
            break
        signal.sigtimedwait([], 0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"elephantasm: interrupted: what was committed stays\n")
    assert count_events() == 1


def count_events() -> int:
    from elephantasm_cli.errors import ElephantasmError

    try:
        with open_agent(create=False, read_only=True) as agent:
            return sum(1 for _ in agent.events())
    except ElephantasmError:
        return 0


@pytest.mark.parametrize("command", [["events"], ["events", "--json"], ["config", "show"]])
def test_closed_pipe_is_quiet(run: Any, history: Path, command: list[str]) -> None:
    """`elephantasm events | head -1` says nothing of the pipe that closed."""
    run("ingest", history)
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "elephantasm_cli", *command], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_hostile_text_is_shown_as_escapes(run: Any) -> None:
    """Escape sequences and direction overrides from the data never reach the terminal, in no form of output."""
    evil = "\x1b[2Jgone \u202egnp.exe\x07 \x9b31m end"
    run("ingest", "--json", stdin=json.dumps({"role": "user", "author": "\x1bBob", "content": evil}).encode())
    event = json.loads(run("events", "--json").out)["id"]
    for command in (["events"], ["events", "--json"], ["show", event], ["show", event, "--json"], ["why", event]):
        out = run(*command).out
        assert not [character for character in out if not character.isprintable() and character not in "\n\t"], command
    assert "\\x1b[2Jgone \\u202egnp.exe\\x07 \\x9b31m end" in run("events").out
    assert json.loads(run("events", "--json").out)["content"] == evil


def test_output_is_utf8_whatever_the_locale(small: Any) -> None:
    """A C locale is no reason to fail on an umlaut."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "elephantasm_cli"]
    subprocess.run([*command, "note", "Grüße, 日本"], env=environment, check=True, capture_output=True)
    done = subprocess.run([*command, "events"], env=environment, check=True, capture_output=True)
    assert "Grüße, 日本" in done.stdout.decode("utf-8")


def test_ids_and_agents_complete(small: Any) -> None:
    """The shell is offered ids that begin with what was typed, and the names of agents."""
    group: Any = typer.main.get_command(app)
    with group.make_context("elephantasm", [], resilient_parsing=True) as context:
        assert complete_id(context, small.knowledge[:6]) == [small.knowledge]
        assert complete_agent(context) == ["default"]


def test_completion_of_ids_in_an_empty_home_offers_nothing(home: Path) -> None:
    """An error while completing stays silent."""
    group: Any = typer.main.get_command(app)
    with group.make_context("elephantasm", [], resilient_parsing=True) as context:
        assert complete_id(context, "evt_") == []


def test_shell_completion_names_commands(home: Path) -> None:
    """The shell's own question, as bash puts it."""
    environment = {
        **os.environ,
        "_ELEPHANTASM_COMPLETE": "complete_bash",
        "COMP_WORDS": "elephantasm me",
        "COMP_CWORD": "1",
    }
    done = subprocess.run([sys.executable, "-m", "elephantasm_cli"], env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["memories"]


def test_call_defaults_to_nothing_given() -> None:
    """A call made outside the parser names no agent and no home."""
    assert Call() == Call(None, None, False)
