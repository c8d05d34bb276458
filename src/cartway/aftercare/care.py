"""All that follows for a course, put together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, tzinfo
from typing import TYPE_CHECKING

import msgspec

from cartway.aftercare.calendar import calendar, completed, repeated
from cartway.aftercare.calendar_points import load_calendar
from cartway.aftercare.check_ins import check_ins
from cartway.aftercare.immune import immune
from cartway.aftercare.immunoglobulins import with_decisions
from cartway.aftercare.late_effects import late_effects
from cartway.aftercare.model import Aftercare, Item, Marker, Note, Question, Status, Visit
from cartway.aftercare.prophylaxis import prophylaxis
from cartway.aftercare.questions import question
from cartway.aftercare.registry import forms, registry
from cartway.aftercare.restrictions import restrictions
from cartway.aftercare.setting import Setting
from cartway.aftercare.vaccines import vaccines
from cartway.pathway.course import Course

if TYPE_CHECKING:
    from cartway.response.model import Response

OWED = (Status.due, Status.overdue)


def aftercare(
    course: Course, center: Course, response: Response | None = None, *, country: str, zone: tzinfo = UTC
) -> Aftercare:
    """All that follows for a course on the day of its `now` in `zone`, by the labels of `country`.

    `center` is the center's own record, whose policies count. `response`, where it was worked out, says whether the
    disease came back. After a death nothing is due; what was done stays.
    """
    setting = Setting(course, center, country=country, zone=zone)
    if not setting.infused:
        return Aftercare(
            course=course.id, on=setting.on, country=country, disease=setting.disease, check_ins=check_ins(setting)
        )
    found = _after_infusion(setting, _progressed(setting, response))
    return found if setting.ended is None else _ended(found)


def _after_infusion(setting: Setting, progressed: date | None) -> Aftercare:
    came_back = _came_back(setting, progressed)
    limits, about_limits = restrictions(setting)
    markers, about_immune = _immune(setting)
    medicines, about_medicines = prophylaxis(setting)
    shots, about_shots = vaccines(setting, progressed)
    reports, about_reports = registry(setting)
    return Aftercare(
        course=setting.course.id, on=setting.on, country=setting.country, product=setting.product_name,
        disease=setting.disease, infused=setting.infused, ended=setting.ended,
        calendar=calendar(setting, came_back), repeated=repeated(setting), restrictions=limits, immune=markers,
        prophylaxis=medicines, vaccines=shots, late_effects=late_effects(setting), check_ins=check_ins(setting),
        registry=reports, registry_forms=forms(setting), notes=tuple(_notes(setting, came_back)),
        questions=(*about_limits, *about_reports, *about_medicines, *about_immune, *about_shots),
    )  # fmt: skip


def _ended(found: Aftercare) -> Aftercare:
    """The same after a death: what was still due was not done, and is due no longer."""
    fields = msgspec.structs.fields(Aftercare)
    sections = {each.name: getattr(found, each.name) for each in fields}
    held = {name: tuple(map(_not_due, items)) for name, items in sections.items() if _are_items(items)}
    return msgspec.structs.replace(found, **held)


def _are_items(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Item)


def _not_due(item: Item) -> Item:
    if isinstance(item, Visit):
        item = msgspec.structs.replace(item, tasks=tuple(map(_not_due, item.tasks)))
    return msgspec.structs.replace(item, status=Status.missed) if item.status in OWED else item


def _immune(setting: Setting) -> tuple[tuple[Marker, ...], tuple[Question, ...]]:
    """The markers, IgG with what follows from it, and the questions on IgG."""
    markers, asked = [], []
    for marker in immune(setting):
        if marker.key == "immune.igg":
            told, replacement = with_decisions(setting, marker)
            asked = [replacement, question(setting, "igg_checks", matters=marker.recovered is not True)]
        else:
            told = marker
        markers.append(told)
    return tuple(markers), tuple(asked)


def _progressed(setting: Setting, response: Response | None) -> date | None:
    """The day of progression by the derived response, where it was worked out."""
    at = response.progression_at if response is not None else None
    return None if at is None else setting.day_at(at)


def _came_back(setting: Setting, progressed: date | None) -> date | None:
    """The day from which the disease is followed by another treatment: progression, or a further therapy."""
    days = [setting.day(setting.next_therapy)] if setting.next_therapy else []
    if progressed is not None:
        days.append(progressed)
    progression = [fact for fact in setting.all("progression") if setting.day(fact) > setting.zero]
    days += [setting.day(fact) for fact in progression if fact.choice != "no"]
    return min(days, default=None)


def _notes(setting: Setting, came_back: date | None) -> Iterator[Note]:
    if setting.ended is not None:
        yield Note("ended", f"The patient died on {setting.ended}. Nothing is due.")
    if came_back is not None:
        yield Note("came_back", f"From {came_back} on the disease is followed by its next treatment; all else goes on.")
    if completed(setting):
        years = load_calendar().last_year
        yield Note("registry_complete", f"The registry's follow-up is completed at {years} years.")
        yield Note("lifelong", "The watch for new cancers is lifelong: continue.")
    if setting.later:
        yield Note("later_infusion", f"A further infusion on {setting.later[-1]}: restrictions count from it.")
    if setting.product is None:
        yield Note("no_product", "Nothing is held of this product: its label's periods are not known.")
