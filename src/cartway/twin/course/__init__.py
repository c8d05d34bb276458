"""The course of a virtual patient: body, bedside and policy together, from day -6 on.

>>> from cartway.twin.course import run
>>> from cartway.twin.population import draw
>>> run(draw("axi-cel", "lbcl", 2, seed=1), until=1.0).seen["temperature"].shape
(2, 11)
"""

from cartway.twin.course.acts import Acts
from cartway.twin.course.grid import grid, looks
from cartway.twin.course.plan import marrow_blasts
from cartway.twin.course.run import RTOL, Run, run
from cartway.twin.course.signs import signs
from cartway.twin.course.ward import Start
from cartway.twin.population import load_bedside

GRID = grid()
NOISE = load_bedside().noise

__all__ = ["GRID", "NOISE", "RTOL", "Acts", "Run", "Start", "grid", "looks", "marrow_blasts", "run", "signs"]
