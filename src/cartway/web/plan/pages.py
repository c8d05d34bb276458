"""The plan that is accepted, a proposal with what it changes, and accepting it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec
from anyio import to_thread
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Template

from cartway.pathway.slots import Plan, Planned, Request, differences, question_of
from cartway.pathway.slots.days import Day, iso
from cartway.pathway.slots.need import Note
from cartway.pathway.slots.plan import STEP_WORDS
from cartway.problem import Problem
from cartway.web.access import Act
from cartway.web.draw import product_name
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.sheet import new_sheet
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.plan.accepting import CHANGED, accept
from cartway.web.plan.asking import Ask, asked_now, digest, read_ask, sees, today_of
from cartway.web.plan.gantt import Gantt, by_course, by_resource
from cartway.web.plan.jobs import Job, jobs
from cartway.web.plan.standing import standing
from cartway.web.programme.words import whole_day

KINDS = {
    "new": "new",
    "moved": "moved",
    "place": "other place",
    "lost": "loses its days",
    "gone": "not waiting any more",
}


@get("/plan", opt=needs(Act.see_programme), name="plan", sync_to_thread=True)
def plan_page(request: WebRequest) -> Template:
    """The accepted plan as it stands, who waits without days, and what a new one may be asked."""
    office, today = office_of(request), today_of(office_of(request))
    office.access.note(person(request), Act.see_programme, "", via="", place="plan", now=office.now())
    question = asked_now(office, Ask(today))
    stands, shown = standing(question), _shown(request)
    lines = [line for line in stands.lines if shown.sees(line.course)]
    states = dict.fromkeys(stands.wrong, "broken")
    return page(
        request,
        "plan/plan.html",
        lines=sorted(lines, key=lambda line: (line.days.infusion, line.course)),
        gantt=_gantt(request, lines, states, question, shown),
        states=states,
        wrong={name: told for name, told in stands.wrong.items() if shown.sees(name)},
        without=[need for need in question.needs if need.course in stands.without and shown.sees(need.course)],
        out=[each for each in question.out if shown.sees(each.course)],
        hidden=len(stands.lines) - len(lines),
        accepted=request.query_params.get("accepted", ""),
        resources=question.frame.calendars.resources,
        weeks=Ask(today).weeks,
        **shown.context(),
    )


@post("/plan/propose", opt=needs(Act.coordinate), name="propose a plan", status_code=200)
async def propose(request: WebRequest) -> Response[Any] | Template:
    """Begin to work out a plan, and go to where it will be."""
    entries = read_body(await request.body())
    return await to_thread.run_sync(lambda: _propose(request, entries))


def _propose(request: WebRequest, entries: Entries) -> Response[Any] | Template:
    office = office_of(request)
    ask = read_ask({name: entries[name] for name in ("start", "weeks", "keep")}, today_of(office))
    if isinstance(ask, Problem):
        return _told(request, ask)
    question = asked_now(office, ask)
    name = digest(question)
    begun = jobs(office).start(name, question)
    if isinstance(begun, Problem):
        return _told(request, begun)
    return Redirect(f"/plan/proposal?{ask.query(name)}", status_code=303)


@get("/plan/proposal", opt=needs(Act.see_programme), name="a proposed plan", sync_to_thread=True)
def proposal(request: WebRequest) -> Template:
    """A proposal: being worked out, worked out, or asked of a record that has changed since."""
    office = office_of(request)
    ask = read_ask(dict(request.query_params), today_of(office))
    name = request.query_params.get("question", "")
    if isinstance(ask, Problem) or not name:
        raise NotFoundException
    job = jobs(office).get(name) or _anew(office, ask, name)
    if job is None:
        return _told(request, CHANGED)
    if isinstance(job, Problem):
        return _told(request, job)
    if job.problem is not None:
        return _told(request, job.problem)
    if job.plan is None:
        address = f"/plan/proposal?{ask.query(name)}"
        return page(request, "plan/working.html", job=job, address=address, today=today_of(office))
    return _proposed(request, ask, name, job)


def _anew(office: Office, ask: Ask, name: str) -> Job | Problem | None:
    """The job made again here, where the question is still the same: the one of another worker, or one let go."""
    question = asked_now(office, ask)
    return jobs(office).start(name, question) if digest(question) == name else None


def _proposed(request: WebRequest, ask: Ask, name: str, job: Job, problem: Problem | None = None) -> Template:
    plan, question, shown = job.plan, job.question, _shown(request)
    assert plan is not None, "only what is worked out is shown"
    changes = differences(question_of(question), question.before, plan)
    states = {each.course: each.kind for each in changes if each.kind in ("new", "moved")}
    lines = [line for line in plan.planned if shown.sees(line.course)]
    return page(
        request,
        "plan/proposal.html",
        status=200 if problem is None else 409,
        plan=plan,
        ask=ask,
        question=name,
        sheet=new_sheet(office_of(request).now()),
        problem=problem,
        lines=sorted(lines, key=lambda line: (line.days.infusion, line.course)),
        gantt=_gantt(request, lines, states, question, shown),
        states=states,
        changes=[each for each in changes if shown.sees(each.course) and each.kind != "new"],
        fresh=sum(each.kind == "new" for each in changes),
        changed=len(changes),
        unplanned=[each for each in plan.unplanned if shown.sees(each.course)],
        all_mine=shown.sees_all([*(line.course for line in plan.planned), *(each.course for each in changes)]),
        notes=_notes(plan),
        kinds=KINDS,
        step_words=STEP_WORDS,
        **shown.context(),
    )


@post("/plan/accept", opt=needs(Act.coordinate), name="accept a plan", status_code=200)
async def accepting(request: WebRequest) -> Response[Any] | Template:
    """Record a proposal's days as appointments of the courses."""
    entries = read_body(await request.body())
    return await to_thread.run_sync(lambda: _accept(request, entries))


