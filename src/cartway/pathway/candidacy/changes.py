"""What changed since the last look: answers that are others now, and the facts that came in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from cartway.pathway.answer import Answer, Criterion
from cartway.pathway.candidacy.compose import Candidacy
from cartway.pathway.candidacy.wording import on_day
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import Instant

LOOKS = ("candidacy_look", "tumor_board")
Was = tuple[str, str]
_COVERS = {Answer.yes: "covers", Answer.no: "does not cover", Answer.unknown: "not known"}


class Change(msgspec.Struct, frozen=True):
    """One answer then and now, `product` where it is one product's. `was` is empty where nobody asked before."""

    id: str
    question: str
    was: str
    now: str
    because: str
    product: str = ""


def last_look(course: Course) -> Instant | None:
    """When candidacy was last looked at: marked so, or at a tumor board."""
    looked = course.last(*LOOKS)
    return looked.at if looked else None


def as_looked(facts: Iterable[Fact], at: Instant) -> Course:
    """The course as it was known then: later corrections and what came in late are not in it."""
    return Course(facts, at, known_at=at)


def changes(before: Candidacy, after: Candidacy) -> tuple[Change, ...]:
    """Every answer, day and status that is another one now."""
    then = dict(_asked(before))
    found = [
        _change(key, then.get(key), each)
        for key, each in _asked(after)
        if key not in then or then[key].answer is not each.answer or then[key].severity is not each.severity
    ]
    return tuple(_merged([*_statuses(before, after), *_days(before, after), *found]))


def _merged(found: Iterable[Change]) -> Iterable[Change]:
    """One change of several products once, with their names."""
    same: dict[Change, list[str]] = {}
    for each in found:
        same.setdefault(msgspec.structs.replace(each, product=""), []).append(each.product)
    for change, products in same.items():
        yield msgspec.structs.replace(change, product=", ".join(filter(None, products)))


def _asked(candidacy: Candidacy) -> Iterable[tuple[Was, Criterion]]:
    for each in (candidacy.pathology, *candidacy.fitness, *candidacy.logistics, *candidacy.collectable.criteria):
        yield (_key(each), ""), each
    for product in candidacy.products:
        for each in product.antigen:
            yield (each.id, product.brand), each


def _key(criterion: Criterion) -> str:
    """The criterion, and of a washout also which: several have one id."""
    return f"{criterion.id} {criterion.because.partition(' (')[0]}" if criterion.id == "COL-07" else criterion.id


def _change(key: Was, was: Criterion | None, now: Criterion) -> Change:
    return Change(now.id, now.question, _said(was) if was else "", _said(now), now.because, key[1])


def _said(criterion: Criterion) -> str:
    return {Answer.yes: "met", Answer.no: "not met", Answer.unknown: "not known"}[criterion.answer]


def _statuses(before: Candidacy, after: Candidacy) -> Iterable[Change]:
    if before.status is not after.status:
        yield Change("STATUS", "Candidacy", before.status.words, after.status.words, "")
    for product in after.products:
        was = before.of(product.product)
        if was is not None and was.label.answer is not product.label.answer:
            covers = product.label.rule if product.label.answer is Answer.yes else None
            words = covers.words if covers else ""
            yield Change(
                "LABEL", "Label", _COVERS[was.label.answer], _COVERS[product.label.answer], words, product.brand
            )


def _days(before: Candidacy, after: Candidacy) -> Iterable[Change]:
    was, now = before.collectable.day, after.collectable.day
    # A day that only moves because today does is no news.
    if was != now and not (was == before.on and now == after.on):
        yield Change("COLLECTION", "Earliest collection", _day(was), _day(now), "")


def _day(day: date | None) -> str:
    return on_day(day) if day else "not known"
