"""What spoke against a thing and was amended or retracted afterwards. It still does, until the holder clears the thing:
who saw something wrong cannot make it unseen by a correction.
"""

from __future__ import annotations

from collections.abc import Iterator

from cartway.pathway.chain.checks import ANOTHER, cleared, differing, expected_of_name, whose
from cartway.pathway.chain.condition import SEAL_BAD, too_warm
from cartway.pathway.chain.model import Break
from cartway.pathway.chain.rules import broken
from cartway.pathway.chain.things import WHOLE, Things, said
from cartway.record import Fact

_CHOICES = {
    "quarantine": ("placed",),
    "disposition": ("failed", "recalled"),
    "release_test": ("failed",),
    "manufacture_step": ("failed",),
    "custody": ("refused",),
    "seal": SEAL_BAD,
}
_WORDS = {
    "verification": "A check that did not match",
    "quarantine": "A quarantine",
    "disposition": "A failure or a call back of the batch",
    "release_test": "A failed release test",
    "manufacture_step": "A failure in the making",
    "custody": "A refusal at receipt",
    "seal": "A seal that was broken or another one",
    "temperature_log": "A temperature file with readings above its limit",
    "container": "A label with the name of another person",
    "release_certificate": "A certificate with the name of another person",
}


def withdrawn(things: Things) -> Iterator[Break]:
    """Every contradiction that was withdrawn and not cleared by the holder later than it."""
    for fact in things.course.withdrawn:
        name = fact.about or said(fact, "bag")
        if _contradicts(fact, name, things) and not cleared(things.course, name, fact.at):
            thing = name if name in things.known else WHOLE
            yield broken("withdrawn", thing, fact.at, (fact,), what=_WORDS[fact.what])


def _contradicts(fact: Fact, name: str, things: Things) -> bool:
    if fact.what in _CHOICES:
        return fact.choice in _CHOICES[fact.what]
    if fact.what == "verification":
        return bool(differing(fact, expected_of_name(name, things)))
    if fact.what in ("container", "release_certificate"):
        return whose(said(fact, "patient_matches")) == ANOTHER
    return fact.what == "temperature_log" and too_warm(fact)
