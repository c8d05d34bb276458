"""iwCLL 2018, the levels of one visit: groups A (load) and B (function of the marrow), each item beside its baseline.

Hallek 2018, doi 10.1182/blood-2017-09-806398, table of response definitions. A node of exactly 1.5 cm is enlarged, a
spleen of 13 cm is; the edition of 2008 wrote "more than 1.5" and "more than 100 and 11".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from cartway.response.exactly import change, fell, percent, plain, rose
from cartway.response.iwcll_progress import SETTLED, progression
from cartway.response.iwcll_visit import NODE, SPLEEN, Visit

LYMPHOCYTES, PLATELETS, HEMOGLOBIN = Decimal(4), Decimal(100), Decimal(11)


class Answer(NamedTuple):
    """A level with its reasons."""

    level: str
    rule: str
    because: tuple[str, ...]
    missing: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    confirmed: bool = True


class Item(NamedTuple):
    """One row: whether it was abnormal before, whether it has improved enough for a partial response; None unknown."""

    name: str
    abnormal: bool | None
    improved: bool | None
    told: str = ""


def level_of(visit: Visit, baseline: Visit, before: Sequence[Visit]) -> Answer:
    """The level of a visit. `before`: the baseline and the visits since."""
    signs = list(progression(visit, baseline, before))
    sure = [sign for sign in signs if not sign.open]
    flags = tuple(sign.flag for sign in signs if sign.flag)
    if sure:
        return Answer("PD", sure[0].rule, tuple(sign.told for sign in sure), flags=flags)
    found = _response(visit, baseline)
    open_ones = [sign for sign in signs if sign.open and sign.flag not in SETTLED]
    told = (*found.because, *(sign.told for sign in signs))
    candidates = ("PD", found.level) if open_ones else found.candidates
    return found._replace(because=told, flags=(*found.flags, *flags), candidates=candidates)


def _response(visit: Visit, baseline: Visit) -> Answer:
    rows = tuple(_complete(visit))
    missing = tuple(name for holds, name, _ in rows if holds is None)
    against = tuple(name for holds, name, _ in rows if holds is False)
    told = tuple(words for _, _, words in rows if words)
    if not against and not missing:
        return Answer("CR", "C-1", told)
    if not missing and set(against) <= CYTOPENIA:
        return _incomplete(visit, against, told)
    return _partial(visit, baseline, told, missing if set(against) <= CYTOPENIA else (), against)


CYTOPENIA = frozenset(
    {"platelets", "hemoglobin", "cellularity of the marrow", "counts without transfusions or growth factors"}
)


def _incomplete(visit: Visit, against: tuple[str, ...], told: tuple[str, ...]) -> Answer:
    """All of a complete response but counts, or a marrow short of cells. Who says it is from the treatment, decides."""
    words = f"Short of a complete response only by: {', '.join(against)}."
    if {"anemia", "thrombocytopenia"} & visit.signs:
        return Answer("PR", "C-1", (*told, words, "The low counts are from the CLL."))
    if "treatment" in visit.signs or set(against) == {"cellularity of the marrow"}:
        return Answer("CRi", "C-3", (*told, words), confirmed=False)
    return Answer(
        "CRi",
        "C-3",
        (*told, words),
        ("whether the low counts are from the treatment",),
        ("CRi", "PR"),
        ("cytopenia_to_attribute",),
        confirmed=False,
    )


def _complete(visit: Visit) -> Iterator[tuple[bool | None, str, str]]:
    """The rows of a complete response: whether each holds, its name, in words."""
    yield _below(visit.largest, NODE), "largest node", _words("Largest node", visit.largest, "cm")
    yield _below(visit.spleen, SPLEEN), "spleen", _words("Spleen", visit.spleen, "cm")
    yield (visit.liver == "normal" if visit.liver else None), "liver", ""
    yield (None if visit.symptoms is None else not visit.symptoms), "constitutional symptoms", ""
    yield _normal_lymphocytes(visit), "lymphocytes", _words("Lymphocytes", visit.lymphocytes, "")
    yield _from(visit.platelets, PLATELETS), "platelets", _words("Platelets", visit.platelets, "")
    yield _from(visit.hemoglobin, HEMOGLOBIN), "hemoglobin", _words("Hemoglobin", visit.hemoglobin, "g/dL")
    yield visit.unsupported, "counts without transfusions or growth factors", ""
    yield _clear_marrow(visit), "marrow", ""
    if visit.marrow:
        yield not visit.cellularity.lower().startswith("hypo"), "cellularity of the marrow", ""


def _normal_lymphocytes(visit: Visit) -> bool | None:
    """Normal below 4; a count that is high of CAR T cells alone holds no CLL."""
    if visit.lymphocytes is None:
        return None
    return visit.lymphocytes < LYMPHOCYTES or visit.cll_lymphocytes == 0


def _clear_marrow(visit: Visit) -> bool | None:
    return visit.marrow in ("negative", "indeterminate_negative") if visit.marrow else None


def _below(value: Decimal | None, limit: Decimal) -> bool | None:
    return None if value is None else value < limit


def _from(value: Decimal | None, limit: Decimal) -> bool | None:
    return None if value is None else value >= limit


def _words(name: str, value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{name} {plain(value)} {unit}".strip() + "."


def _partial(
    visit: Visit, baseline: Visit, told: tuple[str, ...], missing: tuple[str, ...], against: tuple[str, ...]
) -> Answer:
    load, function = tuple(_load(visit, baseline)), tuple(_function(visit, baseline))
    if all(item.improved is None for item in load):
        return Answer("NE", "G-3", told, ("nodes, spleen or lymphocytes, beside those of baseline",))
    short = tuple(f"{name}, for a complete response" for name in missing)
    held = _enough(load, 2), _enough(function, 1)
    flags = ("nPR",) if visit.marrow == "nodules" and set(against) <= {"marrow"} else ()
    words = (*told, *(item.told for item in (*load, *function) if item.told))
    if flags:
        words = (*words, "All of a complete response but nodules in the marrow: a nodular partial response.")
    if held == (True, True) and any(item.abnormal for item in (*load, *function)):
        return Answer("PR", "C-1", words, short, flags=flags)
    if None in held and False not in held:
        unknown = tuple(
            item.name for item in (*load, *function) if item.abnormal is not False and item.improved is None
        )
        return Answer("SD", "C-7", words, unknown, ("PR", "SD"), ("items_missing",))
    return Answer("SD", "C-7", words, short)


def _enough(items: Sequence[Item], needed: int) -> bool | None:
    """Whether enough of the items that were abnormal have improved; None where those not known would decide."""
    abnormal = [item for item in items if item.abnormal is not False]
    needed = min(needed, len([item for item in abnormal if item.abnormal]))
    improved = len([item for item in abnormal if item.abnormal and item.improved])
    possible = len([item for item in abnormal if item.improved is not False])
    return True if improved >= needed else None if possible >= needed else False


def _load(visit: Visit, baseline: Visit) -> Iterator[Item]:
    yield Item(
        "nodes",
        _abnormal_nodes(baseline),
        _shrunk(visit, baseline),
        _compared("Nodes", visit.products, baseline.products, "cm2"),
    )
    yield _organs(visit, baseline)
    now, then = visit.lymphocytes, baseline.lymphocytes
    if visit.cll_lymphocytes is not None:
        now = visit.cll_lymphocytes
    improved = None if now is None or then is None else fell(now, then, 50) or now < LYMPHOCYTES
    abnormal = None if then is None else then >= LYMPHOCYTES
    yield Item("lymphocytes", abnormal, improved, _compared("Lymphocytes", visit.lymphocytes, then, ""))


def _abnormal_nodes(baseline: Visit) -> bool | None:
    return None if baseline.largest is None and baseline.products is None else (baseline.largest or NODE) >= NODE


def _shrunk(visit: Visit, baseline: Visit) -> bool | None:
    if visit.products is None or baseline.products is None:
        return None
    return fell(visit.products, baseline.products, 50)


def _organs(visit: Visit, baseline: Visit) -> Item:
    """Spleen and liver are one item: each that was enlarged has to shrink by half of what it was too large."""
    parts: list[tuple[bool | None, bool | None]] = []
    then, now = baseline.excess, visit.excess
    if then is not None:
        large = baseline.spleen is not None and baseline.spleen >= SPLEEN
        gone = now == 0 or fell(now, then, 50) if now is not None else None
        parts.append((large, gone))
    if baseline.liver:
        parts.append((baseline.liver != "normal", visit.liver == "normal" if visit.liver else None))
    large_ones = [gone for large, gone in parts if large]
    abnormal = bool(large_ones) if parts else None
    improved = False if False in large_ones else None if None in large_ones or not parts else True
    return Item("spleen and liver", abnormal, improved, _compared("Spleen", visit.spleen, baseline.spleen, "cm"))


def _function(visit: Visit, baseline: Visit) -> Iterator[Item]:
    rows = (
        ("platelets", visit.platelets, baseline.platelets, PLATELETS),
        ("hemoglobin", visit.hemoglobin, baseline.hemoglobin, HEMOGLOBIN),
    )
    for name, now, then, limit in rows:
        improved = None if now is None or then is None else now >= limit or rose(now, then, 50)
        abnormal = None if then is None else then < limit
        unit = "g/dL" if name == "hemoglobin" else ""
        yield Item(name, abnormal, improved, _compared(name.capitalize(), now, then, unit))


def _compared(name: str, now: Decimal | None, then: Decimal | None, unit: str) -> str:
    if now is None or then is None:
        return ""
    return f"{name} {plain(now)} {unit}".strip() + f", {plain(then)} at baseline ({percent(change(now, then))})."
