"""Two pages of a course: infections with what is given against them, and the risk scores."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.record import Fact
from cartway.toxicity import Episode, editions, grade
from cartway.toxicity.infections import fatigue, infections
from cartway.toxicity.scores import Score, choices_of, scores
from cartway.toxicity.wording import unit_text
from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of
from cartway.web.road import center_of, course_of, road

SCALES = ("iec_hs.astct", "tls.cairo_bishop")
VERDICTS = {"tls_laboratory": "Laboratory tumor lysis", "tls_clinical": "Clinical tumor lysis"}
SHOWN = 20  # of what is given again and again, the newest


@get("/courses/{course:str}/infections", opt=needs(Act.read_course), name="infections", sync_to_thread=True)
def infections_page(request: WebRequest, course: FromPath[str]) -> Template:
    """Infections by onset, prophylaxis, searches, transfusions, arrhythmia and fatigue."""
    one = course_of(request, course)
    return road(
        request,
        one,
        "infections/list.html",
        "infections",
        infections=infections(one.facts, one.now)[::-1],
        prophylaxis=[fact for fact in one.all("prophylaxis") if fact.until is None or fact.until > one.now],
        searches=_newest(one, "infection_work_up"),
        transfusions=_newest(one, "transfusion"),
        arrhythmias=_newest(one, "arrhythmia"),
        fatigue=fatigue(one.facts, one.now),
    )


@get("/courses/{course:str}/scores", opt=needs(Act.read_course), name="scores", sync_to_thread=True)
def scores_page(request: WebRequest, course: FromPath[str]) -> Template:
    """Each score with what it is made of, and how IEC-HS and tumor lysis stand."""
    one, office = course_of(request, course), office_of(request)
    policies = policies_of(center_of(request))
    episodes = grade(one.facts, office.rules, one.now, scales=SCALES)
    return road(
        request,
        one,
        "infections/scores.html",
        "infections",
        scores=scores(one.facts, one.now, choices_of(policies), episodes),
        stands=[(editions()[scale], present(episodes, scale)) for scale in SCALES],
        policies=policies.policies,
        rules=office.rules,
        called=called,
        answer=answer,
        unit=unit_text,
    )


def present(episodes: Sequence[Episode], scale: str) -> Episode | None:
    """The episode that lasts, None where the scale does not cover this time."""
    return next((each for each in reversed(episodes) if each.scale == scale and each.end is None), None)


def called(found: Score) -> str:
    """A score's name as a ward says it."""
    return VERDICTS.get(found.name, found.source.title)


def answer(found: Score) -> str:
    """A score's value in a few words."""
    if found.refused:
        return "not worked out"
    if isinstance(found.value, bool):
        return "yes" if found.value else "no"
    if found.value is not None:
        return f"{found.value:.4g}"
    if found.at_least is not None and found.at_most is not None:
        return f"{found.at_least:g} to {found.at_most:g}"
    return "not known"


def _newest(course: Course, what: str) -> list[Fact]:
    return course.all(what)[: -SHOWN - 1 : -1]
