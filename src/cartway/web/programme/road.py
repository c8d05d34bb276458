"""A course's road: where it stands, what it waits for, the way it has come, its gates, and the forms to each."""

from __future__ import annotations

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.pathway.programme import Stand, Task, stand
from cartway.pathway.programme.road import ahead, skipped, visits
from cartway.pathway.programme.stand import look_at
from cartway.pathway.stages import stage_named
from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, person
from cartway.web.programme.words import illness, overdue, owner_words, said_day, short_day, whole_day
from cartway.web.road import center_of, course_of, road

SETTLES = {
    "no_referral": ("record-referral", Act.coordinate),
    "no_owner": ("record-referral", Act.coordinate),
    "tumor_board": ("tumor-board", Act.decide),
    "deferred": ("tumor-board", Act.decide),
    "declined": ("tumor-board", Act.decide),
    "product": ("choose-product", Act.decide),
    "order": ("order", Act.coordinate),
    "acceptance": ("order", Act.coordinate),
    "slot": ("slot", Act.coordinate),
    "slot_held": ("slot", Act.coordinate),
    "slot_lost": ("slot", Act.coordinate),
    "pace": ("pace", Act.assess),
    "bridging": ("bridging", Act.coordinate),
    "restaging": ("restaging", Act.assess),
    "gate_lodging": ("lodging", Act.coordinate),
    "collection_failed": ("repeat", Act.decide),
    "manufacture_failed": ("repeat", Act.decide),
}
"""For each task that a form of this room settles: its address, and the act that it needs."""

PAGES = {
    "identity": "chain",
    "chain_missing": "chain",
    "chain_contradicted": "chain",
    "on_site": "chain",
    "go_no_go": "infusion-day",
    "no_go": "infusion-day",
    "second_part": "infusion-day",
}
"""Tasks that another page of the course settles."""


@get("/courses/{course:str}/pathway", opt=needs(Act.see_programme), name="pathway", sync_to_thread=True)
def road_page(request: WebRequest, course: FromPath[str]) -> Template:
    """The whole page."""
    office, me = office_of(request), person(request)
    found, center = course_of(request, course), center_of(request)
    look, now = look_at(found, center, office.zone, office.config.country), found.now
    standing = stand(found, center, now, zone=office.zone, jurisdiction=office.config.country)
    return road(
        request,
        found,
        "programme/road.html",
        "pathway",
        stand=standing,
        stage=stage_named(standing.stage),
        visits=visits(look),
        ahead=() if standing.closed else ahead(look),
        skipped=skipped(look),
        referral=found.last("referral"),
        policies=look.policies,
        today=look.today,
        day=look.day,
        said_day=lambda each: said_day(each, look.today),
        whole_day=lambda each: whole_day(each, look.today),
        short_day=short_day,
        overdue=lambda each: overdue(each, look.today),
        owner_words=owner_words,
        illness=illness,
        address=lambda task: address(task, standing, course, me.may),
        forms=[(path, words) for path, act, words in FORMS if me.may(act) and standing.waiting],
        endings=[(path, words) for path, act, words in ENDINGS if me.may(act) and _may_end(path, standing)],
    )


def _may_end(path: str, standing: Stand) -> bool:
    """What was infused does not end before the infusion; who died does so once."""
    if path == "record-death":
        return standing.closed is None or standing.closed.how != "died"
    return standing.stage not in {"second_part", "infused"} and (
        standing.closed is None or standing.closed.how != "died"
    )


FORMS = (
    ("record-referral", Act.coordinate, "Referral"),
    ("tumor-board", Act.decide, "Tumor board"),
    ("choose-product", Act.decide, "Product"),
    ("order", Act.coordinate, "Order"),
    ("slot", Act.coordinate, "Slot"),
    ("pace", Act.assess, "Pace of the disease"),
    ("bridging", Act.coordinate, "Bridging"),
    ("restaging", Act.assess, "Restaging"),
    ("lodging", Act.coordinate, "Lodging"),
    ("repeat", Act.decide, "Collect or make again"),
)
ENDINGS = (("close", Act.decide, "End or reopen"), ("record-death", Act.decide, "Death"))


def address(task: Task, standing: Stand, course: str, may: object) -> str:
    """Where a task is settled, for who may; empty where there is no such page."""
    assert callable(may)
    base = f"/courses/{course}"
    if task.code.startswith("gate_") and task.code not in SETTLES:
        return f"{base}/gates/{task.code.removeprefix('gate_')}" if may(Act.coordinate) else ""
    if task.code in PAGES:
        return f"{base}/{PAGES[task.code]}"
    if task.code == "first_look":
        return f"{base}/candidacy"
    path, act = SETTLES.get(task.code, ("", Act.coordinate))
    return f"{base}/{path}" if path and may(act) else ""
