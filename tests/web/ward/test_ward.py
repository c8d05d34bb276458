"""The ward of a worker: it follows the record, lets time act, and says whom to look at first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cartway.pathway.course import CENTER
from cartway.record import Fact, Log, open_log
from cartway.times import DAY, Instant
from cartway.toxicity import load_rules
from cartway.toxicity.explain import explain
from cartway.web.ward.standing import GRADES, Standing, midnight, standing
from cartway.web.ward.ward import WATCHED_FOR, Ward
from cartway.web.ward.watched import Watched
from toxicity import drawn as d


@pytest.fixture
def log(store_url: str) -> Iterator[Log]:
    with open_log(store_url, kind="demo") as opened:
        yield opened


def charted(log: Log, course: str, *parts: Any, now: Instant | None = None) -> None:
    """Record drawn facts of a course."""
    facts = [fact for part in parts for fact in part]
    stated = [msgspec.structs.replace(fact, course=course, source="test") for fact in facts]
    receipt = log.append(stated, recorded_at=now or max(fact.at for fact in facts), recorded_by="test")
    assert not receipt.problems


def ward_at(log: Log, hour: float) -> Ward:
    ward = Ward(load_rules(), UTC)
    ward.fill(log, d.instant(hour))
    return ward


def found(ward: Ward, course: str) -> Standing:
    standing = ward.standing(course)
    assert standing is not None
    return standing


def standing_at(log: Log, now: Instant, zone: ZoneInfo) -> Standing:
    """Where the course stands in a worker that starts now."""
    ward = Ward(load_rules(), zone)
    ward.fill(log, now)
    return found(ward, "a")


def well(hour: float) -> list[Fact]:
    """A full round of a patient who is well."""
    return d.at(hour, d.temperature(36.6), d.pressure(120), d.oxygen("room_air"), d.ice(10), d.conscious("awake"))


def test_what_is_recorded_later_changes_the_row(log: Log) -> None:
    charted(log, "a", d.infused(), d.age(60), well(1))
    ward = ward_at(log, 2)
    assert found(ward, "a").grades["crs.astct"].episode.shown == "0"
    charted(log, "a", d.at(3, d.temperature(38.6)))
    (changed,) = ward.follow(log, d.instant(3))
    assert changed.grades["crs.astct"].episode.shown == "1"
    assert (changed.grades["crs.astct"].trend, changed.grades["crs.astct"].since) == ("up", d.instant(3))
    assert ward.follow(log, d.instant(3)) == []


def test_time_alone_changes_a_row(log: Log) -> None:
    """Twelve hours after the last reading nothing is known of the pressure any more."""
    charted(log, "a", d.infused(), d.age(60), well(1))
    ward = ward_at(log, 2)
    before = found(ward, "a")
    (changed,) = ward.follow(log, d.instant(14))
    assert changed.grades["crs.astct"].episode.grade is None
    assert changed.version > before.version and changed.position == before.position


def test_a_reading_dated_ahead_appears_when_its_time_comes(log: Log) -> None:
    """A monitor's clock runs three minutes ahead; the reading changes no grade, and is the newest all the same."""
    charted(log, "a", d.infused(), d.age(60), well(1))
    ward = ward_at(log, 2)
    charted(log, "a", d.at(2.05, d.temperature(36.9)), now=d.instant(2))
    (told,) = ward.follow(log, d.instant(2))
    assert told.observed["body_temperature"].value == 36.6
    (changed,) = ward.follow(log, d.instant(2.05))
    assert changed.observed["body_temperature"].value == 36.9 and changed.version > told.version


def test_at_midnight_the_day_is_another(log: Log) -> None:
    """In the ward's own time zone; the therapy's day is what the night shift reads first."""
    vienna = ZoneInfo("Europe/Vienna")
    charted(log, "a", d.infused(), d.age(60), well(1))
    evening = midnight(d.instant(1), vienna, days=1) - 1
    ward = Ward(load_rules(), vienna)
    ward.fill(log, evening)
    before = found(ward, "a")
    (changed,) = ward.follow(log, evening + 1)
    assert (before.day, changed.day) == (0, 1)
    assert changed.version > before.version
    assert changed.version == standing_at(log, evening + 1, vienna).version


