"""The forms of manufacture and release: batch, steps, tests, disposition, out-of-specification path, certificate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath

from cartway.pathway.conditioning import Case
from cartway.pathway.course import Course
from cartway.pathway.manufacture import TESTS, batches
from cartway.pathway.products import products
from cartway.problem import Problem
from cartway.record import Fact
from cartway.web.access import Act
from cartway.web.forms.chart import Chart, chart_of
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.sending import Form, answered, send, show
from cartway.web.forms.signing import Signs
from cartway.web.guard.gate import needs
from cartway.web.infusion.surroundings import Cases, as_it_is, asking
from cartway.web.page import WebRequest, office_of

BACK = "/courses/{course:str}/manufacture"
STEP_WORDS = {
    "holder": "The holder agrees to supply it",
    "authority": "The authority: protocol in place, or informed",
    "board": "The review board or panel agrees",
    "request": "The physician asked for it",
    "risk": "The holder assessed the risk",
    "consent": "The patient consented anew",
}


def _named(chart: Chart) -> list[Option]:
    """The batches of a course, the newest first."""
    course = Course(chart.facts, chart.now)
    about = [name for what in ("batch", "manufacture_step", "disposition") for name in course.abouts(what)]
    on_labels = [str(fact.detail.get("batch", "")) for fact in course.all("container")]
    return [(name, name, "") for name in reversed(list(dict.fromkeys([*about, *on_labels]))) if name]


def _bags(chart: Chart) -> list[Option]:
    made = Course(chart.facts, chart.now).all("container")
    return [(fact.about, fact.about, "") for fact in made if fact.choice in ("product_bag", "vial")]


def _tests(_: Chart) -> list[Option]:
    return [(name, words, "") for name, words in TESTS.items()]


def _products(_: Chart) -> list[Option]:
    return [(name, each.title, "") for name, each in products().items()]


def _steps(_: Chart) -> list[Option]:
    return [(name, words, "") for name, words in STEP_WORDS.items()]


def _names(_: Chart) -> list[Option]:
    return [("this course", "This patient", ""), ("another", "Somebody else", ""), ("not read", "Not read", "")]


def _fill(chart: Chart, change: str) -> Entries:
    """The batch of the address, else the only one there is."""
    named = _named(chart)
    batch = change or (named[0][0] if len(named) == 1 else "")
    return Entries({"about": (batch,)} if batch else {})


def _new(fact: Fact, chart: Chart) -> Draft:
    if fact.about in {name for name, _, _ in _named(chart)}:
        return doubted("about", fact.about, "This batch is recorded already. Is this a correction of what it says?")
    return Draft()


BATCH = plain(
    "enter a batch", "/courses/{course:str}/add-batch", Act.release, "Batch", "batch",
    [
        Field("about", "Batch or lot", needed=True, hint="As the holder names it. A scanner may type it."),
        Field("detail.product", "Product", needed=True, options=_products),
        Field("detail.coi", "Chain of identity identifier"),
        Field("detail.dins", "Donations it is made of"),
        Field("detail.remanufacture_of", "The batch it replaces", options=_named),
    ],
    back=BACK, check=_new,
)  # fmt: skip
STEP = plain(
    "chart a step of manufacture", "/courses/{course:str}/manufacture-step", Act.release, "Step of manufacture",
    "manufacture_step",
    [
        Field("about", "Batch", needed=True, options=_named),
        Field("choice", "Which", needed=True),
        Field("detail.text", kind="note"),
    ],
    back=BACK, fill=_fill,
)  # fmt: skip
TEST = plain(
    "enter a release test", "/courses/{course:str}/release-test", Act.release, "Release test", "release_test",
    [
        Field("about", "Batch", needed=True, options=_named),
        Field("detail.test", "Which test", needed=True, options=_tests),
        Field("choice", "Result", needed=True),
        Field("detail.value", "Result as a number"),
        Field("detail.unit", "Its unit", hint="As in the specification"),
        Field("detail.lowest", "Specification, lowest"),
        Field("detail.highest", "Specification, highest"),
        Field("detail.specification", "Specification and its version", hint="As the certificate of analysis names it"),
        Field("detail.after_release", "It came after the release"),
    ],
    back=BACK, fill=_fill,
)  # fmt: skip


STOPPED = ("failed", "recalled")


def stopped(chart: Chart, batch: str) -> bool:
    """Whether the holder said that a batch failed or is called back, and has not since cleared that by reference.

    In the order in which it was recorded: a letter that is dated earlier and comes later still stops.
    """
    standing = False
    for fact in chart.facts:
        if fact.about == batch and fact.what in ("disposition", "manufacture_step") and fact.choice in STOPPED:
            standing = True
        elif fact.about == batch and fact.choice == "lifted" and fact.detail.get("holder_reference"):
            standing = False
    return standing


def _stated(fact: Fact, chart: Chart) -> Draft:
    """What is out of specification says what; what is pending says what is to come; what was stopped says who cleared
    it.
    """
    if fact.choice not in STOPPED and stopped(chart, fact.about) and not fact.detail.get("holder_reference"):
        reason = "This batch failed or was called back; only the holder can clear it."
        remedy = "Ask the holder, and enter the reference of the answer; two people sign."
        return flawed("holder_reference", Problem("not_cleared", reason, remedy))
    if fact.choice == "out_of_specification" and not fact.detail.get("reasons"):
        wanted = Problem("missing_reason", "What is out of specification is missing.", "Name the tests.")
        return flawed("reasons", wanted)
    if fact.choice == "released_pending" and not fact.detail.get("pending"):
        return flawed("pending", Problem("missing_reason", "What is still to come is missing.", "Name the tests."))
    return Draft()


def _cleared(fact: Fact, chart: Chart) -> Sequence[Fact]:
    """What the holder cleared is cleared as anything that was set aside is: by reference."""
    if fact.choice in STOPPED or not stopped(chart, fact.about):
        return ()
    detail = {"holder_reference": fact.detail.get("holder_reference"), "holder_called": True}
    return [Fact("", fact.at, "quarantine", choice="lifted", about=fact.about, detail=detail)]


DISPOSITION = plain(
    "record a disposition", "/courses/{course:str}/disposition", Act.release, "Disposition of the batch", "disposition",
    [
        Field("about", "Batch", needed=True, options=_named),
        Field("choice", "The holder says", needed=True),
        Field("detail.specification", "Specification and its version"),
        Field("detail.reasons", "What is out of specification", hint="Several with commas: viability, dose"),
        Field("detail.pending", "Results that come after", hint="Several with commas: sterility, mycoplasma"),
        Field("detail.pathway", "Out of specification: by which way"),
        Field("detail.holder_reference", "The holder's reference", hint="That clears a failure or recall"),
        Field("detail.text", kind="note"),
    ],
    back=BACK, check=_stated, also=_cleared, fill=_fill, signs=Signs("recorded as the holder stated it"),
)  # fmt: skip
BY_TWO = Signs("recorded as the holder stated it", "verified", frozenset({Act.release, Act.decide}))


def _signed(entries: Entries, chart: Chart) -> Form:
    """The disposition as it is to be signed: by two people where it clears what failed or was called back."""
    clears = entries["choice"] not in STOPPED and stopped(chart, entries["about"])
    return msgspec.structs.replace(DISPOSITION, signs=BY_TWO) if clears else DISPOSITION


@get(DISPOSITION.path, opt=needs(Act.release), name=DISPOSITION.name)
async def disposition_page(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """The form."""
    return await to_thread.run_sync(lambda: show(DISPOSITION, request, course))


@post(DISPOSITION.path, opt=needs(Act.release), name=f"{DISPOSITION.name}, sent", status_code=200)
async def disposition_sent(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """What the holder says of a batch."""
    entries, office = read_body(await request.body()), office_of(request)

    def taken() -> Response[Any]:
        chart = chart_of(course, office.log.facts(course), office.now(), office.zone, office.rules)
        return send(_signed(entries, chart), request, course, entries)

    return answered(request, await to_thread.run_sync(taken))


CERTIFICATE = plain(
    "read a release certificate", "/courses/{course:str}/certificate", Act.release, "Release for infusion certificate",
    "release_certificate",
    [
        Field("about", "Batch on it", needed=True, options=_named),
        Field("detail.number", "Certificate number", needed=True),
        Field("detail.patient_matches", "Whose name it bears", needed=True, options=_names),
        Field("detail.coi", "Chain of identity identifier on it"),
        Field("detail.bags", "Containers on it"),
        Field("detail.dose_million", "Dose in all, millions"),
        Field("detail.volume_ml", "Volume, mL"),
        Field("detail.expires", "Expires", hint="2027-04-02, or 2027-04-02T14:30"),
    ],
    back=BACK, fill=_fill, signs=Signs("read"),
)  # fmt: skip


def _with_batch(form: Form) -> Form:
    """The certificate names its batch also in its detail, as the chain of identity reads it."""

    def read(entries: Entries, chart: Chart, at: int) -> Draft:
        draft = form.read(entries, chart, at)
        facts = [msgspec.structs.replace(each, detail={**each.detail, "batch": each.about}) for each in draft.facts]
        return msgspec.structs.replace(draft, facts=tuple(facts))

    return msgspec.structs.replace(form, read=read)


def out_of_specification(cases: Cases) -> Form:
    """A step of the path to give a batch that is out of specification. Only where there is one that is."""

    def asks(fact: Fact, case: Case) -> Draft:
        found = next((b for b in batches(case.course, case.center, case.jurisdiction) if b.id == fact.about), None)
        steps = {step.step for step in found.disposition.path} if found is not None else set()
        if not steps:
            reason = "This batch is not out of specification, or no path is known for it here."
            return flawed("about", Problem("no_path", reason, "Record the holder's disposition first."))
        if fact.detail.get("step") not in steps:
            reason = f"In {case.jurisdiction} this is no step of the path."
            return flawed("step", Problem("no_such_step", reason, "Choose one of those on the manufacture page."))
        return Draft()

    form = plain(
        "record a step out of specification", "/courses/{course:str}/out-of-specification", Act.decide,
        "Out of specification: a step of the path", "out_of_specification_consent",
        [
            Field("about", "Batch", needed=True, options=_named),
            Field("detail.step", "Which step", needed=True, options=_steps),
            Field("choice", "Answer", needed=True),
            Field("detail.version", "Version of the consent document"),
            Field("detail.text", kind="note"),
        ],
        back=BACK, fill=_fill, signs=Signs("approved"),
    )  # fmt: skip
    return asking(form, cases, asks, as_it_is)


SPECIFICATION = plain(
    "state a release specification", "/release-specification", Act.release, "Release specification in force",
    "release_specification",
    [
        Field("about", "Product", needed=True, options=_products),
        Field("detail.specification", "Specification and its version", needed=True),
        Field("detail.test", "Which test", needed=True, options=_tests),
        Field("detail.lowest"),
        Field("detail.highest"),
        Field("detail.unit"),
        Field("detail.after_release", "Its result may come after the release"),
    ],
    back="/programme", founds=True,
    intro="One test of the specification at a time. It counts from the time given below.",
)  # fmt: skip
CERTIFICATE = _with_batch(CERTIFICATE)
FORMS = (BATCH, STEP, TEST, CERTIFICATE)
ROUTES = (disposition_page, disposition_sent)
