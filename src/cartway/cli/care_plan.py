"""`cartway care-plan`: the survivorship care plan of one course, or its wallet card, as an accessible PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cartway.aftercare.plan import LANGUAGES, Card, Language, Place, Plan, Reader, card
from cartway.aftercare.plan import care_plan as derive
from cartway.cli.aftercare import chosen
from cartway.cli.draft import draft_of
from cartway.cli.edge import moment, now, say, settings, sound, stop
from cartway.cli.grading import read, shown_zone
from cartway.exchange.plan import card_pdf, plan_pdf
from cartway.pathway.course import CENTER, Course
from cartway.problem import Problem
from cartway.record import Fact, current, open_log
from cartway.times import Instant
from cartway.toxicity import by_course, load_rules

CARD = "card"
READERS = ("patient", "physician", CARD)


def care_plan(
    course: str, output: Path, reader: str, language: str, at: str, policy: Sequence[str], database: str
) -> None:
    """Write the plan or the card of a course in a file or in the store. No name stands on it: it is written by hand.

    Problems: ``unknown_reader``, ``unknown_language``, ``no_facts``, ``several_courses``, ``unknown_course``,
    ``wrong_policy``, ``no_24_hour_number``, ``no_infusion``, ``course_ended``, ``not_a_code``, ``card_overflows``,
    ``not_printable``.
    """
    spoken, until = _language(language), moment(at, "--at")
    if reader not in READERS:
        stop(Problem("unknown_reader", f"There is no plan for '{reader}'.", f"Use --for {', '.join(READERS)}."))
    facts, center = _course(course, database)
    asked = until if until is not None else max(fact.at for fact in facts) if Path(course).exists() else now()
    place = _place(at)
    own = Course([*center, *chosen(policy, asked)], asked)
    made = _made(Course(facts, asked), own, place, reader, spoken, asked)
    with draft_of(output) as path:
        path.write_bytes(made)
    say(f"Written: {output.name}. It holds health data; no name stands on it.")


def _made(course: Course, center: Course, place: Place, reader: str, language: Language, at: Instant) -> bytes:
    if reader == CARD:
        found: Card = sound(card(course, center, place, language))
        return sound(card_pdf(found, now=at, country=place.country))
    whose: Reader = "physician" if reader == "physician" else "patient"
    plan: Plan = sound(derive(course, center, place, whose, language))
    return sound(plan_pdf(plan, now=at, country=place.country))


def _place(at: str) -> Place:
    site = settings(prepare=False)
    return Place(site.country, site.site, site.phone, shown_zone(at), load_rules())


def _language(text: str) -> Language:
    for known in LANGUAGES:
        if text == known:
            return known
    return stop(Problem("unknown_language", f"There is no plan in '{text}'.", f"Use one of: {', '.join(LANGUAGES)}."))


def _course(course: str, database: str) -> tuple[list[Fact], list[Fact]]:
    """The facts of the course and of the center's own record, which may be in the same file."""
    if not Path(course).exists():
        return _stored(course, database)
    found = dict(by_course(read([Path(course)])))
    center = found.pop(CENTER, [])
    if not found:
        stop(Problem("no_facts", "The file holds no course that could be read.", "See what was refused above."))
    if len(found) > 1:
        stop(Problem("several_courses", "The file holds several courses.", "Give a file with one, and the center's."))
    return next(iter(found.values())), center


def _stored(course: str, database: str) -> tuple[list[Fact], list[Fact]]:
    with open_log(settings(database).database, create=False) as log:
        facts, center = current(log.facts(course)), current(log.facts(CENTER))
    if not facts:
        remedy = "`cartway courses` lists the courses."
        stop(Problem("unknown_course", "There is neither such a file nor such a course in the store.", remedy))
    return facts, center
