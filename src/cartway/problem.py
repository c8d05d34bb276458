"""A problem is a value: what is wrong, where, why, and what mends it."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """Something that could not be taken in, stated so that a person can mend it.

    ``code`` is a stable slug to count and to document; ``place`` says where in the input (file, line, field),
    never with a patient's value in it; ``reason`` says why; ``remedy`` says what to do.
    """

    code: str
    reason: str
    remedy: str
    place: str = ""

    def at(self, place: str) -> Problem:
        """The same problem, found at `place`."""
        return msgspec.structs.replace(self, place=place)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.reason} {self.remedy}".strip()
