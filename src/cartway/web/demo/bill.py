"""What is played and by whom: a small file beside the demo's clock, which every worker reads."""

from __future__ import annotations

from pathlib import Path

import msgspec

from cartway.web.demo.cast import CAST, Player


class Bill(msgspec.Struct, frozen=True):
    """The demo in a sentence, what its facts are, and who there is to sign in as."""

    says: str
    simulated: str
    cast: tuple[Player, ...]


STORIES = Bill(
    "Twelve invented patients after CAR T-cell therapy, played forward from the night of 14 March 2026. "
    "What you chart takes part in it.",
    "simulated",
    CAST,
)


def post(clock: Path, bill: Bill) -> None:
    """Write it beside the clock's file."""
    _beside(clock).write_bytes(msgspec.json.encode(bill))


def read(clock: Path) -> Bill:
    """The bill beside a clock's file; that of the stories where there is none."""
    try:
        return msgspec.json.decode(_beside(clock).read_bytes(), type=Bill)
    except FileNotFoundError:
        return STORIES


def _beside(clock: Path) -> Path:
    return clock.with_suffix(".bill")
