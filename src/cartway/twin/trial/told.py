"""A virtual trial in words and tables: its arms, what the first repeat found, how the plan behaves over all repeats."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from cartway.problem import Problem
from cartway.twin.notes import notes_of
from cartway.twin.picture import MONTH, Grid
from cartway.twin.policy import policy_of
from cartway.twin.population import disease_of, product_of
from cartway.twin.trial import survival
from cartway.twin.trial.compare import Effect, Summary, times_of
from cartway.twin.trial.operate import Behavior, Result, Share, effect_name, part
from cartway.twin.trial.plan import Arm, Endpoint, Plan, given_in, kind_of, measure_of, title_of
from cartway.twin.trial.shown import BY_DAY, GRADES, Watched
from cartway.twin.trial.simulate import Simulated

NONE = "-"


def arms(plan: Plan) -> Grid:
    """What each arm gives."""
    return Grid(
        "Arms",
        ("Arm", "Product", "Cells", "Lymphodepletion", "Bridging", "Treatment of toxicity"),
        tuple(_arm(arm, plan) for arm in plan.arm),
    )


def _arm(arm: Arm, plan: Plan) -> tuple[str, ...]:
    product, policy, given = product_of(arm.product), policy_of(arm.policy), given_in(arm, plan.disease)
    if isinstance(product, Problem) or isinstance(policy, Problem):
        raise ValueError("the plan was not read by read_plan")
    if given.levels:
        cells = ", ".join(_cells(level) for level, _ in given.levels)
    else:
        cells = f"{_cells(given.cells_per_kg)}/kg" if given.cells_per_kg else _cells(given.cells or 0)
    return (
        arm.name,
        product.short,
        cells,
        given.lymphodepletion.drugs or NONE,
        f"{100 * given.bridged:g}% of patients",
        f"{policy.name}: {policy.means}",
    )


def notes(plan: Plan) -> list[str]:
    """What of a sound plan's numbers is not confirmed, assumed, or outside what the twin was fitted to; each once."""
    found: dict[str, None] = {}
    for arm in plan.arm:
        product, disease_ = product_of(arm.product), disease_of(plan.disease)
        if isinstance(product, Problem) or isinstance(disease_, Problem):
            raise ValueError("the plan was not read by read_plan")
        found |= dict.fromkeys(notes_of(product, disease_, own_dose=arm.dose is not None))
        if arm.medians:
            found[f"Arm {arm.name} has medians of the plan's own: {', '.join(arm.medians)}."] = None
    return list(found)


def _cells(count: float) -> str:
    power = math.floor(math.log10(count)) if count else 0
    return f"{count / 10**power:.3g} x 10^{power}"


def disease(plan: Plan) -> str:
    """The disease of a sound plan, in words."""
    found = disease_of(plan.disease)
    return plan.disease if isinstance(found, Problem) else found.short


def results(plan: Plan, found: Sequence[Result]) -> Grid:
    """What the first repeat would report: a row an endpoint and arm."""
    rows = []
    for each in found:
        told = ("", "", "") if each.effect is None else _effect(each.endpoint, each.effect)
        judged = f"{each.summary.known} of {each.summary.of}"
        rows.append((title_of(each.endpoint), each.arm, judged, _summary(each.endpoint, each.summary), *told))
    caption = f"First of {plan.repeats} repeats, {plan.size} patients an arm"
    return Grid(caption, ("Endpoint", "Arm", "Judged", "Found", "Effect", "95% interval", "p"), tuple(rows))


def _summary(endpoint: Endpoint, found: Summary) -> str:
    if not found.known:
        return NONE
    match kind_of(endpoint):
        case "share":
            return f"{percent(found.estimate)} ({percent(found.low)} to {percent(found.high)})"
        case "number":
            unit = measure_of(endpoint).unit
            unit = f" {unit}" if unit not in ("grade", "day") else ""
            return f"median {number(found.estimate)}{unit} ({number(found.low)} to {number(found.high)})"
        case "time":
            is_reached = math.isfinite(found.estimate)
            return f"median {found.estimate / MONTH:.1f} months" if is_reached else "median not reached"


def _effect(endpoint: Endpoint, found: Effect) -> tuple[str, str, str]:
    if not math.isfinite(found.estimate):
        return f"{effect_name(endpoint)}: none to tell", "", NONE
    show = SHOWN[kind_of(endpoint)]
    return (
        f"{effect_name(endpoint)} {show(found.estimate)}",
        f"{show(found.low)} to {show(found.high)}",
        "< 0.001" if found.p < 0.001 else f"{found.p:.3f}",
    )


