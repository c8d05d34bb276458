"""What could fit comes first, with why; the center's own trials and what was recorded are shown with it."""

from __future__ import annotations

from typing import Any

from cartway.pathway.answer import Answer
from cartway.pathway.course import Course
from cartway.pathway.trials import Fit, Trial, match, read_paths
from cartway.times import parse
from pathway.trials.draw import DATA, EXAMPLES, ON, fact, nobody, read, study, woman


def trial(number: int, **record: Any) -> Trial:
    return read(study(number=f"NCT0000000{number}", **record))


def center(*trials: str) -> Course:
    offer = fact("center_offer", "open", about="center", detail={"trials": list(trials)})
    return Course([offer], parse("2026-03-16T12:00Z"))


def test_what_could_fit_comes_first_and_what_does_not_comes_last() -> None:
    trials = [
        trial(1, conditions=["Multiple Myeloma"]),
        trial(2, status="NOT_YET_RECRUITING"),
        trial(3, conditions=["Covid19"]),
        trial(4),
        trial(5, minimumAge="65 Years"),
    ]
    found = [(each.trial.id[-1], each.fit) for each in match(woman(), trials, ON)]
    assert found == [("4", Fit.could), ("3", Fit.unknown), ("2", Fit.later), ("5", Fit.no), ("1", Fit.no)]


def test_of_those_that_cannot_be_told_the_one_that_names_the_condition_comes_first() -> None:
    found = match(woman(), [trial(1, conditions=["Covid19"]), trial(2, taken="2021-03-02")], ON)
    assert [each.trial.id[-1] for each in found] == ["2", "1"]


def test_a_missing_fact_never_makes_a_trial_unfit() -> None:
    found = match(nobody(), read_paths([EXAMPLES]).trials, ON)
    lasting = [each for each in found if each.fit is Fit.no]
    assert all("it takes nobody more" in each.why for each in lasting)
    assert {each.trial.id for each in lasting} == {"NCT04779606", "NCT02513394"}


def test_a_site_far_away_is_told_and_does_not_decide() -> None:
    home = fact("travel_time", value=40, unit="min", detail={"country": "US"})
    (found,) = match(woman(58, "dlbcl", home), [trial(1, countries=["Belgium"])], ON)
    answers = {each.id: each.finding.answer for each in found.answers}
    assert (found.fit, answers["country"]) == (Fit.could, Answer.no)


def test_why_names_what_is_not_met_before_what_is_not_known() -> None:
    (found,) = match(woman(), [trial(1, minimumAge="65 Years", status="")], ON)
    assert found.why.startswith("not met: age")


def test_the_centers_own_trials_are_marked_and_come_before_others_alike() -> None:
    found = match(woman(), [trial(1), trial(2)], ON, center("NCT00000002"))
    assert [(each.trial.id[-1], each.here) for each in found] == [("2", True), ("1", False)]


def test_what_was_recorded_of_a_trial_is_shown_with_it() -> None:
    talk = fact("trial_option", "discussed", about="NCT00000001")
    found = match(woman(58, "dlbcl", talk), [trial(1), trial(2)], ON)
    assert [each.said.choice if each.said else "" for each in found] == ["discussed", ""]


def test_the_policy_of_the_center_says_how_old_a_copy_may_be() -> None:
    week = fact("center_policy", about="trial_record_days", value=7.0)
    (found,) = match(woman(), [trial(1)], ON, Course([week], parse("2026-03-16T12:00Z")))
    assert found.fit is Fit.unknown


def test_the_real_samples_are_read_whole() -> None:
    found = read_paths([EXAMPLES, DATA])
    assert [str(each) for each in found.problems] == []
    assert len(found.trials) == 12 + 2 + 3
    car_t = next(each for each in found.trials if each.id == "NCT04780529")
    assert (car_t.title, len(car_t.text.inclusion), len(car_t.text.exclusion)) == (
        "CART Therapy in Digestive System Tumors",
        15,
        17,
    )
    assert car_t.conditions == ("Malignant Neoplasms of Digestive Organs",)


def test_why_names_the_leaves_of_a_tree_that_decide() -> None:
    found = match(woman(), [each for each in read_paths([EXAMPLES]).trials if each.id == "DEMO-TREE-6"], ON)
    assert found[0].why == "not known: criteria (CD19 positive: CD19 not tested)"
