"""The programme board: every course on its way to the infusion, by stage, who needs somebody first on top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

import msgspec
from litestar import get
from litestar.response import Template

from cartway.pathway.programme import STAGES, Stand, Task
from cartway.pathway.programme.days import day_of
from cartway.web.access import Act, Principal
from cartway.web.guard.gate import needs
from cartway.web.names import Name
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.programme.stands import stands
from cartway.web.programme.words import illness, overdue, owner_words, said_day

MINE, ENDED, ALL = "mine", "ended", ""


class Row(msgspec.Struct, frozen=True):
    """A course on the board. `shown`: the task told, of the owner asked for; `more`: further ones."""

    stand: Stand
    name: Name | None
    shown: Task | None
    more: int

    @property
    def course(self) -> str:
        return self.stand.course


class Group(msgspec.Struct, frozen=True):
    """A stage with its courses."""

    name: str
    label: str
    rows: Sequence[Row]


class Link(msgspec.Struct, frozen=True):
    """A filter: its words, how many it shows, its address, whether it is the one in force."""

    words: str
    count: int
    href: str
    here: bool


@get("/programme", opt=needs(Act.see_programme), name="programme", sync_to_thread=True)
def board(request: WebRequest) -> Template:
    """The board. ``?who=`` an owner or ``mine``, ``?stage=`` a stage or ``ended``."""
    office, me = office_of(request), person(request)
    now = office.now()
    today = day_of(now, office.zone)
    office.access.note(me, Act.see_programme, "", via="", place="programme", now=now)
    found = stands(office).all(office, me, now)
    who, stage = request.query_params.get("who", ALL), request.query_params.get("stage", ALL)
    going = [each for each in found if each.closed is None]
    asked = {
        ENDED: [each for each in found if each.closed is not None],
        ALL: [each for each in going if _on_road(each)],
    }
    wanted = [each for each in asked.get(stage, going) if stage in {ALL, ENDED, each.stage}]
    wanted = [each for each in wanted if not who or owned(each, who, me)]
    is_named = me.may(Act.see_names)
    names = office.names.of([each.course for each in wanted], now) if is_named else {}
    return page(
        request,
        "programme/board.html",
        groups=grouped(wanted, names, who, me, today),
        stages=_stage_links(found, going, stage, who),
        owners=_owner_links(going, who, stage, me),
        total=len(wanted),
        fast=sum(each.fast for each in wanted),
        late=sum(overdue(_first_day(each), today) for each in wanted),
        ended=stage == ENDED,
        today=today,
        said_day=lambda day: said_day(day, today),
        overdue=lambda day: overdue(day, today),
        owner_words=owner_words,
        illness=illness,
        day_of=lambda instant: day_of(instant, office.zone),
    )


def owned(each: Stand, who: str, me: Principal) -> bool:
    """Whether an owner has something to do for a course."""
    return any(_is_of(task, who, me) for task in each.due)


def _is_of(task: Task, who: str, me: Principal) -> bool:
    mine = {me.account.name, me.account.id, me.account.role.value}
    return task.owner in mine if who == MINE else task.owner == who


def grouped(
    found: Sequence[Stand], names: Mapping[str, Name], who: str, me: Principal, today: date
) -> list[Group]:  # fmt: skip
    """The stages that have courses, in their order; in each who needs somebody first on top."""
    groups = []
    for stage in STAGES:
        here = sorted((each for each in found if each.stage == stage.name), key=lambda each: urgency(each, today))
        rows = [_row(each, names.get(each.course), who, me) for each in here]
        if rows:
            groups.append(Group(stage.name, stage.label, rows))
    return groups


def urgency(each: Stand, today: date) -> tuple[bool, bool, int, int, str]:
    """The order within a stage: a fast disease, an urgent referral, the nearest day due, the longest wait."""
    first = _first_day(each)
    waits = each.clocks.referral.days or 0
    return (not each.fast, not each.urgent, (first or date.max).toordinal(), -waits, each.course)


def _first_day(each: Stand) -> date | None:
    return min((task.due for task in each.due if task.due is not None), default=None)


def _row(each: Stand, name: Name | None, who: str, me: Principal) -> Row:
    """Told is what blocks first, of the owner asked for; the days say the rest."""
    due = [task for task in each.due if not who or _is_of(task, who, me)]
    return Row(each, name, due[0] if due else None, max(0, len(due) - 1))


def _on_road(stand: Stand) -> bool:
    """Whether the board shows it unasked: who has all cells in, and of whom nothing is due, is the ward's."""
    return stand.stage != "infused" or bool(stand.due)


def _stage_links(found: Sequence[Stand], going: Sequence[Stand], stage: str, who: str) -> list[Link]:
    counts = Counter(each.stage for each in going)
    links = [Link("On the road", sum(map(_on_road, going)), _href(who, ALL), stage == ALL)]
    links += [
        Link(each.label, counts[each.name], _href(who, each.name), stage == each.name)
        for each in STAGES
        if counts[each.name] or stage == each.name
    ]
    return [*links, Link("Ended", len(found) - len(going), _href(ALL, ENDED), stage == ENDED)]


def _owner_links(going: Sequence[Stand], who: str, stage: str, me: Principal) -> list[Link]:
    counts = Counter(owner for each in going for owner in {task.owner for task in each.due})
    mine = sum(owned(each, MINE, me) for each in going)
    links = [
        Link("Everybody", sum(map(_on_road, going)), _href(ALL, stage), who == ALL),
        Link("Mine", mine, _href(MINE, stage), who == MINE),
    ]
    return links + [
        Link(owner_words(owner), count, _href(owner, stage), who == owner) for owner, count in sorted(counts.items())
    ]


def _href(who: str, stage: str) -> str:
    query = urlencode({key: value for key, value in (("who", who), ("stage", stage)) if value})
    return "/programme" + (f"?{query}" if query else "")
