"""One course of 5,000 facts, both grades with their reasons; and one new fact."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.courses import busy_course
from benchmarks.line import Line, Part
from benchmarks.measure import measured
from cartway.record import NEVER, Columns, Fact, open_log
from cartway.times import MINUTE
from cartway.toxicity import Episode, Rules, grade, load_rules
from cartway.toxicity import bedside as b
from cartway.toxicity.batch import Graded, Group, _grade
from cartway.toxicity.coding import Row
from cartway.toxicity.episode import episodes_of
from cartway.toxicity.grade import fold_course, in_time_order
from cartway.toxicity.passes import A_OUT, NO_TIME
from cartway.vocabulary import vocabulary

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


def grade_columns(columns: Columns, course: str, rules: Rules) -> list[Episode]:
    """Both grades of one course, compiled, from the record's columns."""
    graded = _grade([_group(columns)], [course], rules, None)
    facts = _facts(columns, course, graded)
    return [
        episode
        for name, scales in graded.by_course()
        for scale, answers in scales
        for episode in episodes_of(name, scale, answers, facts)
    ]


def _group(columns: Columns) -> Group:
    """The record's columns as one row group of a facts table."""
    what, whats = _renumbered(columns.what, columns.words)
    choice, choices = _renumbered(columns.choice, columns.words)
    unit_of, units = _units(whats)
    detail, details = _details(columns)
    spelled = (whats, choices, units, details)
    sizes = np.array([len(words) for words in spelled], np.int64)
    until = np.where(columns.until == NEVER, NO_TIME, columns.until)
    course = np.zeros(len(columns), np.int32)
    words = (what, choice, unit_of[what], detail)
    return Group(course, columns.at, columns.value, until, words, sizes, spelled, 0)


def _renumbered(numbers: NDArray[np.int32], words: Mapping[int, str]) -> tuple[NDArray[np.int32], list[str]]:
    """Numbers of the record's words as the numbers of only those that occur."""
    used = np.flatnonzero(np.bincount(numbers))
    place = np.zeros(int(used[-1]) + 1, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return place[numbers], [words[number] for number in used.tolist()]


def _details(columns: Columns) -> tuple[NDArray[np.int32], list[str]]:
    """The few details, as the words that `batch` reads."""
    numbers, shapes = np.zeros(len(columns), np.int32), {"": 0}
    if columns.detail:
        places = np.flatnonzero(np.isin(columns.position, np.fromiter(columns.detail, np.int64)))
        for place in places.tolist():
            text = json.dumps(columns.detail[int(columns.position[place])], sort_keys=True)
            numbers[place] = shapes.setdefault(text, len(shapes))
    return numbers, list(shapes)


def _units(whats: Sequence[str]) -> tuple[NDArray[np.int32], list[str]]:
    """For each variable the number of its canonical unit, which the record's values have; a drug's is not kept."""
    units = [vocabulary().variables[what].unit for what in whats]
    spelled = list(dict.fromkeys(units))
    return np.array([spelled.index(unit) for unit in units], np.int32), spelled


def _facts(columns: Columns, course: str, graded: Graded) -> dict[int, Fact]:
    """The rows that a reason names, as facts."""
    named = np.unique(graded.rows[:, A_OUT + b.REASONS + 1 :: 2]).astype(np.int64)
    return {row: _fact(columns, course, row) for row in named.tolist() if row >= 0}


def _fact(columns: Columns, course: str, row: int) -> Fact:
    value = float(columns.value[row])
    what = columns.words[int(columns.what[row])]
    choice = columns.words.get(int(columns.choice[row]), "")
    return Fact(course, int(columns.at[row]), what, None if np.isnan(value) else value, choice=choice)
