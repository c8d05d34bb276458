"""From the record to the question: what each waiting course needs, who cannot be planned and why, who is in a bed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from typing import Any

import msgspec

from cartway.pathway.answer import Answer, Severity
from cartway.pathway.candidacy.collectable import Earliest, earliest_collection
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, policies_of
from cartway.pathway.products import Regimen, product, regimens, split, windows
from cartway.pathway.programme import Stand, stand
from cartway.pathway.slots.accepted import accepted
from cartway.pathway.slots.calendars import SLOT, STAFF, Calendars, calendars
from cartway.pathway.slots.days import Day, counted, day_of, in_words, read_day
from cartway.pathway.slots.need import Held, House, Need, Note, Stay, Unplanned
from cartway.pathway.slots.planner import Request
from cartway.pathway.slots.timing import OwnRecord, making, own_record, source_note
from cartway.pathway.slots.ways import Frame, Horizon, next_open
from cartway.pathway.stages import ORDER, collections, disposition, effective
from cartway.problem import Problem
from cartway.record import Fact
from cartway.vocabulary import vocabulary

FAILED = frozenset({"failed", "out_of_specification", "recalled"})

OWN_NUMBERS = {
    "plan_transit_to_center_days": "the days from release to the product here",
    "plan_on_site_before_days": "how long before lymphodepletion the product is here",
    "plan_manufacture_margin": "the margin on usual times of manufacture",
}
"""What a center should say for itself, and what it is called."""


class Setting(msgspec.Struct, frozen=True):
    """What is the same for all courses while they are read."""

    center: Course
    calendars: Calendars
    policies: PathwayPolicies
    horizon: Horizon
    today: Day
    zone: tzinfo
    jurisdiction: str
    own: OwnRecord

    @property
    def on(self) -> date:
        """Today as a date: labels are those in force today; an infusion to come may fall under a later one."""
        return date.fromordinal(self.today)


def request(
    courses: Sequence[Course], center: Course, zone: tzinfo, jurisdiction: str, start: Day, weeks: int
) -> Request:
    """What a plan from `start` over some weeks is asked of these courses, all read for the moment of `center`."""
    policies, own = policies_of(center), own_record(courses)
    horizon = Horizon(start, start + 7 * weeks - 1)
    today = day_of(center.now, zone)
    setting = Setting(center, calendars(center, zone), policies, horizon, today, zone, jurisdiction, own)
    read = [each for each in (read_course(course, setting) for course in courses) if each is not None]
    frame = Frame(setting.calendars, house(policies), horizon)
    before = (accepted(course, zone) for course in sorted(courses, key=lambda course: course.id))
    waiting = {each.course for each in read if isinstance(each, Need)}
    return Request(
        needs=tuple(each for each in read if isinstance(each, Need)),
        frame=frame,
        stays=tuple(each for each in read if isinstance(each, Stay)),
        out=tuple(each for each in read if isinstance(each, Unplanned)),
        before=tuple(line for line in before if line is not None and line.course in waiting),
        notes=tuple(_notes(setting)),
    )


def house(policies: PathwayPolicies) -> House:
    """The center's way of working, from its policies."""
    staff = [int(policies.number(f"plan_staff_{step}")) for step in ("collection", "receipt", "infusion")]
    return House(
        staff=(staff[0], staff[1], staff[2]),
        lead=int(policies.number("plan_on_site_before_days")),
        weekend_depletion=policies.text("plan_lymphodepletion_on_weekends") == "yes",
        weekend_infusion=policies.text("plan_infusion_on_weekends") == "yes",
        unplanned_days=7 * int(policies.number("plan_left_out_weeks")),
    )


def _notes(setting: Setting) -> Iterable[Note]:
    if not setting.calendars.has(STAFF):
        yield Note("No cell laboratory staff is in the calendar: they are not counted.", confirmed=False)
    open_ = [words for name, words in OWN_NUMBERS.items() if not setting.policies.confirmed(name)]
    if open_:
        words = f"The center has not set {', '.join(open_)}: the shipped values count."
        yield Note(words, confirmed=False)


