"""The chart's data: compact arrays for the browser, and one text that says what the picture shows.

Times are whole seconds since 1970, each series' as the first and then the steps, so that 20,000 readings stay small.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Any

from cartway.record import NEVER, UNREADABLE, Fact
from cartway.times import DAY, HOUR, SECOND, Instant, from_datetime, to_datetime
from cartway.toxicity.coding import DEVICES
from cartway.toxicity.episode import ICE_ITEMS
from cartway.toxicity.wording import NOT_MEASURABLE, day_since
from cartway.web.course.drugs import lanes
from cartway.web.course.view import View, is_unmeasurable
from cartway.web.course.why import all_spells, scale_name
from cartway.web.draw import variable_label
from cartway.web.ward.spark import thinned

# Each number drawn as a line, and the policy that says how long a reading of it stands. Where no policy does (heart
# rate, saturation) the one of its neighbors serves: it only decides where the line breaks.
LINES: Mapping[str, str] = {
    "body_temperature": "temperature_valid_hours",
    "systolic_pressure": "pressure_valid_hours",
    "diastolic_pressure": "pressure_valid_hours",
    "mean_arterial_pressure": "pressure_valid_hours",
    "heart_rate": "pressure_valid_hours",
    "oxygen_saturation": "oxygen_valid_hours",
    "ice_score": "neurology_valid_hours",
    "capd_score": "neurology_valid_hours",
}
_OXYGEN = ("oxygen_device", "oxygen_flow", "inspired_oxygen")
LIGHT, MEDIUM = DEVICES.index("nasal_cannula"), DEVICES.index("high_flow_nasal_cannula")
MOST_DAYS = 400
FULL = 2000  # readings of one kind that are all drawn: a round every half an hour for six weeks


def chart(view: View) -> dict[str, Any]:
    """All that is drawn. A course with nothing to draw has no `from`."""
    end = view.at if view.standing.ended is None else min(view.at, view.standing.ended.at + HOUR)
    given = lanes(view.of("drug"), end)
    body: dict[str, Any] = {
        "course": view.course,
        "version": view.standing.version,
        "to": _s(end),
        "is_now": view.moment.is_now and view.standing.ended is None,
        "infused": [_s(fact.at) for fact in view.of("infusion")],
        "fever": view.office.rules.number("fever_celsius"),
        "lines": {what: _line(view, what) for what in LINES},
        "old": {what: _superseded(view, what) for what in LINES},
        "unmeasured": {what: _unmeasured(view, what) for what in LINES},
        "oxygen": list(_oxygen(view)),
        "drugs": [[lane.name, lane.group, [_item(each) for each in lane.given]] for lane in given],
        "grades": _grades(view),
        "events": list(_events(view)),
    }
    start = min(_starts(body), default=None)
    if start is None:
        return body
    return {**body, "from": start, "days": list(_days(view, start, end)), "text": summary(view)}


def _starts(body: Mapping[str, Any]) -> Iterator[int]:
    """When each thing that is drawn begins."""
    yield from body["infused"]
    yield from (series["t"][0] for series in body["lines"].values() if series["t"])
    yield from (band[0] for band in body["oxygen"])
    yield from (given[0] for *_, lane in body["drugs"] for given in lane)


def _grades(view: View) -> dict[str, list[list[int | None]]]:
    """By scale: start, end (null while it lasts), grade (-1: not assessable), and whether it is a lower bound."""
    found: dict[str, list[list[int | None]]] = {scale_name(scale): [] for scale in view.history}
    for spell in reversed(all_spells(view)):
        end = None if spell.end is None else _s(spell.end)
        grade = -1 if spell.grade is None else spell.grade
        found[scale_name(spell.scale)].append([_s(spell.start), end, grade, int(bool(spell.missing))])
    return found


def _s(instant: Instant) -> int:
    return instant // SECOND


def _item(given: Any) -> list[Any]:
    return [_s(given.start), _s(given.end), given.dose, int(given.runs)]


def _line(view: View, what: str) -> dict[str, Any]:
    """One series: `t`, `v` (null: not read, or see `unmeasured`) and `valid`, the seconds after which it breaks."""
    points = _points(view.by_what.get(what, ()))
    if what == "ice_score":
        points = sorted([*points, *_ice_by_items(view.of(*ICE_ITEMS), {at for at, _ in points})], key=itemgetter(0))
    return {**_series(_thinned(points, view.at)), "valid": view.hours(LINES[what]) // SECOND}


def _points(facts: Iterable[Fact]) -> list[tuple[Instant, float | None]]:
    """Times and values; what has a choice in the place of a number (CAPD, unable to perform) is no point."""
    return [
        (fact.at, None if is_unmeasurable(fact) else fact.value)
        for fact in facts
        if fact.value is not None or fact.what == UNREADABLE
    ]


def _thinned(points: Sequence[tuple[Instant, float | None]], now: Instant) -> Sequence[tuple[Instant, float | None]]:
    """What is drawn of many readings: all of the last day; before that, of each quarter of an hour the ends."""
    if len(points) <= FULL:
        return points
    place = bisect_left(points, now - DAY, key=itemgetter(0))
    return [*thinned(points[:place]), *points[place:]]


def is_thinned(view: View) -> bool:
    """Whether the picture leaves readings out."""
    return any(len(view.by_what.get(what, ())) > FULL for what in LINES)


def _unmeasured(view: View, what: str) -> list[int]:
    """When somebody tried to measure and could not: no number, and no gap either."""
    return [_s(fact.at) for fact in view.by_what.get(what, ()) if is_unmeasurable(fact)]


def _series(points: Sequence[tuple[Instant, float | None]]) -> dict[str, list[Any]]:
    times = [_s(at) for at, _ in points]
    steps = [later - sooner for sooner, later in pairwise(times)]
    return {"t": times[:1] + steps, "v": [value for _, value in points]}


def _ice_by_items(stated: Iterable[Fact], scored: set[Instant]) -> Iterator[tuple[Instant, float]]:
    """The ICE of five items charted together, where nobody charted their sum."""
    items: dict[Instant, dict[str, float]] = {}
    for fact in stated:
        if fact.what in ICE_ITEMS and fact.value is not None and fact.at not in scored:
            items.setdefault(fact.at, {})[fact.what] = fact.value
    return ((at, sum(points.values())) for at, points in items.items() if len(points) == len(ICE_ITEMS))


def _superseded(view: View, what: str) -> dict[str, list[Any]]:
    """The values that were corrected or withdrawn: drawn as crosses, never as values."""
    crossed = (fact for fact in view.known.versions.earlier.values() if fact.what == what and fact.at <= view.at)
    return _series(
        sorted((fact.at, fact.value) for fact in crossed if fact.value is not None and not is_unmeasurable(fact))
    )


def _oxygen(view: View) -> Iterator[list[Any]]:
    """Support as bands: start, end, how much (0 to 3), words. It ends when another is charted or when it is too old:
    the last one may so end after the moment shown.
    """
    facts = view.of(*_OXYGEN)
    valid = view.hours("oxygen_valid_hours") or 100 * 365 * DAY
    moments = sorted({fact.at for fact in facts})
    by_time: dict[Instant, list[Fact]] = {}
    for fact in facts:
        by_time.setdefault(fact.at, []).append(fact)
    device: Fact | None = None
    rates: dict[str, Fact] = {}
    for at, following in zip(moments, [*moments[1:], NEVER], strict=False):
        for fact in by_time[at]:
            if fact.what == "oxygen_device":
                device = fact
                rates = {name: rate for name, rate in rates.items() if rate.at == at}
        for fact in by_time[at]:
            if fact.what in _OXYGEN[1:]:
                rates[fact.what] = fact
            elif fact.what == UNREADABLE:
                device = None if fact.detail.get("variable") == "oxygen_device" else device
        end = min(following, at + valid)
        if end > at and (device is not None or rates):
            yield [_s(at), _s(end), _support(device), _oxygen_words(device, rates)]


def _support(device: Fact | None) -> int:
    """How much support a device is, for the strength of its band: the rows of the hypoxia column."""
    if device is None or device.choice == "room_air":
        return 0 if device is not None else 1
    place = DEVICES.index(device.choice) if device.choice in DEVICES else MEDIUM
    return 1 if place <= LIGHT else 2 if place <= MEDIUM else 3


def _oxygen_words(device: Fact | None, rates: Mapping[str, Fact]) -> str:
    words = [device.choice.replace("_", " ") if device is not None else "oxygen"]
    for what, unit in (("oxygen_flow", " L/min"), ("inspired_oxygen", " %")):
        if what in rates and rates[what].value is not None:
            words.append(f"{rates[what].value:g}{unit}")
    return " ".join(words)


def _events(view: View) -> Iterator[list[Any]]:
    """Milestones on the axis: the infusion, a discharge, a death, a seizure."""
    for fact in view.of("infusion", "discharge", "death", "seizure"):
        if fact.choice != "none":
            yield [_s(fact.at), variable_label(fact.what)]


def _days(view: View, start: int, end: Instant) -> Iterator[list[Any]]:
    """Each midnight of the application's zone: seconds, the day of infusion (null before one is known), its date."""
    zero = view.standing.infused_at
    day = datetime.fromtimestamp(start, UTC).astimezone(view.zone).date()
    for number in range(MOST_DAYS):
        midnight = from_datetime(datetime.combine(day + timedelta(days=number), time(), view.zone))
        if midnight > end + DAY:
            return
        label = to_datetime(midnight).astimezone(view.zone).strftime("%-d %b")
        yield [_s(midnight), None if zero is None else day_since(midnight, zero, view.zone), label]


def summary(view: View) -> str:
    """What was read, in words: for who cannot see the picture. It leaves nothing out."""
    parts = [text for what in LINES if (text := _told(view, what))]
    for scale, history in view.history.items():
        grades = [each.grade for each in history if each.grade is not None]
        if grades:
            parts.append(f"{scale_name(scale)} highest grade {max(grades)}, last {history[-1].shown}")
    return "; ".join(parts) or "No readings yet"


def _told(view: View, what: str) -> str:
    values = [fact.value for fact in view.by_what.get(what, ()) if fact.value is not None and not is_unmeasurable(fact)]
    newest = next((fact for fact in reversed(view.by_what.get(what, ())) if fact.value is not None), None)
    if newest is None:
        return ""
    between = [f"{min(values):g} to {max(values):g}"] if values else []
    last = NOT_MEASURABLE if is_unmeasurable(newest) else f"{newest.value:g}"
    return f"{variable_label(what)} {', '.join([*between, f'last {last}'])}"
