"""For the patient: what to wait with, check-ups, guarding from infection, vaccines, what to watch for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cartway.aftercare.dates import day_of
from cartway.aftercare.model import Item, LateEffect, Prophylaxis, Restriction, Status, Vaccine, Visit
from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Row, Section
from cartway.aftercare.plan.said import day, either, joined
from cartway.aftercare.plan.said import known as has_words

WATCHED = ("daily_monitoring", "monitoring")
LIMITS = ("driving", "proximity", *WATCHED, "contraception", "donation")
AHEAD = 3  # check-ups to come that are named one by one
MARKS = {
    Status.due: ("mark.due", "ask"),
    Status.overdue: ("mark.overdue", "ask"),
    Status.done: ("mark.done", ""),
    Status.missed: ("mark.overdue", "ask"),
    Status.not_yet: ("mark.later", ""),
    Status.allowed: ("mark.allowed", ""),
    Status.not_allowed: ("mark.not_allowed", "no"),
    Status.unknown: ("mark.ask", "ask"),
}


def named(about: Known, group: str, item: Item) -> str:
    """An item in plain words of the reader's language."""
    key = f"{group}.{short_key(item)}"
    return about.say(key) if has_words(key) else _capital(item.plain)


def short_key(item: Item) -> str:
    """The last part of an item's key: ``driving`` of ``restriction.driving``."""
    return item.key.rpartition(".")[2]


def mark(about: Known, item: Item) -> tuple[str, str]:
    """Its state in a word or two, and its tone."""
    key, tone = MARKS[item.status]
    return about.say(key), tone


def limits(about: Known) -> Section:
    """What may not be done yet, with the earliest day; what may never be done again."""
    say = about.say
    shown = [each for each in about.after.restrictions if short_key(each) in LIMITS and not _settled(about, each)]
    rows = [limit(about, each) for each in sorted(shown, key=lambda each: LIMITS.index(short_key(each)))]
    live = Row(say("limits.live"), say("limits.live_text"), tone="no")
    return Section("limits", say("limits.title"), (*rows, live), say("limits.intro"), empty=say("limits.empty"))


def _settled(about: Known, each: Restriction) -> bool:
    """Being checked often is told while it lasts, and not any more afterwards."""
    return short_key(each) in WATCHED and (each.earliest is None or each.earliest <= about.on)


def limit(about: Known, each: Restriction) -> Row:
    """One restriction: until when, with its tone."""
    text, tone = _until(about, each)
    note = about.say("limits.extended") if each.extended and tone == "no" else ""
    shown = {"ask": "mark.ask", "no": "" if each.lasts else "mark.not_yet"}.get(tone, "")
    return Row(
        named(about, "limit", each),
        text,
        note=note,
        mark=about.say(shown) if shown else "",
        tone=tone,
        confirmed=each.confirmed,
    )


def _until(about: Known, each: Restriction) -> tuple[str, str]:
    """Until when, and its tone: several days where texts differ, never, since a day, not before a day, ask."""
    days = [day(one, about.language) for one in sorted({one.day for one in each.candidates if one.day})]
    watched = short_key(each) in WATCHED
    if each.lasts:
        return about.say("limits.never"), "no"
    if each.status is not Status.allowed and len(days) > 1:
        return about.say("limits.open", days=either(days, about.language)), "ask"
    if each.earliest is None:
        return about.say("when.unknown"), "ask"
    when = day(each.earliest, about.language)
    if each.status is Status.allowed:
        return about.say("limits.over", day=when), ""
    return about.say("limits.watched" if watched else "limits.lasts", day=when), "" if watched else "no"


def visits(about: Known) -> Section:
    """The check-ups that are due and the next ones, each with its tests; what is asked again and again."""
    say = about.say
    now = [each for each in about.after.calendar if each.status in (Status.due, Status.overdue)]
    later = [each for each in about.after.calendar if each.status is Status.not_yet][:AHEAD]
    rows = [_visit(about, each) for each in (*now, *later)]
    rows += [Row(say("visits.then"), say("visits.then_text"))] if later else []
    rows += [_again(about, each) for each in about.after.repeated if each.status is not Status.done]
    return Section("visits", say("visits.title"), tuple(rows), say("visits.intro"), empty=say("visits.empty"))


def _visit(about: Known, each: Visit) -> Row:
    words, tone = mark(about, each)
    items = tuple(named(about, "task", task) for task in each.tasks if task.status is not Status.done)
    when = about.say("when.on", day=day(each.on, about.language))
    return Row(point(about, each.time_point), "", when, mark=words, tone=tone, confirmed=each.confirmed, items=items)


