"""The points of the patient: consent, that the course goes on, infection and fever, reactions, pregnancy, steroids."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from cartway.pathway.answer import Answer, Criterion, Missing, Severity, Source
from cartway.pathway.closing import closed
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.points import LABELS, point, worded
from cartway.pathway.conditioning.signs import Sign, fever_or_shock, fevers, shock
from cartway.pathway.conditioning.thaw import limits_of
from cartway.pathway.consent import EXPIRED, MET, REFUSED, consent
from cartway.pathway.said import told
from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant

RECORD = Source("The course's own record")
FEBRILE = Source("EBMT recommendations, before the infusion: Hayden 2022, PMC10867419, table 6")

LABEL_BOX = Source("US prescribing information of the CAR T products, boxed warning: not with active infection")
REPRODUCTION = Source("Product labels, section 8.1: pregnancy status before the treatment", confirmed=False)
CONSENT = Source("FACT-JACIE International Standards for Immune Effector Cells, part B6", confirmed=False)
GVHD = Source("Product labels, section 2: delay for active graft-versus-host disease; Hayden 2022")


def _looked_at(
    case: Case, name: str, question: str, what: str, good: Sequence[str], source: Source, settles: str,
    contrary: Callable[[Case, Instant], Sign | None] = lambda _, __: None,
) -> list[Criterion]:  # fmt: skip
    """A finding that must have been looked at lately, be one of `good`, and have nothing newer charted against it."""
    policy = "go_no_go_max_age_days"
    found, days = case.course.last(what), case.policies.number(policy)
    lacks = (Missing(what, question.lower(), settles),)
    if found is None:
        return [point(name, question, Answer.unknown, "Nobody has said.", source, missing=lacks)]
    said = worded(found)
    if found.choice not in good:
        return [point(name, question, Answer.no, f"{said}.", source, [found])]
    sign = contrary(case, found.at)
    if sign is not None:
        because = f"{said}, but looked at before the {sign.words}."
        return [point(name, question, Answer.unknown, because, source, [found, sign.fact], missing=lacks)]
    if case.now - found.at > days * DAY:
        because = f"{said}, but looked at more than {days:g} days ago."
        return [point(name, question, Answer.unknown, because, source, [found], missing=lacks, policy=policy)]
    return [point(name, question, Answer.yes, f"{said}.", source, [found])]


def infection(case: Case) -> list[Criterion]:
    """No active infection, as examined since the last fever and the last shock."""
    good = ("none", "controlled")
    return _looked_at(
        case, "INFECT", "No active infection", "infection_status", good, LABEL_BOX, "an examination and cultures",
        fever_or_shock,
    )  # fmt: skip


def no_infection(case: Case) -> list[Criterion]:
    """The same before any cells: by the boxed warning an active infection is not decided away."""
    return [
        msgspec.structs.replace(each, severity=Severity.absolute) if each.answer is Answer.no else each
        for each in infection(case)
    ]


def reactions(case: Case) -> list[Criterion]:
    """No unresolved reaction, as examined since the last shock."""
    question = "No unresolved serious reaction of lung or heart, and no hypotension"
    return _looked_at(case, "TOX", question, "unresolved_toxicity", ("none",), LABELS, "an examination", shock)


def afebrile(case: Case) -> list[Criterion]:
    """Asked only after a fever since the lymphodepletion began: so many hours without one (EBMT)."""
    policy, question = "afebrile_hours_after_fever", "No fever for long enough after a fever since lymphodepletion"
    begun = case.course.last("lymphodepletion", choice="started")
    last = fevers(case, begun.at)[-1:] if begun is not None else []
    if not last:
        return []
    hours, fact = case.policies.number(policy), last[0]
    read = [each for each in case.course.all("body_temperature") if each.at > fact.at and each.value is not None]
    words = f"{fact.value:g} degrees on {case.hour_of(fact.at)}; {hours:g} h without fever are asked for"
    if case.now - fact.at < hours * HOUR:
        return [point("FEVER", question, Answer.no, f"{words}.", FEBRILE, [fact], policy=policy)]
    if not read:
        lacks = Missing("body_temperature", "the temperature since", "measuring it")
        because = f"{words}; none was read since."
        return [point("FEVER", question, Answer.unknown, because, FEBRILE, [fact], missing=(lacks,), policy=policy)]
    return [point("FEVER", question, Answer.yes, f"{words}, and are over.", FEBRILE, [fact, read[-1]], policy=policy)]


def gvhd(case: Case) -> list[Criterion]:
    """Asked only of who has had a donor's transplant."""
    if case.course.last("transplant", choice="allogeneic") is None:
        return []
    good = ("none", "acute_1", "chronic_limited")
    return _looked_at(
        case, "GVHD", "No active graft-versus-host disease", "graft_versus_host_disease", good, GVHD, "an examination"
    )


