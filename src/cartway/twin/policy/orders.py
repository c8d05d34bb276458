"""What a policy orders at one moment, for many patients at once, from what the bedside has seen and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.twin.policy.named import Policy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Grades = NDArray[np.int8]
    Flags = NDArray[np.bool_]

TOCILIZUMAB_MG_KG = 8.0
IMMUNOGLOBULIN_G_KG = 0.4
SHORT_STEP_DAYS = 1.0
"""Acute treatment is decided while looks are at most so far apart."""


class Seen(NamedTuple):
    """The bedside at day `day`, n patients; the next look is `step` days away. What never was is inf days ago.

    `crs`, `icans`: grades now; `crs_since`, `crs_2_since`: days for which CRS (of grade 2 or more) has lasted;
    `tocilizumab_ago`, `tocilizumab_given`: days since the last dose, doses so far.
    """

    day: float
    step: float
    crs: Grades
    icans: Grades
    crs_since: Array
    crs_2_since: Array
    tocilizumab_ago: Array
    tocilizumab_given: Array
    anc: Array
    platelets: Array
    igg: Array
    immunoglobulin_ago: Array
    platelets_ago: Array
    gcsf_ago: Array
    boost_ago: Array
    gives_gcsf: Array


class Order(NamedTuple):
    """A drug for those of `who` (bool[n]), `dose` float64[n] in `unit`, and why."""

    drug: str
    who: Flags
    dose: Array
    unit: str
    why: str


def _tocilizumab(policy: Policy, seen: Seen) -> Order:
    ready = (seen.tocilizumab_ago * 24 >= policy.tocilizumab_again_hours) & (
        seen.tocilizumab_given < policy.tocilizumab_most
    )
    lasting = (seen.crs >= 1) & (seen.crs_since * 24 >= policy.tocilizumab_at_crs_1_after_hours)
    lasting &= seen.tocilizumab_ago >= policy.tocilizumab_at_crs_1_after_hours / 24
    severe = seen.crs >= policy.tocilizumab_at_crs
    severe |= (seen.crs >= 2) & (seen.crs_2_since * 24 >= policy.tocilizumab_at_crs_2_after_hours)
    who = ready & (severe | lasting)
    return Order("tocilizumab", who, np.full(len(who), TOCILIZUMAB_MG_KG), "mg/kg", "crs")


def _steroid(policy: Policy, seen: Seen) -> Order:
    late = (seen.crs >= 2) & (seen.tocilizumab_given > 0)
    late &= seen.crs_2_since * 24 >= policy.steroid_if_no_better_hours
    for_crs = np.where((seen.crs >= policy.steroid_at_crs) | late, _by_grade(policy.steroid_crs_mg, seen.crs), 0.0)
    needs = seen.icans >= policy.steroid_at_icans
    for_icans = np.where(needs, _by_grade(policy.steroid_icans_mg, seen.icans), 0.0)
    dose = np.maximum(for_crs, for_icans) * seen.step
    return Order("dexamethasone", dose > 0, dose, "mg", "toxicity")


def _by_grade(mg: tuple[float, ...], grades: Grades) -> Array:
    return np.array([0.0, *mg])[grades]


def _planned_steroid(policy: Policy, seen: Seen) -> Order:
    today = any(seen.day <= day < seen.day + seen.step for day in policy.steroid_days)
    n = len(seen.crs)
    return Order("dexamethasone", np.full(n, today), np.full(n, 10.0), "mg", "prophylaxis")


def _anakinra(policy: Policy, seen: Seen) -> Order:
    who = seen.icans >= policy.anakinra_at_icans
    return Order("anakinra", who, np.full(len(who), policy.anakinra_mg * seen.step), "mg", "icans")


def _gcsf(policy: Policy, seen: Seen) -> Order:
    low = (seen.anc < policy.gcsf_below) & (seen.day >= policy.gcsf_from_day) & (seen.gcsf_ago >= 0.9)
    who = low & (seen.gives_gcsf < policy.gcsf_share)
    return Order("filgrastim", who, np.full(len(who), 5.0), "ug/kg", "neutropenia")


def _platelets(policy: Policy, seen: Seen) -> Order:
    who = (seen.platelets < policy.platelets_below) & (seen.platelets_ago >= 0.9)
    return Order("platelet_transfusion", who, np.ones(len(who)), "1", "thrombocytopenia")


def _immunoglobulin(policy: Policy, seen: Seen) -> Order:
    due = (seen.day >= 0) & (seen.immunoglobulin_ago >= policy.immunoglobulin_again_days)
    who = due & (seen.igg < policy.immunoglobulin_below)
    return Order("immunoglobulin", who, np.full(len(who), IMMUNOGLOBULIN_G_KG), "g/kg", "low IgG")


def _boost(policy: Policy, seen: Seen) -> Order:
    late = (seen.day >= policy.boost_from_day) & (seen.boost_ago == np.inf)
    who = late & (seen.anc < policy.boost_below_anc)
    return Order("stem_cell_boost", who, np.ones(len(who)), "1", "neutropenia")


def orders(policy: Policy, seen: Seen) -> Iterator[Order]:
    """What the policy gives now. Acute treatment only while the bedside looks at least daily."""
    if seen.step <= SHORT_STEP_DAYS and seen.day >= 0:
        yield _planned_steroid(policy, seen)
        yield _tocilizumab(policy, seen)
        yield _steroid(policy, seen)
        yield _anakinra(policy, seen)
    yield _gcsf(policy, seen)
    yield _platelets(policy, seen)
    yield _immunoglobulin(policy, seen)
    yield _boost(policy, seen)
