"""The diary at the server: what was told is recorded once, under who told it, rings, and says who saw it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from cartway.times import DAY, HOUR, MINUTE, text
from cartway.web.alerts.shown import NO_WORDS, readable
from cartway.web.triage.entered import _state

from .conftest import ID, Diary

# ---- Recorded


def test_a_fever_and_a_symptom_are_facts_of_who_told_them(diary: Diary) -> None:
    answer = diary.tell(temperature="101.3", symptom=["chills", "tremor"], tier="3")
    assert (answer.status_code, answer.headers["cartway-received"]) == (200, f"{diary.course}-{ID}")
    told = {(fact.what, fact.choice): fact for fact in diary.facts()}
    temperature = told["body_temperature", ""]
    assert (temperature.value, temperature.said, temperature.source) == (38.5, "101.3 [degF]", "patient")
    assert told["reported_symptom", "chills"].detail == {"by": "patient", "tier": "now"}
    assert len(told) == 3


def test_the_caregiver_tells_as_the_caregiver(diary: Diary) -> None:
    diary.tell(ID, diary.other(), feeling="worse", home_check="changed")
    assert {(fact.what, fact.choice, fact.source, fact.detail["by"]) for fact in diary.facts()} == {
        ("feeling", "worse", "caregiver", "caregiver"),
        ("home_check", "changed", "caregiver", "caregiver"),
    }


def test_a_night_fever_rings_at_the_ward_and_says_who_told_it(diary: Diary) -> None:
    diary.tell(ID, diary.other(), temperature="38.6")
    assert diary.ringing() == {"reported.own_temperature:3"}
    diary.site.settle()
    page = diary.site.client("nurse", [diary.course]).get("/alerts").text
    assert "Reported by the caregiver: 38.6 °C (call now)" in page


@pytest.mark.parametrize("road", ["referral", "discharge"])
def test_wherever_they_are_it_stands_on_the_board(diary: Diary, road: str) -> None:
    """Waiting for the cells, and at home months later."""
    site, facts = diary.site, [{"what": "referral", "at": diary.site.now - 90 * DAY}]
    if road == "discharge":
        facts += [
            {"what": "lymphodepletion", "at": site.now - 70 * DAY, "until": site.now - 68 * DAY},
            {"what": "infusion", "choice": "axicabtagene_ciloleucel", "at": site.now - 66 * DAY},
            {"what": "discharge", "at": site.now - 50 * DAY},
        ]
    site.record([{**fact, "course": diary.course, "key": str(n)} for n, fact in enumerate(facts)])
    diary.tell(symptom="confusion")
    site.settle()
    nurse = site.client("nurse", [diary.course])
    assert "Reported from home" in nurse.get("/board").text
    assert "confusion (emergency)" in nurse.get("/alerts").text


@pytest.mark.parametrize(
    ("fields", "rings"),
    [
        ({"temperature": "100.4"}, {"reported.own_temperature:3"}),
        ({"temperature": "100.3"}, set()),
        ({"symptom": "confusion"}, {"reported.confusion:4"}),
        ({"text": "my knee hurts"}, {"reported.other:3"}),
        ({"text": "I want to die"}, {"reported.other:3", "reported.self_harm:4"}),
        ({"symptom": "a_symptom_of_another_version"}, {"reported.other:3"}),
        ({"feeling": "good", "home_check": "as_always"}, set()),
    ],
)
def test_what_asks_for_somebody_rings(diary: Diary, fields: Mapping[str, str], rings: set[str]) -> None:
    assert diary.tell(**fields).status_code == 200
    assert diary.ringing() == rings


def test_what_a_page_of_another_version_called_it_is_kept_in_words(diary: Diary) -> None:
    diary.tell(symptom="glowing", text="green")
    (fact,) = diary.facts()
    assert (fact.choice, fact.detail["text"]) == ("other", "green; glowing")


def test_a_page_that_showed_more_than_the_table_says_now_is_believed(diary: Diary) -> None:
    diary.tell(symptom="rash", tier="4")
    assert diary.ringing() == {"reported.rash:4"}


def test_a_page_that_showed_less_is_not(diary: Diary) -> None:
    diary.tell(symptom="confusion", tier="1")
    assert diary.ringing() == {"reported.confusion:4"}


def test_a_temperature_that_is_none_holds_nothing_else_back(diary: Diary) -> None:
    assert diary.tell(temperature="385", symptom="confusion").status_code == 200
    assert diary.ringing() == {"reported.confusion:4", "reported.other:3"}
    (told,) = [fact.detail["text"] for fact in diary.facts() if fact.choice == "other"]
    assert told == "temperature typed as 385"


# ---- Once


def test_an_entry_that_comes_again_is_recorded_once_and_named_as_recorded(diary: Diary) -> None:
    said = {"temperature": "38.2", "symptom": "chills", "entered": "1000"}
    diary.tell(sent="2000", **said)
    before = diary.facts()
    diary.site.now += HOUR
    again = diary.tell(sent="3602000", **said)
    assert (again.status_code, again.headers["cartway-received"]) == (200, f"{diary.course}-{ID}")
    assert diary.facts() == before


def test_an_entry_that_comes_again_two_days_later_is_still_recorded_once(diary: Diary) -> None:
    diary.tell(symptom="chills")
    diary.site.now += 2 * DAY
    diary.renew()
    assert diary.tell(symptom="chills").status_code == 200
    other = diary.tell(ID, diary.other("patient"), symptom="chills")
    assert (other.status_code, other.headers["cartway-refused"]) == (409, "already_recorded")
    assert len(diary.facts()) == 1


def test_another_entry_under_the_same_id_is_never_taken_for_recorded(diary: Diary) -> None:
    diary.tell(temperature="36.8")
    answer = diary.tell(temperature="39.8")
    assert answer.status_code == 409
    assert "cartway-received" not in answer.headers
    assert answer.headers["cartway-refused"] == "already_recorded"


def test_an_entry_goes_under_no_other_account(diary: Diary) -> None:
    answer = diary.tell(ID, diary.other(), by=diary.by(diary.patient), temperature="39.0")
    assert (answer.status_code, answer.headers["cartway-refused"]) == (409, "another_account")
    assert not diary.facts()


def test_nobody_tells_of_another_patient(diary: Diary) -> None:
    stranger = diary.site.client("patient", ["another"])
    answer = diary.site.post(stranger, diary.path, {"form": ID, "by": "x", "temperature": "39"})
    assert answer.status_code == 403
    assert not diary.facts()


@pytest.mark.parametrize("role", ["nurse", "physician", "coordinator", "administrator"])
def test_nobody_of_the_team_writes_as_the_patient(diary: Diary, role: str) -> None:
    nurse = diary.other(role)
    assert diary.site.post(nurse, diary.path, {"form": ID, "by": "x", "temperature": "39"}).status_code == 403


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"temperature": "385"}, "temperature_unread"),
        ({"temperature": "warm"}, "temperature_unread"),
        ({}, "nothing_entered"),
        ({"form": "no", "temperature": "38"}, "wrong_form"),
    ],
)
def test_what_cannot_be_taken_is_never_called_received(diary: Diary, fields: Mapping[str, str], code: str) -> None:
    answer = diary.tell(**fields)
    assert (answer.status_code, answer.headers["cartway-refused"]) == (422, code)
    assert "cartway-received" not in answer.headers
    assert not diary.facts()


# ---- When it was


def test_what_lay_on_the_phone_without_a_network_is_dated_by_its_age(diary: Diary) -> None:
    diary.tell(temperature="38.9", symptom="chills", entered="7000000", sent=str(7000000 + 3 * 3600_000))
    told = {fact.what: fact for fact in diary.facts()}
    assert told["body_temperature"].at == diary.site.now - 3 * HOUR
    assert told["reported_symptom"].at == diary.site.now
    assert told["reported_symptom"].detail["entered"] == text(diary.site.now - 3 * HOUR)
    assert diary.ringing() == {"reported.own_temperature:3", "reported.chills:3"}


@pytest.mark.parametrize(
    ("entered", "sent"),
    [("9000", "1000"), ("", "5"), ("x", "5"), ("0", str(40 * 86_400_000)), ("-1", "5"), ("1" * 30, "2")],
)
def test_a_phone_without_a_clock_told_it_when_it_came_in(diary: Diary, entered: str, sent: str) -> None:
    diary.tell(temperature="38.9", entered=entered, sent=sent)
    assert [fact.at for fact in diary.facts()] == [diary.site.now]


def test_a_fever_that_came_in_a_day_and_a_half_late_rings(diary: Diary) -> None:
    diary.tell(temperature="39.4", entered="0", sent=str(36 * 3600_000))
    assert diary.ringing() == {"reported.own_temperature:3"}


# ---- Seen by a person


def test_it_waits_until_somebody_acknowledged_it(diary: Diary) -> None:
    diary.tell(temperature="38.6")
    assert diary.states() == {ID: "waiting"}
    diary.site.now += 9 * MINUTE
    assert diary.states() == {ID: "waiting"}
    diary.site.now += MINUTE
    assert diary.states() == {ID: "unanswered"}
    assert "Call your team now" in diary.patient.get(f"{diary.path}/state").text
    diary.acknowledge()
    assert diary.states() == {ID: "seen"}
    assert "Seen by a nurse." in diary.patient.get(f"{diary.path}/state").text


def test_the_page_counts_the_same_ten_minutes(diary: Diary) -> None:
    diary.tell(temperature="38.6")
    diary.site.now += 4 * MINUTE
    page = diary.patient.get(f"{diary.path}/state").text
    assert re.findall(r'data-patience-ms="(\d+)"|data-age-ms="(\d+)"', page) == [("600000", ""), ("", "240000")]


def test_it_is_seen_only_when_all_of_it_was(diary: Diary) -> None:
    diary.tell(symptom="chills")
    diary.acknowledge()
    diary.site.now += MINUTE
    diary.tell("entry-0002", symptom=["chills", "confusion"])
    assert diary.states() == {ID: "seen", "entry-0002": "waiting"}


def test_seeing_one_entry_is_not_seeing_the_next(diary: Diary) -> None:
    diary.tell(temperature="38.3")
    diary.acknowledge()
    diary.site.now += HOUR
    diary.tell("entry-0002", temperature="39.9")
    assert diary.states() == {ID: "seen", "entry-0002": "waiting"}


def test_every_unseen_entry_stands_at_the_ward_in_its_own_words(diary: Diary) -> None:
    diary.tell(text="I cannot lift my arm <b>now</b>")
    diary.site.now += 2 * MINUTE
    diary.tell("entry-0002", diary.other(), text="his knee " + "hurts " * 100)
    diary.site.settle()
    nurse = diary.site.client("nurse", [diary.course])
    for path in ("/alerts", f"/courses/{diary.course}/alerts"):
        page = nurse.get(path).text
        assert "I cannot lift my arm &lt;b&gt;now&lt;/b&gt;" in page
        assert "his knee hurts hurts" in page
        assert "hurts " * 40 not in page


def test_own_words_are_for_those_who_may_know_who_it_is(diary: Diary) -> None:
    diary.tell(text="ask Nurse Joy")
    alert = diary.watching().ringing[0]
    assert [each.words for each in readable(alert, words=True).unseen] == ["ask Nurse Joy"]
    hidden = readable(alert, words=False)
    assert [each.words for each in (*hidden.unseen, *hidden.findings)] == [NO_WORDS, NO_WORDS]


def test_who_saw_the_second_entry_alone_has_not_seen_the_first(diary: Diary) -> None:
    diary.tell(text="I cannot lift my arm")
    diary.site.now += 2 * MINUTE
    diary.tell("entry-0002", diary.other(), text="my knee")
    diary.acknowledge("entry-0002")
    assert diary.states() == {ID: "waiting", "entry-0002": "seen"}
    diary.site.now += MINUTE
    diary.acknowledge()
    assert set(diary.states().values()) == {"seen"}


def test_the_worst_reading_that_nobody_saw_is_what_the_alert_says(diary: Diary) -> None:
    for n, degrees in enumerate(["38.1", "40.5", "38.0"]):
        diary.tell(f"entry-000{n}", temperature=degrees)
        diary.site.now += 5 * MINUTE
    (alert,) = diary.watching().ringing
    assert [each.text.split()[4] for each in alert.unseen] == ["40.5", "38.1", "38.0"]
    diary.acknowledge("entry-0001")
    assert diary.watching().ringing[0].unseen[0].text.split()[4] == "38.1"


def test_what_rang_for_nobody_is_never_seen_with_the_rest(diary: Diary) -> None:
    diary.tell(symptom=["self_harm", "rash"])
    diary.acknowledge()
    facts = [fact for fact in diary.facts() if fact.what == "reported_symptom"]
    watching = diary.watching()
    (alert,) = watching.alerts
    rash = tuple(each for each in alert.findings if each.rule == "reported.rash")
    alone = msgspec.structs.replace(watching, alerts=(msgspec.structs.replace(alert, findings=rash),))
    assert _state(facts, watching)[0] == "seen"
    assert _state(facts, alone)[0] == "waiting"


def test_what_asks_for_nobody_is_kept_and_says_so(diary: Diary) -> None:
    diary.tell(temperature="36.8", feeling="good")
    assert diary.states() == {ID: "kept"}
    page = diary.patient.get(f"{diary.path}/state").text
    assert "Nobody is called to look at it now" in page
    assert "98.2 °F (36.8 °C)" in page


@pytest.mark.parametrize("hours", [1, 23])
def test_the_entries_of_the_last_day_are_shown(diary: Diary, hours: int) -> None:
    diary.tell(symptom="rash")
    diary.site.now += hours * HOUR
    assert list(diary.states()) == [ID]
    diary.site.now += DAY
    assert not diary.states()


# ---- The page


def test_a_post_without_a_script_is_recorded_and_says_what_to_do(diary: Diary) -> None:
    answer = diary.post(symptom="breathlessness")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{diary.path}?entered={diary.course}-{ID}"
    page = diary.patient.get(answer.headers["location"]).text
    assert open_tiers(page) == ["4"]
    assert "Call 911 now" in page


def test_what_could_not_be_taken_stands_there_again_with_what_to_do_about_it(diary: Diary) -> None:
    answer = diary.post(symptom="fainting", by="somebody-else")
    assert answer.status_code == 409
    assert "Your team has NOT seen this" in answer.text
    assert open_tiers(answer.text) == ["4"]
    assert re.search(r'value="fainting"[^>]* checked', answer.text)


def open_tiers(page: str) -> list[str]:
    """The panels that are open before any script runs."""
    return re.findall(r'<div class="action" data-tier="(\d)">', page)


def test_the_window_of_the_page_is_that_of_the_last_infusion(diary: Diary) -> None:
    assert 'data-window=""' in diary.patient.get(diary.path).text
    infusion = {"what": "infusion", "choice": "axicabtagene_ciloleucel", "course": diary.course}
    diary.site.record([{**infusion, "at": diary.site.now - 40 * DAY, "key": "i1"}])
    assert 'data-window="no"' in diary.patient.get(diary.path).text
    diary.site.record([{**infusion, "at": diary.site.now - 2 * DAY, "key": "i2"}])
    assert 'data-window="yes"' in diary.patient.get(diary.path).text


def test_after_a_death_the_page_is_quiet_and_takes_nothing(diary: Diary) -> None:
    diary.site.record([{"what": "death", "course": diary.course, "at": diary.site.now - HOUR, "key": "d"}])
    page = diary.patient.get(diary.path).text
    assert "<form" not in page.split('id="main"')[1].split("</main>")[0]
    answer = diary.tell(temperature="39")
    assert (answer.status_code, answer.headers["cartway-refused"]) == (410, "course_closed")


def test_what_the_phone_keeps_of_the_page_has_nothing_of_the_record_on_it(diary: Diary) -> None:
    diary.tell(temperature="39.4", symptom="chills")
    assert "102.9" in diary.patient.get(diary.path).text
    assert "102.9" not in diary.patient.get(f"{diary.path}?bare=1").text


def test_looking_what_became_of_it_keeps_no_session_alive(diary: Diary) -> None:
    answer = diary.patient.get(f"{diary.path}/state", headers={"x-cartway-watch": "1"})
    assert answer.status_code == 200
    (line,) = [each for each in diary.site.office.access.entries(course=diary.course) if each.reason]
    assert (line.reason, line.place) == ("by the page itself", "what became of entries")


def test_without_a_number_to_call_it_does_not_open(make_site: Any) -> None:
    quiet = make_site(phone="")
    assert quiet.client("patient", ["p1"]).get("/my/p1/today").status_code == 503
    assert quiet.client(None).get("/urgent").status_code == 503
