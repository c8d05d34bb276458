"""What a row says of alerts, tasks, other scales and the day's temperatures: who waits for somebody, and since when."""

from __future__ import annotations

import msgspec
import pytest

from cartway.record import Fact
from cartway.times import HOUR, MINUTE
from cartway.toxicity import Episode
from cartway.watch import Alert, Finding, Priority, Watching
from cartway.watch.due import Due, Dues, Why
from cartway.web.ward.standing import Standing
from toxicity import drawn as d
from web.board.conftest import Desk
from web.board.reading import Row, board, chart, well, words
from web.conftest import Site

HIGH, MEDIUM, LOW = Priority.high, Priority.medium, Priority.low


def alert(title: str, priority: Priority, *, since: float = 1, seen: bool = False, over: float | None = None) -> Alert:
    """An alert that began at hour `since`; one nobody has seen rings."""
    until = None if over is None else d.instant(over)
    finding = Finding(title, 1, priority, d.instant(since), until, title)
    rings = None if seen or over is not None else d.instant(since)
    return Alert("a", title, title, d.instant(since), until, priority, (finding,), "nurse", rings_since=rings,
                 unanswered=over is not None)  # fmt: skip


def task(short: str, *, due: float, late: float) -> Due:
    why = Why("row", "words", "source", True, (), HOUR)
    overdue = d.instant(late) <= d.instant(3)
    return Due(short, short, short, None, d.instant(due), d.instant(late), overdue, "nurse", why, short=short)


def stands(desk: Desk, **changes: object) -> Standing:
    desk.chart(d.infused(), d.age(60), well(1), hour=3)
    return msgspec.structs.replace(desk.standing(), **changes)


def waits(desk: Desk, *alerts: Alert, **changes: object) -> Row:
    return desk.row(standing=stands(desk, watching=Watching(alerts), **changes))


def test_the_most_urgent_that_nobody_has_seen_and_how_many_more(desk: Desk) -> None:
    cell = waits(desk, alert("Blood counts", LOW), alert("Cytokine release", HIGH, since=2))["waits"]
    assert words(cell.text) == "!!! Cytokine release 1 h +1"
    assert "high priority: Cytokine release" in words(cell.heard) and "!!!" not in cell.heard
    assert cell.of("span")[0]["data-priority"] == "high"


@pytest.mark.parametrize(("priority", "mark"), [(HIGH, "!!!"), (MEDIUM, "!!"), (LOW, "!")])
def test_a_priority_is_a_mark_and_a_word_and_not_color_alone(desk: Desk, priority: Priority, mark: str) -> None:
    cell = waits(desk, alert("Neurotoxicity", priority))["waits"]
    assert words(cell.text).startswith(f"{mark} Neurotoxicity") and f"{priority.name} priority" in cell.heard


def test_what_was_seen_is_said_quietly(desk: Desk) -> None:
    cell = waits(desk, alert("Neurotoxicity", HIGH, seen=True))["waits"]
    assert words(cell.text) == "seen: Neurotoxicity" and "alert" not in cell.classes()


def test_what_was_over_before_anybody_saw_it_is_not_lost(desk: Desk) -> None:
    assert words(waits(desk, alert("Identity", MEDIUM, over=2))["waits"].text) == "over, not seen: Identity"


def test_nothing_waits_for_anybody(desk: Desk) -> None:
    assert words(waits(desk)["waits"].text) == ""


def test_other_scales_stand_beside(desk: Desk) -> None:
    neutropenia = Episode("a", "icaht.early", 3, d.instant(1), None, (), (), (), "")
    cell = waits(desk, others={"icaht.early": neutropenia})["waits"]
    assert words(cell.text) == "ICAHT 3"


@pytest.mark.parametrize(
    ("tasks", "told"),
    [
        ((task("vitals", due=1, late=2), task("ICE", due=1, late=2.5)), "2 overdue vitals, ICE"),
        ((task("ICE", due=2.5, late=4),), "due ICE"),
        ((task("weight", due=5, late=6),), "05:00 weight"),
        ((), ""),
    ],
)
def test_what_is_due(desk: Desk, tasks: tuple[Due, ...], told: str) -> None:
    cell = waits(desk, dues=Dues(tasks, d.instant(3)))["due"]
    said = words(cell.text)
    assert said == told


