"""Grading a whole cohort: the same fold, compiled, in one pass over the columns of a facts table.

A Parquet file is read row group by row group with its words as dictionaries; no group is kept. What a row means to the
fold depends on four words (variable, choice, unit, detail), so each combination that occurs is coded once, in Python,
by the function that codes a single fact (`coding.code`); the compiled pass only looks it up. Rows sorted by course and
time are folded as they come. Rows in any other order are read again from the start: each group is dealt out to its own
courses by a counting sort, and at the end each course's runs are gathered, put in time order and folded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from cartway.problem import Problem
from cartway.record.fact import UNREADABLE, Fact
from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity import passes
from cartway.toxicity.coding import SEIZURE_LIMIT_MIN, Row, beyond, code, dose_factor, words
from cartway.toxicity.fold import Answer
from cartway.toxicity.further import ALL_SCALES, SCALES
from cartway.toxicity.kernel import compiled
from cartway.vocabulary import Conversion, Variable, read_choice, read_unit, vocabulary

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from cartway.toxicity.rules import Rules

WORDS = ("what", "choice", "unit", "detail")
FIRST_ANSWERS = 1 << 12
MOST_COMBINATIONS = 1 << 26
SENTINEL = 0.5  # stands for a row's own value where one combination of words is coded


class Group(NamedTuple):
    """One row group as arrays. `course` numbers a dictionary that `known` turns into the cohort's numbers, -1 where no
    row is of that name; `words` are the numbers of its four words with their validity bits, `shape` turns a detail's
    number into that of its shape, `sizes` is how many words of each kind there are, `spelled` how they read.
    """

    course: NDArray[np.int32]
    known: NDArray[np.int32]
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    has_value: NDArray[np.uint8]
    until: NDArray[np.int64]
    words: tuple[NDArray[np.int32], ...]
    bits: tuple[NDArray[np.uint8], ...]
    sizes: NDArray[np.int64]
    shape: NDArray[np.int32]
    spelled: tuple[Sequence[str], ...]
    details: Sequence[str]
    first: int


class Meant(NamedTuple):
    """What the rows of a group mean: each row's combination of words, and a table of the combinations."""

    meaning: NDArray[np.int32]
    table: NDArray[np.float64]


class Graded(NamedTuple):
    """A cohort's answers: `rows` float64[n, passes.ANSWER_WIDTH], one an answer; positions in them are row numbers of
    the table.

    `first`: each course's first time. `refused`: how many values could not be taken.
    """

    courses: Sequence[str]
    rows: NDArray[np.float64]
    first: Mapping[str, int]
    refused: int

    def by_course(self) -> Iterator[tuple[str, list[tuple[str, list[Answer]]]]]:
        """Each course's answers by scale; a course that was never infused has none."""
        many = len(ALL_SCALES)
        key = self.rows[:, passes.A_COURSE] * many + self.rows[:, passes.A_SCALE]
        order = np.argsort(key, kind="stable")  # within a course and scale the answers come in time order
        edges = np.searchsorted(key[order], np.arange(len(self.courses) * many + 1))
        for number, course in enumerate(self.courses):
            parts = [
                (scale, self._answers(order[edges[many * number + i] : edges[many * number + i + 1]]))
                for i, scale in enumerate(ALL_SCALES)
            ]
            yield course, [(scale, answers) for scale, answers in parts if answers]

    def _answers(self, numbers: NDArray[np.intp]) -> list[Answer]:
        return [Answer(row[passes.A_START], row[passes.A_OUT :]) for row in self.rows[numbers].tolist()]


Look = Callable[[Group], None]


class Source(NamedTuple):
    """A table of so many `rows`. `groups` reads it from its start and numbers the courses as it meets them."""

    rows: int
    groups: Callable[[dict[str, int]], Iterator[Group]]