def read_course(course: Course, setting: Setting) -> Need | Unplanned | Stay | None:
    """What a course needs; why it cannot be planned; the bed that it has; None where it is over."""
    where = stand(course, setting.center, course.now, zone=setting.zone)
    if where.closed is not None:
        return None
    if where.stage in {"second_part", "infused"}:
        return _stay(course, where, setting)
    why = _not_ready(course, where, setting)
    if why is not None:
        return Unplanned(course.id, where.product, (why,))
    return _need(course, where, setting)


def _stay(course: Course, where: Stand, setting: Setting) -> Stay | None:
    infused = course.first("infusion")
    assert infused is not None, "an infused course has an infusion"
    discharged = course.last("discharge")
    if discharged is not None and discharged.at >= infused.at:
        return None
    first = day_of(infused.at, setting.zone)
    days, _ = bed_days(where.product, group_of(course), setting)
    line = accepted(course, setting.zone)
    last = first + days - 1
    bed = line.places.get("bed", "") if line else ""
    return Stay(course.id, first, last, bed) if last >= setting.horizon.first else None


def _not_ready(course: Course, where: Stand, setting: Setting) -> Problem | None:
    """Why a course gets no days, before any day is looked at."""
    if ORDER[where.stage] < ORDER[setting.policies.text("plan_from_stage")]:
        return Problem(
            "not_decided", "Nobody has decided on CAR T-cell therapy yet.", "Record the tumor board's decision."
        )
    if not where.product:
        return Problem("no_product", "No product is chosen.", "Choose the product.")
    known = product(where.product)
    if known is not None and not known.is_collected:
        told = f"{known.short} is not made of the patient's own cells."
        return Problem("not_collected", told, "Plan it by hand with the holder.")
    last, steps = disposition(course), effective(course, "manufacture_step", "ready")
    failed = (last is not None and last.choice in FAILED) or (last is None and steps and steps[-1].choice == "failed")
    if failed and where.stage == "manufacture":
        return Problem("manufacture_failed", "The product failed or is out of specification.", "Decide how it goes on.")
    return None


def _need(course: Course, where: Stand, setting: Setting) -> Need | Unplanned:
    made = _made(course, where.product, setting)
    if isinstance(made, Problem):
        return Unplanned(course.id, where.product, (made,))
    group = group_of(course)
    regimen = _regimen(where.product, group, setting)
    if isinstance(regimen, Problem):
        return Unplanned(course.id, where.product, (regimen,))
    second, extra, second_notes = _second(where.product, setting)
    days, bed_note = bed_days(where.product, group, setting)
    weight, urgency = _weight(where, setting)
    length, rest, regimen_note = regimen
    need = Need(
        course=course.id, product=where.product, to_maker=made.to_maker, make_days=made.make_days,
        depletion_days=length, rest=rest, second=second,
        bed_days=max(days, second[1] + 1 + extra) if second else days,
        bed_at_depletion=setting.policies.text("plan_bed_from") == "lymphodepletion",
        weight=weight, urgency=urgency, notes=(*made.notes, regimen_note, *second_notes, bed_note),
    )  # fmt: skip
    return _where_it_is(course, where, need, setting)


def _made(course: Course, name: str, setting: Setting) -> Any:
    stated = [one.make_days for one in setting.calendars.of(SLOT, name)]
    found = making(name, setting.policies, setting.own, max(stated, default=0))
    if found is None:
        return Problem(
            "unknown_timing",
            "No source says how long the product takes to make, and the center has no record of it.",
            "Enter the holder's days with its manufacturing slots.",
        )
    return found


def _where_it_is(course: Course, where: Stand, need: Need, setting: Setting) -> Need | Unplanned:
    """The need with what has already happened: collected, begun, on site, lymphodepletion begun."""
    match where.stage:
        case "lymphodepletion":
            return _depleted(course, need, setting)
        case "ready":
            return _released(course, where, need, setting)
        case "manufacture":
            return _collected(course, need, setting)
    return _to_collect(course, need, setting)


