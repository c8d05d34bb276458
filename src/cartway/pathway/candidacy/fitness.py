"""Organ function, performance and counts (FIT-01 to FIT-10). Defaults follow EBMT/EHA; trials are often stricter."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cartway.pathway.answer import Criterion, Missing, Severity
from cartway.pathway.candidacy.days import day_of
from cartway.pathway.candidacy.rule import Limit, limit_of, no, unknown, yes
from cartway.pathway.candidacy.wording import amount, stated
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact
from cartway.vocabulary import vocabulary

_ROOM_AIR = ("room_air", "none")
_MARROW_DISEASES = ("b_all", "plasma_cell_leukemia", "t_all", "aml")


def fitness(course: Course, policies: PathwayPolicies) -> list[Criterion]:
    """FIT-01 to FIT-10, in order."""
    return [
        age(course),
        performance(course, policies),
        _life_expectancy(course, policies),
        burden(course),
        heart(course, policies),
        oxygen(course, policies),
        kidneys(course, policies),
        bilirubin(course, policies),
        liver_enzymes(course, policies),
        counts(course, policies),
    ]


def age(course: Course) -> Criterion:
    """FIT-01. There is no upper limit: the answer is yes at any age."""
    years = years_of(course)
    if years is None:
        return yes("FIT-01", "No age excludes; the age is not recorded.")
    return yes("FIT-01", f"{years:.0f} years. No age excludes by itself.", course.last("age", "birth_date"))


def years_of(course: Course) -> float | None:
    """Age in years at the course's now, or None."""
    born, stated_age = course.last("birth_date"), course.last("age")
    if born is not None:
        day, today = day_of(born.at), day_of(course.now)
        return today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    return stated_age.value if stated_age else None


