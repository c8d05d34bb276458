"""The page of a course's forecast, and that of how good forecasts are. Working one out takes seconds."""

from __future__ import annotations

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.problem import Problem
from cartway.twin.policy import policies, policy_of
from cartway.web.access import Act
from cartway.web.forecast.drawn import calibration, fans
from cartway.web.forecast.kept import asked_of, forecasts
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of
from cartway.web.road import course_of, road

USUAL_POLICY = "label"


@get("/courses/{course:str}/forecast", opt=needs(Act.read_course), name="forecast", sync_to_thread=True)
def forecast_page(request: WebRequest, course: FromPath[str]) -> Template:
    """Fans and chances. One not yet worked out is when the page asks again with `work=1`, as it does by itself."""
    one = course_of(request, course)
    chosen = policy_of(request.query_params.get("policy", USUAL_POLICY))
    policy = USUAL_POLICY if isinstance(chosen, Problem) else chosen.name
    asked, kept = asked_of(one, policy), forecasts(office_of(request))
    found = kept.known(asked)
    if found is None and request.query_params.get("work"):
        found = kept.work_out(asked, one.as_of(asked.at))
    known = None if isinstance(found, Problem) else found
    return road(
        request,
        one,
        "forecast/page.html",
        "forecast",
        problem=found if isinstance(found, Problem) else None,
        forecast=known,
        at=asked.at,
        fans=fans(known) if known else [],
        policy=policy,
        policies=list(policies().values()),
    )


@get("/courses/{course:str}/forecast/calibration", opt=needs(Act.read_course), name="forecast calibration",
     sync_to_thread=True)  # fmt: skip
def calibration_page(request: WebRequest, course: FromPath[str]) -> Template:
    """How good forecasts are, on virtual patients."""
    from cartway.twin.forecast.scores import load_calibration

    scores = load_calibration()
    return road(
        request,
        course_of(request, course),
        "forecast/calibration.html",
        "forecast",
        scores=scores,
        pictures=list(calibration(scores)),
    )
