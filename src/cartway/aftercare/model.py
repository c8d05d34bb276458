"""What follows an infusion, as values. Days are calendar days of the center; nothing here is stored.

Every item has a stable `key` (for plain words, for answers), clinical words, a plain phrase, its status on the day
asked about, its reason, its source and the facts used. A date that is not known is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import msgspec

from cartway.pathway.answer import Source
from cartway.record import Fact


class Status(StrEnum):
    """How something stands on the day asked about.

    `due`: now. `overdue`: its days have passed unanswered. `done`: answered. `missed`: its days have passed and a later
    one of its kind has taken its place. `not_yet`: its day is to come. `allowed`, `not_allowed`: of what one may or may
    not do on that day. `unknown`: something that decides is not there, or sources differ and nobody chose.
    """

    due = "due"
    overdue = "overdue"
    done = "done"
    missed = "missed"
    not_yet = "not_yet"
    allowed = "allowed"
    not_allowed = "not_allowed"
    unknown = "unknown"


class Item(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing of the aftercare. `due_from` to `due_until`: the days on which it is asked for, both included.

    `earliest`: the first day on which something is allowed or may end. `confirmed` is False where a number or text that
    decided was not seen in its source, nor set by the center. `missing`: in words, what would settle it.
    """

    key: str
    what: str
    plain: str
    status: Status
    why: str
    source: Source
    due_from: date | None = None
    due_until: date | None = None
    earliest: date | None = None
    confirmed: bool = True
    missing: tuple[str, ...] = ()
    question: str = ""
    facts: tuple[Fact, ...] = ()


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """One of several answers while sources differ: the option of the question, its day, its reason, who says so.

    `counted` is the day by arithmetic alone; `day` is later where the text was not in force before.
    """

    option: str
    day: date | None
    why: str
    source: Source
    counted: date | None = None


class Restriction(Item, frozen=True, kw_only=True, gc=False):
    """What the patient may not do yet: days from `counts_from` up to but without `earliest`.

    `candidates`: more than one where texts differ and nobody chose; `earliest` is the latest of them then.
    `label_earliest` is what the label alone gives. `extended`: the team, a seizure or a neurological finding goes
    beyond it; `earliest` is None then unless the team named a day. `lasts`: it never ends.
    """

    counts_from: date
    days: int | None = None
    label_from: date | None = None
    label_earliest: date | None = None
    candidates: tuple[Candidate, ...] = ()
    extended: bool = False
    lasts: bool = False


class Task(Item, frozen=True, kw_only=True, gc=False):
    """One part of a visit: what is measured or asked."""


class Visit(Item, frozen=True, kw_only=True, gc=False):
    """One time point of the calendar, `on` the day that the arithmetic gives, and what belongs to it."""

    time_point: str
    on: date
    tasks: tuple[Task, ...] = ()