def grade_parquet(
    path: Path, rules: Rules, at: int | None = None, look: Look = lambda _group: None, scales: Sequence[str] = SCALES
) -> Graded:
    """Grade every course of a facts table in Parquet: on the two ASTCT scales, on all where `scales` names another.

    `at`: facts later than this instant are left out and time runs to it; None lets each course run to its own last
    fact. `look` is shown each row group, for no group is kept; it may be shown one twice.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        rows = file.metadata.num_rows
    return grade_groups(Source(rows, partial(_shown, path, look)), rules, at, scales)


def _shown(path: Path, look: Look, courses: dict[str, int]) -> Iterator[Group]:
    for group in row_groups(path, courses):
        look(group)
        yield group


def grade_groups(source: Source, rules: Rules, at: int | None, scales: Sequence[str] = SCALES) -> Graded:
    """Grade row groups. They are read again where their rows turn out not to be in order."""
    policies, cut = np.array(rules.vector(scales)), passes.NO_CUT if at is None else float(at)
    return _in_order(source, _Fold(policies, cut)) or _dealt(source, _Fold(policies, cut))


def _in_order(source: Source, fold: _Fold) -> Graded | None:
    """The answers where rows come sorted by course and time; None at the first group in which they do not."""
    courses: dict[str, int] = {}
    surveyor, first = _Surveyor(), _First()
    for group in source.groups(courses):
        meant = surveyor.survey(group)
        if not surveyor.sorted:
            return None
        first.note(group, len(courses))
        fold.group(group, meant)
    fold.finish()
    return _graded(courses, fold, first)


def _dealt(source: Source, fold: _Fold) -> Graded:
    """The answers for rows in any order."""
    courses: dict[str, int] = {}
    surveyor, first, deal = _Surveyor(), _First(), _Deal(fold, source.rows)
    for group in source.groups(courses):
        first.note(group, len(courses))
        deal.group(group, surveyor.survey(group), len(courses))
    deal.fold_all(len(courses))
    fold.finish()
    return _graded(courses, fold, first)


def _graded(courses: Mapping[str, int], fold: _Fold, first: _First) -> Graded:
    rows, refused = fold.rows[: int(fold.run[passes.R_COUNT])], int(fold.run[passes.R_REFUSED])
    return Graded(list(courses), rows, dict(zip(courses, first.times.tolist(), strict=False)), refused)


class _First:
    """Each course's first time; there is room for more courses than there are."""

    def __init__(self) -> None:
        self.times = np.empty(0, np.int64)

    def note(self, group: Group, courses: int) -> None:
        """Look at one group; so many courses are known with it."""
        self.times = _grown(self.times, courses, np.iinfo(np.int64).max)
        compiled()["note_first"](group.course, group.known, group.at, self.times)


def _grown(numbers: NDArray[Any], size: int, fill: float) -> NDArray[Any]:
    """The numbers with room for at least `size`."""
    if size <= len(numbers):
        return numbers
    return np.concatenate([numbers, np.full(size, fill, numbers.dtype)])


class _Fold:
    """The arrays that the compiled passes work on. The rows of answers double when they are full."""

    def __init__(self, policies: NDArray[np.float64], cut: float) -> None:
        self.k = compiled()
        self.cut = cut
        self.run = np.zeros(passes.RUN_SIZE)
        self.run[passes.R_COURSE], self.run[passes.R_CUT] = -1.0, cut
        latest = np.zeros(len(ALL_SCALES) * b.REASONS)
        self.vectors = (np.zeros(lab.SIZE), policies, self.run, np.zeros(b.OUT_SIZE), latest)
        self.rows = np.empty((FIRST_ANSWERS, passes.ANSWER_WIDTH))

    @property
    def arrays(self) -> tuple[NDArray[np.float64], ...]:
        """The vectors and the rows, flat."""
        return (*self.vectors, self.rows.reshape(-1))

    def group(self, group: Group, meant: Meant) -> None:
        """Fold one row group whose rows come sorted by course and time, also after those before it."""
        self.all(len(group.at), partial(self.k["fold_in_order"], *self.columns(group, meant)))

    def columns(self, g: Group, m: Meant) -> tuple[Any, ...]:
        """What the passes over one group take."""
        return g.course, g.known, g.at, g.value, g.has_value, g.until, m.meaning, m.table, g.first, self.cut

    def all(self, size: int, step: Callable[..., Any]) -> None:
        """Run a pass that stops where its answers might not fit, with twice the room, until it has done all."""
        done = step(0, *self._room())
        while done < size:
            self._double()
            done = step(done, *self._room())

    def _room(self) -> tuple[int, tuple[NDArray[np.float64], ...]]:
        return len(self.rows), self.arrays

    def _double(self) -> None:
        more = np.empty((2 * len(self.rows), passes.ANSWER_WIDTH))
        more[: len(self.rows)] = self.rows
        self.rows = more

    def finish(self) -> None:
        """End the last course."""
        if len(self.rows) - self.run[passes.R_COUNT] < passes.ROOM:
            self._double()
        self.k["finish"](self.arrays)


_DEALT = np.dtype([("at", "f8"), ("value", "f8"), ("position", "i4"), ("kind", "i4")])


