"""Reading the layout of data sets that pharmacometricians use: one row an event, as NONMEM's $INPUT names them.

ID, TIME and DV; AMT and EVID for doses; MDV, CMT; LLOQ with BLQ, or CENS as Monolix has it (1: DV is the limit
itself). Other columns are covariates, their first value of each subject. A point stands for nothing. Every problem
names row and column.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cartway.problem import Problem
from cartway.twin.nlme.study import Dose, Study, wrong_limit

NAMED = ("ID", "TIME", "DV", "AMT", "EVID", "MDV", "CMT", "DVID", "LLOQ", "BLQ", "CENS", "RATE", "II", "ADDL", "SS")
NEEDED = ("ID", "TIME", "DV")
NOT_READ = {"ADDL": "further doses", "SS": "steady state", "II": "further doses"}
NOTHING = ("", ".", "NA", "NaN", "nan")
HOURS = 24.0
MOST = 1_000_000


class Options(NamedTuple):
    """How a data set is read. `hours`: TIME is in hours; `cmt`: the compartment that was measured, where there are
    several; `limit`: the limit of quantification, where no column gives it; `logged`: DV is the natural logarithm of
    the level.
    """

    hours: bool = False
    cmt: str = ""
    limit: float = float("nan")
    logged: bool = False


USUAL = Options()


class _Row(NamedTuple):
    """One record: its line in the file, and its words by column."""

    line: int
    words: Mapping[str, str]

    def number(self, column: str) -> float | Problem:
        """The number in a column, nan where there is none."""
        word = self.words.get(column, "").strip()
        if word in NOTHING:
            return float("nan")
        try:
            value = float(word)
        except ValueError:
            value = float("inf")
        if np.isfinite(value):
            return value
        remedy = "Write a number, or a point where there is none."
        return Problem("not_a_number", f"{column} is no number.", remedy, f"row {self.line}, column {column}")


class _Event(NamedTuple):
    """A record as numbers; nan where nothing stands."""

    row: _Row
    id: str
    number: Mapping[str, float]

    def at(self, column: str) -> str:
        return f"row {self.row.line}, column {column}"


def is_nonmem(head: str) -> bool:
    """Whether a first line names the columns of such a data set."""
    names = {name.strip().strip('"').lstrip("#").upper() for name in _cells(head)}
    return set(NEEDED) <= names


def _cells(line: str) -> list[str]:
    separator = next((each for each in (",", "\t", ";") if each in line), "")
    return line.split(separator) if separator else line.split()


def read_nonmem(text: str, options: Options = USUAL) -> Study | list[Problem]:
    """A study of the text of a data set, or all that is wrong with it (at most twenty problems).

    Times count from the subject's first dose; observations before it are left out, as are those with MDV 1.
    """
    if wrong := wrong_limit(options.limit):
        return [wrong]
    rows = _rows(text)
    if isinstance(rows, Problem):
        return [rows]
    events, problems = _events(rows)
    problems = problems or list(_wrong(events, options))
    if problems:
        return problems[:20]
    return _study(events, options)


def _rows(text: str) -> list[_Row] | Problem:
    lines = [(n, line) for n, line in enumerate(text.lstrip("\ufeff").splitlines(), 1) if line.strip()]
    lines = [(n, line) for n, line in lines if not line.lstrip().startswith(("C,", "C\t", "C ", "@")) or n == 1]
    if not lines or not is_nonmem(lines[0][1]):
        remedy = f"The first line names the columns; it needs {', '.join(NEEDED)}."
        return Problem("no_columns", "The columns of a data set are not named.", remedy)
    if len(lines) > MOST:
        return Problem("too_many_rows", f"There are more than {MOST:,} rows.", "Split the data set.")
    names = [name.strip().strip('"').lstrip("#") for name in _cells(lines[0][1])]
    names = [name.upper() if name.upper() in NAMED else name for name in names]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})[0]
        return Problem("column_twice", "Two columns have the same name.", "Rename one.", f"column {twice}")
    return _read_rows(lines, names)


def _read_rows(lines: Sequence[tuple[int, str]], names: Sequence[str]) -> list[_Row] | Problem:
    separator = next((each for each in (",", "\t", ";") if each in lines[0][1]), "")
    found = []
    for n, line in lines[1:]:
        cells = next(csv.reader([line], delimiter=separator)) if separator else line.split()
        if len(cells) != len(names):
            reason = f"It has {len(cells)} columns, the first line {len(names)}."
            return Problem("wrong_row", reason, "Write a point where there is nothing.", f"row {n}")
        found.append(_Row(n, dict(zip(names, cells, strict=True))))
    return found


def _events(rows: Sequence[_Row]) -> tuple[list[_Event], list[Problem]]:
    events, problems = [], []
    for row in rows:
        numbers: dict[str, float] = {}
        for column in row.words:
            if column == "ID":
                continue
            value = row.number(column)
            if isinstance(value, Problem):
                problems.append(value)
            else:
                numbers[column] = value
        events.append(_Event(row, row.words["ID"].strip(), numbers))
    return events, problems


def _dosed(event: _Event) -> bool:
    evid = event.number.get("EVID", float("nan"))
    return evid == 1 or (np.isnan(evid) and event.number.get("AMT", 0.0) > 0)


def _observed(event: _Event) -> bool:
    evid, mdv = (event.number.get(column, float("nan")) for column in ("EVID", "MDV"))
    return not _dosed(event) and evid in (0.0,) + ((evid,) if np.isnan(evid) else ()) and mdv != 1


def _wrong(events: Sequence[_Event], options: Options) -> Iterator[Problem]:
    """What is wrong with records that are numbers, one after another."""
    seen: dict[str, float] = {}
    before = ""
    for event in events:
        if not event.id or event.id in NOTHING:
            yield Problem("no_id", "The record has no ID.", "Give each record its subject.", event.at("ID"))
            continue
        if event.id != before and event.id in seen:
            remedy = "Sort by ID and TIME; NONMEM would take them for two subjects."
            yield Problem("id_apart", "The records of a subject do not stand together.", remedy, event.at("ID"))
        yield from _wrong_time(event, seen.get(event.id) if event.id == before else None)
        seen[event.id], before = event.number["TIME"], event.id
        yield from _wrong_event(event)
        if _observed(event):
            yield from _wrong_value(event, options)
    yield from _wrong_compartment(events, options)


def _wrong_time(event: _Event, before: float | None) -> Iterator[Problem]:
    time = event.number["TIME"]
    if np.isnan(time):
        yield Problem("no_time", "The record has no TIME.", "Give each record its time.", event.at("TIME"))
    elif before is not None and time < before:
        yield Problem("time_back", "TIME goes back within a subject.", "Sort by ID and TIME.", event.at("TIME"))


def _wrong_event(event: _Event) -> Iterator[Problem]:
    evid = event.number.get("EVID", 0.0)
    if not np.isnan(evid) and evid not in (0, 1, 2):
        remedy = "Only 0 (observation), 1 (dose) and 2 (other) are read; a second course is a subject of its own."
        yield Problem("unknown_evid", f"EVID {evid:g} is not read.", remedy, event.at("EVID"))
    if evid == 1 and not event.number.get("AMT", 0.0) > 0:
        yield Problem("no_amount", "A dose without an amount.", "Give AMT, the cells infused.", event.at("AMT"))
    for column, means in NOT_READ.items():
        if event.number.get(column, 0.0) > 0:
            remedy = "Write each dose as a record of its own."
            yield Problem("not_read", f"{column} ({means}) is not read.", remedy, event.at(column))


def _wrong_value(event: _Event, options: Options) -> Iterator[Problem]:
    value, limit = event.number["DV"], _limit(event, options)
    marked = event.number.get("BLQ", event.number.get("CENS", float("nan")))
    if not np.isnan(marked) and marked not in (0, 1):
        column = "BLQ" if "BLQ" in event.number else "CENS"
        remedy = "1: below the limit; 0: not. Values above an upper limit are not read."
        yield Problem("unknown_mark", f"{column} {marked:g} is not read.", remedy, event.at(column))
    elif marked == 1 and np.isnan(limit):
        remedy = "Add a column LLOQ, or give the limit with --lloq."
        yield Problem("no_limit", "A value below the limit, and the limit is not known.", remedy, event.at("LLOQ"))
    elif limit <= 0:
        column = "LLOQ" if event.number.get("LLOQ", 1.0) <= 0 else "DV"
        yield Problem("wrong_limit", "A limit of quantification is above 0.", "Correct it.", event.at(column))
    elif np.isnan(value) and marked != 1:
        remedy = "Set MDV to 1, or BLQ to 1 where it lies below the limit."
        yield Problem("no_value", "An observation without a value.", remedy, event.at("DV"))
    elif marked == 0 and _level(value, options) < limit:
        remedy = "Correct BLQ, DV or the limit."
        yield Problem("mark_contradicts", "DV lies below the limit, and BLQ says 0.", remedy, event.at("BLQ"))


def _wrong_compartment(events: Sequence[_Event], options: Options) -> Iterator[Problem]:
    for column in ("CMT", "DVID"):
        found = {f"{e.number[column]:g}" for e in events if _observed(e) and not np.isnan(e.number.get(column, np.nan))}
        if len(found) > 1 and options.cmt not in found:
            remedy = f"Choose one with --cmt: {', '.join(sorted(found))}."
            yield Problem("many_compartments", "Several compartments were measured.", remedy, f"column {column}")


def _level(value: float, options: Options) -> float:
    return float(np.exp(value)) if options.logged else value


def _limit(event: _Event, options: Options) -> float:
    """The limit on the level's own scale, nan where none is known. With CENS, DV itself is the limit."""
    limit = event.number.get("LLOQ", float("nan"))
    if not np.isnan(limit):
        return limit
    if event.number.get("CENS") == 1 and "BLQ" not in event.number:
        return _level(event.number["DV"], options)
    return options.limit


