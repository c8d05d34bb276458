"""A run as the facts of a site: what was seen, given and found, charted as sites chart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import DAY, HOUR, Instant
from cartway.twin.chart.cll import chart_cll, lymphocytes
from cartway.twin.chart.habits import Habits, habits_of
from cartway.twin.chart.leukemia import chart_leukemia
from cartway.twin.chart.lymphoma import chart_lymphoma
from cartway.twin.chart.myeloma import chart_myeloma
from cartway.twin.chart.person import chart_given, chart_person
from cartway.twin.chart.scene import Scene, scene_of
from cartway.twin.chart.sheet import Course, Sheet
from cartway.twin.chart.shown import load_shown
from cartway.twin.chart.signs import chart_signs
from cartway.twin.chart.support import chart_support
from cartway.twin.course import Acts, Run
from cartway.twin.population import Patients, diseases

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


SOURCE = "twin"
SPREAD_DAYS = 365
"""Infusions of a charted run are spread over a year, each at ten in the morning."""
BY_MARKER: Mapping[str, Callable[[Sheet, Scene], None]] = {
    "lesions": chart_lymphoma,
    "marrow": chart_leukemia,
    "m_protein": chart_myeloma,
}


def chart(
    run: Run, *, site: str = "tidy", seed: int, t0: Instant, ids: Sequence[str] | None = None, spread: bool = True
) -> pa.Table:
    """The facts of a run as a facts table, sorted by course and time: a row a fact, every row marked simulated.

    `t0`: midnight of the first day on which somebody is infused; with `spread` the others follow over a year, else all
    are infused at `t0` itself. `ids`: the courses' ids, else `course_ids`. At most 4,096 courses.
    Raises ValueError for a site without habits: ask `habits_of` first.
    """
    habits = habits_of(site)
    if isinstance(habits, Problem):
        raise ValueError(str(habits))
    infused = infused_at(run.patients, t0) if spread else np.full(len(run.patients.number), t0, np.int64)
    courses = Course(ids or course_ids(run.patients), infused)
    return filled(run, habits, seed).table(
        courses, SOURCE, recorded=habits.says_when_recorded, corrects=habits.slips is not None
    )


def filled(run: Run, habits: Habits, seed: int) -> Sheet:
    """The sheet of a run before it is made a table."""
    scene = _with_disease_in_blood(scene_of(run, habits, seed))
    sheet = Sheet()
    chart_person(sheet, scene)
    chart_signs(sheet, scene)
    chart_support(sheet, scene)
    chart_given(sheet, scene)
    _chart_disease(sheet, scene)
    return sheet


def _chart_disease(sheet: Sheet, scene: Scene) -> None:
    disease = diseases()[scene.run.patients.disease]
    (chart_cll if disease.diagnosis == "cll" else BY_MARKER[disease.marker])(sheet, scene)


NEEDS_COUNTS = frozenset({"marrow"})
"""Diseases, by marker, whose response asks for counts."""


def chart_disease(run: Run, *, seed: int, t0: Instant) -> pa.Table:
    """As `chart` of a tidy site, but only what a response and its endpoints are read from: what a fit asks for often.

    Courses of CLL are charted whole.
    """
    disease = diseases()[run.patients.disease]
    if disease.diagnosis == "cll":
        return chart(run, seed=seed, t0=t0)
    habits = habits_of("tidy")
    assert isinstance(habits, Habits), habits
    scene, sheet = scene_of(run, habits, seed), Sheet()
    chart_person(sheet, scene)
    if disease.marker in NEEDS_COUNTS:
        chart_signs(sheet, scene)
        chart_support(sheet, scene)
    chart_given(sheet, scene)
    _chart_disease(sheet, scene)
    courses = Course(course_ids(run.patients), infused_at(run.patients, t0))
    return sheet.table(courses, SOURCE, recorded=habits.says_when_recorded)


def _with_disease_in_blood(scene: Scene) -> Scene:
    """The scene with the cells of a leukemia that counts among the lymphocytes."""
    if diseases()[scene.run.patients.disease].diagnosis != "cll":
        return scene
    seen = scene.run.seen["lymphocytes"] + lymphocytes(scene.tumor(), load_shown().cll).astype(np.float32)
    return scene._replace(run=scene.run._replace(seen={**scene.run.seen, "lymphocytes": seen}))


def course_ids(patients: Patients) -> list[str]:
    """Ids that say nothing of a patient: a digest of product, disease and seed, and the patient's number."""
    named = f"{patients.product} {patients.disease} {patients.seed}"
    digest = hashlib.blake2b(named.encode(), digest_size=4).hexdigest()
    return [f"twin-{digest}-{number:06d}" for number in patients.number.tolist()]


def infused_at(patients: Patients, t0: Instant) -> NDArray[np.int64]:
    """When each patient is infused: at ten in the morning of a day of the year, by the patient's number."""
    day = (patients.number * 89) % SPREAD_DAYS
    return np.asarray(t0 + day * DAY + 10 * HOUR, np.int64)


def facts_of(run: Run, i: int, *, site: str = "tidy", seed: int, t0: Instant, course: str = "") -> list[Fact]:
    """The facts of one patient as intake reads them from the table, in time order. The infusion is at `t0`."""
    one = rows_of(run, np.array([i]))
    table = chart(one, site=site, seed=seed, t0=t0, ids=[course] if course else None, spread=False)
    return list(facts_in(table))


def rows_of(run: Run, which: NDArray[np.int64]) -> Run:
    """Some rows of a run, in the order asked for."""
    place = np.full(len(run.died_day), -1)
    place[which] = np.arange(len(which))
    kept = np.flatnonzero(place[run.acts.patient] >= 0)
    kept = kept[np.argsort(place[run.acts.patient[kept]], kind="stable")]
    acts = run.acts
    return run._replace(
        patients=run.patients.take(which),
        states=run.states[which],
        seen={name: values[which] for name, values in run.seen.items()},
        judged={name: values[which] for name, values in run.judged.items()},
        acts=Acts(
            place[acts.patient[kept]], acts.day[kept], acts.drug[kept], acts.dose[kept], acts.unit[kept], acts.why[kept]
        ),
        died_day=run.died_day[which],
        cause=run.cause[which],
        discharged_day=run.discharged_day[which],
        regrowth_day=run.regrowth_day[which],
        end=run.end[which],
    )


def facts_in(table: pa.Table) -> Iterable[Fact]:
    """The facts of a charted table, by intake's own reading of its rows. Raises ValueError for a row that it
    refuses.
    """
    from cartway.intake.drafts import Draft
    from cartway.intake.rows import Rows
    from cartway.vocabulary import vocabulary

    rows = Rows(vocabulary())
    for number, row in enumerate(rows_in(table), 1):
        item = rows.read(row, f"row {number}")
        if not isinstance(item, Draft):
            raise ValueError(f"{item.problem.code} {row['what']} at {item.problem.place}")
        yield item.fact


def rows_in(table: pa.Table) -> Iterable[dict[str, Any]]:
    """The rows of a facts table as intake takes them; times as datetimes in UTC."""
    import pyarrow as pa

    from cartway.times import to_datetime

    columns: dict[str, list[Any]] = {}
    for name in table.column_names:
        column = table.column(name)
        moments = pa.types.is_timestamp(column.type)
        values = (column.cast(pa.int64()) if moments else column).to_pylist()
        columns[name] = [None if v is None else to_datetime(v) for v in values] if moments else values
    for cells in zip(*columns.values(), strict=True):
        yield dict(zip(columns, cells, strict=True))
