"""Lymphodepletion: what the label's regimen comes to for this body and these kidneys, and why no dose is shown.

The label says; nobody is told to give. No dose comes of a number that may not be used, or of one not confirmed.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.measured import height, weight
from cartway.pathway.conditioning.renal import FLUDARABINE, Renal, renal_function
from cartway.pathway.conditioning.surface import Surface, surface_area
from cartway.pathway.products import Regimen, RegimenDrug, product, regimens

RENAL = "fludarabine"  # the drug whose dose follows renal function in these regimens


class Refusal(msgspec.Struct, frozen=True):
    """Why no dose is worked out: a code, a sentence, the policy that decided, and the sources to read instead."""

    code: str
    words: str
    policy: str = ""
    quotes: tuple[Source, ...] = ()


class DrugDose(msgspec.Struct, frozen=True):
    """One drug as the label prints it, and what it comes to a day: `mg` rounded, `exact_mg` before rounding.

    Both are None where there are refusals.
    """

    drug: str
    mg_m2: Decimal
    times: int
    days: tuple[int, ...]
    course_days: tuple[int, ...]
    mg: Decimal | None = None
    exact_mg: Decimal | None = None
    refusals: tuple[Refusal, ...] = ()

    @property
    def printed(self) -> str:
        """The label's words for it."""
        return f"{self.drug} {self.mg_m2.normalize():f} mg/m2 a day, {self.times} days"


class RegimenDoses(msgspec.Struct, frozen=True):
    """A regimen of the label with its doses."""

    regimen: Regimen
    doses: tuple[DrugDose, ...]


class Lymphodepletion(msgspec.Struct, frozen=True):
    """The regimens that the label names for this course, the usual one first, with what the doses rest on.

    `refusals`: why there is none at all (product, label).
    """

    surface: Surface
    renal: Renal
    regimens: tuple[RegimenDoses, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    rounding_mg: Decimal = Decimal(1)

    @property
    def usual(self) -> RegimenDoses | None:
        """The regimen that is not for a stated condition only."""
        return next((each for each in self.regimens if not each.regimen.alternative), None)


def lymphodepletion(case: Case) -> Lymphodepletion:
    """The doses of a course now, by the label in force on the day of infusion; on this day where none is planned."""
    of_weight = weight(case)
    surface, renal = surface_area(height(case), of_weight), renal_function(case, of_weight)
    step = Decimal(repr(case.policies.number("lymphodepletion_rounding_mg")))
    why = _no_regimen(case)
    if why is not None:
        return Lymphodepletion(surface, renal, (), (why,), step)
    found = tuple(
        RegimenDoses(regimen, tuple(_dose(case, regimen, drug, surface, renal, step) for drug in regimen.drugs))
        for regimen in regimens_of(case)
    )
    return Lymphodepletion(surface, renal, found, (), step)


def regimens_of(case: Case) -> tuple[Regimen, ...]:
    """The label's regimens for the course's product and disease, in its order, each once."""
    on = case.day_zero or case.today
    found = [row for group in case.groups for row in regimens(case.product, group, on, case.jurisdiction)]
    return tuple({row.id: row for row in found}.values())


def _no_regimen(case: Case) -> Refusal | None:
    """Why no regimen can be named."""
    if len(case.products_named) > 1:
        return Refusal("two_products", f"The course names two products: {', '.join(case.products_named)}.")
    known = product(case.product) if case.product else None
    if known is None:
        return Refusal("no_product", "No product is chosen, or nothing is held of it.")
    if known.lymphodepletion == "none":
        return Refusal("none_needed", f"{known.title} is given without lymphodepletion.")
    if not case.groups:
        return Refusal("no_diagnosis", "There is no diagnosis: the label's regimen depends on it.")
    usual = [row for row in regimens_of(case) if not row.alternative]
    if not usual:
        words = (
            f"No text of a {case.jurisdiction} label on lymphodepletion before {known.title} is held for this disease."
        )
        return Refusal("no_label", words)
    if len(usual) > 1:
        return Refusal("two_regimens", "More than one regimen of the label fits this diagnosis.", "", _sources(usual))
    return None


def _sources(rows: list[Regimen]) -> tuple[Source, ...]:
    return tuple(row.source for row in rows)


def _dose(case: Case, regimen: Regimen, drug: RegimenDrug, surface: Surface, renal: Renal, step: Decimal) -> DrugDose:
    printed = Decimal(repr(drug.mg_m2))
    bare = DrugDose(drug.drug, printed, drug.times, drug.days, drug.course_days)
    refusals = (
        *_of_source(regimen),
        *_of_numbers(regimen, surface, renal),
        *(_of_kidneys(case, renal) if drug.drug == RENAL else ()),
    )
    if refusals or surface.m2 is None:
        return msgspec.structs.replace(bare, refusals=refusals)
    exact = printed * surface.m2
    mg = (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return msgspec.structs.replace(bare, mg=mg, exact_mg=exact)


def _of_source(regimen: Regimen) -> tuple[Refusal, ...]:
    """A regimen whose text was not seen is quoted, never worked out."""
    if regimen.source.confirmed:
        return ()
    words = "The regimen is not confirmed from the label's text: no dose is worked out of it."
    return (Refusal("not_confirmed", words, "", (regimen.source,)),)


def _of_numbers(regimen: Regimen, surface: Surface, renal: Renal) -> tuple[Refusal, ...]:
    """Numbers that may not be used. A creatinine that may not be used stops every drug: it may be another patient's."""
    unfit = {each.what: each for each in (*surface.unfit, *renal.unfit)}
    return tuple(
        Refusal(
            f"{each.what}_{each.flaw.replace(' ', '_')}", f"{each.label}: {each.words}", each.policy, (regimen.source,)
        )
        for each in unfit.values()
    )


def _of_kidneys(case: Case, renal: Renal) -> tuple[Refusal, ...]:
    """No number for reduced renal function is printed for these regimens: the sources are quoted instead."""
    if renal.ml_min is None:
        return () if renal.unfit else (Refusal("renal_function_unknown", renal.because, "", FLUDARABINE),)
    policy = "fludarabine_full_dose_from_ml_min"
    limit = case.policies.number(policy)
    if renal.ml_min >= Decimal(repr(limit)):
        return ()
    words = (
        f"The creatinine clearance is {renal.ml_min} mL/min ({renal.method}), below {limit:g}: the labels reduce "
        "fludarabine, and no confirmed number is held for this regimen."
    )
    return (Refusal("renal_function_reduced", words, policy, FLUDARABINE),)
