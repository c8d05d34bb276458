"""What is read from a simulated cohort beside each published figure: a value of every patient who has a say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.twin.calibration import readings as of
from cartway.twin.calibration.played import CELLS_PER_ML, FIRST_RESPONSE, MONTH, Played
from cartway.twin.course import quick

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

SAMPLES: Mapping[str, Callable[[Played], Array]] = {
    "orr": lambda p: p.disease.response.astype(float),
    "cr": lambda p: p.disease.complete.astype(float),
    "cri": lambda p: (p.disease.response & ~p.disease.complete).astype(float),
    "cr_3mo": lambda p: p.disease.complete_3mo.astype(float),
    "mrd_negative_in_responders": lambda p: np.where(
        p.disease.response, (p.tumor[:, p.after].min(axis=1) / p.parameter("Vb") / 1909.0 < 1e-4).astype(float), np.nan
    ),
    "crs_any": of.yes(lambda p: p.had_crs),
    "crs_2": of.yes(lambda p: (p.crs >= 2).any(axis=1)),
    "crs_3": of.yes(lambda p: (p.crs >= 3).any(axis=1)),
    "crs_onset": of.crs_onset,
    "crs_days": lambda p: quick.duration(p.crs, p.days),
    "crs_onset_from_4": lambda p: np.where(p.had_crs, (of.crs_onset(p) >= 3.5).astype(float), np.nan),
    "crs_onset_from_6": lambda p: np.where(p.had_crs, (of.crs_onset(p) >= 5.5).astype(float), np.nan),
    "crs_after_14": lambda p: (of.crs_onset(p) > 14).astype(float),
    "hypotension": of.yes(of.low_pressure),
    "hypoxia": of.yes(of.low_oxygen),
    "hypotension_in_crs": of.among_crs(of.low_pressure),
    "hypoxia_in_crs": of.among_crs(of.low_oxygen),
    "fever_in_crs": of.among_crs(lambda p: p.had_crs),
    "icans_any": of.yes(lambda p: (p.icans >= 1).any(axis=1)),
    "icans_2": of.yes(lambda p: (p.icans >= 2).any(axis=1)),
    "icans_3": of.yes(lambda p: (p.icans >= 3).any(axis=1)),
    "icans_onset": of.icans_onset,
    "icans_days": lambda p: quick.duration(p.icans, p.days),
    "icans_after_14": lambda p: (of.icans_onset(p) > 14).astype(float),
    "tocilizumab": of.yes(of.got("tocilizumab")),
    "steroid": of.yes(of.got("dexamethasone")),
    "tocilizumab_or_steroid": of.yes(of.got("tocilizumab", "dexamethasone")),
    "tocilizumab_in_crs": of.among_crs(of.got("tocilizumab")),
    "steroid_in_crs": of.among_crs(of.got("dexamethasone")),
    "vasopressor": of.yes(lambda p: (p.run.seen["vasopressors"] > 0).any(axis=1)),
    "ivig": of.yes(of.got("immunoglobulin")),
    "crp_peak": of.peak("crp"),
    "crp_peak_day": of.peak_day("crp"),
    "ferritin_peak": of.peak("ferritin"),
    "ferritin_peak_day": of.peak_day("ferritin"),
    "il6_peak": lambda p: np.minimum(of.peak("il6")(p), 400.0),
    "temperature_peak": of.peak("temperature"),
    "rank_ferritin_icans": of.rank(of.peak("ferritin"), lambda p: p.icans.max(axis=1).astype(float)),
    "rank_crp_crs": of.rank(of.peak("crp"), lambda p: p.crs.max(axis=1).astype(float)),
    "rank_ferritin_neutropenia": of.rank(of.start_of("FER0"), of.anc_days),
    "rank_platelets_neutropenia": of.rank(of.start_of("PLT0"), of.anc_days),
    "cmax_cells": lambda p: p.cells.cmax,
    "tmax_cells": lambda p: p.cells.tmax,
    "auc28_cells": lambda p: p.cells.auc28,
    "cmax_cells_responders": of.responders(lambda p: p.cells.cmax),
    "cmax_cells_nonresponders": of.responders(lambda p: p.cells.cmax, False),
    "auc28_cells_responders": of.responders(lambda p: p.cells.auc28),
    "auc28_cells_nonresponders": of.responders(lambda p: p.cells.auc28, False),
    "cmax_copies": lambda p: p.copies.cmax,
    "tmax_copies": lambda p: p.copies.tmax,
    "auc28_copies": lambda p: p.copies.auc28,
    "auc180_copies": of.area(180),
    "cmax_copies_responders": of.responders(lambda p: p.copies.cmax),
    "cmax_copies_nonresponders": of.responders(lambda p: p.copies.cmax, False),
    "tmax_copies_responders": of.responders(lambda p: p.copies.tmax),
    "tmax_copies_nonresponders": of.responders(lambda p: p.copies.tmax, False),
    "auc28_copies_responders": of.responders(lambda p: p.copies.auc28),
    "last_measurable_copies": of.last_measurable,
    "copies_seen_180": of.copies_seen(180),
    "copies_seen_365": of.copies_seen(365),
    "doubling": of.doubling,
    "lag": of.lag,
    "first_half_life": of.first_half_life,
    "last_half_life": of.last_half_life,
    "tmax_body": lambda p: p.days[p.after][p.body[:, p.after].argmax(axis=1)],
    **{f"cells_day_{day}": of.cells_on(day) for day in (7, 14, 28, 90)},
    "volume_at_start": lambda p: p.parameter("B0") / CELLS_PER_ML,
    "volume_over_510": lambda p: (p.parameter("B0") / CELLS_PER_ML > 510).astype(float),
    "aplasia_180_responders": of.aplasia,
    "b_cells_undetected_30": of.cd19_on(30, False),
    "b_cells_detected_365": of.cd19_on(365, True),
    "igg_nadir_day": of.igg_nadir,
    "igg_change_365": of.igg_change,
    "igg_below_4": lambda p: of.from_day(p.state("IgG"), 4.0, p, 0).astype(float),
    "anc_low_30": lambda p: (p.on(p.state("ANC"), 30) < 1).astype(float),
    "platelets_low_30": lambda p: (p.on(p.state("PLT"), 30) < 50).astype(float),
    "cytopenia_30": of.yes(of.low_at_30),
    "neutropenia_3": of.yes(lambda p: of.from_day(p.state("ANC"), 1.0, p, 0)),
    "thrombocytopenia_3": of.yes(lambda p: of.from_day(p.state("PLT"), 50.0, p, 0)),
    "anemia_3": of.yes(lambda p: of.from_day(of.hemoglobin(p), 8.0, p, 0)),
    "cytopenia_3": of.yes(of.any_cytopenia),
    "anc_below_100": of.yes(lambda p: of.from_day(p.state("ANC"), 0.1, p, 0, 60)),
    "anc_low_after_21": of.yes(lambda p: of.from_day(p.state("ANC"), 1.0, p, 21, 60)),
    "anc_below_500_days": of.anc_days,
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
