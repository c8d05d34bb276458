"""Visits of myeloma, leukemia and CLL, drawn by days from the infusion in short words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cartway.record import Fact
from cartway.response import Choices, Response, respond
from response.drawn import INFUSED, course, day

NAMES = {
    "serum": "serum_m_protein",
    "urine": "urine_m_protein",
    "dflc": "light_chain_difference",  # mg/dL here, mg/L in the facts
    "kappa": "kappa_light_chains",
    "lambda_": "lambda_light_chains",
    "ratio": "light_chain_ratio",
    "sife": "serum_immunofixation",
    "uife": "urine_immunofixation",
    "marrow": "marrow_plasma_cells",
    "clonal": "marrow_clonality",
    "blasts": "marrow_blasts",
    "blood": "blood_blasts",
    "outside": "extramedullary_disease",
    "lines": "marrow_regeneration",
    "anc": "neutrophils",
    "plt": "platelets",
    "hb": "hemoglobin",
    "lymph": "lymphocytes",
    "b_cells": "cd19",
    "node": "largest_node",
    "nodes": "node_products",
    "spleen": "spleen_length",
    "liver": "liver_size",
    "symptoms": "constitutional_symptoms",
    "finding": "marrow_finding",
    "free": "transfusion_free",
}


def visit(number: float, /, **told: Any) -> list[Fact]:
    """A visit: numbers, choices, or a fact's fields as a mapping; several of one variable as a list."""
    return [fact for name, value in told.items() for fact in _facts(number, NAMES.get(name, name), value)]


def _facts(number: float, what: str, value: Any) -> Iterable[Fact]:
    event = f"day {number}"
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield Fact("a", day(number), what, event=event, **each)
        elif isinstance(each, str):
            yield Fact("a", day(number), what, choice=each, event=event)
        else:
            shown = each * 10 if what == "light_chain_difference" else each
            yield Fact("a", day(number), what, float(shown), event=event)


def answer(disease: str, *parts: Iterable[Fact], further: Iterable[Fact] = (), **choices: Any) -> Response:
    """The response of a course of one disease; the first part is the baseline."""
    begin = [
        Fact("a", day(-30), "diagnosis", choice=disease),
        Fact("a", day(-5), "lymphodepletion", choice="started"),
        Fact("a", INFUSED, "infusion"),
        *further,
    ]
    found = respond(course(*parts, begin=begin), Choices(**choices))
    assert isinstance(found, Response), found
    return found
