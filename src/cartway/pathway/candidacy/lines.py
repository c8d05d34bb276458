"""Lines of therapy as a label asks for them: how many were systemic, what was in them, what ended them and when.

Radiotherapy, surgery, antibiotics and steroids alone are no systemic line. What a line does not say stays not known.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import msgspec

from cartway.pathway.answer import Answer, any_of, is_so
from cartway.pathway.candidacy.classes import DrugClass, drug_class, drug_classes
from cartway.pathway.candidacy.classes import spelled_plainly as spelled
from cartway.pathway.candidacy.days import day_in, day_of
from cartway.pathway.course import Course
from cartway.record import Fact

PROGRESSED = ("relapse", "progress", "refractory", "pd", "no_response")
"""How an outcome begins that means that the disease came back, grew or did not answer."""
NO_ANSWER = ("pd", "sd", "nr", "no_cr", "no_response", "progressive", "stable", "refractory")


NOT_SYSTEMIC = ("radiotherapy", "surgery", "antibiotics", "steroid", "observation")
"""Classes that alone make no line of systemic therapy."""


class Line(msgspec.Struct, frozen=True):
    """One line: None where the record does not say."""

    number: int
    fact: Fact
    start: date | None
    end: date | None
    systemic: bool | None
    classes: tuple[str, ...] | None
    regimen: str
    words: tuple[str, ...]
    response: str
    outcome: str
    outcome_day: date | None
    refractory: bool | None
    refractory_to: tuple[str, ...] | None

    @property
    def progressed(self) -> Answer:
        """Whether it ended in relapse, progression or no response."""
        if not self.outcome:
            return Answer.yes if self.refractory else Answer.unknown
        return is_so(self.outcome.startswith(PROGRESSED))


class Lines(msgspec.Struct, frozen=True):
    """All lines in order. `whole` is False where a number is left out: a line may be missing from the record."""

    lines: tuple[Line, ...]
    whole: bool

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts they rest on."""
        return tuple(line.fact for line in self.lines)

    @property
    def last(self) -> Line | None:
        """The newest line, None where none is recorded."""
        return self.lines[-1] if self.lines else None

    def systemic(self) -> tuple[int, int]:
        """The fewest and the most systemic lines there can have been."""
        sure = sum(line.systemic is True for line in self.lines)
        open_ = sum(line.systemic is None for line in self.lines)
        left_out = 0 if self.whole else self.lines[-1].number - len(self.lines)
        return sure, sure + open_ + left_out

    def after_transformation(self) -> Lines:
        """The lines given after an indolent disease had transformed; all where none says that it did."""
        turned = [index for index, line in enumerate(self.lines) if line.outcome.startswith("transform")]
        return Lines(self.lines[turned[-1] + 1 :], self.whole) if turned else self

    def first_systemic(self) -> Line | None:
        """The first systemic line of the disease treated, None where it cannot be told."""
        known = next((line for line in self.after_transformation().lines if line.systemic is not False), None)
        return known if known is not None and known.systemic and self.whole else None

    def had(self, name: str) -> Answer:
        """Whether any line held a class. A line left out, or one that lists nothing, may have."""
        if not self.lines:
            return Answer.unknown
        found = any_of(holds(line, name) for line in self.lines)
        return Answer.unknown if found is Answer.no and not self.whole else found


def lines_of(course: Course) -> Lines:
    """The lines of a course by number; of two facts about one line the later counts."""
    today = day_of(course.now)
    by_number = {round(fact.value): fact for fact in course.all("line_of_therapy") if fact.value}
    numbers = sorted(by_number)
    return Lines(
        tuple(_until(_line(by_number[number]), today) for number in numbers),
        numbers == list(range(1, len(numbers) + 1)),
    )


def _until(line: Line, today: date) -> Line:
    """The line as it stood on a day: what ended it later had not happened."""
    if line.outcome_day is None or line.outcome_day <= today:
        return line
    return msgspec.structs.replace(line, outcome="", outcome_day=None, refractory=None, refractory_to=None)


def holds(line: Line, name: str) -> Answer:
    """Whether a line held a class or drug, by the classes it states and the ingredients its regimen spells out."""
    asked = drug_classes()[drug_class(name)]
    stated = set(line.classes or ())
    if {drug_class(name), *asked.kinds} & stated or set(asked.drugs) & set(line.words):
        return Answer.yes
    if asked.within:
        return _within(line, asked)
    return Answer.unknown if line.classes is None else Answer.no


def _within(line: Line, asked: DrugClass) -> Answer:
    """One drug of a class: no where the class was not given, or where the regimen is one with another drug of it."""
    given = holds(line, asked.within)
    if given is Answer.no or set(asked.others) & set(line.words):
        return Answer.no
    return Answer.yes if set(asked.regimens) & set(line.words) else Answer.unknown


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last of a shorter month."""
    count = day.month - 1 + months
    first = date(day.year + count // 12, count % 12 + 1, 1)
    following = first.replace(day=28) + timedelta(days=4)
    last = following - timedelta(days=following.day)
    return first.replace(day=min(day.day, last.day))


def _line(fact: Fact) -> Line:
    detail = fact.detail
    classes = None if detail.get("classes") is None else tuple(drug_class(str(each)) for each in detail["classes"])
    regimen = str(detail.get("regimen", ""))
    return Line(
        number=round(fact.value or 0),
        fact=fact,
        start=None if detail.get("start_unknown") else day_of(fact.at),
        end=None if fact.until is None or detail.get("end_unknown") else day_of(fact.until),
        systemic=_systemic(detail.get("systemic"), classes),
        classes=classes,
        regimen=regimen,
        words=_words(regimen),
        response=spelled(str(detail.get("response", ""))),
        outcome=spelled(str(detail.get("outcome", ""))),
        outcome_day=None if detail.get("outcome_date_unknown") else day_in(detail.get("outcome_date", "")),
        refractory=detail.get("refractory"),
        refractory_to=_names(detail.get("refractory_to")),
    )


def _names(given: object) -> tuple[str, ...] | None:
    return tuple(spelled(str(each)) for each in given) if isinstance(given, list | tuple) else None


def _systemic(stated: bool | None, classes: tuple[str, ...] | None) -> bool | None:
    if stated is not None or not classes:
        return stated
    return not set(classes) <= set(NOT_SYSTEMIC)


def _words(regimen: str) -> tuple[str, ...]:
    """The words of a regimen: split at blanks and signs, and split again at hyphens, so that ``D-VRd`` stands too."""
    parts = re.split(r"[\s+,;/()]+", regimen)
    return tuple(dict.fromkeys(spelled(each) for part in parts for each in (part, *part.split("-")) if each))
