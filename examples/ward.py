"""How a ward charts: from a course told in a few lines to the facts that nurses, monitors and laboratories leave.

Nothing is random: the small differences between readings come from a checksum of the course, the variable and the time,
so that the same story always gives the same files.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from typing import Any

Row = dict[str, Any]  # the columns of a facts table by name; `at` and `until` are datetimes in UTC
Curve = list[tuple[datetime, str]]

# what, unit, decimals, what a reading differs by
VITAL_SIGNS = (
    ("body_temperature", "Cel", 1, 0.12),
    ("systolic_pressure", "mm[Hg]", 0, 4.0),
    ("diastolic_pressure", "mm[Hg]", 0, 3.0),
    ("heart_rate", "/min", 0, 4.0),
    ("respiratory_rate", "/min", 0, 1.2),
    ("oxygen_saturation", "%", 0, 0.8),
)
LABORATORY = (
    ("neutrophils", "10*9/L", 2, 0.15),
    ("platelets", "10*9/L", 0, 0.06),
    ("hemoglobin", "g/dL", 1, 0.03),
    ("crp", "mg/L", 1, 0.08),
    ("ferritin", "ng/mL", 0, 0.05),
)
# In which order the points of ICE are lost: writing and counting first, obeying a command last (what, points).
ICE_ITEMS = (
    ("ice_writing", 1), ("ice_attention", 1), ("ice_orientation", 4), ("ice_naming", 3), ("ice_command", 1),
)  # fmt: skip
# The same morning's chemistry: what it runs around, unless a story tells a curve of its own in `chemistry`.
CHEMISTRY = (
    ("creatinine", "mg/dL", 2, 0.06, 0.82),
    ("alt", "U/L", 0, 0.12, 26.0),
    ("ast", "U/L", 0, 0.12, 24.0),
    ("bilirubin", "mg/dL", 1, 0.1, 0.6),
    ("ldh", "U/L", 0, 0.06, 215.0),
    ("fibrinogen", "mg/dL", 0, 0.05, 340.0),
    ("uric_acid", "mg/dL", 1, 0.06, 4.6),
    ("potassium", "mmol/L", 1, 0.04, 4.0),
    ("phosphate", "mg/dL", 1, 0.06, 3.3),
    ("calcium", "mg/dL", 1, 0.02, 9.0),
)
SOURCES = {"drug": "medication", "fluid_bolus": "medication"} | {what: "lab" for what, *_ in (*LABORATORY, *CHEMISTRY)}
RECORD = frozenset({
    "age", "sex", "diagnosis", "infusion", "lymphodepletion", "discharge", "death", "attribution", "home_oxygen",
    "home_positive_pressure", "body_weight", "body_height", "line_of_therapy",
})  # fmt: skip
NOTE = re.compile(
    r"(?P<day>-?\d+) (?P<hour>\d\d:\d\d) (?P<what>[a-z_]+)(?: (?P<choice>[a-z_]\w*))??"
    r"(?: (?P<value>-?\d[\d.]*)(?: (?!until )(?P<unit>[^\s{]\S*))?)?"
    r"(?: until (?P<until_day>-?\d+) (?P<until_hour>\d\d:\d\d))?(?: (?P<detail>\{.*\}))?"
)


@dataclass(frozen=True, eq=False)
class Story:
    """One course. Times are ``day hh:mm`` in UTC, day 0 the calendar day of the infusion; ``|`` parts the points.

    `watch`: from when on vital signs are taken every so many hours (0: nobody is there). `usual`: temperature, systolic
    pressure, heart rate and saturation of this person when well. `temperature`, `systolic` and
    `saturation` run straight between their points, and outside them as usual; `oxygen`, `ice`, `capd` and
    `consciousness` hold until the next point (``-``: could not be done). `neutrophils` to `ferritin` run straight on a
    logarithmic scale. `notes` has one line an event: ``day hh:mm what choice value unit until day hh:mm {detail}``.
    `extra` are rows written out in full.
    """

    name: str
    shows: str
    infused: str
    watch: str
    notes: str
    age: float = 60.0
    usual: tuple[float, float, float, float] = (36.6, 122.0, 74.0, 97.0)
    temperature: str = ""
    systolic: str = ""
    saturation: str = ""
    oxygen: str = "-9 00:00 room_air"
    ice: str = "-9 00:00 10"
    capd: str = ""
    consciousness: str = "-9 00:00 awake"
    neutrophils: str = "-6 05:30 3.1 | 0 05:30 1.4 | 4 05:30 0.35 | 8 05:30 0.12 | 12 05:30 0.55 | 16 05:30 1.2"
    platelets: str = "-6 05:30 176 | 0 05:30 141 | 6 05:30 78 | 12 05:30 52 | 16 05:30 61"
    hemoglobin: str = "-6 05:30 10.6 | 0 05:30 9.8 | 8 05:30 8.6 | 16 05:30 8.9"
    crp: str = "-6 05:30 9 | 16 05:30 6"
    ferritin: str = "-6 05:30 420 | 16 05:30 510"
    chemistry: tuple[tuple[str, str], ...] = ()
    extra: tuple[Row, ...] = field(default=())

    def time(self, day: str | int, hour: str) -> datetime:
        """A time of the story on the calendar."""
        first = datetime.fromisoformat(self.infused).replace(tzinfo=UTC)
        hours, minutes = hour.split(":")
        return first + timedelta(days=int(day), hours=int(hours), minutes=int(minutes))

    def curve(self, text: str) -> Curve:
        """The points of a curve."""
        points = (point.split() for point in text.split("|") if point.strip())
        return [(self.time(day, hour), value) for day, hour, value in ((p[0], p[1], " ".join(p[2:])) for p in points)]


def chart(story: Story) -> list[Row]:
    """All rows of a course in the order of time, each with its source and key."""
    charts = (_notes, _vital_signs, _oxygen, _neurology, _laboratory, _weights)
    rows = sorted((*chain(*(one(story) for one in charts)), *story.extra), key=lambda row: row["at"])
    counts: dict[str, int] = {}
    for row in rows:
        what = row["what"]
        source = row.setdefault("source", SOURCES.get(what, "chart" if what in RECORD else "ward"))
        counts[source] = counts.get(source, 0) + 1
        row.setdefault("key", f"{source[0]}{counts[source]}")
        row.update(course=story.name, simulated="true")
    return rows


def _notes(story: Story) -> Iterator[Row]:
    for line in filter(None, (line.strip() for line in story.notes.splitlines())):
        found = NOTE.fullmatch(line)
        if found is None:
            raise ValueError(f"{story.name}: cannot read the note '{line}'")
        row = {name: found[name] for name in ("what", "choice", "value", "unit") if found[name]}
        row["at"] = story.time(found["day"], found["hour"])
        if found["until_day"]:
            row["until"] = story.time(found["until_day"], found["until_hour"])
        if found["detail"]:
            row["detail"] = json.dumps(json.loads(found["detail"]))
        yield row


def rounds(story: Story) -> Iterator[datetime]:
    """When vital signs are taken: a few minutes around the hour, and twice in the hour after each infusion."""
    parts = story.curve(story.watch)
    for (start, every), (end, _) in pairwise(parts):
        at = start
        while int(every) and at < end:
            yield at + timedelta(minutes=int(6 + 5 * differ(story, "round", at)))
            at += timedelta(hours=int(every))
    for row in _notes(story):
        if row["what"] == "infusion":
            yield from (row["at"] + timedelta(minutes=minutes) for minutes in (15, 60))


def _vital_signs(story: Story) -> Iterator[Row]:
    for number, at in enumerate(sorted(rounds(story)), 1):
        event = f"bp{number}"
        for (what, unit, decimals, spread), value in zip(VITAL_SIGNS, _readings(story, at), strict=True):
            read = value + spread * differ(story, what, at)
            shown = f"{min(read, 100.0) if unit == '%' else read:.{decimals}f}"
            tied = {"event": event} if what.endswith("tolic_pressure") else {}
            yield {"at": at, "what": what, "value": shown, "unit": unit, **tied}


def _oxygen(story: Story) -> Iterator[Row]:
    """The device when it changes, then every few hours: on room air at most every five, on oxygen with every round."""
    devices, watch, charted = story.curve(story.oxygen), story.curve(story.watch), story.time(-99, "00:00")
    changes = [at for at, _ in devices if at > watch[0][0]]
    infusions = [row["at"] for row in _notes(story) if row["what"] == "infusion"]
    for at in sorted({*rounds(story), *changes}):
        device, _, flow = holding(devices, at).partition(" ")
        renewed = any(charted < infused < at for infused in infusions)
        if device != "room_air" or at in changes or renewed or at - charted > timedelta(hours=5):
            charted = at
            yield {"at": at, "what": "oxygen_device", "choice": device}
            yield from [{"at": at, "what": "oxygen_flow", "value": flow, "unit": "L/min"}] if flow else []


def _readings(story: Story, at: datetime) -> tuple[float, ...]:
    """What the body does, before a device reads it: the heart answers to fever and to low pressure."""
    usual_temperature, usual_systolic, usual_heart, usual_saturation = story.usual
    of_day = 0.2 * math.sin((at.hour - 12) * math.pi / 12)
    temperature = _between(story.curve(story.temperature), at, usual_temperature + of_day)
    systolic = _between(story.curve(story.systolic), at, usual_systolic)
    saturation = _between(story.curve(story.saturation), at, usual_saturation)
    fever, fall = max(0.0, temperature - 36.8), max(0.0, usual_systolic - 8 - systolic)
    heart = usual_heart + 11 * fever + 0.5 * fall
    breaths = (24 if story.age < 6 else 18 if story.age < 12 else 15) + 2.2 * fever + 0.9 * max(0.0, 95 - saturation)
    return temperature, systolic, 0.62 * systolic - 1, heart, breaths, saturation


def _neurology(story: Story) -> Iterator[Row]:
    """ICE (or CAPD) and consciousness morning and evening from the day before the infusion, while somebody watches."""
    score, waking = story.curve(story.capd or story.ice), story.curve(story.consciousness)
    watch = story.curve(story.watch)
    for number in range(-2, 60):
        at = story.time(-1, "08:00") + timedelta(hours=12 * number)
        if at > watch[-1][0] or at < story.time(-1, "08:00") or holding(watch, at) == "0":
            continue
        at += timedelta(minutes=int(15 + 10 * differ(story, "score", at)))
        points = holding(score, at)
        if points != "-":
            yield from [{"at": at, "what": "capd_score", "value": points}] if story.capd else _ice(at, int(points))
        yield {"at": at, "what": "consciousness", "choice": holding(waking, at)}


def _ice(at: datetime, points: int) -> Iterator[Row]:
    """A full score as a total; one below ten by its five items, since then it matters which points were lost."""
    if points == 10:
        yield {"at": at, "what": "ice_score", "value": "10"}
        return
    lost = 10 - points
    for what, most in ICE_ITEMS:
        yield {"at": at, "what": what, "value": str(most - min(lost, most)), "event": f"ice{at:%d%H}"}
        lost -= min(lost, most)


def _mornings(story: Story) -> Iterator[datetime]:
    """The days on which blood is taken: after the first day of chemotherapy not again until the day before the
    infusion.
    """
    watch = story.curve(story.watch)
    first = (watch[0][0] - story.time(0, "00:00")).days + 1
    for day in sorted({first, *range(-1, 25)}):
        at = story.time(day, "05:30") + timedelta(minutes=int(8 * differ(story, "blood", story.time(day, "05:30"))))
        if watch[0][0] <= at <= watch[-1][0] and holding(watch, at) != "0":
            yield at


def _laboratory(story: Story) -> Iterator[Row]:
    """The morning's blood."""
    told = dict(story.chemistry)
    for at in _mornings(story):
        for what, unit, decimals, spread in LABORATORY:
            yield _blood(story, what, getattr(story, what), at, unit, decimals, spread)
        for what, unit, decimals, spread, usual in CHEMISTRY:
            yield _blood(story, what, told.get(what, f"0 00:00 {usual}"), at, unit, decimals, spread)


