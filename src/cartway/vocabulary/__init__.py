"""The words of the record: every variable, unit, code and choice, as TOML with its source, and how to read them.

>>> from cartway.vocabulary import read_value, vocabulary
>>> read_value(vocabulary().variables["body_temperature"], 100.4, "F")
38.0
"""

from __future__ import annotations

from cartway.vocabulary.load import vocabulary
from cartway.vocabulary.read import check_detail, convert_detail, read_choice, read_unit, read_value
from cartway.vocabulary.units import convert
from cartway.vocabulary.variable import Choice, Code, Conversion, DetailField, Meaning, Variable, Vocabulary

__all__ = [
    "Choice",
    "Code",
    "Conversion",
    "DetailField",
    "Meaning",
    "Variable",
    "Vocabulary",
    "check_detail",
    "convert",
    "convert_detail",
    "read_choice",
    "read_unit",
    "read_value",
    "vocabulary",
]
