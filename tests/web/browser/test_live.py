"""Part E: what one process records is on every open page, whatever happens to servers, streams and tabs."""

from __future__ import annotations

import time

from cartway.times import HOUR, MINUTE, Instant
from playwright.sync_api import expect

from .cluster import Cluster, fact
from .conftest import Visit


def now() -> Instant:
    return time.time_ns() // 1000


def feverish(ward: Cluster, course: str = "K1") -> Instant:
    """A course five days after its infusion, without fever so far; when its last observation was."""
    at = now() - HOUR
    ward.record(
        [
            fact(course, at - 5 * 24 * HOUR, "infusion", choice="axicabtagene_ciloleucel"),
            fact(course, at, "body_temperature", 36.8, "Cel"),
            fact(course, at, "systolic_pressure", 120.0, "mm[Hg]"),
            fact(course, at, "oxygen_saturation", 97.0, "%"),
            fact(course, at, "ice_score", 10.0, "{score}"),
        ],
        now(),
    )
    return at


def test_what_another_process_records_is_on_the_pages_of_every_worker(ward: Cluster, visit: Visit) -> None:
    at = feverish(ward)
    one, other = ward.serve(), ward.serve()
    pages = [visit(server.url, ward.cookie("nurse", now())).open("/board") for server in (one, other)]
    ward.record([fact("K1", at + MINUTE, "body_temperature", 38.6, "Cel")], now())
    for page in pages:
        expect(page.locator("#row-K1")).to_contain_text("38.6")
