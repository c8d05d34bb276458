"""IMWG 2016, progression: a rise from the lowest confirmed value, or lesions; and the labels beside it.

Kumar 2016, doi 10.1016/S1470-2045(16)30206-6. Clinical relapse and relapse from complete response are no progression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from cartway.response.exactly import HUNDRED, change, percent, plain, rose
from cartway.response.imwg_level import CLEAR_MARROW, Route
from cartway.response.imwg_visit import Visit

SERUM, SERUM_WHEN_HIGH, HIGH = Decimal("0.5"), Decimal(1), Decimal(5)  # g/dL
URINE, LIGHT_CHAINS, MARROW, BLOOD = Decimal(200), Decimal(10), Decimal(10), Decimal(200)
CALCIUM, HEMOGLOBIN, CREATININE = Decimal(11), Decimal(2), Decimal(2)


class Rise(NamedTuple):
    """How a marker stands to the lowest value that counts."""

    marker: str
    words: str
    unit: str
    now: Decimal
    lowest: Decimal

    @property
    def amount(self) -> Decimal:
        """The rise in the marker's unit; negative for a fall."""
        return self.now - self.lowest

    @property
    def share(self) -> Decimal | None:
        """The rise in percent; None from nothing."""
        return change(self.now, self.lowest)

    def told(self) -> str:
        """In words, with the numbers."""
        share = f"; {percent(self.share)}" if self.share is not None else ""
        lowest = f"{plain(self.amount)} above the lowest that counts, {plain(self.lowest)}"
        return f"{self.words} {plain(self.now)} {self.unit}, {lowest}{share}."


class Progression(NamedTuple):
    """One item of progression that is met. `open`: somebody has to look first. `confirmed`: its rule was seen."""

    rule: str
    because: str
    needs_second: bool
    confirmed: bool = True
    open: bool = False
    rise: Rise | None = None


MARKERS: Sequence[tuple[str, str, str, Callable[[Visit], Decimal | None]]] = (
    ("serum", "M-protein in serum", "g/dL", lambda visit: visit.serum),
    ("urine", "M-protein in urine, 24 h,", "mg", lambda visit: visit.urine),
    ("light_chains", "Involved less uninvolved free light chains", "mg/dL", lambda visit: visit.difference),
    ("marrow", "Plasma cells in the marrow", "%", lambda visit: visit.marrow),
    ("blood", "Plasma cells in the blood", "per microliter", lambda visit: visit.blood),
    ("plasmacytoma", "Plasmacytoma", "cm2", lambda visit: visit.plasmacytoma),
)


ONCE_IS_ENOUGH = frozenset({"marrow", "plasmacytoma"})
"""Marrow and imaging need no second look to count."""


class Lowest:
    """The lowest value of each marker since baseline, visit by visit: of any test, and of any two tests in a row.

    The baseline's own value counts as it is. A later value counts as confirmed only as far as the next test did not
    rise above it again.
    """

    def __init__(self, baseline: Visit) -> None:
        self._any: dict[str, Decimal] = {}
        self._confirmed: dict[str, Decimal] = {}
        self._last: dict[str, Decimal] = {}
        for name, _, _, value in MARKERS:
            if (found := value(baseline)) is not None:
                self._any[name] = self._confirmed[name] = found

    def absorb(self, visit: Visit) -> None:
        """Take in the next visit."""
        for name, _, _, value in MARKERS:
            if (now := value(visit)) is None:
                continue
            self._any[name] = min(now, self._any.get(name, now))
            if (before := self._last.get(name)) is not None:
                both = max(before, now)
                self._confirmed[name] = min(both, self._confirmed.get(name, both))
            self._last[name] = now

    @property
    def agrees(self) -> bool:
        """Whether the two ways of counting give the same lowest values."""
        return all(self.of(name, confirmed=True) == low for name, low in self._any.items())

    def of(self, marker: str, confirmed: bool) -> Decimal | None:
        """The lowest value of a marker, None before there is one."""
        return (self._confirmed if confirmed and marker not in ONCE_IS_ENOUGH else self._any).get(marker)


def rises(visit: Visit, lowest: Lowest, confirmed: bool) -> dict[str, Rise]:
    """Each marker tested at a visit, beside its lowest value since baseline."""
    found = {}
    for name, words, unit, value in MARKERS:
        now = value(visit)
        if now is not None and (least := lowest.of(name, confirmed)) is not None:
            found[name] = Rise(name, words, unit, now, least)
    return found


def progressions(visit: Visit, found: dict[str, Rise], route: Route) -> Iterator[Progression]:
    """The items of progression that a visit meets by its rises; any one is enough."""
    yield from _biochemical(found, route)
    yield from _lesions(visit, found)
    yield from _cells(found, route)


def _biochemical(found: dict[str, Rise], route: Route) -> Iterator[Progression]:
    serum, urine, chains = found.get("serum"), found.get("urine"), found.get("light_chains")
    if serum and serum.lowest >= HIGH and serum.amount >= SERUM_WHEN_HIGH:
        yield Progression("M-PD-S5", serum.told(), True, rise=serum)
    elif serum and _by_a_quarter(serum) and serum.amount >= SERUM:
        yield Progression("M-PD-S", serum.told(), True, rise=serum)
    if urine and _by_a_quarter(urine) and urine.amount >= URINE:
        yield Progression("M-PD-U", urine.told(), True, rise=urine)
    if chains and not (route.serum or route.urine) and _by_a_quarter(chains) and chains.amount > LIGHT_CHAINS:
        yield Progression("M-PD-F", chains.told(), True, rise=chains)


