"""Observation: vital signs, laboratory results, scores, devices. HL7 FHIR R4, section 10.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from cartway.intake.drafts import Draft, Ignored, Item, Refused, Subject, observe, plain
from cartway.intake.fhir.context import Context
from cartway.intake.fhir.quantities import unit_of
from cartway.intake.fhir.shapes import Codes, Component, Concept, Observation, Quantity
from cartway.intake.fhir.statements import (
    ENTERED_IN_ERROR,
    Span,
    Statement,
    identity,
    person,
    refusal,
    retraction,
    span,
)
from cartway.problem import Problem
from cartway.vocabulary import Meaning, Variable

# A test that was canceled may have had a preliminary value: that must not stay in force.
_WITHDRAWN = {"entered-in-error": ENTERED_IN_ERROR, "cancelled": "canceled at the source"}
_NEWER = frozenset({"amended", "corrected"})
_NOT_YET = frozenset({"registered", "preliminary"})
NOT_FROM_OUTSIDE = frozenset({"birth_date"})  # who somebody is belongs to the people store

Part = Observation | Component


def observations(context: Context, seen: Observation, base: str, place: str) -> Iterator[Item]:
    """Each statement of an Observation: its own value, and that of each component."""
    if seen.focus:
        yield Ignored("about_someone_else", place)
        return
    if _says_something(seen) or not seen.component:
        yield _statement(context, seen, seen, "", base, place)
    for number, component in enumerate(seen.component):
        suffix = f"#{_code(component.code) or number}"
        yield _statement(context, seen, component, suffix, base, f"{place}, component {number + 1}")


def _statement(context: Context, seen: Observation, part: Part, suffix: str, base: str, place: str) -> Item:
    """One value: what it means, whether it stands, whom it is about, when, and how much."""
    meaning = _meaning(context, part)
    if isinstance(meaning, Problem):
        return refusal(meaning, place)
    if meaning is None or meaning.what in NOT_FROM_OUTSIDE:
        return Ignored(_unused(seen, meaning), place)
    statement = identity(context, seen, base, suffix)
    subject = person(context, seen.subject, base, place)
    if not isinstance(subject, Subject):
        return subject
    if seen.status in _WITHDRAWN:
        times = _span(context, seen, context.variable(meaning))
        if seen.status == "cancelled" and (isinstance(times, Problem) or not statement.key):
            return Ignored("not_done", place)
        return retraction(subject, statement, times, place, _WITHDRAWN[seen.status])
    if rule := _not_a_value(seen, part, meaning):
        return Ignored(rule, place)
    return _value(context, seen, part, meaning, statement, subject, place)


def _unused(seen: Observation, meaning: Meaning | None) -> str:
    if meaning is not None:
        return "patient_details"
    return "container" if seen.has_member else "code_not_in_vocabulary"


def _meaning(context: Context, part: Part) -> Meaning | Problem | None:
    """By the code; else by a value that names an oxygen device: clear, whatever the local code of the question."""
    meaning = context.meaning(part.code)
    if meaning is None and part.value_codeable_concept is not None:
        answer = context.meaning(part.value_codeable_concept)
        return answer if isinstance(answer, Meaning) and answer.what == "oxygen_device" else None
    return meaning


def _not_a_value(seen: Observation, part: Part, meaning: Meaning) -> str:
    """The rule by which a statement without a value that counts is left out, or ''."""
    if part.value_boolean is False:
        return "stated_absent"
    if _says_something(part) or (meaning.choice and part.data_absent_reason is None):
        return ""
    return "not_final" if seen.status in _NOT_YET else "no_value"


def _says_something(part: Part) -> bool:
    quantity = part.value_quantity
    return (
        (quantity is not None and quantity.value is not None)
        or part.value_codeable_concept is not None
        or part.value_string is not None
        or part.value_boolean is not None
        or part.value_integer is not None
        or bool(part.value_range or part.value_ratio)
    )


class Said(msgspec.Struct, frozen=True):
    """What the source says: a number or text with its unit, or a choice."""

    value: float | str | None = None
    unit: str = ""
    choice: str = ""
    comparator: str = ""


def _value(
    context: Context,
    seen: Observation,
    part: Part,
    meaning: Meaning,
    statement: Statement,
    subject: Subject,
    place: str,
) -> Item:
    variable = context.variable(meaning)
    times = _span(context, seen, variable)
    if isinstance(times, Problem):
        return refusal(times, place)
    said = _said(context, part, variable, meaning)
    if isinstance(said, Problem):
        return refusal(said, place)
    item = observe(
        variable,
        subject,
        times.at,
        value=said.value,
        unit=said.unit,
        choice=said.choice,
        place=place,
        until=times.until,
        detail=_detail(seen, said, variable),
        event=statement.event if seen.component else "",
        source=statement.source,
        key=statement.key,
        corrected=seen.status in _NEWER,
        source_recorded_at=statement.recorded_at,
    )
    return _with_comparator(item, said) if said.comparator else item


def _detail(seen: Observation, said: Said, variable: Variable) -> dict[str, Any]:
    """The laboratory's limits, and whether the value is a limit of detection; where the variable declares them."""
    limits = seen.reference_range[0] if len(seen.reference_range) == 1 else None
    found = {
        "below": True if said.comparator.startswith("<") else None,
        "above": True if said.comparator.startswith(">") else None,
        "upper_limit": _limit(limits.high, seen) if limits else None,
        "lower_limit": _limit(limits.low, seen) if limits else None,
    }
    return {key: value for key, value in found.items() if value is not None and key in variable.detail}


