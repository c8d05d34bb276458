"""Two settings of the rules over the same courses: whose grades and alerts differ, from when to when, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

import msgspec

from cartway.times import HOUR, Instant
from cartway.toxicity.episode import Episode
from cartway.toxicity.wording import sentence
from cartway.watch.model import Alert

NONE = "not graded"


class GradeSpan(msgspec.Struct, frozen=True):
    """A time in which one scale says another thing. `before`, `after`: the grade as printed, ``not graded`` where
    nothing covers it. `why_before`, `why_after`: the reasons of each; `policies`: those that decide in either.
    """

    start: Instant
    end: Instant | None
    before: str
    after: str
    why_before: str
    why_after: str
    policies: tuple[str, ...]


class GradeChange(msgspec.Struct, frozen=True):
    """One course on one scale. `peak_before`, `peak_after`: the highest grade, None where none could be assessed."""

    course: str
    scale: str
    peak_before: int | None
    peak_after: int | None
    spans: tuple[GradeSpan, ...]

    @property
    def hours(self) -> float:
        """How long the two differ, as far as that has an end."""
        return sum((span.end - span.start) / HOUR for span in self.spans if span.end is not None)


class AlertChange(msgspec.Struct, frozen=True):
    """One alert that differs. `kind`: ``new``, ``gone``, ``raised``, ``lowered`` or ``moved`` (other onset or end)."""

    course: str
    event: str
    kind: str
    onset: Instant
    before: str
    after: str
    why: str


def grade_changes(course: str, before: Sequence[Episode], after: Sequence[Episode]) -> list[GradeChange]:
    """Scale by scale, where two gradings of a course differ; scales that agree throughout are left out."""
    scales = dict.fromkeys(each.scale for each in (*before, *after))
    pairs = ((scale, _of(before, scale), _of(after, scale)) for scale in scales)
    found = [
        GradeChange(course, scale, _peak(old), _peak(new), tuple(_joined(_spans(old, new))))
        for scale, old, new in pairs
    ]
    return [change for change in found if change.spans]


def _of(episodes: Iterable[Episode], scale: str) -> list[Episode]:
    return [each for each in episodes if each.scale == scale]


def _peak(episodes: Iterable[Episode]) -> int | None:
    return max((each.grade for each in episodes if each.grade is not None), default=None)


def _spans(before: Sequence[Episode], after: Sequence[Episode]) -> Iterator[GradeSpan]:
    """The instants at which either may change cut time into spans; those in which the two differ are told."""
    cuts = sorted({moment for each in (*before, *after) for moment in (each.start, each.end) if moment is not None})
    for start, end in pairwise([*cuts, None]):
        if start is None:
            continue
        old, new = _at(before, start), _at(after, start)
        if _shown(old) != _shown(new):
            yield GradeSpan(start, end, _shown(old), _shown(new), _why(old), _why(new), _policies(old, new))


def _at(episodes: Sequence[Episode], moment: Instant) -> Episode | None:
    return next((each for each in episodes if each.start <= moment and (each.end is None or moment < each.end)), None)


def _shown(episode: Episode | None) -> str:
    return NONE if episode is None else episode.shown


def _why(episode: Episode | None) -> str:
    return "" if episode is None else "; ".join(sentence(reason) for reason in episode.because)


def _policies(*episodes: Episode | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in episodes if each is not None for name in each.policies))


def _joined(spans: Iterable[GradeSpan]) -> Iterator[GradeSpan]:
    """Spans in a row that say the same made one, with the reasons of the first."""
    for _, each in groupby(_numbered(spans), key=lambda pair: pair[0]):
        row = [span for _, span in each]
        policies = tuple(dict.fromkeys(name for span in row for name in span.policies))
        yield msgspec.structs.replace(row[0], end=row[-1].end, policies=policies)


def _numbered(spans: Iterable[GradeSpan]) -> Iterator[tuple[int, GradeSpan]]:
    number, last = 0, None
    for span in spans:
        if last is not None and (last.end, last.before, last.after) != (span.start, span.before, span.after):
            number += 1
        last = span
        yield number, span


def alert_changes(before: Sequence[Alert], after: Sequence[Alert]) -> list[AlertChange]:
    """Where the alerts of a course differ. An alert answers to the one of the same event that it overlaps first."""
    found, left = [], list(after)
    for old in before:
        new = next((each for each in left if each.event == old.event and _overlap(old, each)), None)
        if new is None:
            found.append(_change(old, "gone"))
            continue
        left.remove(new)
        if kind := _kind(old, new):
            found.append(_change(new, kind, old))
    return sorted((*found, *(_change(new, "new") for new in left)), key=lambda each: each.onset)


def _overlap(old: Alert, new: Alert) -> bool:
    ends = (end if end is not None else 2**62 for end in (old.end, new.end))
    old_end, new_end = ends
    return old.onset == new.onset or (old.onset < new_end and new.onset < old_end)


def _kind(old: Alert, new: Alert) -> str:
    if old.peak != new.peak:
        return "raised" if new.peak > old.peak else "lowered"
    return "moved" if (old.onset, old.end) != (new.onset, new.end) else ""


def _change(alert: Alert, kind: str, old: Alert | None = None) -> AlertChange:
    priority = alert.peak.name
    before = old.peak.name if old is not None else "" if kind == "new" else priority
    why = "; ".join(dict.fromkeys(finding.text for finding in alert.findings))
    return AlertChange(alert.course, alert.event, kind, alert.onset, before, "" if kind == "gone" else priority, why)
