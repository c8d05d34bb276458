"""Life after the infusion: one course's page, and the list of the late-effects clinic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.aftercare.dates import day_of
from cartway.aftercare.model import (
    Aftercare,
    Candidate,
    CheckIn,
    Item,
    LateEffect,
    Question,
    Status,
    Task,
    Vaccine,
    Visit,
)
from cartway.aftercare.plan.said import brief
from cartway.pathway.products import product
from cartway.toxicity.wording import unit_text
from cartway.web.access import Act
from cartway.web.aftercare.kept import courses, follow
from cartway.web.aftercare.trend import HIGH, WIDE, trend
from cartway.web.guard.gate import needs
from cartway.web.names import Name
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.patient.feelings import PROBLEMS
from cartway.web.programme.words import distance
from cartway.web.road import center_of, course_of, road

SHOWS = {
    "all": "Everybody",
    "due": "Something due",
    "overdue": "Something overdue",
    "distress": "Distress not answered",
    "close": "In the close watch",
}
CLOSE_DAYS = 14  # whoever is not discharged is in the close watch of the ward until then
STATES: Mapping[Status, str] = {
    Status.due: "due",
    Status.overdue: "overdue",
    Status.done: "done",
    Status.missed: "missed",
    Status.not_yet: "not yet",
    Status.allowed: "allowed",
    Status.not_allowed: "not allowed",
    Status.unknown: "not known",
}
LOUD: Mapping[Status, str] = {Status.overdue: "warn", Status.not_allowed: "bad", Status.unknown: "warn"}
FAR = date.max
CANCERS = ("second_cancer", "t_cell_malignancy", "myeloid_neoplasm", "skin_cancer")
FROM = {name: words for _, each in PROBLEMS.values() for name, words in each.items()}
COMING = 1  # visits to come that stand open to the eye; the rest is folded away


class Row(msgspec.Struct, frozen=True):
    """A course of the clinic's list. `unanswered`: check-ins above the cut-off that nobody spoke about."""

    after: Aftercare
    name: Name | None
    due: tuple[Item, ...]
    overdue: int
    unanswered: tuple[CheckIn, ...]
    next: Visit | None
    close: bool
    open: tuple[Question, ...]

    @property
    def course(self) -> str:
        return self.after.course


@get("/courses/{course:str}/aftercare", opt=needs(Act.read_course), name="aftercare", sync_to_thread=True)
def aftercare_page(request: WebRequest, course: FromPath[str]) -> Template:
    """What is due, restrictions, immune recovery, vaccines, late effects, check-ins, and where sources differ."""
    one = course_of(request, course)
    after = follow(office_of(request), one, center_of(request))
    return road(
        request,
        one,
        "aftercare/page.html",
        "aftercare",
        after=after,
        due=after.due(),
        trends={each.key: trend(each) for each in after.immune},
        size=(WIDE, HIGH),
        answer=answer,
        on=lambda at: brief(day_of(at, office_of(request).zone)),
        grave=grave,
        told=told,
        option=lambda item, candidate: option_words(after, item, candidate),
        check_ins=nearest(after.check_ins),
        sorted_out=sorted_out,
        **visits_of(after.calendar),
        unit=unit_text,
        **words(after.on),
    )


@get("/aftercare", opt=needs(Act.follow_up), name="late-effects clinic", sync_to_thread=True)
def clinic(request: WebRequest) -> Template:
    """Everybody after the infusion: whose distress nobody answered first, then what is overdue longest."""
    office, me = office_of(request), person(request)
    show = request.query_params.get("show", "all")
    show = show if show in SHOWS else "all"
    office.access.note(me, Act.follow_up, "", via="", place="late-effects clinic", now=office.now())
    living = [each for each in courses(office).all(office, me) if each.after.ended is None]
    names = office.names.of([each.after.course for each in living], office.now()) if me.may(Act.see_names) else {}
    rows = sorted((row(each.after, names.get(each.after.course), each.discharged) for each in living), key=urgency)
    today = living[0].after.on if living else None
    asking = [each for each in rows if each.open and not each.close]
    return page(
        request,
        "aftercare/clinic.html",
        here="aftercare",
        rows=[each for each in rows if shown(each, show)],
        total=len(rows),
        asked=len({question.key for each in asking for question in each.open}),
        asking=len(asking),
        show=show,
        shows={name: (label, sum(shown(each, name) for each in rows)) for name, label in SHOWS.items()},
        contacts=center_of(request).all("care_contact"),
        quoted=lambda course: quote(course, safe=""),
        **words(today or date.min),
    )


def row(after: Aftercare, name: Name | None, discharged: bool) -> Row:
    """What a course needs, for the list."""
    due = after.due()
    return Row(
        after=after,
        name=name,
        due=due,
        overdue=sum(each.status is Status.overdue for each in due),
        unanswered=unanswered(after),
        next=next((each for each in after.calendar if each.status is Status.not_yet), None),
        close=not discharged and after.day is not None and after.day < CLOSE_DAYS,
        open=tuple(each for each in after.questions if each.open),
    )


