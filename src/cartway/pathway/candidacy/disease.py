"""The conditions of a label that are about the disease and the person: diagnosis, age, relapse, target, transplant."""

from __future__ import annotations

from datetime import date, timedelta

from cartway.pathway.answer import Answer, Missing
from cartway.pathway.candidacy.days import day_of
from cartway.pathway.candidacy.found import Found, not_known, not_so, so
from cartway.pathway.candidacy.lines import NO_ANSWER, Line, lines_of, months_after
from cartway.pathway.candidacy.wording import said, stated
from cartway.pathway.course import Course
from cartway.pathway.products.rule import Age, Antigen, Disease, NoTransplant, Relapses
from cartway.record import Fact
from cartway.times import YEAR, to_datetime
from cartway.vocabulary import read_choice, vocabulary

_LYMPHOMAS = ("lbcl", "follicular_lymphoma", "mantle_cell_lymphoma", "marginal_zone_lymphoma", "cll")
COULD_BE = {
    "b_nhl": _LYMPHOMAS,
    "post_transplant_lymphoma": ("lbcl",),
    "lymphoma": (*_LYMPHOMAS, "b_nhl"),
    "all": ("b_all",),
}
"""What a diagnosis may turn out to be that names a wider group than a label does."""
_WIDE = ("lbcl",)
_BETWEEN = {
    "post_transplant_lymphoma": "No label names a lymphoma after a transplant: whether its histology counts is open."
}

_AGAIN = ("relapsed", "first_relapse", "second_relapse", "later_relapse", "relapse_after_transplant")
_NO_RESPONSE = ("refractory", "primary_refractory")
_AT_LEAST = {"first_relapse": 1, "second_relapse": 2, "later_relapse": 3}
_A_YEAR = 1.0 - 1e-9  # whole years reached: up to the next birthday, without it
PATHOLOGY = Missing(
    "diagnosis", "the diagnosis, confirmed by pathology, with its subtype", "pathology, if need be a new biopsy"
)
_STATUS = Missing(
    "disease_status",
    "whether the disease is relapsed or refractory",
    "restaging with response by the disease's criteria",
)
_TRANSPLANT = Missing(
    "transplant_eligibility",
    "whether a transplant is possible, and if not whether comorbidity or age is why",
    "a transplant physician's judgment, documented",
)
_AGE = Missing("birth_date", "the birth date", "the record of the person")


def diagnosis_is(course: Course, term: Disease) -> Found:
    """Whether the diagnosis is one of those named, and pathology has confirmed it."""
    told = course.last("diagnosis")
    if told is None:
        return not_known("The diagnosis is not recorded.", PATHOLOGY)
    found = _named(told, term)
    if found.answer is not Answer.no and not told.detail.get("histology_confirmed"):
        return not_known(f"{_diagnosis(told)}: pathology has not confirmed it.", PATHOLOGY, told)
    return found


def _named(told: Fact, term: Disease) -> Found:
    groups = set(vocabulary().variables["diagnosis"].choices[told.choice].classes)
    words, asked = f"{_diagnosis(told)}", set(term.of)
    if told.choice in term.but_not:
        return not_so(f"{words} is not in this group.", told)
    if told.choice in asked:
        return so(f"{words}.", told, reading=_unfamiliar(told))
    if told.choice in term.unclear or (groups & set(term.unclear) and not groups & asked):
        return _read(told, term)
    if groups & asked:
        return so(f"{words}.", told, reading=_unfamiliar(told))
    if set(COULD_BE.get(told.choice, ())) & (asked | set(term.unclear) | _groups_of(asked)):
        return not_known(
            f"{words}: which kind it is is not recorded.", PATHOLOGY, told, reading=_BETWEEN.get(told.choice, "")
        )
    return not_so(f"{words} is not an indication.", told)


def _read(told: Fact, term: Disease) -> Found:
    """A diagnosis that the text neither names nor rules out, as it is read here."""
    because = f"{_diagnosis(told)}: {term.reading[0].lower()}{term.reading[1:].rstrip('.')}."
    missing = Missing("diagnosis", "how the label counts this diagnosis", "the holder's or the payer's answer")
    reading = f"{_diagnosis(told)}: {term.reading}"
    if term.read_as == "unknown":
        return not_known(because, missing, told, reading=reading)
    return (so if term.read_as == "yes" else not_so)(because, told, reading=reading)


