"""Laws of what is due, on drawn courses: order, time and further facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.pathway.course import Course
from cartway.pathway.policies import load_policies
from cartway.record import Fact
from cartway.times import HOUR
from cartway.toxicity import Episode
from cartway.watch.due import Dues, due_of, kept_of
from cartway.watch.due_schedule import load_schedules
from toxicity import drawn as d
from toxicity.drawn import at, instant

from .duties import COUNTS, ROUND, answered, asked, charted, graded, lymphodepleted

SAYINGS = (
    *ROUND, *COUNTS, d.temperature(38.0), d.temperature(39.2), d.ice(9), d.capd(3.0), d.rass(-4.0),
    d.conscious("unarousable"), d.ice_item("naming", 3),
    d.measured("crp", 40), d.measured("ferritin", 900), d.measured("body_weight", 70), d.measured("creatinine", 1),
    d.measured("alt", 30), d.measured("fibrinogen", 300), d.said("infection_work_up", "blood_culture"),
    d.unreadable("body_temperature"),
)  # fmt: skip
hours = st.one_of(st.integers(-100, 800).map(float), st.sampled_from([0.0, 168.0, 336.0, 720.0]))
tasks = st.sampled_from(sorted(load_schedules()))
charts = st.builds(at, hours, st.sampled_from(SAYINGS))
answers = st.builds(answered, hours, tasks, st.sampled_from(["done", "not_done", "put_off"]), st.none() | hours)
milestones = st.sampled_from([lymphodepleted(-96), d.infused(), d.infused(216), d.discharged(100), d.discharged(400)])
courses = st.lists(st.one_of(charts, charts, charts, answers, milestones), max_size=25).map(
    lambda parts: charted(d.infused(), *parts)
)
grades = st.lists(st.tuples(st.integers(0, 500), st.sampled_from([None, 0, 1, 2, 3])), max_size=4).map(
    lambda steps: graded("crs.astct", (0, 0), *((float(n), grade) for n, grade in sorted(dict(steps).items()) if n))
)


def states(dues: Dues, now: int) -> Mapping[str, object]:
    return {each.task: (each.state(now), each.why.row, each.due_at, each.lacking) for each in dues.items}


def slow(facts: Sequence[Fact], episodes: Sequence[Episode], now: int) -> Dues:
    """The same out of a fresh course, as if nothing had been kept."""
    return due_of(kept_of(Course(facts, now).facts), episodes, load_policies(), now)


@given(courses, grades, hours, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_come_does_not_matter(
    facts: list[Fact], episodes: list[Episode], hour: float, random: object
) -> None:
    now = instant(hour)
    ordered = list(Course(facts, now).facts)
    expected = slow(facts, episodes, now)
    random.shuffle(ordered)  # type: ignore[attr-defined]
    found = due_of(kept_of(ordered), episodes, load_policies(), now)
    assert states(found, now) == states(expected, now)
    assert found.next_change_at == expected.next_change_at


@given(courses, grades, hours)
@settings(max_examples=60)
def test_until_the_next_change_nothing_changes(facts: list[Fact], episodes: list[Episode], hour: float) -> None:
    """Unless a fact is dated in between: those the caller takes as they come true."""
    now = instant(hour)
    past = [fact for fact in facts if fact.at <= now and (fact.until is None or fact.until <= now)]
    known = [each for each in episodes if each.start <= now]
    found = slow(past, known, now)
    until = found.next_change_at if found.next_change_at is not None else now + 10**15
    last = slow(past, known, until - 1)
    if found.items or last.items:
        assert [(each.task, each.overdue, each.lacking) for each in last.items] == [
            (each.task, each.overdue, each.lacking) for each in found.items
        ]
    assert found.changed_at <= now < until


@given(courses, grades, hours)
def test_when_everything_is_charted_now_nothing_but_what_is_asked_once_is_due(
    facts: list[Fact], episodes: list[Episode], hour: float
) -> None:
    everything = [
        *ROUND, *COUNTS, d.ice(10), d.measured("crp", 1), d.measured("ferritin", 100), d.measured("body_weight", 70),
        d.measured("creatinine", 1), d.measured("alt", 20), d.measured("fibrinogen", 300),
        d.measured("uric_acid", 4), d.measured("potassium", 4), d.measured("phosphate", 3), d.measured("calcium", 9),
        d.said("infection_work_up", "blood_culture"),
    ]  # fmt: skip
    found = asked(charted(facts, at(hour, *everything)), hour, episodes)
    assert {each.task for each in found.due} <= {"monitoring"}


@given(courses, grades, hours, charts)
def test_an_observation_more_never_makes_a_task_due_sooner(
    facts: list[Fact], episodes: list[Episode], hour: float, more: list[Fact]
) -> None:
    before = {each.task: each.due_at for each in asked(facts, hour, episodes).items}
    after = {each.task: each.due_at for each in asked(charted(facts, more), hour, episodes).items}
    hot = any(fact.what == "body_temperature" and (fact.value or 0) >= 38 for fact in more)
    asks = {"blood_cultures"} if hot else set()  # a fever asks for cultures
    assert all(after[task] >= moment for task, moment in before.items() if task in after and task not in asks)
    assert set(after) - asks <= set(before)


LIMIT, LASTING = 38.0, 24 * HOUR
warmth = st.builds(
    lambda hour, value: at(hour, d.temperature(value)),
    st.one_of(st.floats(0, 60), st.integers(0, 60).map(float)), st.sampled_from([37.0, 38.0, 38.4, 39.0]),
)  # fmt: skip


@given(st.lists(warmth, max_size=14), st.floats(0, 80))
def test_the_present_fever_is_that_of_a_walk_back_over_every_temperature(parts: list[list[Fact]], hour: float) -> None:
    now = instant(hour)
    facts = [fact for fact in charted(*parts) if fact.at <= now]
    hot = sorted(fact.at for fact in facts if (fact.value or 0) >= LIMIT)
    expected = None
    if hot and now - hot[-1] < LASTING:
        first = hot[-1]
        for moment in reversed(hot):
            if first - moment >= LASTING:
                break
            first = moment
        expected = (first, hot[-1] + LASTING)
    assert kept_of(facts).fever(now, LIMIT, LASTING) == expected
