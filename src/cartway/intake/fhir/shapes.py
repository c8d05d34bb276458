"""The parts of FHIR R4 resources that are read here, and no others: what a struct does not name is skipped unread.

Source: HL7 FHIR Release 4 (4.0.1). The cycle collector is spared (``gc=False``), since JSON has no cycles. Decoding
fails on a part of the wrong type, which refuses that resource alone.
"""

from __future__ import annotations

import msgspec
from msgspec import Raw, Struct


class Coding(Struct, frozen=True, gc=False):
    """A code of a code system."""

    system: str = ""
    code: str = ""
    display: str = ""


class Concept(Struct, frozen=True, gc=False):
    """A CodeableConcept: the same thing in several code systems, or in words."""

    coding: tuple[Coding, ...] = ()
    text: str = ""


class Code(Struct, frozen=True, gc=False):
    """A code whose words are not read: what is measured is known by its code alone."""

    system: str = ""
    code: str = ""


class Codes(Struct, frozen=True, gc=False):
    """A CodeableConcept of which only the codes are read."""

    coding: tuple[Code, ...] = ()


class Quantity(Struct, frozen=True, gc=False):
    """A number with its unit; `code` is the unit for machines, `unit` the one for people."""

    value: float | None = None
    comparator: str = ""
    unit: str = ""
    code: str = ""


class Ratio(Struct, frozen=True, gc=False):
    """One quantity for each of another, for example 4 mg for each hour."""

    numerator: Quantity | None = None
    denominator: Quantity | None = None


class Period(Struct, frozen=True, gc=False):
    """From `start` to `end`; no end means that it still lasts."""

    start: str = ""
    end: str = ""


class Identifier(Struct, frozen=True, gc=False):
    """A business identifier, for example a medical record number."""

    system: str = ""
    value: str = ""
    use: str = ""
    type: Concept | None = None


class Reference(Struct, frozen=True, gc=False):
    """Points at another resource, by its address or by an identifier."""

    reference: str = ""
    type: str = ""
    identifier: Identifier | None = None
    display: str = ""


class Meta(Struct, frozen=True, gc=False):
    """When the source last changed this resource, and its marks: of those only that of test data is read."""

    lastUpdated: str = ""  # noqa: N815 (FHIR's own name)
    tag: tuple[Coding, ...] = ()
    security: tuple[Coding, ...] = ()


class Resource(Struct, frozen=True, gc=False, tag_field="resourceType", rename="camel"):
    """What every resource may carry. A `modifier_extension` changes its meaning in a way that we do not know."""

    id: str = ""
    meta: Meta | None = None
    contained: tuple[Raw, ...] = ()
    modifier_extension: tuple[Raw, ...] = ()


class Component(Struct, frozen=True, gc=False, rename="camel"):
    """One of several results of an Observation: systolic and diastolic pressure."""

    code: Codes
    value_quantity: Quantity | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    data_absent_reason: Concept | None = None
    value_range: Raw = Raw()
    value_ratio: Raw = Raw()


class ReferenceRange(Struct, frozen=True, gc=False):
    """What the laboratory calls normal, in the unit of the value."""

    low: Quantity | None = None
    high: Quantity | None = None


class Observation(Resource, frozen=True, gc=False, tag=True):
    """A measurement or a finding."""

    status: str = ""
    code: Codes = Codes()
    subject: Reference | None = None
    effective_date_time: str = ""
    value_quantity: Quantity | None = None
    component: tuple[Component, ...] = ()
    focus: tuple[Reference, ...] = ()
    issued: str = ""
    effective_period: Period | None = None
    effective_instant: str = ""
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    data_absent_reason: Concept | None = None
    value_range: Raw = Raw()
    value_ratio: Raw = Raw()
    has_member: tuple[Reference, ...] = ()
    reference_range: tuple[ReferenceRange, ...] = ()


class Dosage(Struct, frozen=True, gc=False, rename="camel"):
    """How much was given, how fast and by which route."""

    dose: Quantity | None = None
    rate_quantity: Quantity | None = None
    rate_ratio: Ratio | None = None
    route: Concept | None = None
    method: Concept | None = None


class MedicationAdministration(Resource, frozen=True, gc=False, tag=True):
    """A drug or a cell product that was given."""

    status: str = ""
    medication_codeable_concept: Concept | None = None
    medication_reference: Reference | None = None
    subject: Reference | None = None
    effective_date_time: str = ""
    effective_period: Period | None = None
    dosage: Dosage | None = None


