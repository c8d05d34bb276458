"""An acknowledgement names what was seen and silences only that; nothing looks answered that is not (issue 5, B)."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.record import Fact
from cartway.record.errors import StoreFull
from cartway.times import HOUR, MINUTE, SECOND, text
from cartway.web.alerts.reading import of_course
from web.alerts.conftest import CRS, FEVER
from web.conftest import START
from web.forms.bedside import Bedside, Page, drawn

FORM = f"acknowledge?change={CRS}"


def alert(bed: Bedside, event: str = CRS) -> Any:
    """The last episode of an event, as the course stands now."""
    office = bed.site.office
    found = of_course(office, bed.course, office.log.facts(bed.course), bed.site.now)
    return [each for each in found if each.event == event][-1]


def recorded(bed: Bedside) -> list[Fact]:
    return [fact for fact in bed.site.facts(bed.course) if fact.what == "alert_acknowledgement"]


def measure(bed: Bedside, what: str, value: float, unit: str, **more: Any) -> None:
    row = {"course": bed.course, "at": bed.site.now, "what": what, "value": value, "unit": unit, "source": "monitor"}
    bed.site.record([{**row, **more}])


def test_two_taps_acknowledge_what_the_page_showed(nurse: Bedside) -> None:
    """One tap on the list to see it, one on the button."""
    listed = nurse.client.get("/alerts")
    assert f"/courses/{nurse.course}/{FORM}" in Page(listed.text).links
    onset = alert(nurse).onset
    answer = nurse.send(FORM, choice="seen")
    assert answer.status_code == 303
    (fact,) = recorded(nurse)
    assert (fact.choice, fact.about, fact.at) == ("seen", CRS, nurse.site.now)
    assert fact.detail == {"alert": CRS, "onset": text(onset), "seen": ["crs_grade:1"]}
    page = Page(nurse.client.get(answer.headers["location"]).text)
    assert "you saw cytokine release. CRS 1: fever" in page.words
    assert "Nothing of it waits now." in page.words
    assert not alert(nurse).rings


def test_who_takes_it_over_owns_it(nurse: Bedside, physician: Bedside) -> None:
    physician.send(FORM, choice="taken")
    me = recorded(nurse)[0].recorded_by
    assert recorded(nurse)[0].detail["owner"] == me
    assert alert(nurse).owner == me
    words = Page(nurse.client.get(nurse.path("alerts")).text).words
    assert f"With {nurse.site.office.access.account(me).display}, physician" in words  # type: ignore[union-attr]


def test_it_can_be_handed_on_to_a_role(nurse: Bedside) -> None:
    nurse.send(FORM, choice="seen", owner="physician", text="called at the bed")
    assert recorded(nurse)[0].detail["text"] == "called at the bed"
    assert alert(nurse).owner == "physician"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"choice": "ignored"},
        {"choice": "taken", "owner": "physician"},
        {"choice": "seen", "owner": "patient"},
        {"choice": "seen", "seen": ""},
        {"choice": "seen", "seen": "crs_grade:9"},
        {"choice": "seen", "seen": "crs_grade:-1"},
        {"choice": "seen", "seen": "icans_grade:1"},
        {"choice": "seen", "onset": "0"},
        {"choice": "seen", "shown": "now"},
        {"choice": "seen", "shown": "0"},
        {"choice": "seen", "alert": "neurotoxicity"},
        {"choice": "seen", "text": "x" * 2000},
    ],
)
def test_what_answers_nothing_that_is_there_is_not_recorded(nurse: Bedside, typed: dict[str, str]) -> None:
    answer = nurse.send(FORM, **typed)
    assert answer.status_code == 422
    assert "Nothing was recorded" in Page(answer.text).words
    assert not recorded(nurse)
    assert alert(nurse).rings


def test_a_repeated_post_is_recorded_once_and_answers_alike(nurse: Bedside) -> None:
    fields = nurse.open(FORM).filled(choice="seen")
    first = nurse.post(FORM, fields)
    nurse.site.now += MINUTE
    second = nurse.post(FORM, fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert len(recorded(nurse)) == 1


def test_a_repeated_post_after_the_alert_ended_is_no_failure(nurse: Bedside) -> None:
    """The network was slow, the nurse pressed again: the first one had gone through, and the page must say so."""
    fields = nurse.open(FORM).filled(choice="seen")
    nurse.post(FORM, fields)
    nurse.site.now += 30 * MINUTE
    measure(nurse, "body_temperature", 36.8, "Cel")
    nurse.site.now += 20 * HOUR
    assert nurse.post(FORM, fields).status_code == 303
    assert len(recorded(nurse)) == 1


def test_what_got_worse_in_between_is_told_and_rings_on(nurse: Bedside) -> None:
    """The acknowledgement stands for what was seen; the page after it says what is new."""
    fields = nurse.open(FORM).filled(choice="taken")
    nurse.site.now += MINUTE
    measure(nurse, "systolic_pressure", 82, "mm[Hg]")
    nurse.site.now += 10 * SECOND
    answer = nurse.post(FORM, fields)
    assert answer.status_code == 303
    assert recorded(nurse)[0].detail["seen"] == ["crs_grade:1"]
    page = Page(nurse.client.get(answer.headers["location"]).text)
    assert "rings: there is more than you saw" in page.words
    assert "CRS 2" in page.words
    assert "Nothing of it waits now" not in page.words
    assert alert(nurse).rings
    assert {"crs_grade", "critical_pressure"} == {each.rule for each in alert(nurse).unseen}
    listed = Page(nurse.client.get("/alerts").text).words
    assert "Again: waits for" in listed


def test_the_form_shows_and_carries_what_is_there_when_it_is_drawn(nurse: Bedside) -> None:
    measure(nurse, "systolic_pressure", 82, "mm[Hg]")
    page = nurse.open(FORM)
    carried = {value for name, value in page.fields if name == "seen"}
    assert carried == {f"{each.rule}:{each.level}" for each in alert(nurse).present}
    nurse.post(FORM, page.filled(choice="seen"))
    assert not alert(nurse).rings


def test_what_was_corrected_to_something_milder_was_not_seen(nurse: Bedside) -> None:
    """Seen was grade 2, and it never was: a true grade 2 later must ring. So the alert is shown again first."""
    measure(nurse, "systolic_pressure", 82, "mm[Hg]", key="typo")
    fields = nurse.open(FORM).filled(choice="seen")
    nurse.site.now += MINUTE
    measure(nurse, "systolic_pressure", 128, "mm[Hg]", key="mended", amends="typo", reason="typing error",
            at=nurse.site.now - MINUTE)  # fmt: skip
    answer = nurse.post(FORM, fields)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert "corrected since, or dated anew" in page.words
    assert not recorded(nurse)
    assert [value for name, value in page.fields if name == "seen"] == ["crs_grade:1"]
    assert nurse.post(FORM, page.filled(choice="seen")).status_code == 303
    measure(nurse, "systolic_pressure", 80, "mm[Hg]")
    assert alert(nurse).rings


def test_what_went_and_came_again_while_the_page_was_open_was_not_seen(nurse: Bedside) -> None:
    """The same level, but another fall: nobody who had the old page open has seen it."""
    measure(nurse, "systolic_pressure", 82, "mm[Hg]")
    fields = nurse.open(FORM).filled(choice="seen")
    for minutes in (10, 50, 90):
        nurse.site.now += minutes * MINUTE
        measure(nurse, "systolic_pressure", 126, "mm[Hg]")
    nurse.site.now += 5 * MINUTE
    measure(nurse, "systolic_pressure", 82, "mm[Hg]")
    answer = nurse.post(FORM, fields)
    assert answer.status_code == 422
    assert not recorded(nurse)
    assert nurse.post(FORM, Page(answer.text).filled(choice="seen")).status_code == 303
    assert not alert(nurse).rings


def test_what_was_dated_anew_is_shown_again_first(nurse: Bedside) -> None:
    fields = nurse.open(FORM).filled(choice="seen")
    measure(nurse, "body_temperature", 38.6, "Cel", at=nurse.site.now - 5 * HOUR)
    answer = nurse.post(FORM, fields)
    assert answer.status_code == 422
    assert not recorded(nurse)
    assert nurse.post(FORM, Page(answer.text).filled(choice="seen")).status_code == 303


def test_a_record_that_cannot_be_written_says_so_and_keeps_what_was_seen(
    nurse: Bedside, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = nurse.open(FORM)
    with monkeypatch.context() as patched:

        def full(*_: object, **__: object) -> None:
            raise StoreFull("full")

        patched.setattr(nurse.site.office.log, "append", full)
        answer = nurse.post(FORM, page.filled(choice="seen"))
    assert answer.status_code == 503
    told = Page(answer.text)
    assert "Nothing was recorded" in told.words
    assert not recorded(nurse)
    assert alert(nurse).rings
    assert nurse.post(FORM, told.filled(choice="seen")).status_code == 303
    assert len(recorded(nurse)) == 1


def test_a_record_that_cannot_even_be_read_keeps_what_was_seen(nurse: Bedside, monkeypatch: pytest.MonkeyPatch) -> None:
    page = nurse.open(FORM)
    with monkeypatch.context() as patched:

        def full(*_: object, **__: object) -> None:
            raise StoreFull("full")

        patched.setattr(nurse.site.office.log, "facts", full)
        answer = nurse.post(FORM, page.filled(choice="seen"))
    assert answer.status_code == 503
    assert "Nothing was recorded" in Page(answer.text).words
    assert nurse.post(FORM, Page(answer.text).filled(choice="seen")).status_code == 303
    assert recorded(nurse)[0].detail["seen"] == ["crs_grade:1"]


def test_on_a_shared_tablet_it_stands_under_the_name_of_who_sends_it(nurse: Bedside, physician: Bedside) -> None:
    fields = nurse.open(FORM).filled(choice="taken")
    answer = physician.post(FORM, fields)
    assert answer.status_code == 409
    assert not recorded(nurse)
    assert "Record it under your own name?" in Page(answer.text).words
    assert physician.post(FORM, Page(answer.text).filled(choice="taken")).status_code == 303


def test_nothing_is_there_to_answer_where_nothing_rings(nurse: Bedside) -> None:
    page = nurse.open("acknowledge?change=neurotoxicity")
    assert "Nothing to answer" in page.words
    assert not page.value("onset")
    assert "Nothing to answer" in nurse.open("acknowledge").words


def test_what_was_over_before_anybody_saw_it_can_be_answered(nurse: Bedside) -> None:
    measure(nurse, "body_temperature", 36.6, "Cel")
    nurse.site.now += 16 * HOUR
    nurse.site.settle()
    assert alert(nurse).unanswered
    assert "Over before anybody saw it" in Page(nurse.client.get("/alerts").text).words
    assert nurse.send(FORM, choice="seen").status_code == 303
    assert not alert(nurse).unanswered


def test_what_was_seen_by_one_is_said_to_the_next(nurse: Bedside, physician: Bedside) -> None:
    nurse.send(FORM, choice="seen")
    me = nurse.site.office.access.account(recorded(nurse)[0].recorded_by)
    assert me is not None
    assert f"seen by {me.display}, nurse" in physician.open(FORM).words


@pytest.mark.parametrize("role", ["coordinator", "pharmacy", "data_manager", "administrator", "patient"])
def test_only_physicians_and_nurses_answer(nurse: Bedside, role: str) -> None:
    other = Bedside(nurse.site, role, nurse.course)
    assert other.client.get(nurse.path(FORM)).status_code == 403
    assert other.post(FORM, nurse.open(FORM).filled(choice="seen")).status_code == 403
    assert not recorded(nurse)


def test_what_was_recorded_for_an_earlier_time_while_the_page_was_open_was_not_seen(nurse: Bedside) -> None:
    """Potassium 6.6 is on the page. While it is open the laboratory sends 4.0 and another 6.6, both drawn before the
    page was: that second rise the page never showed.
    """
    site = nurse.site
    measure(nurse, "potassium", 6.6, "mmol/L", at=site.now - 3 * HOUR)
    page = nurse.open("acknowledge?change=organ")
    measure(nurse, "potassium", 4.0, "mmol/L", at=site.now - 2 * HOUR)
    measure(nurse, "potassium", 6.6, "mmol/L", at=site.now - HOUR)
    answer = nurse.post("acknowledge?change=organ", page.filled(choice="seen"))
    assert answer.status_code == 422
    assert recorded(nurse) == []
    assert alert(nurse, "organ").rings


@pytest.mark.parametrize("seen", ["crs_grade:0", "crs_grade:00", "crs_grade:"])
def test_nobody_saw_a_level_that_is_none(nurse: Bedside, seen: str) -> None:
    """It would be recorded, silence nothing, and the page would thank for it."""
    assert nurse.send(FORM, choice="seen", seen=seen).status_code == 422
    assert not recorded(nurse)


@pytest.mark.parametrize("forged", ["9" * 16, f"{START + HOUR}", f"{START}.99999999"])
def test_no_page_was_drawn_in_the_future_or_knew_what_was_not_recorded(nurse: Bedside, forged: str) -> None:
    shown = forged if "." in forged else f"{forged}.1"
    assert nurse.send(FORM, choice="seen", shown=shown).status_code == 422
    assert not recorded(nurse)


def test_a_page_of_one_patient_answers_for_no_other(nurse: Bedside) -> None:
    """The same fever since the same minute: only the page knows of whom it is."""
    other = Bedside(nurse.site, "nurse", drawn(nurse.site, *FEVER, course="other-bed"))
    fields = nurse.open(FORM).filled(choice="seen")
    answer = other.post(FORM, fields)
    assert answer.status_code == 422
    assert "opened for another patient" in Page(answer.text).words
    assert alert(other).rings
    outcome = f"alert-outcome?change={CRS}~{alert(nurse).onset}"
    assert other.post(outcome, nurse.open(outcome).filled(choice="acted")).status_code == 422
    assert [fact for fact in other.site.facts("other-bed") if fact.what == "alert_outcome"] == []
    assert other.post(FORM, Page(answer.text).filled(choice="seen")).status_code == 303
    assert not alert(other).rings
    assert alert(nurse).rings
