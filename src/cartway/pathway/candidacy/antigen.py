"""The target on the cells (ANT-01 to ANT-04). No term of the US labels, and yet without it the cells find nothing."""

from __future__ import annotations

import tomllib
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.answer import Answer, Criterion, Missing, Severity
from cartway.pathway.candidacy.days import day_of
from cartway.pathway.candidacy.exposures import Exposure, exposures, lines_recorded
from cartway.pathway.candidacy.history import LINES, NO_LINES
from cartway.pathway.candidacy.lines import Line, lines_of
from cartway.pathway.candidacy.rule import no, unknown, yes
from cartway.pathway.candidacy.wording import on_day, stated
from cartway.pathway.course import Course
from cartway.record import Fact

_CLAUDIN, _HER2 = "CLDN18.2", "HER2"
_FOUND = ("positive", "dim")


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What counts as earlier therapy against a target, and who says so."""

    therapies: tuple[str, ...]
    source: str
    confirmed: bool = True


@cache
def targets() -> dict[str, Target]:
    """Earlier therapies by target."""
    text = (resources.files(__package__) / "targets.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Target], strict=False)


def antigen(course: Course, target: str) -> list[Criterion]:
    """What is known of a product's target on this patient's cells."""
    if target == _CLAUDIN:
        return [claudin(course)]
    after = after_therapy(course, target)
    return [expression(course, target), *([after] if after else [])]


def expression(course: Course, target: str) -> Criterion:
    """ANT-01. The newest result counts; one from before the current relapse says nothing of it."""
    told = course.last("antigen_expression", about=target)
    severity = None if target == "CD19" else Severity.note  # of BCMA a test is helpful, not routine
    if told is None or told.choice == "not_known":
        return unknown(
            "ANT-01", f"{target} on the current relapse is not recorded.", missing=_test(target), severity=severity
        )
    words = f"{target} {stated(told)}{_how(told)}."
    if told.choice == "negative":
        return no("ANT-01", words, told)
    relapse = relapsed_on(course)
    if relapse and day_of(told.at) < relapse:
        older = f"{words} {_since(course, relapse)}"
        return unknown("ANT-01", older, told, missing=_test(target), severity=severity)
    return yes("ANT-01", words, told)


def after_therapy(course: Course, target: str) -> Criterion | None:
    """ANT-02 (CD19) or ANT-03 (BCMA): after therapy against the target. None for a target without such a rule."""
    if target not in targets():
        return None
    id_ = "ANT-03" if target == "BCMA" else "ANT-02"
    against = [each for each in exposures(course) if directed(each, target)]
    if not against:
        if not lines_recorded(course):
            return unknown(id_, NO_LINES, missing=LINES)
        return yes(id_, f"No earlier therapy against {target} on record.")
    facts = tuple(fact for each in against for fact in each.facts)
    words = "; ".join(each.words for each in against)
    if id_ == "ANT-03":
        return no(id_, f"{words}.", *facts)
    return _tested_since(course, target, against, words, facts)


def _tested_since(
    course: Course, target: str, against: list[Exposure], words: str, facts: tuple[Fact, ...]
) -> Criterion:
    ended = max(each.last or day_of(each.facts[0].at) for each in against)
    told = [fact for fact in course.all("antigen_expression", about=target) if fact.choice != "not_known"]
    since = [fact for fact in told if day_of(fact.at) >= ended]
    if since:
        return yes("ANT-02", f"{words}; {target} {stated(since[-1])}, after it.", *facts, since[-1])
    tested = f"last tested {stated(told[-1])}, before it ended" if told else "not tested"
    return unknown("ANT-02", f"{words}; {target} {tested}.", *facts, missing=_test(target))


def directed(exposure: Exposure, target: str) -> bool:
    """Whether an earlier therapy was against the target."""
    return any(fnmatchcase(name, each) for name in exposure.names for each in targets()[target].therapies)


def relapsed_on(course: Course) -> date | None:
    """The day before which a test says nothing of the current relapse: the newest relapse that the lines tell of.

    Where the last line does not say when it was followed by one, its own end, or its begin: what was tested before it
    was tested on other cells.
    """
    lines, today = lines_of(course), day_of(course.now)
    days = [_outcome_day(line, today) for line in lines.lines]
    known = [day for day in days if day is not None]
    last = lines.last
    if last is not None and days[-1] is None:
        own = [day for day in (last.end if last.progressed is Answer.yes else None, last.start) if day and day <= today]
        known += own[:1]
    return max(known, default=None)


def _outcome_day(line: Line, today: date) -> date | None:
    return line.outcome_day if line.outcome_day is not None and line.outcome_day <= today else None


def _since(course: Course, day: date) -> str:
    """What the day is: the relapse's, or the last line's where the relapse has none."""
    dated = day in [line.outcome_day for line in lines_of(course).lines]
    return f"The current relapse is of {on_day(day)}." if dated else f"The last line of therapy is of {on_day(day)}."


def claudin(course: Course) -> Criterion:
    """ANT-04. The label's own words: Claudin 18.2 positive and HER2 negative."""
    wanted, barred = (course.last("antigen_expression", about=about) for about in (_CLAUDIN, _HER2))
    if wanted is not None and wanted.choice == "negative":
        return no("ANT-04", f"{_CLAUDIN} {stated(wanted)}.", wanted)
    if barred is not None and barred.choice in _FOUND:
        return no("ANT-04", f"{_HER2} {stated(barred)}.", barred)
    told = {_CLAUDIN: wanted, _HER2: barred}
    lacking = [about for about, fact in told.items() if fact is None or fact.choice == "not_known"]
    if lacking or wanted is None or barred is None:
        return unknown("ANT-04", "", *told.values(), missing=tuple(m for t in lacking for m in _test(t)))
    return yes("ANT-04", f"{_CLAUDIN} {stated(wanted)}; {_HER2} {stated(barred)}.", wanted, barred)


def _test(target: str) -> tuple[Missing, ...]:
    return (Missing("antigen_expression", f"{target} on the current relapse", "flow or immunohistochemistry"),)


def _how(fact: Fact) -> str:
    parts = [str(fact.detail[key]) for key in ("method", "sample") if fact.detail.get(key)]
    return f" ({', '.join(parts)})" if parts else ""
