"""Drawing a course after its infusion, in a clinician's words, and asking what follows on a day.

    after = asked(infused(), igg("2026-05-10", 350), on="2026-05-10")
    assert marker(after, "igg").recovered is False

Days are days in UTC; what is said of a day is said at noon.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from cartway.aftercare import Aftercare, Contact, Item, LateEffect, Marker, Prophylaxis, Restriction, Vaccine, aftercare
from cartway.pathway.course import CENTER, Course
from cartway.record import Fact
from cartway.times import parse

ItemT = TypeVar("ItemT", bound=Item)
AXI, CILTA, OBE = "axicabtagene_ciloleucel", "ciltacabtagene_autoleucel", "obecabtagene_autoleucel"
ZERO = "2026-01-10"


def noon(day: str | date) -> int:
    """Noon of a day."""
    return parse(f"{day}T12:00+00:00")


def said(
    day: str | date, what: str, choice: str = "", *, value: float | None = None, until: str = "", **more: Any
) -> Fact:
    """One fact of a day."""
    end = noon(until) if until else None
    return Fact("course-1", noon(day), what, value, choice=choice, until=end, **more)


def infused(day: str | date = ZERO, product: str = AXI) -> Fact:
    return said(day, "infusion", product)


def ivig(day: str) -> Fact:
    return said(day, "drug", "immunoglobulin")


def igg(day: str, mg_dl: float) -> Fact:
    return said(day, "igg", value=mg_dl)


def seen(*days: str, time_point: str = "") -> list[Fact]:
    detail = {"time_point": time_point} if time_point else {}
    return [said(day, "follow_up_visit", "seen", detail=detail) for day in days]


def sinusitis(*days: str) -> list[Fact]:
    return [said(day, "infection", "bacterial", about=f"sinus {day}", detail={"site": "sinus"}) for day in days]


def policy(name: str, value: float | str) -> Fact:
    """The center's record with one policy set."""
    if isinstance(value, str):
        return Fact(CENTER, noon("2017-01-01"), "center_policy", about=name, detail={"choice": value})
    return Fact(CENTER, noon("2017-01-01"), "center_policy", float(value), about=name)


def chose(day: str, question: str, option: str) -> Fact:
    return said(day, "aftercare_choice", "chosen", about=question, detail={"option": option})


def asked(*facts: Fact | Iterable[Fact], on: str | date, country: str = "US", center: Iterable[Fact] = ()) -> Aftercare:
    """What follows on a day."""
    stated = [fact for each in facts for fact in ([each] if isinstance(each, Fact) else each)]
    now = noon(on)
    return aftercare(Course(stated, now), Course(center, now), country=country)


def limit(after: Aftercare, key: str) -> Restriction:
    return _named(after.restrictions, f"restriction.{key}")


def marker(after: Aftercare, key: str) -> Marker:
    return _named(after.immune, f"immune.{key}")


def vaccine(after: Aftercare, key: str) -> Vaccine:
    return _named(after.vaccines, f"vaccine.{key}")


def medicine(after: Aftercare, key: str) -> Prophylaxis:
    return _named(after.prophylaxis, f"prophylaxis.{key}")


def effect(after: Aftercare, key: str) -> LateEffect:
    return _named(after.late_effects, f"late_effect.{key}")


def report(after: Aftercare, key: str) -> Contact:
    return _named(after.registry, f"registry.{key}")


def _named(items: Iterable[ItemT], key: str) -> ItemT:
    return next(each for each in items if each.key == key)


def is_open(after: Aftercare, question: str) -> bool:
    """Whether a question is asked and nobody has chosen, and it matters."""
    found = after.question(question)
    return found is not None and found.open


def days_of(item: Restriction | Prophylaxis | Vaccine) -> set[str]:
    """The days of an item's candidates."""
    return {str(each.day) for each in item.candidates}


def keys(items: Iterable[Item]) -> list[str]:
    return [each.key for each in items]
