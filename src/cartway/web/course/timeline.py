"""The timeline: every fact that was recorded, what became of it, newest first, a page at a time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter

import msgspec

from cartway.record import RETRACTION, UNREADABLE, Fact
from cartway.times import to_datetime
from cartway.toxicity.wording import NOT_MEASURABLE, day_since, said
from cartway.vocabulary import vocabulary
from cartway.web.access import Account
from cartway.web.course.answered import ANSWERED, answered
from cartway.web.course.drugs import drug_label
from cartway.web.course.given import before, done, particulars
from cartway.web.course.view import View
from cartway.web.draw import choice_label, variable_label

PAGE = 60
FAR = 1000  # days from the infusion beyond which nobody counts them: a date of birth is a fact too
GROUPS: Mapping[str, tuple[str, ...]] = {
    "vital-signs": ("vital_signs", "support"),
    "drugs": ("drugs",),
    "neurology": ("neurology",),
    "laboratory": ("laboratory",),
    "judgments": ("judgement",),
    "milestones": ("milestones", "person", "baseline"),
    "road": ("candidacy", "programme", "calendar", "custody", "manufacture"),
    "watch": ("watch",),
    "after": ("response", "aftercare"),
}
_by_time = attrgetter("at")
_CURSOR = re.compile(r"(-?\d{1,18})\.(\d{1,18})\Z")


class Entry(msgspec.Struct, frozen=True):
    """One fact. `replaced_by` took its place; `replaces` is what it took the place of. `about`: the variable that an
    unreadable value or a retraction is about. `words`: what it says beside its title, see `words`. `clock`: the time of
    day. `extras`: its details, labelled.
    """

    fact: Fact
    replaced_by: Fact | None
    replaces: Fact | None
    about: str
    words: str
    clock: str
    extras: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """What it is: the variable, or the drug."""
        if self.fact.what == RETRACTION:
            return variable_label(RETRACTION)
        return drug_label(self.fact.choice) if self.about == "drug" and self.fact.choice else variable_label(self.about)

    def by(self, authors: Mapping[str, str]) -> str:
        """Who recorded it, by `authors` (what each is called) or as it is, and the source where that says more."""
        who, source = self.fact.recorded_by, self.fact.source
        if who in authors:
            return authors[who]
        return who if source in {"", who} else f"{who}, from {source}" if who else source

    @property
    def kind(self) -> str:
        """``stands``, ``corrected``, ``retracted`` (it was), ``retraction`` (it is one) or ``unreadable``."""
        if self.fact.what == RETRACTION:
            return "retraction"
        if self.replaced_by is not None:
            return "retracted" if self.replaced_by.what == RETRACTION else "corrected"
        return "unreadable" if self.fact.what == UNREADABLE else "stands"


class Page(msgspec.Struct, frozen=True):
    """Some entries, by day (its date, its words, the day of infusion). `total`: how many the group has in all.

    `older`: the cursor of the next page, "" at the end.
    """

    days: tuple[tuple[str, str, int | None, tuple[Entry, ...]], ...]
    older: str
    total: int
    group: str


def words(view: View, fact: Fact) -> str:
    """What a fact says beside its title: ``38.9 °C``, ``Nasal cannula``; of a drug what was done. "" for a mark."""
    if fact.what in {UNREADABLE, RETRACTION}:
        return ""
    if fact.what == "drug":
        return done(fact, before(fact, view.drugs))
    if fact.value is not None:
        return said(msgspec.structs.replace(fact, choice=""))
    return choice_label(fact) if fact.choice else ""


def timeline(view: View, *, group: str = "", before: str = "", fact: int = 0) -> Page:
    """A page of the timeline: of `group`, from the cursor `before` on, or the one that holds the fact at a position."""
    chosen = sorted(_chosen(view, GROUPS.get(group, ())), key=_by_time, reverse=True)  # of one time as charted
    start = _start(chosen, before, fact)
    shown = chosen[start : start + PAGE]
    older = _cursor(shown[-1]) if start + PAGE < len(chosen) else ""
    entries = [_entry(view, each) for each in shown]
    return Page(tuple(_by_day(view, entries)), older, len(chosen), group if group in GROUPS else "")


def _chosen(view: View, groups: Sequence[str]) -> Sequence[Fact]:
    """What was true by the moment; at present also what is dated ahead."""
    facts, earlier = view.known.facts, view.known.versions.earlier
    if not view.moment.at_now:
        facts = [fact for fact in facts if fact.at <= view.at]
    return [fact for fact in facts if _group(_about(fact, earlier)) in groups] if groups else facts


def _start(chosen: Sequence[Fact], before: str, position: int) -> int:
    """Where the page begins. A cursor names the last entry before it, so that new facts do not shift a page."""
    if position:
        place = next((place for place, each in enumerate(chosen) if each.position == position), 0)
        return place - place % PAGE
    found = _CURSOR.match(before)
    if found is None:
        return 0
    cursor = (-int(found[1]), int(found[2]))
    return bisect_right(chosen, cursor, key=lambda each: (-each.at, each.position))


def _cursor(fact: Fact) -> str:
    return f"{fact.at}.{fact.position}"


def _about(fact: Fact, previous: Mapping[int, Fact]) -> str:
    """The variable that a fact is about; of a retraction, that of what it withdraws."""
    if fact.what == UNREADABLE:
        return str(fact.detail.get("variable", ""))
    if fact.what == RETRACTION:
        withdrawn = previous.get(fact.position)
        return "" if withdrawn is None else _about(withdrawn, previous)
    return fact.what


def _group(what: str) -> str:
    variable = vocabulary().variable(what)
    return variable.group if variable else ""


def _entry(view: View, fact: Fact) -> Entry:
    return Entry(
        fact=fact,
        replaced_by=view.known.versions.later.get(fact.position),
        replaces=view.known.versions.earlier.get(fact.position),
        about=_about(fact, view.known.versions.earlier),
        words=words(view, fact),
        clock=f"{to_datetime(fact.at).astimezone(view.zone):%H:%M}",
        extras=tuple(particulars_of(fact)),
    )


def authors(page: Page, account: Callable[[str], Account | None]) -> Mapping[str, str]:
    """What the authors of a page are called: ``Mei Copperleaf, nurse``. Who has no account is not in it."""
    wrote = {entry.fact.recorded_by for *_, entries in page.days for entry in entries}
    found = {who: account(who) for who in wrote if who}
    return {who: f"{each.display or each.name}, {each.role.replace('_', ' ')}" for who, each in found.items() if each}


def particulars_of(fact: Fact) -> Iterable[tuple[str, str]]:
    """What a fact says beyond its value, as labels and words."""
    variable = vocabulary().variable(fact.what)
    if fact.what == "drug":
        yield from particulars(fact)
        return
    if fact.what in ANSWERED:
        yield from answered(fact)
        return
    for name, told in fact.detail.items():
        if (fact.what == UNREADABLE and name == "variable") or told == NOT_MEASURABLE:
            continue
        field = variable.detail.get(name) if variable else None
        yield field.label if field else name.replace("_", " "), _plain(told)


def _plain(said: object) -> str:
    match said:
        case bool():
            return "yes" if said else "no"
        case float():
            return f"{said:g}"
        case list() | tuple():
            return ", ".join(map(_plain, said))
    return str(said)


def _by_day(view: View, entries: Sequence[Entry]) -> Iterable[tuple[str, str, int | None, tuple[Entry, ...]]]:
    """Entries under their calendar day, with the day of the infusion."""
    days: dict[date, list[Entry]] = {}
    for entry in entries:
        days.setdefault(view.day_of(entry.fact.at), []).append(entry)
    infused_at = view.standing.infused_at
    for day, held in days.items():
        number = None if infused_at is None else day_since(held[0].fact.at, infused_at, view.zone)
        is_near = number is not None and abs(number) < FAR
        yield day.isoformat(), f"{day:%a %-d %b %Y}", number if is_near else None, tuple(held)
