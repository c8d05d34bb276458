"""What happened in an episode, in the order of time: what was found, who saw what, who was told, what was done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from cartway.record import Fact
from cartway.times import Instant, text
from cartway.vocabulary import vocabulary
from cartway.watch.model import Alert, Finding
from cartway.watch.rulebook import load_rulebook
from cartway.watch.view import classes_of
from cartway.web.alerts.shown import Called
from cartway.web.course.drugs import drug_label
from cartway.web.course.given import ENDS_ALL, before, done

GOES_ON = "still running"
NOT_SHOWN = "(a note that is not shown to you)"
ORDERS = frozenset({"infection_work_up", "transfusion", "fluid_bolus", "attribution"})
SEEN, OUTCOME = "alert_acknowledgement", "alert_outcome"


class Step(msgspec.Struct, frozen=True):
    """One thing that happened. `kind`: ``found``, ``gone``, ``told``, ``seen``, ``done``, ``outcome``, ``over``.

    `by`: what whoever did it is called; for ``told``, that it went on to somebody, to whom.
    """

    at: Instant
    kind: str
    words: str = ""
    by: str = ""
    finding: Finding | None = None


def story(alert: Alert, facts: Sequence[Fact], name: Called, *, notes: bool) -> tuple[Step, ...]:
    """The steps of an episode. `facts`: of its course, in force, by time. `notes`: whether free text is told, in which
    people name patients.
    """
    steps = [Step(each.since, "found", each.text, finding=each) for each in alert.findings]
    steps += [Step(each.until or 0, "gone", each.text) for each in alert.findings if _is_gone(each, alert)]
    steps += [Step(at, "told", by=name(role)) for role, at in alert.escalated]
    for fact in said(alert, facts):
        note = note_of(str(fact.detail.get("text") or ""), notes)
        steps.append(_outcome(fact, name, note) if fact.what == OUTCOME else _seen(fact, alert, name, note))
    steps += _done(alert, facts)
    steps += [Step(alert.end, "over")] if alert.end is not None else []
    return tuple(sorted(steps, key=lambda step: step.at))


def _done(alert: Alert, facts: Sequence[Fact]) -> Iterator[Step]:
    """What is usual for such an event and was given or ordered while it lasted; not that it was done because of it."""
    event = load_rulebook().events.get(alert.event)
    acts = frozenset(event.acts) if event else frozenset()
    drugs = [fact for fact in facts if fact.what == "drug" or fact.what in ENDS_ALL]
    for fact in facts:
        if alert.onset <= fact.at <= (alert.end or fact.at):
            words = _treatment(fact, drugs) if acts & classes_of(fact.choice) else _order(fact, acts)
            yield from [Step(fact.at, "done", words)] if words else []


def _treatment(fact: Fact, drugs: Sequence[Fact]) -> str:
    """``Tocilizumab 560 mg given``; nothing of a rate that was only charted again."""
    words = done(fact, before(fact, drugs)) if fact.what == "drug" else ""
    return f"{drug_label(fact.choice)} {words}" if words and not words.startswith(GOES_ON) else ""


def _order(fact: Fact, acts: Collection[str]) -> str:
    """``Infection work-up: blood cultures``."""
    variable = vocabulary().variable(fact.what)
    if fact.what not in ORDERS or fact.what not in acts or variable is None:
        return ""
    choice = variable.choices.get(fact.choice)
    return f"{variable.label}: {choice.label.lower()}" if choice else variable.label


def _is_gone(finding: Finding, alert: Alert) -> bool:
    """Whether its end is news of its own: not the end of all, nor that the same rule fires at another level."""
    follows = any(each.name == finding.name and each.since == finding.until for each in alert.findings)
    return finding.until is not None and finding.until != alert.end and not follows


def said(alert: Alert, facts: Iterable[Fact]) -> list[Fact]:
    """What people said of an episode: of this onset, or while it lasted (it was dated anew since)."""
    return [
        fact
        for fact in facts
        if fact.what in {SEEN, OUTCOME}
        and fact.about == alert.event
        and (is_of(fact, alert) or alert.onset <= fact.at <= (alert.end or fact.at))
    ]


def is_of(fact: Fact, alert: Alert) -> bool:
    """Whether an answer names the onset that the episode has."""
    return fact.detail.get("onset") == text(alert.onset)


def _outcome(fact: Fact, name: Called, note: str) -> Step:
    found = vocabulary().variables[OUTCOME].choices.get(fact.choice)
    label = found.label if found else fact.choice.replace("_", " ")
    return Step(fact.at, "outcome", _joined(f"{label}.", note), name(fact.recorded_by))


def _seen(fact: Fact, alert: Alert, name: Called, note: str) -> Step:
    owner = str(fact.detail.get("owner") or "")
    whose = "Taken over." if fact.choice == "taken" else f"For the {name(owner)}." if owner else ""
    redated = "" if is_of(fact, alert) else "The episode was dated anew since."
    return Step(fact.at, "seen", _joined(seen_words(fact, alert), whose, redated, note), name(fact.recorded_by))


def note_of(text: str, shown: bool) -> str:
    """A note as this reader may see it: that there is one, where they may not read it."""
    return text if shown or not text else NOT_SHOWN


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def seen_of(findings: Iterable[Finding]) -> list[str]:
    """Findings as an acknowledgement names them: ``rule:level``."""
    return [f"{each.name}:{each.level}" for each in findings]


def seen_in(fact: Fact) -> list[str]:
    """What an acknowledgement named."""
    named = fact.detail.get("seen")
    return [str(each) for each in named] if isinstance(named, Sequence) and not isinstance(named, str) else []


def seen_words(fact: Fact, alert: Alert) -> str:
    """What an acknowledgement named, in the words of the findings: ``CRS grade 2; fever 39.1 °C.``"""
    known = dict(zip(seen_of(alert.findings), (each.text for each in alert.findings), strict=True))
    words = "; ".join(known.get(each) or _plain(each) for each in seen_in(fact))
    return f"{words}." if words else ""


def _plain(seen: str) -> str:
    """What is not in the episode any more, by its rule."""
    rule, _, level = seen.rpartition(":")
    return f"{rule.replace('_', ' ').replace('.', ' ')} (level {level})"
