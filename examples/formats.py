"""Two of the ways in which a hospital sends what it charts: a FHIR R4 Bundle, and HL7 v2 messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from ward import Row, Story

LOINC = {
    "body_temperature": ("8310-5", "Body temperature"),
    "systolic_pressure": ("8480-6", "Systolic blood pressure"),
    "diastolic_pressure": ("8462-4", "Diastolic blood pressure"),
    "heart_rate": ("8867-4", "Heart rate"),
    "respiratory_rate": ("9279-1", "Respiratory rate"),
    "oxygen_saturation": ("59408-5", "Oxygen saturation by Pulse oximetry"),
    "oxygen_flow": ("3151-8", "Inhaled oxygen flow rate"),
    "body_weight": ("29463-7", "Body weight"),
    "neutrophils": ("751-8", "Neutrophils"),
    "platelets": ("777-3", "Platelets"),
    "hemoglobin": ("718-7", "Hemoglobin"),
    "crp": ("1988-5", "C reactive protein"),
    "ferritin": ("2276-4", "Ferritin"),
    "creatinine": ("2160-0", "Creatinine"),
    "alt": ("1742-6", "Alanine aminotransferase"),
    "ast": ("1920-8", "Aspartate aminotransferase"),
    "bilirubin": ("1975-2", "Bilirubin total"),
    "ldh": ("2532-0", "Lactate dehydrogenase"),
    "fibrinogen": ("3255-7", "Fibrinogen"),
    "uric_acid": ("3084-1", "Urate"),
    "potassium": ("2823-3", "Potassium"),
    "phosphate": ("2777-1", "Phosphate"),
    "calcium": ("17861-6", "Calcium"),
}
RXNORM = {"acetaminophen": "161", "tocilizumab": "612865", "dexamethasone": "3264", "cefepime": "20481"}
ATC = {
    "idecabtagene_vicleucel": "L01XL07",
    "tisagenlecleucel": "L01XL04",
    "ciltacabtagene_autoleucel": "L01XL05",
}
CONDITION = {"multiple_myeloma": ("http://hl7.org/fhir/sid/icd-10-cm", "C90.02")}
CANNULA = "371907003"
WHOSE = "Patient/{}"
# What is sent for tests says so: FHIR by this tag, HL7 v2 by the processing id T in MSH-11.
TEST_DATA = {
    "tag": [{
        "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
        "code": "HTEST",
        "display": "test health data",
    }]
}  # fmt: skip

Resource = dict[str, Any]


# FHIR


def as_fhir(story: Story, rows: list[Row], birth_date: str, sex: str) -> str:
    """A Bundle of the Patient and all that was observed and given, one resource a line."""
    person: Resource = {
        "resourceType": "Patient",
        "id": story.name,
        "meta": TEST_DATA,
        "name": [{"text": f"Example {story.name}"}],
        "gender": sex,
        "birthDate": birth_date,
    }
    resources = [person, *_resources(story, rows)]
    entries = ",\n".join(json.dumps({"resource": one}, separators=(",", ":")) for one in resources)
    tag = json.dumps(TEST_DATA, separators=(",", ":"))
    return f'{{"resourceType":"Bundle","type":"collection","meta":{tag},"entry":[\n{entries}\n]}}\n'


def _resources(story: Story, rows: list[Row]) -> Iterator[Resource]:
    diastolic = {row["event"]: row for row in rows if row["what"] == "diastolic_pressure"}
    for row in rows:
        if row["what"] == "systolic_pressure":
            yield _about(story, _pressure(row, diastolic[row["event"]]))
        elif row["what"] != "diastolic_pressure":
            yield _about(story, _resource(row))


def _about(story: Story, resource: Resource) -> Resource:
    return resource | {"subject": {"reference": WHOSE.format(story.name)}}


def _resource(row: Row) -> Resource:
    match row["what"]:
        case "drug" | "infusion":
            return _given(row)
        case "diagnosis":
            return {
                "resourceType": "Condition",
                "id": row["key"],
                "code": _diagnosis(row["choice"]),
                "onsetDateTime": _stamp(row["at"]),
            }
        case _:
            return _observed(row, _code(row["what"])) | _value(row)


def _observed(row: Row, code: Resource) -> Resource:
    return {
        "resourceType": "Observation",
        "id": row["key"],
        "status": "final",
        "code": code,
        "effectiveDateTime": _stamp(row["at"]),
    }


def _pressure(systolic: Row, diastolic: Row) -> Resource:
    """One blood pressure with its two components."""
    parts = [{"code": _code(row["what"])} | _value(row) for row in (systolic, diastolic)]
    return _observed(systolic, _coded("http://loinc.org", "85354-9")) | {"component": parts}


def _given(row: Row) -> Resource:
    period = {"start": _stamp(row["at"]), "end": _stamp(row["until"])} if "until" in row else {}
    dose = {"dosage": {"dose": _quantity(row)}} if "value" in row else {}
    product = row["choice"]
    system, code = (
        ("http://www.whocc.no/atc", ATC[product])
        if product in ATC
        else ("http://www.nlm.nih.gov/research/umls/rxnorm", RXNORM[product])
    )
    return {
        "resourceType": "MedicationAdministration",
        "id": row["key"],
        "status": "completed",
        "medicationCodeableConcept": _coded(system, code, product.replace("_", " ")),
        **({"effectivePeriod": period} if period else {"effectiveDateTime": _stamp(row["at"])}),
        **dose,
    }


def _value(row: Row) -> Resource:
    if "value" in row:
        return {"valueQuantity": _quantity(row)}
    if row["choice"] == "nasal_cannula":
        return {"valueCodeableConcept": _coded("http://snomed.info/sct", CANNULA)}
    return {"valueCodeableConcept": {"text": row["choice"]}}


def _quantity(row: Row) -> Resource:
    return {"value": json.loads(row["value"]), "unit": row.get("unit", "{score}")}


def _code(what: str) -> Resource:
    """LOINC where there is a code; else the name that Cartway's vocabulary gives it."""
    return _coded("http://loinc.org", LOINC[what][0]) if what in LOINC else _coded("urn:cartway", what)


