"""What the bedside would read of a body without assay noise: a pure function of states and traits.

Temperature, fall of pressure and of saturation, and copies per microgram: shapes and numbers assumed until calibrated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.twin.model import ENGINEERED, TUMOR, load_model
from cartway.twin.population import Patients

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Values = Mapping[str, Array]

USUAL_TEMPERATURE, GREATEST_RISE = 36.8, 3.2
IL6_HALF, IFN_HALF = 60.0, 150.0
GREATEST_FALL_MMHG, GREATEST_FALL_PERCENT = 35.0, 22.0
COPIES_PER_UG = 1.515e5
"""Diploid genomes in a microgram of human DNA."""
MONOCYTES = 300.0
RED_CELL_DAYS = 60.0
TRANSFUSED_BELOW, TRANSFUSED_TO = 7.0, 8.2
USUAL_HEMOGLOBIN, RECOVERED_SHARE = 13.5, 0.5
"""Hemoglobin without the disease, and how much of the way there a remission goes."""
USUAL_LDH, LDH_OF_MACROPHAGES = 140.0, 150.0
TINY = 1e-9


def signs(patients: Patients, states: Array, days: Array) -> Mapping[str, Array]:
    """Expected readings, float[n, k] each, of states [n, k, S] on `days` [k], over which hemoglobin follows the marrow.

    `pressure_untreated` and `saturation_room_air`: before vasopressors and oxygen; `neurotoxicity`: how many grades of
    ICANS the drive is worth, 1 and more where there are signs.
    """
    x: Values = {name: states[..., i] for name, i in load_model().states.items()}
    p: Values = {name: patients.parameters[:, i, None] for name, i in load_model().parameters.items()}
    t: Values = {name: values[:, None] for name, values in patients.traits.items()}
    return (
        _cytokines(x, p, t)
        | _circulation(x, p, t)
        | _counts(x, p, t)
        | _chemistry(x, p, t)
        | {"hemoglobin": _hemoglobin(x, p, t, days)}
    )


def _cytokines(x: Values, p: Values, t: Values) -> dict[str, Array]:
    free = p["KT"] / (x["C"] + p["KT"])  # receptors of IL-6 that tocilizumab leaves
    signal = (x["IL6"] - p["IL6_0"]) * free / IL6_HALF + (x["IFN"] - p["IFN0"]) / IFN_HALF
    y = np.maximum(signal, 0) * t["fever"] * (1 - 0.5 * x["D"] / (x["D"] + p["ED50"]))
    temperature = USUAL_TEMPERATURE + GREATEST_RISE * y / (1 + y)
    drive = np.log(np.maximum(x["NT"] - _quiet(p)[1], TINY) / t["icans_threshold"]) / np.log(t["icans_step"])
    return {
        "temperature": temperature,
        "neurotoxicity": np.maximum(1 + drive, -20.0),
        "crp": x["CRP"],
        "ferritin": x["FER"],
        "il6": x["IL6"],
    }


def _quiet(p: Values) -> tuple[Array, Array]:
    """Activation of the endothelium and drive of neurotoxicity where nothing happens: what bodies are used to."""
    inflamed = p["IL6_0"] / (p["IL6_0"] + p["KE6"])
    endothelium = p["kEa"] * (0.6 * inflamed + 0.4 * p["IFN0"] / (p["IFN0"] + p["KEi"])) / p["kEd"]
    return endothelium, p["kNa"] * endothelium * inflamed / p["kNd"]


def _circulation(x: Values, p: Values, t: Values) -> dict[str, Array]:
    ea = np.maximum(x["EA"] - _quiet(p)[0], 0) ** 3
    fall = GREATEST_FALL_MMHG * ea / (ea + t["EA50_pressure"] ** 3)
    dry = GREATEST_FALL_PERCENT * ea / (ea + t["EA50_oxygen"] ** 3)
    return {"pressure_untreated": t["pressure_0"] - fall, "saturation_room_air": t["saturation_0"] - dry}


def _counts(x: Values, p: Values, t: Values) -> dict[str, Array]:
    cart = np.maximum(sum(x[name] for name in ENGINEERED), 0) / p["Vb"]
    nucleated = cart + x["N"] + 1000 * x["ANC"] + MONOCYTES * x["P"] + x["H"]
    return {
        "anc": x["ANC"],
        "platelets": x["PLT"],
        "lymphocytes": (x["N"] + cart + x["H"]) / 1000,
        "cart_cells": cart,
        "cart_copies": COPIES_PER_UG * t["copies_per_cell"] * cart / (nucleated + TINY),
        "cd19": x["H"],
    }


def _chemistry(x: Values, p: Values, t: Values) -> dict[str, Array]:
    left = np.sqrt(_tumor(x) / p["B0"])
    return {
        "igg": x["IgG"],
        "m_protein": t["m_protein_0"] * x["MP"],
        "ldh": USUAL_LDH + (t["LDH0"] - USUAL_LDH) * left + LDH_OF_MACROPHAGES * x["MA"],
    }


def _tumor(x: Values) -> Array:
    return np.maximum(sum(x[name] for name in TUMOR), 0)


def _red_cell_target(x: Values, p: Values, t: Values) -> Array:
    """Where hemoglobin would settle: by the marrow, nearer to the usual with less tumor."""
    marrow = np.nan_to_num(np.clip(x["P"], 0.0, 1.2), nan=1.0)
    gone = np.nan_to_num(1 - np.minimum(_tumor(x) / p["B0"], 1.0), nan=0.0)
    start = t["hemoglobin_0"]
    return np.asarray((start + RECOVERED_SHARE * gone * np.maximum(USUAL_HEMOGLOBIN - start, 0)) * marrow)


def _hemoglobin(x: Values, p: Values, t: Values, days: Array) -> Array:
    """Red cells live long: hemoglobin follows its target over two months; transfused to 8.2 g/dL when below 7."""
    to = _red_cell_target(x, p, t)
    level = np.repeat(t["hemoglobin_0"], len(days), axis=1)
    for i, step in enumerate(np.diff(days), start=1):
        level[:, i] = to[:, i] + (level[:, i - 1] - to[:, i]) * np.exp(-step / RED_CELL_DAYS)
        level[:, i] = np.where(level[:, i] < TRANSFUSED_BELOW, TRANSFUSED_TO, level[:, i])
    return level
