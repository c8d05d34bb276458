"""A chart in the making: rows by column, in any order, made one facts table sorted by course and time.

Times are whole microseconds from the course's own infusion until the table is made. Words are numbered as they come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.times import DAY, SECOND

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Numbers = NDArray[np.float64]

NO_TIME = np.iinfo(np.int64).min
TEXTS = ("what", "unit", "choice", "detail", "about", "event")
MARKS = ("key", "amends", "reason")
"""Words that only what is corrected has."""
EARLIEST = -400 * DAY
"""No fact of a chart lies further before the infusion: times are packed as seconds from here."""
COURSE_BITS, SECOND_BITS, ROW_BITS = 12, 28, 23
MOST_COURSES, MOST_ROWS = 1 << COURSE_BITS, 1 << ROW_BITS


class Pick(NamedTuple):
    """A word for each row: `names[which]`."""

    names: Sequence[str]
    which: NDArray[Any]


Word = str | Pick


class Marks(NamedTuple):
    """What tells that rows correct others or are corrected: `corrected` where a source issues a key anew."""

    key: Word = ""
    amends: Word = ""
    reason: Word = ""
    corrected: bool = False


class Course(NamedTuple):
    """The courses that a chart is of: their ids, and the instant of each one's infusion, int64[n]."""

    ids: Sequence[str]
    infused_at: Ints


class Sheet:
    """Rows as they are charted. `add` takes arrays of one length, or single values for all its rows."""

    def __init__(self) -> None:
        self._words: dict[str, dict[str, int]] = {name: {"": -1} for name in (*TEXTS, *MARKS)}
        self._parts: list[dict[str, NDArray[Any]]] = []

    def add(
        self,
        who: Ints,
        at: Ints | int,
        what: Word,
        value: NDArray[Any] | float | None = None,
        unit: Word = "",
        *,
        choice: Word = "",
        detail: Word = "",
        about: Word = "",
        event: Word = "",
        until: Ints | None = None,
        late: Ints | None = None,
        marks: Marks | None = None,
    ) -> None:
        """Chart rows. `who`: places of the courses; `at`, `until` microseconds from the infusion; `value` NaN where
        there is none; `late`: how long after `at` each was written down.
        """
        m = len(who)
        if m == 0:
            return
        part: dict[str, NDArray[Any]] = {
            "who": np.asarray(who, np.int64),
            "at": np.broadcast_to(np.asarray(at, np.int64), m),
            "value": np.broadcast_to(np.asarray(np.nan if value is None else value, np.float64), m),
            "until": np.broadcast_to(np.asarray(NO_TIME if until is None else until, np.int64), m),
            "late": np.broadcast_to(np.asarray(NO_TIME if late is None else late, np.int64), m),
        }
        for name, word in zip(TEXTS, (what, unit, choice, detail, about, event), strict=True):
            part[name] = self._coded(name, word, m)
        if marks is not None:
            part |= {name: self._coded(name, word, m) for name, word in zip(MARKS, marks[:3], strict=True)}
            part["corrected"] = np.broadcast_to(marks.corrected, m)
        self._parts.append(part)

    def _coded(self, column: str, word: Word, m: int) -> NDArray[np.int32]:
        known = self._words[column]
        if isinstance(word, str):
            return np.broadcast_to(np.int32(known.setdefault(word, len(known) - 1)), m)
        codes = np.array([known.setdefault(name, len(known) - 1) for name in word.names], np.int32)
        return np.asarray(codes[word.which], np.int32)

    def column(self, name: str) -> NDArray[Any]:
        """One column of all rows, in the order of their charting."""
        return np.concatenate([part[name] for part in self._parts]) if self._parts else np.empty(0, np.int64)

    def mark(self, name: str) -> NDArray[Any]:
        """One of the columns of what is corrected, of all rows in the order of their charting; -1 is no word."""
        none: NDArray[Any] = np.array(False if name == "corrected" else np.int32(-1))
        parts = [part.get(name, np.broadcast_to(none, len(part["who"]))) for part in self._parts]
        return np.concatenate(parts) if parts else np.empty(0, none.dtype)

    def table(self, courses: Course, source: str, *, recorded: bool, corrects: bool = False) -> pa.Table:
        """The facts table, sorted by course and time; rows of one moment in the order of their charting.

        `recorded`: whether it says when each row was written down; `corrects`: whether it has columns for corrections.
        """
        import pyarrow as pa

        who, at = self.column("who"), self.column("at")
        order = in_order(who, at)
        who, at = who[order], courses.infused_at[who[order]] + at[order]
        texts = {name: _words(self.column(name)[order], self._words[name]) for name in TEXTS}
        columns: Mapping[str, Any] = {
            "course": _dictionary(who, list(courses.ids)),
            "at": _moments(at),
            "until": _moments(_shifted(self.column("until")[order], courses.infused_at[who])),
            "value": _numbers(self.column("value")[order]),
            **texts,
            "source": _dictionary(np.zeros(len(who), np.int32), [source]),
            "simulated": pa.array(np.ones(len(who), bool)),
            "recorded_at": _moments(
                _shifted(self.column("late")[order], at) if recorded else np.full(len(at), NO_TIME)
            ),
        }
        return pa.table({name: columns[name] for name in ORDER} | (self._marks(order) if corrects else {}))

    def _marks(self, order: Ints) -> dict[str, Any]:
        import pyarrow as pa

        words = {name: _words(self.mark(name)[order], self._words[name]) for name in MARKS}
        return words | {"corrected": pa.array(self.mark("corrected")[order])}


ORDER = (
    "course", "at", "until", "what", "value", "unit", "choice", "detail", "about", "event", "source", "simulated",
    "recorded_at",
)  # fmt: skip
"""The columns that every chart has, of those of a facts table."""


def in_order(who: Ints, at: Ints) -> Ints:
    """The order of rows by course, second and place: all three packed into one number, which sorts fast.

    Raises ValueError beyond 4,096 courses or 8 million rows.
    """
    if len(who) >= MOST_ROWS or (len(who) and int(who.max()) >= MOST_COURSES):
        raise ValueError("too many courses or rows for one sheet")
    seconds = (at - EARLIEST) // SECOND
    key = (who << (SECOND_BITS + ROW_BITS)) | (seconds << ROW_BITS) | np.arange(len(who))
    key.sort()
    return np.asarray(key & (MOST_ROWS - 1))


def _words(codes: NDArray[np.int32], words: Mapping[str, int]) -> Any:
    return _dictionary(codes, [word for word, code in words.items() if code >= 0])


def _dictionary(codes: NDArray[Any], words: Sequence[str]) -> Any:
    import pyarrow as pa

    codes = codes.astype(np.int32)
    indices = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def _moments(at: Ints) -> Any:
    import pyarrow as pa

    return pa.array(at, mask=at == NO_TIME).cast(pa.timestamp("us", "UTC"))


def _shifted(at: Ints, by: Ints) -> Ints:
    return np.where(at == NO_TIME, NO_TIME, at + by)


def _numbers(value: Numbers) -> Any:
    import pyarrow as pa

    return pa.array(value, mask=np.isnan(value))


def places(mask: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Where a mask [n, k] is true: rows and columns."""
    who, columns = np.nonzero(mask)
    return who, columns


def whole_minutes(days: NDArray[Any]) -> Ints:
    """Days as microseconds, to the minute."""
    return np.asarray(np.rint(np.asarray(days, np.float64) * 1440.0) * (60 * SECOND), np.int64)
