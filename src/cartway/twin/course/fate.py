"""Death and discharge. Three causes of death run beside each other, each with the patient's own draw.

Rates are calibrated; severe CRS or ICANS, infection in deep neutropenia, and the disease once it grows again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.twin.course.ward import Watched
from cartway.twin.model import load_model
from cartway.twin.population import Disease, Patients, load_bedside

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]

CAUSES = ("crs", "icans", "infection", "progression")


class Fate(NamedTuple):
    """Days float64[n], not a number where they have not come; `cause` of death text [n], empty for who lives."""

    died_day: Array
    cause: NDArray[np.str_]
    discharged_day: Array
    regrowth_day: Array


def _first(flags: NDArray[np.bool_], days: Array) -> Array:
    """The first day on which a flag [n, k] is up; not a number where it never is."""
    return np.where(flags.any(axis=1), days[flags.argmax(axis=1)], np.nan)


def regrown(tumor: Array, days: Array) -> NDArray[np.bool_]:
    """Where the disease grows again or never yielded [n, k]: from day 28, 1.5 times its least, at least 5e8 cells."""
    at_zero = tumor[:, [int(np.argmin(np.abs(days)))]]
    least = np.fmin.accumulate(np.where(days < 0, at_zero, tumor), axis=1)
    return np.asarray((days >= 28) & (tumor > 1.5 * least) & (tumor > 5e8))


def _crossed(rate: Array, draw: Array, days: Array) -> Array:
    """The day at which a hazard [n, k] (a day, held until the next look) has used up a draw (uniform); inf if not."""
    used = np.cumsum(rate[:, :-1] * np.diff(days), axis=1)
    need = -np.log(np.clip(draw, 1e-12, 1.0))
    over = used >= need[:, None]
    i = over.argmax(axis=1)
    rows = np.arange(len(draw))
    part = (used[rows, i] - need) / np.maximum(rate[rows, i], 1e-300)
    return np.where(over.any(axis=1), days[1:][i] - part, np.inf)


def rates(watched: Watched, disease: Disease, days: Array) -> Mapping[str, Array]:
    """Hazards a day by cause, float64[n, k]."""
    fate, at = load_bedside().fate, load_model().states
    anc, steroid = watched.states[..., at["ANC"]], watched.states[..., at["D"]]
    tumor = np.maximum(watched.states[..., at["BP"]] + watched.states[..., at["BN"]], 0).astype(float)
    deep = (
        fate.infection_a_day
        + fate.infection_anc_below_500_a_day * (anc < 0.5)
        + fate.infection_anc_below_100_a_day * (anc < 0.1)
    )
    on = np.maximum.accumulate(regrown(tumor, days), axis=1)
    after = on * np.log(2) / disease.after_progression_days
    lived = (days >= 0) & ~np.isnan(anc)
    return {
        "crs": lived * np.array([0, 0, 0, *fate.crs_a_day])[watched.crs],
        "icans": lived * np.array([0, 0, 0, *fate.icans_a_day])[watched.icans],
        "infection": lived * deep * np.where(steroid > 5.0, fate.steroid_times, 1.0),
        "progression": np.asarray(after, float),
    }


def fate_of(patients: Patients, watched: Watched, disease: Disease, days: Array, least_stay_days: float) -> Fate:
    """When and of what each patient dies, goes home, and has the disease grow again."""
    hazards, t = rates(watched, disease, days), patients.traits
    toxic = hazards["crs"] + hazards["icans"]
    crossed = np.stack(
        [
            _crossed(toxic, t["u_death_toxicity"], days),
            _crossed(hazards["infection"], t["u_death_infection"], days),
            _crossed(hazards["progression"], t["u_death_progression"], days),
        ]
    )
    died, which = crossed.min(axis=0), crossed.argmin(axis=0)
    place = np.clip(np.searchsorted(days, died, side="right") - 1, 0, len(days) - 1)
    rows = np.arange(len(died))
    of_crs = hazards["crs"][rows, place] >= hazards["icans"][rows, place]
    cause = np.where(which == 0, np.where(of_crs, "crs", "icans"), np.array(["", "infection", "progression"])[which])
    alive = ~np.isfinite(died)
    home = _discharged(watched, days, least_stay_days)
    died = np.where(alive, np.nan, died)
    tumor = (watched.states[..., load_model().states["BP"]] + watched.states[..., load_model().states["BN"]]).astype(
        float
    )
    grown = _first(regrown(tumor, days), days)
    return Fate(
        died, np.where(alive, "", cause), np.where(home > np.where(alive, np.inf, died), np.nan, home),
        np.where(grown > np.where(alive, np.inf, died), np.nan, grown),
    )  # fmt: skip


def _discharged(watched: Watched, days: Array, least: float) -> Array:
    """Two days without CRS and ICANS, not before the least stay, and neutrophils back or day 14 past."""
    well = (watched.crs == 0) & (watched.icans == 0)
    ill_day = np.maximum.accumulate(np.where(~well, days, -np.inf), axis=1)
    anc = watched.states[..., load_model().states["ANC"]]
    ready = (days - ill_day >= 2.0) & (days >= least) & ((anc > 0.5) | (days >= 14))
    return _first(ready, days)
