"""The close watch: alerts as episodes, what is due, what the protocol says next, the hand-over."""

from __future__ import annotations

from cartway.watch.model import Acknowledgement, Alert, Finding, Outcome, Priority, Watching
from cartway.watch.supply import ward_alerts
from cartway.watch.watching import alerts

__all__ = ["Acknowledgement", "Alert", "Finding", "Outcome", "Priority", "Watching", "alerts", "ward_alerts"]
