"""Reading a study from facts: levels of CAR T cells since each course's infusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import DAY
from cartway.twin.forecast.doses import drug_events
from cartway.twin.nlme.study import Array, Dose, Study, wrong_limit
from cartway.twin.solver import Event
from cartway.vocabulary import vocabulary

LATEST = 2**62
MEASURED = ("car_t_copies", "car_t_cells")


class Read(NamedTuple):
    """A study of facts, and how many courses were `left_out`, by why."""

    study: Study
    left_out: Mapping[str, int]


class _Subject(NamedTuple):
    day: list[float]
    value: list[float]
    below: list[bool]
    doses: tuple[Dose, ...]
    events: tuple[Event, ...]
    covariates: Mapping[str, float]


def read_courses(
    courses: Mapping[str, Sequence[Fact]], what: str = MEASURED[0], limit: float = float("nan")
) -> Read | Problem:
    """The study of one variable in some courses: facts in force, in time order. Days are exact, from the first
    infusion.

    A value that its fact marks `below`, or that is less than the fact's `lower_limit` (else `limit`, else the highest
    limit that the course's own values below one name), lies below it: as in `response.kinetics`. Covariates are the
    last numbers before the infusion, and `product_NAME` (0 or 1) of each product that was infused.

    Problems: ``no_such_variable``, ``no_observation``, ``no_limit``, ``wrong_limit``.
    """
    if wrong := wrong_limit(limit):
        return wrong
    variable = vocabulary().variables.get(what)
    if variable is None or variable.kind != "number":
        remedy = f"Use {' or '.join(MEASURED)}, or another number of the vocabulary."
        return Problem("no_such_variable", f"There is no number '{what}' in the vocabulary.", remedy)
    found: dict[str, _Subject] = {}
    left_out: dict[str, int] = {}
    for course, facts in courses.items():
        subject = _subject(facts, what, limit)
        if isinstance(subject, Problem):
            return subject.at(f"course {course}")
        if isinstance(subject, str):
            left_out[subject] = left_out.get(subject, 0) + 1
        else:
            found[course] = subject
    if len(found) < 2:
        return Problem("no_observation", f"Fewer than two courses have {what} after an infusion.", "Check the facts.")
    return Read(_study(found, what, variable.unit), left_out)


def _subject(facts: Sequence[Fact], what: str, limit: float) -> _Subject | Problem | str:
    infusions = [fact for fact in facts if fact.what == "infusion"]
    if not infusions:
        return "no infusion"
    zero = infusions[0].at
    drugs, _ = drug_events(Course(facts, LATEST), zero)
    subject = _Subject([], [], [], tuple(_doses(infusions, zero)), tuple(drugs), _known(facts, zero, infusions))
    if np.isnan(limit):
        below = (fact.value for fact in facts if fact.what == what and fact.detail.get("below"))
        limit = max((value for value in below if value), default=limit)
    for fact in facts:
        if fact.what != what or fact.at <= zero or fact.value is None:
            continue
        seen = _seen(fact, limit)
        if isinstance(seen, Problem):
            return seen
        subject.day.append((fact.at - zero) / DAY)
        subject.value.append(seen[0])
        subject.below.append(seen[1])
    return subject if subject.day else f"no {what} after the infusion"


def _seen(fact: Fact, limit: float) -> tuple[float, bool] | Problem:
    """The level and False, or the limit that it lies below and True."""
    assert fact.value is not None
    stated = fact.detail.get("lower_limit")
    lowest = float(stated) if isinstance(stated, int | float) and stated > 0 else limit
    level, below = max(fact.value, 0.0), bool(fact.detail.get("below"))
    if below and level:
        return level, True
    if below and lowest > 0:
        return lowest, True
    if level < lowest:
        return lowest, True
    if not level:
        remedy = "Give the assay's limit of quantification with --lloq."
        return Problem("no_limit", f"{fact.what} is 0, and the limit of the assay is not known.", remedy)
    return fact.value, False


def _doses(infusions: Iterable[Fact], zero: int) -> Iterable[Dose]:
    for fact in infusions:
        millions = fact.detail.get("dose_million_cells")
        yield Dose((fact.at - zero) / DAY, 1e6 * millions if isinstance(millions, int | float) else float("nan"))


def _known(facts: Sequence[Fact], zero: int, infusions: Sequence[Fact]) -> Mapping[str, float]:
    """The last number of each variable by the infusion, and which product was infused."""
    found = {fact.what: fact.value for fact in facts if fact.at <= zero and fact.value is not None and not fact.about}
    return {**found, **{f"product_{fact.choice}": 1.0 for fact in infusions if fact.choice}}


def _study(found: Mapping[str, _Subject], what: str, unit: str) -> Study:
    counts = [len(each.day) for each in found.values()]
    return Study(
        tuple(found),
        np.repeat(np.arange(len(found)), counts).astype(np.int64),
        np.concatenate([each.day for each in found.values()]),
        np.concatenate([each.value for each in found.values()]),
        np.concatenate([each.below for each in found.values()]),
        tuple(each.doses for each in found.values()),
        _covariates(found.values()),
        what,
        unit,
        tuple(each.events for each in found.values()),
    )


def _covariates(subjects: Iterable[_Subject]) -> Mapping[str, Array]:
    each = [subject.covariates for subject in subjects]
    names = sorted({name for known in each for name in known})
    return {
        name: np.array([known.get(name, 0.0 if name.startswith("product_") else np.nan) for known in each])
        for name in names
    }
