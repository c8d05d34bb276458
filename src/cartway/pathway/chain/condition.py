"""Chain of condition: temperature files, seals, quarantine. What went wrong stands until the holder clears it.

A finding about a box is told of every container that lay in it: each is cleared by itself, or all with the box.
"""

from __future__ import annotations

from collections.abc import Iterator

from cartway.pathway.chain.checks import cleared
from cartway.pathway.chain.custody import arrival
from cartway.pathway.chain.model import Break
from cartway.pathway.chain.rules import broken
from cartway.pathway.chain.things import BOXES, PRODUCTS, WHOLE, Container, Index, Things, one_name, said
from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact
from cartway.times import Instant

RELEASED = ("released", "released_pending")
LONGEST_GAP = "longest_logger_gap"
SEAL_BAD = ("broken", "mismatched")


def condition(things: Things, policies: PathwayPolicies, index: Index) -> Iterator[Break]:
    """What temperature files and seals show by now, and what is set aside that nobody knows or somebody else did."""
    yield from _strangers(things, index)
    for container in things.containers.values():
        if container.kind not in BOXES:
            yield from _temperature(container, things, policies)
            for box in things.all_boxes(container):
                yield from _seal(container, box, things)


def _cleared(container: Container, about: str, since: Instant, things: Things) -> bool:
    """Whether the holder cleared it: by reference, or by releasing what was made of the cells afterwards."""
    if cleared(things.course, container.id, since) or cleared(things.course, about, since):
        return True
    if container.kind != "apheresis_bag":
        return False
    made = [batch.id for batch in things.batches.values() if container.din and container.din in batch.dins]
    released = [fact for name in made for fact in things.course.all("disposition", about=name)]
    return any(fact.at >= since and fact.choice in RELEASED for fact in released)


def files_of(container: Container, things: Things) -> list[Fact]:
    """The temperature files of a container and of the boxes it lay in, read after it was put in; in time order."""
    files = things.course.all("temperature_log", about=container.id)
    for box in things.all_boxes(container):
        put = things.put_into(container, box)
        files += [fact for fact in things.course.all("temperature_log", about=box) if fact.at >= put]
    return sorted(files, key=lambda fact: fact.at)


def _temperature(container: Container, things: Things, policies: PathwayPolicies) -> Iterator[Break]:
    files = files_of(container, things)
    last = {(fact.about, said(fact, "logger"), said(fact, "leg")): fact for fact in files}
    for fact in files:
        if _cleared(container, fact.about, fact.at, things):
            continue
        if too_warm(fact):
            yield broken("temperature_excursion", container.id, fact.at, (fact,))
        if fact not in last.values():
            continue  # the file was read again since
        gap, longest = _number(fact, "gap_min"), policies.number(LONGEST_GAP)
        if gap is not None and gap > longest:
            limit = f"up to {longest:g} are let pass{'' if policies.confirmed(LONGEST_GAP) else ' (not confirmed)'}"
            yield broken("temperature_gap", container.id, fact.at, (fact,), what=f"{gap:g}", limit=limit)
        if _number(fact, "limit_cel") is None:
            yield broken("temperature_without_limit", container.id, fact.at, (fact,))


def too_warm(fact: Fact) -> bool:
    """Whether a file has readings above the limit it was read against."""
    limit, above = _number(fact, "limit_cel"), _number(fact, "minutes_above")
    warmer = limit is not None and fact.value is not None and fact.value > limit
    return warmer or (above is not None and above > 0)


def _number(fact: Fact, key: str) -> float | None:
    value = fact.detail.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _seal(container: Container, box: str, things: Things) -> Iterator[Break]:
    """A seal that was broken, or read as another number than was put on."""
    put = things.put_into(container, box)
    numbers = _applied(box, put, things)
    for fact in _readings(box, things):
        read = said(fact, "number") or said(fact, "seal")
        wrong = fact.choice in SEAL_BAD or (read and numbers and read not in numbers)
        if fact.at >= put and wrong and not _cleared(container, box, fact.at, things):
            yield broken("seal_broken", container.id, fact.at, (fact,), what=box)


