"""What a coded element (CE, CWE, CNE) means: by its code, its alternate codes, or the center's local codes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cartway.intake.hl7_context import Feed
from cartway.intake.hl7_syntax import Segment
from cartway.problem import Problem
from cartway.vocabulary import Meaning, Vocabulary

BLOOD_PRESSURE = "blood_pressure"

# Coding system names of table 0396, and what senders write instead, as the systems that the vocabulary uses.
SYSTEMS = {
    "LN": "http://loinc.org",
    "LOINC": "http://loinc.org",
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "SCT": "http://snomed.info/sct",
    "SCT2": "http://snomed.info/sct",
    "SNOMED": "http://snomed.info/sct",
    "SNOMED-CT": "http://snomed.info/sct",
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "WC": "http://www.whocc.no/atc",
    "ATC": "http://www.whocc.no/atc",
    "2.16.840.1.113883.6.73": "http://www.whocc.no/atc",
}
# LOINC 85354-9 is the blood pressure panel; 55284-4 "Blood pressure systolic and diastolic" carries one text like
# 120/80.
_PRESSURES = {("http://loinc.org", code): Meaning(BLOOD_PRESSURE) for code in ("85354-9", "55284-4")}
_TRIPLETS = ((1, 3, 14), (4, 6, 17), (10, 12, 20))  # code, name of its system, object identifier of its system


class Coded(msgspec.Struct, frozen=True):
    """One code as it was sent. `system` is the name written; `url` the vocabulary's, "" where there is none."""

    system: str
    code: str
    url: str = ""


def coded(segment: Segment, repetition: str) -> Iterator[Coded]:
    """The code and the alternate codes of an element."""
    for code, name, oid in _TRIPLETS:
        written = segment.part_of(repetition, code)
        if written:
            system = segment.part_of(repetition, name)
            url = SYSTEMS.get(system.upper()) or SYSTEMS.get(segment.part_of(repetition, oid), "")
            yield Coded(system, written, url)


def meaning(words: Vocabulary, feed: Feed, codes: list[Coded]) -> Meaning | Problem | None:
    """What the codes stand for; None where nobody knows them. Problem: conflicting_codes.

    The center's local code comes first: it knows its sender.
    """
    local = {found for one in codes if (found := feed.local_codes.get((one.system, one.code)))}
    public = {found for one in codes if (found := _public(words, one))}
    known = local or public
    return _conflicting() if len(known) > 1 else next(iter(known), None)


def texts(segment: Segment, repetition: str) -> list[str]:
    """What an element says in words: display texts, the original text, then the codes themselves."""
    found = (segment.part_of(repetition, component) for component in (2, 5, 9, 1, 4))
    return [text for text in found if text]


def _public(words: Vocabulary, one: Coded) -> Meaning | None:
    if not one.url:
        return None
    return words.codes.get((one.url, one.code)) or _PRESSURES.get((one.url, one.code))


def _conflicting() -> Problem:
    return Problem(
        "conflicting_codes",
        "The code and its alternate name different things.",
        "Correct one, or give the local code its meaning.",
    )