class _Deal:
    """Row groups dealt out to their courses: `dealt` holds coded rows, in `runs` of one course each."""

    def __init__(self, fold: _Fold, rows: int) -> None:
        self.fold = fold
        self.dealt, self.size = np.empty(rows + rows // 4, _DEALT), 0
        self.runs: list[NDArray[np.int64]] = []
        self.horizon = np.empty(0)

    def group(self, group: Group, meant: Meant, courses: int) -> None:
        """Deal one row group; so many courses are known with it."""
        self.horizon = _grown(self.horizon, courses, -1.0)
        self._make_room(2 * len(group.at))
        stops = np.full(len(group.known) + 1, self.size)
        columns = self.fold.columns(group, meant)
        self.fold.k["deal_rows"](*columns, self.fold.run, stops, self.horizon, self.dealt)
        starts = np.concatenate([[self.size], stops[:-1]])[:-1]
        self.size, stops = int(stops[-1]), stops[:-1]
        used = stops > starts
        self.runs.append(np.stack([group.known[used], starts[used], stops[used]]))

    def _make_room(self, more: int) -> None:
        """Room for so many more entries; there is, unless many rows end. Memory never written to costs nothing."""
        if self.size + more > len(self.dealt):
            grown = np.empty(2 * len(self.dealt) + more, _DEALT)
            grown[: self.size] = self.dealt[: self.size]
            self.dealt = grown

    def fold_all(self, courses: int) -> None:
        """Fold course by course, each from its runs in the order of the groups."""
        course, starts, stops = np.concatenate(self.runs, axis=1)
        order = np.argsort(course, kind="stable")
        edges = np.searchsorted(course[order], np.arange(courses + 1))
        most = np.bincount(course, weights=stops - starts).max(initial=0.0)
        runs = (edges, starts[order], stops[order], np.empty(int(most), _DEALT))
        cut = self.fold.cut
        self.fold.all(courses, partial(self.fold.k["fold_dealt"], self.dealt, *runs, self.horizon, cut))


class NoCourseError(Exception):
    """A row names no course: such a file is read row by row, so that the row is refused and no other patient's."""

    def __init__(self, first: int) -> None:
        super().__init__(f"a row without a course in the row group that begins at row {first}")


class TooManyWordsError(Exception):
    """A row group's words could be combined in more ways than fit a table: such a file is read row by row."""

    def __init__(self, many: int) -> None:
        super().__init__(f"{many} combinations of words, at most {MOST_COMBINATIONS}")


class _Surveyor:
    """Finds out what the rows of group after group mean. Its slots are used again; all are -1 between groups."""

    def __init__(self) -> None:
        self.run = np.zeros(passes.RUN_SIZE)
        self.run[passes.R_COURSE], self.run[passes.R_LAST_AT], self.run[passes.R_SORTED] = -1.0, -np.inf, 1.0
        self.slots = np.full(1, -1, np.int32)

    @property
    def sorted(self) -> bool:
        """Whether all rows so far came sorted by course and time."""
        return bool(self.run[passes.R_SORTED])

    def survey(self, group: Group) -> Meant:
        """What each row of a group means: its combination of words, coded once each."""
        many = math.prod(int(size) for size in group.sizes)
        if many > MOST_COMBINATIONS:
            raise TooManyWordsError(many)
        if many > len(self.slots):
            self.slots = np.full(many, -1, np.int32)
        found, meaning = np.empty(min(many, len(group.at)) + 1, np.int64), np.empty(len(group.at), np.int32)
        words_ = (group.words, group.bits, group.sizes, group.shape)
        count = compiled()["survey"](group.course, group.known, group.at, *words_, self.run, self.slots, found, meaning)
        return Meant(meaning, _table(group, found[:count]))


def _table(group: Group, found: NDArray[np.int64]) -> NDArray[np.float64]:
    """The coded combinations of a group, in the order they were found."""
    places = np.unravel_index(found, tuple(group.sizes))
    rows = [
        _code_words(*(names[int(i)] for names, i in zip(group.spelled, one, strict=True)))
        for one in zip(*places, strict=True)
    ]
    return np.array(rows).reshape(len(rows), passes.C_WIDTH)


@cache
def _code_words(what: str, choice: str, unit: str, detail: str) -> tuple[float, ...]:
    """What one combination of words means to the fold: a row of the table (`passes.C_KIND` and on)."""
    variable = vocabulary().variable(what)
    extras = _detail(detail)
    if variable is None or extras is None:
        return _row(passes.UNUSED, refused=1.0)
    chosen = read_choice(variable, choice) if choice else ""
    if isinstance(chosen, Problem):
        return _unreadable(what)
    takes_number = bool(variable.units) and not (chosen and variable.kind == "number")
    conversion = read_unit(variable, unit) if takes_number and (unit or not chosen) else None
    if isinstance(conversion, Problem):
        return _unreadable(what)
    fact = Fact(
        "", 0, what, SENTINEL if takes_number else None, conversion.unit if conversion else unit, chosen, detail=extras
    )
    return _coded(fact, variable, conversion)


def _coded(fact: Fact, variable: Variable, conversion: Conversion | None) -> tuple[float, ...]:
    """The row of a combination that can be read: its kind, its value or how to reach it, and whether it stays open."""
    coded = code(fact, 0, words())
    if coded is None:
        return _row(passes.UNUSED)
    factor = _factor(fact, coded)
    own = fact.value is not None and coded.value == SENTINEL * factor
    value = np.nan if own else np.inf if np.isnan(coded.value) else coded.value  # inf: said to be unreadable
    scale, offset = (conversion.scale, conversion.offset) if conversion else (1.0, 0.0)
    low, high = variable.possible or (-np.inf, np.inf)
    told = (float(coded.kind), value, scale, offset, low, high, _open_end(fact, coded), float(variable.whole), 0.0)
    return (*told, factor, _limit(coded))


def _factor(fact: Fact, coded: Row) -> float:
    """What makes a row's own value the coded one: of a vasopressor its dose's unit, of a value its detection limit."""
    if b.DRIP <= coded.kind < b.DRIP + b.PRESSORS:
        return dose_factor(fact.unit)
    return beyond(fact) if _has_limit(coded.kind) else 1.0


def _limit(coded: Row) -> float:
    return coded.until if _has_limit(coded.kind) else b.NEVER


def _has_limit(kind: int) -> bool:
    return kind >= lab.FIRST or kind == b.NEUTROPHILS


def _open_end(fact: Fact, coded: Row) -> float:
    """Whether a drug without an end of its own runs on: always, where no dose is told, or not; a value has a limit."""
    if coded.kind == lab.IEC_CONTEXT:
        return passes.UNTIL_GIVEN  # an infection's own end
    if _has_limit(coded.kind):
        return passes.UNTIL_LIMIT
    if coded.until == b.FOREVER:
        return passes.UNTIL_OPEN
    undosed = code(msgspec.structs.replace(fact, value=None), 0, words()) if fact.what == "drug" else None
    return passes.UNTIL_OPEN_IF_UNDOSED if undosed and undosed.until == b.FOREVER else passes.UNTIL_GIVEN


def _unreadable(what: str) -> tuple[float, ...]:
    """A word that is not understood is no missing message: it stands for its variable as unreadable, and is counted."""
    coded = code(Fact("", 0, UNREADABLE, detail={"variable": what}), 0, words())
    return _row(passes.UNUSED if coded is None else float(coded.kind), refused=1.0)


def _row(kind: float, refused: float = 0.0) -> tuple[float, ...]:
    value, until = (np.inf, passes.UNTIL_LIMIT) if kind >= lab.FIRST else (0.0, passes.UNTIL_GIVEN)
    return (kind, value, 1.0, 0.0, -np.inf, np.inf, until, 0.0, refused, 1.0, b.NEVER)


def _detail(text: str) -> Mapping[str, Any] | None:
    """A detail as written, or None where it is no JSON object."""
    if not text:
        return {}
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        return None


def row_groups(path: Path, courses: dict[str, int]) -> Iterator[Group]:
    """Read a Parquet facts table row group by row group. Courses get numbers in `courses` as they are met."""
    import pyarrow.parquet as pq

    there = pq.read_schema(path).names
    names = [name for name in ("course", "at", "value", "until", *WORDS) if name in there]
    file = pq.ParquetFile(path, read_dictionary=[name for name in ("course", *WORDS) if name in there])
    first = 0
    for index in range(file.num_row_groups):
        # a copy of its own: every column starts at its buffer's beginning, so that bits and numbers line up
        table = file.read_row_group(index, columns=names).unify_dictionaries().combine_chunks()
        yield _group(table, courses, first)
        first += table.num_rows


def _group(table: pa.Table, courses: dict[str, int], first: int) -> Group:
    count = table.num_rows
    course = _dictionary(table, "course", count)
    if len(course.bits):
        raise NoCourseError(first)
    known = _met(course, courses)
    words = [_dictionary(table, word, count) for word in WORDS]
    shape, shapes = _shapes(words[3].names)
    value = _floats(table, count)
    return Group(
        course.numbers,
        known,
        _times(table.column("at")),
        value.numbers,
        value.bits,
        _times(table.column("until")) if "until" in table.column_names else np.empty(0, np.int64),
        tuple(word.numbers for word in words),
        tuple(word.bits for word in words),
        np.array([*(len(word.names) for word in words[:3]), len(shapes)], np.int64),
        shape,
        (*(word.names for word in words[:3]), shapes),
        words[3].names,
        first,
    )


class _Column(NamedTuple):
    """A column's numbers and validity bits (none where all is there); of words how they are spelled, "" the last."""

    numbers: NDArray[Any]
    bits: NDArray[np.uint8]
    names: Sequence[str] = ()


ALL_THERE = np.empty(0, np.uint8)


def _met(course: _Column, courses: dict[str, int]) -> NDArray[np.int32]:
    """The cohort's number of each name that has a row; a dictionary may hold names that have none, which are -1."""
    has_row = np.zeros(len(course.names), np.bool_)
    has_row[course.numbers] = True
    known = np.full(len(course.names) - 1, -1, np.int32)
    for number in np.flatnonzero(has_row).tolist():
        known[number] = courses.setdefault(course.names[number], len(courses))
    return known


def _dictionary(table: pa.Table, name: str, count: int) -> _Column:
    """A word column."""
    import pyarrow as pa

    if name not in table.column_names:
        return _Column(np.zeros(count, np.int32), ALL_THERE, [""])
    column = _one(table.column(name))
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    names = [word or "" for word in column.dictionary.to_pylist()]
    return _Column(_numbers(column.indices.cast(pa.int32()), np.int32), _bits(column), [*names, ""])


def _numbers(column: pa.Array, dtype: Any) -> NDArray[Any]:
    """A column's buffer of numbers as it lies in memory; where nothing is there the number means nothing."""
    return np.frombuffer(column.buffers()[-1], dtype)[column.offset : column.offset + len(column)]


def _bits(column: pa.Array) -> NDArray[np.uint8]:
    if column.null_count == 0:
        return ALL_THERE
    return np.frombuffer(column.buffers()[0], np.uint8)[column.offset // 8 :]


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _shapes(details: Sequence[str]) -> tuple[NDArray[np.int32], Sequence[str]]:
    """Details that mean the same to the fold made one: a thousand free texts are one shape. "" comes last."""
    shapes: dict[str, int] = {}
    numbers = [shapes.setdefault(_shape(text), len(shapes)) for text in details]
    return np.array(numbers, np.int32), [*shapes, ""]


_SHAPING = frozenset(
    {
        "continuous",
        "sedation",
        "route",
        "status",
        "duration_min",
        "returned_to_baseline",
        "repetitive",
        "count",
        "resolved_with_treatment",
        "variable",
        "upper_limit",
        "lower_limit",
        "below",
        "above",
        "proven",
        "result",
    }
)


@cache
def _shaping() -> frozenset[str]:
    """The keys of a detail that the coding looks at."""
    return _SHAPING | set(vocabulary().variables["iec_hs_context"].detail)


def _shape(text: str) -> str:
    """The part of a detail that the coding looks at, or the text itself where it cannot be read."""
    detail = _detail(text)
    if not detail:
        return text if detail is None else ""
    kept = {key: detail[key] for key in detail if key in _shaping()}
    if isinstance(kept.get("duration_min"), int | float):
        kept["duration_min"] = SEIZURE_LIMIT_MIN + (1.0 if kept["duration_min"] > SEIZURE_LIMIT_MIN else 0.0)
    return msgspec.json.encode(kept, order="sorted").decode() if kept else ""


def _times(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """A time column as microseconds UTC; no time is `passes.NO_TIME`. An all-empty column is an empty array."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count == len(column) and len(column) > 1:
        return np.empty(0, np.int64)
    moments = _one(column)
    if moments.type != pa.timestamp("us", "UTC"):
        moments = moments.cast(pa.timestamp("us", "UTC"))
    whole = moments.view(pa.int64())
    there = pc.fill_null(whole, int(passes.NO_TIME)) if whole.null_count else whole
    return _numbers(there, np.int64)  # not by way of to_numpy, which imports pandas where it is installed


def _floats(table: pa.Table, count: int) -> _Column:
    import pyarrow as pa

    if "value" not in table.column_names:
        return _Column(np.zeros(count), np.zeros(count // 8 + 1, np.uint8))
    column = _one(table.column("value")).cast(pa.float64())
    return _Column(_numbers(column, np.float64), _bits(column))
