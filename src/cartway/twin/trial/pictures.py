"""The pictures of a virtual trial: survival, toxicity by day, lanes of patients, power, what single trials estimate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.picture import (
    GRADES,
    SERIES,
    SHAPES,
    Axis,
    Band,
    Boxes,
    Dots,
    Kind,
    Line,
    Mark,
    Panel,
    Rule,
    Shape,
    Step,
    days,
    months,
    reach,
)
from cartway.twin.trial import survival
from cartway.twin.trial.compare import Effect, times_of
from cartway.twin.trial.operate import Behavior, effect_name, none_of, part
from cartway.twin.trial.plan import Endpoint, Plan, kind_of, title_of
from cartway.twin.trial.shown import BY_DAY, Lane, State, Watched
from cartway.twin.trial.simulate import Simulated

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHOWN_LANES = 40
LANE = 17  # pixels
STATES: tuple[tuple[State, str, Kind, bool], ...] = (
    ("complete", "complete response", "n1", False),
    ("partial", "partial response", "n3", True),
    ("stable", "stable disease", "na", False),
    ("progressed", "after progression", "g5", True),
)
SIMULATED = "Simulated patients; research use."


class Picture(NamedTuple):
    """One picture: its file's name, and its panels, side by side in so many columns."""

    name: str
    title: str
    says: str
    panels: tuple[Panel, ...]
    columns: int = 1


def survival_picture(plan: Plan, simulated: Simulated, endpoint: Endpoint) -> Picture:
    """Kaplan and Meier's curves of the first repeat, with 95% bands and the numbers at risk."""
    axis = months("Months from infusion", plan.days) if plan.days > 120 else days("Days from infusion", plan.days)
    at = np.array([place for place, _ in axis.ticks])
    bands: list[Mark] = []
    steps: list[Mark] = []
    beneath = []
    for number, arm in enumerate(plan.arm):
        times = times_of(endpoint, part(simulated.arms[number], 0, plan.size)).known()
        curve = survival.curve_of(times)
        kind = SERIES[number % len(SERIES)]
        bands.append(Band("", curve.days, curve.low, curve.high, kind, step=True))
        steps.append(Step(arm.name, *_drawn(curve, times), kind, times.days[~times.event], ends=arm.name))
        beneath.append((arm.name, tuple(str(each) for each in survival.at_risk(times, at))))
    title = title_of(endpoint)
    says = f"First of {plan.repeats} repeats: Kaplan and Meier's curve of each arm with its 95% band. {SIMULATED}"
    y = Axis("Share of patients", 0, 1, percent=True, ruled=True)
    panel = Panel(
        title,
        says,
        axis,
        y,
        (*bands, *steps),
        height=340 + 17 * len(plan.arm),
        beneath=tuple(beneath),
        beneath_title="At risk",
    )
    return Picture(f"survival-{endpoint.measure}", title, says, (panel,))


def _drawn(curve: survival.Curve, times: survival.Times) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The curve to the last day that anybody was watched."""
    last = float(times.days.max()) if len(times.days) else 0.0
    return np.concatenate([curve.days, [last]]), np.concatenate([curve.share, curve.share[-1:]])


def toxicity_picture(plan: Plan, arms: Sequence[Watched], scale: str) -> Picture:
    """The share of each arm's patients with each worst grade, day by day, stacked from the worst up."""
    name = scale.upper()
    tables = [arm.crs if scale == "crs" else arm.icans for arm in arms]
    most = max([0.2, *(float(table[1:].sum(axis=0).max()) / plan.size for table in tables)])
    top = min(1.0, math.ceil(most * 10) / 10)
    says = (
        f"Worst {name} grade of each day from infusion to day 30 in the first of {plan.repeats} repeats, by ASTCT, as "
        f"Cartway grades the charted facts: share of the arm's patients, the worst grade lowest. {SIMULATED}"
    )
    seen = [grade for grade in range(5, 0, -1) if any(table[grade].any() for table in tables)]
    wide = 505 if len(arms) > 1 else 720
    panels = tuple(
        Panel(
            arm.name, says, days("Days from infusion", BY_DAY - 0.4, first=-0.6),
            Axis("Share of patients", 0, top, percent=True, ruled=True),
            tuple(_stacked(table, plan.size, seen)), width=wide, height=300,
        )
        for arm, table in zip(plan.arm, tables, strict=True)
    )  # fmt: skip
    return Picture(f"{scale}-by-day", f"{name} by day", says, panels, min(2, len(panels)))


