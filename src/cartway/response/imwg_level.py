"""IMWG 2016, the levels of one visit: which marker rules, how deep each fell, and the lowest of them.

Kumar 2016, doi 10.1016/S1470-2045(16)30206-6. Where a critical item is missing, the next lower level stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from cartway.response.exactly import change, fell, percent, plain
from cartway.response.imwg_visit import Visit, normal

LEVELS = ("SD", "MR", "PR", "VGPR", "CR", "sCR")  # from least to best
URINE_MEASURABLE = 200  # mg/24 h
LIGHT_CHAINS_MEASURABLE = 10  # mg/dL
MARROW_MEASURABLE = 30  # %
URINE_VERY_GOOD, URINE_PARTIAL = 100, 200  # mg/24 h, to below
CLEAR_MARROW = 5  # %, below


class Route(NamedTuple):
    """What could be measured at baseline, and what therefore rules: the first that is measurable."""

    serum: bool
    urine: bool
    light_chains: bool
    marrow: bool
    missing: tuple[str, ...] = ()

    @property
    def rules(self) -> str:
        """``m_protein``, ``light_chains``, ``marrow``, or empty where nothing could be measured."""
        if self.serum or self.urine:
            return "m_protein"
        return "light_chains" if self.light_chains else "marrow" if self.marrow else ""


class Marker(NamedTuple):
    """How one marker fell: its level (empty where it was not tested), in words, whether the text has a gap there."""

    name: str
    level: str
    words: str
    in_gap: bool = False


class Depth(NamedTuple):
    """The level a visit reaches, progression left aside."""

    level: str
    rule: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    confirmed: bool = True


def route_of(baseline: Visit, serum_measurable: Decimal) -> Route:
    """Which markers were measurable before treatment. One that was not tested is not taken for measurable."""
    untested = (
        ("M-protein in serum at baseline", baseline.serum is None),
        ("M-protein in urine, 24 h, at baseline", baseline.urine is None),
    )
    return Route(
        serum=baseline.serum is not None and baseline.serum >= serum_measurable,
        urine=baseline.urine is not None and baseline.urine >= URINE_MEASURABLE,
        light_chains=_light_chains_measurable(baseline),
        marrow=baseline.marrow is not None and baseline.marrow >= MARROW_MEASURABLE,
        missing=tuple(words for words, is_missing in untested if is_missing),
    )


def _light_chains_measurable(baseline: Visit) -> bool:
    high = baseline.involved if baseline.involved is not None else baseline.difference
    return high is not None and high >= LIGHT_CHAINS_MEASURABLE and normal(baseline.ratio) is not True


def markers(visit: Visit, baseline: Visit, route: Route) -> Iterator[Marker]:
    """The markers that rule, each with its own level."""
    if route.rules == "m_protein":
        if route.serum:
            yield _serum(visit.serum, baseline.serum)
        if route.urine:
            yield _urine(visit.urine, baseline.urine)
    elif route.rules == "light_chains":
        yield _light_chains(visit.difference, baseline.difference)
    elif route.rules == "marrow":
        yield _marrow(visit.marrow, baseline.marrow)


def _serum(now: Decimal | None, before: Decimal | None) -> Marker:
    name = "M-protein in serum"
    if now is None or before is None:
        return Marker(name, "", "")
    steps = ((90, "VGPR"), (50, "PR"), (25, "MR"))
    level = next((level for share, level in steps if fell(now, before, share)), "SD")
    in_gap = level == "MR" and now * 100 < before * (100 - 49)
    return Marker(name, level, _told(name, now, before, "g/dL"), in_gap)


def _urine(now: Decimal | None, before: Decimal | None) -> Marker:
    name = "M-protein in urine, 24 h"
    if now is None or before is None:
        return Marker(name, "", "")
    told, partial = _told(name, now, before, "mg"), fell(now, before, 90) or now < URINE_PARTIAL
    level = "VGPR" if now < URINE_VERY_GOOD else "PR" if partial else "MR" if fell(now, before, 50) else "SD"
    return Marker(name, level, told, level == "MR" and now * 100 < before * (100 - 89))


def _light_chains(now: Decimal | None, before: Decimal | None) -> Marker:
    name = "Involved less uninvolved free light chains"
    if now is None or before is None:
        return Marker(name, "", "")
    level = next((level for share, level in ((90, "VGPR"), (50, "PR")) if fell(now, before, share)), "SD")
    return Marker(name, level, _told(name, now, before, "mg/dL"))


def _marrow(now: Decimal | None, before: Decimal | None) -> Marker:
    name = "Plasma cells in the marrow"
    if now is None or before is None:
        return Marker(name, "", "")
    return Marker(name, "PR" if fell(now, before, 50) else "SD", _told(name, now, before, "%"))


def _told(name: str, now: Decimal, before: Decimal, unit: str) -> str:
    return f"{name} {plain(now)} {unit}, {plain(before)} at baseline ({percent(change(now, before))})."


def depth_of(visit: Visit, baseline: Visit, route: Route) -> Depth:
    """How deep the response at a visit is. `visit` carries the last marrow and imaging, which need no repeat."""
    complete, told, missing = _complete(visit, baseline, route)
    if complete:
        return _complete_or_stringent(visit, told, by_ratio=route.rules == "light_chains")
    partial = _partial(visit, baseline, route)
    if partial.level != "VGPR":
        return partial
    return Depth(
        partial.level,
        partial.rule,
        (*partial.because, *told) if not missing else partial.because,
        (*partial.missing, *(f"{item}, for a complete response" for item in missing)),
        partial.candidates,
        partial.flags,
    )


def _complete(visit: Visit, baseline: Visit, route: Route) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
    """Whether it is complete, what stands against it, and what is missing for it (only where nothing is against it)."""
    items = tuple(_complete_items(visit, baseline, route))
    against = tuple(words for holds, _, words in items if holds is False)
    missing = tuple(name for holds, name, _ in items if holds is None)
    if against:
        return False, (), ()
    return not missing, ("Immunofixation of serum and urine is negative, the marrow clear.",), missing


def _complete_items(visit: Visit, baseline: Visit, route: Route) -> Iterator[tuple[bool | None, str, str]]:
    yield _negative(visit.serum_fixation), "immunofixation of serum", "Immunofixation of serum is positive."
    yield _negative(visit.urine_fixation), "immunofixation of urine", "Immunofixation of urine is positive."
    clear = None if visit.marrow is None else visit.marrow < CLEAR_MARROW
    yield clear, "plasma cells in the marrow", "5 % or more plasma cells in the marrow."
    yield _no_plasmacytoma(visit, baseline), "whether the plasmacytoma is gone", "A plasmacytoma is still there."
    if route.rules == "light_chains":
        yield normal(visit.ratio), "ratio of free light chains", "The ratio of free light chains is not normal."


def _negative(fixation: str) -> bool | None:
    """A band of another kind is not the myeloma's."""
    return fixation in ("negative", "other_clone") if fixation else None


