"""What is kept of a course to say what is due: the newest answer of each part, the milestones, what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from cartway.pathway.closing import REOPENED
from cartway.record import Fact
from cartway.times import HOUR, Instant
from cartway.watch.due_schedule import Answer, Part, load_schedules

FIRST = frozenset({"lymphodepletion"})
LAST = frozenset({"diagnosis", "discharge"})
CLOSED = "course_closed"
PRESSURES = frozenset({"systolic_pressure", "mean_arterial_pressure"})
Slot = tuple[str, Answer]
Span = tuple[Instant, Instant]
EXACT = 1e-6  # degrees: readings in tenths are compared as if they were exact


class Kept:
    """The newest of each. `take` facts in force in any order; make it anew where one is amended."""

    def __init__(self) -> None:
        self.newest: dict[Slot, Fact] = {}
        self.milestones: dict[str, Fact] = {}  # the first of each; of diagnosis and discharge the last
        self.last_infusion: Fact | None = None
        self.answers: dict[str, Fact] = {}  # the newest answer of each task
        self.rounds: set[int] = set()  # the hours in which a blood pressure was taken
        self.warmest: dict[int, tuple[Fact, ...]] = {}  # by hour, the temperatures that say when any limit was reached
        self._hot: dict[int, tuple[float, Span | None]] = {}  # by hour, a limit and when it was reached first and last

    def take(self, fact: Fact) -> None:
        """One more fact. What no task asks for costs a look-up."""
        for answer in _slots().get(fact.what, ()):
            if answer.fits(fact):
                self._keep((fact.what, answer), fact)
        if fact.what in _MILESTONES:
            self._mark(fact)
        elif fact.what in PRESSURES and fact.value is not None:
            self.rounds.add(fact.at // HOUR)
        elif fact.what == "body_temperature" and fact.value is not None:
            hour = fact.at // HOUR
            self.warmest[hour] = _outer((*self.warmest.get(hour, ()), fact))
            self._hot.pop(hour, None)

    def answer_of(self, part: Part) -> Fact | None:
        """The newest fact that answers a part; of several that count only together the oldest of them."""
        found = [fact for fact in (self._all_of(answer) for answer in part.by) if fact is not None]
        return max(found, key=_when, default=None)

    @property
    def ended(self) -> bool:
        """Whether the course goes no further: a death, or closed and not opened again since."""
        closed = self.milestones.get(CLOSED)
        return "death" in self.milestones or (closed is not None and closed.choice != REOPENED)

    def readmitted(self, left: Instant, now: Instant, gap: int, lasting: int) -> Instant | None:
        """Since when somebody is on a ward again who left it: blood pressures never further apart than `gap` that went
        on for `lasting`. One visit is no admission; what ends it is the next discharge alone.
        """
        start = before = None
        for hour in sorted(each for each in self.rounds if left // HOUR < each <= now // HOUR):
            start = hour if start is None or before is None or (hour - before) * HOUR > gap else start
            if (hour - start) * HOUR >= lasting:
                return hour * HOUR
            before = hour
        return None

    def fever(self, now: Instant, limit: float, lasting: int) -> Span | None:
        """From when to when the present fever counts: temperatures from `limit` on, none further than `lasting` from
        the next. None where there is none.
        """
        first = last = None
        hour, far = now // HOUR, (now - lasting) // HOUR
        while hour >= far:
            hot = self._reached(hour, limit) if hour in self.warmest else None
            if hot is not None and hot[1] > (now if first is None else first) - lasting:
                first, last = hot[0], last or hot[1]
                far = (first - lasting) // HOUR
            hour -= 1
        return None if first is None or last is None else (first, last + lasting)

    def _reached(self, hour: int, limit: float) -> Span | None:
        """When a limit was reached first and last within an hour; worked out once for each hour."""
        held = self._hot.get(hour)
        if held is None or held[0] != limit:
            hot = [each.at for each in self.warmest[hour] if _reaches(each, limit)]
            held = self._hot[hour] = (limit, (min(hot), max(hot)) if hot else None)
        return held[1]

    def _all_of(self, answer: Answer) -> Fact | None:
        if len(answer.what) == 1:
            return self.newest.get((answer.what[0], answer))
        found = [self.newest.get((what, answer)) for what in answer.what]
        told = [fact for fact in found if fact is not None]
        return min(told, key=_when) if len(told) == len(found) else None

    def _keep(self, slot: Slot, fact: Fact) -> None:
        held = self.newest.get(slot)
        if held is None or _when(fact) >= _when(held):
            self.newest[slot] = fact

    def _mark(self, fact: Fact) -> None:
        if fact.what == "due_answer":
            self.answers[fact.about] = _later(self.answers.get(fact.about), fact)
            return
        if fact.what == "infusion":
            self.last_infusion = _later(self.last_infusion, fact)
        if fact.what == CLOSED:
            held = self.milestones.get(CLOSED)
            self.milestones[CLOSED] = fact if held is None or _word(fact) >= _word(held) else held
            return
        held = self.milestones.get(fact.what)
        later = fact.what in LAST
        if held is None or (_when(fact) >= _when(held)) == later:
            self.milestones[fact.what] = fact


_MILESTONES = FIRST | LAST | {CLOSED, "death", "infusion", "due_answer"}


def kept_of(facts: Iterable[Fact]) -> Kept:
    """What is kept of facts in force."""
    kept = Kept()
    for fact in facts:
        kept.take(fact)
    return kept


def _later(held: Fact | None, fact: Fact) -> Fact:
    return fact if held is None or _when(fact) >= _when(held) else held


def _when(fact: Fact) -> tuple[int, int]:
    return fact.at, fact.position


def _word(fact: Fact) -> tuple[int, bool, int]:
    """At equal times the course is open: whoever is seen is not forgotten (`pathway.closing`)."""
    return fact.at, fact.choice == REOPENED, fact.position


def _outer(readings: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Those with none at least as warm before, or none after: the first and the last that reach any limit."""
    return tuple(one for one in readings if not _within(one, readings))


def _within(one: Fact, readings: tuple[Fact, ...]) -> bool:
    warm = [other for other in readings if other is not one and (other.value or 0.0) >= (one.value or 0.0)]
    return any(_when(other) < _when(one) for other in warm) and any(_when(other) > _when(one) for other in warm)


def _reaches(reading: Fact, limit: float) -> bool:
    return (reading.value or 0.0) > limit - EXACT


@cache
def _slots() -> Mapping[str, tuple[Answer, ...]]:
    """By variable, the answers that it is part of."""
    found: dict[str, dict[Answer, None]] = {}
    for task in load_schedules().values():
        for part in task.parts:
            for answer in part.by:
                for what in answer.what:
                    found.setdefault(what, {})[answer] = None
    return {what: tuple(answers) for what, answers in found.items()}