class Contact(Item, frozen=True, kw_only=True, gc=False):
    """One report to the registry. `contact`: the contact to report, None while there is none; `day` is its day, counted
    from `counts_from`.

    `in_window` is None without a contact.
    """

    time_point: str
    counts_from: date
    contact: date | None = None
    day: int | None = None
    in_window: bool | None = None


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One value of a marker: the day, the number in its unit. `counts` is False of IgG soon after immunoglobulins.

    `early`: of the first weeks after the infusion, when what is there is still to fall. A high one is no recovery.
    """

    day: date
    value: float
    counts: bool = True
    early: bool = False


class Marker(Item, frozen=True, kw_only=True, gc=False):
    """One marker of immune recovery: its readings, where it goes, whether it is back.

    `recovered` is None where that cannot be said. `trend`: rising, falling, steady, or empty with fewer than two
    readings. `native` is False where the newest value holds what was infused. `decisions`: what hangs on it, in words.
    """

    unit: str
    threshold: float
    readings: tuple[Reading, ...] = ()
    trend: str = ""
    recovered: bool | None = None
    native: bool = True
    decisions: tuple[str, ...] = ()


class Prophylaxis(Item, frozen=True, kw_only=True, gc=False):
    """What protects from an infection: when it begins, when it may end by each source, whether it is taken."""

    start: str
    stop: str
    taken: bool | None = None
    candidates: tuple[Candidate, ...] = ()


class Vaccine(Item, frozen=True, kw_only=True, gc=False):
    """One vaccine. `given`: doses after the infusion of `doses` in the series (None: one a season, or not stated).

    `reasons`: why it is not allowed, or not yet, one sentence each. `candidates`: earliest days by source.
    """

    group: str
    live: bool
    doses: int | None = None
    given: tuple[Fact, ...] = ()
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()


class LateEffect(Item, frozen=True, kw_only=True, gc=False):
    """One late effect: what to look for and when; if it is there, what follows.

    `present` are the facts that state it and do not state its end. `actions`: what the sources ask for then; those that
    the record shows as done end in ``(done)``. It is due while it is present and somebody is still to be told.
    """

    watch: str
    actions: tuple[str, ...] = ()
    present: tuple[Fact, ...] = ()
    boxed: bool = False


class CheckIn(Item, frozen=True, kw_only=True, gc=False):
    """One distress check-in of the patient or the caregiver (`who`), or an answer that is owed to one.

    `score` is what was said; `above` whether it reached the center's cut-off; `answered` whether somebody of the team
    spoke with them about it.
    """

    who: str
    time_point: str
    score: int | None = None
    above: bool = False
    answered: bool = False


class Option(msgspec.Struct, frozen=True, gc=False):
    """One of the answers to a question: its key, its words, who says so."""

    key: str
    words: str
    source: Source


class Question(msgspec.Struct, frozen=True, gc=False):
    """Where sources differ. `chosen` is an option's key, empty while nobody chose; `by` who: center or team.

    `open` is True while no option is chosen and the answer makes a difference on the day asked about or later.
    """

    key: str
    words: str
    options: tuple[Option, ...]
    why: str
    chosen: str = ""
    by: str = ""
    open: bool = False
    facts: tuple[Fact, ...] = ()


class Note(msgspec.Struct, frozen=True, gc=False):
    """Something that all of it stands under: its key, its words."""

    key: str
    words: str


class Aftercare(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All that follows for one course on one day.

    `infused`: the infusions of the therapy, by day, in order; the follow-up counts from the first, restrictions from
    the last. Without one there are only check-ins. `ended`: the day of death; nothing is due after it.
    """

    course: str
    on: date
    country: str
    product: str = ""
    disease: str = ""
    infused: tuple[date, ...] = ()
    ended: date | None = None
    calendar: tuple[Visit, ...] = ()
    repeated: tuple[Item, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    immune: tuple[Marker, ...] = ()
    prophylaxis: tuple[Prophylaxis, ...] = ()
    vaccines: tuple[Vaccine, ...] = ()
    late_effects: tuple[LateEffect, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    registry: tuple[Contact, ...] = ()
    registry_forms: tuple[tuple[str, int], ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def day(self) -> int | None:
        """Days since the first infusion, which is day 0."""
        return (self.on - self.infused[0]).days if self.infused else None

    def items(self) -> Iterator[Item]:
        """Every item, in the order of the sections; the tasks of a visit after it."""
        for visit in self.calendar:
            yield visit
            yield from visit.tasks
        yield from self.repeated
        yield from self.restrictions
        yield from self.immune
        yield from self.prophylaxis
        yield from self.vaccines
        yield from self.late_effects
        yield from self.check_ins
        yield from self.registry

    def due(self) -> tuple[Item, ...]:
        """What is due or overdue, the oldest first; what has no last day comes at the end."""
        found = [each for each in self.items() if each.status in (Status.due, Status.overdue)]
        return tuple(sorted(found, key=lambda each: (each.due_until or date.max, each.key)))

    def restriction(self, key: str) -> Restriction | None:
        """One restriction: ``driving``, ``proximity``, ``monitoring`` ..."""
        return next((each for each in self.restrictions if each.key == f"restriction.{key}"), None)

    def question(self, key: str) -> Question | None:
        """One question where sources differ."""
        return next((each for each in self.questions if each.key == key), None)
