"""What a patient or a caregiver sees of their own course."""

from __future__ import annotations

from cartway.web.patient import feel, pages

ROUTES = (pages.my, pages.my_course, pages.more, pages.team, pages.who_read, feel.feel, feel.tell, feel.help_now)
