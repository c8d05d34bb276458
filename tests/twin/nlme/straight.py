"""Straight lines with normal parameters and additive error: the one mixed model whose likelihood is known exactly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cartway.twin.nlme.design import Design, bound
from cartway.twin.nlme.model import Covariate, Model, Parameter
from cartway.twin.nlme.structure import ClosedForm
from cartway.twin.nlme.study import Study

Array = NDArray[np.float64]
LINE = ClosedForm(("level", "slope"), lambda day, level, slope: level + slope * day)
DAYS = np.array([0.0, 1.0, 2.0, 4.0])


def lines(n: int, seed: int, omega: Array, effect: float = 0.0) -> Study:
    """n subjects of level 10 and slope -1, the level `effect` higher for each year over 50; error 0.5."""
    random = np.random.default_rng(seed)
    age = random.normal(50, 10, n)
    away = random.multivariate_normal([0, 0], omega, n)
    level, slope = 10 + effect * (age - 50) + away[:, 0], -1 + away[:, 1]
    subject, day = np.repeat(np.arange(n), len(DAYS)), np.tile(DAYS, n)
    value = level[subject] + slope[subject] * day + random.normal(0, 0.5, len(day))
    ids = tuple(f"s{i}" for i in range(n))
    return Study(ids, subject, day, value, np.zeros(len(day), bool), covariates={"age": age})


def line_design(study: Study, *, full: bool = False, age: bool = False, slope_varies: bool = True) -> Design:
    """The model of straight lines on a study."""
    model = Model(
        "line",
        (
            Parameter("level", 8.0, 2.0, "normal"),
            Parameter("slope", 0.0, 1.0 if slope_varies else 0.0, "normal"),
        ),
        (Covariate("level", "age", "linear", 50.0),) if age else (),
        "full" if full else "diagonal",
        "additive",
        1.0,
    )
    found = bound(model, study, LINE)
    assert isinstance(found, Design), found
    return found


def minus_twice(design: Design) -> Callable[[Array], float]:
    """-2 log-likelihood, exactly, of (coefficients, elements of omega, log sigma)."""
    study, full = design.study, design.model.omega == "full"
    blocks = [study.subject == i for i in range(len(study.ids))]

    def at(theta: Array) -> float:
        c = len(design.names)
        omega = np.zeros((2, 2))
        varying = design.varying
        if full:
            omega[:] = [[theta[c], theta[c + 1]], [theta[c + 1], theta[c + 2]]]
        else:
            omega[varying, varying] = theta[c : c + len(varying)]
        typical = design.typical(theta[:c])
        total = 0.0
        for i, block in enumerate(blocks):
            x = np.stack([np.ones(block.sum()), study.day[block]], axis=1)
            spread = x @ omega @ x.T + np.exp(2 * theta[-1]) * np.eye(len(x))
            sign, log_size = np.linalg.slogdet(spread)
            if sign <= 0:
                return 1e10
            wrong = study.value[block] - x @ typical[i]
            total += log_size + wrong @ np.linalg.solve(spread, wrong) + len(x) * np.log(2 * np.pi)
        return float(total)

    return at


def likeliest(design: Design, start: Array) -> Array:
    """Where the exact likelihood is greatest."""
    closely = {"xatol": 1e-6, "fatol": 1e-8, "maxiter": 20000, "maxfev": 20000}
    found = minimize(minus_twice(design), start, method="Nelder-Mead", options=closely)
    return np.asarray(found.x)


def bend(function: Callable[[Array], float], at: Array, wide: float = 1e-3) -> Array:
    """The Hessian by central differences."""
    unit = np.eye(len(at)) * wide
    q = range(len(at))
    return np.array(
        [
            [
                (function(at + unit[a] + unit[b]) - function(at + unit[a] - unit[b])
                 - function(at - unit[a] + unit[b]) + function(at - unit[a] - unit[b])) / (4 * wide**2)
                for b in q
            ]
            for a in q
        ]
    )  # fmt: skip
