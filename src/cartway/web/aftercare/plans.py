"""The care plan on the web: for clinicians to look at and print, for patients and caregivers as their own."""

from __future__ import annotations

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from cartway.aftercare.plan import Card, Language, Place, Plan, Reader, card, care_plan
from cartway.exchange.plan import Named, card_pdf, plan_pdf
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.road import center_of, course_of, road
from cartway.web.speech import language as spoken_language
from cartway.words.telephone import dialed

READERS: tuple[tuple[Reader, Language, str], ...] = (
    ("patient", "en", "For the patient"),
    ("patient", "es", "For the patient, in Spanish"),
    ("physician", "en", "For the family doctor"),
)
CARD = "card"


@get("/courses/{course:str}/care-plan", opt=needs(Act.read_course), name="care plan", sync_to_thread=True)
def care_plan_page(request: WebRequest, course: FromPath[str]) -> Template:
    """The plan as it stands now. ``?reader=`` patient or physician, ``?language=`` en or es."""
    one = course_of(request, course)
    reader, language = (
        _reader(request.query_params.get("reader", "")),
        _language(request.query_params.get("language", "")),
    )
    found = care_plan(one, center_of(request), place_of(office_of(request)), reader, language)
    return road(
        request,
        one,
        "aftercare/care_plan.html",
        "aftercare",
        plan=None if isinstance(found, Problem) else found,
        problem=found if isinstance(found, Problem) else None,
        readers=READERS,
        reader=reader,
        spoken="en" if reader == "physician" else language,
        dialed=dialed,
        given=one.all("care_plan_given")[::-1],
    )


@get(
    "/courses/{course:str}/care-plan/{paper:str}", opt=needs(Act.read_course), name="care plan on paper",
    sync_to_thread=True,
)  # fmt: skip
def care_plan_paper(request: WebRequest, course: FromPath[str], paper: FromPath[str]) -> Response[bytes]:
    """The plan or the card as PDF; with the name for who may see names, the card always without."""
    one, office = course_of(request, course), office_of(request)
    if paper not in ("patient", "physician", CARD):
        raise NotFoundException
    language = _language(request.query_params.get("language", ""))
    named = _named(office, one.id) if person(request).may(Act.see_names) else None
    return _paper(office, one, center_of(request), paper, language, named)


@get("/my/{course:str}/plan", opt=needs(Act.read_own), name="my plan", sync_to_thread=True)
def my_plan(request: WebRequest, course: FromPath[str]) -> Template:
    """The patient's plan in the language of the page."""
    found = own_plan(request, course)
    return page(
        request,
        "aftercare/my_plan.html",
        course=course,
        dialed=dialed,
        plan=None if isinstance(found, Problem) else found,
        problem=found if isinstance(found, Problem) else None,
    )


@get("/my/{course:str}/plan/paper", opt=needs(Act.read_own), name="my plan on paper", sync_to_thread=True)
def my_paper(request: WebRequest, course: FromPath[str]) -> Response[bytes]:
    """The patient's plan as PDF, without a name: they write it on."""
    return _own_paper(request, course, "patient")


@get("/my/{course:str}/plan/card", opt=needs(Act.read_own), name="my card", sync_to_thread=True)
def my_card(request: WebRequest, course: FromPath[str]) -> Response[bytes]:
    """The patient's wallet card as PDF."""
    return _own_paper(request, course, CARD)


def own_plan(request: WebRequest, course: str) -> Plan | Problem:
    """The patient's plan in the language of the page. Problems as of `care_plan`."""
    office = office_of(request)
    return care_plan(
        _own(office, course), center_of(request), place_of(office), "patient", _language(spoken_language())
    )


def place_of(office: Office) -> Place:
    """The center as this worker was told of it."""
    config = office.config
    return Place(config.country, config.site, config.phone, config.zone, office.rules)


def _own_paper(request: WebRequest, course: str, paper: str) -> Response[bytes]:
    office = office_of(request)
    return _paper(office, _own(office, course), center_of(request), paper, _language(spoken_language()), None)


def _paper(
    office: Office, course: Course, center: Course, paper: str, language: Language, named: Named | None
) -> Response[bytes]:
    made = _made(office, course, center, paper, language, named)
    if isinstance(made, Problem):
        raise NotFoundException(made.reason)
    headers = {"Content-Disposition": f'inline; filename="{"card" if paper == CARD else "plan"}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


def _made(
    office: Office, course: Course, center: Course, paper: str, language: Language, named: Named | None
) -> bytes | Problem:
    place = place_of(office)
    found: Plan | Card | Problem
    if paper == CARD:
        found = card(course, center, place, language)
    else:
        found = care_plan(course, center, place, _reader(paper), language)
    if isinstance(found, Problem):
        return found
    if isinstance(found, Card):
        return card_pdf(found, now=course.now, country=place.country)
    return plan_pdf(found, now=course.now, country=place.country, named=named)


def _own(office: Office, course: str) -> Course:
    """The course as it stands; empty where nothing is recorded yet."""
    return Course(office.ward.facts(office.log, course), office.now())


def _reader(text: str) -> Reader:
    return "physician" if text == "physician" else "patient"


def _language(text: str) -> Language:
    return "es" if text == "es" else "en"


def _named(office: Office, course: str) -> Named | None:
    """The patient by name and birth date; nobody where one is not known."""
    name = office.names.of([course], office.now())[course]
    return Named(name.name, name.birth_date, name.identifier) if name.known and name.birth_date else None
