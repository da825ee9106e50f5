"""Dreams, their jobs, and the checkpoints that let the next run carry on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from elephantasm_cli.ids import DREAM, canonical_json, derive_id
from elephantasm_cli.services.clock import utc_now
from elephantasm_cli.vocabulary import DreamTrigger, Job, RunStatus

if TYPE_CHECKING:
    from elephantasm_cli.store.store import Store

JSON_COLUMNS = ("options", "models", "budget_used", "metadata")


class Dreams:
    """Rows of `dreams`, `dream_jobs` and `checkpoints`. Callers open the transactions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection

    def close_dead(self) -> None:
        """Dreams that still say running have lost their process and become interrupted. The caller holds the lock."""
        now = utc_now()
        for table in ("dreams", "dream_jobs"):
            self._connection.execute(
                f"UPDATE {table} SET status = ?, finished_at = ?, updated_at = ? WHERE status = ?",
                (RunStatus.INTERRUPTED.value, now, now, RunStatus.RUNNING.value),
            )

    def begin(self, trigger: DreamTrigger, options: Mapping[str, Any], models: Mapping[str, Any]) -> str:
        """A new running dream, the only one. Its id follows from its number: a dry run's ids are those of the run."""
        self.close_dead()
        now = utc_now()
        number = self._connection.execute("SELECT ifnull(max(rowid), 0) + 1 FROM dreams").fetchone()[0]
        dream_id = derive_id(DREAM, self._store.agent.id, number)
        self._connection.execute(
            'INSERT INTO dreams (id, "trigger", status, started_at, options, models, created_at, updated_at) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                dream_id,
                trigger.value,
                RunStatus.RUNNING.value,
                now,
                canonical_json(dict(options)),
                canonical_json(dict(models)),
                now,
                now,
            ),
        )
        return dream_id

    def finish(
        self, dream_id: str, status: RunStatus, budget_used: Mapping[str, Any], error: str | None = None
    ) -> None:
        now = utc_now()
        self._connection.execute(
            "UPDATE dreams SET status = ?, finished_at = ?, budget_used = ?, error = ?, updated_at = ? WHERE id = ?",
            (status.value, now, canonical_json(dict(budget_used)), error, now, dream_id),
        )

    def begin_job(self, dream_id: str, job: Job) -> None:
        now = utc_now()
        self._connection.execute(
            "INSERT INTO dream_jobs (dream_id, job, status, started_at, created_at, updated_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (dream_id, job.value, RunStatus.RUNNING.value, now, now, now),
        )

    def update_job(
        self,
        dream_id: str,
        job: Job,
        *,
        status: RunStatus,
        examined: int,
        changed: int,
        rejected: int,
        metadata: Mapping[str, Any],
        error: str | None = None,
    ) -> None:
        """Write a job's counts; a status other than running also writes its end."""
        now = utc_now()
        self._connection.execute(
            "UPDATE dream_jobs SET status = ?, finished_at = ?, examined = ?, changed = ?, rejected = ?, metadata = ?, "
            "error = ?, updated_at = ? WHERE dream_id = ? AND job = ?",
            (
                status.value,
                None if status is RunStatus.RUNNING else now,
                examined,
                changed,
                rejected,
                canonical_json(dict(metadata)),
                error,
                now,
                dream_id,
                job.value,
            ),
        )

    def find(self, dream_id: str) -> dict[str, Any] | None:
        """A dream with its ``jobs``."""
        row = self._connection.execute("SELECT * FROM dreams WHERE id = ?", (dream_id,)).fetchone()
        return self._with_jobs(row) if row else None

    def listed(self, limit: int | None = None) -> list[dict[str, Any]]:
        """Dreams, newest first, with their jobs."""
        rows = self._connection.execute(
            "SELECT * FROM dreams ORDER BY started_at DESC, rowid DESC LIMIT ?", (-1 if limit is None else limit,)
        ).fetchall()
        return [self._with_jobs(row) for row in rows]

    def last_completed(self) -> dict[str, Any] | None:
        row = self._connection.execute(
            "SELECT * FROM dreams WHERE status = 'completed' ORDER BY started_at DESC, rowid DESC LIMIT 1"
        ).fetchone()
        return self._with_jobs(row) if row else None

    def unfinished(self) -> bool:
        """Whether the last dream over all jobs was cut off or failed: what it left is still to be done."""
        row = self._connection.execute(
            "SELECT status FROM dreams WHERE json_extract(options, '$.jobs') IS NULL ORDER BY rowid DESC LIMIT 1"
        ).fetchone()
        return row is not None and row[0] != RunStatus.COMPLETED.value

    def since_last_completed(self) -> set[str]:
        """The dreams begun after the last completed one: no dream has come to its end since."""
        return {
            str(row[0])
            for row in self._connection.execute(
                "SELECT id FROM dreams WHERE rowid > "
                "(SELECT ifnull(max(rowid), 0) FROM dreams WHERE status = 'completed')"
            )
        }

    def progress(self) -> dict[str, Any] | None:
        """How far the running dream is, seen from any process; None where none runs.

        ``job`` is the one at work and ``since`` its start; ``done`` of ``total`` are events reflected on or passages
        that have their vector (None for jobs that do not say); ``changes`` is what the dream has written so far.
        """
        row = self._connection.execute(
            "SELECT d.id, d.started_at, j.job, j.started_at AS since FROM dreams d "
            "LEFT JOIN dream_jobs j ON j.dream_id = d.id AND j.status = 'running' "
            "WHERE d.status = 'running' ORDER BY d.rowid DESC, j.id DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        done, total = self._amount(row["job"])
        changes = self._connection.execute(
            "SELECT count(*) FROM transformations WHERE dream_id = ?", (row["id"],)
        ).fetchone()[0]
        return {**dict(row), "done": done, "total": total, "changes": int(changes)}

    def _amount(self, job: str | None) -> tuple[int | None, int | None]:
        """How much of a job is done, as far as the file tells."""
        if job == Job.REFLECT.value:
            newest = self._connection.execute("SELECT ifnull(max(seq), 0) FROM events").fetchone()[0]
            return self.checkpoint(job), int(newest)
        if job == Job.INDEX.value:
            counts = self._connection.execute(
                "SELECT (SELECT count(*) FROM embeddings), (SELECT count(*) FROM passages)"
            ).fetchone()
            return int(counts[0]), int(counts[1])
        return None, None

    def _with_jobs(self, row: Mapping[str, Any]) -> dict[str, Any]:
        dream = dict(row)
        for column in JSON_COLUMNS:
            dream[column] = json.loads(dream[column])
        dream["is_deleted"] = bool(dream["is_deleted"])
        dream["jobs"] = [
            {**dict(job), "metadata": json.loads(job["metadata"])}
            for job in self._connection.execute(
                "SELECT job, status, started_at, finished_at, examined, changed, rejected, error, metadata "
                "FROM dream_jobs WHERE dream_id = ? ORDER BY id",
                (dream["id"],),
            )
        ]
        return dream

    def checkpoint(self, job: str) -> int:
        """Up to which seq (of events or transformations, as the job counts) ``job`` has worked; 0 at first."""
        row = self._connection.execute("SELECT seq FROM checkpoints WHERE job = ?", (job,)).fetchone()
        return int(row[0]) if row else 0

    def checkpoint_data(self, job: str) -> dict[str, Any]:
        row = self._connection.execute("SELECT metadata FROM checkpoints WHERE job = ?", (job,)).fetchone()
        return dict(json.loads(row[0])) if row else {}

    def set_checkpoint(self, job: str, seq: int, metadata: Mapping[str, Any] | None = None) -> None:
        self._connection.execute(
            "INSERT INTO checkpoints (job, seq, metadata, updated_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (job) DO UPDATE SET "
            "seq = excluded.seq, metadata = excluded.metadata, updated_at = excluded.updated_at",
            (job, seq, canonical_json(dict(metadata or {})), utc_now()),
        )

    def count_accesses(self, dream_id: str) -> None:
        """From this dream on, the packs recorded so far count."""
        self._connection.execute(
            "UPDATE accesses SET dream_id = ?, updated_at = ? WHERE dream_id IS NULL", (dream_id, utc_now())
        )
