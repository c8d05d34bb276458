"""The chain of one course as a page: the path with its breaks, the containers, the history, the way to each form."""

from __future__ import annotations

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.pathway.chain import chain
from cartway.pathway.policies import policies_of
from cartway.web.access import Act
from cartway.web.custody import drawn
from cartway.web.custody.aside import DEVIATION, LIFT, QUARANTINE, STAND_IN
from cartway.web.custody.elsewhere import index_of
from cartway.web.custody.entering import COLLECTION, CONTAINER, IDENTITY
from cartway.web.custody.keeping import HAND_OVER, STORE
from cartway.web.custody.station import STEPS
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, person
from cartway.web.road import center_of, course_of, road

HISTORY_SHOWN = 12
FORMS = (IDENTITY, COLLECTION, CONTAINER, HAND_OVER, STORE, QUARANTINE, LIFT, DEVIATION, STAND_IN)
OTHERS = (("receive", Act.verify, "Receive"), ("labels", Act.handle_cells, "Labels"))


@get("/courses/{course:str}/chain", opt=needs(Act.see_programme), name="chain", sync_to_thread=True)
def chain_page(request: WebRequest, course: FromPath[str]) -> Template:
    """The path patient - collection - batch - bag - patient, and where it breaks."""
    known, me, index = course_of(request, course), person(request), index_of(office_of(request))
    policies = policies_of(center_of(request))
    found, told = chain(known, index, policies), drawn.history(known)
    rows = drawn.rows(found, known, index, policies)
    every = "all" in request.query_params
    return road(
        request,
        known,
        "custody/chain.html",
        "chain",
        chain=found,
        columns=drawn.columns(found),
        rows=rows,
        never_entered=drawn.never_entered(known),
        shouts=drawn.shouts(found, rows),
        to_come=drawn.to_come(found, rows),
        history=told if every else told[:HISTORY_SHOWN],
        left=0 if every else max(0, len(told) - HISTORY_SHOWN),
        state_of=drawn.state_of,
        forms=[(path, words) for path, act, words in _forms() if me.may(act)],
        steps=STEPS if me.may(Act.verify) else {},
    )


def _forms() -> list[tuple[str, Act, str]]:
    """The forms: the last part of the address, whose act it is, its words."""
    plain = [(form.path.rpartition("/")[2], form.act, form.title) for form in FORMS]
    return [*plain, *OTHERS]
