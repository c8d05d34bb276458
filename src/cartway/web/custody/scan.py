"""The scan station at its address. Each scan is a post of one field; what was read so far travels with the page.

A wristband is looked up in the people store at once, and only whose it is goes on: this course, another, not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from cartway.pathway.chain import Index, may_infuse, may_thaw
from cartway.pathway.chain.things import Things
from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.record import Fact
from cartway.record.errors import StoreError
from cartway.times import Instant
from cartway.web.access import Act
from cartway.web.custody.elsewhere import index_of, others
from cartway.web.custody.shared import BACK, course_in
from cartway.web.custody.station import PLACES, STEPS, Answer, Station, answer, banded, read, verification
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.sending import Form, answered, send, show
from cartway.web.forms.sheet import Sheet
from cartway.web.forms.signing import Signs
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, person
from cartway.web.road import center_of

PATH = "/courses/{course:str}/scan"
MATCH, STOP = f"{PATH}/sign", f"{PATH}/stop"
READ = "read_"
UNASKED = Problem(
    "people_not_asked", "The wristband could not be looked up just now.", "Compare name and birth date; scan again."
)
NOTHING_READ = Problem("nothing_read", "Nothing was scanned.", "Scan first.")
VERDICTS = {"thaw": may_thaw, "bedside": may_infuse}


def station_of(entries: Entries) -> Station:
    """The station as its page carries it along."""
    step = entries["step"] if entries["step"] in STEPS else "bedside"
    reads = {place: entries[READ + place] for place in PLACES if entries[READ + place]}
    return Station(step, entries["container"], reads)


def entries_of(station: Station, told: str = "") -> Entries:
    """What the page carries along."""
    fields = {"step": station.step, "container": station.container, "told": told}
    fields |= {READ + place: text for place, text in station.reads.items()}
    return Entries({name: (text,) for name, text in fields.items() if text})


def _facts(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """The check as it will stand in the record; a mismatch also sets aside what is at hand."""
    station = station_of(entries)
    things = Things(course_in(chart))
    found = answer(station, things)
    if not found.begun or not found.thing:
        return flawed("scan", NOTHING_READ)
    facts = [verification(station, found.thing, found, at)]
    if aside := _aside(station, found, things):
        detail = {"text": f"Did not match at the check: {', '.join(found.differs)}.", "holder_called": False}
        facts.append(Fact("", at, "quarantine", choice="placed", about=aside, detail=detail))
    return Draft(tuple(facts))


def _drawn(chart: Chart, sheet: Sheet, request: WebRequest) -> Mapping[str, object]:
    station, course = station_of(sheet.entries), course_in(chart)
    things, index = Things(course), index_of(office_of(request))
    found = answer(station, things)
    policies = policies_of(center_of(request))
    asks = VERDICTS.get(station.step)
    known = found.thing in things.containers
    verdict = asks(course, found.thing, index, policies) if asks and known else None
    at_hand = {f"{station.step}_{rule}" for rule in ("not_checked", "one_signature", "incomplete")}
    return {
        "station": station,
        "steps": STEPS,
        "answer": found,
        "told": sheet.typed("told"),
        "foreign": _foreign(station, found, index, course.id),
        "against": [each for each in verdict.because if each.code not in at_hand] if verdict else [],
        "verdict": verdict,
        "meant": station.container if station.container not in ("", found.thing) else "",
        "aside": _aside(station, found, things),
        "at_hand": station.reads.get("bag") or found.thing,
        "carried": [(READ + place, text) for place, text in station.reads.items()],
    }


def _aside(station: Station, found: Answer, things: Things) -> str:
    """The container to set aside: what is at hand where something did not match; empty where there is none."""
    at_hand = station.reads.get("bag") or (found.thing if found.thing in things.containers else "")
    return at_hand if found.choice == "mismatched" else ""


def _foreign(station: Station, found: Answer, index: Index, course: str) -> bool:
    """Whether something that was read is known to be another patient's: by the wristband, or by another course."""
    texts = (station.reads.get(place, "") for place in found.differs)
    return any(text == "another" or others(index, text, course) for text in texts)


def _form(request: WebRequest, path: str, signs: Signs, fill: Station | None = None, told: str = "") -> Form:
    return Form(
        "check identity", path, Act.verify, "Scan", "custody/scan.html", _facts, partial(_drawn, request=request),
        fill=lambda chart, change: entries_of(fill, told) if fill else Entries(), back=BACK, signs=signs,
    )  # fmt: skip


def _shown(request: WebRequest, course: str, station: Station, told: str = "") -> Response[Any]:
    """The page for a station as it stands: to sign by two, or after a mismatch by one, at once."""
    office = office_of(request)
    facts = office.ward.facts(office.log, course)
    stop = answer(station, Things(Course(facts, office.now()))).choice == "mismatched"
    return show(_form(request, *(_STOPS if stop else _MATCHES), station, told), request, course)


_MATCHES = (MATCH, Signs("performed", "verified"))
_STOPS = (STOP, Signs("performed"))


def _scanned(request: WebRequest, course: str, entries: Entries) -> Response[Any]:
    """Take in one scan, and show what it says."""
    office, me, station = office_of(request), person(request), station_of(entries)
    typed, given = entries["scan"], entries["as"]
    things = Things(Course(office.ward.facts(office.log, course), office.now()))
    if not typed:
        return _shown(request, course, station)

    def whose(text: str) -> str | Problem:
        try:
            holders = office.people.holders(text, now=office.now(), by=me.account.id)
        except StoreError:
            return UNASKED
        return banded([tuple(each.courses) for each in holders], course)

    after = read(station, typed, things, whose, given if given in PLACES else "")
    if isinstance(after, Problem):
        return _shown(request, course, station, f"{after.reason} {after.remedy}")
    return _shown(request, course, after)


@get(PATH, opt=needs(Act.verify), name="scan station")
async def scan_page(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """The station, with nothing read: the step and the container that is meant may be in the address."""
    query = request.query_params
    step = query.get("step", "")
    station = Station(step if step in STEPS else "bedside", query.get("container", "")[:100])
    return await to_thread.run_sync(lambda: _shown(request, course, station))


@post(PATH, opt=needs(Act.verify), name="one scan", status_code=200)
async def one_scan(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """One scan, as a scanner types it: the code and Enter. Nothing is recorded yet."""
    entries = read_body(await request.body())
    return await to_thread.run_sync(lambda: _scanned(request, course, entries))


def _signing(path: str, signs: Signs, name: str) -> HTTPRouteHandler:
    @post(path, opt=needs(Act.verify), name=name, status_code=200)
    async def sent(request: WebRequest, course: FromPath[str]) -> Response[Any]:
        entries = read_body(await request.body())
        form = _form(request, path, signs)
        return answered(request, await to_thread.run_sync(lambda: send(form, request, course, entries)))

    return sent


ROUTES = (scan_page, one_scan, _signing(*_MATCHES, "sign a check"), _signing(*_STOPS, "record a mismatch"))
