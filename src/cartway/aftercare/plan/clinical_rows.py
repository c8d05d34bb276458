"""For clinicians: what the derivations of aftercare say, in a line each: finding, days, state, source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from cartway.aftercare.model import Candidate, Item, LateEffect, Marker, Prophylaxis, Status, Vaccine, Visit
from cartway.aftercare.plan.ahead import WATCHED, short_key
from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Row, Section
from cartway.aftercare.plan.said import brief
from cartway.toxicity.wording import unit_text

AHEAD = 4
COLUMNS = ("What", "Finding", "When", "State, source")
NOTHING = "None can be worked out."
STATES = {
    Status.due: "due",
    Status.overdue: "overdue",
    Status.done: "done",
    Status.missed: "missed",
    Status.not_yet: "not yet",
    Status.allowed: "allowed",
    Status.not_allowed: "not allowed",
    Status.unknown: "not known",
}
TONES = {Status.overdue: "ask", Status.not_allowed: "no"}


def row(item: Item, text: str = "", when: str = "") -> Row:
    """An item as a row of four columns; what is missing stands with its finding."""
    missing = f" Missing: {', '.join(item.missing)}." if item.missing else ""
    said = (text + missing).strip()
    tone = TONES.get(item.status, "")
    return Row(item.what, said, when, "", STATES[item.status], tone, item.source.text, item.confirmed)


def _from(day: date | None) -> str:
    return f"from {brief(day)}" if day else ""


def span(first: date | None, last: date | None) -> str:
    """``Jul 1, 2026 to Jul 9, 2026``; either alone; empty for neither."""
    return " to ".join(brief(each) for each in dict.fromkeys((first, last)) if each is not None)


def days_of(several: Sequence[Candidate]) -> str:
    """The days of texts that differ: ``Feb 26, 2026 or Apr 9, 2026``."""
    return " or ".join(dict.fromkeys(brief(each.day) for each in several if each.day))


def table(key: str, title: str, rows: Sequence[Row], intro: str = "", empty: str = NOTHING) -> Section:
    """A part drawn as a table, or the words for none."""
    return Section(key, title, tuple(rows), intro, COLUMNS if rows else (), empty)


def immune(about: Known) -> Section:
    """Each marker: the last value, its trend, whether it is back."""
    return table(
        "immune", "Immune recovery", [_marker(each) for each in about.after.immune], empty="Nothing was measured."
    )


def _marker(each: Marker) -> Row:
    last = each.readings[-1] if each.readings else None
    back = f" (back above {each.threshold:g})"
    trend = f", {each.trend}" if each.trend else ""
    text = f"{last.value:g} {unit_text(each.unit)}{trend}{back}" if last else f"never measured{back}"
    native = "" if each.native else "; holds infused immunoglobulin"
    mark = {True: "back", False: "not back", None: "not known"}[each.recovered]
    return Row(
        each.what, text + native, brief(last.day) if last else "", "", mark, "", each.source.text, each.confirmed
    )


def limits(about: Known) -> Section:
    """Restrictions that last or end on a day; where texts differ every candidate."""
    rows = []
    for each in about.after.restrictions:
        if short_key(each) in WATCHED and each.earliest is not None and each.earliest <= about.on:
            continue
        several = days_of(each.candidates) if len(each.candidates) > 1 else ""
        text = (
            f"sources differ: {several}"
            if several
            else "for life"
            if each.lasts
            else "extended"
            if each.extended
            else ""
        )
        rows.append(row(each, text, "" if each.lasts or several else _from(each.earliest)))
    return table("limits", "Restrictions", rows)


def visits(about: Known) -> Section:
    """What is due and the next time points with their tests, and what is asked again and again."""
    now = [each for each in about.after.calendar if each.status in (Status.due, Status.overdue)]
    later = [each for each in about.after.calendar if each.status is Status.not_yet][:AHEAD]
    rows = [_visit(each) for each in (*now, *later)]
    rows += [row(each, "", span(each.due_from, each.due_until)) for each in about.after.repeated]
    intro = "To year 15 for the registry and the label; the watch for new cancers is for life."
    return table("visits", "Follow-up", rows, intro)


def _visit(each: Visit) -> Row:
    open_tasks = [task.what for task in each.tasks if task.status is not Status.done]
    return row(each, "; ".join(open_tasks), span(each.due_from, each.due_until))


def medicines(about: Known) -> Section:
    """Prophylaxis that is taken, asked for or may end."""
    asked = (Status.due, Status.overdue, Status.unknown, Status.not_allowed)
    rows = [_medicine(each) for each in about.after.prophylaxis if each.taken or each.status in asked]
    return table("protect", "Infection prevention", rows, empty="None is charted as taken, and none is asked for now.")


def _medicine(each: Prophylaxis) -> Row:
    taken = {True: "taken", False: "not charted as taken", None: "not told whether taken"}[each.taken]
    end = days_of(each.candidates) if len(each.candidates) > 1 else brief(each.earliest) if each.earliest else ""
    return row(each, f"{taken}; begins {each.start}", f"may end from {end}" if end else "")


def vaccines(about: Known) -> Section:
    """The grid, those together that stand alike: doses given, from when the next is allowed, why not yet."""
    intro = "Check antibodies 1 to 2 months after a series; without a response wait and keep IgG replacement."
    alike: dict[Row, list[str]] = {}
    for each in about.after.vaccines:
        alike.setdefault(_stands(each), []).append(f"{each.what}: {_given(each)}")
    rows = [
        msgspec.structs.replace(row, text=f"{'; '.join(names)}.{f' {row.text}' if row.text else ''}")
        for row, names in alike.items()
    ]
    return table("shots", "Vaccines", rows, intro)


def _given(each: Vaccine) -> str:
    return f"{len(each.given)} of {each.doses}" if each.doses else str(len(each.given))


def _stands(each: Vaccine) -> Row:
    """How a vaccine stands, without its name: the state leads. What more than time speaks against has no day."""
    is_done = each.status is Status.done
    several = days_of(each.candidates) if each.status is Status.unknown and len(each.candidates) > 1 else ""
    when = f"from {several}" if several else _from(each.earliest)
    dated = each.status not in (Status.done, Status.not_allowed)
    found = row(each, "" if is_done else " ".join(each.reasons), when if dated else "")
    return msgspec.structs.replace(found, what=STATES[each.status].capitalize(), mark="")


def effects(about: Known) -> Section:
    """Late effects: what is there with what follows, then what to look for."""
    ordered = sorted(about.after.late_effects, key=lambda each: not each.present)
    return table("late", "Late effects", [_effect(each) for each in ordered])


def _effect(each: LateEffect) -> Row:
    if not each.present:
        return row(each, each.watch, span(each.due_from, each.due_until))
    since = brief(each.due_from) if each.due_from else ""
    return Row(
        each.what, "Present. " + "; ".join(each.actions), since, "", "present", "no", each.source.text, each.confirmed
    )


def questions(about: Known) -> Section | None:
    """Where sources differ: the options with who says so, and what was chosen."""
    rows = []
    for each in about.after.questions:
        chosen = next((option.words for option in each.options if option.key == each.chosen), "")
        if chosen:
            rows.append(Row(each.words, f"{chosen} (chosen by the {each.by})"))
        elif each.open:
            rows.append(Row(each.words, items=tuple(f"{one.words} ({one.source.text})" for one in each.options)))
    return Section("open", "Where sources differ", tuple(rows)) if rows else None
