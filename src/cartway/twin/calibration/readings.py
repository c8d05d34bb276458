"""How a simulated cohort is read for one measure: small functions from a cohort to a value of every patient."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.twin.calibration.played import Played
from cartway.twin.course import quick
from cartway.twin.course.look import pressure_limit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]


def crs_onset(played: Played) -> Array:
    return quick.first_day(played.crs, played.days)


def icans_onset(played: Played) -> Array:
    return quick.first_day(played.icans, played.days)


def low_pressure(played: Played) -> NDArray[np.bool_]:
    pressure = played.run.seen["mean_arterial_pressure"]
    limit = pressure_limit(played.run.patients.traits["age_years"])[:, None]
    low = (pressure < limit) | (played.run.seen["vasopressors"] > 0)
    return np.asarray((low & (played.crs > 0)).any(axis=1))


def low_oxygen(played: Played) -> NDArray[np.bool_]:
    return np.asarray(((played.run.seen["oxygen"] > 0) & (played.crs > 0)).any(axis=1))


def peak(name: str) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        early = (played.days >= 0) & (played.days <= 21)
        return np.asarray(np.nanmax(np.nan_to_num(played.run.seen[name][:, early]), axis=1), np.float64)

    return measure


def peak_day(name: str) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        early = (played.days >= 0) & (played.days <= 21)
        return np.asarray(played.days[early][np.nan_to_num(played.run.seen[name][:, early]).argmax(axis=1)])

    return measure


def infused(played: Played) -> tuple[Array, Array]:
    """Engineered cells and days from the first look after the infusion (that of day 0 is before it)."""
    after = played.days > 0
    return played.body[:, after], played.days[after]


def doubling(played: Played) -> Array:
    cells, days = infused(played)
    top, rows = cells.argmax(axis=1), np.arange(len(cells))
    growing = np.arange(len(days)) <= top[:, None]
    bottom = np.where(growing, cells, np.inf).argmin(axis=1)
    fold = np.log2(cells[rows, top] / cells[rows, bottom])
    return np.where(fold > 1, (days[top] - days[bottom]) / np.maximum(fold, 1e-9), np.nan)


def lag(played: Played) -> Array:
    cells, days = infused(played)
    growing = np.arange(len(days)) <= cells.argmax(axis=1)[:, None]
    return np.asarray(days[np.where(growing, cells, np.inf).argmin(axis=1)])


def first_half_life(played: Played) -> Array:
    cells, days = infused(played)
    rows, top = np.arange(len(cells)), cells.argmax(axis=1)
    later = np.clip(np.searchsorted(days, days[top] + 10.0), 0, len(days) - 1)
    fall = np.log2(cells[rows, top] / cells[rows, later])
    return np.where(fall > 0.2, (days[later] - days[top]) / np.maximum(fall, 1e-9), np.nan)


def last_half_life(played: Played) -> Array:
    """Between days 90 and 365, of those who have not progressed: a relapse makes cells grow, and ends sampling."""
    fall = np.log2(played.on(played.body, 90) / played.on(played.body, 365))
    days = np.where(fall > 0.02, 275.0 / np.maximum(fall, 1e-9), 275.0 / 0.02)
    return np.where(played.disease.progressed > 365, days, np.nan)


def last_measurable(played: Played) -> Array:
    seen = (played.run.seen["cart_copies"] >= 50.0) & (played.days > 0)
    return np.asarray(played.days[seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)])


def from_day(values: Array, below: float, played: Played, first: float, last: float = 1e9) -> NDArray[np.bool_]:
    when = (played.days >= first) & (played.days <= last)
    return np.asarray(((values < below) & when).any(axis=1))


def days_below(values: Array, below: float, played: Played, last: float = 60.0) -> Array:
    when = (played.days >= 0) & (played.days <= last)
    step = np.append(np.diff(played.days), 0.0)
    return np.asarray(((values < below) * when * step).sum(axis=1))


def hemoglobin(played: Played) -> Array:
    return np.asarray(played.run.seen["hemoglobin"], np.float64)


def low_at_30(played: Played) -> NDArray[np.bool_]:
    return np.asarray(
        (played.on(played.state("ANC"), 30) < 1) | (played.on(played.state("PLT"), 30) < 50)
        | (played.on(hemoglobin(played), 30) < 8)
    )  # fmt: skip


def any_cytopenia(played: Played) -> NDArray[np.bool_]:
    low = from_day(played.state("ANC"), 1.0, played, 0) | from_day(played.state("PLT"), 50.0, played, 0)
    return np.asarray(low | from_day(hemoglobin(played), 8.0, played, 0))


def igg_nadir(played: Played) -> Array:
    when = (played.days >= 0) & (played.days <= 400)
    return np.asarray(played.days[when][played.state("IgG")[:, when].argmin(axis=1)])


def igg_change(played: Played) -> Array:
    igg = played.state("IgG")
    return np.where(played.disease.complete, played.on(igg, 365) / igg[:, 0] - 1, np.nan)


def responders(measure: Callable[[Played], Array], yes: bool = True) -> Callable[[Played], Array]:
    def among(played: Played) -> Array:
        return np.where(played.disease.response == yes, measure(played), np.nan)

    return among


def among_crs(measure: Callable[[Played], NDArray[np.bool_]]) -> Callable[[Played], Array]:
    def among(played: Played) -> Array:
        return np.where(played.had_crs, measure(played).astype(float), np.nan)

    return among


def yes(measure: Callable[[Played], Any]) -> Callable[[Played], Array]:
    return lambda played: np.asarray(measure(played), np.float64)


def area(days: float) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        when = (played.days >= 0) & (played.days <= days)
        return np.asarray(
            np.trapezoid(np.nan_to_num(played.run.seen["cart_copies"][:, when]), played.days[when], axis=1)
        )

    return measure


def rank(x: Callable[[Played], Array], y: Callable[[Played], Array]) -> Callable[[Played], Array]:
    def pairs(played: Played) -> Array:
        return np.stack([x(played), y(played)], axis=1)

    return pairs


def anc_days(played: Played) -> Array:
    return days_below(played.state("ANC"), 0.5, played)


def start_of(name: str) -> Callable[[Played], Array]:
    return lambda played: played.parameter(name)


def copies_seen(day: float) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        seen = played.on(played.run.seen["cart_copies"], day)
        return np.where(np.isnan(seen), np.nan, seen >= 50.0)

    return measure


def cells_on(day: float) -> Callable[[Played], Array]:
    return lambda played: np.maximum(played.on(played.body, day) / played.parameter("Vb"), 1e-3)


def cd19_on(day: float, above: bool) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        seen = played.on(played.state("H"), day)
        return np.asarray((seen >= 1.0) == above, np.float64)

    return measure


def aplasia(played: Played) -> Array:
    return np.where(played.disease.response, (played.on(played.state("H"), 180) < 10.0).astype(float), np.nan)


def got(*drugs: str) -> Callable[[Played], NDArray[np.bool_]]:
    return lambda played: np.any([quick.got(played.run, drug) for drug in drugs], axis=0)
