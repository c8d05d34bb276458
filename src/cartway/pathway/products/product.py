"""A product: what it is, and all the dated rows of its labels."""

from __future__ import annotations

from typing import Literal

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.products.model import (
    Approval,
    BoxedWarning,
    DoseRange,
    Grading,
    Indication,
    Limitation,
    Limits,
    Regimen,
    Split,
    SplitToxicity,
    Statement,
    Timing,
    Tocilizumab,
    Trial,
    Windows,
)

StartingMaterial = Literal["own cells", "a donor's cells", "tumor tissue", "none"]


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A product and its labels. `name` is its choice of the vocabulary's `infusion`.

    `starting_material` none: nothing is collected (made in the body). `donor_is_recipient` False: the donor's
    eligibility and the lot are theirs, many doses may come of one. `containers` is what arrives. `needs` are in words
    what a course on it asks for beyond the usual. `status` investigational: no label, so never a label's yes.
    """

    name: str = ""
    brand: str = ""
    short: str
    holder: str = ""
    status: Literal["approved", "investigational"] = "approved"
    kind: Literal["CAR T", "TCR T", "TIL", "in vivo CAR"] = "CAR T"
    targets: tuple[str, ...] = ()
    binder: str = ""
    costimulation: str = ""
    vector: str = ""
    starting_material: StartingMaterial = "own cells"
    donor_is_recipient: bool = True
    integrating: bool = True
    presentation: str = ""
    containers: tuple[str, ...] = ()
    repeat_dosing: bool = False
    lymphodepletion: Literal["usual", "optional", "none"] = "usual"
    route: str = "intravenous"
    needs: tuple[str, ...] = ()
    stage: str = ""
    identifiers: tuple[Statement, ...] = ()
    sources: tuple[Source, ...] = ()
    approvals: tuple[Approval, ...] = ()
    indications: tuple[Indication, ...] = ()
    limitations: tuple[Limitation, ...] = ()
    doses: tuple[DoseRange, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    limits: tuple[Limits, ...] = ()
    windows: tuple[Windows, ...] = ()
    warnings: tuple[BoxedWarning, ...] = ()
    tocilizumab: tuple[Tocilizumab, ...] = ()
    split: tuple[Split, ...] = ()
    split_toxicity: tuple[SplitToxicity, ...] = ()
    grading: tuple[Grading, ...] = ()
    timing: Timing = Timing()
    trials: tuple[Trial, ...] = ()

    @property
    def title(self) -> str:
        """Brand and short name where it has a brand: ``Yescarta (axi-cel)``."""
        return f"{self.brand} ({self.short})" if self.brand else self.short

    @property
    def is_collected(self) -> bool:
        """Whether cells are collected from the patient for it."""
        return self.starting_material == "own cells"
