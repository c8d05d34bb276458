"""EASIX and its kin: lactate dehydrogenase, with creatinine or C-reactive protein, over platelets.

EASIX: Luft T, et al. Lancet Haematol 2017;4:e414-e423. Simplified and modified: Pennisi M, et al. Blood Adv
2021;5(17):3397-3406. Each is a continuous value; published cut-offs differ by cohort, so none is built in.
"""

from __future__ import annotations

import math

from cartway.toxicity.scores.chart import Chart, ages, apart, joined
from cartway.toxicity.scores.model import Choices, Part, Score, family_source, table


def easix(name: str, chart: Chart, choices: Choices) -> Score:
    """One of the family, or None with what is missing; platelets of 0 have no index."""
    rows = table("easix")[name]["parts"]
    parts = tuple(_part(chart, row, choices) for row in rows)
    missing = tuple(part.what for part in parts if part.value is None)
    asked = {str(row["what"]): str(row["words"]) for row in rows}
    notes, policies = joined(ages(chart, asked, choices), apart(parts, choices))
    values = [part.value for part in parts if part.value is not None]
    if missing:
        return Score(name, None, family_source("easix", name), parts, missing, notes=notes, policies=policies)
    if values[-1] == 0.0:
        none = ("With platelets of 0 there is no index.", *notes)
        return Score(name, None, family_source("easix", name), parts, notes=none, policies=policies)
    index = math.prod(values[:-1]) / values[-1]
    log = (f"log2 is {math.log2(index):.3f}.",) if index > 0 else ()
    return Score(name, index, family_source("easix", name), parts, notes=(*log, *notes), policies=policies)


def _part(chart: Chart, row: dict[str, str | float], choices: Choices) -> Part:
    """A factor in the index's own unit; the divisor stands last in the table."""
    fact = chart.fresh(str(row["what"]), choices)
    value = None if fact is None or fact.value is None else round(fact.value * float(row["factor"]), 9)
    return Part(str(row["what"]), str(row["words"]), value, str(row["unit"]), fact.at if fact else None)
