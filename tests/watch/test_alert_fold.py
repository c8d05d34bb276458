"""The fold against its slow twin, and against itself: in whatever order facts come, the alerts are the same."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.times import HOUR, MINUTE, Instant
from cartway.toxicity import SCALES, grade, load_rules
from cartway.toxicity.coding import code, words
from cartway.toxicity.fold import Fold
from cartway.watch.fold import AlertFold
from cartway.watch.model import Watching
from cartway.watch.rulebook import Rulebook, load_rulebook
from cartway.watch.view import changes
from toxicity import drawn as d
from watch.slow_watch import Found, slow_findings

THEMES = (
    st.sampled_from([37.0, 37.9, 38.0, 38.2, 38.3, 39.5, 35.0]).map(d.temperature),
    st.sampled_from([120.0, 96, 95, 91, 90, 88, 80, 79, 68]).map(d.pressure),
    st.sampled_from([98.0, 94, 93, 92, 91, 87, 82]).map(lambda value: d.measured("oxygen_saturation", value)),
    st.sampled_from([80.0, 122, 124, 130, 131, 155]).map(lambda value: d.measured("heart_rate", value)),
    st.sampled_from(["room_air", "nasal_cannula", "high_flow_nasal_cannula"]).map(d.oxygen),
    st.sampled_from([2.0, 8.0]).map(d.flow),
    st.sampled_from([10.0, 8.0, 4.0, 1.0]).map(d.ice),
    st.sampled_from([0.7, 0.8, 1.0, 1.1, 1.6, 2.4]).map(lambda value: d.measured("creatinine", value)),
    st.sampled_from([900.0, 2500, 6000, 14000]).map(lambda value: d.measured("ferritin", value)),
    st.sampled_from([0.1, 0.5, 0.9]).map(lambda value: d.measured("neutrophils", value)),
    st.sampled_from([5.5, 5.7, 6.0, 6.6]).map(lambda value: d.measured("potassium", value)),
    st.sampled_from(
        [
            d.push("tocilizumab", 560),
            d.push("dexamethasone", 10),
            d.drip("norepinephrine"),
            d.drip("norepinephrine", 0.0),
            d.said("seizure", "focal"),
            d.said("seizure", "none"),
            d.said("arrhythmia", "urgent"),
            d.measured("mean_arterial_pressure", 60.0),
            d.measured("heart_rate", 35.0),
            d.said("reported_symptom", "confusion"),
            d.unreadable("systolic_pressure"),
        ]
    ),
)
rare = st.sampled_from(
    [
        d.Saying("discharge"),
        d.Saying("lymphodepletion", choice="fludarabine_cyclophosphamide"),
        d.Saying("infusion", choice="ciltacabtagene_autoleucel"),
        d.Saying("course_closed", choice="transferred"),
        d.Saying("course_closed", choice="reopened"),
        d.Saying("death", choice="other"),
        d.Saying("baseline_systolic_pressure", 92, unit="mm[Hg]"),
    ]
)
quarters = st.one_of(st.integers(0, 24), st.integers(0, 4 * 52))


@st.composite
def courses(draw: st.DrawFn) -> list[Fact]:
    """A course of two days, on the quarter hour, mostly about a few things: values that come and go."""
    themes = draw(st.lists(st.sampled_from(THEMES), min_size=1, max_size=4))
    told = draw(st.lists(st.tuples(quarters, st.one_of(themes)), min_size=3, max_size=40))
    told += draw(st.lists(st.tuples(quarters, rare), max_size=2))
    facts = [*d.infused(), *(fact for quarter, saying in told for fact in d.at(quarter / 4, saying))]
    facts += d.age(draw(st.sampled_from([6.5, 14.5, 60.5])))
    return sorted(facts, key=lambda fact: fact.at)


def found(fold: AlertFold) -> set[Found]:
    """All findings of a fold, for comparing."""
    findings = [each for alert in fold.watching().alerts for each in alert.findings]
    return {Found(each.rule, each.level, each.since, each.until, each.risen) for each in findings}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(courses())
def test_the_fold_says_what_its_slow_twin_says(facts: list[Fact]) -> None:
    now = d.instant(60)
    graded = changes(grade(facts, load_rules(), now, SCALES))
    fold = AlertFold("course-1", load_rulebook())
    fold.take(now, facts, graded)
    assert found(fold) == slow_findings(facts, graded, load_rulebook(), now)


@settings(max_examples=60, deadline=None)
@given(courses(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(facts: list[Fact], order: random.Random) -> None:
    """Late facts, several of one instant, one by one or together, and time that ran on in between."""
    whole = Live(load_rulebook())
    whole.take(d.instant(70), facts)
    late = [*facts]
    order.shuffle(late)
    live = Live(load_rulebook())
    while late:
        some = [late.pop() for _ in range(min(len(late), order.randint(1, 4)))]
        now = max([live.now, *(fact.at for fact in some)]) + order.randint(0, 90) * MINUTE
        live.take(now, some)
        assert live.watching() == again(live)
    live.take(d.instant(70), [])
    assert live.watching() == whole.watching()


class Live:
    """A course as a worker holds it: the fold of its grades and that of its alerts, side by side."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.grades = Fold(load_rules().vector(SCALES))
        self.alerts = AlertFold("course-1", book)
        self.folded: list[Fact] = []
        self.now: Instant = d.instant(-48)

    def take(self, now: Instant, facts: Sequence[Fact]) -> None:
        self.now = max(self.now, now)
        ready = sorted(facts, key=lambda fact: fact.at)
        rows = [code(fact, len(self.folded) + place, words()) for place, fact in enumerate(ready)]
        self.folded.extend(ready)
        self.grades.push([row for row in rows if row is not None])
        self.grades.close(float(self.now))
        self.alerts.advance(self.now, ready, self.grades, self.folded)

    def watching(self) -> Watching:
        return self.alerts.watching()


