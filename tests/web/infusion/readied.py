"""A patient on the morning of the infusion: the cells in the tank, lymphodepletion behind, everything looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from cartway.pathway.course import CENTER
from cartway.record import Fact
from cartway.times import HOUR, Instant
from pathway.chain.drawn import AXI, BAG, BATCH, LAB, START, WARD, Steps, check, fact, facts_of, moved, own_cells, until
from web.conftest import Site

COURSE = "c1"
ZERO = 600.0  # hours: the infusion in H6's drawing, 2026-03-27 08:00 UTC


def hour(number: float) -> Instant:
    """An instant of the drawing, in hours."""
    return START + round(number * HOUR)


def cells() -> Steps:
    """The chain of identity up to the day of infusion, in the tank."""
    steps = until(own_cells(), f"thaw check {BAG}")
    label = {"dose_million": 160.0, "volume_ml": 68.0, "expires": "2027-03-01"}
    bags = steps[f"bags {BATCH}"]
    return {**steps, f"bags {BATCH}": [msgspec.structs.replace(bag, detail={**bag.detail, **label}) for bag in bags]}


def body() -> list[Fact]:
    """A man of 60, 180 cm, 80 kg, creatinine 0.9 mg/dL, with large B-cell lymphoma after two lines."""
    return [
        fact(0, "diagnosis", choice="dlbcl"),
        fact(0, "sex", choice="male"),
        fact(0, "age", value=60, unit="a"),
        fact(1, "line_of_therapy", value=1, unit="{count}"),
        fact(2, "line_of_therapy", value=2, unit="{count}"),
        fact(3, "consent", version="4"),
        *(fact(h, "body_height", value=180, unit="cm") for h in (10, 470)),
        *(fact(h, "body_weight", value=80, unit="kg") for h in (10, 470, ZERO - 4)),
        *(fact(h, "creatinine", value=0.9, unit="mg/dL") for h in (470, ZERO - 4)),
    ]


def planned() -> Fact:
    """The infusion as it is booked."""
    return msgspec.structs.replace(fact(100, "appointment", choice="infusion", state="planned"), at=hour(ZERO + 2))


def depleted() -> list[Fact]:
    """Lymphodepletion on days -5, -4 and -3."""
    days = [ZERO - 24 * day for day in (5, 4, 3)]
    given = [fact(h, "drug", choice=name, value=mg, unit="mg") for h in days for name, mg in _DRUGS]
    ends = fact(days[-1] + 4, "lymphodepletion", choice="completed")
    return [fact(days[0], "lymphodepletion", choice="started"), *given, ends]


_DRUGS = (("fludarabine", 60.0), ("cyclophosphamide", 1000.0))


def looked_at() -> list[Fact]:
    """What is asked of the morning."""
    return [
        fact(ZERO - 3, "infection_status", choice="none"),
        fact(ZERO - 3, "unresolved_toxicity", choice="none"),
        fact(ZERO - 2, "premedication", choice="given"),
        fact(ZERO - 2, "emergency_equipment", choice="ready"),
        fact(ZERO - 20, "release_certificate", BATCH, number="C-9", coi="COI-7K2M", batch=BATCH, bags=[BAG],
             dose_million=160.0, patient_matches="this course"),
    ]  # fmt: skip


def stock(doses: float = 4, at: float = ZERO - 3) -> Fact:
    """Tocilizumab counted at the center."""
    counted = fact(at, "stock", "tocilizumab", value=doses, unit="{count}", item="tocilizumab doses")
    return msgspec.structs.replace(counted, course=CENTER)


def thawed() -> list[Fact]:
    """The bag checked, thawed and brought to the bed, half an hour before the infusion."""
    thaw = check(ZERO - 1, "thaw", BAG, bag=BAG, batch=BATCH)
    return [*thaw, fact(ZERO - 0.5, "thaw", BAG, "started"), *moved(ZERO - 0.4, BAG, LAB, WARD)]


def bedside(choice: str = "matched", **reads: str) -> list[Fact]:
    """The check at the bed by two people."""
    read: dict[str, Any] = {"band": "this course", "bag": BAG, "coi": "COI-7K2M", "batch": BATCH, "certificate": "C-9"}
    read.update(reads)
    return check(ZERO - 0.1, "bedside", BAG, choice, **read)


def readied(site: Site, *more: Fact, at: float = ZERO, drop: Sequence[str] = ()) -> str:
    """Record all of it as of an hour; its course. `drop`: variables to leave out."""
    site.now = hour(at)
    facts = [*facts_of(cells()), *body(), planned(), *depleted(), *looked_at(), *more]
    kept = [each for each in facts if each.what not in drop and (each.at <= site.now or each.what == "appointment")]
    site.record([*kept, stock(at=at - 3)])
    return COURSE


__all__ = ["AXI", "BAG", "BATCH"]
