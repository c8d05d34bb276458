"""The ward of the twin: who comes and when, the same from the same seed, told forward without an end."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.pathway.course import Course as Known
from cartway.people import open_people
from cartway.problem import Problem
from cartway.record import Fact, open_log
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity import load_rules
from cartway.twin.course import run
from cartway.twin.population import disease_of, draw, mismatch, product_of
from cartway.watch import ward_alerts
from cartway.web.access import Role, open_access
from cartway.web.demo import living
from cartway.web.demo.arrivals import BEFORE, MIX, OPENS, ROAD, Supply
from cartway.web.demo.bill import STORIES, read
from cartway.web.demo.clock import DemoClock
from cartway.web.demo.invented import FAMILY, GIVEN, invented
from cartway.web.demo.living import Course, LivingWard, at_home, course_of
from cartway.web.demo.opening import build_ward
from cartway.web.demo.replay import known_from
from cartway.web.demo.rounds import rounds
from cartway.web.demo.staff import NURSE, PHYSICIAN, cultures
from cartway.web.demo.stage import Stage
from cartway.web.demo.visits import visits
from cartway.web.ward.watched import Watched

SUPPLY = Supply(seed=5, courses=8)


@pytest.fixture(scope="module")
def courses() -> list[Course]:
    """The first of them: at home, in the close watch, before the infusion."""
    return [course_of(SUPPLY.patient(number), OPENS) for number in range(8)]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, LivingWard]:
    return build_ward(tmp_path_factory.mktemp("ward"), SUPPLY, 600, lambda number: None)


# Who comes


@given(st.integers(0, 2**31), st.integers(1, 400))
def test_when_it_opens_as_many_are_on_their_road_as_were_asked_for(seed: int, courses: int) -> None:
    supply = Supply(seed, courses)
    a_day = courses * DAY // ROAD + 1  # infusions keep to daylight
    begun = [supply.patient(number) for number in range(courses + a_day + 1)]
    assert abs(sum(one.begins <= OPENS for one in begun) - courses) <= a_day
    assert begun[0].infused_at >= OPENS - ROAD
    assert all(9 * HOUR <= one.infused_at % DAY < 14 * HOUR for one in begun)
    assert all(later.infused_at // DAY >= earlier.infused_at // DAY for earlier, later in pairwise(begun))


@pytest.mark.parametrize("among", [0, 1, 7])
def test_each_forty_patients_are_the_whole_mix(among: int) -> None:
    shown = [SUPPLY.patient(40 * among + n) for n in range(40)]
    counted = {(product, disease): n for product, disease, n in MIX}
    assert {each: sum((one.product, one.disease) == each for one in shown) for each in counted} == counted


def test_every_product_meets_a_disease_that_it_is_made_for() -> None:
    for name, of, _ in MIX:
        product, disease = product_of(name), disease_of(of)
        assert not isinstance(product, Problem)
        assert not isinstance(disease, Problem)
        assert mismatch(product, disease) is None


def test_no_two_of_a_ward_are_called_the_same() -> None:
    most = len(FAMILY) * len(GIVEN["male"])
    names = {invented(number, 3, age_years=50, sex="male", at=OPENS).name for number in range(most)}
    assert len(names) == most


def test_a_birth_date_says_the_age_that_the_chart_says(courses: list[Course]) -> None:
    for one in courses:
        age = next(fact.value or 0.0 for fact in one.facts if fact.what == "age")
        born = np.datetime64(one.patient.birth_date).astype("datetime64[us]").astype(int)
        assert age <= (one.arrival.begins - born) / (365.25 * DAY) < age + 1.01


# A course


def test_the_same_patient_has_the_same_course_and_another_seed_another(courses: list[Course]) -> None:
    assert course_of(SUPPLY.patient(3), OPENS) == courses[3]
    assert course_of(Supply(6, 8).patient(3), OPENS).facts != courses[3].facts


def test_every_fact_is_simulated_and_none_is_known_before_the_patient_comes(courses: list[Course]) -> None:
    for one in courses:
        assert all(fact.simulated and fact.course == one.arrival.course for fact in one.facts)
        assert min(map(known_from, one.facts)) == one.arrival.begins == one.arrival.infused_at - BEFORE


def test_rounds_keep_what_the_twin_saw_and_lie_between() -> None:
    """Every four hours after the infusion; a look of the twin reads as it did; a step stays as it was."""
    looked = run(draw("axi-cel", "lbcl", 1, 5), until=20.0)
    seen = rounds(looked)
    same = np.isin(np.round(seen.days, 6), np.round(looked.days, 6))
    for name, values in looked.seen.items():
        np.testing.assert_array_equal(seen.seen[name][:, same], values)
    warm, before = seen.seen["temperature"][0], looked.seen["temperature"][0]
    assert np.diff(seen.days[(seen.days >= 0) & (seen.days <= 15)]).max() < 4.01 / 24
    assert np.nanmin(before) <= np.nanmin(warm)
    assert np.nanmax(warm) <= np.nanmax(before)
    assert set(np.unique(seen.seen["oxygen"])) <= set(np.unique(looked.seen["oxygen"]))


def test_after_the_discharge_patients_read_for_themselves() -> None:
    """A nurse's readings at home would take the close watch up again for three days."""

    def fact(what: str, day: int) -> Fact:
        return Fact("twin-001", day * DAY, what, 37.0, "Cel", source="twin", simulated=True)

    told = [fact("body_temperature", 3), Fact("twin-001", 5 * DAY, "discharge"), fact("body_temperature", 9)]
    kept = at_home([*told, fact("respiratory_rate", 9), fact("respiratory_rate", 4), fact("crp", 9)])
    assert [(one.what, one.at // DAY, one.source) for one in kept if one.what != "discharge"] == [
        ("body_temperature", 3, "twin"), ("body_temperature", 9, "patient"),
        ("respiratory_rate", 4, "twin"), ("crp", 9, "twin"),
    ]  # fmt: skip


def test_a_fever_has_its_cultures_and_daily_while_it_lasts() -> None:
    hot = [Fact("twin-001", n * 4 * HOUR, "body_temperature", 38.6, "Cel") for n in range(12)]
    cool = [Fact("twin-001", n * 4 * HOUR, "body_temperature", 37.4, "Cel") for n in range(12, 20)]
    assert [one.at // HOUR for one in cultures("twin-001", hot + cool)] == [0, 24]


def own(what: str, hour: int, value: float, unit: str) -> Fact:
    return Fact("twin-001", hour * HOUR, what, value, unit, source="patient", simulated=True)


HOME = [
    Fact("twin-001", 100 * HOUR, "discharge"),
    *(own("body_temperature", hour, 36.9, "Cel") for hour in (200, 400, 800)),
    *(own("systolic_pressure", hour, 124.0, "mm[Hg]") for hour in (200, 400, 600, 800)),
]


def test_who_has_a_fever_at_home_is_seen_in_the_clinic_the_same_day() -> None:
    """What a fever at home raises is settled by a round: else it would be asked about until the end of the course."""
    (seen,) = {fact.at for fact in visits([*HOME, own("body_temperature", 600, 38.4, "Cel")])}
    assert 600 * HOUR < seen <= 606 * HOUR
    found = {fact.what: fact for fact in visits([*HOME, own("body_temperature", 600, 38.4, "Cel")])}
    assert {"body_temperature", "systolic_pressure", "oxygen_saturation", "oxygen_device", "consciousness"} <= set(
        found
    )
    assert (found["body_temperature"].value, found["systolic_pressure"].value) == (36.9, 124.0)
    assert {(fact.simulated, fact.source == "patient") for fact in found.values()} == {(True, False)}


def test_a_low_pressure_at_home_is_seen_too_and_nobody_is_seen_who_is_well_or_dead() -> None:
    assert visits([*HOME, own("systolic_pressure", 500, 84.0, "mm[Hg]")])
    assert visits(HOME) == []
    dead = [Fact("twin-001", 601 * HOUR, "death", choice="progression")]
    assert visits([*HOME, *dead, own("body_temperature", 600, 38.4, "Cel")]) == []


def test_cultures_of_a_fever_at_home_are_taken_in_the_clinic() -> None:
    hot = [*HOME, own("body_temperature", 600, 38.4, "Cel")]
    seen = visits(hot)
    (taken,) = cultures("twin-001", [*hot, *seen])
    assert taken.at > seen[0].at


def test_nobody_at_home_is_overdue_for_days(courses: list[Course]) -> None:
    """Weekly readings at home are no rounds: what they raise is settled in the clinic."""
    for one in [*courses, course_of(SUPPLY.patient(9), OPENS)]:
        left = [fact.at for fact in one.facts if fact.what == "discharge"]
        told = alerts(one.facts, max(map(known_from, one.facts)))
        late = [each for each in told if left and each.event == "observation" and each.onset > left[0]]
        assert all((each.end or OPENS + 400 * DAY) - each.onset < DAY for each in late), one.arrival.course


def test_the_tocilizumab_is_counted(opened: tuple[Stage, LivingWard]) -> None:
    """Twice a day, before the first of them was infused and as the clock runs."""
    stage, _ = opened
    with open_log(stage.database, create=False, kind="demo") as log:
        known = {course: log.facts(course) for course in log.courses()}
    center = Known(known.pop("center"), OPENS)
    assert ward_alerts(center, [fact for facts in known.values() for fact in facts]).alerts == ()


def test_when_it_opens_nothing_has_rung_for_hours(courses: list[Course]) -> None:
    """What rang before was answered, so what rings anew is seen at once."""
    for one in courses:
        rings = [each for each in alerts(one.facts, OPENS) if each.rings_since is not None]
        assert all(OPENS - (each.rings_since or OPENS) <= 2 * HOUR for each in rings), one.arrival.course


def test_answers_are_given_by_two_of_the_ward_and_only_to_alerts_that_there_are(courses: list[Course]) -> None:
    for one in courses:
        events = {each.event for each in alerts(one.facts, max(map(known_from, one.facts)))}
        answered = [fact for fact in one.facts if fact.what.startswith("alert_")]
        assert {fact.about for fact in answered} <= events
        assert {fact.source for fact in answered} <= {NURSE, PHYSICIAN}


def alerts(facts: list[Fact], until: Instant):  # type: ignore[no-untyped-def]
    known = sorted((fact for fact in facts if known_from(fact) <= until), key=known_from)
    held = Watched("", load_rules())
    told = enumerate(known, 1)
    held.take([msgspec.structs.replace(fact, position=n, recorded_at=known_from(fact)) for n, fact in told])
    held.advance(until)
    return held.watching().alerts


# The ward


def test_at_the_opening_exactly_what_was_known_is_told(opened: tuple[Stage, LivingWard], courses: list[Course]) -> None:
    stage, _ = opened
    with open_log(stage.database, create=False, kind="demo") as log:
        for one in courses:
            told = {(fact.source, fact.what, fact.at) for fact in log.facts(one.arrival.course)}
            known = {(fact.source, fact.what, fact.at) for fact in one.facts if known_from(fact) <= OPENS}
            assert told == known
        assert log.verify().ok


def test_it_lives_forward_and_further_patients_come(opened: tuple[Stage, LivingWard]) -> None:
    stage, ward = opened
    with open_log(stage.database, create=False, kind="demo") as log, open_people(stage.people) as people:
        before = len(log.courses())
        ward.tell(log, OPENS + 5 * DAY)
        came = set(log.courses())
        assert len(came) > before
        assert max(fact.recorded_at or 0 for fact in log.since(log.position() - 5, 10)) <= OPENS + 5 * DAY
        assert set(people.people(sorted(came - {"center"}), now=OPENS, by="test")) == came - {"center"}
        told = log.position()
        assert ward.tell(log, OPENS + 5 * DAY) == 0
        assert log.position() == told


def test_who_signs_in_belongs_to_courses_that_there_are(opened: tuple[Stage, LivingWard]) -> None:
    stage, _ = opened
    bill = read(stage.clock)
    with open_log(stage.database, create=False, kind="demo") as log, open_access(stage.database) as access:
        there = set(log.courses())
        assert {account.name for account in access.accounts()} == {player.account for player in bill.cast}
    own = [player for player in bill.cast if player.role in (Role.patient, Role.caregiver)]
    assert {course for player in own for course in player.courses} <= there
    assert "simulated" in bill.simulated
    assert bill != STORIES


def test_the_clock_waits_and_then_runs_as_fast_as_was_asked(opened: tuple[Stage, LivingWard]) -> None:
    clock = DemoClock(opened[0].clock)
    assert clock.shown().waiting
    assert (clock(), clock.shown().resume) == (OPENS, 600)


def test_a_course_that_cannot_be_admitted_is_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the people store fails in between, nobody is left out and nobody comes twice."""
    monkeypatch.setattr(living, "courses_of", lambda some, opens: (Course(one, PERSON, []) for one in some))
    asked: list[int] = []

    def admit(course: Course) -> None:
        asked.append(course.arrival.number)
        if len(asked) == 3:
            raise OSError

    ward = LivingWard(SUPPLY, admit)
    with open_log(f"sqlite:///{tmp_path / 'w.db'}", kind="demo") as log:
        with pytest.raises(OSError):
            ward.tell(log, OPENS)
        ward.tell(log, OPENS)
    assert asked == [0, 1, 2, *range(2, max(asked) + 1)]


PERSON = invented(0, 0, age_years=40, sex="female", at=OPENS)
