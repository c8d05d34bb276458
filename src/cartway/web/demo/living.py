"""The ward of the twin, living forward: patients are simulated as they come, and each fact is told when it is known."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count, repeat, takewhile
from multiprocessing import get_context
from typing import NamedTuple

import msgspec
import numpy as np

from cartway.record import Fact, Log
from cartway.times import DAY, Instant
from cartway.toxicity import load_rules
from cartway.web.demo.arrivals import ROAD, Arrival, Supply
from cartway.web.demo.cast import Patient
from cartway.web.demo.daily import daily
from cartway.web.demo.invented import invented
from cartway.web.demo.neuro import neuro
from cartway.web.demo.pharmacy import counts
from cartway.web.demo.replay import Replay
from cartway.web.demo.rounds import rounds
from cartway.web.demo.staff import answers
from cartway.web.demo.visits import visits

FOLLOWED_DAYS = 365.0
MANY, MOST_PROCESSES = 12, 4
MESSY = 5
"""Of so many patients one is charted as on a busy ward: late, in other units, with gaps."""


READ_AT_HOME = frozenset(
    {"body_temperature", "heart_rate", "systolic_pressure", "diastolic_pressure", "oxygen_saturation"}
)
OF_A_ROUND = frozenset({"respiratory_rate", "oxygen_device", "oxygen_flow", "consciousness"})
"""What only a nurse's round has."""


class Course(NamedTuple):
    """One patient with all the facts of the course, what is still to come among them."""

    arrival: Arrival
    patient: Patient
    facts: list[Fact]


def courses_of(arrivals: Sequence[Arrival], opens: Instant) -> Iterator[Course]:
    """Simulate courses; many at a time in as many processes as there are processors, up to four."""
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if len(arrivals) < MANY or processes < 2:
        yield from (course_of(arrival, opens) for arrival in arrivals)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(course_of, arrivals, repeat(opens), chunksize=2)


def course_of(arrival: Arrival, opens: Instant) -> Course:
    """Simulate the course of an arrival. The same arrival has the same course, in any process."""
    from cartway.twin.chart import facts_of
    from cartway.twin.course import run
    from cartway.twin.population import draw

    drawn = draw(arrival.product, arrival.disease, 1, arrival.seed, first=arrival.number)
    seen = rounds(run(drawn, until=FOLLOWED_DAYS))
    site = "messy" if arrival.number % MESSY == MESSY - 1 else "tidy"
    charted = facts_of(seen, 0, site=site, seed=arrival.seed, t0=arrival.infused_at, course=arrival.course)
    facts = [_known(fact, arrival.begins) for fact in at_home(charted)]
    facts += [*daily(arrival, facts), *neuro(arrival, seen), *visits(facts)]
    facts += answers(arrival.course, facts, load_rules(), opens)
    sex = "male" if np.asarray(drawn.traits["male"])[0] else "female"
    age = float(np.asarray(drawn.traits["age_years"])[0])
    person = invented(arrival.number, arrival.seed, age_years=age, sex=sex, at=arrival.begins)
    return Course(arrival, person, facts)


def at_home(facts: Sequence[Fact]) -> list[Fact]:
    """The facts of a course, with what was read after the discharge as patients read it: no rounds are made there."""
    left = min((fact.at for fact in facts if fact.what == "discharge"), default=None)
    if left is None:
        return list(facts)
    kept = [fact for fact in facts if fact.at <= left or fact.what not in OF_A_ROUND]
    return [_own(fact) if fact.at > left and fact.what in READ_AT_HOME else fact for fact in kept]


def _own(fact: Fact) -> Fact:
    return msgspec.structs.replace(fact, source="patient", source_recorded_at=None)


def _known(fact: Fact, begins: Instant) -> Fact:
    """What was found before the patient came is taken over on that day."""
    return fact if fact.at >= begins else msgspec.structs.replace(fact, source_recorded_at=begins)


class LivingWard:
    """All courses so far, and how far they are told. One thread at a time.

    `admit` is called with each course as it begins, before its first fact is recorded.
    """

    def __init__(
        self, supply: Supply, admit: Callable[[Course], None], say: Callable[[int], None] = lambda n: None
    ) -> None:
        self.supply, self._admit, self._say = supply, admit, say
        self._replay, self._admitted = Replay([]), 0
        self._counted = supply.opens - ROAD - DAY

    def admits_by(self, admit: Callable[[Course], None]) -> None:
        """From now on who comes is admitted otherwise."""
        self._admit = admit

    def tell(self, log: Log, now: Instant) -> int:
        """Record what is due; how many facts that were. Raises StoreError: what was not told is told the next time."""
        if coming := self._coming(now):
            self._take(coming)
        if counted := counts(self._counted, now, self.supply.courses):
            self._replay.join(counted)
            self._counted = counted[-1].at
        return self._replay.tell(log, now)

    def _coming(self, now: Instant) -> list[Arrival]:
        """Those who begin by `now` and are not on the list."""
        ever = (self.supply.patient(number) for number in count(self._admitted))
        return list(takewhile(lambda one: one.begins <= now, ever))

    def _take(self, coming: Sequence[Arrival]) -> None:
        """Simulate and admit them; where that fails, those before it are on the list."""
        facts: list[Fact] = []
        try:
            for course in courses_of(coming, self.supply.opens):
                self._admit(course)
                facts += course.facts
                self._admitted += 1
                self._say(self._admitted)
        finally:
            self._replay.join(facts)
