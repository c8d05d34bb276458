"""Solving the model: many virtual patients at once, each with its own steps, events and error control."""

from cartway.twin.solver.events import Event, Events
from cartway.twin.solver.solve import MEMORY, Kernel, Solution, begin, kernel_here, make_ready, solve

__all__ = ["MEMORY", "Event", "Events", "Kernel", "Solution", "begin", "kernel_here", "make_ready", "solve"]
