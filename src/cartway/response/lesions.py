"""Lesions on a scan: two diameters, their product, the sum over the targets, and what is new.

Cheson 2014, doi 10.1200/JCO.2013.54.8800: up to six targets; the longest transverse diameter and the one across it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property

import msgspec

from cartway.record import Fact
from cartway.response.measured import Assessment, detail_number, exact

TARGETS_AT_MOST = 6
NODE, EXTRANODAL = "node", "extranodal"
TOO_SMALL_CM = Decimal("0.5")  # too small to measure counts as 0.5 x 0.5 cm
_SIZES = {"too_small": TOO_SMALL_CM, "not_visible": Decimal(0)}
_EXTRANODAL_WORDS = ("extranodal", "extralymphatic", "organ", "soft_tissue", "bone")


class Lesion(msgspec.Struct, frozen=True, dict=True):
    """One lesion on one scan, in cm. A diameter that was not measured is None."""

    name: str
    site: str
    longest: Decimal | None
    across: Decimal | None

    @cached_property
    def product(self) -> Decimal | None:
        """The product of its diameters, cm2; None where one is missing."""
        return None if self.longest is None or self.across is None else self.longest * self.across

    @property
    def gone(self) -> bool:
        """Whether it is no longer visible."""
        return self.longest == 0

    @property
    def title(self) -> str:
        """What it is called in a sentence."""
        kind = {NODE: "Node", EXTRANODAL: "Extranodal lesion"}.get(self.site, "Lesion")
        return f"{kind} {self.name}".rstrip()


class NewLesion(msgspec.Struct, frozen=True):
    """Something new on a scan. `size` is the longest diameter told, cm; `is_disease` None where nobody can say yet."""

    name: str
    site: str
    size: Decimal | None
    across: Decimal | None
    is_disease: bool | None
    biopsied: bool
    fdg: bool

    @property
    def title(self) -> str:
        """What it is called in a sentence."""
        kind = {NODE: "new node", EXTRANODAL: "new extranodal lesion"}.get(self.site, "new lesion")
        return f"{kind} {self.name}".rstrip()


def lesion_of(fact: Fact) -> Lesion:
    """A lesion as a fact tells it; the longer of two diameters is the longest, whichever was written first."""
    if fact.choice:
        size = _SIZES.get(fact.choice)
        return Lesion(fact.about, site_of(fact), size, size)
    one, other = exact(fact), detail_number(fact, "short_axis")
    if one is not None and other is not None and other > one:
        one, other = other, one
    if one == 0 and other is None:
        other = Decimal(0)
    return Lesion(fact.about, site_of(fact), one, other)


def site_of(fact: Fact) -> str:
    """``node``, ``extranodal``, or empty where it was not told."""
    told = str(fact.detail.get("site", "")).strip().lower().replace(" ", "_")
    if any(word in told for word in _EXTRANODAL_WORDS):
        return EXTRANODAL
    return NODE if "nod" in told or "lymph" in told else ""


def targets_of(baseline: Assessment) -> tuple[Mapping[str, Lesion], tuple[str, ...]]:
    """The targets at baseline by name, at most six (the largest), and flags."""
    found = {name: lesion_of(fact) for name, fact in baseline.by_thing("lesion").items()}
    small = any(not _measurable(lesion) for lesion in found.values())
    flags = ("target_not_measurable_at_baseline",) if small else ()
    if len(found) <= TARGETS_AT_MOST:
        return found, flags
    largest = sorted(found.values(), key=lambda lesion: lesion.product or Decimal(0), reverse=True)[:TARGETS_AT_MOST]
    kept = {lesion.name for lesion in largest}
    return {name: each for name, each in found.items() if name in kept}, (*flags, "more_than_six_targets")


def _measurable(lesion: Lesion) -> bool:
    """A node above 1.5 cm, an extranodal lesion above 1.0 cm."""
    return lesion.longest is not None and lesion.longest > limit_of(lesion.site)


def limit_of(site: str) -> Decimal:
    """Above this longest diameter a node is abnormal, an extranodal lesion measurable, cm."""
    return Decimal("1.0") if site == EXTRANODAL else Decimal("1.5")


def measured_targets(visit: Assessment, targets: Mapping[str, Lesion]) -> dict[str, Lesion]:
    """The targets that a scan tells of; their site is that of the baseline where the scan does not repeat it."""
    found = {}
    for name, fact in visit.by_thing("lesion").items():
        if name in targets:
            lesion = lesion_of(fact)
            found[name] = msgspec.structs.replace(lesion, site=lesion.site or targets[name].site)
    return found


def sum_of_products(targets: Iterable[str], found: Mapping[str, Lesion]) -> Decimal | None:
    """The sum over all targets, cm2; None where one was not measured in both diameters, or there is none."""
    products = [found[name].product if name in found else None for name in targets]
    if not products or any(product is None for product in products):
        return None
    return sum((product for product in products if product is not None), Decimal(0))


def new_lesions(visit: Assessment, targets: Mapping[str, Lesion], before: Iterable[NewLesion]) -> tuple[NewLesion, ...]:
    """What is new on a scan: named so, or a lesion that was new on an earlier one and is measured again."""
    earlier = {lesion.name: lesion for lesion in before}
    found = [_new(fact, visit) for fact in _last_of_each(visit.all("new_lesion"))]
    named = {lesion.name for lesion in found}
    for name, fact in visit.by_thing("lesion").items():
        if name in earlier and name not in named and name not in targets and not lesion_of(fact).gone:
            found.append(_again(fact, earlier[name], visit))
    return tuple(_settled(found, visit))


def strays(visit: Assessment, targets: Mapping[str, Lesion], new: Iterable[NewLesion]) -> list[str]:
    """Lesions measured on a scan that are no targets of the baseline, and that nobody called new."""
    known = {*targets, *(lesion.name for lesion in new)}
    return [name for name, fact in visit.by_thing("lesion").items() if name not in known and not lesion_of(fact).gone]


def _last_of_each(facts: Iterable[Fact]) -> list[Fact]:
    """The newest fact of each named lesion; of unnamed ones every one."""
    facts = list(facts)
    newest = {fact.about: fact for fact in facts}
    return [fact for fact in facts if not fact.about or newest[fact.about] is fact]


def _new(fact: Fact, visit: Assessment) -> NewLesion:
    sizes = [size for size in (detail_number(fact, "size"), detail_number(fact, "short_axis")) if size is not None]
    told = {"unequivocal": True, "not_disease": False}.get(fact.choice)
    found, biopsied = _biopsy(visit, fact.about, told)
    fdg = bool(fact.detail.get("fdg"))
    across = min(sizes) if len(sizes) > 1 else None
    return NewLesion(fact.about, site_of(fact), max(sizes, default=None), across, found, biopsied, fdg)


def _again(fact: Fact, earlier: NewLesion, visit: Assessment) -> NewLesion:
    lesion = lesion_of(fact)
    found, biopsied = _biopsy(visit, fact.about, earlier.is_disease)
    site = lesion.site or earlier.site
    return NewLesion(fact.about, site, lesion.longest, lesion.across, found, biopsied or earlier.biopsied, earlier.fdg)


BIOPSY_SAYS = {"disease": True, "transformed": True, "no_disease": False, "other_cancer": False}


def _biopsy(visit: Assessment, name: str, told: bool | None) -> tuple[bool | None, bool]:
    """Whether a lesion is the disease: what its biopsy says, else what the reader said."""
    choice = visit.choice("biopsy", name) if name else ""
    return (BIOPSY_SAYS[choice], True) if choice in BIOPSY_SAYS else (told, False)


def _settled(found: list[NewLesion], visit: Assessment) -> Iterable[NewLesion]:
    """A biopsy that names no lesion speaks of the only new one; where it found disease, of every new one."""
    unnamed = BIOPSY_SAYS.get(visit.choice("biopsy", ""))
    for lesion in found:
        if unnamed is None or lesion.biopsied or (len(found) > 1 and not unnamed):
            yield lesion
        else:
            yield msgspec.structs.replace(lesion, is_disease=unnamed, biopsied=True)
