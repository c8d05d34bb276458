"""What is read from a simulated cohort beside each published figure: a value of every patient who has a say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.twin.calibration.played import CELLS_PER_ML, FIRST_RESPONSE, MONTH, Played
from cartway.twin.course import quick
from cartway.twin.course.look import pressure_limit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]


def _crs_onset(played: Played) -> Array:
    return quick.first_day(played.crs, played.days)


def _icans_onset(played: Played) -> Array:
    return quick.first_day(played.icans, played.days)


def _low_pressure(played: Played) -> NDArray[np.bool_]:
    pressure = played.run.seen["mean_arterial_pressure"]
    limit = pressure_limit(played.run.patients.traits["age_years"])[:, None]
    low = (pressure < limit) | (played.run.seen["vasopressors"] > 0)
    return np.asarray((low & (played.crs > 0)).any(axis=1))


def _low_oxygen(played: Played) -> NDArray[np.bool_]:
    return np.asarray(((played.run.seen["oxygen"] > 0) & (played.crs > 0)).any(axis=1))


def _peak(name: str) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        early = (played.days >= 0) & (played.days <= 21)
        return np.asarray(np.nanmax(np.nan_to_num(played.run.seen[name][:, early]), axis=1), np.float64)

    return measure


def _peak_day(name: str) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        early = (played.days >= 0) & (played.days <= 21)
        return np.asarray(played.days[early][np.nan_to_num(played.run.seen[name][:, early]).argmax(axis=1)])

    return measure


def _infused(played: Played) -> tuple[Array, Array]:
    """Engineered cells and days from the first look after the infusion (that of day 0 is before it)."""
    after = played.days > 0
    return played.body[:, after], played.days[after]


def _doubling(played: Played) -> Array:
    cells, days = _infused(played)
    top, rows = cells.argmax(axis=1), np.arange(len(cells))
    growing = np.arange(len(days)) <= top[:, None]
    bottom = np.where(growing, cells, np.inf).argmin(axis=1)
    fold = np.log2(cells[rows, top] / cells[rows, bottom])
    return np.where(fold > 1, (days[top] - days[bottom]) / np.maximum(fold, 1e-9), np.nan)


def _lag(played: Played) -> Array:
    cells, days = _infused(played)
    growing = np.arange(len(days)) <= cells.argmax(axis=1)[:, None]
    return np.asarray(days[np.where(growing, cells, np.inf).argmin(axis=1)])


def _first_half_life(played: Played) -> Array:
    cells, days = _infused(played)
    rows, top = np.arange(len(cells)), cells.argmax(axis=1)
    later = np.clip(np.searchsorted(days, days[top] + 10.0), 0, len(days) - 1)
    fall = np.log2(cells[rows, top] / cells[rows, later])
    return np.where(fall > 0.2, (days[later] - days[top]) / np.maximum(fall, 1e-9), np.nan)


def _last_half_life(played: Played) -> Array:
    """Between days 90 and 365, of those who have not progressed: a relapse makes cells grow, and ends sampling."""
    fall = np.log2(played.on(played.body, 90) / played.on(played.body, 365))
    days = np.where(fall > 0.02, 275.0 / np.maximum(fall, 1e-9), 275.0 / 0.02)
    return np.where(played.disease.progressed > 365, days, np.nan)


def _last_measurable(played: Played) -> Array:
    seen = (played.run.seen["cart_copies"] >= 50.0) & (played.days > 0)
    return np.asarray(played.days[seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)])


def _from_day(values: Array, below: float, played: Played, first: float, last: float = 1e9) -> NDArray[np.bool_]:
    when = (played.days >= first) & (played.days <= last)
    return np.asarray(((values < below) & when).any(axis=1))


def _days_below(values: Array, below: float, played: Played, last: float = 60.0) -> Array:
    when = (played.days >= 0) & (played.days <= last)
    step = np.append(np.diff(played.days), 0.0)
    return np.asarray(((values < below) * when * step).sum(axis=1))


def _hemoglobin(played: Played) -> Array:
    return np.asarray(played.run.seen["hemoglobin"], np.float64)


def _low_at_30(played: Played) -> NDArray[np.bool_]:
    return np.asarray(
        (played.on(played.state("ANC"), 30) < 1) | (played.on(played.state("PLT"), 30) < 50)
        | (played.on(_hemoglobin(played), 30) < 8)
    )  # fmt: skip


def _any_cytopenia(played: Played) -> NDArray[np.bool_]:
    low = _from_day(played.state("ANC"), 1.0, played, 0) | _from_day(played.state("PLT"), 50.0, played, 0)
    return np.asarray(low | _from_day(_hemoglobin(played), 8.0, played, 0))


def _igg_nadir(played: Played) -> Array:
    when = (played.days >= 0) & (played.days <= 400)
    return np.asarray(played.days[when][played.state("IgG")[:, when].argmin(axis=1)])


def _igg_change(played: Played) -> Array:
    igg = played.state("IgG")
    return np.where(played.disease.complete, played.on(igg, 365) / igg[:, 0] - 1, np.nan)


def _responders(measure: Callable[[Played], Array], yes: bool = True) -> Callable[[Played], Array]:
    def among(played: Played) -> Array:
        return np.where(played.disease.response == yes, measure(played), np.nan)

    return among


def _among_crs(measure: Callable[[Played], NDArray[np.bool_]]) -> Callable[[Played], Array]:
    def among(played: Played) -> Array:
        return np.where(played.had_crs, measure(played).astype(float), np.nan)

    return among


def _yes(measure: Callable[[Played], Any]) -> Callable[[Played], Array]:
    return lambda played: np.asarray(measure(played), np.float64)


def _area(days: float) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        when = (played.days >= 0) & (played.days <= days)
        return np.asarray(
            np.trapezoid(np.nan_to_num(played.run.seen["cart_copies"][:, when]), played.days[when], axis=1)
        )

    return measure


def _rank(x: Callable[[Played], Array], y: Callable[[Played], Array]) -> Callable[[Played], Array]:
    def pairs(played: Played) -> Array:
        return np.stack([x(played), y(played)], axis=1)

    return pairs


def _anc_days(played: Played) -> Array:
    return _days_below(played.state("ANC"), 0.5, played)


def _start_of(name: str) -> Callable[[Played], Array]:
    return lambda played: played.parameter(name)


def _copies_seen(day: float) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        seen = played.on(played.run.seen["cart_copies"], day)
        return np.where(np.isnan(seen), np.nan, seen >= 50.0)

    return measure


def _cells_on(day: float) -> Callable[[Played], Array]:
    return lambda played: np.maximum(played.on(played.body, day) / played.parameter("Vb"), 1e-3)


def _cd19_on(day: float, above: bool) -> Callable[[Played], Array]:
    def measure(played: Played) -> Array:
        seen = played.on(played.state("H"), day)
        return np.asarray((seen >= 1.0) == above, np.float64)

    return measure


def _aplasia(played: Played) -> Array:
    return np.where(played.disease.response, (played.on(played.state("H"), 180) < 10.0).astype(float), np.nan)


def _got(*drugs: str) -> Callable[[Played], NDArray[np.bool_]]:
    return lambda played: np.any([quick.got(played.run, drug) for drug in drugs], axis=0)


SAMPLES: Mapping[str, Callable[[Played], Array]] = {
    "orr": lambda p: p.disease.response.astype(float),
    "cr": lambda p: p.disease.complete.astype(float),
    "cri": lambda p: (p.disease.response & ~p.disease.complete).astype(float),
    "cr_3mo": lambda p: p.disease.complete_3mo.astype(float),
    "mrd_negative_in_responders": lambda p: np.where(
        p.disease.response, (p.tumor[:, p.after].min(axis=1) / p.parameter("Vb") / 1909.0 < 1e-4).astype(float), np.nan
    ),
    "crs_any": _yes(lambda p: p.had_crs),
    "crs_2": _yes(lambda p: (p.crs >= 2).any(axis=1)),
    "crs_3": _yes(lambda p: (p.crs >= 3).any(axis=1)),
    "crs_onset": _crs_onset,
    "crs_days": lambda p: quick.duration(p.crs, p.days),
    "crs_onset_from_4": lambda p: np.where(p.had_crs, (_crs_onset(p) >= 3.5).astype(float), np.nan),
    "crs_onset_from_6": lambda p: np.where(p.had_crs, (_crs_onset(p) >= 5.5).astype(float), np.nan),
    "crs_after_14": lambda p: (_crs_onset(p) > 14).astype(float),
    "hypotension": _yes(_low_pressure),
    "hypoxia": _yes(_low_oxygen),
    "hypotension_in_crs": _among_crs(_low_pressure),
    "hypoxia_in_crs": _among_crs(_low_oxygen),
    "fever_in_crs": _among_crs(lambda p: p.had_crs),
    "icans_any": _yes(lambda p: (p.icans >= 1).any(axis=1)),
    "icans_2": _yes(lambda p: (p.icans >= 2).any(axis=1)),
    "icans_3": _yes(lambda p: (p.icans >= 3).any(axis=1)),
    "icans_onset": _icans_onset,
    "icans_days": lambda p: quick.duration(p.icans, p.days),
    "icans_after_14": lambda p: (_icans_onset(p) > 14).astype(float),
    "tocilizumab": _yes(_got("tocilizumab")),
    "steroid": _yes(_got("dexamethasone")),
    "tocilizumab_or_steroid": _yes(_got("tocilizumab", "dexamethasone")),
    "tocilizumab_in_crs": _among_crs(_got("tocilizumab")),
    "steroid_in_crs": _among_crs(_got("dexamethasone")),
    "vasopressor": _yes(lambda p: (p.run.seen["vasopressors"] > 0).any(axis=1)),
    "ivig": _yes(_got("immunoglobulin")),
    "crp_peak": _peak("crp"),
    "crp_peak_day": _peak_day("crp"),
    "ferritin_peak": _peak("ferritin"),
    "ferritin_peak_day": _peak_day("ferritin"),
    "il6_peak": lambda p: np.minimum(_peak("il6")(p), 400.0),
    "temperature_peak": _peak("temperature"),
    "rank_ferritin_icans": _rank(_peak("ferritin"), lambda p: p.icans.max(axis=1).astype(float)),
    "rank_crp_crs": _rank(_peak("crp"), lambda p: p.crs.max(axis=1).astype(float)),
    "rank_ferritin_neutropenia": _rank(_start_of("FER0"), _anc_days),
    "rank_platelets_neutropenia": _rank(_start_of("PLT0"), _anc_days),
    "cmax_cells": lambda p: p.cells.cmax,
    "tmax_cells": lambda p: p.cells.tmax,
    "auc28_cells": lambda p: p.cells.auc28,
    "cmax_cells_responders": _responders(lambda p: p.cells.cmax),
    "cmax_cells_nonresponders": _responders(lambda p: p.cells.cmax, False),
    "auc28_cells_responders": _responders(lambda p: p.cells.auc28),
    "auc28_cells_nonresponders": _responders(lambda p: p.cells.auc28, False),
    "cmax_copies": lambda p: p.copies.cmax,
    "tmax_copies": lambda p: p.copies.tmax,
    "auc28_copies": lambda p: p.copies.auc28,
    "auc180_copies": _area(180),
    "cmax_copies_responders": _responders(lambda p: p.copies.cmax),
    "cmax_copies_nonresponders": _responders(lambda p: p.copies.cmax, False),
    "tmax_copies_responders": _responders(lambda p: p.copies.tmax),
    "tmax_copies_nonresponders": _responders(lambda p: p.copies.tmax, False),
    "auc28_copies_responders": _responders(lambda p: p.copies.auc28),
    "last_measurable_copies": _last_measurable,
    "copies_seen_180": _copies_seen(180),
    "copies_seen_365": _copies_seen(365),
    "doubling": _doubling,
    "lag": _lag,
    "first_half_life": _first_half_life,
    "last_half_life": _last_half_life,
    "tmax_body": lambda p: p.days[p.after][p.body[:, p.after].argmax(axis=1)],
    **{f"cells_day_{day}": _cells_on(day) for day in (7, 14, 28, 90)},
    "volume_at_start": lambda p: p.parameter("B0") / CELLS_PER_ML,
    "volume_over_510": lambda p: (p.parameter("B0") / CELLS_PER_ML > 510).astype(float),
    "aplasia_180_responders": _aplasia,
    "b_cells_undetected_30": _cd19_on(30, False),
    "b_cells_detected_365": _cd19_on(365, True),
    "igg_nadir_day": _igg_nadir,
    "igg_change_365": _igg_change,
    "igg_below_4": lambda p: _from_day(p.state("IgG"), 4.0, p, 0).astype(float),
    "anc_low_30": lambda p: (p.on(p.state("ANC"), 30) < 1).astype(float),
    "platelets_low_30": lambda p: (p.on(p.state("PLT"), 30) < 50).astype(float),
    "cytopenia_30": _yes(_low_at_30),
    "neutropenia_3": _yes(lambda p: _from_day(p.state("ANC"), 1.0, p, 0)),
    "thrombocytopenia_3": _yes(lambda p: _from_day(p.state("PLT"), 50.0, p, 0)),
    "anemia_3": _yes(lambda p: _from_day(_hemoglobin(p), 8.0, p, 0)),
    "cytopenia_3": _yes(_any_cytopenia),
    "anc_below_100": _yes(lambda p: _from_day(p.state("ANC"), 0.1, p, 0, 60)),
    "anc_low_after_21": _yes(lambda p: _from_day(p.state("ANC"), 1.0, p, 21, 60)),
    "anc_below_500_days": _anc_days,
}


def _died(played: Played) -> Array:
    return np.where(np.isnan(played.run.died_day), np.inf, played.run.died_day)


def _ended(played: Played) -> Array:
    """Days to progression or death."""
    return np.minimum(_died(played), played.disease.progressed)


def _response_lasted(played: Played) -> Array:
    """Days from the first look at a response to progression or death, of those who responded."""
    return np.where(played.disease.response, np.maximum(_ended(played) - FIRST_RESPONSE, 0.0), np.nan)


TIMES: Mapping[str, Callable[[Played], Array]] = {
    "pfs": _ended, "efs": _ended, "os": _died, "dor": _response_lasted,
}  # fmt: skip
"""Times to an event in days, inf where it has not come."""


def sample(played: Played, measure: str) -> Array:
    """The values of one measure over patients, float64[n] (pairs [n, 2] of a rank correlation), not a number where one
    has no say.

    Survival at a month is 1 or 0, a median time is in months, the length of the simulation where it has not come.
    Raises KeyError for a measure that there is not.
    """
    if measure in SAMPLES:
        return SAMPLES[measure](played)
    name, _, at = measure.partition("_")
    times = TIMES[name](played)
    if at == "median":
        return np.asarray(np.minimum(times, played.days[-1]) / MONTH)
    days = float(at.removesuffix("mo")) * MONTH
    return np.where(np.isnan(times), np.nan, (times > days).astype(float))
