"""Scores that add points: CAR-HEMATOTOX and the HScore.

CAR-HEMATOTOX: Rejeski K, et al. Blood 2021;138(24):2499-2513. doi:10.1182/blood.2020010543. Before lymphodepletion.
HScore: Fardet L, et al. Arthritis Rheumatol 2014;66(9):2613-2620. doi:10.1002/art.38690.

Their limits are in `car_hematotox.toml` and `hscore.toml`. With something missing there is no score, but the range in
which it lies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from cartway.toxicity.scores.chart import Chart, apart
from cartway.toxicity.scores.model import Choices, Part, Score, source, table

HIGH_FROM = 2.0  # CAR-HEMATOTOX: 0-1 low, 2 and more high


def car_hematotox(chart: Chart, choices: Choices) -> Score:
    """CAR-HEMATOTOX by the last values before lymphodepletion (before the infusion where that is not charted)."""
    chart = chart.before("lymphodepletion", "infusion")
    rows = table("car_hematotox")["items"]
    parts = [_part(chart, row, choices) for row in rows]
    policies = (
        ["car_hematotox_equal"] if any(_on_edge(part, row) for part, row in zip(parts, rows, strict=True)) else []
    )
    found = _sum("car_hematotox", parts, [_most(row) for row in rows], policies, choices)
    return msgspec.structs.replace(found, risk=_band(found))


def _band(found: Score) -> str:
    """High or low; with something missing only where it cannot come out otherwise."""
    if found.at_least is not None and found.at_least >= HIGH_FROM:
        return "high"
    return "low" if found.at_most is not None and found.at_most < HIGH_FROM else ""


def hscore(chart: Chart, choices: Choices) -> Score:
    """The HScore by the newest values."""
    rows = table("hscore")["items"]
    numbers = [_part(chart, row, choices) for row in rows]
    lineages, at_most, unknown = _cytopenias(chart)
    told = [_told(chart, row) for row in table("hscore")["told"]]
    parts = [*told, *numbers, lineages]
    most = [*(_most_told(row) for row in table("hscore")["told"]), *(_most(row) for row in rows), at_most]
    found = _sum("hscore", parts, most, [], choices)
    missing = tuple(name for each in found.missing for name in (unknown if each == lineages.what else (each,)))
    return msgspec.structs.replace(found, missing=missing, risk=_probability(found.value))


def _part(chart: Chart, row: dict[str, Any], choices: Choices) -> Part:
    fact = chart.newest(row["what"])
    if fact is None or fact.value is None:
        return Part(row["what"], row["words"], None, row["unit"], None)
    value = round(fact.value * row.get("factor", 1.0), 9)
    return Part(row["what"], row["words"], value, row["unit"], fact.at, _points(row, value, choices))


def _points(row: dict[str, Any], value: float, choices: Choices) -> float:
    """The points of the first band that a value lies in; bands stand from the most points down."""
    if value == row.get("edge"):
        return float(_most(row)) if choices.equal_gives_point else 0.0
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


def _most(row: dict[str, Any]) -> float:
    return float(max(points for _, _, points in row["bands"]))


def _on_edge(part: Part, row: dict[str, Any]) -> bool:
    return part.value is not None and part.value == row.get("edge")


def _cytopenias(chart: Chart) -> tuple[Part, float, tuple[str, ...]]:
    """How many lineages are low: its points where they are certain, else none; the most that it may give; which are
    not known.
    """
    rows = table("hscore")["lineages"]
    values = [(chart.newest(row["what"]), row) for row in rows]
    low = sum(fact is not None and fact.value is not None and fact.value <= row["low"] for fact, row in values)
    unknown = tuple(row["what"] for fact, row in values if fact is None)
    points: Sequence[float] = table("hscore")["lineage_points"]
    at = max((fact.at for fact, _ in values if fact is not None), default=None)
    most = float(points[low + len(unknown)])
    if unknown and most > points[low]:
        return Part("cytopenias", f"low lineages ({', '.join(unknown)} not known)", None, "", at), most, unknown
    return Part("cytopenias", "low lineages", float(low), "", at, float(points[low])), most, unknown


def _told(chart: Chart, row: dict[str, Any]) -> Part:
    """What the team told: a flag, or words of which each gives its points."""
    said, at = chart.detail(row["key"], *row["whats"])
    if said is None:
        return Part(row["key"], row["words"], None, "", None)
    given = row["points"] if isinstance(said, bool) and said else 0.0 if isinstance(said, bool) else _organs(said, row)
    words = ("yes" if said else "no") if isinstance(said, bool) else str(said)
    return Part(row["key"], row["words"], None, "", at, float(given), words)


def _organs(said: str, row: dict[str, Any]) -> float:
    """Points for large organs in words: none, liver or spleen, both."""
    text = said.casefold()
    organs = ("hepat" in text or "liver" in text) + ("splen" in text) if "both" not in text else 2
    return float(row["by_organs"][organs])


def _most_told(row: dict[str, Any]) -> float:
    return float(max(row.get("by_organs", [row.get("points", 0)])))


def _sum(name: str, parts: Sequence[Part], most: Iterable[float], policies: Sequence[str], choices: Choices) -> Score:
    missing = tuple(part.what for part in parts if part.points is None)
    least = sum(part.points or 0.0 for part in parts)
    highest = sum(each if part.points is None else part.points for part, each in zip(parts, most, strict=True))
    notes, far = apart((part for part in parts if part.value is not None), choices)
    value = None if missing else least
    return Score(name, value, source(name), tuple(parts), missing, "", least, highest, (*policies, *far), notes)


def _probability(value: float | bool | None) -> str:
    """The tabled probability of the highest tabled score that is reached."""
    if value is None:
        return ""
    reached = [words for score, words in table("hscore")["probability"] if value >= score]
    return f"probability {reached[-1]}" if reached else "probability below 1 %"
