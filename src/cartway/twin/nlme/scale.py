"""From the scale on which a parameter is normal between subjects to its own, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cartway.twin.nlme.model import Parameter

if TYPE_CHECKING:
    from cartway.twin.nlme.study import Array

FARTHEST = 250.0
"""No parameter's logarithm or logit is let farther from 0: its exponential stays a number."""


def own(phi: Array, parameter: Parameter) -> Array:
    """The parameter on its own scale, of its normal scale. Any shape."""
    if parameter.distribution == "normal":
        return phi
    bounded = np.clip(phi, -FARTHEST, FARTHEST)
    if parameter.distribution == "log":
        return np.exp(bounded)
    return parameter.low + (parameter.high - parameter.low) / (1 + np.exp(-bounded))


def normal(value: float, parameter: Parameter) -> float:
    """The parameter on its normal scale, of its own."""
    if parameter.distribution == "normal":
        return value
    if parameter.distribution == "log":
        return float(np.log(value))
    return float(np.log((value - parameter.low) / (parameter.high - value)))


def slope(phi: float, parameter: Parameter) -> float:
    """How fast the parameter on its own scale changes with its normal scale."""
    value = float(own(np.array(phi), parameter))
    if parameter.distribution == "normal":
        return 1.0
    if parameter.distribution == "log":
        return value
    return (value - parameter.low) * (parameter.high - value) / (parameter.high - parameter.low)
