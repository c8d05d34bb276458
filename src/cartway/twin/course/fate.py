"""Death and discharge. Three causes of death run beside each other, each with the patient's own draw.

Rates are assumed: severe CRS or ICANS, infection (more in deep neutropenia), and the disease once it grows again.
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

STEROID_MG = 5.0
"""Dexamethasone in the body above which infections are more often deadly."""
WELL_DAYS, NEUTROPHILS_AWAITED_DAYS = 2.0, 14.0


class Fate(NamedTuple):
    """Days float64[n], not a number where they have not come; `cause` of death text [n], empty for who lives."""

    died_day: Array
    cause: NDArray[np.str_]
    discharged_day: Array
    regrowth_day: Array


def _first(flags: NDArray[np.bool_], days: Array) -> Array:
    """The first day on which a flag [n, k] is up; not a number where it never is."""
    return np.where(flags.any(axis=1), days[flags.argmax(axis=1)], np.nan)


NEARLY_FULL = 0.9
"""Of the tumor that grows no more."""


def regrown(tumor: Array, days: Array) -> NDArray[np.bool_]:
    """Where the disease grows again or never yielded [n, k]: from day 28, 1.5 times its least, at least 5e8 cells.

    A body that is full of it has no room for half as much again: there it is at that limit.
    """
    at_zero = tumor[:, [int(np.argmin(np.abs(days)))]]
    least = np.fmin.accumulate(np.where(days < 0, at_zero, tumor), axis=1)
    full = NEARLY_FULL * load_model().parameter[load_model().parameters["KB"]].median
    return np.asarray((days >= 28) & (tumor > np.minimum(1.5 * least, full)) & (tumor > 5e8))


def _crossed(rate: Array, draw: Array, days: Array) -> Array:
    """The day at which a hazard [n, k] (a day, held until the next look) has used up a draw (uniform); inf if not."""
    used = np.cumsum(rate[:, :-1] * np.diff(days), axis=1)
    need = -np.log(np.clip(draw, 1e-12, 1.0))
    over = used >= need[:, None]
    i = over.argmax(axis=1)
    rows = np.arange(len(draw))
    part = (used[rows, i] - need) / np.maximum(rate[rows, i], 1e-300)
    return np.where(over.any(axis=1), days[1:][i] - part, np.inf)


def _tumor(watched: Watched) -> Array:
    return load_model().total(watched.states)


def _infection(watched: Watched) -> Array:
    """Hazard of a deadly infection: by neutrophils, and more under steroids."""
    fate, at = load_bedside().fate, load_model().states
    anc, steroid = watched.states[..., at["ANC"]], watched.states[..., at["D"]]
    low = fate.infection_anc_below_500_a_day * (anc < 0.5) + fate.infection_anc_below_100_a_day * (anc < 0.1)
    return np.asarray((fate.infection_a_day + low) * np.where(steroid > STEROID_MG, fate.steroid_times, 1.0))


def rates(watched: Watched, disease: Disease, days: Array) -> Mapping[str, Array]:
    """Hazards a day by cause, float64[n, k], from the first infusion and from where the course was watched."""
    fate, lived = load_bedside().fate, (days >= 0) & ~np.isnan(watched.states[..., 0])
    grown = np.maximum.accumulate(regrown(_tumor(watched), days), axis=1)
    return {
        "crs": lived * np.array([0, 0, 0, *fate.crs_a_day])[watched.crs],
        "icans": lived * np.array([0, 0, 0, *fate.icans_a_day])[watched.icans],
        "infection": lived * _infection(watched),
        "progression": lived * grown * np.log(2) / disease.after_progression_days,
    }


def _death(patients: Patients, hazards: Mapping[str, Array], days: Array) -> tuple[Array, NDArray[np.str_]]:
    """Day (inf alive) and cause: the first of toxicity, infection and progression; toxicity is what was worse then."""
    toxic = hazards["crs"] + hazards["icans"]
    by_kind = {"toxicity": toxic, "infection": hazards["infection"], "progression": hazards["progression"]}
    crossed = np.stack([_crossed(rate, patients.traits[f"u_death_{kind}"], days) for kind, rate in by_kind.items()])
    died = crossed.min(axis=0)
    look = np.clip(np.searchsorted(days, died, side="right") - 1, 0, len(days) - 1)
    rows = np.arange(len(died))
    worse = np.where(hazards["crs"][rows, look] >= hazards["icans"][rows, look], "crs", "icans")
    cause = np.select([crossed[0] == died, crossed[1] == died], [worse, "infection"], "progression")
    return died, np.where(np.isfinite(died), cause, "")


def fate_of(patients: Patients, watched: Watched, disease: Disease, days: Array, least_stay_days: float) -> Fate:
    """When and of what each patient dies, goes home, and has the disease grow again."""
    died, cause = _death(patients, rates(watched, disease, days), days)
    home = _discharged(watched, days, least_stay_days)
    grown = _first(regrown(_tumor(watched), days), days)
    return Fate(
        np.where(np.isfinite(died), died, np.nan),
        cause,
        np.where(home > died, np.nan, home),
        np.where(grown > died, np.nan, grown),
    )


def _discharged(watched: Watched, days: Array, least: float) -> Array:
    """Two days without CRS and ICANS, not before the least stay, and neutrophils back or day 14 past."""
    well = (watched.crs == 0) & (watched.icans == 0)
    ill_day = np.maximum.accumulate(np.where(~well, days, -np.inf), axis=1)
    anc = watched.states[..., load_model().states["ANC"]]
    ready = (days - ill_day >= WELL_DAYS) & (days >= least) & ((anc > 0.5) | (days >= NEUTROPHILS_AWAITED_DAYS))
    return _first(ready, days)
