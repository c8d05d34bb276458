"""Courses as a facts table in Parquet, and the answers of the compiled pass beside those of the plain fold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.toxicity import SCALES, Rules, grade
from cartway.toxicity.batch import grade_parquet
from cartway.toxicity.episode import episode_of
from toxicity.compare import Told, episodes_told

UTC_TIME = pa.timestamp("us", "UTC")
Spans = Mapping[str, list[Told]]


def table(facts: Sequence[Fact], zone: str = "UTC") -> pa.Table:
    """One row a fact; nothing said is null."""
    time = pa.timestamp("us", zone)
    return pa.table(
        {
            "course": [f.course for f in facts],
            "at": pa.array([f.at for f in facts], pa.int64()).cast(time),
            "until": pa.array([f.until for f in facts], pa.int64()).cast(time),
            "what": [f.what for f in facts],
            "value": pa.array([f.value for f in facts], pa.float64()),
            "unit": pa.array([f.unit or None for f in facts], pa.string()),
            "choice": pa.array([f.choice or None for f in facts], pa.string()),
            "detail": pa.array([json.dumps(dict(f.detail)) if f.detail else None for f in facts], pa.string()),
        }
    )


def named(cohort: Sequence[Iterable[Fact]]) -> list[list[Fact]]:
    """Each course under a name of its own."""
    return [[msgspec.structs.replace(f, course=f"c{n:03}") for f in facts] for n, facts in enumerate(cohort)]


def told_by_table(path: Path, rules: Rules, at: Instant | None = None) -> dict[str, Spans]:
    """The compiled pass's answers, course by course; a course that was never infused has none."""
    told: dict[str, Spans] = {}
    for course, parts in grade_parquet(path, rules, at).by_course():
        spans: dict[str, list[Told]] = {scale: [] for scale in SCALES}
        for scale, answers in parts:
            for answer, following in zip(answers, [*answers[1:], None], strict=True):
                if answer.out[0] == -2.0:  # not covered
                    continue
                end = None if following is None else int(following.start)
                unplaced = answer._replace(out=[*answer.out[:3], *([0.0] * (len(answer.out) - 3))])
                spans[scale].append(episode_of(course, scale, unplaced, end, ()))  # type: ignore[arg-type]
        told[course] = episodes_told(e for scale in SCALES for e in spans[scale])  # type: ignore[misc]
    return told


def told_one_by_one(cohort: Sequence[Sequence[Fact]], rules: Rules, at: Instant | None = None) -> dict[str, Spans]:
    """The plain fold's answers, course by course."""
    return {facts[0].course: episodes_told(grade(facts, rules, at)) for facts in cohort}


def cohorts_agree(folder: Path, cohort: Sequence[Iterable[Fact]], rules: Rules, random: Random) -> None:
    """Sorted, and shuffled in small row groups, the table's grades are those of its courses; also as of an instant."""
    courses = [facts for facts in named(cohort) if any(f.what == "infusion" for f in facts)]
    rows = [f for facts in courses for f in facts]
    cut = random.choice(rows).at
    known = [facts for facts in courses if any(f.what == "infusion" and f.at <= cut for f in facts)]
    for name, ordered, size in (
        ("sorted", sorted(rows, key=lambda f: (f.course, f.at)), len(rows)),
        ("groups", sorted(rows, key=lambda f: (f.course, f.at)), 1 + len(rows) // 3),
        ("shuffled", random.sample(rows, len(rows)), 1 + len(rows) // 4),
    ):
        path = folder / f"{name}.parquet"
        pq.write_table(table(ordered), path, row_group_size=size)
        assert told_by_table(path, rules) == told_one_by_one(courses, rules), name
        as_of = told_by_table(path, rules, cut)
        assert {c: told for c, told in as_of.items() if any(told.values())} == {
            c: told for c, told in told_one_by_one(known, rules, cut).items() if any(told.values())
        }, (name, "as of")
