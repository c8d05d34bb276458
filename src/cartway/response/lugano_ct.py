"""Lugano 2014 by CT: the lines of the table for complete and partial response, each a function.

Cheson 2014, J Clin Oncol 32:3059, doi 10.1200/JCO.2013.54.8800. Lengths in cm, products in cm2, nothing rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from cartway.response.items import Item, Rung, level_of, percent, shown, shown_percent
from cartway.response.lesions import EXTRANODAL, Lesion, strays
from cartway.response.lugano_growth import NODE_LIMIT_CM, others, progression_items, size_of
from cartway.response.model import Choices, Level
from cartway.response.scan import SPLEEN_LIMIT_CM, Scan

CT_FACTS = ("lesion", "non_target_disease")
NOT_INCREASED = ("absent", "normal", "regressed")


def read_ct(scan: Scan, choices: Choices) -> Level | None:
    """The level by CT, None where nothing was measured on it."""
    if not scan.visit.has(*CT_FACTS):
        return None
    found = level_of(progression_items(scan), _ladder(scan, choices))
    return msgspec.structs.replace(found, numbers=numbers(scan), flags=_flags(scan, found))


def _ladder(scan: Scan, choices: Choices) -> Iterator[Rung]:
    """The levels below progression, best first, each with its lines."""
    yield "CR", "L-CT-CR", [*_normal(scan), others_absent(scan), *organs_normal(scan), marrow_normal(scan)]
    yield "PR", "L-CT-PR", [halved(scan), others_not_increased(scan, choices), spleen_regressed(scan)]
    yield "SD", "L-CT-SD", [_spd_known(scan), _others_known(scan), _spleen_known(scan)]


def numbers(scan: Scan) -> dict[str, Decimal]:
    """The sums and changes of a scan, unrounded: cm2 and percent."""
    found: dict[str, Decimal] = {}
    spd, first, nadir = scan.spd, scan.baseline.spd, scan.spd_nadir
    if spd is not None:
        found["spd_cm2"] = spd
        if first:
            found["spd_change_pct"] = percent(spd, first)
        if nadir:
            found["spd_change_from_nadir_pct"] = percent(spd, nadir)
    changes = [_product_change(scan, lesion) for lesion in scan.targets.values()]
    known = [change for change in changes if change is not None]
    return {**found, "ppd_change_from_nadir_pct": max(known)} if known else found


def _product_change(scan: Scan, lesion: Lesion) -> Decimal | None:
    nadir = scan.nadir(lesion.name)
    if nadir is None or not nadir.product or lesion.product is None:
        return None
    return percent(lesion.product, nadir.product)


def _flags(scan: Scan, found: Level) -> tuple[str, ...]:
    stray = ("lesion_not_at_baseline",) if strays(scan.visit, scan.baseline.targets, scan.new) else ()
    return tuple(dict.fromkeys((*found.flags, *scan.baseline.flags, *stray)))


def _normal(scan: Scan) -> Iterator[Item]:
    """Every target node at most 1.5 cm long, every extranodal target gone."""
    for name, target in scan.baseline.targets.items():
        lesion = scan.targets.get(name)
        if lesion is None or lesion.longest is None:
            yield Item("L-CT-CR", "unknown", missing=f"the size of {name or 'the target'}")
        elif target.site == EXTRANODAL:
            said = f"{target.title} is gone." if lesion.gone else f"{target.title} is still seen, {size_of(lesion)} cm."
            yield Item("L-CT-CR", "yes" if lesion.gone else "no", said)
        else:
            small = lesion.longest <= NODE_LIMIT_CM
            if small and not target.site and not lesion.gone:
                yield Item("L-CT-CR", "unknown", missing=f"whether {name or 'the target'} is a node")
                continue
            word = "at most" if small else "above"
            said = f"{lesion.title} is {shown(lesion.longest)} cm long, {word} 1.5 cm."
            yield Item("L-CT-CR", "yes" if small else "no", said)
    if not scan.baseline.targets:
        yield Item("L-CT-CR", "unknown", missing="the targets at baseline")


def others_absent(scan: Scan) -> Item:
    """What is not measured has gone."""
    told = others(scan)
    if not told:
        known_none = _others_at_baseline(scan) == {"absent"}
        missing = "disease outside the targets"
        return Item("L-CT-CR", "yes") if known_none else Item("L-CT-CR", "unknown", missing=missing)
    gone = all(each in ("absent", "normal") for each in told)
    return Item("L-CT-CR", "yes" if gone else "no", "" if gone else "Disease outside the targets is still there.")


def organs_normal(scan: Scan) -> Iterator[Item]:
    """Spleen at most 13 cm, liver normal again."""
    length = scan.visit.number("spleen_length")
    if length is None:
        yield Item("L-CT-CR", "unknown", missing="the length of the spleen")
    else:
        normal = length <= SPLEEN_LIMIT_CM
        yield Item("L-CT-CR", "yes" if normal else "no", "" if normal else f"The spleen is {shown(length)} cm long.")
    yield _liver_normal(scan)


def _liver_normal(scan: Scan) -> Item:
    now, before = scan.visit.choice("liver_size"), scan.baseline.facts.choice("liver_size")
    if now in ("enlarged", "disease"):
        return Item("L-CT-CR", "no", "The liver is not normal.")
    was_ill = before in ("enlarged", "disease")
    return Item("L-CT-CR", "unknown", missing="the liver") if was_ill and not now else Item("L-CT-CR", "yes")


def marrow_normal(scan: Scan) -> Item:
    """Marrow normal by microscope; asked where it was involved, or where nobody told whether it was."""
    found = _marrow_last_seen(scan)
    if found in ("negative", "indeterminate_negative"):
        return Item("L-CT-CR", "yes")
    if found in ("involved", "nodules"):
        return Item("L-CT-CR", "no", "The marrow is still involved.")
    if found == "indeterminate":
        return Item("L-CT-CR", "unknown", missing="immunohistochemistry of the marrow")
    if scan.baseline.marrow_involved is False:
        return Item("L-CT-CR", "yes")
    which = "the marrow, which was involved" if scan.baseline.marrow_involved else "the marrow at baseline"
    return Item("L-CT-CR", "unknown", missing=which)


def _marrow_last_seen(scan: Scan) -> str:
    """The newest marrow that told something, on this scan or an earlier one: it need not be taken anew each time."""
    seen = [each.visit.choice("marrow_finding") for each in (scan, *reversed(scan.earlier))]
    return next((found for found in seen if found not in ("", "not_done")), "")


def halved(scan: Scan) -> Item:
    """The sum of products at least half below baseline."""
    spd, first = scan.spd, scan.baseline.spd
    if spd is None or first is None:
        return _spd_known(scan)
    met = spd * 2 <= first
    change = f" ({shown_percent(percent(spd, first))})" if first else ""
    said = f"Sum of products {shown(spd)} cm2, at baseline {shown(first)} cm2{change}."
    return Item("L-CT-PR", "yes" if met else "no", said)


def others_not_increased(scan: Scan, choices: Choices) -> Item:
    """What is not measured: gone, normal or smaller, and nothing larger. Merely as before is for the center."""
    told = others(scan)
    if not told:
        return _others_known(scan)
    if all(each in NOT_INCREASED for each in told):
        return Item("L-CT-PR", "yes")
    if "stable" not in told:
        return Item("L-CT-PR", "unknown", missing="disease outside the targets")
    partial = choices.stable_non_target == "partial"
    said = "Disease outside the targets is as before: not increased, and not regressed either."
    policies = ("response_stable_non_target",)
    return Item("L-CT-PR", "yes" if partial else "no", said, flags=("non_target_stable",), policies=policies)


def spleen_regressed(scan: Scan) -> Item:
    """A spleen that was enlarged: its excess over 13 cm smaller by more than half."""
    first, length = scan.baseline.spleen_cm, scan.visit.number("spleen_length")
    if first is None or first <= SPLEEN_LIMIT_CM:
        return Item("L-CT-PR", "yes")
    if length is None:
        return _spleen_known(scan)
    met = (first - length) * 2 > first - SPLEEN_LIMIT_CM
    said = f"The spleen is {shown(length)} cm, at baseline {shown(first)} cm"
    return Item("L-CT-PR", "yes" if met else "no", f"{said}: its excess fell by {'' if met else 'no '}more than half.")


def _spd_known(scan: Scan) -> Item:
    if not scan.baseline.targets:
        return Item("L-CT-SD", "unknown", missing="the targets at baseline")
    if scan.baseline.spd is None:
        return Item("L-CT-SD", "unknown", missing="both diameters of the targets at baseline")
    spd = scan.spd
    if spd is None:
        unmeasured = [name for name in scan.baseline.targets if _unmeasured(scan, name)]
        return Item("L-CT-SD", "unknown", missing=f"both diameters of {', '.join(unmeasured)}")
    return Item("L-CT-SD", "yes")


def _unmeasured(scan: Scan, name: str) -> bool:
    lesion = scan.targets.get(name)
    return lesion is None or lesion.product is None


def _others_known(scan: Scan) -> Item:
    """Known not to have increased; where none was ever told of, there is none to have."""
    told = others(scan)
    known = bool(told) and "not_evaluable" not in told
    if known or (not told and not _others_at_baseline(scan) - {"absent", "normal"}):
        return Item("L-CT-SD", "yes")
    return Item("L-CT-SD", "unknown", missing="disease outside the targets")


def _spleen_known(scan: Scan) -> Item:
    first = scan.baseline.spleen_cm
    if scan.visit.number("spleen_length") is not None or first is None or first <= SPLEEN_LIMIT_CM:
        return Item("L-CT-SD", "yes")
    return Item("L-CT-SD", "unknown", missing="the length of the spleen, which was enlarged")


def _others_at_baseline(scan: Scan) -> set[str]:
    return {fact.choice for fact in scan.baseline.facts.by_thing("non_target_disease").values()}
