"""Drawing small courses, in a clinician's words, and asking one question of them.

    ill = course(infused(), age(58), at(30, temperature(38.9), pressure(84)))
    assert crs(ill, 31) == 2

Hours are counted from the infusion. `at(30, ...)` says several things at hour 30; `until=36` on a saying is hour 36.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cartway.record.fact import Fact
from cartway.times import HOUR, YEAR, parse
from cartway.toxicity import Episode, Rules, grade, load_rules
from cartway.vocabulary import vocabulary

INFUSION = parse("2026-01-10T00:00:00+00:00")
CRS, ICANS = "crs.astct", "icans.astct"


class Saying(NamedTuple):
    """A fact without its time."""

    what: str
    value: float | None = None
    choice: str = ""
    unit: str = ""
    until: float | None = None
    detail: Mapping[str, Any] = MappingProxyType({})


def instant(hour: float) -> int:
    """Microseconds of an hour after the infusion."""
    return INFUSION + round(hour * HOUR)


def hour_of(moment: float) -> float:
    """Hours after the infusion of an instant."""
    return (moment - INFUSION) / HOUR


def at(hour: float, *sayings: Saying) -> list[Fact]:
    """What was charted at an hour after the infusion."""
    return [
        Fact(
            "course-1",
            instant(hour),
            s.what,
            s.value,
            s.unit,
            s.choice,
            None if s.until is None else instant(s.until),
            detail=dict(s.detail),
        )
        for s in sayings
    ]


def course(*parts: Iterable[Fact]) -> list[Fact]:
    """The parts of a course, one after another."""
    return [fact for part in parts for fact in part]


def infused(hour: float = 0.0) -> list[Fact]:
    """The infusion, hour 0."""
    return at(hour, Saying("infusion", choice="axicabtagene_ciloleucel"))


def age(years: float) -> list[Fact]:
    """The age, charted a day before the infusion."""
    return at(-24, Saying("age", years, unit="a"))


def born(years: float) -> list[Fact]:
    """The birth date, so many years before the day before the infusion."""
    return at(-24 - years * YEAR / HOUR, Saying("birth_date"))


def discharged(hour: float) -> list[Fact]:
    return at(hour, Saying("discharge"))


def died(hour: float, of: str = "other") -> list[Fact]:
    return at(hour, Saying("death", choice=of))


def temperature(celsius: float) -> Saying:
    return Saying("body_temperature", celsius, unit="Cel")


def pressure(systolic: float) -> Saying:
    return Saying("systolic_pressure", systolic, unit="mm[Hg]")


def oxygen(device: str) -> Saying:
    return Saying("oxygen_device", choice=device)


def flow(liters: float) -> Saying:
    return Saying("oxygen_flow", liters, unit="L/min")


def inspired(percent: float) -> Saying:
    return Saying("inspired_oxygen", percent, unit="%")


def drip(name: str, rate: float = 0.1, until: float | None = None) -> Saying:
    """A drug that runs at a rate, until an hour or until stopped (rate 0)."""
    return Saying("drug", rate, name, "ug/kg/min", until)


def push(name: str, dose: float | None = 1.0, **detail: Any) -> Saying:
    """A drug given at once."""
    return Saying("drug", dose, name, "" if dose is None else "mg", detail=detail)


def attributed(feature: str, until: float | None = None, cause: str = "another cause") -> Saying:
    return Saying("attribution", choice=feature, until=until, detail={"cause": cause})


def ice(score: float) -> Saying:
    return Saying("ice_score", score, unit="{score}")


def ice_item(item: str, points: float) -> Saying:
    return Saying(f"ice_{item}", points, unit="{score}")


def capd(score: float | str) -> Saying:
    if isinstance(score, str):
        return Saying("capd_score", choice=score)
    return Saying("capd_score", score, unit="{score}")


def conscious(level: str) -> Saying:
    return Saying("consciousness", choice=level)


def seizure(kind: str = "generalized", **detail: Any) -> Saying:
    return Saying("seizure", choice=kind, detail=detail)


def rass(score: float) -> Saying:
    return Saying("rass_score", score, unit="{score}")


def said(what: str, choice: str) -> Saying:
    """Any other thing that is a choice."""
    return Saying(what, choice=choice)


def measured(what: str, value: float) -> Saying:
    """Any other thing that is a number in its canonical unit."""
    variable = vocabulary().variable(what)
    assert variable is not None, what
    return Saying(what, value, unit=variable.unit)


def unreadable(variable: str) -> Saying:
    return Saying("unreadable", detail={"variable": variable, "value": "101.8", "problem": "impossible_value"})


WELL = (temperature(37.0), pressure(120), oxygen("room_air"))
"""A well patient's round: no fever, no hypotension, no oxygen."""
CLEAR = (ice(10), conscious("awake"))


def rules(**policies: str | float) -> Rules:
    """The shipped rules with some policies chosen."""
    chosen = load_rules()
    for name, value in policies.items():
        changed = chosen.with_policy(name, str(value))
        assert isinstance(changed, Rules), changed
        chosen = changed
    return chosen


def asked(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> Episode | None:
    """The episode in force at an hour, as known from all facts up to it; None where the course is not covered."""
    found = grade(list(facts), rules(**policies), instant(hour))
    return next((e for e in found if e.scale == scale and e.start <= instant(hour) and _lasts(e, instant(hour))), None)


def _lasts(episode: Episode, moment: int) -> bool:
    return episode.end is None or moment < episode.end


def crs(facts: Iterable[Fact], hour: float, **policies: str | float) -> int | None:
    """The CRS grade at an hour; None where it is not assessable. The course must be covered."""
    found = asked(facts, CRS, hour, **policies)
    assert found is not None, "not covered"
    return found.grade


def icans(facts: Iterable[Fact], hour: float, **policies: str | float) -> int | None:
    """The ICANS grade at an hour; None where it is not assessable. The course must be covered."""
    found = asked(facts, ICANS, hour, **policies)
    assert found is not None, "not covered"
    return found.grade


def shown(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> str:
    """The grade as every surface prints it, what is missing behind it: ``>= 2 without oxygen_flow``."""
    found = asked(facts, scale, hour, **policies)
    if found is None:
        return "not covered"
    return found.shown + (f" without {', '.join(found.missing)}" if found.missing else "")


def decided(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> set[str]:
    """The policies that decided the grade at an hour."""
    found = asked(facts, scale, hour, **policies)
    return set() if found is None else set(found.policies)


def because(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> set[str]:
    """The slugs of the reasons of the grade at an hour."""
    found = asked(facts, scale, hour, **policies)
    return set() if found is None else {reason.criterion.slug for reason in found.because}


def spans(facts: Iterable[Fact], scale: str, **policies: str | float) -> Iterator[tuple[float, float | None, str]]:
    """The whole course as (from hour, to hour, grade as shown)."""
    for e in grade(list(facts), rules(**policies)):
        if e.scale == scale:
            yield hour_of(e.start), None if e.end is None else hour_of(e.end), e.shown
