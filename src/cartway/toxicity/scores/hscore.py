"""The HScore: Fardet L, et al. Arthritis Rheumatol 2014;66(9):2613-2620. doi:10.1002/art.38690.

Its limits are in `hscore.toml`. With something missing there is no score, but the range in which it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from cartway.toxicity.scores.chart import Chart, Said, ages, apart, duration
from cartway.toxicity.scores.model import Choices, Part, Score, table
from cartway.toxicity.scores.organs import organs
from cartway.toxicity.scores.points import most, part_of, total


def hscore(chart: Chart, choices: Choices) -> Score:
    """The HScore by the newest values, and by the highest temperature of the last hours: a drug may hide a fever."""
    book = table("hscore")
    rows, heat = book["items"], book["temperature"]
    warm = part_of(chart.worst(heat["what"], choices.temperature_span), heat, choices)
    warm = msgspec.structs.replace(warm, words=f"{heat['words']}, the highest of {choices.temperature_hours:g} h")
    numbers = [part_of(chart.fresh(row["what"], choices), row, choices) for row in rows]
    lineages, at_most, unknown = _cytopenias(chart, choices)
    parts = [*(_told(chart, row, choices) for row in book["told"]), warm, *numbers, lineages]
    highest = [*map(_most_told, book["told"]), most(heat), *map(most, rows), at_most]
    asked = {row["what"]: row.get("words", row["what"]) for row in (*rows, *book["lineages"])}
    said = (_heat(chart, warm, choices), _words(chart, parts, choices), ages(chart, asked, choices))
    found = total("hscore", parts, highest, *said, apart(parts, choices))
    missing = tuple(name for each in found.missing for name in (unknown if each == lineages.what else (each,)))
    return msgspec.structs.replace(found, missing=missing, risk=_probability(found.value))


def _heat(chart: Chart, warm: Part, choices: Choices) -> Said:
    """The policy of the window, where without it another temperature, or one at all, would count."""
    newest = chart.newest(warm.what)
    if newest is None or newest.value == warm.value:
        return (), ()
    lost = (f"No temperature within {choices.temperature_hours:g} h.",) if warm.value is None else ()
    return lost, ("hscore_temperature_hours",)


def _cytopenias(chart: Chart, choices: Choices) -> tuple[Part, float, tuple[str, ...]]:
    """How many lineages are low: its points where they are certain, else none; the most that it may give; which are
    not known.
    """
    rows = table("hscore")["lineages"]
    values = [(chart.fresh(row["what"], choices), row) for row in rows]
    low = sum(fact is not None and fact.value is not None and fact.value <= row["low"] for fact, row in values)
    unknown = tuple(row["what"] for fact, row in values if fact is None)
    points: Sequence[float] = table("hscore")["lineage_points"]
    at = max((fact.at for fact, _ in values if fact is not None), default=None)
    highest = float(points[low + len(unknown)])
    if unknown and highest > points[low]:
        return Part("cytopenias", f"low lineages ({', '.join(unknown)} not known)", None, "", at), highest, unknown
    return Part("cytopenias", "low lineages", float(low), "", at, float(points[low])), highest, unknown


def _told(chart: Chart, row: dict[str, Any], choices: Choices) -> Part:
    """What the team told: a flag, or words on the organs. Without points where it is too old, or cannot be read."""
    said, at = chart.detail(row["key"], *row["whats"])
    if said is None or at is None:
        return Part(row["key"], row["words"], None, "", None)
    words = ("yes" if said else "no") if isinstance(said, bool) else str(said)
    points = None if row["ages"] and chart.at - at > choices.told_max_age else _points(said, row)
    return Part(row["key"], row["words"], None, "", at, points, words)


def _points(said: object, row: dict[str, Any]) -> float | None:
    if "by_organs" not in row:
        return float(row["points"]) if said else 0.0
    count = organs(said)
    return None if count is None else float(row["by_organs"][count])


def _words(chart: Chart, parts: Sequence[Part], choices: Choices) -> Said:
    """Why what was told gives no points: too old, or words that cannot be read."""
    lost = [(part, chart.at - part.at) for part in parts if part.said and part.points is None and part.at is not None]
    old = [f"{part.words} ({duration(age)})" for part, age in lost if age > choices.told_max_age]
    unread = [part for part, age in lost if age <= choices.told_max_age]
    notes = [f"Told more than {choices.told_max_age_days:g} days ago, so missing: {', '.join(old)}."] if old else []
    return (*notes, *([_UNREAD] if unread else [])), ("hscore_told_max_age_days",) if old else ()


_UNREAD = "What was told of liver and spleen is none of: none, hepatomegaly, splenomegaly, both. So it is missing."


def _most_told(row: dict[str, Any]) -> float:
    return float(max(row.get("by_organs", [row.get("points", 0)])))


def _probability(value: float | bool | None) -> str:
    """The tabled probability of the highest tabled score that is reached."""
    if value is None:
        return ""
    reached = [words for score, words in table("hscore")["probability"] if value >= score]
    return f"probability {reached[-1]}" if reached else "probability below 1 %"
