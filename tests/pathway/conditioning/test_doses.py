"""Lymphodepletion doses: what the label's regimen comes to, and every reason for which there is none."""

from __future__ import annotations

import math
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.pathway.conditioning import Case, DrugDose, lymphodepletion, renal_function, surface_area, weight
from cartway.pathway.conditioning.measured import Measured
from cartway.record import Fact
from pathway.conditioning.cases import AXI, BODY, NOW, OBE, TISA, drawn
from pathway.manufacture.drawn import fact


def doses(case: Case) -> dict[str, DrugDose]:
    usual = lymphodepletion(case).usual
    return {dose.drug: dose for dose in usual.doses} if usual is not None else {}


def codes(case: Case) -> set[str]:
    found = lymphodepletion(case)
    return {refusal.code for each in found.regimens for dose in each.doses for refusal in dose.refusals} | {
        refusal.code for refusal in found.refusals
    }


def no_dose(case: Case) -> bool:
    return all(dose.mg is None for each in lymphodepletion(case).regimens for dose in each.doses)


def without(*whats: str) -> list[Fact]:
    return [each for each in BODY if each.what not in whats]


def measured(what: str, value: str) -> Measured:
    return Measured(what, Decimal(value), "")


@pytest.mark.parametrize(
    ("cm", "kg", "m2"),
    [("180", "80", "2.00"), ("160", "60", "1.63"), ("150", "50", "1.44"), ("110", "20", "0.78"), ("172", "70", "1.83")],
)
def test_mosteller(cm: str, kg: str, m2: str) -> None:
    """Square root of (cm x kg / 3600): 180 x 80 / 3600 is 4, and so on, by hand."""
    found = surface_area(measured("body_height", cm), measured("body_weight", kg))
    assert found.m2 == Decimal(m2)
    assert "doi 10.1056/NEJM198710223171717" in found.source.text


def test_the_doses_of_the_yescarta_label() -> None:
    """Cyclophosphamide 500 and fludarabine 30 mg/m2 on days -5, -4 and -3; at 2.00 m2 that is 1000 and 60 mg."""
    found = doses(drawn())
    assert (found["cyclophosphamide"].mg, found["fludarabine"].mg) == (Decimal(1000), Decimal(60))
    assert found["fludarabine"].days == (-5, -4, -3)


def test_rounding_is_stated_and_exact() -> None:
    """1.63 m2 x 30 is 48.90: 49 to the milligram, halves up; 50 to a multiple of 5."""
    small = [fact(30, "body_height", 160), fact(30, "body_weight", 60), fact(30, "creatinine", 0.6)]
    body = [*without("body_height", "body_weight", "creatinine"), *small]
    case = drawn(body=body)
    assert doses(case)["fludarabine"].exact_mg == Decimal("48.90")
    assert doses(case)["fludarabine"].mg == 49
    fives = fact(1, "center_policy", 5, "lymphodepletion_rounding_mg", policy="lymphodepletion_rounding_mg")
    assert doses(drawn(body=body, center=[fives]))["fludarabine"].mg == 50


def test_cockcroft_gault_by_hand() -> None:
    """(140 - 60) x 80 / (72 x 0.9) is 98.8; a woman's is 15 % less: 84.0."""
    case = drawn()
    assert renal_function(case, weight(case)).ml_min == 99
    woman = drawn(body=[*without("sex"), fact(0, "sex", "female")])
    assert renal_function(woman, weight(woman)).ml_min == 84


