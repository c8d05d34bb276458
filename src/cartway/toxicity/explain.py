"""The reasoning behind a course's grades at one moment, and what would change them.

What would change a grade is not written down anywhere: each probe (`probes.toml`) is laid on the state and the rule
itself answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import cache
from importlib import resources
from operator import attrgetter
from typing import Any

import msgspec

from cartway.record.fact import Fact
from cartway.times import HOUR, Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.coding import CHOICES, NUMBERS, PRESSORS, Row
from cartway.toxicity.episode import Edition, Episode, editions, episode_of
from cartway.toxicity.fold import Answer, Fold, settle
from cartway.toxicity.further import SCALES
from cartway.toxicity.grade import fold_course, in_time_order
from cartway.toxicity.icans import SEIZURE_LONG_CODE, SEIZURE_SHORT_CODE
from cartway.toxicity.rules import Rules
from cartway.toxicity.runs_out import next_change
from cartway.toxicity.wording import clock, day_since, sentence, span


class Change(msgspec.Struct, frozen=True):
    """What, if it were charted now, would make the grade another: `grade` None where it could no longer be assessed."""

    text: str
    grade: int | None
    missing: bool


class Finding(msgspec.Struct, frozen=True):
    """One scale at one moment: the episode it is in with the reasons of that moment, and what would change it."""

    episode: Episode
    edition: Edition
    changes: tuple[Change, ...]
    next_change_at: Instant | None
    next_change: str


class Explanation(msgspec.Struct, frozen=True):
    """A course at one moment. `infusion` is None where there was none by then; then there are no findings."""

    course: str
    at: Instant
    infusion: Fact | None
    findings: tuple[Finding, ...]


def explain(facts: Sequence[Fact], rules: Rules, at: Instant) -> Explanation:
    """Explain a course's grades at `at`. `facts`: those in force, of one course, in any order; at least one."""
    ordered = in_time_order(facts, at)
    return explain_fold(facts[0].course, fold_course(ordered, rules, at), ordered, at)


def explain_fold(course: str, fold: Fold, placed: Sequence[Fact], at: Instant) -> Explanation:
    """As `explain`, of a fold that has come to `at` already. `placed`: the facts it has taken, by place."""
    infusion = min((fact for fact in placed if fact.what == "infusion"), key=attrgetter("at"), default=None)
    if infusion is None:
        return Explanation(course, at, None, ())
    found = (_finding(course, scale, fold, placed, at) for scale in range(len(SCALES)))
    return Explanation(course, at, infusion, tuple(finding for finding in found if finding is not None))


def _finding(course: str, scale: int, fold: Fold, ordered: Sequence[Fact], at: Instant) -> Finding | None:
    now = fold.latest[scale]
    if now[b.GRADE] == b.NOT_COVERED:
        return None
    name = SCALES[scale]
    episode = episode_of(course, name, Answer(fold.answers[scale][-1].start, now), None, ordered)
    soon, what = next_change(fold, scale, float(at))
    changes = tuple(_changes(fold, scale, at))
    return Finding(episode, editions()[name], changes, None if soon >= b.FOREVER else int(soon), what)


class _Probe(msgspec.Struct, frozen=True):
    text: str
    facts: tuple[Mapping[str, Any], ...]
    when: str = ""


@cache
def _probes(scale: str) -> tuple[_Probe, ...]:
    import tomllib

    tables = tomllib.loads((resources.files(__package__) / "probes.toml").read_text("utf-8"))
    return tuple(msgspec.convert(table, _Probe) for table in tables[scale])


def _changes(fold: Fold, scale: int, at: Instant) -> Iterator[Change]:
    present = fold.latest[scale]
    if present[b.GRADE] == 5.0:
        return
    applies = _situation(fold, at)
    for probe in _probes(SCALES[scale]):
        if probe.when and probe.when not in applies:
            continue
        out = _lay(fold, probe, scale, at)
        if out[b.GRADE] != present[b.GRADE]:
            grade = None if out[b.GRADE] < 0.0 else int(out[b.GRADE])
            yield Change(probe.text.format(limit=_limit(fold, at)), grade, out[b.MISSING] > 0.0)


def _situation(fold: Fold, at: Instant) -> frozenset[str]:
    """Which probes make sense for this patient."""
    age = b.age_at(fold.s, float(at))
    pressor = any(b.infusing(fold.s, drip, float(at)) for drip in range(b.PRESSORS))
    child = 0.0 <= age < fold.p[b.P_AGE_SWITCH]
    return frozenset({"child" if child else "adult", "pressor" if pressor else "no_pressor"})


def _lay(fold: Fold, probe: _Probe, scale: int, at: Instant) -> list[float]:
    """The scale's answer just after `at`, had the probe's facts been charted then."""
    s, now = list(fold.s), float(at) + 1.0
    for row in (row for fact in probe.facts for row in _rows(fact, s, now)):
        b.absorb(s, fold.p, row.kind, row.value, row.at, row.until, row.position)
    out = [0.0] * b.OUT_SIZE
    settle(s, fold.p, now, scale, out)
    return out


