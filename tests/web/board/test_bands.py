"""The small picture of the last three days."""

from __future__ import annotations

from datetime import UTC
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from cartway.times import HOUR
from cartway.toxicity import Episode, grade, load_rules
from cartway.web.ward.bands import LANE, WIDTH, Band, band
from toxicity import drawn as d


def history(*parts: list, hour: float) -> dict[str, list[Episode]]:
    found = grade(d.course(*parts), load_rules(), d.instant(hour))
    return {scale: [episode for episode in found if episode.scale == scale] for scale in (d.CRS, d.ICANS)}


def drawn(*parts: list, hour: float) -> Band:
    return band(history(*parts, hour=hour), d.instant(hour), UTC)


WELL = (d.temperature(36.6), d.pressure(120), d.oxygen("room_air"), d.ice(10), d.conscious("awake"))


def test_a_grade_stands_as_high_as_it_is_bad() -> None:
    fever = drawn(
        d.infused(-80), d.age(60), *(d.at(h, *WELL) for h in range(-79, 0, 6)), d.at(0, d.temperature(39)), hour=1
    )
    minutes = 71 * 60
    assert fever.paths["g1"] == f"M{minutes} {LANE - 4}h{2 * WIDTH - minutes}v4h{minutes - 2 * WIDTH}z"
    assert fever.paths["g0"].startswith(f"M0 {LANE - 2}h{minutes}v2")


def test_the_lower_lane_is_icans() -> None:
    asleep = drawn(d.infused(-80), d.age(60), d.at(-1, *WELL), d.at(0, d.conscious("awakens_to_voice")), hour=1)
    top = int(asleep.paths["g2"].split()[1].split("h")[0])
    assert top > LANE


def test_neighbors_of_one_grade_are_one() -> None:
    """The reasons change with each reading, the picture does not."""
    steady = drawn(d.infused(-80), d.age(60), *(d.at(h, *WELL) for h in range(-79, 0, 6)), hour=0)
    assert steady.paths["g0"].count("M") == 2, "one in each lane"


def test_what_cannot_be_assessed_fills_its_lane() -> None:
    nothing = drawn(d.infused(-10), d.age(60), hour=0)
    assert f"v{LANE}" in nothing.paths["na"]


def test_the_last_grade_runs_on_so_that_a_page_can_move_it() -> None:
    right = drawn(d.infused(-1), d.age(60), d.at(-1, *WELL), hour=0)
    start, length = 71 * 60, 2 * WIDTH - 71 * 60
    assert f"M{start} {LANE - 2}h{length}" in right.paths["g0"]


def test_in_words() -> None:
    told = drawn(
        d.infused(-80), d.age(60), *(d.at(h, *WELL) for h in range(-79, 0, 6)), d.at(0, d.temperature(39)), hour=1
    )
    assert told.words == "CRS 0, 1 from 10 Jan 00:00. ICANS 0"


def test_midnights_are_of_the_zone_even_when_its_clocks_change() -> None:
    """Berlin, 29 March 2026: that day has 23 hours."""
    now = d.instant(0) + 79 * 24 * HOUR  # 30 March, 00:00 UTC
    lines = band({}, now, ZoneInfo("Europe/Berlin")).midnights.split("M")[1:]
    places = [int(line.split()[0]) for line in lines]
    assert [b - a for a, b in pairwise(places[:4])] == [1440, 1380, 1440]


def test_an_empty_picture_says_so() -> None:
    assert msgspec.structs.asdict(band({}, d.instant(0), UTC))["words"] == "CRS not graded. ICANS not graded"
