"""Acute lymphoblastic leukemia: the level of one visit by one body's limits.

Order: relapse or progression, complete remission, with partial recovery (CRh), with incomplete recovery (CRi),
leukemia-free state or partial, no remission. Where counts are missing, the lowest level they could make stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from cartway.response.acute_leukemia_visit import Visit
from cartway.response.exactly import fell, plain, rose
from cartway.response.leukemia_bodies import Body

REMISSIONS = ("CRi", "CRh", "CR")  # from least to best
CLEAR = Decimal(5)  # % marrow blasts, below
NEUTROPHILS, PLATELETS = Decimal(1), Decimal(100)
HALF_NEUTROPHILS, HALF_PLATELETS = Decimal("0.5"), Decimal(50)
MOST_OF_PARTIAL = Decimal(25)


class Answer(NamedTuple):
    """A level with its reasons."""

    level: str
    rule: str
    because: tuple[str, ...]
    missing: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    confirmed: bool = True


def level_of(visit: Visit, baseline: Visit, in_remission: bool, residual: Decimal | None, body: Body) -> Answer:
    """The level of a visit. `in_remission`: after a complete one. `residual`: its residual disease, a share of one."""
    if in_remission and (back := _back(visit, body)) is not None:
        return back
    if not in_remission and (worse := _progression(visit, baseline)) is not None:
        return worse
    against, missing = _standing(visit, body)
    if against:
        return _no_remission(visit, baseline, body, against)
    if missing:
        return _not_known(visit, body, missing)
    if body.residual_percent is not None and residual is not None and residual * 100 >= body.residual_percent:
        limit = f"from {plain(body.residual_percent)} % on it is no remission"
        words = f"Residual disease of {plain(residual * 100)} %: {limit}."
        return Answer("NR", "A-CR", (words,), confirmed=body.confirmed)
    return _remission(visit, body)


def _back(visit: Visit, body: Body) -> Answer | None:
    """Relapse after a remission: blasts in blood or marrow again, or disease anywhere else, the CNS alone too."""
    told = tuple(_outside(visit))
    if visit.blood_seen:
        told = (*told, "Blasts in the blood again.")
    if visit.marrow is not None and body.relapsed(visit.marrow):
        sign = "from" if body.relapse_at_least else "above"
        told = (
            *told,
            f"Marrow blasts {plain(visit.marrow)} %; relapse by {body.title} {sign} {plain(body.relapse_percent)} %.",
        )
    if told:
        of_marrow_alone = not visit.blood_seen and visit.outside in ("", "none")
        return Answer("RELAPSE", "A-REL", told, confirmed=body.relapse_seen or not of_marrow_alone)
    if visit.marrow is None or visit.marrow < CLEAR:
        return None
    limit = f"neither below 5 % nor relapse by {body.title} ({plain(body.relapse_percent)} %)"
    words = f"Marrow blasts {plain(visit.marrow)} % after a remission: {limit}."
    return Answer("NE", "A-REL", (words,), (), ("CR", "RELAPSE"), ("blasts_between_limits",), confirmed=False)


def _outside(visit: Visit) -> Iterator[str]:
    if visit.outside not in ("", "none"):
        yield f"Disease outside the marrow ({SITES.get(visit.outside, visit.outside)})."


SITES = {"cns": "central nervous system", "testes": "testes", "other": "elsewhere"}


def _progression(visit: Visit, baseline: Visit) -> Answer | None:
    """A rise of blasts by a quarter, or disease outside the marrow that was not there. Remission is left aside."""
    told = []
    if visit.outside not in ("", "none") and baseline.outside == "none":
        told += list(_outside(visit))
    for where, now, before in (("Marrow", visit.marrow, baseline.marrow), ("Blood", visit.blood, baseline.blood)):
        if now is not None and before is not None and now >= CLEAR and before > 0 and rose(now, before, 25):
            told.append(f"{where} blasts {plain(now)} %, {plain(before)} % at baseline: at least a quarter more.")
    return Answer("PD", "A-PD", tuple(told)) if told else None


def _standing(visit: Visit, body: Body) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands against a remission of any kind, and what is missing for one."""
    items = tuple(_items(visit, body))
    return (
        tuple(words for holds, _, words in items if holds is False),
        tuple(name for holds, name, _ in items if holds is None),
    )


def _items(visit: Visit, body: Body) -> Iterator[tuple[bool | None, str, str]]:
    clear = None if visit.marrow is None else visit.marrow < CLEAR
    share = "" if visit.marrow is None else plain(visit.marrow)
    yield clear, "blasts in the marrow", f"Marrow blasts {share} %, not below 5 %."
    outside = None if not visit.outside else visit.outside == "none"
    yield outside, "whether there is disease outside the marrow", "".join(_outside(visit))
    if body.no_blasts_in_blood or visit.blood_seen:
        blood = None if visit.blood_seen is None else not visit.blood_seen
        yield blood, "blasts in the blood", "Blasts in the blood."
    if body.trilineage and visit.trilineage is not False:
        # A marrow that does not make all lines yet is short of recovery, not of remission: see `_remission`.
        yield visit.trilineage, "whether the marrow makes all cell lines", ""


