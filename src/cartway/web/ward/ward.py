"""All courses that a worker watches: filled from the record, kept up with it, asked where each one stands."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from itertools import groupby
from operator import attrgetter

import msgspec

from cartway.pathway.course import CENTER
from cartway.record import Fact, Log
from cartway.times import DAY, Instant
from cartway.toxicity import Rules
from cartway.toxicity.explain import Explanation
from cartway.web.ward.center import SETS, Center, center_of, shipped
from cartway.web.ward.standing import TOLD_BY_THEM, Standing, not_worked_out, standing
from cartway.web.ward.watched import Watched, is_on_road

WATCHED_FOR = 45 * DAY  # a course of which nothing newer is known is read when somebody asks for it, not watched
CHUNK = 10_000
TURN_S = 0.0005

_by_course = attrgetter("course")


def is_on_ward(facts: Iterable[Fact]) -> bool:
    """Whether a course is watched: one on the road to its infusion only once its patient told something from home."""
    facts = list(facts)
    return not is_on_road({fact.what for fact in facts}) or any(fact.source in TOLD_BY_THEM for fact in facts)


class Ward:
    """The courses of one record. Thread-safe: one thread follows the record, others ask."""

    def __init__(self, rules: Rules, zone: tzinfo, country: str = "US") -> None:
        self.rules, self.zone, self.country = rules, zone, country
        self.center: Center = shipped(country)
        self.position = 0
        self._courses: dict[str, Watched] = {}
        self._standings: dict[str, Standing] = {}
        self._untold: dict[str, Standing] = {}
        self._defects: dict[str, Exception] = {}
        self._lock = threading.RLock()

    def fill(self, log: Log, now: Instant) -> None:
        """Read the courses of which something is known of late."""
        with self._lock:
            self.position = log.position()
            self.center = center_of(log.facts(CENTER), now, self.country)
            for summary in log.summaries():
                if summary.last >= now - WATCHED_FOR and summary.course != CENTER:
                    self._watch(log, summary.course)
        self._refresh(list(self._courses), now)

    def follow(self, log: Log, now: Instant) -> list[Standing]:
        """Take what was recorded since, let time run to `now`; the standings that are now another version."""
        new = log.since(self.position, CHUNK)
        with self._lock:
            by_course = groupby(sorted(new, key=_by_course), _by_course)  # stable: commit order within a course
            touched = {course: list(facts) for course, facts in by_course}
            anew = self._set_anew(log, touched.pop(CENTER, []), now)
            for course, facts in touched.items():
                if course in self._courses:
                    self._courses[course].take(facts)
                else:
                    self._watch(log, course)
            watched = [course for course in touched if course in self._courses]
            names = [*watched, *anew, *self._due(now)]
        changed = self._refresh(names, now)
        with self._lock:  # only now: a page that says that it is at a position has every row as of then
            self.position = max([self.position, *(fact.position for fact in new)])
        return changed

    def untold(self) -> list[Standing]:
        """What has changed and was not called `told` since, oldest change first."""
        with self._lock:
            return list(self._untold.values())

    def told(self, standing: Standing) -> None:
        """This standing has been told to the pages. It stays untold where it has changed again."""
        with self._lock:
            if self._untold.get(standing.course) is standing:
                del self._untold[standing.course]

    def defects(self) -> dict[str, Exception]:
        """The courses of which something cannot be worked out, and why; they are tried again at every `follow`."""
        with self._lock:
            return dict(self._defects)

    def standings(self) -> list[Standing]:
        """Every watched course, whom to look at first on top."""
        with self._lock:
            found = list(self._standings.values())
        return sorted(found, key=lambda each: (tuple(-part for part in each.risk), each.course))

    def standing(self, course: str) -> Standing | None:
        """Where a watched course stood when it was last looked at."""
        with self._lock:
            return self._standings.get(course)

    def facts(self, log: Log, course: str) -> list[Fact]:
        """A course's facts in commit order, superseded ones included, read from the record where it is not watched."""
        with self._lock:
            watched = self._courses.get(course)
            if watched is not None:
                return list(watched.facts)
        return log.facts(course)

    def explain(self, course: str, now: Instant) -> Explanation | None:
        """The reasoning behind a watched course's grades at `now`, which must not lie before the ward's own time."""
        with self._lock:
            watched = self._courses.get(course)
            if watched is None:
                return None
            watched.advance(now)
            return watched.explain(now)

    def course(self, log: Log, course: str) -> Watched | None:
        """A copy of a course to work on; None if unknown."""
        facts = self.facts(log, course)
        if not facts:
            return None
        copy = Watched(course, self.rules)
        copy.take(facts)
        return copy

    def _set_anew(self, log: Log, facts: Sequence[Fact], now: Instant) -> list[str]:
        """Take what the center has set since; the courses whose alerts and dues may differ by it: all, or none."""
        comes = self.center.changes_at is not None and self.center.changes_at <= now
        if not comes and not any(fact.what in SETS or fact.amends for fact in facts):
            return []
        self.center = center_of(log.facts(CENTER), now, self.country)
        for course in self._courses.values():
            course.under(self.center)
        return list(self._courses)

    def _watch(self, log: Log, course: str) -> None:
        facts = log.facts(course)
        if is_on_ward(facts):
            watched = self._courses[course] = Watched(course, self.rules, self.center)
            watched.take(facts)

    def _due(self, now: Instant) -> list[str]:
        """Those that time alone changes. A look may have taken the fold further already: what was told counts."""
        changes = ((name, standing.changes_at) for name, standing in self._standings.items())
        return [name for name, moment in changes if moment is not None and moment <= now]

    def _refresh(self, names: Iterable[str], now: Instant) -> list[Standing]:
        """The standings that are now another version, or that can be worked out again, or no more. Those with a defect
        are tried again each time. Between two courses whoever waits for the ward has a turn.
        """
        changed = []
        for number, name in enumerate(dict.fromkeys([*names, *self.defects()])):
            if number:
                time.sleep(TURN_S)
            with self._lock:
                before = self._standings.get(name)
                found = self._standings[name] = _troubled(before, self._stands(name, now), now)
                if before is None or before.version != found.version:
                    self._untold[name] = found
                    changed.append(found)
        return changed

    def _stands(self, name: str, now: Instant) -> Standing:
        """One course's defect is its own: its row says so, and the others have their turn."""
        course = self._courses[name]
        try:
            course.advance(now)
            found = standing(course, now, self.zone, self.rules, course.unexcused(), closely=True)
        except Exception as failure:
            self._defects[name] = failure
            return not_worked_out(course, self._standings.get(name), now)
        self._defects.pop(name, None)
        if course.defects:
            self._defects[name] = next(iter(course.defects.values()))
        return found


def _troubled(before: Standing | None, found: Standing, now: Instant) -> Standing:
    """With the time at which its defects last changed: by it the row that can be worked out again is a newer one."""
    had, since, told = ((), 0, 0) if before is None else (before.defects, before.troubled_at, before.version[1])
    if found.defects != had:
        return msgspec.structs.replace(found, troubled_at=max(now, told + 1))
    return msgspec.structs.replace(found, troubled_at=since) if since else found
