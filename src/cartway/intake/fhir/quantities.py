"""Which unit a FHIR quantity is in: its UCUM code, else the unit written for people; never both and different."""

from __future__ import annotations

from cartway.intake.fhir.shapes import Quantity
from cartway.problem import Problem
from cartway.vocabulary import Variable, read_unit


def unit_of(variable: Variable, quantity: Quantity) -> str | Problem:
    """The unit to read the quantity in, as the source writes it.

    The code counts where it can be read, else the words. Where both can be read and mean different units,
    one of them is wrong and nobody can tell which. Problem: ``units_disagree``.
    """
    code, words = quantity.code or quantity.unit, quantity.unit or quantity.code
    if code == words:
        return code
    by_code, by_words = read_unit(variable, code), read_unit(variable, words)
    if isinstance(by_code, Problem):
        return code if isinstance(by_words, Problem) else words
    if isinstance(by_words, Problem) or by_words == by_code:
        return code
    reason = f"Its unit is '{words[:40]}' for people and '{code[:40]}' for machines."
    return Problem("units_disagree", reason, "Find out which one is meant, and mend the other.")