def performance(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-02. ECOG where there is one, else Karnofsky or Lansky."""
    ecog = course.last("ecog_score")
    if ecog is not None and ecog.value is not None:
        return _ecog(ecog, ecog.value, policies)
    score = course.last("karnofsky_score", "lansky_score")
    if score is None or score.value is None:
        return unknown("FIT-02")
    limit = limit_of("FIT-02", policies, "karnofsky_over")
    return _held("FIT-02", score, score.value > limit.number, "over", limit)


def _ecog(fact: Fact, ecog: float, policies: PathwayPolicies) -> Criterion:
    passing = limit_of("FIT-02", policies, "ecog_at_most")
    excludes = limit_of("FIT-02", policies, "ecog_excludes_from")
    words = f"ECOG {stated(fact)}; up to {passing.number:g} needs no decision."
    if ecog <= passing.number:
        return yes("FIT-02", words, fact, limit=passing)
    if ecog < excludes.number:
        return no("FIT-02", words, fact, limit=passing)
    return _poor(fact, ecog, excludes)


def _poor(fact: Fact, ecog: float, excludes: Limit) -> Criterion:
    """ECOG 3 and more excludes, unless the disease to be treated is the cause and it is expected to improve."""
    cause = fact.detail.get("cause")
    because = (
        f"ECOG {stated(fact)}{f', from {cause}' if cause else ''}; from {excludes.number:g} on it usually excludes"
    )
    if fact.detail.get("from_disease") and fact.detail.get("reversible"):
        words = f"{because}, but the disease is the cause and it is expected to improve."
        return no("FIT-02", words, fact, limit=excludes, severity=Severity.relative)
    absent = fact.detail.get("from_disease") is None or fact.detail.get("reversible") is None
    missing = (Missing("ecog_score", "whether the disease is the cause and it may improve", "an examination"),)
    return no(
        "FIT-02",
        f"{because}, unless it comes from the disease and is reversible.",
        fact,
        limit=excludes,
        severity=Severity.absolute,
        missing=missing if absent else (),
    )


def _life_expectancy(course: Course, policies: PathwayPolicies) -> Criterion:
    limit = limit_of("FIT-03", policies, "life_expectancy_over")
    return _number(course, "FIT-03", "life_expectancy", lambda weeks: weeks > limit.number, "over", limit)


def burden(course: Course) -> Criterion:
    """FIT-04. A flag for the board: high burden or a fast disease raise CRS and the risk of dropping out."""
    pace, mass = course.last("disease_pace"), course.last("tumor_burden")
    told = [fact for fact in (pace, mass) if fact is not None]
    if not told:
        return unknown("FIT-04")
    words = "; ".join(f"{vocabulary().variables[fact.what].label}: {stated(fact)}" for fact in told) + "."
    if any(fact.choice in ("fast", "high") for fact in told):
        return no("FIT-04", words, *told)
    return yes("FIT-04", words, *told)


def heart(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-05."""
    limit = limit_of("FIT-05", policies, "lvef_over")
    note = limit_of("FIT-05", policies, "lvef_note_to").number
    found = _number(course, "FIT-05", "lvef", lambda percent: percent > limit.number, "over", limit)
    fact = course.last("lvef")
    if fact is None or fact.value is None or not limit.number < fact.value <= note:
        return found
    return yes("FIT-05", f"{found.because[:-1]}; up to {note:g} % with a cardiologist's note.", fact, limit=limit)


def oxygen(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-06. A saturation measured with oxygen says nothing about room air."""
    limit = limit_of("FIT-06", policies, "oxygen_saturation_at_least")
    device, fact = course.last("oxygen_device"), course.last("oxygen_saturation")
    if fact and device and device.choice not in _ROOM_AIR and device.at <= fact.at and not _over(device, fact):
        return unknown("FIT-06", f"Measured with oxygen: {stated(fact)}.", fact, device, limit=limit)
    return _number(course, "FIT-06", "oxygen_saturation", lambda n: n >= limit.number, "at least", limit)


def _over(device: Fact, measured: Fact) -> bool:
    return device.until is not None and device.until < measured.at


def kidneys(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-07."""
    limit = limit_of("FIT-07", policies, "creatinine_clearance_at_least")
    return _number(course, "FIT-07", "creatinine_clearance", lambda n: n >= limit.number, "at least", limit)


def bilirubin(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-08. Gilbert syndrome has a limit of its own; with disease in the liver a high one is exempt."""
    liver = course.last("liver_involvement")
    if liver is not None and liver.choice == "gilbert":
        limit = limit_of("FIT-08", policies, "bilirubin_gilbert_under")
        return _number(course, "FIT-08", "bilirubin", lambda n: n < limit.number, "with Gilbert syndrome under", limit)
    limit = limit_of("FIT-08", policies, "bilirubin_at_most")
    return _number(course, "FIT-08", "bilirubin", lambda n: n <= limit.number, "at most", limit)


def liver_enzymes(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-09. The worse of ALT and AST, from a stated ratio or from the value and the laboratory's limit."""
    limit = limit_of("FIT-09", policies, "transaminases_under")
    ratios = [
        (ratio, fact) for name in ("alt", "ast") if (fact := _ratio_fact(course, name)) and (ratio := _ratio(fact))
    ]
    if not ratios:
        return unknown("FIT-09", limit=limit)
    worst, fact = max(ratios, key=lambda each: each[0])
    words = f"{fact.what[:3].upper()} {worst:.2g} times the upper limit (under {limit.number:g})."
    if worst < limit.number:
        return yes("FIT-09", words, fact, limit=limit)
    liver = course.last("liver_involvement", choice="involved")
    if liver is not None:
        return yes("FIT-09", f"{words} Exempt: the disease is in the liver.", fact, liver, limit=limit)
    return no("FIT-09", words, fact, limit=limit)


def _ratio_fact(course: Course, name: str) -> Fact | None:
    return course.last(f"{name}_ratio", name)


def _ratio(fact: Fact) -> float | None:
    if fact.what.endswith("_ratio"):
        return fact.value
    upper = fact.detail.get("upper_limit")
    return fact.value / float(upper) if fact.value is not None and upper else None


def counts(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-10. Neutrophils, hemoglobin, platelets; where the disease fills the marrow, low counts are exempt."""
    parts = [
        (course.last(name), limit_of("FIT-10", policies, f"{name}_at_least"))
        for name in ("neutrophils", "hemoglobin", "platelets")
    ]
    low = [(fact, limit) for fact, limit in parts if fact and fact.value is not None and fact.value < limit.number]
    if low:
        return _low(course, low)
    if any(fact is None for fact, _ in parts):
        return unknown("FIT-10", missing=_absent(parts))
    words = "; ".join(f"{_label(fact)} {stated(fact)}" for fact, _ in parts if fact)
    return yes("FIT-10", f"{words}.", *(fact for fact, _ in parts), limit=parts[0][1])


def _low(course: Course, low: list[tuple[Fact, Limit]]) -> Criterion:
    words = "; ".join(
        f"{_label(fact)} {stated(fact)} (at least {amount(limit.number, fact.unit)})" for fact, limit in low
    )
    facts, marrow = [fact for fact, _ in low], marrow_disease(course)
    if marrow is not None:
        return yes("FIT-10", f"{words}. Exempt: the disease is in the marrow.", *facts, marrow, limit=low[0][1])
    return no("FIT-10", f"{words}.", *facts, limit=low[0][1])


def marrow_disease(course: Course) -> Fact | None:
    """The fact that says the disease is in the marrow: stated, or a disease that lives there."""
    diagnosis, stated_so = course.last("diagnosis"), course.last("marrow_involvement")
    if stated_so is not None:
        return stated_so if stated_so.choice == "involved" else None
    return diagnosis if diagnosis is not None and diagnosis.choice in _MARROW_DISEASES else None


def _absent(parts: Iterable[tuple[Fact | None, Limit]]) -> tuple[Missing, ...]:
    names = ("neutrophils", "hemoglobin", "platelets")
    return tuple(
        Missing(name, name, "a blood count") for name, (fact, _) in zip(names, parts, strict=True) if fact is None
    )


def _number(course: Course, id_: str, what: str, holds: Callable[[float], bool], words: str, limit: Limit) -> Criterion:
    """A measured number against a limit; unknown where it was not measured."""
    fact = course.last(what)
    if fact is None or fact.value is None:
        return unknown(id_, limit=limit)
    return _held(id_, fact, holds(fact.value), words, limit)


def _held(id_: str, fact: Fact, holds: bool, words: str, limit: Limit) -> Criterion:
    because = f"{_label(fact)} {stated(fact)} ({words} {amount(limit.number, fact.unit)})."
    return yes(id_, because, fact, limit=limit) if holds else no(id_, because, fact, limit=limit)


def _label(fact: Fact) -> str:
    return vocabulary().variables[fact.what].label
