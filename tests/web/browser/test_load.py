"""A busy ward, in small: every observation is once in the record and once on every board, also when a worker dies.

How quickly is the benchmark's question (`python -m benchmarks board`); the long version is a soak test.
"""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import Browser

from .cluster import Cluster
from .load import Poster, busy, open_boards
from .processes import until
from .streams import Stream
from .test_live import feverless, now

BOARDS, PER_SECOND, SECONDS, PATIENCE_S = 3, 8.0, 4.0, 30.0


@pytest.mark.parametrize("killed", [False, True], ids=["whole", "a worker killed"])
def test_nothing_is_lost_or_doubled(killed: bool, ward: Cluster, browser: Browser) -> None:
    for number in range(6):
        ward.record(feverless(f"K{number}", now()), now())
    server = ward.serve(workers=2)
    pages = [open_boards(browser, server, ward.cookie("nurse", now()), 1)[0] for _ in range(BOARDS)]
    posters = [Poster(server.url, ward.cookie("nurse", now()), "K0") for _ in range(2)]
    killing = threading.Timer(SECONDS / 2, lambda: server.kill_worker(server.workers()[0]))
    if killed:
        killing.start()
    with Stream(server.port, ward.cookie("nurse", now())) as stream:
        found = busy(ward, pages, posters, PER_SECOND, SECONDS, PATIENCE_S)
        until(lambda: stream.told(ward.log.position()), PATIENCE_S)
    assert len(found.posts) == PER_SECOND * SECONDS
    assert (found.lost, found.doubled) == (0, 0)
    assert len(found.latencies) == len(found.posts) * BOARDS
    for context in {page.context for page in pages}:
        context.close()
