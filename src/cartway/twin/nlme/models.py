"""Models by name or from a file, and the structures that they name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cartway.problem import Problem
from cartway.twin.nlme.body import Body, body_of, typical_of
from cartway.twin.nlme.model import Model, checked
from cartway.twin.nlme.structure import CLOSED_FORMS, Structure

if TYPE_CHECKING:
    from cartway.twin.nlme.study import Study

TWIN = "twin"


@cache
def load_models() -> Mapping[str, Model]:
    """The models that have a name."""
    text = resources.files("cartway.twin.nlme").joinpath("models.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=dict[str, Model])


def read_model(text: str) -> Model | Problem:
    """A model of the text of a TOML file, laid out as those of models.toml.

    Problems: ``not_a_model`` and those of `checked`.
    """
    try:
        return checked(msgspec.toml.decode(text, type=Model))
    except msgspec.DecodeError as failure:
        remedy = "docs/explanation/nlme.md shows a model."
        return Problem("not_a_model", f"It is no model: {failure}.", remedy)


def structure_of(model: Model) -> Structure | Problem:
    """The structure that a model names.

    Problems: ``unknown_structure`` and those of `body_of`.
    """
    if model.structure in CLOSED_FORMS:
        return CLOSED_FORMS[model.structure]
    if model.structure == TWIN:
        return body_of(model)
    known = ", ".join((*CLOSED_FORMS, TWIN))
    return Problem("unknown_structure", f"There is no structure '{model.structure}'.", f"Use one of: {known}.")


def started(model: Model, study: Study, structure: Structure) -> Model:
    """The model with starts from the data, where they tell them: the median of the subjects' highest levels and of
    their days; for the twin from the population of its product and disease.
    """
    told = typical_of(structure) if isinstance(structure, Body) else _highest(study)
    starts = {each.name: told[each.name] for each in model.parameters if told.get(each.name, 0.0) > 0}
    parameters = tuple(
        msgspec.structs.replace(each, start=starts.get(each.name, each.start)) for each in model.parameters
    )
    return msgspec.structs.replace(model, parameters=parameters)


def _highest(study: Study) -> Mapping[str, float]:
    seen = np.where(study.below, 0.0, study.value)
    edges = [*study.first, len(seen)]
    tops = [a + int(np.argmax(seen[a:b])) for a, b in pairwise(edges)]
    tops = [top for top in tops if seen[top] > 0]
    if not tops:
        return {}
    return {"cmax": float(np.median(seen[tops])), "tmax": float(np.median(study.day[tops]))}
