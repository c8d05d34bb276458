"""The population as a linear model: its coefficients, and what they make of a subject's normal parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from cartway.problem import Problem
from cartway.twin.nlme.model import Covariate, Model, Parameter, checked
from cartway.twin.nlme.residual import Error
from cartway.twin.nlme.scale import normal, own
from cartway.twin.nlme.structure import Structure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.twin.nlme.study import Array, Study


class Estimate(NamedTuple):
    """All that is estimated. `coefficients` float64[c]: typical values and covariate effects, on the normal scale;
    `omega` float64[r, r]: covariance of the parameters that vary; `sigma`: residual standard deviation.
    """

    coefficients: Array
    omega: Array
    sigma: float


class Design(NamedTuple):
    """A model bound to a study. Of P parameters R vary (`varying`, places).

    Coefficient c acts on parameter `acts_on[c]` by `columns[:, c]` (1 for a typical value), float64[n, C]. `free`: the
    coefficients of varying parameters that are estimated, `plain`: those of parameters that do not vary.
    """

    model: Model
    study: Study
    error: Error
    predict: Callable[[Array], Array]
    names: tuple[str, ...]
    acts_on: NDArray[np.int64]
    columns: Array
    varying: NDArray[np.int64]
    free: NDArray[np.int64]
    plain: NDArray[np.int64]

    def typical(self, coefficients: Array) -> Array:
        """Each subject's expected parameters on the normal scale, float64[n, P]."""
        found = np.zeros((len(self.study.ids), len(self.model.parameters)))
        for c, place in enumerate(self.acts_on):
            found[:, place] += coefficients[c] * self.columns[:, c]
        return found

    def predicted(self, phi: Array, typical: Array) -> Array:
        """Predictions float64[k, N] of the varying parameters phi float64[k, n, R]; the others are as is typical."""
        psi = np.empty((len(phi), *typical.shape))
        psi[:] = typical
        psi[..., self.varying] = phi
        for p, parameter in enumerate(self.model.parameters):
            psi[..., p] = own(psi[..., p], parameter)
        return self.predict(psi)

    def log_likelihood(self, phi: Array, typical: Array, sigma: float) -> Array:
        """Log-likelihood of each subject's values, float64[k, n]; minus infinity where the prediction fails."""
        found = self.error.log_likelihood(self.predicted(phi, typical), sigma)
        return np.where(np.isfinite(found), found, -np.inf)


def bound(model: Model, study: Study, structure: Structure) -> Design | Problem:
    """A model bound to a study.

    Problems: those of `checked`; ``wrong_parameters``, ``no_observation``, ``value_not_positive``,
    ``unknown_covariate``, ``covariate_missing``, ``covariate_not_positive``, ``covariate_constant``.
    """
    found = checked(model)
    if isinstance(found, Problem):
        return found
    given, needed = {each.name for each in model.parameters}, set(structure.parameters)
    if given != needed:
        odd = ", ".join(sorted(given ^ needed))
        remedy = f"The structure {model.structure} has: {', '.join(structure.parameters)}."
        return Problem("wrong_parameters", f"Missing or unknown parameters: {odd}.", remedy)
    problem = _unfit(study, model)
    if problem is not None:
        return problem
    ordered = tuple(each for name in structure.parameters if (each := model.parameter(name)))
    return _design(msgspec.structs.replace(model, parameters=ordered), study, structure)


def _unfit(study: Study, model: Model) -> Problem | None:
    if len(study.ids) < 2 or not len(study.value):
        return Problem("no_observation", "There are fewer than two subjects with observations.", "Check the columns.")
    if model.error != "additive" and not (study.value > 0).all():
        odd = study.ids[int(study.subject[np.argmax(study.value <= 0)])]
        remedy = "Give a limit of quantification, so that it counts as below it, or an additive error."
        reason = f"A {model.error.replace('_', '-')} error has no place for a level of 0 or less (subject {odd})."
        return Problem("value_not_positive", reason, remedy)
    return None


def _column(covariate: Covariate, study: Study) -> Array | Problem:
    """The covariate as its coefficient is multiplied by it, float64[n]."""
    name = covariate.column
    if name not in study.covariates:
        known = ", ".join(sorted(study.covariates)) or "none"
        return Problem("unknown_covariate", f"There is no covariate '{name}'.", f"The data have: {known}.")
    value = study.covariates[name]
    if np.isnan(value).any():
        odd = study.ids[int(np.argmax(np.isnan(value)))]
        return Problem("covariate_missing", f"{name} is not known of subject {odd}.", "Fill it in, or leave it out.")
    if np.ptp(value) == 0:
        return Problem("covariate_constant", f"{name} is the same in every subject.", "Leave it out.")
    if covariate.scale == "log" and not (value > 0).all():
        return Problem("covariate_not_positive", f"{name} has no logarithm in every subject.", "Use linear or yes.")
    center = float(np.median(value)) if covariate.center is None else covariate.center
    match covariate.scale:
        case "log":
            return np.log(value / center)
        case "linear":
            return value - center
        case "yes":
            return value


def _design(model: Model, study: Study, structure: Structure) -> Design | Problem:
    names, acts_on, columns = [], [], []
    for place, parameter in enumerate(model.parameters):
        names.append(parameter.name)
        acts_on.append(place)
        columns.append(np.ones(len(study.ids)))
        for covariate in (each for each in model.covariates if each.parameter == parameter.name):
            column = _column(covariate, study)
            if isinstance(column, Problem):
                return column
            names.append(f"{parameter.name}:{covariate.column}")
            acts_on.append(place)
            columns.append(column)
    varies = [parameter.omega > 0 for parameter in model.parameters]
    known = [_known(name, model.parameters[place]) for name, place in zip(names, acts_on, strict=True)]
    return Design(
        model, study, Error.of(model.error, study), structure.bind(study), tuple(names), np.array(acts_on),
        np.stack(columns, axis=1), np.flatnonzero(varies),
        np.array([c for c, p in enumerate(acts_on) if varies[p] and not known[c]], np.int64),
        np.array([c for c, p in enumerate(acts_on) if not varies[p] and not known[c]], np.int64),
    )  # fmt: skip


def _known(name: str, parameter: Parameter) -> bool:
    """Whether a coefficient is the typical value of a parameter that is not estimated."""
    return parameter.fixed and name == parameter.name


def start_of(design: Design) -> Estimate:
    """Where estimation starts."""
    effects = {f"{each.parameter}:{each.column}": each.start for each in design.model.covariates}
    typical = {each.name: normal(each.start, each) for each in design.model.parameters}
    omegas = np.array([design.model.parameters[p].omega for p in design.varying])
    coefficients = np.array([{**effects, **typical}[name] for name in design.names])
    return Estimate(coefficients, np.diag(omegas**2), design.model.sigma)
