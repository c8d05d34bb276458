"""What the vocabulary says of a variable, as frozen values. They are written in the TOML files of ``data/``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal["number", "choice", "mark"]
DetailType = Literal["number", "text", "flag", "list"]
Worse = Literal["higher", "lower", ""]

SIGNIFICANT_DIGITS = 12


class Code(msgspec.Struct, frozen=True):
    """A code of a public system. `confirmed` is False where no copy of the system's own entry was seen."""

    system: str
    code: str
    display: str
    confirmed: bool = True


class Meaning(msgspec.Struct, frozen=True):
    """What a code stands for here: a variable, and one of its choices where the code names that."""

    what: str
    choice: str = ""


class Conversion(msgspec.Struct, frozen=True):
    """How a number in one unit becomes a number in `unit`: ``value * scale + offset``."""

    unit: str
    scale: float = 1.0
    offset: float = 0.0

    def to_canonical(self, value: float) -> float:
        """The number in `unit`, to 12 significant digits, so that 100.4 [degF] is 38.0 and not 38.00000000000001."""
        if self.scale == 1.0 and self.offset == 0.0:
            return float(value)
        return float(f"{value * self.scale + self.offset:.{SIGNIFICANT_DIGITS}g}")


class Choice(msgspec.Struct, frozen=True):
    """One answer to a variable that is not a number. `classes` are a drug's groups (``vasopressor``, ``steroid``)."""

    name: str
    label: str
    plain: str
    aliases: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    classes: tuple[str, ...] = ()


class DetailField(msgspec.Struct, frozen=True):
    """A small extra beside a fact. With `in_unit_of_value` it is a number that must be converted with the value."""

    type: DetailType
    label: str
    in_unit_of_value: bool = False


class Variable(msgspec.Struct, frozen=True):
    """One word of the record: what it means, how it is measured, what it may say, and who says so.

    `kind`: a ``number`` needs a value (or, where it has choices, one of them); a ``choice`` needs a choice; a ``mark``
    needs neither, that it happened is enough.
    `unit` is the canonical UCUM unit, "" where there is none or where the source's own is kept (`drug`). `units` holds
    every accepted spelling; `unit_spellings` and `choice_spellings` the same without letter case, for `read_value` and
    `read_choice`.
    `plausible` is what a ward sees, `possible` the limits beyond which only an error of unit or device is left; both in
    the canonical unit, ends included. `range_source` says where `possible` comes from. `whole`: only whole numbers.
    `hint` is what to chart where a value outside them was meant.
    `worse` is the direction of harm; of choices, "higher" means that a later one in the list is worse.
    `confirmed` is False where the source itself was not seen.
    """

    name: str
    group: str
    label: str
    plain: str
    kind: Kind
    source: str
    unit: str = ""
    units: Mapping[str, Conversion] = {}
    unit_spellings: Mapping[str, Conversion] = {}
    plausible: tuple[float, float] | None = None
    possible: tuple[float, float] | None = None
    range_source: str = ""
    hint: str = ""
    whole: bool = False
    choices: Mapping[str, Choice] = {}
    choice_spellings: Mapping[str, str] = {}
    detail: Mapping[str, DetailField] = {}
    worse: Worse = ""
    codes: tuple[Code, ...] = ()
    confirmed: bool = True


class Vocabulary(msgspec.Struct, frozen=True):
    """All variables in reading order, and every code that names one."""

    variables: Mapping[str, Variable]
    codes: Mapping[tuple[str, str], Meaning]
    local_routes: frozenset[str] = frozenset()
    no_pressor_routes: frozenset[str] = frozenset()

    def variable(self, name: str) -> Variable | None:
        """The variable of that name, or None."""
        return self.variables.get(name)

    def by_code(self, system: str, code: str) -> Meaning | None:
        """What a code means here, or None where the vocabulary does not know it. Constant time."""
        return self.codes.get((system, code))

    def is_local_route(self, route: str) -> bool:
        """Whether a drug given this way acts where it is put: eye drops of phenylephrine are no vasopressor."""
        return _route(route) in self.local_routes

    def is_no_pressor_route(self, route: str) -> bool:
        """Whether a pressor given this way is no support of the circulation: local, or put under the skin."""
        return _route(route) in self.no_pressor_routes


def _route(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").split())
