"""CRS by Lee 2014 straight from a run's arrays, for calibration; never reported: grades come from facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cartway.twin.course.quick import crs_grade
from cartway.twin.course.run import Run
from cartway.twin.course.support import support_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MUCH_OXYGEN, HIGH_RATE = 37.5, 0.195
"""40 % of oxygen and 0.2 ug/kg/min of norepinephrine as they are charted, in steps of 5 % and 0.01."""
POSITIVE_PRESSURE = 3


def crs_lee2014(run: Run) -> NDArray[np.int8]:
    """The grade of CRS by Lee 2014 (doi 10.1182/blood-2014-05-552729) at each look, int8[n, k]; 0 after death.

    Of oxygen and vasopressors; organs, which that scale counts too, are left to the charted facts.
    """
    oxygen, pressors = run.seen["oxygen"], run.seen["vasopressors"]
    support = support_of(run.patients, run.days, run.states, oxygen, pressors)
    much = (pressors >= 2) | (support.rates[0] >= HIGH_RATE) | (support.inspired >= MUCH_OXYGEN)
    bedside = crs_grade(run)
    severe = np.where(oxygen >= POSITIVE_PRESSURE, 4, np.where(much, 3, np.minimum(bedside, 2)))
    return np.asarray(np.where(bedside > 0, severe, 0), np.int8)
