"""Is a fact well formed in the words of the vocabulary?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartway.problem import Problem
from cartway.record.content import prepare
from cartway.record.fact import Fact

if TYPE_CHECKING:
    from cartway.vocabulary import Variable, Vocabulary

NAMED_UNITS = 12  # of the many units of a dose, as many as a message shows


def validate(fact: Fact, vocabulary: Vocabulary) -> Problem | None:
    """The first thing that is wrong with a fact, or None.

    Checked: the limits of the record; that `what` is a variable; that a number is in the canonical unit and possible;
    that the choice is one of the variable's; that `detail` holds only what the variable declares. Nothing is converted
    here: intake does that before.
    """
    prepared = prepare(fact)
    if isinstance(prepared, Problem):
        return prepared
    variable = vocabulary.variable(fact.what)
    if variable is None:
        return _unknown_variable()
    return _number(fact, variable) or _choice(fact, variable) or _detail(fact, variable)


def _number(fact: Fact, variable: Variable) -> Problem | None:
    if fact.value is None:
        is_answered = variable.kind != "number" or fact.choice in variable.choices  # CAPD: unable to perform
        return None if is_answered else _missing_value()
    if not _is_canonical(fact.unit, variable):
        return _not_canonical(variable)
    if variable.possible is not None and not variable.possible[0] <= fact.value <= variable.possible[1]:
        low, high = variable.possible
        return Problem(
            "impossible_value",
            f"Possible for `{variable.name}` is {low:g} to {high:g} {variable.unit}".rstrip() + ".",
            "Check the value and its unit at the source.",
        )
    return None


def _is_canonical(unit: str, variable: Variable) -> bool:
    """Whether `unit` is the variable's own; of a drug, whose doses keep their unit, any canonical one."""
    if variable.unit or not variable.units:
        return unit == variable.unit
    spelled = variable.units.get(unit)
    return spelled is not None and spelled.unit == unit


def _not_canonical(variable: Variable) -> Problem:
    canonical = dict.fromkeys(conversion.unit for conversion in variable.units.values())
    wanted = variable.unit or ", ".join(list(canonical)[:NAMED_UNITS]) or "empty"
    return Problem(
        "unknown_unit",
        f"The unit of `{variable.name}` is {'' if variable.unit or not canonical else 'one of '}{wanted}.",
        "Convert the value to it, and keep what the source said in `said`.",
    )


def _choice(fact: Fact, variable: Variable) -> Problem | None:
    if fact.choice in variable.choices or not (fact.choice or variable.kind == "choice"):
        return None
    return Problem(
        "unknown_choice",
        f"`{variable.name}` has no such choice." if fact.choice else f"`{variable.name}` needs a choice.",
        f"Use one of: {', '.join(variable.choices) or 'none'}.",
    )


def _detail(fact: Fact, variable: Variable) -> Problem | None:
    from cartway.vocabulary import check_detail

    return check_detail(variable, fact.detail) if fact.detail else None


def _missing_value() -> Problem:
    return Problem("missing_value", "The variable is a number, and the fact has none.", "Give the value.")


def _unknown_variable() -> Problem:
    return Problem("unknown_variable", "`what` is not in the vocabulary.", "See `cartway vocabulary` for the names.")
