"""The forward loop: from look to look the body runs, the bedside reads, the policy orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.course.acts import Act, Jump, events_of, jumps_of
from cartway.twin.course.look import Look, Reaction, look, no_reaction, react
from cartway.twin.course.plan import LAST_PART_DAYS_LATE, Later, before_infusion, parts_of
from cartway.twin.course.signs import signs
from cartway.twin.model import load_model
from cartway.twin.policy import Policy, Seen, orders
from cartway.twin.population import Patients, Regimen, load_bedside
from cartway.twin.solver import Event, begin, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

HOLD_PART_AT = 3
"""CRS or ICANS of this grade holds up the next part of a split dose."""


class Start(NamedTuple):
    """Where to go on from: `state` float64[n, S + MEMORY] (of `begin`, or a solution's `end`) at `day`."""

    day: float
    state: Array


class Watched(NamedTuple):
    """n courses as they went: `states` float32[n, k, S], and of each look what the bedside gave and judged, [n, k]."""

    states: NDArray[np.float32]
    vasopressors: NDArray[np.int8]
    oxygen: NDArray[np.int8]
    crs: NDArray[np.int8]
    icans: NDArray[np.int8]
    acts: list[Act]
    end: Array


class _Last:
    """When each patient last had what, in days; the only thing that the loop changes in place beside the states."""

    def __init__(self, n: int) -> None:
        self.day = {
            drug: np.full(n, -np.inf)
            for drug in ("tocilizumab", "dexamethasone", "immunoglobulin", "platelet_transfusion", "filgrastim")
        }
        self.first_steroid = np.full(n, np.inf)
        self.tocilizumab = np.zeros(n)

    def note(self, act: Act) -> None:
        """An act has been given."""
        if act.drug in self.day:
            self.day[act.drug][act.patient] = act.day
        if act.drug == "tocilizumab":
            self.tocilizumab[act.patient] += 1
        if act.drug == "dexamethasone":
            self.first_steroid[act.patient] = np.minimum(self.first_steroid[act.patient], act.day)

    def seen(self, day: float, step: float, crs: Reaction, icans: NDArray[np.int8], labs: Mapping[str, Array]) -> Seen:
        """What a policy may know now."""
        ago = {drug: day - days for drug, days in self.day.items()}
        return Seen(
            day, step, crs.grade, icans, crs.since, crs.since_2, ago["tocilizumab"], self.tocilizumab,
            np.maximum(day - self.first_steroid, 0), labs["anc"], labs["platelets"], labs["igg"],
            ago["immunoglobulin"], ago["platelet_transfusion"], ago["filgrastim"], labs["gives_gcsf"],
        )  # fmt: skip


STATE_DRUGS = {
    "C": "tocilizumab",
    "D": "dexamethasone",
    "IgG": "immunoglobulin",
    "PLT": "platelet_transfusion",
    "G": "filgrastim",
}


def _read(patients: Patients, state: Array, stray: Mapping[str, NDArray[np.float32]], i: int) -> dict[str, Array]:
    """The readings of look i, with their noise."""
    expected = signs(patients, state[:, None, :], np.zeros(1))
    kinds = load_bedside().noise
    read = {name: values[:, 0] for name, values in expected.items()}
    for name, source in (("pressure_untreated", "mean_arterial_pressure"), ("saturation_room_air", "saturation")):
        read[name] = read[name] + stray[source][:, i]
    for name in ("temperature", "neurotoxicity"):
        read[name] = read[name] + stray[name][:, i]
    for name in ("anc", "platelets", "igg"):
        assert kinds[name].kind == "lognormal"
        read[name] = read[name] * np.exp(stray[name][:, i])
    return read | {"gives_gcsf": patients.traits["u_gcsf"]}


def _ordered(policy: Policy, seen: Seen) -> list[Act]:
    found = []
    for order in orders(policy, seen):
        rows = np.flatnonzero(order.who)
        if len(rows):
            found.append(Act(rows, seen.day, order.drug, order.dose[rows], order.unit, order.why))
    return found


def _infused(
    later: list[Later], day: float, step: float, crs: Reaction, icans: NDArray[np.int8]
) -> tuple[list[Act], list[Later]]:
    """Parts that are due and not held up by toxicity, and those that wait on."""
    acts, waiting = [], []
    for part, cells, waits in later:
        if part.day >= day + step:
            waiting.append(Later(part, cells, waits))
            continue
        held = waits & ((crs.grade >= HOLD_PART_AT) | (icans >= HOLD_PART_AT)) & (part.day >= 1)
        rows = np.flatnonzero(waits & ~held)
        acts.append(Act(rows, max(day, part.day), "infusion", cells[rows], "cells", part.component))
        if held.any() and day < part.day + LAST_PART_DAYS_LATE:
            waiting.append(Later(part, cells, held))
    return acts, waiting


def _history(given: Sequence[Sequence[Event]], last: _Last, until: float) -> None:
    """What was given by hand before the loop begins counts as given."""
    for row, events in enumerate(given):
        for e in events:
            if e.at < until and e.state in STATE_DRUGS and e.plus > 0:
                last.note(Act(np.array([row]), e.at, STATE_DRUGS[e.state], np.array([e.plus]), "", ""))


def _given_at(given: Sequence[Sequence[Event]], low: float, high: float) -> list[Jump]:
    places = load_model().states
    return [
        Jump(np.array([row]), e.at, places[e.state], np.array([e.factor]), np.array([e.plus]))
        for row, events in enumerate(given)
        for e in events
        if low <= e.at < high
    ]


def watch(
    patients: Patients,
    policy: Policy,
    regimen: Regimen,
    days: Array,
    stray: Mapping[str, NDArray[np.float32]],
    given: Sequence[Sequence[Event]],
    start: Start | None,
    rtol: float,
) -> Watched:
    """n patients over all looks of `days` [k]; looks before `start.day` stay empty (not a number, zero)."""
    n, k, width = len(patients.number), len(days), len(load_model().state)
    states = np.full((n, k, width), np.nan, np.float32)
    small = {name: np.zeros((n, k), np.int8) for name in ("vasopressors", "oxygen", "crs", "icans")}
    begun = start or Start(float(days[0]), begin(patients.parameters))
    state, last, acts = begun.state, _Last(n), list[Act]()
    _history(given, last, begun.day)
    reaction, before, now = no_reaction(n), None, begun.day
    later = [x for x in parts_of(patients, regimen) if x.part.day >= now]
    planned = [act for act in before_infusion(patients, regimen, 0) if act.day >= now]
    jumps = [jump for act in planned for jump in jumps_of(act)]
    acts += planned
    for i, day in enumerate(days.tolist()):
        if day < begun.day:
            continue
        todo = [j for j in jumps if now <= j.day < day] + _given_at(given, now, day)
        if day > now:
            state = solve(
                patients.parameters, state, now, np.array([day]), events_of(n, todo), rtol=rtol, states=("TI",)
            ).end
        jumps = [j for j in jumps if j.day >= day]
        step = float(days[i + 1] - day) if i + 1 < k else float(day - days[i - 1])
        now, seen_before = day, before
        states[:, i] = state[:, :width]
        labs = _read(patients, state[:, :width], stray, i)
        before = look(patients, labs, seen_before)
        reaction = react(before, reaction, day, float(day - days[i - 1]) if i else 0.0)
        for name, values in (("vasopressors", before.vasopressors), ("oxygen", before.oxygen)):
            small[name][:, i] = values
        small["crs"][:, i], small["icans"][:, i] = reaction.grade, before.icans
        done, later = _infused(later, day, step, reaction, before.icans) if day >= 0 else ([], later)
        done += _ordered(policy, last.seen(day, step, reaction, before.icans, labs))
        for act in done:
            last.note(act)
            acts.append(act)
            jumps += jumps_of(act)
    return Watched(states, acts=acts, end=state, **small)
