"""The products and their labels as dated data: which words, doses, windows and limits were in force where and when.

A product is named by its choice of the vocabulary's `infusion`, its brand or its short name. A question about a
product or place of which nothing is held answers with nothing, never with another place's text.

>>> from datetime import date
>>> [row.id for row in doses("Yescarta", "lbcl", date(2026, 11, 1), "US")]
['YES-DOSE']
"""

from __future__ import annotations

from datetime import date

from cartway.pathway.products.load import Event, Place, common, places, product, products, timeline
from cartway.pathway.products.model import (
    JURISDICTIONS,
    Approval,
    BoxedWarning,
    DoseRange,
    Grading,
    Indication,
    Jurisdiction,
    Limitation,
    Limits,
    Quantity,
    Regimen,
    RegimenDrug,
    Split,
    SplitToxicity,
    Statement,
    Timing,
    Tocilizumab,
    Trial,
    Usual,
    Windows,
    in_force,
)
from cartway.pathway.products.product import Product

__all__ = [
    "JURISDICTIONS",
    "Approval",
    "BoxedWarning",
    "DoseRange",
    "Event",
    "Grading",
    "Indication",
    "Jurisdiction",
    "Limitation",
    "Limits",
    "Place",
    "Product",
    "Quantity",
    "Regimen",
    "RegimenDrug",
    "Split",
    "SplitToxicity",
    "Statement",
    "Timing",
    "Tocilizumab",
    "Trial",
    "Usual",
    "Windows",
    "attrition",
    "common",
    "doses",
    "grading",
    "in_force",
    "indications",
    "infusion_limits",
    "limitations",
    "places",
    "product",
    "products",
    "regimens",
    "split",
    "split_toxicity",
    "timeline",
    "timing",
    "tocilizumab",
    "warnings",
    "windows",
]


def _found(name: str) -> Product:
    return product(name) or Product(short=name, status="investigational")


def indications(name: str, on: date, jurisdiction: str) -> tuple[Indication, ...]:
    """The indications in force."""
    return in_force(_found(name).indications, on, jurisdiction)


def limitations(name: str, on: date, jurisdiction: str) -> tuple[Limitation, ...]:
    """The limitations of use in force."""
    return in_force(_found(name).limitations, on, jurisdiction)


def doses(name: str, group: str, on: date, jurisdiction: str) -> tuple[DoseRange, ...]:
    """The dose ranges in force for a disease group; rows without groups are for all."""
    rows = in_force(_found(name).doses, on, jurisdiction)
    return tuple(row for row in rows if not row.groups or group in row.groups)


def regimens(name: str, group: str, on: date, jurisdiction: str) -> tuple[Regimen, ...]:
    """The lymphodepletions in force for a disease group, the usual one first."""
    rows = in_force(_found(name).regimens, on, jurisdiction)
    return tuple(row for row in rows if not row.groups or group in row.groups)


def infusion_limits(name: str, on: date, jurisdiction: str) -> Limits | None:
    """What bounds the infusion; None where no text is held."""
    return next(iter(in_force(_found(name).limits, on, jurisdiction)), None)


def windows(name: str, on: date, jurisdiction: str, group: str = "") -> Windows | None:
    """The windows after an infusion on that day; None where no text is held.

    A group's own row goes first, then the one for all; where only groups have rows and none was asked for, the first of
    them, which is the most careful.
    """
    rows = in_force(_found(name).windows, on, jurisdiction)
    own = [row for row in rows if group in row.groups]
    general = [row for row in rows if not row.groups]
    return next(iter((*own, *general, *rows)), None)


def warnings(name: str, on: date, jurisdiction: str) -> tuple[BoxedWarning, ...]:
    """The boxed warnings in force."""
    return in_force(_found(name).warnings, on, jurisdiction)


def tocilizumab(name: str, on: date, jurisdiction: str) -> Tocilizumab | None:
    """What the label asks to have on hand; None where no text is held."""
    return next(iter(in_force(_found(name).tocilizumab, on, jurisdiction)), None)


def split(name: str, on: date, jurisdiction: str = "US") -> tuple[Split, ...] | None:
    """The rows of the split dose; None where the product is not split."""
    return in_force(_found(name).split, on, jurisdiction) or None


def split_toxicity(name: str, on: date, jurisdiction: str = "US") -> tuple[SplitToxicity, ...]:
    """What toxicity after the first part of a split dose means for the second."""
    return in_force(_found(name).split_toxicity, on, jurisdiction)


def grading(name: str, on: date, jurisdiction: str) -> Grading | None:
    """The system by which the label's table grades CRS; None where no text is held."""
    return next(iter(in_force(_found(name).grading, on, jurisdiction)), None)


def timing(name: str) -> Timing:
    """How long it usually takes; each value None where no source says."""
    return _found(name).timing


def attrition(name: str, group: str = "") -> tuple[Trial, ...]:
    """What became of those collected, by trial; of one disease group where asked."""
    rows = _found(name).trials
    return tuple(row for row in rows if not group or not row.groups or group in row.groups)
