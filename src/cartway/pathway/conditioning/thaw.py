"""The clock of a thawed container: from the start of its thaw to the last moment that the label allows."""

from __future__ import annotations

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.conditioning.by_part import row_place
from cartway.pathway.conditioning.case import Case
from cartway.pathway.products import Limits, infusion_limits
from cartway.record import Fact
from cartway.times import MINUTE, Instant


class ThawClock(msgspec.Struct, frozen=True):
    """One thawed container. `expires` is None where the label's minutes are not held; `ended` once it is in.

    The count runs from the start of the thaw, the earlier of what a label may mean. `minutes` with its `source`, whose
    `confirmed` every surface shows.
    """

    container: str
    started: Instant
    minutes: float | None
    source: Source | None
    expires: Instant | None
    ended: Instant | None
    fact: Fact

    def expired(self, now: Instant) -> bool:
        """Whether its time was over, at its end where it was given, else now."""
        return self.expires is not None and (self.ended or now) > self.expires

    def left(self, now: Instant) -> Instant | None:
        """Microseconds that are left, below 0 where none are; None where nothing says."""
        return None if self.expires is None else self.expires - now


def limits_of(case: Case) -> Limits | None:
    """The label's limits for this course's infusion; None where no text is held."""
    on = case.day_zero or case.today
    return infusion_limits(case.product, on, case.jurisdiction) if case.product else None


def giving_order(case: Case) -> tuple[str, ...]:
    """The containers in the order in which they are given: by part, then by the label's order of components.

    Of a split dose the row for this marrow says the part, where it is known; else the container's label.
    """
    limits = limits_of(case)
    order = {name: n for n, name in enumerate(limits.order_of_components if limits is not None else ())}

    def rank(container: str) -> tuple[int, int, int]:
        part, place = row_place(case, container) or (case.part(container) or 0, 0)
        return part, place, order.get(str(case.says(container, "component")), len(order))

    return tuple(sorted(case.containers, key=rank))


def thaw_clocks(case: Case) -> tuple[ThawClock, ...]:
    """A clock for every container whose thaw began, in the order in which they were thawed."""
    limits = limits_of(case)
    minutes = limits.thaw_minutes if limits is not None else None
    thawed = [fact for about in case.course.abouts("thaw") for fact in case.course.all("thaw", about=about)[:1]]
    return tuple(
        _clock(case, fact, minutes.value if minutes else None, minutes.source if minutes else None) for fact in thawed
    )


def _clock(case: Case, fact: Fact, minutes: float | None, source: Source | None) -> ThawClock:
    ended = case.course.last("infusion_end", about=fact.about)
    expires = None if minutes is None else fact.at + round(minutes * MINUTE)
    return ThawClock(fact.about, fact.at, minutes, source, expires, ended.at if ended is not None else None, fact)
