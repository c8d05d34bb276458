"""The programme: where each course stands on the road to infusion, what blocks it, what is due, by whom, by when."""

from cartway.pathway.closing import Closed
from cartway.pathway.programme.clocks import Clock, Clocks
from cartway.pathway.programme.gates import Gate
from cartway.pathway.programme.look import Task
from cartway.pathway.programme.pace import Pace
from cartway.pathway.programme.stand import Stand, stand
from cartway.pathway.stages import STAGES, Stage

__all__ = ["STAGES", "Clock", "Clocks", "Closed", "Gate", "Pace", "Stage", "Stand", "Task", "stand"]