def _no_remission(visit: Visit, baseline: Visit, body: Body, against: Sequence[str]) -> Answer:
    if body.leukemia_free_state and _partial(visit, baseline, body):
        words = f"Marrow blasts {plain(visit.marrow or CLEAR)} %, at least half of baseline's gone, counts recovered."
        return Answer("PR", "A-PR", (words,))
    return Answer("NR", "A-REF", tuple(against), confirmed=body.confirmed)


def _partial(visit: Visit, baseline: Visit, body: Body) -> bool:
    if visit.marrow is None or baseline.marrow is None or visit.blood_seen or visit.outside not in ("", "none"):
        return False
    counts = _counts(visit, body)
    within = CLEAR <= visit.marrow <= MOST_OF_PARTIAL
    return within and fell(visit.marrow, baseline.marrow, 50) and counts == {"CR"}


def _not_known(visit: Visit, body: Body, missing: tuple[str, ...]) -> Answer:
    """Without the marrow, the blood or a look outside nothing can be given; a level that asks for less stands."""
    bare = visit.marrow is not None and visit.outside == "none" and not visit.blood_seen
    if bare and body.leukemia_free_state:
        return Answer("MLFS", "A-MLFS", ("Marrow blasts below 5 %, no disease outside the marrow.",), missing)
    possible = ("CR", "CRh", "CRi", "NR") if body.partial_recovery else ("CR", "CRi", "NR")
    candidates = possible if visit.marrow is not None else ()
    return Answer("NE", "G-3", (), missing, candidates, confirmed=body.confirmed)


def _remission(visit: Visit, body: Body) -> Answer:
    """Which remission, by the counts: the lowest that those not taken could make."""
    possible = _counts(visit, body)
    level = min(possible, key=REMISSIONS.index)
    missing = tuple(
        name for name, value in (("neutrophils", visit.neutrophils), ("platelets", visit.platelets)) if value is None
    )
    counts_missing = bool(missing)
    if body.transfusion_free and visit.transfusion_free is None:
        missing = (*missing, "whether counts hold without transfusions")
    candidates = tuple(each for each in reversed(REMISSIONS) if each in possible) if len(possible) > 1 else ()
    flags = ("counts_missing",) if candidates and counts_missing else ()
    if flags and body.leukemia_free_state:
        level, candidates = "MLFS", (*candidates, "MLFS")
    return Answer(level, f"A-{level}", tuple(_told(visit, body)), missing, candidates, flags, body.confirmed)


def _counts(visit: Visit, body: Body) -> set[str]:
    """The levels that the counts allow; several where one of them was not taken."""
    low, high = Decimal(0), Decimal(1000)
    neutrophils = (
        (visit.neutrophils,) if visit.neutrophils is not None else (low, NEUTROPHILS - HALF_NEUTROPHILS / 2, high)
    )
    platelets = (visit.platelets,) if visit.platelets is not None else (low, PLATELETS - HALF_PLATELETS / 2, high)
    asked = body.transfusion_free
    free = (True,) if not asked else (True, False) if visit.transfusion_free is None else (visit.transfusion_free,)
    return {_by_counts(one, other, held, visit, body) for one in neutrophils for other in platelets for held in free}


def _by_counts(neutrophils: Decimal, platelets: Decimal, free: bool, visit: Visit, body: Body) -> str:
    recovered = body.enough(neutrophils, NEUTROPHILS) and body.enough(platelets, PLATELETS)
    if recovered and free and not (body.trilineage and visit.trilineage is False):
        return "CR"
    if body.partial_recovery and neutrophils > HALF_NEUTROPHILS and platelets > HALF_PLATELETS and not recovered:
        return "CRh"
    return "CRi"


def _told(visit: Visit, body: Body) -> Iterator[str]:
    blood = ", none in the blood" if visit.blood_seen is False else ""
    yield f"Marrow blasts {plain(visit.marrow or Decimal(0))} %{blood}, no disease outside the marrow."
    sign = "at or above" if body.at_least else "above"
    if visit.neutrophils is not None:
        yield f"Neutrophils {plain(visit.neutrophils)}; {body.title} asks for {sign} 1.0."
    if visit.platelets is not None:
        yield f"Platelets {plain(visit.platelets)}; {body.title} asks for {sign} 100."
    if visit.trilineage is False:
        yield "The marrow does not make all cell lines yet."
    if body.transfusion_free and visit.transfusion_free is False:
        yield "Counts do not hold without transfusions yet."
