"""What a chart is made from: a run, the habits of a site, and when each patient was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.times import HOUR, MINUTE
from cartway.twin.chart.draws import Draws, draws_of, slip_draws_of
from cartway.twin.chart.habits import Habits
from cartway.twin.chart.sheet import NO_TIME, whole_minutes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.twin.course import Run

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

ADMITTED = -1.0
"""Day on which a patient comes into the hospital; before it there are visits."""
CLINIC_WEEKDAYS = (0, 3)
"""At home and in the first month, patients are seen on these days of the week, counted from the infusion's."""
FIRST_MONTH = 30.0


class Scene(NamedTuple):
    """n patients over the k moments of a run's grid.

    `at` int64[n, k] microseconds from the infusion; `alive`, `inside` (in the hospital) and `visit` bool[n, k];
    `late` int64[n, k] how long after `at` it was written down, NO_TIME where the site does not say; `slips`: their
    chances, None where a site makes none.
    """

    run: Run
    habits: Habits
    draws: Draws
    at: Ints
    alive: Mask
    inside: Mask
    visit: Mask
    late: Ints
    slips: Draws | None = None

    @property
    def days(self) -> NDArray[np.float64]:
        """The moments of the grid, in days from the infusion, float64[k]."""
        return np.asarray(self.run.days, np.float64)

    @property
    def mornings(self) -> Mask:
        """The moments at which the daily blood is drawn, bool[k]: one a day, and every visit later on."""
        return (np.abs(self.days - np.rint(self.days)) < 1e-3) | (self.days > FIRST_MONTH)

    def tumor(self) -> NDArray[np.float64]:
        """All tumor cells, float64[n, k]."""
        from cartway.twin.model import load_model

        return load_model().total(self.run.states)

    def state(self, name: str) -> NDArray[np.float64]:
        """One state of the body, float64[n, k]."""
        from cartway.twin.model import load_model

        return np.asarray(self.run.states[:, :, load_model().states[name]], np.float64)

    def trait(self, name: str) -> NDArray[np.float64]:
        """One trait of the patients, float64[n]."""
        return np.asarray(self.run.patients.traits[name], np.float64)

    def chance(self, name: str, which: tuple[Ints, Ints]) -> NDArray[np.float32]:
        """The chances of one thing at some patients' moments."""
        return self.draws.of(name)[which]

    def last_day(self) -> NDArray[np.float64]:
        """The day of each patient's death, else the last of the run, float64[n]."""
        died = self.run.died_day
        return np.asarray(np.where(np.isnan(died), self.days[-1], died), np.float64)


def scene_of(run: Run, habits: Habits, seed: int) -> Scene:
    """Set the scene of a run."""
    draws = draws_of(seed, run.patients.number, len(run.days))
    slips = slip_draws_of(seed, run.patients.number, len(run.days)) if habits.slips is not None else None
    return Scene(run, habits, draws, _moments(run, habits, draws), *_places(run), _late(habits, draws), slips)


def _moments(run: Run, habits: Habits, draws: Draws) -> Ints:
    off = (draws.of("minutes") * 2.0 - 1.0) * np.float32(habits.minutes_off)
    still = (run.days < 0)[None, :] | (np.abs(run.days) < 1e-9)[None, :]
    return whole_minutes(run.days[None, :] + np.where(still, 0.0, off) / 1440.0) + still * MINUTE


def _places(run: Run) -> tuple[Mask, Mask, Mask]:
    days = run.days[None, :]
    alive = ~(days >= run.died_day[:, None])
    stays = ~(days > run.discharged_day[:, None]) & (days >= ADMITTED)
    early = np.isin(np.rint(run.days) % 7, CLINIC_WEEKDAYS) & (np.abs(run.days - np.rint(run.days)) < 1e-3)
    seen = early | (run.days > FIRST_MONTH) | (run.days < ADMITTED)
    return alive, alive & stays, alive & ~stays & seen[None, :]


def _late(habits: Habits, draws: Draws) -> Ints:
    if not habits.says_when_recorded:
        return np.full(draws.moment.shape[:2], NO_TIME)
    soon = np.rint(draws.of("lag") * 20.0) * MINUTE
    hours = -np.log1p(-draws.of("lag").astype(np.float64)) * habits.late_hours
    later = np.rint(hours * 60.0) * MINUTE + HOUR
    return np.where(draws.of("late") < habits.late, later, soon).astype(np.int64)
