"""FHIR resources and files, drawn as small as a test needs them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from cartway.intake.drafts import Draft, Item, Refused
from cartway.intake.fhir import Context, Options, read, read_lines
from cartway.record import Fact
from cartway.times import parse
from cartway.vocabulary import vocabulary

DATA = Path(__file__).parent / "data"
NOON = "2026-01-10T12:00:00+00:00"
AT = parse(NOON)
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
UCUM = "http://unitsofmeasure.org"

Drawn = dict[str, Any]


def concept(system: str, code: str, display: str = "") -> Drawn:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def quantity(value: Any, unit: str) -> Drawn:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def observation(loinc: str = "8310-5", value: Any = 38.4, unit: str = "Cel", **more: Any) -> Drawn:
    """A final observation of Patient/p at noon; `more` overrides, None leaves a part out."""
    drawn = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": concept(LOINC, loinc),
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": NOON,
        "valueQuantity": quantity(value, unit),
    } | more
    return {key: part for key, part in drawn.items() if part is not None}


def administration(medication: Drawn, **more: Any) -> Drawn:
    drawn = {
        "resourceType": "MedicationAdministration",
        "id": "m1",
        "status": "completed",
        "medicationCodeableConcept": medication,
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": NOON,
    } | more
    return {key: part for key, part in drawn.items() if part is not None}


def bundle(*resources: Drawn, **more: Any) -> Drawn:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]} | more


def encoded(drawn: Any) -> bytes:
    return json.dumps(drawn).encode()


def items(drawn: Any, options: Options = Options(), context: Context | None = None) -> list[Item]:  # noqa: B008
    """What reading a document gives; bytes are read as they are."""
    content = drawn if isinstance(drawn, bytes) else encoded(drawn)
    return list(read(content, name="drawn", context=context or Context(vocabulary(), options)))


def line_items(*lines: Any) -> list[Item]:
    content = b"\n".join(line if isinstance(line, bytes) else encoded(line) for line in lines)
    return list(read_lines(content, name="drawn", context=Context(vocabulary())))


def only(found: list[Item]) -> Item:
    assert len(found) == 1, found
    return found[0]


def fact(drawn: Any) -> Fact:
    """The one fact that a document gives."""
    item = only(items(drawn))
    assert isinstance(item, Draft), item
    return item.fact


def refused(drawn: Any) -> Refused:
    item = only(items(drawn))
    assert isinstance(item, Refused), item
    return item


def gz(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
