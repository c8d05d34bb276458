"""The scan station at its address. Each scan is a post of one field; what was read so far travels with the page.

A wristband is looked up in the people store at once, and only whose it is goes on: this course, another, not read.
What does not match is recorded at once, unsigned, by whoever is signed in: scanning it over, leaving, or having no
password leaves its trace. What was read and whether it stopped is bound to the sheet (`cartway.web.custody.carried`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from sqlalchemy.exc import SQLAlchemyError

from cartway.pathway.chain import Index, may_infuse, may_thaw
from cartway.pathway.chain.things import Things
from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.record import Fact
from cartway.record.errors import StoreError
from cartway.times import Instant
from cartway.web.access import Act
from cartway.web.custody.carried import Scans, fields, fits, fresh, mark_of, scans_of
from cartway.web.custody.elsewhere import index_of, numbers_elsewhere, others
from cartway.web.custody.known import NOT_KNOWN
from cartway.web.custody.shared import BACK, course_in
from cartway.web.custody.station import PLACES, STEPS, Answer, Station, answer, banded, read, verification
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.sending import Form, answered, send, show, stamped
from cartway.web.forms.sheet import Sheet
from cartway.web.forms.signing import Signs
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, person
from cartway.web.road import center_of

PATH = "/courses/{course:str}/scan"
MATCH, STOP = f"{PATH}/sign", f"{PATH}/stop"
UNASKED = Problem(
    "people_not_asked", "The wristband could not be looked up just now.", "Compare name and birth date; scan again."
)
NOTHING_READ = Problem("nothing_read", "Nothing was scanned.", "Scan first.")
NOT_OURS = Problem(
    "reads_not_bound", "What was read before is not of this sheet, or was read too long ago.", "Scan everything anew."
)
UNRECORDED = Problem(
    "stop_not_recorded", "The mismatch could not be recorded just now.", "Sign it below, or report it as a deviation."
)
WHOLE_COURSE = "course"  # what a check is about where nothing is known that it could be about
VERDICTS = {"thaw": may_thaw, "bedside": may_infuse}


def _facts(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """The check as it will stand in the record; a mismatch also sets aside what is at hand."""
    station = scans_of(entries).station
    things = Things(course_in(chart))
    found = answer(station, things)
    if not found.begun or not (found.thing or found.differs):
        return flawed("scan", NOTHING_READ)
    facts = [verification(station, found.thing or things.coi or WHOLE_COURSE, found, at)]
    if aside := _aside(station, found, things):
        detail = {"text": f"Did not match at the check: {', '.join(found.differs)}.", "holder_called": False}
        facts.append(Fact("", at, "quarantine", choice="placed", about=aside, detail=detail))
    return Draft(tuple(facts))


def _drawn(chart: Chart, sheet: Sheet, request: WebRequest) -> Mapping[str, object]:
    scans, course = scans_of(sheet.entries), course_in(chart)
    station = scans.station
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
        "at_hand": _at_hand(station) or found.thing,
        "carried": list(fields(scans, sheet.typed("mark")).items()),
    }


def _at_hand(station: Station) -> str:
    """The container that was scanned, empty for none or one that is not known here."""
    scanned = station.reads.get("bag", "")
    return "" if scanned == NOT_KNOWN else scanned


def _aside(station: Station, found: Answer, things: Things) -> str:
    """The container to set aside: what is at hand where something did not match; empty where there is none."""
    at_hand = _at_hand(station) or (found.thing if found.thing in things.containers else "")
    return at_hand if found.choice == "mismatched" else ""


def _foreign(station: Station, found: Answer, index: Index, course: str) -> bool:
    """Whether something that was read is known to be another patient's: by the wristband, or by another course."""
    texts = (station.reads.get(place, "") for place in found.differs)
    return any(text == "another" or others(index, text, course) for text in texts)


def _form(request: WebRequest, path: str, signs: Signs, fill: Entries | None = None) -> Form:
    return Form(
        "check identity", path, Act.verify, "Scan", "custody/scan.html", _facts, partial(_drawn, request=request),
        fill=lambda chart, change: fill or Entries(), back=BACK, signs=signs,
    )  # fmt: skip


