"""The checks of identity by two people: were they made, read in full, signed by two, and did everything match."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cartway.pathway.chain.din import same_donation
from cartway.pathway.chain.model import Break
from cartway.pathway.chain.rules import STEPS, broken
from cartway.pathway.chain.signing import signers
from cartway.pathway.chain.things import WHOLE, Container, Things, said
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import Instant

SHOULD_READ = {
    "collection": ("band", "din"),
    "label": ("din",),
    "pickup": ("bag",),
    "receipt": ("bag", "batch"),
    "thaw": ("bag", "batch"),
    "bedside": ("band", "bag", "coi", "din", "batch", "certificate"),
}
"""What is read at each step. A number is only asked for where the label bears it, a certificate where there is one."""

WORDS = {
    "band": "the wristband",
    "bag": "the container",
    "coi": "the chain of identity identifier",
    "din": "the donation number",
    "batch": "the batch",
    "certificate": "the certificate",
    "order": "the order",
}
THIS, ANOTHER, NOT_READ = "this course", "another", "not read"


_NEXT = {"receipt": ("storage", "thaw"), "thaw": ("thaw",), "bedside": ("infusion",)}
"""What comes next after a check: who signs later than that did not check before it."""


def whose(text: str) -> str:
    """What a band or a name on a label was read as: `THIS`, `NOT_READ`, else `ANOTHER`; empty where nothing is said."""
    plain = " ".join(text.casefold().split())
    return plain if plain in ("", THIS, NOT_READ) else ANOTHER


class Expected(msgspec.Struct, frozen=True):
    """What the scans of one thing must read as; where a set is empty, nothing is known to compare with."""

    bag: frozenset[str] = frozenset()
    coi: frozenset[str] = frozenset()
    din: frozenset[str] = frozenset()
    batch: frozenset[str] = frozenset()
    certificate: frozenset[str] = frozenset()
    order: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


def expected_of(container: Container, things: Things) -> Expected:
    """What the record says of a container."""
    batch = things.batch_of(container)
    certificates = {said(fact, "number") for fact in things.course.all("release_certificate", about=batch)}
    made_of = things.batches.get(batch)
    dins = {container.din} if container.din else set(made_of.dins if made_of else ())
    coi = container.says("coi")
    on_label = {"band", "bag"} | {key for key in ("coi", "din", "batch") if container.says(key)}
    if certificates - {""}:
        on_label.add("certificate")
    return Expected(
        frozenset({container.id}),
        frozenset({coi} if coi else things.cois),
        frozenset(dins - {""}),
        frozenset({batch} - {""}),
        frozenset(certificates - {""}),
        orders(things.course),
        frozenset(on_label),
    )


def expected_of_donation(din: str, things: Things) -> Expected:
    """What the record says of a collection, checked before there is a bag."""
    known = frozenset({din} - {""})
    return Expected(
        coi=frozenset(things.cois), din=known, order=orders(things.course), asked=frozenset({"band", "din"})
    )


def orders(course: Course) -> frozenset[str]:
    """The numbers of the course's orders."""
    return frozenset({said(fact, "order") or fact.about for fact in course.all("product_order")} - {""})


def checks_of(things: Things, step: str, names: frozenset[str], until: Instant) -> list[Fact]:
    """The checks at a step of a thing that goes by one of these names, up to a moment, in time order."""
    return [
        fact
        for fact in things.course.all("verification")
        if fact.at <= until and said(fact, "step") == step and (fact.about or said(fact, "bag")) in names
    ]


def check(
    things: Things, step: str, thing: str, names: frozenset[str], expected: Expected, *, until: Instant
) -> Iterator[Break]:
    """What is wrong with the check at a step that was made by `until`. None made: nothing, `unchecked` tells that.

    Every check that did not match counts until the holder has cleared the thing; of the others the last one.
    """
    found = checks_of(things, step, names, until)
    for fact in found:
        wrong = differing(fact, expected)
        if wrong and not cleared(things.course, thing, fact.at):
            what = ", ".join(WORDS.get(key, key) for key in wrong)
            yield broken(f"{step}_mismatched", thing, fact.at, (fact,), what=what)
    last = found[-1] if found else None
    if last is None or differing(last, expected):
        return
    unread = not_read(last, step, expected)
    if unread:
        what = ", ".join(WORDS.get(key, key) for key in unread)
        yield broken(f"{step}_incomplete", thing, last.at, (last,), what=what)
    if len(signers(things.record, last, _next(things, step, thing, last))) < 2:
        yield broken(f"{step}_one_signature", thing, last.at, (last,))


def _next(things: Things, step: str, thing: str, fact: Fact) -> Instant | None:
    after = [each for each in things.course.all(*_NEXT.get(step, ()), about=thing) if each.at > fact.at]
    return min((each.at for each in after if each.choice != "taken"), default=None)


