"""Changing a rule: what it was, what it is, why, and what a replay over past courses said. The change is a fact."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, exact
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.watch.rulebook import load_rulebook, rulebook_of
from cartway.web.access import Act
from cartway.web.alerts.settings import OFF, Setting, setting
from cartway.web.alerts.silencing import silenced
from cartway.web.forms.chart import Chart, noted, unit_shown, unknown_choice
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.entries import Entries, read_number
from cartway.web.forms.sending import Form
from cartway.web.forms.sheet import Sheet
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of

CHANGE = "rule_change"
CHANGED, TRIED = "changed", "tried"
UNKNOWN = Problem("unknown_rule", "There is no such rule or number here.", "Choose one from the list.")
NO_REASON = Problem("missing_entry", "Why is missing.", "Say why: whoever reads this in a year will ask.")
STAYS = Problem(
    "rule_stays",
    "What is told from home always rings: this rule cannot be switched off.",
    "Change how long it stays there, or who is to answer.",
)
SAME = Problem("same_as_before", "It is that already.", "Give another value, or leave it.")


def _read(request: WebRequest, entries: Entries, chart: Chart, at: Instant) -> Draft:
    """A `rule_change`, and where a number is changed the `center_policy` that sets it.

    Problems: ``unknown_rule``, ``rule_stays``, ``missing_entry``, ``same_as_before``, ``unknown_choice``, and those of
    the policy.
    """
    found = _setting(chart, entries["about"])
    if found is None:
        return flawed("", UNKNOWN)
    if found.name in load_rulebook().rules and load_rulebook().rules[found.name].stays:
        return flawed("after", STAYS)
    (why, draft), (replayed, more) = noted(entries, "text"), noted(entries, "replayed")
    after = _value(found, entries["after"], chart)
    draft += more + (after if isinstance(after, Draft) else Draft()) + (Draft() if why else flawed("text", NO_REASON))
    if entries["choice"] not in (CHANGED, TRIED):
        draft += flawed("choice", unknown_choice("Whether it is changed"))
    if draft.flaws or isinstance(after, Draft):
        return draft
    detail = {"rule": found.name, "before": found.now, "after": after, "replayed": replayed, "text": why}
    change = Fact("", at, CHANGE, choice=entries["choice"], about=found.name, detail=_said(detail))
    facts = (change, *_sets(found, after, change))
    return _asked(office_of(request), found, after, chart, facts) + Draft(facts)


def _value(found: Setting, typed: str, chart: Chart) -> str | Draft:
    """What it is to be, as the record says it."""
    if not typed:
        return flawed("after", Problem("missing_entry", "What it is to be is missing.", "Fill it in."))
    if found.choices:
        after = typed
        wrong = None if typed in found.choices else unknown_choice("What it is to be")
    else:
        number = read_number(typed)
        after = typed if isinstance(number, Problem) else exact(number)
        set_to = number if isinstance(number, Problem) else _policies(chart).with_value(found.name, number)
        wrong = set_to if isinstance(set_to, Problem) else None
    wrong = wrong or (SAME if after == found.now else None)
    return flawed("after", wrong) if wrong else after


def _asked(office: Office, found: Setting, after: str, chart: Chart, facts: tuple[Fact, ...]) -> Draft:
    """What is asked once more: that a rule is switched off, that a number is more than doubled or halved, and that what
    rings now would ring no longer.
    """
    if facts[0].choice != CHANGED:
        return Draft()
    said = [_off(found, after), _far(found, after), _falls_silent(office, found, chart, facts)]
    return doubted("after", after, f"{' '.join(filter(None, said))} Is that meant?") if any(said) else Draft()


def _off(found: Setting, after: str) -> str:
    return f"{found.label}: from now on it rings for no patient of this center." if after == OFF else ""


def _far(found: Setting, after: str) -> str:
    """Of a number: that it is less than half of what it is, or more than twice."""
    if found.choices:
        return ""
    before, number = float(found.now), float(after)
    if before / 2 <= number <= before * 2:
        return ""
    how = "more than twice" if number > before else "less than half"
    return f"{found.label}: {after} is {how} of what it is now, {found.now}."


def _falls_silent(office: Office, found: Setting, chart: Chart, facts: tuple[Fact, ...]) -> str:
    """That rules fire for nobody any more, for whom they fire now."""
    gone = () if found.is_rule else silenced(office, found.name, chart, facts)
    return " ".join(
        f"{label} would end for {count} {'patient' if count == 1 else 'patients'} for whom it is there now."
        for label, count in gone
    )


def _sets(found: Setting, after: str, change: Fact) -> tuple[Fact, ...]:
    if found.is_rule or change.choice != CHANGED:
        return ()
    detail = _said({"policy": found.name, "text": str(change.detail["text"])})
    if found.choices:
        return (
            Fact("", change.at, "center_policy", choice="set", about=found.name, detail={**detail, "choice": after}),
        )
    return (Fact("", change.at, "center_policy", float(after), "1", about=found.name, detail=detail),)


def _said(detail: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in detail.items() if text}


def _policies(chart: Chart) -> PathwayPolicies:
    return rulebook_of(Course(chart.facts, chart.now)).policies


def _setting(chart: Chart, name: str) -> Setting | None:
    return setting(name, rulebook_of(Course(chart.facts, chart.now)), load_rulebook())


def _fill(chart: Chart, change: str) -> Entries:
    found = _setting(chart, change)
    return Entries().having(about=change, after="" if found.choices else found.now) if found else Entries()


def _extras(chart: Chart, sheet: Sheet) -> Mapping[str, object]:
    found = _setting(chart, sheet.typed("about"))
    return {
        "setting": found,
        "unit": unit_shown(found.unit) if found else "",
        "options": [(each, each.replace("_", " ").capitalize(), "") for each in found.choices] if found else (),
    }


def rule_change_form(request: WebRequest, *, center: bool = True) -> Form:
    """The form of a change of a rule, of the center's own record: there is no other."""
    return Form(
        "change a rule",
        "/alerts/rule-change",
        Act.decide,
        "Change a rule",
        "alerts/change.html",
        partial(_read, request),
        _extras,
        fill=_fill,
        back="/alerts/burden",
        founds=center,
    )
