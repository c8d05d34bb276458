"""A made-up cohort: a facts table of 24 million rows and 8,000 courses in Parquet, sorted and in the order of a log.

Day 0 to 30 of each course: vital signs every 1 to 4 hours with the oxygen device, ICE (or CAPD) and consciousness twice
a day, fifteen laboratory values a day, drugs with their ends, attributions, ages, the infusion. Seven in ten have CRS,
a third ICANS. Nothing is drawn from patients; what is realistic is the shape: how many rows, which of them matter, how
often an answer changes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.draw import COURSES_A_CHUNK, DETAILS, NO_TIME, ROWS_A_COURSE, WORDS, Rows, draw, joined

SEED = 20260110
EDITION = 2  # a new one where the drawing changes: a cached cohort of the old one is not used
ROW_GROUP = 1 << 20

Progress = Callable[[str], None]


class Cohort(NamedTuple):
    """Two files with the same rows, and how many rows and courses they hold."""

    by_course: Path
    by_commit: Path
    rows: int
    courses: int


def cohort(rows: int, say: Progress = lambda _line: None, seed: int = SEED) -> Cohort:
    """The cohort of about `rows` rows: from the cache, or made and kept there."""
    courses = max(1, round(rows / ROWS_A_COURSE))
    place = folder()
    files = [place / f"cohort-{EDITION}-{courses}-{seed}.{order}.parquet" for order in ("course", "commit")]
    if not all(file.exists() for file in files):
        _make(courses, seed, files, say)
    return Cohort(files[0], files[1], pq.ParquetFile(files[0]).metadata.num_rows, courses)


def folder() -> Path:
    """Where made-up data is kept between runs: beside this file, or in the temporary folder where that is read-only."""
    for place in (Path(__file__).parent / ".cache", Path(tempfile.gettempdir()) / "cartway-benchmarks"):
        try:
            place.mkdir(exist_ok=True)
            (place / ".writable").touch()
        except OSError:
            continue
        return place
    raise OSError("there is no folder to keep the cohort in")


def sample(source: Cohort, courses: int) -> Path:
    """The first `courses` courses of a cohort as a file of their own, by course and time."""
    target = source.by_course.with_suffix(f".{courses}.parquet")
    if not target.exists():
        file = pq.ParquetFile(source.by_course)
        names = [course_name(number) for number in range(courses)]
        groups = range(min(file.num_row_groups, -(-courses // COURSES_A_CHUNK) + 1))
        table = file.read_row_groups(list(groups))
        chosen = pc.is_in(table.column("course").cast(pa.string()), value_set=pa.array(names))
        pq.write_table(table.filter(chosen), target, compression="zstd", row_group_size=ROW_GROUP)
    return target


def course_name(number: int) -> str:
    """The name of a course."""
    return f"course-{number:05d}"


def _make(courses: int, seed: int, files: list[Path], say: Progress) -> None:
    """Draw the cohort chunk by chunk and write it twice. A file gets its name when it is whole."""
    drafts = [file.with_suffix(".draft") for file in files]
    kept: list[Rows] = []
    with pq.ParquetWriter(drafts[0], SCHEMA, compression="zstd") as writer:
        for chunk in _chunks(courses, seed):
            kept.append(chunk)
            writer.write_table(_table(chunk, courses), row_group_size=ROW_GROUP)
            say(f"drawing the cohort: {sum(len(rows.at) for rows in kept):,} rows")
    whole = joined(kept)
    order = np.argsort(whole.recorded_at, kind="stable")
    with pq.ParquetWriter(drafts[1], SCHEMA, compression="zstd") as writer:
        for first in range(0, len(order), ROW_GROUP):
            part = order[first : first + ROW_GROUP]
            writer.write_table(_table(_taken(whole, part), courses), row_group_size=ROW_GROUP)
            say(f"in the order of a log: {first + len(part):,} rows")
    for draft, file in zip(drafts, files, strict=True):
        draft.rename(file)


def _chunks(courses: int, seed: int) -> Iterator[Rows]:
    """Every chunk has a seed of its own: a small cohort is the beginning of a large one."""
    for number, first in enumerate(range(0, courses, COURSES_A_CHUNK)):
        count = min(COURSES_A_CHUNK, courses - first)
        rows = draw(np.random.default_rng([seed, number]), first, count)
        order = np.lexsort((rows.at, rows.course))
        yield _taken(rows, order)


def _taken(rows: Rows, places: NDArray[np.int64]) -> Rows:
    return Rows._make(column[places] for column in rows)


_WORD = pa.dictionary(pa.int32(), pa.string())
_TIME = pa.timestamp("us", "UTC")
SCHEMA = pa.schema(
    [
        ("course", _WORD), ("at", _TIME), ("until", _TIME), ("what", _WORD), ("value", pa.float64()), ("unit", _WORD),
        ("choice", _WORD), ("detail", _WORD), ("source", _WORD), ("recorded_at", _TIME),
    ]
)  # fmt: skip


def _table(rows: Rows, courses: int) -> pa.Table:
    """Rows as an Arrow table with the facts table's columns."""
    names = [course_name(number) for number in range(courses)]
    columns = [
        _words(rows.course, names),
        pa.array(rows.at, _TIME),
        pa.array(rows.until, pa.int64(), mask=rows.until == NO_TIME).cast(_TIME),
        _words(rows.what, WORDS),
        pa.array(rows.value, mask=np.isnan(rows.value)),
        _words(rows.unit, WORDS),
        _words(rows.choice, WORDS),
        _words(rows.detail, DETAILS),
        _words(np.zeros(len(rows.at), np.int16), ["charting"]),
        pa.array(rows.recorded_at, _TIME),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _words(numbers: NDArray[np.int16], words: list[str]) -> pa.DictionaryArray:
    """Numbered words as Arrow keeps them, with only the words that occur; a negative number is no word."""
    used = np.unique(numbers[numbers >= 0])
    place = np.zeros(len(words) + 1, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    indices = pa.array(place[numbers], mask=numbers < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array([words[number] for number in used], pa.string()))