def _limit(limit: Quantity | None, seen: Observation) -> float | None:
    """A limit of normal, where it is in the unit of the value (or says none)."""
    value = seen.value_quantity
    if limit is None or value is None:
        return None
    return limit.value if (limit.code or limit.unit) in (value.code, value.unit, "") else None


def _with_comparator(item: Draft | Refused, said: Said) -> Draft | Refused:
    """``<0.5 mg/L`` is stored as its bound, and the source's words say that it is one."""
    if isinstance(item, Refused) or said.value is None:
        return item
    words = f"{said.comparator}{plain(said.value)} {said.unit}".strip()
    return msgspec.structs.replace(item, fact=msgspec.structs.replace(item.fact, said=words))


def _said(context: Context, part: Part, variable: Variable, meaning: Meaning) -> Said | Problem:
    if meaning.choice:
        return Said(choice=meaning.choice)
    quantity = part.value_quantity
    if quantity is not None and quantity.value is not None:
        unit = unit_of(variable, quantity)
        return unit if isinstance(unit, Problem) else Said(quantity.value, unit, comparator=quantity.comparator)
    if part.value_integer is not None:
        return Said(float(part.value_integer))
    if part.value_codeable_concept is not None:
        return _chosen(context, part.value_codeable_concept, variable)
    if part.value_string is not None:
        return _worded(part.value_string, variable)
    if part.value_boolean:
        return Said() if variable.kind == "mark" else _wrong_value_type(variable)
    return _wrong_value_type(variable)


def _worded(text: str, variable: Variable) -> Said:
    return Said(value=text.strip()) if variable.kind == "number" else Said(choice=text)


def _chosen(context: Context, concept: Concept, variable: Variable) -> Said | Problem:
    """The choice that a coded answer means: by its code, else by its words."""
    answer = context.meaning(concept)
    if isinstance(answer, Meaning) and answer.what == variable.name and answer.choice:
        return Said(choice=answer.choice)
    words = concept.text or next((coding.display or coding.code for coding in concept.coding), "")
    return Said(choice=words) if variable.kind != "mark" else Said()


def _wrong_value_type(variable: Variable) -> Problem:
    reason = f"{variable.label} came as a kind of value that it cannot have."
    return Problem("value_type_not_read", reason, "Send a quantity, a code, a whole number or text.")


def _span(context: Context, seen: Observation, variable: Variable) -> Span | Problem:
    return span(context, seen.effective_date_time or seen.effective_instant, seen.effective_period, variable)


def _code(concept: Codes) -> str:
    return concept.coding[0].code if concept.coding else ""
