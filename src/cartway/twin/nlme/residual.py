"""Residual error: how a measurement scatters about the prediction, and what a value below the limit tells (M3).

The likelihood of a value below the limit of quantification is the chance of it (method M3 of Beal 2001, doi
10.1023/A:1012299115260). Where the algorithm needs the value itself, it is drawn below the limit (Samson, Lavielle,
Mentre 2006, doi 10.1016/j.csda.2006.05.007).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from cartway.twin.nlme.model import Residual

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.twin.nlme.study import Array, Study

LEAST = 1e-30
HALF_LOG_TWO_PI = 0.9189385332046727


class Error(NamedTuple):
    """One kind of residual error over the observations of a study: on the scale u, value = prediction + sigma w e."""

    kind: Residual
    study: Study
    first: NDArray[np.int64]
    seen: Array  # u(value), float64[N]
    constant: Array  # log u'(value) summed over each subject's values, float64[n]

    @classmethod
    def of(cls, kind: Residual, study: Study) -> Error:
        """The error model of a study's observations."""
        seen = np.log(study.value) if kind == "log_normal" else study.value
        constant = np.where(study.below, 0.0, -seen - HALF_LOG_TWO_PI if kind == "log_normal" else -HALF_LOG_TWO_PI)
        return cls(kind, study, study.first, seen, np.add.reduceat(constant, study.first))

    def standard(self, predicted: Array) -> tuple[Array, Array]:
        """(value - prediction) / w and log w of predictions [..., N], before division by sigma."""
        if self.kind == "log_normal":
            return self.seen - np.log(np.maximum(predicted, LEAST)), np.zeros(())
        if self.kind == "additive":
            return self.seen - predicted, np.zeros(())
        weight = np.maximum(np.abs(predicted), LEAST)
        return (self.seen - predicted) / weight, np.log(weight)

    def log_likelihood(self, predicted: Array, sigma: float) -> Array:
        """Log-likelihood of each subject, float64[..., n], of predictions [..., N]."""
        wrong, log_weight = self.standard(predicted)
        z = wrong / sigma
        each = -0.5 * z * z - np.log(sigma) - log_weight
        below = self.study.below
        if below.any():
            each[..., below] = log_ndtr(z[..., below])
        found: Array = np.add.reduceat(each, self.first, axis=-1) + self.constant
        return found

    def completed(self, predicted: Array, sigma: float, random: np.random.Generator) -> tuple[Array, Array]:
        """Standardized residuals [..., N], those below the limit drawn below it; and log w."""
        wrong, log_weight = self.standard(predicted)
        below = self.study.below
        if below.any():
            chance = log_ndtr(wrong[..., below] / sigma) + np.log(random.random(wrong[..., below].shape))
            wrong[..., below] = sigma * ndtri_exp(chance)
        return wrong, log_weight

    def draw(self, predicted: Array, sigma: float, random: np.random.Generator) -> Array:
        """Simulated values of predictions [..., N]."""
        noise = sigma * random.standard_normal(predicted.shape)
        if self.kind == "log_normal":
            return predicted * np.exp(noise)
        return predicted + noise * (predicted if self.kind == "proportional" else 1.0)
