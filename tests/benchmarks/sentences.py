"""Real sentences to measure the vector index on: the docstrings of the Python that runs this."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

from elephantasm_cli.text.sentences import split_sentences

WORDS = (6, 40)


def docstring_sentences(count: int) -> list[str]:
    """``count`` distinct sentences (fewer where there are not as many), in the same order on every call."""
    found: dict[str, None] = {}
    for sentence in _sentences():
        found.setdefault(sentence)
        if len(found) == count:
            break
    return list(found)


def _sentences() -> Iterator[str]:
    for root in (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")):
        for path in sorted(Path(root).rglob("*.py")):
            for docstring in _docstrings(path):
                for sentence in split_sentences(docstring.split("\n\n")[0]):
                    line = " ".join(sentence.text.split())
                    if WORDS[0] <= len(line.split()) <= WORDS[1] and line[:1].isupper():
                        yield line


def _docstrings(path: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node)
            if docstring:
                yield docstring
