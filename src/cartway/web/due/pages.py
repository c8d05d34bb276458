"""The worklist of a role, and what is due of one course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant
from cartway.vocabulary import vocabulary
from cartway.watch.due import Due, Dues, Why
from cartway.watch.due_schedule import load_schedules
from cartway.watch.handover import shift_of
from cartway.web.access import Act, Role
from cartway.web.due.beds import DUE, Bed, beds, dues_of
from cartway.web.fresh import fresh
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.road import center_of, course_of, road
from cartway.web.ward.standing import standing

ROLES = (Role.nurse, Role.physician, Role.coordinator)
SHOWS = {"overdue": "Overdue", "now": "Due now", "shift": "Until the next shift ends", "all": "All"}
FORMS = {
    "vital_signs": ("chart-vitals", "Chart", Act.chart),
    "neurology": ("chart-ice", "Chart ICE", Act.chart),
    "blood_cultures": ("work-up", "Chart", Act.chart),
    "weight": ("weigh", "Weigh", Act.infuse),
}
ANSWERS_SHOWN = 20


class Bundle(msgspec.Struct, frozen=True):
    """One patient of the worklist with the tasks that the reader asked for."""

    bed: Bed
    items: Sequence[Due]


@get("/due", opt=needs(Act.hand_over), name="worklist", sync_to_thread=True)
def worklist(request: WebRequest) -> Template:
    """``?role=`` nurse, physician, coordinator or all (the reader's own where it has a list), ``?show=`` overdue, now,
    shift or all.
    """
    office, now = office_of(request), office_of(request).now()
    role, show = _role(request), _show(request)
    until = _until(request, show, now)
    everyone = beds(request)
    bundles = [Bundle(bed, asked(bed, role, show, until, now)) for bed in everyone]
    shown = [each for each in bundles if each.items]
    office.access.note(person(request), Act.hand_over, "", via="", place="worklist", now=now)
    return page(
        request,
        "due/worklist.html",
        fresh=fresh(office, now),
        bundles=shown,
        quiet=len(everyone) - len(shown),
        unknown=[bed.called for bed in everyone if DUE in bed.defects],
        counts=counts(everyone, now),
        role=role,
        roles=[*((each.value, each.value.capitalize()) for each in ROLES), ("all", "Everybody")],
        show=show,
        shows=SHOWS,
        every=every,
        answers=person(request).may(Act.answer),
        form_of=form_of,
        quoted=lambda course: quote(course, safe=""),
    )


@get("/courses/{course:str}/due", opt=needs(Act.read_course), name="due of a course", sync_to_thread=True)
def course_due(request: WebRequest, course: FromPath[str]) -> Template:
    """All tasks of one course with the row of the schedule that asks for each, and what was answered otherwise."""
    office, one = office_of(request), course_of(request, course)
    dues = _dues(office, one, course)
    return road(
        request,
        one,
        "due/course.html",
        "due",
        dues=dues,
        said=[answered(fact) for fact in reversed(one.all("due_answer")[-ANSWERS_SHOWN:])],
        every=every,
        answers=person(request).may(Act.answer),
        form_of=form_of,
        quoted=lambda name: quote(name, safe=""),
    )


def _dues(office: Office, one: Course, name: str) -> Dues:
    """What the ward carries of a course that it watches, up to this minute; else worked out from the facts."""
    held = office.ward.standing(name)
    if held is not None and (held.changes_at is None or office.now() < held.changes_at):
        return held.dues
    watched = office.ward.course(office.log, name)
    return dues_of(office, one, standing(watched, office.now(), office.zone, office.rules)) if watched else Dues()


def _role(request: WebRequest) -> str:
    asked_for = request.query_params.get("role", "")
    if asked_for == "all" or asked_for in ROLES:
        return asked_for
    own = person(request).account.role
    return own.value if own in ROLES else "all"


def _show(request: WebRequest) -> str:
    show = request.query_params.get("show", "")
    return show if show in SHOWS else "now"


def _until(request: WebRequest, show: str, now: Instant) -> Instant | None:
    """Until when what falls due is shown; None: all of it."""
    if show == "all":
        return None
    if show == "shift":
        return shift_of(now, policies_of(center_of(request)), office_of(request).zone).until
    return now + 1


def asked(bed: Bed, role: str, show: str, until: Instant | None, now: Instant) -> list[Due]:
    """The tasks of a patient that a role asked for, in the order of a round."""
    mine = [each for each in bed.dues.items if role in ("all", each.role)]
    if show == "overdue":
        return [each for each in mine if each.overdue]
    return [each for each in mine if until is None or each.due_at < until]


def counts(everyone: Sequence[Bed], now: Instant) -> Mapping[str, tuple[int, int]]:
    """By role, and for all: how many tasks are overdue, and how many are due."""
    found = {}
    for role in ("all", *(each.value for each in ROLES)):
        mine = [each for bed in everyone for each in bed.dues.items if role in ("all", each.role)]
        found[role] = (sum(each.overdue for each in mine), sum(each.due_at <= now for each in mine))
    return found


def every(why: Why) -> str:
    """``every 4 h``, ``every day``, ``every 3 days``; ``once, within 1 h``."""
    number, unit = (why.every // DAY, "day") if why.every % DAY == 0 else (why.every / HOUR, "h")
    plural = "s" if unit == "day" and number != 1 else ""
    if why.once:
        return f"once, within {number:g} {unit}{plural}"
    return "every day" if (number, unit) == (1, "day") else f"every {number:g} {unit}{plural}"


def form_of(item: Due) -> tuple[str, str, Act] | None:
    """Where a task is charted, in which words, by whom; None where nothing here charts it."""
    if item.task == "neurology" and item.last is not None and item.last.what == "capd_score":
        return "chart-capd", "Chart CAPD", Act.chart
    return FORMS.get(item.task)


class Answered(msgspec.Struct, frozen=True):
    """What somebody answered: which task, in which words, and why."""

    fact: Fact
    task: str
    words: str
    why: str


def answered(fact: Fact) -> Answered:
    """A `due_answer` as a page shows it."""
    task = load_schedules().get(fact.about)
    choice = vocabulary().variables["due_answer"].choices.get(fact.choice)
    why = str(fact.detail.get("text", ""))
    return Answered(fact, task.label if task else fact.about, choice.label if choice else fact.choice, why)