def _chosen(event: _Event, options: Options) -> bool:
    if not options.cmt:
        return True
    return any(f"{event.number.get(column, np.nan):g}" == options.cmt for column in ("CMT", "DVID"))


def _study(events: Sequence[_Event], options: Options) -> Study | list[Problem]:
    by_id: dict[str, list[_Event]] = {}
    for event in events:
        by_id.setdefault(event.id, []).append(event)
    scale = HOURS if options.hours else 1.0
    ids: list[str] = []
    doses, firsts, subject, day, value, below = [], [], [], [], [], []
    for name, own in by_id.items():
        given = [Dose(e.number["TIME"] / scale, e.number.get("AMT", float("nan"))) for e in own if _dosed(e)]
        zero = given[0].day if given else 0.0
        kept = [e for e in own if _observed(e) and _chosen(e, options) and e.number["TIME"] / scale >= zero]
        if not kept:
            continue
        for event in kept:
            found, low = _seen(event, options)
            subject.append(len(ids))
            day.append(event.number["TIME"] / scale - zero)
            value.append(found)
            below.append(low)
        ids.append(name)
        doses.append(tuple(dose._replace(day=dose.day - zero) for dose in given))
        firsts.append(own)
    if not ids:
        return [Problem("no_observation", "No subject has an observation after its dose.", "Check EVID, MDV and TIME.")]
    return Study(
        tuple(ids), np.array(subject, np.int64), np.array(day), np.array(value), np.array(below), tuple(doses),
        _covariates(firsts),
    )  # fmt: skip


def _seen(event: _Event, options: Options) -> tuple[float, bool]:
    """The level and False, or the limit and True."""
    value, limit = _level(event.number["DV"], options), _limit(event, options)
    marked = event.number.get("BLQ", event.number.get("CENS", float("nan")))
    low = marked == 1 or (np.isnan(marked) and value < limit)
    return (limit, True) if low else (value, False)


def _covariates(subjects: Sequence[Sequence[_Event]]) -> Mapping[str, np.ndarray]:
    """The first value of each other column in each subject, nan where there is none."""
    names = [name for name in subjects[0][0].row.words if name not in NAMED]
    return {
        name: np.array([next((v for e in own if not np.isnan(v := e.number[name])), np.nan) for own in subjects])
        for name in names
    }
