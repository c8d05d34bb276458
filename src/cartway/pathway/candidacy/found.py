"""What one condition of a label came to: the answer, why, on which facts, what is missing, how open words were read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from cartway.pathway.answer import Answer, Missing, Source
from cartway.record import Fact


class Found(msgspec.Struct, frozen=True):
    """The answer to one condition of a label. `reading` names how words that leave it open were read here."""

    answer: Answer
    because: str
    facts: tuple[Fact, ...] = ()
    missing: tuple[Missing, ...] = ()
    reading: tuple[str, ...] = ()
    source: Source | None = None
    """Who says so, where a rule of counting decided that the label's own words do not hold."""


def counted(found: Found, source: Source) -> Found:
    """What a rule of counting decided, with that rule's own source."""
    return msgspec.structs.replace(found, source=source)


def so(because: str, *facts: Fact | None, reading: str = "") -> Found:
    """It is met."""
    return Found(Answer.yes, because, _there(facts), reading=_texts(reading))


def not_so(because: str, *facts: Fact | None, reading: str = "") -> Found:
    """It is not met, by what is known."""
    return Found(Answer.no, because, _there(facts), reading=_texts(reading))


def not_known(because: str, missing: Missing | None, *facts: Fact | None, reading: str = "") -> Found:
    """It cannot be told; `missing` is what would tell."""
    return Found(Answer.unknown, because, _there(facts), (missing,) if missing else (), _texts(reading))


def joined(parts: Iterable[Found], combine: Callable[[list[Answer]], Answer]) -> Found:
    """Several as one: those that decide speak, the others are left out."""
    every = tuple(parts)
    answer = combine([part.answer for part in every])
    deciding = tuple(part for part in every if part.answer is answer)
    return Found(
        answer,
        "; ".join(dict.fromkeys(part.because.rstrip(".") for part in deciding)) + ".",
        _facts(deciding),
        tuple(dict.fromkeys(each for part in deciding for each in part.missing)),
        tuple(dict.fromkeys(text for part in deciding for text in part.reading)),
        next((part.source for part in deciding if part.source is not None), None),
    )


def _facts(parts: tuple[Found, ...]) -> tuple[Fact, ...]:
    found: list[Fact] = []
    for part in parts:
        found += [fact for fact in part.facts if fact not in found]
    return tuple(found)


def _there(facts: Iterable[Fact | None]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact is not None)


def _texts(reading: str) -> tuple[str, ...]:
    return (reading,) if reading else ()
