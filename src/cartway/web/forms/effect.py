"""What an entry does to the grades: now and at their highest, without it and with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from cartway.record import Fact, current
from cartway.times import Instant
from cartway.toxicity import SCALES, Episode, Rules, grade, unexcused
from cartway.web.forms.chart import Chart
from cartway.web.ward.standing import Grade

LABELS: Mapping[str, str] = {"crs.astct": "CRS", "icans.astct": "ICANS"}
NONE = "not graded"


class Shown(msgspec.Struct, frozen=True):
    """One scale as it is printed: now, the highest of the course, and the number of the grade now for its badge.

    `unexcused`: what it would be now if nothing were attributed to another cause, where that differs; else "".
    """

    now: str = NONE
    highest: str = NONE
    badge: str = "na"
    unexcused: str = ""

    @property
    def mark(self) -> str:
        """As rows of the board carry it (`cartway.web.ward.draw.mark`): ``2``, ``>=2``, ``na``; "" if not graded."""
        return "" if self.now == NONE else self.now.replace("not assessable", "na").replace(" ", "")


class Effect(msgspec.Struct, frozen=True):
    """One scale without the entry and with it."""

    label: str
    before: Shown
    after: Shown


def grades(facts: Sequence[Fact], rules: Rules, now: Instant) -> Mapping[str, Shown]:
    """How each scale stands at `now`. `facts`: all of the course, in commit order."""
    stated = current(facts)
    episodes, bare = grade(stated, rules, now), _bare(stated, rules, now)
    return {scale: _shown([each for each in episodes if each.scale == scale], bare.get(scale)) for scale in SCALES}


def _bare(stated: Sequence[Fact], rules: Rules, now: Instant) -> Mapping[str, Episode | None]:
    """Each scale had nothing been attributed; nothing where nothing was, which spares a grading."""
    return unexcused(stated, rules, now) if any(fact.what == "attribution" for fact in stated) else {}


def of_grade(grade: Grade | None) -> Shown:
    """A grade of the live ward as it is printed now."""
    if grade is None:
        return Shown()
    badge = "na" if grade.episode.grade is None else str(grade.episode.grade)
    return Shown(grade.episode.shown, "", badge, grade.if_not_excused)


def effects(chart: Chart, facts: Sequence[Fact], now: Instant) -> tuple[Effect, ...]:
    """What these facts, if they were recorded now, do to each scale at `now`."""
    then = [*chart.facts, *as_recorded(chart, facts, now)]
    before, after = grades(chart.facts, chart.rules, now), grades(then, chart.rules, now)
    return tuple(Effect(LABELS[scale], before[scale], after[scale]) for scale in SCALES)


def as_recorded(chart: Chart, facts: Sequence[Fact], now: Instant) -> list[Fact]:
    """Facts as the record would hold them: after all others."""
    last = chart.facts[-1].position if chart.facts else 0
    return [
        msgspec.structs.replace(fact, position=last + 1 + n, recorded_at=now, recorded_by="form")
        for n, fact in enumerate(facts)
    ]


def _shown(episodes: Sequence[Episode], bare: Episode | None) -> Shown:
    if not episodes:
        return Shown()
    now = next((each for each in episodes if each.end is None), None)
    highest = max(episodes, key=lambda each: -1 if each.grade is None else each.grade)
    if now is None:
        return Shown(highest=highest.shown)
    without = bare.shown if bare is not None and bare.shown != now.shown else ""
    return Shown(now.shown, highest.shown, "na" if now.grade is None else str(now.grade), without)
