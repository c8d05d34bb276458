"""Does the estimation find what is true? `python scripts/saem_study.py` writes docs/explanation/nlme-studies.md and
nlme/vpc.svg anew.

Studies of 60 patients are drawn from known populations and fitted as a user would fit them. An argument names one
population.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from scipy.stats import beta

from cartway.problem import Problem
from cartway.twin.nlme import (
    Covariate,
    Design,
    Estimate,
    Model,
    Parameter,
    Result,
    Row,
    Settings,
    Study,
    bound,
    check,
    load_models,
    result,
    structure_of,
    vpc,
)
from cartway.twin.nlme.design import start_of
from cartway.twin.nlme.study import Array

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "nlme-studies.md"
STUDIES, PATIENTS, LIMIT = 20, 60, 50.0
FIRST = 101
"""Studies 1 to 20 were looked at while the estimation was mended; these were not."""
DAYS = np.array([1, 4, 7, 11, 14, 21, 28, 60, 90, 180, 270, 365, 545, 730], float)
TWIN_DAYS = np.array([1, 4, 7, 11, 14, 21, 28, 60, 90, 180], float)


class Population(NamedTuple):
    """A known population. `truth`: typical values, deviations and error; `settings` of its fits."""

    name: str
    says: str
    truth: Model
    settings: Settings
    days: Array
    together: Sequence[tuple[str, str, float]] = ()
    weights: bool = False


class Score(NamedTuple):
    """One number over the studies: `wrong` and `se` as logarithms, of effects as they are."""

    kind: str
    name: str
    true: float
    wrong: Array
    se: Array
    covered: int


def stein_truth() -> Model:
    """Stein 2019 as printed, its random effects read as standard deviations."""
    values = (("foldx", 3900, 2.4), ("tmax", 9.3, 0.38), ("cmax", 24000, 0.65), ("alpha", 0.16, 0.91),
              ("fb", 0.0079, 0.80), ("beta", 0.0032, 0.86))  # fmt: skip
    return Model("stein", tuple(Parameter(*each) for each in values), sigma=0.56)


def related_truth() -> Model:
    """The same with a wide spread of weights that act on the highest level, and correlated levels and times."""
    effect = (Covariate("cmax", "weight", "log", 39.0, -0.5),)
    return msgspec.structs.replace(stein_truth(), omega="full", covariates=effect)


def twin_truth() -> Model:
    """Three parameters of the twin, about as in children with leukemia who get tisagenlecleucel."""
    values = (("rho", 1.25, 0.18), ("dE", 0.2, 0.35), ("kM", 0.005, 0.9))
    return Model(
        "twin", tuple(Parameter(*each) for each in values), sigma=0.56, output="car_t_copies",
        product="tisa-cel", disease="pediatric_b_all",
    )  # fmt: skip


POPULATIONS = (
    Population(
        "Stein's model",
        "Typical values, deviations and error as printed by Stein 2019 (doi 10.1002/psp4.12388), whose random effects "
        "are read as standard deviations; diagonal.",
        stein_truth(), Settings(), DAYS,
    ),
    Population(
        "Stein's model, related parameters and a covariate",
        "The same, with a correlation of 0.5 between the highest level and the fold of expansion and of -0.4 between "
        "the highest level and its day, and the highest level falling with the square root of weight; every "
        "correlation is estimated.",
        related_truth(), Settings(), DAYS, (("cmax", "foldx", 0.5), ("cmax", "tmax", -0.4)), True,
    ),
    Population(
        "Ogasawara's model",
        "With a lag. Typical values as published (doi 10.1007/s40262-021-01039-5); deviations, the highest level "
        "and the share of slow decline assumed.",
        msgspec.structs.replace(load_models()["ogasawara"], sigma=0.5), Settings(), DAYS,
    ),
    Population(
        "The twin",
        "Three parameters of the twin's own equations, about as in children with leukemia who get tisagenlecleucel; "
        "the rest as in the typical patient, which the fit knows.",
        twin_truth(), Settings(120, 120, 1, sweeps=60, draws=800), TWIN_DAYS,
    ),
)  # fmt: skip


def truth_of(population: Population, design: Design) -> Estimate:
    """The truth as the algorithm would hold it."""
    found = start_of(design)
    names = [design.model.parameters[p].name for p in design.varying]
    omega = found.omega.copy()
    for one, other, correlation in population.together:
        i, j = names.index(one), names.index(other)
        omega[i, j] = omega[j, i] = correlation * np.sqrt(omega[i, i] * omega[j, j])
    return found._replace(omega=omega)


def design_of(model: Model, study: Study) -> Design:
    """The model on the study; raises where it does not fit."""
    structure = structure_of(model)
    design = structure if isinstance(structure, Problem) else bound(model, study, structure)
    if isinstance(design, Problem):
        raise ValueError(str(design))
    return design


def drawn(population: Population, number: int) -> Study:
    """One study; patient k of a study is the same whatever is drawn beside it."""
    each = [np.random.Generator(np.random.Philox(key=[number, k])) for k in range(PATIENTS)]
    weight = np.array([random.lognormal(np.log(39.0), 0.5) for random in each])
    n = len(population.days)
    subject, day = np.repeat(np.arange(PATIENTS), n), np.tile(population.days, PATIENTS)
    ids = tuple(f"{number}-{k}" for k in range(PATIENTS))
    study = Study(ids, subject, day, np.ones(len(day)), np.zeros(len(day), bool), covariates={"weight": weight})
    design = design_of(population.truth, study)
    truth = truth_of(population, design)
    typical = design.typical(truth.coefficients)
    noise = np.stack([random.standard_normal(len(design.varying)) for random in each])
    phi = typical[:, design.varying] + noise @ np.linalg.cholesky(truth.omega).T
    wrong = np.concatenate([random.standard_normal(n) for random in each])
    value = design.predicted(phi[None], typical)[0] * np.exp(truth.sigma * wrong)
    below = value < LIMIT
    return study.with_values(np.where(below, LIMIT, value), below)


def away(model: Model) -> Model:
    """The model with every start away from the truth: typical values half as large again, deviations and error 1."""
    parameters = tuple(msgspec.structs.replace(p, start=1.5 * p.start, omega=1.0) for p in model.parameters)
    if model.structure == "twin":
        parameters = tuple(msgspec.structs.replace(p, start=1.1 * p.start, omega=0.5) for p in model.parameters)
    covariates = tuple(msgspec.structs.replace(c, start=0.0) for c in model.covariates)
    return msgspec.structs.replace(model, parameters=parameters, covariates=covariates, sigma=1.0)


def fitted(population: Population, number: int) -> tuple[Result, float]:
    """The fit of one study, and the share of its values below the limit."""
    study = drawn(population, number)
    found = result(design_of(away(population.truth), study), population.settings._replace(seed=number))
    return found, float(study.below.mean())


def true_value(row: Row, population: Population, sds: Array, correlation: Array, place: Sequence[int]) -> float:
    """The truth of one number."""
    match row.kind:
        case "typical":
            return next(p.start for p in population.truth.parameters if p.name == row.name)
        case "effect":
            return population.truth.covariates[0].start
        case "variability":
            return float(sds[place[0]])
        case "correlation":
            return float(correlation[place[0], place[1]])
        case "residual":
            return population.truth.sigma


def scores(population: Population, results: Sequence[Result]) -> Iterator[Score]:
    """Each number of the fits against the truth."""
    design = results[0].design
    truth = truth_of(population, design_of(population.truth, design.study))
    sds = np.sqrt(np.diag(truth.omega))
    names = [design.model.parameters[p].name for p in design.varying]
    correlation = truth.omega / np.outer(sds, sds)
    for i, row in enumerate(results[0].rows):
        rows = [found.rows[i] for found in results]
        place = [names.index(name) for name in row.name.split(":") if name in names]
        true = true_value(row, population, sds, correlation, place)
        value = np.array([each.value for each in rows])
        logarithmic = row.kind not in ("effect", "correlation")
        wrong = np.log(value / true) if logarithmic else value - true
        width = np.array([np.log(r.high / r.low) if logarithmic else r.high - r.low for r in rows]) / (2 * 1.96)
        covered = sum(each.low <= true <= each.high for each in rows)
        yield Score(row.kind, row.name, true, wrong, width, covered)


def table(found: Sequence[Score], studies: int) -> Iterator[str]:
    """The scores as rows of a page."""
    yield "| number | true | bias | RMSE | SE stated / seen | 95% intervals that hold the truth |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for score in found:
        spread = float(np.std(score.wrong, ddof=1))
        bias, error = 100 * float(score.wrong.mean()), 100 * spread / np.sqrt(studies)
        rmse = 100 * float(np.sqrt(np.mean(score.wrong**2)))
        told = np.isfinite(score.se)
        ratio = float(np.median(score.se[told])) / spread if told.any() else float("nan")
        yield (
            f"| {score.kind} {score.name} | {score.true:.4g} | {bias:+.1f} ({error:.1f}) | {rmse:.1f} "
            f"| {ratio:.2f} | {score.covered} of {studies} |"
        )


def interval(covered: int, total: int) -> tuple[float, float]:
    """The exact 95 % interval of a share (Clopper and Pearson 1934)."""
    low = float(beta.ppf(0.025, covered, total - covered + 1)) if covered else 0.0
    high = float(beta.ppf(0.975, covered + 1, total - covered)) if covered < total else 1.0
    return low, high


def section(population: Population, results: Sequence[Result], below: float) -> Iterator[str]:
    """What a page says of one population."""
    found = list(scores(population, results))
    covered, total = sum(score.covered for score in found), len(found) * len(results)
    low, high = interval(covered, total)
    failed = sum(not each.sound for each in results)
    yield f"## {population.name}"
    yield ""
    yield population.says
    yield ""
    yield (
        f"{len(results)} studies of {PATIENTS} patients, {len(population.days)} samples each, {below:.0%} of values "
        f"below the limit of {LIMIT:g}. Standard errors were found in "
        f"{len(results) - failed} of them."
    )
    yield ""
    yield from table(found, len(results))
    yield ""
    yield (
        f"Of all intervals {covered / total:.0%} hold the truth ({covered} of {total}; numbers of one study are not "
        f"independent; if they were, {low:.0%} to {high:.0%} would be its interval)."
    )
    yield ""


def run(population: Population) -> list[str]:
    """Fit the studies of one population, with progress."""
    results, below, start = [], [], time.monotonic()
    for number in range(FIRST, FIRST + STUDIES):
        found, share = fitted(population, number)
        results.append(found)
        below.append(share)
        print(f"{population.name}: {number - FIRST + 1} of {STUDIES}, {time.monotonic() - start:.0f} s", flush=True)
    return list(section(population, results, float(np.mean(below))))


HEAD = """# Does the estimation find what is true?

