"""Times as given, guessed and clamped."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone

import pytest

from elephantasm_cli.ingest.times import later_by_a_microsecond, read_time

MOMENT = "2024-05-01T10:00:00.000000Z"


@pytest.mark.parametrize(
    "given",
    [
        "2024-05-01T10:00:00Z",
        "2024-05-01T10:00:00",
        "2024-05-01 10:00:00",
        "2024-05-01T12:00:00+02:00",
        "2024-05-01 12:00:00 +0200",
        "2024-05-01 10:00:00 UTC",
        " 2024-05-01T10:00:00.000Z ",
        "20240501T100000Z",
        1714557600,
        1714557600.0,
        1714557600000,
        1714557600000000,
        1714557600000000000,
        "1714557600",
        "1714557600.0",
        datetime(2024, 5, 1, 10),
        datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_one_moment_in_many_forms(given):
    """ISO with and without offset, epoch numbers of any unit, datetimes."""
    assert read_time(given) == MOMENT


@pytest.mark.parametrize(
    "given",
    [
        "yesterday",
        "",
        "2024-13-01",
        True,
        None,
        [],
        {},
        float("nan"),
        float("inf"),
        10**40,
        1e300,
        "9" * 30,
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_what_is_no_time_is_none(given):
    """No surprise of a source raises."""
    assert read_time(given) is None


def test_old_years_keep_their_four_digits():
    """Text order is time order."""
    assert read_time("0900-01-01") == "0900-01-01T00:00:00.000000Z"
    assert read_time(0) == "1970-01-01T00:00:00.000000Z"
    assert read_time(-86400) == "1969-12-31T00:00:00.000000Z"


def test_the_end_of_time_has_no_later_moment():
    """The clock stops instead of overflowing."""
    assert later_by_a_microsecond("9999-12-31T23:59:59.999999Z") == "9999-12-31T23:59:59.999999Z"
    assert later_by_a_microsecond(MOMENT) == "2024-05-01T10:00:00.000001Z"


def test_missing_times_follow_the_files_order(take, store, tmp_path):
    """From the file's mtime on, a microsecond each, and the event says that it was guessed."""
    path = tmp_path / "old.txt"
    path.write_text("Ana: one\nBen: two\nAna: three\n")
    os.utime(path, (1714557600, 1714557600))
    take(path)
    assert [draft.occurred_at for draft in store.drafts] == [f"2024-05-01T10:00:00.00000{n}Z" for n in (1, 2, 3)]
    assert all(draft.metadata == {"time": "guessed"} for draft in store.drafts)


def test_a_missing_time_among_given_ones_stays_between_them(take, store):
    """The neighbour before knows better than the file."""
    take(
        [
            {"role": "user", "content": "a", "time": "2023-01-01T00:00:00Z"},
            {"role": "tool", "content": "b"},
            {"role": "user", "content": "c", "time": "2023-01-02T00:00:00Z"},
        ]
    )
    assert [draft.occurred_at for draft in store.drafts] == sorted(draft.occurred_at for draft in store.drafts)
    assert store.drafts[1].occurred_at == "2023-01-01T00:00:00.000001Z"


def test_guessed_times_do_not_make_new_events(take, store, tmp_path):
    """Touching the file changes no key."""
    path = tmp_path / "a.txt"
    path.write_text("Ana: one\nBen: two\nAna: three\n")
    take(path)
    os.utime(path, (1, 1))
    assert take(path).added == 0


def test_a_future_time_is_clamped_and_kept(take, store, fixed_now):
    """Nothing has happened after it was recorded; what the source said stays in metadata and in the key."""
    records = [{"role": "user", "content": "x", "time": "2999-01-01T00:00:00Z"}]
    take(records)
    (draft,) = store.drafts
    assert draft.occurred_at == fixed_now
    assert draft.metadata == {"time": "clamped", "time_given": "2999-01-01T00:00:00Z"}
    assert take(records).added == 0


def test_a_bad_time_is_a_missing_one_with_a_note(take, store):
    """The words are worth more than the date."""
    report = take(
        [{"role": "user", "content": "x", "time": "half past"}, {"role": "user", "content": "y", "time": {"a": 1}}]
    )
    assert report.rejected == 0
    assert store.drafts[0].metadata == {"time": "guessed", "time_given": "half past"}
    assert store.drafts[1].metadata["time"] == "guessed"


def test_a_guess_is_never_in_the_future(take, store, tmp_path, fixed_now):
    """A file from a clock that runs ahead is as old as now."""
    path = tmp_path / "ahead.txt"
    path.write_text("Ana: one\nAna: two\n")
    os.utime(path, (4102444800, 4102444800))
    take(path)
    assert [draft.occurred_at for draft in store.drafts] == [fixed_now, fixed_now]


def test_stream_events_without_time_happen_on_arrival(take, store, fixed_now):
    """There is no file to ask."""
    take([{"role": "user", "content": "x"}], stream=True)
    assert store.drafts[0].occurred_at == fixed_now
