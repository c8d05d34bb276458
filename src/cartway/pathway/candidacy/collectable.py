"""Can T cells be collected, and from which day on? Washouts and counts; see `washouts.toml` and `criteria.toml`."""

from __future__ import annotations

from datetime import date

import msgspec

from cartway.pathway.answer import Criterion, Severity
from cartway.pathway.candidacy.ages import current
from cartway.pathway.candidacy.counting import counting
from cartway.pathway.candidacy.days import day_of
from cartway.pathway.candidacy.exposures import exposures, lines_recorded, taken_immunosuppression
from cartway.pathway.candidacy.washouts import APHERESIS, Washout, rules_of, untold, washouts
from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.vocabulary import vocabulary

_AUTOIMMUNE = ("sle", "stiff_person_syndrome", "autoimmune")


class Earliest(msgspec.Struct, frozen=True):
    """From which day on cells may be collected.

    `day` is the first on which every least interval is over, None where a last dose, or what was given at all, is not
    known; `preferred` the same for the preferred intervals; `known` is `day` by what is known. `day` and `preferred`
    are never before today. `uncovered` names therapies for which the table has no interval, `untold` those of which
    nobody recorded what was in them and that are not long enough ago.
    """

    day: date | None
    preferred: date | None
    known: date
    table: str
    washouts: tuple[Washout, ...]
    criteria: tuple[Criterion, ...]
    uncovered: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def blocking(self) -> tuple[Washout, ...]:
        """The washouts that `day` waits for, or that cannot be worked out."""
        counted = [each for each in self.washouts if each.before == APHERESIS and each.min_days]
        firm = [each for each in counted if each.severity is not Severity.note]
        return tuple(each for each in firm if each.until is None or each.until == self.day)


def earliest_collection(course: Course, center: Course, product: str = "") -> Earliest:
    """From which day on cells may be collected for a product (any, where none is named), and what it waits for.

    Each interval is the holder's, else the center's, else the shipped one; the table follows the diagnosis.
    """
    today, table, policies = day_of(course.now), table_of(course), policies_of(center)
    given = [*exposures(course), *taken_immunosuppression(course, policies.number("candidacy_prednisone_mg_allowed"))]
    found, hidden = washouts(given, table, center, product), untold(given, table, today)
    waited = [each for each in found if each.before == APHERESIS and each.severity is not Severity.note]
    relative = policies.text("candidacy_relative_washouts") == "counted"
    firm = [each for each in waited if relative or each.severity is not Severity.relative]
    ends = [each.until for each in firm if each.min_days]
    preferred = [each.preferred_until for each in waited if each.preferred_days]
    unsaid = bool(hidden) or not lines_recorded(course)
    return Earliest(
        day=None if unsaid else _latest(ends, today),
        preferred=None if unsaid else _latest(preferred, today),
        known=max([today, *(end for end in ends if end)]),
        table=table,
        washouts=found,
        criteria=tuple(current(counting(course, policies, found, hidden), course, policies)),
        uncovered=tuple(each.words for each in given if each.is_line and each.stated and not rules_of(each, table)),
        untold=tuple(each.words for each in hidden),
    )


def _latest(ends: list[date | None], today: date) -> date | None:
    """The last of these days, today if all are over, None if one is not known."""
    known = [end for end in ends if end is not None]
    return max([today, *known]) if len(known) == len(ends) else None


def table_of(course: Course) -> str:
    """Which washout table is in force: the diagnosis' group says so; cancer where there is no diagnosis."""
    diagnosis = course.last("diagnosis")
    choice = vocabulary().variables["diagnosis"].choices.get(diagnosis.choice) if diagnosis else None
    return "autoimmune" if choice and any(each in _AUTOIMMUNE for each in choice.classes) else "cancer"
