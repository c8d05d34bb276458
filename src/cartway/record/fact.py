"""The fact: the one thing that is stored. See ARCHITECTURE.md, "A fact"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from cartway.times import Instant

RETRACTION = "retraction"
UNREADABLE = "unreadable"


class Fact(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One thing that was true of a course at a time, and who says so.

    Times are microseconds UTC (`cartway.times`). `value` is in the vocabulary's canonical unit, which `unit` repeats;
    what the source said before conversion is kept in `said` (for example ``101.3 [degF]``). `choice` is one of the
    variable's choices. `detail` holds the small extras that the variable declares. `key` is the source's own key: in
    a course, the same source and key mean the same statement. `amends` is the key of the fact of this course that this
    one corrects. `corrected` is how a source marks a newer version under the same key. `recorded_at`, `recorded_by` and
    `position` (the store-wide commit position, from 1) are set by the store; a recording time that the source states is
    kept as `source_recorded_at`.
    """

    course: str
    at: Instant
    what: str
    value: float | None = None
    unit: str = ""
    choice: str = ""
    until: Instant | None = None
    about: str = ""
    event: str = ""
    detail: Mapping[str, Any] = {}
    source: str = ""
    key: str = ""
    said: str = ""
    amends: str = ""
    reason: str = ""
    corrected: bool = False
    simulated: bool = False
    source_recorded_at: Instant | None = None
    recorded_at: Instant | None = None
    recorded_by: str = ""
    position: int = 0