def had_plasmacytoma(baseline: Visit) -> bool:
    """Whether there was a soft-tissue plasmacytoma before treatment."""
    return bool(baseline.plasmacytoma) or baseline.plasmacytoma_state in ("present", "new")


def _no_plasmacytoma(visit: Visit, baseline: Visit) -> bool | None:
    if visit.plasmacytoma is not None:
        return visit.plasmacytoma == 0
    if visit.plasmacytoma_state in ("present", "new"):
        return False
    return None if had_plasmacytoma(baseline) else True


def _complete_or_stringent(visit: Visit, told: tuple[str, ...], *, by_ratio: bool) -> Depth:
    """Where the ratio of light chains decides, its normal range does, which was not seen in the criteria themselves."""
    items = (("ratio of free light chains", normal(visit.ratio)), ("clonal plasma cells", _none(visit.clonality)))
    missing = tuple(f"{name}, for a stringent complete response" for name, holds in items if holds is None)
    if all(holds for _, holds in items):
        words = "The ratio of free light chains is normal; no clonal plasma cells."
        return Depth("sCR", "M-sCR", (*told, words), (), confirmed=False)
    against = any(holds is False for _, holds in items)
    return Depth("CR", "M-CR", told, () if against else missing, confirmed=not by_ratio)


def _none(clonality: str) -> bool | None:
    return clonality == "absent" if clonality else None


