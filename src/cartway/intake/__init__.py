"""Facts from outside: FHIR R4, HL7 v2, facts tables. What cannot be read is refused with a reason, and kept."""

from __future__ import annotations

from cartway.intake.drafts import IGNORE_RULES, Draft, Enrolment, Ignored, Item, Merge, Refused, Subject, observe
from cartway.intake.reading import Reader, Reading, Sources, read_facts
from cartway.intake.tables import write_table

__all__ = [
    "IGNORE_RULES",
    "Draft",
    "Enrolment",
    "Ignored",
    "Item",
    "Merge",
    "Reader",
    "Reading",
    "Refused",
    "Sources",
    "Subject",
    "observe",
    "read_facts",
    "write_table",
]
