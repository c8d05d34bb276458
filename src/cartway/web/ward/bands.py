"""The grades of the last three days as a small picture: CRS above, ICANS below, higher and warmer for worse.

Its x is in minutes from 72 hours before it was drawn, and the last grade runs on for another 72: a page moves what it
shows along with time (see ``static/time.js``) without drawing anew. Midnights are marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from cartway.times import HOUR, MINUTE, Instant, from_datetime, to_datetime
from cartway.toxicity import SCALES, Episode

SHOWN = 72 * HOUR
WIDTH = SHOWN // MINUTE
LANE, GAP = 13, 2
HEIGHT = 2 * LANE + GAP
BAR = {0: 2, 1: 4, 2: 7, 3: 10, 4: LANE, 5: LANE}  # how high a grade stands; not assessable fills its lane, hatched
TOLD = 6  # changes that the words name: the newest


class Span(msgspec.Struct, frozen=True):
    """One grade for a while, in minutes from the left edge; `mark` is the grade as a class of the stylesheet."""

    mark: str
    shown: str
    start: int
    end: int


class Band(msgspec.Struct, frozen=True):
    """`paths`: for each mark its SVG path. `words` for who cannot see it."""

    drawn_from: Instant
    paths: Mapping[str, str]
    midnights: str
    words: str


def band(history: Mapping[str, Sequence[Episode]], now: Instant, zone: tzinfo) -> Band:
    """The picture of the scales' episodes at `now`."""
    start = now - SHOWN
    lanes = [_spans(history.get(scale, ()), start) for scale in SCALES]
    paths: dict[str, str] = {}
    for number, spans in enumerate(lanes):
        for span in spans:
            paths[span.mark] = paths.get(span.mark, "") + _bar(span, number * (LANE + GAP))
    names = (scale.partition(".")[0].upper() for scale in SCALES)
    words = ". ".join(_told(name, spans, start, zone) for name, spans in zip(names, lanes, strict=True))
    return Band(start, paths, _midnights(start, zone), words)


def _spans(episodes: Sequence[Episode], start: Instant) -> list[Span]:
    """What of the episodes is shown, neighbors of the same grade in one."""
    spans: list[Span] = []
    for episode in episodes:
        left = max(0, (episode.start - start) // MINUTE)
        right = 2 * WIDTH if episode.end is None else (episode.end - start) // MINUTE
        if right <= left:
            continue
        if spans and spans[-1].shown == episode.shown and spans[-1].end == left:
            left = spans.pop().start
        spans.append(Span(_mark(episode), episode.shown, left, right))
    return spans


def _mark(episode: Episode) -> str:
    return "na" if episode.grade is None else f"g{episode.grade}"


def _bar(span: Span, top: int) -> str:
    height = LANE if span.mark == "na" else BAR[int(span.mark[1:])]
    return f"M{span.start} {top + LANE - height}h{span.end - span.start}v{height}h{span.start - span.end}z"


def _midnights(start: Instant, zone: tzinfo) -> str:
    """A line at each midnight of `zone`, as far as the picture reaches ahead."""
    first = to_datetime(start).astimezone(zone)
    days = (_midnight(first, number, zone) for number in range(1, 2 * WIDTH // (24 * 60) + 1))
    return "".join(f"M{(from_datetime(day) - start) // MINUTE} 0v{HEIGHT}" for day in days)


def _midnight(moment: datetime, days: int, zone: tzinfo) -> datetime:
    day = (moment + timedelta(days=days)).date()
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _told(name: str, spans: Sequence[Span], start: Instant, zone: tzinfo) -> str:
    """``CRS 0, 1 from 14 Mar 02:10``: the newest changes."""
    if not spans:
        return f"{name} not graded"
    kept = spans[-TOLD:]
    later = [f"{_said(span)} from {_clock(start + span.start * MINUTE, zone)}" for span in kept[1:]]
    return f"{name} " + ", ".join([_said(kept[0]), *later])


def _said(span: Span) -> str:
    return span.shown.replace(">=", "at least")


def _clock(instant: Instant, zone: tzinfo) -> str:
    return to_datetime(instant).astimezone(zone).strftime("%-d %b %H:%M")