def again(live: Live) -> Watching:
    """The same course from nothing, at the same moment."""
    fresh = AlertFold("course-1", live.book)
    fresh.advance(live.now, live.folded, live.grades, live.folded)
    return fresh.watching()


def test_a_month_of_temperatures_every_two_minutes_stays_cheap() -> None:
    facts = [*d.infused(), *d.at(-1, d.measured("neutrophils", 0.3))]
    chance = random.Random(5)
    warm = 37.4
    for n in range(21_600):
        warm = min(39.5, max(36.3, warm + chance.uniform(-0.1, 0.1)))
        facts.append(Fact("course-1", d.INFUSION + (n + 1) * 2 * MINUTE, "body_temperature", round(warm, 1), "Cel"))
    live = Live(load_rulebook())
    live.take(facts[-1].at, facts)
    fresh = AlertFold("course-1", live.book)
    began = time.process_time()
    fresh.advance(live.now, live.folded, live.grades, live.folded)
    whole = time.process_time() - began
    steps = []
    for _ in range(200):
        live.now += 2 * MINUTE
        fact = Fact("course-1", live.now, "body_temperature", 38.2, "Cel")
        row = code(fact, len(live.folded), words())
        assert row is not None
        live.folded.append(fact)
        live.grades.push([row])
        live.grades.close(float(live.now))
        began = time.process_time()
        live.alerts.advance(live.now, [fact], live.grades, live.folded)
        live.watching()
        steps.append(time.process_time() - began)
    assert whole < 3.0  # a third of a second on two cores of 2026
    assert sorted(steps)[100] < 0.001  # 35 microseconds there


@pytest.mark.parametrize("hours", [0.25, 3, 30])
def test_a_late_fact_is_as_if_it_had_come_in_time(hours: float) -> None:
    rounds = [
        fact for n in range(200) for fact in d.at(n / 2, d.temperature(37.0 + n % 5 / 2), d.pressure(100 - n % 9))
    ]
    live = Live(load_rulebook())
    live.take(d.instant(100), [*d.infused(), *rounds])
    live.take(d.instant(100.1), d.at(100 - hours, d.pressure(70)))
    assert live.watching() == again(live)


def test_an_answer_asked_for_twice_is_worked_out_once() -> None:
    live = Live(load_rulebook())
    live.take(d.INFUSION + HOUR, [*d.infused(), *d.at(1, d.pressure(80))])
    assert live.watching() is live.watching()


def test_what_begins_to_ease_is_looked_at_in_time_although_nothing_shows_yet() -> None:
    live = Live(load_rulebook())
    live.take(d.instant(1), [*d.infused(), *d.at(1, d.pressure(88))])
    before = live.watching()
    live.take(d.instant(1.1), d.at(1.1, d.pressure(120)))
    assert live.watching().alerts == before.alerts
    assert live.watching().next_change_at == d.instant(1.6)
    assert live.watching() == again(live)
