"""Measurable residual disease: what one test says at its own sensitivity, and at the limits that are reported.

Myeloma: Kumar 2016, doi 10.1016/S1470-2045(16)30206-6 (at least 1 in 100,000). Acute lymphoblastic leukemia: negative
below 1 in 10,000, exactly that is positive; ELN 2024 calls complete only what is not detected. CLL: Hallek 2018, doi
10.1182/blood-2017-09-806398 (below 1 in 10,000). "Negative at 10^-5" is not "undetected at 10^-6": each is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from cartway.record import Fact
from cartway.response.exactly import plain
from cartway.response.measured import Assessment, detail_number, exact
from cartway.response.model import Mrd

NEGATIVE, POSITIVE = "negative", "positive"
NOT_QUANTIFIABLE, NOT_EVALUABLE = "positive_not_quantifiable", "not_evaluable"
LIMITS = (Decimal("1e-4"), Decimal("1e-5"), Decimal("1e-6"))
SEQUENCING = frozenset({"ngs", "clonoseq"})


def residual_disease(
    found: Assessment, below: Decimal, *, undetected_only: bool = False, seen: bool = True
) -> Iterator[Mrd]:
    """The tests of one assessment. `below`: the share of cells under which it is negative.

    `undetected_only`: what is detected is positive, however little. `seen`: whether that limit was read at its source.
    """
    for fact in found.all("mrd"):
        yield msgspec.structs.replace(_one(found, fact, below, undetected_only), confirmed=seen)


def _one(found: Assessment, fact: Fact, below: Decimal, undetected_only: bool) -> Mrd:
    method, limit = str(fact.detail.get("method", "")).lower(), detail_number(fact, "limit")
    strict = undetected_only or method in SEQUENCING
    detected, value = _detected(fact), exact(fact)
    category, missing, flags = _category(detected, value, limit, below, strict, fact.choice)
    if category == NEGATIVE and _gated_on_the_target(fact):
        category, missing, flags = NOT_EVALUABLE, ("flow that finds cells without CD19 too",), ("gated_on_cd19_only",)
    return Mrd(
        at=fact.at,
        assessment=found.id,
        category=category,
        method=method,
        specimen=str(fact.detail.get("specimen", "")),
        value=value,
        limit=limit,
        because=(_words(fact, method, value, limit, category),),
        missing=missing,
        flags=(*flags, *_at_limits(detected, value, limit, fact.choice)),
        facts=(fact.position,) if fact.position else (),
    )


def _gated_on_the_target(fact: Fact) -> bool:
    """Flow that looks for CD19 alone misses cells that lost it, after a product against CD19."""
    gating = str(fact.detail.get("gating", "")).lower().replace(" ", "")
    return "cd19" in gating and not any(other in gating for other in ("cd22", "cd24", "cd79a"))


def _detected(fact: Fact) -> bool | None:
    if fact.choice in ("not_detected", "detected", "not_quantifiable"):
        return fact.choice != "not_detected"
    if fact.value is None:
        return None
    return fact.value > 0 and not fact.detail.get("below")


def _category(
    detected: bool | None, value: Decimal | None, limit: Decimal | None, below: Decimal, strict: bool, choice: str
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Negative, positive or neither, what is missing to say so, and what should be looked at."""
    if detected is None:
        return NOT_EVALUABLE, ("a result of the test for residual disease",), ()
    if detected and choice == "not_quantifiable":
        return NOT_QUANTIFIABLE, (), ()
    if detected:
        small = value is not None and value < below
        flags = ("detected_below_limit",) if small else ()
        return (POSITIVE if strict or not small else NEGATIVE), (), flags
    reached = limit if limit is not None else value
    if not reached:
        return NOT_EVALUABLE, ("the sensitivity of the test for residual disease",), ("sensitivity_missing",)
    if reached > below:
        return NOT_EVALUABLE, (f"a test that sees 1 in {plain(1 / below)}",), ("not_sensitive_enough",)
    return NEGATIVE, (), ()


def _at_limits(detected: bool | None, value: Decimal | None, limit: Decimal | None, choice: str) -> Iterator[str]:
    """The call at each reported limit that the test can decide: ``negative_at_1e-5``."""
    for at in LIMITS:
        call = _call(detected, value, limit, at)
        if call and choice != "not_quantifiable":
            yield f"{call}_at_1e{at.adjusted()}"


def _call(detected: bool | None, value: Decimal | None, limit: Decimal | None, at: Decimal) -> str:
    if detected is None:
        return ""
    if detected:
        return "" if value is None else POSITIVE if value >= at else NEGATIVE
    reached = limit if limit is not None else value
    return NEGATIVE if reached and reached <= at else ""


def _words(fact: Fact, method: str, value: Decimal | None, limit: Decimal | None, category: str) -> str:
    by = f" by {method}" if method else ""
    where = f" in {fact.detail['specimen']}" if fact.detail.get("specimen") else ""
    seen = f", {plain(value)} of the cells" if value is not None and not fact.detail.get("below") else ""
    sees = f"; the test sees {plain(limit)}" if limit is not None else ""
    return f"Residual disease{by}{where}: {category.replace('_', ' ')}{seen}{sees}."


def labels_of(tests: Sequence[Mrd]) -> dict[str, str]:
    """What a visit's tests say in one word, apart by specimen, and at each limit that one of them could decide.

    ``mrd``, ``mrd_blood``, ``mrd_marrow``, ``mrd_1e-6``.
    """
    found = {"mrd": at_visit(tests)} if tests else {}
    for specimen in ("blood", "marrow"):
        of_it = [test for test in tests if specimen in test.specimen.lower()]
        found |= {f"mrd_{specimen}": at_visit(of_it)} if of_it else {}
    for flag in (flag for test in tests for flag in test.flags if "_at_1e-" in flag):
        call, limit = flag.split("_at_")
        if found.get(f"mrd_{limit}") != POSITIVE:
            found[f"mrd_{limit}"] = call
    return found


def at_visit(tests: Sequence[Mrd]) -> str:
    """One word for a visit with several tests: positive where any is, else negative where any is; empty without."""
    said = [test.category for test in tests]
    for category in (POSITIVE, NOT_QUANTIFIABLE, NEGATIVE, NOT_EVALUABLE):
        if category in said:
            return category
    return ""
