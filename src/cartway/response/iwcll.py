"""Chronic lymphocytic leukemia by iwCLL 2018, from raw measurements.

Hallek 2018, doi 10.1182/blood-2017-09-806398. Response is judged two months and more after the therapy; a partial
response has to last two months. Trials of CAR T cells read from day 28 or so: until then it is not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta, tzinfo
from decimal import Decimal

from msgspec.structs import replace

from cartway.response.exactly import change
from cartway.response.iwcll_level import Answer, level_of
from cartway.response.iwcll_visit import Visit, visit_of
from cartway.response.measured import Assessments, infusions
from cartway.response.model import Choices, Criteria, Level, Mrd, Reading
from cartway.response.nearby import Window, window_of
from cartway.response.read_only import read_only
from cartway.response.residual import labels_of, residual_disease
from cartway.times import Instant, to_datetime

MRD_BELOW = Decimal("1e-4")
MONTHS = 2
READ_AS = {"complete": "CR", "partial": "PR", "stable": "SD", "progressive": "PD"}
RANKS = ("NE", "PD", "SD", "PR", "CRi", "CR")
RESPONSES = frozenset({"PR", "CRi", "CR"})


def read(found: Assessments, choices: Choices) -> Reading:
    """The levels of every visit, and the same once they lasted."""
    window = window_of(choices)
    baseline = visit_of(found.baseline, found.course, Window(window.reach, found.day_zero))
    before, levels = [baseline], list[Level]()
    tests: list[Mrd] = []
    for assessment in found.visits:
        visit = visit_of(assessment, found.course, window)
        residual = tuple(residual_disease(assessment, MRD_BELOW, seen=False))
        own = read_only(assessment, READ_AS)
        levels.append(own or _level(visit, baseline, level_of(visit, baseline, before), residual))
        tests.extend(residual)
        before.append(visit)
    infused = infusions(found.course)[-1].at
    return Reading(tuple(levels), tuple(_confirmed(levels, infused, choices.zone)), mrd=tuple(tests))


def _level(visit: Visit, baseline: Visit, answer: Answer, tests: Sequence[Mrd]) -> Level:
    labels = labels_of(tests)
    if visit.transformed:
        labels["next_criteria"] = "lugano_2014"
    return Level(
        at=visit.at,
        assessment=visit.assessment,
        level=answer.level,
        rule=answer.rule,
        because=(*answer.because, *(words for test in tests for words in test.because)),
        missing=answer.missing,
        candidates=answer.candidates,
        flags=answer.flags,
        numbers=_numbers(visit, baseline),
        labels=labels,
        facts=visit.facts,
        confirmed=answer.confirmed,
    )


def _numbers(visit: Visit, baseline: Visit) -> dict[str, Decimal]:
    found = {
        "spd_cm2": visit.products,
        "spd_change_pct": change(visit.products, baseline.products),
        "lymphocytes_10e9_l": visit.lymphocytes,
        "lymph_change_pct": change(visit.lymphocytes, baseline.lymphocytes),
        "spleen_cm": visit.spleen,
        "hb_change_g_dl": _less(visit.hemoglobin, baseline.hemoglobin),
        "plt_change_pct": change(visit.platelets, baseline.platelets),
    }
    return {name: value for name, value in found.items() if value is not None}


def _less(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else now - before


def _confirmed(levels: Sequence[Level], infused: Instant, zone: tzinfo) -> Iterator[Level]:
    """Each visit's level, or what of it is sure by now: a response counts once it stood two months and more."""
    for index, level in enumerate(levels):
        if level.level not in RESPONSES or _lasts(levels, index, infused, zone):
            yield level
            continue
        words = "Not confirmed: it has to stand two months and more after the infusion."
        flags = (*level.flags, "response_not_confirmed")
        yield replace(level, level="SD", rule="C-2", because=(*level.because, words), flags=flags, confirmed=False)


def _lasts(levels: Sequence[Level], index: int, infused: Instant, zone: tzinfo) -> bool:
    """Complete: seen two months and more after the infusion. Partial: still there two months after its start."""
    level = levels[index]
    start = index
    while start > 0 and RANKS.index(levels[start - 1].level) >= RANKS.index(level.level):
        start -= 1
    since = infused if level.level != "PR" else levels[start].at
    later = _while_as_good(levels[index:], level.level)
    return any(_date(each.at, zone) >= _months_after(_date(since, zone), MONTHS) for each in later)


def _while_as_good(levels: Sequence[Level], level: str) -> Iterator[Level]:
    for each in levels:
        if each.level == "NE":
            continue
        if RANKS.index(each.level) < RANKS.index(level):
            return
        yield each


def _date(at: Instant, zone: tzinfo) -> date:
    return to_datetime(at).astimezone(zone).date()


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    over, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + over, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


OWN = frozenset(
    {
        "largest_node",
        "node_products",
        "lesion",
        "new_lesion",
        "spleen_length",
        "liver_size",
        "constitutional_symptoms",
        "cll_share",
        "marrow_finding",
        "biopsy",
        "mrd",
        "response_read",
    }
)
CRITERIA = Criteria(
    name="iwcll_2018",
    edition="iwCLL 2018",
    citation="Hallek 2018, Blood 131:2745, doi 10.1182/blood-2017-09-806398",
    diseases=frozenset({"cll"}),
    reads=OWN | {"lymphocytes", "car_t_share", "platelets", "hemoglobin", "transfusion_free", "disease_sign"},
    anchors=OWN,
    ranks=RANKS,
    responses=RESPONSES,
    complete=frozenset({"CR", "CRi"}),
    progressions=frozenset({"PD"}),
    read=read,
)
