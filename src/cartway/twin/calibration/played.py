"""One simulated cohort as a trial would have read it: grades, kinetics, response and progression, worked out once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.twin.course import Run, quick
from cartway.twin.model import ENGINEERED, load_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

MONTH = 30.4375
CELLS_PER_ML = 1e9
FIRST_RESPONSE = 28.0
"""Before this day nobody reads a response; who never responds and never grows has failed by then."""


class Played:
    """One simulated cohort, with what several measures share worked out once."""

    def __init__(self, run: Run, disease: Disease | None = None) -> None:
        self.run, self.days = run, run.days
        self.after = run.days >= 0
        self._told = disease

    def state(self, name: str) -> Array:
        """A state on all looks, float64[n, k]."""
        return np.asarray(self.run.states[..., load_model().states[name]], np.float64)

    def parameter(self, name: str) -> Array:
        """A parameter of each patient, float64[n]."""
        return self.run.patients.parameters[:, load_model().parameters[name]]

    def on(self, values: Array, day: float) -> Array:
        """The look nearest to a day, float64[n]."""
        return quick.at_day(self.run, values, day)

    @cached_property
    def crs(self) -> NDArray[np.int8]:
        """Grade of CRS on each look."""
        return quick.crs_grade(self.run)

    @cached_property
    def icans(self) -> NDArray[np.int8]:
        """Grade of ICANS on each look."""
        return quick.icans_grade(self.run)

    @cached_property
    def had_crs(self) -> NDArray[np.bool_]:
        """Who had CRS."""
        return np.asarray((self.crs > 0).any(axis=1))

    @cached_property
    def cells(self) -> quick.Expansion:
        """Kinetics in cells per microliter, as read."""
        return quick.expansion(self.run)

    @cached_property
    def copies(self) -> quick.Expansion:
        """Kinetics in copies per microgram, as read."""
        return quick.expansion(self.run, "cart_copies")

    @cached_property
    def body(self) -> Array:
        """Engineered cells in the body without noise, float64[n, k]."""
        return np.maximum(sum((self.state(name) for name in ENGINEERED), np.zeros(1)), 1.0)

    @cached_property
    def tumor(self) -> Array:
        """Tumor cells, float64[n, k]."""
        return quick.tumor(self.run)

    @cached_property
    def disease(self) -> Disease:
        """Response and time to progression: as given, else as the twin's disease shows itself."""
        return self._told or disease_of_run(self)


class Disease(NamedTuple):
    """Response of the body's own tumor and marker, without the noise of a reader: `response`, `complete` bool[n].

    `complete_3mo`: complete by day 95; `progressed`: day, float64[n], inf where it has not come.
    """

    response: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    complete_3mo: NDArray[np.bool_]
    progressed: Array


def _first(flags: NDArray[np.bool_], days: Array) -> Array:
    return np.where(flags.any(axis=1), days[flags.argmax(axis=1)], np.inf)


def _shown(played: Played) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """At each look: at least a partial response, a complete one, and growth, by the marker of the disease."""
    from cartway.twin.chart.shown import load_shown
    from cartway.twin.population import diseases

    marker = diseases()[played.run.patients.disease].marker
    tumor, shown = played.tumor, load_shown()
    start = tumor[:, [0]]
    if marker == "marrow":
        per_ul = tumor / played.parameter("Vb")[:, None]
        blasts = shown.leukemia.most_percent * per_ul / (per_ul + shown.leukemia.half_per_ul)
        clear = blasts < 4.0
        recovered = (played.state("ANC") > 1.0) & (played.state("PLT") > 100.0)
        return clear, clear & recovered, (blasts > 5.0) & np.logical_or.accumulate(clear, axis=1)
    if marker == "m_protein":
        serum = played.run.patients.traits["m_protein_0"][:, None] / 10.0 * played.state("MP")
        least = np.fmin.accumulate(np.where(played.after, serum, serum[:, [0]]), axis=1)
        risen = (serum > 1.25 * least) & (serum - least > 0.5)
        fixed = shown.myeloma.fixed_g_dl
        clean = tumor / (tumor + 2e12) < 0.05
        return played.state("MP") < 0.5, (serum < fixed) & clean, risen
    dark = tumor < 3 * shown.lymphoma.dark_below_cells
    least = np.fmin.accumulate(
        np.where(played.after, np.maximum(tumor, shown.lymphoma.dark_below_cells), start), axis=1
    )
    grown = (~dark & (tumor > 1.5 * least)) | (tumor > 1.2 * start)
    return (tumor < 0.3 * start) | dark, dark, grown


def disease_of_run(played: Played) -> Disease:
    """What a reader without error would call the course of the disease, on the looks of the grid from day 28 on."""
    partial, complete, grown = _shown(played)
    days = played.days
    seen = days >= FIRST_RESPONSE
    progressed = _first(grown & seen, days)
    before = seen & (days[None, :] < progressed[:, None])
    refractory = ~(partial & before).any(axis=1) & np.isinf(progressed)
    progressed = np.where(refractory, FIRST_RESPONSE, progressed)
    alive = ~(played.run.died_day[:, None] < days)
    before = before & alive
    early = days <= 95
    return Disease(
        np.asarray((partial & before).any(axis=1)), np.asarray((complete & before).any(axis=1)),
        np.asarray((complete & before & early).any(axis=1)), progressed,
    )  # fmt: skip
