"""Measures by Cartway's own derivations over the charted facts of a cohort: the road of a real patient's chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.twin.calibration.played import MONTH, Disease

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from cartway.twin.course import Run

    Array = NDArray[Any]

BLOCK = 400
T0 = 1_700_000_000_000_000
"""The instant of the first infusion, microseconds: any will do, the outcomes are in days from it."""
EARLY_DAYS = 95.0
SCALES: Mapping[str, str] = {"astct": "crs_max", "penn": "crs_penn_max", "lee2014": "crs_lee2014_max"}


class Derived(NamedTuple):
    """Outcomes of one cohort by column, and the scale by which its trial graded CRS."""

    column: Mapping[str, Array]
    scale: str

    def crs(self) -> Array:
        """Greatest grade of CRS by the trial's scale, not a number where none could be given."""
        return self.column[SCALES[self.scale]]


def _numbers(column: pa.ChunkedArray) -> Array:
    import pyarrow as pa

    if pa.types.is_string(column.type):
        return np.array([{"CRi": 1.0, "CRh": 1.0}.get(v, 0.0) for v in column.to_pylist()])
    return np.array([np.nan if v is None else float(v) for v in column.to_pylist()])


def derived_of(run: Run, scale: str, *, seed: int, say: Callable[[int, int], None]) -> Derived:
    """Chart a run as a tidy site would, and let Cartway grade and read the facts; `say(done, of)` in patients."""
    from cartway.twin.chart import chart, outcomes

    tables = []
    for low in range(0, len(run.died_day), BLOCK):
        rows = np.arange(low, min(low + BLOCK, len(run.died_day)))
        tables.append(outcomes(chart(_rows(run, rows), site="tidy", seed=seed, t0=T0)))
        say(int(rows[-1]) + 1, len(run.died_day))
    names = tables[0].column_names
    columns = {name: np.concatenate([_numbers(t.column(name)) for t in tables]) for name in names if name != "course"}
    return Derived(columns, scale)


def answered_of(run: Run, *, seed: int) -> Derived:
    """How the disease answered in a run, by Cartway's own derivations of charts that hold the disease alone."""
    from cartway.twin.chart.chart import chart_disease
    from cartway.twin.chart.outcomes import answers

    table = answers(chart_disease(run, seed=seed, t0=T0))
    order = np.argsort(table.column("course").to_numpy())
    names = [name for name in table.column_names if name != "course"]
    return Derived({name: _numbers(table.column(name))[order] for name in names}, "astct")


def disease_of(derived: Derived) -> Disease:
    """Response and progression as they were derived."""
    column = derived.column
    died = (column["os_event"] == 1.0) & (column["os_day"] <= column["pfs_day"])
    ended = (column["pfs_event"] == 1.0) & ~died
    return Disease(
        column["orr"] == 1.0, column["cr"] == 1.0, column["complete_day"] <= EARLY_DAYS,
        np.where(ended, column["pfs_day"], np.inf),
    )  # fmt: skip


def _rows(run: Run, rows: NDArray[np.int64]) -> Run:
    """Some patients of a run."""
    if len(rows) == len(run.died_day):
        return run
    keep = np.isin(run.acts.patient, rows)
    acts = run.acts._replace(**{name: column[keep] for name, column in run.acts._asdict().items()})
    acts = acts._replace(patient=np.searchsorted(rows, acts.patient))
    return run._replace(
        patients=run.patients.take(rows), states=run.states[rows], end=run.end[rows], acts=acts,
        seen={k: v[rows] for k, v in run.seen.items()}, judged={k: v[rows] for k, v in run.judged.items()},
        died_day=run.died_day[rows], cause=run.cause[rows], discharged_day=run.discharged_day[rows],
        regrowth_day=run.regrowth_day[rows],
    )  # fmt: skip


def _at_least(values: Array, grade: float) -> Array:
    return np.where(np.isnan(values), np.nan, (values >= grade).astype(float))


def _in_crs(name: str) -> Callable[[Derived], Array]:
    return lambda d: np.where(d.crs() >= 1, d.column[name], np.nan)


def _responders(name: str, yes: float = 1.0) -> Callable[[Derived], Array]:
    return lambda d: np.where(d.column["orr"] == yes, d.column[name], np.nan)


