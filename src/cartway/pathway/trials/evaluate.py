"""A trial's structured criteria asked of one course: yes, no or unknown, with the facts used and what would settle it.

Strong three-valued logic: of parts that must all hold, one that does not settles it; of parts of which one is enough,
one that holds settles it; whatever is left open stays unknown.
"""

from __future__ import annotations

from datetime import date

import msgspec

from cartway.pathway.answer import Answer, Missing, all_of, any_of, is_so
from cartway.pathway.course import Course
from cartway.pathway.trials import age
from cartway.pathway.trials.conditions import diagnoses, is_known, takes_in
from cartway.pathway.trials.places import same_country
from cartway.pathway.trials.trial import (
    AgeRule,
    AllRule,
    AnyRule,
    ConditionRule,
    HealthyRule,
    MarkerRule,
    OpenRule,
    PlaceRule,
    Rule,
    SexRule,
    StateRule,
    StatusRule,
    UnreadRule,
)
from cartway.record import Fact
from cartway.times import to_datetime

AGE = Missing("age", "age", "The birth date, or the age in the record")
SEX = Missing("sex", "sex", "The sex in the record")
_COUNTED = {Answer.yes: "met", Answer.no: "not met", Answer.unknown: "unknown"}
_TOLD = {
    "open": "it takes people",
    "invited": "by invitation only",
    "not_yet": "not open yet",
    "paused": "paused",
    "closed": "it takes nobody more",
    "not_said": "the record does not say whether it takes people",
}
DIAGNOSIS = Missing("diagnosis", "diagnosis", "The diagnosis, confirmed by pathology")
STATE = Missing("disease_status", "status of the disease", "Whether it came back, or did not answer to treatment")
TODAY = Missing("", "recruiting today", "The registry's page today, or a call to the trial's contact")
COUNTRY = Missing("travel_time", "country", "Where the patient lives: country with the travel time")


class Asked(msgspec.Struct, frozen=True):
    """Of whom it is asked, on which day, and how many days old a record may be for its recruiting status to count."""

    course: Course
    on: date
    record_days: float


class Finding(msgspec.Struct, frozen=True):
    """One rule's answer: the criterion in the record's words, why, the facts used, what is missing, and its parts."""

    text: str
    answer: Answer
    because: str
    facts: tuple[Fact, ...] = ()
    missing: tuple[Missing, ...] = ()
    parts: tuple[Finding, ...] = ()


def negated(answer: Answer) -> Answer:
    """No for yes, yes for no; unknown stays."""
    return {Answer.yes: Answer.no, Answer.no: Answer.yes}.get(answer, answer)


def evaluate(rule: Rule, asked: Asked) -> Finding:
    """The answer to a rule, whatever its kind."""
    match rule:
        case AllRule() | AnyRule():
            return _branch(rule, asked)
        case AgeRule():
            return _age(rule, asked)
        case SexRule():
            return _sex(rule, asked)
        case ConditionRule():
            return _condition(rule, asked)
        case StateRule():
            return _state(rule, asked)
        case MarkerRule():
            return _marker(rule, asked)
        case HealthyRule():
            return _healthy(rule, asked)
        case StatusRule():
            return _status(rule, asked)
        case PlaceRule():
            return _place(rule, asked)
        case OpenRule():
            return Finding(rule.text, is_so(rule.open), "open" if rule.open else "suspended in the record")
        case UnreadRule():
            missing = (Missing("", rule.text, rule.settles),) if rule.settles else ()
            return Finding(rule.text, Answer.unknown, "not read by the software", missing=missing)


def _branch(rule: AllRule | AnyRule, asked: Asked) -> Finding:
    parts = tuple(evaluate(part, asked) for part in rule.parts)
    answers = [part.answer for part in parts]
    together, told = (all_of, "all must be met") if isinstance(rule, AllRule) else (any_of, "one is enough")
    counted = ", ".join(f"{answers.count(each)} {words}" for each, words in _COUNTED.items())
    missing = dict.fromkeys(each for part in parts if part.answer is Answer.unknown for each in part.missing)
    return Finding(rule.text, together(answers), f"{told}: {counted}", missing=tuple(missing), parts=parts)


def _age(rule: AgeRule, asked: Asked) -> Finding:
    person = age.born(asked.course)
    if person is None:
        return Finding(rule.text, Answer.unknown, "no age in the record", missing=(AGE,))
    answer, facts = age.within(rule, person, asked.on), (person.fact,)
    if answer is Answer.unknown:
        because = "the age is charted in years: it may lie on either side"
        return Finding(rule.text, answer, because, facts, (Missing("birth_date", "birth date", "The birth date"),))
    return Finding(rule.text, answer, _told_age(person), facts)


def _told_age(person: age.Born) -> str:
    if person.fact.what == "birth_date":
        return "by the birth date"
    return f"charted at {person.fact.value:g} on {to_datetime(person.fact.at).date().isoformat()}"


