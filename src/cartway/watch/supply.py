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
from cartway.watch.rulebook import Rulebook, rulebook_of

ITEM = "tocilizumab"
SHORT, UNCOUNTED = "tocilizumab_short", "tocilizumab_uncounted"
_NEVER: Instant = 2**62


class _Stand(msgspec.Struct, frozen=True):
    """What holds from one moment on: the rule that fires ("" for none), its level, in which words, on which facts."""

    rule: str = ""
    level: int = 0
    words: str = ""
    facts: tuple[Fact, ...] = ()


def ward_alerts(center: Course, infusions: Sequence[Fact], jurisdiction: str = "US") -> Watching:
    """The center's own alerts at `center.now`. `infusions`: those of all its courses, of the last weeks at least.

    Acknowledgements and outcomes are facts of the center's record. `jurisdiction`: whose labels say how many doses.
    """
    book = rulebook_of(center)
    stock = [fact for fact in center.all("stock") if _item(fact) == ITEM and fact.value is not None]
    infused = [fact for fact in infusions if fact.what == "infusion"]
    moments = sorted({at for at in _moments(stock, infused, book) if at <= center.now})
    findings: list[Finding] = []
    for at in moments:
        _note(findings, _stand(at, stock, infused, book, jurisdiction), at, book)
    answers = Answers().taking(center.all(*ANSWERS))
    ahead = min((at for at in _moments(stock, infused, book) if at > center.now), default=_NEVER)
    return watching_of(CENTER, findings, answers, book, center.now, ahead)


def _moments(stock: Sequence[Fact], infused: Sequence[Fact], book: Rulebook) -> Iterator[Instant]:
    """When anything of it changes: a count, its age, an infusion, the end of its time."""
    yield from (fact.at for fact in (*stock, *infused))
    yield from (fact.at + book.span("stock_max_age_hours") for fact in stock)
    yield from (fact.at + book.span("supply_watch_days") for fact in infused)


def _stand(at: Instant, stock: Sequence[Fact], infused: Sequence[Fact], book: Rulebook, jurisdiction: str) -> _Stand:
    known = [fact for fact in stock if fact.at <= at]
    waits = {fact.course: fact for fact in infused if fact.at <= at < fact.at + book.span("supply_watch_days")}
    if not waits:
        return _Stand()
    counts = [fact for fact in known if not fact.detail.get("for_course")]
    if not counts or at - counts[-1].at >= book.span("stock_max_age_hours"):
        return _Stand(UNCOUNTED, 1, "nobody has counted the tocilizumab of late", tuple(counts[-1:]))
    aside = {str(fact.detail["for_course"]): int(fact.value or 0) for fact in known if fact.detail.get("for_course")}
    there = int(counts[-1].value or 0)
    free = {course: there - sum(n for other, n in aside.items() if other != course) for course in waits}
    asked = {course: _asked(fact, book, jurisdiction) for course, fact in waits.items()}
    short = [course for course in waits if free[course] < asked[course]]
    if not short:
        return _Stand()
    words = f"{there} doses counted; {len(short)} of {len(waits)} patients could not be given what is asked for"
    return _Stand(SHORT, 2 if there == 0 else 1, words, (counts[-1],))


def _asked(infusion: Fact, book: Rulebook, jurisdiction: str) -> int:
    """How many doses the label asks for; the policy's number where it names none."""
    label = tocilizumab(infusion.choice, to_datetime(infusion.at).date(), jurisdiction)
    return label.doses if label is not None and label.doses is not None else int(book.number("tocilizumab_doses"))


def _note(findings: list[Finding], stand: _Stand, at: Instant, book: Rulebook) -> None:
    """End what holds no longer, begin what holds now; at the same level it goes on."""
    held = findings[-1] if findings and findings[-1].until is None else None
    if held is not None and (held.rule, held.level) == (stand.rule, stand.level):
        return
    if held is not None:
        findings[-1] = msgspec.structs.replace(held, until=at)
    rule = book.rules.get(stand.rule)
    if rule is None or not rule.on:
        return
    eases = held is not None and held.rule == rule.name and held.level > stand.level
    risen = held.risen if held is not None and eases else at
    text, priority = rule.text.format(words=stand.words), rule.priority_of(stand.level)
    findings.append(
        Finding(rule.name, stand.level, priority, at, None, text, stand.facts, (), rule.source, rule.confirmed, risen)
    )


def _item(fact: Fact) -> str:
    """What was counted: the first word of its name."""
    return (fact.about or str(fact.detail.get("item", ""))).casefold().split(" ", 1)[0]
