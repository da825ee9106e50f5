"""``elephantasm verify``."""

from __future__ import annotations

from elephantasm_cli.cli.app import new_app
from elephantasm_cli.cli.call import Call, JsonOption, command
from elephantasm_cli.cli.output import counted, print_document, print_lines
from elephantasm_cli.errors import VerificationError

app = new_app()


@command(app)
def verify(call: Call, json: JsonOption = False) -> None:
    """Prove that the log and the tables agree.

    Checks the database itself, every event's words and place in the chain, every log entry, that folding the log gives
    the tables back to the last column, that every derived row reaches an event, and the indexes. Exits 4 on a fault.
    """
    with call.reader() as agent:
        report = agent.verify()
    if json:
        print_document(report.to_dict())
    else:
        print_lines(((name, f"{count} checked") for name, count in report.checked.items()), (10,))
        print_lines(((fault.check, fault.item, fault.message) for fault in report.faults), (10, 24))
    if report.faults:
        raise VerificationError(
            f"{counted(len(report.faults), 'fault')} in {agent.name}: "
            "`elephantasm reindex --rebuild` mends indexes, for anything else restore a backup"
        )
