"""The fit: damped Gauss-Newton on all cohorts together, common random numbers, each quantity held by its prior.

Responses and endpoints are Cartway's own derivations over charted facts; the rest is read from the body.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.calibration.derived import Derived, answered_of, disease_of
from cartway.twin.calibration.derived import sample as derived_sample
from cartway.twin.calibration.free import Free, people
from cartway.twin.calibration.measures import sample
from cartway.twin.calibration.played import Played
from cartway.twin.calibration.score import figure, residual, weight
from cartway.twin.calibration.targets import Target, Trial, load_targets, load_trials

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ROBUST = 3.0
"""Residuals beyond this count as their size, not as their square: one figure out of reach must not bend the rest."""
STEP = 0.3
"""Step of the differences, in standard deviations of the prior: wide, since shares of few patients are stairs."""
STEPS_LONG = (1.0, 0.4, 0.15)
CHORDS = 5
"""Steps taken with one Jacobian: it costs a hundred times what a step does."""
UNTIL = 730.0
ANSWERED = frozenset({"response", "survival"})
"""Kinds of targets that are read from charts."""


class Cohort(NamedTuple):
    """Targets that one simulation answers together."""

    product: str
    disease: str
    policy: str
    targets: tuple[Target, ...]


def cohorts(use: str = "fit", kinds: Sequence[str] = ()) -> tuple[Cohort, ...]:
    """The targets in `use` (all but none where it is empty), those of one product, disease and policy together."""
    found: dict[tuple[str, str, str], list[Target]] = {}
    trials = load_trials()
    for target in load_targets():
        wanted = target.use == use if use else target.use != "none"
        if wanted and (not kinds or target.kind in kinds):
            trial: Trial = trials[target.trial]
            found.setdefault((trial.product, trial.disease, trial.policy), []).append(target)
    return tuple(Cohort(*key, tuple(targets)) for key, targets in found.items())


def robust(off: float) -> float:
    """The residual whose square is the pseudo-Huber loss (Charbonnier 1997): as `off` near zero, its root far out."""
    return float(off * np.sqrt(2 / (np.sqrt(1 + (off / ROBUST) ** 2) + 1)))


class Problem(NamedTuple):
    """What is fitted to what: `n` patients a cohort from `seed`."""

    free: tuple[Free, ...]
    cohorts: tuple[Cohort, ...]
    n: int
    seed: int

    def of(self, cohort: Cohort, changes: Array) -> Array:
        """Weighted residuals of one cohort."""
        from cartway.twin.course import run
        from cartway.twin.population import known

        product, disease = (x.name for x in known(cohort.product, cohort.disease))
        course = run(people(product, disease, self.n, self.seed, self.free, changes), cohort.policy, until=UNTIL)
        answered = answered_of(course, seed=self.seed)
        played = Played(course, disease_of(answered))
        return np.array([
            np.sqrt(weight(t)) * robust(residual(t, figure(t, _values(t, played, answered)))) for t in cohort.targets
        ])  # fmt: skip


def _values(target: Target, played: Played, answered: Derived) -> Array:
    values = derived_sample(answered, target.measure) if target.kind in ANSWERED else None
    return sample(played, target.measure) if values is None else values


Each = Callable[[Sequence[tuple[int, "Array"]]], list["Array"]]
"""Residuals of cohorts, by their places, at points: in this process or in several."""


def in_turn(problem: Problem) -> Each:
    """One after the other."""
    return lambda tasks: [problem.of(problem.cohorts[i], changes) for i, changes in tasks]


class Pass(NamedTuple):
    """Where the fit stands: `changes` float64[m] of the logarithms, residuals by cohort, the loss with its prior."""

    changes: Array
    residuals: list[Array]
    loss: float


class Fit:
    """Gauss-Newton on a `Problem`. `home` float64[m]: where the priors stand, as changes of the present tables."""

    def __init__(self, problem: Problem, home: Array, say: Callable[[str], None], each: Each | None = None) -> None:
        self.problem, self.home, self.say, self.each = problem, home, say, each or in_turn(problem)

    @cached_property
    def sd(self) -> Array:
        """Standard deviations of the priors."""
        return np.array([free.sd for free in self.problem.free])

    def at(self, changes: Array) -> Pass:
        """The residuals and the loss at a point."""
        residuals = self.each([(i, changes) for i in range(len(self.problem.cohorts))])
        return Pass(changes, residuals, self._loss(changes, residuals))

    def _loss(self, changes: Array, residuals: Sequence[Array]) -> float:
        away = (changes - self.home) / self.sd
        return float(sum((r**2).sum() for r in residuals) + (away**2).sum())

    def jacobian(self, now: Pass, which: Sequence[int]) -> Array:
        """Differences of residuals by the free quantities of `which`; cohorts that one does not concern are not run."""
        steps = [STEP * self.sd[j] * (1 if now.changes[j] <= self.home[j] else -1) for j in which]
        wanted = [(k, i) for k, j in enumerate(which) for i in range(len(now.residuals)) if self._concerned(j, i)]
        found = self.each([(i, self._moved(now.changes, which[k], steps[k])) for k, i in wanted])
        columns = [[np.zeros(len(before)) for before in now.residuals] for _ in which]
        for (k, i), after in zip(wanted, found, strict=True):
            columns[k][i] = (after - now.residuals[i]) / steps[k]
        return np.stack([np.concatenate(column) for column in columns], axis=1)

    def _concerned(self, j: int, i: int) -> bool:
        from cartway.twin.population import known

        cohort = self.problem.cohorts[i]
        return self.problem.free[j].concerns(*(x.name for x in known(cohort.product, cohort.disease)))

    @staticmethod
    def _moved(changes: Array, j: int, step: float) -> Array:
        moved = changes.copy()
        moved[j] += step
        return moved

    def step(self, now: Pass, which: Sequence[int], damping: float) -> Pass:
        """Damped steps in the quantities of `which`, one Jacobian for all, while they lower the loss by 1 %."""
        jacobian = self.jacobian(now, which)
        for _ in range(CHORDS):
            better = self._chord(now, jacobian, which, damping)
            done = better.loss > 0.99 * now.loss
            now = better
            if done:
                break
        return now

    def _chord(self, now: Pass, jacobian: Array, which: Sequence[int], damping: float) -> Pass:
        residuals, sd = np.concatenate(now.residuals), self.sd[list(which)]
        away = (now.changes - self.home)[list(which)]
        normal = jacobian.T @ jacobian + np.diag((1 + damping) / sd**2)
        move = np.clip(-np.linalg.solve(normal, jacobian.T @ residuals + away / sd**2), -sd, sd)
        for length in STEPS_LONG:
            changes = now.changes.copy()
            changes[list(which)] += length * move
            tried = self.at(changes)
            self.say(f"  step {length}: {now.loss:.0f} -> {tried.loss:.0f}")
            if tried.loss < now.loss:
                return tried
        return now
