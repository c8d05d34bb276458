"""Chances: how many of the likely courses do what, and how many patients of whom nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.course import Run, quick
from cartway.twin.forecast.ahead import SOON_DAYS, Ahead
from cartway.twin.forecast.case import Case
from cartway.twin.forecast.told import Chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

RESPONSES = ("response", "complete")
NEUTROPENIA = 1.0  # 10*9/L: grade 3 or more (CTCAE 5.0)
CYTOPENIA_DAY = 30.0
RESPONSE_DAY = 90.0
RELAPSE_DAYS = (180.0, 365.0)
SEEN_CELLS = 5e8  # tumor that a scan or a marrow still shows, as the twin's regrowth counts it (assumed)


class Asked(NamedTuple):
    """Something that may happen: `of` gives bool[n] of a run, of whom it was asked at day `now`, with the tumor [n] at
    the start. `until`: its last day; it is asked only before. `scale`, `grade`: the reaction that it asks for.
    `disease`: that it asks for response or relapse.
    """

    name: str
    label: str
    of: Callable[[Run, float, Array], Flags]
    until: float = np.inf
    scale: str = ""
    grade: int = 0
    disease: bool = False

    def already(self, case: Case) -> str:
        """What is so now, in words, where a chance would mislead: a reaction of this grade, disease that has grown."""
        standing = case.standing
        if self.disease:
            return case.answer.ended
        grade, days = {
            "CRS": (standing.crs, standing.crs_days), "ICANS": (standing.icans, standing.icans_days), "": (-1, ()),
        }[self.scale]  # fmt: skip
        return f"{self.scale} of grade {grade} now, {_for(days[self.grade - 1])}" if grade >= self.grade else ""


def _for(days: float) -> str:
    """``for 2 days``, ``for 5 hours``."""
    return f"for {days:.0f} days" if days >= 1.5 else f"for {24 * days:.0f} hours"


def soon() -> Iterator[Asked]:
    """What may come in two weeks, and low counts at day 30."""
    for grade in (2, 3):
        yield _reaction("CRS", grade)
    yield _reaction("ICANS", 2)
    yield Asked("neutropenia", "Neutrophils below 1.0 × 10⁹/L at day 30", _neutropenia, CYTOPENIA_DAY)


def _reaction(scale: str, grade: int) -> Asked:
    name, label = f"{scale.lower()}_{grade}", f"{scale} of grade {grade} or more in the next two weeks"
    return Asked(name, label, _worst(scale, grade), scale=scale, grade=grade)


def later() -> Iterator[Asked]:
    """What may come in months."""
    yield Asked(
        "response", "At day 90 alive, with at least half of the tumor gone", _responded(0.5), RESPONSE_DAY, disease=True
    )
    yield Asked("complete", "At day 90 alive, with no tumor to be seen", _responded(0.0), RESPONSE_DAY, disease=True)
    for day in RELAPSE_DAYS:
        label = f"Disease grows again, or death, by day {day:.0f}"
        yield Asked(f"relapse_{day:.0f}", label, _relapsed(day), day, disease=True)


def first_tumor(run: Run) -> Array:
    """Tumor cells at the first look, float64[n]."""
    return np.asarray(quick.tumor(run)[:, 0], np.float64)


def told(
    asked: Iterator[Asked], case: Case, ess: float, ahead: Ahead, usual: Run, usual_tumor: Array
) -> tuple[Chance, ...]:
    """The chances of those questions that lie ahead; of what is so already, that it is."""
    now = ahead.start
    return tuple(
        _chance(
            each,
            each.already(case),
            ess,
            each.of(ahead.run, now, ahead.baseline),
            each.of(usual, now, usual_tumor)[_lives(usual, now)],
        )
        for each in asked
        if now < each.until
    )


def _lives(run: Run, now: float) -> Flags:
    return np.asarray(~(run.died_day <= now))


def _chance(asked: Asked, already: str, ess: float, likely: Flags, usual: Flags) -> Chance:
    """A chance with its error: of as many courses as there are effective draws. What is so already has neither."""
    if already:
        return Chance(
            asked.name, asked.label, float(not asked.name.startswith(RESPONSES)), 0.0, float(usual.mean()), already
        )
    share, many = float(likely.mean()), min(ess, len(likely))
    error = float(np.sqrt(max(share * (1 - share), 0.25 / many) / many))
    return Chance(asked.name, asked.label, share, error, float(usual.mean()))


def _worst(scale: str, grade: int) -> Callable[[Run, float, Array], Flags]:
    def of(run: Run, now: float, tumor: Array) -> Flags:
        grades = quick.crs_grade(run) if scale == "CRS" else quick.icans_grade(run)
        window = (run.days >= now) & (run.days <= now + SOON_DAYS)
        return np.asarray((grades[:, window] >= grade).any(axis=1))

    return of


def _neutropenia(run: Run, now: float, tumor: Array) -> Flags:
    return quick.at_day(run, run.seen["anc"], CYTOPENIA_DAY) < NEUTROPENIA


def _responded(left: float) -> Callable[[Run, float, Array], Flags]:
    def of(run: Run, now: float, tumor: Array) -> Flags:
        cells = quick.at_day(run, quick.tumor(run), RESPONSE_DAY)
        regrown = run.regrowth_day <= RESPONSE_DAY
        return np.asarray((cells < np.maximum(left * tumor, SEEN_CELLS)) & ~regrown & _lives(run, RESPONSE_DAY))

    return of


def _relapsed(day: float) -> Callable[[Run, float, Array], Flags]:
    def of(run: Run, now: float, tumor: Array) -> Flags:
        return np.asarray(np.fmin(run.died_day, run.regrowth_day) <= day)

    return of
