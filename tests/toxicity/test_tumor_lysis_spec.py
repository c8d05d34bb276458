"""Tumor lysis by Cairo and Bishop 2004: a drawn course, one question, the answer, the clause."""

from __future__ import annotations

import pytest

from cartway.record.fact import Fact
from toxicity.drawn import Saying, age, at, course, died, discharged, infused, said, seizure
from toxicity.further import TLS, because, decided, further, laboratory, shown

HIGH = {"uric_acid": 8.2, "potassium": 6.1}
NORMAL = {"uric_acid": 5.0, "potassium": 4.0, "phosphate": 3.0, "calcium": 9.0, "creatinine": 0.9}


def bloods(hour: float, **values: float) -> list[Fact]:
    """All four values and creatinine, normal but for those named."""
    return at(hour, *(laboratory(what, value) for what, value in {**NORMAL, **values}.items()))


def lysed(*parts: list[Fact], **values: float) -> list[Fact]:
    """A grown patient with laboratory tumor lysis on day 2."""
    return course(infused(), age(58), bloods(48, **HIGH, **values), *parts)


def measures(facts: list[Fact], hour: float, **policies: str | float) -> tuple[float, float]:
    """Laboratory and clinical tumor lysis, 1 or 0."""
    found = further(facts, TLS, hour, **policies)
    assert found is not None
    return found.measures["laboratory_tumor_lysis"], found.measures["clinical_tumor_lysis"]


@pytest.mark.parametrize(
    ("values", "there"),
    [
        ({"uric_acid": 8.0, "potassium": 6.0}, True),
        ({"uric_acid": 7.99, "potassium": 6.0}, False),
        ({"uric_acid": 8.0, "potassium": 5.99}, False),
        ({"uric_acid": 8.0, "phosphate": 4.5}, True),
        ({"uric_acid": 8.0, "phosphate": 4.48}, False),
        ({"uric_acid": 8.0, "calcium": 7.0}, True),
        ({"uric_acid": 8.0, "calcium": 7.02}, False),
        ({"uric_acid": 14.0}, False),
        ({"uric_acid": 9.0, "potassium": 7.0, "phosphate": 8.0, "calcium": 6.0}, True),
    ],
)
def test_two_of_four_values_at_or_beyond_their_limits(values: dict[str, float], there: bool) -> None:
    facts = course(infused(), age(58), bloods(48, **values))
    assert measures(facts, 49) == (float(there), 0.0)
    assert shown(facts, TLS, 49) == "0", "the grade is that of the clinical syndrome"


@pytest.mark.parametrize(
    ("years", "phosphate", "there"), [(9, 6.4, False), (9, 6.5, True), (17.9, 4.6, False), (18, 4.6, True)]
)
def test_a_child_s_limit_of_phosphate_is_higher(years: float, phosphate: float, there: bool) -> None:
    """2.1 mmol/L in children, 1.45 in adults."""
    facts = course(infused(), age(years), bloods(48, uric_acid=9.0, phosphate=phosphate))
    assert measures(facts, 49) == (float(there), 0.0)


def test_without_an_age_the_adult_limit_counts_and_says_so() -> None:
    facts = course(infused(), bloods(48, uric_acid=9.0, phosphate=5.0))
    assert measures(facts, 49) == (1.0, 0.0)
    assert decided(facts, TLS, 49) >= {"tls_child_years"}


def test_a_change_of_a_quarter_counts_like_a_limit_unless_the_center_follows_howard() -> None:
    facts = course(infused(), age(58), bloods(-24), bloods(48, uric_acid=6.25, potassium=5.0))
    assert measures(facts, 49) == (1.0, 0.0)
    assert because(facts, TLS, 49) >= {"uric_acid_changed", "potassium_changed"}
    assert decided(facts, TLS, 49) >= {"tls_change"}
    assert measures(facts, 49, tls_change="not_counted") == (0.0, 0.0)
    smaller = course(infused(), age(58), bloods(-24), bloods(48, uric_acid=6.2, potassium=5.0))
    assert measures(smaller, 49) == (0.0, 0.0)


def test_values_days_apart_count_by_cairo_and_bishop_and_not_by_howard() -> None:
    facts = course(infused(), age(58), bloods(24, uric_acid=9.0), bloods(96, potassium=6.5))
    assert measures(facts, 97) == (1.0, 0.0)
    assert decided(facts, TLS, 97) >= {"tls_together_hours"}
    assert measures(facts, 97, tls_together_hours=24) == (0.0, 0.0)


@pytest.mark.parametrize(("hour", "there"), [(-73, False), (-71, True), (7 * 24, True)])
def test_the_window_runs_from_three_days_before_to_seven_days_after(hour: float, there: bool) -> None:
    facts = course(infused(), age(58), bloods(hour, **HIGH))
    found = further(facts, TLS, max(hour, 0))
    assert found is not None
    assert bool(found.measures.get("laboratory_tumor_lysis")) is there


