"""MedicationAdministration: which ingredient, how much or how fast, from when to when. HL7 FHIR R4, section 11.2.

| status | amount | end | read as |
|---|---|---|---|
| any | any | given | from its time to its end |
| any | rate 0 | | the infusion stops at its time |
| in-progress | any | none | an infusion that runs until another version of it, or another rate, says otherwise |
| completed | dose and rate of one unit | none, at a moment | over when the dose has run in |
| completed | rate | none, at a moment | a charted rate: it runs until the next rate or the end that is charted |
| completed | rate | a period without one | refused (``no_end``): it is over, nobody knows since when |
| stopped, on-hold | rate, or nothing | none | refused (``no_end``): its time may be that of the start or of the stop |
| otherwise | dose, or nothing | none | over at once |
| any | dose 0 | | left out (``not_done``) |

Negative doses and rates are refused (``impossible_value``), with their unreadable stand-in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from cartway.intake.drafts import Draft, Ignored, Item, Refused, Subject, observe
from cartway.intake.fhir.context import Context, address, remember
from cartway.intake.fhir.quantities import unit_of
from cartway.intake.fhir.shapes import (
    Concept,
    Ingredient,
    Medication,
    MedicationAdministration,
    Quantity,
    Ratio,
    Reference,
)
from cartway.intake.fhir.statements import Span, identity, person, refusal, retraction, span
from cartway.problem import Problem
from cartway.times import HOUR, MINUTE, Instant
from cartway.vocabulary import Meaning, Variable, read_choice

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NOT_GIVEN = frozenset({"not-done"})
RUNNING = "in-progress"
INTERRUPTED = frozenset({"stopped", "on-hold"})
_PER = {"/h": HOUR, "/min": MINUTE}
# RxNorm names a clinical drug by ingredient, strength, form: "4 ML norepinephrine 1 MG/ML Injection".
_CLINICAL_DRUG = re.compile(
    r"^(?:[\d.]+ (?:ML|HR|ACTUAT) )?([A-Za-z][A-Za-z ,()'-]*?) [\d.,]+ (?:MG|MCG|UNT|MEQ|UNITS)\b", re.I
)
_LOCAL_FORM = re.compile(
    r"\b(nasal|ophth\w*|otic|topical|inhal\w*|nebul\w*|metered dose|eye|ear|drops|cream|ointment|lotion|vaginal)\b",
    re.I,
)

_medication = msgspec.json.Decoder(Medication)


class Amount(msgspec.Struct, frozen=True, gc=False):
    """How much, or how fast: `is_rate` tells which."""

    value: float | None = None
    unit: str = ""
    is_rate: bool = False

    @property
    def is_stop(self) -> bool:
        """A rate of 0."""
        return self.is_rate and self.value == 0


def administrations(context: Context, given: MedicationAdministration, base: str, place: str) -> Iterator[Item]:
    """One statement for each ingredient that the vocabulary knows."""
    found = _ingredients(context, given, base)
    if isinstance(found, Problem):
        yield refusal(found, place)
        return
    if not found:
        yield Ignored("code_not_in_vocabulary", place)
    for meaning in found:
        suffix = f"#{meaning.choice}" if len(found) > 1 else ""
        yield _administration(context, given, meaning, suffix, base, place)


def learn(context: Context, medication: Medication, base: str) -> None:
    """Remember what a Medication holds, for the administrations that point at it."""
    if medication.id:
        key = (context.authority(base), medication.id)
        remember(context.medications, key, tuple(_contents(context, medication, base)))


def _administration(
    context: Context, given: MedicationAdministration, meaning: Meaning, suffix: str, base: str, place: str
) -> Item:
    statement = identity(context, given, base, suffix)
    subject = person(context, given.subject, base, place)
    if not isinstance(subject, Subject):
        return subject
    times = span(context, given.effective_date_time, given.effective_period)
    if given.status == "entered-in-error":
        return retraction(subject, statement, times, place)
    variable, amount = context.variable(meaning), _amount(given)
    if rule := _left_out(context, given, amount):
        return Ignored(rule, place)
    times = _lasting(given, times, amount) if meaning.what == "drug" else times
    if isinstance(times, Problem):
        return refusal(times, place)
    item = observe(
        variable,
        subject,
        times.at,
        choice=meaning.choice,
        place=place,
        until=times.until if meaning.what == "drug" else None,
        detail=_detail(given, amount, times, variable),
        source=statement.source,
        key=statement.key,
        source_recorded_at=statement.recorded_at,
    )
    return _dosed(item, variable, amount) if isinstance(item, Draft) and meaning.what == "drug" else item


def _left_out(context: Context, given: MedicationAdministration, amount: Amount) -> str:
    if given.status in NOT_GIVEN or (amount.value == 0 and not amount.is_rate):
        return "not_done"
    return "not_systemic" if _is_local(context, given) else ""


def _is_local(context: Context, given: MedicationAdministration) -> bool:
    """By the route; else by the dose form in the drug's name. Eye drops of phenylephrine are no vasopressor."""
    route = given.dosage.route if given.dosage else None
    if route is not None:
        return any(context.vocabulary.is_local_route(words) for words in _words(route))
    drug = given.medication_codeable_concept
    return drug is not None and any(_LOCAL_FORM.search(words) for words in _words(drug))


