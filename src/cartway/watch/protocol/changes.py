"""What would change what the protocol says: another grade, a time that comes, a fact that is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cartway.pathway.conditioning import Measured
from cartway.times import DAY, HOUR, Instant
from cartway.watch.protocol.conditions import unanswered_anti_il6
from cartway.watch.protocol.model import SYNDROMES, Protocol, Syndrome
from cartway.watch.protocol.situation import Situation
from cartway.watch.protocol.step import Step
from cartway.watch.protocol.steps import managed_as, scale_of, titles_at
from cartway.watch.protocol.tally import Tally


class Change(msgspec.Struct, frozen=True):
    """One thing that would change the steps: `words`, and `at` where it is a time that comes."""

    words: str
    at: Instant | None = None


def changes(
    s: Situation, protocol: Protocol, steps: Sequence[Step], counted: Tally, measured: Measured
) -> tuple[Change, ...]:
    """What comes by itself first, by time; then the grades; then what is missing."""
    timed = sorted(_timed(s, counted, measured), key=lambda each: each.at or 0)
    grades = [change for syndrome in ("crs", "icans") for change in _grades(s, protocol, syndrome)]
    return (*timed, *grades, *missing_changes(steps))


def _timed(s: Situation, counted: Tally, measured: Measured) -> Iterator[Change]:
    if counted.next_at is not None and counted.unread is None and counted.waits(s.now):
        yield Change("the next dose of tocilizumab is allowed by the intervals", counted.next_at)
    if measured.value is not None and measured.facts:
        days = s.policies.number("weight_max_age_days")
        yield Change("the body weight grows too old for a dose", measured.facts[0].at + round(days * DAY))
    if s.crs_onset is None:
        return
    doses = unanswered_anti_il6(s)
    hours = s.policies.number("protocol_no_better_hours")
    if doses and (at := doses[0].at + round(hours * HOUR)) > s.now:
        yield Change(
            f"{hours:g} hours after the first anti-IL-6: with no improvement it is managed as the next grade", at
        )
    days = s.policies.number("protocol_hlh_days")
    if (at := s.crs_onset + round(days * DAY)) > s.now:
        yield Change(f"CRS for more than {days:g} days: IEC-HS and HLH are to be considered", at)


def _grades(s: Situation, protocol: Protocol, syndrome: Syndrome) -> Iterator[Change]:
    """What the next higher and lower grade would add and drop, beside what counts now."""
    grade, name = s.grade(scale_of(s, syndrome)), SYNDROMES[syndrome]
    if grade is None or grade > 4:
        return
    counts = max((grade, *managed_as(s, syndrome)))
    here = titles_at(s, protocol, syndrome, counts)
    if counts < 4 and (more := _other(titles_at(s, protocol, syndrome, counts + 1), here)):
        yield Change(f"{name} grade {counts + 1} would add: {more}")
    if grade == 1:
        yield Change(f"{name} grade 0: no step of {name}")
    elif grade > 1 and (less := _other(here, titles_at(s, protocol, syndrome, grade - 1))):
        yield Change(f"{name} grade {grade - 1} would drop: {less}")


def _other(these: Iterable[str], those: Iterable[str]) -> str:
    known = set(those)
    found = [title for title in these if title not in known]
    return "; ".join(found)


def missing_changes(steps: Iterable[Step]) -> tuple[Change, ...]:
    """Which missing fact would settle a step."""
    asked = dict.fromkeys(missing.settles for step in steps for missing in step.missing)
    return tuple(Change(f"not known, and would settle a step: {words}") for words in asked)
