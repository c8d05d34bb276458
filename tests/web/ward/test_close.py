"""Alerts and dues that are carried along are those worked out from scratch, whatever order facts and time come in."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.pathway.course import CENTER, Course
from cartway.record import RETRACTION, Fact, Log, current
from cartway.times import HOUR, Instant
from cartway.toxicity import excuses, grade, load_rules, unexcused
from cartway.toxicity.further import ALL_SCALES
from cartway.watch import Alert, alerts
from cartway.watch.due import due
from cartway.web.ward.center import center_of
from cartway.web.ward.spark import Temperatures
from cartway.web.ward.standing import OTHERS, Standing
from cartway.web.ward.watched import Watched
from toxicity import courses
from toxicity import drawn as d
from web.ward.test_ward import charted, found, log, ward_at, well
from web.ward.test_watched import recorded

__all__ = ["log"]


def told(several: Sequence[Alert]) -> list[tuple[object, ...]]:
    """Alerts as a page tells them: which, since when, how bad, who has seen what."""
    return [
        (each.event, each.onset, each.end, each.peak, each.rings_since, each.owner, each.unanswered,
         sorted((finding.rule, finding.level, finding.since, finding.until) for finding in each.findings))
        for each in several
    ]  # fmt: skip


def assert_as_from_scratch(course: Watched, now: Instant, center: Sequence[Fact] = ()) -> None:
    course.advance(now)
    episodes = grade(current(course.facts), load_rules(), now, scales=ALL_SCALES)
    whole, center_course = Course(course.facts, now), Course(center, now)
    assert told(course.watching().alerts) == told(alerts(whole, episodes, center_course).alerts)
    ours, theirs = course.dues(), due(whole, episodes, center_course)
    assert [(each.task, each.due_at, each.overdue) for each in ours.items] == [
        (each.task, each.due_at, each.overdue) for each in theirs.items
    ]
    assert ours.next_change_at == theirs.next_change_at


@given(courses.courses(), st.data())
@settings(max_examples=40)
def test_taken_in_any_portions_while_time_goes_on(facts: list[Fact], data: st.DataObject) -> None:
    stored = recorded(data.draw(st.permutations(facts)))
    course, rest, now = Watched(stored[0].course, load_rules()), stored, min(fact.at for fact in stored)
    while rest:
        count = data.draw(st.integers(1, len(rest)))
        course.take(rest[:count])
        rest, now = rest[count:], now + data.draw(st.integers(0, 30)) * HOUR
        assert_as_from_scratch(course, now)


@given(courses.courses(), st.data())
@settings(max_examples=25)
def test_amended_and_retracted(facts: list[Fact], data: st.DataObject) -> None:
    stored = recorded(facts)
    course, now = Watched(stored[0].course, load_rules()), max(fact.at for fact in stored)
    course.take(stored)
    assert_as_from_scratch(course, now)
    old = data.draw(st.sampled_from(stored))
    gone = msgspec.structs.replace(old, what=RETRACTION, value=None, unit="", choice="", until=None, detail={})
    course.take(recorded([msgspec.structs.replace(gone, key="", amends=old.key)], first=course.position + 1))
    assert_as_from_scratch(course, now)


@given(courses.courses(), st.data())
@settings(max_examples=60)
def test_as_if_nothing_had_been_attributed(facts: list[Fact], data: st.DataObject) -> None:
    """The second fold is what grading the course without its attributions is, whenever one of them is in force."""
    start = min(fact.at for fact in facts)
    features = st.sampled_from(["fever", "hypotension", "hypoxia", "consciousness"])
    hours = data.draw(st.lists(st.tuples(st.integers(0, 60), features), min_size=1, max_size=4))
    excused = [fact for hour, feature in hours for fact in d.at(0, d.attributed(feature, until=hour + 12))]
    moved = [
        msgspec.structs.replace(fact, at=start + hour * HOUR, until=start + (hour + 12) * HOUR)
        for (hour, _), fact in zip(hours, excused, strict=True)
    ]
    stored = recorded(data.draw(st.permutations([*facts, *moved])))
    course, rest, now = Watched(stored[0].course, load_rules()), stored, start
    while rest:
        count = data.draw(st.integers(1, len(rest)))
        course.take(rest[:count])
        rest, now = rest[count:], now + data.draw(st.integers(0, 20)) * HOUR
        course.advance(now)
        stated = current(course.facts)
        is_graded = any(fact.what == "infusion" and fact.at <= now for fact in stated)
        slow = unexcused(stated, load_rules(), now) if is_graded and excuses(stated, load_rules(), now) else {}
        assert course.unexcused() == {scale: each.shown for scale, each in slow.items() if each is not None}


def test_many_that_come_late_are_folded_anew() -> None:
    """A wearable is read out at the bedside: a day of temperatures comes in after the evening's round."""
    night = [fact for n in range(1, 200) for fact in d.at(n / 10, d.temperature(36.5 + n % 5 / 10))]
    stored = recorded([*d.infused(), *d.age(60), *well(24), *night])
    course = Watched(stored[0].course, load_rules())
    course.take(stored[: -len(night)])
    assert_as_from_scratch(course, d.instant(25))
    course.take(stored)
    assert_as_from_scratch(course, d.instant(25))


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from([36.5, 38.2, 39.9])), min_size=1, max_size=60))
def test_temperatures_of_three_days_in_any_order(stated: list[tuple[int, float]]) -> None:
    """Three days back from the newest, whatever came first."""
    facts = [fact for hour, celsius in stated for fact in d.at(hour, d.temperature(celsius))]
    kept = Temperatures()
    for fact in facts:
        kept.take(fact)
    newest = max(fact.at for fact in facts)
    wanted = sorted((fact.at, fact.value) for fact in facts if fact.at >= newest - 72 * HOUR)
    assert sorted(kept.points()) == wanted and [at for at, _ in kept.points()] == [at for at, _ in wanted]


