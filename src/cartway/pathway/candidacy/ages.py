"""How old a finding may be: see `ages.toml`. What is too old is not known any more, and is measured again."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.answer import Answer, Criterion, Missing, Source
from cartway.pathway.candidacy.days import day_of
from cartway.pathway.candidacy.lines import lines_of
from cartway.pathway.candidacy.rule import rules
from cartway.pathway.candidacy.wording import on_day
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact

AGAIN = "measured again"


class Age(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ages of one criterion, and by which policy."""

    policy: str
    of: tuple[str, ...]
    either: bool = False
    since_therapy: bool = False


@cache
def ages() -> dict[str, Age]:
    """All rows by the criterion's id."""
    text = (resources.files(__package__) / "ages.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Age])


def current(criteria: Iterable[Criterion], course: Course, policies: PathwayPolicies) -> list[Criterion]:
    """The criteria, those that rest on a finding too old for its policy as not known."""
    return [_current(each, course, policies) for each in criteria]


def _current(criterion: Criterion, course: Course, policies: PathwayPolicies) -> Criterion:
    age = ages().get(criterion.id)
    if age is None or criterion.answer is Answer.unknown or (criterion.answer is Answer.no and not age.either):
        return criterion
    found = [fact for fact in criterion.facts if fact.what in age.of]
    if not found:
        return criterion
    oldest = min(found, key=lambda fact: fact.at)
    ended = last_therapy(course) if age.since_therapy else None
    if ended is not None and day_of(oldest.at) < ended:
        because = f"{criterion.because[:-1]}; before the last line of therapy, of {on_day(ended)}: to be {AGAIN}."
        return _stale(criterion, because, found)
    policy = f"candidacy_{age.policy}"
    days, limit = (day_of(course.now) - day_of(oldest.at)).days, policies.number(policy)
    if days <= limit:
        return criterion
    because = f"{criterion.because[:-1]}; {days} days old, at most {limit:g} count: to be {AGAIN}."
    source = Source(f"Policy {policy}: {policies.policies[policy].why}", policies.confirmed(policy))
    return msgspec.structs.replace(_stale(criterion, because, found), source=source, decided_by=policy)


def only_old(criterion: Criterion) -> bool:
    """Whether nothing but its age keeps a finding from counting."""
    age = ages().get(criterion.id)
    return age is not None and criterion.decided_by == f"candidacy_{age.policy}"


def last_therapy(course: Course) -> date | None:
    """The day on which the last line of therapy ended; on which it began where it runs or its end is not known."""
    last, today = lines_of(course).last, day_of(course.now)
    if last is None:
        return None
    return last.end if last.end is not None and last.end <= today else last.start


def _stale(criterion: Criterion, because: str, found: list[Fact]) -> Criterion:
    settles = rules()[criterion.id].needs[0][2]
    names = {what: words for what, words, _ in rules()[criterion.id].needs}
    missing = (Missing(found[0].what, names.get(found[0].what, rules()[criterion.id].needs[0][1]), settles),)
    return msgspec.structs.replace(criterion, answer=Answer.unknown, because=because, missing=missing)
