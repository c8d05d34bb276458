"""A watched course answers as grading its facts from scratch does, whatever order facts and time come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record import RETRACTION, Fact, current
from cartway.times import HOUR, Instant
from cartway.toxicity import SCALES, Episode, grade, load_rules
from cartway.web.ward.standing import standing
from cartway.web.ward.watched import Watched, watched_as_known
from toxicity import courses, drawn
from web.conftest import START, examples


def recorded(facts: Sequence[Fact], first: int = 1) -> list[Fact]:
    """Facts as the store gives them back: in commit order, each with a key and a position."""
    keyed = [msgspec.structs.replace(fact, key=fact.key or f"k{n}") for n, fact in enumerate(facts, first)]
    return [
        msgspec.structs.replace(fact, position=n, recorded_at=drawn.instant(0) + n)
        for n, fact in enumerate(keyed, first)
    ]


def told(episodes: Sequence[Episode]) -> list[tuple[object, ...]]:
    return [(e.scale, e.shown, e.start, e.end, e.missing, e.policies) for e in episodes]


def from_scratch(facts: Sequence[Fact], now: Instant) -> list[tuple[object, ...]]:
    return told(grade(current(facts), load_rules(), now))


def watched(course: Watched, now: Instant) -> list[tuple[object, ...]]:
    course.advance(now)
    return told([episode for scale in range(len(SCALES)) for episode in course.episodes(scale)])


@given(courses.courses(), st.data())
@settings(max_examples=60)
def test_taken_in_any_portions_while_time_goes_on(facts: list[Fact], data: st.DataObject) -> None:
    """Portions arrive out of order and late; the clock only goes forward."""
    stored = recorded(data.draw(st.permutations(facts)))
    course, rest, now = Watched(stored[0].course, load_rules()), stored, min(fact.at for fact in stored)
    while rest:
        count = data.draw(st.integers(1, len(rest)))
        course.take(rest[:count])
        rest, now = rest[count:], now + data.draw(st.integers(0, 30)) * HOUR
        assert watched(course, now) == from_scratch(course.facts, now)


@given(courses.courses(), st.data())
@settings(max_examples=40)
def test_amended_and_retracted(facts: list[Fact], data: st.DataObject) -> None:
    stored = recorded(facts)
    course, now = Watched(stored[0].course, load_rules()), max(fact.at for fact in stored)
    course.take(stored)
    watched(course, now)
    for _ in range(3):
        old = data.draw(st.sampled_from(stored))
        gone = msgspec.structs.replace(old, what=RETRACTION, value=None, unit="", choice="", until=None, detail={})
        moved = msgspec.structs.replace(old, at=old.at - data.draw(st.integers(0, 5)) * HOUR)
        version = msgspec.structs.replace(
            data.draw(st.sampled_from([gone, moved])), key="", amends=old.key, reason="typed wrong"
        )
        course.take(recorded([version], first=course.position + 1))
        assert watched(course, now) == from_scratch(course.facts, now)


def test_a_fact_dated_ahead_waits_for_its_time() -> None:
    facts = recorded([*drawn.infused(0), *drawn.at(1, drawn.temperature(36.8)), *drawn.at(5, drawn.temperature(39.0))])
    course = Watched(facts[0].course, load_rules())
    course.take(facts)
    assert watched(course, drawn.instant(4)) == from_scratch(facts, drawn.instant(4))
    assert course.next_change_at() == drawn.instant(5)
    assert watched(course, drawn.instant(5)) == from_scratch(facts, drawn.instant(5))


def test_a_fact_taken_twice_counts_once() -> None:
    facts = recorded([*drawn.infused(0), *drawn.at(1, drawn.temperature(39.0))])
    course = Watched(facts[0].course, load_rules())
    course.take(facts)
    course.take(facts)
    assert course.facts == facts


def test_as_known_leaves_out_what_came_later() -> None:
    facts = recorded([*drawn.infused(0), *drawn.at(1, drawn.temperature(39.0)), *drawn.at(2, drawn.temperature(36.8))])
    course = Watched(facts[0].course, load_rules())
    course.take(facts)
    past = watched_as_known(course, load_rules(), facts[1].recorded_at or 0)
    assert past.facts == facts[:2]


@pytest.mark.parametrize("name", sorted(examples()))
def test_the_examples_hour_by_hour(name: str) -> None:
    stored = recorded(sorted(examples()[name], key=lambda fact: fact.at))
    course = Watched(stored[0].course, load_rules())
    course.take(stored)
    for hour in range(-48, 1, 6):
        now = START + hour * HOUR
        assert watched(course, now) == from_scratch(stored, now)


@pytest.mark.parametrize("name", sorted(examples()))
def test_a_standing_counts_and_versions(name: str) -> None:
    """The version grows with facts, and with time only where an answer changed."""
    stored = recorded(examples()[name])
    course = Watched(stored[0].course, load_rules())
    course.take(stored)
    before = standing(course, START, UTC, load_rules())
    after = standing(course, START + 1, UTC, load_rules())
    assert before.facts == len(stored) and before.position == len(stored)
    assert before.version <= after.version
    same = [grade.episode.shown for grade in before.grades.values()] == [
        grade.episode.shown for grade in after.grades.values()
    ]
    assert same or before.version < after.version
