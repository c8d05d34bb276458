"""Everything that a virtual trial writes: a page, its pictures and tables, every patient's outcomes, the plan."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from cartway.twin.model import load_model
from cartway.twin.picture import Grid, alone, draw, together
from cartway.twin.trial import pictures, told
from cartway.twin.trial.operate import Behavior, Result, behavior_of, behaviors, first_repeat
from cartway.twin.trial.page import Section, page
from cartway.twin.trial.pictures import Picture
from cartway.twin.trial.plan import Endpoint, Plan, kind_of, primary_of, title_of
from cartway.twin.trial.shown import Watched, watched
from cartway.twin.trial.simulate import Simulated

PAGE = "index.html"


class Analyzed(NamedTuple):
    """A simulated trial, read: the first repeat's results and patients, and how the plan behaves over all repeats."""

    plan: Plan
    simulated: Simulated
    results: tuple[Result, ...]
    behaviors: tuple[Behavior, ...]
    arms: tuple[Watched, ...]


def analyzed(plan: Plan, simulated: Simulated, say: Callable[[str], None] = lambda words: None) -> Analyzed:
    """Read a simulated trial; `say` is told what is being done."""
    say("comparing the arms")
    results, found = first_repeat(plan, simulated), tuple(behaviors(plan, simulated))
    say("reading the patients of the first repeat")
    arms = tuple(
        watched(patients, ends.tolist()) for patients, ends in zip(simulated.shown, simulated.followed, strict=True)
    )
    return Analyzed(plan, simulated, results, found, arms)


def files(trial: Analyzed, plan_text: str) -> Iterator[tuple[str, str]]:
    """Each file's name and text, the page last: while it is missing the folder is not whole."""
    sections = list(_sections(trial))
    yield "plan.toml", plan_text
    yield "outcomes.csv", _csv(told.outcome_rows(trial.plan, trial.simulated))
    for name, table in _tables(trial):
        yield f"{name}.csv", _csv([table.heads, *table.rows])
    for section in sections:
        if section.picture is not None:
            yield f"{section.picture.name}.svg", _svg(section.picture)
    yield PAGE, page(trial.plan.title, _facts(trial.plan), sections)


def _svg(picture: Picture) -> str:
    if len(picture.panels) == 1:
        return alone(draw(picture.panels[0], picture.name))
    return alone(together(picture.title, picture.says, picture.panels, picture.columns, picture.name))


def _csv(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _facts(plan: Plan) -> tuple[tuple[str, str], ...]:
    followed = f"{plan.days:g} days"
    if plan.accrual_days:
        followed = (
            f"{plan.days - plan.accrual_days:g} to {plan.days:g} days, patients coming over {plan.accrual_days:g} days"
        )
    return (
        ("Disease", told.disease(plan)),
        ("Size", f"{', '.join(map(str, plan.all_sizes))} patients an arm, {plan.repeats} repeats"),
        ("Follow-up", followed),
        (
            "Charting",
            f"{plan.site} site; grades, responses and endpoints are Cartway's own derivations of the charted facts",
        ),
        ("Seed", f"{plan.seed}; model {load_model().version}"),
        ("To keep in mind", " ".join(told.notes(plan))),
    )


def _tables(trial: Analyzed) -> Iterator[tuple[str, Grid]]:
    yield "arms", told.arms(trial.plan)
    yield "results", told.results(trial.plan, trial.results)
    yield "behavior", told.behavior(trial.plan, trial.behaviors)
    for endpoint in _times(trial.plan):
        yield f"survival-{endpoint.measure}", told.survival_table(trial.plan, trial.simulated, endpoint)
    for scale in ("crs", "icans"):
        yield f"{scale}-by-day", told.by_day(trial.plan, trial.arms, scale)
    for number, arm in enumerate(trial.arms):
        yield f"lanes-{number + 1}", told.lanes(trial.plan, number, arm)


def _times(plan: Plan) -> list[Endpoint]:
    return [endpoint for endpoint in plan.endpoint if kind_of(endpoint) == "time"]


def _sections(trial: Analyzed) -> Iterator[Section]:
    plan, simulated = trial.plan, trial.simulated
    yield Section("Arms", tables=[told.arms(plan)])
    yield Section(
        "What one trial finds",
        "The first repeat, analyzed as a trial of this plan would be. The first arm is the control. Tests are "
        "two-sided and not adjusted for their number: Fisher's exact for shares (Newcombe's interval), Mann and "
        "Whitney's for numbers (the chance that a treated patient has the greater one), logrank for times (hazard "
        "ratio of Peto). In brackets: 95% intervals of shares, quartiles of numbers.",
        tables=[told.results(plan, trial.results)],
    )
    for endpoint in _times(plan):
        picture = pictures.survival_picture(plan, simulated, endpoint)
        yield Section(picture.title, picture.says, picture, [told.survival_table(plan, simulated, endpoint)])
    for scale in ("crs", "icans"):
        picture = pictures.toxicity_picture(plan, trial.arms, scale)
        yield Section(picture.title, picture.says, picture, folded=[told.by_day(plan, trial.arms, scale)])
    for number, arm in enumerate(trial.arms):
        picture = pictures.lanes_picture(plan, number, arm)
        yield Section(picture.title, picture.says, picture, folded=[told.lanes(plan, number, arm)])
    yield from _over_all(trial)


def _over_all(trial: Analyzed) -> Iterator[Section]:
    plan = trial.plan
    if not trial.behaviors:
        return
    picture = pictures.power_picture(plan, trial.behaviors)
    yield Section(
        "How the plan behaves",
        f"The whole trial was run {plan.repeats} times with other patients. Power: how often p was below "
        f"{plan.alpha:g}. False alarms: how often it was when the control was compared with as many patients of "
        "its own kind. The effect over all is that among all simulated patients. Significant trials magnify it.",
        picture,
        [told.behavior(plan, trial.behaviors)],
    )
    primary = primary_of(plan)
    for behavior in behavior_of(trial.behaviors, primary, plan.size):
        picture = pictures.estimates_picture(plan, behavior)
        yield Section(f"Single trials: {title_of(primary)}, {behavior.arm}", picture.says, picture)
