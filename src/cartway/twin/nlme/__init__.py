"""Populations of real data: nonlinear mixed effects by SAEM, of levels measured over time in many subjects.

study = read_nonmem(text)                      # or read_courses(facts by course)
model = load_models()["stein"]
design = bound(started(model, study, structure), study, structure := structure_of(model))
found = result(design, Settings(seed=1))       # found.rows: estimates with errors and intervals
"""

from cartway.twin.nlme.check import Check, check, simulate
from cartway.twin.nlme.design import Design, Estimate, bound
from cartway.twin.nlme.facts import Read, read_courses
from cartway.twin.nlme.model import Covariate, Model, Parameter, checked
from cartway.twin.nlme.models import load_models, read_model, started, structure_of
from cartway.twin.nlme.nonmem import Options, is_nonmem, read_nonmem
from cartway.twin.nlme.picture import vpc, vpc_panels
from cartway.twin.nlme.result import Result, Row, result
from cartway.twin.nlme.saem import Settings, fit
from cartway.twin.nlme.study import Dose, Study

__all__ = [
    "Check", "Covariate", "Design", "Dose", "Estimate", "Model", "Options", "Parameter", "Read", "Result", "Row",
    "Settings", "Study", "bound", "check", "checked", "fit", "is_nonmem", "load_models", "read_courses", "read_model",
    "read_nonmem", "result", "simulate", "started", "structure_of", "vpc", "vpc_panels",
]  # fmt: skip
