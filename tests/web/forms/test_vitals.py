"""Vital signs by form: what is typed becomes facts, and grades; what cannot be is explained at its field."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import HOUR, MINUTE, SECOND, parse
from cartway.web.forms.moment import read_time
from web.conftest import Site
from web.forms.bedside import Bedside, Page, drawn

VITALS = "chart-vitals"
FULL = {
    "body_temperature": "38.9", "systolic_pressure": "118", "diastolic_pressure": "64", "heart_rate": "104",
    "respiratory_rate": "18", "oxygen_saturation": "96", "oxygen_device": "room_air",
}  # fmt: skip


def said(facts: list[Fact]) -> dict[str, float | str | None]:
    return {fact.what: fact.choice or fact.value for fact in facts}


def test_a_full_set_becomes_a_fact_each_at_the_time_it_came_in(nurse: Bedside) -> None:
    facts = nurse.record(VITALS, **FULL)
    assert said(facts) == {
        "body_temperature": 38.9, "systolic_pressure": 118.0, "diastolic_pressure": 64.0, "heart_rate": 104.0,
        "respiratory_rate": 18.0, "oxygen_saturation": 96.0, "oxygen_device": "room_air",
    }  # fmt: skip
    assert {fact.at for fact in facts} == {nurse.site.now}
    assert all(fact.simulated and fact.source == "ward" for fact in facts)
    assert len({fact.event for fact in facts}) == 1
    assert nurse.grades()["crs"] == "1"


def test_the_author_is_the_accounts_id(nurse: Bedside) -> None:
    (fact,) = nurse.record(VITALS, heart_rate="90")
    account = nurse.site.office.access.account(fact.recorded_by)
    assert account is not None and account.role == "nurse"


def test_any_part_may_be_left_empty(nurse: Bedside) -> None:
    assert said(nurse.record(VITALS, heart_rate="90")) == {"heart_rate": 90.0}


def test_nothing_typed_is_nothing_recorded(nurse: Bedside) -> None:
    answer = nurse.send(VITALS)
    assert answer.status_code == 422
    assert "Nothing was entered." in Page(answer.text).words


def test_fahrenheit_is_converted_and_kept_as_said(nurse: Bedside) -> None:
    (fact,) = nurse.record(VITALS, body_temperature="101.3", body_temperature_unit="[degF]")
    assert (fact.value, fact.unit, fact.said) == (38.5, "Cel", "101.3 [degF]")
    assert nurse.open(VITALS).value("body_temperature_unit") == "[degF]", "the ward's unit is offered next time"


def test_a_comma_is_a_decimal_point(nurse: Bedside) -> None:
    (fact,) = nurse.record(VITALS, body_temperature="38,5")
    assert fact.value == 38.5


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("body_temperature", "389", "outside what is possible"),
        ("body_temperature", "warm", "not a number"),
        ("body_temperature", "1e3", "not a number"),
        ("body_temperature", "nan", "not a number"),
        ("oxygen_saturation", "101", "outside what is possible"),
        ("systolic_pressure", "8", "outside what is possible"),
        ("body_temperature_unit", "K", "no such choice"),
        ("oxygen_device", "hose", "no such choice"),
        ("taken", "yesterday", "cannot be read"),
        ("taken", "2026-02-30T10:00", "cannot be read"),
        ("taken", "2026-03-17T14:00", "still to come"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(
    nurse: Bedside, field: str, typed: str, reason: str
) -> None:
    before = nurse.site.office.log.position()
    answer = nurse.send(VITALS, **{**FULL, field: typed})
    page = Page(answer.text)
    assert answer.status_code == 422
    assert nurse.site.office.log.position() == before
    assert reason in page.words
    assert f"#{field}" in page.links and field in page.ids, "the summary leads to the field"
    for name, value in FULL.items():
        if name != field:
            assert page.value(name) == value
    if field not in ("oxygen_device", "body_temperature_unit"):
        assert page.value(field) == typed


def test_an_unusual_value_is_asked_about_once(nurse: Bedside) -> None:
    answer = nurse.send(VITALS, body_temperature="42.6")
    page = Page(answer.text)
    assert answer.status_code == 422 and "Is that right? Usual is 34 to 42 °C." in page.words
    assert nurse.post(VITALS, page.fields).status_code == 303


def test_another_unusual_value_is_asked_about_anew(nurse: Bedside) -> None:
    page = Page(nurse.send(VITALS, body_temperature="42.6").text)
    again = nurse.post(VITALS, page.filled(body_temperature="43.1"))
    assert again.status_code == 422 and "43.1" in again.text
    assert nurse.site.facts(nurse.course)[-1].what != "body_temperature"


def test_the_usual_range_is_told_in_the_unit_typed(nurse: Bedside) -> None:
    page = Page(nurse.send(VITALS, body_temperature="108", body_temperature_unit="[degF]").text)
    assert "Usual is 93.2 to 107.6 °F." in page.words


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"systolic_pressure": "64", "diastolic_pressure": "118"}, "not below the systolic"),
        ({"systolic_pressure": "90", "diastolic_pressure": "90"}, "not below the systolic"),
        ({"systolic_pressure": "118", "diastolic_pressure": "64", "mean_arterial_pressure": "60"}, "between the other"),
        ({"systolic_pressure": "118", "pressure_unmeasurable": "yes"}, "also that none could be measured"),
        ({"oxygen_device": "room_air", "oxygen_flow": "4"}, "Room air has no flow"),
        ({"oxygen_device": "room_air", "inspired_oxygen": "40"}, "Room air has no oxygen concentration"),
    ],
)
def test_values_that_contradict_each_other_are_refused(nurse: Bedside, typed: dict[str, str], reason: str) -> None:
    answer = nurse.send(VITALS, **typed)
    assert answer.status_code == 422 and reason in Page(answer.text).words


def test_an_impossible_pressure_is_explained_in_words_of_the_ward(nurse: Bedside) -> None:
    words = Page(nurse.send(VITALS, systolic_pressure="8").text).words
    assert "tick 'No pressure could be measured'" in words and "detail" not in words and "mm[Hg]" not in words


def test_a_pressure_that_could_not_be_measured_is_a_low_one(nurse: Bedside) -> None:
    """The vocabulary asks for 20 mmHg and a word on the method; unread would be no sign at all."""
    facts = nurse.record(VITALS, body_temperature="39", pressure_unmeasurable="yes", oxygen_device="room_air")
    systolic = next(fact for fact in facts if fact.what == "systolic_pressure")
    assert (systolic.value, systolic.detail["method"]) == (20.0, "not measurable")
    assert nurse.grades()["crs"] == "2"


# --- oxygen


def test_a_cannula_without_its_flow_is_asked_about(nurse: Bedside) -> None:
    answer = nurse.send("chart-oxygen", oxygen_device="nasal_cannula")
    page = Page(answer.text)
    assert answer.status_code == 422 and "At what flow?" in page.words
    assert nurse.post("chart-oxygen", page.fields).status_code == 303


@pytest.mark.parametrize(("flow", "grade"), [("2", "2"), ("6", "2"), ("7", "3")])
def test_the_flow_of_a_cannula_grades(nurse: Bedside, flow: str, grade: str) -> None:
    nurse.record(VITALS, body_temperature="38.5", systolic_pressure="120")
    nurse.record("chart-oxygen", oxygen_device="nasal_cannula", oxygen_flow=flow)
    assert nurse.grades()["crs"] == grade


def test_a_fraction_of_oxygen_is_read_as_one(nurse: Bedside) -> None:
    facts = nurse.record("chart-oxygen", oxygen_device="venturi_mask", inspired_oxygen="0.4")
    inspired = next(fact for fact in facts if fact.what == "inspired_oxygen")
    assert (inspired.value, inspired.unit, inspired.said) == (40.0, "%", "0.4 1")


def test_oxygen_without_a_device_is_asked_about(nurse: Bedside) -> None:
    answer = nurse.send("chart-oxygen", oxygen_flow="4")
    assert answer.status_code == 422 and "By which device?" in answer.text


# --- the time


def test_the_time_typed_is_the_wards_own(make_site: object) -> None:
    site: Site = make_site(zone=ZoneInfo("Europe/Berlin"))  # type: ignore[operator]
    drawn(site)
    (fact,) = Bedside(site).record(VITALS, heart_rate="90", taken="2026-03-16T14:30")
    assert fact.at == site.now - 30 * MINUTE, "14:30 in Berlin is 13:30 UTC"


def test_a_clock_a_little_ahead_means_now(nurse: Bedside) -> None:
    (fact,) = nurse.record(VITALS, heart_rate="90", taken="2026-03-16T14:04")
    assert fact.at == nurse.site.now


@pytest.mark.parametrize(
    ("taken", "question"),
    [("2026-03-15T13:59", "more than 24 hours ago"), ("2026-03-13T13:59", "before anything was known")],
)
def test_an_old_time_is_asked_about(nurse: Bedside, taken: str, question: str) -> None:
    answer = nurse.send(VITALS, heart_rate="90", taken=taken)
    assert answer.status_code == 422 and question in answer.text


def test_the_time_of_a_form_is_when_it_first_came_in(nurse: Bedside) -> None:
    """A nurse mends a slip ten minutes later: the reading was taken when it was first sent."""
    first, page = nurse.site.now, Page(nurse.send(VITALS, heart_rate="900").text)
    nurse.site.now += 10 * MINUTE
    assert nurse.post(VITALS, page.filled(heart_rate="90")).status_code == 303
    assert nurse.site.facts(nurse.course)[-1].at == first


def test_seconds_pass_between_opening_and_sending(nurse: Bedside) -> None:
    page = nurse.open(VITALS)
    nurse.site.now += 40 * SECOND
    nurse.post(VITALS, page.filled(heart_rate="90"))
    assert nurse.site.facts(nurse.course)[-1].at == nurse.site.now


def test_a_form_opened_yesterday_is_not_taken_for_now(site: Site) -> None:
    drawn(site)
    nurse = Bedside(site)
    page, opened = nurse.open(VITALS), nurse.site.now
    nurse.site.now += 25 * HOUR
    nurse.client = nurse.site.client("nurse")
    other = nurse.post(VITALS, page.filled(heart_rate="90"))
    assert other.status_code == 409 and "You are now signed in as" in other.text
    answer = nurse.post(VITALS, Page(other.text).fields)
    again = Page(answer.text)
    assert answer.status_code == 422 and "opened more than a day ago" in again.words
    assert again.value("heart_rate") == "90" and again.value("taken") == "2026-03-16 14:00"
    confirm = Page(nurse.post(VITALS, again.fields).text)
    assert nurse.post(VITALS, confirm.fields).status_code == 303
    assert nurse.site.facts(nurse.course)[-1].at == opened


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [({"ago": "20"}, 20), ({"ago": "60"}, 60), ({"taken": "13:30"}, 30), ({"taken": "1330"}, 30),
     ({"taken": "9:05"}, 295), ({"taken": "2026-03-16 13:30"}, 30), ({"taken": "14:00"}, 0), ({"taken": "14:03"}, 0)],
)  # fmt: skip
def test_a_time_is_typed_by_the_clock_or_as_minutes_ago(nurse: Bedside, typed: dict[str, str], minutes: int) -> None:
    (fact,) = nurse.record(VITALS, heart_rate="90", **typed)
    assert fact.at == nurse.site.now - minutes * MINUTE


def test_a_time_of_yesterday_evening_is_asked_about(nurse: Bedside) -> None:
    answer = nurse.send(VITALS, heart_rate="90", taken="23:10")
    assert answer.status_code == 422 and "That is Sunday, 23:10, 14 hours ago" in answer.text


@pytest.mark.parametrize("typed", [{"ago": "5"}, {"ago": "20", "taken": "13:00"}, {"taken": "25:00"}, {"taken": "9"}])
def test_a_time_that_cannot_be_is_refused(nurse: Bedside, typed: dict[str, str]) -> None:
    assert nurse.send(VITALS, heart_rate="90", **typed).status_code == 422


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-10-25 02:30", "2026-10-25T01:30+00:00"),  # twice: the later one
        ("2026-03-29 01:59", "2026-03-29T00:59+00:00"),
        ("2026-03-29 02:30", "no_such_time"),
        ("2026-03-29 03:00", "2026-03-29T01:00+00:00"),
    ],
)
def test_the_hours_when_the_clock_is_set(text: str, utc: str) -> None:
    found = read_time(text, ZoneInfo("Europe/Berlin"))
    assert found.code == utc if isinstance(found, Problem) else found == parse(utc)


def test_of_the_hour_that_comes_twice_one_that_is_past_is_meant() -> None:
    latest = parse("2026-10-25T00:40+00:00")
    assert read_time("2:30", ZoneInfo("Europe/Berlin"), latest=latest) == parse("2026-10-25T00:30+00:00")