def _words(concept: Concept) -> list[str]:
    """What a concept says in words and codes; 'Nasal route' is 'nasal'."""
    said = [concept.text, *(word for coding in concept.coding for word in (coding.display, coding.code))]
    return [text.casefold().removesuffix(" route").removesuffix(" use") for text in said if text]


def _lasting(given: MedicationAdministration, times: Span | Problem, amount: Amount) -> Span | Problem:
    """Until when it was given, by the table above; without an end while it runs. Problem: ``no_end``."""
    if isinstance(times, Problem) or times.until is not None or amount.is_stop or given.status == RUNNING:
        return times
    if given.status in INTERRUPTED and (amount.is_rate or amount.value is None):
        return _no_end()
    if not amount.is_rate:
        return Span(times.at, times.at)
    if given.effective_period is not None and given.status == "completed":
        return _no_end()
    return Span(times.at, _run_in(given, times.at))


def _run_in(given: MedicationAdministration, start: Instant) -> Instant | None:
    """When the whole dose has run in at the rate; None where the two are not in one unit, or it is not over."""
    dosage = given.dosage
    if given.status != "completed" or dosage is None or dosage.dose is None or dosage.rate_quantity is None:
        return None
    dose, rate = dosage.dose, dosage.rate_quantity
    length = _PER.get(_unit(rate).removeprefix(_unit(dose)))
    if length is None or not dose.value or not rate.value or dose.value / rate.value < 0:
        return None
    return start + round(dose.value / rate.value * length)


def _no_end() -> Problem:
    reason = "An infusion that is over or interrupted does not say since when."
    return Problem("no_end", reason, "Add the end of its period, or a rate of 0 at its end.")


def _amount(given: MedicationAdministration) -> Amount:
    """The rate where there is one, else the dose."""
    dosage = given.dosage
    if dosage is None:
        return Amount()
    if dosage.rate_quantity is not None and dosage.rate_quantity.value is not None:
        return Amount(dosage.rate_quantity.value, _unit(dosage.rate_quantity), True)
    if dosage.rate_ratio is not None and (rate := _ratio(dosage.rate_ratio)):
        return rate
    if dosage.dose is not None and dosage.dose.value is not None:
        return Amount(dosage.dose.value, _unit(dosage.dose))
    return Amount()


def _unit(quantity: Quantity) -> str:
    return quantity.code or quantity.unit


def _ratio(ratio: Ratio) -> Amount | None:
    """4 mg for each 1 h is 4 mg/h."""
    over, under = ratio.numerator, ratio.denominator
    if over is None or under is None or over.value is None or not under.value:
        return None
    return Amount(over.value / under.value, f"{_unit(over)}/{_unit(under)}", True)


def _detail(given: MedicationAdministration, amount: Amount, times: Span, variable: Variable) -> dict[str, Any]:
    """`continuous`: what runs and does not say how fast is an infusion all the same."""
    route = given.dosage.route if given.dosage else None
    found = {
        "continuous": True if amount.is_rate or (given.status == RUNNING and times.until is None) else None,
        "route": next(iter(_words(route)), None) if route else None,
    }
    return {key: value for key, value in found.items() if value is not None and key in variable.detail}


