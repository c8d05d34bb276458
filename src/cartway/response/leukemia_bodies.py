"""Acute lymphoblastic leukemia: whose limits. The bodies differ, so each is a row of a table with its source."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

ONE, HUNDRED = Decimal(1), Decimal(100)


class Body(NamedTuple):
    """What one body asks for. Counts are in 10*9/L.

    `at_least`: counts at the limit are enough; otherwise they must lie above it. `relapse_percent`: marrow blasts from
    (`relapse_at_least`) or above which a leukemia in remission has relapsed; with `relapse_seen` False that limit is
    of another body, as none was found for this one. `residual_percent`: residual disease from which it is a failure.
    """

    title: str
    citation: str
    at_least: bool
    trilineage: bool
    no_blasts_in_blood: bool
    transfusion_free: bool
    partial_recovery: bool  # CRh
    leukemia_free_state: bool  # MLFS, and PR of early trials
    relapse_percent: Decimal
    relapse_at_least: bool
    confirmed: bool
    relapse_seen: bool
    residual_percent: Decimal | None = None

    def enough(self, value: Decimal, limit: Decimal) -> bool:
        """Whether a count reaches a limit as this body writes it."""
        return value >= limit if self.at_least else value > limit

    def relapsed(self, percent: Decimal) -> bool:
        """Whether marrow blasts amount to relapse."""
        return percent >= self.relapse_percent if self.relapse_at_least else percent > self.relapse_percent


BODIES: Mapping[str, Body] = {
    "nccn": Body(
        title="NCCN",
        citation="NCCN Guidelines, Acute Lymphoblastic Leukemia (limits not seen in it)",
        at_least=False,
        trilineage=True,
        no_blasts_in_blood=True,
        transfusion_free=False,
        partial_recovery=True,
        leukemia_free_state=False,
        relapse_percent=Decimal(5),
        relapse_at_least=False,
        confirmed=False,
        relapse_seen=False,
    ),
    "cibmtr": Body(
        title="CIBMTR",
        citation="CIBMTR Forms Instruction Manual, ALL response criteria",
        at_least=True,
        trilineage=True,
        no_blasts_in_blood=True,
        transfusion_free=True,
        partial_recovery=False,
        leukemia_free_state=False,
        relapse_percent=Decimal(5),
        relapse_at_least=False,
        confirmed=True,
        relapse_seen=False,
    ),
    "astct_2010": Body(
        title="ASTCT 2010",
        citation="Pasquini 2010, Biol Blood Marrow Transplant 16:1187, doi 10.1016/j.bbmt.2010.06.008, table 4a",
        at_least=True,
        trilineage=True,
        no_blasts_in_blood=True,
        transfusion_free=False,
        partial_recovery=False,
        leukemia_free_state=False,
        relapse_percent=Decimal(25),
        relapse_at_least=True,
        confirmed=True,
        relapse_seen=True,
    ),
    "eln_2024": Body(
        title="ELN 2024",
        citation="European LeukemiaNet recommendations for acute lymphoblastic leukemia in adults, 2024, Blood",
        at_least=False,
        trilineage=False,
        no_blasts_in_blood=False,
        transfusion_free=True,
        partial_recovery=False,
        leukemia_free_state=True,
        relapse_percent=Decimal(5),
        relapse_at_least=False,
        confirmed=True,
        relapse_seen=False,
        residual_percent=Decimal(1),
    ),
}