class TestKidneys:
    """No number is printed for reduced kidneys and these regimens: the sources are quoted, no dose is worked out."""

    reduced = drawn(body=[*without("creatinine"), fact(30, "creatinine", 1.4)])

    def test_fludarabine_yields_no_dose_and_quotes_the_sources(self) -> None:
        dose = doses(self.reduced)["fludarabine"]
        assert (dose.mg, dose.exact_mg) == (None, None)
        (refusal,) = dose.refusals
        assert refusal.code == "renal_function_reduced"
        assert "63 mL/min" in refusal.words  # 80 x 80 / (72 x 1.4)
        assert any("20 mg/m2 from 50 to 79" in quote.text for quote in refusal.quotes)
        assert any("EBMT" in quote.text and not quote.confirmed for quote in refusal.quotes)

    def test_cyclophosphamide_is_not_reduced_by_these_sources(self) -> None:
        assert doses(self.reduced)["cyclophosphamide"].mg == 1000

    def test_the_limit_is_a_policy_of_the_center(self) -> None:
        sixty = fact(1, "center_policy", 60, "fludarabine_full_dose_from_ml_min")
        body = [*without("creatinine"), fact(30, "creatinine", 1.4)]
        assert doses(drawn(body=body, center=[sixty]))["fludarabine"].mg == 60

    def test_a_measured_clearance_goes_before_an_estimate(self) -> None:
        assert doses(drawn(fact(30, "creatinine_clearance", 110)))["fludarabine"].mg == 60

    def test_measured_and_estimated_on_two_sides_contradict_each_other(self) -> None:
        case = drawn(fact(30, "creatinine_clearance", 60))
        assert "creatinine_clearance_contradictory" in codes(case)
        assert no_dose(case)

    def test_a_rising_creatinine_is_no_steady_state(self) -> None:
        """KDIGO 2012: 0.3 mg/dL within 48 hours. Cockcroft-Gault does not hold then."""
        case = drawn(body=[*without("creatinine"), fact(29, "creatinine", 0.6), fact(30, "creatinine", 0.9)])
        assert "creatinine_not_steady" in codes(case)
        assert no_dose(case)

    def test_a_child_needs_a_measured_clearance(self) -> None:
        """Cockcroft and Gault measured adults from 18 to 92."""
        child = [fact(0, "age", 9), fact(0, "sex", "female"), fact(30, "body_height", 135), fact(30, "body_weight", 30)]
        case = drawn(body=[*child, fact(30, "creatinine", 0.5)], product=TISA, diagnosis="b_all")
        assert "renal_function_unknown" in codes(case)
        able = drawn(body=[*child, fact(30, "creatinine_clearance", 120)], product=TISA, diagnosis="b_all")
        assert doses(able)["fludarabine"].mg is not None

    @pytest.mark.parametrize("sex", ["other", "unknown"])
    def test_a_formula_for_two_sexes_is_not_guessed_for_a_third(self, sex: str) -> None:
        case = drawn(body=[*without("sex"), fact(0, "sex", sex)])
        assert doses(case)["fludarabine"].mg is None


BAD: dict[str, tuple[list[Fact], str]] = {
    "no weight": (without("body_weight"), "body_weight_missing"),
    "no height": (without("body_height"), "body_height_missing"),
    "no creatinine": (without("creatinine"), "creatinine_missing"),
    "old weight": ([*without("body_weight"), fact(20, "body_weight", 80)], "body_weight_stale"),
    "old creatinine": ([*without("creatinine"), fact(25, "creatinine", 0.9)], "creatinine_stale"),
    "grams": ([*without("body_weight"), fact(30, "body_weight", 650)], "body_weight_implausible"),
    "meters": ([*without("body_height"), fact(30, "body_height", 21)], "body_height_implausible"),
    "pounds for kilograms": ([*BODY, fact(28, "body_weight", 36)], "body_weight_implausible"),
    "another height": ([*BODY, fact(10, "body_height", 165)], "body_height_implausible"),
    "two weights of one day": ([*BODY, fact(30.25, "body_weight", 74)], "body_weight_contradictory"),
    "two heights of one day": ([*BODY, fact(30.25, "body_height", 170)], "body_height_contradictory"),
    "creatinine of zero": ([*without("creatinine"), fact(30, "creatinine", 0)], "creatinine_implausible"),
}


