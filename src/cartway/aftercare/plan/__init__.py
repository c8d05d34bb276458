"""The survivorship care plan: for the patient in plain English or Spanish, for clinicians; the wallet card."""

from __future__ import annotations

from cartway.aftercare.plan.known import Place
from cartway.aftercare.plan.model import LANGUAGES, Call, Card, Language, Plan, Reader, Row, Section
from cartway.aftercare.plan.plan import card, care_plan

__all__ = ["LANGUAGES", "Call", "Card", "Language", "Place", "Plan", "Reader", "Row", "Section", "card", "care_plan"]
