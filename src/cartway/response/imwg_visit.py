"""What a visit tells of myeloma: M-protein, free light chains, marrow, lesions. Light chains are in mg/dL here."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.response.measured import Assessment, detail_number, exact
from cartway.response.nearby import Window, number_at
from cartway.times import Instant

TEN = Decimal(10)
NORMAL_RATIO = (Decimal("0.26"), Decimal("1.65"))
"""Kappa to lambda free light chains, both included. The range is from knowledge of the assay's use, not seen."""


class Visit(msgspec.Struct, frozen=True):
    """One visit's values; None or empty where nothing is charted.

    `serum` g/dL, `urine` mg/24 h, `difference` of involved and uninvolved free light chains mg/dL, `ratio` kappa to
    lambda, `marrow` plasma cells %, `plasmacytoma` cm2 (the sum of products), `lesions` how many it sums, `blood`
    plasma cells per microliter, `calcium` and `creatinine` mg/dL, `hemoglobin` g/dL.
    """

    at: Instant
    assessment: str = ""
    serum: Decimal | None = None
    urine: Decimal | None = None
    difference: Decimal | None = None
    involved: Decimal | None = None
    ratio: Decimal | None = None
    serum_fixation: str = ""
    urine_fixation: str = ""
    other_clone: bool = False
    marrow: Decimal | None = None
    clonality: str = ""
    plasmacytoma: Decimal | None = None
    plasmacytoma_state: str = ""
    lesions: Decimal | None = None
    bone: str = ""
    bone_longest: Decimal | None = None
    new_lesion: str = ""
    blood: Decimal | None = None
    calcium: Decimal | None = None
    hemoglobin: Decimal | None = None
    creatinine: Decimal | None = None
    signs: frozenset[str] = frozenset()
    explained: frozenset[str] = frozenset()
    imaging: str = ""
    facts: tuple[int, ...] = ()


def visit_of(found: Assessment, course: Course, window: Window, kappa_involved: bool | None) -> Visit:
    """Read one visit. `kappa_involved` says which light chain is the myeloma's, None where nobody knows."""
    kappa, lambda_ = _light_chain(found, "kappa_light_chains"), _light_chain(found, "lambda_light_chains")
    involved, difference = _involved(found, kappa, lambda_, kappa_involved)
    plasmacytoma = found.fact("plasmacytoma")
    serum, other = _serum(found)
    signs = frozenset(fact.choice for fact in found.all("disease_sign") if fact.choice != "treatment")
    is_baseline = window.not_after is not None
    return Visit(
        at=found.at,
        assessment=found.id,
        serum=serum,
        urine=found.number("urine_m_protein"),
        difference=difference,
        involved=involved,
        ratio=ratio_of(found, kappa, lambda_),
        serum_fixation=_done(found.choice("serum_immunofixation")),
        urine_fixation=_done(found.choice("urine_immunofixation")),
        other_clone=other,
        marrow=_highest(found.all("marrow_plasma_cells")),
        clonality=_clonality(found.fact("marrow_clonality"), kappa_involved),
        plasmacytoma=_products(plasmacytoma),
        plasmacytoma_state="" if plasmacytoma is None else plasmacytoma.choice,
        lesions=None if plasmacytoma is None else detail_number(plasmacytoma, "lesions"),
        bone=found.choice("bone_lesions"),
        bone_longest=_longest(found.fact("bone_lesions")),
        new_lesion=found.choice("new_lesion"),
        blood=found.number("blood_plasma_cells"),
        calcium=number_at(found, course, "calcium", window),
        # Looked at only where the team puts a change down to the myeloma.
        hemoglobin=number_at(found, course, "hemoglobin", window) if is_baseline or "anemia" in signs else None,
        creatinine=number_at(found, course, "creatinine", window) if is_baseline or "renal" in signs else None,
        signs=signs,
        explained=frozenset(fact.about for fact in found.all("disease_sign") if fact.choice == "other_cause"),
        imaging=found.choice("imaging_residual"),
        facts=found.positions,
    )


