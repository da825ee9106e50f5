"""Starts the program. ``--version`` is answered before anything is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (the process's own arguments where None) and return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["--version"], ["-V"]):
        from elephantasm_cli import __version__

        print(f"elephantasm {__version__}")
        return 0
    # Looking for pydantic plugins reads the metadata of every installed package, a tenth of the start-up time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from elephantasm_cli.cli.run import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
