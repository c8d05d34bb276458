"""Where a course stands at one moment: what the board shows of it. Made from a watched course, told in no words yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from types import MappingProxyType

import msgspec

from cartway.record import Fact, current
from cartway.times import DAY, HOUR, Instant, from_datetime, to_datetime
from cartway.toxicity import SCALES, Episode, Rules
from cartway.toxicity.further import ALL_SCALES
from cartway.toxicity.wording import day_since
from cartway.watch import Alert, Watching
from cartway.watch.due import Dues
from cartway.web.ward.findings import notable, weight
from cartway.web.ward.spark import Point
from cartway.web.ward.watched import OBSERVED, Watched

UNAROUSABLE = 4  # what it grades; a RASS itself grades nothing
LONG_UNREAD = 99  # hours without an observation; more is no worse
TAKEN_UP_FOR = 72 * HOUR
"""A reading after the discharge takes the watch up again: nobody knows yet why it was taken. So long after the last,
with nothing to grade, it is over again. What patient and caregiver read at home takes it up where it is a fever."""
TOLD_BY_THEM = frozenset({"patient", "caregiver"})  # sources
IN_SIGHT = 14 * DAY  # who left longer ago, with nothing open, has no row on the board
TREND_OVER = 12 * HOUR  # a change of grade this long ago is no trend any more
OTHERS = ("icaht.early", "icaht.late", "t_icaht.early", "t_icaht.late", "iec_hs.astct", "tls.cairo_bishop")
"""What a row shows as a small mark where there is a grade: the scales beside CRS and ICANS that need somebody."""
GRADES = "grades"
_PLACES = {scale: ALL_SCALES.index(scale) for scale in OTHERS}


class Grade(msgspec.Struct, frozen=True):
    """One scale now. `since`: from when on this grade has held without a break. `before`: the grade it changed from.

    `if_not_excused`: the grade as it would be printed were no attribution made, where that differs; else "".
    """

    episode: Episode
    since: Instant
    before: Episode | None
    if_not_excused: str = ""

    @property
    def trend(self) -> str:
        """``up``, ``down`` or ``steady`` against the grade before. A lower bound is not down: it may be as high."""
        if self.before is None or self.before.grade is None or self.episode.grade is None:
            return "steady"
        change = self.episode.grade - self.before.grade
        return "up" if change > 0 else "down" if change < 0 and not self.episode.missing else "steady"


class Standing(msgspec.Struct, frozen=True):
    """A course at `at`. `grades` by scale: none before the infusion and none where the close watch is over.

    `stage`: ``before`` the infusion, ``watch``, ``over`` (discharged or dead), ``home``: not on the ward, and rings.
    `facts`: how many are recorded.
    """

    course: str
    at: Instant
    position: int
    facts: int
    stage: str
    product: str
    infused_at: Instant | None
    day: int | None
    grades: Mapping[str, Grade]
    history: Mapping[str, Sequence[Episode]]
    observed: Mapping[str, Fact]  # the last of each observation
    ended: Fact | None
    lately: int  # the highest grade in the hours for which every sign must have been gone before a CRS is over
    changed_at: Instant  # when time alone last changed any of this, and when it next will
    changes_at: Instant | None
    sedated: bool = False  # a sedative runs
    unroused: bool = False  # a RASS as deep as under sedation, and no sedative that explains it
    temperatures: Sequence[Point] = ()  # of the last three days
    simulated: bool = False  # some of its facts are
    others: Mapping[str, Episode] = MappingProxyType({})  # of OTHERS those that have a grade above 0 now
    unsure: Mapping[str, Episode] = MappingProxyType({})  # of OTHERS those that cannot be assessed, with findings
    watching: Watching = Watching()  # its alerts; none where nobody asked for them
    dues: Dues = Dues()
    on_road: bool = False  # referred, and neither lymphodepletion nor infusion has begun
    set_at: int = 0  # the position of the last fact by which the center set the rules of the two
    defects: tuple[str, ...] = ()  # which of GRADES, "alerts", "due" could not be worked out: they are as they were
    troubled_at: Instant = 0  # when `defects` last changed: a row that heals is a newer one

    @property
    def is_aside(self) -> bool:
        """Whether nobody on the ward need see it: on the road to infusion, or gone for long, and nothing of it open.

        What ended before anybody saw it is open still; what somebody saw and took is theirs, and stands on /alerts.
        """
        if self.stage == "home" or self.watching.ringing or self.watching.unanswered:
            return False
        gone = self.ended is not None and self.at - self.ended.at > IN_SIGHT
        return not self.defects and ((self.stage == "over" and gone) or self.on_road)

    @property
    def alerts(self) -> Sequence[Alert]:
        """Every alert of the course by onset, those that are over too."""
        return self.watching.alerts

    @property
    def last(self) -> Fact | None:
        """The newest of the observations."""
        return max(self.observed.values(), key=lambda fact: (fact.at, fact.position), default=None)

    @property
    def version(self) -> tuple[int, Instant]:
        """Grows with every fact, and whenever time alone changed what is shown. The same in every worker, but for a
        course that could not be worked out in one of them.
        """
        return max(self.position, self.set_at), max(self.changed_at, self.troubled_at)

    @property
    def risk(self) -> tuple[int, ...]:
        """Who is looked at first: the larger comes first.

        The stage; the worse grade, or what the worst sign would grade if it counted; how soon an alert that nobody has
        seen asks for somebody; the highest grade lately; the sum; what rises; whether anything was found; the worst of
        the other scales; what nobody could assess; what is missing; what is overdue; the hours that nobody looked.
        """
        now = [grade.episode for grade in self.grades.values()]
        graded = [_weight(grade) for grade in self.grades.values()]
        unread = LONG_UNREAD if self.last is None else min(LONG_UNREAD, (self.at - self.last.at) // HOUR)
        return (
            {"home": 3, "watch": 2, "before": 1, "over": 0}[self.stage],
            max([weight(now), UNAROUSABLE if self.unroused or GRADES in self.defects else 0, *graded]),
            max((alert.priority or 0 for alert in self.watching.ringing), default=0),
            self.lately,
            sum(graded),
            sum(grade.trend == "up" and self.at - grade.since < TREND_OVER for grade in self.grades.values()),
            any(True for _ in notable(now)),
            max((each.grade or 0 for each in self.others.values()), default=0),
            sum(not episode.assessable for episode in now),
            sum(bool(episode.missing) for episode in now),
            len(self.dues.overdue),
            unread,
        )


def standing(
    course: Watched,
    now: Instant,
    zone: tzinfo,
    rules: Rules,
    unexcused: Mapping[str, str] = MappingProxyType({}),
    *,
    closely: bool = False,
) -> Standing:
    """Where `course` stands at `now`. Advances it. `unexcused`: by scale, what `Grade.if_not_excused` says. `closely`:
    with its alerts and what is due.
    """
    course.advance(now)
    watching, dues = course.closely() if closely else (Watching(), Dues())
    recent = int(rules.number("symptom_free_hours") * HOUR)
    history = {scale: course.episodes(place) for place, scale in enumerate(SCALES)}
    infusion = _first(course, "infusion")
    grades = {
        scale: _grade(episodes, unexcused.get(scale, ""))
        for scale, episodes in history.items()
        if infusion is not None and episodes and episodes[-1].end is None
    }
    lapse = _lapse(course, grades)
    if lapse is not None and lapse <= now:
        grades = {}
    ended = _ended(course, infusion, bool(grades))
    beside = {} if ended or not grades else _beside(course)
    others = {scale: episode for scale, episode in beside.items() if episode.grade}
    alone = [dues.changed_at, watching.changed_at, *(episode.start for episode in others.values())]
    alone += [lapse] if lapse is not None and lapse <= now else []
    ahead = lapse if lapse is not None and lapse > now else None
    soon = [moment for moment in (dues.next_change_at, watching.next_change_at, ahead) if moment is not None]
    return Standing(
        course=course.course,
        at=now,
        position=course.position,
        facts=len(course.facts),
        stage=_stage(course, infusion, ended, bool(grades), watching),
        product=infusion.choice if infusion else "",
        infused_at=infusion.at if infusion else None,
        day=day_since(now, infusion.at, zone) if infusion else None,
        grades={} if ended else grades,
        history=history if infusion else {},
        observed=dict(course.observed),
        ended=ended,
        sedated=course.sedated,
        unroused=_unroused(course, rules, now),
        temperatures=course.temperatures.points(),
        simulated=course.simulated,
        lately=_lately(history, now - recent),
        others=others,
        unsure={scale: episode for scale, episode in beside.items() if episode.grade is None},
        on_road=course.on_road,
        watching=watching,
        dues=dues,
        set_at=course.set_at if closely else 0,
        defects=tuple(course.defects) if closely else (),
        changed_at=max([*_changes_until(course, history, zone, now, recent), *alone]),
        changes_at=min([*_changes_after(course, history, zone, now, recent), *soon], default=None),
    )


def not_worked_out(course: Watched, before: Standing | None, now: Instant) -> Standing:
    """What can be said of a course of which nothing can be worked out: how it stood when it last could be, and that it
    cannot; of one that never could its newest readings. It stands high on the board: nobody knows how ill it is.
    """
    if before is not None:
        return msgspec.structs.replace(before, position=course.position, facts=len(course.facts), defects=(GRADES,))
    read = sorted((fact for fact in current(course.facts) if fact.at <= now), key=lambda fact: (fact.at, fact.position))
    return Standing(
        course=course.course,
        at=now,
        position=course.position,
        facts=len(course.facts),
        stage="watch",
        product="",
        infused_at=None,
        day=None,
        grades={},
        history={},
        observed={fact.what: fact for fact in read if fact.what in OBSERVED},
        ended=None,
        lately=0,
        changed_at=0,
        changes_at=None,
        simulated=course.simulated,
        defects=(GRADES,),
    )


def _beside(course: Watched) -> Mapping[str, Episode]:
    """Of the other scales those that stand above 0 now, or cannot be assessed although something was found."""
    found = ((scale, course.now_of(place)) for scale, place in _PLACES.items())
    return {scale: episode for scale, episode in found if episode is not None and _tells(episode)}


def _tells(episode: Episode) -> bool:
    if episode.grade is None:
        return any(reason.fact is not None for reason in episode.because)
    return episode.grade > 0


def _unroused(course: Watched, rules: Rules, now: Instant) -> bool:
    rass = course.observed.get("rass_score")
    if rass is None or rass.value is None or course.sedated:
        return False
    holds = now - rass.at < rules.number("neurology_valid_hours") * HOUR
    return holds and rass.value <= rules.number("sedated_rass")


def _lately(history: Mapping[str, Sequence[Episode]], since: Instant) -> int:
    """The highest grade of any scale after `since`."""
    recent = (each for episodes in history.values() for each in episodes if each.end is None or each.end > since)
    return max((each.grade or 0 for each in recent), default=0)


def _ends(history: Mapping[str, Sequence[Episode]], recent: int) -> Iterator[Instant]:
    """When each past episode stops being recent."""
    return (each.end + recent for episodes in history.values() for each in episodes if each.end is not None)


def _changes_until(
    course: Watched, history: Mapping[str, Sequence[Episode]], zone: tzinfo, now: Instant, recent: int
) -> Iterator[Instant]:
    """When time alone changed what is shown: a grade, a fact dated ahead that came true, the day, an hour unread."""
    yield course.newest_at
    yield from (episodes[-1].start for episodes in history.values() if episodes)
    yield from (end for end in _ends(history, recent) if end <= now)
    if course.milestones.get("infusion"):
        yield midnight(now, zone)
    last = max((fact.at for fact in course.observed.values()), default=None)
    if last is not None:
        yield last + min(LONG_UNREAD, (now - last) // HOUR) * HOUR


def _changes_after(
    course: Watched, history: Mapping[str, Sequence[Episode]], zone: tzinfo, now: Instant, recent: int
) -> Iterator[Instant]:
    """When it next will."""
    yield from (end for end in _ends(history, recent) if end > now)
    soon = course.next_change_at()
    if soon is not None:
        yield soon
    if course.milestones.get("infusion"):
        yield midnight(now, zone, days=1)
    last = max((fact.at for fact in course.observed.values()), default=None)
    if last is not None and now - last < LONG_UNREAD * HOUR:
        yield last + ((now - last) // HOUR + 1) * HOUR


def midnight(now: Instant, zone: tzinfo, days: int = 0) -> Instant:
    """When the day of `now` began in `zone`, or one so many days later."""
    today = to_datetime(now).astimezone(zone).date() + timedelta(days=days)
    return from_datetime(datetime.combine(today, time(), zone))


def _grade(episodes: Sequence[Episode], unexcused: str) -> Grade:
    """The last episode, how long its grade has held, and the one before that."""
    last, since, before = episodes[-1], episodes[-1].start, None
    for episode in reversed(episodes[:-1]):
        if episode.end != since:
            break
        if episode.grade != last.grade:
            before = episode
            break
        since = episode.start
    return Grade(last, since, before, unexcused if unexcused != last.shown else "")


def _weight(grade: Grade) -> int:
    """What a grade counts for in the order of the board.

    As much as if nothing were excused: an attribution changes the grade, not how ill somebody is. A lower bound, and
    not assessable (at least 1), weigh as much as the grade before them did: not knowing is no improvement.
    """
    stated = grade.if_not_excused.rpartition(" ")[2]
    unexcused = int(stated) if stated.isdigit() else 0
    before = (grade.before.grade if grade.before else None) or 0
    if grade.episode.grade is None:
        return max(1, before, unexcused)
    return max(grade.episode.grade, unexcused, before if grade.episode.missing else 0)


def _first(course: Watched, what: str) -> Fact | None:
    return min(course.milestones.get(what, ()), key=lambda fact: fact.at, default=None)


def _stage(course: Watched, infusion: Fact | None, ended: Fact | None, graded: bool, watching: Watching) -> str:
    """Who is at home and told something that nobody has seen is not over, nor on the road: they stand on top."""
    is_home = course.on_road or (ended is not None and ended.what == "discharge")
    if is_home and (watching.ringing or watching.unanswered):
        return "home"
    if infusion is None:
        return "before"
    return "over" if ended or not graded else "watch"


def _lapse(course: Watched, grades: Mapping[str, Grade]) -> Instant | None:
    """When a watch that a reading after the discharge took up is over again; None at a grade above 0."""
    left = max((fact.at for fact in course.milestones.get("discharge", ())), default=None)
    if left is None or not grades or any(grade.episode.grade for grade in grades.values()):
        return None
    last = max(course.observed.values(), key=lambda fact: (fact.at, fact.position), default=None)
    if last is None or last.at <= left:
        return left
    return last.at if last.source in TOLD_BY_THEM else last.at + TAKEN_UP_FOR


def _ended(course: Watched, infusion: Fact | None, watched: bool) -> Fact | None:
    """The death, or the discharge that closed the watch."""
    death = _first(course, "death")
    if death is not None or watched or infusion is None:
        return death
    return max(course.milestones.get("discharge", ()), key=lambda fact: fact.at, default=None)