class TestOrder:
    """Whom to look at first: what nobody has seen comes before what somebody has in hand, the grade before either."""

    def test_an_alert_that_rings_outweighs_one_that_was_seen(self, desk: Desk) -> None:
        unseen = stands(desk, watching=Watching((alert("Neurotoxicity", MEDIUM),)))
        seen = msgspec.structs.replace(unseen, watching=Watching((alert("Neurotoxicity", HIGH, seen=True),)))
        assert unseen.risk > seen.risk

    def test_a_grade_outweighs_every_alert(self, desk: Desk) -> None:
        calm = stands(desk, watching=Watching((alert("Observations overdue", HIGH),)))
        desk.chart(d.at(3, d.temperature(39.2), d.pressure(80)))
        assert desk.standing().risk > calm.risk

    def test_what_is_overdue_counts_where_all_else_is_equal(self, desk: Desk) -> None:
        late = stands(desk, dues=Dues((task("vitals", due=1, late=2),), d.instant(3)))
        assert late.risk > msgspec.structs.replace(late, dues=Dues()).risk


class TestTemperatures:
    """The line of a day."""

    def spark(self, desk: Desk, *parts: list[Fact], hour: float) -> Row:
        desk.chart(d.infused(), d.age(60), *parts, hour=hour)
        return desk.row()

    def test_it_says_in_words_what_it_shows(self, desk: Desk) -> None:
        row = self.spark(desk, d.at(1, d.temperature(36.6)), d.at(5, d.temperature(39.4)), hour=6)
        (picture,) = row["line"].of("svg")
        assert picture["role"] == "img"
        assert picture["aria-label"].startswith("Temperature of 24 h: 36.6 to 39.4, last 39.4 at ")

    def test_a_gap_is_no_line(self, desk: Desk) -> None:
        """Nobody measured for longer than a temperature holds: missing is never normal."""
        rounds = [d.at(hour, d.temperature(36.6)) for hour in (1, 3, 16, 18)]
        (path,) = [each for each in self.spark(desk, *rounds, hour=19)["line"].of("path") if each["class"] == "curve"]
        assert path["d"].count("M") == 2

    def test_a_reading_that_could_not_be_read_is_no_line(self, desk: Desk) -> None:
        parts = [d.at(1, d.temperature(36.6)), d.at(2, d.unreadable("body_temperature")), d.at(3, d.temperature(36.7))]
        (path,) = [each for each in self.spark(desk, *parts, hour=4)["line"].of("path") if each["class"] == "curve"]
        assert path["d"].count("M") == 2

    def test_nothing_read_in_a_day_is_no_picture(self, desk: Desk) -> None:
        assert not self.spark(desk, d.at(1, d.temperature(36.6)), hour=40)["line"].of("svg")

    def test_a_fever_of_one_reading_shows_among_hundreds(self, desk: Desk) -> None:
        many = [
            msgspec.structs.replace(fact, at=fact.at + n * 2 * MINUTE, value=39.9 if n == 300 else 36.7)
            for n in range(600)
            for fact in d.at(1, d.temperature(36.7))
        ]
        (path,) = [each for each in self.spark(desk, many, hour=21)["line"].of("path") if each["class"] == "curve"]
        heights = [float(each) for each in path["d"].replace("M", " ").replace("L", " ").split()[1::2]]
        assert min(heights) < 6 and len(heights) < 200


def test_who_may_not_open_a_course_has_no_link_to_its_alerts(site: Site) -> None:
    chart(site, d.infused(), d.age(60), well(1), d.at(2, d.temperature(39.2)))
    for role, links in (("nurse", True), ("apheresis", False)):
        cell = board(site.client(role)).rows["a"]["waits"]
        assert "Cytokine release" in cell.text
        assert any(each["href"] == "/courses/a/alerts" for each in cell.of("a")) == links
