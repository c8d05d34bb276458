"""Doses of drugs as jumps of the model's states. What the model knows nothing of is told, not dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import DAY, Instant
from cartway.twin.model import load_model
from cartway.twin.solver import Event
from cartway.vocabulary import vocabulary

# Milligrams of dexamethasone that equal one of each: the customary anti-inflammatory equivalents (not confirmed).
DEXAMETHASONE = {
    "dexamethasone": 1.0, "betamethasone": 1.25, "methylprednisolone": 0.1875, "prednisolone": 0.15,
    "prednisone": 0.15, "hydrocortisone": 0.0375,
}  # fmt: skip
MILLIGRAMS: Mapping[str, float] = {"mg": 1.0, "g": 1000.0, "ug": 0.001}
TOCILIZUMAB_UG_ML = 90.0  # of 8 mg/kg
IVIG_G_L = 3.0  # of 0.4 g/kg
PLATELETS = 20.0  # 10*9/L of one transfusion
PEG_DAYS = 7  # pegfilgrastim acts about as long as so many daily doses of filgrastim (assumed)
USUAL_KG = 70.0
UNKNOWN_CLASSES = frozenset({"anti_cytokine", "immunosuppressant", "jak_inhibitor"})


class Given(NamedTuple):
    """One dose: the fact, its day, milligrams where its unit is a mass or can be made one, and the weight, kg."""

    choice: str
    day: float
    mg: float | None
    kg: float


def drug_events(course: Course, zero: Instant) -> tuple[list[Event], list[str]]:
    """Events of the drugs and blood products since the model's first day, and notes of what the model leaves out."""
    first = zero + round(load_model().first_day * DAY)
    weight = course.last("body_weight")
    kg = weight.value if weight is not None and weight.value else USUAL_KG
    facts = [fact for fact in course.all("drug") if fact.at >= first and fact.choice]
    events = [
        event for fact in facts for event in _events(Given(fact.choice, (fact.at - zero) / DAY, _mg(fact, kg), kg))
    ]
    events += [
        Event((fact.at - zero) / DAY, "PLT", PLATELETS)
        for fact in course.all("transfusion", choice="platelets") if fact.at >= first
    ]  # fmt: skip
    return events, [*_left_out(facts), *_undosed(facts, kg)]


def _undosed(facts: list[Fact], kg: float) -> Iterator[str]:
    """Drugs without a dose that can be read, for which a usual one was taken."""
    for name in ("tocilizumab", "anakinra", "immunoglobulin", *DEXAMETHASONE):
        if any(fact.choice == name and _mg(fact, kg) is None for fact in facts):
            yield f"A dose of {name} is not charted as a mass: a usual one is assumed."


def _mg(fact: Fact, kg: float) -> float | None:
    """The dose in milligrams; None where none is charted in a mass."""
    if fact.value is None:
        return None
    unit, each, _ = fact.unit.partition("/kg")
    factor = MILLIGRAMS.get(unit)
    return None if factor is None else fact.value * factor * (kg if each else 1.0)


def _events(given: Given) -> Iterator[Event]:
    day, mg, classes = given.day, given.mg, _classes(given.choice)
    if given.choice == "tocilizumab":
        yield Event(day, "C", TOCILIZUMAB_UG_ML * (1.0 if mg is None else mg / given.kg / 8.0))
    elif given.choice in DEXAMETHASONE:
        yield Event(day, "D", 10.0 if mg is None else mg * DEXAMETHASONE[given.choice])
    elif given.choice == "anakinra":
        yield Event(day, "AN", 1.0 if mg is None else mg / 100.0)
    elif given.choice == "pegfilgrastim":
        yield from (Event(day + i, "G", 1.0) for i in range(PEG_DAYS))
    elif "g_csf" in classes:
        yield Event(day, "G", 1.0)
    elif given.choice == "immunoglobulin":
        yield Event(day, "IgG", IVIG_G_L * (1.0 if mg is None else mg / 1000.0 / given.kg / 0.4))


def _classes(choice: str) -> tuple[str, ...]:
    found = vocabulary().variables["drug"].choices.get(choice)
    return () if found is None else tuple(found.classes)


def _left_out(facts: list[Fact]) -> Iterator[str]:
    """Drugs that act on the same things and that the model does not have."""
    known = {"tocilizumab", "anakinra", *DEXAMETHASONE}
    for name in sorted({fact.choice for fact in facts} - known):
        if UNKNOWN_CLASSES & set(_classes(name)):
            yield f"The model knows nothing of {name.replace('_', ' ')}, which was given."
