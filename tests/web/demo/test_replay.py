"""The stories told: each fact once, in the order in which it was known, never early; and on again after a cut."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from cartway.people import open_people
from cartway.record import Fact, Log, Refused, current, open_log
from cartway.record.errors import WrongKind
from cartway.times import DAY, HOUR, MINUTE, parse
from cartway.toxicity import grade, load_rules
from cartway.web.access import open_access
from cartway.web.demo.cast import CAST, PATIENTS
from cartway.web.demo.clock import DemoClock
from cartway.web.demo.replay import Replay, Teller, known_from
from cartway.web.demo.stage import START, Stage, open_stage
from cartway.web.demo.stage import replay as stories_of_all

Key = tuple[str, str, str]


def keys(facts: list[Fact]) -> list[Key]:
    return [(fact.course, fact.source, fact.key) for fact in facts]


def crs(log: Log, course: str, at: str, known_at: str) -> str:
    """The CRS grade at a time, as it was known at another."""
    facts = current(log.facts(course), parse(known_at))
    found = [one for one in grade(facts, load_rules(), parse(at)) if one.scale == "crs.astct"]
    return next(one.shown for one in found if one.start <= parse(at) and (one.end is None or parse(at) < one.end))


def test_nothing_is_told_before_it_was_known(log: Log, facts: list[Fact]) -> None:
    """The record of the start holds exactly what was known by then, under the times at which it was known."""
    told = log.since(0, 100_000)
    assert sorted(keys(told)) == sorted(keys([fact for fact in facts if known_from(fact) <= START]))
    assert all(fact.recorded_at == known_from(fact) for fact in told)


def test_every_fact_arrives_once_and_in_the_order_of_the_story(log: Log, facts: list[Fact]) -> None:
    stories = Replay(facts)
    stories.tell(log, START)
    now = START
    while now < stories.end:
        now = min(stories.end, now + 7 * HOUR)
        stories.tell(log, now)
        assert all(known_from(fact) <= now for fact in log.since(log.position() - 50, 100))
    told = log.since(0, 100_000)
    assert sorted(keys(told)) == sorted(keys(facts))
    assert all(known_from(one) <= known_from(next) for one, next in pairwise(told))
    assert all(fact.simulated for fact in told)
    assert log.verify().ok
    assert stories.due(stories.end + DAY) == []


def test_what_was_known_before_a_correction_shows_the_old_value(log: Log) -> None:
    """Charted at 00:22, mistyped; corrected at 01:05."""
    stories_of_all().tell(log, parse("2026-03-15T01:30Z"))
    at = "2026-03-15T00:45Z"
    assert crs(log, "01-uneventful", at, known_at=at) == "1"
    assert crs(log, "01-uneventful", at, known_at="2026-03-15T01:30Z") == "0"


def test_a_correction_of_the_past_is_alive_at_the_start(log: Log) -> None:
    """38.9 was typed at 10:05 and amended to 36.9 at 16:40, hours before one looks."""
    at = "2026-03-14T11:00Z"
    assert crs(log, "12-charting", at, known_at="2026-03-14T12:00Z") == "1"
    assert crs(log, "12-charting", at, known_at="2026-03-14T17:00Z") == "0"


def test_cut_off_in_the_middle_it_goes_on_where_it_was(stage: Stage, facts: list[Fact]) -> None:
    with open_stage(stage) as log:
        Replay(facts).tell(log, START + 5 * HOUR)
        position = log.position()
    with open_stage(stage) as log:  # another process, that knows nothing of how far it came
        stories = Replay(facts)
        stories.tell(log, START + 5 * HOUR)
        assert log.position() == position
        stories.tell(log, START + 10 * HOUR)
        assert sorted(keys(log.since(0, 100_000))) == sorted(
            keys([fact for fact in facts if known_from(fact) <= START + 10 * HOUR])
        )


def test_two_that_tell_record_nothing_twice(stage: Stage, facts: list[Fact]) -> None:
    with open_stage(stage) as one, open_stage(stage) as other:
        first, second = Replay(facts), Replay(facts)
        for hours in range(1, 6):
            first.tell(one, START + hours * HOUR)
            second.tell(other, START + hours * HOUR + 30 * MINUTE)
        told = keys(one.since(0, 100_000))
    assert len(told) == len(set(told))


def test_what_somebody_charts_in_between_stays(log: Log) -> None:
    stories = stories_of_all()
    mine = Fact(
        "01-uneventful", START + MINUTE, "body_temperature", 37.2, "Cel", source="web", key="mine-1", simulated=True
    )
    assert log.append([mine], recorded_at=START + 2 * MINUTE, recorded_by="mei").accepted == 1
    stories.tell(log, START + 2 * HOUR)
    assert ("01-uneventful", "web", "mine-1") in keys(log.facts("01-uneventful"))


def test_the_story_goes_on_whatever_somebody_charts_against_it(log: Log, facts: list[Fact]) -> None:
    """The mistyped temperature is withdrawn by hand before the story corrects it, and a key of the story is taken."""
    stories = Replay(facts)
    stories.tell(log, START + 90 * MINUTE)
    typed = next(fact for fact in log.facts("01-uneventful") if fact.key == "typed-1")
    withdrawn = Fact(typed.course, typed.at, "retraction", amends="typed-1", key="mine-1", source="web", simulated=True)
    later = next(fact for fact in facts if known_from(fact) > START + 3 * HOUR and fact.value is not None)
    taken = msgspec.structs.replace(later, value=(later.value or 0) + 1)
    assert log.append([withdrawn, taken], recorded_at=START + 90 * MINUTE, recorded_by="mei").accepted == 2
    stories.tell(log, stories.end)
    assert stories.due(stories.end) == []
    assert sorted({*keys(log.since(0, 100_000))} - {("01-uneventful", "web", "mine-1")}) == sorted(keys(facts))


def test_the_thread_tells_as_the_clock_passes(log: Log, clock: DemoClock, facts: list[Fact]) -> None:
    before, stories = log.position(), Replay(facts)
    teller = Teller(stories, log, clock)
    clock.set(START)
    teller.start()
    try:
        clock.set(START + 2 * HOUR)
        due = sum(START < known_from(fact) <= START + 2 * HOUR for fact in facts)
        deadline = time.monotonic() + 10
        while log.position() < before + due and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        teller.stop()
    assert log.position() == before + due


def test_a_clinical_record_refuses_every_fact_of_it(tmp_path: Path, facts: list[Fact]) -> None:
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    with open_log(url) as ward:
        outcomes = ward.append(facts, recorded_at=START, recorded_by="demo").outcomes
        assert {one.problem.code if isinstance(one, Refused) else "in" for one in outcomes} == {"simulated_fact"}
        assert ward.position() == 0
    with pytest.raises(WrongKind):
        open_log(url, kind="demo")


def test_everybody_has_a_name_and_the_birth_date_of_the_story(stage: Stage, facts: list[Fact]) -> None:
    """Ages in the stories are those at their first fact."""
    ages = {fact.course: fact.value for fact in facts if fact.what == "age"}
    began = {course: min(fact.at for fact in facts if fact.course == course) for course in ages}
    with open_people(stage.people) as people:
        found = people.people(sorted(PATIENTS), now=START, by="test")
    assert sorted(found) == sorted({fact.course for fact in facts})
    for course, person in found.items():
        assert person.name == PATIENTS[course].name
        age = (began[course] - parse(f"{person.birth_date}T00:00Z")) / (365.25 * DAY)
        assert age - 1 < (ages[course] or 0) <= age + 0.01


def test_there_is_somebody_of_every_role_and_nobody_has_a_password(stage: Stage) -> None:
    with open_access(stage.database) as access:
        accounts = {account.name: account for account in access.accounts()}
    assert set(accounts) == {player.account for player in CAST}
    assert len({account.role for account in accounts.values()}) == 10
    assert accounts["jonas"].courses == {"01-uneventful", "03-biphasic", "05-tocilizumab"}
