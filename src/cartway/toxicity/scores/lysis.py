"""The verdict on tumor lysis over the whole window, from the graded course."""

from __future__ import annotations

from collections.abc import Sequence

from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.toxicity.episode import Episode, Reason, editions
from cartway.toxicity.grade import grade
from cartway.toxicity.rules import Rules
from cartway.toxicity.scores.model import Part, Score, Source

SCALE = "tls.cairo_bishop"


def graded(facts: Sequence[Fact], at: Instant, rules: Rules) -> list[Episode]:
    """A course's episodes of tumor lysis by `at`."""
    return [each for each in grade(facts, rules, at, scales=(SCALE,)) if each.scale == SCALE]


def lysis(name: str, episodes: Sequence[Episode]) -> Score:
    """Whether there was laboratory, or clinical, tumor lysis in these; None where too little was read to tell."""
    told = [each for each in episodes if each.scale == SCALE]
    there = [each for each in told if each.measures.get("laboratory_tumor_lysis")]
    clinical = [each for each in there if each.measures.get("clinical_tumor_lysis")]
    shown = (clinical or there or told)[:1] if name == "tls_clinical" else (there or told[-1:])[:1]
    missing = _missing(name, told, there, clinical)
    value = None if missing or not told else bool(clinical if name == "tls_clinical" else there)
    return Score(
        name,
        value,
        _source(),
        tuple(_part(reason) for each in shown for reason in each.because if reason.fact is not None),
        missing or (() if told else ("infusion",)),
        f"grade {max(each.grade or 0 for each in clinical)}" if clinical and name == "tls_clinical" else "",
        policies=tuple(dict.fromkeys(policy for each in shown for policy in each.policies)),
    )


def _missing(
    name: str, told: Sequence[Episode], there: Sequence[Episode], clinical: Sequence[Episode]
) -> tuple[str, ...]:
    """What keeps the verdict open: for the laboratory syndrome its values, for the clinical one creatinine."""
    if not there:
        return told[-1].missing if told and not told[-1].assessable else ()
    return there[-1].missing if name == "tls_clinical" and not clinical else ()


def _part(reason: Reason) -> Part:
    fact = reason.fact
    assert fact is not None
    return Part(
        fact.what,
        reason.criterion.slug.removeprefix("tls_").replace("_", " "),
        fact.value,
        fact.unit,
        fact.at,
        said=fact.choice,
    )


def _source() -> Source:
    edition = editions()[SCALE]
    return Source(edition.edition, edition.citation, edition.doi, edition.confirmed, edition.note)