def _stacked(table: NDArray[np.int64], size: int, grades: Sequence[int]) -> list[Boxes]:
    """Bars of the grades that any arm saw, so that arms have the same legend."""
    at, low, found = np.arange(BY_DAY, dtype=float), np.zeros(BY_DAY), []
    for grade in grades:
        high = low + table[grade] / size
        found.append(Boxes(f"grade {grade}", at - 0.46, at + 0.46, low, high, GRADES[grade], [str(grade)] * BY_DAY))
        low = high
    return found


def lanes_picture(plan: Plan, number: int, watched: Watched) -> Picture:
    """Each patient of an arm as a lane: how the disease answered, until when, and how it ended."""
    lanes = watched.lanes[:: max(1, math.ceil(len(watched.lanes) / SHOWN_LANES))]
    few = "" if len(lanes) == len(watched.lanes) else f" {len(lanes)} of {len(watched.lanes)} patients are shown."
    name = plan.arm[number].name
    says = (
        f"{name}, the first of {plan.repeats} repeats: a lane a patient, longest follow-up first. It tells the "
        f"level of response between assessments as Cartway derives it, progression, death, and who is followed on; "
        f"the number beside it is the patient's highest grade of CRS.{few} {SIMULATED}"
    )
    axis = months("Months from infusion", plan.days * 1.03)
    ticks = tuple((i, f"{lane.crs if lane.crs is not None else '-'}") for i, lane in enumerate(lanes))
    y = Axis("CRS: highest grade", len(lanes) - 0.4, -0.6, ticks=ticks)
    marks = (*_spans(lanes), *_endings(lanes, plan.days))
    panel = Panel(name, says, axis, y, tuple(marks), height=130 + LANE * len(lanes))
    return Picture(f"lanes-{number + 1}", f"Patients of {name}", says, (panel,))


def _spans(lanes: Sequence[Lane]) -> list[Mark]:
    rows = np.arange(len(lanes), dtype=float)
    found: list[Mark] = [
        Boxes("followed", np.zeros(len(lanes)), [lane.last for lane in lanes], rows - 0.07, rows + 0.07, "soft")
    ]
    for state, name, kind, hatched in STATES:
        spans = [(i, span) for i, lane in enumerate(lanes) for span in lane.spans if span.state == state]
        half = 0.2 if state == "progressed" else 0.36
        at = np.array([i for i, _ in spans], float)
        found.append(
            Boxes(
                name, [s.start for _, s in spans], [s.end for _, s in spans], at - half, at + half, kind,
                [span.code for _, span in spans] if state in ("complete", "partial") else (), hatched,
            )
        )  # fmt: skip
    return [mark for mark in found if isinstance(mark, Boxes) and len(mark.x_low)]


def _endings(lanes: Sequence[Lane], last: float) -> list[Mark]:
    progressed = [(lane.progressed, i) for i, lane in enumerate(lanes) if lane.progressed is not None]
    died = [(lane.died, i) for i, lane in enumerate(lanes) if lane.died is not None]
    alive = [(lane.last + 0.012 * last, i) for i, lane in enumerate(lanes) if lane.died is None]
    found = (
        _dots("progression", progressed, "bad", "diamond"), _dots("death", died, "plain", "cross"),
        _dots("still followed", alive, "plain", "arrow"),
    )  # fmt: skip
    return [dots for dots in found if len(dots.x)]


def _dots(name: str, places: Sequence[tuple[float, int]], kind: Kind, shape: Shape) -> Dots:
    return Dots(name, [x for x, _ in places], [float(i) for _, i in places], kind, shape)


