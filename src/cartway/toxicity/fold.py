"""The fold over one course: facts in time order in, changes of grade out. Resumable: a new fact is one step, a late
one re-folds from a checkpoint. `batch.py` runs the same steps compiled over a cohort.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.coding import Row
from cartway.toxicity.crs import crs_grade
from cartway.toxicity.further import (
    ALL_SCALES,
    CHEMISTRY,
    COUNTS,
    SCALES,
    absorb_all,
    after_crs,
    further_grade,
    look_again,
    none_further,
    wake,
    wanted,
)
from cartway.toxicity.icans import icans_grade
from cartway.toxicity.kernel import kernel

CRS, ICANS = 0, 1
CHECKPOINT_EVERY = 64  # instants between checkpoints: a late fact re-folds at most this many before its own time


@kernel
def settle(s: Vector, p: Vector, now: float, scale: int, out: Vector) -> None:
    """The answer of one scale at `now`, once every fact of the instant is in, into an `out` that is blank."""
    after_discharge = COUNTS <= scale < CHEMISTRY  # counts are taken after discharge too
    if s[b.INFUSED_AT] < 0.0 or (not b.covered(s) and s[b.DIED_AT] < 0.0 and not after_discharge):
        out[b.GRADE] = b.NOT_COVERED
    elif scale == CRS:
        crs_grade(s, p, now, out)
    elif scale == ICANS:
        icans_grade(s, p, now, out)
    else:
        further_grade(s, p, now, scale, out)


class Answer(NamedTuple):
    """One scale's answer from `start` on: the fold's output vector (see `bedside`)."""

    start: float
    out: list[float]


class Fold:
    """A course's state and answers so far. `push` takes coded facts, `close` lets time run on to the horizon."""

    def __init__(self, policies: Sequence[float]) -> None:
        self.p = list(policies)
        self.s: list[float] = [0.0] * lab.SIZE
        lab.clear_all(self.s)
        self.further = self.p[lab.P_FURTHER] > 0.0
        self.answers: tuple[list[Answer], ...] = tuple([] for _ in ALL_SCALES)
        self.latest: list[list[float]] = [_not_covered() for _ in ALL_SCALES]
        self.now = b.NEVER
        self._rows: list[Row] = []
        self._checkpoints = [self._checkpoint()]  # the first, from before everything, always holds
        self._before: _Checkpoint | None = None  # before the present instant, whose facts often come one by one

    def push(self, rows: Iterable[Row]) -> None:
        """Take facts. A later instant is one step; a fact of this instant or an earlier one re-folds from the
        checkpoint before it.
        """
        for instant in _instants(rows):
            if instant[0].at > self.now:
                self._run_to(instant[0].at)
                self._before = self._checkpoint()
                self._step(instant)
            else:
                self._late(instant)

    def extend(self, rows: Sequence[Row]) -> None:
        """Take many facts, sorted by time, all later than the present instant."""
        for instant in _instants(rows):
            self._step(instant)

    def close(self, horizon: float) -> None:
        """Let time alone act, up to and including `horizon`."""
        self._run_to(horizon + 1.0)

    def next_change_at(self) -> float:
        """When time alone may change an answer, or FOREVER."""
        return self.s[b.NEXT]

    def _step(self, instant: Sequence[Row]) -> None:
        now = instant[0].at
        self._run_to(now)
        if len(self._checkpoints) * CHECKPOINT_EVERY <= len(self._rows):
            self._checkpoints.append(self._checkpoint())
        self._rows.extend(instant)
        s, p = self.s, self.p
        for row in instant:
            absorb_all(s, p, row.kind, row.value, row.at, row.until, row.position)
        if s[b.NEXT] <= now:
            wake(s, p, now)  # something ran out at this very instant
        self._answer(now)

    def _run_to(self, moment: float) -> None:
        while self.s[b.NEXT] < min(moment, b.FOREVER):
            now = self.s[b.NEXT]
            wake(self.s, self.p, now)
            if now > self.now:
                self._answer(now)

    def _answer(self, now: float) -> None:
        self.now = now
        for scale in (CRS, ICANS):
            if self.s[b.DIRTY_CRS + scale] > 0.0:
                self.s[b.DIRTY_CRS + scale] = 0.0
                self._settle(now, scale)
                if scale == CRS and self.further:
                    after_crs(self.s, self.latest[CRS][b.GRADE], now)
        if self.further and look_again(self.s, self.p, now):
            for scale in range(len(SCALES), len(ALL_SCALES)):
                if wanted(self.s, scale):
                    self._settle(now, scale)
            none_further(self.s)

    def _settle(self, now: float, scale: int) -> None:
        out = [0.0] * b.OUT_SIZE
        settle(self.s, self.p, now, scale, out)
        if not b.same_answer(out, self.latest[scale]):
            self.answers[scale].append(Answer(now, out))
        self.latest[scale] = out

    def _checkpoint(self) -> _Checkpoint:
        counts = tuple(map(len, self.answers))
        return _Checkpoint(self.now, list(self.s), counts, list(self.latest), len(self._rows))

    def _late(self, instant: Sequence[Row]) -> None:
        point = self._point_before(instant[0].at)
        rows = sorted([*self._rows[point.rows :], *instant], key=attrgetter("at"))
        self._restore(point)
        self.extend(rows)

    def _point_before(self, at: float) -> _Checkpoint:
        """The last checkpoint before `at`; those at or after it hold no longer."""
        while len(self._checkpoints) > 1 and self._checkpoints[-1].now >= at:
            self._checkpoints.pop()
        point, before = self._checkpoints[-1], self._before
        self._before = None
        return before if before is not None and point.now <= before.now < at else point

    def _restore(self, point: _Checkpoint) -> None:
        self.s, self.now, self.latest = list(point.s), point.now, list(point.latest)
        del self._rows[point.rows :]
        for answers, count in zip(self.answers, point.counts, strict=True):
            del answers[count:]


class _Checkpoint(NamedTuple):
    now: float
    s: list[float]
    counts: tuple[int, ...]
    latest: list[list[float]]
    rows: int


def _instants(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Group rows, sorted by time, into instants."""
    instant: list[Row] = []
    for row in rows:
        if instant and row.at != instant[0].at:
            yield instant
            instant = []
        instant.append(row)
    if instant:
        yield instant


def _not_covered() -> list[float]:
    out = [0.0] * b.OUT_SIZE
    out[b.GRADE] = b.NOT_COVERED
    return out


def fold(rows: Sequence[Row], policies: Sequence[float], horizon: float) -> Fold:
    """Fold a course's coded facts (sorted by time) up to `horizon`."""
    course = Fold(policies)
    course.extend(rows)
    course.close(horizon)
    return course
