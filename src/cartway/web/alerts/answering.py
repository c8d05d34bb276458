"""Acknowledging an alert: the form carries what it showed, and that is what is acknowledged, whatever came since.

What is worse by the time the post arrives is not silenced: the page after it says what is new. What is not as the form
showed it (dated anew, corrected to something milder) was not seen, and is shown again before anything is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from cartway.pathway.course import CENTER
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant, text
from cartway.watch.model import Alert, known_by
from cartway.web.access import Act, Role
from cartway.web.alerts.course import told_of, words
from cartway.web.alerts.reading import answerable, of_chart
from cartway.web.alerts.shown import called
from cartway.web.alerts.story import SEEN, seen_of
from cartway.web.forms.chart import Chart, noted, unknown_choice
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.sending import Form
from cartway.web.forms.sheet import Sheet
from cartway.web.fresh import fresh
from cartway.web.page import WebRequest, office_of, person

TAKEN, ONLY_SEEN = "taken", "seen"
OWNERS = (Role.physician, Role.nurse)  # whom an alert can be handed to: who may answer one

GONE = Problem(
    "alert_gone", "This alert is not there any more as the page showed it.", "Look at what is there now, below."
)
CHANGED = Problem(
    "alert_changed",
    "What this page showed of the alert was corrected since, or dated anew.",
    "Look at what is there now, below, and answer that.",
)
TWO_OWNERS = Problem(
    "two_owners", "You take it over, and it is handed to somebody else.", "Choose one: take it, or hand it on."
)


OTHER = Problem(
    "wrong_course",
    "This page was opened for another patient, or for the ward.",
    "Look whom it is for now, and answer anew.",
)
OF = "of"  # the field that says of which course the page is


def seen_form(request: WebRequest, *, center: bool = False) -> Form:
    """The form of an acknowledgement; `center`: of what rings for the whole ward."""
    return Form(
        "acknowledge for the ward" if center else "acknowledge an alert",
        "/alerts/acknowledge" if center else "/courses/{course:str}/acknowledge",
        Act.answer,
        "Acknowledge",
        "alerts/acknowledge.html",
        partial(_read, request),
        partial(_extras, request),
        fill=lambda chart, change: Entries().having(alert=change[:60]),
        back="/alerts" if center else "/courses/{course:str}/alerts",
        founds=center,
    )


def _read(request: WebRequest, entries: Entries, chart: Chart, at: Instant) -> Draft:
    """One acknowledgement. Problems: ``wrong_course``, ``alert_gone``, ``alert_changed``, ``two_owners``,
    ``unknown_choice``.
    """
    alert = answerable(of_chart(office_of(request), chart), entries["alert"])
    note, draft = noted(entries, "text")
    if entries[OF] != chart.course:
        return flawed("", OTHER)
    if alert is None:
        return flawed("", GONE)
    if not was_shown(alert, entries, chart):
        return flawed("", CHANGED)
    draft += _whose(entries)
    detail = {
        "alert": alert.event,
        "onset": text(alert.onset),
        "seen": list(entries.all("seen")),
        "owner": person(request).account.id if entries["choice"] == TAKEN else entries["owner"],
        "text": note,
    }
    said = {name: each for name, each in detail.items() if each}
    seen = Fact("", at, SEEN, choice=entries["choice"], about=alert.event, detail=said)
    return draft if draft.flaws else Draft((seen,))


def was_shown(alert: Alert, entries: Entries, chart: Chart) -> bool:
    """Whether what the form showed is part of the episode as it is: its onset, nothing worse than it has been, and
    nothing that went and came again, or was recorded for whatever time, while the page was open.

    No page was drawn in the future, or knew more than the record has: one that says so showed nothing.
    """
    until, known = _drawn(entries["shown"])
    if until > chart.now or known > _newest(chart):
        return False
    worst: dict[str, int] = {}
    for each in alert.findings:
        if each.risen <= until:
            worst[each.name] = max(each.level, worst.get(each.name, each.level))
    again = {(each.name, each.level) for each in alert.unseen if each.risen > until or not known_by(each, known)}
    seen = [_read_seen(each) for each in entries.all("seen")]
    is_part = all(rule in worst and level <= worst[rule] for rule, level in seen)
    return bool(seen) and is_part and again.isdisjoint(seen) and entries["onset"] == str(alert.onset)


def _drawn(shown: str) -> tuple[Instant, int]:
    """When the page was drawn, and the position of the record that it knew; nothing where a page did not say."""
    found = re.fullmatch(r"(\d{1,17})\.(\d{1,17})", shown, re.ASCII)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _newest(chart: Chart) -> int:
    """The position of the newest fact of a course."""
    return max((fact.position for fact in chart.facts), default=0)


def _read_seen(named: str) -> tuple[str, int]:
    """The rule and the level, from 1 on, that ``rule:level`` names; no rule where it is none."""
    rule, _, level = named.rpartition(":")
    return (rule, int(level)) if re.fullmatch(r"[1-9]\d{0,3}", level, re.ASCII) else ("", 0)


def _whose(entries: Entries) -> Draft:
    if entries["choice"] not in (TAKEN, ONLY_SEEN):
        return flawed("choice", unknown_choice("The answer"))
    if entries["owner"] not in ("", *OWNERS):
        return flawed("owner", unknown_choice("Who takes it"))
    return flawed("owner", TWO_OWNERS) if entries["choice"] == TAKEN and entries["owner"] else Draft()


def _extras(request: WebRequest, chart: Chart, sheet: Sheet) -> Mapping[str, object]:
    """What the page shows is what it carries: the alert as it is now, never as an earlier page had it."""
    office, me = office_of(request), person(request)
    name = called(me, office.access.account)
    alert = answerable(of_chart(office, chart), sheet.typed("alert"))
    told = told_of(alert, chart, me, name) if alert else None
    return {
        "told": told,
        "shown": f"{chart.now}.{_newest(chart)}",
        "seen": seen_of(told.line.to_see) if told else (),
        "carried": sheet.entries.all("seen"),
        "owners": OWNERS,
        "fresh": fresh(office, chart.now),
        "of_center": chart.course == CENTER,
        **words(name, True),
    }
