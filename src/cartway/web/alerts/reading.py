"""Where alerts come from: the live ward, or worked out anew where it does not have a course as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cartway.pathway.course import CENTER, Course
from cartway.record import Fact, current
from cartway.record.errors import StoreError
from cartway.times import Instant
from cartway.toxicity import ALL_SCALES, grade
from cartway.watch import alerts, ward_alerts
from cartway.watch.model import Alert, Watching
from cartway.web.forms.chart import Chart
from cartway.web.office import Office
from cartway.web.ward.standing import Standing


def of_ward(office: Office, standings: Sequence[Standing], now: Instant) -> list[Alert]:
    """The alerts of these courses of the live ward, and of the center itself, in no order."""
    center = of_center(office, _facts(office, CENTER), now)
    return [*(alert for standing in standings for alert in standing.alerts), *center]


def of_course(office: Office, course: str, facts: Sequence[Fact], now: Instant) -> tuple[Alert, ...]:
    """Every episode of a course, past ones too, by onset. `facts`: all of it, in commit order."""
    return of_center(office, facts, now) if course == CENTER else watching_of(office, course, facts, now).alerts


def watching_of(office: Office, course: str, facts: Sequence[Fact], now: Instant) -> Watching:
    """The alerts of a patient's course: as the live ward has them where it has just these facts, and time has not moved
    anything since.
    """
    held = office.ward.standing(course)
    is_held = held is not None and facts and held.position == facts[-1].position
    if held is not None and is_held and (held.changes_at is None or now < held.changes_at):
        return held.watching
    return worked_out(office, facts, now)


def worked_out(office: Office, facts: Sequence[Fact], now: Instant) -> Watching:
    """The same from the facts alone, by what the center's record said by then."""
    if not facts:
        return Watching()
    center = Course(_facts(office, CENTER), now, known_at=now)
    return alerts(Course(facts, now), grade(current(facts), office.rules, now, ALL_SCALES), center)


def of_center(office: Office, facts: Sequence[Fact], now: Instant) -> tuple[Alert, ...]:
    """What rings for the whole ward, as the stock of a drug does. `facts`: the center's record."""
    moves = [fact for each in office.ward.standings() for fact in _moves(each)]
    return ward_alerts(Course(facts, now), moves, office.config.country).alerts


def _moves(standing: Standing) -> Iterator[Fact]:
    """The infusion of a course, and how its patient left who has not come back."""
    if standing.infused_at is not None:
        yield Fact(standing.course, standing.infused_at, "infusion", choice=standing.product)
    if standing.ended is not None:
        yield standing.ended


def _facts(office: Office, course: str) -> Sequence[Fact]:
    return office.ward.facts(office.log, course)


def of_chart(office: Office, chart: Chart) -> tuple[Alert, ...]:
    """The alerts of a course as a form has it before it; none where the record cannot be read."""
    try:
        return of_course(office, chart.course, chart.facts, chart.now)
    except StoreError:
        return ()


def answerable(found: Sequence[Alert], event: str) -> Alert | None:
    """The episode of an event that somebody can answer: what is there now, or was over before anybody saw it."""
    mine = [alert for alert in found if alert.event == event and (alert.end is None or alert.unanswered)]
    return mine[-1] if mine else None


def episode(found: Sequence[Alert], event: str, onset: str) -> Alert | None:
    """The episode of an event that began then. `onset`: whole microseconds, as an address or a hidden field says it."""
    return next((alert for alert in found if alert.event == event and str(alert.onset) == onset), None)
