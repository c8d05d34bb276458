"""Small forms of what must be known before: measures, findings of the day, what stands ready, tocilizumab counted."""

from __future__ import annotations

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, doubted
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Field, plain
from cartway.web.forms.sending import Form

CONDITIONING, DAY = "/courses/{course:str}/conditioning", "/courses/{course:str}/infusion-day"
JUMP = 0.1  # of the last one: further off is asked about; whether a dose follows is for the policies


def _jump(fact: Fact, chart: Chart) -> Draft:
    """A measure far from the last one is asked about before it is recorded."""
    last = Course(chart.facts, chart.now).last(fact.what)
    if last is None or not last.value or fact.value is None or abs(fact.value - last.value) <= JUMP * last.value:
        return Draft()
    question = f"It was {last.value:g} {last.unit} before. Is {fact.value:g} right?"
    return doubted("value", f"{fact.value:g}", question)


def _measure(what: str, path: str, words: str) -> Form:
    return plain(
        f"measure {words.lower()}", f"/courses/{{course:str}}/{path}", Act.infuse, words, what,
        [Field("value", words, needed=True)],
        back=CONDITIONING, check=_jump,
    )  # fmt: skip


WEIGHT = _measure("body_weight", "weigh", "Body weight")
HEIGHT = _measure("body_height", "height", "Body height")
CREATININE = plain(
    "enter creatinine", "/courses/{course:str}/creatinine", Act.infuse, "Creatinine", "creatinine",
    [Field("value", "Creatinine", needed=True)],
    back=CONDITIONING,
)  # fmt: skip
CLEARANCE = plain(
    "enter creatinine clearance", "/courses/{course:str}/clearance", Act.infuse, "Measured creatinine clearance",
    "creatinine_clearance",
    [Field("value", "Clearance", needed=True), Field("detail.method", "How it was measured")],
    back=CONDITIONING,
)  # fmt: skip
MARROW = plain(
    "enter marrow blasts", "/courses/{course:str}/marrow", Act.assess, "Blasts in the marrow", "marrow_blasts",
    [
        Field("value", "Blasts"),
        Field("detail.not_evaluable", "It could not be evaluated"),
        Field("detail.method"),
    ],
    back=CONDITIONING, intro="The time below is that of the sample, not of its result.",
)  # fmt: skip
INFECTION = plain(
    "say whether there is an infection", "/courses/{course:str}/infection", Act.assess, "Infection",
    "infection_status",
    [Field("choice", "Infection now", needed=True), Field("detail.site"), Field("detail.organism"),
     Field("detail.text", kind="note")],
    back=DAY,
)  # fmt: skip
TOXICITY = plain(
    "say whether a reaction is unresolved", "/courses/{course:str}/unresolved", Act.assess,
    "Serious reaction not yet resolved", "unresolved_toxicity",
    [Field("choice", "Lung, heart or low blood pressure", needed=True), Field("detail.organ"), Field("detail.grade"),
     Field("detail.text", kind="note")],
    back=DAY,
)  # fmt: skip
PREMEDICATION = plain(
    "chart premedication", "/courses/{course:str}/premedication", Act.infuse, "Premedication", "premedication",
    [Field("choice", "Premedication", needed=True), Field("detail.text", "What, and how much")],
    back=DAY,
)  # fmt: skip
EQUIPMENT = plain(
    "check the equipment", "/courses/{course:str}/equipment", Act.infuse, "Emergency medicines and equipment",
    "emergency_equipment",
    [Field("choice", "At the bedside", needed=True), Field("detail.text", kind="note")],
    back=DAY,
)  # fmt: skip


def _of_tocilizumab(form: Form) -> Form:
    """A count of tocilizumab names what was counted also in its detail."""

    def read(entries: Entries, chart: Chart, at: int) -> Draft:
        draft = form.read(entries, chart, at)
        facts = [
            msgspec.structs.replace(each, detail={**each.detail, "item": "tocilizumab doses"}) for each in draft.facts
        ]
        return msgspec.structs.replace(draft, facts=tuple(facts))

    return msgspec.structs.replace(form, read=read)


TOCILIZUMAB = _of_tocilizumab(
    plain(
        "count tocilizumab", "/tocilizumab", Act.handle_cells, "Tocilizumab on hand", "stock",
        [
            Field("value", "Doses", needed=True, hint="One dose is 8 mg/kg, at most 800 mg"),
            Field("detail.for_course", "Set aside for which course",
                  hint="Its number; empty: all that is on hand, counted now"),
        ],
        back="/programme", about="tocilizumab", founds=True,
    )
)  # fmt: skip
FORMS = (WEIGHT, HEIGHT, CREATININE, CLEARANCE, MARROW, INFECTION, TOXICITY, PREMEDICATION, EQUIPMENT)
