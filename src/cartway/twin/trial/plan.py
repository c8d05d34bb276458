"""The plan of a virtual trial, as its TOML file says it: arms, sizes, endpoints, repeats. Read whole or refused."""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from cartway.problem import Problem
from cartway.twin.policy import policy_of
from cartway.twin.population import (
    Lymphodepletion,
    Prior,
    Regimen,
    disease_of,
    mismatch,
    prior_of,
    product_of,
    regimen_of,
)
from cartway.twin.seeds import MOST as SEEDS
from cartway.twin.trial.measures import Kind, Measure, load_measures

MOST_PATIENTS = 200_000
"""Virtual patients in all: more take hours, and tell nothing more."""
MOST_CELLS, MOST_CELLS_PER_KG = 1e11, 1e9
"""A hundred times what anybody gives; beyond it a dose is a slip of the pen."""
FARTHEST = 1e6
"""How many times a median may be more or less than the model's own."""


class Dose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """CAR T cells to give: flat or for each kilogram; one of the two."""

    cells: float | None = None
    cells_per_kg: float | None = None


class Arm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One arm. What is not said is as the product is usually given.

    `lymphodepletion`: how strong each day is, as a share of fludarabine 30 and cyclophosphamide 500 mg/m2; 0 is none.
    `bridged`: the share of patients who get bridging therapy. `medians`: further medians of the model's parameters.
    """

    name: str
    product: str
    policy: str = "label"
    dose: Dose | None = None
    lymphodepletion: float | None = None
    bridged: float | None = None
    medians: dict[str, float] = {}


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is compared. `measure`: a name of measures.toml. A number becomes yes or no by `at_least`. `against`:
    one arm by itself, tested against this share that nothing better would reach.
    """

    measure: str
    name: str = ""
    at_least: float | None = None
    against: float | None = None
    primary: bool = False


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A virtual trial. `size`: patients an arm; `sizes`: further sizes whose power is asked for; `days`: follow-up of
    the first patient; `accrual_days`: over how many the patients come, so that the last one is followed for less.
    `repeats`: how often the whole trial is run. The first arm is the control.
    """

    title: str
    disease: str
    size: int
    arm: tuple[Arm, ...]
    endpoint: tuple[Endpoint, ...]
    seed: int = 1
    repeats: int = 100
    sizes: tuple[int, ...] = ()
    days: float = 730.0
    accrual_days: float = 0.0
    alpha: float = 0.05
    site: str = "tidy"

    @property
    def all_sizes(self) -> tuple[int, ...]:
        """Every size asked for, in order."""
        return tuple(sorted({self.size, *self.sizes}))

    @property
    def patients(self) -> int:
        """How many virtual patients the whole takes: those of each arm, and the control's once more."""
        return (len(self.arm) + 1) * self.repeats * self.all_sizes[-1]


def read_plan(text: str) -> Plan | Problem:
    """The plan in a TOML text. Problem: ``wrong_trial_plan``, with the place of what is wrong."""
    try:
        plan = msgspec.toml.decode(text, type=Plan)
    except msgspec.ValidationError as failure:
        reason, _, place = str(failure).partition(" - at ")
        return _wrong(f"The plan does not fit: {reason}.", place=place.strip("`"))
    except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as failure:  # also of Python's own reader
        return _wrong(f"The plan is no TOML: {failure}.")
    return next((problem for problem in _problems(plan) if problem), plan)


def _wrong(reason: str, remedy: str = "See docs/how-to/virtual-trial.md.", place: str = "") -> Problem:
    return Problem("wrong_trial_plan", reason, remedy, place)


def _problems(plan: Plan) -> list[Problem | None]:
    found = [
        _numbers(plan),
        *(_arm(arm, plan.disease) for arm in plan.arm),
        *(_endpoint(each) for each in plan.endpoint),
    ]
    found.append(_names(plan))
    names = [arm.name for arm in plan.arm]
    if len(set(names)) < len(names):
        found.append(_wrong("Two arms have the same name.", "Give each arm its own."))
    heads = [title_of(each) for each in plan.endpoint]
    if len(set(heads)) < len(heads):
        found.append(_wrong("Two endpoints have the same name.", "Give each endpoint a name of its own."))
    return found


def _numbers(plan: Plan) -> Problem | None:
    if not plan.arm or not plan.endpoint:
        return _wrong("A trial has at least one [[arm]] and one [[endpoint]].")
    if min(plan.all_sizes) < 2:
        return _wrong("Arms have at least two patients.", "Raise size or sizes.", "size")
    if plan.repeats < 1:
        return _wrong("A trial is run at least once.", "Raise repeats.", "repeats")
    if not 30 <= plan.days <= 730:
        return _wrong("Follow-up is 30 to 730 days.", "Change days.", "days")
    if not 0 <= plan.accrual_days <= plan.days - 30:
        return _wrong("Follow-up is 30 to 730 days, for the last patient too.", "Change accrual_days.", "accrual_days")
    if not 0 < plan.alpha < 1:
        return _wrong("alpha lies between 0 and 1.", "Write 0.05.", "alpha")
    if plan.site not in ("tidy", "messy"):
        return _wrong(f"There is no site '{plan.site}'.", "Known: tidy, messy.", "site")
    if not 0 <= plan.seed < SEEDS:
        return _wrong("A seed is a whole number from 0 to 2**64 - 1.", "Write another, such as 1.", "seed")
    if plan.patients > MOST_PATIENTS:
        remedy = f"At most {MOST_PATIENTS:,}: lower size, sizes or repeats."
        return _wrong("The plan asks for too many virtual patients.", remedy, "size")
    return None