Written by `python scripts/saem_study.py`. Simulated studies with known parameters are fitted as a user would fit them,
from starts away from the truth: typical values half as large again and deviations of 1 (the twin's: a tenth, and 0.5).
Values below the limit of quantification are told as such (M3). Sampling days and the limit are assumed.
The studies of the twin were made with its body 2026.1; since then the body has changed, the estimation has not.

*Bias*: the mean of log(estimate / true) in percent, its Monte Carlo error in brackets; for effects and correlations the
mean difference times 100. *RMSE*: likewise. *SE stated / seen*: the median standard error over the standard deviation
of the estimates. Twenty studies do not tell a coverage of 95% from one of 90%: where it is 95%, 17 of 20 intervals or
more hold the truth in 98% of such tables.

While the estimation was written it was tried on other studies of the same populations (numbers 1 to 20) and mended
after what they showed: with correlations it was first caught in singular covariances, and standard errors were missing
in 11 of 20. A fourth parameter of the twin (dM, the slow decline) was left out after those studies: samples to day 180
do not tell how it varies (bias of its deviation -44%, standard errors in 11 of 20).
"""


def picture() -> str:
    """The predictive check of the first study, as docs/explanation/nlme.md shows it."""
    found, _ = fitted(POPULATIONS[0], 1)
    study = found.design.study._replace(what="car_t_copies", unit="/ug{DNA}")
    return vpc(check(found.design, found.estimate, 500, 1), study, simulated=True)


def main(asked: Sequence[str]) -> int:
    """Write the page; where populations are named, print what it would say of them."""
    lines = [line for each in POPULATIONS if not asked or each.name in asked for line in run(each)]
    if asked:
        print("\n".join(lines))
    else:
        PAGE.write_text("\n".join([HEAD, *lines]).rstrip() + "\n", "utf-8")
        (PAGE.parent / "nlme" / "vpc.svg").write_text(picture(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
