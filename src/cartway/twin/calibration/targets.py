"""What was published: every target as a fact with its source, and the interval that it leaves for the truth."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

HALF_NORMAL = 1.959964
DAY_AS_PRINTED = 0.5
"""Days are printed whole: a median of 4 may be anything from 3.5 to 4.5."""
ASSUMED_FACTOR = 1.25
"""An estimate printed without any interval is taken to be right within this factor."""
RANGE_IN_SDS = 5.0
"""From the least to the greatest of some hundred values: about so many standard deviations."""
USUAL_LOG_SD = {"copies/ug gDNA": 1.1, "copies*d/ug gDNA": 1.1, "cells/uL": 1.3, "cells*d/uL": 1.3, "day": 0.5}
MEDIAN_OVER_MEAN = 1.2533
"""How much less sure a median is than a mean of as many normal values."""


class Trial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cohort, and what the twin plays in its place. `crs_scale`: astct, penn or lee2014, to grade CRS by."""

    name: str
    product: str
    disease: str
    policy: str
    source: str
    crs_scale: str = "astct"


class Target(msgspec.Struct, frozen=True):
    """One published figure. `measure`: what is read from a simulation beside it, empty where nothing can be.

    `use`: fit, check (simulated and laid beside it, never fitted) or none. `interval`: what low and high are: ci,
    range, iqr, spread (`spread` then holds a standard deviation, or a geometric coefficient of variation with a
    percent sign).
    """

    trial: str
    kind: str
    metric: str
    measure: str
    use: str
    statistic: str
    value: float
    low: float | None
    high: float | None
    interval: str
    spread: str
    n: int
    unit: str
    confirmed: str
    source: str
    note: str


class Interval(NamedTuple):
    """Where the published truth lies at 95 %, and how we came to it: printed, binomial, spread, assumed."""

    low: float
    high: float
    by: str


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def load_targets() -> tuple[Target, ...]:
    """The table of this package, row by row."""
    text = resources.files("cartway.twin.calibration").joinpath("targets.csv").read_text()
    return tuple(
        Target(
            **{k: row[k] for k in ("trial", "kind", "metric", "measure", "use", "statistic", "interval", "spread")},
            **{k: row[k] for k in ("unit", "confirmed", "source", "note")},
            value=float(row["value"]), low=_number(row["low"]), high=_number(row["high"]), n=int(row["n"]),
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


class _Trials(msgspec.Struct, frozen=True):
    trial: tuple[Trial, ...]


@cache
def load_trials() -> Mapping[str, Trial]:
    """Every cohort by its name."""
    text = resources.files("cartway.twin.calibration").joinpath("trials.toml").read_text()
    return {trial.name: trial for trial in msgspec.toml.decode(text, type=_Trials).trial}


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of n; Wilson 1927, doi 10.1080/01621459.1927.10502953."""
    z2 = HALF_NORMAL**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = HALF_NORMAL * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def is_share(target: Target) -> bool:
    """Whether the figure is a proportion."""
    return target.statistic in ("proportion", "KM proportion")


def published(target: Target) -> Interval:
    """The 95 % interval of a published figure: printed, else binomial, else of the spread of patients, else assumed."""
    if target.interval == "ci" and target.low is not None:
        return Interval(target.low, math.inf if target.high is None else target.high, "printed")
    if is_share(target):
        return Interval(*wilson(target.value, target.n), "binomial")
    if target.statistic == "correlation":
        at, half = math.atanh(target.value), HALF_NORMAL / math.sqrt(target.n - 3)
        return Interval(math.tanh(at - half), math.tanh(at + half), "printed n")
    if target.metric == "igg_change_pre_to_12mo":
        return Interval(target.value - 0.1, target.value + 0.1, "assumed")
    return _of_a_location(target)


def _of_a_location(target: Target) -> Interval:
    if target.statistic == "estimate":
        return Interval(target.value / ASSUMED_FACTOR, target.value * ASSUMED_FACTOR, "assumed")
    if target.unit == "month":
        return _of_a_median_time(target)
    if target.statistic == "log sd":
        half = HALF_NORMAL / math.sqrt(2 * target.n)
        return Interval(target.value * math.exp(-half), target.value * math.exp(half), "printed n")
    sd, by = _log_sd(target)
    wider = 1.0 if target.statistic in ("geomean", "mean") else MEDIAN_OVER_MEAN
    half = HALF_NORMAL * wider * sd / math.sqrt(target.n)
    low, high = target.value * math.exp(-half), target.value * math.exp(half)
    if target.unit == "day":
        low, high = min(low, target.value - DAY_AS_PRINTED), max(high, target.value + DAY_AS_PRINTED)
    return Interval(low, high, by)


def _of_a_median_time(target: Target) -> Interval:
    """A median time without an interval: binomial at the median, events held to be exponential."""
    half = HALF_NORMAL * 0.5 / math.sqrt(target.n)
    times = [target.value * -math.log2(share) for share in (0.5 + half, 0.5 - half)]
    return Interval(times[0], times[1], "assumed")


def _log_sd(target: Target) -> tuple[float, str]:
    """Standard deviation of the logarithm between patients, and where it is from."""
    if target.spread.endswith("%"):
        return math.sqrt(math.log1p((float(target.spread[:-1]) / 100) ** 2)), "spread"
    if target.spread:
        return float(target.spread) / target.value, "spread"
    if target.interval in ("iqr", "range") and target.low and target.high:
        wide = 1.349 if target.interval == "iqr" else RANGE_IN_SDS
        return math.log(target.high / target.low) / wide, target.interval
    return USUAL_LOG_SD.get(target.unit, 0.5), "assumed"
