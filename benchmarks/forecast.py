"""One forecast, warm: seconds on the clock, with the effective sample size beside it; facts in, forecast out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from statistics import median

from benchmarks.line import Line, Part
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.times import DAY, parse
from cartway.twin.chart import facts_of
from cartway.twin.course import run as simulate
from cartway.twin.forecast import Forecast, forecast
from cartway.twin.population import draw
from cartway.twin.solver import make_ready

TARGET = 3.0  # seconds
ENOUGH = 400.0
DAYS = (3, 7, 10)
PAIRS = (("axi-cel", "lbcl"), ("tisa-cel", "pediatric_b_all"), ("cilta-cel", "multiple_myeloma"))
PATIENTS = 3
ZERO = parse("2026-03-02T10:00Z")
SEED = 2026


def run(_rows: int, _repeats: int, say: Callable[[str], None]) -> Part:
    """Forecasts of patients of three products on three days, one after the other."""
    make_ready(say)
    lines, sizes, threads = [], [], os.cpu_count() or 1
    for product, disease in PAIRS:
        courses = _courses(product, disease)
        _forecast(courses[0], threads)
        for day in DAYS:
            say(f"{product} in {disease}, day {day}")
            told = [_timed(each, threads) for each in courses if (each.now - ZERO) == day * DAY]
            seconds = [each[0] for each in told]
            sizes += [each[1] for each in told]
            what = f"{product} in {disease.replace('_', ' ')}, day {day}, least ESS {min(each[1] for each in told):.0f}"
            lines.append(Line(what=what, ours=max(seconds), unit="s", target=TARGET))
    below = sum(size < ENOUGH for size in sizes)
    told = f"median {median(sizes):.0f}, least {min(sizes):.0f}; below {ENOUGH:.0f}: {below} of {len(sizes)}"
    title = f"One forecast, warm, the slowest of {PATIENTS} patients, {threads} threads"
    return Part(title=title, lines=lines, remarks=[f"Effective sample size: {told}."])


def _courses(product: str, disease: str) -> list[Course]:
    """Charted patients who live through the days that are asked about, as of each of them."""
    went = simulate(draw(product, disease, 4 * PATIENTS, SEED), until=30.0)
    living = [i for i in range(4 * PATIENTS) if not went.died_day[i] <= DAYS[-1]][:PATIENTS]
    facts = [facts_of(went, i, seed=SEED, t0=ZERO, course=f"p{i}") for i in living]
    return [Course(each, ZERO + day * DAY) for each in facts for day in DAYS]


def _timed(course: Course, threads: int) -> tuple[float, float]:
    started = time.perf_counter()
    found = _forecast(course, threads)
    return time.perf_counter() - started, found.ess


def _forecast(course: Course, threads: int) -> Forecast:
    found = forecast(course, threads=threads)
    if isinstance(found, Problem):
        raise RuntimeError(str(found))
    return found
