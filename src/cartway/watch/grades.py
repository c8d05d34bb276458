"""What a scale's present answer is to the alert rules: the grade, since when, and what it surely is not below."""

from __future__ import annotations

from typing import NamedTuple

from cartway.record import Fact
from cartway.times import Instant
from cartway.toxicity.episode import Episode

SEVERE = 2


class Graded(NamedTuple):
    """A scale's present answer.

    `ill_since`: since when the grade has been 1 or more, `same_since`: since when it has been what it is; both as far
    as anybody could tell: an answer that could not be assessed breaks neither. `known`: the last that could. `held`:
    what it surely is not below: not knowing, and a lower bound, are no improvement. `severe_since`: since when that has
    been 2 or more.
    """

    grade: int | None
    missing: bool
    episode: Episode
    ill_since: Instant | None
    known: int | None
    same_since: Instant
    held: int = 0
    severe_since: Instant | None = None


class Treated(NamedTuple):
    """The first dose of a kind since a scale last improved, and the grade it was given for."""

    fact: Fact
    grade: int


def improved(graded: Graded | None, treated: Treated) -> bool:
    """Whether the grade is surely below the one that was treated. Not knowing is no improvement."""
    if graded is None:
        return True
    return graded.grade is not None and not graded.missing and graded.grade < treated.grade


def graded_after(before: Graded | None, episode: Episode, at: Instant) -> Graded:
    """The answer from `at` on, after what was known before."""
    grade, missing = episode.grade, bool(episode.missing)
    if before is None:
        severe = at if (grade or 0) >= SEVERE else None
        return Graded(grade, missing, episode, at if grade else None, grade, at, grade or 0, severe)
    same = grade is None or grade == before.known
    over = grade == 0 and not missing
    since = None if over else before.ill_since if before.ill_since is not None or not grade else at
    known = before.known if grade is None else grade
    held = before.held if grade is None else max(grade, before.held) if missing else grade
    severe = None if held < SEVERE else at if before.severe_since is None else before.severe_since
    return Graded(grade, missing, episode, since, known, before.same_since if same else at, held, severe)
