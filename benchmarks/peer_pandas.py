"""The pandas peer: `groupby("course").apply` with a grader for one course, vectorised within the course."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import simple

_CODES = {**simple.OXYGEN, **simple.CONSCIOUSNESS}


def grade_file(path: Path) -> pd.DataFrame:
    """Read a facts table and grade every course: one row a change, with `course`, `at`, `crs`, `icans`."""
    facts = pd.read_parquet(path, columns=list(simple.COLUMNS))
    facts = facts[facts["what"].isin([*simple.READ, "drug"])]
    facts["number"] = facts["value"].where(facts["value"].notna(), facts["choice"].astype(object).map(_CODES))
    return facts.groupby("course", observed=True).apply(grade_course, include_groups=False).reset_index(level=0)


def grade_course(facts: pd.DataFrame) -> pd.DataFrame:
    """The changes of one course's grades."""
    wide = facts.pivot_table(index="at", columns="what", values="number", aggfunc="last", observed=True)
    wide = wide.reindex(columns=list(simple.READ)).ffill()
    count, vasopressin = _pressors(facts, wide.index)
    hypotension = np.select(
        [count >= 2, (count == 1) | vasopressin, wide["systolic_pressure"] < simple.LOW_PRESSURE], [4, 3, 2], 0
    )
    cannula = (wide["oxygen_device"] == simple.OXYGEN["nasal_cannula"]) & (wide["oxygen_flow"] > simple.LOW_FLOW)
    worst = np.maximum(hypotension, np.where(cannula, 3, wide["oxygen_device"].fillna(0)))
    fever = (wide["body_temperature"] >= simple.FEVER).to_numpy()
    crs = np.where(fever, np.maximum(worst, 1), np.where(np.maximum.accumulate(fever), worst, 0))
    ice = wide["ice_score"]
    band = np.select([ice >= 10, ice >= 7, ice >= 3, ice >= 0], [0, 1, 2, 3], 0)
    icans = np.maximum(band, wide["consciousness"].fillna(0))
    grades = pd.DataFrame({"at": wide.index, "crs": crs, "icans": icans.to_numpy()})
    changed = (grades[["crs", "icans"]] != grades[["crs", "icans"]].shift()).any(axis=1)
    return grades[changed]


def _pressors(facts: pd.DataFrame, at: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """How many pressors run at each moment, and whether vasopressin does."""
    drugs = facts[(facts["what"] == "drug") & facts["choice"].isin(simple.RUNNING)]
    count, vasopressin = np.zeros(len(at), int), np.zeros(len(at), bool)
    for drug, rates in drugs.sort_values("at").groupby("choice", observed=True):
        ends = rates["until"].fillna(rates["at"].shift(-1)).fillna(pd.Timestamp.max.tz_localize("UTC"))
        running = np.zeros(len(at), bool)
        for start, end, rate in zip(rates["at"], ends, rates["value"], strict=True):
            if rate > 0:
                running |= (at >= start) & (at < end)
        if drug == simple.VASOPRESSIN:
            vasopressin = running
        else:
            count += running
    return count, vasopressin
