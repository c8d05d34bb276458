"""Receipt of a container: the seal as it was read, the temperature logger's file, who took it; or refused.

The file is read here, against the limit of the product's label, and thrown away: its digest and what it said stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from anyio import to_thread
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from cartway.exchange.labels import Storage, storage_of
from cartway.intake.loggers import LARGEST, Reading, read_logger
from cartway.pathway.chain import chain
from cartway.pathway.chain.condition import LONGEST_GAP
from cartway.pathway.chain.things import BOXES
from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.custody.elsewhere import read_elsewhere
from cartway.web.custody.shared import BACK, PERFORMED, containers, course_in
from cartway.web.custody.trip import of_this_trip, uncovered_min
from cartway.web.forms.chart import Chart, noted
from cartway.web.forms.draft import Draft, flawed, flaws_of
from cartway.web.forms.entries import Entries, entries_of
from cartway.web.forms.sending import Form, answered, send, show
from cartway.web.forms.sheet import Sheet
from cartway.web.guard.gate import needs
from cartway.web.guard.tokens import TAKES_FILES
from cartway.web.page import WebRequest, office_of
from cartway.web.road import center_of

PATH = "/courses/{course:str}/receive"
FILE, HAD_FILE = "logger_file", "had_file"
FRESH_LEAST_CEL = 2.0  # Cel: fresh cells must not freeze
_ROOM = 64 * 1024  # bytes of the fields beside the file
_AGAIN = Problem("file_again", "The logger's file did not come along.", "Choose it again: a browser does not keep it.")
OF_ANOTHER = Problem(
    "file_of_another", "This file was read already, for another patient.", "Choose the file of this transport."
)
_TEXTS = ("from", "to", "person_from", "person_to", "waybill", "seal", "logger")


class Around(msgspec.Struct, frozen=True):
    """What a receipt is judged by: whose labels count, the longest gap that is let pass, files read elsewhere."""

    country: str
    longest_gap: float
    elsewhere: Callable[[str], bool]


def _facts(entries: Entries, chart: Chart, at: Instant, *, content: bytes, around: Around) -> Draft:
    """The receipt, the seal, what the logger said, and the quarantine where that was too warm or too cold."""
    course = course_in(chart)
    container = course.last("container", about=entries["about"])
    flaws = _missing(entries, container, content)
    note, odd = noted(entries, "text")
    reading = _read(course, container, content, entries, chart, around.country) if content and container else None
    unread = flawed(FILE, reading) if isinstance(reading, Problem) else Draft()
    trip = _of_trip(reading, course, entries["about"], at, around) if isinstance(reading, Reading) else Draft()
    found = flaws_of(flaws, odd, unread, trip)
    if found.flaws or container is None:
        return found
    detail = {key: entries[key] for key in _TEXTS if entries[key]} | ({"text": note} if note else {})
    facts = [Fact("", at, "custody", choice=entries["choice"], about=container.about, detail=detail)]
    facts += _seal(entries, course, container.about, at)
    if isinstance(reading, Reading):
        gap = uncovered_min(reading, course, container.about, at)
        facts += _logged(reading, entries, container.about, at, _storage(course, container, chart, around.country), gap)
    return Draft(tuple(facts)) + trip


def _of_trip(reading: Reading, course: Course, about: str, at: Instant, around: Around) -> Draft:
    """Whether the file is of this transport, and of no other patient's."""
    if around.elsewhere(reading.sha256):
        return flawed(FILE, OF_ANOTHER)
    return of_this_trip(reading, course, about, at, around.longest_gap)


def _missing(entries: Entries, container: Fact | None, content: bytes) -> Draft:
    """What must be said of a receipt."""
    flaws = Draft()
    if container is None:
        flaws += flawed("about", Problem("missing_entry", "The container is missing.", "Choose it."))
    if entries["choice"] not in ("received", "refused"):
        flaws += flawed("choice", Problem("missing_entry", "Received or refused?", "Choose one."))
    if entries["seal_state"] not in ("", "intact", "broken"):
        flaws += flawed("seal_state", Problem("unknown_choice", "The seal has no such choice.", "Choose one shown."))
    if not entries["to"]:
        flaws += flawed("to", Problem("missing_entry", "Who takes it is missing.", "Fill it in."))
    if entries[HAD_FILE] and not content:
        flaws += flawed(FILE, _AGAIN)
    return flaws


def _seal(entries: Entries, course: Course, about: str, at: Instant) -> list[Fact]:
    """The seal as read; another number than was put on is told, whatever its state looked like."""
    number, state = entries["seal"], entries["seal_state"]
    if not number and not state:
        return []
    applied = course.last("seal", about=about, choice="applied")
    sent = str(applied.detail.get("number", "")) if applied else ""
    choice = "mismatched" if sent and number and number != sent else state or "intact"
    return [Fact("", at, "seal", choice=choice, about=about, detail={"number": number} if number else {})]


def _inside(course: Course, container: Fact, within: frozenset[str] = frozenset()) -> Fact:
    """Of a box the container in it that decides how cold it must be; else the container itself. No box twice."""
    if container.choice not in BOXES:
        return container
    seen = within | {container.about}
    inner = [
        fact
        for fact in course.all("container")
        if fact.detail.get("parent") == container.about and fact.about not in seen
    ]
    deeper = [fact for fact in inner if fact.choice not in BOXES] or [
        _inside(course, fact, seen) for fact in inner[-1:]
    ]
    return deeper[-1] if deeper else container


