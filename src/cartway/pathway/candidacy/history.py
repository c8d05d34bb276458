"""What else the patient has or had (FIT-16 to FIT-24): nerves, pregnancy, transplant, immunity, other illnesses."""

from __future__ import annotations

from datetime import timedelta

from cartway.pathway.answer import Criterion, Missing, Severity
from cartway.pathway.candidacy.days import day_of
from cartway.pathway.candidacy.exposures import Exposure, exposures, lines_recorded
from cartway.pathway.candidacy.rule import limit_of, no, unknown, yes
from cartway.pathway.candidacy.wording import on_day, stated
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact
from cartway.vocabulary import vocabulary

NO_LINES = "The earlier lines of therapy are not recorded."
LINES = (Missing("line_of_therapy", "the earlier lines of therapy", "the referring center's summary"),)
_ACTIVE_CNS = ("leptomeningeal", "parenchymal", "cns_2")
_ACTIVE_GVHD = ("acute_2_4", "chronic_extensive")


def history(course: Course, policies: PathwayPolicies) -> list[Criterion]:
    """FIT-16 to FIT-24, in order."""
    return [
        _choice(course, "FIT-16", "cns_involvement", _ACTIVE_CNS),
        _choice(course, "FIT-17", "neurological_disorder", None),
        pregnancy(course),
        after_allogeneic(course, policies),
        graft_versus_host(course),
        immunosuppression(course, policies),
        _choice(course, "FIT-22", "autoimmune_disease", ("active",)),
        _choice(course, "FIT-23", "other_malignancy", ("active",)),
        earlier_immune_therapy(course),
    ]


def _choice(course: Course, id_: str, what: str, against: tuple[str, ...] | None) -> Criterion:
    """Not met where one of these choices is stated; any but "none" where `against` is None."""
    told = course.last(what)
    if told is None:
        return unknown(id_)
    note = told.detail.get("text")
    words = f"{vocabulary().variables[what].label}: {stated(told)}{f' ({note})' if note else ''}."
    met = told.choice == "none" if against is None else told.choice not in against
    return yes(id_, words, told) if met else no(id_, words, told)


def pregnancy(course: Course) -> Criterion:
    """FIT-18. Asked of whoever is not recorded as male."""
    test, breast, sex = course.last("pregnancy_test"), course.last("breastfeeding"), course.last("sex")
    if test is not None and test.choice == "positive":
        return no("FIT-18", f"Pregnancy test {stated(test)}.", test)
    if breast is not None and breast.choice == "yes":
        return no("FIT-18", f"Breastfeeding: {stated(breast)}.", breast)
    if sex is not None and sex.choice == "male":
        return yes("FIT-18", "Does not apply.", sex)
    if test is None:
        return unknown("FIT-18")
    return yes("FIT-18", f"Pregnancy test: {stated(test)}.", test, breast)


def allogeneic(course: Course) -> tuple[Fact, ...]:
    """The facts that tell of an allogeneic transplant, the latest last."""
    lines = [each for each in exposures(course) if {"allo_hct", "allo_sct"} & set(each.names)]
    return tuple(fact for each in sorted(lines, key=_when) for fact in each.facts)


def _when(exposure: Exposure) -> int:
    return exposure.facts[0].until or exposure.facts[0].at


def after_allogeneic(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-19. Days since the transplant, and since immunosuppression was stopped."""
    told = allogeneic(course)
    if not told:
        if not lines_recorded(course):
            return unknown("FIT-19", NO_LINES, missing=LINES)
        return yes("FIT-19", "No allogeneic transplant on record.")
    limit = limit_of("FIT-19", policies, "allogeneic_days")
    done = day_of(told[-1].until or told[-1].at)
    ready = done + timedelta(days=round(limit.number))
    if day_of(course.now) < ready:
        words = f"Transplant on {on_day(done)}: {limit.number:g} days are over on {on_day(ready)}."
        return no("FIT-19", words, told[-1], limit=limit)
    return _off_immunosuppression(course, told[-1], policies)


def _off_immunosuppression(course: Course, transplant: Fact, policies: PathwayPolicies) -> Criterion:
    limit = limit_of("FIT-19", policies, "immunosuppression_stopped_days")
    taken = course.last("immunosuppression")
    if taken is None:
        return unknown("FIT-19", "Long enough ago; immunosuppression is not recorded.", transplant, limit=limit)
    if taken.choice == "systemic":
        return no("FIT-19", f"Systemic immunosuppression {stated(taken).partition(' on ')[2]}.", taken, limit=limit)
    before = [fact for fact in course.all("immunosuppression", choice="systemic") if fact.at < taken.at]
    since = next((fact for fact in course.all("immunosuppression") if not before or fact.at > before[-1].at), taken)
    off = day_of(since.at) + timedelta(days=round(limit.number))
    if before and day_of(course.now) < off:
        return no("FIT-19", f"Off immunosuppression for {limit.number:g} days on {on_day(off)}.", since, limit=limit)
    return yes("FIT-19", "Long enough ago, and off immunosuppression.", transplant, since, limit=limit)


def graft_versus_host(course: Course) -> Criterion:
    """FIT-20. Asked after an allogeneic transplant; acute II to IV or extensive chronic disease blocks."""
    told = course.last("graft_versus_host_disease")
    if told is None:
        if not lines_recorded(course):
            return unknown("FIT-20", NO_LINES, missing=LINES)
        return unknown("FIT-20") if allogeneic(course) else yes("FIT-20", "No allogeneic transplant on record.")
    words = f"Graft-versus-host disease: {stated(told)}."
    if told.choice in _ACTIVE_GVHD:
        return no("FIT-20", words, told)
    if told.choice == "none":
        return yes("FIT-20", words, told)
    return no("FIT-20", words, told, severity=Severity.relative)


def immunosuppression(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-21. A replacement dose of prednisone, topical and inhaled drugs are allowed."""
    told = course.last("immunosuppression")
    if told is None:
        return unknown("FIT-21")
    words, limit = f"Immunosuppression: {stated(told)}", limit_of("FIT-21", policies, "prednisone_mg_allowed")
    dose = told.detail.get("prednisone_mg")
    if told.choice == "systemic" and dose is not None and float(dose) <= limit.number:
        return yes(
            "FIT-21", f"{words}, {float(dose):g} mg of prednisone a day (up to {limit.number:g}).", told, limit=limit
        )
    return no("FIT-21", f"{words}.", told) if told.choice == "systemic" else yes("FIT-21", f"{words}.", told)


def earlier_immune_therapy(course: Course) -> Criterion:
    """FIT-24. Trials left such patients out; the labels do not."""
    found = [each for each in exposures(course) if is_immune_therapy(each)]
    if found:
        words = "; ".join(each.words for each in found)
        return no("FIT-24", f"{words}.", *(fact for each in found for fact in each.facts))
    if not lines_recorded(course):
        return unknown("FIT-24")
    return yes("FIT-24", "None on record.")


def is_immune_therapy(exposure: Exposure) -> bool:
    """CAR T cells, a bispecific antibody, or anything against CD19."""
    return any(
        "bispecific" in name or "car_t" in name or "cd19" in name or name in AGAINST_CD19 or name in BISPECIFIC
        for name in exposure.names
    )


AGAINST_CD19 = ("blinatumomab", "tafasitamab", "loncastuximab", "inebilizumab")
BISPECIFIC = ("bite", "glofitamab", "epcoritamab", "mosunetuzumab", "odronextamab", "teclistamab", "elranatamab")
