"""The alerts of a course from its facts in force: the slow, obvious way. A worker holds the `AlertFold` instead."""

from __future__ import annotations

from collections.abc import Sequence

from cartway.pathway.course import Course
from cartway.toxicity.episode import Episode
from cartway.watch.fold import AlertFold
from cartway.watch.model import Watching
from cartway.watch.rulebook import Rulebook, rulebook_of
from cartway.watch.view import changes


def alerts(course: Course, episodes: Sequence[Episode], center: Course | None) -> Watching:
    """The alerts of `course` at `course.now`. `episodes`: of all scales, up to then; `center`: the center's record."""
    return alerts_under(course, episodes, rulebook_of(center))


def alerts_under(course: Course, episodes: Sequence[Episode], book: Rulebook) -> Watching:
    """As `alerts`, under given rules."""
    fold = AlertFold(course.id, book)
    scales = frozenset(rule.scale for rule in book.rules.values() if rule.on)
    fold.take(course.now, course.facts, changes(each for each in episodes if each.scale in scales))
    return fold.watching()