def unanswered(after: Aftercare) -> tuple[CheckIn, ...]:
    """Check-ins that reached the center's cut-off and that nobody has spoken about."""
    return tuple(each for each in after.check_ins if each.above and not each.answered)


def urgency(each: Row) -> tuple[bool, int, date, str]:
    """Unanswered distress, then how much is overdue, then the nearest last day, then the course."""
    last = each.due[0].due_until if each.due else None
    return (not each.unanswered, -each.overdue, last or FAR, each.course)


def shown(each: Row, show: str) -> bool:
    """Whether a course is among those asked for. Who is in the close watch of the ward stands there alone."""
    if each.close or show == "close":
        return each.close and show == "close"
    match show:
        case "due":
            return bool(each.due)
        case "overdue":
            return bool(each.overdue)
        case "distress":
            return bool(each.unanswered)
    return True


def answer(item: Item) -> tuple[str, str, Act] | None:
    """The form that answers an item: its last part of the address with what it is about, its words, who may."""
    match item:
        case Visit():
            return f"follow-up-visit?change={item.time_point}", "Visit", Act.follow_up
        case Vaccine():
            return f"vaccination?change={item.key.rpartition('.')[2]}", "Given", Act.follow_up
        case CheckIn() if item.above:
            return f"support-contact?change={item.who}", "Answer", Act.follow_up
        case Task() | LateEffect():
            return f"follow-up-done?change={item.key.rpartition('.')[2]}", "Done", Act.follow_up
    return None


def grave(effect: LateEffect) -> bool:
    """Whether a late effect that is there is a boxed warning's, another cancer, or of grade 3 and more."""
    grades = [fact.detail.get("grade") for fact in effect.present]
    cancer = effect.key.rpartition(".")[2] in CANCERS
    return effect.boxed or cancer or any(isinstance(each, int | float) and each >= 3 for each in grades)


def option_words(after: Aftercare, item: Item, candidate: Candidate) -> str:
    """What a candidate day rests on, in the words of its question; its own reason where it has none."""
    asked = after.question(item.question)
    options = asked.options if asked else ()
    return next((option.words for option in options if option.key == candidate.option), candidate.why)


def told(check_in: CheckIn) -> str:
    """What the distress comes from, and their own words; empty where nobody said."""
    detail = check_in.facts[-1].detail if check_in.facts else {}
    problems = detail.get("problems")
    names = [FROM.get(str(each), str(each)) for each in problems] if isinstance(problems, list | tuple) else []
    text = str(detail.get("text", ""))
    return ". ".join(part for part in (", ".join(names), f"\u201c{text}\u201d" if text else "") if part)


def nearest(check_ins: Sequence[CheckIn]) -> list[CheckIn]:
    """The check-ins that were answered or are due, and the next one of each: distress not answered first, then the
    newest.
    """
    coming = [each for each in check_ins if each.status is Status.not_yet]
    following = {each.who: each for each in reversed(coming)}.values()
    found = [each for each in check_ins if each.status is not Status.not_yet or each in following]
    newest = sorted(found, key=lambda each: each.due_from or date.min, reverse=True)
    return sorted(newest, key=lambda each: (not (each.above and not each.answered), each.status is Status.not_yet))


def visits_of(calendar: Sequence[Visit]) -> dict[str, Sequence[Visit]]:
    """The visits that are past and settled, those that are due with the next `COMING` ones, those later."""
    past = [each for each in calendar if each.status in (Status.done, Status.missed)]
    rest = [each for each in calendar if each not in past]
    count = sum(each.status is not Status.not_yet for each in rest) + COMING
    return {"past": past, "near": rest[:count], "far": rest[count:]}


def sorted_out(vaccines: Sequence[Vaccine]) -> tuple[list[Vaccine], list[Vaccine]]:
    """The vaccines that may be had or are in doubt, and the others: done, not yet, not allowed."""
    settled = (Status.done, Status.not_yet, Status.not_allowed)
    return [each for each in vaccines if each.status not in settled], [
        each for each in vaccines if each.status in settled
    ]


def words(today: date) -> dict[str, Any]:
    """How the templates say states and days."""
    return {
        "Status": Status,
        "states": STATES,
        "loud": LOUD,
        "brief": brief,
        "today": today,
        "distance": lambda day: distance((day - today).days),
        "window": window,
        "short": short,
    }


def short(name: str) -> str:
    """A product's short name; its own where none is held."""
    found = product(name)
    return found.short if found else name.replace("_", " ")


def window(first: date | None, last: date | None) -> str:
    """``Jul 1, 2026 to Jul 9, 2026``; one day where both are the same or one is not known."""
    told: Sequence[date] = [each for each in dict.fromkeys((first, last)) if each is not None]
    return " to ".join(map(brief, told))
