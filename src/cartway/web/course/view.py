"""One course at one moment, as every part of its page reads it: what was known, what stood, and the answers."""

from __future__ import annotations

import threading
import weakref
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import TypeVar
from weakref import WeakKeyDictionary

from cartway.record import RETRACTION, UNREADABLE, Fact, current
from cartway.times import HOUR, YEAR, Instant, to_datetime
from cartway.toxicity import Episode, Excuse, excuses, unexcused
from cartway.toxicity.explain import Explanation
from cartway.toxicity.wording import NOT_MEASURABLE
from cartway.web.course.given import ENDS_ALL
from cartway.web.course.moment import Moment
from cartway.web.course.versions import Versions, versions
from cartway.web.office import Office
from cartway.web.ward.standing import Standing, standing
from cartway.web.ward.watched import Watched

T = TypeVar("T")
_by_time = attrgetter("at")
_place = attrgetter("at", "what")

FEW = 64  # new facts that are put in one by one
KEPT = 8  # views: what a page and its parts ask for one after the other is worked out once


class Known:
    """The facts of a course that were known at a time, in commit order, and what of them is in force."""

    def __init__(self, course: str, facts: Sequence[Fact]) -> None:
        self.course, self.facts = course, facts

    @cached_property
    def in_force(self) -> list[Fact]:
        """By time, with those dated ahead."""
        return current(self.facts)

    @cached_property
    def by_what(self) -> Mapping[str, list[Fact]]:
        """What is in force, by variable; a value that could not be read under the variable that it was to be."""
        found: dict[str, list[Fact]] = {}
        for fact in self.in_force:
            found.setdefault(_what(fact), []).append(fact)
        return found

    @cached_property
    def versions(self) -> Versions:
        return versions(self.facts)

    @cached_property
    def simulated(self) -> int:
        """How many of the facts are."""
        return sum(fact.simulated for fact in self.facts)

    @cached_property
    def keys(self) -> frozenset[tuple[str, str]]:
        """The sources and keys that were said."""
        return frozenset((fact.source, fact.key) for fact in self.facts)

    def followed_by(self, facts: Sequence[Fact]) -> Known:
        """The same course with what was recorded since; `facts` is all of it.

        A wearable has somebody's page drawn anew every two minutes: where nothing new is about what was said before, or
        stands beside it at the same instant, what was worked out is carried on.
        """
        known, new = Known(self.course, facts), facts[len(self.facts) :]
        if len(new) > FEW or any(fact.amends or fact.what == RETRACTION or not fact.key for fact in new):
            return known
        keys = [(fact.source, fact.key) for fact in new]
        if len(set(keys)) < len(keys) or not self.keys.isdisjoint(keys):
            return known
        in_force, by_what = list(self.in_force), dict(self.by_what)
        for fact in new:
            held = by_what[_what(fact)] = list(by_what.get(_what(fact), ()))
            if not (_insert(in_force, fact) and _insert(held, fact)):
                return known
        known.__dict__.update(in_force=in_force, by_what=by_what, versions=self.versions, keys=self.keys.union(keys))
        known.__dict__["simulated"] = self.simulated + sum(fact.simulated for fact in new)
        return known


def _what(fact: Fact) -> str:
    return str(fact.detail.get("variable", "")) if fact.what == UNREADABLE else fact.what


def _insert(ordered: list[Fact], fact: Fact) -> bool:
    """Put a fact where it belongs in time; False where one like it stands there, and their content decides."""
    place = bisect_right(ordered, _place(fact), key=_place)
    if place and _place(ordered[place - 1]) == _place(fact):
        return False
    ordered.insert(place, fact)
    return True


