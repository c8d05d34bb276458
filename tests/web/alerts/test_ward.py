"""The ward's list: what rings, how soon somebody must answer, whose it is, why in one line, since when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from cartway.times import DAY, HOUR, MINUTE, SECOND
from cartway.watch.model import Acknowledgement, Alert, Finding, Priority
from cartway.web.access import EVERY, Limits
from cartway.web.alerts.reading import worked_out
from cartway.web.alerts.shown import Line
from cartway.web.ward.hub import News
from web.alerts.conftest import FEVER
from web.conftest import START, Site, _fact
from web.forms.bedside import Bedside, Page, drawn


@pytest.fixture
def wards(tmp_path: Path) -> Iterator[Site]:
    """A ward of its own for each test: its list shows all courses."""
    made = Site(tmp_path, limits=Limits(idle=DAY, session=DAY))
    yield made
    made.app.state.stores.close()


def stocked(site: Site) -> None:
    """Tocilizumab has been counted, and suffices: nothing rings for the ward itself."""
    count = {
        "course": "center",
        "at": site.now - HOUR,
        "what": "stock",
        "about": "tocilizumab",
        "value": 8,
        "unit": "1",
    }
    site.record([count])


def listed(site: Site, role: str = "nurse", query: str = "", courses: Sequence[str] = (EVERY,)) -> Page:
    answer = site.client(role, courses).get(f"/alerts{query}")
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def test_a_ward_on_which_nothing_rings_says_so(site: Site) -> None:
    site.settle()
    assert "Nothing waits for anybody" in listed(site).words


def test_a_line_says_how_soon_who_why_since_when_and_whose(nurse: Bedside) -> None:
    nurse.site.office.people.enrol(
        [("HOSP", "4711")], name="Grace Okonkwo", birth_date="1961-06-15", sex="female", now=nurse.site.now, by="test",
        new_id=lambda: nurse.course,
    )  # fmt: skip
    stocked(nurse.site)
    words = listed(nurse.site).words
    assert "1 medium waits for somebody" in words
    assert "Medium priority rings 1 h Grace Okonkwo born 1961-06-15 Cytokine release CRS 1: fever" in words
    assert "Waits for nurse" in words
    assert "See and answer : Cytokine release, Grace Okonkwo" in words


def test_the_most_urgent_is_on_top(nurse: Bedside) -> None:
    site = nurse.site
    worse = drawn(site, *FEVER, {"what": "systolic_pressure", "value": 78, "unit": "mm[Hg]", "hours": 0.1}, course="w")
    links = [link for link in listed(site).links if "acknowledge" in link]
    assert links[0].startswith(f"/courses/{worse}/")
    assert any(nurse.course in link for link in links[1:])


def test_when_nobody_answers_the_list_says_who_was_told(nurse: Bedside) -> None:
    nurse.site.now += 8 * HOUR
    nurse.site.settle()
    words = listed(nurse.site).words
    assert "Nobody has answered also for physician from" in words


def test_mine_is_what_waits_for_me_my_role_or_was_told_to_it(ward: Site) -> None:
    """A nurse's alert becomes the physician's too when nobody has answered for 45 minutes."""
    site = ward
    drawn(site, *({**each, "hours": 0.5} for each in FEVER), course="fresh")
    stocked(site)
    assert "Mine (1)" in listed(site).words
    assert "CRS 1" in listed(site, query="?who=mine").words
    assert "Nothing waits for you or your role." in listed(site, "physician", "?who=mine").words
    site.now += 16 * MINUTE
    site.settle()
    assert "CRS 1" in listed(site, "physician", "?who=mine").words


def test_only_courses_that_the_reader_belongs_to_are_listed(nurse: Bedside) -> None:
    other = drawn(nurse.site, *FEVER, course="another")
    words = listed(nurse.site, courses=(other,)).words
    assert other in words
    assert nurse.course not in words


def test_who_sees_no_names_sees_the_course_and_who_does_not_answer_no_button(nurse: Bedside) -> None:
    page = listed(nurse.site, "data_manager")
    assert nurse.course in page.words
    assert "See and answer" not in page.words
    assert not any("acknowledge" in link for link in page.links)
    assert not any(link.startswith("/courses/") for link in listed(nurse.site, "apheresis").links)


def test_the_list_alone_is_sent_only_where_it_changed(nurse: Bedside) -> None:
    mark = nurse.client.get("/alerts/rows").text.split('data-mark="')[1].split('"')[0]
    assert nurse.client.get(f"/alerts/rows?have={mark}").status_code == 204
    nurse.send("acknowledge?change=cytokine_release", choice="seen")
    answer = nurse.client.get(f"/alerts/rows?have={mark}")
    assert answer.status_code == 200
    assert "Seen, and still there" in answer.text


def test_what_is_over_and_seen_asks_what_became_of_it_for_a_shift(nurse: Bedside) -> None:
    site = nurse.site
    nurse.send("acknowledge?change=cytokine_release", choice="seen")
    for hours in range(1, 13):
        site.now = START + hours * HOUR
        site.record([
            {"course": nurse.course, "at": site.now, "what": "body_temperature", "value": 36.7, "unit": "Cel"},
            {"course": nurse.course, "at": site.now, "what": "systolic_pressure", "value": 120, "unit": "mm[Hg]"},
        ])  # fmt: skip
    page = listed(site)
    assert "Over in the last 12 hours" in page.words
    assert any("alert-outcome?change=cytokine_release~" in link for link in page.links)
    site.now += 13 * HOUR
    assert not any("alert-outcome?change=cytokine_release~" in link for link in listed(site).links)


def test_the_supply_of_the_ward_is_answered_on_the_centers_record(nurse: Bedside) -> None:
    """It is about no patient: nobody's course says that it was seen."""
    site = nurse.site
    page = listed(site)
    assert "The ward Tocilizumab on hand" in page.words
    assert any(link == "/alerts/acknowledge?change=supply" for link in page.links)
    form = Page(nurse.client.get("/alerts/acknowledge?change=supply").text)
    answer = site.post(nurse.client, "/alerts/acknowledge", dict(form.filled(choice="taken")))
    assert answer.status_code == 303
    (fact,) = [each for each in site.facts("center") if each.what == "alert_acknowledgement"]
    assert fact.about == "supply"
    told = Page(nurse.client.get(answer.headers["location"]).text).words
    assert "you saw tocilizumab on hand and took it over" in told
    assert "Nothing of it waits now." in told


