"""The forms of a course's road: each makes one fact of it, and goes back to the road."""

from __future__ import annotations

from collections.abc import Sequence

from cartway.pathway.closing import closed
from cartway.pathway.course import Course
from cartway.pathway.products import products
from cartway.pathway.programme.gates import KINDS
from cartway.pathway.stages import restart
from cartway.problem import Problem
from cartway.record import Fact
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.sending import Form

COURSE = "/courses/{course:str}"
BACK = f"{COURSE}/pathway"
OWNER = Field("detail.owner", "Who sees to it", hint="A sign-in name, or a role such as coordinator")
DUE = Field("detail.due", "By when", kind="day")
NOTE = Field("detail.text", "Note", kind="note")
REASON = Field("detail.text", "Why", kind="note", needed=True)
URGENCY: Sequence[Option] = (("routine", "Routine", ""), ("soon", "Soon", ""), ("urgent", "Urgent", ""))


def _course(chart: Chart) -> Course:
    return Course(chart.facts, chart.now)


def product_options(_: Chart) -> Sequence[Option]:
    """The products of which a label or a study is held."""
    known = vocabulary().variables["infusion"].choices
    return [(name, known[name].label, each.short) for name, each in sorted(products().items()) if name in known]


def closing_options(chart: Chart) -> Sequence[Option]:
    """How an open course may end; of a closed one, that it goes on."""
    choices = vocabulary().variables["course_closed"].choices
    is_closed = closed(_course(chart)) is not None
    names = [name for name in choices if (name == "reopened") == is_closed]
    return [(name, choices[name].label, "") for name in names]


def versioned(fact: Fact, _: Chart) -> Draft:
    """A consent is signed in a version. Problem: ``no_version``."""
    if fact.choice != "met" or fact.detail.get("version"):
        return Draft()
    return flawed(
        "version", Problem("no_version", "The version that was signed is missing.", "It stands on the paper.")
    )


def consented(fact: Fact, _: Chart) -> Sequence[Fact]:
    """A signed consent is also the course's own mark of it."""
    version = fact.detail.get("version")
    if fact.choice != "met" or not version:
        return ()
    return (Fact("", fact.at, "consent", detail={"version": version, "to": "treatment"}),)


def named(fact: Fact, _: Chart) -> Sequence[Fact]:
    """A caregiver named is also what the candidacy asks for."""
    return (Fact("", fact.at, "caregiver", choice="yes"),) if fact.choice == "met" else ()


def repeatable(fact: Fact, chart: Chart) -> Draft:
    """What can be collected or made again. Problems: ``nothing_collected``, ``already_infused``, ``course_ended``."""
    course = _course(chart)
    collected = [each for each in course.all("collection") if each.choice != "started"]
    if closed(course) is not None:
        return flawed("", Problem("course_ended", "This course has ended.", "Reopen it first."))
    again = restart(course)
    if [each for each in course.all("infusion") if again is None or each.at > again.at]:
        return flawed("", Problem("already_infused", "The cells were given.", "A further treatment is another course."))
    if not collected and fact.choice != "switch_product":
        reason = "No collection is recorded: there is nothing to do again."
        return flawed("choice", Problem("nothing_collected", reason, "Record the collection first."))
    return Draft()


def final(fact: Fact, _: Chart) -> Draft:
    """A death is asked about once more."""
    return doubted("choice", fact.choice or "death", "This ends the course. Is it the right patient?")


def gate_form(name: str) -> Form:
    """The form of a gate: how it stands, who sees to it, by when."""
    fields = [Field("choice", "How it stands", needed=True), OWNER, DUE, NOTE]
    if name == "payer":
        fields.insert(1, Field("detail.number", "Authorization number"))
    if name == "consent":
        fields.insert(1, Field("detail.version", "Version of the consent document"))
    if name == "lodging":  # met is what the travel time says
        fields[0] = Field("choice", "How it stands", needed=True, only=("open", "refused", "not_needed"))
    return plain(
        f"gate {name}",
        f"{COURSE}/gates/{name}",
        Act.coordinate,
        KINDS[name].label,
        "gate",
        fields,
        back=BACK,
        about=name,
        fixed={"gate": name},
        check=versioned if name == "consent" else None,
        also={"consent": consented, "caregiver": named}.get(name),
    )


