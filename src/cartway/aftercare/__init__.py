"""Life after the infusion: calendar, restrictions, immune recovery, vaccines, late effects, the care plan.

Everything is worked out anew from a course, the center's record and the day; only what people did, found and chose is
stored. Where sources differ all are shown (`Question`), until the center or the team chooses.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from cartway.aftercare.model import (
    Aftercare,
    Candidate,
    CheckIn,
    Contact,
    Item,
    LateEffect,
    Marker,
    Option,
    Prophylaxis,
    Question,
    Reading,
    Restriction,
    Status,
    Task,
    Vaccine,
    Visit,
)
from cartway.aftercare.setting import Setting
from cartway.pathway.course import Course

if TYPE_CHECKING:
    from cartway.response.model import Response

__all__ = [
    "Aftercare",
    "Candidate",
    "CheckIn",
    "Contact",
    "Item",
    "LateEffect",
    "Marker",
    "Option",
    "Prophylaxis",
    "Question",
    "Reading",
    "Restriction",
    "Status",
    "Task",
    "Vaccine",
    "Visit",
    "aftercare",
]


def aftercare(
    course: Course, center: Course, response: Response | None = None, *, country: str, zone: tzinfo = UTC
) -> Aftercare:
    """All that follows for a course on the day of its `now` in `zone`, by the labels of `country`.

    `center` is the center's own record, whose policies count. `response`, where it was worked out, says whether the
    disease came back.
    """
    setting = Setting(course, center, country=country, zone=zone)
    return Aftercare(
        course=course.id,
        on=setting.on,
        country=country,
        product=setting.product_name,
        disease=setting.disease,
        infused=setting.infused,
        ended=setting.ended,
    )
