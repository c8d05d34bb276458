"""Candidacy: label, target, fitness, collection, logistics. Questions kept apart, each with its reasons.

>>> from cartway.pathway.course import Course
>>> earliest_collection(Course([], now=0), Course([], now=0)).day is None
True
"""

from __future__ import annotations

from cartway.pathway.candidacy.collectable import Earliest, earliest_collection
from cartway.pathway.candidacy.compose import Candidacy, Flag, Note, ProductCandidacy, candidacy
from cartway.pathway.candidacy.status import Status

__all__ = [
    "Candidacy",
    "Earliest",
    "Flag",
    "Note",
    "ProductCandidacy",
    "Status",
    "candidacy",
    "earliest_collection",
]
