"""Release: what the holder says of the batch, the certificate, and the patient's consent to what is out of
specification.

What the specification is and how the path of such a product runs is told by the manufacture; here only whether the
chain may go on.
"""

from __future__ import annotations

from collections.abc import Iterator

from cartway.pathway.chain.checks import ANOTHER, NOT_READ
from cartway.pathway.chain.condition import RELEASED
from cartway.pathway.chain.model import Break
from cartway.pathway.chain.rules import broken
from cartway.pathway.chain.things import Batch, Container, Things, said
from cartway.record import Fact


def certificates(things: Things, batch: str) -> list[Fact]:
    """The certificates of a batch: those filed under it."""
    return things.course.all("release_certificate", about=batch)


def papers(things: Things) -> Iterator[Break]:
    """What speaks against a certificate, as last issued; and one that was issued before the batch was disposed of."""
    for name in dict.fromkeys([*things.batches, *things.course.abouts("release_certificate")]):
        issued = certificates(things, name)
        if issued and name:
            yield from _certificate(issued[-1], name, things)
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
    if wrong:
        yield broken("certificate_of_another", batch, fact.at, (fact,), what=", ".join(wrong))
    name = said(fact, "patient_matches")
    if name in (ANOTHER, NOT_READ):
        code = "label_of_another" if name == ANOTHER else "label_not_read"
        yield broken(code, batch, fact.at, (fact,), what="the certificate")


def release(container: Container, things: Things) -> Iterator[Break]:
    """Whether the batch of a container may be given by now, as the holder says, with its certificate."""
    name = things.batch_of(container)
    if not name:
        return
    since = things.batches[name].since if name in things.batches else container.since
    yield from _disposition(name, since, things)
    issued = certificates(things, name)
    if not issued:
        yield broken("no_certificate", name, since)
        return
    bags = [str(bag) for bag in issued[-1].detail.get("bags") or ()]
    if bags and things.origin(container).id not in bags and container.id not in bags:
        yield broken("certificate_of_another", container.id, issued[-1].at, (issued[-1],), what=", ".join(bags))


def _disposition(batch: str, since: int, things: Things) -> Iterator[Break]:
    fact = things.course.last("disposition", about=batch)
    stopped = things.course.last("manufacture_step", about=batch, choice="failed")
    if fact is None and stopped is not None:
        yield broken("batch_failed", batch, stopped.at, (stopped,), what="failed in its making")
    elif fact is None:
        yield broken("not_released", batch, since)
    elif fact.choice in ("failed", "recalled"):
        words = "failed" if fact.choice == "failed" else "was called back"
        yield broken("batch_failed", batch, fact.at, (fact,), what=words)
    elif fact.choice == "out_of_specification":
        yield from _consent(batch, fact, things)
    elif fact.choice in RELEASED:
        yield from _late_results(batch, fact, things)


def _consent(batch: str, fact: Fact, things: Things) -> Iterator[Break]:
    """The steps of the path, each as last said: none refused, and the patient's consent given after it was known."""
    last = {said(each, "step"): each for each in things.course.all("out_of_specification_consent", about=batch)}
    refused = [step or "consent" for step, each in last.items() if each.choice == "refused"]
    if refused:
        yield broken("release_refused", batch, fact.at, (fact, *last.values()), what=", ".join(refused))
    consent = last.get("consent") or last.get("")
    if consent is None or consent.at < fact.at:
        yield broken("out_of_specification", batch, fact.at, (fact,))


def _late_results(batch: str, fact: Fact, things: Things) -> Iterator[Break]:
    """Results that came after the release, each test as last said: one that failed is what the release did not know."""
    tests = {said(each, "test"): each for each in things.course.all("release_test", about=batch)}
    failed = {name: each for name, each in tests.items() if each.choice == "failed" and each.at > fact.at}
    if failed:
        at = min(each.at for each in failed.values())
        yield broken("failed_after_release", batch, at, failed.values(), what=", ".join(failed))


def pending(batch: Batch, things: Things) -> tuple[str, ...]:
    """What is still to come though the batch was released, in words."""
    fact = things.course.last("disposition", about=batch.id)
    if fact is None or fact.choice != "released_pending":
        return ()
    named = [str(each) for each in fact.detail.get("pending") or ()] or ["sterility"]
    passed = {said(each, "test") for each in things.course.all("release_test", about=batch.id, choice="passed")
              if each.at > fact.at}  # fmt: skip
    left = [name for name in named if name not in passed]
    if not left:
        return ()
    return (f"Batch {batch.id} is released with a result to come: {', '.join(left)}. If it fails, it is called back.",)
