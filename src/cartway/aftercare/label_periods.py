"""The periods of the labels: their words, and the dates that the texts give which may count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Literal

import msgspec

from cartway.aftercare.dates import days_after
from cartway.aftercare.model import Candidate
from cartway.aftercare.questions import data
from cartway.aftercare.setting import Setting
from cartway.pathway.answer import Source
from cartway.pathway.products import Windows, windows

EU_TEXT = ("EU", "UK", "ES")  # the UK's and Spain's patients are read by the EU texts, none of which was seen


class June2025(msgspec.Struct, frozen=True, rename={"effective": "from"}):
    """The class text of 26 June 2025, in days."""

    effective: date
    daily_days: int
    near_days: int
    driving_days: int
    source: Source


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A period of the labels: which of their numbers it takes, its words. `care` is done to people, `limit` is not."""

    field: Literal["daily_days", "near_days", "driving_days"]
    what: str
    plain: str
    kind: Literal["care", "limit"]


class Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A restriction that stands in no window of a label."""

    what: str
    plain: str
    source: Source
    days: int = 0
    then: str = ""
    female: Mapping[str, int] = {}
    male: Mapping[str, int] = {}


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of restrictions."""

    june_2025: June2025
    periods: Mapping[str, Period]
    blood_products: Other
    donation: Other
    contraception: Other


@cache
def load_restrictions() -> Texts:
    """The words of restrictions and the class text of 2025."""
    return msgspec.convert(data("restrictions"), Texts)


def label_of(setting: Setting) -> Windows | None:
    country = "EU" if setting.country in EU_TEXT else setting.country
    return windows(setting.last_product, setting.last, country, setting.disease)


def candidates_of(setting: Setting, period: Period, label: Windows | None) -> Iterator[Candidate]:
    """The dates that texts give: the product's own, and where it may count as well the class text of June 2025."""
    own = getattr(label, period.field) if label else None
    if label is not None and own is not None:
        yield _candidate("longer", setting.last, own, label.source)
    if label is None or setting.country != "US":
        return
    if own is None and label.source.confirmed:
        return
    if own is None:
        yield from _before_june(setting, period)
    if not label.source.confirmed or _straddles(setting, own, period):
        yield _shorter(setting, period)


def _before_june(setting: Setting, period: Period) -> Iterator[Candidate]:
    day_before = days_after(load_restrictions().june_2025.effective, -1)
    earlier = windows(setting.last_product, day_before, "US", setting.disease)
    days = getattr(earlier, period.field) if earlier else None
    if earlier is not None and days is not None:
        yield _candidate("longer", setting.last, days, earlier.source)


@lru_cache(maxsize=256)
def _changed(product: str, disease: str) -> Windows | None:
    """The US text of a product on the day of the change."""
    return windows(product, load_restrictions().june_2025.effective, "US", disease)


def _straddles(setting: Setting, own: int | None, period: Period) -> bool:
    """Infused before the change, and the period ran past it; the product's text must be among those changed."""
    change = load_restrictions().june_2025.effective
    after = _changed(setting.last_product, setting.disease)
    if own is None or setting.last >= change or after is None or after.effective_from != change:
        return False
    return days_after(setting.last, own) > change and own > getattr(load_restrictions().june_2025, period.field)


def _shorter(setting: Setting, period: Period) -> Candidate:
    text = load_restrictions().june_2025
    days: int = getattr(text, period.field)
    counted = days_after(setting.last, days)
    words = f"{days} days from {setting.last}"
    if counted < text.effective:
        words += f", but not before the text was in force on {text.effective}"
    return Candidate("shorter", max(counted, text.effective), words, text.source, counted)


def _candidate(option: str, start: date, days: int, source: Source) -> Candidate:
    day = days_after(start, days)
    return Candidate(option, day, f"{days} days from {start}", source, day)