def goes_on(case: Case) -> list[Criterion]:
    """Told only of a course that has ended: nothing is decided of it any more."""
    end = closed(case.course)
    if end is None:
        return []
    because = f"{end.label} on {_day(case, end.fact)}" + (f": {end.why}" if end.why else ".")
    return [point("ENDED", "The course goes on", Answer.no, because, RECORD, [end.fact], severity=Severity.absolute)]


def consented(case: Case) -> list[Criterion]:
    """Consent to the treatment, in the version in force, as the programme's gate reads it."""
    found = consent(case.course, case.center, case.policies, lambda fact: _day(case, fact))
    answer = {MET: Answer.yes, "not_needed": Answer.yes, EXPIRED: Answer.no, REFUSED: Answer.no}.get(
        found.state, Answer.unknown
    )
    lacks = Missing("consent", "the signed consent, in the version in force", "the consent document")
    facts = () if found.fact is None else (found.fact,)
    return [
        point(
            "CONSENT", "Consent to the treatment is signed, in the version in force", answer,
            f"{found.why[:1].upper()}{found.why[1:]}.", CONSENT, facts,
            severity=Severity.absolute if found.state == REFUSED else Severity.deferring,
            missing=(lacks,) if answer is Answer.unknown else (),
        )
    ]  # fmt: skip


def _day(case: Case, fact: Fact) -> str:
    return told(case.day_of(fact.at), case.today)


def pregnancy(case: Case) -> list[Criterion]:
    """Asked of everybody not recorded as male; the answer may be that it does not apply."""
    sex = case.course.last("sex")
    if sex is not None and sex.choice == "male":
        return []
    question, policy = "Pregnancy is excluded, or cannot be", "pregnancy_test_max_age_days"
    found, lacks = case.course.last("pregnancy_test"), (Missing("pregnancy_test", "a pregnancy test", "a test"),)
    if found is None:
        return [point("PREG", question, Answer.unknown, "There is no test.", REPRODUCTION, missing=lacks)]
    if found.choice == "positive":
        return [point("PREG", question, Answer.no, "Positive.", REPRODUCTION, [found], severity=Severity.absolute)]
    days = case.policies.number(policy)
    if found.choice == "negative" and case.now - found.at > days * DAY:
        because = f"The test is older than {days:g} days."
        return [point("PREG", question, Answer.unknown, because, REPRODUCTION, [found], missing=lacks, policy=policy)]
    return [point("PREG", question, Answer.yes, f"{worded(found)}.", REPRODUCTION, [found])]


def steroid(case: Case) -> list[Criterion]:
    """A systemic steroid before the cells is told, not counted: labels differ."""
    found = case.course.last("immunosuppression")
    limits = limits_of(case)
    said = limits.steroid if limits is not None else None
    if found is None or found.choice != "systemic":
        return []
    because = f"{worded(found)} immunosuppression." + (f" The label says: {said.text}" if said is not None else "")
    question = "No systemic steroid or other immunosuppression"
    source = said.source if said is not None else LABELS
    return [point("STEROID", question, Answer.no, because, source, [found], severity=Severity.relative)]