def _applied(box: str, put: Instant, things: Things) -> frozenset[str]:
    """The numbers put on a box: from the last sealing before what lies in it was put in, if any, and all after."""
    applied = things.course.all("seal", about=box, choice="applied")
    before = [fact for fact in applied if fact.at < put][-1:]
    return frozenset({said(fact, "number") for fact in applied if fact.at >= put or fact in before} - {""})


def _readings(box: str, things: Things) -> list[Fact]:
    """The readings of a seal: by themselves, or with the receipt."""
    read = [fact for fact in things.course.all("seal", about=box) if fact.choice != "applied"]
    with_receipt = [fact for fact in things.course.all("custody", about=box, choice="received") if said(fact, "seal")]
    return sorted([*read, *with_receipt], key=lambda fact: fact.at)


def arrived(container: Container, things: Things) -> Iterator[Break]:
    """What must have been looked at before a product that was shipped is given: temperature file, seal."""
    boxes = things.all_boxes(container)
    shippers = [box for box in boxes if things.containers[box].kind == "shipper"]
    handed = things.course.all("custody", about=container.id, choice="handed_over")
    there = arrival(container, things)
    if (shippers or len(handed) > 1) and not files_of(container, things):
        yield broken("no_temperature_file", container.id, there)
    for box in shippers:
        put = things.put_into(container, box)
        if not any(fact.at >= put for fact in _readings(box, things)):
            yield broken("seal_not_read", container.id, there, what=box)


def quarantine(container: Container, things: Things) -> Iterator[Break]:
    """Whether it, or anything that it came of or lay in, is set aside; only the holder clears it.

    What was set aside before it was put into a box is no matter of that box.
    """
    for name in sorted(things.path(container) - {WHOLE}):
        since = _lay_in(container, name, things)
        left = [fact for fact in _aside(name, things) if since is None or fact.at >= since]
        left = [fact for fact in left if not cleared(things.course, container.id, fact.at)]
        if left and left[-1].choice == "placed":
            yield broken("quarantined", container.id, left[-1].at, (left[-1],))
        elif left:
            yield broken("lifted_without_holder", container.id, left[-1].at, (left[-1],))


def _aside(name: str, things: Things) -> list[Fact]:
    """What was said of a quarantine since the holder cleared it last."""
    told = [
        fact
        for fact in things.course.all("quarantine", about=name)
        if not said(fact, "holder_reference") or fact.choice == "placed"
    ]
    return [fact for fact in told if not cleared(things.course, name, fact.at)]


def _lay_in(container: Container, box: str, things: Things) -> Instant | None:
    """Since when something that a container came of lay in a box; None where the name is of no such box."""
    if box == container.id or box not in things.containers or things.containers[box].kind not in BOXES:
        return None
    path = [things.containers[name] for name in things.path(container) if name in things.containers]
    return min((things.put_into(one, box) for one in path if box in things.all_boxes(one)), default=None)


def _strangers(things: Things, index: Index) -> Iterator[Break]:
    """A quarantine of what has no record here may be of any of the course's things, unless it is another course's; and
    what another course set aside and does not know may be this one's.
    """
    for fact in things.strangers_aside:
        if not index.with_container(fact.about) - {things.course.id}:
            what = fact.about or "Something without a name"
            yield broken("quarantine_of_unknown", WHOLE, fact.at, (fact,), what=what)
    for name in sorted(things.known - {one.id for one in things.containers.values() if one.kind in BOXES}):
        for course, at in sorted(index.aside.get(one_name(name), ())):
            if course != things.course.id and at <= things.course.now and not cleared(things.course, name, at):
                yield broken("quarantined_elsewhere", name, at)


def set_aside(things: Things) -> tuple[str, ...]:
    """What a quarantine keeps now: containers, and whatever else was set aside by its name."""
    held = [
        one.id for one in things.containers.values() if one.kind in PRODUCTS | {"apheresis_bag"} | BOXES
        and any(True for _ in quarantine(one, things))
    ]  # fmt: skip
    named = [
        name
        for name in things.course.abouts("quarantine")
        if any(each.choice == "placed" for each in _aside(name, things))
    ]
    return tuple(dict.fromkeys([*held, *named]))