def _to_collect(course: Course, need: Need, setting: Setting) -> Need | Unplanned:
    found = earliest_collection(course, setting.center, need.product)
    why = tuple(_not_collectable(found))
    if why or found.day is None:
        return Unplanned(need.course, need.product, why or (_unknown_washout(found),))
    held = _held(course, setting)
    washout = next((each for each in found.blocking if each.until is not None and each.until == found.day), None)
    notes = []
    if washout is not None and found.day.toordinal() > setting.today:
        told = f"Earliest collection {in_words(found.day.toordinal())}: {washout.what}, {washout.min_days} days"
        notes.append(source_note(told, washout.source))
    notes += [Note(f"Not known before collection: {each.question}", False) for each in _unknown_counts(found)]
    return msgspec.structs.replace(need, earliest=found.day.toordinal(), held=held, notes=(*notes, *need.notes))


def _not_collectable(found: Earliest) -> Iterable[Problem]:
    if found.day is None:
        yield _unknown_washout(found)
    firm = {Severity.absolute, Severity.deferring}
    for each in found.criteria:
        if each.answer is Answer.no and each.severity in firm and not each.id.startswith("COL-07"):
            yield Problem("not_collectable_now", f"{each.id}: {each.because}", "Mend it or repeat the test.")


def _unknown_counts(found: Earliest) -> list[Any]:
    return [each for each in found.criteria if each.answer is Answer.unknown and not each.id.startswith("COL-07")]


def _unknown_washout(found: Earliest) -> Problem:
    unknown = [each.what for each in found.washouts if each.until is None]
    told = f"The last dose is not known of: {', '.join(unknown)}." if unknown else "Earlier therapy is not fully known."
    return Problem("unknown_washout", f"{told} So nobody knows from which day on cells may be collected.",
                   "Record the therapy with its last day.")  # fmt: skip


def _held(course: Course, setting: Setting) -> Held | None:
    """The slot that the holder keeps for the course; None where none is, or its day is not known."""
    found = effective(course, "manufacturing_slot", "manufacture")
    last = found[-1] if found else None
    start = read_day(last.detail.get("start_day")) if last is not None else None
    if last is None or last.choice not in ("held", "confirmed") or start is None:
        return None
    expires, confirmed = read_day(last.detail.get("hold_expires")), last.choice == "confirmed"
    by_collection = not confirmed and setting.policies.text("plan_hold_until") == "collection"
    return Held(
        slot=last.about or str(last.detail.get("slot", "")),
        start=start,
        collection=read_day(last.detail.get("collection_day")),
        delivery=read_day(last.detail.get("delivery_day")),
        expires=expires,
        confirmed=confirmed,
        collect_by=expires if by_collection else None,
    )


def _collected(course: Course, need: Need, setting: Setting) -> Need:
    collected = day_of(collections(course)[-1].at, setting.zone)
    began = _began(course, setting)
    held = _held(course, setting)
    if began is None and held is not None and held.start < setting.horizon.first:
        began = held.start
    if began is None:
        return msgspec.structs.replace(need, collected=collected, held=held)
    delivery = held.delivery if held is not None and held.delivery is not None else began + need.make_days
    return _expected(msgspec.structs.replace(need, collected=collected, started=began), delivery, setting)


def _expected(need: Need, due: Day, setting: Setting) -> Need:
    """A product that is on its way: on the day it is due, or, where that is over, on a day that is only a guess."""
    frame = Frame(setting.calendars, house(setting.policies), setting.horizon)
    first = max(setting.horizon.first, setting.today)
    if due >= first:
        return msgspec.structs.replace(need, on_site=next_open(frame, due))
    guess = first + int(setting.policies.number("plan_overdue_days"))
    told = f"The product was due on {in_words(due)} and is not here; {in_words(guess)} is a guess, ask the holder."
    return msgspec.structs.replace(need, on_site=next_open(frame, guess), notes=(Note(told, False), *need.notes))


def _began(course: Course, setting: Setting) -> Day | None:
    steps = [*effective(course, "manufacture_step", "ready"), *effective(course, "batch", "ready")]
    return min((day_of(fact.at, setting.zone) for fact in steps), default=None)


def _released(course: Course, where: Stand, need: Need, setting: Setting) -> Need:
    """Released: here since its receipt or storage, else after transit."""
    here = _here(course, where)
    if here is not None:
        return msgspec.structs.replace(need, collected=0, on_site=day_of(here.at, setting.zone))
    due = day_of(where.since, setting.zone) + int(setting.policies.number("plan_transit_to_center_days"))
    return _expected(msgspec.structs.replace(need, collected=0), due, setting)


