"""Forms that enter cells: the chain of identity, a collection, a container as its label says."""

from __future__ import annotations

import msgspec

from cartway.pathway.chain import chain
from cartway.pathway.chain.checks import ANOTHER, NOT_READ, THIS
from cartway.pathway.chain.din import read_din
from cartway.pathway.chain.sec import read_sec
from cartway.pathway.chain.things import Things
from cartway.pathway.products import products
from cartway.problem import Problem
from cartway.record import Fact
from cartway.web.access import Act
from cartway.web.custody.shared import (
    BACK,
    DIGITS,
    course_in,
    filled,
    nothing,
    rewritten,
)
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.plain import Field, Option, plain


def _products(_: Chart) -> list[Option]:
    return [(name, each.title, "") for name, each in products().items()]


def _whose_name(_: Chart) -> list[Option]:
    return [(THIS, "This patient", ""), (ANOTHER, "Somebody else", ""), (NOT_READ, "Not read", "")]


def _label_read(fact: Fact, chart: Chart) -> Draft:
    """What its label said must be readable; a container with another label is asked about."""
    flaws = Draft()
    din, sec = str(fact.detail.get("din", "")), str(fact.detail.get("sec", ""))
    if din and isinstance(problem := read_din(din), Problem):
        flaws += doubted("din", din, f"{problem.reason} Does the label say just this?")
    if sec and isinstance(unread := read_sec(sec), Problem):
        flaws += flawed("sec", unread)
    if fact.about in Things(course_in(chart)).containers:
        flaws += doubted("about", fact.about, "This container is recorded already. Is this a new reading of its label?")
    return flaws


def _plainly(fact: Fact, _: Chart) -> Fact:
    """A donation number as its 13 characters, whatever a scanner typed around it."""
    din = read_din(str(fact.detail.get("din", "")))
    if isinstance(din, Problem):
        return fact
    return msgspec.structs.replace(fact, detail={**fact.detail, "din": din.number})


CONTAINER = rewritten(
    plain(
        "enter a container", "/courses/{course:str}/add-container", Act.handle_cells, "Container", "container",
        [
            Field("choice", "What it is", needed=True),
            Field("about", "Container's number", needed=True, hint="As printed on it. A scanner may type it."),
            Field("detail.coi", "Chain of identity identifier on it"),
            Field("detail.din", "Donation number on it", hint=DIGITS),
            Field("detail.batch", "Batch on it"),
            Field("detail.patient_matches", "Whose name is on it", options=_whose_name),
            Field("detail.product", "Product on it", options=_products),
            Field("detail.component", "Component", hint="CD8 or CD4, where the product has two"),
            Field("detail.part", "For which part of a split dose"),
            Field("detail.division", "Division"),
            Field("detail.parent", "Made of, or lies in"),
            Field("detail.volume_ml", "Volume, mL"),
            Field("detail.dose_million", "CAR-positive viable T cells, millions"),
            Field("detail.expires", "Expires", hint="2027-04-02, or 2027-04-02T14:30"),
            Field("detail.sec", "Single European Code"),
            Field("detail.color", "Color code"),
            Field("detail.custodian", "Who has it now"),
        ],
        back=BACK, check=_label_read, fill=filled(nothing),
        intro="Enter what its label says, as it says it. What is not on the label stays empty.",
    ),
    _plainly,
)  # fmt: skip


def _one_identity(fact: Fact, chart: Chart) -> Draft:
    known = chain(course_in(chart)).coi
    if known and known != fact.about:
        question = "This course has another already; a repeated collection keeps it. Was the product switched?"
        return doubted("about", fact.about, question)
    return Draft()


IDENTITY = rewritten(
    plain(
        "assign a chain of identity", "/courses/{course:str}/assign-identity", Act.handle_cells,
        "Assign identity", "chain_identity",
        [
            Field("about", "Chain of identity identifier", needed=True, hint="Before or at the first collection"),
            Field("detail.issuer", "Who assigned it"),
            Field("detail.holder_id", "The holder's own number"),
        ],
        back=BACK, check=_one_identity,
    ),
    lambda fact, _: msgspec.structs.replace(fact, detail={**fact.detail, "coi": fact.about}),
)  # fmt: skip


def _collected(fact: Fact, chart: Chart) -> Draft:
    """Its donation number must be readable; a collection before there is an identifier is asked about."""
    asked, din = Draft(), str(fact.detail.get("din", ""))
    if din and isinstance(problem := read_din(din), Problem):
        asked += doubted("din", din, f"{problem.reason} Does the label say just this?")
    if not chain(course_in(chart)).coi:
        question = "No chain of identity identifier was assigned yet; it belongs before the collection. Go on?"
        asked += doubted("choice", fact.choice, question)
    return asked


def _usual_collection(chart: Chart, _: str) -> dict[str, str]:
    """What a fresh form says: the identifier in force, the patient's own cells, the number it was begun with."""
    begun = course_in(chart).last("collection")
    going_on = begun is not None and begun.choice == "started"
    din = str(begun.detail.get("din", "")) if begun is not None and going_on else ""
    own = {"choice": "completed" if going_on else "started", "din": din, "donor": "self"}
    return {**own, "coi": chain(course_in(chart)).coi, "about": ""}


COLLECTION = rewritten(
    plain(
        "record a collection", "/courses/{course:str}/collect", Act.handle_cells, "Collection", "collection",
        [
            Field("choice", "What happened", needed=True),
            Field("detail.din", "Donation number", needed=True, hint=DIGITS),
            Field("detail.coi"),
            Field("detail.donor", "Whose cells", needed=True, hint="self, or the donor's code; never a name"),
            Field("detail.day_of_order", "Which collection day of the order"),
            Field("detail.inlet_ml"),
            Field("detail.volume_ml"),
            Field("detail.cd3_million"),
            Field("detail.viability_percent"),
            Field("detail.hematocrit_percent"),
            Field("detail.collector"),
            Field("detail.device"),
            Field("detail.kit_lot"),
            Field("detail.anticoagulant"),
            Field("detail.text_of_events", "Adverse events", kind="note"),
        ],
        back=BACK, check=_collected, fill=filled(_usual_collection),
        intro="Two people check wristband and donation number at the scan station before it begins.",
    ),
    _plainly,
)  # fmt: skip
