"""A defect of ours in one course: it costs no other its row, no grade its alerts, and no alert its time. It is told for
as long as it lasts, and what was recorded meanwhile is there when it is over.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cartway.record import Log
from cartway.toxicity import load_rules
from cartway.watch.judges import JUDGES, Asked, Judged
from cartway.web.ward import watched
from cartway.web.ward.draw import CODED, draw_row
from cartway.web.ward.hub import News, told
from cartway.web.ward.standing import GRADES
from cartway.web.ward.ward import Ward
from cartway.web.ward.watched import Watched
from toxicity import drawn as d
from web.conftest import Site, until
from web.ward.test_close import assert_as_from_scratch
from web.ward.test_follow import drawn_row, following
from web.ward.test_follow import record as record_course
from web.ward.test_ward import charted, found, log, standing_at, ward_at, well
from web.ward.test_watched import recorded

__all__ = ["log"]

WORSE = [*d.at(3, d.temperature(40.5), d.pressure(60)), *d.at(3, d.measured("potassium", 7.9))]


class Defect:
    """While it lasts, a rule raises for whoever has a potassium, and one part of the grading for course a."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lasts, self._patch = True, monkeypatch

    def of_a_rule(self) -> None:
        judge = JUDGES["beyond"]

        def raising(asked: Asked) -> Judged:
            if self.lasts and asked.view.last.get("potassium") is not None:
                raise ValueError("Jane Doe 7.9")
            return judge(asked)

        self._patch.setitem(JUDGES, "beyond", raising)

    def of(self, name: str) -> None:
        work: Callable[..., Any] = getattr(watched, name)

        def raising(first: Any, *rest: Any) -> Any:
            if self.lasts and getattr(first, "course", "a") == "a":
                raise ValueError("Jane Doe 7.9")
            return work(first, *rest)

        self._patch.setattr(watched, name, raising)


@pytest.fixture
def defect(monkeypatch: pytest.MonkeyPatch) -> Defect:
    return Defect(monkeypatch)


def rules_of(ward: Ward, course: str = "a") -> set[tuple[str, int]]:
    return {(finding.rule, finding.level) for alert in found(ward, course).alerts for finding in alert.findings}


def test_a_defect_of_an_alert_rule_does_not_hold_back_the_grade(log: Log, defect: Defect) -> None:
    charted(log, "a", d.infused(), d.age(60), well(1))
    ward = ward_at(log, 2)
    before = found(ward, "a").version
    defect.of_a_rule()
    charted(log, "a", WORSE)
    ward.follow(log, d.instant(3))
    row = found(ward, "a")
    assert row.grades["crs.astct"].episode.grade == 2
    assert row.defects == ("alerts",) and list(ward.defects()) == ["a"] and row.version > before


def test_alerts_of_facts_that_met_a_defect_are_not_lost(log: Log, defect: Defect) -> None:
    """Nothing further is recorded: the course is tried again at every look."""
    charted(log, "a", d.infused(), d.age(60), well(1))
    ward = ward_at(log, 2)
    defect.of_a_rule()
    charted(log, "a", WORSE)
    ward.follow(log, d.instant(3))
    ward.follow(log, d.instant(3))
    assert list(ward.defects()) == ["a"]
    defect.lasts, during = False, found(ward, "a")
    (healed,) = ward.follow(log, d.instant(3))
    assert healed.version > during.version and healed.defects == () and not ward.defects()
    assert healed.alerts == standing_at(log, d.instant(3), ZoneInfo("UTC")).alerts
    assert {("critical_pressure", 4), ("potassium_high", 1), ("crs_grade", 2)} <= rules_of(ward)


def test_what_rang_rings_on_while_alerts_cannot_be_worked_out(log: Log, defect: Defect) -> None:
    charted(log, "a", d.infused(), d.age(60), well(1), d.at(2, d.pressure(60)))
    ward = ward_at(log, 2)
    rang = rules_of(ward)
    assert rang
    defect.of_a_rule()
    charted(log, "a", WORSE)
    ward.follow(log, d.instant(3))
    assert rules_of(ward) == rang


