"""What came of a tool call: recognises a failure and the one line of its output that is worth quoting."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST_LINE = 240
LONGEST_COMMAND = 120
"""In characters."""
_HEAD, _TAIL = 20_000, 20_000
_MARGIN = re.compile(r"\s*(?:E\s{2,})?")
_EXIT_CODE = re.compile(
    r"\b(?:exit(?:ed)?(?:\s+with)?(?:\s+(?:code|status))?|exit_code|returncode|return code)\b[\"':=\s]*(-?\d+)", re.I
)
_SHOWN_FIELD = re.compile(r"^[ \t]+Exit Code:", re.M)
"""An indented field of a description (`kubectl describe`): told of something else."""
_SHOWS = re.compile(
    r"(?:\w+:\s+)?(?:sudo\s+)?(?P<program>gh\s+run\s+view|kubectl\s(?:-\S+\s+\S+\s+)*(?:logs|describe|get)|docker(?:-compose|\s+compose)?\s+logs|"
    r"journalctl|dmesg|tail|head|cat|less|grep|rg|git\s+(?:log|show|diff))\b"
    r"[^|&;\n]*(?:\|\s*(?:tail|head|less|grep|rg|sed|awk|cut|sort|uniq|wc|jq|cat)\b[^|&;\n]*)*",
    re.I,
)
"""Commands that do nothing but show what others printed: that is no failure of theirs."""
_TELLING = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^(?:FAILED|ERROR)\s+\S+.*$",
        r"^E\s{2,}\S*(?:Error|Exception|Timeout|Warning)\b.*$|^E\s{2,}assert\b.*$",
        r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Timeout|Exit|Interrupt)\b(?::.*)?$",
        r"^.*\b\S+\s+FAILED\b.*$",
        r"^(?:[^\s:]+:){0,4}\s*(?:fatal|error|Error|ERROR|panic|FATAL)\b(?:\[\w+\])?:\s.*$",
        r"^--- FAIL: .*$|^FAIL\b.*$|^\s*[✗✘×]\s+\S.*$|^not ok \d+.*$",
        r"^.*\b(?:command not found|No such file or directory|Permission denied|permission denied|Connection refused|"
        r"timed out|Segmentation fault|out of memory|Killed|cannot find|undefined reference)\b.*$",
        r"^.*\b(?:error|ERROR)(?:\[\w+\]|\s[A-Z]+\d+)?:\s+\S.*$",
        r"^.*\b[1-9]\d* (?:failed|failures?|errors?)\b.*$",
        r"^[^\n]*\b(?:[Ee]rror|ERROR|[Ff]ailed|[Cc]annot|denied)\b.*$",
    )
)
"""Ways in which tools say that they failed, most telling first."""

_CONCLUSIVE = frozenset({0, 1, 2, 3, 4, 5, 8})
"""Those of `_TELLING` that say so beyond doubt; the others count only beside a failing exit code or error flag."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A tool call that failed: ``command`` on one line, ``line`` = the result's ``[start:end]`` that says how.

    ``exit_code`` is None where the output does not name one.
    """

    command: str
    line: str
    start: int
    end: int
    exit_code: int | None

    def sentence(self) -> str:
        """``\\`pytest -x\\` failed: FAILED tests/test_sync.py::test_retry - TimeoutError``."""
        return f"`{self.command}` failed: {self.line}" if self.command else f"A tool call failed: {self.line}"


def tool_outcome(call_text: str, result_text: str, is_error: bool | None = None) -> Outcome | None:
    """The failure of a tool call, or None where it did not fail.

    ``is_error`` is the flag of the transcript where it has one: True makes any output a failure, False rules one out
    unless the output names an exit code other than 0. What only shows a log or a file fails where that flag says so, or
    where it complains itself. Only the first and the last 20,000 characters are read.
    """
    if not is_error and (shows := _SHOWS.fullmatch(call_text.strip())) is not None:
        program = shows["program"].split()[0]
        if re.match(rf"(?:\w+: )?{re.escape(program)}: |error\b", result_text, re.I) is None:
            return None
    length = len(result_text)
    ranges = [(0, length)] if length <= _HEAD + _TAIL else [(length - _TAIL, length), (0, _HEAD)]
    code = _exit_code(result_text, ranges)
    if (is_error is False and not code) or (code == 0 and not is_error):
        return None
    certain = bool(is_error) or bool(code)
    for place, pattern in enumerate(_TELLING):
        if not certain and place not in _CONCLUSIVE:
            continue
        for start, end in ranges:
            match = pattern.search(result_text, start, end)
            if match:
                return _outcome(call_text, result_text, match.start(), match.end(), code)
    if not certain:
        return None
    lines = [line for line in re.finditer(r"[^\n]+", result_text[ranges[0][0] :]) if line.group().strip()]
    if not lines:
        return Outcome(_command(call_text), "no output", 0, 0, code)
    offset = ranges[0][0]
    return _outcome(call_text, result_text, offset + lines[-1].start(), offset + lines[-1].end(), code)


def _outcome(call_text: str, result_text: str, start: int, end: int, code: int | None) -> Outcome:
    """The failure with its line trimmed and cut to a quotable length."""
    start = _MARGIN.match(result_text, start, end).end()  # type: ignore[union-attr]
    end = min(end, start + _LONGEST_LINE)
    while end > start and result_text[end - 1].isspace():
        end -= 1
    return Outcome(_command(call_text), result_text[start:end], start, end, code)


def _exit_code(text: str, ranges: list[tuple[int, int]]) -> int | None:
    """The last exit code that the output names."""
    shown = {match.end() - len("Exit Code:") for match in _SHOWN_FIELD.finditer(text)}
    found = [
        int(match.group(1))
        for start, end in ranges
        for match in _EXIT_CODE.finditer(text, start, end)
        if match.start() not in shown
    ]
    return found[-1] if found else None


def _command(call_text: str) -> str:
    """The call on one line, without the tool's name in front, cut to a quotable length: of a chain, which fails in any
    of its links, the last one stays."""
    line = " ".join(call_text.split())
    line = re.sub(r"^(?:bash|shell|sh|exec|run|terminal|Bash):\s+", "", line)
    if len(line) <= LONGEST_COMMAND:
        return line
    last = line.rpartition(" && ")[2]
    ending = f"… && {last}" if len(last) <= LONGEST_COMMAND // 2 else "…"
    return line[: LONGEST_COMMAND - len(ending)].rstrip() + ending