def test_a_list_that_could_not_be_brought_up_to_date_says_so(nurse: Bedside) -> None:
    """Without scripts too: the page that comes from a worker that lost the record must not look calm."""
    hub = nurse.site.office.hub
    hub.latest = msgspec.structs.replace(hub.latest, trouble="The record cannot be read.")
    assert "The record cannot be read. What rings now may not be here." in listed(nurse.site).words


@pytest.mark.parametrize("path", ["/alerts", "/alerts/rows", "/due", "/handover", "alerts", "acknowledge?change=organ"])
def test_a_page_of_a_ward_that_is_not_followed_says_so_and_since_when(nurse: Bedside, path: str) -> None:
    """41.0 °C is recorded, and the live ward hangs: no page may look calm, or be "as of" what it does not know."""
    site = nurse.site
    site.now += MINUTE
    hot = {"course": nurse.course, "at": site.now, "what": "body_temperature", "value": 41.0, "unit": "Cel"}
    site.office.log.append([_fact(hot)], recorded_at=site.now, recorded_by="test")
    site.now += 9 * MINUTE
    where = path if path.startswith("/") else nurse.path(path)
    words = Page(nurse.client.get(where).text).words
    assert "The live ward does not follow the record. It was last brought up to date 10 min ago" in words
    assert "Look at the" in words
    assert "as of 14:10" not in words
    assert "As of 14:10" not in words
    site.settle()
    assert "does not follow the record" not in Page(nurse.client.get(where).text).words