class TestWard:
    """As the ward tells it: a change of any of it is another version, the same in every worker."""

    def test_a_fever_after_infusion_waits_for_somebody(self, log: Log) -> None:
        charted(log, "a", d.infused(), d.age(60), well(1))
        ward = ward_at(log, 2)
        assert not found(ward, "a").watching.ringing
        charted(log, "a", d.at(3, d.temperature(39.1)))
        (changed,) = ward.follow(log, d.instant(3))
        assert [alert.event for alert in changed.watching.ringing] == ["cytokine_release"]
        assert [each.event for each in found(ward_at(log, 3), "a").watching.ringing] == ["cytokine_release"]

    def test_what_becomes_due_is_another_version_in_every_worker(self, log: Log) -> None:
        """Time alone: nothing was charted in between."""
        charted(log, "a", d.infused(), d.age(60), well(1))
        early = ward_at(log, 2)
        for hour in range(3, 40):
            early.follow(log, d.instant(hour))
            late = ward_at(log, hour)
            ours, theirs = found(early, "a"), found(late, "a")
            assert ours.version == theirs.version
            assert (shown(ours), ours.risk) == (shown(theirs), theirs.risk)

    def test_every_visible_change_is_another_version(self, log: Log) -> None:
        charted(log, "a", d.infused(), d.age(60), well(1), d.at(3, d.temperature(39.1)))
        ward = ward_at(log, 3)
        before = found(ward, "a")
        for minutes in range(190, 48 * 60, 10):
            ward.follow(log, d.instant(minutes / 60))
            now = found(ward, "a")
            assert now.version > before.version or shown(now) == shown(before)
            before = now

    def test_a_rule_that_the_center_switches_off_is_silent_at_once(self, log: Log) -> None:
        charted(log, "a", d.infused(), d.age(60), well(1), d.at(3, d.temperature(39.1)))
        ward = ward_at(log, 3)
        before = found(ward, "a")
        rules = {finding.rule for alert in before.watching.present for finding in alert.present}
        off = [
            Fact(CENTER, d.instant(3), "rule_change", choice="changed", about=rule, detail={"after": "off"}, key=rule)
            for rule in rules
        ]
        charted(log, CENTER, off)
        (changed,) = ward.follow(log, d.instant(3))
        assert changed.watching.present == () and changed.version > before.version
        assert changed.version == found(ward_at(log, 3), "a").version

    def test_what_the_center_sets_for_tomorrow_holds_tomorrow(self, log: Log) -> None:
        charted(log, "a", d.infused(), d.age(60), well(1))
        tomorrow = Fact(CENTER, d.instant(24), "rule_change", choice="changed", about="grade_crs",
                        detail={"after": "off"}, key="t")  # fmt: skip
        charted(log, CENTER, [tomorrow], now=d.instant(2))
        ward = ward_at(log, 2)
        assert ward.center.changes_at == d.instant(24)
        ward.follow(log, d.instant(24))
        assert ward.center.changes_at is None

    def test_what_else_is_in_the_centers_record_changes_no_row(self, log: Log) -> None:
        charted(log, "a", d.infused(), d.age(60), well(1))
        ward = ward_at(log, 2)
        charted(log, CENTER, [Fact(CENTER, d.instant(1), "stock", about="tocilizumab", value=4, key="s")])
        assert ward.follow(log, d.instant(2)) == []


