"""A cohort from one Parquet facts table: graded over its columns, its reasons written from the rows that they rest
on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cartway.cohort.named import NamedFacts
from cartway.cohort.plain import Seen, why_by_row
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.batch import Graded, NoCourseError, TooManyWordsError, grade_parquet
from cartway.toxicity.episode import Episode, episodes_of
from cartway.toxicity.further import SCALES
from cartway.toxicity.grade import not_infused
from cartway.toxicity.rules import Rules

SMALL = 200_000  # rows below which reading fact by fact is as quick, and no compiled code is loaded


def cohort_episodes(
    path: Path, rules: Rules, at: Instant | None, say: Callable[[str], None], scales: Sequence[str] = SCALES
) -> Iterator[Episode] | None:
    """The episodes of a large facts table, course by course; None where it must be read fact by fact: it is small, is
    no sound facts table, or holds what has to be weighed or refused row by row. `say` is told how far it got.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            rows, why = file.metadata.num_rows, why_by_row(file) if file.metadata.num_rows >= SMALL else ""
        if rows < SMALL:
            return None
        say(f"grading {rows:,} rows" + (f", one by one, since {why}" if why else ""))
        return None if why else _graded(path, rules, at, say, scales)
    except (pa.ArrowException, OSError):
        return None  # damaged, or a column of another kind: reading it fact by fact names the place


def _graded(
    path: Path, rules: Rules, at: Instant | None, say: Callable[[str], None], scales: Sequence[str]
) -> Iterator[Episode] | None:
    seen = Seen()
    try:
        graded = grade_parquet(path, rules, at, seen.look, scales)
    except (TooManyWordsError, NoCourseError):
        say("... again one by one, since it has too many different words")
        return None
    if why := seen.why_by_row(graded.courses):
        say(f"... again one by one, since {why}")
        return None
    if graded.refused:
        say(
            f"{graded.refused:,} rows could not be read (an unknown word or unit, an impossible value); "
            "a reading among them counts as one that arrived unreadable"
        )
    return _episodes(graded, NamedFacts(path, graded.rows), at, scales)


def _episodes(graded: Graded, facts: NamedFacts, at: Instant | None, scales: Sequence[str]) -> Iterator[Episode]:
    for course, found in graded.by_course():
        if at is not None and graded.first[course] > at:
            continue  # nothing of it was there yet
        if not found:
            yield from not_infused(course, graded.first[course], scales)
        for scale, answers in found:
            if scale not in scales:
                continue
            named = {int(answer.out[b.REASONS + 2 * pair + 1]) for answer in answers for pair in range(b.PAIRS)}
            yield from episodes_of(course, scale, answers, {row: facts.fact(course, row) for row in named if row >= 0})
