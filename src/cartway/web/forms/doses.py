"""The most that is usual of a drug at once or as a rate: above it the form asks whether the dose is right.

A slip of the decimal point is the commonest error of charting a drug. It is a policy of the center and no published
limit: labels and guidelines where they name one (tocilizumab: 8 mg/kg, 12 mg/kg under 30 kg, at most 800 mg), common
practice else. It only asks; it never refuses, and it says nothing about whether a dose is right for this patient.
"""

from __future__ import annotations

from collections.abc import Mapping

from cartway.vocabulary import convert

MOST: Mapping[str, Mapping[str, float]] = {
    "norepinephrine": {"ug/kg/min": 2, "ug/min": 150, "ug": 50},
    "epinephrine": {"ug/kg/min": 1, "ug/min": 80, "mg": 1},
    "phenylephrine": {"ug/kg/min": 6, "ug/min": 400, "ug": 500},
    "dopamine": {"ug/kg/min": 20},
    "angiotensin_ii": {"ug/kg/min": 0.08},
    "vasopressin": {"U/min": 0.06},
    "dobutamine": {"ug/kg/min": 20},
    "milrinone": {"ug/kg/min": 0.75},
    "tocilizumab": {"mg": 800, "mg/kg": 12},
    "siltuximab": {"mg/kg": 11, "mg": 1200},
    "anakinra": {"mg": 400},
    "dexamethasone": {"mg": 40},
    "methylprednisolone": {"mg": 1000},
    "prednisolone": {"mg": 100},
    "prednisone": {"mg": 100},
    "hydrocortisone": {"mg": 200},
    "acetaminophen": {"mg": 1000, "mg/kg": 15},
    "ibuprofen": {"mg": 800, "mg/kg": 10},
    "metamizole": {"mg": 2500},
    "levetiracetam": {"mg": 4500, "mg/kg": 60},
    "lorazepam": {"mg": 4, "mg/kg": 0.1},
    "midazolam": {"mg": 10, "mg/h": 20, "mg/kg/h": 0.3},
    "diazepam": {"mg": 20},
    "propofol": {"mg": 200, "mg/kg/h": 6, "ug/kg/min": 100, "mg/h": 400},
    "dexmedetomidine": {"ug/kg/h": 1.5},
    "fentanyl": {"ug": 200, "ug/h": 400, "ug/kg/h": 5},
    "morphine": {"mg": 15, "mg/h": 15},
    "cefepime": {"mg": 2000},
    "meropenem": {"mg": 2000},
    "piperacillin_tazobactam": {"mg": 4500},
    "vancomycin": {"mg": 3000},
}


def above_usual(drug: str, value: float, unit: str) -> float | None:
    """The most that is usual, in the unit given, where a dose or rate is above it; else None."""
    for known, most in MOST.get(drug, {}).items():
        limit = most if known == unit else convert(most, known, unit)
        if limit is not None and value > limit:
            return limit
    return None
