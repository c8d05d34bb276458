"""Which moment a page of a course is asked about: when it was true, and as known when. Neither lies ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

import msgspec

from cartway.problem import Problem
from cartway.times import Instant, from_datetime, text
from cartway.web.forms.moment import read_time

EARLIEST_YEAR = 1900


class Moment(msgspec.Struct, frozen=True):
    """The course at `at`, by what was recorded until `known_at`. Neither lies after `now`.

    `at_now`, `known_now`: nobody asked for another time than the present.
    """

    now: Instant
    at: Instant
    known_at: Instant
    at_now: bool = True
    known_now: bool = True

    @property
    def is_now(self) -> bool:
        return self.at_now and self.known_now

    @property
    def query(self) -> str:
        """What to ask with to see the same moment again; empty for the present."""
        return self.with_at(self.at) if not self.is_now else ""

    def with_at(self, at: Instant) -> str:
        """The query for another time, by the same knowledge."""
        return f"at={stamp(at)}" + ("" if self.known_now else f"&known_at={stamp(self.known_at)}")

    def as_known(self, at: Instant) -> str:
        """The query for a time as it was known then."""
        return f"at={stamp(at)}&known_at={stamp(at)}"


def present(now: Instant) -> Moment:
    """The present moment."""
    return Moment(now, now, now)


def read_moment(query: Mapping[str, str], now: Instant, zone: tzinfo) -> tuple[Moment, Problem | None]:
    """The moment that a query asks for: ISO 8601 with an offset, a local time of `zone`, or the last time of day.

    What cannot be read gives the present and a Problem that says so. What lies ahead is the present. Who asks only for
    what was known at a time means the state at that time.
    """
    try:
        known_at = _read(query.get("known_at", ""), now, zone)
        at = _read(query.get("at", ""), now, zone)
    except (ValueError, OverflowError):
        return present(now), Problem(
            "wrong_time",
            "That time could not be read, so this is the course now.",
            "Type it as 14:05, or as 2026-01-10 14:05.",
        )
    at = known_at if at is None else at
    at_now, known_now = at is None or at >= now, known_at is None or known_at >= now
    return Moment(
        now, now if at is None else min(at, now), now if known_at is None else min(known_at, now), at_now, known_now
    ), None


def stamp(instant: Instant) -> str:
    """An instant as an address carries it: UTC, with nothing in it that needs escaping."""
    return text(instant).replace("+00:00", "Z")


def _read(asked: str, now: Instant, zone: tzinfo) -> Instant | None:
    asked = asked.strip()
    if not asked:
        return None
    local = read_time(asked, zone, latest=now)
    if not isinstance(local, Problem):
        return local
    moment = datetime.fromisoformat(asked.replace(" ", "+"))  # a plus of an offset, unescaped, is a blank
    if moment.year < EARLIEST_YEAR:
        raise ValueError("before anything that was charted here")
    return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=zone))
