"""One course of 5,000 facts, both grades with their reasons; and one new fact."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.courses import busy_course
from benchmarks.line import Line, Part
from benchmarks.measure import measured
from cartway.record import Columns, Fact, open_log
from cartway.times import MINUTE
from cartway.toxicity import Episode, Rules, grade, load_rules
from cartway.toxicity import bedside as b
from cartway.toxicity.coding import Row
from cartway.toxicity.columns import grade_columns
from cartway.toxicity.grade import fold_course, in_time_order

FACTS = 5_000
PUSHES = 500

Say = Callable[[str], None]


def run(_rows: int, repeats: int, say: Say) -> Part:
    """Measure warm, over the median of many repeats."""
    facts, rules = busy_course(FACTS), load_rules()
    say("in plain Python")
    plainly = measured(lambda: grade(facts, rules), 5 * repeats)
    say("compiled, from the record's columns")
    with _columns(facts) as columns:
        compiled = measured(lambda: grade_columns(columns, facts[0].course, rules), 50 * repeats, warm=3)
    assert _same(plainly.result, compiled.result), "compiled and plain answers differ"
    say("one new fact at a time")
    pushes = _pushes(facts, rules)
    what = f"one course of {FACTS:,} facts, both grades with reasons"
    return Part(
        title="One course",
        lines=[
            Line(what=f"{what}, compiled", ours=compiled.median, unit="s", target=0.002),
            Line(what=f"{what}, plain Python", ours=plainly.median, unit="s", target=0.020),
            Line(what="one new fact", ours=statistics.median(pushes), unit="s", target=50e-6),
            Line(what="one new fact, the 99th of a hundred", ours=float(np.quantile(pushes, 0.99)), unit="s"),
        ],
        remarks=[
            f"{len(plainly.result)} episodes; compiled and plain agree on each, with its reasons",
            f"slowest over quickest repeat: plain {plainly.spread:.2f}, compiled {compiled.spread:.2f}",
        ],
    )


@contextmanager
def _columns(facts: Sequence[Fact]) -> Iterator[Columns]:
    """The facts as the record hands them to derivations."""
    with tempfile.TemporaryDirectory() as folder, open_log(f"sqlite:///{Path(folder) / 'record.db'}") as log:
        for first in range(0, len(facts), 1000):
            log.append(facts[first : first + 1000], recorded_at=facts[-1].at, recorded_by="benchmark")
        yield log.columns(facts[0].course)


def _pushes(facts: Sequence[Fact], rules: Rules) -> list[float]:
    """Seconds for each of many new temperatures, every five minutes, after all that was known before."""
    ordered = in_time_order(facts, None)
    course = fold_course(ordered, rules, None)
    seconds, at = [], float(ordered[-1].at)
    for number in range(PUSHES):
        at += 5.0 * MINUTE
        row = Row(at, b.TEMPERATURE, 37.0 + number % 3, at, FACTS + number)
        started = time.process_time_ns()
        course.push([row])
        seconds.append((time.process_time_ns() - started) / 1e9)
    return seconds


def _same(one: Sequence[Episode], other: Sequence[Episode]) -> bool:
    """Whether both grade alike, for the same reasons, from the same moments on."""
    return [_plain(episode) for episode in one] == [_plain(episode) for episode in other]


def _plain(episode: Episode) -> tuple[object, ...]:
    reasons = [(reason.criterion.slug, reason.fact and reason.fact.at) for reason in episode.because]
    return episode.scale, episode.grade, episode.start, episode.end, reasons, episode.missing, episode.policies
