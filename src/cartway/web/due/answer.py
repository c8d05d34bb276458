"""The form that answers what is due otherwise than by doing it here: done elsewhere, not done, put off, and why."""

from __future__ import annotations

from collections.abc import Sequence

from cartway.problem import Problem
from cartway.record import Fact
from cartway.watch.due_schedule import load_schedules
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Field, Option, plain


def _tasks(_: Chart) -> Sequence[Option]:
    return [(name, task.label, "") for name, task in load_schedules().items()]


def _check(fact: Fact, _: Chart) -> Draft:
    """What is put off has a time. Problems: ``missing_until``, ``until_without_put_off``."""
    if fact.choice == "put_off" and fact.until is None:
        problem = Problem("missing_until", "It is not said until when this is put off.", "Fill in the time.")
        return flawed("until", problem)
    if fact.choice != "put_off" and fact.until is not None:
        remedy = "Choose 'Put off', or leave the time empty."
        return flawed("until", Problem("until_without_put_off", "A time belongs to what is put off.", remedy))
    return Draft()


def _fill(_: Chart, task: str) -> Entries:
    return Entries().having(about=task) if task in load_schedules() else Entries()


ANSWER = plain(
    "answer what is due",
    "/courses/{course:str}/due-answer",
    Act.answer,
    "Answer what is due",
    "due_answer",
    [
        Field("about", "What was due", needed=True, options=_tasks),
        Field("choice", "Answer", needed=True),
        Field("until", "Put off until", hint="Only for what is put off: 14:05, or 2026-01-10 14:05"),
        Field("detail.text", "Why", kind="note", needed=True, hint="For who comes next"),
    ],
    back="/courses/{course:str}/due",
    intro="What is charted answers by itself. Here is said what was done elsewhere, not done or put off, and why. It "
    "holds for one interval at most; a grade that rises asks anew.",
    check=_check,
    fill=_fill,
)
