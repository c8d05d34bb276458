"""What a ward charts every day and the twin does not simulate: weight, the chemistry of whose organs are well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

import msgspec
import numpy as np

from cartway.record import Fact
from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.twin.seeds import chance as seeded
from cartway.web.demo.arrivals import Arrival

FIRST_DAY = -5
SOURCE = "demo"


class Daily(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A laboratory value as it is in health."""

    what: str
    unit: str
    usual: float
    spread: float
    decimals: int
    until_day: int


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sign: tuple[Daily, ...]


@cache
def load_daily() -> tuple[Daily, ...]:
    """All of them."""
    text = resources.files("cartway.web.demo").joinpath("daily.toml").read_text()
    return msgspec.toml.decode(text, type=_Table).sign


def daily(arrival: Arrival, told: Sequence[Fact]) -> list[Fact]:
    """The daily values of a course whose other facts are `told`: from lymphodepletion to discharge or death."""
    left = min((fact.at for fact in told if fact.what in ("discharge", "death")), default=max(fact.at for fact in told))
    weight = next(fact.value or 0.0 for fact in told if fact.what == "body_weight")
    chance = seeded(arrival.seed, 2**32 + arrival.number)
    return [fact for fact in _days(arrival, left, weight, chance) if fact.at < left]


def _days(arrival: Arrival, left: Instant, weight: float, chance: np.random.Generator) -> Iterator[Fact]:
    own = {sign.what: sign.usual + 0.7 * sign.spread * chance.standard_normal() for sign in load_daily()}
    first = arrival.infused_at // DAY * DAY
    for day in range(FIRST_DAY, (left - first) // DAY + 1):
        at = first + day * DAY + 5 * HOUR + int(chance.integers(20, 90)) * MINUTE
        yield _fact(arrival, at, "body_weight", round(weight + 0.35 * float(chance.standard_normal()), 1), "kg")
        for sign in load_daily():
            read = own[sign.what] + 0.5 * sign.spread * float(chance.standard_normal())
            if day <= sign.until_day:
                yield _fact(arrival, at, sign.what, round(read, sign.decimals), sign.unit)


def _fact(arrival: Arrival, at: Instant, what: str, value: float, unit: str) -> Fact:
    key = f"{what}-{at // MINUTE}"
    return Fact(arrival.course, at, what, value, unit, source=SOURCE, key=key, simulated=True)
