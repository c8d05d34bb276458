"""The older CRS scales on the same course: Lee 2014, Penn, MSKCC, CARTOX, CTCAE v4.03 and v5.0.

Trials before 2019 graded by them, and a grade means nothing without its scale: one low-dose vasopressor is grade 3 by
ASTCT and Penn, 2 by Lee 2014 and MSKCC, 4 by CTCAE v4.03. One file a scale; what they share is looked at once an
instant (`older_look.py`).
"""

from __future__ import annotations

from cartway.toxicity.crs_ctcae import ctcae4_grade, ctcae5_grade
from cartway.toxicity.crs_lee import cartox_grade, lee2014_grade
from cartway.toxicity.crs_mskcc import mskcc_grade
from cartway.toxicity.crs_penn import penn_grade
from cartway.toxicity.older_doses import absorb_bolus, absorb_dose, older_moment
from cartway.toxicity.older_look import older_changed
from cartway.toxicity.older_state import PLACES

__all__ = [
    "PLACES",
    "absorb_bolus",
    "absorb_dose",
    "cartox_grade",
    "ctcae4_grade",
    "ctcae5_grade",
    "lee2014_grade",
    "mskcc_grade",
    "older_changed",
    "older_moment",
    "penn_grade",
]
