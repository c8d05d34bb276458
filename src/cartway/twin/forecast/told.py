"""What a forecast says, as frozen values that page, command and benchmark share."""

from __future__ import annotations

import msgspec

from cartway.times import Instant


class Point(msgspec.Struct, frozen=True):
    """One of the patient's own readings. `limit`: "below" or "above" where only a limit was read."""

    day: float
    value: float
    limit: str = ""


class Fan(msgspec.Struct, frozen=True):
    """What one sign is expected to be, as the laboratory or the nurse would read it: by day the median, and the limits
    that hold 80 % and 95 % of what is likely. Days up to now are the model's account of the past.
    """

    name: str
    label: str
    unit: str
    logarithmic: bool
    days: tuple[float, ...]
    low95: tuple[float, ...]
    low80: tuple[float, ...]
    middle: tuple[float, ...]
    high80: tuple[float, ...]
    high95: tuple[float, ...]
    points: tuple[Point, ...]


class Chance(msgspec.Struct, frozen=True):
    """How likely something is, 0 to 1, of `of` likely courses; `usual`: of patients of this product and disease of whom
    nothing is known yet; `error`: one standard error of the sampling. `now`: in words, where it is so already.
    """

    name: str
    label: str
    chance: float
    error: float
    usual: float
    now: str = ""


class Check(msgspec.Struct, frozen=True):
    """Whether the readings agree with the model. `likely`: how often a patient of the model strays as far; `level`:
    agrees, surprising or contradicts; `strays`: the signs that stray most, in words.
    """

    level: str
    likely: float
    strays: tuple[str, ...]


class Forecast(msgspec.Struct, frozen=True):
    """The forecast of one course at a moment. Research use: simulated, and no promise.

    `day`: of the moment, from the first infusion; `draws`: virtual courses tried; `ess`: effective sample size;
    `policy`: how treatment is assumed to go on; `model`: its version.
    """

    course: str
    at: Instant
    zero: Instant
    day: float
    product: str
    disease: str
    policy: str
    model: str
    seed: int
    readings: int
    draws: int
    ess: float
    check: Check
    fans: tuple[Fan, ...]
    soon: tuple[Chance, ...]
    later: tuple[Chance, ...]
    notes: tuple[str, ...]
