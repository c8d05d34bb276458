"""When to refer: hints of timing by disease, in `referral.toml`. They decide nothing."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.candidacy.lines import lines_of, months_after
from cartway.pathway.course import Course
from cartway.vocabulary import vocabulary


class ReferralRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row: told where all that it names is on record."""

    words: str
    source: str
    confirmed: bool = True
    groups: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    refractory_to: str = ""
    lines_at_least: int = 0
    progression_within_months: int = 0


class Hint(msgspec.Struct, frozen=True):
    """A hint that fits this course, and who says so."""

    id: str
    words: str
    source: Source


@cache
def referral_rules() -> dict[str, ReferralRule]:
    """All rows by id."""
    text = (resources.files(__package__) / "referral.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, ReferralRule], strict=False)


def hints(course: Course) -> tuple[Hint, ...]:
    """The hints whose every condition is on record, in the table's order."""
    return tuple(
        Hint(id_, rule.words, Source(rule.source, rule.confirmed))
        for id_, rule in referral_rules().items()
        if _disease(course, rule) and _lines(course, rule)
    )


def _disease(course: Course, rule: ReferralRule) -> bool:
    diagnosis, status = course.last("diagnosis"), course.last("disease_status")
    choice = vocabulary().variables["diagnosis"].choices.get(diagnosis.choice) if diagnosis else None
    named = choice is not None and (choice.name in rule.diagnoses or bool(set(rule.groups) & set(choice.classes)))
    stands = status is not None and status.choice in rule.statuses
    return (named or not (rule.groups or rule.diagnoses)) and (stands or not rule.statuses)


def _lines(course: Course, rule: ReferralRule) -> bool:
    lines = lines_of(course)
    if lines.systemic()[0] < rule.lines_at_least:
        return False
    if rule.progression_within_months and not _early(course, rule.progression_within_months):
        return False
    refractory = course.last("drug_refractory", about=rule.refractory_to)
    return not rule.refractory_to or (refractory is not None and refractory.choice == "yes")


def _early(course: Course, months: int) -> bool:
    """Whether the first systemic line was followed by progression within so many months of its start."""
    first = lines_of(course).first_systemic()
    if first is None or first.start is None or first.outcome_day is None:
        return False
    return first.outcome_day <= months_after(first.start, months)