def kappa_is_involved(baseline: Assessment) -> bool | None:
    """Whether kappa is the myeloma's light chain, by the ratio before treatment; None where it is normal or unknown."""
    kappa, lambda_ = _light_chain(baseline, "kappa_light_chains"), _light_chain(baseline, "lambda_light_chains")
    ratio = ratio_of(baseline, kappa, lambda_)
    if ratio is None or NORMAL_RATIO[0] <= ratio <= NORMAL_RATIO[1]:
        return None
    return ratio > NORMAL_RATIO[1]


def ratio_of(found: Assessment, kappa: Decimal | None, lambda_: Decimal | None) -> Decimal | None:
    """Kappa to lambda: from the two where both are there, else as it was reported."""
    if kappa is not None and lambda_:
        return kappa / lambda_
    return found.number("light_chain_ratio")


def normal(ratio: Decimal | None) -> bool | None:
    """Whether a ratio of free light chains is normal; None where it is not known."""
    return None if ratio is None else NORMAL_RATIO[0] <= ratio <= NORMAL_RATIO[1]


def _serum(found: Assessment) -> tuple[Decimal | None, bool]:
    """The myeloma's own M-protein, and whether a band of another kind was seen. Such a band is no myeloma."""
    bands = found.all("serum_m_protein")
    own = [fact for fact in bands if not fact.detail.get("other_clone")]
    fixed = (found.choice("serum_immunofixation"), found.choice("urine_immunofixation"))
    other = len(own) < len(bands) or "other_clone" in fixed
    if own:
        return exact(own[-1]), other
    gone = bands and fixed[0] in ("negative", "other_clone")
    return (Decimal(0) if gone else None), other


def _light_chain(found: Assessment, what: str) -> Decimal | None:
    value = found.number(what)
    return None if value is None else value / TEN


def _involved(
    found: Assessment, kappa: Decimal | None, lambda_: Decimal | None, kappa_involved: bool | None
) -> tuple[Decimal | None, Decimal | None]:
    """The involved free light chain, and how far it lies above the other."""
    if kappa is not None and lambda_ is not None:
        of_kappa = kappa >= lambda_ if kappa_involved is None else kappa_involved
        high, low = (kappa, lambda_) if of_kappa else (lambda_, kappa)
        return high, high - low
    difference = found.number("light_chain_difference")
    if difference is None:
        return None, None
    ratio, difference = found.number("light_chain_ratio"), difference / TEN
    if ratio is None or ratio in (0, 1):
        return None, difference
    return difference * (ratio / (ratio - 1) if ratio > 1 else 1 / (1 - ratio)), difference


def _done(choice: str) -> str:
    return "" if choice == "not_done" else choice


def _highest(facts: list[Fact]) -> Decimal | None:
    """Of aspirate and biopsy the higher counts."""
    return max((value for fact in facts if (value := exact(fact)) is not None), default=None)


def _products(fact: Fact | None) -> Decimal | None:
    if fact is None:
        return None
    return Decimal(0) if fact.choice == "none" else exact(fact)


def _longest(fact: Fact | None) -> Decimal | None:
    return None if fact is None else detail_number(fact, "longest")


def _clonality(fact: Fact | None, kappa_involved: bool | None) -> str:
    """Clonal plasma cells: absent, present or not known. A ratio of at least 100 counted cells decides where given."""
    if fact is None or fact.choice == "not_done":
        return ""
    ratio, counted = detail_number(fact, "ratio"), detail_number(fact, "counted")
    if counted is not None and counted < ENOUGH_CELLS:
        return "present" if fact.choice == "present" else ""
    if ratio is None or kappa_involved is None:
        return fact.choice
    absent = ratio <= KAPPA_AT_MOST if kappa_involved else ratio >= LAMBDA_AT_LEAST
    return "absent" if absent else "present"


ENOUGH_CELLS = 100
KAPPA_AT_MOST = Decimal(4)  # 4:1, where kappa is the myeloma's
LAMBDA_AT_LEAST = Decimal("0.5")  # 1:2, where lambda is