def _sex(rule: SexRule, asked: Asked) -> Finding:
    fact = asked.course.last("sex")
    if rule.by_gender:
        settles = "What the person says of their gender"
        because = "it goes by gender as the person states it, which this record does not hold"
        return Finding(rule.text, Answer.unknown, because, missing=(Missing("sex", "gender", settles),))
    if fact is None or fact.choice not in ("female", "male"):
        facts = (fact,) if fact else ()
        return Finding(rule.text, Answer.unknown, "no sex in the record that answers it", facts, (SEX,))
    return Finding(rule.text, is_so(fact.choice == rule.sex), f"the record says {fact.choice}", (fact,))


def _condition(rule: ConditionRule, asked: Asked) -> Finding:
    fact = asked.course.last("diagnosis")
    if fact is None or not fact.choice:
        return Finding(rule.text, Answer.unknown, "no diagnosis in the record", missing=(DIAGNOSIS,))
    if not is_known(rule.text):
        return Finding(rule.text, Answer.unknown, "words not known here, to be read", (fact,))
    label = diagnoses()[fact.choice].label if fact.choice in diagnoses() else fact.choice
    answer = takes_in(rule.text, fact.choice, in_words=str(fact.detail.get("text", "")))
    told = {Answer.yes: "takes in", Answer.no: "does not take in", Answer.unknown: "may or may not take in"}
    missing = (DIAGNOSIS,) if answer is Answer.unknown else ()
    because = f"{told[answer]} the diagnosis ({label})"
    return Finding(rule.text, negated(answer) if rule.negated else answer, because, (fact,), missing)


def _state(rule: StateRule, asked: Asked) -> Finding:
    """Only a disease that was just found is none that came back; what is said in other words may be either."""
    fact = asked.course.last("disease_status")
    if fact is None:
        return Finding(rule.text, Answer.unknown, "how the disease stands is not in the record", missing=(STATE,))
    because = f"the record says {fact.choice.replace('_', ' ')}"
    if fact.choice in rule.states or fact.choice == "newly_diagnosed":
        return Finding(rule.text, is_so(fact.choice in rule.states), because, (fact,))
    return Finding(rule.text, Answer.unknown, because, (fact,), (STATE,))


def _marker(rule: MarkerRule, asked: Asked) -> Finding:
    fact = asked.course.last("antigen_expression", about=rule.antigen)
    if fact is None or fact.choice not in ("positive", "negative"):
        told = (
            f"{rule.antigen} is {fact.choice.replace('_', ' ')} in the record" if fact else f"{rule.antigen} not tested"
        )
        missing = Missing("antigen_expression", rule.antigen, f"{rule.antigen} by flow or immunohistochemistry")
        return Finding(rule.text, Answer.unknown, told, (fact,) if fact else (), (missing,))
    because = f"{rule.antigen} is {fact.choice} in the record"
    return Finding(rule.text, is_so((fact.choice == "positive") == rule.present), because, (fact,))


def _healthy(rule: HealthyRule, asked: Asked) -> Finding:
    if rule.accepted:
        return Finding(rule.text, Answer.yes, "no bar: people without the condition may join as well")
    fact = asked.course.last("diagnosis")
    if fact is None:
        return Finding(rule.text, Answer.unknown, "no diagnosis in the record", missing=(DIAGNOSIS,))
    return Finding(rule.text, Answer.yes, "a patient, not a healthy volunteer", (fact,))


def _status(rule: StatusRule, asked: Asked) -> Finding:
    """A trial that is over stays so; whatever else an old record says may have changed since."""
    day = f"as of {rule.as_of.isoformat()}" if rule.as_of else "the record does not say as of when"
    told = f"{_TOLD[rule.recruiting]}, {day}"
    if rule.recruiting == "closed":
        return Finding(rule.text, Answer.no, told)
    if rule.as_of is None or (asked.on - rule.as_of).days > asked.record_days:
        old = ": too long ago to tell" if rule.as_of else ""
        return Finding(rule.text, Answer.unknown, f"{told}{old}", missing=(TODAY,))
    if rule.recruiting in ("not_yet", "paused"):
        return Finding(rule.text, Answer.no, told)
    answer = Answer.yes if rule.recruiting == "open" else Answer.unknown
    return Finding(rule.text, answer, told, missing=() if answer is Answer.yes else (TODAY,))


def _place(rule: PlaceRule, asked: Asked) -> Finding:
    fact = asked.course.last("travel_time")
    country = str(fact.detail.get("country", "")) if fact else ""
    if not country or fact is None:
        return Finding(rule.text, Answer.unknown, "where the patient lives is not in the record", missing=(COUNTRY,))
    here = any(same_country(country, each) for each in rule.countries)
    return Finding(rule.text, is_so(here), f"a site in {country}" if here else f"no site in {country}", (fact,))
