"""Triage: what patients and caregivers tell, and how urgent it is. One table for the phone, the server and the ward."""

from cartway.watch.triage.table import FLOORS, Item, Table, Tier, load_table
from cartway.watch.triage.triage import Answers, Reason, Verdict, hundredths, is_early, speaks_of_self_harm, triage

__all__ = [
    "FLOORS",
    "Answers",
    "Item",
    "Reason",
    "Table",
    "Tier",
    "Verdict",
    "hundredths",
    "is_early",
    "load_table",
    "speaks_of_self_harm",
    "triage",
]
