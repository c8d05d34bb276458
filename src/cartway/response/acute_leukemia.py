"""Acute lymphoblastic leukemia, by the limits of a named body (NCCN, CIBMTR, ASTCT 2010, ELN 2024)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from cartway.response.acute_leukemia_level import REMISSIONS, Answer, level_of
from cartway.response.acute_leukemia_visit import Visit, visit_of
from cartway.response.leukemia_bodies import BODIES, Body
from cartway.response.measured import Assessments
from cartway.response.model import Choices, Criteria, Level, Mrd, Reading
from cartway.response.nearby import Window, window_of
from cartway.response.read_only import read_only
from cartway.response.residual import POSITIVE, at_visit, labels_of, residual_disease

MRD_BELOW = Decimal("1e-4")
HELD_DAYS = 28
EARLY_DAYS = 91
"""Within three months: 13 weeks."""
SIX_MONTHS_DAYS = 183
READ_AS = {"complete": "CR", "stable": "NR", "progressive": "RELAPSE"}
KEPT_AWAY = ("CRi", "CRh", "CR", "MLFS")


def read(found: Assessments, choices: Choices) -> Reading:
    """The levels of every visit. A remission that did not last four weeks is not confirmed."""
    body, window = BODIES[choices.leukemia_body], window_of(choices)
    baseline = visit_of(found.baseline, found.course, Window(window.reach, found.day_zero))
    strict = (
        choices.leukemia_body == "eln_2024"
    )  # only what is not detected is complete; the others' limit was not seen
    levels: list[Level] = []
    tests: list[tuple[Mrd, ...]] = []
    visits: list[Visit] = []
    for assessment in found.visits:
        visit = visit_of(assessment, found.course, window)
        tests.append(tuple(residual_disease(assessment, MRD_BELOW, undetected_only=strict, seen=strict)))
        levels.append(read_only(assessment, READ_AS) or _level(visit, baseline, levels, tests, body))
        visits.append(visit)
    watched = tuple(_with_b_cells(levels, visits, found, choices))
    return Reading(
        levels=watched,
        confirmed=tuple(_held(watched, found)),
        mrd=tuple(test for of_visit in tests for test in of_visit),
        labels={"body": body.title, **_labels(watched, found)},
    )


def _level(
    visit: Visit, baseline: Visit, earlier: Sequence[Level], tests: Sequence[Sequence[Mrd]], body: Body
) -> Level:
    remitted = [level.level for level in earlier if level.level in (*REMISSIONS, "RELAPSE")]
    in_remission = bool(remitted) and remitted[-1] in REMISSIONS
    if remitted and remitted[-1] == "RELAPSE":
        in_remission = True  # what relapsed stays relapsed until a further remission is reached
    shares = [test.value for test in tests[-1] if test.value is not None and test.category == POSITIVE]
    answer = level_of(visit, baseline, in_remission, max(shares, default=None), body)
    residual = at_visit(tests[-1])
    again = residual == POSITIVE and answer.level in KEPT_AWAY and _was_negative(tests[:-1])
    return Level(
        at=visit.at,
        assessment=visit.assessment,
        level=answer.level,
        rule=answer.rule,
        because=(*answer.because, *(words for test in tests[-1] for words in test.because)),
        missing=answer.missing,
        candidates=answer.candidates,
        flags=(*answer.flags, *(("mrd_recurrence",) if again else ())),
        policies=("response_leukemia_body",) if _depends(answer) else (),
        numbers=_numbers(visit),
        labels=labels_of(tests[-1]),
        facts=visit.facts,
        confirmed=answer.confirmed,
    )


def _depends(answer: Answer) -> bool:
    """Whether another body could have called it otherwise."""
    return answer.level not in ("NE", "PD")


def _was_negative(earlier: Sequence[Sequence[Mrd]]) -> bool:
    return any(at_visit(tests) == "negative" for tests in earlier)


def _numbers(visit: Visit) -> dict[str, Decimal]:
    found = {
        "bm_blasts_pct": visit.marrow,
        "pb_blasts_pct": visit.blood,
        "anc_10e9_l": visit.neutrophils,
        "plt_10e9_l": visit.platelets,
        "b_cells_per_ul": visit.b_cells,
    }
    return {name: value for name, value in found.items() if value is not None}


def _with_b_cells(
    levels: Sequence[Level], visits: Sequence[Visit], found: Assessments, choices: Choices
) -> Iterator[Level]:
    """The levels with whether B cells were absent. Their return within six months is for somebody to look at."""
    was_absent = False
    for level, visit in zip(levels, visits, strict=True):
        if visit.b_cells is None:
            yield level
            continue
        absent = visit.b_cells < choices.b_cell_aplasia_per_ul
        early = was_absent and not absent and found.day(visit.at) < SIX_MONTHS_DAYS
        yield replace(
            level,
            labels={**level.labels, "b_cell_aplasia": "yes" if absent else "no"},
            flags=(*level.flags, *(("loss_of_BCA_before_6_months",) if early else ())),
            policies=(*level.policies, "response_b_cell_aplasia_per_ul"),
        )
        was_absent = absent


def _held(levels: Sequence[Level], found: Assessments) -> Iterator[Level]:
    """A remission that was gone within four weeks of its start was none."""
    for index, level in enumerate(levels):
        gone = _gone_after(levels, index, found)
        if gone is not None and gone < HELD_DAYS:
            words = f"The remission was gone {gone} days after its start; four weeks are asked."
            yield replace(
                level, level="NR", because=(*level.because, words), flags=(*level.flags, "remission_not_held")
            )
        else:
            yield level


def _gone_after(levels: Sequence[Level], index: int, found: Assessments) -> int | None:
    """Days from the start of the remission that this visit is part of to its end; None where it did not end."""
    if levels[index].level not in REMISSIONS:
        return None
    start = index
    while start > 0 and levels[start - 1].level in (*REMISSIONS, "NE"):
        start -= 1
    first = next(level for level in levels[start:] if level.level in REMISSIONS)
    ended = next((level for level in levels[index:] if level.level in ("RELAPSE", "PD", "NR")), None)
    return None if ended is None else found.day(ended.at) - found.day(first.at)


def _labels(levels: Sequence[Level], found: Assessments) -> dict[str, str]:
    """Remission within three months of the infusion, and whether it was held for four weeks."""
    remissions = [level for level in levels if level.level in REMISSIONS]
    if not remissions:
        return {"overall_remission_within_3_months": "no"} if levels else {}
    first = found.day(remissions[0].at)
    ended = next(
        (level for level in levels if level.at > remissions[0].at and level.level in ("RELAPSE", "NR", "PD")), None
    )
    until = found.day(ended.at) if ended is not None else found.day(remissions[-1].at)
    held = "yes" if until - first >= HELD_DAYS else "not_yet" if ended is None else "no"
    return {
        "overall_remission_within_3_months": "yes" if first <= EARLY_DAYS else "no",
        "remission_maintained_28_days": held,
    }


OWN = frozenset(
    {
        "marrow_blasts",
        "blood_blasts",
        "extramedullary_disease",
        "marrow_regeneration",
        "mrd",
        "response_read",
    }
)
CRITERIA = Criteria(
    name="all",
    edition="NCCN, CIBMTR, ASTCT 2010 or ELN 2024",
    citation="; ".join(body.citation for body in BODIES.values()),
    diseases=frozenset({"b_all", "all"}),
    reads=OWN | {"neutrophils", "platelets", "transfusion_free", "cd19"},
    anchors=OWN,
    ranks=("NE", "RELAPSE", "PD", "NR", "PR", "MLFS", "CRi", "CRh", "CR"),
    responses=frozenset(REMISSIONS),
    complete=frozenset({"CR"}),
    progressions=frozenset({"RELAPSE", "PD"}),
    read=read,
)
