"""How good forecasts are: what share of readings their intervals hold, and Brier scores of their chances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cartway.twin.course import Run
from cartway.twin.forecast import chances
from cartway.twin.forecast.ahead import SOON_DAYS
from cartway.twin.forecast.case import Case
from cartway.twin.forecast.check import check
from cartway.twin.forecast.fans import expected
from cartway.twin.forecast.forecast import looked_ahead
from cartway.twin.forecast.measured import Reading
from cartway.twin.forecast.past import noise_of, past_of
from cartway.twin.forecast.sampler import STREAM, Effort, sample
from cartway.twin.forecast.virtual import case_of_run, charted
from cartway.twin.population import prior_of
from cartway.twin.seeds import chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

SHORT = Effort(enough=1.0)  # the check needs the best explanation, no draws
SCORED = ("temperature", "crp", "ferritin", "cart_cells")
GROUPS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Edges of the groups of chances for the table of what was said against what came."""


@cache
def load_calibration() -> Scores:
    """The calibration as this package carries it: written by `scripts/forecast_calibration.py`."""
    text = resources.files("cartway.twin.forecast").joinpath("calibration.json").read_bytes()
    return msgspec.json.decode(text, type=Scores)


class Held(NamedTuple):
    """Of one sign: how many of the later readings of a patient were scored, and how many each interval held."""

    readings: int
    in80: int
    in95: int


class One(NamedTuple):
    """One forecast of one virtual patient, scored: `held` by sign; `said` and `came` by chance."""

    day: float
    held: dict[str, Held]
    said: dict[str, float]
    came: dict[str, bool]
    ess: float
    draws: int
    level: str


class Coverage(msgspec.Struct, frozen=True):
    """Shares of readings inside the intervals, by patient; `error95`, `error80`: standard errors between patients."""

    day: float
    sign: str
    patients: int
    readings: int
    in80: float
    error80: float
    in95: float
    error95: float


class Group(msgspec.Struct, frozen=True):
    """Forecasts whose chance lay between two edges: how many, the mean chance said, the share that came."""

    low: float
    high: float
    forecasts: int
    said: float
    came: float


class Brier(msgspec.Struct, frozen=True):
    """`score`: mean squared error of a chance; `usual`: of always saying the share that came.

    `skill`: 1 - score / usual. Of those only whom it was not so of already.
    """

    day: float
    name: str
    label: str
    forecasts: int
    came: float
    score: float
    usual: float
    skill: float
    groups: tuple[Group, ...]


class Effectiveness(msgspec.Struct, frozen=True):
    """Effective sample sizes of all forecasts of a day, and how many found the readings surprising or contradicting."""

    day: float
    forecasts: int
    least: float
    tenth: float
    median: float
    below_400: int
    surprising: int
    contradicted: int


class Scores(msgspec.Struct, frozen=True):
    """The calibration of the forecast, by day. `of`: the products and diseases, with how many patients of each."""

    model: str
    policy: str
    seed: int
    patients: int
    of: tuple[tuple[str, str, int], ...]
    coverage: tuple[Coverage, ...]
    brier: tuple[Brier, ...]
    effectiveness: tuple[Effectiveness, ...]
    misfits: tuple[tuple[str, int, int], ...] = ()


def score_one(run: Run, patient: int, day: float, policy: str, seed: int) -> One:
    """The forecast of a virtual patient at a day, against what then came. The run must reach two weeks beyond."""
    case = case_of_run(run, patient, day)
    past, found, ahead = looked_ahead(case, policy, seed, 1, until=float(run.days[-1]))
    held = {name: _held(name, run, patient, day, *expected(name, ahead)) for name in SCORED}
    tumor, asked = chances.first_tumor(run), _open(case, day, float(run.days[-1]))
    said = {each.name: float(each.of(ahead.run, ahead.start, ahead.baseline).mean()) for each in asked}
    came = {each.name: bool(each.of(run, day, tumor)[patient]) for each in asked}
    return One(day, held, said, came, found.ess, len(found.draws), check(past, found).level)


def _open(case: Case, day: float, last: float) -> list[chances.Asked]:
    """What can still be asked: it is not so already, its day lies ahead, and the run tells of it."""
    every = (*chances.soon(), *chances.later())
    ahead = [each for each in every if day < each.until and (each.until <= last or each.until == np.inf)]
    return [each for each in ahead if not each.already(case)]


