"""What came of a tool call."""

from __future__ import annotations

import time

import pytest

from elephantasm_cli.dream.outcomes import tool_outcome


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (
            "F\nFAILED tests/a.py::test_retry - TimeoutError",
            "FAILED tests/a.py::test_retry - TimeoutError",
        ),
        ('Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad value', "ValueError: bad value"),
        (
            "x PASSED\ny FAILED\nE   psycopg_pool.PoolTimeout: no connection\n1 failed",
            "psycopg_pool.PoolTimeout: no connection",
        ),
        ("bash: foo: command not found\nexit code: 127", "bash: foo: command not found"),
        ("error: could not compile `app`", "error: could not compile `app`"),
        ("main.c:3:1: error: expected ';'", "main.c:3:1: error: expected ';'"),
        ("fatal: not a git repository", "fatal: not a git repository"),
        ("--- FAIL: TestSync (0.01s)", "--- FAIL: TestSync (0.01s)"),
        (
            "Error acquiring the state lock\nWho: runner@ci\nCreated: 2025-10-24 16:58 UTC\nexit code: 1",
            "Error acquiring the state lock",
        ),
        ("all quiet\nProcess exited with code 2", "Process exited with code 2"),
    ],
)
def test_a_failure_is_recognised_with_its_telling_line(result: str, line: str) -> None:
    """The line is quoted with its place."""
    found = tool_outcome("bash: pytest -x", result)
    assert found is not None
    assert found.line == line == result[found.start : found.end]
    assert found.sentence() == f"`pytest -x` failed: {line}"


@pytest.mark.parametrize(
    "result",
    ["27 passed in 5.12s", "0 failed, 3 passed", "", "def handle_error(error): return error", "No errors found",
     "exit code 0\nerror: ignored", "Resolved 61 packages", "  Last State: Terminated\n    Exit Code: 137"],
)  # fmt: skip
def test_success_and_talk_of_errors_are_no_failure(result: str) -> None:
    """The word alone does not make one."""
    assert tool_outcome("pytest", result) is None


@pytest.mark.parametrize(
    "command",
    ["gh run view --log-failed | tail -5", "bash: kubectl -n shop logs web", "cat ci.log | grep error", "git log"],
)
def test_what_is_only_shown_is_no_failure(command: str) -> None:
    """Unless the transcript flags it, or the command itself complains."""
    shown = "FAILED tests/a.py::test_b - TimeoutError\nError: Process completed with exit code 2."
    assert tool_outcome(command, shown) is None
    assert tool_outcome(command, shown, is_error=True) is not None


@pytest.mark.parametrize("command", ["cat ci.log && pytest -x", "grep x a.py; pytest", "cat tests.txt | xargs pytest"])
def test_what_runs_behind_what_is_shown_may_fail(command: str) -> None:
    assert tool_outcome(command, "FAILED tests/a.py::test_b - TimeoutError") is not None


def test_a_command_that_shows_may_complain_itself() -> None:
    assert tool_outcome("kubectl get pods", "error: You must be logged in to the server") is not None
    assert tool_outcome("cat a.txt", "cat: a.txt: Permission denied\nexit code 1") is not None


def test_the_transcripts_own_flag_decides() -> None:
    """True makes any output a failure, False rules one out."""
    flagged = tool_outcome("read", "file is a directory", is_error=True)
    assert flagged is not None
    assert flagged.line == "file is a directory"
    silent = tool_outcome("", "", is_error=True)
    assert silent is not None
    assert silent.sentence() == "A tool call failed: no output"
    assert tool_outcome("pytest", "FAILED tests/a.py::b - x", is_error=False) is None


def test_exit_codes_and_long_commands_are_noted() -> None:
    """A command is one line of bounded length."""
    found = tool_outcome("Bash: make\n   all " + "x" * 300, "exit status 2")
    assert found is not None
    assert found.exit_code == 2
    assert found.command.startswith("make all xxx")
    assert len(found.command) == 120


def test_huge_output_is_read_at_both_ends_only() -> None:
    """A log of megabytes costs nothing and the error at its end is found."""
    begin = time.process_time()
    found = tool_outcome("make", "line of the log\n" * 500_000 + "ValueError: at the end")
    assert found is not None
    assert found.line == "ValueError: at the end"
    assert time.process_time() - begin < 2


def test_the_last_link_of_a_long_chain_is_named():
    """It may be the one that failed."""
    long = "plutil -replace Prompt -string 'Shows the times of the tide at the pier that is nearest to you.' Info.plist"
    found = tool_outcome(f"bash: {long} && flutter test", "00:41 +118 -1: Some tests failed.", is_error=True)
    assert found is not None
    assert found.command.startswith("plutil -replace Prompt")
    assert found.command.endswith("… && flutter test")
    assert len(found.command) <= 120
