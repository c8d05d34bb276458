"""The response of one course: what the criteria derive from the measurements, why, and what a reader concluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response import respond
from cartway.response.endpoints import endpoints
from cartway.response.measured import day_zero, days_between
from cartway.response.model import Choices, Level, Response, choices_of
from cartway.response.words import flag_words
from cartway.times import Instant
from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of
from cartway.web.response.asked import family_of
from cartway.web.response.drawn import curves, scans, targets
from cartway.web.response.forms import offered
from cartway.web.response.outcome import beneath, decided, times
from cartway.web.response.words import agrees, beside, level_words, measured, relapse_words
from cartway.web.road import center_of, course_of, road

CONFIRMING = frozenset({"imwg_2016", "all", "iwcll_2018"})  # criteria that ask for a second look; Lugano asks for none
CLOSE_DAYS = 3  # a conclusion so near to an assessment is of that one, where it names none


class Row(msgspec.Struct, frozen=True):
    """An assessment in the table: its day, the level by itself and after confirmation, and what a reader concluded."""

    level: Level
    confirmed: Level
    day: int
    read: Fact | None

    @property
    def later(self) -> bool:
        """Whether it was measured after the next therapy began."""
        return "after_new_therapy" in self.level.flags

    @property
    def differs(self) -> bool:
        """Whether the reader and the criteria say different things."""
        return self.read is not None and not agrees(self.read.choice, self.level.level)


@get("/courses/{course:str}/response", opt=needs(Act.read_course), name="response", sync_to_thread=True)
def response_page(request: WebRequest, course: FromPath[str]) -> Template:
    """Levels with their reasons, the curves, and every assessment."""
    one = course_of(request, course)
    policies = policies_of(center_of(request))
    choices = choices_of(policies, office_of(request).zone)
    found, start = respond(one, choices), day_zero(one, choices)
    known = None if isinstance(found, Problem) else found
    diagnosis = one.last("diagnosis")
    listed = rows(one, known, choices) if known else []
    return road(
        request,
        one,
        "response/page.html",
        "response",
        problem=found if isinstance(found, Problem) else None,
        response=known,
        rows=listed,
        before=next((row for row in listed if not row.later), None),
        counts_no_more=counts_no_more(one, start, choices),
        confirms=known is not None and known.criteria in CONFIRMING,
        curves=[] if isinstance(start, Problem) else curves(one, start, choices, marks(one, known)),
        day=lambda at: "" if isinstance(start, Problem) else days_between(start, at, choices.zone),
        scans=[] if isinstance(start, Problem) else scans(one, start, choices.zone),
        targets=targets,
        beneath=beneath(one, choices, policies),
        endpoints=endpoints(one, known, choices) if known else None,
        times=times,
        decided=lambda names: decided(names, policies),
        level_words=level_words,
        flag_words=flag_words,
        relapse_words=relapse_words,
        beside=beside,
        measured=measured,
        enter=offered(family_of(diagnosis.choice if diagnosis else "")),
    )


def rows(course: Course, response: Response, choices: Choices) -> list[Row]:
    """The assessments of a response, the newest first."""
    read = course.all("response_read")
    pairs = zip(response.levels, response.confirmed, strict=True)
    found = [
        Row(
            level,
            confirmed,
            days_between(response.day_zero, level.at, choices.zone),
            read_of(level, read, choices),
        )
        for level, confirmed in pairs
    ]
    return found[::-1]


def read_of(level: Level, read: Sequence[Fact], choices: Choices) -> Fact | None:
    """The newest conclusion on an assessment: of the same event, or, where it names none, of about the same day."""
    of_it = [fact for fact in read if level.assessment and fact.event == level.assessment]
    near = [fact for fact in read if abs(days_between(level.at, fact.at, choices.zone)) <= CLOSE_DAYS]
    found = of_it or near
    return found[-1] if found else None


def counts_no_more(course: Course, start: Instant | Problem, choices: Choices) -> str:
    """Why what was measured after the next therapy counts no more, in a sentence; empty where none was begun."""
    therapy = _next_therapy(course, start)
    if therapy is None or isinstance(start, Problem):
        return ""
    name = therapy.detail.get("regimen") or "further treatment of the cancer"
    begun = f"Measured after {name}, begun on day {days_between(start, therapy.at, choices.zone)}"
    told = "it tells of that treatment and not of the CAR T cells"
    if choices.new_therapy == "ignore":
        return f"{begun}: {told}. By the center's policy progression still counts, a response does not."
    return f"{begun}: {told}, and counts neither as best response nor as progression."


def _next_therapy(course: Course, start: Instant | Problem) -> Fact | None:
    after = 0 if isinstance(start, Problem) else start
    return next((fact for fact in course.all("next_therapy") if fact.choice != "no" and fact.at > after), None)


def marks(course: Course, response: Response | None) -> Mapping[str, Instant]:
    """What is marked on every curve: progression and the next therapy."""
    found: dict[str, Instant] = {}
    if response is not None and response.progression_at is not None:
        found["progression"] = response.progression_at
    therapy = next((fact.at for fact in course.all("next_therapy") if fact.choice != "no"), None)
    return found if therapy is None else {**found, "next therapy": therapy}
