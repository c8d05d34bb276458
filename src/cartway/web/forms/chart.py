"""What the forms know of a course, and how a value typed into a field becomes a fact of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

import msgspec

from cartway.problem import Problem
from cartway.record import Fact, current
from cartway.times import Instant
from cartway.toxicity import Rules
from cartway.toxicity.wording import unit_text
from cartway.vocabulary import Variable, convert, read_unit, read_value, vocabulary
from cartway.web.forms.draft import Draft, Flaw, doubted, flawed
from cartway.web.forms.entries import Entries, read_note, read_number

UNITS: Mapping[str, str] = {"Cel": "°C", "[degF]": "°F", "mm[Hg]": "mmHg", "/min": "per min", "{score}": ""}
HINTS: Mapping[str, str] = {
    "systolic_pressure": "If none could be measured, clear this field and tick 'No pressure could be measured'.",
}


class Chart(msgspec.Struct, frozen=True):
    """A course as it is charted at `now`: `facts` all in commit order, `stated` those in force that are true by now."""

    course: str
    facts: Sequence[Fact]
    stated: Sequence[Fact]
    now: Instant
    zone: tzinfo
    rules: Rules

    def last(self, *whats: str) -> Fact | None:
        """The newest fact in force of any of these variables."""
        found = (fact for fact in reversed(self.stated) if fact.what in whats)
        return next(found, None)

    @property
    def begins(self) -> Instant:
        """The time of the first fact of the course that is in force."""
        return self.stated[0].at if self.stated else self.now


def chart_of(course: str, facts: Sequence[Fact], now: Instant, zone: tzinfo, rules: Rules) -> Chart:
    """A course's chart of all its facts, in commit order."""
    return Chart(course, facts, [fact for fact in current(facts) if fact.at <= now], now, zone, rules)


def unit_shown(unit: str) -> str:
    """A UCUM unit as a ward writes it."""
    return UNITS.get(unit) or unit_text(unit)


def measured(entries: Entries, at: Instant, what: str, unit: str = "") -> Draft:
    """The number typed into the field `what`, in `unit` (canonical if empty), as a fact; nothing where it is empty."""
    text, variable = entries[what], vocabulary().variables[what]
    if not text:
        return Draft()
    number = read_number(text)
    if isinstance(number, Problem):
        return flawed(what, number)
    return valued(variable, number, unit or variable.unit, at, what, text)


def valued(variable: Variable, number: float, unit: str, at: Instant, field: str, text: str) -> Draft:
    """A number in a unit as a fact of a variable, converted; what was said is kept where that differs."""
    conversion, value = read_unit(variable, unit), read_value(variable, number, unit)
    if isinstance(conversion, Problem):
        return flawed(field, conversion)
    if isinstance(value, Problem):
        return flawed(field, _in_words(value, variable, unit))
    said = f"{number:.12g} {unit}" if value != number else ""
    fact = Fact("", at, variable.name, value, conversion.unit, said=said)
    return Draft((fact,)) + _plausible(variable, value, unit, field, text)


def _in_words(problem: Problem, variable: Variable, unit: str) -> Problem:
    """The vocabulary's refusal of an impossible value, with the limits in the unit that was typed."""
    if problem.code != "impossible_value" or variable.possible is None:
        return problem
    low, high = (f"{in_unit(edge, variable.unit or unit, unit):g}" for edge in variable.possible)
    whole = ", whole numbers" if variable.whole else ""
    remedy = f"Possible is {low} to {high} {unit_shown(unit)}{whole}. {HINTS.get(variable.name, '')}".strip()
    return Problem("impossible_value", f"{variable.label} is outside what is possible.", remedy)


def _plausible(variable: Variable, value: float, unit: str, field: str, text: str) -> Draft:
    usual = variable.plausible
    if usual is None or usual[0] <= value <= usual[1]:
        return Draft()
    low, high = (f"{in_unit(edge, variable.unit, unit):g}" for edge in usual)
    shown = unit_shown(unit)
    return doubted(field, text, f"{variable.label}: {text} {shown}. Is that right? Usual is {low} to {high} {shown}.")


def in_unit(value: float, canonical: str, unit: str) -> float:
    """A canonical number in another unit, to a tenth."""
    found = convert(value, canonical, unit) if unit != canonical else value
    return round(value if found is None else found, 1)


def chosen(entries: Entries, at: Instant, what: str, *, field: str = "", **detail: Any) -> Draft:
    """The choice of a field as a fact; nothing where none was made."""
    name, variable = entries[field or what], vocabulary().variables[what]
    if not name:
        return Draft()
    if name not in variable.choices:
        return flawed(field or what, unknown_choice(variable.label))
    return Draft((Fact("", at, what, choice=name, detail={key: said for key, said in detail.items() if said}),))


def amending(fact: Fact, old: Fact, reason: str, facts: Iterable[Fact]) -> Fact:
    """A fact as the amendment of another. Where several sources use the key, it speaks as the source of that one."""
    sources = {each.source for each in facts if each.key == old.key}
    source = old.source if len(sources) > 1 else ""
    return msgspec.structs.replace(fact, amends=old.key, reason=reason, source=source)


def unknown_choice(label: str) -> Problem:
    """A choice that no page offers."""
    return Problem("unknown_choice", f"{label} has no such choice.", "Choose one of those shown.")


def noted(entries: Entries, field: str) -> tuple[str, Draft]:
    """The note of a field, and what is wrong with it."""
    note = read_note(entries[field])
    return ("", flawed(field, note)) if isinstance(note, Problem) else (note, Draft())


def valid(facts: Iterable[Fact]) -> tuple[Flaw, ...]:
    """What the record would not take, as problems of the whole form. The readers let none of it through."""
    from cartway.record import validate

    problems = (validate(fact, vocabulary()) for fact in facts)
    return tuple(Flaw("", problem) for problem in problems if problem is not None)
