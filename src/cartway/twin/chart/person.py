"""Who the patient is, what they were given, and how the course ended: single facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cartway.times import DAY, HOUR, MINUTE
from cartway.twin.chart.answered import ALWAYS, looked_at
from cartway.twin.chart.habits import Sign
from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import Pick, Sheet, whole_minutes
from cartway.twin.chart.signs import in_unit, other_unit
from cartway.twin.population import Part, diseases

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Numbers = NDArray[np.float64]

BASELINE = -7 * DAY
"""When a patient is admitted to the programme's chart: before lymphodepletion."""
ENROLLED = -21 * DAY
BRIDGED = -14 * DAY
"""The twin lets bridging act at once on day -6; it is charted when it would have been given, before the last
staging.
"""
MALE = ("female", "male")
CRITERIA_OF_MARKER = {"lesions": "lugano_2014", "marrow": "all", "m_protein": "imwg_2016"}
"""Criteria charted for a disease that no built-in ones name, by what its response is read from (assumed)."""
CAUSES = ("crs", "icans", "infection", "progression", "other")


def chart_person(sheet: Sheet, scene: Scene) -> None:
    """Chart age, sex, size, diagnosis, usual pressure and ICE, therapy and milestones."""
    everyone = np.arange(len(scene.run.patients.number))
    _who(sheet, scene, everyone)
    _milestones(sheet, scene, everyone)
    _end(sheet, scene)


def _who(sheet: Sheet, scene: Scene, everyone: Ints) -> None:
    diagnosis = diseases()[scene.run.patients.disease].diagnosis
    sheet.add(everyone, ENROLLED, "diagnosis", choice=diagnosis)
    if not looked_at([diagnosis]) > ALWAYS:
        criteria = CRITERIA_OF_MARKER[diseases()[scene.run.patients.disease].marker]
        sheet.add(everyone, ENROLLED, "response_criteria", choice=criteria)
    sheet.add(everyone, ENROLLED, "age", np.floor(scene.trait("age_years")), "a")
    sheet.add(everyone, ENROLLED, "sex", choice=Pick(MALE, scene.trait("male").astype(int)))
    _size(sheet, scene, everyone, "body_weight", "weight_kg", "kg", place=40)
    _size(sheet, scene, everyone, "body_height", "height_cm", "cm", place=41)
    sheet.add(everyone, BASELINE, "baseline_systolic_pressure", _usual_systolic(scene), "mm[Hg]")
    grown = everyone[scene.trait("age_years") >= 12.0]
    sheet.add(grown, BASELINE + HOUR, "baseline_ice_score", 10.0, "{score}")


def _size(sheet: Sheet, scene: Scene, everyone: Ints, what: str, trait: str, unit: str, place: int) -> None:
    sign = Sign(trait, what, unit, "", 1 if unit == "kg" else 0)
    number, units = in_unit(scene.habits, sign, scene.trait(trait), other_unit(scene, what, place))
    sheet.add(everyone, BASELINE, what, number, units)


def _usual_systolic(scene: Scene) -> Numbers:
    before = scene.run.seen["systolic"][:, scene.days < 0]
    return np.asarray(np.rint(np.clip(np.nanmean(before, axis=1), 60.0, 200.0)), np.float64)


def _milestones(sheet: Sheet, scene: Scene, everyone: Ints) -> None:
    chemotherapy = scene.run.regimen.lymphodepletion
    first, last = min(chemotherapy.days), max(chemotherapy.days)
    detail = _json({"regimen": chemotherapy.drugs} if chemotherapy.drugs else {})
    sheet.add(everyone, whole_minutes(np.array(first)), "lymphodepletion", choice="started", detail=detail)
    sheet.add(everyone, whole_minutes(np.array(last)) + 2 * HOUR, "lymphodepletion", choice="completed", detail=detail)
    bridged = np.asarray(scene.run.acts.patient)[np.asarray(scene.run.acts.drug) == "bridging"]
    sheet.add(bridged, BRIDGED, "bridging_therapy", choice="chemotherapy")
    _infusions(sheet, scene)
    home = np.nonzero(~np.isnan(scene.run.discharged_day))[0]
    sheet.add(home, whole_minutes(scene.run.discharged_day[home]) + 2 * HOUR, "discharge")


