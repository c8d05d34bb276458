"""Multiple myeloma by IMWG 2016, from raw measurements.

Kumar 2016, doi 10.1016/S1470-2045(16)30206-6. A revision of September 2025 is said to have dropped sCR and MR; no paper
on it was found, so the edition of 2016 is the one built in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec.structs import replace

from cartway.response.exactly import change
from cartway.response.imwg_confirm import Ends, confirmed, course_flags
from cartway.response.imwg_level import Depth, Route, depth_of, route_of
from cartway.response.imwg_progress import (
    Lowest,
    Progression,
    Rise,
    clinical_relapse,
    main_rise,
    progressions,
    relapse_from_complete,
    rises,
    to_judge,
)
from cartway.response.imwg_sustained import sustained
from cartway.response.imwg_visit import Visit, kappa_is_involved, normal, visit_of
from cartway.response.measured import Assessments
from cartway.response.model import Choices, Criteria, Level, Mrd, Reading
from cartway.response.nearby import Window, window_of
from cartway.response.read_only import read_only
from cartway.response.residual import at_visit, labels_of, residual_disease

MRD_BELOW = Decimal("1e-5")
COMPLETE = frozenset({"CR", "sCR"})
READ_AS = {
    "complete": "CR",
    "very_good_partial": "VGPR",
    "partial": "PR",
    "minimal": "MR",
    "stable": "SD",
    "progressive": "PD",
}
ACCEPTED_BY_TRIALS = Decimal("0.5")
"""M-protein in serum at baseline (g/dL) that trials often take for measurable."""


@dataclass
class _Read:
    """What was read so far, visit by visit."""

    baseline: Visit
    route: Route
    choices: Choices
    visits: list[Visit] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    mrd: list[tuple[Mrd, ...]] = field(default_factory=list)
    lowest: Lowest = field(init=False)

    def __post_init__(self) -> None:
        self.lowest = Lowest(self.baseline)

    def absorb(self, visit: Visit) -> None:
        """Keep a visit for those that come after it."""
        self.visits.append(visit)
        self.lowest.absorb(visit)


def read(found: Assessments, choices: Choices) -> Reading:
    """The levels of every visit, confirmed and not, with residual disease and whether its absence lasted a year."""
    kappa, window = kappa_is_involved(found.baseline), window_of(choices)
    before = Window(window.reach, found.day_zero)
    baseline = visit_of(found.baseline, found.course, before, kappa)
    state = _Read(baseline, route_of(baseline, choices.myeloma_serum_measurable), choices)
    for assessment in found.visits:
        visit = visit_of(assessment, found.course, window, kappa)
        state.mrd.append(tuple(residual_disease(assessment, MRD_BELOW)))
        state.levels.append(read_only(assessment, READ_AS) or _level(visit, state))
        state.absorb(visit)
    levels = tuple(sustained(state.levels, state.visits, state.mrd, choices.zone))
    ends = Ends(found.new_therapy_at, found.course.last("death", choice="progression") is not None)
    sure = confirmed(levels, ends, choices)
    return Reading(
        levels=levels,
        confirmed=sure,
        mrd=tuple(test for tests in state.mrd for test in tests),
        flags=tuple(course_flags(levels, sure)),
        labels=_labels(levels),
    )


def _level(visit: Visit, state: _Read) -> Level:
    """The time-point level: progression before any response, else the depth that is reached."""
    strict = state.choices.myeloma_nadir == "confirmed"
    risen = rises(visit, state.lowest, strict)
    met = list(progressions(visit, risen, state.route))
    otherwise = met
    if not state.lowest.agrees:
        otherwise = list(progressions(visit, rises(visit, state.lowest, not strict), state.route))
    depth = _depth(visit, state)
    level = _progressed(visit, met, depth) if _sure(met) or (met and depth.level == "NE") else _reached(visit, depth)
    level = _judged(_opened(level, met, otherwise, depth), visit, state)
    return _labeled(replace(level, numbers=_numbers(visit, state, met, risen)), visit, state)


def _depth(visit: Visit, state: _Read) -> Depth:
    """The depth that is reached, and what it would be where a small M-protein counts as measurable."""
    whole = _carried(visit, state.visits)
    depth = depth_of(whole, state.baseline, state.route)
    wider = route_of(state.baseline, ACCEPTED_BY_TRIALS)
    if state.route.serum or not wider.serum:
        return depth
    other = depth_of(whole, state.baseline, wider)
    words = "M-protein in serum was below 1 g/dL at baseline; trials often accept 0.5."
    return depth._replace(
        because=(*depth.because, words, *other.because) if other.level != depth.level else depth.because,
        candidates=tuple(dict.fromkeys((*depth.candidates, depth.level, other.level))),
        flags=(*depth.flags, "serum_below_measurable"),
        policies=("response_myeloma_serum_measurable",),
    )


def _sure(met: Sequence[Progression]) -> bool:
    return any(not each.open for each in met)


def _progressed(visit: Visit, met: Sequence[Progression], depth: Depth) -> Level:
    # What needs no second test goes first, so that the confirmation knows.
    ordered = sorted(met, key=lambda each: (each.open, each.needs_second))
    return Level(
        at=visit.at,
        assessment=visit.assessment,
        level="PD",
        rule=ordered[0].rule,
        because=tuple(each.because for each in ordered),
        missing=depth.missing if depth.level == "NE" else (),
        facts=visit.facts,
        confirmed=any(each.confirmed for each in ordered),
    )


def _reached(visit: Visit, depth: Depth) -> Level:
    return Level(
        at=visit.at,
        assessment=visit.assessment,
        level=depth.level,
        rule=depth.rule,
        because=depth.because,
        missing=depth.missing,
        candidates=depth.candidates,
        flags=depth.flags,
        policies=depth.policies,
        facts=visit.facts,
        confirmed=depth.confirmed,
    )


def _opened(level: Level, met: Sequence[Progression], otherwise: Sequence[Progression], depth: Depth) -> Level:
    """The level with what is open: another reading of the nadir, a lesion that may not be the myeloma's."""
    if _sure(met) != _sure(otherwise):
        other = next(each for each in (*otherwise, *met) if not each.open)
        told = () if level.level == "PD" else (f"By the lowest single value it would be progression. {other.because}",)
        level = replace(
            level,
            because=(*level.because, *told),
            candidates=_both(level, depth),
            flags=(*level.flags, "nadir_not_confirmed"),
            policies=(*level.policies, "response_myeloma_nadir"),
        )
    unclear = tuple(each.because for each in met if each.open)
    if unclear and not _sure(met):
        words = tuple(dict.fromkeys((*level.because, *unclear)))
        level = replace(
            level, because=words, candidates=_both(level, depth), flags=(*level.flags, "review_lesion"), confirmed=False
        )
    return level