def point(about: Known, name: str) -> str:
    """``day_30`` in words: Day 30."""
    kind, _, number = name.partition("_")
    return about.say(f"point.{kind}", number=number) if number.isdigit() else _capital(name.replace("_", " "))


def _again(about: Known, each: Item) -> Row:
    words, tone = mark(about, each)
    return Row(named(about, "task", each), "", span(about, each.due_from, each.due_until), mark=words, tone=tone,
               confirmed=each.confirmed)  # fmt: skip


def span(about: Known, first: date | None, last: date | None) -> str:
    """``by``, ``from`` or between days, in words; empty where neither is known."""
    if first and last and first > about.on:
        return about.say("when.between", first=day(first, about.language), last=day(last, about.language))
    if last:
        return about.say("when.by", day=day(last, about.language))
    return about.say("when.from_day", day=day(first, about.language)) if first else ""


def protect(about: Known) -> Section:
    """Medicines against infection that are taken, the antibodies, blood from donors."""
    say = about.say
    rows = [_medicine(about, each) for each in about.after.prophylaxis if each.taken]
    blood = next((each for each in about.after.restrictions if short_key(each) == "blood_products"), None)
    until = blood.earliest if blood and blood.earliest and blood.earliest > about.on else None
    least = f" {say('protect.blood_until', day=day(until, about.language))}" if until else ""
    rows.append(Row(say("protect.blood"), say("protect.blood_text") + least))
    return Section("protect", say("protect.title"), tuple(rows), say("protect.intro"), empty=say("protect.empty"))


def _medicine(about: Known, each: Prophylaxis) -> Row:
    text = about.say("protect.stop_ask")
    if each.earliest is not None and each.earliest > about.on:  # a day that is past would read as leave to stop
        text = about.say("protect.stop_from", day=day(each.earliest, about.language))
    return Row(named(about, "medicine", each), text, mark=about.say("protect.taking"), confirmed=each.confirmed)


def shots(about: Known) -> Section:
    """Each vaccine: had, allowed, from when, or not now."""
    say, rows = about.say, [_shot(about, each) for each in about.after.vaccines]
    columns = (say("shots.column_what"), say("shots.column_had"), say("shots.column_now"))
    return Section(
        "shots", say("shots.title"), tuple(rows), say("shots.intro"), columns if rows else (), say("shots.empty")
    )


def _shot(about: Known, each: Vaccine) -> Row:
    """A vaccine: had, allowed, from when. What more than time speaks against has no day, and a live one never has."""
    told, tone = mark(about, each)
    if each.live and each.status is not Status.done:
        told, tone = about.say("mark.ask_first" if each.status is Status.allowed else "mark.not_allowed"), "no"
    first = _first_day(about, each)
    if first and each.status is Status.not_yet:
        told = ""  # the day says it
    when = about.say("when.from_day", day=day(first, about.language)) if first else ""
    had = joined([day(one, about.language) for one in _given(about, each)], about.language)
    return Row(named(about, "vaccine", each), had, when, mark=told, tone=tone, confirmed=each.confirmed)


def _first_day(about: Known, each: Vaccine) -> date | None:
    """The day to come from which a killed vaccine is allowed; None where no day is to be told."""
    first = min((one.day for one in each.candidates if one.day), default=each.earliest)
    told = not each.live and each.status in (Status.not_yet, Status.unknown)
    return first if told and first is not None and first > about.on else None


def _given(about: Known, each: Vaccine) -> Iterable[date]:
    return [day_of(fact.at, about.place.zone) for fact in each.given]


def late(about: Known) -> Section:
    """What may come late, in the order of the rules: those that are there first."""
    say = about.say
    there = [each for each in about.after.late_effects if each.present]
    rest = [each for each in about.after.late_effects if not each.present]
    rows = tuple(_effect(about, each) for each in (*there, *rest))
    return Section("late", say("late.title"), rows, say("late.intro"), empty=say("late.empty"))


def _effect(about: Known, each: LateEffect) -> Row:
    text = about.say(f"sign.{short_key(each)}") if has_words(f"sign.{short_key(each)}") else ""
    shown = about.say("late.known") if each.present else ""
    return Row(
        named(about, "effect", each), text, mark=shown, tone="ask" if each.present else "", confirmed=each.confirmed
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
