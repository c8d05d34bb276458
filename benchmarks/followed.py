"""Invented courses from the infusion to more than a year after it: what a late-effects clinic holds of a patient."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from cartway.record import Fact
from cartway.times import DAY, Instant, parse

FIRST = parse("2023-01-02T10:00Z")
NOW = parse("2026-03-01T10:00Z")
DISEASES = (
    ("dlbcl", "axicabtagene_ciloleucel"),
    ("multiple_myeloma", "ciltacabtagene_autoleucel"),
    ("b_all", "tisagenlecleucel"),
    ("cll", "lisocabtagene_maraleucel"),
)
COUNTED = ((3, 7, 10, 14, 21, 28, 42, 56, 70, 84), 90, 420, 30)  # days early, then from, to, every
SEEN = (30, 90, 180, 270, 365)


def followed(count: int, seed: int = 1) -> list[list[Fact]]:
    """`count` courses' facts, some 150 each; the same for the same seed."""
    chance = random.Random(seed)
    return [list(_course(f"after-{number}", number, chance)) for number in range(count)]


def _course(name: str, number: int, chance: random.Random) -> Iterator[Fact]:
    disease, product = DISEASES[number % len(DISEASES)]
    zero = FIRST + chance.randrange(700) * DAY
    yield Fact(name, zero - 40 * DAY, "diagnosis", choice=disease)
    yield Fact(name, zero - 40 * DAY, "age", float(chance.randint(20, 80)), "a")
    yield Fact(name, zero - 5 * DAY, "lymphodepletion", choice="started")
    yield Fact(name, zero, "infusion", choice=product)
    yield from _counts(name, zero, chance)
    yield from {"dlbcl": _scans, "multiple_myeloma": _markers, "b_all": _marrows, "cll": _nodes}[disease](
        name, zero, chance
    )
    for day in SEEN:
        yield Fact(name, zero + (day + chance.randint(-3, 3)) * DAY, "follow_up_visit", choice="done")
        yield Fact(name, zero + day * DAY, "distress_score", float(chance.randint(0, 8)), "{score}", about="patient")
    for what in ("influenza", "pneumococcal_conjugate", "covid_19"):
        yield Fact(name, zero + chance.randint(180, 300) * DAY, "vaccination", choice="given", about=what)


def _counts(name: str, zero: Instant, chance: random.Random) -> Iterator[Fact]:
    early, begin, end, every = COUNTED
    for day in (*early, *range(begin, end, every)):
        at, grown = zero + day * DAY, min(1.0, day / 200)
        yield Fact(
            name, at, "neutrophils", round(chance.uniform(0.1, 1.0 + 3 * grown), 1), "10*9/L", source="laboratory"
        )
        yield Fact(
            name, at, "platelets", float(chance.randint(20, 80 + round(150 * grown))), "10*9/L", source="laboratory"
        )
        yield Fact(name, at, "hemoglobin", round(chance.uniform(8, 10 + 4 * grown), 1), "g/dL", source="laboratory")
        if day >= 28:
            yield Fact(name, at, "cd4", float(chance.randint(20, 100 + round(300 * grown))), "/uL", source="laboratory")
            yield Fact(name, at, "cd19", float(chance.choice((0, 0, 0, 5, 30, 90))), "/uL", source="laboratory")
            yield Fact(name, at, "igg", float(chance.randint(150, 900)), "mg/dL", source="laboratory")


def _of(name: str, at: Instant, event: str, what: str, told: Any, **more: Any) -> Fact:
    if isinstance(told, str):
        return Fact(name, at, what, choice=told, event=event, **more)
    return Fact(name, at, what, float(told), event=event, **more)


def _scans(name: str, zero: Instant, chance: random.Random) -> Iterator[Fact]:
    """Lymphoma: six targets and a Deauville score."""
    sizes = [(round(chance.uniform(1.6, 8), 1), round(chance.uniform(1, 4), 1)) for _ in range(6)]
    for day in (-8, *SEEN):
        at, event, share = zero + day * DAY, f"scan {day}", chance.uniform(0.1, 1.2) if day > 0 else 1.0
        yield _of(name, at, event, "imaging", "pet_ct")
        for number, (long, short) in enumerate(sizes):
            detail = {"short_axis": round(short * share, 1), "site": "node"}
            yield _of(name, at, event, "lesion", round(long * share, 1), about=f"N{number}", detail=detail)
        yield _of(name, at, event, "deauville_score", chance.randint(1, 5) if day > 0 else 5)
        yield _of(name, at, event, "uptake_change", "reduced" if share < 1 else "no_significant_change")
        yield _of(name, at, event, "non_target_disease", "absent")
        yield _of(name, at, event, "spleen_length", 11)


def _markers(name: str, zero: Instant, chance: random.Random) -> Iterator[Fact]:
    """Myeloma: M-protein every month, a marrow every third."""
    serum, urine = round(chance.uniform(1, 6), 1), float(chance.choice((0, 0, 300, 1200)))
    for day in (-8, *range(30, 420, 30)):
        at, event = zero + day * DAY, f"markers {day}"
        share = max(0.0, chance.uniform(-0.3, 0.6)) if day > 0 else 1.0
        yield _of(name, at, event, "serum_m_protein", round(serum * share, 1))
        yield _of(name, at, event, "urine_m_protein", round(urine * share))
        yield _of(name, at, event, "serum_immunofixation", chance.choice(("negative", "positive")))
        yield _of(name, at, event, "urine_immunofixation", chance.choice(("negative", "positive")))
        if day < 0 or day % 90 == 0:
            yield _of(name, at, event, "marrow_plasma_cells", 50 if day < 0 else chance.randint(0, 12))


def _marrows(name: str, zero: Instant, chance: random.Random) -> Iterator[Fact]:
    """Leukemia: marrow, blood, residual disease."""
    for day in (-8, *SEEN):
        at, event = zero + day * DAY, f"marrow {day}"
        yield _of(name, at, event, "marrow_blasts", 60 if day < 0 else chance.choice((0, 1, 1, 2, 4, 30)))
        yield _of(name, at, event, "blood_blasts", 20 if day < 0 else 0)
        yield _of(name, at, event, "extramedullary_disease", "none")
        yield _of(name, at, event, "marrow_regeneration", "yes")
        detail = {"method": "flow", "limit": 1e-5}
        yield _of(name, at, event, "mrd", chance.choice(("not_detected", "detected")), detail=detail)


def _nodes(name: str, zero: Instant, chance: random.Random) -> Iterator[Fact]:
    """CLL: nodes, spleen, lymphocytes."""
    for day in (-8, *SEEN):
        at, event, share = zero + day * DAY, f"nodes {day}", chance.uniform(0, 1.3) if day > 0 else 1.0
        yield _of(name, at, event, "largest_node", round(4 * share, 1))
        yield _of(name, at, event, "node_products", round(40 * share * share, 1))
        yield _of(name, at, event, "spleen_length", round(11 + 5 * share, 1))
        yield _of(name, at, event, "liver_size", "normal")
        yield _of(name, at, event, "constitutional_symptoms", "no")
        yield _of(name, at, event, "lymphocytes", round(50 * share, 1))
        yield _of(name, at, event, "marrow_finding", chance.choice(("negative", "involved")))


def facts_of(courses: Sequence[Sequence[Fact]]) -> int:
    """How many facts there are."""
    return sum(len(facts) for facts in courses)
