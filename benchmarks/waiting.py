"""Sixty invented courses that wait, and a center with chairs, slots and beds: the facts that a plan is made of."""

from __future__ import annotations

import random
from datetime import UTC, date, timedelta

from cartway.pathway.course import CENTER, Course
from cartway.pathway.slots import Request, request
from cartway.pathway.slots.days import instant_of
from cartway.record import Fact
from cartway.times import DAY, HOUR

START = date(2026, 11, 23)
PRODUCTS = {
    "axicabtagene_ciloleucel": ("dlbcl", 14, ("mon", "tue", "wed", "thu")),
    "lisocabtagene_maraleucel": ("follicular_lymphoma", 10, ("mon", "tue", "thu")),
    "brexucabtagene_autoleucel": ("mantle_cell_lymphoma", 6, ("tue", "thu")),
    "tisagenlecleucel": ("dlbcl", 5, ("mon", "wed")),
    "idecabtagene_vicleucel": ("multiple_myeloma", 7, ("tue", "thu")),
    "ciltacabtagene_autoleucel": ("multiple_myeloma", 10, ("mon", "wed", "fri")),
    "obecabtagene_autoleucel": ("b_all", 8, ("mon", "wed", "thu")),
}
PACES = ("fast", "moving", "moving", "slow", "")
CLOSED = (date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 18))


def waiting(courses: int = 60, weeks: int = 12, seed: int = 1) -> Request:
    """What a plan of so many courses over some weeks is asked; the same for the same seed."""
    draw = random.Random(seed)
    names = [name for name, (_, share, _) in PRODUCTS.items() for _ in range(share)]
    now = instant_of(START.toordinal(), UTC, 8)
    drawn = [Course(_facts(f"w{number:02}", names[number % len(names)], draw), now) for number in range(courses)]
    return request(drawn, Course(_center(), now), UTC, "US", START.toordinal(), weeks)


def _facts(course: str, product: str, draw: random.Random) -> list[Fact]:
    """One course: three of four are to be collected, the others are being made or are made."""
    referred = START - timedelta(days=draw.randrange(5, 60))
    facts = [
        _fact(course, referred, "referral"),
        _fact(course, referred, "diagnosis", PRODUCTS[product][0]),
        _fact(course, referred + timedelta(days=2), "tumor_board", "accepted"),
        _fact(course, referred + timedelta(days=2), "product_chosen", product),
    ]
    ended = START - timedelta(days=draw.randrange(0, 20))
    facts.append(_therapy(course, ended))
    pace = draw.choice(PACES)
    if pace:
        facts.append(_fact(course, referred + timedelta(days=1), "disease_pace", pace))
    reached = draw.random()
    if reached < 0.25:
        collected = START - timedelta(days=draw.randrange(4, 14))
        facts.append(_fact(course, collected, "collection", "completed"))
        facts.append(_fact(course, collected + timedelta(days=2), "manufacture_step", "activation"))
    if reached < 0.1:
        facts.append(_fact(course, START - timedelta(days=3), "disposition", "released"))
        facts.append(_fact(course, START - timedelta(days=1), "storage", "put"))
    return facts


def _therapy(course: str, ended: date) -> Fact:
    at = instant_of((ended - timedelta(days=60)).toordinal(), UTC)
    until = instant_of(ended.toordinal(), UTC, 12)
    detail = {"classes": ["chemotherapy"], "systemic": True, "regimen": "Gemcitabine, oxaliplatin"}
    return Fact(course, at, "line_of_therapy", value=1.0, until=until, detail=detail)


def _center() -> list[Fact]:
    """Three chairs, ten beds, a laboratory of six, and slots for seven products."""
    week = ["mon", "tue", "wed", "thu", "fri"]
    found = [_resource(f"Chair {number}", "apheresis_chair", weekdays=week) for number in range(1, 4)]
    found += [_resource(f"Bed {number}", "bed") for number in range(1, 11)]
    found.append(_resource("Laboratory", "laboratory_staff", capacity=6, weekdays=week))
    for product, (_, _, days) in PRODUCTS.items():
        found.append(_resource(f"{product} slot", "manufacturing_slot", product=product, weekdays=list(days)))
    return [*found, *(_closed(day) for day in CLOSED)]


def _resource(name: str, kind: str, **detail: object) -> Fact:
    at = instant_of(START.toordinal(), UTC) - 30 * DAY
    return Fact(CENTER, at, "resource", choice=kind, about=name, detail={"name": name, **detail})


def _closed(day: date) -> Fact:
    at = instant_of(day.toordinal(), UTC)
    return Fact(CENTER, at, "closure", until=at + DAY, detail={"text": "Holiday"})


def _fact(course: str, day: date, what: str, choice: str = "") -> Fact:
    return Fact(course, instant_of(day.toordinal(), UTC) + 9 * HOUR, what, choice=choice)
