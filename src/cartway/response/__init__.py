"""How the disease answers: response from raw measurements, kinetics of the CAR T cells, endpoints."""

from __future__ import annotations

from cartway.response.model import Choices, Criteria, Level, Mrd, Reading, Response, choices_of
from cartway.response.respond import respond

__all__ = ["Choices", "Criteria", "Level", "Mrd", "Reading", "Response", "choices_of", "respond"]
