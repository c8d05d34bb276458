"""Counts and samples before and after a collection (COL-01 to COL-07, FIT-25)."""

from __future__ import annotations

from datetime import date

import msgspec

from cartway.pathway.answer import Criterion, Missing, Severity, Source
from cartway.pathway.candidacy.days import day_of
from cartway.pathway.candidacy.exposures import Exposure, lines_recorded
from cartway.pathway.candidacy.history import LINES, NO_LINES
from cartway.pathway.candidacy.rule import limit_of, no, unknown, yes
from cartway.pathway.candidacy.washouts import APHERESIS, Washout
from cartway.pathway.candidacy.wording import amount, on_day, stated
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact

_ACUTE = ("b_all", "t_all", "aml")
_MARKERS = ("hbsag", "anti_hbc", "hcv_antibody", "hiv_test")


def counting(
    course: Course, policies: PathwayPolicies, washouts: tuple[Washout, ...], untold: tuple[Exposure, ...]
) -> list[Criterion]:
    """Every criterion of the collection that applies now."""
    found = [
        lymphocytes(course, policies),
        t_cells(course, policies),
        blasts(course, policies),
        early(course),
        yield_of(course, policies),
        markers(course, policies),
        access(course),
    ]
    ran = waiting(washouts, untold, day_of(course.now), lines_recorded(course))
    return [*(each for each in found if each is not None), *ran]


def lymphocytes(course: Course, policies: PathwayPolicies) -> Criterion:
    """COL-01."""
    limit, fact = limit_of("COL-01", policies, "lymphocytes_at_least"), course.last("lymphocytes")
    if fact is None or fact.value is None:
        return unknown("COL-01", limit=limit)
    words = f"Lymphocytes {stated(fact)} (at least {amount(limit.number, fact.unit)})."
    answer = yes if fact.value >= limit.number else no
    return answer("COL-01", words, fact, limit=limit)


def t_cells(course: Course, policies: PathwayPolicies) -> Criterion:
    """COL-02. A preference: fewer cells make a longer collection, not none."""
    limit, fact = limit_of("COL-02", policies, "cd3_at_least"), course.last("cd3")
    if fact is None or fact.value is None:
        return unknown("COL-02", limit=limit)
    words = f"CD3-positive cells {stated(fact)} (preferably {amount(limit.number, fact.unit)})."
    answer = yes if fact.value >= limit.number else no
    return answer("COL-02", words, fact, limit=limit)


def blasts(course: Course, policies: PathwayPolicies) -> Criterion | None:
    """COL-03. Of acute leukemia: many leukocytes of which most are blasts."""
    diagnosis, share, cells = course.last("diagnosis"), course.last("blood_blasts"), course.last("leukocytes")
    if share is None and (diagnosis is None or diagnosis.choice not in _ACUTE):
        return None
    many = limit_of("COL-03", policies, "leukocytes_with_blasts_over")
    most = limit_of("COL-03", policies, "blasts_over")
    if share is not None and share.value is not None and share.value <= most.number:
        return yes("COL-03", f"Blasts {stated(share)} (up to {most.number:g} %).", share, limit=most)
    if cells is not None and cells.value is not None and cells.value <= many.number:
        return yes("COL-03", f"Leukocytes {stated(cells)} (up to {many.number:g}).", cells, limit=many)
    if share is None or share.value is None or cells is None:  # seen, and nobody said how many: not known
        return unknown("COL-03", limit=many)
    words = f"Leukocytes {stated(cells)}, of which blasts {stated(share)}."
    return no("COL-03", words, cells, share, limit=many)


def early(course: Course) -> Criterion:
    """COL-04. Said to the board, never held against anybody."""
    lines = [line for line in course.all("line_of_therapy") if line.value != 0]
    if not lines_recorded(course):
        return unknown("COL-04")
    told = f"{len(lines)} earlier line{'' if len(lines) == 1 else 's'}"
    return yes("COL-04", f"{told}; each more costs young T cells. Collect early.", *lines)


