"""``elephantasm stats``."""

from __future__ import annotations

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import print_document, print_fields

app = new_app()


@command(app)
def stats(call: Call, json: JsonOption = False) -> None:
    """Count what is in the file."""
    with call.reader() as agent:
        counts = agent.stats()
    if json:
        print_document(counts)
        return
    layers = {
        layer: ", ".join(f"{count} {state}" for state, count in states.items()) or "0"
        for layer, states in counts.pop("layers").items()
    }
    print_fields({name.replace("_", " "): value for name, value in {**counts, **layers}.items() if value is not None})