def test_every_hour_that_nobody_looks_counts_in_the_order(log: Log) -> None:
    charted(log, "a", d.infused(), d.age(60), well(1))
    ward = ward_at(log, 2)
    (changed,) = ward.follow(log, d.instant(4))
    assert (changed.risk[-1], changed.changed_at) == (3, d.instant(4))


def test_one_course_that_cannot_be_worked_out_holds_up_no_other(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    ward = ward_at(log, 2)

    def fail(course: Watched, *rest: Any, **named: Any) -> Standing:
        if course.course == "a":
            raise ValueError
        return standing(course, *rest, **named)

    monkeypatch.setattr("cartway.web.ward.ward.standing", fail)
    for course in ("a", "b"):
        charted(log, course, d.infused(), d.age(60), well(1))
    ward.follow(log, d.instant(2))
    assert {each.course: each.defects for each in ward.untold()} == {"a": (GRADES,), "b": ()}
    assert list(ward.defects()) == ["a"]


def test_what_was_told_and_changed_again_is_untold(log: Log) -> None:
    charted(log, "a", d.infused(), d.age(60), well(1))
    ward = ward_at(log, 2)
    (first,) = ward.untold()
    charted(log, "a", d.at(3, d.temperature(38.6)))
    ward.follow(log, d.instant(3))
    ward.told(first)
    (second,) = ward.untold()
    ward.told(second)
    assert second.position > first.position and ward.untold() == []


def test_a_look_that_comes_first_does_not_keep_the_change_from_the_board(log: Log) -> None:
    """A page asks for the reasons just after a reading grew too old, before the follower has looked."""
    charted(log, "a", d.infused(), d.age(60), well(1))
    ward = ward_at(log, 2)
    assert ward.explain("a", d.instant(14)) == explain(log.facts("a"), load_rules(), d.instant(14))
    assert [standing.course for standing in ward.follow(log, d.instant(14))] == ["a"]
    assert ward.explain("nobody", d.instant(14)) is None


def test_a_course_opened_elsewhere_appears(log: Log) -> None:
    ward = ward_at(log, 0)
    charted(log, "new", d.infused(), well(1))
    assert [standing.course for standing in ward.follow(log, d.instant(1))] == ["new"]


def test_two_workers_agree_on_the_version(log: Log) -> None:
    charted(log, "a", d.infused(), d.age(60), well(1), d.at(3, d.temperature(38.6)))
    early, late = ward_at(log, 4), ward_at(log, 6)
    early.follow(log, d.instant(6))
    assert found(early, "a").version == found(late, "a").version


def test_a_course_that_ended_long_ago_is_read_only_when_asked_for(log: Log) -> None:
    charted(log, "old", d.infused(), well(1))
    now = d.instant(1) + WATCHED_FOR + DAY
    ward = Ward(load_rules(), UTC)
    ward.fill(log, now)
    assert ward.standings() == []
    course = ward.course(log, "old")
    assert course is not None and len(course.facts) == len(log.facts("old"))
    assert ward.course(log, "nobody") is None


def test_an_attribution_shows_what_it_excuses(log: Log) -> None:
    """Lee 2019: hypoxia counts only if not attributable to another cause. The board shows both readings."""
    fever = d.at(1, d.temperature(39.0), d.pressure(120), d.oxygen("high_flow_nasal_cannula"), d.flow(30))
    charted(log, "a", d.infused(), d.age(60), fever)
    ward = ward_at(log, 2)
    assert found(ward, "a").grades["crs.astct"].if_not_excused == ""
    charted(log, "a", d.at(2, d.attributed("hypoxia", until=12, cause="overload")))
    (changed,) = ward.follow(log, d.instant(3))
    assert (changed.grades["crs.astct"].episode.shown, changed.grades["crs.astct"].if_not_excused) == ("1", "3")


class TestOrder:
    """Whom to look at first."""

    @pytest.fixture
    def order(self, log: Log) -> Callable[[], list[str]]:
        return lambda: [standing.course for standing in ward_at(log, 20).standings()]

    def test_the_worse_grade_first(self, log: Log, order: Callable[[], list[str]]) -> None:
        for course, celsius in (("well", 36.6), ("fever", 38.7)):
            charted(log, course, d.infused(), d.age(60), well(18), d.at(19, d.temperature(celsius)))
        assert order() == ["fever", "well"]

    def test_not_assessable_is_no_improvement(self, log: Log, order: Callable[[], list[str]]) -> None:
        """Nobody has looked at the one for a day: they come before the one who is known to be well."""
        charted(log, "a-well", d.infused(), d.age(60), well(19))
        charted(log, "b-unread", d.infused(), d.age(60), well(1))
        assert order() == ["b-unread", "a-well"]

    def test_who_was_worse_lately_comes_first_among_equals(self, log: Log, order: Callable[[], list[str]]) -> None:
        """Down from 3 an hour ago is not as well as well for a week."""
        charted(log, "a-well", d.infused(), d.age(60), well(18))
        charted(log, "b-was-3", d.infused(), d.age(60), well(1), d.at(16, d.temperature(39.0), d.pressure(80)))
        charted(
            log, "b-was-3", d.at(16.5, d.drip("norepinephrine", 0.1)), d.at(17, d.drip("norepinephrine", 0.0)), well(18)
        )
        assert order() == ["b-was-3", "a-well"]

    def test_an_attribution_makes_nobody_less_ill(self, log: Log, order: Callable[[], list[str]]) -> None:
        """His pressor is put down to sepsis: the grade falls to 1, his place does not."""
        charted(log, "a-fever", d.infused(), d.age(60), well(18), d.at(19, d.temperature(39.0)))
        shock = d.at(18.5, d.temperature(39.0), d.pressure(80), d.drip("norepinephrine", 0.1))
        excused = d.at(19, d.attributed("vasopressor", until=30), d.attributed("hypotension", until=30))
        charted(log, "b-septic", d.infused(), d.age(60), well(18), shock, excused)
        assert order() == ["b-septic", "a-fever"]

    def test_a_vasopressor_without_a_fever_is_no_calm_zero(self, log: Log, order: Callable[[], list[str]]) -> None:
        """No fever: by definition not CRS, and on two vasopressors all the same."""
        charted(log, "a-fever", d.infused(), d.age(60), well(18), d.at(19, d.temperature(39.0)))
        drips = d.at(19, d.pressure(80), d.drip("norepinephrine", 0.2), d.drip("epinephrine", 0.1))
        charted(log, "b-shock", d.infused(), d.age(60), well(18), drips)
        assert order() == ["b-shock", "a-fever"]

    def test_who_does_not_wake_comes_first_unless_a_sedative_explains_it(
        self, log: Log, order: Callable[[], list[str]]
    ) -> None:
        """A RASS of -5 grades nothing by itself, and nobody has charted a sedative."""
        charted(log, "a-fever", d.infused(), d.age(60), well(18), d.at(19, d.temperature(39.0)))
        charted(log, "b-unroused", d.infused(), d.age(60), well(18), d.at(19, d.rass(-5)))
        asleep = d.at(18.5, d.drip("propofol", 1.0)), d.at(19, d.rass(-5))
        charted(log, "c-sedated", d.infused(), d.age(60), well(18), *asleep)
        assert order() == ["b-unroused", "a-fever", "c-sedated"]

    def test_oxygen_as_at_home_is_no_sign(self, log: Log, order: Callable[[], list[str]]) -> None:
        at_home = d.at(-24, d.measured("home_oxygen", 2.0)), d.at(19, d.oxygen("nasal_cannula"), d.flow(2))
        charted(log, "b-at-home", d.infused(), d.age(60), well(18), *at_home)
        charted(log, "a-fever", d.infused(), d.age(60), well(18), d.at(19, d.temperature(39.0)))
        assert order() == ["a-fever", "b-at-home"]

    def test_a_lower_bound_is_no_improvement(self, log: Log, order: Callable[[], list[str]]) -> None:
        """A cannula without its flow after a mask: at least 2, and nobody knows that it is not 3."""
        mask = d.at(18, d.temperature(39.0), d.pressure(120), d.oxygen("non_rebreather_mask"), d.conscious("awake"))
        charted(log, "b-mask", d.infused(), d.age(60), well(17), mask, d.at(19, d.oxygen("nasal_cannula")))
        fluids = d.at(19, d.temperature(39.0), d.pressure(80))
        charted(log, "a-low", d.infused(), d.age(60), well(18), fluids)
        ward = ward_at(log, 20)
        bound = found(ward, "b-mask").grades["crs.astct"]
        assert (bound.episode.shown, bound.trend) == (">= 2", "steady")
        assert order() == ["b-mask", "a-low"]

    def test_a_sign_without_a_grade_comes_before_none(self, log: Log, order: Callable[[], list[str]]) -> None:
        """62/40 without fever is no CRS, and not nothing."""
        charted(log, "a-well", d.infused(), d.age(60), well(18))
        charted(log, "b-low", d.infused(), d.age(60), well(18), d.at(19, d.pressure(62)))
        assert order() == ["b-low", "a-well"]

    def test_the_watch_before_those_to_come_before_those_who_left(
        self, log: Log, order: Callable[[], list[str]]
    ) -> None:
        charted(log, "a-left", d.infused(), d.age(60), well(2), d.discharged(3))
        charted(log, "b-to-come", d.at(5, d.temperature(36.6)))
        charted(log, "c-watched", d.infused(), d.age(60), well(19))
        assert order() == ["c-watched", "b-to-come", "a-left"]


def test_a_course_not_infused_has_no_grade(log: Log) -> None:
    charted(log, "a", d.at(5, d.temperature(39.6)))
    standing = found(ward_at(log, 6), "a")
    assert (standing.stage, dict(standing.grades), standing.day) == ("before", {}, None)
    assert standing.last is not None and standing.last.at == d.instant(5)


def test_the_dead_are_over(log: Log) -> None:
    charted(log, "a", d.infused(), d.age(60), well(2), d.died(9, "infection"))
    standing = found(ward_at(log, 6 + 24), "a")
    assert (standing.stage, dict(standing.grades)) == ("over", {})
    assert standing.ended is not None and standing.ended.choice == "infection"


def test_who_was_referred_comes_onto_the_ward_with_the_lymphodepletion(log: Log) -> None:
    ward, now = Ward(load_rules(), UTC), 1_774_000_000_000_000
    _state(log, Fact("p", now - DAY, "referral", source="chart"), now)
    ward.fill(log, now)
    assert ward.standings() == []
    _state(log, Fact("p", now, "oxygen_saturation", 97.0, "%", source="chart"), now)
    assert ward.follow(log, now) == [], "measured for the tumor board, not at a bedside of the ward"
    _state(log, Fact("p", now, "lymphodepletion", choice="started", source="chart"), now)
    (standing,) = ward.follow(log, now)
    assert (standing.course, standing.facts) == ("p", 3)


def test_the_center_s_own_record_is_no_bed(log: Log) -> None:
    ward, now = Ward(load_rules(), UTC), 1_774_000_000_000_000
    _state(log, Fact(CENTER, now, "closure", source="chart"), now)
    ward.fill(log, now)
    _state(log, Fact(CENTER, now + 1, "closure", source="chart"), now)
    assert ward.follow(log, now) == [] and ward.standings() == []


def _state(log: Log, fact: Fact, now: Instant) -> None:
    assert not log.append([fact], recorded_at=now, recorded_by="test").problems


def test_who_asks_while_all_courses_are_worked_out_anew_has_a_turn(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """The center changed a rule: forty courses take a second or more, and a nurse wants to chart."""
    for n in range(40):
        charted(log, f"course-{n:02}", d.infused(), d.age(60), well(1))
    ward, waited, answered = ward_at(log, 2), threading.Event(), list[int]()

    def ask() -> None:
        waited.set()
        ward.standings()
        answered.append(len(done))

    done: list[str] = []

    def work(course: Watched, *rest: Any, **named: Any) -> Standing:
        if not done:
            asking.start()
            waited.wait()
        done.append(course.course)
        return standing(course, *rest, **named)

    asking = threading.Thread(target=ask)
    monkeypatch.setattr("cartway.web.ward.ward.standing", work)
    setting = Fact(CENTER, d.instant(2), "center_policy", about="escalation_high_minutes", value=7.0, source="test")
    assert not log.append([setting], recorded_at=d.instant(2), recorded_by="test").problems
    ward.follow(log, d.instant(2))
    asking.join()
    assert len(done) == 40 and answered[0] < 40
