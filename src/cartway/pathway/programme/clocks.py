"""How long a course has waited: since referral, to the collection, from vein to vein against the product's usual."""

from __future__ import annotations

from datetime import date

import msgspec

from cartway.pathway.answer import Answer, Source
from cartway.pathway.closing import Closed
from cartway.pathway.products import product, timing
from cartway.pathway.programme.days import counted
from cartway.pathway.programme.look import Look
from cartway.pathway.stages import collections, effective


class Clock(msgspec.Struct, frozen=True):
    """Days from one event to another. `days` is None where it has not begun; `runs` while its end is not reached."""

    days: int | None
    runs: bool
    start: date | None = None
    end: date | None = None


class Clocks(msgspec.Struct, frozen=True):
    """The clocks of a course. `usual_days`: the product's usual days from vein to vein, None where no source says.

    `late`: whether vein-to-vein is longer than usual; unknown where the usual is not. `first_collection`: where cells
    were collected more than once, the clock from the first of all; `vein_to_vein` is of the cells that count.
    """

    referral: Clock
    stage: Clock
    collection: Clock
    vein_to_vein: Clock
    first_collection: Clock
    usual_days: float | None
    usual_source: Source | None
    usual_of: str
    late: Answer
    words: str


def clocks(look: Look, end: Closed | None) -> Clocks:
    """All clocks at the center's day. Those of a course that ended stand still on that day."""
    stop = look.today if end is None else look.day(end.fact)
    begun = look.begun
    referral = look.course.first("referral")
    referred = None if referral is None else look.day(referral)
    first = look.course.first("collection", choice="completed") or look.course.first("collection", choice="")
    counting, infused = collections(look.course), effective(look.course, "infusion", "infused")
    collected = look.day(counting[0]) if counting else None
    given = look.day(infused[0]) if infused else None
    days = timing(look.product).vein_to_vein if look.product else None
    vein = _clock(collected, given, stop)
    return Clocks(
        referral=_clock(referred, given, stop),
        stage=_clock(look.day(begun[look.stage].fact) if begun else None, None, stop),
        collection=_clock(referred, look.day(first) if first else None, stop),
        vein_to_vein=vein,
        first_collection=_clock(look.day(first) if first else None, given, stop),
        usual_days=None if days is None else days.days,
        usual_source=None if days is None else days.source,
        usual_of=_short(look.product),
        late=_late(vein, None if days is None else days.days),
        words=_words(vein, None if days is None else days.days, _short(look.product)),
    )


def _clock(start: date | None, reached: date | None, stop: date) -> Clock:
    if start is None:
        return Clock(None, runs=False)
    end = stop if reached is None else reached
    return Clock((end - start).days, reached is None, start, end)


def _late(vein: Clock, usual: float | None) -> Answer:
    if vein.days is None or usual is None:
        return Answer.unknown
    if vein.days > usual:
        return Answer.yes
    return Answer.unknown if vein.runs else Answer.no


def _words(vein: Clock, usual: float | None, of: str) -> str:
    """``12 days since collection; usual for axi-cel is 31``. What is not known is said."""
    if vein.days is None:
        return "not collected"
    told = f"{counted(vein.days)} {'since collection' if vein.runs else 'from vein to vein'}"
    if not of:
        return f"{told}; the product is not known"
    return f"{told}; the usual for {of} is {'not known' if usual is None else f'{usual:g}'}"


def _short(name: str) -> str:
    found = product(name) if name else None
    return found.short if found is not None else name.replace("_", " ")
