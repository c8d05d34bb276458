"""How a trial's plan behaves when it is run again and again: power, false alarms, what single trials would estimate.

Every figure comes of so many repeats and has its Monte Carlo interval (Wilson).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.trial.compare import Columns, Effect, Summary, effect, effect_against, share_of, summary
from cartway.twin.trial.plan import Endpoint, Plan, kind_of, title_of
from cartway.twin.trial.simulate import Simulated

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Share(NamedTuple):
    """A share of the repeats, with its Monte Carlo interval of 95%; NaN of none."""

    estimate: float
    low: float
    high: float


class Behavior(NamedTuple):
    """One comparison at one size over all repeats.

    `power`: how often p was below alpha; `false_alarms`: how often, the control against more of the same (against a
    fixed share: NaN); `truth`: the effect over all patients of all repeats; `mean`: the mean estimate; `covered`: how
    often the interval held the truth; `magnified`: mean size of the estimates that were significant, relative to the
    truth's. `effects`: each repeat's.
    """

    endpoint: Endpoint
    arm: str
    size: int
    power: Share
    false_alarms: Share
    truth: Effect
    mean: float
    covered: Share
    magnified: float
    effects: tuple[Effect, ...]


class Result(NamedTuple):
    """One endpoint in one arm of the first repeat, with its effect against the control (None for the control)."""

    endpoint: Endpoint
    arm: str
    summary: Summary
    effect: Effect | None


def first_repeat(plan: Plan, simulated: Simulated) -> tuple[Result, ...]:
    """What the first repeat would report, at the plan's own size."""
    arms = [part(columns, 0, plan.size) for columns in simulated.arms]
    return tuple(
        Result(
            endpoint, plan.arm[number].name, summary(endpoint, columns), _effect_in(endpoint, number, columns, arms[0])
        )
        for endpoint in plan.endpoint
        for number, columns in enumerate(arms)
    )


def _effect_in(endpoint: Endpoint, number: int, columns: Columns, control: Columns) -> Effect | None:
    if endpoint.against is not None:
        return effect_against(endpoint, columns)
    return effect(endpoint, columns, control) if number else None


def behaviors(plan: Plan, simulated: Simulated) -> Iterator[Behavior]:
    """Each endpoint, each arm that is compared, each size."""
    for endpoint in plan.endpoint:
        for number, arm in enumerate(plan.arm):
            if number or endpoint.against is not None:
                yield from (_behavior(plan, simulated, endpoint, number, arm.name, size) for size in plan.all_sizes)


def _behavior(plan: Plan, simulated: Simulated, endpoint: Endpoint, number: int, arm: str, size: int) -> Behavior:
    control, treated = simulated.arms[0], simulated.arms[number]
    repeats = range(plan.repeats)
    if endpoint.against is not None:
        truth = effect_against(endpoint, whole(treated))
        found = tuple(effect_against(endpoint, part(treated, each, size)) for each in repeats)
        alarms = Share(math.nan, math.nan, math.nan)
    else:
        truth = effect(endpoint, whole(treated), whole(control))
        found = tuple(effect(endpoint, part(treated, each, size), part(control, each, size)) for each in repeats)
        same = [effect(endpoint, part(simulated.again, each, size), part(control, each, size)) for each in repeats]
        alarms = _often([each.p < plan.alpha for each in same])
    told = [each for each in found if math.isfinite(each.estimate)]
    power = _often([each.p < plan.alpha for each in found])
    covered = _often([each.low <= truth.estimate <= each.high for each in told])
    mean = _mean(endpoint, [each.estimate for each in told])
    significant = [each.estimate for each in told if each.p < plan.alpha]
    return Behavior(
        endpoint, arm, size, power, alarms, truth, mean, covered, _magnified(endpoint, significant, truth), found
    )


def part(columns: Columns, repeat: int, size: int) -> Mapping[str, NDArray[np.float64]]:
    """One repeat's first `size` patients."""
    return {name: values[repeat, :size] for name, values in columns.items()}


def whole(columns: Columns) -> Mapping[str, NDArray[np.float64]]:
    """All patients of all repeats."""
    return {name: values.ravel() for name, values in columns.items()}


def _often(found: list[bool]) -> Share:
    return Share(*share_of(sum(found), len(found)))


def _mean(endpoint: Endpoint, estimates: list[float]) -> float:
    """The mean; of ratios the geometric one."""
    if not estimates:
        return math.nan
    return math.exp(float(np.mean(np.log(estimates)))) if kind_of(endpoint) == "time" else float(np.mean(estimates))


def _magnified(endpoint: Endpoint, significant: list[float], truth: Effect) -> float:
    """How much too large the estimates of significant repeats are: mean distance from no effect, over the truth's.
    NaN where all patients together do not tell that there is an effect.
    """
    if not significant or not truth.p < 0.01:
        return math.nan
    at_truth = _distance(endpoint, truth.estimate)
    return float(np.mean([_distance(endpoint, each) for each in significant])) / at_truth


def _distance(endpoint: Endpoint, estimate: float) -> float:
    """How far an effect lies from none."""
    return abs(math.log(estimate)) if kind_of(endpoint) == "time" else abs(estimate - none_of(endpoint))


def none_of(endpoint: Endpoint) -> float:
    """The effect where arms do not differ: a difference of 0, a ratio of 1, a chance of one half."""
    return {"share": 0.0, "number": 0.5, "time": 1.0}[kind_of(endpoint)]


def effect_name(endpoint: Endpoint) -> str:
    """What the effect of an endpoint is called."""
    if endpoint.against is not None:
        return f"Difference from {100 * endpoint.against:g}%"
    return {"share": "Difference", "number": "Chance to be greater", "time": "Hazard ratio"}[kind_of(endpoint)]


def behavior_of(found: tuple[Behavior, ...], endpoint: Endpoint, size: int) -> tuple[Behavior, ...]:
    """The behaviors of one endpoint at one size, an arm each."""
    return tuple(each for each in found if title_of(each.endpoint) == title_of(endpoint) and each.size == size)
