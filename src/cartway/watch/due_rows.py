"""Where a course stands for its schedules, and which rows apply to it: from when to when, how often, by whose word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache

import msgspec

from cartway.pathway.policies import PathwayPolicies
from cartway.pathway.products import Windows, windows
from cartway.times import DAY, HOUR, Instant, to_datetime
from cartway.toxicity import Episode
from cartway.vocabulary import vocabulary
from cartway.watch.due_kept import Kept
from cartway.watch.due_schedule import Row, Setting, load_schedules

GRACE = "due_grace_percent"
UNIT = {"h": HOUR, "d": DAY}
ANYTIME = 2**62
_NO_LABEL: Mapping[str, str] = {"daily": "due_daily_days", "near": "due_near_days"}


class Why(msgspec.Struct, frozen=True):
    """The row of the schedule that decides. `every`: microseconds; of a row that asks once, within which time.

    `policies` are those whose numbers it took. `confirmed` is False where one of them, or the row, was not seen in a
    source nor set by the center.
    """

    row: str
    words: str
    source: str
    confirmed: bool
    policies: tuple[str, ...]
    every: int
    once: bool = False


class Where(msgspec.Struct, frozen=True):
    """Where a course stands for its schedules. `since`: when its setting began. `risen`: by scale, from when on the
    grade was at least so much without a break. `fever`: from when to when the present one counts.
    """

    kept: Kept
    policies: PathwayPolicies
    now: Instant
    on: date
    setting: str
    since: Instant
    infused: Instant
    product: str
    label: Windows | None
    risen: Mapping[str, Mapping[int, Instant]]
    fever: tuple[Instant, Instant] | None = None


def where_of(
    kept: Kept, episodes: Sequence[Episode], policies: PathwayPolicies, now: Instant, jurisdiction: str
) -> Where | None:
    """None before lymphodepletion and for a course that has ended."""
    infusion, begun = kept.last_infusion, kept.milestones.get("lymphodepletion")
    if kept.ended or (infusion is None and begun is None):
        return None
    on, hot = to_datetime(now).date(), fever_of(kept, policies, now)
    if infusion is None or infusion.at > now:
        since = begun.at if begun is not None else now
        return Where(kept, policies, now, on, "before", since, since, "", None, {}, hot)
    setting, since = setting_of(kept, policies, infusion.at, now)
    label = label_of(infusion.choice, to_datetime(infusion.at).date(), jurisdiction, _group(kept))
    risen = _risen(episodes)
    return Where(kept, policies, now, on, setting, since, infusion.at, infusion.choice, label, risen, hot)


def setting_of(kept: Kept, policies: PathwayPolicies, infused: Instant, now: Instant) -> tuple[Setting, Instant]:
    """Whether somebody infused is on the ward or at home, and since when. Whoever left is on the ward again once vital
    signs were taken there as they are on a ward (policy ``due_readmitted_hours``).
    """
    left = kept.milestones.get("discharge")
    if left is None or not infused <= left.at <= now:
        return "ward", infused
    again = kept.readmitted(left.at, now, *readmission(policies))
    return ("home", left.at) if again is None else ("ward", again)


def readmission(policies: PathwayPolicies) -> tuple[int, int]:
    """What makes blood pressures after a discharge an admission: how far apart they are at most, for how long."""
    gap = policies.number("due_vital_signs_later_hours") * (1 + policies.number(GRACE) / 100)
    return int(gap * HOUR), int(policies.number("due_readmitted_hours") * HOUR)


def fever_of(kept: Kept, policies: PathwayPolicies, now: Instant) -> tuple[Instant, Instant] | None:
    """From when to when the present fever counts, as the protocol's panel counts it."""
    lasting = int(policies.number("protocol_fever_hours") * HOUR)
    return kept.fever(now, policies.number("protocol_fever_celsius"), lasting)


@lru_cache(maxsize=512)
def label_of(product: str, on: date, jurisdiction: str, group: str) -> Windows | None:
    return windows(product, on, jurisdiction, group)


