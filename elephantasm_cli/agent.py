"""Agent: the one façade that the command line, the TUI, MCP and Python users share.

It opens the file on first use, wires the services together, and hands out plain values. Everything heavy is imported
by the method that needs it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from elephantasm_cli.corrections import Corrections
from elephantasm_cli.errors import EmbeddingMismatchError
from elephantasm_cli.locations import Locations, find_locations
from elephantasm_cli.store.store import Store, open_store
from elephantasm_cli.views import Views
from elephantasm_cli.vocabulary import DreamTrigger, Layer, Preset, State, Trust

if TYPE_CHECKING:
    from elephantasm_cli.config import Settings
    from elephantasm_cli.dream.run import DreamReport, Progress
    from elephantasm_cli.ingest.pipeline import IngestOptions
    from elephantasm_cli.ingest.report import IngestReport
    from elephantasm_cli.ingest.sources import Source
    from elephantasm_cli.pack.contents import Pack
    from elephantasm_cli.recalled import RecallResult
    from elephantasm_cli.services.embedding import Embedder
    from elephantasm_cli.services.language_model import LanguageModel


class Agent(Views, Corrections):
    """One agent's memory. Use `open_agent`, as a context manager.

    ``create`` makes the file on the first write; ``read_only`` never changes it. Methods raise the errors of
    `elephantasm_cli.errors`, each with a message that says what to do next.
    """

    def __init__(
        self, name: str, locations: Locations, settings: Settings, *, create: bool = True, read_only: bool = False
    ) -> None:
        self.name = name
        self.locations = locations
        self.settings = settings
        self.path: Path = locations.agent_file(name)
        self._create = create
        self._read_only = read_only
        self._embedder: Embedder | None = None
        self._language_model: LanguageModel | None = None

    def __enter__(self) -> Agent:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and free the models. The agent opens them again if it is used again."""
        if self._language_model is not None:
            self._language_model.close()
            self._language_model = None
        if "store" in self.__dict__:
            self.store.close()
            del self.__dict__["store"]

    @cached_property
    def store(self) -> Store:
        """The open file."""
        return open_store(self.path, create=self._create and not self._read_only, read_only=self._read_only)

    def known_at(self, time: str, *, index: bool = True) -> Agent:
        """The agent as it was at ``time`` (ISO; a date means its end), to be looked at: every read, search and pack.

        It is a copy in memory, taken back along the log; close it, or use it as a context manager. With ``index`` the
        vectors of what has changed since are made anew, if the file has any. What was forgotten since is not there.
        """
        from elephantasm_cli.dream.index import index_passages
        from elephantasm_cli.lineage.past import known_at
        from elephantasm_cli.services.clock import parse_time_inclusive

        past = Agent(self.name, self.locations, self.settings, create=False, read_only=True)
        past.__dict__["store"] = known_at(self.store, parse_time_inclusive(time))
        model = self.store.agent.get()["embedding_sha256"]
        whole = index and not self.store.passages.count_without_vector(model)
        if whole and past.store.passages.count_without_vector(model):
            past._embedder = self.checked_embedder()
            index_passages(past.store, past._embedder)
        past.store.protect()
        return past

    # --- taking in -------------------------------------------------------------------------------------------------

    def ingest(
        self, records: Iterable[Mapping[str, Any]], *, session: str | None = None, trust: Trust | str | None = None
    ) -> IngestReport:
        """Store records such as ``{"role": "user", "content": "…"}``; durable when this returns.

        Optional keys: id, author, session, occurred_at (ISO time; naive is UTC), type, trust, metadata.
        """
        from elephantasm_cli.ingest.pipeline import IngestOptions
        from elephantasm_cli.ingest.sources import RecordsSource

        options = IngestOptions(session=session, trust=None if trust is None else Trust(trust))
        return self.ingest_sources([RecordsSource(records)], options)

    def ingest_sources(self, sources: Iterable[Source], options: IngestOptions) -> IngestReport:
        """Store what ``sources`` (files, folders, streams, records) hold; see the ingest pipeline."""
        from elephantasm_cli.ingest.pipeline import ingest

        store = None if options.dry_run and not self.path.exists() else self.store
        return ingest(store, sources, options, rejects=self.locations.rejects_file(self.name))

    # --- models ----------------------------------------------------------------------------------------------------

    @property
    def embedder(self) -> Embedder:
        """The embedding model that the file's vectors are made by, loaded once."""
        if self._embedder is None:
            from elephantasm_cli.services.embedding import load_embedder

            self._embedder = load_embedder(self.store.agent.get()["embedding_model"], threads=self.settings.threads)
        return self._embedder

    def checked_embedder(self) -> Embedder:
        """The embedder, if it is the model the file names. Raises EmbeddingMismatchError."""
        self._adopt_configured_model()
        row = self.store.agent.get()
        if self.embedder.sha256 != row["embedding_sha256"]:
            raise EmbeddingMismatchError(
                f"the vectors of {self.name} were made by another build of {row['embedding_model']}: "
                f"run `elephantasm reindex --agent {self.name} --model {row['embedding_model']}`"
            )
        return self.embedder

    def _adopt_configured_model(self) -> None:
        """A file without vectors takes the embedding model of the settings; one that has some keeps its own."""
        from elephantasm_cli.services.embedding import BUNDLED_NAME

        wanted = BUNDLED_NAME if self.settings.embedding == "bundled" else self.settings.embedding
        if self._read_only or wanted == self.store.agent.get()["embedding_model"]:
            return
        if self.store.connection.execute("SELECT 1 FROM embeddings LIMIT 1").fetchone() is None:
            self._change_model(wanted)

    def _change_model(self, spec: str) -> None:
        """Make the file's vectors another model's, dropping those it has."""
        from elephantasm_cli.services.embedding import load_embedder

        embedder = load_embedder(spec, threads=self.settings.threads)
        with self.store.transaction():
            self.store.agent.set(
                embedding_model=embedder.name,
                embedding_dimension=embedder.dimension,
                embedding_sha256=embedder.sha256,
            )
            self.store.vectors.reset(embedder.dimension)
        self._embedder = embedder

    def language_model(self) -> LanguageModel | None:
        """The language model the settings name, loaded once; None where it is off or not pulled yet.

        Raises ModelFileError or EngineError where one is there and cannot be used.
        """
        if self.settings.llm.lower() == "off":
            return None
        if self._language_model is not None:
            return self._language_model
        from elephantasm_cli.services import model_files
        from elephantasm_cli.services.catalog import find_entry
        from elephantasm_cli.services.language_model import load_language_model

        if find_entry(self.settings.llm) and model_files.show(self.settings.llm, self.locations.models).path is None:
            return None
        file = model_files.resolve(self.settings.llm, self.locations.models)
        engine = None if self.settings.engine == "auto" else self.settings.engine
        self._language_model = load_language_model(file, engine=engine, n_threads=self.settings.threads)
        return self._language_model

    def reindex(self, *, model: str | None = None, progress: Callable[[int, int], None] | None = None) -> int:
        """Bring the derived indexes up to date and return how many vectors were made.

        With ``model`` (``bundled`` or ``st:…``) the file changes to that embedding model and every vector is made anew.
        ``progress`` is called with (done, total) vectors.
        """
        if model is not None:
            self._change_model(model)
        from elephantasm_cli.dream.index import index_passages

        return index_passages(self.store, self.checked_embedder(), progress=progress)

    def rebuild_index(self, *, progress: Callable[[int, int], None] | None = None) -> int:
        """Write passages, full text and vectors anew from the items; returns the number of passages."""
        with self.store.transaction():
            count = self.store.passages.rebuild()
        self.reindex(progress=progress)
        return count

    # --- dreaming --------------------------------------------------------------------------------------------------

    def dream(
        self,
        *,
        force: bool = False,
        jobs: Sequence[str] | None = None,
        dry_run: bool = False,
        max_minutes: float | None = None,
        max_tokens: int | None = None,
        llm: bool = True,
        trigger: DreamTrigger | str = DreamTrigger.MANUAL,
        progress: Progress | None = None,
    ) -> DreamReport:
        """Reflect on what is new; see `elephantasm_cli.dream.run`. Raises DreamLockedError if another dream runs.

        ``llm=False`` runs extractively, as does a missing model. ``dry_run`` dreams on a temporary copy of the file.
        """
        from elephantasm_cli.dream.run import DreamOptions, dream, dream_dry

        options = DreamOptions(
            force=force,
            jobs=tuple(jobs) if jobs else None,
            max_minutes=max_minutes,
            max_tokens=max_tokens,
            trigger=DreamTrigger(trigger),
            settings=self.settings.dream,
        )
        run: Callable[..., DreamReport] = dream_dry if dry_run else dream
        return run(
            self.store,
            options,
            embedder=self.checked_embedder,
            language_model=self.language_model if llm else (lambda: None),
            lock=self.locations.lock_file(self.name),
            progress=progress,
        )

    # --- recall ----------------------------------------------------------------------------------------------------

    def pack(
        self,
        query: str | None = None,
        *,
        budget: int | None = None,
        format: str = "markdown",
        preset: Preset | str | None = None,
        since: str | None = None,
        as_of: str | None = None,
        layers: Sequence[Layer | str] | None = None,
        trust: Trust | str | None = None,
        explain: bool = False,
        save: bool = False,
        record: bool = False,
    ) -> Pack:
        """A memory pack of at most ``budget`` tokens: a function of the file and these arguments alone.

        ``format`` is markdown, json, yaml, xml or messages. ``preset`` is ``session`` (no query: what always holds, its
        beginning the same bytes for as long as that holds), ``turn`` (only what answers the query) or ``full`` (both).
        ``since`` names a saved pack: a session pack repeats it and says what changed, a turn leaves out what it shows.
        ``as_of`` is event time, inclusive. ``save`` keeps the pack, ``record`` notes what was shown.
        """
        from dataclasses import replace

        from elephantasm_cli.pack.build import PackOptions, build_pack
        from elephantasm_cli.pack.presets import check_preset
        from elephantasm_cli.pack.since import to_metadata

        options = PackOptions(
            query=query,
            budget=self.settings.pack.budget if budget is None else budget,
            format=format,
            preset=None if preset is None else Preset(preset),
            since=since,
            as_of=as_of,
            layers=tuple(Layer(layer) for layer in layers) if layers else tuple(Layer),
            trust=None if trust is None else Trust(trust),
            explain=explain,
            settings=self.settings.pack,
        )
        check_preset(options)
        if since is not None:
            options = replace(options, since=self.resolve(since))
        log_seq = self.store.log.newest_seq() if save else 0
        pack = build_pack(self.store, options, embedder=self.checked_embedder)
        if save or record:
            with self.store.transaction():
                if save:
                    pack_id = self.store.packs.save(
                        text=pack.text,
                        token_count=pack.token_count,
                        item_ids=[shown.item_id for shown in pack.shown],
                        query=pack.query,
                        options=options.to_dict(),
                        metadata=to_metadata(pack, log_seq),
                        compiled_by="elephantasm",
                    )
                    pack = pack.with_id(pack_id)
                if record:
                    self.store.packs.record(pack.item_ids)
        return pack

    def search(
        self,
        query: str,
        *,
        mode: str = "hybrid",
        layers: Sequence[Layer | str] | None = None,
        session: str | None = None,
        author: str | None = None,
        kinds: Sequence[str] = (),
        states: Sequence[State | str] = (),
        trust: Trust | str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int = 10,
    ) -> RecallResult:
        """Ranked items for ``query`` that pass every filter; ``mode`` is hybrid, lexical or dense.

        ``session`` and ``author`` hold for derived rows that rest on such an event; ``kinds`` and ``states`` are those
        of derived rows; ``trust`` is the lowest; ``since`` and ``until`` are of event time, inclusive.
        """
        from elephantasm_cli.pack.build import search

        return search(
            self.store,
            query,
            embedder=self.checked_embedder,
            mode=mode,
            layers=tuple(Layer(layer) for layer in layers) if layers else tuple(Layer),
            session=session,
            author=author,
            kinds=kinds,
            states=tuple(State(state) for state in states),
            trust=None if trust is None else Trust(trust),
            since=since,
            until=until,
            limit=limit,
            reranker=self.settings.pack.reranker,
        )


def open_agent(
    name: str | None = None,
    *,
    home: str | os.PathLike[str] | None = None,
    create: bool = True,
    read_only: bool = False,
) -> Agent:
    """The agent ``name`` (or the one the environment, the project folder or the settings name) of ``home``.

    The file is opened on first use, and made then if ``create``. Raises InvalidNameError for an unusable name.
    """
    from elephantasm_cli.config import choose_agent, load_settings

    locations = find_locations(home)
    settings = load_settings(locations)
    return Agent(choose_agent(name, settings), locations, settings, create=create, read_only=read_only)