def _held(name: str, run: Run, patient: int, day: float, days: Array, values: Array) -> Held:
    """How many later readings the intervals hold; one below its assay's limit where the interval reaches that."""
    least = noise_of(name).low
    limits = np.maximum(np.nanquantile(values, (0.025, 0.1, 0.9, 0.975), axis=0), least)
    readings = in80 = in95 = 0
    for k, at in enumerate(run.days.tolist()):
        if day < at <= day + SOON_DAYS and charted(name, at) and np.isfinite(run.seen[name][patient, k]):
            low95, low80, high80, high95 = limits[:, int(np.argmin(np.abs(days - at)))]
            value = max(float(run.seen[name][patient, k]), least)
            readings, in80, in95 = readings + 1, in80 + (low80 <= value <= high80), in95 + (low95 <= value <= high95)
    return Held(readings, int(in80), int(in95))


WRONG = ("readings of another patient", "CRP in mg/dL", "ferritin tenfold")
"""What is made wrong of the second half of a patient's readings, to see whether the check tells of it."""


def wrong_level(run: Run, patient: int, other: int, day: float, kind: str) -> str:
    """What the check says of a patient's readings at a day with something wrong in their second half."""
    case = case_of_run(run, patient, day)
    later = case_of_run(run, other, day).readings if kind == WRONG[0] else case.readings
    wrong = [_mistaken(each, kind) for each in later if each.day > day / 2]
    mixed = (*(each for each in case.readings if each.day <= day / 2), *wrong)
    past = past_of(case._replace(readings=mixed), prior_of(case.product, case.disease))
    rng = chance(patient, 3, STREAM)
    return check(past, sample(past.expect, past.readings, len(past.prior.names), rng, SHORT, past.coins())).level


def _mistaken(reading: Reading, kind: str) -> Reading:
    factor = 0.1 if kind == WRONG[1] and reading.name == "crp" else 1.0
    factor = 10.0 if kind == WRONG[2] and reading.name == "ferritin" else factor
    return reading._replace(low=reading.low * factor, high=reading.high * factor)


def coverage(ones: Sequence[One], day: float) -> Iterator[Coverage]:
    """Coverage of each sign by forecasts of a day."""
    for sign in SCORED:
        held = [one.held[sign] for one in ones if one.day == day and one.held[sign].readings]
        if held:
            shares = np.array([(each.in80 / each.readings, each.in95 / each.readings) for each in held])
            weight = np.array([each.readings for each in held], float)
            mean = (shares * weight[:, None]).sum(axis=0) / weight.sum()
            apart = ((shares - mean) * weight[:, None] / weight.mean()).std(axis=0) / np.sqrt(len(held))
            (in80, in95), (error80, error95) = mean.tolist(), apart.tolist()
            yield Coverage(day, sign, len(held), int(weight.sum()), in80, error80, in95, error95)


def briers(ones: Sequence[One], day: float) -> Iterator[Brier]:
    """Brier scores of each chance by forecasts of a day."""
    labels = {each.name: each.label for each in (*chances.soon(), *chances.later())}
    for name, label in labels.items():
        pairs = [(one.said[name], one.came[name]) for one in ones if one.day == day and name in one.said]
        if pairs:
            said, came = np.array([each[0] for each in pairs]), np.array([each[1] for each in pairs], float)
            score, share = float(((said - came) ** 2).mean()), float(came.mean())
            usual = share * (1 - share)
            skill = 1 - score / usual if usual else 0.0
            yield Brier(day, name, label, len(pairs), share, score, usual, skill, tuple(_groups(said, came)))


def _groups(said: Array, came: Array) -> Iterator[Group]:
    place = np.clip(np.searchsorted(GROUPS, said, side="right") - 1, 0, len(GROUPS) - 2)
    for i in range(len(GROUPS) - 1):
        mine = place == i
        if mine.any():
            yield Group(GROUPS[i], GROUPS[i + 1], int(mine.sum()), float(said[mine].mean()), float(came[mine].mean()))


def effectiveness(ones: Sequence[One], day: float) -> Effectiveness:
    """Effective sample sizes and checks of the forecasts of a day."""
    mine = [one for one in ones if one.day == day]
    ess = np.array([one.ess for one in mine])
    return Effectiveness(
        day, len(mine), float(ess.min()), float(np.quantile(ess, 0.1)), float(np.median(ess)), int((ess < 400).sum()),
        sum(one.level == "surprising" for one in mine), sum(one.level == "contradicts" for one in mine),
    )  # fmt: skip
