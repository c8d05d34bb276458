"""One point of a list: its question, answer and reason; and a finding that must be there and be recent."""

from __future__ import annotations

from collections.abc import Sequence

from cartway.pathway.answer import Answer, Axis, Criterion, Missing, Severity, Source, is_so
from cartway.pathway.conditioning.case import Case
from cartway.record import Fact
from cartway.vocabulary import vocabulary

HAYDEN = Source("EBMT/EHA recommendations: Hayden 2022, doi 10.1016/j.annonc.2021.12.003")
LABELS = Source("US prescribing information of the CAR T products, section 2: delay the infusion")
IDENTITY = Source("US prescribing information of the CAR T products, section 2: identifiers match before the infusion")


def point(
    name: str, question: str, answer: Answer, because: str, source: Source, facts: Sequence[Fact] = (), *,
    severity: Severity = Severity.deferring, missing: tuple[Missing, ...] = (), policy: str = "",
) -> Criterion:  # fmt: skip
    """A point of a list; unless said otherwise it defers."""
    return Criterion(
        f"GO-{name}", Axis.logistics, question, answer, severity, because, source, tuple(facts), missing, policy
    )


def worded(fact: Fact) -> str:
    """A fact's choice in the vocabulary's words."""
    choices = vocabulary().variables[fact.what].choices
    return choices[fact.choice].label if fact.choice in choices else fact.choice


def on_the_day(case: Case, name: str, question: str, what: str, good: str, source: Source) -> list[Criterion]:
    """Something done or set up on this very day."""
    found = case.course.last(what)
    if found is None or case.day_of(found.at) != case.today:
        lacks = Missing(what, question.lower(), "charting it on the day")
        return [point(name, question, Answer.unknown, "Nothing is charted today.", source, missing=(lacks,))]
    return [point(name, question, is_so(found.choice == good), f"{worded(found)}.", source, [found])]