def yield_of(course: Course, policies: PathwayPolicies) -> Criterion | None:
    """COL-05. Of the last completed collection, all its days together; None before there is one."""
    days = [fact for fact in course.all("collection") if fact.choice == "completed"]
    if not days:
        return None
    least = limit_of("COL-05", policies, "cd3_collected_least")
    order = [fact for fact in days if fact.detail.get("coi") == days[-1].detail.get("coi")]
    counted = [float(fact.detail["cd3_million"]) for fact in order if fact.detail.get("cd3_million") is not None]
    if not counted:
        return unknown("COL-05", "CD3-positive cells of the collection are not recorded.", *order, limit=least)
    target = limit_of("COL-05", policies, "cd3_collected_target").number
    words = f"{sum(counted):g} million CD3-positive cells (least {least.number:g}, target {target:g})."
    answer = yes if sum(counted) >= least.number else no
    return answer("COL-05", words, *order, limit=least)


def markers(course: Course, policies: PathwayPolicies) -> Criterion:
    """COL-06. On the day of the planned collection, else today; then an old sample is only told."""
    limit = limit_of("COL-06", policies, "marker_days")
    drawn = [course.last(each) for each in _MARKERS]
    known = [fact for fact in drawn if fact is not None]
    if len(known) < len(_MARKERS):
        return unknown("COL-06", limit=limit)
    planned = next((fact for fact in course.ahead if fact.what == "appointment" and fact.choice == "collection"), None)
    day = day_of(planned.at if planned else course.now)
    oldest = min(known, key=lambda fact: fact.at)
    words = f"Oldest marker of {on_day(day_of(oldest.at))}, {_days(oldest, day)} before {on_day(day)}."
    if (day - day_of(oldest.at)).days <= limit.number:
        return yes("COL-06", words, oldest, limit=limit)
    return no("COL-06", words, oldest, limit=limit, severity=None if planned else Severity.note)


def _days(fact: Fact, day: date) -> str:
    count = (day - day_of(fact.at)).days
    return f"{count} day{'' if count == 1 else 's'}"


def access(course: Course) -> Criterion:
    """FIT-25."""
    told = course.last("venous_access")
    if told is None:
        return unknown("FIT-25")
    answer = no if told.choice == "inadequate" else yes
    return answer("FIT-25", f"Access: {stated(told)}.", told)


def waiting(
    washouts: tuple[Washout, ...], untold: tuple[Exposure, ...], today: date, recorded: bool
) -> list[Criterion]:
    """COL-07. One answer for each washout that still runs or cannot be worked out; one yes where none does.

    Where the lines of therapy are not `recorded`, nobody knows what else was given.
    """
    missing = (Missing("line_of_therapy", "the drug classes of it", "the referring center's medication record"),)
    found = [
        unknown("COL-07", f"{each.words}: what was in it is not recorded.", *each.facts, missing=missing)
        for each in untold
    ]
    found += [answer for each in washouts if (answer := _running(each, today)) is not None]
    if not recorded:
        found.append(unknown("COL-07", NO_LINES, missing=LINES))
    return found or [yes("COL-07", "No washout runs." if washouts else "No therapy with a washout on record.")]


def _running(washout: Washout, today: date) -> Criterion | None:
    if washout.severity is Severity.note or washout.before != APHERESIS:
        return None
    if washout.last is None and (washout.min_days or washout.preferred_days):
        words = f"{washout.what} ({washout.given}): the last dose is not known."
        return _sourced(washout, unknown("COL-07", words, *washout.facts, severity=washout.severity))
    if washout.running(today) and washout.until:
        words = f"{_last(washout)}; {washout.min_days} days are over on {on_day(washout.until)}."
        return _sourced(washout, no("COL-07", words, *washout.facts, severity=washout.severity))
    if washout.preferably_running(today) and washout.preferred_until:
        words = f"{_last(washout)}; preferably {washout.preferred_days} days, until {on_day(washout.preferred_until)}."
        relative = Severity.relative if washout.severity is Severity.relative else Severity.note
        found = no("COL-07", words, *washout.facts, severity=relative)
        return msgspec.structs.replace(found, source=Source(washout.source.text, washout.preferred_confirmed))
    return None


def _last(washout: Washout) -> str:
    assert washout.last is not None
    return f"{washout.what} ({washout.given}), last on {on_day(washout.last)}"


def _sourced(washout: Washout, criterion: Criterion) -> Criterion:
    """The criterion with the source of the washout in force."""
    return msgspec.structs.replace(criterion, source=washout.source)