SWAPPED = {
    "a digit lost": (60, 180, 17),
    "a height of a small child": (60, 75, 80),
    "height and weight exchanged": (60, 80, 180),
    "a body beyond the policy": (60, 160, 220),
    "a child as thin as none is": (9, 135, 12),
    "nobody knows the age": (None, 160, 140),
}


@pytest.mark.parametrize("name", SWAPPED)
def test_no_dose_of_a_body_that_nobody_has(name: str) -> None:
    """Each number alone is plausible; together they are not."""
    age, tall, heavy = SWAPPED[name]
    found = [fact(30, "body_height", tall), fact(30, "body_weight", heavy), fact(30, "creatinine_clearance", 110)]
    case = drawn(body=[fact(0, "sex", "male"), *found, *([fact(0, "age", age)] if age else [])])
    assert "body_weight_implausible" in codes(case)
    assert no_dose(case)
    assert weight(case).policy.startswith("body_mass_index_")
    assert not case.policies.confirmed(weight(case).policy)


def test_a_heavy_body_within_the_policy_of_the_center_has_its_dose() -> None:
    kept = without("body_weight", "body_height", "creatinine")
    body = [*kept, fact(30, "body_height", 160), fact(30, "body_weight", 170), fact(30, "creatinine", 1.2)]
    assert no_dose(drawn(body=body))
    wider = fact(1, "center_policy", 70, "body_mass_index_highest")
    assert doses(drawn(body=body, center=[wider]))["cyclophosphamide"].mg is not None


def test_an_estimated_clearance_that_nobody_has_yields_no_dose() -> None:
    """Creatinine 0.1: 889 mL/min by the formula; a measured clearance is not plausible above 200."""
    case = drawn(body=[*without("creatinine"), fact(30, "creatinine", 0.1)])
    assert "creatinine_clearance_implausible" in codes(case)
    assert no_dose(case)


@pytest.mark.parametrize("name", BAD)
def test_no_dose_of_a_number_that_cannot_be_stood_on(name: str) -> None:
    """Missing, stale, implausible, contradictory: no dose of any drug, the flaw is named, the label is quoted."""
    body, code = BAD[name]
    case = drawn(body=body)
    assert code in codes(case)
    assert no_dose(case)
    refusals = [each for dose in doses(case).values() for each in dose.refusals if each.code == code]
    assert len(refusals) == 2
    assert all(each.quotes and each.words for each in refusals)


def test_a_newer_weight_that_could_not_be_read_is_not_passed_over() -> None:
    lost = msgspec.structs.replace(fact(30.625, "unreadable"), detail={"variable": "body_weight"})
    case = drawn(lost)
    assert "body_weight_unreadable" in codes(case)
    assert no_dose(case)


def test_a_regimen_from_knowledge_only_is_quoted_never_worked_out() -> None:
    """Obecabtagene's lymphodepletion was not seen in a source: `confirmed` is false."""
    case = drawn(product=OBE, diagnosis="b_all")
    assert no_dose(case)
    assert codes(case) == {"not_confirmed"}
    dose = doses(case)["fludarabine"]
    assert dose.refusals[0].quotes[0].confirmed is False


def test_two_products_or_none_name_no_regimen() -> None:
    assert codes(drawn(fact(20, "batch", None, "B1", product=TISA))) == {"two_products"}
    assert codes(drawn(product="other")) == {"no_product"}


def test_another_places_label_is_not_borrowed() -> None:
    """Nothing is held of a Chinese text on lymphodepletion: none is shown."""
    assert codes(drawn(jurisdiction="CN")) == {"no_label"}


def test_no_diagnosis_no_regimen() -> None:
    case = drawn(diagnosis="other")
    assert codes(case) == {"no_diagnosis"}


def test_kymriahs_alternative_is_shown_with_its_condition() -> None:
    found = lymphodepletion(drawn(product=TISA))
    other = next(each for each in found.regimens if each.regimen.alternative)
    assert other.doses[0].drug == "bendamustine"
    assert other.doses[0].mg == 180
    assert "hemorrhagic cystitis" in other.regimen.condition


