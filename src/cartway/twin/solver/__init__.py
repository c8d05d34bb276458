"""Solving the model: many virtual patients at once, each with its own steps, events and error control."""

from cartway.twin.solver.events import Event, Events
from cartway.twin.solver.solve import MEMORY, Solution, begin, solve

__all__ = ["MEMORY", "Event", "Events", "Solution", "begin", "solve"]
