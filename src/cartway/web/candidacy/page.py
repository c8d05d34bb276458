"""The candidacy page: read aloud in a tumor board, printed on a page or two, entered by who knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from urllib.parse import quote

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.pathway.answer import Answer, Criterion
from cartway.pathway.candidacy import Candidacy, candidacy
from cartway.pathway.candidacy.changes import Change, as_looked, changes, last_look
from cartway.pathway.candidacy.days import day_of
from cartway.pathway.candidacy.referral import hints
from cartway.pathway.candidacy.rule import rules
from cartway.pathway.candidacy.status import step_for
from cartway.pathway.candidacy.washouts import Washout
from cartway.pathway.course import CENTER
from cartway.pathway.products import JURISDICTIONS
from cartway.record import Fact
from cartway.times import Instant
from cartway.web.access import Act
from cartway.web.candidacy.aloud import MEANING, aloud, asked, gravest_first
from cartway.web.candidacy.compare import compared, refused, rows, source_of
from cartway.web.candidacy.forms import ENTER, LOOK
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, person
from cartway.web.programme.words import said_day
from cartway.web.road import center_of, course_of, road


class Part(msgspec.Struct, frozen=True):
    """One axis on the page: what is not met, what is not known, what is met."""

    against: tuple[Criterion, ...]
    open: tuple[Criterion, ...]
    met: tuple[Criterion, ...]


@get("/courses/{course:str}/candidacy", opt=needs(Act.see_programme), name="candidacy", sync_to_thread=True)
def candidacy_page(request: WebRequest, course: FromPath[str]) -> Template:
    """The whole page. ``?country=EU`` asks another place's labels."""
    office, me = office_of(request), person(request)
    now, center = course_of(request, course), center_of(request)
    country = request.query_params.get("country", office.config.country)
    country = country if country in JURISDICTIONS else office.config.country
    today = day_of(now.now)
    found = candidacy(now, center, on=today, jurisdiction=country)
    looked = last_look(now)
    recorded = office.ward.facts(office.log, course), office.ward.facts(office.log, CENTER)
    changed = since(*recorded, looked, found) if looked is not None else ()
    return road(
        request,
        now,
        "candidacy/candidacy.html",
        "candidacy",
        found=found,
        spoken=aloud(now, found),
        compared=compared(found),
        refused=refused(found),
        rows=rows(now, found, today),
        fitness=part(found.fitness),
        logistics=part(found.logistics),
        collection=part(each for each in found.collectable.criteria if each.id != "COL-07"),
        waiting=[each for each in found.collectable.washouts if runs(each, today)],
        over=[each for each in found.collectable.washouts if not runs(each, today)],
        pathology=part((found.pathology,)),
        looked=looked,
        changed=[each for each in changed if not settled(each)],
        settled=[each for each in changed if settled(each)],
        sources=sources(found),
        hints=hints(now),
        country=country,
        countries=JURISDICTIONS,
        today=today,
        said_day=lambda day: said_day(day, today),
        meaning=MEANING,
        step=step_for,
        settles=settles,
        source_of=source_of,
        enter=forms_for(course, me.may),
        look=me.may(LOOK.act),
    )


def forms_for(course: str, may: Callable[[Act], bool]) -> list[tuple[str, str]]:
    """The addresses and words of the forms that somebody may fill in."""
    return [
        (form.path.replace("{course:str}", quote(course, safe="")), words) for form, words in ENTER if may(form.act)
    ]


def part(criteria: Iterable[Criterion]) -> Part:
    """The criteria of an axis, sorted by their answers; what is not met gravest first."""
    told = list(criteria)
    split = {answer: [each for each in told if each.answer is answer] for answer in Answer}
    return Part(
        tuple(gravest_first(split[Answer.no])),
        tuple(gravest_first(split[Answer.unknown])),
        tuple(split[Answer.yes]),
    )


def since(course: Sequence[Fact], center: Sequence[Fact], looked: Instant, found: Candidacy) -> tuple[Change, ...]:
    """What changed since the last look: against what was known then, by the label of that day."""
    then, theirs = as_looked(course, looked), as_looked(center, looked)
    before = candidacy(then, theirs, on=day_of(looked), jurisdiction=found.jurisdiction)
    return changes(before, found)


def settled(change: Change) -> bool:
    """Whether it only came in, and speaks against nothing."""
    return change.now == "met" and change.was in ("", "not known")


def runs(washout: Washout, today: date) -> bool:
    """Whether its least or its preferred interval is not over, or nobody knows."""
    return washout.running(today) or washout.preferably_running(today)


def sources(found: Candidacy) -> list[tuple[str, str]]:
    """Every source that the criteria rest on, with their ids."""
    told: dict[str, list[str]] = {}
    for each in asked(found):
        told.setdefault(source_of(each.source), []).append(each.id)
    return [(source, ", ".join(dict.fromkeys(ids))) for source, ids in told.items()]


def settles(criterion: Criterion) -> str:
    """What would settle a criterion that is not known."""
    needed = criterion.missing or ()
    return "; ".join(dict.fromkeys(each.settles for each in needed)) or rules()[criterion.id].action
