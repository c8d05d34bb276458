"""What a patient or a caregiver sees of their own course."""

from __future__ import annotations

from cartway.web.patient.pages import my, my_course

ROUTES = (my, my_course)