def power_picture(plan: Plan, found: Sequence[Behavior]) -> Picture:
    """How often each comparison is significant, by size, with Monte Carlo intervals."""
    says = (
        f"Share of {plan.repeats} repeats in which p was below {plan.alpha:g}, by patients an arm, with Monte Carlo "
        f"intervals of 95%. {SIMULATED}"
    )
    marks: list[Mark] = [Rule("y", plan.alpha, "alpha", "soft"), Rule("y", 0.8, "80%", "soft")]
    named = dict.fromkeys((title_of(each.endpoint), each.arm) for each in found)
    spread = 0.012 * (plan.all_sizes[-1] - plan.all_sizes[0] or 100)
    for number, (title, arm) in enumerate(named):
        rows = [each for each in found if (title_of(each.endpoint), each.arm) == (title, arm)]
        kind, shape = SERIES[number % len(SERIES)], SHAPES[number % len(SHAPES)]
        at = [each.size + spread * (number - (len(named) - 1) / 2) for each in rows]
        name = title if len({a for _, a in named}) == 1 else f"{title}, {arm}"
        marks.append(Line("", at, [each.power.estimate for each in rows], kind))
        marks.append(
            Dots(name, at, [each.power.estimate for each in rows], kind, shape,
                 y_low=[each.power.low for each in rows], y_high=[each.power.high for each in rows])
        )  # fmt: skip
    low, high = reach(plan.all_sizes, room=0.12)
    ticks = tuple((float(size), str(size)) for size in plan.all_sizes)
    panel = Panel(
        "Power", says, Axis("Patients an arm", low, high, ticks=ticks),
        Axis("Share of repeats", 0, 1, percent=True, ruled=True), tuple(marks), height=380,
    )  # fmt: skip
    return Picture("power", "Power", says, (panel,))


def estimates_picture(plan: Plan, behavior: Behavior) -> Picture:
    """What each single trial would have estimated, in order, with its interval; the truth and no effect as lines."""
    told = sorted((each for each in behavior.effects if math.isfinite(each.estimate)), key=lambda each: each.estimate)
    kept = told[:: max(1, math.ceil(len(told) / 100))]
    endpoint = behavior.endpoint
    is_ratio = kind_of(endpoint) == "time"
    rows = list(range(len(kept)))
    marks: list[Mark] = [
        _whiskered("p below alpha", [(i, e) for i, e in zip(rows, kept, strict=True) if e.p < plan.alpha], "n1", False),
        _whiskered("not", [(i, e) for i, e in zip(rows, kept, strict=True) if not e.p < plan.alpha], "n2", True),
        Rule("x", none_of(endpoint), "no effect", "plain"),
    ]
    if math.isfinite(behavior.truth.estimate):
        marks.append(Rule("x", behavior.truth.estimate, "", "bad"))
    low, high = _reach([each for e in kept for each in (e.low, e.high)], none_of(endpoint), is_ratio)
    axis = Axis(effect_name(endpoint), low, high, log=is_ratio, percent=kind_of(endpoint) == "share")
    title = f"{title_of(endpoint)}: what single trials estimate, {behavior.arm}"
    says = (
        f"{effect_name(endpoint)} in {len(kept)} of {plan.repeats} repeats of {behavior.size} patients an arm, in "
        f"order of the estimate, with 95% intervals. The dashed line is the effect over all repeats. {SIMULATED}"
    )
    panel = Panel(
        title, says, axis, Axis("", len(kept), -4, ticks=((-99.0, ""),)), tuple(marks), height=150 + 4 * len(kept)
    )
    return Picture("estimates", title, says, (panel,))


def _whiskered(name: str, rows: Sequence[tuple[int, Effect]], kind: Kind, hollow: bool) -> Dots:
    return Dots(
        name, [each.estimate for _, each in rows], [float(i) for i, _ in rows], kind,
        "square" if hollow else "circle", hollow,
        x_low=[each.low for _, each in rows], x_high=[each.high for _, each in rows], size=2.5,
    )  # fmt: skip


def _reach(values: Sequence[float], none: float, is_ratio: bool) -> tuple[float, float]:
    sound = [each for each in values if math.isfinite(each) and (each > 0 or not is_ratio)] or [none]
    if not is_ratio:
        return reach([*sound, none])
    return max(0.05, min([*sound, none]) * 0.9), min(20.0, max([*sound, none]) * 1.1)
