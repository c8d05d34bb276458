"""Who comes to the ward of the twin, and when: one virtual patient after the other from a seed, without an end."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from cartway.times import DAY, HOUR, MINUTE, Instant, parse

OPENS = parse("2026-03-16T07:00Z")
"""The time at which the demo begins: a Monday morning, as the day's nurse comes."""
BEFORE = 7 * DAY
"""A patient comes into the ward's list so long before the infusion."""
ROAD = 31 * DAY
"""So long a course counts as one of the ward's: a week before its infusion, the stay, the first weeks at home."""
MIX = (
    ("axi-cel", "lbcl", 9),
    ("liso-cel", "lbcl", 6),
    ("tisa-cel", "follicular_lymphoma", 4),
    ("brexu-cel", "mantle_cell_lymphoma", 4),
    ("cilta-cel", "multiple_myeloma", 6),
    ("ide-cel", "multiple_myeloma", 4),
    ("obe-cel", "b_all", 3),
    ("tisa-cel", "pediatric_b_all", 3),
    ("liso-cel", "cll", 1),
)
"""Product, disease, and of how many in forty: assumed, so that each is seen on a ward of forty."""


class Arrival(NamedTuple):
    """The patient of a number. `infused_at` is planned: a virtual patient comes in time, and is infused by daylight."""

    number: int
    course: str
    product: str
    disease: str
    seed: int
    infused_at: Instant

    @property
    def begins(self) -> Instant:
        """When the ward first hears of the course."""
        return self.infused_at - BEFORE


class Supply(NamedTuple):
    """All patients to come under a seed. At `opens` `courses` of them are on their road, evenly spread over it."""

    seed: int
    courses: int
    opens: Instant = OPENS

    def patient(self, number: int) -> Arrival:
        """The patient of a number from 0: the same whenever it is asked for."""
        product, disease = _mixed(self.seed, number)
        spread = self.opens - ROAD + BEFORE + (2 * number + 1) * ROAD // (2 * self.courses)
        at = spread // DAY * DAY + 9 * HOUR + drawn(self.seed, number, "hour") % 300 * MINUTE
        return Arrival(number, f"twin-{number + 1:03d}", product, disease, self.seed, at)


def _mixed(seed: int, number: int) -> tuple[str, str]:
    """Each forty patients are the whole mix, in an order of their own."""
    whole = [pair[:2] for pair in MIX for _ in range(pair[2])]
    among, place = divmod(number, len(whole))
    order = sorted(range(len(whole)), key=lambda i: drawn(seed, among, f"mix {i}"))
    return whole[order[place]]


def drawn(seed: int, number: int, what: str) -> int:
    """A whole number drawn from a seed for one purpose of one patient: the same in every process."""
    digest = hashlib.blake2b(f"{seed} {number} {what}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big")
