"""The questions of the mind beside those that the twin's chart asks twice a day: as often as the protocol asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.record import Fact
from cartway.times import DAY, MINUTE
from cartway.web.demo.arrivals import Arrival

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.twin.course import Run

BASELINE_DAY = -5.0
"""The morning on which lymphodepletion begins, or the next: ICE is asked once as a baseline."""
WARD_DAYS = 30.0
TWICE, THRICE = 2, 3
CHILD_YEARS = 12.0
"""Below this age it is CAPD (Lee 2019)."""
SOURCE = "demo"


def neuro(arrival: Arrival, run: Run) -> list[Fact]:
    """ICE or CAPD every eight hours in the hospital, with ICANS at every round. `run`: one patient's, by its rounds."""
    return list(_scores(arrival, run))


def _scores(arrival: Arrival, run: Run) -> Iterator[Fact]:
    from cartway.twin.chart.support import CAPD_OF_ICE

    young = float(run.patients.traits["age_years"][0]) < CHILD_YEARS
    for i in np.flatnonzero(_asked(run)).tolist():
        ice = float(run.seen["ice"][0, i])
        if np.isnan(ice):  # unarousable, or dead
            continue
        what, score = ("capd_score", float(CAPD_OF_ICE[int(ice)])) if young else ("ice_score", ice)
        at = arrival.infused_at + round(float(run.days[i]) * DAY / MINUTE) * MINUTE + 2 * MINUTE
        yield Fact(
            arrival.course, at, what, score, "{score}", source=SOURCE, key=f"{what}-{at // MINUTE}", simulated=True
        )


def _asked(run: Run) -> NDArray[np.bool_]:
    """At which looks, bool[k]; not when the twin's own chart asks."""
    days, left = run.days, np.nanmin([run.discharged_day[0], run.died_day[0], WARD_DAYS])
    inside = (days > 0) & (days < left) & ~_whole(days * TWICE)
    asked = inside & ((run.judged["icans"][0] >= 1) | _whole(days * THRICE))
    return np.asarray(asked | (np.abs(days - BASELINE_DAY) < 1e-3))


def _whole(numbers: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(numbers - np.rint(numbers)) < 1e-3)
