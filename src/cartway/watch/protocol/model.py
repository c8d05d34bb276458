"""What a published protocol is here: dated rows in own words, and named doses as their sources print them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from cartway.pathway.answer import Source

Syndrome = Literal["fever", "both", "crs", "icans", "iec_hs"]
ORDER: tuple[Syndrome, ...] = ("fever", "both", "crs", "icans", "iec_hs")
SYNDROMES = {"fever": "Fever", "both": "CRS and ICANS", "crs": "CRS", "icans": "ICANS", "iec_hs": "IEC-HS"}


class Light(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another dose per kg for those who weigh less than `below_kg`, with its own source."""

    below_kg: Decimal
    mg_kg: Decimal
    source: Source


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a schedule that steps down: a flat dose for some days; for as long as it takes where `days` is 0."""

    mg: Decimal
    days: int = 0


class DoseRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A dose as its source prints it, in `words`: flat (`mg`), by weight (`mg_kg`, at most `cap_mg`)
    or by a schedule.

    With none, or with a source that is not confirmed, no dose is worked out. `adults`: printed for adults only.
    `every_hours`: the intervals, the shortest first. `hours_between`, `most_in_day`, `most_in_all` bound repeats.
    `stages`: a schedule from the first dose of the episode on. `reassess_after`: after so many doses of an episode the
    source says to reassess.
    """

    name: str = ""
    drug: str
    words: str
    source: Source
    how: str = ""
    mg: Decimal | None = None
    mg_kg: Decimal | None = None
    cap_mg: Decimal | None = None
    light: Light | None = None
    stages: tuple[Stage, ...] = ()
    reassess_after: int = 0
    adults: bool = False
    children: Source | None = None
    every_hours: tuple[int, ...] = ()
    hours_between: int = 0
    most_in_day: int = 0
    most_in_all: int = 0

    @property
    def confirmed(self) -> bool:
        """Whether its numbers were seen in their source."""
        return self.source.confirmed


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One step of a protocol: for which syndrome and grades, under which conditions, what it says.

    `when`: conditions that the record answers (`conditions.py`), all of them. `if_team`: what only the team can say.
    `dose`, `instead`: names of doses. `local`: the center's own words that belong here. `answers`: what recorded facts
    show that it was done, ``variable:choice``; any of them, or all with `all_answers`. `products`: only for these.
    `leads`: shown with the treatments, not with the general care. `last`: after all others of its syndrome.
    """

    id: str
    syndrome: Syndrome
    title: str
    words: str
    grades: tuple[int, ...] = ()
    when: tuple[str, ...] = ()
    if_team: str = ""
    dose: str = ""
    instead: tuple[str, ...] = ()
    local: str = ""
    answers: tuple[str, ...] = ()
    all_answers: bool = False
    products: tuple[str, ...] = ()
    leads: bool = False
    last: bool = False
    source: Source | None = None


class Protocol(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A published protocol of one edition. `product`: of a label, whose. `crs_scale`: the scale that its rows mean;
    a grade of another one is never put in its place. `effective_to` is its last day, None while it stands.
    """

    name: str
    title: str
    edition: str
    citation: str
    effective_from: date
    effective_to: date | None = None
    source: Source
    rows: tuple[Row, ...]
    product: str = ""
    crs_scale: str = "crs.astct"
    note: str = ""

    @property
    def key(self) -> str:
        """What its steps are named by: ``asco_2021``, ``label_tisagenlecleucel``."""
        return f"{self.name}_{self.product}" if self.product else self.name

    def in_force(self, on: date) -> bool:
        """Whether it is the edition of that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def source_of(self, row: Row) -> Source:
        """Where a row comes from: its own source, else the protocol's."""
        return row.source or self.source
