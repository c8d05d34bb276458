"""Virtual trials: arms of virtual patients, compared by Cartway's own grades, responses and endpoints, again and again.

    plan = read_plan(text)                      # or a Problem
    trial = analyzed(plan, simulate(plan))
    for name, text in files(trial, text): ...   # a page, pictures, tables

Research use: it tells what follows from the twin's assumptions, not what a treatment does.
"""

from cartway.twin.trial.operate import Behavior, Result, behaviors, first_repeat
from cartway.twin.trial.plan import Arm, Dose, Endpoint, Plan, read_plan
from cartway.twin.trial.report import PAGE, Analyzed, analyzed, files
from cartway.twin.trial.simulate import Simulated, simulate

__all__ = [
    "PAGE",
    "Analyzed",
    "Arm",
    "Behavior",
    "Dose",
    "Endpoint",
    "Plan",
    "Result",
    "Simulated",
    "analyzed",
    "behaviors",
    "files",
    "first_repeat",
    "read_plan",
    "simulate",
]
