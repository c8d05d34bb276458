"""Why the grades are what they are: the explanation of a moment, scale by scale, laid out for the panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from cartway.record import Fact
from cartway.times import Instant
from cartway.toxicity import Edition, Episode, Policy, Reason
from cartway.toxicity.explain import Change, Finding
from cartway.toxicity.wording import clock, sentence
from cartway.web.course.given import before, change, infused
from cartway.web.course.view import View
from cartway.web.draw import short_clock
from cartway.web.ward.standing import Grade

EPISODES_SHOWN = 40


class Found(msgspec.Struct, frozen=True):
    """What was found in one criterion, as a sentence, and the fact that says so. `aged`: the fact's age says how fresh
    that is; of an attribution that was reopened it would be read as when it was.
    """

    text: str
    fact: Fact | None
    aged: bool = True

    @property
    def note(self) -> str:
        """What was noted with the fact: why a score could not be taken may be the reason for the grade."""
        return "" if self.fact is None else str(self.fact.detail.get("text", ""))


class Decided(msgspec.Struct, frozen=True):
    """An open question of the guideline that a policy decided here."""

    name: str
    value: str
    policy: Policy


class Why(msgspec.Struct, frozen=True):
    """One scale at one moment. `up`, `down`: what would change a grade; `settle`: what would make it assessable;
    `lose`: what would make it not assessable any more.
    """

    scale: str
    name: str
    episode: Episode
    grade: Grade | None
    found: Mapping[str, tuple[Found, ...]]  # by column of the guideline's page
    decided: tuple[Decided, ...]
    up: tuple[Change, ...]
    down: tuple[Change, ...]
    settle: tuple[Change, ...]
    lose: tuple[Change, ...]
    next_change_at: Instant | None
    next_change: str
    edition: Edition


class Spell(msgspec.Struct, frozen=True):
    """A time with one grade as it is printed: episodes that differ only in their reasons are one."""

    scale: str
    shown: str
    grade: int | None
    missing: tuple[str, ...]
    start: Instant
    end: Instant | None


def reasons(view: View) -> list[Why]:
    """The panel of a moment; empty before the infusion, after the close watch, and where nothing was known."""
    explanation = view.explanation
    return [] if explanation is None else [_why(view, finding) for finding in explanation.findings]


def _why(view: View, finding: Finding) -> Why:
    episode, grade = finding.episode, finding.episode.grade
    return Why(
        scale=episode.scale,
        name=scale_name(episode.scale),
        episode=episode,
        grade=view.standing.grades.get(episode.scale),
        found=_by_column(view, episode.because),
        decided=tuple(_decided(view, name) for name in episode.policies),
        up=_of(finding, lambda to: grade is not None and to is not None and to > grade),
        down=_of(finding, lambda to: grade is not None and to is not None and to < grade),
        settle=_of(finding, lambda to: grade is None and to is not None),
        lose=_of(finding, lambda to: grade is not None and to is None),
        next_change_at=finding.next_change_at,
        next_change=finding.next_change,
        edition=finding.edition,
    )


def _by_column(view: View, because: Sequence[Reason]) -> Mapping[str, tuple[Found, ...]]:
    found: dict[str, tuple[Found, ...]] = {}
    for reason in because:
        column = reason.criterion.column
        one = Found(_sentence(view, reason), reason.fact, reason.fact is not None and not _is_reopened(reason))
        found[column] = (*found.get(column, ()), one)
    return found


def _sentence(view: View, reason: Reason) -> str:
    """The reason's sentence with its times as the page writes them: the day only where it is another one."""
    told = sentence(reason, view.zone)
    for instant in (reason.fact.at, reason.fact.until) if reason.fact is not None else ():
        if instant is not None:
            told = told.replace(clock(instant, view.zone), short_clock(instant, view.moment.now, view.zone))
    if reason.fact is None:
        return told
    if _is_reopened(reason):
        return told.replace("but worse since:", f"worse since{_worse_since(view, reason.fact)}:")
    return told.replace(", charted ", f", {_began(view, reason.fact)} ")


def _is_reopened(reason: Reason) -> bool:
    return reason.criterion.slug.endswith("_worse")


def _worse_since(view: View, attribution: Fact) -> str:
    """`` 03:56``: when the sign got worse than it was when it was attributed."""
    since = (each.worse_since for each in view.excuses if each.fact.position == attribution.position)
    return next((f" {short_clock(at, view.moment.now, view.zone)}" for at in since if at is not None), "")


def _began(view: View, fact: Fact) -> str:
    """What a running drug's fact says: ``started``, ``new rate``. Of anything else, that it was charted."""
    if fact.what != "drug" or not infused(fact):
        return "charted"
    return change(fact, before(fact, view.drugs))


def _of(finding: Finding, wanted: Callable[[int | None], bool]) -> tuple[Change, ...]:
    return tuple(change for change in finding.changes if wanted(change.grade))


def _decided(view: View, name: str) -> Decided:
    value = view.office.rules.value(name)
    return Decided(name, value if isinstance(value, str) else f"{value:g}", view.office.rules.policies[name])


def scale_name(scale: str) -> str:
    """``CRS`` of ``crs.astct``."""
    return scale.partition(".")[0].upper()


def spells(history: Sequence[Episode]) -> list[Spell]:
    """A scale's episodes in time order, those next to each other that print the same as one."""
    found: list[Spell] = []
    for each in history:
        last = found[-1] if found else None
        if last is not None and (last.end, last.shown, last.missing) == (each.start, each.shown, each.missing):
            found[-1] = msgspec.structs.replace(last, end=each.end)
        else:
            found.append(Spell(each.scale, each.shown, each.grade, each.missing, each.start, each.end))
    return found


def all_spells(view: View) -> list[Spell]:
    """Both scales' spells, newest first."""
    found = [spell for history in view.history.values() for spell in spells(history)]
    return sorted(found, key=lambda spell: (spell.start, spell.scale), reverse=True)
