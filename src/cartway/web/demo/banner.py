"""What every page of the demo may say: the stories' time, how fast it runs, and who there is to sign in as."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from cartway.times import Instant, to_datetime
from cartway.web.config import Config
from cartway.web.demo.bill import read
from cartway.web.demo.cast import SIGNATURE
from cartway.web.demo.clock import DemoClock, Shown

PACES = {
    1: "as fast as life",
    60: "a minute a second",
    300: "5 minutes a second",
    600: "10 minutes a second",
    1200: "20 minutes a second",
    3600: "an hour a second",
}


def words(config: Config) -> Mapping[str, Any]:
    """Names for the templates; none outside the demo."""
    clock = config.clock
    if not (config.demo and isinstance(clock, DemoClock)):
        return {}
    zone, bill = config.zone, read(clock.path)
    return {
        "demo_clock": clock.shown,
        "demo_cast": bill.cast,
        "demo_says": bill.says,
        "demo_simulated": bill.simulated,
        "demo_signature": SIGNATURE,
        "demo_pace": pace,
        "demo_time": lambda instant: story_time(instant, zone),
        "demo_zone": getattr(zone, "key", "UTC"),
    }


def pace(shown: Shown) -> str:
    """How fast the stories go, in words."""
    if shown.ended:
        return "the stories end here"
    if shown.waiting:
        return "begins when you sign in"
    return PACES.get(shown.rate, f"{shown.rate} times as fast as life") if shown.rate else "paused"


def story_time(instant: Instant, zone: tzinfo) -> str:
    """``Sat 14 Mar 23:04``."""
    return to_datetime(instant).astimezone(zone).strftime("%a %-d %b %H:%M")
