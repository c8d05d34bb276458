"""What the demo's people answer in the stories: to alerts that were there, each under a name of the cast."""

from __future__ import annotations

import msgspec
import pytest

from cartway.record import Fact, Log
from cartway.times import HOUR, Instant
from cartway.toxicity import load_rules
from cartway.watch.answers import ANSWERS
from cartway.watch.model import Alert
from cartway.watch.rulebook import load_rulebook
from cartway.web.demo.cast import CAST
from cartway.web.demo.examples import answer_facts
from cartway.web.demo.replay import TELLER, known_from
from cartway.web.demo.stage import START, replay
from cartway.web.ward.watched import Watched


@pytest.fixture(scope="module")
def answers() -> list[Fact]:
    return answer_facts()


def test_each_names_an_event_and_rules_that_there_are(answers: list[Fact]) -> None:
    """After a rule has changed: `python scripts/answers.py`."""
    book = load_rulebook()
    told = [fact for fact in answers if fact.what in ANSWERS]
    assert len(told) > 100
    for fact in told:
        assert fact.about in book.events
        seen = fact.detail.get("seen", [])
        assert isinstance(seen, list)
        assert {str(each).partition(":")[0] for each in seen} <= set(book.rules), fact.key


def test_when_the_demo_starts_nothing_rings_for_hours(facts: list[Fact], answers: list[Fact]) -> None:
    """What rang before was answered, so what rings anew is seen at once."""
    for course in sorted({fact.course for fact in facts}):
        alerts = watched([fact for fact in [*facts, *answers] if fact.course == course], START)
        assert all(START - (alert.rings_since or START) <= HOUR for alert in alerts), course


def watched(facts: list[Fact], until: Instant) -> tuple[Alert, ...]:
    """A course's alerts with all that was known by then, as a worker of the web holds it."""
    known = sorted((fact for fact in facts if known_from(fact) <= until), key=known_from)
    held = Watched("", load_rules())
    held.take([msgspec.structs.replace(fact, position=n, recorded_at=fact.at) for n, fact in enumerate(known, 1)])
    held.advance(until)
    return held.watching().alerts


def test_they_are_recorded_by_who_answers(log: Log) -> None:
    replay().tell(log, START + 6 * HOUR)
    by = {fact.recorded_by for fact in log.since(0, 100_000) if fact.what in ANSWERS}
    assert by <= {f"{player.display}, {player.role.value}" for player in CAST}
    assert len(by) == 2
    assert {fact.recorded_by for fact in log.since(0, 100_000) if fact.what == "heart_rate"} == {TELLER}
