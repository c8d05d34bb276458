"""The calendars and responses of 10,000 courses; a slow twin answers two of the questions, and has to agree."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

from benchmarks.followed import NOW, facts_of, followed
from benchmarks.line import Line, Part
from benchmarks.measure import measured
from benchmarks.simple_after import myeloma_levels, visit_days
from cartway.aftercare.care import aftercare
from cartway.aftercare.model import Aftercare
from cartway.pathway.course import Course
from cartway.pathway.policies import load_policies
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response import Endpoints, Response, choices_of, endpoints, respond

COURSES = 10_000
TARGET = 20.0  # seconds
PORTION = 250  # courses dealt out at a time
EVERY = 21  # of the courses asked of the twin, one in so many: no multiple of the number of diseases

Say = Callable[[str], None]
Told = tuple[Response, Endpoints, Aftercare]


def run(_rows: int, repeats: int, say: Say) -> Part:
    """Facts to course, response with its endpoints, everything that follows: CPU seconds of one process, and how long
    it takes with a process a core.
    """
    say(f"drawing {COURSES} courses")
    drawn = followed(COURSES)
    say(f"{facts_of(drawn)} facts: responses and calendars")
    both = measured(lambda: derive(drawn), min(repeats, 3), warm=0)
    processes = os.cpu_count() or 1
    say(f"the same in {processes} processes")
    together = measured(lambda: derive_together(drawn, processes), min(repeats, 3), clock=time.perf_counter, warm=0)
    say("responses alone")
    alone = measured(lambda: [_response(facts) for facts in drawn], 1, warm=0)
    some = drawn[::EVERY]
    say(f"the twin: {len(some)} courses")
    mine = measured(lambda: derive(some), 1, warm=0)
    twin = measured(lambda: [_by_twin(facts) for facts in some], 1, warm=0)
    return Part(
        title=f"What follows the infusion: {COURSES} courses, {facts_of(drawn)} facts",
        lines=[
            Line(what="calendars, responses, endpoints, CPU of one process", ours=both.median, unit="s"),
            Line(what=f"the same, {processes} processes, on the clock", ours=together.median, unit="s", target=TARGET),
            Line(what="responses alone", ours=alone.median, unit="s"),
            Line(
                what=f"{len(some)} courses beside the twin", ours=mine.median, unit="s", peer="slow twin",
                theirs=twin.median, leaves_out="all but myeloma's levels and the days of visits",
            ),
        ],
        remarks=[agreement(some, mine.result)],
    )  # fmt: skip


def derive(drawn: Sequence[Sequence[Fact]]) -> list[Told]:
    """All that is worked out for some courses."""
    return [_all(facts) for facts in drawn]


def derive_together(drawn: Sequence[Sequence[Fact]], processes: int) -> int:
    """The same, dealt out to processes; what each worked out stays with it, but for how much that was.

    They are forked with the facts that are drawn already, as a worker has those of its courses: none are sent.
    """
    _DRAWN[:] = drawn
    context = multiprocessing.get_context("fork")  # no thread runs yet
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        return sum(pool.map(_count, range(0, len(drawn), PORTION)))


_DRAWN: list[Sequence[Fact]] = []


def _count(start: int) -> int:
    told = map(_all, _DRAWN[start : start + PORTION])
    return sum(len(response.levels) + len(after.calendar) for response, _, after in told)


def _all(facts: Sequence[Fact]) -> Told:
    course, response = _response(facts)
    ends = endpoints(course, response, choices_of(load_policies()))
    return response, ends, aftercare(course, Course([], NOW), response, country="US")


def _response(facts: Sequence[Fact]) -> tuple[Course, Response]:
    course = Course(facts, NOW)
    found = respond(course, choices_of(load_policies()))
    if isinstance(found, Problem):
        raise TypeError(str(found))
    return course, found


def _by_twin(facts: Sequence[Fact]) -> tuple[list[str] | None, list[object]]:
    """What the twin says: the levels of a myeloma, and the days of the visits."""
    is_myeloma = any(fact.choice == "multiple_myeloma" for fact in facts)
    every = round(load_policies().number("aftercare_visit_months"))
    return (myeloma_levels(facts) if is_myeloma else None), list(visit_days(facts, every))


def agreement(drawn: Sequence[Sequence[Fact]], told: Sequence[Told]) -> str:
    """How many of the twin's answers are ours, in words."""
    levels = days = differ = 0
    for facts, (response, _, after) in zip(drawn, told, strict=True):
        of_twin, on = _by_twin(facts)
        if of_twin is not None:
            levels += len(of_twin)
            differ += sum(one.level != other for one, other in zip(response.levels, of_twin, strict=True))
        days += len(on)
        differ += sum(visit.on != day for visit, day in zip(after.calendar, on, strict=True))
    return f"beside the twin: {levels} levels of myeloma and {days} days of visits, {differ} differ"
