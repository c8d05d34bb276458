"""What a patient was given before: which drugs and classes, and on which day last. A day nobody stated is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from cartway.pathway.candidacy.classes import drug_class, spelled_plainly
from cartway.pathway.candidacy.days import day_of
from cartway.pathway.candidacy.regimens import hides_drugs, read
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.vocabulary import vocabulary

_BRIDGING = {"corticosteroid": "steroid", "antibody_drug": "antibody_drug_conjugate"}
INTRATHECAL = ("intrathecal", "it")
_NO_DRUG = ("none", "other", "targeted", "")


class Exposure(msgspec.Struct, frozen=True):
    """One earlier therapy: its names (classes, ingredients), its route, and the last day of it, None if not known."""

    words: str
    names: tuple[str, ...]
    last: date | None
    facts: tuple[Fact, ...]
    route: str = ""
    inferred: str = ""
    hidden: bool = False
    """Whether it may have held a drug that the record does not name."""

    @property
    def stated(self) -> bool:
        """Whether the record says what was in it: drugs and transplants do, lines by their classes."""
        return not self.is_line or bool(self.facts[0].detail.get("classes"))

    @property
    def is_line(self) -> bool:
        """Whether it is a line of therapy or bridging, rather than one drug or a transplant."""
        return self.facts[0].what in ("line_of_therapy", "bridging_therapy")


def exposures(course: Course) -> list[Exposure]:
    """All that the record says was given, lines of therapy and bridging first, then single drugs and transplants."""
    return [*_lines(course), *_bridging(course), *_drugs(course), *_transplants(course)]


def lines_recorded(course: Course) -> bool:
    """Whether the record speaks of the lines of therapy: one, or that there was none (number 0, newly diagnosed).

    Until it does, that nothing else is on record says nothing of what was given.
    """
    status = course.last("disease_status")
    return bool(course.all("line_of_therapy")) or (status is not None and status.choice == "newly_diagnosed")


def taken_immunosuppression(course: Course, allowed_mg: float) -> list[Exposure]:
    """Systemic immunosuppression: in force it has no last dose yet. A replacement dose of prednisone is none."""
    every = course.all("immunosuppression")
    told = next((fact for fact in reversed(every) if fact.choice == "systemic"), None)
    if told is None:
        return []
    dose = told.detail.get("prednisone_mg")
    if dose is not None and float(dose) <= allowed_mg:
        return []
    names = ("steroid",) if dose is not None else ("steroid", "calcineurin_inhibitor")
    words = f"prednisone {float(dose):g} mg a day" if dose is not None else "which drugs is not stated"
    ends = [told.until or course.now + 1, *(fact.at for fact in every if fact.at > told.at)]
    last = day_of(min(ends)) if min(ends) <= course.now else None
    return [Exposure(f"Systemic immunosuppression, {words}", names, last, (told,))]


def _lines(course: Course) -> Iterator[Exposure]:
    lines = sorted(
        (line for line in course.all("line_of_therapy") if line.value != 0), key=lambda line: (line.value or 0, line.at)
    )
    for n, line in enumerate(lines):
        following = lines[n + 1] if n + 1 < len(lines) else None
        last, inferred = _end_of_line(line, following)
        words = f"Line {line.value or 0:g}: {line.detail.get('regimen') or 'regimen not stated'}"
        hidden = hides_drugs(line.detail.get("classes") or (), _regimen(line))
        yield Exposure(words, _names(line), last, (line,), inferred=inferred, hidden=hidden)


def _end_of_line(line: Fact, following: Fact | None) -> tuple[date | None, str]:
    """The last day of a line. One that nobody stated lies before the next line: that began because it had ended."""
    if line.until is not None and not line.detail.get("end_unknown"):
        return day_of(line.until), ""
    if following is None or following.detail.get("start_unknown"):
        return None, ""
    return day_of(following.at), f"ended by the start of line {following.value or 0:g}"


def _bridging(course: Course) -> Iterator[Exposure]:
    for fact in course.all("bridging_therapy"):
        if fact.choice == "none":
            continue
        named = () if fact.choice in _NO_DRUG else (_BRIDGING.get(fact.choice, fact.choice),)
        words = f"Bridging: {fact.detail.get('regimen') or fact.choice.replace('_', ' ')}"
        names, last = (*named, *_names(fact)), None if fact.until is None else day_of(fact.until)
        hidden = hides_drugs((*named, *(fact.detail.get("classes") or ())), _regimen(fact))
        yield Exposure(words, names, last, (fact,), hidden=hidden)


def _names(fact: Fact) -> tuple[str, ...]:
    """The classes a line states, and what its regimen is known to hold."""
    classes = [drug_class(str(each)) for each in fact.detail.get("classes") or ()]
    return tuple(dict.fromkeys([*classes, *read(_regimen(fact)).names]))


def _regimen(fact: Fact) -> str:
    return str(fact.detail.get("regimen", ""))


def _drugs(course: Course) -> Iterator[Exposure]:
    # A drug without a name is refused wherever facts come in; one made otherwise is no exposure to anything.
    for name in dict.fromkeys(fact.choice for fact in course.all("drug") if fact.choice):
        by_route: dict[str, list[Fact]] = {}
        for fact in course.all("drug", choice=name):
            by_route.setdefault(str(fact.detail.get("route", "")), []).append(fact)
        for route, given in by_route.items():
            if spelled_plainly(route) in INTRATHECAL or not vocabulary().is_local_route(route):
                yield _drug(name, route, given)


def _drug(name: str, route: str, given: list[Fact]) -> Exposure:
    choice = vocabulary().variables["drug"].choices[name]
    running = any(fact.detail.get("continuous") and fact.until is None for fact in given)
    last = max(given, key=lambda fact: fact.until or fact.at)
    day = None if running else day_of(last.until or last.at)
    return Exposure(choice.label, (name, *map(drug_class, choice.classes)), day, (last,), spelled_plainly(route))


def _transplants(course: Course) -> Iterator[Exposure]:
    for fact in course.all("transplant"):
        names = ("allo_hct",) if fact.choice == "allogeneic" else ("auto_hct",)
        yield Exposure(f"Transplant, {fact.choice}", names, day_of(fact.at), (fact,))
