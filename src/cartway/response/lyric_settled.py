"""LYRIC 2016: what settles an indeterminate response, by the next scan or by a biopsy.

Cheson 2016, Blood 128:2489, doi 10.1182/blood-2016-05-718528. The clauses were not seen in the paper: they are told as
not confirmed.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from cartway.response.items import percent, shown, shown_percent
from cartway.response.lesions import TARGETS_AT_MOST, Lesion, NewLesion
from cartway.response.lugano import Combined
from cartway.response.lugano_growth import growth_step
from cartway.response.lugano_tissue import without_words
from cartway.response.model import Level
from cartway.response.scan import Scan


def after_ir1(part: Combined, first: Scan) -> Level:
    """PD where the sum rose by a further 10 % from the IR scan and a lesion grew by 0.5 cm (1.0 cm above 2 cm).

    New lesions are among the targets then, as after IR2a.
    """
    now, then = sum_with_new(part.scan), sum_with_new(first)
    if now is None or then is None:
        missing = ("both diameters of the new lesion",) if _only_new_unmeasured(part.scan, first) else ()
        told = (*part.level.missing, *missing)
        return msgspec.structs.replace(part.level, missing=told, candidates=("IR1", "PD"), confirmed=False)
    level, text = _with_change(part, now, then), _from_to(part.scan, now, then)
    if now * 10 >= then * 11 and _longer(part.scan, first):
        return said(level, f"{text}, and a lesion is longer: progression.", rule="LY-C2", confirmed=False)
    return indeterminate(level, "IR1", f"{text}: not enough for progression.", confirmed=False)


def _only_new_unmeasured(now: Scan, then: Scan) -> bool:
    """Whether the sums lack nothing but the diameters of new lesions."""
    return now.spd is not None and then.spd is not None


def _with_change(part: Combined, now: Decimal, then: Decimal) -> Level:
    numbers = dict(part.level.numbers)
    numbers |= {"spd_change_from_ir_pct": percent(now, then)} if then else {}
    numbers |= {"spd_with_new_cm2": now} if now != part.scan.spd else {}
    return msgspec.structs.replace(part.level, numbers=numbers)


def _from_to(scan: Scan, now: Decimal, then: Decimal) -> str:
    change = shown_percent(percent(now, then)) if then else "from nothing"
    new = " with the new lesions" if now != scan.spd else ""
    return (
        f"Since the indeterminate response the sum of products{new} went from {shown(then)} to {shown(now)} cm2"
        f" ({change})"
    )


def _longer(scan: Scan, first: Scan) -> bool:
    """Whether a target grew since the first scan, or a lesion is new since then."""
    if any(_grew_since(lesion, first.targets.get(name)) for name, lesion in scan.targets.items()):
        return True
    known = {lesion.name: lesion for lesion in first.new}
    return any(_new_since(lesion, known.get(lesion.name)) for lesion in scan.new if lesion.is_disease is not False)


def _new_since(now: NewLesion, then: NewLesion | None) -> bool:
    if then is None:
        return True
    return now.size is not None and then.size is not None and now.size - then.size >= growth_step(then.size)


def _grew_since(now: Lesion, then: Lesion | None) -> bool:
    if then is None or now.longest is None or then.longest is None:
        return False
    step = growth_step(then.longest)
    wider = now.across is not None and then.across is not None and now.across - then.across >= step
    return now.longest - then.longest >= step or wider


def after_ir2a(part: Combined) -> Level:
    """PD where the sum with the new lesions among the targets is half as large again as the lowest sum."""
    total, nadir = sum_with_new(part.scan), part.scan.spd_nadir
    grown = half_again(total, nadir)
    if grown is None or total is None or nadir is None:
        missing = (*part.level.missing, "both diameters of the new lesion")
        found = indeterminate(part.level, "IR2a", "The new lesion is still there.", confirmed=False)
        return msgspec.structs.replace(found, missing=missing, candidates=("IR2a", "PD"))
    text = f"With the new lesions the sum of products is {shown(total)} cm2; its lowest was {shown(nadir)} cm2"
    level = msgspec.structs.replace(part.level, numbers={**part.level.numbers, "spd_with_new_cm2": total})
    if grown:
        return said(level, f"{text}: progression.", rule="LY-C3", confirmed=False)
    return indeterminate(level, "IR2a", f"{text}: not half as large again.", confirmed=False)


def sum_with_new(scan: Scan) -> Decimal | None:
    """The sum of products with the new lesions, of the six largest, cm2; None where one was not measured."""
    new = [lesion for lesion in scan.new if lesion.is_disease is not False]
    products = [None if each.size is None or each.across is None else each.size * each.across for each in new]
    if scan.spd is None or any(product is None for product in products):
        return None
    targets = [lesion.product or Decimal(0) for lesion in scan.targets.values()]
    ordered = sorted([*targets, *(each for each in products if each is not None)], reverse=True)
    return sum(ordered[:TARGETS_AT_MOST], Decimal(0))


def after_biopsy(level: Level, part: Combined) -> Level:
    """What a biopsy without lymphoma says of a target that grew, when it reads an indeterminate scan again.

    Its words stand in place of the scan's, and so do its numbers: it has none.
    """
    scan = part.scan
    found = [fact for fact in scan.visit.all("biopsy") if fact.choice == "no_disease" and _speaks_of(fact.about, part)]
    if not found or not scan.again:
        return level
    stays = f"The scan of day {scan.scanned_day} stays {level.level} until the next."
    judged = f"By LYRIC what grew there is no disease. {stays}"
    labels = {name: said for name, said in level.labels.items() if name not in _OF_THE_SCAN}
    flags = tuple(flag for flag in level.flags if flag not in ("biopsy_no_disease", "indeterminate_response"))
    return msgspec.structs.replace(
        level,
        rule="LY-C5",
        because=(*(without_words(fact) for fact in found), judged),
        flags=flags,
        numbers={},
        labels=labels,
        confirmed=False,
    )


_OF_THE_SCAN = frozenset({"pet", "ct", "metabolic"})


def _speaks_of(name: str, part: Combined) -> bool:
    """Whether a biopsy is of what changed: a target that grew by half, any target where nothing is larger."""
    grown = {
        each
        for each, lesion in part.scan.targets.items()
        if (nadir := part.scan.nadir(each)) is not None and half_again(lesion.product, nadir.product)
    }
    return not name or name in (grown or part.scan.targets)


# Words


def half_again(spd: Decimal | None, nadir: Decimal | None) -> bool | None:
    """Whether the sum of products is at least half as large again as at its lowest; None where it is not known."""
    return None if spd is None or nadir is None else spd * 2 >= nadir * 3


def indeterminate(level: Level, name: str, text: str, *, confirmed: bool = True) -> Level:
    """The level as an indeterminate response of this name."""
    rule = f"LY-{name}"
    told = said(level, text, rule=rule, confirmed=confirmed)
    return msgspec.structs.replace(told, level=name, flags=(*level.flags, "indeterminate_response"))


def said(level: Level, text: str, *, rule: str = "", confirmed: bool = True) -> Level:
    """The level with one more sentence, and the clause that gave it."""
    because = (*level.because, text)
    return msgspec.structs.replace(
        level, because=because, rule=rule or level.rule, confirmed=level.confirmed and confirmed
    )
