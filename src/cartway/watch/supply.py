"""Tocilizumab on hand as an alert of the ward: whether what was counted suffices for whoever was infused of late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from cartway.pathway.course import CENTER, Course
from cartway.pathway.products import tocilizumab
from cartway.record import Fact
from cartway.times import Instant, to_datetime
from cartway.watch.answers import ANSWERS, Answers
from cartway.watch.calls import watching_of
from cartway.watch.model import Finding, Watching
from cartway.watch.rulebook import Rule, Rulebook, rulebook_of

ITEM = "tocilizumab"
LEFT = ("death", "discharge")
SHORT, UNCOUNTED = "tocilizumab_short", "tocilizumab_uncounted"
_NEVER: Instant = 2**62


class _Stand(msgspec.Struct, frozen=True):
    """What holds from one moment on: the rule that fires ("" for none), its level, in which words, on which facts."""

    rule: str = ""
    level: int = 0
    words: str = ""
    facts: tuple[Fact, ...] = ()
    lacks: int = 0  # doses

    @property
    def worse(self) -> tuple[int, int]:
        """The larger the worse, for one rule."""
        return self.level, self.lacks


class _Wait(msgspec.Struct, frozen=True):
    """From when until when the stock must suffice for a patient, and how many doses are asked for."""

    course: str
    since: Instant
    until: Instant
    doses: int


def ward_alerts(center: Course, facts: Sequence[Fact], jurisdiction: str = "US") -> Watching:
    """The center's own alerts at `center.now`. `facts`: the infusions of all its courses, of the last weeks at least,
    and the death or discharge with which a patient left; that tells of the time before it too.

    Acknowledgements and outcomes are facts of the center's record. `jurisdiction`: whose labels say how many doses.
    """
    book = rulebook_of(center)
    stock = [fact for fact in center.all("stock") if _item(fact) == ITEM and fact.value is not None]
    waits = _waits(facts, book, jurisdiction)
    changes = sorted(set(_moments(stock, waits, book)))
    stands = [(at, _stand(at, stock, waits, book)) for at in changes if at <= center.now]
    answers = Answers().taking(center.all(*ANSWERS))
    ahead = min((at for at in changes if at > center.now), default=_NEVER)
    return watching_of(CENTER, _findings(stands, book), answers, book, center.now, ahead)


def _waits(facts: Sequence[Fact], book: Rulebook, jurisdiction: str) -> list[_Wait]:
    """Each infusion until its days are over, or the patient left."""
    left = [fact for fact in facts if fact.what in LEFT]
    found = []
    for fact in facts:
        if fact.what == "infusion":
            gone = [each.at for each in left if each.course == fact.course and each.at >= fact.at]
            until = min([fact.at + book.span("supply_watch_days"), *gone])
            found.append(_Wait(fact.course, fact.at, until, _asked(fact, book, jurisdiction)))
    return found


def _moments(stock: Sequence[Fact], waits: Sequence[_Wait], book: Rulebook) -> Iterator[Instant]:
    """When anything of it changes: a count, its age, an infusion, the end of its time."""
    yield from (fact.at for fact in stock)
    yield from (fact.at + book.span("stock_max_age_hours") for fact in stock)
    yield from (moment for wait in waits for moment in (wait.since, wait.until))


def _stand(at: Instant, stock: Sequence[Fact], waiting: Sequence[_Wait], book: Rulebook) -> _Stand:
    known = [fact for fact in stock if fact.at <= at]
    asked = {wait.course: wait.doses for wait in waiting if wait.since <= at < wait.until}
    if not asked:
        return _Stand()
    counts = [fact for fact in known if not fact.detail.get("for_course")]
    if not counts or at - counts[-1].at >= book.span("stock_max_age_hours"):
        return _Stand(UNCOUNTED, 1, "nobody has counted the tocilizumab of late", tuple(counts[-1:]))
    aside = {str(fact.detail["for_course"]): int(fact.value or 0) for fact in known if fact.detail.get("for_course")}
    there = int(counts[-1].value or 0)
    others = sum(doses for course, doses in aside.items() if course not in asked)
    needed = sum(max(doses, aside.get(course, 0)) for course, doses in asked.items())
    if there - others >= needed:
        return _Stand()
    words = _words(there, others, needed, len(asked))
    return _Stand(SHORT, 2 if there == 0 else 1, words, (counts[-1],), needed + others - there)


def _words(there: int, others: int, needed: int, patients: int) -> str:
    counted = f"{there} dose{'' if there == 1 else 's'} counted"
    kept = f", {others} set aside for others" if others else ""
    return f"{counted}{kept}; {needed} needed for {patients} patient{'' if patients == 1 else 's'} infused of late"


def _asked(infusion: Fact, book: Rulebook, jurisdiction: str) -> int:
    """How many doses the label asks for; the policy's number where it names none."""
    label = tocilizumab(infusion.choice, to_datetime(infusion.at).date(), jurisdiction)
    return label.doses if label is not None and label.doses is not None else int(book.number("tocilizumab_doses"))


def _findings(stands: Sequence[tuple[Instant, _Stand]], book: Rulebook) -> list[Finding]:
    """One after the other: what other words say is another; what is no worse than the one before has not risen."""
    findings: list[Finding] = []
    held, risen = _Stand(), 0
    for at, stand in stands:
        if (held.rule, held.level, held.words) == (stand.rule, stand.level, stand.words):
            continue
        if findings and findings[-1].until is None:
            findings[-1] = msgspec.structs.replace(findings[-1], until=at)
        risen = risen if held.rule == stand.rule and stand.worse <= held.worse else at
        held, rule = stand, book.rules.get(stand.rule)
        if rule is not None and rule.on:
            findings.append(_finding(rule, stand, at, risen))
    return findings


def _finding(rule: Rule, stand: _Stand, at: Instant, risen: Instant) -> Finding:
    text, priority = rule.text.format(words=stand.words), rule.priority_of(stand.level)
    return Finding(
        rule.name, stand.level, priority, at, None, text, stand.facts, (), rule.source, rule.confirmed, risen
    )


def _item(fact: Fact) -> str:
    """What was counted: the first word of its name."""
    return (fact.about or str(fact.detail.get("item", ""))).casefold().split(" ", 1)[0]