def test_a_ward_that_nothing_ever_followed_says_so(site: Site) -> None:
    assert "It was not brought up to date since the server started." in listed(site).words


def test_before_its_first_look_a_worker_is_as_fresh_as_it_was_filled(site: Site) -> None:
    site.office.hub.latest = News(0, 0, site.now, 0)
    assert "Nothing waits for anybody" in listed(site).words
    site.now += 11 * SECOND
    assert "does not follow the record" in listed(site).words


NOW = START
FIRST = Finding("crs_grade", 1, Priority.low, NOW - 3 * HOUR, NOW - HOUR, "CRS 1: fever", risen=NOW - 3 * HOUR)
WORSE = Finding("crs_grade", 3, Priority.high, NOW - HOUR, None, "CRS 3: one vasopressor", risen=NOW - HOUR)
FAST = Finding("critical_heart_rate", 1, Priority.medium, NOW - 2 * HOUR, None, "heart rate 132", risen=NOW - 2 * HOUR)
ALERT = Alert(
    "a", "cytokine_release", "Cytokine release", FIRST.since, None, Priority.high, (FIRST, FAST, WORSE), "nurse",
    rings_since=WORSE.since, unseen=(WORSE,),
    acknowledged=Acknowledgement(NOW - 2 * HOUR, "x", FIRST.since, {"crs_grade": 1, "critical_heart_rate": 1}),
)  # fmt: skip


def test_a_line_tells_first_what_nobody_has_seen() -> None:
    line = Line(ALERT, None)
    assert (line.state, line.priority, list(line.why), line.is_again) == ("rings", Priority.high, [WORSE], True)


def test_worse_is_never_hidden_by_milder() -> None:
    """All that is there is shown, the worst first, whatever rings."""
    milder = msgspec.structs.replace(ALERT, unseen=(FAST,), rings_since=FAST.since)
    assert list(Line(milder, None).to_see) == [WORSE, FAST]


def test_of_an_episode_that_is_over_each_rule_is_shown_once_at_its_worst() -> None:
    ended = [msgspec.structs.replace(each, until=NOW - 5 * MINUTE) for each in (FIRST, FAST, WORSE)]
    over = msgspec.structs.replace(ALERT, end=NOW - 5 * MINUTE, findings=tuple(ended), unseen=(), rings_since=None)
    assert [each.text for each in Line(over, None).to_see] == ["CRS 3: one vasopressor", "heart rate 132"]


def test_the_longest_unanswered_of_a_priority_comes_first() -> None:
    older = msgspec.structs.replace(ALERT, rings_since=NOW - 2 * HOUR)
    told = msgspec.structs.replace(ALERT, escalated=(("physician", NOW),))
    assert sorted([Line(ALERT, None), Line(older, None), Line(told, None)], key=lambda line: line.order) == [
        Line(told, None), Line(older, None), Line(ALERT, None),
    ]  # fmt: skip


def test_the_live_ward_and_the_facts_alone_say_the_same(nurse: Bedside) -> None:
    """What a worker carries along is what anybody would work out from the record."""
    office, site = nurse.site.office, nurse.site
    for hours, pressure in ((1, 88), (2, 79), (3, 118), (6, 120)):
        site.now = START + hours * HOUR
        row = {"course": nurse.course, "at": site.now, "what": "systolic_pressure", "value": pressure, "unit": "mm[Hg]"}
        site.record([row])
        nurse.send("acknowledge?change=cytokine_release", choice="seen")
        facts = office.log.facts(nurse.course)
        held = office.ward.standing(nurse.course)
        assert held is not None
        assert held.watching.alerts == worked_out(office, facts, site.now).alerts