def _diagnosis(name: str) -> Resource:
    return _coded(*CONDITION.get(name, ("urn:cartway", f"diagnosis/{name}")))


def _coded(system: str, code: str, display: str = "") -> Resource:
    shown = {"display": display} if display else {}
    return {"coding": [{"system": system, "code": code} | shown]}


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:00Z}"


# HL7 v2


def as_hl7(story: Story, rows: list[Row], birth_date: str, sex: str) -> str:
    """Admissions, vital signs, laboratory results, the infusion and discharges as messages, in the order of time.

    As in many hospitals the feed knows neither oxygen devices nor ICE nor drugs.
    """
    person = f"PID|1||{story.name}^^^EXAMPLES^MR||EXAMPLE^{story.name}||{birth_date}|{sex}"
    segments: list[str] = []
    number, stay, away = 0, 0, True
    for at, group in groupby(rows, key=lambda row: row["at"]):
        stay += away
        for kind, body in _messages(list(group), at, away, stay):
            number += 1
            header = f"MSH|^~\\&|WARD|EXAMPLES|CARTWAY|EXAMPLES|{_dtm(at)}||{kind}|EX{number:04}|T|2.5.1"
            segments += [header, *([f"EVN||{_dtm(at)}"] if kind.startswith("ADT") else []), person, *body]
            away = kind.startswith("ADT^A03")
    return "\r".join(segments) + "\r"


def _messages(rows: list[Row], at: datetime, away: bool, stay: int) -> Iterator[tuple[str, list[str]]]:
    """The messages of one moment. Whoever is away is admitted first."""
    if away:
        yield "ADT^A01^ADT_A01", [_visit(stay)]
    if any(row["what"] == "discharge" for row in rows):
        yield "ADT^A03^ADT_A03", [_visit(stay, at)]
    seen = [row for row in rows if row["what"] in LOINC or row["what"] == "infusion"]
    if seen:
        order = f"OBR|1||{_dtm(at)[:12]}|{'LAB' if seen[0]['source'] == 'lab' else 'VITALS'}|||{_dtm(at)}"
        yield "ORU^R01^ORU_R01", [order, *(_obx(row, number) for number, row in enumerate(seen, 1))]


def _visit(stay: int, discharged: datetime | None = None) -> str:
    """PV1 with the visit number in field 19 and the discharge in field 45."""
    at = _dtm(discharged) if discharged else ""
    fields = ["PV1", "1", "I", "6 WEST^12^1", *[""] * 15, f"V{stay}", *[""] * 25, at]
    return "|".join(fields).rstrip("|")


def _obx(row: Row, number: int) -> str:
    if row["what"] == "infusion":
        product = row["choice"]
        return f"OBX|{number}|ST|{ATC[product]}^{product.replace('_', ' ')}^WC||Y||||||F"
    code, display = LOINC[row["what"]]
    return f"OBX|{number}|NM|{code}^{display}^LN||{row['value']}|{row['unit']}|||||F"


def _dtm(at: datetime) -> str:
    return f"{at:%Y%m%d%H%M}00+0000"
