"""A measured number, or why there is none: what a dose may be worked out of.

A weight, height or creatinine that is missing, unreadable, stale, implausible, out of line with the course's others or
contradicted by another one has no value here, so that no dose can come of it. Doses are exact decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

import msgspec

from cartway.pathway.conditioning.case import Case
from cartway.record import UNREADABLE, Fact
from cartway.times import DAY, HOUR, Instant
from cartway.vocabulary import vocabulary

ADULT = 18  # years: labels call those adults; growth makes heights of the others differ


class Measured(msgspec.Struct, frozen=True):
    """One number to work with. `value` is None where it may not be used: then `flaw` says what is wrong in a word,
    `words` in a sentence, and `policy` which policy decided, empty where none did.
    """

    what: str
    value: Decimal | None
    unit: str
    facts: tuple[Fact, ...] = ()
    flaw: str = ""
    words: str = ""
    policy: str = ""

    @property
    def label(self) -> str:
        """What it is called on a page."""
        return vocabulary().variables[self.what].label


def weight(case: Case) -> Measured:
    """The body weight in kg."""
    found = _newest(case, "body_weight", "weight_max_age_days")
    if found.value is None:
        return found
    facts = case.course.all("body_weight")
    agreement = case.policies.number("weight_agreement_percent")
    twin = _differs(facts, found, DAY, agreement)
    if twin is not None:
        words = f"Two weights within a day differ by more than {agreement:g} %: one of them is wrong."
        return _unfit(found, "contradictory", words, "weight_agreement_percent", twin)
    within = case.policies.number("weight_change_days") * DAY
    return _of_a_body(case, _in_line(case, found, facts, "weight_change_percent", within))


def _of_a_body(case: Case, found: Measured) -> Measured:
    """The weight, if it and the newest height can be those of one person. Of unknown age both ranges must hold."""
    tall = case.course.last("body_height")
    cm = _decimal(tall) if tall is not None else None
    if found.value is None or tall is None or cm is None or cm <= 0:
        return found
    index = found.value * 10000 / (cm * cm)
    child = case.age_years is None or case.age_years < ADULT
    adult = case.age_years is None or case.age_years >= ADULT
    names = [f"body_mass_index_{end}{who}" for who, is_one in (("", adult), ("_child", child)) if is_one
             for end in ("lowest", "highest")]  # fmt: skip
    for name in names:
        limit = Decimal(repr(case.policies.number(name)))
        if (index < limit) if "lowest" in name else (index > limit):
            words = (
                f"With a height of {cm.normalize():f} cm it makes a body-mass index of {index:.0f} kg/m2 "
                f"(limit {limit.normalize():f}): one of the two is wrong, or they were exchanged."
            )
            return _unfit(found, "implausible", words, name, tall)
    return found


def height(case: Case) -> Measured:
    """The body height in cm."""
    child = case.age_years is None or case.age_years < ADULT
    found = _newest(case, "body_height", "height_max_age_days_child" if child else "height_max_age_days")
    if found.value is None:
        return found
    facts = case.course.all("body_height")
    limit = case.policies.number("height_change_percent")
    twin = _differs(facts, found, DAY, limit)
    if twin is not None:
        words = f"Two heights within a day differ by more than {limit:g} %: one of them is wrong."
        return _unfit(found, "contradictory", words, "height_change_percent", twin)
    return found if child else _in_line(case, found, facts, "height_change_percent", None)


def creatinine(case: Case) -> Measured:
    """The serum creatinine in mg/dL, while it is steady: KDIGO 2012 says when it is not."""
    found = _newest(case, "creatinine", "creatinine_max_age_days")
    if found.value is None:
        return found
    rise, times = (Decimal(repr(case.policies.number(f"creatinine_rise_{name}"))) for name in ("mg_dl", "times"))
    newest = found.facts[-1]
    for fact in case.course.all("creatinine"):
        other = _decimal(fact)
        age = newest.at - fact.at
        if other is None or fact is newest or age > 7 * DAY:
            continue
        jumped = age <= 48 * HOUR and abs(found.value - other) >= rise
        if jumped or max(found.value, other) >= times * min(found.value, other):
            words = f"It was {other.normalize():f} mg/dL before: the kidneys are not in a steady state."
            return _unfit(
                found, "not steady", words, "creatinine_rise_mg_dl" if jumped else "creatinine_rise_times", fact
            )
    return found


def plausible_clearance(ml_min: Decimal, facts: tuple[Fact, ...]) -> Measured:
    """An estimated clearance in mL/min, if it lies within what is plausible of a measured one."""
    variable = vocabulary().variables["creatinine_clearance"]
    lowest, highest = variable.plausible or (0.0, 0.0)
    found = Measured("creatinine_clearance", ml_min, variable.unit, facts)
    if Decimal(repr(lowest)) <= ml_min <= Decimal(repr(highest)):
        return found
    words = (
        f"The estimate is {ml_min} mL/min, not between {lowest:g} and {highest:g}: a number that it rests on is wrong."
    )
    return _unfit(found, "implausible", words)


def clearance(case: Case) -> Measured:
    """A measured creatinine clearance in mL/min."""
    return _newest(case, "creatinine_clearance", "creatinine_max_age_days")


def _newest(case: Case, what: str, policy: str) -> Measured:
    """The newest number of a variable, if it is there, can be read, is recent and lies in the plausible range."""
    variable = vocabulary().variables[what]
    facts, name = case.course.all(what), variable.label.lower()
    if not facts:
        return Measured(what, None, variable.unit, (), "missing", f"There is no {name}.")
    newest = facts[-1]
    bare = Measured(what, _decimal(newest), variable.unit, (newest,))
    lost = [
        fact for fact in case.course.all(UNREADABLE) if fact.detail.get("variable") == what and fact.at >= newest.at
    ]
    if lost:
        return _unfit(bare, "unreadable", f"A newer {name} came in and could not be read.", "", lost[-1])
    if bare.value is None or (newest.unit and newest.unit != variable.unit):
        return _unfit(bare, "unreadable", f"The newest {name} has no number in {variable.unit}.")
    lowest, highest = variable.plausible or (0.0, 0.0)
    if not Decimal(repr(lowest)) <= bare.value <= Decimal(repr(highest)) or bare.value <= 0:
        return _unfit(bare, "implausible", f"It is not between {lowest:g} and {highest:g} {variable.unit}.")
    days = case.policies.number(policy)
    if case.now - newest.at > days * DAY:
        return _unfit(bare, "stale", f"It is older than {days:g} days.", policy)
    return bare


def _in_line(case: Case, found: Measured, facts: Sequence[Fact], policy: str, window: float | None) -> Measured:
    """The number, if it is in line with the middle of the course's other plausible ones."""
    lowest, highest = vocabulary().variables[found.what].plausible or (0.0, 0.0)
    others = [
        fact.value
        for fact in facts
        if fact is not found.facts[-1]
        and fact.value is not None
        and lowest <= fact.value <= highest
        and (window is None or case.now - fact.at <= window)
    ]
    limit = Decimal(repr(case.policies.number(policy)))
    if found.value is None or not others:
        return found
    usual = Decimal(repr(median(others)))
    if abs(found.value - usual) * 100 <= limit * usual:
        return found
    words = (
        f"It differs by more than {limit.normalize():f} % from {usual.normalize():f} {found.unit}, as measured before."
    )
    return _unfit(found, "implausible", words, policy)


def _differs(facts: Sequence[Fact], found: Measured, within: Instant, percent: float) -> Fact | None:
    """Another number of about the same time that differs by more than `percent`; None where there is none."""
    newest, value = found.facts[-1], found.value
    for fact in facts:
        other = _decimal(fact)
        if other is None or value is None or fact is newest or newest.at - fact.at > within:
            continue
        if abs(value - other) * 100 > Decimal(repr(percent)) * min(value, other):
            return fact
    return None


def _unfit(found: Measured, flaw: str, words: str, policy: str = "", *more: Fact) -> Measured:
    return msgspec.structs.replace(
        found, value=None, flaw=flaw, words=words, policy=policy, facts=(*found.facts, *more)
    )


def _decimal(fact: Fact) -> Decimal | None:
    """A fact's number as the exact decimal that was written; None where it has none."""
    number = None if fact.value is None else Decimal(repr(fact.value))
    return number if number is not None and number.is_finite() else None
