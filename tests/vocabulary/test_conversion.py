"""Units: what each spelling is worth, against exact fractions written here by hand from the sources named."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.problem import Problem
from cartway.vocabulary import Conversion, Variable, convert, read_unit, read_value, vocabulary

# variable, unit as given, exact scale, exact offset, where the number comes from
EXACT = [
    ("body_temperature", "[degF]", Fraction(5, 9), Fraction(-160, 9)),  # NIST SP 811, B.8
    ("body_temperature", "K", Fraction(1), Fraction("-273.15")),  # SI brochure
    ("systolic_pressure", "kPa", 1 / Fraction("0.133322387415"), Fraction(0)),  # 13595.1 kg/m3 x 9.80665 m/s2 x 1 mm
    ("inspired_oxygen", "1", Fraction(100), Fraction(0)),
    ("oxygen_flow", "mL/min", Fraction(1, 1000), Fraction(0)),
    ("body_weight", "[lb_av]", Fraction("0.45359237"), Fraction(0)),  # international pound, 1959
    ("body_height", "[in_i]", Fraction("2.54"), Fraction(0)),
    ("neutrophils", "/uL", Fraction(1, 1000), Fraction(0)),
    ("platelets", "10*3/uL", Fraction(1), Fraction(0)),
    ("cd4", "10*9/L", Fraction(1000), Fraction(0)),
    ("crp", "mg/dL", Fraction(10), Fraction(0)),
    ("ferritin", "ug/L", Fraction(1), Fraction(0)),
    ("il6", "ng/L", Fraction(1), Fraction(0)),
    ("ldh", "ukat/L", Fraction(60), Fraction(0)),  # 1 kat is 1 mol/s, 1 U is 1 umol/min
    ("fibrinogen", "g/L", Fraction(100), Fraction(0)),
    ("creatinine", "umol/L", 1 / Fraction("88.42"), Fraction(0)),
    ("triglycerides", "mmol/L", 1 / Fraction("0.01129"), Fraction(0)),
    ("hemoglobin", "g/L", Fraction(1, 10), Fraction(0)),
    ("hemoglobin", "mmol/L", Fraction("1.611"), Fraction(0)),
    ("potassium", "meq/L", Fraction(1), Fraction(0)),
    ("calcium", "mmol/L", Fraction("4.0078"), Fraction(0)),
    ("calcium", "meq/L", Fraction("2.0039"), Fraction(0)),
    ("uric_acid", "umol/L", Fraction("0.016811"), Fraction(0)),
    ("bilirubin", "umol/L", Fraction("0.058466"), Fraction(0)),
    ("phosphate", "mmol/L", Fraction("3.0974"), Fraction(0)),
    ("age", "mo", Fraction(1, 12), Fraction(0)),
    ("igg", "g/L", Fraction(100), Fraction(0)),
]


def variable(name: str) -> Variable:
    return vocabulary().variables[name]


def within_twelve_digits(number: float, exact: Fraction) -> bool:
    """Whether a float is the exact number rounded to twelve significant digits (a tie may fall either way)."""
    if exact == 0:
        return number == 0
    leading = Fraction(10) ** math.floor(math.log10(abs(exact)))
    return abs(Fraction(number) - exact) <= Fraction("5.001e-12") * leading


@pytest.mark.parametrize(("name", "unit", "scale", "offset"), EXACT, ids=[f"{row[0]}-{row[1]}" for row in EXACT])
@given(hundredths=st.integers(min_value=1, max_value=10_000_000))
def test_a_conversion_is_the_exact_one_to_twelve_digits(
    name: str, unit: str, scale: Fraction, offset: Fraction, hundredths: int
) -> None:
    value = hundredths / 100
    converted = variable(name).units[unit].to_canonical(value)
    exact = Fraction(value) * scale + offset
    if abs(exact) > Fraction(1, 100):  # below a hundredth of a degree from zero the subtraction itself eats digits
        assert within_twelve_digits(converted, exact)


@given(tenths=st.integers(min_value=770, max_value=1130))
def test_fahrenheit_in_tenths_reads_as_a_person_would_write_it(tenths: int) -> None:
    exact = (Fraction(tenths, 10) - 32) * Fraction(5, 9)
    assert read_value(variable("body_temperature"), tenths / 10, "F") == float(f"{float(exact):.12g}")


def test_the_fever_threshold_is_the_same_number_in_both_scales() -> None:
    """100.4 degrees Fahrenheit is exactly 38.0 Celsius: Lee 2019 gives the threshold in both."""
    assert read_value(variable("body_temperature"), 100.4, "[degF]") == 38.0
    assert read_value(variable("body_temperature"), 100.3, "[degF]") == 37.9444444444


@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_the_canonical_unit_changes_nothing(value: float) -> None:
    assert Conversion("mg/dL").to_canonical(value) == value


@pytest.mark.parametrize("name", sorted(vocabulary().variables))
def test_every_spelling_reads_as_its_unit_and_no_capital_letters_change_that(name: str) -> None:
    """All capitals are UCUM's case-insensitive form; where that is ambiguous the answer is a problem, never another."""
    one = variable(name)
    for spelling, conversion in one.units.items():
        assert read_unit(one, spelling) == conversion
        loose = read_unit(one, spelling.upper())
        assert isinstance(loose, Problem) or loose == conversion or one.units.get(spelling.upper()) == loose


