"""Reading the protocols: a TOML file each (``data/plans``), what goes with all (``data/shared``), the doses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from cartway.watch.protocol.model import DoseRule, Protocol

LABEL = "label"


@cache
def load_protocols() -> tuple[Protocol, ...]:
    """Every published protocol that may be chosen, all editions, labels by product."""
    return _all("plans")


@cache
def load_shared() -> tuple[Protocol, ...]:
    """What goes with every protocol: fever, IEC-HS, what to do when it does not get better."""
    return _all("shared")


@cache
def load_doses() -> Mapping[str, DoseRule]:
    """The doses by name."""
    raw = _read(_data() / "doses.toml")
    return {name: msgspec.convert({"name": name, **table}, DoseRule, strict=False) for name, table in raw.items()}


def protocol_of(name: str, product: str, on: date) -> Protocol | None:
    """The edition of a protocol in force on a day, a label's by its product; None where no text is held."""
    asked = product if name == LABEL else ""
    found = (each for each in load_protocols() if each.name == name and each.product == asked and each.in_force(on))
    return max(found, key=lambda each: each.effective_from, default=None)


def shared_on(on: date) -> tuple[Protocol, ...]:
    """What goes with every protocol on a day."""
    return tuple(each for each in load_shared() if each.in_force(on))


def _all(folder: str) -> tuple[Protocol, ...]:
    files = sorted((_data() / folder).iterdir(), key=lambda file: file.name)
    return tuple(msgspec.convert(_read(file), Protocol, strict=False) for file in files if file.name.endswith(".toml"))


def _read(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))


def _data() -> Traversable:
    return resources.files(__package__) / "data"
