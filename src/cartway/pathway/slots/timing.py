"""How long a product takes in a plan: a percentile of the center's own record, the holder's word, or the usual and a
margin. Never the median, and never a number that nobody gave.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from math import ceil
from typing import Literal

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.pathway.products import Usual, timing
from cartway.pathway.slots.need import Note
from cartway.pathway.stages import COLLECTED, RELEASED
from cartway.times import DAY

OwnRecord = Mapping[str, Sequence[int]]  # by product, days from collection to release of each course that came so far


class Starting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the starting material of a product travels."""

    state: Literal["fresh", "frozen"]
    source: str
    confirmed: bool


class Making(msgspec.Struct, frozen=True):
    """Days of a product: from collection to start (at least, at most), from start to the product on site."""

    to_maker: tuple[int, int]
    make_days: int
    notes: tuple[Note, ...]


@cache
def starting_materials() -> Mapping[str, Starting]:
    """How each product's starting material travels, by product."""
    text = (resources.files(__package__) / "starting.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Starting])


def own_record(courses: Iterable[Course]) -> dict[str, tuple[int, ...]]:
    """From each course's last collection to its release, by the product that was infused or ordered."""
    found: dict[str, list[int]] = {}
    for course in courses:
        product = course.last("infusion") or course.last("product_chosen")
        released = next((fact for fact in course.all("disposition") if fact.choice in RELEASED), None)
        collected = [fact for fact in course.all("collection") if fact.choice in COLLECTED]
        before = [fact for fact in collected if released is not None and fact.at <= released.at]
        if product is not None and released is not None and before:
            found.setdefault(product.choice, []).append(ceil((released.at - before[-1].at) / DAY))
    return {product: tuple(sorted(days)) for product, days in found.items()}


def making(product: str, policies: PathwayPolicies, own: OwnRecord, stated_days: int) -> Making | None:
    """How long a product takes; None where no source says and the center has neither a record nor the holder's word.

    `stated_days`: from the start of manufacture to delivery as the holder states it in the calendar, 0 where it does
    not.
    """
    starting = starting_materials().get(product)
    frozen = starting is not None and starting.state == "frozen"
    least = int(policies.number("plan_transit_to_maker_days"))
    most = int(policies.number("plan_frozen_days" if frozen else "plan_fresh_days"))
    travels = Note(f"Cells travel {'frozen' if frozen else 'fresh'}: manufacture begins {least} to {most} days after "
                   "collection.", policies.confirmed("plan_frozen_days" if frozen else "plan_fresh_days"))  # fmt: skip
    if stated_days:
        told = Note(f"The holder states {stated_days} days from the start of manufacture to delivery.")
        return Making((least, max(least, most)), stated_days, (travels, told))
    released = _collection_to_release(product, policies, own)
    if released is None:
        return None
    days, note = released
    back = int(policies.number("plan_transit_to_center_days"))
    return Making((least, max(least, most)), max(1, days - least) + back, (travels, note))


def _collection_to_release(product: str, policies: PathwayPolicies, own: OwnRecord) -> tuple[int, Note] | None:
    record = own.get(product, ())
    if len(record) >= policies.number("plan_own_record_least"):
        share = policies.number("plan_manufacture_percentile")
        days = record[min(len(record) - 1, max(0, ceil(share / 100 * len(record)) - 1))]
        told = f"{days} days from collection to release: {share:g}% of the center's own {len(record)} took no longer."
        return days, Note(told)
    found = timing(product)
    if found.collection_to_release is not None:
        return _with_margin(found.collection_to_release, policies)
    if found.vein_to_vein is None:
        return None
    # Longer than the way to release, so it errs on the safe side, and needs no margin on top.
    usual = found.vein_to_vein
    told = (
        f"{ceil(usual.days)} days from collection to release: no source says, so the usual from vein to vein is taken"
    )
    return ceil(usual.days), Note(f"{told} ({usual.source.text}).", confirmed=False)


def _with_margin(usual: Usual, policies: PathwayPolicies) -> tuple[int, Note]:
    margin = policies.number("plan_manufacture_margin")
    days = ceil(usual.days * (1 + margin / 100))
    told = f"{days} days from collection to release: usually {usual.days:g} ({usual.source.text}), and {margin:g}%."
    return days, Note(told, usual.source.confirmed and policies.confirmed("plan_manufacture_margin"))


def source_note(words: str, source: Source) -> Note:
    """A number of a label as a note of the plan: what it is, and where it stands."""
    return Note(f"{words} ({source.text}).", source.confirmed)