def shown(standing: Standing) -> object:
    """What a row shows of alerts and dues."""
    alerts = [(alert.event, alert.rings, alert.priority, alert.unanswered) for alert in standing.alerts]
    return alerts, [(each.task, each.state(standing.at)) for each in standing.dues.items]


def test_a_center_without_settings_is_as_shipped() -> None:
    center = center_of([], d.instant(0), "EU")
    assert (center.position, center.changes_at, center.country) == (0, None, "EU")


@pytest.mark.parametrize("what", ["center_policy", "rule_change"])
def test_a_setting_that_is_withdrawn_is_as_new_as_that(what: str) -> None:
    said = Fact(
        CENTER, d.instant(0), what, about="x", choice="changed" if what == "rule_change" else "", key="p", position=3
    )
    gone = msgspec.structs.replace(said, what=RETRACTION, key="q", amends="p", position=7)
    assert center_of([said], d.instant(1), "US").position == 3
    assert center_of([said, gone], d.instant(1), "US").position == 7


def test_the_live_ward_follows_every_scale(log: Log) -> None:
    """What rests on the counts and the chemistry is on the board and rings there, as it does from scratch."""
    counts = [fact for day in range(1, 16) for fact in d.at(24 * day, d.measured("neutrophils", 0.05))]
    chemistry = d.at(26, d.measured("potassium", 7.2), d.measured("phosphate", 6.5), d.measured("uric_acid", 9.0))
    charted(log, "a", d.infused(), d.age(60), well(1), counts, chemistry)
    now = d.instant(15 * 24 + 1)
    standing = found(ward_at(log, 15 * 24 + 1), "a")
    facts = log.facts("a")
    slow = {each.scale: each for each in grade(current(facts), load_rules(), now, ALL_SCALES) if each.end is None}
    graded = {scale: slow[scale].shown for scale in OTHERS if scale in slow and slow[scale].grade}
    assert {scale: each.shown for scale, each in standing.others.items()} == graded and "icaht.early" in graded
    whole = Course(facts, now)
    episodes = grade(current(facts), load_rules(), now, ALL_SCALES)
    assert told(standing.alerts) == told(alerts(whole, episodes, Course((), now)).alerts)
    rules = {finding.rule for alert in standing.alerts for finding in alert.findings}
    assert any(rule.startswith(("icaht", "tumor", "tls")) for rule in rules), rules
