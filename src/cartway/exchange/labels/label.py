"""What stands on the label of one container: its identifiers, its contents, whose cells they are, what must be said."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.exchange.labels.codes import Code, Symbology


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence that must stand on a label, by whose rule, and when: all of `when` must be true of the label."""

    text: str
    when: tuple[str, ...]
    source: str
    confirmed: bool


class Size(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A size of label stock, in millimeters, and how much stands on it: ``full``, ``half`` or ``vial``."""

    words: str
    width_mm: float
    height_mm: float
    layout: str


class Named(msgspec.Struct, frozen=True):
    """The two identifiers of a patient, beside the name. Only for who may see names, and only on the paper."""

    name: str
    birth_date: str
    identifier: str


class Label(msgspec.Struct, frozen=True):
    """One label. Empty texts are left out; nothing here is worked out, all of it was stated of the container.

    `din` is the donation identification number (13 characters), `din_check` its check character, `din_flags` the two
    characters behind it in the code. `own_cells`: whether patient and donor are the same. `donor` is the donor's code,
    never a name. `expires`, `collected` and `printed` are texts with their zone.
    """

    container: str
    title: str
    kind: str
    own_cells: bool
    coi: str = ""
    din: str = ""
    din_check: str = ""
    din_flags: str = ""
    batch: str = ""
    component: str = ""
    division: str = ""
    part: str = ""
    volume: str = ""
    dose: str = ""
    collected: str = ""
    expires: str = ""
    storage: str = ""
    sec: str = ""
    facility: str = ""
    printed: str = ""
    patient: Named | None = None
    donor: str = ""
    evaluated: bool = False
    simulated: bool = False
    reprint: bool = False

    @property
    def truths(self) -> frozenset[str]:
        """What is true of this label, by the words that statements ask for."""
        said = {
            "own_cells": self.own_cells,
            "donor_cells": not self.own_cells,
            "not_evaluated": not self.evaluated,
            "living_cells": self.kind not in {"shipper", "cassette"},
            "simulated": self.simulated,
        }
        return frozenset(name for name, holds in said.items() if holds)


@cache
def statements() -> Mapping[str, Statement]:
    """The shipped statements, by name, in the order in which they are printed."""
    text = (resources.files(__package__) / "statements.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Statement])


@cache
def sizes() -> Mapping[str, Size]:
    """The shipped sizes of stock, by name."""
    text = (resources.files(__package__) / "sizes.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Size], strict=False)


def stated_on(label: Label) -> list[Statement]:
    """The statements that this label must bear."""
    return [each for each in statements().values() if label.truths.issuperset(each.when)]


def codes(label: Label) -> dict[str, Code]:
    """The codes of a label by name: donation and batch as bars, chain of identity and container as squares.

    The donation's code is ISBT 128 data structure 001: an equals sign, the number, two flag characters.
    """
    donation = f"={label.din}{label.din_flags}" if label.din else ""
    wanted = {
        "din": Code(Symbology.code_128, donation, "Donation"),
        "batch": Code(Symbology.code_128, label.batch, "Batch"),
        "coi": Code(Symbology.data_matrix, label.coi, "Chain of identity"),
        "container": Code(Symbology.data_matrix, label.container, "Container"),
    }
    return {name: code for name, code in wanted.items() if code.text}
