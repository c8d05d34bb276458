"""What came of charted courses, a row a course: all of it by Cartway's own derivations over the facts.

Grades come from the compiled cohort pass, responses and endpoints from the same functions that a course's page calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cartway.toxicity import load_rules
from cartway.toxicity.batch import Graded, grade_parquet
from cartway.toxicity.further import ALL_SCALES
from cartway.twin.chart import graded as g
from cartway.twin.chart.answered import NONE, Answered, looked_at, rows_of
from cartway.twin.chart.in_force import OF_CORRECTIONS, in_force
from cartway.twin.chart.levels import courses_of, highest, lowest, readings_of
from cartway.twin.chart.swift import REST, WORDS, swift_facts
from cartway.vocabulary import vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[Any]

COLUMNS = tuple(dict.fromkeys((*REST, *WORDS)))
MEASURED = ("car_t_cells", "car_t_copies", "igg")
AT_ONCE = 500
"""Courses that are read together: what a cohort's grades need of memory grows with them."""
TOXICITY_DAYS = 30.0
"""CRS and ICANS are told of the first thirty days: a fever in the second year is another story."""

OLDER_CRS = tuple(name.removeprefix("crs.") for name in ALL_SCALES[2:] if name.startswith("crs."))
"""The older scales of CRS by their short names: lee2014, penn, mskcc, cartox, ctcae4, ctcae5."""
ALWAYS_TOLD = ("penn", "lee2014")
"""Older scales whose greatest grade is always told: those of the first trials."""

Say = Callable[[int, int], None]
Part: TypeAlias = "pa.Table | tuple[Path, int]"
"""A table of some courses, or a row group of a file."""


def _silent(done: int, of: int) -> None:
    """Progress that nobody asked for."""


def outcomes(source: pa.Table | Path, *, crs: Sequence[str] = (), threads: int = 1, say: Say = _silent) -> pa.Table:
    """One row a course of a facts table (in memory or as a Parquet file), in the order in which courses come. What was
    amended or withdrawn counts as it stands now.

    Days are from the first infusion, null where it has not come. Grades are Cartway's own, of the first thirty days:
    `crs_max`, `icans_max` (null where none could be given), `crs_onset_day`, `crs_days` (all days at grade 1 or
    above) and the like. Counts on day 30 by CTCAE, `anc_below_500_days` by early ICAHT. Then what was given, levels
    of cells and IgG, and how the disease answered (`answered.Answered`). `crs`: older scales (`OLDER_CRS`) by which CRS
    is told as well, three more columns each: ``crs_lee2014_max``, ``crs_lee2014_onset_day``, ``crs_lee2014_days``.
    `threads` above 1 are as many processes, each with its share of the courses: a script that calls it so needs
    ``if __name__ == "__main__"``. `say(done, of)`: progress, in parts. Raises ValueError for a scale that is none.
    """
    if unknown := set(crs) - set(OLDER_CRS):
        raise ValueError(f"no older scale of CRS: {', '.join(sorted(unknown))}; one of {', '.join(OLDER_CRS)}")
    parts, found, work = list(_parts_of(source)), [], partial(of_part, crs=tuple(crs))
    for part in _each(parts, work, threads):
        found.append(part)
        say(len(found), len(parts))
    return pa.concat_tables(found) if found else work(source if isinstance(source, pa.Table) else _read(source))


def _parts_of(source: pa.Table | Path) -> Iterator[Part]:
    """Parts that hold whole courses: the row groups of a file where no course lies in two, else a table dealt out."""
    if isinstance(source, Path):
        groups = _row_groups(source)
        if groups:
            yield from ((source, number) for number in range(groups))
            return
        source = _read(source)
    order, edges = _by_course(source.column("course"))
    for low, high in pairwise(edges):
        yield source if len(edges) == 2 else source.take(order[low:high])


def _row_groups(path: Path) -> int:
    """How many row groups a file has; 0 where a course lies in two of them, or one holds far too many."""
    import pyarrow.parquet as pq

    seen: set[str] = set()
    with pq.ParquetFile(path, read_dictionary=["course"]) as file:
        for number in range(file.num_row_groups):
            names = file.read_row_group(number, columns=["course"]).column("course").unique().to_pylist()
            if len(names) > 4 * AT_ONCE or not seen.isdisjoint(names):
                return 0
            seen.update(names)
        return int(file.num_row_groups)


def _by_course(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], list[int]]:
    """The rows in the order of their courses, and where every so many courses begin."""
    number: dict[str, int] = {}
    for name in column.unique().to_pylist():
        number[name] = len(number)
    course = courses_of(column, number)
    order = np.argsort(course, kind="stable")
    starts = np.searchsorted(course[order], np.arange(0, len(number), AT_ONCE))
    return order, [*starts.tolist(), len(order)]


