"""FIT-01 to FIT-10: organ function, performance, counts. EBMT/EHA defaults; Hayden 2022, Yakoub-Agha 2020."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.pathway.answer import Answer, Criterion, Severity
from cartway.pathway.candidacy.fitness import fitness
from cartway.pathway.candidacy.history import history
from cartway.pathway.candidacy.infections import infections
from cartway.pathway.policies import policies_of
from pathway.candidacy.drawn import center, course


def answer(drawn: str, id_: str, policy: str = "") -> Criterion:
    """The one criterion of a drawn course."""
    policies = policies_of(center(policy))
    return next(each for each in fitness(course(drawn), policies) if each.id == id_)


@pytest.mark.parametrize(
    ("drawn", "id_", "expected"),
    [
        ("2026-10-30 ecog_score 1", "FIT-02", "yes"),
        ("2026-10-30 ecog_score 2", "FIT-02", "no REL"),
        ("2026-10-30 ecog_score 3", "FIT-02", "no ABS"),
        ("2026-10-30 ecog_score 3 from_disease=yes", "FIT-02", "no ABS"),
        ("2026-10-30 ecog_score 3 from_disease=yes reversible=yes", "FIT-02", "no REL"),
        ("2026-10-30 ecog_score 3 from_disease=no reversible=no cause=stroke", "FIT-02", "no ABS"),
        ("2026-10-30 karnofsky_score 70", "FIT-02", "yes"),
        ("2026-10-30 lansky_score 60", "FIT-02", "no REL"),
        ("2026-10-30 life_expectancy 4", "FIT-03", "no REL"),
        ("2026-10-30 disease_pace fast", "FIT-04", "no REL"),
        ("2026-10-30 tumor_burden low", "FIT-04", "yes"),
        ("2026-10-30 lvef 41", "FIT-05", "yes"),
        ("2026-10-30 lvef 40", "FIT-05", "no REL"),
        ("2026-10-30 oxygen_saturation 92", "FIT-06", "yes"),
        ("2026-10-30 oxygen_saturation 91", "FIT-06", "no REL"),
        ("2026-10-30 creatinine_clearance 30", "FIT-07", "yes"),
        ("2026-10-30 creatinine_clearance 20", "FIT-07", "no REL"),
        ("2026-10-30 bilirubin 2", "FIT-08", "yes"),
        ("2026-10-30 bilirubin 2.4", "FIT-08", "no REL"),
        ("2026-10-30 bilirubin 2.4\n2026-10-30 liver_involvement gilbert", "FIT-08", "yes"),
        ("2026-10-30 bilirubin 2.6\n2026-10-30 liver_involvement gilbert", "FIT-08", "no REL"),
        ("2026-10-30 alt_ratio 3.9", "FIT-09", "yes"),
        ("2026-10-30 alt_ratio 1\n2026-10-30 ast_ratio 4.5", "FIT-09", "no REL"),
        ("2026-10-30 alt_ratio 6\n2026-10-30 liver_involvement involved", "FIT-09", "yes"),
        ("2026-10-30 alt 200 upper_limit=40", "FIT-09", "no REL"),
        ("2026-10-30 neutrophils 2\n2026-10-30 hemoglobin 10\n2026-10-30 platelets 30", "FIT-10", "yes"),
        ("2026-10-30 platelets 18", "FIT-10", "no REL"),
        ("2026-10-30 platelets 18\n2026-10-30 diagnosis b_all", "FIT-10", "yes"),
        ("2026-10-30 platelets 18\n2026-10-30 marrow_involvement involved", "FIT-10", "yes"),
        ("2026-10-30 platelets 18\n2026-10-30 diagnosis b_all\n2026-10-31 marrow_involvement none", "FIT-10", "no REL"),
    ],
)
def test_what_is_measured_is_held_against_the_default(drawn: str, id_: str, expected: str) -> None:
    found = answer(drawn, id_)
    assert " ".join([found.answer, *([found.severity] if found.answer is Answer.no else [])]) == expected
    assert found.facts


@pytest.mark.parametrize("id_", [f"FIT-{n:02}" for n in range(2, 11)])
def test_what_was_not_measured_is_unknown_and_names_the_test(id_: str) -> None:
    found = answer("", id_)
    assert found.answer is Answer.unknown
    assert all(each.what and each.words and each.settles for each in found.missing)
    assert found.missing


def test_counts_that_are_half_there_name_the_others() -> None:
    found = answer("2026-10-30 neutrophils 2", "FIT-10")
    assert [each.what for each in found.missing] == ["hemoglobin", "platelets"]


def test_a_saturation_measured_with_oxygen_says_nothing_about_room_air() -> None:
    found = answer("2026-10-29 oxygen_device nasal_cannula\n2026-10-30 oxygen_saturation 97", "FIT-06")
    assert found.answer is Answer.unknown
    assert answer("2026-10-29 oxygen_device room_air\n2026-10-30 oxygen_saturation 97", "FIT-06").answer is Answer.yes


def test_an_enzyme_without_the_laboratorys_limit_is_not_guessed() -> None:
    assert answer("2026-10-30 alt 200", "FIT-09").answer is Answer.unknown


def test_the_newest_value_counts() -> None:
    assert answer("2026-09-01 lvef 35\n2026-10-30 lvef 55", "FIT-05").answer is Answer.yes


def test_between_40_and_50_a_cardiologist_is_asked() -> None:
    assert "cardiologist" in answer("2026-10-30 lvef 45", "FIT-05").because


def test_a_center_loosens_or_tightens_a_limit_by_a_named_policy() -> None:
    policy = "2026-01-01 center_policy 60 about=candidacy_creatinine_clearance_at_least"
    found = answer("2026-10-30 creatinine_clearance 50", "FIT-07", policy)
    assert (found.answer, found.decided_by) == (Answer.no, "candidacy_creatinine_clearance_at_least")
    assert found.source.text == "The center's own policy"


def test_a_default_nobody_saw_in_a_source_says_so() -> None:
    assert not answer("2026-10-30 creatinine_clearance 50", "FIT-07").source.confirmed
    assert answer("2026-10-30 ecog_score 1", "FIT-02").source.confirmed


@given(years=st.integers(18, 110), ecog=st.integers(0, 2))
def test_age_alone_never_excludes(years: int, ecog: int) -> None:
    """Whatever the age, no criterion of fitness turns absolute, and none differs from that of a 40-year-old."""
    policies = policies_of(center())

    def asked(age: int) -> list[tuple[str, Answer, Severity]]:
        drawn = course(f"2026-10-30 age {age}\n2026-10-30 ecog_score {ecog}\n2026-10-30 lvef 60")
        found = [*fitness(drawn, policies), *infections(drawn), *history(drawn, policies)]
        return [(each.id, each.answer, each.severity) for each in found]

    assert asked(years) == asked(40)
    assert ("FIT-01", Answer.yes, Severity.note) in asked(years)
    assert not [id_ for id_, found, severity in asked(years) if found is Answer.no and severity is Severity.absolute]
