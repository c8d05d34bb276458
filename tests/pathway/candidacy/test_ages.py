"""A finding that is too old is not known any more: it is measured again."""

from __future__ import annotations

import pytest

from cartway.pathway.answer import Answer, Criterion
from cartway.pathway.candidacy import Status, candidacy
from cartway.pathway.candidacy.ages import ages
from cartway.pathway.candidacy.rule import rules
from cartway.pathway.policies import load_policies
from cartway.vocabulary import vocabulary
from pathway.candidacy.drawn import center, course, day

LINE = "2025-03-01 line_of_therapy 1 until=2025-08-15 regimen=R-CHOP classes=anthracycline"
COUNT = "{0} neutrophils 2\n{0} hemoglobin 10\n{0} platelets 90"


def answer(drawn: str, id_: str, policy: str = "") -> Criterion:
    """One criterion of the whole answer on Nov 1, 2026."""
    found = candidacy(course(drawn), center(policy), on=day("2026-11-01"), jurisdiction="US", products=[])
    return next(each for each in (*found.fitness, *found.collectable.criteria) if each.id == id_)


@pytest.mark.parametrize(
    ("id_", "finding", "fresh"),
    [
        ("FIT-02", "ecog_score 0", "2026-10-05"),
        ("FIT-05", "lvef 65", "2026-06-01"),
        ("FIT-07", "creatinine_clearance 100", "2026-10-05"),
        ("FIT-08", "bilirubin 1", "2026-10-05"),
        ("FIT-09", "alt_ratio 1", "2026-10-05"),
        ("FIT-11", "infection_status none", "2026-10-20"),
        ("FIT-13", "hcv_antibody negative", "2026-06-01"),
        ("FIT-14", "hiv_test negative", "2026-06-01"),
        ("FIT-18", "pregnancy_test negative", "2026-10-20"),
        ("COL-01", "lymphocytes 1.5", "2026-10-05"),
    ],
)
def test_a_finding_of_years_ago_is_measured_again(id_: str, finding: str, fresh: str) -> None:
    old = answer(f"{LINE}\n2024-01-01 {finding}", id_)
    assert old.answer is Answer.unknown
    assert "measured again" in old.because and old.missing and old.facts
    assert answer(f"{LINE}\n2024-01-01 {finding}\n{fresh} {finding}", id_).answer is Answer.yes


@pytest.mark.parametrize(
    ("id_", "finding"), [("FIT-07", "creatinine_clearance 100"), ("COL-01", "lymphocytes 1.5"), ("COL-02", "cd3 200")]
)
def test_a_count_from_before_the_last_line_ended_says_nothing_of_today(id_: str, finding: str) -> None:
    line = "2026-09-20 line_of_therapy 1 until=2026-10-25 regimen=R-CHOP classes=anthracycline"
    before, after = answer(f"{line}\n2026-10-20 {finding}", id_), answer(f"{line}\n2026-10-26 {finding}", id_)
    assert (before.answer, after.answer) == (Answer.unknown, Answer.yes)
    assert "before the last line of therapy" in before.because
    running = "2026-10-25 line_of_therapy 1 regimen=R-CHOP classes=anthracycline"
    assert answer(f"{running}\n2026-10-20 {finding}", id_).answer is Answer.unknown


def test_the_oldest_of_several_counts() -> None:
    assert answer(f"{LINE}\n{COUNT.format('2026-10-25')}", "FIT-10").answer is Answer.yes
    drawn = f"{LINE}\n{COUNT.format('2026-10-25').replace('2026-10-25 platelets', '2026-08-25 platelets')}"
    assert answer(drawn, "FIT-10").answer is Answer.unknown


def test_a_poor_value_of_long_ago_is_not_held_against_anybody_but_an_infection_stands_until_looked_at_again() -> None:
    assert answer("2024-01-01 ecog_score 3", "FIT-02").answer is Answer.unknown
    assert answer("2024-01-01 lvef 30", "FIT-05").answer is Answer.unknown
    assert answer("2026-08-01 infection_status active", "FIT-11").answer is Answer.no
    assert answer("2026-08-01 pregnancy_test positive", "FIT-18").answer is Answer.no


def test_no_test_is_asked_of_whom_it_does_not_concern() -> None:
    assert answer("2020-01-01 sex male\n2020-01-01 pregnancy_test negative", "FIT-18").answer is Answer.yes


def test_a_center_sets_the_age_and_the_shipped_one_is_not_confirmed() -> None:
    drawn = "2026-10-10 infection_status none"
    shipped = answer(drawn, "FIT-11")
    assert (shipped.answer, shipped.decided_by) == (Answer.unknown, "candidacy_infection_max_age_days")
    assert not shipped.source.confirmed
    longer = "2026-01-01 center_policy 30 about=candidacy_infection_max_age_days"
    assert answer(drawn, "FIT-11", longer).answer is Answer.yes


def test_a_negative_test_that_is_old_raises_no_question_that_stops() -> None:
    drawn = course("2024-01-01 hiv_test negative\n2024-01-01 hcv_antibody negative")
    found = candidacy(drawn, center(), on=day("2026-11-01"), jurisdiction="US", products=[])
    assert found.status is Status.candidate_for_assessment


def test_every_row_names_a_criterion_its_variables_and_a_policy() -> None:
    for id_, age in ages().items():
        assert id_ in rules()
        assert set(age.of) <= set(vocabulary().variables)
        assert not load_policies().policies[f"candidacy_{age.policy}"].confirmed
