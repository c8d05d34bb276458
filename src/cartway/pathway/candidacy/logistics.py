"""What must be settled around the patient (FIT-26 to FIT-28): caregiver and a place to stay, consent, fertility."""

from __future__ import annotations

from cartway.pathway.answer import Answer, Criterion, Missing, Source, all_of, is_so
from cartway.pathway.candidacy.rule import Limit, no, rules, unknown, yes
from cartway.pathway.candidacy.wording import stated
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact

_WAY = "lodging_minutes"
_SETTLED = ("met", "not_needed")


def logistics(course: Course, policies: PathwayPolicies) -> list[Criterion]:
    """FIT-26 to FIT-28, in order."""
    return [caregiver_and_residence(course, policies), consent(course), fertility(course)]


def caregiver_and_residence(course: Course, policies: PathwayPolicies) -> Criterion:
    """FIT-26. Somebody around the clock, and near: by travel time, or by lodging within the limit."""
    limit = _longest_way(policies)
    helped, helper = _caregiver(course)
    near, place, way = _near(course, limit.number)
    answer = all_of((helped, near))
    words = (
        f"Caregiver: {_words(helper)}. Way to the center: {way} (at most {limit.number:g} min, from where they stay)."
    )
    if answer is Answer.yes:
        return yes("FIT-26", words, helper, place, limit=limit)
    if answer is Answer.no:
        return no("FIT-26", words, helper, place, limit=limit)
    asked = (("caregiver", "whether there is a caregiver", helped), ("travel_time", "the way to the center", near))
    missing = tuple(Missing(what, words, "a talk with the family") for what, words, a in asked if a is Answer.unknown)
    return unknown("FIT-26", words, helper, place, limit=limit, missing=missing)


def _longest_way(policies: PathwayPolicies) -> Limit:
    """The limit of the gate of lodging: one patient is near or not, wherever it is asked."""
    own = _WAY in policies.chosen
    source = Source("The center's own policy") if own else Source(rules()["FIT-26"].source, policies.confirmed(_WAY))
    return Limit(policies.number(_WAY), _WAY, source)


def _caregiver(course: Course) -> tuple[Answer, Fact | None]:
    told, gate = course.last("caregiver"), course.last("gate", about="caregiver")
    if gate is not None and gate.choice in _SETTLED and (told is None or told.at <= gate.at):
        return Answer.yes, gate
    if told is None:
        return Answer.unknown, None
    return (Answer.yes if told.choice == "yes" else Answer.no), told


def _near(course: Course, minutes: float) -> tuple[Answer, Fact | None, str]:
    """By what was told last: the gate of lodging, or the travel time from where they stay. A place alone is no way."""
    told, gate = course.last("travel_time"), course.last("gate", about="lodging")
    if gate is not None and gate.choice != "open" and (told is None or told.at <= gate.at):
        return is_so(gate.choice in _SETTLED), gate, f"lodging {stated(gate)}"
    if told is None or told.value is None:
        return Answer.unknown, None, "not recorded"
    lodging = told.detail.get("lodging")
    near = is_so(told.value <= minutes)
    return near, told, f"{stated(told)}{f', lodging: {lodging}' if lodging else ''}"


def consent(course: Course) -> Criterion:
    """FIT-27. A consent without its version is not known to be the one in force."""
    given, gate = course.last("consent"), course.last("gate", about="consent")
    if gate is not None and gate.choice in ("refused", "expired"):
        return no("FIT-27", f"Consent: {stated(gate)}.", gate)
    told = given or (gate if gate is not None and gate.choice == "met" else None)
    if told is None:
        return unknown("FIT-27")
    version = told.detail.get("version")
    if not version:
        missing = (Missing(told.what, "the version of the consent", "the signed document"),)
        return unknown("FIT-27", "Consent is recorded without its version.", told, missing=missing)
    return yes("FIT-27", f"Consent, version {version}.", told)


def fertility(course: Course) -> Criterion:
    """FIT-28."""
    gate = course.last("gate", about="fertility")
    if gate is None:
        return unknown("FIT-28")
    words = f"Fertility counseling: {stated(gate)}."
    return yes("FIT-28", words, gate) if gate.choice in (*_SETTLED, "refused") else no("FIT-28", words, gate)


def _words(fact: Fact | None) -> str:
    return stated(fact) if fact else "not recorded"
