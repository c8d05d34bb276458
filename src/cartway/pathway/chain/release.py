"""Release: what the holder says of the batch, the certificate, and the patient's consent to what is out of
specification.

What the specification is and how the path of such a product runs is told by the manufacture; here only whether the
chain may go on.
"""

from __future__ import annotations

from collections.abc import Iterator

from cartway.pathway.chain.checks import NOT_READ, cleared, whose
from cartway.pathway.chain.identity import of_another
from cartway.pathway.chain.model import Break
from cartway.pathway.chain.rules import broken
from cartway.pathway.chain.things import Batch, Container, Things, said
from cartway.record import Fact
from cartway.times import Instant

STOPPED = ("failed", "recalled")


def certificates(things: Things, batch: str) -> list[Fact]:
    """The certificates of a batch: those filed under it."""
    return things.course.all("release_certificate", about=batch)


def papers(things: Things) -> Iterator[Break]:
    """What speaks against a certificate, as last issued; and one that was issued before the batch was disposed of."""
    for name in dict.fromkeys([*things.batches, *things.course.abouts("release_certificate")]):
        issued = certificates(things, name)
        if issued and name:
            for fact in issued:
                yield from _certificate(fact, name, things)
            yield from of_another(issued, name, "the certificate", things)
            if whose(said(issued[-1], "patient_matches")) == NOT_READ:
                yield broken("label_not_read", name, issued[-1].at, issued[-1:], what="the certificate")
            decided = things.course.first("disposition", about=name)
            if decided is not None and issued[-1].at < decided.at:
                words = f"The certificate of {name} was issued before the batch was disposed of"
                yield broken("before_its_cause", name, issued[-1].at, (issued[-1], decided), what=words)
    for batch in things.batches.values():
        decided = things.course.first("disposition", about=batch.id)
        if decided is not None and decided.at < batch.since:
            words = f"Batch {batch.id} was disposed of before it was begun"
            yield broken("before_its_cause", batch.id, decided.at, (decided, *batch.facts), what=words)


def _certificate(fact: Fact, batch: str, things: Things) -> Iterator[Break]:
    wrong = [said(fact, "batch")] if said(fact, "batch") not in ("", batch) else []
    coi = said(fact, "coi")
    if coi and things.cois and coi not in things.cois:
        wrong.append(coi)
    if wrong and not cleared(things.course, batch, fact.at):
        yield broken("certificate_of_another", batch, fact.at, (fact,), what=", ".join(wrong))


def release(container: Container, things: Things) -> Iterator[Break]:
    """Whether the batch of a container may be given by now, as the holder says, with its certificate."""
    name = things.batch_of(container)
    if not name:
        yield broken("not_released", container.id, container.since)
        return
    since = things.batches[name].since if name in things.batches else container.since
    yield from _disposition(name, since, things)
    issued = certificates(things, name)
    if not issued:
        decided = things.course.last("disposition", about=name)
        yield broken("no_certificate", name, decided.at if decided is not None else since)
        return
    bags = [str(bag) for bag in issued[-1].detail.get("bags") or ()]
    if bags and things.origin(container).id not in bags and container.id not in bags:
        yield broken("certificate_of_another", container.id, issued[-1].at, (issued[-1],), what=", ".join(bags))


def _disposition(batch: str, since: Instant, things: Things) -> Iterator[Break]:
    """What the holder said last; and every time that it failed or was called back, until the holder clears that."""
    said_of_it = things.course.all("disposition", about=batch)
    stopped = [fact for fact in said_of_it if fact.choice in STOPPED]
    stopped += things.course.all("manufacture_step", about=batch, choice="failed")
    for each in stopped:
        if not cleared(things.course, batch, each.at):
            yield broken("batch_failed", batch, each.at, (each,), what=_stopped(each))
    fact = said_of_it[-1] if said_of_it else None
    if fact is None or (fact.choice in STOPPED and cleared(things.course, batch, fact.at)):
        yield broken("not_released", batch, since if fact is None else fact.at)
    elif fact.choice == "out_of_specification":
        yield from _consent(batch, fact, things)
    if fact is not None and fact.choice not in STOPPED:
        yield from _results(batch, fact, things)


def _stopped(fact: Fact) -> str:
    if fact.what == "manufacture_step":
        return "failed in its making"
    return "failed" if fact.choice == "failed" else "was called back"


def _consent(batch: str, fact: Fact, things: Things) -> Iterator[Break]:
    """The steps of the path, each as last said: none refused, and the patient's consent given after it was known."""
    last = {said(each, "step"): each for each in things.course.all("out_of_specification_consent", about=batch)}
    refused = [step or "consent" for step, each in last.items() if each.choice == "refused"]
    if refused:
        yield broken("release_refused", batch, fact.at, (fact, *last.values()), what=", ".join(refused))
    consent = last.get("consent") or last.get("")
    if consent is None or consent.at < fact.at:
        yield broken("out_of_specification", batch, fact.at, (fact,))


def _results(batch: str, fact: Fact, things: Things) -> Iterator[Break]:
    """Tests that failed, whenever: a test that passed afterwards does not undo it. That a batch is out of
    specification says that one did by then.
    """
    known = fact.at if fact.choice == "out_of_specification" else None
    failed = [
        each
        for each in things.course.all("release_test", about=batch, choice="failed")
        if (known is None or each.at > known) and not cleared(things.course, batch, each.at)
    ]
    if failed:
        what = ", ".join(dict.fromkeys(said(each, "test") for each in failed))
        yield broken("failed_after_release", batch, failed[0].at, failed, what=what)


def pending(batch: Batch, things: Things) -> tuple[str, ...]:
    """What is still to come though the batch was released, in words."""
    fact = things.course.last("disposition", about=batch.id)
    if fact is None or fact.choice != "released_pending":
        return ()
    named = [str(each) for each in fact.detail.get("pending") or ()] or ["sterility"]
    come = {
        said(each, "test")
        for each in things.course.all("release_test", about=batch.id)
        if each.choice == "failed"
        or (each.choice == "passed" and (each.at > fact.at or each.detail.get("after_release")))
    }
    left = [name for name in named if name not in come]
    if not left:
        return ()
    return (f"Batch {batch.id} is released with a result to come: {', '.join(left)}. If it fails, it is called back.",)
