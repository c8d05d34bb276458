"""How fresh the live ward of this worker is: pages made of it say so, and say that they may be behind where it is."""

from __future__ import annotations

import msgspec

from cartway.times import SECOND, Instant
from cartway.web.demo.clock import DemoClock
from cartway.web.office import Office

STALE_AFTER = 10 * SECOND  # the ward is looked at twice a second; this is twenty looks missed


class Fresh(msgspec.Struct, frozen=True):
    """Until when the record is in it. `trouble`: why it could not be followed since, or ""; `is_stale`: it was not
    followed for longer than it ever takes, whatever the reason.
    """

    as_of: Instant
    trouble: str = ""
    is_stale: bool = False

    @property
    def is_live(self) -> bool:
        """Whether a page made of it shows what is recorded."""
        return not self.trouble and not self.is_stale


def fresh(office: Office, now: Instant) -> Fresh:
    """How fresh the ward is. Before its first look it is as fresh as when the worker filled it."""
    latest = office.hub.latest
    as_of = min(latest.checked_at or latest.now, now)
    return Fresh(as_of, latest.trouble, now - as_of > STALE_AFTER * _pace(office))


def _pace(office: Office) -> int:
    """How many seconds of the pages' clock pass in one of the world: more than one in a demonstration alone."""
    clock = office.config.clock
    return max(1, clock.shown().rate) if isinstance(clock, DemoClock) else 1
