"""ICE by form: a point that was not asked is never a point lost."""

from __future__ import annotations

import pytest

from cartway.record import Fact
from cartway.times import HOUR
from cartway.web.forms.ice import ASKED, ITEMS
from web.conftest import Site
from web.forms.bedside import Bedside, Page, drawn

ICE = "chart-ice"
RIGHT = dict.fromkeys(ASKED, "yes")
AWAKE = {"consciousness": "awake"}


def points(facts: list[Fact]) -> dict[str, float | None]:
    return {fact.what: fact.value for fact in facts if fact.what.startswith("ice_")}


def test_the_points_of_the_page_are_the_ten_of_the_score() -> None:
    assert [point for asked in ITEMS.values() for point in asked] == list(ASKED)
    assert len(ASKED) == 10


def test_ten_right_are_five_items_of_one_event_and_grade_0(nurse: Bedside) -> None:
    facts = nurse.record(ICE, **RIGHT, **AWAKE)
    assert points(facts) == {
        "ice_orientation": 4.0, "ice_naming": 3.0, "ice_command": 1.0, "ice_writing": 1.0, "ice_attention": 1.0,
    }  # fmt: skip
    assert len({fact.event for fact in facts}) == 1 and len({fact.at for fact in facts}) == 1
    assert nurse.grades()["icans"] == "0"


@pytest.mark.parametrize(
    ("wrong", "grade"),
    [
        (["counting"], "1"),
        (["counting", "writing", "city"], "1"),
        (["counting", "writing", "city", "hospital"], "2"),
        (["year", "month", "city", "hospital", "object_1", "object_2", "object_3"], "2"),
        (["year", "month", "city", "hospital", "object_1", "object_2", "object_3", "command"], "3"),
        (list(ASKED), "3"),
    ],
)
def test_what_was_wrong_grades_by_the_bands(nurse: Bedside, wrong: list[str], grade: str) -> None:
    """Lee 2019: 7 to 9 is grade 1, 3 to 6 grade 2, 0 to 2 grade 3; awake with 0 is 3, never 4."""
    nurse.record(ICE, **{**RIGHT, **dict.fromkeys(wrong, "no")}, **AWAKE)
    assert nurse.grades()["icans"] == grade


def test_what_was_not_asked_is_not_recorded_and_the_grade_says_that_it_is_incomplete(nurse: Bedside) -> None:
    facts = nurse.record(ICE, **{**RIGHT, "writing": "", "counting": "no"}, **AWAKE)
    assert "ice_writing" not in points(facts) and points(facts)["ice_attention"] == 0.0
    assert nurse.grades()["icans"] == ">= 1"


def test_an_item_asked_in_part_is_asked_about_then_left_out_and_kept_in_the_note(nurse: Bedside) -> None:
    answer = nurse.send(ICE, **{**RIGHT, "city": ""}, **AWAKE)
    page = Page(answer.text)
    assert answer.status_code == 422 and "Not all of it was asked" in page.words
    facts = nurse.record(ICE, **{**RIGHT, "city": ""}, **AWAKE)
    assert "ice_orientation" not in points(facts)
    awake = next(fact for fact in facts if fact.what == "consciousness")
    assert "ICE asked in part: year yes, month yes, hospital yes" in awake.detail["text"]


def test_points_lost_in_an_item_asked_in_part_are_never_dropped(nurse: Bedside) -> None:
    """Year, month and city not known, the hospital not asked: at best 1 of 4, and so ICE at best 7."""
    nurse.record(ICE, **RIGHT, **AWAKE)
    nurse.site.now += HOUR
    lost = {"year": "no", "month": "no", "city": "no", **AWAKE}
    answer = nurse.send(ICE, **lost)
    assert answer.status_code == 422 and "points were lost" in answer.text and "Nothing was recorded" in answer.text
    facts = nurse.record(ICE, **lost, not_done="refused")
    assert points(facts) == {"ice_orientation": 1.0}
    assert nurse.grades()["icans"] == ">= 1"


def test_sedation_that_is_not_charted_is_asked_about(nurse: Bedside) -> None:
    """Lee 2019: sedation is another cause of low consciousness; the grade knows of it by the drug."""
    answer = nurse.send(ICE, not_done="sedated", consciousness="unarousable")
    assert answer.status_code == 422 and "this level counts as ICANS 4" in answer.text
    nurse.record("give-drug", drug="propofol", how="started", dose="2", unit="mg/kg/h")
    nurse.site.now += HOUR
    assert nurse.send(ICE, not_done="sedated", consciousness="unarousable").status_code == 303
    assert nurse.grades()["icans"] == "not assessable"


def test_the_level_of_consciousness_is_always_asked(nurse: Bedside) -> None:
    answer = nurse.send(ICE, **RIGHT)
    assert answer.status_code == 422 and "level of consciousness is missing" in answer.text


@pytest.mark.parametrize(
    ("why", "level", "grade"),
    [
        ("asleep", "unarousable", "4"),
        ("asleep", "awakens_to_touch", ">= 3"),
        ("language", "awakens_to_voice", ">= 2"),
        ("refused", "awake", ">= 0"),
    ],
)
def test_what_could_not_be_done_is_no_zero(nurse: Bedside, why: str, level: str, grade: str) -> None:
    """Lee 2019: an ICE of 0 because unarousable is grade 4, by the level of consciousness."""
    facts = nurse.record(ICE, not_done=why, consciousness=level)
    assert [fact.what for fact in facts] == ["consciousness"]
    assert "ICE not done" in facts[0].detail["text"]
    assert nurse.grades()["icans"] == grade


def test_points_of_an_unarousable_patient_are_asked_about(nurse: Bedside) -> None:
    answer = nurse.send(ICE, **RIGHT, consciousness="unarousable")
    assert answer.status_code == 422 and "charted as unarousable" in answer.text


def test_the_handwriting_is_kept_word_for_word(nurse: Bedside) -> None:
    facts = nurse.record(ICE, **RIGHT, **AWAKE, wrote="Ich möchte nach\nHause")
    assert any("Ich möchte nach\nHause" in str(fact.detail.get("text", "")) for fact in facts)
    assert "14:00: Ich möchte nach Hause" in nurse.open(ICE).words, "the next one is seen beside it"


def test_a_note_too_long_is_refused_and_kept(nurse: Bedside) -> None:
    page = Page(nurse.send(ICE, **RIGHT, **AWAKE, wrote="a" * 1001).text)
    assert "more than 1000 characters" in page.words and page.value("wrote") == "a" * 1001


def test_nothing_answered_is_nothing_recorded(nurse: Bedside) -> None:
    assert nurse.send(ICE).status_code == 422


def test_the_page_shows_the_last_score_and_the_one_before_the_infusion(ward: Site) -> None:
    course = drawn(ward, {"what": "baseline_ice_score", "value": 9, "unit": "{score}", "hours": 60}, course="ice-last")
    nurse = Bedside(ward, "nurse", course)
    nurse.record(ICE, **{**RIGHT, "writing": "", "counting": "no"}, **AWAKE)
    ward.now += HOUR
    words = nurse.open(ICE).words
    assert "Last ICE: 8 of 9 asked, 1 h ago" in words and "Before the infusion: 9" in words
