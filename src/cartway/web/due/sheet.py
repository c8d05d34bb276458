"""The hand-over sheet of a ward, on one printed page for up to forty courses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import msgspec
from litestar import get
from litestar.response import Template

from cartway.pathway.conditioning.stock import ITEM
from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.record import Fact
from cartway.times import Instant, to_datetime
from cartway.watch.handover import Fear, Handed, Shift, hand_over, shift_of
from cartway.watch.model import Priority
from cartway.web.access import Act
from cartway.web.draw import product_name
from cartway.web.due.beds import Bed, beds, defect, episodes_of
from cartway.web.due.fitting import Fitted, Wanted, fit
from cartway.web.fresh import fresh
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.road import center_of

DEFECT = "defect"
DOUBT = "*"  # after what rests on a number that is not confirmed


class Line(msgspec.Struct, frozen=True):
    """One patient of the sheet: what is told in full, and as it fits on the printed page."""

    bed: Bed
    handed: Handed
    todo: Sequence[tuple[str, list[str]]]
    printed: Fitted


@get("/handover", opt=needs(Act.hand_over), name="hand-over", sync_to_thread=True)
def handover(request: WebRequest) -> Template:
    """The sheet as of now: the courses under watch and before their infusion, whom to look at first on top. Whoever
    rings is on it wherever they are, and above those who do not.
    """
    office, center = office_of(request), center_of(request)
    now, zone = office.now(), office.zone
    shift = shift_of(now, policies_of(center), zone)
    told = [(bed, _handed(office, bed, center, shift)) for bed in beds(request) if bed.is_told]
    told.sort(key=lambda each: -_asks(*each))
    printed = fit([wanted(bed, each, now, zone) for bed, each in told])
    office.access.note(person(request), Act.hand_over, "", via="", place="hand-over", now=now)
    return page(
        request,
        "due/handover.html",
        fresh=fresh(office, now),
        lines=[
            Line(bed, each, todo(each, now, zone), fitted)
            for (bed, each), fitted in zip(told, printed.rows, strict=True)
        ],
        size=printed.size,
        shift=shift,
        stock=_stock(center),
        clock=lambda at: clock(at, now, zone),
        overdue=sum(len(each.dues.overdue) for _, each in told),
    )


def _asks(bed: Bed, handed: Handed) -> int:
    """How far up a row stands before the order of the board counts: what rings, what nobody can work out."""
    return Priority.high if any(each.name == DEFECT for each in handed.fears) else bed.asks


def _handed(office: Office, bed: Bed, center: Course, shift: Shift) -> Handed:
    """One course handed over, with the alerts that ring or were never seen. What cannot be worked out is said."""
    try:
        found = _worked_out(office, bed, center, shift)
    except Exception as failure:
        defect(failure)
        return Handed(bed.id, (), bed.dues, (), (_unknown((*bed.defects, "the hand-over")),))
    unknown = (_unknown(bed.defects),) if bed.defects else ()
    return msgspec.structs.replace(found, fears=(*unknown, *found.fears))


def _worked_out(office: Office, bed: Bed, center: Course, shift: Shift) -> Handed:
    course = Course(office.ward.facts(office.log, bed.id), center.now)
    told = [alert for alert in bed.standing.alerts if alert.rings or alert.unanswered]
    return hand_over(
        course, episodes_of(bed.standing), center, shift, zone=office.zone, alerts=told, dues=bed.dues,
        jurisdiction=office.config.country,
    )  # fmt: skip


def _unknown(parts: Sequence[str]) -> Fear:
    """What stands first where something of a course cannot be worked out: the sheet is no news of it."""
    because = f"{', '.join(dict.fromkeys(parts))}; look at the chart"
    return Fear(DEFECT, "Cannot be worked out", because, "A defect of the program", confirmed=True)


def wanted(bed: Bed, handed: Handed, now: Instant, zone: tzinfo) -> Wanted:
    """All that a row would say."""
    product = product_name(bed.standing.product) if bed.standing.product else "before infusion"
    return Wanted(bed.called, bed.born, product, columns(handed, now, zone))


def columns(handed: Handed, now: Instant, zone: tzinfo) -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
    """The three wide columns of the print, each in the ways it may be said: changed, due, to fear."""
    bare = [f"{clock(each.at, now, zone)} {each.words}{_doubt(each.confirmed)}" for each in handed.changes]
    why = [f"{words}: {each.why}" if each.why else words for words, each in zip(bare, handed.changes, strict=True)]
    named = [each.words + _doubt(each.confirmed) for each in handed.fears]
    because = [f"{words} ({each.because})" for words, each in zip(named, handed.fears, strict=True)]
    return [why, [*why[:1], *bare[1:]], bare], [_due(handed, now, zone)], [because, [*because[:1], *named[1:]], named]


def _doubt(confirmed: bool) -> str:
    return "" if confirmed else DOUBT


def _due(handed: Handed, now: Instant, zone: tzinfo) -> list[str]:
    """``OVERDUE vitals``, ``ICE``, ``now weight``, ``18:06 counts``: each task an item, so that what is left out can be
    counted.
    """
    found = []
    for kind, words in todo(handed, now, zone, short=True):
        said = {"overdue": "OVERDUE", "due": "now"}.get(kind, kind)
        found += [f"{said} {words[0]}", *words[1:]]
    return found


def todo(handed: Handed, now: Instant, zone: tzinfo, *, short: bool = False) -> list[tuple[str, list[str]]]:
    """What is overdue in one, what is due now in one, then what falls due in the coming shift by its time: each with
    ``overdue``, ``due`` or the time.
    """
    groups: dict[str, list[str]] = {"overdue": [], "due": []}
    for each in sorted(handed.coming, key=lambda each: max(each.due_at, now)):
        state = each.state(now)
        kind = clock(each.due_at, now, zone) if state == "later" else state
        words = (each.short if short else each.words) + _doubt(each.why.confirmed)
        groups.setdefault(kind, []).append(words)
    return [(kind, [lowered(each) for each in words]) for kind, words in groups.items() if words]


def lowered(words: str) -> str:
    """A task within a line: ``vital signs``, ``ICE or CAPD``."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def clock(at: Instant, now: Instant, zone: tzinfo) -> str:
    """``14:10`` within half a day, with the day of the month further away."""
    moment = to_datetime(at).astimezone(zone)
    same = moment.date() == to_datetime(now).astimezone(zone).date()
    return f"{moment:%H:%M}" if same else f"{moment.day} {moment:%b %H:%M}"


def _stock(center: Course) -> Fact | None:
    """The last count of tocilizumab that is nobody's own."""
    counts: Sequence[Fact] = [
        fact
        for fact in center.all("stock")
        if (fact.about or str(fact.detail.get("item", ""))).casefold().split(" ", 1)[0] == ITEM
        and fact.value is not None
        and not fact.detail.get("for_course")
    ]
    return counts[-1] if counts else None