def _each(parts: list[Part], work: Callable[[Part], pa.Table], threads: int) -> Iterator[pa.Table]:
    if threads <= 1 or len(parts) < 2:
        yield from map(work, parts)
        return
    with ProcessPoolExecutor(threads, mp_context=get_context("spawn"), initializer=alone) as pool:
        yield from pool.map(work, parts)


def alone() -> None:
    """Begin a process that is one of several: Arrow's own threads would only stand in each other's way."""
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def of_part(part: Part, crs: Sequence[str] = ()) -> pa.Table:
    """The outcomes of some courses. A function of its own, since other processes call it."""
    table = in_force(part if isinstance(part, pa.Table) else _read(part[0], part[1]))
    graded = grade_parquet(cast(Path, _as_file(table)), load_rules(), None, scales=ALL_SCALES)
    number = {course: i for i, course in enumerate(graded.courses)}
    courses = _courses(table, number)
    columns: dict[str, Column | list[Any]] = {"course": list(graded.courses)}
    columns |= _graded(graded, courses, crs) | _given(table, number) | _levels(table, number, courses)
    columns |= _answers(table, number)
    found = pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()}, schema_of(crs))
    there = table.column("course").unique()  # a part of a dictionary column may name courses that lie elsewhere
    return (
        found if len(there) == len(number) else found.filter(pc.is_in(found.column("course"), there.cast(pa.string())))
    )


def _read(path: Path, group: int | None = None) -> pa.Table:
    """The columns that outcomes are read from, of a file or of one row group."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, read_dictionary=[*WORDS, "course", "about", "event", "source", *OF_CORRECTIONS]) as file:
        there = [name for name in (*COLUMNS, *OF_CORRECTIONS) if name in file.schema_arrow.names]
        table = file.read(columns=there) if group is None else file.read_row_group(group, columns=there)
    for name in COLUMNS:
        if name not in there:
            table = table.append_column(name, pa.nulls(table.num_rows, KINDS.get(name, pa.string())))
    return table


MOMENT = pa.timestamp("us", "UTC")
KINDS = {"until": MOMENT, "recorded_at": MOMENT, "value": pa.float64(), "simulated": pa.bool_()}


def _as_file(table: pa.Table) -> Any:
    """A table in memory as the reader of cohorts takes it: an uncompressed Parquet file that never touches a disk."""
    import pyarrow.parquet as pq

    out = pa.BufferOutputStream()
    pq.write_table(table, out, compression="none", store_schema=False, row_group_size=1 << 20)
    return pa.BufferReader(out.getvalue())


def _of(table: pa.Table, *whats: str) -> pa.Table:
    """The rows that speak of some variables."""
    return table.filter(pc.is_in(table.column("what"), pa.array(whats)))


def _numbers(rows: pa.Table, number: dict[str, int]) -> NDArray[np.int64]:
    """Each row's course by its number."""
    return courses_of(rows.column("course"), number)


def _at(rows: pa.Table) -> NDArray[np.int64]:
    return np.asarray(rows.column("at").cast(pa.int64()), np.int64)


def _courses(table: pa.Table, number: dict[str, int]) -> g.Courses:
    infusions, ends = _of(table, "infusion"), _of(table, "last_follow_up", "death", "infusion")
    infused = g.first_times(_at(infusions), _numbers(infusions, number), len(number))
    return g.Courses(infused, g.last_times(_at(ends), _numbers(ends, number), len(number)))


def _graded(graded: Graded, courses: g.Courses, older: Sequence[str]) -> dict[str, Column]:
    n = len(graded.courses)
    crs, icans = (g.within(g.spans_of(graded, scale, courses), TOXICITY_DAYS) for scale in ("crs.astct", "icans.astct"))
    neutrophils, platelets = (g.spans_of(graded, f"ctcae.{cell}", courses) for cell in ("neutrophils", "platelets"))
    early = g.spans_of(graded, "icaht.early", courses)
    return {
        "crs_max": g.highest(crs, n),
        "crs_onset_day": g.onset(crs, n),
        "crs_days": g.lasted(crs, n),
        "icans_max": g.highest(icans, n),
        "icans_onset_day": g.onset(icans, n),
        "icans_days": g.lasted(icans, n),
        "neutropenia_g3_d30": _at_least(g.on_day_30(neutrophils, n), 3),
        "thrombocytopenia_g3_d30": _at_least(g.on_day_30(platelets, n), 3),
        "anc_below_500_days": g.counted(early, n),
        "icaht_early_max": g.highest(early, n),
        "iec_hs_max": g.highest(g.spans_of(graded, "iec_hs.astct", courses), n),
    } | _older(graded, courses, older)