def _judged(level: Level, visit: Visit, state: _Read) -> Level:
    """The level with the rises that the letter leaves out: it stands, and progression stands beside it."""
    found = dict(to_judge(rises(visit, state.lowest, confirmed=False), state.route, normal(visit.ratio)))
    if not found or level.level == "PD":
        return level
    return replace(
        level,
        because=(*level.because, *found.values()),
        candidates=tuple(dict.fromkeys((level.level, *level.candidates, "PD"))),
        flags=(*level.flags, *found),
    )


def _both(level: Level, depth: Depth) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("PD", *level.candidates, depth.level)))


def _carried(visit: Visit, earlier: Sequence[Visit]) -> Visit:
    """A visit with the last marrow and the last size of a plasmacytoma where it has none: they need no repeat."""
    if visit.marrow is None:
        last = next((each for each in reversed(earlier) if each.marrow is not None), None)
        visit = visit if last is None or _on_marrow_alone(visit) else replace(visit, marrow=last.marrow)
    if not visit.clonality:
        visit = replace(visit, clonality=next((each.clonality for each in reversed(earlier) if each.clonality), ""))
    if visit.plasmacytoma is None and not visit.plasmacytoma_state:
        sized = next(
            (each for each in reversed(earlier) if each.plasmacytoma is not None or each.plasmacytoma_state), visit
        )
        visit = replace(visit, plasmacytoma=sized.plasmacytoma, plasmacytoma_state=sized.plasmacytoma_state)
    return visit


