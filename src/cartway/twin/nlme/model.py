"""What is fitted: a structure, its parameters between subjects, covariates, residual error. A TOML file or a name."""

from __future__ import annotations

from typing import Literal

import msgspec

from cartway.problem import Problem

Distribution = Literal["log", "normal", "logit"]
Residual = Literal["log_normal", "proportional", "additive"]
Scale = Literal["log", "linear", "yes"]


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One parameter of the structure. `start`: its typical value, on its own scale; `omega`: standard deviation between
    subjects on the scale on which it is normal (0: it does not vary).

    `fixed`: the typical value is known and not estimated. `low`, `high`: where a logit parameter lies between.
    """

    name: str
    start: float
    omega: float = 0.5
    distribution: Distribution = "log"
    fixed: bool = False
    low: float = 0.0
    high: float = 1.0


class Covariate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An effect on a parameter's normal scale: coefficient times log(x / center), x - center, or x itself (yes: 0 or
    1).

    Without a `center` the median of the subjects stands for it.
    """

    parameter: str
    column: str
    scale: Scale = "log"
    center: float | None = None
    start: float = 0.0


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole model. `sigma`: where the residual standard deviation starts, in the unit of its kind of error."""

    structure: str
    parameters: tuple[Parameter, ...]
    covariates: tuple[Covariate, ...] = ()
    omega: Literal["diagonal", "full"] = "diagonal"
    error: Residual = "log_normal"
    sigma: float = 0.5
    source: str = ""
    output: str = ""
    product: str = ""
    disease: str = ""

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of a name."""
        return next((each for each in self.parameters if each.name == name), None)


def checked(model: Model) -> Model | Problem:
    """The model, or what is wrong with it.

    Problems: ``parameter_twice``, ``unknown_parameter``, ``start_outside``, ``nothing_varies``.
    """
    names = [each.name for each in model.parameters]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return Problem("parameter_twice", f"The parameter {twice[0]} stands there twice.", "Keep one of them.")
    lost = [each.parameter for each in model.covariates if each.parameter not in names]
    if lost:
        return Problem("unknown_parameter", f"A covariate acts on '{lost[0]}', which is no parameter.", _one_of(names))
    wrong = next((each for each in model.parameters if not _inside(each)), None)
    if wrong is not None:
        remedy = "A log parameter is above 0; a logit parameter lies between low and high; omega is not negative."
        return Problem("start_outside", f"The start of {wrong.name} lies outside its range.", remedy)
    if not any(each.omega > 0 for each in model.parameters):
        return Problem("nothing_varies", "No parameter varies between subjects.", "Give one an omega above 0.")
    return model


def _inside(parameter: Parameter) -> bool:
    if not parameter.omega >= 0:
        return False
    if parameter.distribution == "log":
        return parameter.start > 0
    return parameter.distribution == "normal" or parameter.low < parameter.start < parameter.high


def _one_of(names: list[str]) -> str:
    return f"Use one of: {', '.join(names)}."
