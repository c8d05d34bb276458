"""What a patient or a caregiver sees of their own course."""

from __future__ import annotations

ROUTES = ()
