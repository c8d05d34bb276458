"""What the log asks of a store. Everything that both stores share is above this line, in `log.py` and `plan.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cartway.record.rows import BatchState, CourseState, Row, Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection


class RawColumns(NamedTuple):
    """Arrays as in `columns.Columns`, superseded facts included, and the details as JSON by position."""

    at: NDArray[np.int64]
    position: NDArray[np.int64]
    until: NDArray[np.int64]
    what: NDArray[np.int32]
    value: NDArray[np.float64]
    choice: NDArray[np.int32]
    unit: NDArray[np.int32]
    superseded: Sequence[int]
    details: Sequence[tuple[int, str]]


class Driver(Protocol):
    """A thin layer over one connection. Its methods raise the exceptions of `errors.py` only."""

    place: str

    def writing(self) -> AbstractContextManager[None]:
        """One transaction of the only appender; durable when it is left, undone when it is left by an exception."""

    def kind(self) -> str: ...

    def last_batch(self) -> BatchState: ...

    def words(self, first: int) -> list[tuple[int, str]]:
        """The words numbered from `first` on, in order."""

    def courses(self, names: Iterable[str]) -> tuple[dict[str, CourseState], int]:
        """The state of those named courses that exist, and how many courses there are in all."""

    def keyed(self, hashes: Iterable[int]) -> list[Row]:
        """The facts whose key has one of these hashes, as `rows.read_fact` reads them, in commit order."""

    def named(self, courses: Iterable[str], keys: Iterable[str]) -> list[Row]:
        """The facts of these courses with one of these keys, whatever their source. It reads the courses' whole."""

    def tips(self, positions: Iterable[int]) -> dict[int, int]:
        """From each amended position among these to the last that amended it."""

    def write(self, rows: Rows) -> None: ...

    def columns(self, course: str) -> RawColumns | None:
        """The facts of a course, superseded ones included; None where there is no such course."""

    def wait(self, position: int, timeout_s: float) -> int:
        """Block until the store holds a later position or the time is over; the last position."""

    def cold(self) -> AbstractContextManager[Connection]:
        """A snapshot of the same store for SQLAlchemy's cold queries."""

    def close(self) -> None: ...
