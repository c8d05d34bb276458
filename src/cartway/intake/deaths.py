"""A death is never left out in silence, whatever format says it: with its time it is a fact, without one it is refused.

The fact has no choice where the source does not say the cause: a grade takes such a death for one of another cause, and
the course ends with it. A day without its hour counts as the end of that day, so that no reading of the day comes after
the death.
"""

from __future__ import annotations

from cartway.problem import Problem


def death_without_time(remedy: str) -> Problem:
    """That somebody died is known, and not when."""
    return Problem("death_without_time", "It says that the patient died, and not when.", remedy)