class Ingredient(Struct, frozen=True, gc=False, rename="camel"):
    """One part of a mixture."""

    item_codeable_concept: Concept | None = None
    item_reference: Reference | None = None


class Medication(Resource, frozen=True, gc=False, tag=True):
    """What an administration gave, where the administration only points at it."""

    code: Concept | None = None
    form: Concept | None = None
    ingredient: tuple[Ingredient, ...] = ()


class Procedure(Resource, frozen=True, gc=False, tag=True):
    """Something done: oxygen therapy, ventilation, collection, infusion of cells."""

    status: str = ""
    code: Concept = Concept()
    subject: Reference | None = None
    performed_date_time: str = ""
    performed_period: Period | None = None


class Condition(Resource, frozen=True, gc=False, tag=True):
    """A diagnosis or a problem."""

    code: Concept = Concept()
    verification_status: Concept | None = None
    subject: Reference | None = None
    onset_date_time: str = ""
    onset_period: Period | None = None
    abatement_date_time: str = ""
    recorded_date: str = ""


class ServiceRequest(Resource, frozen=True, gc=False, tag=True):
    """A request for a service: read where it is a referral for cellular therapy. Notes are never read."""

    status: str = ""
    intent: str = ""
    priority: str = ""
    do_not_perform: bool = False
    category: tuple[Concept, ...] = ()
    code: Concept = Concept()
    subject: Reference | None = None
    authored_on: str = ""
    requester: Reference | None = None
    reason_code: tuple[Concept, ...] = ()


class Encounter(Resource, frozen=True, gc=False, tag=True):
    """A stay. `class_` is inpatient, emergency, ambulatory."""

    status: str = ""
    class_: Coding = msgspec.field(default=Coding(), name="class")
    subject: Reference | None = None
    period: Period | None = None


class Device(Resource, frozen=True, gc=False, tag=True):
    """A thing that is used: a cannula, a mask, a ventilator."""

    type: Concept = Concept()


class DeviceUseStatement(Resource, frozen=True, gc=False, tag=True):
    """That a device is used for a patient, and when."""

    status: str = ""
    subject: Reference | None = None
    device: Reference | None = None
    timing_period: Period | None = None
    timing_date_time: str = ""


class HumanName(Struct, frozen=True, gc=False):
    """A name in its parts."""

    text: str = ""
    family: str = ""
    given: tuple[str, ...] = ()
    use: str = ""


class PatientLink(Struct, frozen=True, gc=False):
    """That another Patient resource is the same person; `type` says which of the two stays."""

    other: Reference = Reference()
    type: str = ""


class Patient(Resource, frozen=True, gc=False, tag=True, rename="camel"):
    """Who it is: for the people store, never for facts."""

    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    gender: str = ""
    birth_date: str = ""
    deceased_date_time: str = ""
    deceased_boolean: bool | None = None
    link: tuple[PatientLink, ...] = ()


class DiagnosticReport(Resource, frozen=True, gc=False, tag=True):
    """A report; its results may travel inside it."""

    effective_date_time: str = ""


class Entry(Struct, frozen=True, gc=False, rename="camel"):
    """One entry of a Bundle, its resource still as text."""

    full_url: str = ""
    resource: Raw = Raw()
    request: Raw = Raw()


class Bundle(Resource, frozen=True, gc=False, tag=True):
    """A Bundle within a Bundle."""

    entry: tuple[Entry, ...] = ()


class Outer(Struct, frozen=True, gc=False, rename="camel"):
    """The outside of a document: its type and, of a Bundle, the entries."""

    resource_type: str = ""
    meta: Raw = Raw()
    entry: tuple[Entry, ...] = ()


class Head(Struct, frozen=True, gc=False, rename="camel"):
    """The type and id of a resource, whatever else it holds."""

    resource_type: str = ""
    id: str = ""


AnyResource = (
    Observation
    | MedicationAdministration
    | Medication
    | Procedure
    | Condition
    | ServiceRequest
    | Encounter
    | Device
    | DeviceUseStatement
    | Patient
    | DiagnosticReport
    | Bundle
)


class Opened(Struct, frozen=True, gc=False, rename="camel"):
    """One entry of a Bundle of which every resource is of a type that is used: decoded in one pass."""

    resource: AnyResource
    full_url: str = ""


class OpenedBundle(Struct, frozen=True, gc=False, tag_field="resourceType", tag="Bundle"):
    """The usual Bundle: nothing in it but resources that are used and well-formed."""

    entry: tuple[Opened, ...] = ()
    meta: Raw = Raw()