def _names(plan: Plan) -> Problem | None:
    """Names stand in pages and pictures, which cannot hold what has no form, and tell arms apart."""
    said = [("title", plan.title), *(("arm", arm.name) for arm in plan.arm)]
    for place, name in (*said, *(("endpoint", each.name) for each in plan.endpoint if each.name)):
        if not name.strip() or not name.isprintable():
            return _wrong(f"A name of {place} is empty or cannot be shown.", "Write it in plain words.", place)
    return None


def _arm(arm: Arm, disease_name: str) -> Problem | None:
    place = f"arm '{arm.name}'"
    product, disease, policy = product_of(arm.product), disease_of(disease_name), policy_of(arm.policy)
    for each in (product, disease, policy):
        if isinstance(each, Problem):
            return each.at(place)
    if isinstance(product, Problem) or isinstance(disease, Problem):
        return None
    strange = mismatch(product, disease)
    if strange:
        return strange.at(place)
    found = (*_medians(arm.medians, prior_of(product, disease)), *_given(arm))
    return found[0].at(f"{place}, {found[0].place}") if found else None


def _medians(medians: dict[str, float], prior: Prior) -> Iterator[Problem]:
    remedy = "See docs/reference/twin-model.md."
    for name, median in medians.items():
        usual = prior.every.get(name)
        if name == "negative_share":
            if not 0 <= median <= 1:
                yield _wrong("negative_share is a share between 0 and 1.", "Change it.", f"medians.{name}")
        elif usual is None:
            yield _wrong(f"The model has no parameter '{name}'.", remedy, "medians")
        elif usual.kind == "uniform" or name == "BN0":
            yield _wrong("It is drawn by chance and has no median.", "Leave it out.", f"medians.{name}")
        elif not usual.median / FARTHEST <= median <= usual.median * FARTHEST:
            reason = f"A median is a number above 0, not a million times off the model's ({usual.median:.4g})."
            yield _wrong(reason, remedy, f"medians.{name}")


def _given(arm: Arm) -> Iterator[Problem]:
    dose = arm.dose or Dose(cells=1.0)
    if (dose.cells is None) == (dose.cells_per_kg is None):
        yield _wrong("A dose is cells or cells_per_kg.", "Write one of the two.", "dose")
    for name, cells, most in (
        ("cells", dose.cells, MOST_CELLS),
        ("cells_per_kg", dose.cells_per_kg, MOST_CELLS_PER_KG),
    ):
        if cells is not None and not 0 < cells <= most:
            yield _wrong(f"A dose is above 0 and at most {most:g} {name}.", "Write the cells to give.", f"dose.{name}")
    for name, share, most in (("lymphodepletion", arm.lymphodepletion, 3), ("bridged", arm.bridged, 1)):
        if share is not None and not 0 <= share <= most:
            yield _wrong(f"{name} lies between 0 and {most}.", "Change it.", name)


def _endpoint(each: Endpoint) -> Problem | None:
    measure = load_measures().get(each.measure)
    place = f"endpoint '{each.name or each.measure}'"
    if measure is None:
        return _wrong(f"There is no measure '{each.measure}'.", f"Known: {', '.join(load_measures())}.", place)
    if each.at_least is not None and measure.kind != "number":
        return _wrong("at_least makes yes or no of a number; this measure is none.", "Leave it out.", place)
    if each.at_least is not None and not math.isfinite(each.at_least):
        return _wrong("at_least is a number.", "Write the number from which it is a yes.", place)
    if each.against is not None and (kind_of(each) != "share" or not 0 < each.against < 1):
        return _wrong("against is a share between 0 and 1 that a yes or no is tested against.", "Change it.", place)
    return None


def kind_of(endpoint: Endpoint) -> Kind:
    """What kind of endpoint it is, after `at_least`."""
    return "share" if endpoint.at_least is not None else load_measures()[endpoint.measure].kind


def measure_of(endpoint: Endpoint) -> Measure:
    """Its measure."""
    return load_measures()[endpoint.measure]


def title_of(endpoint: Endpoint) -> str:
    """Its name, else its measure's, with what `at_least` adds."""
    if endpoint.name:
        return endpoint.name
    measure = load_measures().get(endpoint.measure)
    words = measure.name if measure else endpoint.measure
    return words if endpoint.at_least is None else f"{words}, {endpoint.at_least:g} or more"


def primary_of(plan: Plan) -> Endpoint:
    """The primary endpoint: the first that says so, else the first."""
    return next((each for each in plan.endpoint if each.primary), plan.endpoint[0])


def given_in(arm: Arm, disease_name: str) -> Regimen:
    """How the product is given in an arm of a sound plan."""
    product, disease = product_of(arm.product), disease_of(disease_name)
    if isinstance(product, Problem) or isinstance(disease, Problem):
        raise ValueError("the plan was not read by read_plan")
    usual = regimen_of(product, disease)
    if arm.dose is not None:
        usual = msgspec.structs.replace(
            usual, cells=arm.dose.cells, cells_per_kg=arm.dose.cells_per_kg, levels=(), most_cells=None
        )
    if arm.lymphodepletion is not None:
        usual = msgspec.structs.replace(usual, lymphodepletion=_as_strong(usual.lymphodepletion, arm.lymphodepletion))
    return usual if arm.bridged is None else msgspec.structs.replace(usual, bridged=arm.bridged)


def _as_strong(usual: Lymphodepletion, share: float) -> Lymphodepletion:
    if share == 0:
        return msgspec.structs.replace(usual, days=(), intensity=0.0, drugs="none")
    words = (
        usual.drugs if share == usual.intensity else f"{share:g} of fludarabine 30, cyclophosphamide 500 mg/m2 a day"
    )
    return msgspec.structs.replace(usual, intensity=share, drugs=words)