class View:
    """A course at a moment. `known.facts` may be empty at a past time."""

    def __init__(self, office: Office, known: Known, moment: Moment) -> None:
        self.office, self.known, self.moment = office, known, moment
        self.course, self.at, self.zone = known.course, moment.at, office.zone

    @cached_property
    def stated(self) -> list[Fact]:
        """The facts in force that were true by then, by time."""
        if not self.moment.is_now:
            return self._followed.folded
        return _until(self.known.in_force, self.at)

    @cached_property
    def watched(self) -> Standing | None:
        """The present standing, where the worker has it at hand and nothing was recorded since."""
        found = self.office.ward.standing(self.course) if self.moment.is_now else None
        return found if found is not None and found.position == self.known.facts[-1].position else None

    @cached_property
    def standing(self) -> Standing:
        """Where the course stood."""
        if self.watched is not None:
            return self.watched
        return standing(self._followed, self.at, self.zone, self.office.rules, self._if_not_excused())

    @cached_property
    def explanation(self) -> Explanation | None:
        """Why the grades were what they were; None where nothing was known yet."""
        if self.watched is not None:
            return self.office.ward.explain(self.course, self.at)
        return self._followed.explain(self.at) if self.known.facts else None

    @cached_property
    def _followed(self) -> Watched:
        """The course followed to the moment, for what the ward does not have at hand."""
        course = Watched(self.course, self.office.rules)
        course.take(self.known.facts)
        course.advance(self.at)
        return course

    @cached_property
    def excuses(self) -> tuple[Excuse, ...]:
        """The attributions in force, reopened ones too."""
        return excuses(self.stated, self.office.rules, self.at)

    def _if_not_excused(self) -> Mapping[str, str]:
        """By scale, the grade as printed if no attribution had been made. Nothing where none is in force."""
        found = unexcused(self.stated, self.office.rules, self.at) if self.excuses else {}
        return {scale: episode.shown for scale, episode in found.items() if episode is not None}

    @cached_property
    def history(self) -> Mapping[str, Sequence[Episode]]:
        """Every episode by scale; the last one open."""
        return self.standing.history

    @cached_property
    def by_what(self) -> Mapping[str, Sequence[Fact]]:
        """What was stated by then, by variable; a value that could not be read under the variable that it was to be."""
        if self.moment.is_now:
            cut = ((what, _until(facts, self.at)) for what, facts in self.known.by_what.items())
            return {what: facts for what, facts in cut if facts}
        found: dict[str, list[Fact]] = {}
        for fact in self.stated:
            found.setdefault(_what(fact), []).append(fact)
        return found

    def of(self, *whats: str) -> list[Fact]:
        """The facts of some variables, by time."""
        return sorted((fact for what in whats for fact in self.by_what.get(what, ())), key=_by_time)

    @cached_property
    def drugs(self) -> Sequence[Fact]:
        """What says which drugs ran when, in force, those dated ahead too, by time."""
        return [fact for fact in self.known.in_force if fact.what == "drug" or fact.what in ENDS_ALL]

    def first(self, what: str) -> Fact | None:
        return next((fact for fact in self.by_what.get(what, ()) if fact.what == what), None)

    def day_of(self, instant: Instant) -> date:
        """The calendar day of an instant, in the zone of the application."""
        return to_datetime(instant).astimezone(self.zone).date()

    def hours(self, policy: str) -> Instant:
        """How long a reading under this policy stands, in microseconds; 0 for ever."""
        if self.office.rules.value("observation_validity") == "until_replaced":
            return 0
        return int(self.office.rules.number(policy) * HOUR)

    @cached_property
    def age_years(self) -> float | None:
        born, age = self.first("birth_date"), self.first("age")
        if born is not None:
            return (self.at - born.at) / YEAR
        return None if age is None or age.value is None else age.value + (self.at - age.at) / YEAR


def _until(facts: list[Fact], at: Instant) -> list[Fact]:
    """Of facts in the order of time those that were true by then."""
    return facts if not facts or facts[-1].at <= at else facts[: bisect_right(facts, at, key=_by_time)]


def is_unmeasurable(fact: Fact) -> bool:
    """Whether its number is the code for what could not be measured, and no reading."""
    return bool(fact.detail) and fact.detail.get("method") == NOT_MEASURABLE


class Views:
    """The last few views of a worker. Thread-safe. A new fact, or another time, is another view."""

    def __init__(self, office: Office) -> None:
        self._office = weakref.ref(office)
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[object, ...], Known] = OrderedDict()
        self._views: OrderedDict[tuple[object, ...], View] = OrderedDict()
        self._latest: OrderedDict[str, Known] = OrderedDict()  # by course, as known now

    def look(self, course: str, moment: Moment) -> View | None:
        """The course at `moment`; None where there is no such course."""
        office = self._office()
        assert office is not None, "the office outlives its requests"
        known_at = None if moment.known_now else moment.known_at
        standing = office.ward.standing(course)
        key = (course, standing.position if standing else 0, known_at)
        known = self._known.get(key) if standing else None
        if known is None:
            facts = office.ward.facts(office.log, course)
            if not facts:
                return None
            key = (course, facts[-1].position, known_at)
            known = self._keep(self._known, key, lambda: self._learned(course, facts, known_at))
        if moment.is_now:  # its time runs on: what is worth keeping is in `known` and in the ward
            return View(office, known, moment)
        return self._keep(self._views, (*key, moment.at, moment.at_now), lambda: View(office, known, moment))

    def _learned(self, course: str, facts: Sequence[Fact], known_at: Instant | None) -> Known:
        """What is known of a course: after what was known when it was last looked at, where that is its beginning."""
        if known_at is not None:
            return Known(course, known_by(facts, known_at))
        held = self._latest.pop(course, None)
        follows = held is not None and facts[len(held.facts) - 1 : len(held.facts)] == held.facts[-1:]
        known = held.followed_by(facts) if held is not None and follows else Known(course, facts)
        self._latest[course] = known
        while len(self._latest) > KEPT:
            self._latest.popitem(last=False)
        return known

    def _keep(self, kept: OrderedDict[tuple[object, ...], T], key: tuple[object, ...], make: Callable[[], T]) -> T:
        with self._lock:
            found = kept.get(key)
            if found is None:
                found = kept[key] = make()
            kept.move_to_end(key)
            while len(kept) > KEPT:
                kept.popitem(last=False)
            return found


def known_by(facts: Sequence[Fact], known_at: Instant | None) -> Sequence[Fact]:
    """The facts that were recorded by then: later entries and corrections left out."""
    return facts if known_at is None else [fact for fact in facts if (fact.recorded_at or 0) <= known_at]


_VIEWS: WeakKeyDictionary[Office, Views] = WeakKeyDictionary()
_LOCK = threading.Lock()


def look(office: Office, course: str, moment: Moment) -> View | None:
    """The course at `moment`, worked out once for the page and all its parts; None where there is no such course."""
    with _LOCK:
        views = _VIEWS.setdefault(office, Views(office))
    return views.look(course, moment)
