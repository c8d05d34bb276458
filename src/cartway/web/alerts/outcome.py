"""What became of an alert: acted on, watched, an artefact, known before. The burden of a rule is counted from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import msgspec

from cartway.pathway.course import CENTER
from cartway.problem import Problem
from cartway.times import Instant, text
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.alerts.answering import CHANGED, OF, OTHER
from cartway.web.alerts.course import told_of, words
from cartway.web.alerts.reading import episode, of_chart
from cartway.web.alerts.shown import called
from cartway.web.alerts.story import OUTCOME
from cartway.web.forms.chart import Chart, chosen, noted
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.sending import Form
from cartway.web.forms.sheet import Sheet
from cartway.web.fresh import fresh
from cartway.web.page import WebRequest, office_of, person

NOT_SAID = Problem("missing_entry", "What became of it is missing.", "Choose one.")
BETWEEN = "~"  # between event and onset in an address


def outcome_form(request: WebRequest, *, center: bool = False) -> Form:
    """The form of an outcome; `center`: of what rang for the whole ward."""
    return Form(
        "outcome for the ward" if center else "outcome of an alert",
        "/alerts/outcome" if center else "/courses/{course:str}/alert-outcome",
        Act.answer,
        "What became of it",
        "alerts/outcome.html",
        partial(_read, request),
        partial(_extras, request),
        fill=_filled,
        back="/alerts" if center else "/courses/{course:str}/alerts",
        founds=center,
    )


def _filled(_: Chart, change: str) -> Entries:
    event, onset = (*change[:100].split(BETWEEN, 1), "")[:2]
    return Entries().having(alert=event, onset=onset)


def _read(request: WebRequest, entries: Entries, chart: Chart, at: Instant) -> Draft:
    """One outcome. Problems: ``wrong_course``, ``alert_changed``, ``missing_entry``, ``unknown_choice``."""
    alert = episode(of_chart(office_of(request), chart), entries["alert"], entries["onset"])
    note, draft = noted(entries, "text")
    if entries[OF] != chart.course:
        return flawed("", OTHER)
    if alert is None:
        return flawed("", CHANGED)
    detail = {"alert": alert.event, "onset": text(alert.onset), "text": note}
    made = chosen(entries, at, OUTCOME, field="choice", **detail)
    if not made:
        return draft + flawed("choice", NOT_SAID)
    about = tuple(msgspec.structs.replace(fact, about=alert.event) for fact in made.facts)
    return draft + Draft(about, made.flaws)


def _extras(request: WebRequest, chart: Chart, sheet: Sheet) -> Mapping[str, object]:
    office, me = office_of(request), person(request)
    name = called(me, office.access.account)
    alert = episode(of_chart(office, chart), sheet.typed("alert"), sheet.typed("onset"))
    choices = vocabulary().variables[OUTCOME].choices
    return {
        "told": told_of(alert, chart, me, name) if alert else None,
        "options": [(each, choices[each].label, HINTS[each]) for each in HINTS],
        "fresh": fresh(office, chart.now),
        "of_center": chart.course == CENTER,
        **words(name, True),
    }


HINTS: Mapping[str, str] = {
    "acted": "something was done because of it",
    "watched": "it was right",
    "artefact": "a false measurement",
    "known": "nothing new to the team",
}
