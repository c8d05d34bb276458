"""Fever and shock on the chart: what a finding of before does not know of."""

from __future__ import annotations

import msgspec

from cartway.pathway.conditioning.case import Case
from cartway.record import Fact
from cartway.times import Instant
from cartway.toxicity import load_rules
from cartway.vocabulary import vocabulary

PRESSOR = "vasopressor"
CHILD = 10  # years: below, the fifth centile by age (PALS); from then on one limit


class Sign(msgspec.Struct, frozen=True):
    """One sign in words (``fever of Dec 7 21:36 (39.4)``) and its fact."""

    words: str
    fact: Fact


def fevers(case: Case, since: Instant) -> list[Fact]:
    """The temperatures after `since` at or above the ward's threshold of fever."""
    limit = load_rules().number("fever_celsius")
    read = case.course.all("body_temperature")
    return [fact for fact in read if fact.at > since and fact.value is not None and fact.value >= limit]


def fever(case: Case, since: Instant) -> Sign | None:
    """The newest fever after `since`."""
    found = fevers(case, since)
    return Sign(f"fever of {case.hour_of(found[-1].at)} ({found[-1].value:g})", found[-1]) if found else None


def shock(case: Case, since: Instant) -> Sign | None:
    """The newest low systolic pressure after `since`, or a vasopressor that was given after it."""
    limit = _lowest_systolic(case)
    low = [
        Sign(f"systolic pressure of {case.hour_of(fact.at)} ({fact.value:g})", fact)
        for fact in case.course.all("systolic_pressure")
        if fact.at > since and fact.value is not None and fact.value < limit
    ]
    pressors = [
        Sign(f"{fact.choice.replace('_', ' ')} of {case.hour_of(fact.at)}", fact)
        for fact in case.course.all("drug")
        if _presses(fact) and (fact.at > since or (fact.until is not None and fact.until > since))
    ]
    return max([*low, *pressors], key=lambda sign: sign.fact.at, default=None)


def fever_or_shock(case: Case, since: Instant) -> Sign | None:
    """The newer of the two."""
    found = [sign for sign in (fever(case, since), shock(case, since)) if sign is not None]
    return max(found, key=lambda sign: sign.fact.at, default=None)


def _presses(fact: Fact) -> bool:
    choice = vocabulary().variables["drug"].choices.get(fact.choice)
    return choice is not None and PRESSOR in choice.classes and fact.value != 0


def _lowest_systolic(case: Case) -> float:
    """The ward's limit of hypotension; under 10 years 70 plus twice the age in years (PALS)."""
    age = case.age_years
    if age is not None and age < CHILD:
        return 70 + 2 * int(age)
    return load_rules().number("hypotension_systolic_mmhg")
