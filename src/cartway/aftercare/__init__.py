"""Life after the infusion: calendar, restrictions, immune recovery, vaccines, late effects, the care plan.

Everything is worked out anew from a course, the center's record and the day; only what people did, found and chose is
stored. Where sources differ all are shown (`Question`), until the center or the team chooses.
"""

from __future__ import annotations

from cartway.aftercare.care import aftercare
from cartway.aftercare.model import (
    Aftercare,
    Candidate,
    CheckIn,
    Contact,
    Item,
    LateEffect,
    Marker,
    Note,
    Option,
    Prophylaxis,
    Question,
    Reading,
    Restriction,
    Status,
    Task,
    Vaccine,
    Visit,
)

__all__ = [
    "Aftercare",
    "Candidate",
    "CheckIn",
    "Contact",
    "Item",
    "LateEffect",
    "Marker",
    "Note",
    "Option",
    "Prophylaxis",
    "Question",
    "Reading",
    "Restriction",
    "Status",
    "Task",
    "Vaccine",
    "Visit",
    "aftercare",
]
