"""Alerts in the browser: the ward's list, a course's episodes, acknowledgement and outcome."""

from __future__ import annotations

from typing import Any

from cartway.web.access import Act
from cartway.web.alerts.answering import seen_form
from cartway.web.alerts.burden import burden_page, rules_page
from cartway.web.alerts.changing import rule_change_form
from cartway.web.alerts.course import course_alerts
from cartway.web.alerts.outcome import outcome_form
from cartway.web.alerts.serving import course_handlers, ward_handlers
from cartway.web.alerts.ward import alert_rows, alerts_page

ROUTES: list[Any] = [
    alerts_page,
    alert_rows,
    course_alerts,
    burden_page,
    rules_page,
    *ward_handlers(rule_change_form, "rule-change", "change a rule", Act.decide),
    *course_handlers(seen_form, "acknowledge", "acknowledge an alert"),
    *course_handlers(outcome_form, "alert-outcome", "outcome of an alert"),
    *ward_handlers(seen_form, "acknowledge", "acknowledge for the ward"),
    *ward_handlers(outcome_form, "outcome", "outcome for the ward"),
]

__all__ = ["ROUTES"]
