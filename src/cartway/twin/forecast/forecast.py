"""The forecast of one course: what is likely of this patient given the facts so far, and what is likely to come."""

from __future__ import annotations

import numpy as np

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.times import DAY
from cartway.twin.forecast import chances
from cartway.twin.forecast.ahead import LAST_DAY, Ahead, go_on, usual
from cartway.twin.forecast.case import Case, case_of
from cartway.twin.forecast.check import check
from cartway.twin.forecast.fans import fans
from cartway.twin.forecast.past import Past, past_of
from cartway.twin.forecast.sampler import Effort, Weighted, sample
from cartway.twin.forecast.told import Forecast
from cartway.twin.model import load_model
from cartway.twin.policy import policy_of
from cartway.twin.population import prior_of

EFFORT = Effort()
TOO_FEW = 100.0
LONGEST_DAY = 365.0
"""After so long the forecast of weeks has nothing to say that the last values do not."""


def forecast(
    course: Course, *, policy: str = "label", seed: int = 1, threads: int = 1, effort: Effort = EFFORT
) -> Forecast | Problem:
    """The forecast of a course at its present moment, treated on as a policy says. The same seed, the same forecast.

    Problems: those of `case_of`, ``unknown_treatment_policy``, ``too_late``.
    """
    case = case_of(course)
    return case if isinstance(case, Problem) else forecast_of(case, policy, seed, threads, effort)


def forecast_of(
    case: Case, policy: str = "label", seed: int = 1, threads: int = 1, effort: Effort = EFFORT
) -> Forecast | Problem:
    """The forecast of a case. Problems: ``unknown_treatment_policy``, ``too_late``."""
    chosen = policy_of(policy)
    if isinstance(chosen, Problem):
        return chosen
    if case.day > LONGEST_DAY:
        remedy = "Ask with --at for a moment in the first year."
        return Problem("too_late", "The infusion is more than a year ago: the forecast is of the first year.", remedy)
    past, found, ahead = looked_ahead(case, chosen.name, seed, threads, effort)
    return _told(past, found, ahead, chosen.name, seed)


def looked_ahead(
    case: Case, policy: str, seed: int, threads: int, effort: Effort = EFFORT, until: float = LAST_DAY
) -> tuple[Past, Weighted, Ahead]:
    """The readings, draws of what is likely, and their courses from now on, up to the day `until`."""
    past = past_of(case, prior_of(case.product, case.disease), threads=threads)
    rng = np.random.Generator(np.random.Philox(key=[seed % 2**64, 0]))
    found = sample(past.expect, past.readings, len(past.prior.names), rng, effort)
    return past, found, go_on(past, found, policy, seed, until=until)


def _told(past: Past, found: Weighted, ahead: Ahead, policy: str, seed: int) -> Forecast:
    case = past.case
    known, tumor = usual(case.product.name, case.disease.name, policy, past.threads)
    return Forecast(
        course=case.course,
        at=case.zero + round(case.day * DAY),
        zero=case.zero,
        day=case.day,
        product=case.product.short,
        disease=case.disease.short,
        policy=policy,
        model=load_model().version,
        seed=seed,
        readings=len(past.kept),
        draws=len(found.draws),
        ess=found.ess,
        check=check(past, found),
        fans=fans(case, ahead),
        soon=chances.told(chances.soon(), case.standing, ahead, known, tumor),
        later=chances.told(chances.later(), case.standing, ahead, known, tumor),
        notes=(*case.notes, *_rough(found)),
    )


def _rough(found: Weighted) -> tuple[str, ...]:
    if found.ess >= TOO_FEW:
        return ()
    return (f"The forecast is rough: it rests on {found.ess:.0f} effective draws, fewer than {TOO_FEW:.0f}.",)
