"""What a course says that a forecast can use: product, disease, time zero, what was given, what was measured.

Treatments are taken as they were given. They were chosen by what was seen, so they tell nothing more of the patient
than the readings do, and need no likelihood of their own.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import DAY, Instant
from cartway.twin.course.plan import LAST_PART_DAYS_LATE
from cartway.twin.forecast.disease import Answer, answer_of
from cartway.twin.forecast.doses import drug_events
from cartway.twin.forecast.measured import Reading, measured
from cartway.twin.forecast.standing import Standing, standing_of
from cartway.twin.model import load_model
from cartway.twin.population import Disease, Part, Product, disease_of, mismatch, product_of, regimen_of
from cartway.twin.solver import Event

SOONEST = 0.05
"""Days: earlier than this the infusion itself is still under way."""


class Case(NamedTuple):
    """One course as a forecast sees it at `day` (from the first infusion, at `zero`).

    `events`: what was given so far, in days; `readings`: in time order; `standing`: where its reaction stands;
    `answer`: where its disease does; `parts`: infusions so far; `notes`: what was assumed or left out.
    """

    course: str
    product: Product
    disease: Disease
    zero: Instant
    day: float
    events: tuple[Event, ...]
    readings: tuple[Reading, ...]
    standing: Standing
    answer: Answer = Answer()
    parts: int = 1
    notes: tuple[str, ...] = ()


def case_of(course: Course) -> Case | Problem:
    """The case of a course at its present moment.

    Problems: ``no_infusion``, ``no_product``, ``no_disease``, ``unknown_twin_product``, ``unknown_twin_disease``,
    ``target_not_on_disease``, ``course_ended``.
    """
    infused = course.all("infusion")
    if not infused:
        remedy = "A forecast begins with the infusion: chart it with its time and product."
        return Problem("no_infusion", "No infusion is charted.", remedy)
    if course.first("death") is not None:
        return Problem("course_ended", "The course has ended.", "Ask with --at for a moment before.")
    product, disease = _product(infused), _disease(course)
    if isinstance(product, Problem):
        return product
    if isinstance(disease, Problem):
        return disease
    if (problem := mismatch(product, disease)) is not None:
        return problem
    zero = infused[0].at
    events, notes = _given(course, product, disease, zero)
    readings = measured(course, zero)
    day = (course.now - zero) / DAY
    return Case(
        course.id,
        product,
        disease,
        zero,
        day,
        events,
        readings,
        standing_of(course),
        answer_of(course, zero),
        len(infused),
        notes,
    )


def _product(infused: list[Fact]) -> Product | Problem:
    names = {fact.choice for fact in infused if fact.choice}
    if len(names) != 1:
        reason = "The infusions name more than one product." if names else "The infusion does not name its product."
        return Problem("no_product", reason, "Chart which product was infused.")
    return product_of(names.pop())


def _disease(course: Course) -> Disease | Problem:
    told, age = course.last("diagnosis"), course.last("age")
    if told is None or not told.choice:
        return Problem("no_disease", "No diagnosis is charted.", "Chart the diagnosis that the cells are for.")
    return disease_of(told.choice, None if age is None else age.value)


# What was given


def _given(
    course: Course, product: Product, disease: Disease, zero: Instant
) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    regimen = regimen_of(product, disease)
    days, note = _depletion_days(course, regimen.lymphodepletion.days, zero)
    chemotherapy = [Event(day, "L", regimen.lymphodepletion.intensity) for day in days]
    drugs, left_out = drug_events(course, zero)
    cells, counted = _infusions(course, product, disease, zero)
    events = sorted([*chemotherapy, *cells, *drugs], key=lambda event: event.at)
    return tuple(events), tuple(each for each in (note, counted, *left_out) if each)


def _depletion_days(course: Course, usual: tuple[float, ...], zero: Instant) -> tuple[tuple[float, ...], str]:
    """The days of lymphodepletion, from what is charted; else as the product's label says, and a note."""
    drugs = [fact for name in ("fludarabine", "bendamustine") for fact in course.all("drug", choice=name)]
    days = sorted({float((fact.at - zero) // DAY) for fact in drugs if -10 * DAY < fact.at - zero < 0})
    first = load_model().first_day
    if days:
        return tuple(max(day, first) for day in days), ""
    started = [fact for fact in course.all("lymphodepletion", choice="started") if fact.at < zero]
    if started and zero - started[-1].at < 14 * DAY:
        begun = max(float((started[-1].at - zero) // DAY), first)
        return tuple(begun + day - usual[0] for day in usual if begun + day - usual[0] < 0), ""
    return usual, "The days of lymphodepletion are not charted: those of the product's regimen are assumed."


def _infusions(course: Course, product: Product, disease: Disease, zero: Instant) -> tuple[list[Event], str]:
    """The cells given. Doses that are not charted are those of the regimen."""
    infused = course.all("infusion")
    parts = regimen_of(product, disease).infusions
    planned, note, found = planned_cells(course, product, disease), "", []
    for i, fact in enumerate(infused):
        dose = fact.detail.get("dose_million_cells")
        share = _share(parts, i, len(infused))
        if isinstance(dose, int | float) and dose > 0:
            cells = dose * 1e6
        else:
            cells, note = planned * share, "The dose of cells is not charted: that of the product's regimen is assumed."
        found.append(Event((fact.at - zero) / DAY, "TI", cells))
    return found, note


def _share(parts: tuple[Part, ...], place: int, given: int) -> float:
    """The share of the cells that an infusion is planned to bring; components charted as one come together."""
    if given == 1:
        return sum(part.share for part in parts if part.day < 1)
    return parts[place].share if given <= len(parts) else 1 / given


def parts_left(case: Case) -> tuple[Part, ...]:
    """The later parts of a split dose that are still to come, by what was charted: one that is overdue is given as
    soon as it may be, and after 12 days no more.
    """
    planned = regimen_of(case.product, case.disease).infusions[case.parts :]
    left = [part for part in planned if part.day >= 1 and case.day <= part.day + LAST_PART_DAYS_LATE]
    return tuple(msgspec.structs.replace(part, day=max(part.day, case.day, SOONEST)) for part in left)


def planned_cells(course: Course, product: Product, disease: Disease) -> float:
    """Cells that the regimen gives; of one by weight without a charted weight, those for 70 kg."""
    regimen = regimen_of(product, disease)
    weight = course.last("body_weight")
    kg = weight.value if weight is not None and weight.value else 70.0
    cells = regimen.cells if regimen.cells is not None else (regimen.cells_per_kg or 2e6) * kg
    return min(cells, regimen.most_cells or cells)
