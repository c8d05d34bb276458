"""Treatment policies by name, as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.problem import Problem

NEVER = 9
"""A grade that nobody reaches."""


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is given when what is seen: from which grade, after how many hours. `steroid_..._mg`: milligrams of
    dexamethasone a day for grades 1 to 4. From `gcsf_below` on: support that every policy gives; a boost
    of stored stem cells only where a plan says from which day on neutrophils below its limit are answered so.
    """

    name: str
    means: str
    source: str
    tocilizumab_at_crs: int = NEVER
    tocilizumab_at_crs_1_after_hours: float = float("inf")
    tocilizumab_at_crs_2_after_hours: float = float("inf")
    tocilizumab_again_hours: float = 8.0
    tocilizumab_most: int = 4
    steroid_at_crs: int = NEVER
    steroid_if_no_better_hours: float = float("inf")
    steroid_crs_mg: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    steroid_at_icans: int = NEVER
    steroid_icans_mg: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    steroid_days: tuple[float, ...] = ()
    anakinra_at_icans: int = NEVER
    anakinra_mg: float = 400.0
    gcsf_below: float = 0.5
    gcsf_from_day: float = 5.0
    gcsf_share: float = 0.5
    platelets_below: float = 10.0
    immunoglobulin_below: float = 4.0
    immunoglobulin_again_days: float = 28.0
    boost_below_anc: float = 0.5
    boost_from_day: float = float("inf")


class _Policies(msgspec.Struct, frozen=True):
    policy: tuple[Policy, ...]


@cache
def policies() -> Mapping[str, Policy]:
    """Every policy by its name."""
    text = resources.files("cartway.twin.policy").joinpath("policies.toml").read_text()
    return {p.name: p for p in msgspec.toml.decode(text, type=_Policies).policy}


def policy_of(name: str) -> Policy | Problem:
    """The policy of this name. Problem: ``unknown_treatment_policy``."""
    known = "Known: " + ", ".join(policies()) + "."
    return policies().get(name.strip().lower()) or Problem(
        "unknown_treatment_policy", "There is no such policy.", known
    )