PLAUSIBLE = {"body_weight": (2, 250), "body_height": (40, 215), "creatinine": (0.1, 25)}
NEEDED = sorted(PLAUSIBLE)


@given(st.sampled_from(NEEDED).flatmap(lambda what: st.tuples(st.just(what), unusable(what))), st.floats(30.51, NOW))
def test_a_newest_number_that_is_none_yields_no_dose_whatever_went_before(
    said: tuple[str, float | None], day: float
) -> None:
    """No number, not a number, infinite, or outside the plausible range."""
    what, value = said
    lost = msgspec.structs.replace(fact(day, what), value=value, unit="")
    assert no_dose(drawn(lost))


@given(st.sampled_from(NEEDED), st.floats(0, 27))
def test_an_old_number_yields_no_dose(what: str, day: float) -> None:
    """Older than the policy says: 3 days for the weight, 2 for the creatinine; of the height a year and more."""
    days_ago = 400.0 if what == "body_height" else 0.0
    old = next(each for each in BODY if each.what == what)
    moved = msgspec.structs.replace(old, at=old.at - int((30.5 - day + days_ago) * 86_400_000_000))
    assert no_dose(drawn(moved, body=without(what)))


def unusable(what: str) -> st.SearchStrategy[float | None]:
    low, high = PLAUSIBLE[what]
    return st.one_of(
        st.sampled_from([None, float("nan"), float("inf"), float("-inf"), 0.0, -1.0]),
        st.floats(max_value=low, exclude_max=True, allow_infinity=False),
        st.floats(min_value=high, exclude_min=True, allow_infinity=False),
    )


numbers = st.one_of(
    st.none(),
    st.sampled_from([79.0, 80.0, 81.5, 82.9, 88.0, 176.0, 179.0, 0.85, 0.9, 1.0, 1.3, 100.0]),
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(min_value=0.01, max_value=700),
)
days = st.floats(min_value=0, max_value=NOW)
measurements = st.lists(
    st.tuples(st.sampled_from(["body_weight", "body_height", "creatinine", "creatinine_clearance"]), days, numbers),
    max_size=8,
)


@given(more=measurements, dropped=st.sets(st.sampled_from(["body_weight", "body_height", "creatinine", "sex", "age"])))
def test_no_dose_ever_comes_of_a_bad_number(more: list[tuple[str, float, float | None]], dropped: set[str]) -> None:
    """Whatever is measured: where a dose comes out, each number behind it is fresh, plausible and uncontradicted.

    The conditions are written here anew, from the policies' words.
    """
    facts = [msgspec.structs.replace(fact(day, what), value=value, at=fact(day, what).at) for what, day, value in more]
    case = drawn(*facts, body=without(*dropped), product=AXI)
    found = lymphodepletion(case)
    given_mg = [dose.mg for each in found.regimens for dose in each.doses if dose.mg is not None]
    if not given_mg:
        return
    assert found.surface.m2 is not None
    day = 86_400_000_000
    for what, lowest, highest, oldest in (("body_weight", 2, 250, 3), ("body_height", 40, 215, 365)):
        stated = case.course.all(what)
        newest = stated[-1]
        assert newest.value is not None
        assert lowest <= newest.value <= highest
        assert case.now - newest.at <= oldest * day
        same_day = [each.value for each in stated if newest.at - each.at <= day and each.value is not None]
        usable = [value for value in same_day if math.isfinite(value)]
        assert all(abs(newest.value - value) <= 0.0300001 * min(newest.value, value) for value in usable)
    for dose in (dose for each in found.regimens for dose in each.doses if dose.mg is not None):
        assert dose.mg is not None
        assert dose.exact_mg == dose.mg_m2 * found.surface.m2
        assert abs(dose.mg - dose.exact_mg) <= Decimal("0.5")
        if dose.drug == "fludarabine":
            assert found.renal.ml_min is not None
            assert found.renal.ml_min >= 80