def _groups_of(names: set[str]) -> set[str]:
    choices = vocabulary().variables["diagnosis"].choices
    return {group for name in names if name in choices for group in choices[name].classes}


def _diagnosis(told: Fact) -> str:
    return vocabulary().variables["diagnosis"].choices[told.choice].label


def _unfamiliar(told: Fact) -> str:
    """How a diagnosis was read that is filed under a wide choice, and whose own words are no spelling of it."""
    text = str(told.detail.get("text", ""))
    if told.choice not in _WIDE or not text or read_choice(vocabulary().variables["diagnosis"], text) == told.choice:
        return ""
    return f"The diagnosis is recorded in other words: it is read as {said(told)}."


def age_is(course: Course, term: Age, on: date) -> Found:
    """Whether an age limit is kept on the day, by the birth date, or by an age as far as it tells."""
    bounds, facts = age_on(course, on)
    if bounds is None:
        return not_known("The age is not recorded.", _AGE)
    youngest, oldest = bounds
    words = _age_words(youngest, oldest, term)
    if _below(oldest, term.at_least) or (term.up_to is not None and youngest >= term.up_to + 1):
        return not_so(words, *facts)
    if _below(youngest, term.at_least) or (term.up_to is not None and oldest > term.up_to + 1):
        return not_known(f"{words.rstrip('.')}; the birth date would tell.", _AGE, *facts)
    edge = term.up_to is not None and youngest >= term.up_to
    return so(words, *facts, reading=term.reading if edge or (term.reading and term.at_least) else "")


def _below(age: float, at_least: int | None) -> bool:
    return at_least is not None and age < at_least


def _age_words(youngest: float, oldest: float, term: Age) -> str:
    limits = [
        f"from {term.at_least}" if term.at_least is not None else "",
        f"up to {term.up_to}" if term.up_to is not None else "",
    ]
    shown = f"{youngest:.0f}" if oldest - youngest < 1 and youngest.is_integer() else f"{int(youngest)}"
    return f"Age {shown}; the label says {' and '.join(filter(None, limits))} years."


def age_on(course: Course, on: date) -> tuple[tuple[float, float] | None, tuple[Fact, ...]]:
    """The youngest and oldest age in years that somebody may have on a day, None where nothing is known."""
    born = course.last("birth_date")
    if born is not None:
        reached = _years(day_of(born.at), on)
        return (reached, reached + _A_YEAR), (born,)
    told = course.last("age")
    if told is None or told.value is None:
        return None, ()
    passed = max(0.0, (on - to_datetime(told.at).date()) / timedelta(microseconds=YEAR))
    youngest = float(told.value) + passed
    return (youngest, youngest + _A_YEAR if float(told.value).is_integer() else youngest), (told,)


def _years(born: date, on: date) -> float:
    return float(on.year - born.year - (months_after(born, 12 * (on.year - born.year)) > on))


def is_relapsed_or_refractory(course: Course) -> Found:
    """Whether the disease came back or did not answer, by its status, else by how the last line ended."""
    told = course.last("disease_status")
    if told is None:
        return _by_last_line(course)
    words = f"Status: {stated(told)}."
    if told.choice in (*_AGAIN, *_NO_RESPONSE):
        return so(words, told)
    if told.choice == "residual":
        reading = "Measurable residual disease without relapse is read as neither relapsed nor refractory."
        return not_so(f"{words} {reading}", told, reading=reading)
    return not_so(words, told)


def _by_last_line(course: Course) -> Found:
    last = lines_of(course).last
    if last is None or last.progressed is Answer.unknown:
        return not_known("The status of the disease is not recorded.", _STATUS)
    words = f"Line {last.number} ended in {last.outcome.replace('_', ' ') or 'no response'}."
    return so(words, last.fact) if last.progressed is Answer.yes else not_known(words, _STATUS, last.fact)


