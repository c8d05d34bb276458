"""What is known of a product, as frozen values read from the TOML files of ``data/``, one file a product.

Every row is dated and belongs to a jurisdiction: the label that counted on a day can be asked for on any later day.
Doses are millions of CAR-positive viable T cells; days are whole days; weights are kilograms.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, TypeVar

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.products.rule import Term

Jurisdiction = Literal["US", "EU", "UK", "CN", "IN", "ES"]
Counts = Literal["today", "order", "infusion"]
JURISDICTIONS: tuple[Jurisdiction, ...] = ("US", "EU", "UK", "CN", "IN", "ES")
ANY_LINES = 99


class Dated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of a label: where and when it is in force. `effective_to` is its last day, None while it stands.

    `counts` says which date selects it: today's, the order's or the infusion's.
    """

    jurisdiction: Jurisdiction = "US"
    effective_from: date
    effective_to: date | None = None
    counts: Counts = "infusion"
    source: Source

    def in_force(self, on: date, jurisdiction: str) -> bool:
        """Whether it is the text of that place on that day."""
        ended = self.effective_to is not None and self.effective_to < on
        return self.jurisdiction == jurisdiction and self.effective_from <= on and not ended


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Iterable[Row], on: date, jurisdiction: str) -> tuple[Row, ...]:
    """The rows in force in a place on a day, in the file's order."""
    return tuple(row for row in rows if row.in_force(on, jurisdiction))


class Indication(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One indication: its text in short words and the tree of conditions that a course must meet.

    `groups` are the disease groups of the vocabulary that it is about. `approval` as the authority calls it. A date
    not seen in a source has `date_confirmed` False.
    """

    id: str
    words: str
    groups: tuple[str, ...]
    when: Term
    approval: str = ""
    date_confirmed: bool = True


class Limitation(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A limitation of use: diseases for which the label says that the product is not indicated."""

    id: str
    words: str
    diseases: tuple[str, ...]


class DoseRange(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The label's dose: millions of cells, flat or `per_kg`, up to `cap_million` in all.

    It holds for weights above `from_kg` up to and with `to_kg`, and for a number of earlier lines within `lines`, ends
    included. `kind` is target where the label names one number and no range. `parts` is 2 where the dose is split.
    """

    id: str
    lowest_million: float
    highest_million: float
    groups: tuple[str, ...] = ()
    per_kg: bool = False
    cap_million: float | None = None
    from_kg: float = 0.0
    to_kg: float | None = None
    lines: tuple[int, int] = (0, ANY_LINES)
    components: tuple[str, ...] = ()
    kind: Literal["range", "target"] = "range"
    parts: int = 1

    def for_weight(self, kg: float) -> bool:
        """Whether it is the row for this weight."""
        return self.from_kg < kg and (self.to_kg is None or kg <= self.to_kg)

    def millions(self, kg: float) -> tuple[float, float]:
        """Lowest and highest dose for a weight, capped."""
        times = kg if self.per_kg else 1.0
        cap = self.cap_million if self.cap_million is not None else float("inf")
        return min(self.lowest_million * times, cap), min(self.highest_million * times, cap)


class RegimenDrug(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One drug of a lymphodepletion: `mg_m2` once a day, `times` days.

    `days` are days before the infusion (day 0) where the label fixes them, else empty; `course_days` are the days of
    the regimen, its first being 1.
    """

    drug: str
    mg_m2: float
    times: int
    days: tuple[int, ...] = ()
    course_days: tuple[int, ...] = ()


class Regimen(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A lymphodepletion. `end_to_infusion` is the fewest and the most days from its last dose to the infusion.

    `alternative` regimens are for what `condition` says. `delay`, `omission` and `repeat`: the label's, in short words.
    """

    id: str
    drugs: tuple[RegimenDrug, ...]
    end_to_infusion: tuple[int, int]
    groups: tuple[str, ...] = ()
    alternative: bool = False
    condition: str = ""
    delay: str = ""
    omission: str = ""
    repeat: str = ""


class Quantity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number of the label with its own source. The unit is in the field's name."""

    value: float
    source: Source


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of the label, shortened, with their own source."""

    text: str
    source: Source


class Limits(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What bounds an infusion; None where no source says.

    `thaw_minutes`: from thaw (or leaving the freezer) to the end; `within_minutes`: the infusion itself, a bag;
    `storage_cel`: no warmer than this. `order_of_components` are given in this order. `next_after_previous`: the next
    bag is thawed only when the one before is in.
    """

    thaw_minutes: Quantity | None = None
    within_minutes: Quantity | None = None
    storage_cel: Quantity | None = None
    premedication: Statement | None = None
    steroid: Statement | None = None
    filter: Statement | None = None
    rate: Statement | None = None
    order_of_components: tuple[str, ...] = ()
    order_source: Source | None = None
    next_after_previous: bool = False
    irradiation: Statement | None = None


class Windows(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Days after the infusion: seen daily, staying near the center, not driving. None where no source says."""

    daily_days: int | None = None
    near_days: int | None = None
    driving_days: int | None = None
    groups: tuple[str, ...] = ()
    words: str = ""


class BoxedWarning(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A boxed warning in short words."""

    id: str
    words: str


class Tocilizumab(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the label asks to have on hand: `doses` for one patient, None where it names no number."""

    doses: int | None = None
    within_hours: float | None = None
    words: str = ""


class Split(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of a split dose: the parts, in millions, for a marrow blast percentage in ``(above, up_to]``.

    `from_bags` are the nominal bags (millions) that each part is drawn from. `second_day` with its allowance in days.
    `if_not_evaluable`: the row to take where blasts cannot be counted.
    """

    id: str
    blasts_above: float
    blasts_up_to: float
    parts: tuple[float, ...]
    from_bags: tuple[tuple[float, ...], ...]
    second_day: int
    second_allowance: int
    marrow_within_days: int
    if_not_evaluable: bool = False
    source_of_days: Source | None = None


class SplitToxicity(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What toxicity after the first part means for the second: hold until `until_grade`, at most to `latest_day`."""

    id: str
    toxicity: Literal["crs", "icans"]
    from_grade: int
    to_grade: int
    action: Literal["postpone", "do_not_give"]
    until_grade: int | None = None
    latest_day: int | None = None


class Usual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A usual number of days, with its range where a source gives one."""

    days: float
    source: Source
    low: float | None = None
    high: float | None = None
    words: str = ""


class Timing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long it usually takes, in days; None where no source says."""

    collection_to_release: Usual | None = None
    vein_to_vein: Usual | None = None
    transit: Usual | None = None


class Trial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of those collected: counts of people, and shares in words."""

    name: str
    words: str
    source: Source
    groups: tuple[str, ...] = ()
    collected: int | None = None
    infused: int | None = None
    not_made_percent: float | None = None


class Grading(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which system the label's management table grades CRS by. Grades are never converted from one to another."""

    system: str
    words: str = ""


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An approval whose conditions are not held here: for its `groups` (all where empty) the label axis is unknown."""

    jurisdiction: Jurisdiction
    words: str
    source: Source
    since: date | None = None
    until: date | None = None
    groups: tuple[str, ...] = ()

    def in_force(self, on: date, jurisdiction: str) -> bool:
        """Whether it stands in that place on that day, as far as its days are known."""
        begun = self.since is None or self.since <= on
        return self.jurisdiction == jurisdiction and begun and (self.until is None or on <= self.until)
