"""iwCLL 2018, progression: nodes, spleen, CLL cells in blood and marrow, counts that fell from the CLL.

Hallek 2018, doi 10.1182/blood-2017-09-806398, table of response definitions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from cartway.response.exactly import change, fell, percent, plain, rose
from cartway.response.iwcll_visit import NODE, SPLEEN, Visit

MANY_LYMPHOCYTES = Decimal(5)
"""10*9/L: a rise to fewer is not called progression. From the edition of 2008 by a secondary source."""
HEMOGLOBIN_FALL = Decimal(2)


class Sign(NamedTuple):
    """Something that is or may be progression. `open`: somebody has to look before it counts."""

    rule: str
    told: str
    open: bool = False
    flag: str = ""


SETTLED = frozenset({"not_CLL_lymphocytes", "cytopenia_from_treatment"})


def progression(visit: Visit, baseline: Visit, before: Sequence[Visit]) -> Iterator[Sign]:
    """All that is or may be progression at a visit. `before`: the baseline and the visits since."""
    if visit.transformed:
        yield Sign(
            "C-6",
            "Transformed to another lymphoma on biopsy: that lymphoma is read by Lugano from here on.",
            flag="transformed",
        )
    yield from _nodes_grown(visit, before)
    yield from _spleen_grown(visit, before)
    yield from _lymphocytes_risen(visit, baseline)
    yield from _counts_fallen(visit, baseline)
    shares = [each.marrow_share for each in before if each.marrow_share is not None]
    if visit.marrow_share is not None and shares and rose(visit.marrow_share, min(shares), 50):
        yield Sign(
            "C-PD-B", f"CLL cells in the marrow {plain(visit.marrow_share)} %, {plain(min(shares))} % at the lowest."
        )


def _nodes_grown(visit: Visit, before: Sequence[Visit]) -> Iterator[Sign]:
    known = [each.products for each in before if each.products is not None]
    enlarged = visit.largest is None or visit.largest >= NODE
    if visit.products is not None and known and rose(visit.products, min(known), 50) and enlarged:
        told = f"Nodes {plain(visit.products)} cm2, {plain(min(known))} at the lowest"
        yield Sign("C-PD-A", f"{told} ({percent(change(visit.products, min(known)))}).")
    if visit.new_node == "unequivocal" and (visit.new_node_size is None or visit.new_node_size >= NODE):
        yield Sign("C-PD-A", "A new node of 1.5 cm or more." if visit.new_node_size else "A new lesion.")
    elif visit.new_node in ("unequivocal", "indeterminate"):
        yield Sign("C-PD-A", "A new lesion that is small, or whose cause is not clear.", True, "review_new_lesion")


def _spleen_grown(visit: Visit, before: Sequence[Visit]) -> Iterator[Sign]:
    known = [each.excess for each in before if each.excess is not None]
    if visit.excess and known:
        least = min(known)
        if least > 0 and rose(visit.excess, least, 50):
            told = f"{plain(visit.excess)} cm beyond 13, {plain(least)} at the lowest"
            yield Sign("C-PD-A", f"Spleen {plain(visit.spleen or SPLEEN)} cm: {told}.")
        elif least == 0:
            yield Sign(
                "C-PD-A", f"Spleen {plain(visit.spleen or SPLEEN)} cm: enlarged again.", True, "spleen_enlarged_again"
            )
    if visit.liver in ("enlarged", "disease") and any(each.liver == "normal" for each in before):
        yield Sign("C-PD-A", "The liver is enlarged, and was normal before.", True, "liver_enlarged")


def _lymphocytes_risen(visit: Visit, baseline: Visit) -> Iterator[Sign]:
    """A rise of the count is progression only of CLL cells: CAR T cells raise it too."""
    now, then = visit.lymphocytes, baseline.lymphocytes
    if now is None or then is None or not rose(now, then, 50):
        return
    told = f"Lymphocytes {plain(now)}, {plain(then)} at baseline ({percent(change(now, then))})"
    of_disease = visit.cll_lymphocytes
    if of_disease is None:
        yield Sign("C-5", f"{told}: they were not typed, and may be CAR T cells.", True, "type_lymphocytes")
    elif not rose(of_disease, then, 50):
        yield Sign(
            "C-5", f"{told}: {plain(visit.cll or Decimal(0))} % of them are CLL cells.", True, "not_CLL_lymphocytes"
        )
    elif of_disease < MANY_LYMPHOCYTES:
        yield Sign("C-PD-A", f"{told}: few, below 5.", True, "few_lymphocytes")
    else:
        yield Sign("C-PD-A", f"{told}, CLL cells.")


def _counts_fallen(visit: Visit, baseline: Visit) -> Iterator[Sign]:
    """A fall counts where the team puts it down to the CLL; after CAR T cells most are from the treatment."""
    if visit.platelets is not None and baseline.platelets is not None and fell(visit.platelets, baseline.platelets, 50):
        told = f"Platelets {plain(visit.platelets)}, {plain(baseline.platelets)} at baseline"
        yield _attributed(visit, "thrombocytopenia", told)
    now, then = visit.hemoglobin, baseline.hemoglobin
    if now is not None and then is not None and then - now >= HEMOGLOBIN_FALL:
        yield _attributed(visit, "anemia", f"Hemoglobin {plain(now)} g/dL, {plain(then)} at baseline")


def _attributed(visit: Visit, sign: str, told: str) -> Sign:
    if sign in visit.signs:
        return Sign("C-PD-B", f"{told}, from the CLL.")
    if "treatment" in visit.signs:
        return Sign("C-PD-B", f"{told}, from the treatment.", True, "cytopenia_from_treatment")
    return Sign("C-PD-B", f"{told}: nobody charted whether from the CLL.", True, "cytopenia_to_attribute")
