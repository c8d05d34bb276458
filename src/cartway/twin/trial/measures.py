"""What arms may be compared by: columns of the outcomes that Cartway derives from charted facts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal, TypeAlias

import msgspec

Kind: TypeAlias = Literal["share", "number", "time"]


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One measure: its `column` of the outcomes, for a time also the column that says whether it is an `event`."""

    id: str
    name: str
    kind: Kind
    column: str
    event: str = ""
    unit: str = ""


class _Measures(msgspec.Struct, frozen=True):
    measure: tuple[Measure, ...]


@cache
def load_measures() -> Mapping[str, Measure]:
    """Every measure by its id."""
    text = resources.files("cartway.twin.trial").joinpath("measures.toml").read_text("utf-8")
    return {each.id: each for each in msgspec.toml.decode(text, type=_Measures).measure}
