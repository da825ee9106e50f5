from __future__ import annotations

from elephantasm_cli.cli.app import COMMANDS
from elephantasm_cli.cli.reference import PAGE, reference


def test_reference_page_is_current() -> None:
    """`python -m elephantasm_cli.cli.reference` writes it anew."""
    if PAGE.exists():
        assert PAGE.read_text(encoding="utf-8") == reference()


def test_reference_page_documents_every_command() -> None:
    """Each has a section of its own."""
    page = reference()
    assert all(f"\n## elephantasm {name}\n" in page for name in COMMANDS)
