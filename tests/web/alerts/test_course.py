"""A course's alerts: every episode with onset, peak and end, who saw what, what was done, in the order of time."""

from __future__ import annotations

from typing import Any

from cartway.record import Fact
from cartway.times import HOUR, MINUTE, Instant, text
from cartway.watch.model import Alert, Finding, Priority
from cartway.web.alerts.story import seen_words, story
from web.alerts.conftest import CRS
from web.conftest import START
from web.forms.bedside import Bedside

ONSET = START - 5 * HOUR
CALLS = {"u1": "Mei Copperleaf, nurse", "u2": "Amara Osei, physician", "physician": "physician"}


def found(rule: str, level: int, since: Instant, until: Instant | None, words: str) -> Finding:
    return Finding(rule, level, Priority.medium, since, until, words, risen=since)


FEVER = found("crs_grade", 1, ONSET, ONSET + HOUR, "CRS 1: fever")
WORSE = found("crs_grade", 2, ONSET + HOUR, ONSET + 4 * HOUR, "CRS 2: fever, low-flow oxygen")
FAST = found("critical_heart_rate", 1, ONSET + HOUR, ONSET + 2 * HOUR, "heart rate 132")
ALERT = Alert(
    "a", CRS, "Cytokine release", ONSET, ONSET + 4 * HOUR, Priority.medium, (FEVER, WORSE, FAST), "nurse",
    escalated=(("physician", ONSET + 90 * MINUTE),),
)  # fmt: skip


def said(what: str, choice: str, at: Instant, by: str, onset: Instant = ONSET, **detail: Any) -> Fact:
    return Fact("a", at, what, choice=choice, about=CRS, recorded_by=by, detail={"onset": text(onset), **detail})


SEEN = said("alert_acknowledgement", "taken", ONSET + 2 * HOUR + MINUTE, "u1", seen=["crs_grade:2"], owner="u1")
DONE = said("alert_outcome", "acted", ONSET + 6 * HOUR, "u2", text="tocilizumab")


def told(*facts: Fact) -> list[tuple[int, str, str, str]]:
    steps = story(ALERT, facts, lambda who: CALLS[who], notes=True)
    return [((step.at - ONSET) // MINUTE, step.kind, step.words, step.by) for step in steps]


def test_a_story_tells_what_was_found_who_was_told_who_saw_what_and_what_was_done() -> None:
    assert told(SEEN, DONE) == [
        (0, "found", "CRS 1: fever", ""),
        (60, "found", "CRS 2: fever, low-flow oxygen", ""),
        (60, "found", "heart rate 132", ""),
        (90, "told", "", "physician"),
        (120, "gone", "heart rate 132", ""),
        (121, "seen", "CRS 2: fever, low-flow oxygen. Taken over.", "Mei Copperleaf, nurse"),
        (240, "over", "", ""),
        (360, "outcome", "Acted on. tocilizumab", "Amara Osei, physician"),
    ]


def test_what_was_handed_on_says_to_whom() -> None:
    handed = said(
        "alert_acknowledgement", "seen", ONSET + HOUR, "u1", seen=["crs_grade:1"], owner="physician", text="called"
    )
    assert (60, "seen", "CRS 1: fever. For the physician. called", "Mei Copperleaf, nurse") in told(handed)


def test_an_answer_to_an_onset_that_was_dated_anew_stays_in_the_story() -> None:
    early = said("alert_acknowledgement", "seen", ONSET + HOUR, "u1", ONSET + 30 * MINUTE, seen=["crs_grade:1"])
    assert (60, "seen", "CRS 1: fever. The episode was dated anew since.", "Mei Copperleaf, nurse") in told(early)


def given(drug: str, at: Instant, value: float, unit: str) -> Fact:
    return Fact("a", at, "drug", value, unit, drug)


def test_what_was_given_while_it_lasted_is_told_with_it() -> None:
    """Of what one gives for such an event; a rate that was only charted again is no news."""
    first = given("norepinephrine", ONSET + HOUR, 0.1, "ug/kg/min")
    again = given("norepinephrine", ONSET + 2 * HOUR, 0.1, "ug/kg/min")
    other = given("tocilizumab", ONSET + 2 * HOUR, 560, "mg")
    culture = Fact("a", ONSET + HOUR, "infection_work_up", choice="blood_culture")
    before = given("tocilizumab", ONSET - HOUR, 560, "mg")
    laxative = given("heparin", ONSET + HOUR, 5000, "[iU]")
    done = [
        (at, words) for at, kind, words, _ in told(before, first, again, laxative, culture, other) if kind == "done"
    ]
    assert done == [
        (60, "Norepinephrine started 0.1 mcg/kg/min"),
        (60, "Infection work-up: blood cultures"),
        (120, "Tocilizumab 560 mg given"),
    ]


def test_answers_to_other_episodes_and_events_are_not_of_this_story() -> None:
    before = said("alert_acknowledgement", "seen", ONSET - HOUR, "u1", ONSET - 9 * HOUR, seen=["crs_grade:1"])
    other = Fact("a", ONSET + HOUR, "alert_acknowledgement", about="organ", detail={"onset": text(ONSET)})
    assert len(told(before, other)) == len(told())


def test_what_is_not_in_the_episode_any_more_is_named_by_its_rule() -> None:
    gone = said("alert_acknowledgement", "seen", ONSET, "u1", seen=["reported.confusion:3"])
    assert seen_words(gone, ALERT) == "reported confusion (level 3)."


def test_the_page_shows_what_is_there_and_what_is_over(nurse: Bedside) -> None:
    page = nurse.open("alerts")
    assert "Cytokine release rings 1 h" in page.words
    assert "CRS 1: fever" in page.words
    assert "Lee 2019" in page.words
    assert any("acknowledge?change=cytokine_release" in link for link in page.links)


def test_the_page_keeps_what_is_over_with_its_peak_and_outcome(nurse: Bedside) -> None:
    site = nurse.site
    nurse.send(f"acknowledge?change={CRS}", choice="seen")
    for hours in range(1, 13):
        site.now = START + hours * HOUR
        site.record([
            {"course": nurse.course, "at": site.now, "what": "body_temperature", "value": 36.7, "unit": "Cel"}
        ])  # fmt: skip
    onset = START - HOUR
    assert nurse.send(f"alert-outcome?change={CRS}~{onset}", choice="known", text="as expected").status_code == 303
    words = nurse.open("alerts").words
    assert "Over 1" in words
    assert "Known before: as expected" in words
    assert "you, " not in words


def test_free_text_is_not_shown_to_who_may_not_see_names(nurse: Bedside) -> None:
    """People write names into notes. That there is a note is shown all the same."""
    nurse.send(f"acknowledge?change={CRS}", choice="seen", text="Mrs Marigold says she is well")
    nurse.send(f"alert-outcome?change={CRS}~{START - HOUR}", choice="known", text="Mrs Marigold was so before")
    for hours in range(1, 13):
        words = nurse.open("alerts").words
        assert "Mrs Marigold says she is well" in words
        told = Bedside(nurse.site, "data_manager", nurse.course).open("alerts").words
        assert "Marigold" not in told
        assert "(a note that is not shown to you)" in told
        nurse.site.now = START + hours * HOUR
        row = {"course": nurse.course, "at": nurse.site.now, "what": "body_temperature", "value": 36.7, "unit": "Cel"}
        nurse.site.record([row])


def test_a_course_of_which_nothing_is_known_is_no_page(nurse: Bedside) -> None:
    assert nurse.client.get("/courses/nobody/alerts").status_code == 404
    assert nurse.client.get("/courses/center/alerts").status_code in {403, 404}
