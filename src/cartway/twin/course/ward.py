"""The forward loop: from look to look the body runs, the bedside reads, the policy orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.twin.course.acts import Act, Jumps, events_of, given_jumps, joined, jumps_of
from cartway.twin.course.look import Look, Reaction, look, no_reaction, react
from cartway.twin.course.plan import Later, before_infusion, due, parts_of
from cartway.twin.course.signs import signs
from cartway.twin.model import load_model
from cartway.twin.policy import Policy, Seen, orders
from cartway.twin.population import Patients, Regimen
from cartway.twin.solver import Event, begin, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Stray = Mapping[str, NDArray[np.float32]]

STATE_DRUGS = {
    "C": "tocilizumab",
    "D": "dexamethasone",
    "IgG": "immunoglobulin",
    "PLT": "platelet_transfusion",
    "G": "filgrastim",
    "P": "stem_cell_boost",
}
"""What an event written by hand on one of these states counts as, when a policy asks what was given."""


class Start(NamedTuple):
    """Where to go on from: `state` float64[n, S + MEMORY] (of `begin`, or a solution's `end`) at `day`.

    `reaction`: where CRS then stands, if it has begun (fever may be hidden since).
    """

    day: float
    state: NDArray[np.float64]
    reaction: Reaction | None = None


class Watched(NamedTuple):
    """n courses as they went: `states` float32[n, k, S], and of each look what was given and judged, int8[n, k].

    States of a look are those before its acts. `end`: where it stopped; nothing is ordered at the last look.
    """

    states: NDArray[np.float32]
    vasopressors: NDArray[np.int8]
    oxygen: NDArray[np.int8]
    crs: NDArray[np.int8]
    icans: NDArray[np.int8]
    acts: list[Act]
    end: NDArray[np.float64]


class _Given:
    """Who had what, when last and how often; written as acts are given."""

    def __init__(self, n: int) -> None:
        self.last = {drug: np.full(n, -np.inf) for drug in STATE_DRUGS.values()}
        self.tocilizumab = np.zeros(n)

    def note(self, drug: str, patient: NDArray[np.int64], day: float) -> None:
        """A drug has been given."""
        if drug in self.last:
            self.last[drug][patient] = np.maximum(self.last[drug][patient], day)
        if drug == "tocilizumab":
            self.tocilizumab[patient] += 1

    def history(self, jumps: Jumps) -> None:
        """What was given by hand before the loop begins."""
        names = list(load_model().states)
        for patient, day, state, plus in zip(jumps.patient, jumps.day, jumps.state, jumps.plus, strict=True):
            if plus > 0:
                self.note(STATE_DRUGS.get(names[state], ""), np.array([patient]), float(day))

    def seen(self, day: float, step: float, crs: Reaction, icans: NDArray[np.int8], read: Mapping[str, Array]) -> Seen:
        """What a policy may know now."""
        ago = {drug: day - last for drug, last in self.last.items()}
        return Seen(
            day=day,
            step=step,
            crs=crs.grade,
            icans=icans,
            crs_since=crs.since,
            crs_2_since=crs.since_2,
            tocilizumab_ago=ago["tocilizumab"],
            tocilizumab_given=self.tocilizumab,
            anc=read["anc"],
            platelets=read["platelets"],
            igg=read["igg"],
            immunoglobulin_ago=ago["immunoglobulin"],
            platelets_ago=ago["platelet_transfusion"],
            gcsf_ago=ago["filgrastim"],
            boost_ago=ago["stem_cell_boost"],
            gives_gcsf=read["gives_gcsf"],
        )


ADDED = {
    "temperature": "temperature",
    "neurotoxicity": "neurotoxicity",
    "pressure_untreated": "mean_arterial_pressure",
    "saturation_room_air": "saturation",
}
MULTIPLIED = ("anc", "platelets", "igg")


def _read(patients: Patients, state: Array, stray: Stray, i: int) -> dict[str, Array]:
    """The readings of look i that a policy or a grade needs, with their noise."""
    expected = signs(patients, state[:, None, :], np.zeros(1))
    read = {name: expected[name][:, 0] + stray[noise][:, i] for name, noise in ADDED.items()}
    read |= {name: expected[name][:, 0] * np.exp(stray[name][:, i]) for name in MULTIPLIED}
    return read | {"gives_gcsf": patients.traits["u_gcsf"]}


def _ordered(policy: Policy, seen: Seen) -> Iterator[Act]:
    for order in orders(policy, seen):
        rows = np.flatnonzero(order.who)
        if len(rows):
            yield Act(rows, seen.day, order.drug, order.dose[rows].astype(float), order.unit, order.why)


class _Ward:
    """n patients on their way; everything that changes from look to look is here."""

    def __init__(self, patients: Patients, policy: Policy, regimen: Regimen, start: Start, by_hand: Jumps) -> None:
        self.patients, self.policy, self.n = patients, policy, len(patients.number)
        self.now, self.state = start.day, start.state
        self.given, self.crs, self.seen = _Given(self.n), start.reaction or no_reaction(self.n), None
        self.given.history(by_hand.within(-np.inf, start.day))
        self.later = [x for x in parts_of(patients, regimen) if x.part.day >= start.day]
        self.acts = [act for act in before_infusion(patients, regimen) if act.day >= start.day]
        self.by_hand = by_hand.within(start.day, np.inf)
        self.jumps = joined([self.by_hand, *(jumps_of(act) for act in self.acts)])

    seen: Look | None
    later: list[Later]

    def advance(self, day: float, rtol: float) -> None:
        """Let the bodies run to a day, under all that was given before it."""
        if day > self.now:
            events = events_of(self.n, self.jumps.within(self.now, day))
            self.state = solve(
                self.patients.parameters, self.state, self.now, np.array([day]), events, rtol=rtol, states=("TI",)
            ).end
            self.jumps = self.jumps.within(day, np.inf)
            self.now = day

    def look(self, stray: Stray, i: int, since: float) -> tuple[Look, dict[str, Array]]:
        """Read and judge; `since`: days since the look before."""
        read = _read(self.patients, self.state, stray, i)
        self.seen = look(self.patients, read, self.seen)
        self.crs = react(self.seen, self.crs, self.now, since)
        return self.seen, read

    def treat(self, seen: Look, read: Mapping[str, Array], step: float) -> None:
        """Infuse what is due and give what the policy orders; the next look is `step` days away."""
        infused, self.later = due(self.later, self.now, step, self.crs.grade, seen.icans)
        known = self.given.seen(self.now, step, self.crs, seen.icans, read)
        done = [*infused, *_ordered(self.policy, known)]
        for act in done:
            self.given.note(act.drug, act.patient, act.day)
        for drug, rows in _by_hand_now(self.by_hand.within(self.now, self.now + step)):
            self.given.note(drug, rows, self.now)
        self.acts += done
        self.jumps = joined([self.jumps, *(jumps_of(act) for act in done)])


def _by_hand_now(jumps: Jumps) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """What is given by hand until the next look, as drugs: a policy does not give it once more."""
    places = load_model().states
    for state, drug in STATE_DRUGS.items():
        rows = jumps.patient[(jumps.state == places[state]) & (jumps.plus > 0)]
        if len(rows):
            yield drug, rows


def watch(
    patients: Patients,
    policy: Policy,
    regimen: Regimen,
    days: Array,
    stray: Stray,
    given: Sequence[Sequence[Event]],
    start: Start | None,
    rtol: float,
) -> Watched:
    """n patients over the looks on `days` [k]; those before the start stay empty (states not a number, the rest 0)."""
    begun = start or Start(float(days[0]), begin(patients.parameters))
    ward = _Ward(patients, policy, regimen, begun, given_jumps(given))
    n, k, width = len(patients.number), len(days), len(load_model().state)
    states = np.full((n, k, width), np.nan, np.float32)
    vasopressors, oxygen, crs, icans = judged = np.zeros((4, n, k), np.int8)
    for i in np.flatnonzero(days >= begun.day).tolist():
        ward.advance(float(days[i]), rtol)
        seen, read = ward.look(stray, i, float(days[i] - days[i - 1]) if i else 0.0)
        states[:, i] = ward.state[:, :width]
        judged[:, :, i] = seen.vasopressors, seen.oxygen, ward.crs.grade, seen.icans
        if i + 1 < k:
            ward.treat(seen, read, float(days[i + 1] - days[i]))
    return Watched(states, vasopressors, oxygen, crs, icans, ward.acts, ward.state)