def _cells(found: dict[str, Rise], route: Route) -> Iterator[Progression]:
    marrow, blood = found.get("marrow"), found.get("blood")
    if marrow and route.rules in ("marrow", "") and _by_a_quarter(marrow) and marrow.amount >= MARROW:
        yield Progression("M-PD-B", marrow.told(), False, rise=marrow)
    if blood and not route.rules and rose(blood.now, blood.lowest, 50) and blood.amount >= BLOOD:
        yield Progression("M-PD-C", blood.told(), True, confirmed=False, rise=blood)


def to_judge(found: dict[str, Rise], route: Route, ratio_normal: bool | None) -> Iterator[tuple[str, str]]:
    """Rises that are no progression by the letter, for another marker rules, and that a physician has to judge.

    Light chains that escape (with the limits of M-PD-F, and a ratio that is not normal) and plasma cells in the marrow
    (with those of M-PD-B): a flag and its words each.
    """
    chains, marrow = found.get("light_chains"), found.get("marrow")
    escaped = chains and (route.serum or route.urine) and _by_a_quarter(chains) and chains.amount > LIGHT_CHAINS
    if chains and escaped and ratio_normal is not True:
        yield "light_chain_escape", f"{chains.told()} By the letter the M-protein rules."
    again = marrow and route.rules not in ("marrow", "") and _by_a_quarter(marrow) and marrow.amount >= MARROW
    if marrow and again:
        yield "marrow_relapse_to_judge", f"{marrow.told()} By the letter another marker rules."


def _by_a_quarter(rise: Rise) -> bool:
    return rose(rise.now, rise.lowest, 25)


def _lesions(visit: Visit, found: dict[str, Rise]) -> Iterator[Progression]:
    if visit.bone == "new":
        yield Progression("M-PD-L", "A new bone lesion.", False)
    if visit.bone == "grown":
        yield Progression("M-PD-L", "A bone lesion is definitely larger.", False)
    if visit.plasmacytoma_state == "new" or visit.new_lesion == "unequivocal":
        yield Progression("M-PD-L", "A new lesion of the myeloma outside the bones.", False)
    if visit.new_lesion == "indeterminate":
        yield Progression("M-PD-L", "A new lesion whose cause is not clear.", False, open=True)
    size = found.get("plasmacytoma")
    if size and size.lowest > 0 and rose(size.now, size.lowest, 50):
        # The sum counts for more than one lesion; for a single one its longest diameter does, not charted here.
        single = visit.lesions == 1
        yield Progression("M-PD-L", size.told(), False, confirmed=False, open=single or visit.lesions is None)
    elif size and size.lowest == 0 and size.now > 0:
        yield Progression("M-PD-L", "A plasmacytoma where none was left.", False)


def main_rise(found: dict[str, Rise], route: Route) -> Rise | None:
    """The rise to show where there is no progression: of the marker that rules."""
    order = {
        "m_protein": ("serum", "urine") if route.serum else ("urine", "serum"),
        "light_chains": ("light_chains",),
        "marrow": ("marrow",),
        "": ("marrow", "blood"),
    }[route.rules]
    return next((found[name] for name in order if name in found), None)


def clinical_relapse(visit: Visit, baseline: Visit) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What makes a clinical relapse at a visit, and what somebody has to judge first. Both empty where nothing does.

    The limits are from a secondary source of the 2016 criteria; the edition before took calcium above 11.5 mg/dL.
    """
    met: list[str] = []
    open_ones: list[str] = []
    if visit.calcium is not None and visit.calcium > CALCIUM and "calcium" not in visit.explained:
        told = f"Calcium {plain(visit.calcium)} mg/dL, above 11."
        (met if "hypercalcemia" in visit.signs else open_ones).append(told)
    if "anemia" in visit.signs and _fallen(visit.hemoglobin, baseline.hemoglobin):
        met.append(f"Hemoglobin {plain(visit.hemoglobin or HUNDRED)} g/dL, at least 2 lower, from the myeloma.")
    if "renal" in visit.signs and _fallen(baseline.creatinine, visit.creatinine, CREATININE):
        met.append(f"Creatinine {plain(visit.creatinine or HUNDRED)} mg/dL, at least 2 higher, from the myeloma.")
    if "hyperviscosity" in visit.signs:
        met.append("Hyperviscosity from the myeloma.")
    if visit.bone == "new" or visit.plasmacytoma_state == "new":
        met.append("A new plasmacytoma or bone lesion.")
    return tuple(met), tuple(open_ones)


def _fallen(now: Decimal | None, before: Decimal | None, least: Decimal = HEMOGLOBIN) -> bool:
    return now is not None and before is not None and before - now >= least


def relapse_from_complete(visit: Visit) -> str:
    """What ends a complete response for disease-free survival only; empty where nothing does."""
    if "positive" in (visit.serum_fixation, visit.urine_fixation):
        return "Immunofixation is positive again after a complete response."
    if (visit.serum or 0) > 0 or (visit.urine or 0) > 0:
        return "M-protein is measured again after a complete response."
    if visit.marrow is not None and visit.marrow >= CLEAR_MARROW:
        return "5 % or more plasma cells in the marrow again after a complete response."
    return ""