def _shown(request: WebRequest, course: str, scans: Scans, told: str = "", status: int = 200) -> Response[Any]:
    """The page for a sheet as it stands: to sign by two, or after a mismatch by one, at once."""
    office, me = office_of(request), person(request).account.id
    facts = office.ward.facts(office.log, course)
    stop = answer(scans.station, Things(Course(facts, office.now()))).choice == "mismatched"
    carried = fields(scans, mark_of(scans, office.access.secret("scan"), course, me))
    fill = Entries({name: (text,) for name, text in {**carried, "told": told}.items() if text})
    shown = show(_form(request, *(_STOPS if stop else _MATCHES), fill), request, course)
    shown.status_code = status
    return shown


_MATCHES = (MATCH, Signs("performed", "verified"))
_STOPS = (STOP, Signs("performed"))


def _begun_anew(request: WebRequest, course: str, entries: Entries) -> Response[Any] | None:
    """An empty sheet in place of one that is not ours; None where it is."""
    office, me = office_of(request), person(request).account.id
    if fits(entries, office.access.secret("scan"), course, me, office.now()):
        return None
    step = scans_of(entries).station.step
    told = f"{NOT_OURS.reason} {NOT_OURS.remedy}"
    return _shown(request, course, fresh(Station(step), office.now()), told, 422)


def _scanned(request: WebRequest, course: str, entries: Entries) -> Response[Any]:
    """Take in one scan, record it where it does not match, and show what it says."""
    if (anew := _begun_anew(request, course, entries)) is not None:
        return anew
    office, me, scans = office_of(request), person(request), scans_of(entries)
    typed, given = entries["scan"], entries["as"]
    things = Things(Course(office.ward.facts(office.log, course), office.now()))
    if not typed:
        return _shown(request, course, scans)

    def whose(text: str) -> str | Problem:
        try:
            holders = office.people.holders(text, now=office.now(), by=me.account.id)
        except StoreError:
            return UNASKED
        return banded([tuple(each.courses) for each in holders], course)

    place = given if given in PLACES else ""
    after = read(scans.station, typed, things, whose, place, numbers_elsewhere(office, course))
    if isinstance(after, Problem):
        return _shown(request, course, scans, f"{after.reason} {after.remedy}")
    new = set(after.stopped) - set(scans.station.stopped)
    untold = _traced(request, course, scans.after(after), things) if new else None
    return _shown(request, course, scans.after(after), f"{untold.reason} {untold.remedy}" if untold else "")


def _traced(request: WebRequest, course: str, scans: Scans, things: Things) -> Problem | None:
    """Record that something did not match, before anybody signs; or say that it could not be."""
    office, found = office_of(request), answer(scans.station, things)
    fact = verification(scans.station, found.thing or things.coi or WHOLE_COURSE, found, office.now())
    sheet = f"{scans.id}.{'.'.join(scans.station.stopped)}"  # a page that is sent again is one mismatch
    facts = stamped([fact], sheet, course, simulated=office.log.kind == "demo")
    if any(known.key == facts[0].key for known in office.log.facts(course)):
        return None
    try:
        receipt = office.log.append(facts, recorded_at=office.now(), recorded_by=person(request).account.id)
    except (StoreError, SQLAlchemyError):
        return UNRECORDED
    return UNRECORDED if receipt.refused else None


@get(PATH, opt=needs(Act.verify), name="scan station")
async def scan_page(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """The station, with nothing read: the step and the container that is meant may be in the address."""
    query = request.query_params
    step, office = query.get("step", ""), office_of(request)

    def shown() -> Response[Any]:
        things = Things(Course(office.ward.facts(office.log, course), office.now()))
        meant = query.get("container", "")
        station = Station(step if step in STEPS else "bedside", meant if meant in things.containers else "")
        return _shown(request, course, fresh(station, office.now()))

    return await to_thread.run_sync(shown)


@post(PATH, opt=needs(Act.verify), name="one scan", status_code=200)
async def one_scan(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """One scan, as a scanner types it: the code and Enter. Only what does not match is recorded already."""
    entries = read_body(await request.body())
    return await to_thread.run_sync(lambda: _scanned(request, course, entries))


def _signing(path: str, signs: Signs, name: str) -> HTTPRouteHandler:
    @post(path, opt=needs(Act.verify), name=name, status_code=200)
    async def sent(request: WebRequest, course: FromPath[str]) -> Response[Any]:
        entries = read_body(await request.body())
        form = _form(request, path, signs)

        def taken() -> Response[Any]:
            return _begun_anew(request, course, entries) or send(form, request, course, entries)

        return answered(request, await to_thread.run_sync(taken))

    return sent


ROUTES = (scan_page, one_scan, _signing(*_MATCHES, "sign a check"), _signing(*_STOPS, "record a mismatch"))
