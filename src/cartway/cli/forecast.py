"""`cartway forecast`: what is likely to come for one course, given its facts so far. Research use."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import typer

from cartway.cli.asked import courses_asked
from cartway.cli.edge import moment, now, on_one_line, say, sound
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.times import Instant, text
from cartway.toxicity.wording import unit_text

if TYPE_CHECKING:
    from cartway.twin.forecast import Chance, Fan, Forecast

AHEAD = (1, 3, 7, 14)  # days ahead that the text tells; JSON has all
LEVELS = {
    "agrees": "The readings agree with the model.",
    "surprising": "The readings are unusual for the model: take the forecast with care. They stray in: ",
    "contradicts": "THE READINGS CONTRADICT THE MODEL: do not rely on this forecast. They stray in: ",
}
RESEARCH = "Research use: simulated by a model of virtual patients, not a medical device. It promises no outcome."


def forecast(course: str, at: str, known_at: str, policy: str, seed: int, format: str, database: str) -> None:
    """Forecast the courses of a file, or one of the store. A course that cannot be forecast says why.

    Problems: ``no_facts``, ``unknown_course``, ``unknown_treatment_policy``.
    """
    from cartway.twin.policy import policy_of
    from cartway.twin.solver import make_ready

    until, known, chosen = moment(at, "--at"), moment(known_at, "--known-at"), sound(policy_of(policy))
    courses, _ = courses_asked(course, known, database)
    make_ready(say)
    asked = {one: _moment(facts, until, in_file=Path(course).exists()) for one, facts in courses.items()}
    told = {one: _forecast(Course(facts, asked[one]), chosen.name, seed) for one, facts in courses.items()}
    if format == "json":
        typer.echo(json.dumps([as_json(one, asked[one], found) for one, found in told.items()], indent=2))
    else:
        typer.echo("\n".join(on_one_line(line) for one, found in told.items() for line in lines(one, found)))


def _moment(facts: list[Any], until: Instant | None, *, in_file: bool) -> Instant:
    if until is not None:
        return until
    return int(max(fact.at for fact in facts)) if in_file else now()


def _forecast(course: Course, policy: str, seed: int) -> Forecast | Problem:
    from cartway.twin.forecast import forecast as foretell

    return foretell(course, policy=policy, seed=seed, threads=os.cpu_count() or 1)


def as_json(course: str, at: Instant, found: Forecast | Problem) -> dict[str, Any]:
    """One course's forecast, or why there is none, as plain values."""
    if isinstance(found, Problem):
        return {"course": course, "at": text(at), "problem": msgspec.to_builtins(found), "research_use": RESEARCH}
    plain = msgspec.to_builtins(found) | {"at": text(found.at), "zero": text(found.zero)}
    return {**plain, "simulated": True, "research_use": RESEARCH}


def lines(course: str, found: Forecast | Problem) -> Iterator[str]:
    """One course's forecast to read."""
    if isinstance(found, Problem):
        yield f"{course}: no forecast. {found}"
        return
    yield f"{course}: {found.product} for {found.disease}, day {found.day:.1f}. {RESEARCH}"
    yield f"  {_checked(found)}"
    yield from (f"  {note}" for note in found.notes)
    if found.check.level != "contradicts":
        yield from _told(found)
    draws = f"{found.ess:.0f} effective of {found.draws} draws"
    yield f"  {found.readings} readings; {draws}; model {found.model}, seed {found.seed}"


def _told(found: Forecast) -> Iterator[str]:
    """Signs and chances; of a forecast that the readings contradict nobody should have them."""
    yield f"  The coming two weeks, treated on by the policy '{found.policy}': median (80 % of what is likely)"
    for fan in found.fans:
        yield f"    {fan.label:21} {'   '.join(_ahead(fan, found.day))} {unit_text(fan.unit)}"
    yield from (f"    {_chance(each)}" for each in found.soon)
    if found.later:
        yield "  In the longer run, far less sure"
        yield from (f"    {_chance(each)}" for each in found.later)


def _checked(found: Forecast) -> str:
    told = LEVELS[found.check.level]
    return told if found.check.level == "agrees" else f"{told}{', '.join(found.check.strays) or 'no single sign'}."


def _ahead(fan: Fan, day: float) -> Iterator[str]:
    """The fan at a few days ahead; of a fan that ends before, what there is."""
    for ahead in AHEAD:
        place = min(range(len(fan.days)), key=lambda i: abs(fan.days[i] - day - ahead))
        low, middle, high = (_short(each[place]) for each in (fan.low80, fan.middle, fan.high80))
        yield f"+{ahead} d {middle} ({low} to {high})"


def _short(value: float) -> str:
    return f"{value:.1f}" if 10 <= value < 100 else f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def _chance(each: Chance) -> str:
    if each.now:
        return f"   now  {each.label}: {each.now}"
    return f"{_percent(each.chance):>6}  {each.label} (of such patients {_percent(each.usual)})"


def _percent(share: float) -> str:
    """A share in words: some hundred virtual courses tell no chance below half a percent."""
    return "< 1 %" if share < 0.005 else "> 99 %" if share > 0.995 else f"{100 * share:.0f} %"