def unchecked(
    things: Things, step: str, thing: str, names: frozenset[str], expected: Expected, since: Instant, until: Instant,
    place: Instant | None = None,
) -> Iterator[Break]:  # fmt: skip
    """A check that should have been made by `until` and was not. One made before its `place` in time is none, and
    after one that did not match and was cleared, only one that was made later than the clearing counts.
    """
    found = checks_of(things, step, names, until)
    wrong = [fact for fact in found if differing(fact, expected)]
    if any(not cleared(things.course, thing, fact.at) for fact in wrong):
        return  # that it did not match is told
    clearings = [at for at in clearings_of(things.course, thing) if any(fact.at < at for fact in wrong)]
    anew = max((at for at in clearings if at <= until), default=None)
    counted = [fact for fact in found if fact not in wrong and (place is None or fact.at >= place)]
    if not any(anew is None or fact.at > anew for fact in counted):
        yield broken(f"{step}_not_checked", thing, since if anew is None else max(since, anew), wrong[-1:])


def differing(fact: Fact, expected: Expected) -> tuple[str, ...]:
    """What did not match, by the scans themselves, whatever the check says of itself."""
    wrong = ["band"] if whose(said(fact, "band")) == ANOTHER else []
    for key in ("bag", "coi", "din", "batch", "certificate", "order"):
        read, known = said(fact, key), getattr(expected, key)
        if read and known and (same_donation(read) if key == "din" else read) not in known:
            wrong.append(key)
    stated = fact.detail.get("differs") or ()
    wrong += [str(key) for key in stated if str(key) not in wrong]
    if fact.choice == "mismatched" and not wrong:
        wrong.append("what was scanned")
    return tuple(wrong)


def not_read(fact: Fact, step: str, expected: Expected) -> tuple[str, ...]:
    """What should have been read and was not."""
    asked = [key for key in SHOULD_READ[step] if key in expected.asked]
    missing = [key for key in asked if said(fact, key).casefold() in ("", NOT_READ)]
    missing += [str(key) for key in fact.detail.get("missing") or () if str(key) not in missing]
    if fact.choice == "incomplete" and not missing:
        missing.append("something that it does not name")
    return tuple(missing)


def cleared(course: Course, thing: str, since: Instant) -> bool:
    """Whether the holder cleared a thing later than a moment: its quarantine lifted, with the holder's reference."""
    return any(at > since for at in clearings_of(course, thing))


def clearings_of(course: Course, thing: str) -> list[Instant]:
    """When the holder cleared a thing."""
    lifted = course.all("quarantine", about=thing, choice="lifted")
    return [fact.at for fact in lifted if said(fact, "holder_reference")]


def flawed_checks(things: Things) -> Iterator[Break]:
    """What is wrong with the checks that were made, of every container, and checks of what is not of this course."""
    donations = {one.thing: one for one in things.collections}
    known = set(things.containers) | set(donations) | set(things.batches)
    for container in things.containers.values():
        expected = expected_of(container, things)
        for step in STEPS:
            names = frozenset({container.id})
            yield from check(things, step, container.id, names, expected, until=things.course.now)
    for thing, one in donations.items():
        if thing not in things.containers:
            for step in ("collection", "label"):
                expected = expected_of_donation(one.din, things)
                yield from check(things, step, thing, frozenset({thing}), expected, until=things.course.now)
    for fact in things.course.all("verification"):
        name = fact.about or said(fact, "bag")
        if name and name not in known:
            yield broken("not_this_courses", name, fact.at, (fact,), what=name)
        yield from _elsewhere(fact, name, things)


def _elsewhere(fact: Fact, name: str, things: Things) -> Iterator[Break]:
    """A check that did not match and is filed under no step of a container or collection: it did not match all the
    same. Under a name that nobody knows it is about the course as a whole, for it may be of any of its things.
    """
    step, donations = said(fact, "step"), {one.thing for one in things.collections}
    if step in STEPS if name in things.containers else name in donations and step in ("collection", "label"):
        return
    wrong = differing(fact, expected_of_name(name, things))
    if wrong and not cleared(things.course, name, fact.at):
        what = ", ".join(WORDS.get(key, key) for key in wrong)
        yield broken("check_mismatched", name if name in things.known else WHOLE, fact.at, (fact,), what=what)


def expected_of_name(name: str, things: Things) -> Expected:
    """What the record says of whatever goes by a name."""
    if name in things.containers:
        return expected_of(things.containers[name], things)
    if name in {one.thing for one in things.collections}:
        return expected_of_donation(name, things)
    known = frozenset({name} - {""})
    return Expected(coi=frozenset(things.cois), **({"batch": known} if name in things.batches else {"bag": known}))
