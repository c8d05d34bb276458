"""The hand-over of a shift: who changed and why, what is due, what to fear next. All derived, each with its reason.

`told` is the time since the last hand-over, `coming` the shift that takes over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from cartway.pathway.conditioning import Case as Surroundings
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, policies_of
from cartway.times import HOUR, Instant, from_datetime, to_datetime
from cartway.toxicity import Episode, editions
from cartway.toxicity.episode import Reason
from cartway.vocabulary import vocabulary
from cartway.watch.due import Due, Dues, due_of, kept_of
from cartway.watch.due_schedule import load_schedules
from cartway.watch.handover_case import Case, Fear, named
from cartway.watch.handover_drugs import told_drugs
from cartway.watch.handover_fears import fears
from cartway.watch.model import Alert
from cartway.watch.protocol.situation import Situation

__all__ = ["Change", "Fear", "Handed", "Shift", "hand_over", "shift_of"]

NAMES = {"crs.astct": "CRS", "icans.astct": "ICANS", "iec_hs.astct": "IEC-HS", "tls.cairo_bishop": "Tumor lysis",
         "icaht.early": "ICAHT", "icaht.late": "late ICAHT"}  # fmt: skip
EVENTS = ("infusion", "discharge", "seizure", "infection", "transfusion", "death")
QUIET = frozenset({
    "no_fever", "pressure_normal", "room_air", "home_oxygen", "ice_full", "ice_as_baseline", "capd_negative", "awake",
    "awake_by_ice", "no_deep_weakness", "no_edema", "no_raised_pressure_sign", "not_crs", "not_crs_again",
})  # fmt: skip


class Shift(msgspec.Struct, frozen=True):
    """What a sheet covers: what happened since `since`, and the shift that ends at `until`."""

    since: Instant
    begins: Instant
    until: Instant


class Change(msgspec.Struct, frozen=True):
    """Something that changed at `at`: what, and why where the record says. `confirmed` is False where the scale behind
    it was not seen in its source.
    """

    at: Instant
    words: str
    why: str = ""
    worse: bool = False
    confirmed: bool = True


class Handed(msgspec.Struct, frozen=True):
    """One course as it is handed over. `coming`: what falls due before the coming shift ends, overdue first."""

    course: str
    changes: tuple[Change, ...]
    dues: Dues
    coming: tuple[Due, ...]
    fears: tuple[Fear, ...]
    alerts: tuple[Alert, ...] = ()


def shift_of(now: Instant, policies: PathwayPolicies, zone: tzinfo) -> Shift:
    """The shift that a sheet printed at `now` tells of, and the one that takes over.

    In its first hours a shift is still being handed over: then the one before is told, and this one takes over.
    """
    length = int(policies.number("handover_shift_hours"))
    begun = _begun(now, int(policies.number("handover_first_hour")), length, zone)
    settling = now - begun < policies.number("handover_settling_hours") * HOUR
    if settling:
        return Shift(begun - length * HOUR, begun, begun + length * HOUR)
    return Shift(begun, begun + length * HOUR, begun + 2 * length * HOUR)


def _begun(now: Instant, first_hour: int, length: int, zone: tzinfo) -> Instant:
    """When the shift of `now` began by the clock on the wall."""
    moment = to_datetime(now).astimezone(zone)
    start = datetime(moment.year, moment.month, moment.day, first_hour, tzinfo=zone)
    if start > moment:
        start -= timedelta(days=1)
    hours = int((moment - start).total_seconds() // 3600) // length * length
    return from_datetime(start + timedelta(hours=hours))


def hand_over(
    course: Course, episodes: Sequence[Episode], center: Course, shift: Shift, *, zone: tzinfo,
    alerts: Sequence[Alert] = (), dues: Dues | None = None, jurisdiction: str = "US",
) -> Handed:  # fmt: skip
    """A course handed over at its `now`. `alerts`: those of the course that ring or were never seen. `dues`: where
    they are known.
    """
    policies, now = policies_of(center), course.now
    found = dues or due_of(kept_of(course.facts), episodes, policies, now, jurisdiction)
    situation = Situation(Surroundings(course, center, jurisdiction=jurisdiction, zone=zone), episodes)
    case = Case(course, tuple(episodes), policies, zone, situation, tuple(alerts))
    coming = tuple(each for each in found.items if each.due_at < shift.until)
    changes = sorted(changed(case, shift.since), key=lambda each: (not each.worse, -each.at))
    return Handed(course.id, tuple(changes), found, coming, tuple(fears(case)), tuple(alerts))


def changed(case: Case, since: Instant) -> Iterator[Change]:
    """What changed of a course since a moment."""
    for scale, name in NAMES.items():
        yield from _grade(name, case.graded(scale), since)
    yield from (Change(at, words) for at, words in told_drugs(case, since))
    yield from _events(case.course, since)
    yield from _answers(case.course, since)


def _grade(name: str, episodes: Sequence[Episode], since: Instant) -> Iterator[Change]:
    """How a grade moved: what it was, what it is, and its height between where that was higher than both."""
    lately = [each for each in episodes if each.end is None or each.end > since]
    if not lately or lately[-1].end is not None:
        return
    first, last = lately[0], lately[-1]
    peak = max(lately, key=lambda each: each.grade or 0)
    height = peak.grade or 0
    if first.shown == last.shown and height <= max(first.grade or 0, last.grade or 0):
        return
    before = "begun" if first.start > since and first is episodes[0] else f"from {_shown(first)}"
    words = f"{name} {_shown(last)}, {before}" if first.shown != last.shown else f"{name} {_shown(last)} again"
    if height > max(first.grade or 0, last.grade or 0):
        words += f", in between {_shown(peak)}"
    told = peak if height > (last.grade or 0) else last
    worse = (last.grade or 0) > (first.grade or 0) or last.grade is None
    yield Change(_since(lately), words, _because(told), worse, editions()[last.scale].confirmed)


def _since(episodes: Sequence[Episode]) -> Instant:
    """When the last grade was reached."""
    start = episodes[-1].start
    for each in reversed(episodes[:-1]):
        if each.shown != episodes[-1].shown:
            break
        start = each.start
    return start


def _shown(episode: Episode) -> str:
    return episode.shown.replace(">=", "at least")


def _because(episode: Episode) -> str:
    """What was found, each once: ``38.9 °C, systolic 84 mmHg``; of a grade that cannot be assessed what is missing."""
    found = [_word(each) for each in episode.because if each.fact is not None and each.criterion.slug not in QUIET]
    lacking = [f"no {name.replace('_', ' ')}" for name in episode.missing]
    return ", ".join(dict.fromkeys([*found, *lacking]))


def _word(reason: Reason) -> str:
    fact = reason.fact
    assert fact is not None
    if fact.what.startswith("ice_"):
        return f"ICE {fact.value if reason.score is None else reason.score:g}" if fact.value is not None else "ICE"
    return named(fact)


def _events(course: Course, since: Instant) -> Iterator[Change]:
    for fact in course.all(*EVENTS):
        if fact.at > since:
            variable = vocabulary().variables[fact.what]
            choice = variable.choices.get(fact.choice)
            words = variable.label if choice is None else f"{variable.label}: {choice.label.lower()}"
            yield Change(fact.at, words, worse=fact.what in ("seizure", "infection", "death"))


def _answers(course: Course, since: Instant) -> Iterator[Change]:
    """What was due and was not done, or put off, with the reason that was given."""
    for fact in course.all("due_answer"):
        task = load_schedules().get(fact.about)
        if fact.at > since and fact.choice != "done" and task is not None:
            words = vocabulary().variables["due_answer"].choices[fact.choice].label.lower()
            yield Change(fact.at, f"{task.label} {words}", str(fact.detail.get("text", "")))
