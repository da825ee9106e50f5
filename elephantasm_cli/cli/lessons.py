"""``elephantasm lessons``."""

from __future__ import annotations

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, KnownAtOption, LimitOption, NewestOption, command
from elephantasm_cli.cli.derived import StateOption, print_layer
from elephantasm_cli.vocabulary import Layer

app = new_app()


@command(app)
def lessons(
    call: Call,
    state: StateOption = None,
    limit: LimitOption = None,
    newest: NewestOption = False,
    known_at: KnownAtOption = None,
    json: JsonOption = False,
) -> None:
    """List lessons, the patterns seen across memories."""
    print_layer(call, Layer.LESSON, "pattern_type", states=state, limit=limit, newest=newest, at=known_at, json=json)
