"""What a patient or caregiver told on one page, as facts: a temperature, symptoms, how they feel, the sentence of the
day. When it was entered is told by the phone as an age, since a phone's clock may be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import DAY, MINUTE, Instant, text
from cartway.vocabulary import vocabulary
from cartway.watch.triage import Answers, Tier, Verdict, hundredths, triage
from cartway.web.forms.chart import valued
from cartway.web.forms.draft import Draft, all_of, flawed, nothing_entered
from cartway.web.forms.entries import Entries
from cartway.words.catalog import N_

LONGEST = 2000  # characters in own words that are kept: a page takes 500
OLDEST = 30 * DAY  # an older age is taken for a phone that lost its clock: it happened when it came in
LATER = 2 * MINUTE  # what came in this much after it was entered says when that was
_AGE = re.compile(r"[0-9]{1,16}", re.ASCII)
UNREAD = Problem(
    "temperature_unread",
    N_("This is no temperature that a body can have."),
    N_("Look at the thermometer again. If you cannot read it, call."),
)


class Told(msgspec.Struct, frozen=True):
    """What was typed and ticked on one page."""

    temperature: str = ""
    feeling: str = ""
    home_check: str = ""
    symptoms: tuple[str, ...] = ()
    text: str = ""

    def answers(self, early: bool | None) -> Answers:
        """As triage reads it."""
        return Answers(frozenset(self.symptoms), self.temperature, self.feeling, self.home_check, self.text, early)


class Telling(msgspec.Struct, frozen=True):
    """Who tells it (``patient``, ``caregiver``), when it came in first, when it was entered, and in which window."""

    by: str
    received: Instant
    entered: Instant
    early: bool | None


def told_of(entries: Entries) -> Told:
    """What a post says. An unknown answer is left out; an unknown symptom stays, and counts as one nobody can place."""
    choices = vocabulary().variables
    feeling, check = entries["feeling"], entries["home_check"]
    return Told(
        entries["temperature"],
        feeling if feeling in choices["feeling"].choices else "",
        check if check in choices["home_check"].choices else "",
        tuple(dict.fromkeys(entries.all("symptom"))),
        entries["text"],
    )


def entered_at(entries: Entries, received: Instant) -> Instant:
    """When it was entered: as long before it came in as the phone says it lay there. Never ahead of it."""
    sent, entered = (_AGE.fullmatch(entries[name]) for name in ("sent", "entered"))
    if sent is None or entered is None:
        return received
    age = (int(sent[0]) - int(entered[0])) * 1000
    return received - age if 0 <= age <= OLDEST else received


def page_tier(entries: Entries) -> Tier | None:
    """The tier that the page showed."""
    return Tier(int(entries["tier"])) if entries["tier"] in ("1", "2", "3", "4") else None


def drafted(told: Told, telling: Telling, shown: Tier | None) -> Draft:
    """The facts of one page. Flaws: ``temperature_unread``, ``nothing_entered``."""
    told = _in_words(told)
    verdict = triage(told.answers(telling.early))
    parts = [_temperature(told, telling), *(Draft((fact,)) for fact in _facts(told, telling, verdict, shown))]
    read = all_of(parts)
    if not read.facts and not read.flaws:
        return nothing_entered("temperature")
    facts = tuple(msgspec.structs.replace(fact, source=telling.by) for fact in read.facts)
    return Draft(facts, read.flaws)


def _in_words(told: Told) -> Told:
    """A temperature that is none holds nothing else back: it goes along as it was typed, for a person to ask about."""
    beside = told.symptoms or told.text or told.feeling or told.home_check
    if not beside or not told.temperature or hundredths(told.temperature) is not None:
        return told
    typed = f"temperature typed as {told.temperature[:20]}"
    return msgspec.structs.replace(told, temperature="", text="; ".join(part for part in (told.text, typed) if part))


def _temperature(told: Told, telling: Telling) -> Draft:
    """In the unit in which it can be a temperature. What is possible and not usual is recorded, and rings."""
    if not told.temperature:
        return Draft()
    found = hundredths(told.temperature)
    if found is None:
        return flawed("temperature", UNREAD)
    value, celsius = found
    variable = vocabulary().variables["body_temperature"]
    unit = "Cel" if celsius else "[degF]"
    draft = valued(variable, value / 100, unit, telling.entered, "temperature", told.temperature)
    return msgspec.structs.replace(draft, doubts=())


def _facts(told: Told, telling: Telling, verdict: Verdict, shown: Tier | None) -> Iterator[Fact]:
    yield from _symptoms(told, telling, verdict, shown)
    for what, choice in (("feeling", told.feeling), ("home_check", told.home_check)):
        if choice:
            yield Fact("", telling.entered, what, choice=choice, detail={"by": telling.by})


def _symptoms(told: Told, telling: Telling, verdict: Verdict, shown: Tier | None) -> Iterator[Fact]:
    """Each symptom as of when it came in: the ward's clock starts then. When it was entered stands beside it."""
    known = vocabulary().variables["reported_symptom"].choices
    words = _own_words(told, known)
    for name, tier in _tiers(verdict, shown).items():
        detail: dict[str, Any] = {"by": telling.by, "tier": tier.name}
        if telling.received - telling.entered > LATER:
            detail["entered"] = text(telling.entered)
        if name == "other" and words:
            detail["text"] = words
        yield Fact("", telling.received, "reported_symptom", choice=name, detail=detail)


def _own_words(told: Told, known: Container[str]) -> str:
    """The text, with what was ticked on a page that knew other symptoms than we do."""
    strange = (name for name in told.symptoms if name not in known)
    return "; ".join(part for part in (told.text, *strange) if part)[:LONGEST]


def _tiers(verdict: Verdict, shown: Tier | None) -> dict[str, Tier]:
    """The tier of each symptom; an unknown one is told as another. Where the page showed more than we would, as one
    kept on a phone may, the most urgent of them has what it showed.
    """
    known, found = vocabulary().variables["reported_symptom"].choices, dict[str, Tier]()
    for each in verdict.because:
        kind, _, name = each.name.partition(":")
        if kind == "symptom":
            name = name if name in known else "other"
            found[name] = max(each.tier, found.get(name, each.tier))
    for name in list(found)[:1]:
        if shown is not None and verdict.tier is not None and shown > verdict.tier:
            found[name] = shown
    return found


def same(own: Sequence[Fact], facts: Sequence[Fact]) -> bool:
    """Whether a page that comes again says what it said before: times apart, which the phone works out anew."""
    return sorted(map(_said, own)) == sorted(map(_said, facts))


def _said(fact: Fact) -> tuple[str, str, str, str]:
    detail = {name: value for name, value in fact.detail.items() if name not in ("entered", "tier")}
    return fact.what, fact.choice, repr(fact.value), repr(sorted(detail.items()))


def retold(facts: Sequence[Fact]) -> Told:
    """What recorded facts of one page say, as it was told."""
    last: Mapping[str, Fact] = {fact.what: fact for fact in facts}
    temperature = last.get("body_temperature")
    symptoms = tuple(fact.choice for fact in facts if fact.what == "reported_symptom")
    words = next((str(fact.detail["text"]) for fact in facts if "text" in fact.detail), "")
    return Told(
        "" if temperature is None or temperature.value is None else f"{temperature.value:.2f}",
        last["feeling"].choice if "feeling" in last else "",
        last["home_check"].choice if "home_check" in last else "",
        symptoms,
        words,
    )