def survival_table(plan: Plan, simulated: Simulated, endpoint: Endpoint) -> Grid:
    """The curves of the first repeat each half year: the share with its interval, and how many are at risk."""
    months = [month for month in (3, 6, 9, 12, 18, 24) if month * MONTH <= plan.days + 1]
    rows = []
    for number_, arm in enumerate(plan.arm):
        times = times_of(endpoint, part(simulated.arms[number_], 0, plan.size)).known()
        curve = survival.curve_of(times)
        risk = survival.at_risk(times, np.array(months) * MONTH)
        for month, left in zip(months, risk, strict=True):
            share, low, high = survival.at(curve, month * MONTH)
            known = (percent(share), f"{percent(low)} to {percent(high)}") if left else (NONE, NONE)
            rows.append((arm.name, str(month), *known, str(left)))
    heads = ("Arm", "Month", "Free of the event", "95% interval", "At risk")
    return Grid(title_of(endpoint), heads, tuple(rows))


def by_day(plan: Plan, arms_: Sequence[Watched], scale: str) -> Grid:
    """How many patients had each worst grade on each day."""
    rows = []
    for arm, watched in zip(plan.arm, arms_, strict=True):
        table = watched.crs if scale == "crs" else watched.icans
        for day in range(BY_DAY):
            if table[:, day].any():
                rows.append((arm.name, str(day), *(str(table[grade, day]) for grade in range(GRADES))))
    heads = ("Arm", "Day", *(f"Grade {grade}" for grade in range(GRADES)))
    return Grid(f"{scale.upper()} by day: patients by their worst grade", heads, tuple(rows))


def lanes(plan: Plan, arm: int, watched: Watched) -> Grid:
    """Each patient of an arm: the response in spans, and how it ended. Days from the infusion."""
    rows = []
    for lane in watched.lanes:
        spans = "; ".join(f"{span.code} {span.start:.0f} to {span.end:.0f}" for span in lane.spans)
        rows.append(
            (
                lane.course,
                _grade(lane.crs),
                _grade(lane.icans),
                spans,
                _day(lane.progressed),
                _day(lane.died),
                f"{lane.last:.0f}",
            )
        )
    heads = ("Patient", "CRS", "ICANS", "Response, days", "Progression, day", "Death, day", "Followed to day")
    return Grid(f"Patients of {plan.arm[arm].name}", heads, tuple(rows))


def behavior(plan: Plan, found: Sequence[Behavior]) -> Grid:
    """Operating characteristics: a row a comparison and size."""
    heads = (
        "Endpoint", "Arm", "Patients an arm", "Power", "False alarms", "Effect over all", "Mean of single trials",
        "Interval holds it", "Significant ones magnify",
    )  # fmt: skip
    caption = f"Over {plan.repeats} repeats, p below {plan.alpha:g}; in brackets Monte Carlo intervals of 95%"
    return Grid(caption, heads, tuple(_behavior(each) for each in found))


def _behavior(each: Behavior) -> tuple[str, ...]:
    show = SHOWN[kind_of(each.endpoint)]
    return (
        title_of(each.endpoint),
        each.arm,
        str(each.size),
        _share(each.power),
        _share(each.false_alarms),
        show(each.truth.estimate),
        show(each.mean),
        _share(each.covered),
        f"{each.magnified:.1f} times" if math.isfinite(each.magnified) else NONE,
    )


def _share(found: Share) -> str:
    if not math.isfinite(found.estimate):
        return NONE
    return f"{percent(found.estimate)} ({percent(found.low).rstrip('%')} to {percent(found.high)})"


def percent(share: float) -> str:
    """A share in percent, without a decimal from 10 on."""
    if not math.isfinite(share):
        return NONE
    return f"{100 * share:.0f}%" if abs(share) >= 0.1 or share == 0 else f"{100 * share:.1f}%"


def number(value: float) -> str:
    """A number to three digits."""
    if not math.isfinite(value):
        return NONE
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def ratio(value: float) -> str:
    """A ratio to two decimals."""
    return f"{value:.2f}" if math.isfinite(value) else NONE


SHOWN = {"share": percent, "number": number, "time": ratio}
"""How the effect of each kind of endpoint is told."""


def _grade(grade: int | None) -> str:
    return NONE if grade is None else str(grade)


def _day(day: float | None) -> str:
    return "" if day is None else f"{day:.0f}"


def outcome_rows(plan: Plan, simulated: Simulated) -> Iterator[tuple[str, ...]]:
    """Every patient of every repeat, heads first; blank where something could not be derived."""
    names = sorted(simulated.again)
    yield ("repeat", "arm", "patient", *names)
    for arm, columns in zip(plan.arm, simulated.arms, strict=True):
        for repeat in range(plan.repeats):
            table = np.stack([columns[name][repeat] for name in names], axis=1)
            for i, row in enumerate(table.tolist()):
                yield (str(repeat + 1), arm.name, str(i + 1), *("" if math.isnan(x) else f"{x:.6g}" for x in row))