def _partial(visit: Visit, baseline: Visit, route: Route) -> Depth:
    """From stable to very good: the lowest of the markers that rule, held down by a plasmacytoma that stayed."""
    if not route.rules:
        return _nothing_measurable(visit, route)
    found = tuple(markers(visit, baseline, route))
    untested = tuple(marker.name for marker in found if not marker.level)
    tested = [marker.level for marker in found if marker.level]
    because = tuple(marker.words for marker in found if marker.words)
    if untested:
        return _untested(tested, because, untested)
    level = min(tested, key=LEVELS.index)
    if _only_by_immunofixation(visit):
        level = max(level, "VGPR", key=LEVELS.index) if route.rules == "m_protein" else level
    level, capped, missing = _with_urine(level, visit, route)
    level, words, further = _with_plasmacytoma(level, visit, baseline)
    flags = ("between_bands",) if level == "MR" and any(marker.in_gap for marker in found) else ()
    candidates = ("MR", "SD") if flags else ()
    return Depth(level, f"M-{level}", (*because, *capped, *words), (*missing, *further), candidates, flags)


def _only_by_immunofixation(visit: Visit) -> bool:
    """Whether the M-protein is seen by immunofixation only, in serum and urine."""
    return visit.serum == 0 and visit.urine == 0 and "positive" in (visit.serum_fixation, visit.urine_fixation)


def _with_urine(level: str, visit: Visit, route: Route) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """A very good partial response needs less than 100 mg of urine M-protein even where it was not measurable."""
    if level != "VGPR" or route.rules != "m_protein" or route.urine:
        return level, (), ()
    if visit.urine is None:
        return "PR", (), ("M-protein in urine, 24 h, for a very good partial response",)
    if visit.urine < URINE_VERY_GOOD:
        return level, (), ()
    return "PR", (f"M-protein in urine {plain(visit.urine)} mg/24 h, not below {URINE_VERY_GOOD}.",), ()


def _with_plasmacytoma(level: str, visit: Visit, baseline: Visit) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    if level == "SD" or not had_plasmacytoma(baseline):
        return level, (), ()
    now, before = visit.plasmacytoma, baseline.plasmacytoma
    if now == 0:
        return level, (), ()
    if now is None or not before:
        return "SD", (), ("size of the plasmacytoma, for a response",)
    told = _told("Plasmacytoma", now, before, "cm2")
    return (level, (told,), ()) if fell(now, before, 50) else ("SD", (told,), ())


def _untested(tested: list[str], because: tuple[str, ...], untested: tuple[str, ...]) -> Depth:
    """A marker that rules was not tested: no level can be given, and none is better than that of the others."""
    if not tested:
        return Depth("NE", "", because, untested)
    reachable = LEVELS[: LEVELS.index(min(tested, key=LEVELS.index)) + 1]
    return Depth("NE", "G-3", because, untested, ("NE", *reachable), ("marker_missing",))


def _nothing_measurable(visit: Visit, route: Route) -> Depth:
    because = "Nothing was measurable at baseline: M-protein, free light chains, or 30 % plasma cells in the marrow."
    if not any(each is not None for each in (visit.serum, visit.urine, visit.difference, visit.marrow)):
        return Depth("NE", "", (because,), route.missing)
    return Depth("NE", "M-0", (because,), route.missing, ("NE", "SD"), ("nothing_measurable",))
