"""The diagnosis itself (LBL-01): confirmed by pathology, with the subtype that a label can be asked about."""

from __future__ import annotations

from cartway.pathway.answer import Criterion
from cartway.pathway.candidacy.rule import unknown, yes
from cartway.pathway.candidacy.wording import stated
from cartway.pathway.course import Course

_UNSTATED = ("lbcl", "b_nhl", "lymphoma", "all", "other")


def pathology(course: Course) -> Criterion:
    """LBL-01. Not confirmed is not a no: the next report may say either."""
    diagnosis = course.last("diagnosis")
    if diagnosis is None:
        return unknown("LBL-01")
    told = diagnosis.detail.get("text") or stated(diagnosis).partition(" on ")[0]
    if diagnosis.detail.get("histology_confirmed") is False:
        return unknown("LBL-01", f"{told}: not confirmed by pathology.", diagnosis)
    if diagnosis.choice in _UNSTATED:
        return unknown("LBL-01", f"{told}: the subtype is not stated.", diagnosis)
    if diagnosis.detail.get("histology_confirmed") is None:
        return unknown("LBL-01", f"{told}: whether pathology confirmed it is not recorded.")
    return yes("LBL-01", f"{told}, confirmed by pathology.", diagnosis)