def _accept(request: WebRequest, entries: Entries) -> Response[Any] | Template:
    office, name = office_of(request), entries["question"]
    ask = read_ask({field: entries[field] for field in ("start", "weeks", "keep")}, today_of(office))
    if isinstance(ask, Problem):
        return _told(request, ask)
    job = jobs(office).get(name) or _anew(office, ask, name)
    if job is None:
        return _told(request, CHANGED)
    if isinstance(job, Problem):
        return _told(request, job)
    if job.plan is None:  # a worker that did not know it works it out again
        return Redirect(f"/plan/proposal?{ask.query(name)}", status_code=303)
    found = accept(office, person(request), ask, job.question, job.plan, entries)
    if isinstance(found, Problem):
        return _proposed(request, ask, name, job, found)
    return Redirect(f"/plan?accepted={found}", status_code=303)


def _told(request: WebRequest, problem: Problem) -> Template:
    return page(request, "plan/told.html", status=409, problem=problem)


class Shown:
    """How courses are called on a page for who reads it, and which it shows."""

    def __init__(self, request: WebRequest) -> None:
        self.office, self.me = office_of(request), person(request)
        self.now, self.today = self.office.now(), today_of(self.office)
        self._names: dict[str, Any] = {}

    def sees(self, course: str) -> bool:
        """Whether the reader belongs to a course."""
        return sees(self.me, course, self.now)

    def sees_all(self, courses: Sequence[str]) -> bool:
        """Whether the reader belongs to all of them."""
        return all(self.sees(course) for course in courses)

    def name(self, course: str) -> str:
        """What a course is called: the patient's name for who may see names."""
        if not self.me.may(Act.see_names):
            return course
        if course not in self._names:
            self._names.update(self.office.names.of([course], self.now))
        return str(self._names[course].name)

    def day(self, day: Day | None) -> str:
        """``Tue Nov 24``, with the year where it is another one."""
        return "" if day is None else whole_day(date.fromordinal(day), date.fromordinal(self.today))

    def label(self, line: Planned) -> tuple[str, str, str]:
        """A row's label of the chart: name, product, where it leads."""
        return self.name(line.course), short_product(line.product), f"/courses/{line.course}/pathway"

    def context(self) -> dict[str, Any]:
        """What the templates need of it."""
        return {"named": self.name, "said": self.day, "today": self.today, "short_product": short_product, "iso": iso}


def _shown(request: WebRequest) -> Shown:
    return Shown(request)


def short_product(name: str) -> str:
    """A product's short name."""
    from cartway.pathway.products import product

    found = product(name)
    return found.short if found is not None else product_name(name)


def _gantt(
    request: WebRequest, lines: Sequence[Planned], states: dict[str, str], question: Request, shown: Shown
) -> Gantt:
    draw: Callable[..., Gantt] = by_resource if request.query_params.get("by") == "resource" else by_course
    return draw(lines, states, question.frame.horizon, question.frame.calendars, shown.today, shown.label)


class Counted(msgspec.Struct, frozen=True):
    """A number that the plan rests on, and for how many courses."""

    note: Note
    courses: int


def _notes(plan: Plan) -> list[Counted]:
    """What the plan rests on, unconfirmed first, each once."""
    found: dict[Note, int] = dict.fromkeys(plan.notes, 0)
    for line in plan.planned:
        for note in line.notes:
            found[note] = found.get(note, 0) + 1
    return [Counted(note, count) for note, count in sorted(found.items(), key=lambda each: each[0].confirmed)]
