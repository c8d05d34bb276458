"""Lymphodepletion and the day of infusion: doses, calendar and window, go or no go, cells, thaw, the split dose.

It says what the label says and what is open. It gives no order, and no dose of a number that it cannot stand on.
"""

from __future__ import annotations

from cartway.pathway.conditioning.after_first import Toxicity
from cartway.pathway.conditioning.by_part import fits_row, kept_back
from cartway.pathway.conditioning.calendar import Calendar, CalendarDay, Window, calendar, last_dose, started_on, window
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.cells import CellDose, Stated, cell_dose
from cartway.pathway.conditioning.go import BLOCKING, Before, GoNoGo, before_giving, go_no_go
from cartway.pathway.conditioning.lymphodepletion import (
    DrugDose,
    Lymphodepletion,
    Refusal,
    RegimenDoses,
    lymphodepletion,
    regimens_of,
)
from cartway.pathway.conditioning.measured import Measured, clearance, creatinine, height, weight
from cartway.pathway.conditioning.renal import Renal, renal_function
from cartway.pathway.conditioning.split import Action, Burden, Second, SplitDose, burden_of, split_dose
from cartway.pathway.conditioning.stock import OnHand, tocilizumab_on_hand
from cartway.pathway.conditioning.surface import Surface, surface_area
from cartway.pathway.conditioning.thaw import ThawClock, giving_order, limits_of, thaw_clocks

__all__ = [
    "BLOCKING",
    "Action",
    "Before",
    "Burden",
    "Calendar",
    "CalendarDay",
    "Case",
    "CellDose",
    "DrugDose",
    "GoNoGo",
    "Lymphodepletion",
    "Measured",
    "OnHand",
    "Refusal",
    "RegimenDoses",
    "Renal",
    "Second",
    "SplitDose",
    "Stated",
    "Surface",
    "ThawClock",
    "Toxicity",
    "Window",
    "before_giving",
    "burden_of",
    "calendar",
    "cell_dose",
    "clearance",
    "creatinine",
    "fits_row",
    "giving_order",
    "go_no_go",
    "height",
    "kept_back",
    "last_dose",
    "limits_of",
    "lymphodepletion",
    "regimens_of",
    "renal_function",
    "split_dose",
    "started_on",
    "surface_area",
    "thaw_clocks",
    "tocilizumab_on_hand",
    "weight",
    "window",
]
