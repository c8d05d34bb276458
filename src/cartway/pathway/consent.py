"""How consent to the treatment stands: the programme's gate and the lists before a decision ask this one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.pathway.said import chosen
from cartway.pathway.stages import STAGES, reached
from cartway.record import Fact

OPEN, MET, UNKNOWN, EXPIRED, REFUSED = "open", "met", "unknown", "expired", "refused"

STEP_ENDS: Mapping[str, str] = MappingProxyType(
    {"order": "preparation", "collection": "collection", "lymphodepletion": "ready", "infusion": "lymphodepletion"}
)
"""For each step that a gate may hold up, the stage that waits for it."""

NEXT: Mapping[str, str] = MappingProxyType({one.name: other.name for one, other in pairwise(STAGES)})

TREATMENT = frozenset({"", "treatment", "car t", "car t-cell therapy", "car t-cell treatment", "car-t"})

Told = Callable[[Fact], str]


class Consent(msgspec.Struct, frozen=True):
    """`state`: open, met, refused, not_needed, expired, unknown; why in words; the fact that says so, or None."""

    state: str
    why: str
    fact: Fact | None = None


def consent(course: Course, center: Course, policies: PathwayPolicies, told: Told) -> Consent:
    """How consent stands. `told` gives a fact's day in words."""
    fact = newest(course)
    if fact is None:
        return Consent(UNKNOWN, "nothing is recorded")
    return Consent(*judged(fact, in_force(course, center, policies), told), fact)


def newest(course: Course) -> Fact | None:
    """The newest word on it. A gate that was only opened is no news of a consent that was signed."""
    signed = [fact for fact in course.all("consent") if of_treatment(fact)]
    own = [fact for fact in course.all("gate") if (fact.about or fact.detail.get("gate")) == "consent"]
    news = [fact for fact in own if fact.choice != OPEN or not signed]
    return max([*signed, *news], key=lambda fact: fact.at, default=None)


def of_treatment(fact: Fact) -> bool:
    """Whether a consent is to the treatment: one to research or to a registry opens no gate."""
    return str(fact.detail.get("to", "")).strip().lower() in TREATMENT


def in_force(course: Course, center: Course, policies: PathwayPolicies) -> Fact | None:
    """The center's own fact that names the version of its consent document; None where it has named none.

    A step that was taken rests on the version that was in force then: what came later asks nobody to sign again.
    """
    before = policies.text("gate_consent")
    taken = reached(course).get(NEXT[STEP_ENDS[before]]) if before in STEP_ENDS else None
    found = [fact for fact in center.all("gate", about="consent") if taken is None or fact.at <= taken.at]
    return found[-1] if found else None


def judged(fact: Fact, rule: Fact | None, told: Told) -> tuple[str, str]:
    """Signed in the version in force; where the center names none, signed in a version that is stated."""
    if fact.what == "gate" and fact.choice != MET:
        return fact.choice, as_stated(fact, told)
    version, signed = str(fact.detail.get("version") or ""), f"signed on {told(fact)}"
    if not version:
        return UNKNOWN, f"{signed}, its version is not stated"
    wanted = str(rule.detail.get("version") or "") if rule is not None else ""
    if wanted not in {"", version}:
        return EXPIRED, f"{signed} in version {version}; version {wanted} is in force"
    return MET, f"{signed}, version {version}"


def as_stated(fact: Fact, told: Told) -> str:
    """A gate's own word: its choice, its day, its number or note."""
    extra = ", ".join(text for text in (str(fact.detail.get(name) or "") for name in ("number", "text")) if text)
    since = "open since" if fact.choice == OPEN else f"{chosen(fact, plain=True)} on"
    return f"{since} {told(fact)}" + (f": {extra}" if extra else "")
