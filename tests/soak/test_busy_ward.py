"""A busy ward for two minutes, a worker killed every fifteen seconds: nothing lost, nothing doubled."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from web.browser import chromium
from web.browser.cluster import cluster
from web.browser.load import Poster, busy, open_boards
from web.browser.test_live import feverless, now

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]

COURSES, BOARDS, POSTERS, PER_SECOND, SECONDS, PATIENCE_S = 20, 8, 4, 10.0, 120.0, 60.0
KILL_EVERY_S = 15.0


def test_a_busy_ward_whose_workers_keep_dying(tmp_path: Path) -> None:
    with cluster(tmp_path) as ward, chromium.running() as browser:
        for number in range(COURSES):
            ward.record(feverless(f"K{number:02d}", now()), now())
        server = ward.serve(workers=2)
        pages = [open_boards(browser, server, ward.cookie("nurse", now()), 1)[0] for _ in range(BOARDS)]
        posters = [Poster(server.url, ward.cookie("nurse", now()), "K00") for _ in range(POSTERS)]
        over, kills = threading.Event(), 0

        def keep_killing() -> None:
            nonlocal kills
            while not over.wait(KILL_EVERY_S):
                server.kill_worker(server.workers()[0])
                kills += 1

        killer = threading.Thread(target=keep_killing)
        killer.start()
        found = busy(ward, pages, posters, PER_SECOND, SECONDS, PATIENCE_S)
        over.set()
        killer.join()
        assert kills >= 3
        assert (len(found.posts), found.lost, found.doubled) == (PER_SECOND * SECONDS, 0, 0)
        assert ward.log.verify().ok
