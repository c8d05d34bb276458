"""Candidacy in a few sentences, as somebody reads them aloud in a tumor board. No name: that stands above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cartway.pathway.answer import Answer, Criterion, Severity
from cartway.pathway.candidacy import Candidacy, ProductCandidacy
from cartway.pathway.candidacy.exposures import lines_recorded
from cartway.pathway.candidacy.fitness import years_of
from cartway.pathway.candidacy.wording import on_day, said
from cartway.pathway.course import Course

MEANING = {
    Severity.absolute: "blocks",
    Severity.deferring: "wait",
    Severity.relative: "to be decided",
    Severity.note: "to know",
}
_GRAVEST = tuple(MEANING)


def aloud(course: Course, found: Candidacy) -> list[str]:
    """Who, what the labels say, what stands against it, what is not known, and from which day on cells can be taken."""
    return [who(course), *labels(found), *against(found), *missing(found), earliest(found)]


def who(course: Course) -> str:
    """``Woman of 58 with diffuse large B-cell lymphoma, relapsed, after 1 line of therapy.``"""
    sex, years = course.last("sex"), years_of(course)
    person = {"male": "Man", "female": "Woman"}.get(sex.choice if sex else "", "Patient")
    age = f" of {years:.0f}" if years is not None else ""
    diagnosis, status = course.last("diagnosis"), course.last("disease_status")
    illness = said(diagnosis).partition(",")[0] if diagnosis else "a diagnosis not recorded"
    return f"{person}{age} with {illness}{f', {said(status)}' if status else ''}, {lines(course)}."


def lines(course: Course) -> str:
    """How many lines of therapy came before."""
    numbers = {fact.value for fact in course.all("line_of_therapy") if fact.value}
    if not numbers and lines_recorded(course):
        return "with no earlier line of therapy"
    if not numbers:
        return "earlier lines of therapy not recorded"
    return f"after {len(numbers)} line{'s' if len(numbers) > 1 else ''} of therapy"


def labels(found: Candidacy) -> list[str]:
    """What the labels cover, and what they leave open."""
    covered = [each.brand for each in found.products if each.label.answer is Answer.yes]
    open_ = [each.brand for each in found.products if each.label.answer is Answer.unknown]
    told = [f"The {found.jurisdiction} label covers {listed(covered)}."] if covered else []
    if open_:
        told.append(f"Whether it covers {listed(open_)} cannot be said: {_lacking(found.products)}.")
    if not covered and not open_:
        told.append(f"No {found.jurisdiction} label covers this patient today.")
    return told


def _lacking(products: Iterable[ProductCandidacy]) -> str:
    """What is missing for the labels that are open, each once."""
    open_ = [each for each in products if each.label.answer is Answer.unknown]
    words = dict.fromkeys(missing.words for each in open_ for missing in each.label.missing)
    return listed(list(words)[:3], "and") or "their words are not clear here"


def against(found: Candidacy) -> list[str]:
    """What is not met, gravest first, each with what it means."""
    told = [each for each in asked(found) if each.answer is Answer.no and each.severity is not Severity.note]
    return [f"{MEANING[each.severity].capitalize()}: {each.because}" for each in gravest_first(told)]


def asked(found: Candidacy) -> list[Criterion]:
    """Every criterion of the patient, one of a product's target once."""
    targets = [each for product in found.products if product.label.answer is not Answer.no for each in product.antigen]
    shared = (found.pathology, *found.fitness, *found.logistics, *found.collectable.criteria)
    return list({(each.id, each.because): each for each in (*shared, *targets)}.values())


def gravest_first(criteria: Iterable[Criterion]) -> list[Criterion]:
    """By what it means where it is not met, the gravest first."""
    return sorted(criteria, key=lambda each: _GRAVEST.index(each.severity))


def missing(found: Candidacy) -> list[str]:
    """What is not known and would matter most."""
    open_ = [each for each in asked(found) if each.answer is Answer.unknown and each.severity is not Severity.note]
    words = list(dict.fromkeys(each.words for criterion in gravest_first(open_) for each in criterion.missing))
    if not words:
        return []
    more = f", and {len(words) - 4} more" if len(words) > 4 else ""
    return [f"Not known: {', '.join(words[:4])}{more}."]


def earliest(found: Candidacy) -> str:
    """From which day on cells can be collected."""
    when = found.collectable
    if when.day is None:
        return "From which day on cells can be collected is not known."
    if when.day <= found.on:
        later = f", preferably from {on_day(when.preferred)} on" if when.preferred and when.preferred > found.on else ""
        return f"No washout keeps cells from being collected now{later}."
    later = f", preferably from {on_day(when.preferred)} on" if when.preferred and when.preferred > when.day else ""
    return f"Cells can be collected from {on_day(when.day)} on{later}."


def listed(words: Sequence[str], last: str = "and") -> str:
    """``Yescarta, Kymriah and Breyanzi``."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))
