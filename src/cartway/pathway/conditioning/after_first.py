"""The toxicity after the first part of a split dose: highest and present grade, and the hours nobody could assess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from cartway.pathway.conditioning.case import Case
from cartway.times import HOUR, Instant
from cartway.toxicity import Episode, grade, load_rules

SCALES = ("crs", "icans")


class Toxicity(msgspec.Struct, frozen=True):
    """The highest grade of a scale since the first part, and the one now; None where not assessable.

    `unknown`: the stretches since the first part in which it could not be assessed, or not fully; the highest grade is
    then a lower bound.
    """

    scale: str
    highest: int | None
    present: int | None
    unknown: tuple[tuple[Instant, Instant], ...] = ()

    @property
    def certain(self) -> bool:
        """Whether it was assessed all the time."""
        return not self.unknown


def toxicity_after(case: Case, scale: str, since: Instant) -> Toxicity:
    """Highest and present grade of a scale since the first part, by the same rules as on the ward."""
    every = (episode for episode in _episodes(case) if episode.scale.partition(".")[0] == scale)
    mine = [episode for episode in every if episode.end is None or episode.end > since]
    if not mine:
        return Toxicity(scale, None, None, ((since, case.now),))
    grades = [episode.grade for episode in mine if episode.grade is not None]
    return Toxicity(scale, max(grades, default=None), mine[-1].grade, tuple(_stretches(mine, since, case.now)))


def _stretches(episodes: Sequence[Episode], since: Instant, now: Instant) -> Iterator[tuple[Instant, Instant]]:
    """The stretches between `since` and `now` without an episode that was fully assessed, neighbors joined."""
    known = sorted((each.start, each.end or now) for each in episodes if each.assessable and not each.missing)
    reached = since
    for start, end in known:
        if start > reached:
            yield reached, start
        reached = max(reached, end)
    if reached < now:
        yield reached, now


def _episodes(case: Case) -> list[Episode]:
    return grade(case.course.facts, load_rules(), at=case.now)


def unassessed(case: Case, found: Toxicity) -> str:
    """The hours in which a scale was not fully assessed, the longest first three named."""
    longest = sorted(found.unknown, key=lambda each: each[0] - each[1])[:3]
    told = ", ".join(f"{case.hour_of(start)} to {case.hour_of(end)}" for start, end in sorted(longest))
    hours = sum(end - start for start, end in found.unknown) / HOUR
    more = f", {len(found.unknown)} stretches in all" if len(found.unknown) > len(longest) else ""
    return f"{found.scale.upper()} was not fully assessed for {hours:.0f} h after the first part: {told}{more}."
