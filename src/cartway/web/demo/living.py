"""The ward of the twin, living forward: patient after patient is simulated as they come, and each fact is told when it is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import numpy as np

from cartway.record import Fact, Log
from cartway.times import Instant
from cartway.toxicity import Rules, load_rules
from cartway.web.demo.arrivals import Arrival, Supply
from cartway.web.demo.cast import Patient
from cartway.web.demo.daily import daily
from cartway.web.demo.invented import invented
from cartway.web.demo.replay import Replay, known_from
from cartway.web.demo.rounds import rounds
from cartway.web.demo.staff import answers

FOLLOWED_DAYS = 365.0
MESSY = 5
"""Of so many patients one is charted as on a busy ward: late, in other units, with gaps."""


class Course(NamedTuple):
    """One patient with all the facts of the course, what is still to come among them."""

    arrival: Arrival
    patient: Patient
    facts: list[Fact]


def course_of(arrival: Arrival, opens: Instant, rules: Rules) -> Course:
    """Simulate the course of an arrival. The same arrival has the same course."""
    from cartway.twin.chart import facts_of
    from cartway.twin.course import run
    from cartway.twin.population import draw

    drawn = draw(arrival.product, arrival.disease, 1, arrival.seed, first=arrival.number)
    seen = rounds(run(drawn, until=FOLLOWED_DAYS))
    site = "messy" if arrival.number % MESSY == MESSY - 1 else "tidy"
    charted = facts_of(seen, 0, site=site, seed=arrival.seed, t0=arrival.infused_at, course=arrival.course)
    facts = [_known(fact, arrival.begins) for fact in charted]
    facts += daily(arrival, facts)
    facts += answers(arrival.course, facts, rules, opens)
    sex = "male" if np.asarray(drawn.traits["male"])[0] else "female"
    age = float(np.asarray(drawn.traits["age_years"])[0])
    person = invented(arrival.number, arrival.seed, age_years=age, sex=sex, at=arrival.begins)
    return Course(arrival, person, facts)


def _known(fact: Fact, begins: Instant) -> Fact:
    """What was found before the patient came is taken over on that day."""
    return fact if fact.at >= begins else msgspec.structs.replace(fact, source_recorded_at=begins)


class LivingWard:
    """All courses so far, and how far they are told. One thread at a time.

    `admit` is called with each course as it begins, before its first fact is recorded.
    """

    def __init__(self, supply: Supply, admit: Callable[[Course], None], say: Callable[[int], None] = lambda n: None) -> None:
        self.supply, self._admit, self._say = supply, admit, say
        self._rules, self._replay, self._next = load_rules(), Replay([]), supply.patient(0)

    def admits_by(self, admit: Callable[[Course], None]) -> None:
        """From now on who comes is admitted otherwise."""
        self._admit = admit

    def tell(self, log: Log, now: Instant) -> int:
        """Record what is due; how many facts that were. Raises StoreError: what was not told is told at the next call."""
        come: list[Fact] = []
        try:
            while self._next.begins <= now:
                come += self._admitted()
        finally:
            if come:
                self._replay.join(come)
        return self._replay.tell(log, now)

    def _admitted(self) -> list[Fact]:
        """The facts of the next patient, who is on the list from now on."""
        course = course_of(self._next, self.supply.opens, self._rules)
        self._admit(course)
        self._next = self.supply.patient(self._next.number + 1)
        self._say(self._next.number)
        return course.facts
