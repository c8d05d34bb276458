"""A downtime pack that is no longer written is told on the board, while there still is a board."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cartway.web.downtime.folder import SHEET, prepare, put
from web.conftest import START, Site


def test_a_late_pack_is_told(make_site: Callable[..., Site], tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    site = make_site(downtime=folder)
    client = site.client("nurse")
    assert "The downtime pack has not been written." in client.get("/board").text
    prepare(folder)
    put(folder / SHEET, "x")
    for late_s, told in ((60, False), (3600, True)):
        os.utime(folder / SHEET, (START // 1_000_000 - late_s,) * 2)
        assert ("The downtime pack was last written" in client.get("/board").text) == told


def test_where_none_is_kept_nothing_is_said(site: Site) -> None:
    assert "downtime" not in site.client("nurse").get("/board").text