def _older(graded: Graded, courses: g.Courses, asked: Sequence[str]) -> dict[str, Column]:
    """CRS by older scales: the greatest grade by those that are always told, onset and days by those asked for."""
    n, columns = len(graded.courses), {}
    for name in dict.fromkeys((*ALWAYS_TOLD, *asked)):
        spans = g.within(g.spans_of(graded, f"crs.{name}", courses), TOXICITY_DAYS)
        columns[f"crs_{name}_max"] = g.highest(spans, n)
        if name in asked:
            columns[f"crs_{name}_onset_day"] = g.onset(spans, n)
            columns[f"crs_{name}_days"] = g.lasted(spans, n)
    return columns


def schema_of(crs: Sequence[str] = ()) -> pa.Schema:
    """Numbers unless said otherwise; words and truths of answers; whether a drug was given. Last the older scales."""
    kinds = {str: pa.string(), bool: pa.bool_(), float: pa.float64()}
    answers = {name: kinds[type(none)] for name, none in NONE._asdict().items()}
    numbers = dict.fromkeys((*GRADED, *LEVELS), pa.float64())
    older = [f"crs_{name}_{what}" for name in crs for what in ("max", "onset_day", "days")]
    given = dict.fromkeys((*CLASSES,), pa.bool_())
    more = dict.fromkeys(older, pa.float64())
    return pa.schema([("course", pa.string()), *(numbers | given | answers | more).items()])


GRADED = (
    "crs_max", "crs_onset_day", "crs_days", "icans_max", "icans_onset_day", "icans_days", "neutropenia_g3_d30",
    "thrombocytopenia_g3_d30", "anc_below_500_days", "icaht_early_max", "crs_penn_max", "crs_lee2014_max", "iec_hs_max",
)  # fmt: skip
LEVELS = ("cmax_cells", "cmax_copies", "tmax_day", "tmax_cells_day", "igg_nadir", "igg_nadir_day")
CLASSES = {
    "tocilizumab": "il6_blocker", "steroid": "steroid", "vasopressor": "vasopressor", "g_csf": "g_csf",
    "immunoglobulin": "immunoglobulin",
}  # fmt: skip
"""Drugs told of by name, and the class of the vocabulary that each stands for."""


def _at_least(grade: Column, least: int) -> Column:
    """1 or 0; not a number where the grade is none."""
    return np.where(np.isnan(grade), np.nan, (grade >= least).astype(float))


def _given(table: pa.Table, number: dict[str, int]) -> dict[str, Column]:
    """Whether each course had tocilizumab, a steroid, a vasopressor, G-CSF, immunoglobulin after its infusion."""
    drugs = _of(table, "drug")
    course, names = _numbers(drugs, number), np.array(drugs.column("choice").to_pylist(), np.str_)
    known = vocabulary().variables["drug"].choices
    found = {}
    for name, group in CLASSES.items():
        of_group = [drug for drug, choice in known.items() if group in choice.classes]
        found[name] = np.zeros(len(number), bool)
        found[name][course[np.isin(names, of_group)]] = True
    return found


def _levels(table: pa.Table, number: dict[str, int], courses: g.Courses) -> dict[str, Column]:
    rows = _of(table, *MEASURED)
    cells, cells_day = highest(readings_of(rows, "car_t_cells", number), courses)
    copies, copies_day = highest(readings_of(rows, "car_t_copies", number), courses)
    igg, igg_day = lowest(readings_of(rows, "igg", number), courses)
    return {
        "cmax_cells": cells,
        "cmax_copies": copies,
        "tmax_day": np.where(np.isnan(copies_day), cells_day, copies_day),
        "tmax_cells_day": cells_day,
        "igg_nadir": igg,
        "igg_nadir_day": igg_day,
    }


# How the disease answered


def answers(table: pa.Table) -> pa.Table:
    """The columns of `outcomes` that tell how the disease answered, alone: no grade is worked out for them."""
    number = {course: i for i, course in enumerate(table.column("course").unique().to_pylist())}
    columns = {"course": list(number), **_answers(table, number)}
    kinds = pa.schema([SCHEMA.field(name) for name in columns])
    return pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()}, kinds)


def _answers(table: pa.Table, number: dict[str, int]) -> dict[str, list[Any]]:
    """Each course's answer, from the rows that responses of these diseases are read from."""
    diagnoses, criteria = (
        set(_of(table, what).column("choice").to_pylist()) for what in ("diagnosis", "response_criteria")
    )
    facts, _ = swift_facts(_of(table, *sorted(looked_at(diagnoses, criteria))))
    rows: list[tuple[Any, ...]] = [tuple(NONE)] * len(number)
    for course, row in rows_of(facts):
        rows[number[course]] = row
    columns = zip(*rows, strict=True) if rows else ([] for _ in Answered._fields)
    return {name: list(column) for name, column in zip(Answered._fields, columns, strict=True)}


SCHEMA = schema_of()
"""The columns that are always told."""
