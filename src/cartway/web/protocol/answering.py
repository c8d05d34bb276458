"""The team's answer to a step: accepted or declined, with what the protocol said then.

What it said is worked out anew when the answer comes in. If that is no more what the page showed, it is asked about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.watch.protocol import Advice, Step
from cartway.watch.protocol.answers import WHAT
from cartway.web.access import Act
from cartway.web.forms.chart import Chart, noted, unknown_choice
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.sending import Form, answered, send, show
from cartway.web.forms.sheet import Sheet
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of
from cartway.web.protocol.gathered import gathered

PATH, PANEL = "/courses/{course:str}/protocol-answer", "/courses/{course:str}/protocol"
GONE = Problem(
    "no_such_step", "The protocol does not name this step now.", "Go back to the panel and look at what it says now."
)
NO_REASON = Problem("missing_entry", "Why it is declined is missing.", "Say it in a few words.")
NO_ANSWER = Problem("missing_entry", "Whether it is followed is missing.", "Choose one.")


def answer_form(office: Office) -> Form:
    """The form as this office reads it."""

    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        advice = _advice(office, chart)
        step = advice.step(entries["step"])
        return flawed("", GONE) if step is None else _read(entries, step, advice, at)

    def extras(chart: Chart, sheet: Sheet) -> Mapping[str, object]:
        advice = _advice(office, chart)
        step = advice.step(sheet.typed("step"))
        return {"advice": advice, "step": step, "digest": "" if step is None else digest(step), "answers": _options()}

    def fill(_: Chart, change: str) -> Entries:
        return Entries().having(step=change[:120]) if change else Entries()

    title = "Answer to the protocol"
    return Form(
        "answer the protocol", PATH, Act.answer, title, "protocol/answer.html", read, extras, fill=fill, back=PANEL
    )


def _advice(office: Office, chart: Chart) -> Advice:
    return gathered(office, chart.facts, chart.now).advice


def _read(entries: Entries, step: Step, advice: Advice, at: Instant) -> Draft:
    note, flaws = noted(entries, "text")
    choice = entries["choice"]
    if not choice:
        flaws += flawed("choice", NO_ANSWER)
    elif choice not in vocabulary().variables[WHAT].choices:
        flaws += flawed("choice", unknown_choice("The answer"))
    if choice == "declined" and not note and not flaws.flaws:
        flaws += flawed("text", NO_REASON)
    return flaws if flaws.flaws else Draft((_fact(step, advice, choice, note, at),)) + _changed(entries, step)


def _fact(step: Step, advice: Advice, choice: str, note: str, at: Instant) -> Fact:
    plan = advice.protocol
    whose = step.source.text if plan is None else f"{plan.title}, {plan.edition}"
    detail = {"step": step.id, "protocol": whose, "grade": step.grade, "said": step.said}
    return Fact("", at, WHAT, choice=choice, about=step.id, detail={**detail, **({"text": note} if note else {})})


def _changed(entries: Entries, step: Step) -> Draft:
    """What the page showed is not what is said now: somebody must have read what they answer."""
    if entries["shown"] == digest(step):
        return Draft()
    question = f"What the protocol says of this changed since the page was opened. Now: {step.said} Answer that?"
    return doubted("choice", digest(step), question)


def digest(step: Step) -> str:
    """What was shown of a step, in short: its grade and words, its episode and the doses given in it."""
    given = ",".join(str(fact.at) for fact in step.doses_given)
    return hashlib.sha256(f"{step.grade}\n{step.said}\n{step.since}\n{given}".encode()).hexdigest()[:16]


def _options() -> list[tuple[str, str, str]]:
    choices = vocabulary().variables[WHAT].choices
    return [(name, each.label, "") for name, each in choices.items()]


@get(PATH, opt=needs(Act.answer), name="answer the protocol")
async def answer_shown(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """The form for one step (``?change=`` its id)."""
    return await to_thread.run_sync(lambda: show(answer_form(office_of(request)), request, course))


@post(PATH, opt=needs(Act.answer), name="answer the protocol, sent", status_code=200)
async def answer_sent(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """Where it is sent."""
    entries, form = read_body(await request.body()), answer_form(office_of(request))
    return answered(request, await to_thread.run_sync(lambda: send(form, request, course, entries)))


ROUTES = (answer_shown, answer_sent)
