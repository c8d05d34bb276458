"""Giving: what must hold before a container is thawed and given, and what the infusions that were given show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cartway.pathway.chain.checks import cleared, clearings_of, expected_of, unchecked
from cartway.pathway.chain.condition import arrived, quarantine
from cartway.pathway.chain.custody import Keeping, arrival, hand_overs
from cartway.pathway.chain.expiry import expiry
from cartway.pathway.chain.model import Break
from cartway.pathway.chain.release import release
from cartway.pathway.chain.rules import broken
from cartway.pathway.chain.things import PRODUCTS, WHOLE, Container, Things, said
from cartway.record import Fact
from cartway.times import Instant, text

_THINGS_HAPPEN = ("custody", "storage", "thaw", "infusion_end")


def before_giving(
    container: Container, things: Things, kept: Mapping[str, Keeping], *, thawed: bool = True
) -> Iterator[Break]:
    """What must hold at the course's now before a container is given; with `thawed` False, before it is thawed."""
    if container.kind not in PRODUCTS:
        yield broken("not_this_courses", container.id, container.since, what=f"{container.id} ({container.kind})")
        return
    origin = things.origin(container)
    yield from _planned(container, things)
    yield from expiry(container, things)
    yield from release(container, things)
    yield from _here(container, origin, things, kept)
    yield from quarantine(container, things)
    if thawed:
        yield from _thaw(origin, things)
        yield from _check("bedside", container, things, at_bedside(container, origin, things))


def _planned(container: Container, things: Things) -> Iterator[Break]:
    """Of this therapy, and the product that is planned now."""
    if not things.cois and not things.collections:
        yield broken("no_chain_identity", container.id, container.since, when="")
    chosen, held = things.course.last("product_chosen"), things.product_of(container)
    if chosen is not None and held is not None and held.name != chosen.choice:
        words = f"{held.short}; planned is {chosen.choice.replace('_', ' ')}"
        yield broken("product_differs", container.id, chosen.at, (chosen,), what=words)


def _here(container: Container, origin: Container, things: Things, kept: Mapping[str, Keeping]) -> Iterator[Break]:
    """Received, looked at on arrival, and in somebody's hands."""
    last, moved = kept[container.id].now, any(len(kept[one.id].hands) > 1 for one in (container, origin))
    if not last.who:
        yield broken("custodian_unknown", container.id, container.since)
    elif not moved or not last.received:
        yield broken("no_receipt", container.id, last.since, holder=last.who)
    yield from arrived(origin, things)
    yield from _check("receipt", origin, things, arrival(origin, things))


def _check(step: str, container: Container, things: Things, place: Instant) -> Iterator[Break]:
    """A check counts from its place in time; before that it could not be missed, nor could anybody stand in for it."""
    names, expected = frozenset({container.id}), expected_of(container, things)
    yield from unchecked(things, step, container.id, names, expected, place, things.course.now, place)


def _thaw(container: Container, things: Things) -> Iterator[Break]:
    begun, there = _thaw_begun(container, things), arrival(container, things)
    if begun is None:
        yield broken("thaw_not_recorded", container.id, there)
        return
    names, expected = frozenset({container.id}), expected_of(container, things)
    put = [at for at in _put_away(container, things) if at <= begun]
    place = max([there, *put])  # it was checked when it was taken out to be thawed, not when it was put away
    yield from unchecked(things, "thaw", container.id, names, expected, begun, things.course.now, place)


def _thaw_begun(container: Container, things: Things) -> Instant | None:
    """When its last thaw began; None where no thaw is recorded."""
    facts = things.course.all("thaw", about=container.id)
    started = [fact.at for fact in facts if fact.choice != "completed"] or [fact.at for fact in facts[:1]]
    return max(started, default=None)


def _put_away(container: Container, things: Things) -> list[Instant]:
    return [fact.at for fact in things.course.all("storage", about=container.id) if fact.choice in ("put", "moved")]


