"""Everything that the bedside and the laboratory read on all looks, with noise and under the support that was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.twin.course.fate import Fate
from cartway.twin.course.look import FLUIDS_MMHG, pressure_limit
from cartway.twin.course.signs import signs
from cartway.twin.course.ward import Watched
from cartway.twin.population import Patients, load_bedside

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Stray = Mapping[str, NDArray[np.float32]]

LABORATORY = (
    "crp", "ferritin", "il6", "anc", "platelets", "lymphocytes", "ldh",
    "cart_cells", "cart_copies", "cd19", "igg", "m_protein",
)  # fmt: skip
ICE_TOP, ICE_WIDE = (9, 6, 2), (3, 4, 3)
CONSCIOUSNESS = (0, 0, 1, 2, 4)
"""By ICANS grade: awake, awake, to voice, to touch, unarousable (places in the vocabulary's choices)."""


def ice_score(level: Array) -> Array:
    """ICE of the level of neurotoxicity: 10 below 1, then 9 to 7, 6 to 3, 2 to 0; not a number from 4 up."""
    grade = np.clip(np.floor(level), 0, 4).astype(int)
    within = level - grade
    top, wide = np.array([10, *ICE_TOP, 0]), np.array([0, *ICE_WIDE, 0])
    ice = top[grade] - np.floor(np.clip(within, 0, 0.999) * wide[grade])
    return np.where(grade >= 4, np.nan, np.where(grade == 0, 10.0, ice))


def _with_noise(expected: Mapping[str, Array], stray: Stray) -> dict[str, Array]:
    kinds = load_bedside().noise
    return {
        name: expected[name] * np.exp(stray[name]) if kinds[name].kind == "lognormal" else expected[name] + stray[name]
        for name in LABORATORY
    }


def _circulation(patients: Patients, watched: Watched, expected: Mapping[str, Array], stray: Stray) -> dict[str, Array]:
    """Pressure and saturation under support: a running vasopressor holds the pressure, oxygen the saturation."""
    untreated = expected["pressure_untreated"] + stray["mean_arterial_pressure"]
    limit = pressure_limit(patients.traits["age_years"])[:, None]
    held = np.concatenate([np.zeros((len(limit), 1), bool), watched.vasopressors[:, :-1] > 0], axis=1)
    pressure = np.where(
        held, np.maximum(untreated + FLUIDS_MMHG, limit + 4 + 0.5 * stray["mean_arterial_pressure"]), untreated
    )
    air = expected["saturation_room_air"] + stray["saturation"]
    oxygen = np.concatenate([np.zeros((len(limit), 1), bool), watched.oxygen[:, :-1] > 0], axis=1)
    saturation = np.where(oxygen, np.maximum(air, 94.5 + stray["saturation"]), air)
    fall = np.maximum(patients.traits["pressure_0"][:, None] - untreated, 0)
    warm = expected["temperature"] - 37
    rate = patients.traits["heart_rate_0"][:, None] + 9 * warm + 0.8 * fall + stray["heart_rate"]
    pulse = 0.5 * pressure
    return {
        "mean_arterial_pressure": pressure,
        "systolic": pressure + 2 / 3 * pulse,
        "diastolic": pressure - pulse / 3,
        "heart_rate": rate,
        "respiratory_rate": 16 + 1.2 * warm + 0.8 * np.maximum(97 - air, 0) + stray["respiratory_rate"],
        "saturation": np.minimum(saturation, 100.0),
    }


def see(patients: Patients, watched: Watched, stray: Stray, days: Array, fate: Fate) -> dict[str, NDArray[np.float32]]:
    """All readings float32[n, k] by name; not a number after death and before the course began."""
    expected = signs(patients, watched.states, days)
    level = np.nan_to_num(expected["neurotoxicity"] + stray["neurotoxicity"], nan=0.0)  # before a start: no look
    read = _with_noise(expected, stray) | _circulation(patients, watched, expected, stray)
    read |= {name: expected[name] + stray[name] for name in ("temperature", "hemoglobin")}
    read["ice"] = ice_score(level)
    read["consciousness"] = np.array(CONSCIOUSNESS, float)[watched.icans]
    read["seizure"] = ((watched.icans >= 3) & (patients.traits["u_seizure"] < 0.15)[:, None]).astype(float)
    read["oxygen"], read["vasopressors"] = watched.oxygen.astype(float), watched.vasopressors.astype(float)
    gone = (days > fate.died_day[:, None]) | np.isnan(watched.states[..., 0])
    return {name: np.where(gone, np.nan, values).astype(np.float32) for name, values in read.items()}
