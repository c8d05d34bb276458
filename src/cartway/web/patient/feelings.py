"""How somebody feels: a number from 0 to 10, what it comes from, their own words. Not a test, and no diagnosis.

The one number and its problem list follow the distress thermometer of NCCN's distress management; what it comes from is
in Cartway's own words. Thoughts of self-harm, ticked or in words, lead to the emergency screen whatever else was said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.watch.triage import speaks_of_self_harm
from cartway.words.catalog import N_

HARM = "self_harm"
LONGEST = 2000  # characters
SCORES = tuple(map(str, range(11)))
PROBLEMS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "practical": (N_("Everyday life"), {
        "money": N_("Money or insurance"), "work": N_("Work or school"), "home": N_("Where to live or stay"),
        "travel": N_("Getting to visits"), "children": N_("Care for children or others"), "food": N_("Food and meals"),
    }),
    "family": (N_("Family and friends"), {
        "partner": N_("My partner"), "family": N_("My children or family"), "alone": N_("Feeling alone"),
        "fertility": N_("Having children later"), "burden": N_("Being a burden"),
    }),
    "emotional": (N_("Feelings"), {
        "worry": N_("Worry or fear"), "sadness": N_("Sadness"), "anger": N_("Anger"),
        "numb": N_("Nothing is fun any more"),
        "coming_back": N_("Fear that it comes back"), "waiting": N_("The waiting"), "guilt": N_("Guilt"),
        HARM: N_("Thoughts of hurting myself, or of not wanting to live"),
    }),
    "physical": (N_("Body"), {
        "tired": N_("Being tired"), "sleep": N_("Sleep"), "pain": N_("Pain"), "memory": N_("Memory or finding words"),
        "eating": N_("Eating"), "looks": N_("How I look"), "closeness": N_("Sex and closeness"),
    }),
    "spiritual": (N_("Faith and meaning"), {
        "meaning": N_("What it all means"), "faith": N_("Faith or spiritual life"), "dying": N_("Thoughts about dying"),
    }),
}  # fmt: skip
NAMES = frozenset(name for _, each in PROBLEMS.values() for name in each)
About = Literal["patient", "caregiver"]


class Said(msgspec.Struct, frozen=True):
    """A check-in as it was sent. `score` is None where none was chosen. `about`: whose feelings; `by`: who tells."""

    about: About
    by: About
    score: int | None
    problems: tuple[str, ...] = ()
    text: str = ""

    @property
    def speaks_of_harm(self) -> bool:
        """Whether it was ticked, or stands in their own words. That it does not says nothing."""
        return HARM in self.problems or speaks_of_self_harm(self.text)


class Past(msgspec.Struct, frozen=True):
    """An earlier check-in, by its day and number."""

    at: Instant
    score: int


def read(about: str, by: About, score: str, problems: Sequence[str], text: str) -> Said:
    """What was sent. What nobody can choose is left out; a patient tells of themselves only."""
    whose: About = "caregiver" if by == "caregiver" and about != "patient" else "patient"
    number = SCORES.index(score) if score in SCORES else None
    told = "".join(each for each in text[: 2 * LONGEST] if each.isprintable() or each == "\n").strip()
    return Said(whose, by, number, tuple(each for each in problems if each in NAMES), told[:LONGEST])


def flaw(said: Said) -> Problem | None:
    """What is missing. Who speaks of self-harm is never held up by it."""
    if said.score is None and not said.speaks_of_harm:
        return NO_NUMBER
    return None


NO_NUMBER = Problem(
    "no_number", N_("No number is chosen yet."), N_("Tap the number that fits best today. Nothing was sent.")
)


def facts_of(said: Said, course: str, at: Instant, form: str) -> list[Fact]:
    """The facts that it makes, with the keys of its form: a post that comes twice states nothing twice."""
    found = []
    if said.score is not None:
        detail = {"by": said.by, "problems": list(said.problems), "text": said.text}
        found.append(
            _fact("distress_score", said, course, at, form, value=float(said.score), unit="{score}", detail=detail)
        )
    if said.speaks_of_harm:
        detail = {"by": said.by, "tier": "emergency", "text": said.text}
        found.append(_fact("reported_symptom", said, course, at, form, choice=HARM, detail=detail))
    return found


def _fact(what: str, said: Said, course: str, at: Instant, form: str, detail: Mapping[str, Any], **rest: Any) -> Fact:
    key, told = f"{form}:{what}", {name: each for name, each in detail.items() if each}
    return Fact(course, at, what, about=said.about, event=form, detail=told, source=said.by, key=key, **rest)


def earlier(course: Course, about: About) -> Sequence[Past]:
    """The check-ins so far, the newest first."""
    found = [
        Past(fact.at, int(fact.value)) for fact in course.all("distress_score", about=about) if fact.value is not None
    ]
    return found[::-1]
