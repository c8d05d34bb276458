"""CAPD by form. Traube 2014: items 1 to 4 reversed, never 4 to always 0; not valid at RASS -4 or deeper."""

from __future__ import annotations

import pytest

from cartway.times import HOUR
from cartway.web.forms.capd import ITEMS, anchors
from web.conftest import Site
from web.forms.bedside import Bedside, Page, drawn

CAPD = "chart-capd"
WELL = {**dict.fromkeys(list(ITEMS)[:4], "always"), **dict.fromkeys(list(ITEMS)[4:], "never")}
AWAKE = {"consciousness": "awake"}


@pytest.fixture
def child(ward: Site, request: pytest.FixtureRequest) -> Bedside:
    return Bedside(ward, "nurse", drawn(ward, course=f"child-{abs(hash(request.node.name))}", years=6))


def test_the_anchors() -> None:
    assert anchors("eye_contact") == [("never", 4), ("rarely", 3), ("sometimes", 2), ("often", 1), ("always", 0)]
    assert anchors("slow") == [("never", 0), ("rarely", 1), ("sometimes", 2), ("often", 3), ("always", 4)]


def test_a_well_child_has_0_points(child: Bedside) -> None:
    facts = child.record(CAPD, rass="0", **WELL, **AWAKE)
    assert {fact.what: fact.value for fact in facts if fact.value is not None} == {"rass_score": 0.0, "capd_score": 0.0}
    assert child.grades()["icans"] == "0"


@pytest.mark.parametrize(("slow", "grade"), [("never", "1"), ("rarely", "3")])
def test_nine_points_are_grade_3(child: Bedside, slow: str, grade: str) -> None:
    """Lee 2019: CAPD of 9 or more is grade 3; below it, with a new change, grade 1."""
    eight = {**WELL, "eye_contact": "never", "aware": "never", "slow": slow}
    facts = child.record(CAPD, **eight, **AWAKE, new_neurological_change="yes")
    score = next(fact for fact in facts if fact.what == "capd_score")
    assert score.value == (8.0 if slow == "never" else 9.0)
    assert "eye contact 4" in score.detail["text"]
    assert child.grades()["icans"] == grade


def test_usual_behavior_as_the_parent_says_is_no_delirium(child: Bedside) -> None:
    high = {**WELL, **dict.fromkeys(list(ITEMS)[:4], "never")}
    child.record(CAPD, **high, **AWAKE, usual_behavior_per_parent="yes")
    assert child.grades()["icans"] == "0"


@pytest.mark.parametrize("rass", ["-4", "-5"])
def test_in_deep_sedation_the_items_are_not_valid(child: Bedside, rass: str) -> None:
    answer = child.send(CAPD, rass=rass, **WELL)
    page = Page(answer.text)
    assert answer.status_code == 422 and "not valid in sedation this deep" in page.words
    assert page.value("slow") == "never"
    facts = child.record(CAPD, rass=rass, consciousness="unarousable")
    assert {fact.what: fact.value or fact.choice for fact in facts} == {
        "rass_score": float(rass), "consciousness": "unarousable",
    }  # fmt: skip


@pytest.mark.parametrize("rass", ["-4", "-5"])
def test_a_deep_rass_alone_is_not_taken(child: Bedside, rass: str) -> None:
    """It would void the score, grade nothing, and leave the row without a word."""
    answer = child.send(CAPD, rass=rass)
    page = Page(answer.text)
    assert answer.status_code == 422 and "alone grades nothing" in page.words and "#consciousness" in page.links


def test_a_deep_rass_without_a_sedative_is_asked_about_and_counts(child: Bedside) -> None:
    """Lee 2019: unarousable is grade 4, where no sedative explains it."""
    answer = child.send(CAPD, rass="-5", consciousness="unarousable")
    page = Page(answer.text)
    assert answer.status_code == 422 and "this level counts as ICANS 4" in page.words
    assert child.post(CAPD, page.fields).status_code == 303
    assert child.grades()["icans"] == "4"


def test_a_deep_rass_under_a_sedative_is_not_asked_about(child: Bedside) -> None:
    child.record("give-drug", drug="propofol", how="started", dose="2", unit="mg/kg/h")
    child.site.now += HOUR
    assert child.send(CAPD, rass="-5", consciousness="unarousable").status_code == 303
    assert child.grades()["icans"] == "not assessable"


def test_a_deep_rass_of_a_child_who_wakes_to_voice_is_asked_about(child: Bedside) -> None:
    answer = child.send(CAPD, rass="-5", consciousness="awakens_to_voice")
    assert answer.status_code == 422 and "no response to a voice" in answer.text


def test_seven_items_make_no_total(child: Bedside) -> None:
    answer = child.send(CAPD, **{**WELL, "slow": ""})
    assert answer.status_code == 422 and "1 of the eight items" in answer.text


def test_unable_to_perform_is_a_choice_of_its_own_and_grade_4(child: Bedside) -> None:
    facts = child.record(CAPD, unable_to_perform="yes", consciousness="awakens_to_touch", note="does not respond")
    score = next(fact for fact in facts if fact.what == "capd_score")
    assert (score.choice, score.value, score.detail) == ("unable_to_perform", None, {"text": "does not respond"})
    assert child.grades()["icans"] == "4"


def test_unable_with_items_is_a_contradiction(child: Bedside) -> None:
    assert child.send(CAPD, unable_to_perform="yes", **WELL).status_code == 422


@pytest.mark.parametrize("field", ["rass", "eye_contact", "consciousness", "usual_behavior_per_parent"])
def test_an_answer_that_no_page_offers_is_refused(child: Bedside, field: str) -> None:
    assert child.send(CAPD, **{**WELL, field: "perhaps"}).status_code == 422
