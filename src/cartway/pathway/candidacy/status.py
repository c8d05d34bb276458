"""What the criteria together mean: assess, wait, or what is in the way; and who acts next."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from cartway.pathway.answer import Answer, Criterion, Missing, Severity
from cartway.pathway.candidacy.ages import only_old
from cartway.pathway.candidacy.rule import rules


class Status(StrEnum):
    """From open to closed. `not_label_covered` is about the label alone and never about the patient's condition."""

    candidate_for_assessment = "candidate_for_assessment"
    not_label_covered = "not_label_covered"
    unknown = "unknown"
    defer = "defer"
    usually_not_candidate = "usually_not_candidate"
    not_candidate = "not_candidate"

    @property
    def words(self) -> str:
        """The status as it is read aloud."""
        return _WORDS[self]


_WORDS = {
    Status.candidate_for_assessment: "To be assessed",
    Status.not_label_covered: "Not covered by the label",
    Status.unknown: "Cannot be said yet",
    Status.defer: "Defer",
    Status.usually_not_candidate: "Usually not a candidate",
    Status.not_candidate: "Not a candidate",
}
_LEADS_TO = {Severity.absolute: Status.usually_not_candidate, Severity.deferring: Status.defer}
_RANK = tuple(Status)


class Step(msgspec.Struct, frozen=True):
    """What comes next, and who sees to it."""

    action: str
    owner: str


def status_of(criteria: Iterable[Criterion]) -> Status:
    """The gravest status that a criterion leads to."""
    return worst(leads_to(each) for each in criteria)


def worst(statuses: Iterable[Status]) -> Status:
    """The gravest of these; open where there is none."""
    return max(statuses, key=_RANK.index, default=Status.candidate_for_assessment)


def best(statuses: Iterable[Status]) -> Status:
    """The most open of these; open where there is none."""
    return min(statuses, key=_RANK.index, default=Status.candidate_for_assessment)


def leads_to(criterion: Criterion) -> Status:
    """The status that this answer alone would mean.

    What is merely not recorded yet is for the assessment to find out. Unknown stops only where a finding on record has
    raised the question (`raises`) and the test that settles it is missing; a good finding that is old raises none.
    """
    rule = rules()[criterion.id]
    if criterion.answer is Answer.unknown and rule.raises and criterion.facts and not only_old(criterion):
        return Status.unknown
    if criterion.answer is not Answer.no:
        return Status.candidate_for_assessment
    if rule.leads_to and criterion.severity is rule.severity:
        return Status(rule.leads_to)
    return _LEADS_TO.get(criterion.severity, Status.candidate_for_assessment)


def step_for(criterion: Criterion) -> Step:
    """What this criterion asks for next: the test where it is not known, else its action."""
    rule = rules()[criterion.id]
    if criterion.answer is Answer.unknown and criterion.missing:
        return Step(settling(criterion.missing[0]), rule.owner)
    return Step(rule.action, rule.owner)


def settling(missing: Missing) -> str:
    """A missing fact as an errand."""
    return f"Settle {missing.words}: {missing.settles}"
