"""Labels: first it is recorded that one is printed, and why again; then the paper can be had for a while.

The paper is bound to that record: nobody gets a label of which the record does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from cartway.exchange.labels import Label, Named, label_of, label_pdf, sizes, stated_on
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import MINUTE
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.custody.shared import containers, course_in, rewritten
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.guard.gate import needs
from cartway.web.names import Name
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, person
from cartway.web.road import course_of, road

FRESH = 15 * MINUTE  # how long the paper of a recorded print can be had


def _sizes(_: Chart) -> list[Option]:
    return [(name, size.words, "") for name, size in sizes().items()]


def _may_print(fact: Fact, chart: Chart) -> Draft:
    """A label is printed once; again only with a reason, for two labels of one bag are how bags are mixed up."""
    printed = course_in(chart).all("label_printed", about=fact.about)
    if printed and not fact.detail.get("reason"):
        problem = Problem("no_reason", "A label of this container was printed before.", "Say why it is printed again.")
        return flawed("reason", problem)
    return Draft()


def _again(fact: Fact, chart: Chart) -> Fact:
    printed = course_in(chart).all("label_printed", about=fact.about)
    return msgspec.structs.replace(fact, choice="reprint" if printed else "first")


PRINT = rewritten(
    plain(
        "print a label", "/courses/{course:str}/print-label", Act.handle_cells, "Print a label", "label_printed",
        [
            Field("about", "Container", needed=True, options=containers),
            Field("detail.size", "Size", needed=True, options=_sizes),
            Field("detail.evaluated", "Donor fully tested and screened for infectious diseases",
                  hint="21 CFR 1271.75 to 1271.85. Unless it is Yes, the label says NOT EVALUATED."),
            Field("detail.copies", "Copies"),
            Field("detail.reason", "Why again", kind="note", hint="Only where one was printed before"),
        ],
        back="/courses/{course:str}/labels", check=_may_print,
        fill=lambda chart, change: Entries({"about": (change,)} if change else {}),
        intro="Two people check the label on the bag afterwards, at the scan station.",
    ),
    _again,
)  # fmt: skip


class Print(msgspec.Struct, frozen=True):
    """One recorded print: what was done, and its label as long as the paper can be had, or why there is none."""

    fact: Fact
    words: str
    label: Label | Problem | None


@get("/courses/{course:str}/labels", opt=needs(Act.handle_cells), name="labels", sync_to_thread=True)
def labels_page(request: WebRequest, course: FromPath[str]) -> Template:
    """Which labels were printed, and the paper of those just recorded."""
    known = course_of(request, course)
    prints = [_print(request, known, fact) for fact in reversed(known.all("label_printed"))]
    said = {each.text: each for one in prints if isinstance(one.label, Label) for each in stated_on(one.label)}
    return road(
        request, known, "custody/labels.html", "chain", prints=prints, sizes=sizes(),
        statements=list(said.values()), minutes=FRESH // MINUTE,
    )  # fmt: skip


@get("/courses/{course:str}/labels/{position:int}", opt=needs(Act.handle_cells), name="label", sync_to_thread=True)
def label_paper(request: WebRequest, course: FromPath[str], position: FromPath[int]) -> Response[bytes]:
    """The paper of a print that was recorded just now."""
    known = course_of(request, course)
    fact = next((each for each in known.all("label_printed") if each.position == position), None)
    found = _print(request, known, fact) if fact else None
    if found is None or not isinstance(found.label, Label):
        raise NotFoundException
    made = label_pdf(found.label, str(found.fact.detail.get("size", "full")), now=found.fact.at)
    if isinstance(made, Problem):
        raise NotFoundException
    headers: Mapping[str, str] = {"Content-Disposition": 'inline; filename="label.pdf"'}
    return Response(made, media_type="application/pdf", headers=dict(headers))


def _print(request: WebRequest, course: Course, fact: Fact) -> Print:
    words = vocabulary().variables["label_printed"].choices[fact.choice].label
    fresh = 0 <= course.now - (fact.recorded_at or 0) <= FRESH
    return Print(fact, words, _label(request, course, fact) if fresh else None)


def _label(request: WebRequest, course: Course, fact: Fact) -> Label | Problem:
    """The label as it was at the time of its print; names only where the reader may see them."""
    office, me = office_of(request), person(request)
    then = Course((*course.facts, *course.ahead), max(fact.at, _entered(course, fact)))
    label = label_of(
        then, fact.about, jurisdiction=office.config.country, zone=office.zone, site=office.site,
        patient=_named(office, course.id) if me.may(Act.see_names) else None,
        evaluated=bool(fact.detail.get("evaluated")), reprint=fact.choice == "reprint",
    )  # fmt: skip
    if isinstance(label, Problem):
        return label
    made = label_pdf(label, str(fact.detail.get("size", "full")), now=fact.at)
    return made if isinstance(made, Problem) else label


def _entered(course: Course, fact: Fact) -> int:
    """When the container was entered: it may have been entered after the time that was stated for the print."""
    known = course.last("container", about=fact.about)
    return known.at if known else fact.at


def _named(office: Office, course: str) -> Named | None:
    """The patient by two identifiers; nobody where one of them is not known."""
    name: Name = office.names.of([course], office.now())[course]
    whole = name.known and name.birth_date and name.identifier
    return Named(name.name, name.birth_date, name.identifier) if whole else None


ROUTES: tuple[Any, ...] = (labels_page, label_paper)
