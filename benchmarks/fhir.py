"""A FHIR R4 Bundle of 2,000 Observations to facts, with units and codes resolved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from benchmarks.line import Line, Part
from benchmarks.measure import beside, measured
from cartway.intake.drafts import Draft
from cartway.intake.fhir import Context, read
from cartway.times import MINUTE, from_datetime, parse, text
from cartway.vocabulary import read_value, vocabulary

OBSERVATIONS = 2_000
RATE = "Observations/CPU-s"
# LOINC code, its name there, unit, value: what a ward sends; one in eight in another unit than ours.
_SENT = (
    ("8310-5", "Body temperature", "Cel", 37.2),
    ("8480-6", "Systolic blood pressure", "mm[Hg]", 118.0),
    ("8462-4", "Diastolic blood pressure", "mm[Hg]", 71.0),
    ("8867-4", "Heart rate", "/min", 88.0),
    ("9279-1", "Respiratory rate", "/min", 18.0),
    ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", "%", 97.0),
    ("777-3", "Platelets [#/volume] in Blood by Automated count", "10*3/uL", 150.0),
    ("8310-5", "Body temperature", "[degF]", 99.1),
)
_START = parse("2026-01-05T00:00:00+00:00")

Say = Callable[[str], None]
Told = tuple[str, int, str, float, str]  # whose, when, what, how much, of which unit


def run(_rows: int, repeats: int, say: Say) -> Part:
    """Measure on two Bundles: as small as the profile for vital signs allows, and as servers send them."""
    words = vocabulary()
    lines, remarks = [], []
    for kind, bundle in (("lean", bundle_of(False)), ("as a server sends them", bundle_of(True))):
        say(f"ours and a bare decode, {kind}")
        bare = msgspec.json.Decoder(_Bundle)
        done = beside([partial(ours, bundle), partial(bare.decode, bundle)], 10 * repeats)
        say(f"fhir.resources, {kind}")
        peer = measured(partial(peers, bundle), max(1, repeats // 2))
        told = [_told(item) for item in done[0].result]
        assert told == peer.result, "ours and the peer read different things"
        lines += _lines(kind, OBSERVATIONS / done[0].median, OBSERVATIONS / done[1].median, OBSERVATIONS / peer.median)
        remarks.append(f"{kind}: {len(bundle):,} bytes; ours and fhir.resources read the same {len(told):,} facts")
    assert words.codes, "the vocabulary is loaded before the clock runs"
    return Part(title="FHIR", lines=lines, remarks=remarks)


def _lines(kind: str, ours_is: float, bare: float, peer: float) -> list[Line]:
    return [
        Line(what=kind, ours=ours_is, unit=RATE, target=250_000),
        Line(
            what=kind, ours=ours_is, unit=RATE, target=50.0, peer="fhir.resources", theirs=peer,
            leaves_out="which person is meant, ranges, status, corrections, refusals with their place and text",
        ),
        Line(
            what=kind, ours=ours_is, unit=RATE, peer="msgspec, decoding alone", theirs=bare,
            leaves_out="everything but decoding seven fields",
        ),
    ]  # fmt: skip


def bundle_of(full: bool) -> bytes:
    """The Bundle. `full`: with meta, issued, performers and an absolute fullUrl."""
    entries = [_entry(number, full) for number in range(OBSERVATIONS)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def _entry(number: int, full: bool) -> dict[str, Any]:
    code, display, unit, value = _SENT[number % len(_SENT)]
    at = text(_START + 11 * MINUTE * number)
    category = {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}
    resource = {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": display}], "text": display},
        "subject": {"reference": "Patient/example"},
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }
    if not full:
        return {"fullUrl": f"urn:uuid:{number:08x}-0000-4000-8000-000000000000", "resource": resource}
    resource |= {
        "meta": {"versionId": "1", "lastUpdated": at},
        "issued": at,
        "performer": [{"reference": f"Practitioner/{number % 17}"}],
        "encounter": {"reference": "Encounter/1"},
    }
    return {"fullUrl": f"http://hospital.example/fhir/Observation/o{number}", "resource": resource}


def ours(bundle: bytes) -> list[Any]:
    """Every statement of the Bundle, by the shipped reader."""
    return list(read(bundle, name="bundle.json", context=Context(vocabulary())))


def _told(item: Any) -> Told:
    assert isinstance(item, Draft), item
    fact = item.fact
    assert fact.value is not None
    return fact.course, fact.at, fact.what, fact.value, fact.unit


def peers(bundle: bytes) -> list[Told]:
    """The same by the generated models: parse and validate, then walk to the same values."""
    from fhir.resources.R4B.bundle import Bundle

    parsed = Bundle.model_validate_json(bundle)
    return list(_walk(parsed, vocabulary().codes))


def _walk(bundle: Any, codes: Mapping[tuple[str, str], Any]) -> Iterator[Told]:
    variables = vocabulary().variables
    for entry in bundle.entry:
        seen = entry.resource
        coding = seen.code.coding[0]
        variable = variables[codes[(str(coding.system), coding.code)].what]
        value = read_value(variable, float(seen.valueQuantity.value), seen.valueQuantity.code)
        assert isinstance(value, float)
        whose = seen.subject.reference.rpartition("/")[2]
        yield whose, from_datetime(seen.effectiveDateTime), variable.name, value, variable.unit


class _Coding(msgspec.Struct, frozen=True, gc=False):
    system: str = ""
    code: str = ""


class _Concept(msgspec.Struct, frozen=True, gc=False):
    coding: tuple[_Coding, ...] = ()


class _Quantity(msgspec.Struct, frozen=True, gc=False):
    value: float | None = None
    code: str = ""


class _Reference(msgspec.Struct, frozen=True, gc=False):
    reference: str = ""


class _Observation(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    id: str = ""
    status: str = ""
    code: _Concept = _Concept()
    subject: _Reference | None = None
    effective_date_time: str = ""
    value_quantity: _Quantity | None = None


class _Entry(msgspec.Struct, frozen=True, gc=False):
    resource: _Observation | None = None


class _Bundle(msgspec.Struct, frozen=True, gc=False):
    entry: tuple[_Entry, ...] = ()