def _here(course: Course, where: Stand) -> Fact | None:
    stored = [fact for fact in course.all("storage") if fact.choice in ("put", "moved")]
    received = course.all("custody", choice="received")
    since = [fact for fact in (*stored, *received) if fact.at >= where.since]
    return min(since, key=lambda fact: fact.at, default=None)


def _depleted(course: Course, need: Need, setting: Setting) -> Need:
    facts = effective(course, "lymphodepletion", "lymphodepletion")
    first, last = day_of(facts[0].at, setting.zone), day_of(facts[-1].at, setting.zone)
    ended = last if facts[-1].choice == "completed" else first + max(1, need.depletion_days) - 1
    return msgspec.structs.replace(need, collected=0, on_site=0, depleted=ended)


def _regimen(name: str, group: str, setting: Setting) -> tuple[int, tuple[int, int], Note] | Problem:
    """The label's lymphodepletion: how many days, and the rest to infusion."""
    found = [each for each in regimens(name, group, setting.on, setting.jurisdiction) if not each.alternative]
    known = product(name)
    if not found and known is not None and known.lymphodepletion == "none":
        return 0, (0, 0), Note("No lymphodepletion is given for this product.")
    if not found:
        told = "No label that is held states a lymphodepletion for this product and disease."
        return Problem("unknown_lymphodepletion", told, "Check diagnosis and product.")
    regimen = found[0]
    length, rest = depletion_days(regimen), regimen.end_to_infusion
    told = f"Lymphodepletion {counted(length, length)}, infusion {counted(*rest)} after its last"
    return length, rest, source_note(told, regimen.source)


def depletion_days(regimen: Regimen) -> int:
    """The length of a regimen in days, its first to its last dose."""
    days = [day for drug in regimen.drugs for day in (drug.days or drug.course_days)]
    return max(days) - min(days) + 1 if days else max(drug.times for drug in regimen.drugs)


def _second(name: str, setting: Setting) -> tuple[tuple[int, int] | None, int, tuple[Note, ...]]:
    """Days from the first to the second infusion of a split dose; its first is day 1 of the label's count."""
    rows = split(name, setting.on, setting.jurisdiction)
    if not rows:
        return None, 0, ()
    row = rows[0]
    window = (row.second_day - row.second_allowance - 1, row.second_day + row.second_allowance - 1)
    told = f"Second infusion on day {row.second_day} (+/- {row.second_allowance}), the first being day 1"
    note = source_note(told, row.source_of_days or row.source)
    return window, int(setting.policies.number("plan_bed_days_after_second")), (note,)


def bed_days(name: str, group: str, setting: Setting) -> tuple[int, Note]:
    """How long the bed is kept: the label's days of daily monitoring, else the center's policy."""
    found = windows(name, setting.on, setting.jurisdiction, group)
    if found is not None and found.daily_days:
        return found.daily_days, source_note(f"Bed for {found.daily_days} days of daily monitoring", found.source)
    days = int(setting.policies.number("plan_bed_days"))
    told = f"Bed for {days} days: no label's days of daily monitoring are held, so the center's policy counts."
    return days, Note(told, setting.policies.confirmed("plan_bed_days"))


def group_of(course: Course) -> str:
    """The disease group of a course's diagnosis, empty where none is known."""
    diagnosis = course.last("diagnosis")
    choice = vocabulary().variables["diagnosis"].choices.get(diagnosis.choice) if diagnosis else None
    return choice.classes[0] if choice is not None and choice.classes else ""


def _weight(where: Stand, setting: Setting) -> tuple[int, str]:
    """What a day of waiting counts, and why."""
    pace = where.pace.pace if where.pace.pace in ("fast", "slow") else "moving"
    weight = int(setting.policies.number(f"plan_weight_{pace}"))
    days, every = where.clocks.referral.days or 0, int(setting.policies.number("plan_weeks_for_one"))
    waited = days // (7 * every) if every else 0
    words = (
        f"disease {where.pace.pace if where.pace.pace != 'unknown' else 'pace not stated'}, {days} days since referral"
    )
    return weight + waited, words
