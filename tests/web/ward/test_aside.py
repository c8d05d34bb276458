"""Who is at home: a reading taken there does not put a patient back onto the ward for good, an alert does."""

from __future__ import annotations

from typing import Any

from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.web.ward.standing import Standing

from ..conftest import START, Site

INFUSED = START - 60 * DAY


def course(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    stated = [
        {"at": INFUSED, "what": "infusion", "choice": "axicabtagene_ciloleucel"},
        {"at": INFUSED + 10 * DAY, "what": "discharge"},
        *rows,
    ]
    return [{"course": "c1", "source": "test", "key": f"k{n}", **row} for n, row in enumerate(stated)]


def temperature(at: Instant, value: float, source: str = "patient") -> dict[str, Any]:
    return {"at": at, "what": "body_temperature", "value": value, "unit": "Cel", "source": source}


def stands(site: Site, now: Instant = START) -> Standing:
    site.now = now
    site.settle()
    found = site.office.ward.standing("c1")
    assert found is not None
    return found


def test_a_normal_temperature_read_at_home_takes_no_watch_up(site: Site) -> None:
    site.now = START
    site.record(course(temperature(START - HOUR, 36.8)))
    assert (stands(site).stage, stands(site).grades) == ("over", {})


def test_a_fever_read_at_home_does(site: Site) -> None:
    """Lee 2019: fever after the infusion, not attributable to any other cause, is CRS 1 wherever it is read."""
    site.now = START
    site.record(course(temperature(START - HOUR, 38.6)))
    assert stands(site).stage == "watch"
    assert stands(site).grades["crs.astct"].episode.shown in {"1", ">= 1"}


def test_a_reading_of_the_team_takes_the_watch_up_again_and_three_days_later_it_is_over(site: Site) -> None:
    """Nobody knows at first why it was taken; with nothing graded for three days, it was a visit."""
    site.now = START - 4 * DAY
    site.record(course(temperature(START - 4 * DAY, 36.8, "monitor")))
    assert stands(site, START - 4 * DAY + HOUR).stage == "watch"
    later = stands(site)
    assert (later.stage, later.grades) == ("over", {})
    assert later.is_aside


def test_who_left_lately_is_in_sight(site: Site) -> None:
    site.now = INFUSED + 12 * DAY
    site.record(course())
    assert not stands(site, INFUSED + 12 * DAY).is_aside
    assert stands(site, INFUSED + 30 * DAY).is_aside


def test_who_rings_is_in_sight_however_long_ago_they_left(site: Site) -> None:
    symptom = {"at": START - HOUR, "what": "reported_symptom", "choice": "confusion", "source": "caregiver"}
    site.record(course(symptom))
    found = stands(site)
    assert (found.stage, found.is_aside) == ("home", False)
    page = site.client("nurse").get("/board").text
    assert 'data-stage="home"' in page
    row = page.partition('id="row-c1"')[2].partition("</tr>")[0]
    assert "Reported from home" in row and "onfus" in row.partition('class="why"')[2]


def test_who_waits_for_the_cells_and_reports_a_fever_rings_on_the_ward(site: Site) -> None:
    """On the road nobody is on the ward; what they report from home is heard all the same."""
    rows = [
        {"course": "c1", "at": START - 20 * DAY, "what": "referral", "source": "test", "key": "r"},
        {"course": "c1", **temperature(START - HOUR, 38.6), "key": "t"},
    ]
    site.record(rows)
    found = stands(site)
    assert (found.stage, found.is_aside) == ("home", False)
    assert 'id="row-c1"' in site.client("nurse").get("/board").text


def test_who_waits_for_the_cells_and_reports_nothing_has_no_row(site: Site) -> None:
    site.record([{"course": "c1", "at": START - 20 * DAY, "what": "referral", "source": "test", "key": "r"}])
    site.settle()
    assert site.office.ward.standing("c1") is None


def test_what_was_told_from_home_and_seen_by_nobody_stays_in_sight_after_it_ended(site: Site) -> None:
    """A report holds for a day; that nobody saw it is what the board has to say then."""
    rows = [
        {"course": "c1", "at": START - 20 * DAY, "what": "referral", "source": "test", "key": "r"},
        {
            "course": "c1",
            "at": START,
            "what": "reported_symptom",
            "choice": "confusion",
            "source": "patient",
            "key": "s",
        },
    ]
    site.now = START
    site.record(rows)
    found = stands(site, START + 24 * HOUR + MINUTE)
    assert not found.watching.ringing and found.watching.unanswered
    assert (found.stage, found.is_aside) == ("home", False)
    assert "not seen" in site.client("nurse").get("/board").text
