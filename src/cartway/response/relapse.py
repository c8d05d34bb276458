"""What kind of relapse: the target lost or kept, another lineage, or only outside the marrow.

Papers on relapse after CAR T cells tell these kinds apart; no guideline that was seen defines them, and the
cut-off for a lost target is a policy of the center.
"""

from __future__ import annotations

from cartway.pathway.products import product
from cartway.record import Fact
from cartway.response.measured import Assessments, detail_number, exact
from cartway.response.model import Choices
from cartway.times import Instant

LINEAGE_SWITCH = "lineage_switch"
ANTIGEN_NEGATIVE = "antigen_negative"
ANTIGEN_POSITIVE = "antigen_positive"
EXTRAMEDULLARY = "isolated_extramedullary"
NOT_TESTED = "not_tested"

MARROW_RELAPSE_PERCENT = 5


def relapse_of(measured: Assessments, progressed_at: Instant | None, choices: Choices) -> tuple[str, tuple[str, ...]]:
    """The kind of relapse or progression and why; both empty where there was none.

    Another lineage goes before a lost target, that before disease only outside the marrow, that before a kept target.
    """
    if progressed_at is None:
        return "", ()
    facts = _of_relapse(measured, progressed_at)
    antigen, told = _antigen(facts, targets_of(measured), choices)
    lineage, outside = _lineage(facts), _only_outside(facts)
    because = tuple(each for each in (lineage, told, outside) if each)
    if lineage:
        return LINEAGE_SWITCH, because
    if outside and antigen != ANTIGEN_NEGATIVE:
        return EXTRAMEDULLARY, because
    return antigen or NOT_TESTED, because or ("Nobody charted whether the disease still carries the target.",)


def targets_of(measured: Assessments) -> frozenset[str]:
    """The antigens of the product that was infused; empty where it is not known."""
    given = measured.course.first("infusion")
    found = product(given.choice) if given is not None else None
    return frozenset(found.targets) if found is not None else frozenset()


def _of_relapse(measured: Assessments, progressed_at: Instant) -> list[Fact]:
    """What was found since the assessment before the relapse."""
    before = [visit.at for visit in measured.visits if visit.at < progressed_at]
    since = before[-1] if before else measured.day_zero
    whats = ("antigen_expression", "immunophenotype", "extramedullary_disease", "marrow_blasts", "biopsy")
    return [fact for fact in measured.course.all(*whats) if fact.at > since]


def _antigen(facts: list[Fact], targets: frozenset[str], choices: Choices) -> tuple[str, str]:
    for fact in reversed([each for each in facts if each.what == "antigen_expression"]):
        antigen = fact.about or str(fact.detail.get("antigen", ""))
        if targets and antigen and antigen not in targets:
            continue
        name, percent = antigen or "The target", detail_number(fact, "percent")
        share = "" if percent is None else f" ({percent} % of the cells)"
        if fact.choice in ("negative", "dim"):
            return ANTIGEN_NEGATIVE, f"{name} is {fact.choice} on the disease cells{share}."
        if fact.choice == "positive":
            return ANTIGEN_POSITIVE, f"{name} is positive on the disease cells{share}."
        if percent is not None:
            lost = percent < choices.antigen_negative_percent
            limit = f"the center's limit is {choices.antigen_negative_percent} %"
            return ANTIGEN_NEGATIVE if lost else ANTIGEN_POSITIVE, f"{percent} % of the cells carry {name}; {limit}."
    return "", ""


def _lineage(facts: list[Fact]) -> str:
    found = [fact for fact in facts if fact.what == "immunophenotype"]
    if not found or found[-1].choice not in ("myeloid", "t_lymphoid"):
        return ""
    same = " with the same genetic lesion as before" if found[-1].detail.get("same_lesion") else ""
    return f"The disease cells are now {found[-1].choice.replace('_', ' ')}{same}."


def _only_outside(facts: list[Fact]) -> str:
    sites = [fact for fact in facts if fact.what == "extramedullary_disease" and fact.choice not in ("none", "")]
    marrow = [exact(fact) for fact in facts if fact.what == "marrow_blasts" and fact.value is not None]
    if not sites or not marrow or marrow[-1] is None or marrow[-1] >= MARROW_RELAPSE_PERCENT:
        return ""
    return f"Disease outside the marrow ({sites[-1].choice}); marrow blasts {marrow[-1]} %."