def _rows(fact: Mapping[str, Any], s: list[float], now: float) -> Iterator[Row]:
    """One probe's fact, charted at `now`."""
    match fact:
        case {"signal": name, "value": value}:
            yield Row(now, NUMBERS[name], value, now, -1)
        case {"drug": name}:
            yield Row(now, CHOICES["drug", name][0], 1.0, b.FOREVER, -1)
        case {"stop": _}:
            yield from (Row(now, b.DRIP + i, 0.0, now, -1) for i in range(len(PRESSORS)) if b.infusing(s, i, now))
        case {"attribution": feature}:
            yield Row(now, CHOICES["attribution", feature][0], 1.0, now + HOUR, -1)
        case {"seizure": how}:
            yield Row(now, b.SEIZURE, SEIZURE_LONG_CODE if how == "long" else SEIZURE_SHORT_CODE, now, -1)
        case {"finding": name}:
            yield Row(now, *CHOICES[name, "none"], now, -1)
        case {"choice": choice}:
            kind, value = next(pair for (_, name), pair in CHOICES.items() if name == choice)
            yield Row(now, kind, value, now, -1)


def _limit(fold: Fold, at: Instant) -> str:
    from cartway.toxicity.crs import low_pressure_limit

    return f"below {low_pressure_limit(fold.s, fold.p, float(at), [0.0] * b.OUT_SIZE):g} mmHg"


def narrate(explanation: Explanation, rules: Rules, zone: tzinfo = UTC) -> str:
    """The explanation as text, as a clinician would tell it, with times and days in `zone`."""
    head = f"{explanation.course} at {clock(explanation.at, zone)}"
    if explanation.infusion is None:
        return f"{head}\n\nNo infusion is recorded by then: CRS and ICANS are graded from the infusion on."
    infusion = explanation.infusion
    day = day_since(explanation.at, infusion.at, zone)
    product = infusion.choice.replace("_", " ") or "infusion"
    lines = [f"{head}, day {day} after {product} (infused {clock(infusion.at, zone)})"]
    for finding in explanation.findings:
        lines += ["", *_tell(finding, explanation.at, rules, zone)]
    if not explanation.findings:
        lines += [
            "",
            "The close watch is not on at this time: discharged with no reading since, or died of another cause.",
        ]
    lines += ["", "Decision support for trained teams, not a medical device: check it against the patient."]
    return "\n".join(lines)


def _tell(finding: Finding, at: Instant, rules: Rules, zone: tzinfo) -> Iterator[str]:
    episode = finding.episode
    shown = f"grade {episode.shown}" if episode.assessable else "not assessable"
    since = f"since {clock(episode.start, zone)}, for {span(at - episode.start)}"
    yield f"{finding.edition.name.split(' ')[0]} {shown} by {finding.edition.edition}, {since}"
    for reason in episode.because:
        age = f" ({span(at - reason.fact.at)} before)" if reason.fact is not None and reason.fact.at <= at else ""
        yield f"  {reason.criterion.column + ':':<17} {sentence(reason, zone)}{age}"
    yield from _tell_limits(finding, rules)
    yield from _tell_changes(finding, zone)
    yield f"  {'rule:':<17} {finding.edition.citation}, doi {finding.edition.doi}. {finding.edition.note}".rstrip()


def _tell_limits(finding: Finding, rules: Rules) -> Iterator[str]:
    episode = finding.episode
    if episode.missing:
        bound = "; the grade is at least this" if episode.assessable else ""
        yield f"  {'missing:':<17} {', '.join(name.replace('_', ' ') for name in episode.missing)}{bound}"
    for name in episode.policies:
        policy = rules.policies[name]
        yield f"  {'policy:':<17} {name} = {rules.value(name)}. {policy.meaning} {policy.why}"


def _tell_changes(finding: Finding, zone: tzinfo) -> Iterator[str]:
    grade = -1 if finding.episode.grade is None else finding.episode.grade
    if not finding.episode.assessable:
        settled = [change for change in finding.changes if change.grade is not None]
        yield f"  {'would settle it:':<17} {'; '.join(f'{change.text} ({_to(change)})' for change in settled)}"
        return
    up = [change for change in finding.changes if change.grade is not None and change.grade > grade]
    down = [change for change in finding.changes if change.grade is not None and change.grade < grade]
    for word, changes in (("would raise it:", up), ("would lower it:", down)):
        if changes:
            yield f"  {word:<17} {'; '.join(f'{change.text} ({_to(change)})' for change in changes)}"
    if finding.next_change_at is not None:
        yield f"  {'time alone:':<17} {clock(finding.next_change_at, zone)}: {finding.next_change}"


def _to(change: Change) -> str:
    return f"to {'>= ' if change.missing else ''}{change.grade}"
