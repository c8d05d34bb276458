"""Drugs as they lie on the time axis: infusions with a beginning and an end, and doses at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from cartway.record import Fact
from cartway.times import Instant
from cartway.toxicity.coding import NOT_GIVEN, drip_end
from cartway.vocabulary import vocabulary
from cartway.web.course.given import dose, runs, status_of, stops

# The classes that matter to CRS and ICANS, in the order in which they are drawn.
CLASSES: Mapping[str, frozenset[str]] = {
    "vasopressor": frozenset({"vasopressor", "vasopressin_analogue", "inotrope", "oral_vasopressor", "other_vasoactive",
                              "sympathomimetic"}),
    "anti-cytokine": frozenset({"anti_cytokine"}),
    "steroid": frozenset({"steroid"}),
    "antipyretic": frozenset({"antipyretic"}),
    "sedative": frozenset({"sedative", "muscle_relaxant", "opioid"}),
    "anti-seizure": frozenset({"anti_seizure"}),
}  # fmt: skip
OTHER = "other"


class Given(msgspec.Struct, frozen=True):
    """A drug given: a dose where `end` is `start`, else an infusion at one rate. `runs`: it has not ended by then, and
    `end` is the time up to which it was followed.
    """

    drug: str
    start: Instant
    end: Instant
    dose: str
    runs: bool = False


class Lane(msgspec.Struct, frozen=True):
    """One row of the axis: a drug, or all others together."""

    name: str
    group: str
    given: tuple[Given, ...]


def drug_class(choice: str) -> str:
    """Which of CLASSES a drug belongs to first, or OTHER."""
    found = vocabulary().variables["drug"].choices.get(choice)
    classes = set(found.classes) if found else set()
    return next((name for name, members in CLASSES.items() if classes & members), OTHER)


def drug_label(choice: str) -> str:
    found = vocabulary().variables["drug"].choices.get(choice)
    return found.label if found else choice.replace("_", " ")


def lanes(stated: Iterable[Fact], at: Instant) -> list[Lane]:
    """The drugs of a course up to `at`, by class and first use; what is of no such class in one last lane.

    `stated`: the facts in force that were true by then, by time.
    """
    by_drug: dict[str, list[Fact]] = {}
    for fact in stated:
        if fact.what == "drug" and status_of(fact) not in NOT_GIVEN:
            by_drug.setdefault(fact.choice, []).append(fact)
    order = [*CLASSES, OTHER]
    named = sorted(by_drug, key=lambda choice: (order.index(drug_class(choice)), by_drug[choice][0].at))
    drawn = [Lane(drug_label(each), drug_class(each), tuple(_given(by_drug[each], at))) for each in named]
    others = [_named(given) for lane in drawn if lane.group == OTHER for given in lane.given]
    kept = [lane for lane in drawn if lane.group != OTHER]
    return kept if not others else [*kept, Lane("Other drugs", OTHER, tuple(sorted(others, key=lambda g: g.start)))]


def _named(given: Given) -> Given:
    """A drug among others: its words begin with its name."""
    return msgspec.structs.replace(given, dose=f"{drug_label(given.drug)} {given.dose}".rstrip())


def _given(facts: Sequence[Fact], at: Instant) -> Iterable[Given]:
    """One drug's facts as doses and infusions: a new rate, or a stop, ends the rate before it."""
    for place, fact in enumerate(facts):
        if stops(fact):
            continue
        end = drip_end(fact, float(fact.at), float(fact.until or fact.at))
        if end <= fact.at:
            yield Given(fact.choice, fact.at, fact.at, dose(fact))
            continue
        changed = next((later.at for later in facts[place + 1 :] if later.at > fact.at and _changes(later)), at)
        last = min(end, float(changed), float(at))
        yield Given(fact.choice, fact.at, int(last), dose(fact), runs=last == at)


def _changes(fact: Fact) -> bool:
    """Whether a later fact of the same drug is a new rate or a stop, and no extra dose."""
    return stops(fact) or runs(fact)
