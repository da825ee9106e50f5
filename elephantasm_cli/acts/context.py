"""The operator as the author of changes, with the means of a dream but no language model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elephantasm_cli.dream.context import Budget, DreamContext, DreamOptions
from elephantasm_cli.errors import UsageError
from elephantasm_cli.ids import ACT, layer_of, random_id
from elephantasm_cli.store.changes import Change, Provenance, Source
from elephantasm_cli.vocabulary import Layer, TransformationType

if TYPE_CHECKING:
    from elephantasm_cli.config import DreamSettings
    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.services.structured import Answer
    from elephantasm_cli.store.store import Store

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Act:
    """What an act came to: its id and its transformations, the one asked for first."""

    act_id: str
    transformations: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        return {"act_id": self.act_id, "transformations": self.transformations}


class OperatorContext(DreamContext):
    """One act of an operator: all it writes is grouped under one act id, with the command's name as the workflow."""

    def __init__(
        self, store: Store, command: str, *, embedder: Callable[[], Embedder], settings: DreamSettings
    ) -> None:
        options = DreamOptions(settings=settings)
        super().__init__(store, "", options, embedder=embedder, model=None, budget=Budget(), progress=None)
        self.command = command
        self.act_id = random_id(ACT)

    def another(self) -> OperatorContext:
        """The next act of the same command, which can be undone by itself."""
        return OperatorContext(self.store, self.command, embedder=self._load_embedder, settings=self.options.settings)

    def provenance(
        self, *, answer: Answer[Any] | None = None, act_id: str | None = None, **parameters: Any
    ) -> Provenance:
        """The operator as the author. There is no model, so no answer, and one act whatever ``act_id`` says."""
        return Provenance(self.command, OPERATOR, act_id=self.act_id, parameters=parameters)

    def change(
        self,
        kind: TransformationType,
        layer: Layer,
        item_id: str,
        values: dict[str, Any],
        reasoning: str,
        *sources: Source,
    ) -> bool:
        """Change a row, inside the caller's transaction; False where nothing would change."""
        return self.store.derived.change(Change(kind, layer, item_id, values, sources, reasoning), self.provenance())

    def done(self) -> Act:
        """What has been written so far."""
        return Act(self.act_id, self.store.log.of_act(self.act_id))


def judged(store: Store, item_id: str, *, any_state: bool = False) -> tuple[Layer, dict[str, Any]]:
    """The derived row an operator speaks of, with its layer. Raises UsageError for what cannot be judged."""
    layer = layer_of(item_id)
    if layer is Layer.EVENT:
        raise UsageError(f"{item_id} is an event, and what was said stays as it was: `elephantasm forget` erases it")
    row = None
    if layer is not None:
        row = store.derived.any_state(layer, item_id) if any_state else store.derived.find(layer, item_id)
    if layer is None or row is None:
        raise UsageError(
            f"{item_id} is no memory, lesson, knowledge or identity that is still here: see `elephantasm log`"
        )
    return layer, row
