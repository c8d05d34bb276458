"""Renal function before fludarabine: a measured clearance, else Cockcroft-Gault for adults, else not known.

Cockcroft and Gault 1976, Nephron 16:31, doi 10.1159/000180580: (140 - age) x weight / (72 x creatinine), 15 % less in
women; from adults aged 18 to 92 in a steady state. The fludarabine label names these equations.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.measured import ADULT, Measured, clearance, creatinine, plausible_clearance
from cartway.record import Fact

COCKCROFT_GAULT = Source("Cockcroft and Gault 1976, Nephron 16:31, doi 10.1159/000180580")
MEASURED = Source("Measured creatinine clearance, as recorded")
ABSENT = ("missing", "stale")
"""Flaws of a number that is not there any more; the others say that something is wrong."""
FLUDARABINE = (
    Source(
        "US prescribing information of intravenous fludarabine (Fludara), as given by drugs.com/dosage/fludara: at "
        "25 mg/m2, 20 mg/m2 from 50 to 79 mL/min, 15 mg/m2 from 30 to 49, none below 30"
    ),
    Source(
        "Labels of oral fludarabine differ: 20 % less from 30 to 70 mL/min/1.73 m2, 50 % less below 30", confirmed=False
    ),
    Source("EBMT practice: about half the fludarabine dose in renal impairment, PMC10867419", confirmed=False),
)
"""What is printed of fludarabine and the kidneys. None of it is about these regimens: no dose is worked out of it."""


class Renal(msgspec.Struct, frozen=True):
    """A creatinine clearance in mL/min, rounded to whole numbers, halves up; None where it is not known and why."""

    ml_min: Decimal | None
    source: Source | None = None
    method: str = ""
    unfit: tuple[Measured, ...] = ()
    because: str = ""
    facts: tuple[Fact, ...] = ()


def renal_function(case: Case, weight: Measured) -> Renal:
    """The clearance to go by. What cannot be trusted is not passed over because the other number looks well."""
    measured, steady = clearance(case), creatinine(case)
    for each in (measured, steady):
        if each.flaw not in ("", *ABSENT):
            return Renal(None, MEASURED, "", (each,), f"{each.label}: {each.words}", each.facts)
    estimated = _estimated(case, weight, steady)
    if measured.value is None or any(each.flaw == "implausible" for each in estimated.unfit):
        return estimated
    whole = measured.value.quantize(Decimal(1), ROUND_HALF_UP)
    limit = Decimal(repr(case.policies.number("fludarabine_full_dose_from_ml_min")))
    if estimated.ml_min is not None and (estimated.ml_min < limit) != (whole < limit):
        because = (
            f"The clearance measured is {whole} mL/min, the one estimated {estimated.ml_min}: "
            f"they lie on two sides of {limit.normalize():f}."
        )
        both = msgspec.structs.replace(measured, value=None, flaw="contradictory", words=because)
        return Renal(None, MEASURED, "measured", (both,), because, (*measured.facts, *estimated.facts))
    return Renal(whole, MEASURED, "measured", (), "", measured.facts)


def _estimated(case: Case, weight: Measured, found: Measured) -> Renal:
    sex, age = case.course.last("sex"), case.age_years
    method = "Cockcroft-Gault, actual body weight"
    unfit = tuple(each for each in (weight, found) if each.value is None)
    facts = (*weight.facts, *found.facts)
    if unfit or weight.value is None or found.value is None:
        because = " ".join(f"{each.label}: {each.words}" for each in unfit)
        return Renal(None, COCKCROFT_GAULT, method, unfit, because, facts)
    if age is None or sex is None or sex.choice not in ("female", "male"):
        because = "Cockcroft-Gault needs the age, and the sex as female or male; one of them is not known."
        return Renal(None, COCKCROFT_GAULT, method, (), because, facts)
    if age < ADULT:
        because = "Cockcroft-Gault was made for adults: a measured clearance is needed under 18 years."
        return Renal(None, COCKCROFT_GAULT, method, (), because, facts)
    years = Decimal(int(age))  # completed years, as the formula's own tables count
    value = (140 - years) * weight.value / (72 * found.value)
    if sex.choice == "female":
        value *= Decimal("0.85")
    whole = plausible_clearance(value.quantize(Decimal(1), ROUND_HALF_UP), (*facts, sex))
    unfit = () if whole.value is not None else (whole,)
    return Renal(whole.value, COCKCROFT_GAULT, method, unfit, whole.words, whole.facts)
