"""Scores that add points: what they share, and CAR-HEMATOTOX.

CAR-HEMATOTOX: Rejeski K, et al. Blood 2021;138(24):2499-2513. doi:10.1182/blood.2020010543. Before lymphodepletion.

Its limits are in `car_hematotox.toml`. With something missing there is no score, but the range in which it lies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from cartway.record.fact import Fact
from cartway.toxicity.scores.chart import Chart, Said, ages, apart, joined
from cartway.toxicity.scores.model import Choices, Part, Score, source, table

HIGH_FROM = 2.0  # CAR-HEMATOTOX: 0-1 low, 2 and more high


def car_hematotox(chart: Chart, choices: Choices) -> Score:
    """CAR-HEMATOTOX by the last values before lymphodepletion (before the infusion where that is not charted).

    How old they are is counted from there.
    """
    milestone, chart = chart.before("lymphodepletion", "infusion")
    rows = table("car_hematotox")["items"]
    parts = [part_of(chart.fresh(row["what"], choices), row, choices) for row in rows]
    on_edge = any(_on_edge(part, row) for part, row in zip(parts, rows, strict=True))
    found = total(
        "car_hematotox",
        parts,
        [most(row) for row in rows],
        (_UNTOLD if milestone == "infusion" else (), ("car_hematotox_equal",) if on_edge else ()),
        ages(chart, {row["what"]: row["words"] for row in rows}, choices),
        apart(parts, choices),
    )
    return msgspec.structs.replace(found, risk=_band(found))


_UNTOLD = ("No lymphodepletion is charted: these are the last values before the infusion.",)


def _band(found: Score) -> str:
    """High or low; with something missing only where it cannot come out otherwise."""
    if found.at_least is not None and found.at_least >= HIGH_FROM:
        return "high"
    return "low" if found.at_most is not None and found.at_most < HIGH_FROM else ""


def part_of(fact: Fact | None, row: dict[str, Any], choices: Choices) -> Part:
    """A value in the score's own unit with its points; neither where there is no value."""
    if fact is None or fact.value is None:
        return Part(row["what"], row["words"], None, row["unit"], None)
    value = round(fact.value * row.get("factor", 1.0), 9)
    return Part(row["what"], row["words"], value, row["unit"], fact.at, _points(row, value, choices))


def _points(row: dict[str, Any], value: float, choices: Choices) -> float:
    """The points of the first band that a value lies in; bands stand from the most points down."""
    if value == row.get("edge"):
        return most(row) if choices.equal_gives_point else 0.0
    for compare, limit, points in row["bands"]:
        if _lies(value, compare, limit):
            return float(points)
    return 0.0


def _lies(value: float, compare: str, limit: float) -> bool:
    match compare:
        case "<":
            return value < limit
        case "<=":
            return value <= limit
        case ">":
            return value > limit
        case _:
            return value >= limit


def most(row: dict[str, Any]) -> float:
    """The most points that a value can give."""
    return float(max(points for _, _, points in row["bands"]))


def _on_edge(part: Part, row: dict[str, Any]) -> bool:
    return part.value is not None and part.value == row.get("edge")


def total(name: str, parts: Sequence[Part], highest: Iterable[float], *said: Said) -> Score:
    """The sum; None and the range in which it lies where a part has no points. `highest`: the most of each part."""
    missing = tuple(part.what for part in parts if part.points is None)
    least = sum(part.points or 0.0 for part in parts)
    at_most = sum(each if part.points is None else part.points for part, each in zip(parts, highest, strict=True))
    notes, policies = joined(*said)
    value = None if missing else least
    return Score(name, value, source(name), tuple(parts), missing, "", least, at_most, policies, notes)
