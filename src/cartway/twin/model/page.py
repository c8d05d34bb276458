"""The page of the model, read: what `body.toml` and `parameters.toml` say, frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENGINEERED = ("TI", "TA", "TE", "TM", "TX")
"""The states that are engineered cells."""
CARRYING = ("BP", "BS")
"""The states that are tumor cells with the antigen."""
TUMOR = (*CARRYING, "BN")
"""The states that are tumor cells."""


class Clone(msgspec.Struct, frozen=True):
    """How a tumor clone grows, as formulas: `birth` and net `growth` a day; `draw` names the patient's uniform draw."""

    birth: str
    growth: str
    draw: str


class State(msgspec.Struct, frozen=True):
    """One state: its `rate` a day and its value at the `start` are formulas; an error below the tolerance times `floor`
    is nothing.
    """

    name: str
    means: str
    unit: str
    start: str
    rate: str
    floor: float
    clone: Clone | None = None


class Short(msgspec.Struct, frozen=True, rename={"formula": "is"}):
    """A shorthand that the formulas use."""

    name: str
    means: str
    formula: str


class Parameter(msgspec.Struct, frozen=True):
    """One parameter: population median, and `omega`, the standard deviation of its logarithm between patients.

    `standing`: published, calibrated, assumed or drawn (by chance for each patient).
    """

    name: str
    median: float
    unit: str
    means: str
    standing: str
    omega: float = 0.0
    source: str = ""
    confirmed: bool = True


class Model(msgspec.Struct, frozen=True, dict=True):
    """The whole page. `first_day`: where a course starts, in days from the first infusion."""

    version: str
    first_day: float
    short: tuple[Short, ...]
    state: tuple[State, ...]
    parameter: tuple[Parameter, ...]

    @cached_property
    def states(self) -> Mapping[str, int]:
        """The place of each state in a vector of states."""
        return {state.name: i for i, state in enumerate(self.state)}

    @cached_property
    def parameters(self) -> Mapping[str, int]:
        """The place of each parameter in a vector of parameters."""
        return {parameter.name: i for i, parameter in enumerate(self.parameter)}

    def total(self, states: NDArray[np.floating[Any]], names: Sequence[str] = TUMOR) -> NDArray[np.float64]:
        """The sum of some states, float64[...], of states float[..., S]; a number below 0 counts as none."""
        total = sum(np.asarray(states[..., self.states[name]], np.float64) for name in names)
        return np.asarray(np.maximum(total, 0.0), np.float64)

    @cached_property
    def clones(self) -> tuple[tuple[int, Clone], ...]:
        """The states that are clones which may die out."""
        return tuple((i, state.clone) for i, state in enumerate(self.state) if state.clone)


class _Parameters(msgspec.Struct, frozen=True):
    parameter: tuple[Parameter, ...]


class _Body(msgspec.Struct, frozen=True):
    version: str
    first_day: float
    short: tuple[Short, ...]
    state: tuple[State, ...]


@cache
def load_model() -> Model:
    """The page as this package carries it."""
    folder = resources.files("cartway.twin.model")
    body = msgspec.toml.decode(folder.joinpath("body.toml").read_text(), type=_Body)
    parameters = msgspec.toml.decode(folder.joinpath("parameters.toml").read_text(), type=_Parameters)
    return Model(body.version, body.first_day, body.short, body.state, parameters.parameter)