def _storage(course: Course, container: Fact, chart: Chart, country: str) -> Storage | None:
    return storage_of(course, _inside(course, container), country, chart.zone)


def _read(
    course: Course, container: Fact, content: bytes, entries: Entries, chart: Chart, country: str
) -> Reading | Problem:
    kept = _storage(course, container, chart, country)
    fresh = kept is not None and kept.leg == "collection"
    return read_logger(
        content,
        zone=chart.zone,
        limit_cel=kept.limit_cel if kept else None,
        least_cel=FRESH_LEAST_CEL if fresh else None,
        unit=entries["unit"] if entries["unit"] in ("C", "F", "K") else "",
        column=entries["column"],
    )


def _logged(
    reading: Reading, entries: Entries, about: str, at: Instant, kept: Storage | None, uncovered: float
) -> list[Fact]:
    """What the logger said, and the quarantine that follows from an excursion. What it does not cover is a gap."""
    known = vocabulary().variables["temperature_log"].detail
    stated: Mapping[str, object] = {
        "logger": entries["logger"],
        "lowest_cel": reading.lowest_cel,
        "readings": reading.readings,
        "gap_min": round(max(reading.gap_min, uncovered), 1),
        "uncovered_min": round(uncovered, 1) or None,
        "limit_cel": reading.limit_cel,
        "minutes_above": _tenth(reading.minutes_above),
        "least_cel": reading.least_cel,
        "minutes_below": _tenth(reading.minutes_below),
        "unread": reading.unread or None,
        "limit_confirmed": kept.source.confirmed if kept else None,
        "sha256": reading.sha256,
        "leg": kept.leg if kept else "",
    }
    detail = {key: value for key, value in stated.items() if value not in ("", None) and key in known}
    facts = [Fact("", at, "temperature_log", reading.highest_cel, "Cel", about=about, detail=detail)]
    if reading.too_warm or reading.too_cold:
        text = {"text": excursion(reading), "holder_called": False}
        facts.append(Fact("", at, "quarantine", choice="placed", about=about, detail=text))
    return facts


def excursion(reading: Reading) -> str:
    """An excursion in words."""
    parts = []
    if reading.too_warm:
        parts.append(f"{reading.minutes_above:g} min above {reading.limit_cel:g} °C, up to {reading.highest_cel:g} °C")
    if reading.too_cold:
        parts.append(f"{reading.minutes_below:g} min below {reading.least_cel:g} °C, down to {reading.lowest_cel:g} °C")
    return f"The temperature logger shows {' and '.join(parts)}."


def _tenth(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)


def _drawn(chart: Chart, sheet: Sheet, *, had: bool, country: str) -> Mapping[str, object]:
    course = course_in(chart)
    limits = {
        each.about: _storage(course, each, chart, country)
        for each in (course.last("container", about=name) for name in course.abouts("container"))
        if each is not None
    }
    return {
        "containers": containers(chart),
        "limits": {name: kept for name, kept in limits.items() if kept},
        "had": had or bool(sheet.typed(HAD_FILE)),
        "largest_mib": LARGEST // (1024 * 1024),
    }


def _fill(chart: Chart, change: str) -> Entries:
    """Who gives and takes as the hand-over said that is still open; else who has it gives it."""
    hands = chain(course_in(chart)).hands.get(change, ())
    typed = {"about": change, "from": hands[-1].who if hands else ""}
    if len(hands) > 1 and not hands[-1].received:
        typed |= {"from": hands[-2].who, "to": hands[-1].who, "person_to": hands[-1].person}
    return Entries({name: (text,) for name, text in typed.items() if text})


def _form(request: WebRequest, course: str, content: bytes = b"") -> Form:
    office = office_of(request)
    country = office.config.country
    longest = policies_of(center_of(request)).number(LONGEST_GAP)
    around = Around(country, longest, lambda sha256: read_elsewhere(office, sha256, course))
    return Form(
        "receive a container", PATH, Act.verify, "Receive", "custody/receive.html",
        partial(_facts, content=content, around=around), partial(_drawn, had=bool(content), country=country),
        fill=_fill, back=BACK, signs=PERFORMED,
    )  # fmt: skip


@get(PATH, opt=needs(Act.verify), name="receive a container")
async def receive_page(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """The form."""
    return await to_thread.run_sync(lambda: show(_form(request, course), request, course))


@post(
    PATH, opt={**needs(Act.verify), TAKES_FILES: True}, name="receive a container, sent", status_code=200,
    request_max_body_size=LARGEST + _ROOM,
)  # fmt: skip
async def received(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """The form with the logger's file, if there is one. It is kept nowhere."""
    said = list((await request.form()).multi_items())
    entries = entries_of((name, text) for name, text in said if isinstance(text, str))
    files = [file for name, file in said if name == FILE and isinstance(file, UploadFile)]
    content = await files[0].read() if files else b""

    def taken() -> Response[Any]:
        return send(_form(request, course, content), request, course, entries)

    return answered(request, await to_thread.run_sync(taken))


ROUTES = (receive_page, received)
