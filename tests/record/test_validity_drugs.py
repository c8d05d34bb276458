"""A drug keeps the unit of its dose: every canonical one is well formed, other spellings are not."""

from __future__ import annotations

import pytest

from cartway.record import Fact, validate
from cartway.vocabulary import vocabulary
from record.drawing import INFUSION

DOSE_UNITS = sorted({conversion.unit for conversion in vocabulary().variables["drug"].units.values()})


def drug(value: float | None = None, unit: str = "") -> Fact:
    return Fact("c1", INFUSION, "drug", value, unit, "norepinephrine")


@pytest.mark.parametrize("unit", DOSE_UNITS)
def test_every_canonical_unit_of_a_dose_is_well_formed(unit: str) -> None:
    assert validate(drug(0.12, unit), vocabulary()) is None


def test_a_drug_without_a_dose_is_well_formed() -> None:
    assert validate(drug(), vocabulary()) is None


@pytest.mark.parametrize("unit", ["", "mcg/kg/min", "clicks"])
def test_a_dose_in_another_spelling_is_not(unit: str) -> None:
    found = validate(drug(0.12, unit), vocabulary())
    assert found is not None and found.code == "unknown_unit"
