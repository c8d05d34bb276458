"""Lugano 2014 by CT: what is progression.

Cheson 2014, J Clin Oncol 32:3059, doi 10.1200/JCO.2013.54.8800. Lengths in cm, products in cm2, nothing rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from cartway.response.items import Item, percent, shown, shown_percent
from cartway.response.lesions import EXTRANODAL, NODE, Lesion, NewLesion, limit_of
from cartway.response.scan import SPLEEN_LIMIT_CM, Scan

NODE_LIMIT_CM = Decimal("1.5")
SMALL_LESION_CM = Decimal(2)
SPLEEN_NEW_RISE_CM = Decimal(2)


def progression_items(scan: Scan) -> list[Item]:
    """Every line of progression: any one that says yes is enough."""
    organs = [non_target_progress(scan), spleen_progress(scan), marrow_progress(scan), liver_progress(scan)]
    return [*target_items(scan), *new_lesion_items(scan), *organs]


def others(scan: Scan) -> set[str]:
    """What is told of disease outside the targets."""
    return {fact.choice for fact in scan.visit.by_thing("non_target_disease").values()}


def target_items(scan: Scan) -> Iterator[Item]:
    """Each target: all three of an abnormal length, a product half as large again, and a longer diameter."""
    for lesion in scan.targets.values():
        nadir = scan.nadir(lesion.name)
        if nadir is not None and nadir.gone:
            yield _regrown(lesion)
        elif nadir is not None:
            yield _grown(lesion, nadir)


def _regrown(lesion: Lesion) -> Item:
    """A lesion that had gone is back: progression, at whatever size it shows."""
    if lesion.longest is None or lesion.gone:
        return Item("L-CT-PD-NL", "no")
    said = f"{lesion.title} had gone and is back, {shown(lesion.longest)} cm."
    large = lesion.longest > limit_of(lesion.site)
    return Item("L-CT-PD-NL", "yes", said) if large else _open(said, "progression", "review_new_lesion")


def _open(said: str, convention: str, *flags: str, rule: str = "L-CT-PD-NL") -> Item:
    return Item(rule, "open", f"{said} The text can be read two ways here.", flags=flags, convention=convention)


def _grown(lesion: Lesion, nadir: Lesion) -> Item:
    if lesion.longest is None or lesion.product is None or nadir.product is None or nadir.longest is None:
        return Item("L-CT-PD-N", "no")
    step = growth_step(nadir.longest)
    longer = _rose(lesion.longest, nadir.longest, step) or _rose(lesion.across, nadir.across, step)
    half_more = lesion.product * 2 >= nadir.product * 3
    met = lesion.longest > NODE_LIMIT_CM and half_more and longer
    # Which side of 2 cm a lesion is on is taken at its smallest, which the paper does not say: it matters only then.
    settled = _rose(lesion.longest, nadir.longest, Decimal(1)) or _rose(lesion.across, nadir.across, Decimal(1))
    return Item("L-CT-PD-N", "yes" if met else "no", _grew(lesion, nadir) if met else "", confirmed=settled or not met)


def growth_step(longest: Decimal) -> Decimal:
    """By how much a diameter must rise: 0.5 cm up to 2 cm, 1.0 cm above."""
    return Decimal("0.5") if longest <= SMALL_LESION_CM else Decimal(1)


def _rose(now: Decimal | None, before: Decimal | None, step: Decimal) -> bool:
    return now is not None and before is not None and now - before >= step


def _grew(lesion: Lesion, nadir: Lesion) -> str:
    change = percent(lesion.product, nadir.product) if lesion.product and nadir.product else Decimal(0)
    sizes = f"{lesion.title} is {size_of(lesion)} cm, its smallest was {size_of(nadir)} cm"
    return f"{sizes}: product {shown_percent(change)}."


def size_of(lesion: Lesion) -> str:
    """Its two diameters for a sentence."""
    across = "?" if lesion.across is None else shown(lesion.across)
    return f"{shown(lesion.longest or Decimal(0))} x {across}"


def new_lesion_items(scan: Scan) -> Iterator[Item]:
    """Each new lesion: a node above 1.5 cm, an extranodal one above 1.0 cm, or smaller and surely lymphoma."""
    for lesion in scan.new:
        if lesion.is_disease is not False and not lesion.fdg:
            yield _new_lesion(lesion)


def _new_lesion(lesion: NewLesion) -> Item:
    size = "size not told" if lesion.size is None else f"{shown(lesion.size)} cm"
    said = f"There is a {lesion.title}, {size}" + ("; its biopsy is lymphoma." if lesion.biopsied else ".")
    review = () if lesion.is_disease else ("review_new_lesion",)
    sites = (lesion.site,) if lesion.site else (NODE, EXTRANODAL)
    answers = {_is_progression(lesion, site) for site in sites}
    if answers == {True}:
        return Item("L-CT-PD-NL", "yes", said, flags=review)
    if answers == {False}:
        return Item("L-CT-PD-NL", "no", said, flags=("review_new_lesion",))
    missing = "the size of the new lesion" if lesion.size is None else "whether the new lesion is a node"
    return msgspec.structs.replace(_open(said, "", "review_new_lesion"), missing=missing)


def _is_progression(lesion: NewLesion, site: str) -> bool | None:
    """Whether a new lesion at such a site is progression; None where its size decides and was not told."""
    if lesion.is_disease and (lesion.biopsied or site == EXTRANODAL):
        return True
    return None if lesion.size is None else lesion.size > limit_of(site)


def non_target_progress(scan: Scan) -> Item:
    """Clear progression of what is not measured."""
    grown = "progressed" in others(scan)
    return Item("L-CT-PD-O", "yes" if grown else "no", "Disease outside the targets clearly progressed." * grown)


def spleen_progress(scan: Scan) -> Item:
    """Longer by more than half of its excess over 13 cm; without excess by 2 cm; or enlarged anew."""
    length, before = scan.visit.number("spleen_length"), scan.spleens()
    if length is None or not before:
        return Item("L-CT-PD-S", "no")
    first, least = before[0], min(before)
    said = f"The spleen is {shown(length)} cm, before {shown(least)} cm"
    if least > SPLEEN_LIMIT_CM:
        met = (length - least) * 2 > least - SPLEEN_LIMIT_CM
        # Which earlier length the excess is taken from is said only for a spleen that had not shrunk in between.
        return Item("L-CT-PD-S", "yes" if met else "no", f"{said}." if met else "", confirmed=least == first or not met)
    rise = length - least >= SPLEEN_NEW_RISE_CM
    if length > SPLEEN_LIMIT_CM:
        answer = Item("L-CT-PD-S", "yes", f"{said}: enlarged anew.", flags=("review_spleen",))
        opened = _open(f"{said}: now above 13 cm, by less than 2 cm.", "progression", "review_spleen", rule="L-CT-PD-S")
        return answer if rise else opened
    if rise:
        text = f"{said}: at least 2 cm longer, and still not above 13 cm."
        return _open(text, "", "review_spleen", rule="L-CT-PD-S")
    return Item("L-CT-PD-S", "no")


def marrow_progress(scan: Scan) -> Item:
    """New or recurrent involvement of the marrow."""
    if scan.visit.choice("marrow_finding") not in ("involved", "nodules"):
        return Item("L-CT-PD-O", "no")
    cleared = any(
        each.visit.choice("marrow_finding") in ("negative", "indeterminate_negative") for each in scan.earlier
    )
    if scan.baseline.marrow_involved is None and not cleared:
        text = "The marrow is involved, and nobody told whether it was at baseline."
        return _open(text, "none", "marrow_at_baseline_unknown", rule="L-CT-PD-O")
    new = cleared or not scan.baseline.marrow_involved
    return Item("L-CT-PD-O", "yes" if new else "no", "The marrow is involved anew." * new)


def liver_progress(scan: Scan) -> Item:
    """Disease in a liver where there was none; one that is merely enlarged is for a person to look at."""
    now, before = scan.visit.choice("liver_size"), scan.baseline.facts.choice("liver_size")
    if now == "disease" and before == "normal":
        return Item("L-CT-PD-NL", "yes", "There is new disease in the liver.")
    changed = now in ("enlarged", "disease") and before != now
    return Item("L-CT-PD-NL", "no", flags=("review_liver",) if changed else ())
