"""The chain of a course, and whether one of its containers may be given.

The chain at a moment is what shows by then, and what showed when each container was given: evidence that came too late
does not undo that it was missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cartway.pathway.chain.checks import flawed_checks
from cartway.pathway.chain.condition import condition, set_aside
from cartway.pathway.chain.custody import Keeping, keeping
from cartway.pathway.chain.giving import before_giving, frozen_again, given, out_of_order
from cartway.pathway.chain.identity import identity
from cartway.pathway.chain.model import Break, BreakKind, Chain, Refusal, StandIn, Verdict
from cartway.pathway.chain.path import links
from cartway.pathway.chain.release import papers, pending, release
from cartway.pathway.chain.rules import broken
from cartway.pathway.chain.signing import stand_ins, with_stand_ins
from cartway.pathway.chain.things import Index, Things, one_name, said
from cartway.pathway.chain.withdrawn import withdrawn
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, load_policies
from cartway.times import Instant

NOTHING_KNOWN = Index()
_BY_NAME = frozenset(
    {
        "withdrawn", "check_mismatched", "quarantine_of_unknown", "batch_failed", "failed_after_release",
        "label_of_another", "certificate_of_another",
    }
)  # fmt: skip
"""Contradictions that the holder clears under the name that their fact is filed under."""


def chain(course: Course, index: Index = NOTHING_KNOWN, policies: PathwayPolicies | None = None) -> Chain:
    """The chain of a course at `course.now`. `index` finds identifiers that another course of the center claims."""
    things = Things(course)
    kept, standing = _standing(things, index, policies)
    counted, refused = stand_ins(course)
    now = with_stand_ins(_distinct([*standing, *_after_giving(things)]), counted)
    then = list(_when_given(course, index, policies))
    breaks = _merged([*then, *now])
    contradicted = {each.container for each in breaks if each.kind is BreakKind.contradictory}
    aside = set_aside(things)
    held = [
        each.id
        for each in things.containers.values()
        if each.id in aside or contradicted & {each.id, things.batch_of(each) or each.id}
    ]
    cleared_by_name = [_name(each) for each in breaks if each.code in _BY_NAME]
    return Chain(
        course.id,
        course.now,
        things.coi,
        links(things, breaks),
        breaks,
        {name: each.now for name, each in kept.items()},
        {name: each.hands for name, each in kept.items()},
        tuple(dict.fromkeys([*held, *(name for name in (*aside, *cleared_by_name) if name)])),
        _used(breaks),
        refused,
        tuple(words for batch in things.batches.values() for words in pending(batch, things)),
    )


def _name(each: Break) -> str:
    return next((fact.about or said(fact, "bag") for fact in each.facts[-1:]), each.container)


def may_infuse(
    course: Course, container: str, index: Index = NOTHING_KNOWN, policies: PathwayPolicies | None = None
) -> Verdict:
    """Whether a container may be given at `course.now`: every break on its path, and what must hold before giving."""
    return _verdict(course, container, index, policies, thawed=True)


def may_thaw(
    course: Course, container: str, index: Index = NOTHING_KNOWN, policies: PathwayPolicies | None = None
) -> Verdict:
    """As `may_infuse`, before the thaw: neither the thaw nor the check at the bedside is asked for yet."""
    return _verdict(course, container, index, policies, thawed=False)


def _verdict(course: Course, name: str, index: Index, policies: PathwayPolicies | None, *, thawed: bool) -> Verdict:
    things = Things(course)
    name = things.named(name)
    counted, refused = stand_ins(course)
    if name not in things.containers:
        unknown = broken("not_this_courses", name, course.now, what=name)
        return Verdict(name, False, (unknown,), (), _of(refused, frozenset({name})), "")
    found = list(_on_the_path(things, name, index, policies, thawed=thawed))
    for bag, fact in things.infusions:
        if bag == name:
            found.append(broken("given_before", name, fact.at, (fact,)))
    breaks = with_stand_ins(_distinct(found), counted)
    blocking = tuple(sorted((each for each in breaks if each.blocks), key=_worst_first))
    used = _used(breaks)
    batch = things.batches.get(things.batch_of(things.containers[name]))
    told = pending(batch, things) if batch is not None else ()
    on_path = things.path(things.containers[name])
    return Verdict(
        name, not blocking, blocking, used, _of(refused, on_path), "\n".join(one.shout for one in used), told
    )


def _of(refused: Iterable[Refusal], things: frozenset[str]) -> tuple[Refusal, ...]:
    names = {one_name(thing) for thing in things}
    return tuple(each for each in refused if one_name(each.thing) in names)


def _standing(
    things: Things, index: Index, policies: PathwayPolicies | None
) -> tuple[Mapping[str, Keeping], list[Break]]:
    """Who has what, and every break that shows by now, whatever is to be given."""
    kept = keeping(things)
    found = [
        *identity(things, index),
        *flawed_checks(things),
        *papers(things),
        *condition(things, policies or load_policies(), index),
        *given(things),
        *out_of_order(things),
        *frozen_again(things),
        *withdrawn(things),
    ]
    for name, each in kept.items():
        found += each.breaks
        if each.refused is not None:
            found.append(broken("refused_at_receipt", name, each.refused.at, (each.refused,)))
    return kept, found


def _on_the_path(
    things: Things, name: str, index: Index, policies: PathwayPolicies | None, *, thawed: bool
) -> Iterator[Break]:
    """What stands against giving a container at this moment."""
    container = things.containers[name]
    kept, standing = _standing(things, index, policies)
    path = things.path(container)
    yield from (each for each in standing if each.container in path)
    yield from before_giving(container, things, kept, thawed=thawed)


def _when_given(course: Course, index: Index, policies: PathwayPolicies | None) -> Iterator[Break]:
    """What stood against each container at the moment in which it was given, with the stand-ins made by then."""
    for bag, fact in Things(course).infusions:
        then = Things(course.as_of(fact.at))
        if bag in then.containers:
            counted, _ = stand_ins(then.record)
            yield from with_stand_ins(_distinct(_on_the_path(then, bag, index, policies, thawed=True)), counted)


def _after_giving(things: Things) -> Iterator[Break]:
    """What the holder said against a batch after some of it was given."""
    for bag, _ in things.infusions:
        if bag in things.containers:
            told = release(things.containers[bag], things)
            yield from (each for each in told if each.kind is BreakKind.contradictory)


def _distinct(breaks: Iterable[Break]) -> tuple[Break, ...]:
    """Each once: what shows twice is one break."""
    return tuple({(each.code, each.container, each.at): each for each in breaks}.values())


def _merged(breaks: Iterable[Break]) -> tuple[Break, ...]:
    """Breaks of several moments in time order. One that nobody had stood in for at its moment stays so."""
    found: dict[tuple[str, str, Instant], Break] = {}
    for each in breaks:
        key = (each.code, each.container, each.at)
        if key not in found or not each.stood_in_by:
            found[key] = each
    return tuple(sorted(found.values(), key=lambda each: (each.at, each.container, each.code)))


def _used(breaks: Iterable[Break]) -> tuple[StandIn, ...]:
    """The stand-ins that cover a break, each once."""
    covering = {id(each.stood_in_by): each.stood_in_by for each in breaks if each.stood_in_by is not None}
    return tuple(covering.values())


def _worst_first(each: Break) -> tuple[bool, Instant, str, str]:
    return (each.kind is not BreakKind.contradictory, each.at, each.container, each.code)
