"""A wearable says a temperature every two minutes for a month: the page carries on, the picture loses no fever."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import itemgetter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record import RETRACTION, Fact, current
from cartway.times import DAY, MINUTE
from cartway.web.course.versions import versions
from cartway.web.course.view import Known
from cartway.web.ward.spark import thinned
from toxicity import courses
from toxicity import drawn as d
from web.board.reading import well
from web.conftest import Site
from web.ward.test_watched import recorded


def wearable(days: float, course: str = "a") -> list[Fact]:
    """Up to hour 24 * days, every two minutes; one fever of 39.9 in the middle of it all."""
    count = int(days * 24 * 30)
    return [
        Fact(course, d.instant(0) + n * 2 * MINUTE, "body_temperature", source="wearable", key=f"w{n}", unit="Cel",
             value=39.9 if n == count // 2 else round(36.8 + 0.4 * math.sin(n / 90), 2))
        for n in range(count)
    ]  # fmt: skip


def assert_as_from_scratch(known: Known, facts: Sequence[Fact]) -> None:
    assert known.in_force == current(facts)
    assert known.versions == versions(facts)
    assert known.simulated == sum(fact.simulated for fact in facts)
    assert {what: several for what, several in known.by_what.items() if several} == Known("", facts).by_what


@given(courses.courses(), st.data())
@settings(max_examples=40)
def test_what_is_carried_on_is_what_is_worked_out_anew(facts: list[Fact], data: st.DataObject) -> None:
    """In any portions and any order, with corrections and withdrawals among them."""
    stored = recorded(data.draw(st.permutations(facts)))
    old = data.draw(st.sampled_from(stored))
    gone = msgspec.structs.replace(old, what=RETRACTION, value=None, unit="", choice="", until=None, detail={})
    stored += recorded([msgspec.structs.replace(gone, key="", amends=old.key)], first=len(stored) + 1)
    stored += recorded([msgspec.structs.replace(facts[0], key="again")], first=len(stored) + 1)
    known, taken = Known(stored[0].course, stored[:1]), 1
    while taken < len(stored):
        taken += data.draw(st.integers(1, len(stored)))
        known = known.followed_by(stored[:taken])
        assert_as_from_scratch(known, stored[:taken])


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.one_of(st.none(), st.floats(35, 41).map(lambda value: round(value, 1)))),
        max_size=80,
    ).map(lambda several: sorted(several, key=itemgetter(0)))
)
def test_no_highest_and_no_lowest_is_lost(stated: list[tuple[int, float | None]]) -> None:
    """Of every quarter of an hour, and so of all; and nothing is drawn that was not read."""
    points = [(d.instant(0) + minutes * MINUTE, value) for minutes, value in stated]
    kept = thinned(points)
    assert set(kept) <= set(points) and kept == sorted(kept, key=itemgetter(0))
    for quarter in {at // (15 * MINUTE) for at, _ in points}:
        whole = [value for at, value in points if at // (15 * MINUTE) == quarter and value is not None]
        drawn = [value for at, value in kept if at // (15 * MINUTE) == quarter and value is not None]
        assert (min(whole, default=0), max(whole, default=0)) == (min(drawn, default=0), max(drawn, default=0))


def test_the_picture_of_a_month_is_small_and_keeps_the_fever(site: Site) -> None:
    month = wearable(30)
    site.now = month[-1].at
    for first in range(0, len(month), 2000):
        site.record(month[first : first + 2000])
    site.record([msgspec.structs.replace(fact, course="a", source="ward") for fact in [*d.infused(), *well(700)]])
    client = site.client("nurse")
    answer = client.get("/courses/a/chart")
    line = answer.json()["lines"]["body_temperature"]
    assert len(answer.content) < 100_000 and max(value for value in line["v"] if value is not None) == 39.9
    times = [sum(line["t"][: n + 1]) for n in range(len(line["t"]))]
    of_the_day = [at for at in times if at > (site.now - DAY) // 1_000_000]
    assert len(of_the_day) >= 24 * 30 - 1, "the last day is drawn in full"
    page = client.get("/courses/a").text
    assert "the lowest and the highest are drawn; the table has all" in page
    assert "36.4 to 39.9" in page


def test_few_readings_are_all_drawn(site: Site) -> None:
    site.now = d.instant(26)
    site.record([msgspec.structs.replace(fact, course="a", source="ward") for fact in [*d.infused(), *well(1)]])
    site.record(wearable(1))
    client = site.client("nurse")
    line = client.get("/courses/a/chart").json()["lines"]["body_temperature"]
    assert len(line["v"]) == 24 * 30 + 1
    assert "the table has all" not in client.get("/courses/a").text