def _dosed(item: Draft, variable: Variable, amount: Amount) -> Draft | Refused:
    """The draft with its dose or rate. Where its unit cannot be read, the drug still counts; the words are kept."""
    if amount.value is None:
        return item
    unit = unit_of(variable, Quantity(amount.value, unit=amount.unit))
    fact = item.fact
    read = observe(
        variable, item.subject, fact.at, value=amount.value, unit=amount.unit if isinstance(unit, Problem) else unit
    )
    if isinstance(read, Draft):
        dosed = {"value": read.fact.value, "unit": read.fact.unit, "said": read.fact.said}
        return msgspec.structs.replace(item, fact=msgspec.structs.replace(fact, **dosed))
    if read.problem.code in ("unknown_unit", "missing_unit"):
        said = f"{amount.value:.12g} {amount.unit}".strip()
        return msgspec.structs.replace(item, fact=msgspec.structs.replace(fact, said=said))
    return _impossible_dose(item, read)


def _impossible_dose(item: Draft, read: Refused) -> Refused:
    """An impossible dose: the unreadable fact keeps the key and the times of what it stands for."""
    stand_in = read.stand_in
    if stand_in is not None:
        kept = {name: getattr(item.fact, name) for name in ("until", "source", "key", "source_recorded_at")}
        fact = msgspec.structs.replace(stand_in.fact, **kept)
        stand_in = msgspec.structs.replace(stand_in, fact=fact, place=item.place)
    return msgspec.structs.replace(read, problem=read.problem.at(item.place), stand_in=stand_in)


def _ingredients(context: Context, given: MedicationAdministration, base: str) -> list[Meaning] | Problem:
    """What was given, in the vocabulary's words; empty where it knows none of it."""
    if given.medication_codeable_concept is not None:
        named = by_concept(context, given.medication_codeable_concept)
        return named if isinstance(named, Problem) else [named] if named else []
    reference = given.medication_reference
    if reference is None:
        return Problem("no_medication", "It does not say which drug.", "Add the medication's code.")
    return _referenced(context, given, reference, base)


def _referenced(
    context: Context, given: MedicationAdministration, reference: Reference, base: str
) -> list[Meaning] | Problem:
    if reference.reference.startswith("#"):
        return _contained(context, given, reference.reference[1:], base)
    server, _, identifier = address(reference.reference, base)
    known = context.medications.get((context.authority(server), identifier))
    if known is not None:
        return list(known)
    named = by_words(context, reference.display)
    if named is not None:
        return [named]
    reason = "It points at a Medication that is not in the input."
    return Problem("medication_not_found", reason, "Export the Medication resources too.")


def _contained(context: Context, given: MedicationAdministration, name: str, base: str) -> list[Meaning] | Problem:
    for raw in given.contained:
        try:
            medication = _medication.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if medication.id == name:
            return _contents(context, medication, base)
    return Problem(
        "medication_not_found", "It points at a drug that it does not contain.", "Add the contained Medication."
    )


def _contents(context: Context, medication: Medication, base: str) -> list[Meaning]:
    """By the product's own code; else by its ingredients."""
    named = by_concept(context, medication.code) if medication.code else None
    if isinstance(named, Meaning):
        return [named]
    found = (_ingredient(context, ingredient, base) for ingredient in medication.ingredient)
    return list(dict.fromkeys(meaning for meanings in found for meaning in meanings))


def _ingredient(context: Context, ingredient: Ingredient, base: str) -> list[Meaning]:
    if ingredient.item_codeable_concept is not None:
        named = by_concept(context, ingredient.item_codeable_concept)
        return [named] if isinstance(named, Meaning) else []
    if ingredient.item_reference is None:
        return []
    server, _, identifier = address(ingredient.item_reference.reference, base)
    return list(context.medications.get((context.authority(server), identifier), ()))


def by_concept(context: Context, concept: Concept) -> Meaning | Problem | None:
    """A drug or a cell product by its codes, else by its exact name. Problem: ``codes_disagree``."""
    meaning = context.meaning(concept)
    if meaning is not None:
        return meaning
    names = [*(coding.display or coding.code for coding in concept.coding), concept.text]
    return next((found for name in names if (found := by_words(context, name))), None)


def _names(words: str) -> tuple[str, ...]:
    """``Levetiracetam (Keppra)`` is levetiracetam, and so is ``levetiracetam 500 MG Oral Tablet``."""
    clinical = _CLINICAL_DRUG.match(words)
    return words, words.partition(" (")[0], clinical[1] if clinical else ""


def by_words(context: Context, words: str) -> Meaning | None:
    """A name that is exactly an ingredient or product, alone or before what RxNorm and formularies add to it."""
    if not words:
        return None
    for name in _names(words[:200]):
        for what in ("drug", "infusion"):
            choice = read_choice(context.vocabulary.variables[what], name) if name else None
            if isinstance(choice, str):
                return Meaning(what, choice)
    return None