def _by(day: str, last: float) -> Callable[[Derived], Array]:
    return lambda d: np.where(np.isnan(d.column[day]), 0.0, d.column[day] <= last)


def _onset_from(day: float) -> Callable[[Derived], Array]:
    return lambda d: np.where(d.crs() >= 1, d.column["crs_onset_day"] >= day, np.nan)


def _plain(name: str) -> Callable[[Derived], Array]:
    return lambda d: d.column[name]


# Not here: how long CRS and ICANS lasted. Trials count from the first sign to the last, the derivation time at a grade.
SAMPLES: Mapping[str, Callable[[Derived], Array]] = {
    "crs_any": lambda d: _at_least(d.crs(), 1),
    "crs_2": lambda d: _at_least(d.crs(), 2),
    "crs_3": lambda d: _at_least(d.crs(), 3),
    "crs_onset": _plain("crs_onset_day"),
    "crs_onset_from_4": _onset_from(3.5),
    "crs_onset_from_6": _onset_from(5.5),
    "crs_after_14": lambda d: np.nan_to_num(d.column["crs_onset_day"]) > 14.0,
    "icans_any": lambda d: _at_least(d.column["icans_max"], 1),
    "icans_2": lambda d: _at_least(d.column["icans_max"], 2),
    "icans_3": lambda d: _at_least(d.column["icans_max"], 3),
    "icans_onset": _plain("icans_onset_day"),
    "icans_after_14": lambda d: np.nan_to_num(d.column["icans_onset_day"]) > 14.0,
    "tocilizumab": _plain("tocilizumab"),
    "steroid": _plain("steroid"),
    "tocilizumab_or_steroid": lambda d: np.maximum(d.column["tocilizumab"], d.column["steroid"]),
    "tocilizumab_in_crs": _in_crs("tocilizumab"),
    "steroid_in_crs": _in_crs("steroid"),
    "vasopressor": _plain("vasopressor"),
    "ivig": _plain("immunoglobulin"),
    "anc_low_30": _plain("neutropenia_g3_d30"),
    "platelets_low_30": _plain("thrombocytopenia_g3_d30"),
    "anc_below_500_days": _plain("anc_below_500_days"),
    "cmax_cells": _plain("cmax_cells"),
    "cmax_copies": _plain("cmax_copies"),
    "cmax_cells_responders": _responders("cmax_cells"),
    "cmax_cells_nonresponders": _responders("cmax_cells", 0.0),
    "cmax_copies_responders": _responders("cmax_copies"),
    "cmax_copies_nonresponders": _responders("cmax_copies", 0.0),
    "tmax_copies": _plain("tmax_day"),
    "tmax_copies_responders": _responders("tmax_day"),
    "tmax_copies_nonresponders": _responders("tmax_day", 0.0),
    "tmax_cells": _plain("tmax_cells_day"),
    "igg_nadir_day": _plain("igg_nadir_day"),
    "aplasia_180_responders": _responders("b_cell_aplasia_6mo"),
    "orr": _plain("orr"),
    "cr": _plain("cr"),
    "cri": _plain("response_best"),
    "cr_3mo": _by("complete_day", EARLY_DAYS),
    "mrd_negative_in_responders": _responders("mrd_negative"),
}

TIMES: Mapping[str, tuple[str, str]] = {
    "pfs": ("pfs_day", "pfs_event"),
    "efs": ("pfs_day", "pfs_event"),
    "os": ("os_day", "os_event"),
    "dor": ("response_lasted_days", "response_ended"),
}


def sample(derived: Derived, measure: str) -> Array | None:
    """The values of one measure over patients, float64[n]; None where no derivation gives it.

    Nobody is lost to follow-up: whoever has no event reached the end of the simulation.
    """
    if measure in SAMPLES:
        return np.asarray(SAMPLES[measure](derived), np.float64)
    name, _, at = measure.rpartition("_")
    if name not in TIMES:
        return None
    days, event = (derived.column[column] for column in TIMES[name])
    times = np.where(event == 1.0, days, np.inf)
    times = np.where(np.isnan(days), np.nan, times)
    if at == "median":
        return np.asarray(np.minimum(times, np.nanmax(days)) / MONTH)
    return np.where(np.isnan(times), np.nan, times > float(at.removesuffix("mo")) * MONTH)
