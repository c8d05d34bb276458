"""What was had: disease, the way to the cells, the infusion, its toxicity and what was given for it, out of the record.

Fields of a treatment summary: ASCO 2014 survivorship care plan; CIBMTR Forms 4000, 4006 and 4100. What nobody recorded
is None or empty, and is told as not recorded: it never counts as none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.products import Product, product
from cartway.record import Fact
from cartway.times import Instant, to_datetime
from cartway.toxicity import Episode, Rules, grade
from cartway.toxicity.infections import Infection, infections

CRS, ICANS, EARLY, LATE = "crs.astct", "icans.astct", "icaht.early", "icaht.late"
GIVEN = (
    "tocilizumab", "siltuximab", "anakinra", "dexamethasone", "methylprednisolone", "prednisone", "prednisolone",
    "hydrocortisone", "ruxolitinib", "emapalumab", "etoposide", "norepinephrine", "epinephrine", "phenylephrine",
    "vasopressin", "filgrastim", "pegfilgrastim", "eltrombopag", "romiplostim", "immunoglobulin", "stem_cell_boost",
)  # fmt: skip
"""Drugs that a later clinician asks for: against CRS and ICANS, for pressure, for the counts."""


class Toxicity(msgspec.Struct, frozen=True):
    """The worst of a scale. `grade` is None where it was never assessable; `at_least` where something was missing."""

    grade: int | None = None
    at_least: bool = False
    first: date | None = None
    last: date | None = None


class Given(msgspec.Struct, frozen=True):
    """A drug of `GIVEN`: how often it was charted, the first and the last day."""

    drug: str
    times: int
    first: date
    last: date


class Treatment(msgspec.Struct, frozen=True):
    """A course up to now as a summary. `infused` are the days on which cells went in; `before` the lines told."""

    diagnosis: Fact | None
    stage: str
    before: int | None
    transplants: tuple[Fact, ...]
    collected: date | None
    bridging: tuple[Fact, ...]
    depletion: Fact | None
    depleted: tuple[date, ...]
    infused: tuple[date, ...]
    choice: str
    product: Product | None
    lots: tuple[str, ...]
    dose_million: float | None
    crs: Toxicity
    icans: Toxicity
    icaht: Toxicity
    iec_hs: bool
    given: tuple[Given, ...]
    infections: tuple[Infection, ...]
    transfusions: int
    trial: str
    simulated: bool

    @property
    def target(self) -> str:
        """What the cells look for, empty where it is not held."""
        return " and ".join(self.product.targets) if self.product else ""


def treatment(course: Course, rules: Rules, zone: tzinfo) -> Treatment:
    """The summary of a course by `course.now`. Days are the center's."""
    infusions, diagnosis = course.all("infusion"), course.last("diagnosis")
    last = infusions[-1] if infusions else None
    chosen = course.last("product_chosen")
    choice = last.choice if last else chosen.choice if chosen else ""
    episodes = grade(course.facts, rules, course.now, (CRS, ICANS, EARLY, LATE)) if infusions else []
    depletion = course.all("lymphodepletion")
    doses = [dose for fact in infusions if isinstance(dose := fact.detail.get("dose_million_cells"), int | float)]
    return Treatment(
        diagnosis=diagnosis,
        stage=str(diagnosis.detail.get("stage", "")) if diagnosis else "",
        before=_lines(course),
        transplants=tuple(course.all("transplant")),
        collected=_day(_collected(course), zone),
        bridging=tuple(fact for fact in course.all("bridging_therapy") if fact.choice != "none"),
        depletion=depletion[0] if depletion else None,
        depleted=_days(depletion, zone),
        infused=_days(infusions, zone),
        choice=choice,
        product=product(choice) if choice else None,
        lots=tuple(dict.fromkeys(str(fact.detail["lot"]) for fact in infusions if fact.detail.get("lot"))),
        dose_million=sum(doses) if infusions and len(doses) == len(infusions) else None,
        crs=worst(episodes, (CRS,), zone),
        icans=worst(episodes, (ICANS,), zone),
        icaht=worst(episodes, (EARLY, LATE), zone),
        iec_hs=any(_says_iec_hs(fact) for fact in course.all("iec_hs_context")),
        given=_given(course, zone),
        infections=tuple(each for each in infections(course.facts, course.now) if not each.ruled_out),
        transfusions=len(course.all("transfusion")),
        trial=_trial(course),
        simulated=any(fact.simulated for fact in course.facts),
    )


def worst(episodes: Sequence[Episode], scales: Sequence[str], zone: tzinfo) -> Toxicity:
    """The highest grade on any of the scales, and the days from the first to the last on which there was any."""
    graded = [each for each in episodes if each.scale in scales and each.grade is not None]
    if not graded:
        return Toxicity()
    there = [each for each in graded if each.grade]
    if not there:
        return Toxicity(0, any(each.missing for each in graded))
    top = max(there, key=lambda each: each.grade or 0)
    last = there[-1].end if there[-1].end is not None else there[-1].start
    return Toxicity(top.grade, bool(top.missing), _day(there[0].start, zone), _day(last, zone))


def _lines(course: Course) -> int | None:
    """The highest line told; None where none was."""
    told = [int(fact.value) for fact in course.all("line_of_therapy") if fact.value is not None]
    return max(told, default=None)


def _collected(course: Course) -> Instant | None:
    done = course.last("collection", choice="completed") or course.last("collection", choice="")
    return done.at if done else None


def _given(course: Course, zone: tzinfo) -> tuple[Given, ...]:
    found = []
    start = course.first("infusion")
    for drug in GIVEN:
        facts = [fact for fact in course.all("drug", choice=drug) if start is not None and fact.at >= start.at]
        if facts:
            first, last = _day(facts[0].at, zone), _day(facts[-1].at, zone)
            found.append(Given(drug, len(facts), first or date.min, last or date.min))
    return tuple(found)


def _says_iec_hs(fact: Fact) -> bool:
    """Whether the team spoke of it as there: with a severity, or something given for it."""
    return bool(fact.detail.get("severity")) or bool(fact.detail.get("interventions"))


def _trial(course: Course) -> str:
    enrolled = course.last("trial_option", choice="enrolled")
    return str(enrolled.detail.get("trial") or enrolled.about) if enrolled else ""


def _day(at: Instant | None, zone: tzinfo) -> date | None:
    return None if at is None else to_datetime(at).astimezone(zone).date()


def _days(facts: Sequence[Fact], zone: tzinfo) -> tuple[date, ...]:
    return tuple(dict.fromkeys(to_datetime(fact.at).astimezone(zone).date() for fact in facts))
