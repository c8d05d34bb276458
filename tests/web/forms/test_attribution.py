"""Another cause, by form: physicians only, with cause and end, the grade with and without shown first."""

from __future__ import annotations

import pytest

from cartway.times import HOUR, MINUTE
from cartway.toxicity.coding import FEATURES
from cartway.web.forms.attribution import SIGNS
from cartway.web.forms.ice import ASKED
from web.forms.bedside import Bedside, Page

ATTRIBUTE = "attribute"
SEPSIS = {"feature": "hypotension", "causes": "bleeding or fluid loss", "hours": "4"}


@pytest.fixture
def bed(physician: Bedside, nurse: Bedside) -> Bedside:
    """A physician at the bed of a fever with a low pressure and a vasopressor: grade 3."""
    nurse.record("chart-vitals", body_temperature="39", systolic_pressure="82", oxygen_device="room_air")
    nurse.record("give-drug", drug="norepinephrine", how="started", dose="0.1", unit="ug/kg/min")
    nurse.site.now += 10 * MINUTE
    return physician


def test_a_nurse_may_not(nurse: Bedside) -> None:
    assert nurse.client.get(nurse.path(ATTRIBUTE)).status_code == 403
    assert nurse.post(ATTRIBUTE, [("feature", "fever")]).status_code == 403


def test_only_what_counts_or_may_is_offered(bed: Bedside) -> None:
    page = bed.open(ATTRIBUTE)
    assert "Vasopressor counts now" in page.words
    assert "Hypotension counts now" in page.words, "a pressure with another cause excuses the drug that holds it"
    assert "Fever does not decide now" in page.words
    assert "Seizure" not in page.words and "Hypoxia" not in page.words


def test_what_is_there_beside_the_deciding_sign_is_offered_a_full_score_is_not(bed: Bedside, nurse: Bedside) -> None:
    """CRS 3 with a fever, a vasopressor and a cannula: each is a sign; an ICE of 10 is none."""
    nurse.record("chart-oxygen", oxygen_device="nasal_cannula", oxygen_flow="2")
    nurse.record("chart-ice", **dict.fromkeys(ASKED, "yes"), consciousness="awake")
    words = bed.open(ATTRIBUTE).words
    assert "Hypoxia does not decide now" in words and "Fever does not decide now" in words
    assert "Vasopressor counts now" in words and "ICE or CAPD" not in words


def test_every_sign_offered_is_a_feature_of_the_scales() -> None:
    assert {feature for features in SIGNS.values() for feature in features} == set(FEATURES)


def test_the_grade_with_and_without_is_shown_before_anything_is_recorded(bed: Bedside) -> None:
    before = bed.site.office.log.position()
    answer = bed.send(ATTRIBUTE, feature="vasopressor", causes="sedation", cause="propofol", hours="8")
    page = Page(answer.text)
    assert answer.status_code == 200
    assert "CRS will be shown as 2 (3 if not excused)" in page.words
    assert bed.site.office.log.position() == before
    assert bed.post(ATTRIBUTE, page.fields).status_code == 303
    fact = bed.site.facts(bed.course)[-1]
    assert (fact.what, fact.choice, fact.detail["cause"]) == ("attribution", "vasopressor", "sedation: propofol")
    assert fact.until == fact.at + 8 * HOUR
    assert bed.grades()["crs"] == "2"


def test_what_was_changed_after_the_grades_were_shown_is_shown_again(bed: Bedside) -> None:
    page = Page(bed.send(ATTRIBUTE, feature="vasopressor", causes="sedation", hours="8").text)
    answer = bed.post(ATTRIBUTE, page.filled(feature="hypotension"))
    assert answer.status_code == 200 and "Not recorded yet" in answer.text


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"feature": ""}, "feature", "No sign is chosen"),
        ({"feature": "gloom"}, "feature", "no such choice"),
        ({"causes": ""}, "causes", "names the other cause"),
        ({"causes": "fate"}, "causes", "no such choice"),
        ({"cause": "a" * 201}, "cause", "more than 200 characters"),
        ({"hours": "soon"}, "hours", "no such choice"),
        ({"hours": "48"}, "hours", "no such choice"),
        ({"ends": "2026-03-16 13:00"}, "ends", "before the start"),
        ({"ends": "2026-03-18T14:00"}, "ends", "at most 24 hours"),
        ({"ends": "soon"}, "ends", "cannot be read"),
    ],
)
def test_cause_and_end_are_required_and_the_end_is_capped(
    bed: Bedside, typed: dict[str, str], field: str, reason: str
) -> None:
    answer = bed.send(ATTRIBUTE, **{**SEPSIS, **typed})
    page = Page(answer.text)
    assert answer.status_code == 422 and reason in page.words
    assert f"#{field}" in page.links and field in page.ids


def test_one_that_was_made_is_listed_and_can_be_ended(bed: Bedside) -> None:
    bed.record(ATTRIBUTE, **{**SEPSIS, "feature": "vasopressor"})
    assert bed.grades()["crs"] == "2"
    bed.site.now += HOUR
    page = bed.open(ATTRIBUTE)
    assert "Vasopressor : bleeding or fluid loss from 14:10, until 18:10" in page.words
    end = next(form for form in page.forms if any(name == "end" for name, _ in form))
    shown = Page(bed.post(ATTRIBUTE, end).text)
    assert "Not recorded yet" in shown.words
    assert bed.post(ATTRIBUTE, shown.fields).status_code == 303
    fact = next(fact for fact in bed.site.facts(bed.course) if fact.what == "attribution")
    assert fact.amends and fact.until == bed.site.now and fact.reason == "ended at the bedside"
    assert bed.grades()["crs"] == "3"
    assert "ended 15:10" in bed.open(ATTRIBUTE).words


def test_ending_one_that_is_not_there_is_explained(bed: Bedside) -> None:
    page = bed.open(ATTRIBUTE)
    answer = bed.post(ATTRIBUTE, [*page.fields, ("end", "1")])
    assert answer.status_code == 422 and "not there any more" in answer.text


def test_one_that_grew_worse_counts_again_and_is_shown_so(bed: Bedside, nurse: Bedside) -> None:
    """Policy `attribution_worsening`: a second vasopressor is more than what was judged."""
    bed.record(ATTRIBUTE, **{**SEPSIS, "feature": "vasopressor"})
    bed.site.now += 20 * MINUTE
    assert "excused now" in bed.open(ATTRIBUTE).words
    nurse.record("give-drug", drug_named="epinephrine", how="started", dose="0.1", unit="ug/kg/min")
    assert bed.grades()["crs"] == "4"
    words = bed.open(ATTRIBUTE).words
    assert "worse since 14:30: counts again" in words and "Vasopressor counts now" in words
    bed.record(ATTRIBUTE, feature="vasopressor", causes="sedation", hours="4")
    assert bed.grades()["crs"] == "2"


def test_no_span_is_chosen_for_anybody(bed: Bedside) -> None:
    """The longest by default would be an excuse that nobody decided on."""
    assert bed.open(ATTRIBUTE).value("hours") == ""
    answer = bed.send(ATTRIBUTE, feature="vasopressor", causes="sedation")
    assert answer.status_code == 422 and "Choose for how long it holds" in answer.text
    bed.record(ATTRIBUTE, feature="vasopressor", causes="sedation", hours="24")
    fact = bed.site.facts(bed.course)[-1]
    assert fact.until == fact.at + 24 * HOUR