@pytest.mark.parametrize("name", ["code", "due_of", "excuses_of"])
def test_after_a_defect_anywhere_it_is_as_from_scratch(log: Log, defect: Defect, name: str) -> None:
    charted(log, "a", d.infused(), d.age(60), well(1), d.at(2, d.attributed("fever", until=30)))
    ward = ward_at(log, 2)
    defect.of(name)
    charted(log, "a", WORSE)
    charted(log, "b", d.infused(), d.age(60), well(1))
    ward.follow(log, d.instant(3))
    assert found(ward, "a").defects == (("due",) if name == "due_of" else (GRADES,))
    charted(log, "a", d.at(4, d.temperature(38.9)))
    ward.follow(log, d.instant(4))
    defect.lasts = False
    ward.follow(log, d.instant(4))
    ours, theirs = found(ward, "a"), standing_at(log, d.instant(4), ZoneInfo("UTC"))
    assert (ours.grades, ours.alerts, ours.dues.items) == (theirs.grades, theirs.alerts, theirs.dues.items)
    assert ours.defects == () and not ward.defects()


def test_a_watched_course_is_whole_after_a_judge_raised_once(defect: Defect) -> None:
    """The slow twin is the same afterwards, at that moment and later."""
    course = Watched("course", load_rules())
    course.take(recorded([*d.infused(), *d.age(60), *well(1), *WORSE]))
    course.advance(d.instant(2))
    course.watching()
    defect.of_a_rule()
    course.advance(d.instant(3))
    with pytest.raises(ValueError):
        course.watching()
    defect.lasts = False
    assert_as_from_scratch(course, d.instant(3))
    assert_as_from_scratch(course, d.instant(20))


def test_a_server_starts_with_a_course_that_cannot_be_worked_out(site: Site, defect: Defect) -> None:
    """It is on the board, high up, with its newest readings and the word that it cannot be worked out."""
    charted(site.office.log, "b", d.infused(), d.age(60), well(1), d.at(2, d.temperature(39.0)))
    charted(site.office.log, "a", d.infused(), d.age(60), well(1), WORSE)
    defect.of("code")
    site.now = d.instant(3)
    ward = Ward(site.office.rules, UTC)
    ward.fill(site.office.log, site.now)
    assert [each.course for each in ward.standings()] == ["a", "b"]
    told = draw_row(site.office, found(ward, "a")).html[CODED]
    assert "Cannot be worked out" in told and "Look at the patient and the chart" in told and "40.5" in told
    assert "cannot be worked out" not in draw_row(site.office, found(ward, "b")).html[CODED].lower()


def test_trouble_is_told_as_long_as_it_lasts_and_names_the_row(
    sqlite_store: str, defect: Defect, caplog: pytest.LogCaptureFixture
) -> None:
    defect.of("code")
    with following(sqlite_store, drawn_row) as (writer, _, told_so_far):
        record_course(writer, "a")
        until(lambda: len([news for news in told_so_far if news.trouble]) >= 3)
        first = next(place for place, news in enumerate(told_so_far) if news.trouble)
        assert all(news.trouble and news.troubled == ("a",) for news in told_so_far[first:])
        defect.lasts = False
        until(lambda: not told_so_far[-1].trouble)
    assert caplog.text.count("ValueError at raising") == 1 and "Jane Doe" not in caplog.text


def test_a_row_in_trouble_is_named_only_to_who_may_see_it() -> None:
    news = News(0, 0, 0, 0, (), "Not everything.", ("a", "b"))
    assert b"Not everything. Row: a, b" in told(news, CODED, frozenset({"*"}))
    assert b'"Not everything. Row: b"' in told(news, CODED, frozenset({"b"}))
    assert b'"Not everything."' in told(news, CODED, frozenset())