def _infusions(sheet: Sheet, scene: Scene) -> None:
    """Every infusion as it was given, also where toxicity held a part up: its component or part, and its cells."""
    acts, parts = scene.run.acts, scene.run.regimen.infusions
    mine = np.nonzero(np.asarray(acts.drug) == "infusion")[0]
    components = [part.component for part in parts]
    details = [_infusion(parts, components, str(acts.why[i]), float(acts.dose[i])) for i in mine]
    names = sorted(set(details))
    place = {name: i for i, name in enumerate(names)}
    detail = Pick(names, np.array([place[each] for each in details], int))
    at = whole_minutes(np.asarray(acts.day)[mine])
    sheet.add(np.asarray(acts.patient)[mine], at, "infusion", choice=scene.run.patients.product, detail=detail)


def _infusion(parts: Sequence[Part], components: Sequence[str], why: str, cells: float) -> str:
    told: dict[str, object] = {"dose_million_cells": float(f"{cells / 1e6:.3g}")}
    if why in ("CD8", "CD4"):
        told["component"] = why
    elif len(parts) > 1 and why in components:
        told["part"] = components.index(why) + 1
    return _json(told)


def _json(told: dict[str, object]) -> str:
    import msgspec

    return msgspec.json.encode(told).decode() if told else ""


def _end(sheet: Sheet, scene: Scene) -> None:
    died = ~np.isnan(scene.run.died_day) & (scene.run.died_day <= scene.days[-1])
    dead, alive = np.nonzero(died)[0], np.nonzero(~died)[0]
    sheet.add(dead, whole_minutes(scene.run.died_day[dead]), "death", choice=_cause(scene, dead))
    sheet.add(alive, whole_minutes(np.array(scene.days[-1])) + 2 * HOUR, "last_follow_up", choice="yes")


def _cause(scene: Scene, dead: Ints) -> Pick:
    causes = [str(cause) for cause in scene.run.cause[dead].tolist()]
    return Pick(
        CAUSES, np.array([CAUSES.index(cause) if cause in CAUSES else len(CAUSES) - 1 for cause in causes], int)
    )


# What was given


PER_KG = {"tocilizumab": "mg", "filgrastim": "ug", "immunoglobulin": "g"}
"""Drugs that are ordered by weight and charted as what was given."""
MOST = {"tocilizumab": 800.0}
DAILY = {"dexamethasone": "mg", "anakinra": "mg"}


def chart_given(sheet: Sheet, scene: Scene) -> None:
    """Chart the drugs and transfusions that the policy ordered, as given within half an hour of the order."""
    acts = scene.run.acts
    drugs = np.asarray(acts.drug)
    for drug in sorted({*PER_KG, *DAILY, "platelet_transfusion"} & set(drugs.tolist())):
        mine = np.nonzero(drugs == drug)[0]
        who = np.asarray(acts.patient, np.int64)[mine]
        at = whole_minutes(np.asarray(acts.day)[mine]) + 30 * MINUTE
        if drug == "platelet_transfusion":
            sheet.add(who, at, "transfusion", choice="platelets")
            continue
        dose, unit = np.asarray(acts.dose, np.float64)[mine], DAILY.get(drug, "")
        if drug in PER_KG:
            dose, unit = dose * scene.trait("weight_kg")[who], PER_KG[drug]
        given = np.minimum(np.round(dose, 0 if unit != "mg" or dose.min() > 20 else 1), MOST.get(drug, np.inf))
        sheet.add(who, at, "drug", given, unit, choice=drug)
