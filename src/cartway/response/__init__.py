"""How the disease answers: response from raw measurements, kinetics of the CAR T cells, endpoints."""

from __future__ import annotations

from cartway.response.b_cells import BCellAplasia, b_cell_aplasia
from cartway.response.endpoints import Endpoints, TimeTo, endpoints
from cartway.response.kinetics import Curve, Kinetics, Sample, kinetics
from cartway.response.model import Choices, Criteria, Level, Mrd, Reading, Response, choices_of
from cartway.response.respond import respond

__all__ = [
    "BCellAplasia",
    "Choices",
    "Criteria",
    "Curve",
    "Endpoints",
    "Kinetics",
    "Level",
    "Mrd",
    "Reading",
    "Response",
    "Sample",
    "TimeTo",
    "b_cell_aplasia",
    "choices_of",
    "endpoints",
    "kinetics",
    "respond",
]