TYPED = [
    ("body_temperature", "C", 38.4, 38.4),
    ("body_temperature", "Cel", 38.4, 38.4),
    ("body_temperature", "CEL", 38.4, 38.4),
    ("body_temperature", "degC", 38.4, 38.4),
    ("body_temperature", "°C", 38.4, 38.4),
    ("body_temperature", "deg F", 100.4, 38.0),
    ("body_temperature", "degF", 100.4, 38.0),
    ("body_temperature", "F", 100.4, 38.0),
    ("body_temperature", "[degF]", 100.4, 38.0),
    ("systolic_pressure", "mmHg", 88, 88.0),
    ("systolic_pressure", "mm Hg", 88, 88.0),
    ("systolic_pressure", "MMHG", 88, 88.0),
    ("systolic_pressure", "mm[Hg]", 88, 88.0),
    ("systolic_pressure", "kPa", 12, 90.0073891015),
    ("systolic_pressure", "kpa", 12, 90.0073891015),
    ("heart_rate", "bpm", 120, 120.0),
    ("heart_rate", "{beats}/min", 120, 120.0),
    ("respiratory_rate", "{Breaths}/min", 20, 20.0),
    ("oxygen_saturation", "%", 93, 93.0),
    ("oxygen_saturation", "fraction", 0.93, 93.0),
    ("oxygen_saturation", "%{O2}", 93, 93.0),
    ("inspired_oxygen", "fraction", 0.21, 21.0),
    ("inspired_oxygen", "fraction", 1.0, 100.0),
    ("inspired_oxygen", "%", 40, 40.0),
    ("oxygen_flow", "L/min", 6, 6.0),
    ("oxygen_flow", "l/min", 6, 6.0),
    ("oxygen_flow", "LPM", 6, 6.0),
    ("neutrophils", "/uL", 500, 0.5),
    ("neutrophils", "/µL", 500, 0.5),
    ("neutrophils", "cells/uL", 500, 0.5),
    ("neutrophils", "{cells}/uL", 500, 0.5),
    ("neutrophils", "10^9/L", 0.5, 0.5),
    ("neutrophils", "10*9/L", 0.5, 0.5),
    ("neutrophils", "x 10^9 / L", 0.5, 0.5),
    ("neutrophils", "10⁹/L", 0.5, 0.5),
    ("neutrophils", "10e9/l", 0.5, 0.5),
    ("platelets", "10*3/uL", 20, 20.0),
    ("platelets", "10^3/µL", 20, 20.0),
    ("platelets", "K/uL", 20, 20.0),
    ("platelets", "k/ul", 20, 20.0),
    ("platelets", "10*3/uL{cells}", 20, 20.0),
    ("ice_score", "{score}", 7, 7.0),
    ("ice_score", "score", 7, 7.0),
    ("ice_score", "points", 7, 7.0),
    ("ice_score", "", 7, 7.0),
    ("age", "a", 58, 58.0),
    ("age", "years", 58, 58.0),
    ("age", "mo", 6, 0.5),
    ("potassium", "mEq/L", 5.1, 5.1),
    ("ferritin", "µg/L", 420, 420.0),
    ("crp", "MG/DL", 5.5, 55.0),
    ("ldh", "IU/L", 480, 480.0),
    ("car_t_copies", "copies/µg DNA", 12000, 12000.0),
    ("d_dimer", "mg/L FEU", 1.5, 1500.0),
    ("inr", "", 1.2, 1.2),
    ("fluid_bolus", "L", 1, 1000.0),
]


@pytest.mark.parametrize(("name", "unit", "value", "expected"), TYPED, ids=[f"{row[0]}-{row[1]}" for row in TYPED])
def test_what_people_type_is_understood(name: str, unit: str, value: float, expected: float) -> None:
    assert read_value(variable(name), value, unit) == expected


RATES = [
    ("ug/kg/min", "ug/kg/min"),
    ("mcg/kg/min", "ug/kg/min"),
    ("µg/kg/min", "ug/kg/min"),
    ("MCG/KG/MIN", "ug/kg/min"),
    ("mcg/min", "ug/min"),
    ("ug/min", "ug/min"),
    ("U/min", "U/min"),
    ("units/hour", "U/h"),
    ("units/min", "U/min"),
    ("mL/hr", "mL/h"),
    ("mcg/hour", "ug/h"),
    ("gm", "g"),
    ("mg", "mg"),
    ("mL", "mL"),
    ("UNIT", "U"),
    ("TAB", "{tbl}"),
]


@pytest.mark.parametrize(("given_unit", "ucum"), RATES)
def test_a_dose_keeps_its_unit_under_one_spelling(given_unit: str, ucum: str) -> None:
    """A rate per kilogram becomes a rate only with a weight, which is somebody's to answer for."""
    unit = read_unit(variable("drug"), given_unit)
    assert unit == Conversion(ucum)
    assert read_value(variable("drug"), 0.2, given_unit) == 0.2


def test_a_unit_converts_only_into_one_of_its_kind() -> None:
    assert convert(1.2, "mg/h", "ug/min") == 20.0
    assert convert(0.1, "ug/kg/min", "ug/kg/h") == 6.0
    assert convert(2.4, "U/h", "U/min") == 0.04
    assert convert(0.1, "ug/kg/min", "ug/min") is None
    assert convert(1.0, "furlong", "m") is None


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("body_height", "Mm"),  # a megameter
        ("crp", "Mg/dL"),  # megagrams
        ("platelets", "g/L"),  # grams, not giga
        ("body_temperature", "mmHg"),
        ("creatinine", "U/L"),
        ("d_dimer", "ng/mL"),  # FEU or DDU? they differ about twofold
        ("neutrophils", "%"),
        ("drug", "furlong"),
    ],
)
def test_what_may_mean_something_else_is_not_guessed(name: str, unit: str) -> None:
    found = read_value(variable(name), 1.0, unit)
    assert isinstance(found, Problem)
    assert found.code == "unknown_unit"
    assert found.remedy