def is_refractory(course: Course) -> Found:
    """Whether the disease did not answer to its last treatment."""
    told, last = course.last("disease_status"), lines_of(course).last
    if last is not None and (last.refractory or no_response(last)):
        return so(f"Refractory to line {last.number}.", last.fact)
    if told is None:
        return not_known("The status of the disease is not recorded.", _STATUS)
    both = str(told.detail.get("text", "")).casefold()
    if told.choice == "refractory" and ("relapse" in both or "r/r" in both):
        return not_known("Recorded as relapsed or refractory: which of them is not recorded.", _STATUS, told)
    if told.choice in _NO_RESPONSE:
        return so(f"Status: {stated(told)}.", told)
    if told.choice == "relapsed" and (last is None or not last.outcome):
        return not_known("Relapsed; whether it then answered to treatment is not recorded.", _STATUS, told)
    return not_so(f"Status: {stated(told)}, not refractory.", told)


def no_response(line: Line) -> bool:
    """Whether the best response to a line was no better than stable disease, or the outcome says so."""
    return line.outcome.startswith(("refractory", "no_response")) or line.response in NO_ANSWER


def has_relapsed(course: Course, term: Relapses) -> Found:
    """Whether it came back so often, by the status, the stated number, or the lines that ended in relapse."""
    told, lines = course.last("disease_status"), lines_of(course)
    if told is not None and told.choice == "relapse_after_transplant" and term.after_transplant:
        return so(f"Status: {stated(told)}.", told)
    counted = sum(line.outcome.startswith("relapse") for line in lines.lines)
    least = max(counted, _stated_relapses(told))
    facts = (*((told,) if told else ()), *lines.facts)
    words = f"Relapses on record: {least}."
    if least >= term.at_least:
        return so(words, *facts)
    if _count_is_whole(told, counted, lines.lines) and lines.whole:
        return not_so(words, *facts, reading=_after_transplant(told))
    missing = Missing("disease_status", "which relapse this is", "the history of the disease, relapse by relapse")
    return not_known(f"{words} Which relapse this is is not recorded.", missing, *facts)


def _after_transplant(told: Fact | None) -> str:
    """A first relapse after a transplant is named in some texts; where it is not, that is told."""
    after = told is not None and told.choice == "relapse_after_transplant"
    return (
        "The text does not name a first relapse after an allogeneic transplant: it is read as one relapse."
        if after
        else ""
    )


def _stated_relapses(told: Fact | None) -> int:
    if told is None:
        return 0
    number = told.detail.get("relapse_number")
    return round(number) if isinstance(number, int | float) else _AT_LEAST.get(told.choice, 0)


def _count_is_whole(told: Fact | None, counted: int, lines: tuple[Line, ...]) -> bool:
    """Whether the count can be trusted to be all: the status says which, or every line says how it ended."""
    if told is None:
        return False
    if told.choice in _AT_LEAST or told.detail.get("relapse_number") or told.choice not in _AGAIN:
        return True
    return counted > 0 and all(line.outcome for line in lines)


def has_no_transplant(course: Course, term: NoTransplant) -> Found:
    """Whether a clinician has recorded that no transplant is possible for a reason that the label names."""
    told = course.last("transplant_eligibility")
    if told is None or told.choice == "not_eligible":
        because = (
            "Whether a transplant is possible is not recorded."
            if told is None
            else "Not eligible; why is not recorded."
        )
        return not_known(because, _TRANSPLANT, told)
    words = f"Transplant: {stated(told)}."
    return so(words, told) if told.choice in {f"not_for_{each}" for each in term.because} else not_so(words, told)


def has_antigen(course: Course, term: Antigen) -> Found:
    """Whether the antigen was found, or was not, where the label itself asks for it."""
    told = course.last("antigen_expression", about=term.name)
    if told is None or told.choice in ("not_known", ""):
        missing = Missing("antigen_expression", f"{term.name} on the tumor", f"{term.name} by immunohistochemistry")
        return not_known(f"{term.name} is not recorded.", missing, told)
    words = f"{term.name}: {stated(told)}."
    if told.choice == "dim":
        return not_known(
            f"{words} Whether the label counts it is open.",
            None,
            told,
            reading=f"{term.name} is weak: the label sets no limit that is held here.",
        )
    return so(words, told) if told.choice == term.result else not_so(words, told)
