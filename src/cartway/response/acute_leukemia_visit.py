"""What a visit tells of acute lymphoblastic leukemia: blasts, disease outside the marrow, recovery."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from cartway.pathway.course import Course
from cartway.response.measured import Assessment, exact
from cartway.response.nearby import Window, choice_at, fact_at, number_at
from cartway.times import Instant


class Visit(msgspec.Struct, frozen=True):
    """One visit's values; None where nothing is charted. Blasts in %, counts in 10*9/L, B cells per microliter."""

    at: Instant
    assessment: str = ""
    marrow: Decimal | None = None
    blood: Decimal | None = None
    blood_seen: bool | None = None
    outside: str = ""
    neutrophils: Decimal | None = None
    platelets: Decimal | None = None
    trilineage: bool | None = None
    transfusion_free: bool | None = None
    b_cells: Decimal | None = None
    facts: tuple[int, ...] = ()


def visit_of(found: Assessment, course: Course, window: Window) -> Visit:
    """Read one visit; counts may lie some days from the marrow."""
    blood = fact_at(found, course, "blood_blasts", window)
    share = exact(blood)
    seen = None if blood is None else share > 0 if share is not None else blood.choice == "present"
    return Visit(
        at=found.at,
        assessment=found.id,
        marrow=found.number("marrow_blasts"),
        blood=share,
        blood_seen=seen,
        outside=found.choice("extramedullary_disease"),
        neutrophils=number_at(found, course, "neutrophils", window),
        platelets=number_at(found, course, "platelets", window),
        trilineage=_yes(found.choice("marrow_regeneration")),
        transfusion_free=_yes(choice_at(found, course, "transfusion_free", window)),
        b_cells=number_at(found, course, "cd19", window),
        facts=found.positions,
    )


def _yes(choice: str) -> bool | None:
    return choice == "yes" if choice else None