def _group(kept: Kept) -> str:
    fact = kept.milestones.get("diagnosis")
    choice = vocabulary().variables["diagnosis"].choices.get(fact.choice) if fact is not None else None
    return choice.classes[0] if choice is not None and choice.classes else ""


def _risen(episodes: Sequence[Episode]) -> Mapping[str, Mapping[int, Instant]]:
    """From when on each scale has been at least at each grade. Not knowing is no improvement: what cannot be assessed,
    and a lower bound, count as much as the grade before.
    """
    found: dict[str, dict[int, Instant]] = {}
    held: dict[str, int] = {}
    for each in episodes:
        if each.scale not in _scales():
            continue
        before, runs = held.get(each.scale, 0), found.setdefault(each.scale, {})
        grade = before if each.grade is None else max(each.grade, before) if each.missing else each.grade
        for level in [level for level in runs if level > grade]:
            del runs[level]
        for level in range(1, grade + 1):
            runs.setdefault(level, each.start)
        held[each.scale] = grade
    over = {each.scale for each in {each.scale: each for each in episodes}.values() if each.end is not None}
    return {scale: runs for scale, runs in found.items() if scale not in over}


@cache
def _scales() -> frozenset[str]:
    return frozenset(row.scale for task in load_schedules().values() for row in task.rows if row.scale)


def begins(where: Where, row: Row) -> Instant | None:
    """When a row began to apply; None where it does not apply now."""
    start, end = span_of(where, row)
    return start if start <= where.now < end else None


def span_of(where: Where, row: Row) -> tuple[Instant, Instant]:
    """From when to when a row applies as things stand; an empty span where it does not."""
    never = (ANYTIME, ANYTIME)
    if not row.in_force(where.on) or (row.products and where.product not in row.products):
        return never
    if row.fever:
        return where.fever or never
    if (row.setting and row.setting != where.setting) or (not row.setting and where.setting == "before"):
        return never
    end = _end(where, row)
    if not row.scale:
        return where.since, end
    risen = where.risen.get(row.scale, {}).get(row.at_least)
    return never if risen is None else (max(risen, where.infused), end)


def _end(where: Where, row: Row) -> Instant:
    if row.until_policy:
        return where.infused + int(where.policies.number(row.until_policy) * DAY)
    if not row.until:
        return ANYTIME
    start = where.infused
    if row.until == "daily" and (first := where.kept.milestones.get("infusion")) is not None:
        start = first.at  # of a split dose the daily visits count from the first part
    return start + int(_days(where, row) * DAY)


def _days(where: Where, row: Row) -> float:
    stated = _stated(where, row)
    return float(stated) if stated is not None else where.policies.number(_NO_LABEL[row.until])


def _stated(where: Where, row: Row) -> int | None:
    """The label's own number for a row's window."""
    if where.label is None:
        return None
    return where.label.daily_days if row.until == "daily" else where.label.near_days


def why_of(where: Where, row: Row) -> Why:
    names = [row.policy]
    source, confirmed = row.source.text, row.source.confirmed
    if row.until and where.label is not None and _stated(where, row) is not None:
        source = f"{source}; window of the label: {where.label.source.text}"
        confirmed = confirmed and where.label.source.confirmed
    elif row.until:
        names.append(_NO_LABEL[row.until])
    names += [each for each in (row.until_policy, row.within) if each]
    names += ["protocol_fever_celsius", "protocol_fever_hours"] if row.fever else []
    confirmed = confirmed and all(map(where.policies.confirmed, names))
    return Why(row.id, row.words, source, confirmed, tuple(names), length_of(where, row), row.once)


def length_of(where: Where, row: Row) -> int:
    unit = where.policies.policies[row.policy].unit
    return int(where.policies.number(row.policy) * UNIT[unit])


def grace_of(where: Where, row: Row) -> int:
    """How long what is due is not overdue yet: the row's own time, else a share of its interval."""
    if row.within:
        return int(where.policies.number(row.within) * UNIT[where.policies.policies[row.within].unit])
    return int(length_of(where, row) * where.policies.number(GRACE) / 100)