def test_after_the_window_no_new_syndrome_begins() -> None:
    facts = course(infused(), age(58), bloods(24), bloods(7 * 24 + 1, **HIGH))
    assert shown(facts, TLS, 7 * 24 + 2) == "not covered"


def test_a_clinical_syndrome_is_followed_beyond_the_window_until_it_has_gone() -> None:
    facts = lysed(creatinine=3.0)
    assert shown(facts, TLS, 200, observation_validity="until_replaced") == "2"
    assert shown([*facts, *bloods(220)], TLS, 221) == "not covered"


@pytest.mark.parametrize(
    ("creatinine", "grade"), [(1.7, "0"), (1.8, "1"), (1.81, "2"), (3.6, "2"), (3.61, "3"), (7.2, "3"), (7.21, "4")]
)
def test_the_grade_by_creatinine(creatinine: float, grade: str) -> None:
    """1.5 x limit: 1; above 1.5 to 3: 2; above 3 to 6: 3; above 6: 4. Here the limit was told as 1.2."""
    facts = lysed(at(49, laboratory("creatinine", creatinine, upper_limit=1.2)))
    assert shown(facts, TLS, 50) == grade
    assert measures(facts, 50)[1] == float(grade != "0")


def test_the_center_s_limit_of_creatinine_counts_where_none_was_told() -> None:
    facts = lysed(creatinine=2.4)
    assert shown(facts, TLS, 49) == "2"
    assert decided(facts, TLS, 49) >= {"tls_creatinine_upper_limit"}
    assert shown(facts, TLS, 49, tls_creatinine_upper_limit=0) == ">= 0 without creatinine_upper_limit"


@pytest.mark.parametrize(
    ("choice", "grade"), [("none", 0), ("no_treatment", 1), ("not_urgent", 2), ("urgent", 3), ("life_threatening", 4)]
)
def test_the_grade_by_arrhythmia(choice: str, grade: int) -> None:
    found = further(lysed(at(50, said("arrhythmia", choice))), TLS, 51)
    assert found is not None
    assert found.grade == grade


@pytest.mark.parametrize(
    ("fit", "grade"),
    [(seizure("none"), 0), (seizure(duration_min=1, returned_to_baseline=True), 2), (seizure(duration_min=9), 4)],
)
def test_the_grade_by_a_seizure_which_icans_may_explain(fit: Saying, grade: int) -> None:
    facts = lysed(at(50, fit))
    found = further(facts, TLS, 51)
    assert found is not None
    assert found.grade == grade
    if grade:
        assert decided(facts, TLS, 51) >= {"tls_seizure"}
        assert shown(facts, TLS, 51, tls_seizure="not_counted") == "0"


def test_a_clinical_sign_without_the_laboratory_syndrome_is_no_tumor_lysis() -> None:
    facts = course(infused(), age(58), bloods(48, creatinine=5.0), at(50, said("arrhythmia", "urgent")))
    assert measures(facts, 51) == (0.0, 0.0)


def test_the_worst_sign_sets_the_grade() -> None:
    facts = lysed(at(50, said("arrhythmia", "no_treatment"), seizure(duration_min=9)), creatinine=2.4)
    assert shown(facts, TLS, 51) == "4"


def test_too_few_values_are_not_a_no() -> None:
    facts = course(infused(), age(58), at(48, laboratory("uric_acid", 9.0), laboratory("potassium", 4.0)))
    assert shown(facts, TLS, 49) == "not assessable without phosphate, calcium"
    three = [*facts, *at(48, laboratory("phosphate", 3.0))]
    assert shown(three, TLS, 49) == "not assessable without calcium", "calcium could make it two"
    none_high = course(infused(), age(58), at(48, laboratory("uric_acid", 5.0), laboratory("potassium", 4.0),
                                              laboratory("phosphate", 3.0)))  # fmt: skip
    assert shown(none_high, TLS, 49) == "0", "one value cannot make it two"


def test_creatinine_that_nobody_read_is_missing() -> None:
    facts = course(infused(), age(58), at(48, laboratory("uric_acid", 9.0), laboratory("potassium", 6.5)))
    assert shown(facts, TLS, 49) == ">= 0 without creatinine"


def test_calcium_counts_uncorrected_and_says_so() -> None:
    facts = course(infused(), age(58), bloods(48, uric_acid=9.0, calcium=6.5))
    assert decided(facts, TLS, 49) >= {"tls_calcium"}
    assert measures(facts, 49, tls_calcium="not_counted") == (0.0, 0.0)


def test_discharge_and_death_end_the_watch() -> None:
    assert shown(lysed(discharged(60)), TLS, 61) == "not covered"
    assert shown(lysed(died(60)), TLS, 61) == "not covered"
