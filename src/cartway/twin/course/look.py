"""One look at the bedside: signs as read, oxygen and vasopressors as needed, and grades as a nurse would say them.

They follow Lee 2019 (doi 10.1016/j.bbmt.2018.12.758) and serve the policies; outcomes come from Cartway's derivations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.twin.population import Patients

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Small = NDArray[np.int8]
    Flags = NDArray[np.bool_]

FEVER = 38.0
FLUIDS_MMHG = 6.0
SECOND_VASOPRESSOR_MMHG = 12.0
SATURATION_FOR_OXYGEN = (92.0, 87.0, 83.0, 80.0)
"""Room-air saturations below which low flow, high flow, positive pressure and intubation are needed: assumed."""
QUIET_DAYS = 1.0
"""CRS is over after so long without fever, low pressure or oxygen."""


class Look(NamedTuple):
    """n patients at one moment. `oxygen`: 0 room air, 1 low flow, 2 high flow, 3 positive pressure, 4 intubated."""

    temperature: Array
    pressure_untreated: Array
    saturation_room_air: Array
    hypotension: Flags
    vasopressors: Small
    oxygen: Small
    icans: Small


class Reaction(NamedTuple):
    """Where CRS stands: whether it goes on, its grade, days since it began, since grade 2, and since its last sign."""

    on: Flags
    grade: Small
    since: Array
    since_2: Array
    quiet: Array

    def of(self, rows: NDArray[np.int64]) -> Reaction:
        """That of some patients."""
        return Reaction(self.on[rows], self.grade[rows], self.since[rows], self.since_2[rows], self.quiet[rows])


def no_reaction(n: int) -> Reaction:
    """Before anything happened."""
    zero = np.zeros(n)
    return Reaction(np.zeros(n, bool), np.zeros(n, np.int8), zero, zero, zero)


def pressure_limit(age: Array) -> Array:
    """Mean arterial pressure below which a patient is hypotensive: 65 mmHg, in children the fifth percentile
    for the age (40 + 1.5 times the age; Haque and Zaritsky 2007, doi 10.1097/01.PCC.0000257039.32593.DC).
    """
    return np.asarray(np.minimum(65.0, 40.0 + 1.5 * age))


def look(patients: Patients, read: Mapping[str, Array], before: Look | None) -> Look:
    """What is seen and given now, of noisy readings float[n]. Support ends one look after the need for it."""
    limit = pressure_limit(patients.traits["age_years"])
    pressure, air, level = read["pressure_untreated"], read["saturation_room_air"], read["neurotoxicity"]
    lowest = pressure if before is None else np.minimum(pressure, before.pressure_untreated)
    driest = air if before is None else np.minimum(air, before.saturation_room_air)
    grade = np.clip(np.floor(level), 0, 4).astype(np.int8)
    return Look(
        read["temperature"],
        pressure,
        air,
        pressure < limit,
        _vasopressors(lowest, limit),
        _oxygen(driest),
        grade,
    )


def _vasopressors(pressure: Array, limit: Array) -> Small:
    filled = pressure + FLUIDS_MMHG
    needed: Small = np.sum([filled < limit, filled < limit - SECOND_VASOPRESSOR_MMHG], axis=0, dtype=np.int8)
    return needed


def _oxygen(saturation: Array) -> Small:
    needed: Small = np.sum([saturation < s for s in SATURATION_FOR_OXYGEN], axis=0, dtype=np.int8)
    return needed


def react(seen: Look, before: Reaction, day: float, step: float) -> Reaction:
    """Where CRS stands after this look, `step` days after the last. It begins with fever; later fever is not needed."""
    fever = seen.temperature >= FEVER
    sign = fever | seen.hypotension | (seen.oxygen > 0) | (seen.vasopressors > 0)
    quiet = np.where(sign, 0.0, before.quiet + step)
    on = (before.on & (quiet < QUIET_DAYS)) | (fever & (day >= 0))
    grade = np.where(on & sign, _grade(seen), 0).astype(np.int8)
    since = np.where(on, np.where(before.on, before.since + step, 0.0), 0.0)
    since_2 = np.where(on & (grade >= 2), np.where(before.grade >= 2, before.since_2 + step, 0.0), 0.0)
    return Reaction(on, grade, since, since_2, quiet)


def _grade(seen: Look) -> Small:
    two = seen.hypotension | (seen.oxygen >= 1)
    three = (seen.vasopressors == 1) | (seen.oxygen >= 2)
    four = (seen.vasopressors >= 2) | (seen.oxygen >= 3)
    return np.asarray(np.select([four, three, two], [4, 3, 2], 1), np.int8)
