"""Is this urgent?: the triage of symptoms on the phone, also offline, and the diary that reaches the ward."""

from __future__ import annotations

from cartway.web.triage.today import sent, state, today
from cartway.web.triage.urgent import urgent, urgent_in, worker

ROUTES = (urgent, urgent_in, worker, today, sent, state)
