"""The worklist by role, what is due of a course, and answering it otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cartway.times import DAY, HOUR
from cartway.watch.due import Why
from cartway.web.due.pages import every
from cartway.web.forms import sending
from web.conftest import Site
from web.forms.bedside import COURSE, Bedside, Page, drawn


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE_S", 0.0)


def round_of(hours: float) -> list[Mapping[str, Any]]:
    """A full round of vital signs so many hours ago."""
    return [
        {"what": "body_temperature", "value": 37.1, "unit": "Cel", "hours": hours},
        {"what": "systolic_pressure", "value": 118, "unit": "mm[Hg]", "hours": hours},
        {"what": "heart_rate", "value": 80, "unit": "/min", "hours": hours},
        {"what": "oxygen_saturation", "value": 97, "unit": "%", "hours": hours},
    ]


def words(site: Site, path: str, role: str = "nurse") -> str:
    answer = site.client(role).get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text).words


def test_a_round_that_is_late_stands_on_the_nurses_list_and_one_in_time_does_not(site: Site) -> None:
    drawn(site, *round_of(6))
    assert "Vital signs overdue due 2 h ago" in words(site, "/due")
    site.record([{"course": COURSE, "at": site.now, "source": "monitor", **_now(row)} for row in round_of(0)])
    assert "Vital signs" not in words(site, "/due")
    assert "Vital signs in 4 h" in words(site, "/due?show=all")


def _now(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "hours"}


def test_each_role_has_its_own_list(site: Site) -> None:
    drawn(site, {"what": "body_temperature", "value": 38.6, "unit": "Cel", "hours": 2})
    assert "Blood cultures" not in words(site, "/due")  # a nurse's own list
    assert "Blood cultures" in words(site, "/due", "physician")
    assert "Blood cultures" in words(site, "/due?role=all")
    assert "Nothing: due now for the coordinator" in words(site, "/due", "coordinator")


def test_what_is_a_default_of_the_center_says_so(site: Site) -> None:
    drawn(site, *round_of(6))
    page = words(site, f"/courses/{COURSE}/due")
    assert "ASCO 2021, J Clin Oncol 39:3978" in page
    assert "Default of the center; WEIGHT-WARD, due_weight_hours. not confirmed" in page


def test_the_shift_shows_what_is_not_due_yet(site: Site) -> None:
    drawn(site, *round_of(1))
    assert "Vital signs" not in words(site, "/due?show=now")
    assert "Vital signs in 3 h" in words(site, "/due?show=shift")
    assert "Vital signs" not in words(site, "/due?show=overdue")


def test_an_answer_with_its_reason_stands_until_the_next_round_and_is_kept(site: Site) -> None:
    drawn(site, *round_of(6))
    facts = Bedside(site).record("due-answer?change=vital_signs", choice="not_done", text="In the scanner until three")
    assert [(fact.what, fact.about, fact.choice) for fact in facts] == [("due_answer", "vital_signs", "not_done")]
    assert "Vital signs" not in words(site, "/due")
    page = words(site, f"/courses/{COURSE}/due")
    assert "not done: In the scanner until three" in page
    assert "Vital signs Not done In the scanner until three now" in page
    site.now += 4 * HOUR
    site.settle()
    assert "Vital signs" in words(site, "/due")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"choice": "not_done"}, "Why is missing."),
        ({"choice": "put_off", "text": "asleep"}, "It is not said until when this is put off."),
        ({"choice": "done", "text": "by the day clinic", "until": "20:00"}, "A time belongs to what is put off."),
        ({"choice": "done", "text": "done", "about": "nonsense"}, "What was due"),
    ],
)
def test_an_answer_that_says_too_little_is_not_recorded(site: Site, typed: dict[str, str], problem: str) -> None:
    drawn(site, *round_of(6))
    before = site.office.log.position()
    answer = Bedside(site).send("due-answer?change=vital_signs", **typed)
    assert answer.status_code == 422 and problem in Page(answer.text).words
    assert site.office.log.position() == before


def test_what_is_put_off_comes_back_at_its_time(site: Site) -> None:
    drawn(site, *round_of(6))
    Bedside(site).record("due-answer?change=vital_signs", choice="put_off", text="asleep", until="15:30")
    assert "Vital signs" not in words(site, "/due")
    site.now += 90 * 60_000_000
    site.settle()
    assert "Vital signs put off: asleep due now" in words(site, "/due")


def test_only_the_courses_that_one_belongs_to_are_listed(site: Site) -> None:
    drawn(site, *round_of(6))
    drawn(site, *round_of(6), course="bed-8")
    answer = site.client("nurse", courses=("bed-8",)).get("/due")
    assert "bed-8" in answer.text and COURSE not in answer.text
    assert COURSE not in site.client("nurse", courses=("bed-8",)).get("/handover").text


def test_the_form_fits_the_score_of_the_patient(site: Site) -> None:
    drawn(site, {"what": "capd_score", "value": 4, "unit": "{score}", "hours": 20}, years=7)
    page = Page(site.client("nurse").get("/due").text)
    assert f"/courses/{COURSE}/chart-capd" in page.links
    assert f"/courses/{COURSE}/chart-ice" not in page.links


def test_every_form_that_the_list_leads_to_is_there(site: Site) -> None:
    drawn(site, {"what": "body_temperature", "value": 38.6, "unit": "Cel", "hours": 2})
    client = site.client("nurse")
    links = Page(client.get("/due?role=all&show=all").text).links
    forms = {link for link in links if link.startswith(f"/courses/{COURSE}/") and not link.endswith("/due")}
    assert {link.rpartition("/")[2] for link in forms} >= {"chart-vitals", "chart-ice", "weigh", "work-up"}
    assert {client.get(link).status_code for link in forms} == {200}


def test_an_answer_from_elsewhere_that_gives_no_reason_is_shown_all_the_same(site: Site) -> None:
    drawn(site, *round_of(6), {"what": "due_answer", "choice": "not_done", "about": "vital_signs", "hours": 1})
    assert "not done" in words(site, f"/courses/{COURSE}/due")
    assert "Vital signs not done" in words(site, "/due?show=all")


def test_who_may_read_and_not_chart_gets_no_button(site: Site) -> None:
    drawn(site, *round_of(6))
    links = Page(site.client("pharmacy").get(f"/courses/{COURSE}/due").text).links
    assert not any("chart" in link or "due-answer" in link for link in links)
    assert site.client("pharmacy").get("/due").status_code == 403


def test_what_was_written_of_a_patient_is_for_who_sees_names(site: Site) -> None:
    why = {"text": "Mrs Zebrowski is asleep"}
    drawn(
        site,
        *round_of(6),
        {"what": "due_answer", "choice": "not_done", "about": "vital_signs", "hours": 1, "detail": why},
    )
    path = f"/courses/{COURSE}/due"
    assert "Zebrowski" in words(site, path)
    assert "Zebrowski" not in words(site, path, "data_manager")
    assert "a note, for who sees names" in words(site, path, "data_manager")


def test_intervals_in_words() -> None:
    def told(length: int, *, once: bool = False) -> str:
        return every(Why("ROW", "", "", True, (), length, once))

    assert [told(each) for each in (4 * HOUR, DAY, 3 * DAY)] == ["every 4 h", "every day", "every 3 days"]
    assert [told(each, once=True) for each in (HOUR, DAY)] == ["once, within 1 h", "once, within 1 day"]