def at_bedside(container: Container, origin: Container, things: Things) -> Instant:
    """From when a check at the bedside counts: once it was thawed and handed over for the last time, and, if the
    holder cleared any of what it came of, after that.
    """
    last = [container.since, arrival(origin, things), *hand_overs(container, things)]
    thawed = _thaw_begun(origin, things)
    names = [name for name in things.course.abouts("quarantine")
             if name in things.path(container) or name not in things.known]  # fmt: skip
    lifted = [at for name in names for at in clearings_of(things.course, name)]
    return max([*last, *([thawed] if thawed is not None else []), *lifted])


def given(things: Things) -> Iterator[Break]:
    """What the infusions show by themselves: which container, once, of the batch and part its label says."""
    seen: dict[str, Fact] = {}
    for bag, fact in things.infusions:
        if not bag:
            yield broken("infusion_without_bag", WHOLE, fact.at, (fact,))
            continue
        if bag in seen:
            yield broken("given_before", bag, fact.at, (seen[bag], fact))
        seen.setdefault(bag, fact)
        container = things.containers.get(bag)
        if container is None:
            yield broken("not_this_courses", bag, fact.at, (fact,), what=bag)
        else:
            yield from _as_labeled(container, fact, things)


def _as_labeled(container: Container, fact: Fact, things: Things) -> Iterator[Break]:
    other = said(fact, "bag")
    if other and other != container.id:
        yield broken("infusion_differs", container.id, fact.at, (fact,), what=f"container {other}")
    pairs = (
        ("batch", said(fact, "batch") or said(fact, "lot"), things.batch_of(container)),
        ("component", said(fact, "component"), container.says("component")),
    )
    for key, read, known in pairs:
        if read and known and read.casefold() != known.casefold():
            yield broken("infusion_differs", container.id, fact.at, (fact,), what=f"{key} {read}")
    part = _part(fact)
    label = next((each for one in reversed(container.facts) if (each := _part(one)) is not None), None)
    if part is not None and label is not None and part != label:
        yield broken("part_differs", container.id, fact.at, (fact,), what=f"{label:g}")


def _part(fact: Fact) -> float | None:
    value = fact.detail.get("part")
    return float(value) if isinstance(value, int | float) else None


def out_of_order(things: Things) -> Iterator[Break]:
    """What happened to a container before it was there, and what ended or was thawed in the wrong order."""
    infused = {bag: fact for bag, fact in reversed(things.infusions) if bag}
    for container in things.containers.values():
        for fact in things.course.all(*_THINGS_HAPPEN, about=container.id):
            if fact.at < container.since:
                yield _early(container, fact, f"it came into being ({text(container.since)})")
        begun = infused.get(container.id)
        if begun is None:
            continue
        if begun.at < container.since:
            yield _early(container, begun, f"it came into being ({text(container.since)})")
        thawed, ended = (
            things.course.first("thaw", about=container.id),
            things.course.first("infusion_end", about=container.id),
        )
        if thawed is not None and begun.at < thawed.at:
            yield _early(container, begun, "it was thawed")
        if ended is not None and ended.at < begun.at:
            yield _early(container, ended, "its infusion began")


def frozen_again(things: Things) -> Iterator[Break]:
    """What was thawed and then thawed or put away once more: cells are thawed once."""
    for container in things.containers.values():
        thaws = things.course.all("thaw", about=container.id)
        seen: set[str] = set()
        for fact in things.course.all("thaw", "storage", about=container.id):
            if fact.what == "storage":
                again = fact.choice in ("put", "moved") and any(each.at < fact.at for each in thaws)
            else:
                again = fact.choice in seen
                seen.add(fact.choice)
            if again and not cleared(things.course, container.id, fact.at):
                words = "put into storage again" if fact.what == "storage" else "thawed again"
                yield broken("thawed_before", container.id, fact.at, (*thaws, fact), what=words)


def _early(container: Container, fact: Fact, cause: str) -> Break:
    what = {"custody": "was handed over", "storage": "was stored", "thaw": "was thawed", "infusion": "was given",
            "infusion_end": "was given to its end"}[fact.what]  # fmt: skip
    words = f"{container.id} {what} before {cause}"
    return broken("before_its_cause", container.id, fact.at, (fact,), what=words)