def referral_fields() -> list[Field]:
    """What a referral says, beside who it is about."""
    return [
        Field("detail.from", "Who referred", needed=True),
        Field("detail.reason", "The question asked", kind="note"),
        Field("detail.urgency", "How soon", options=lambda _: URGENCY),
        Field("detail.owner", "Who follows it up here", hint="A sign-in name, or a role such as coordinator"),
        NOTE,
    ]


FORMS: tuple[Form, ...] = (
    *(gate_form(name) for name in KINDS),
    plain(
        "record referral", f"{COURSE}/record-referral", Act.coordinate, "Referral", "referral", referral_fields(),
        back=BACK,
    ),
    plain(
        "tumor board", f"{COURSE}/tumor-board", Act.decide, "Tumor board's decision", "tumor_board",
        [Field("choice", "Decision", needed=True), Field("detail.product", "Product", options=product_options), NOTE],
        back=BACK,
    ),
    plain(
        "choose product", f"{COURSE}/choose-product", Act.decide, "Product", "product_chosen",
        [Field("choice", "Product", needed=True, options=product_options), NOTE],
        back=BACK,
    ),
    plain(
        "order", f"{COURSE}/order", Act.coordinate, "Order of the product", "product_order",
        [Field("choice", "How it stands", needed=True), Field("detail.order", "Order number"), NOTE],
        back=BACK,
    ),
    plain(
        "slot", f"{COURSE}/slot", Act.coordinate, "Manufacturing slot", "manufacturing_slot",
        [
            Field("choice", "How it stands", needed=True),
            Field("about", "Slot", needed=True, hint="The holder's number of it"),
            Field("detail.product", "Product", options=product_options),
            Field("detail.collection_day", "Day of collection", kind="day"),
            Field("detail.start_day", "Start of manufacture", kind="day"),
            Field("detail.delivery_day", "Earliest delivery", kind="day"),
            Field("detail.hold_expires", "Held until", kind="day"),
            NOTE,
        ],
        back=BACK,
    ),
    plain(
        "disease pace", f"{COURSE}/pace", Act.assess, "Pace of the disease", "disease_pace",
        [Field("choice", "How fast it moves", needed=True), NOTE],
        back=BACK,
    ),
    plain(
        "bridging", f"{COURSE}/bridging", Act.coordinate, "Bridging therapy", "bridging_therapy",
        [
            Field("choice", "Which", needed=True),
            Field("detail.regimen", "The regimen"),
            Field("detail.classes", "Drug classes in it"),
            Field("until", "Last dose"),
            NOTE,
        ],
        back=BACK, intro="None is a decision too: record it.",
    ),
    plain(
        "restaging", f"{COURSE}/restaging", Act.assess, "Restaging", "restaging",
        [Field("choice", "Result", needed=True), Field("detail.method", "How"), NOTE],
        back=BACK, intro="Progression marks the course as fast until somebody judges its pace anew.",
    ),
    plain(
        "lodging", f"{COURSE}/lodging", Act.coordinate, "Where they stay after the infusion", "travel_time",
        [
            Field("value", "Travel time to the center", needed=True),
            Field("detail.lodging", "Where", hint="Home, family, a hotel: no address"),
            Field("detail.country", "Country", hint="US, EU, UK, CN or IN"),
        ],
        back=BACK,
    ),
    plain(
        "repeat", f"{COURSE}/repeat", Act.decide, "Collect or make again", "apheresis_request",
        [Field("choice", "What follows", needed=True), REASON],
        back=BACK, check=repeatable,
        intro="The chain of identity stays the same; a new collection is a further donation of it.",
    ),
    plain(
        "close", f"{COURSE}/close", Act.decide, "End or reopen the course", "course_closed",
        [Field("choice", "How it ends, or goes on", needed=True, options=closing_options), REASON],
        back=BACK,
    ),
    plain(
        "record death", f"{COURSE}/record-death", Act.decide, "Death", "death",
        [Field("choice", "Cause"), NOTE],
        back=BACK, check=final,
    ),
)  # fmt: skip

CONSENT_VERSION = plain(
    "consent version", "/programme/consent-version", Act.coordinate, "Version of the consent in force", "gate",
    [
        Field("choice", "State", needed=True, options=lambda _: [("met", "In force from now on", "")]),
        Field("detail.version", "Version", needed=True),
        NOTE,
    ],
    back="/programme", about="consent", fixed={"gate": "consent"}, founds=True,
    intro="A course whose cells are not collected yet is asked to sign the version in force.",
)  # fmt: skip
