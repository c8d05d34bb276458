"""Slots: the center's calendars, a proposed plan for all who wait, the least change when something is lost, and why."""

from cartway.pathway.slots.accepted import accepted, as_facts, plan_of
from cartway.pathway.slots.calendars import Calendars, Closure, Resource, calendars
from cartway.pathway.slots.explain import Difference, Move, differences
from cartway.pathway.slots.need import Need, Note, Unplanned
from cartway.pathway.slots.plan import Days, Plan, Planned, Proof
from cartway.pathway.slots.planner import Request, make_plan, question_of
from cartway.pathway.slots.reading import request
from cartway.pathway.slots.solve import AGAIN, Effort, Progress
from cartway.pathway.slots.ways import Frame, Horizon

__all__ = [
    "AGAIN",
    "Calendars",
    "Closure",
    "Days",
    "Difference",
    "Effort",
    "Frame",
    "Horizon",
    "Move",
    "Need",
    "Note",
    "Plan",
    "Planned",
    "Progress",
    "Proof",
    "Request",
    "Resource",
    "Unplanned",
    "accepted",
    "as_facts",
    "calendars",
    "differences",
    "make_plan",
    "plan_of",
    "question_of",
    "request",
]