def _blood(story: Story, what: str, curve: str, at: datetime, unit: str, decimals: int, spread: float) -> Row:
    points = [(when, str(math.log(float(value)))) for when, value in story.curve(curve)]
    value = math.exp(_between(points, at, float(points[-1][1]))) * (1 + spread * differ(story, what, at))
    return {"at": at, "what": what, "value": f"{value:.{decimals}f}", "unit": unit}


def _weights(story: Story) -> Iterator[Row]:
    """The morning's weight: that of admission, and what fluid and a poor appetite make of it."""
    admitted = next((row for row in _notes(story) if row["what"] == "body_weight"), None)
    for at in _mornings(story) if admitted is not None else ():
        if at > admitted["at"] + timedelta(hours=12):
            value = float(admitted["value"]) * (1 + 0.012 * differ(story, "weight", at))
            yield {
                "at": at + timedelta(minutes=50),
                "what": "body_weight",
                "value": f"{value:.1f}",
                "unit": "kg",
                "source": "ward",
            }


def _between(points: Curve, at: datetime, outside: float) -> float:
    """The straight line between the two points around a time; `outside` before the first and after the last."""
    for (start, low), (end, high) in pairwise(points):
        if start <= at <= end:
            return float(low) + (float(high) - float(low)) * ((at - start) / (end - start))
    return outside


def holding(points: Curve, at: datetime) -> str:
    """The last point's value at a time; the first one's before it."""
    return next((value for when, value in reversed(points) if when <= at), points[0][1])


def differ(story: Story, what: str, at: datetime) -> float:
    """Between -1 and 1, always the same for the same course, variable and time."""
    return zlib.crc32(f"{story.name} {what} {at:%Y%m%d%H%M}".encode()) / 2**31 - 1.0
