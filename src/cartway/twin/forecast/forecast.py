"""The forecast of one course: what is likely of this patient given the facts so far, and what is likely to come."""

from __future__ import annotations

from collections.abc import Iterator

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.times import DAY
from cartway.twin.forecast import chances
from cartway.twin.forecast.ahead import LAST_DAY, Ahead, go_on, usual
from cartway.twin.forecast.case import Case, case_of, parts_left
from cartway.twin.forecast.check import check
from cartway.twin.forecast.doubts import doubts
from cartway.twin.forecast.fans import fans
from cartway.twin.forecast.past import Past, past_of
from cartway.twin.forecast.sampler import STREAM, Effort, Weighted, sample
from cartway.twin.forecast.told import Forecast
from cartway.twin.model import load_model
from cartway.twin.policy import policy_of
from cartway.twin.population import prior_of
from cartway.twin.seeds import chance

EFFORT = Effort()
TOO_FEW, FEW = 100.0, 400.0
LAST_MEASURED_DAY = 12.0
LONGEST_DAY = 365.0
"""After so long the forecast of weeks has nothing to say that the last values do not."""


def forecast(
    course: Course, *, policy: str = "label", seed: int = 1, threads: int = 1, effort: Effort = EFFORT
) -> Forecast | Problem:
    """The forecast of a course at its present moment, treated on as a policy says. The same seed, the same forecast.

    Problems: those of `case_of`, ``unknown_treatment_policy``, ``too_late``, ``too_few_draws``.
    """
    case = case_of(course)
    return case if isinstance(case, Problem) else forecast_of(case, policy, seed, threads, effort)


def forecast_of(
    case: Case, policy: str = "label", seed: int = 1, threads: int = 1, effort: Effort = EFFORT
) -> Forecast | Problem:
    """The forecast of a case. Problems: ``unknown_treatment_policy``, ``too_late``, ``too_few_draws``."""
    chosen = policy_of(policy)
    if isinstance(chosen, Problem):
        return chosen
    if case.day > LONGEST_DAY:
        remedy = "Ask with --at for a moment in the first year."
        return Problem("too_late", "The infusion is more than a year ago: the forecast is of the first year.", remedy)
    past, found = looked_back(case, seed, threads, effort)
    if found.ess < TOO_FEW:
        return _too_few(past, found)
    return _told(past, found, go_on(past, found, chosen.name, seed), chosen.name, seed)


def looked_ahead(
    case: Case, policy: str, seed: int, threads: int, effort: Effort = EFFORT, until: float = LAST_DAY
) -> tuple[Past, Weighted, Ahead]:
    """The readings, draws of what is likely, and their courses from now on, up to the day `until`."""
    past, found = looked_back(case, seed, threads, effort)
    return past, found, go_on(past, found, policy, seed, until=until)


def looked_back(case: Case, seed: int, threads: int, effort: Effort = EFFORT) -> tuple[Past, Weighted]:
    """The readings, and draws of what is likely after them."""
    past = past_of(case, prior_of(case.product, case.disease), threads=threads)
    rng = chance(seed, 0, STREAM)
    return past, sample(past.expect, past.readings, len(past.prior.names), rng, effort, past.coins())


def _too_few(past: Past, found: Weighted) -> Problem:
    """That nothing can be said, with what the check of the readings says: they may contradict the model."""
    said = check(past, found)
    strays = f" The readings stray from the model in: {', '.join(said.strays)}." if said.strays else ""
    ended = f" Where the disease stands: {past.case.answer.ended}." if past.case.answer.ended else ""
    reason = f"Only {found.ess:.0f} effective draws of {len(found.draws)} explain the readings.{strays}{ended}"
    return Problem("too_few_draws", reason, "Look at those readings; or ask for an earlier moment with --at.")


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
        soon=chances.told(chances.soon(), case, found.ess, ahead, known, tumor),
        later=chances.told(chances.later(), case, found.ess, ahead, known, tumor),
        notes=(*case.notes, *_more(case, found), *doubts(case.product, case.disease)),
    )


def _more(case: Case, found: Weighted) -> Iterator[str]:
    """What else must be said: few draws, a day for which nobody measured how good it is, what is assumed to come."""
    if found.ess < FEW:
        yield f"The forecast is rough: it rests on {found.ess:.0f} effective draws, fewer than {FEW:.0f}."
    if case.day > LAST_MEASURED_DAY:
        yield "How good forecasts are was measured on days 3, 7 and 10 only."
    for part in parts_left(case):
        share = f"{100 * part.share:.0f} % of the cells"
        yield f"A further part of the dose ({share}) is assumed to come on day {part.day:.0f}."
    if case.answer.ended:
        yield f"Where the disease stands: {case.answer.ended}. The model knows nothing of other treatments."
