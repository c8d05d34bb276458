"""The forms of life after: visit, check, vaccine, late effect, restriction, choice, whom to call, support."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from cartway.aftercare.care import aftercare
from cartway.aftercare.model import Aftercare, Item, Status
from cartway.aftercare.plan.contacts import telephone
from cartway.aftercare.questions import load_questions
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Drawn, Field, Option, plain
from cartway.web.forms.sending import Form
from cartway.web.forms.sheet import Sheet

COURSE = "/courses/{course:str}"
BACK, PLAN = f"{COURSE}/aftercare", f"{COURSE}/care-plan"
NOTE = Field("detail.text", "Note", kind="note")
WHY = Field("detail.text", "Why", kind="note", needed=True)
WHO: tuple[Option, ...] = (("patient", "The patient", ""), ("caregiver", "The caregiver", ""))
ASKED = ("option", "choice")
PARTED = ":"  # between the question and its option in one field


def _after(chart: Chart) -> Aftercare:
    """What follows, for the names that a form offers; which policies are set makes no difference to those."""
    return aftercare(Course(chart.facts, chart.now), Course([], chart.now), country="US", zone=chart.zone)


def time_points(chart: Chart) -> list[Option]:
    """The visits of the calendar that are not done, the nearest first."""
    return [(each.time_point, each.what, f"{each.on:%b} {each.on.day}, {each.on.year}")
            for each in _after(chart).calendar if each.status is not Status.done]  # fmt: skip


def tasks(chart: Chart) -> list[Option]:
    """What is asked of a visit, again and again, or looked for, by its key; what is due first."""
    after = _after(chart)
    every = (*(task for visit in after.calendar for task in visit.tasks), *after.repeated, *after.late_effects)
    return _by_key(sorted(every, key=lambda each: each.status not in (Status.due, Status.overdue)))


def restrictions(chart: Chart) -> list[Option]:
    """The restrictions of the course."""
    return _by_key(_after(chart).restrictions)


def choices(chart: Chart) -> list[Option]:
    """Every option of every question, as ``question:option``."""
    return [
        (f"{question.key}{PARTED}{option.key}", option.words, question.words)
        for question in _after(chart).questions
        for option in question.options
    ]


def _by_key(items: Iterable[Item]) -> list[Option]:
    return list(
        {
            each.key.rpartition(".")[2]: (each.key.rpartition(".")[2], each.what, "") for each in reversed(list(items))
        }.values()
    )[::-1]


def _vaccines(_: Chart) -> list[Option]:
    return [(name, choice.label, "") for name, choice in vocabulary().variables["vaccination"].choices.items()]


def _having(field: str) -> Callable[[Chart, str], Entries]:
    """A fresh form with the field that its link names filled in."""
    return lambda _, change: Entries({field: (change,)} if change else {})


def _dialable(fact: Fact, _: Chart) -> Draft:
    """A number that a telephone can dial, without words: it stands in the code of a card. Problem: ``no_telephone``."""
    typed = str(fact.detail.get("telephone", "")).strip()
    if typed and telephone(typed) == typed:
        return Draft()
    problem = Problem("no_telephone", "This is no number to dial.", "Type it with its area code: +1 555 010 0123.")
    return flawed("telephone", problem)


def every_choice(_: Chart) -> list[Option]:
    """Every option of every question that a center may answer for all, as ``question:option``."""
    return [
        (f"{key}{PARTED}{option.key}", option.words, asked.words)
        for key, asked in load_questions().items()
        for option in asked.options
    ]


def _chosen(form: Form, apart: Callable[[Fact], Fact]) -> Form:
    """The form of a choice: one field says the question and its option, the fact says them apart."""

    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        draft = form.read(entries, chart, at)
        return msgspec.structs.replace(draft, facts=tuple(map(apart, draft.facts)))

    def extras(chart: Chart, sheet: Sheet) -> Mapping[str, object]:
        return {**form.extras(chart, sheet), "drawn": drawn(form.extras(chart, sheet)["drawn"], sheet)}

    def drawn(fields: Any, sheet: Sheet) -> list[Drawn]:
        return [_of_question(field, sheet.typed(field.name)) if field.name in ASKED else field for field in fields]

    return msgspec.structs.replace(form, read=read, extras=extras)


def _of_question(field: Drawn, typed: str) -> Drawn:
    """The answers of the one question that the link names, as tiles; of all where it names none."""
    question = typed.partition(PARTED)[0]
    options = tuple(option for option in field.options if question and option[0].startswith(question + PARTED))
    if not options:
        return field
    tiles = tuple((value, words, "") for value, words, _ in options)
    return msgspec.structs.replace(field, label=options[0][2], options=tiles, many=False)


def _apart(fact: Fact) -> Fact:
    question, _, option = str(fact.detail.get("option", "")).partition(PARTED)
    return msgspec.structs.replace(fact, about=question, choice="chosen", detail={**fact.detail, "option": option})


def _policy(fact: Fact) -> Fact:
    question, _, option = str(fact.detail.get("choice", "")).partition(PARTED)
    name = f"aftercare_{question}"
    return msgspec.structs.replace(
        fact, about=name, choice="set", detail={**fact.detail, "policy": name, "choice": option}
    )


def _effect(fact: Fact, _: Chart) -> Draft:
    """A cancer that is told to the manufacturer keeps its sample. Problem: ``grade_out_of_range``."""
    grade = fact.detail.get("grade")
    if grade is None or grade in range(1, 6):
        return Draft()
    return flawed(
        "grade", Problem("grade_out_of_range", "CTCAE grades go from 1 to 5.", "Type a whole number, 1 to 5.")
    )


VISIT = plain(
    "chart a follow-up visit", f"{COURSE}/follow-up-visit", Act.follow_up, "Follow-up visit", "follow_up_visit",
    [Field("choice", "How", needed=True),
     Field("detail.time_point", "Which of the calendar", options=time_points), NOTE],
    back=BACK, fill=_having("time_point"),
    intro="What was measured is charted as what it is; this says that the visit took place.",
)  # fmt: skip
DONE = plain(
    "chart a follow-up check", f"{COURSE}/follow-up-done", Act.follow_up, "A check of the follow-up", "follow_up_done",
    [Field("about", "Which", needed=True, options=tasks), Field("choice", "What of it", needed=True),
     Field("detail.result", "What was found"), NOTE],
    back=BACK, fill=_having("about"),
)  # fmt: skip
VACCINATION = plain(
    "chart a vaccination", f"{COURSE}/vaccination", Act.follow_up, "Vaccination", "vaccination",
    [Field("choice", "Vaccine", needed=True), Field("detail.dose", "Which dose of the series"), Field("detail.brand"),
     Field("detail.lot"), NOTE],
    back=BACK, fill=_having("choice"), intro="This records what was given. Whether it is allowed stands on the page.",
)  # fmt: skip
TITER = plain(
    "chart antibodies after a vaccine", f"{COURSE}/vaccine-titer", Act.follow_up, "Antibodies after a vaccine",
    "vaccine_titer",
    [Field("about", "Vaccine", needed=True, options=_vaccines), Field("choice", "Antibodies", needed=True)],
    back=BACK, fill=_having("about"),
)  # fmt: skip
EFFECT = plain(
    "chart a late effect", f"{COURSE}/late-effect", Act.follow_up, "Late effect", "late_effect",
    [Field("choice", "Which", needed=True), Field("detail.grade", "CTCAE grade"),
     Field("detail.reported", "Told to", hint="Manufacturer, regulator, registry"),
     Field("detail.sample_kept", "Tumor and blood kept for the transgene test"),
     Field("detail.resolved", "It is over"), NOTE],
    back=BACK, check=_effect, fill=_having("choice"),
    intro="A T-cell cancer is told to the manufacturer, and tissue and blood are kept.",
)  # fmt: skip
RESTRICTION = plain(
    "set a restriction", f"{COURSE}/restriction", Act.follow_up, "Restriction", "restriction",
    [Field("about", "Which", needed=True, options=restrictions), Field("choice", "What", needed=True),
     Field("until", "Until", hint="2026-02-26 09:00; empty where it is lifted, or nobody can say yet"), WHY],
    back=BACK, fill=_having("about"),
)  # fmt: skip
CHOICE = _chosen(plain(
    "choose between sources", f"{COURSE}/aftercare-choice", Act.decide, "Which advice the team follows",
    "aftercare_choice",
    [Field("detail.option", "Question and answer", kind="choice", needed=True, options=choices),
     Field("detail.text", "Why", kind="note")],
    back=BACK, fill=_having("option"), intro="Sources differ here. Your choice is a fact of this course.",
), _apart)  # fmt: skip
SUPPORT = plain(
    "chart support", f"{COURSE}/support-contact", Act.follow_up, "Support", "support_contact",
    [Field("about", "Whom", needed=True, options=lambda _: WHO), Field("choice", "What", needed=True),
     Field("detail.text", "What was agreed", kind="note")],
    back=BACK, fill=_having("about"), intro="The answer to a check-in above the center's cut-off.",
)  # fmt: skip
_CONTACT = [
    Field("choice", "Who it is", needed=True), Field("detail.telephone", "Number", needed=True),
    Field("detail.name", "Name of the person or service"), Field("detail.hours", "When they answer"), NOTE,
]  # fmt: skip
CONTACT = plain(
    "enter a contact of a course", f"{COURSE}/care-contact", Act.follow_up, "Whom this patient can call",
    "care_contact", _CONTACT, back=PLAN, check=_dialable,
    intro="A service's number, nobody's private one. It goes before the center's.",
)  # fmt: skip
GIVEN = plain(
    "record that a plan was given", f"{COURSE}/care-plan-given", Act.follow_up, "Plan given", "care_plan_given",
    [Field("choice", "What, to whom", needed=True),
     Field("detail.language", "Language", options=lambda _: (("en", "English", ""), ("es", "Spanish", ""))),
     Field("detail.edition", "Edition", hint="Stands on the last page"), NOTE],
    back=PLAN, fill=_having("edition"),
)  # fmt: skip
CENTER_CONTACT = plain(
    "enter a contact of the center", "/care-contacts", Act.follow_up, "Whom patients can call", "care_contact",
    _CONTACT, back="/aftercare", check=_dialable, founds=True,
    intro="Stands on every plan and card of the center. The 24-hour line must be answered at any hour.",
)  # fmt: skip

CENTER_CHOICE = _chosen(plain(
    "choose between sources for the center", "/aftercare-choices", Act.decide, "Which advice the center follows",
    "center_policy",
    [Field("detail.choice", "Question and answer", kind="choice", needed=True, options=every_choice),
     Field("detail.text", "Why", kind="note")],
    back="/aftercare", fill=_having("choice"), founds=True,
    intro="For every course whose team has not chosen otherwise. Your choice is a fact of the center's record.",
), _policy)  # fmt: skip

FORMS: tuple[Form, ...] = (
    VISIT, DONE, VACCINATION, TITER, EFFECT, RESTRICTION, CHOICE, SUPPORT, CONTACT, GIVEN,
)  # fmt: skip
CENTER_FORMS: tuple[Form, ...] = (CENTER_CONTACT, CENTER_CHOICE)
