"""Where the people are opened: the outermost layer, which alone reads a clock and draws random names."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from cartway.times import Instant

if TYPE_CHECKING:
    from cartway.people.people import People


def random_id() -> str:
    """A name for a person or course that says nothing about them."""
    return secrets.token_hex(8)


def clock() -> Instant:
    """The present, for looks at the people whose caller states none."""
    return time.time_ns() // 1000


def open_people(url: str, *, create: bool = True, by: str = "cartway", now: Callable[[], Instant] = clock) -> People:
    """Open the people that belong to the record at `url`, or the people's own SQLite file `NAME.people.db`.

    For PostgreSQL they have a schema beside the record's, with `_people` after its name. `by` and `now` are what the
    access log says of a look-up whose caller states neither.
    """
    from cartway.people.people import People
    from cartway.people.store import open_store

    return People(open_store(url, create=create), by, now)