def _on_marrow_alone(visit: Visit) -> bool:
    """Whether neither blood nor urine was tested by immunofixation: an old marrow then tells nothing new."""
    return not (visit.serum_fixation or visit.urine_fixation)


def _numbers(visit: Visit, state: _Read, met: Sequence[Progression], risen: dict[str, Rise]) -> dict[str, Decimal]:
    base = state.baseline
    found = {
        "serum_g_dl": visit.serum,
        "urine_mg_24h": visit.urine,
        "dflc_mg_dl": visit.difference,
        "flc_ratio": visit.ratio,
        "bm_pc_pct": visit.marrow,
        "serum_change_pct": change(visit.serum, base.serum),
        "urine_change_pct": change(visit.urine, base.urine),
        "dflc_change_pct": change(visit.difference, base.difference),
        "bm_change_pct": change(visit.marrow, base.marrow),
        "plasmacytoma_spd_cm2": visit.plasmacytoma,
        "plasmacytoma_change_pct": change(visit.plasmacytoma, base.plasmacytoma),
    }
    of_progression = next((each.rise for each in met if each.rise is not None), None)
    rise = of_progression or main_rise(risen, state.route)
    if rise is not None:
        found |= {"rise_abs": rise.amount, "rise_pct": rise.share}
    return {name: value for name, value in found.items() if value is not None}


def _labeled(level: Level, visit: Visit, state: _Read) -> Level:
    """The level with the labels that are no levels: clinical relapse, relapse from complete response, other clone."""
    met, to_judge = clinical_relapse(visit, state.baseline)
    was_complete = any(each.level in COMPLETE for each in state.levels)
    back = relapse_from_complete(visit) if was_complete else ""
    residual = at_visit(state.mrd[-1])
    flags = [
        ("clinical_relapse", bool(met)),
        ("clinical_relapse_to_judge", bool(to_judge)),
        ("relapse_from_cr", bool(back)),
        ("relapse_from_mrd_negative", residual == "positive" and _was_negative(state.mrd[:-1])),
        ("other_clone", visit.other_clone),
        ("mrd_without_cr", residual == "negative" and level.level not in COMPLETE),
        ("osteoporotic_fracture", visit.bone == "fracture"),
    ]
    words = [*met, *to_judge, *([back] if back else [])]
    return replace(
        level,
        because=(*level.because, *words),
        flags=(*level.flags, *(name for name, holds in flags if holds)),
        labels=labels_of(state.mrd[-1]),
    )


def _was_negative(earlier: Sequence[Sequence[Mrd]]) -> bool:
    return any(at_visit(tests) == "negative" for tests in earlier)


def _labels(levels: Sequence[Level]) -> dict[str, str]:
    said = [level.labels["sustained_mrd_negative"] for level in levels if "sustained_mrd_negative" in level.labels]
    return {"sustained_mrd_negative": said[-1]} if said else {}


READS = frozenset({
    "serum_m_protein", "urine_m_protein", "kappa_light_chains", "lambda_light_chains", "light_chain_ratio",
    "light_chain_difference", "serum_immunofixation", "urine_immunofixation", "marrow_plasma_cells",
    "marrow_clonality", "plasmacytoma", "bone_lesions", "new_lesion", "blood_plasma_cells", "disease_sign", "mrd",
    "imaging_residual", "calcium", "hemoglobin", "creatinine", "response_read",
})  # fmt: skip

CRITERIA = Criteria(
    name="imwg_2016",
    edition="IMWG 2016",
    citation="Kumar 2016, Lancet Oncol 17:e328, doi 10.1016/S1470-2045(16)30206-6",
    diseases=frozenset({"multiple_myeloma", "myeloma"}),
    reads=READS,
    anchors=READS - {"calcium", "hemoglobin", "creatinine", "disease_sign"},
    ranks=("NE", "PD", "SD", "MR", "PR", "VGPR", "CR", "sCR"),
    responses=frozenset({"PR", "VGPR", "CR", "sCR"}),
    complete=COMPLETE,
    progressions=frozenset({"PD"}),
    read=read,
)
