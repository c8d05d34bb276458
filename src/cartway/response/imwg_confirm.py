"""IMWG 2016, confirmation: two consecutive assessments, any interval, before new therapy.

A level is confirmed at the first of the pair, at the lower of the two; the patient then stays in the best confirmed
level until progression or a better one is confirmed. Marrow and imaging need no second test. The way of counting is
that of admiralonco, vignette adrs_imwg.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from cartway.response.imwg_level import LEVELS
from cartway.response.measured import days_between
from cartway.response.model import Choices, Level
from cartway.times import Instant

RANKS = {name: rank for rank, name in enumerate(("NE", *LEVELS, "PD"))}
ALONE = frozenset({"M-PD-L", "M-PD-B"})  # progression that needs no second test
TO_JUDGE = ("light_chain_escape", "marrow_relapse_to_judge")
"""Rises that are no progression by the letter: a level that stands from before stands beside them in doubt."""


class Ends(NamedTuple):
    """What ends the search for a second test: new therapy, or death of the disease."""

    new_therapy_at: Instant | None
    died_of_disease: bool


def confirmed(levels: Sequence[Level], ends: Ends, choices: Choices) -> tuple[Level, ...]:
    """The confirmed level at each visit, each in the place of the time-point level it belongs to."""
    found: list[Level] = []
    for index, level in enumerate(levels):
        own = _own(index, levels, ends, choices)
        kept = found[-1] if found else None
        stays = kept is not None and RANKS[kept.level] >= RANKS[own.level]
        found.append(_staying(level, kept.level, own) if stays and kept is not None else own)
    return tuple(found)


def course_flags(levels: Sequence[Level], sure: Sequence[Level]) -> Iterator[str]:
    """What to look at for the whole course; that a response is not confirmed yet, or over, only of the last visit."""
    unsure = dict.fromkeys(flag for level in sure for flag in level.flags)
    yield from (flag for flag in ("confirmed_over_gap", "progression_not_confirmed") if flag in unsure)
    if sure and "response_not_confirmed" in sure[-1].flags:
        yield "response_not_confirmed"
    seen = dict.fromkeys(flag for level in levels for flag in level.flags)
    yield from (flag for flag in TO_JUDGE if flag in seen)
    if levels and "relapse_from_cr" in levels[-1].flags:
        yield "relapse_from_cr"


def _staying(level: Level, kept: str, own: Level) -> Level:
    """The level that was confirmed before stands; why the visit's own does not is still told."""
    if kept == own.level:
        return own
    words = f"{kept} was confirmed before and stands until progression or a better level is confirmed."
    held = RANKS[kept] >= RANKS[level.level]
    flags = tuple(flag for flag in own.flags if not (held and flag == "response_not_confirmed"))
    candidates = (kept, "PD") if set(TO_JUDGE) & set(flags) else ()
    return replace(level, level=kept, rule="M-C2", because=(words, *own.because), flags=flags, candidates=candidates)


def _own(index: int, levels: Sequence[Level], ends: Ends, choices: Choices) -> Level:
    """What the visit and the next one that could be evaluated confirm between them."""
    level = levels[index]
    if level.level in ("NE", "SD"):
        return level
    later = next((each for each in levels[index + 1 :] if each.level != "NE"), None)
    if level.level == "PD":
        return _progression(level, later, ends)
    if later is None or later.level == "PD" or _after(later.at, ends.new_therapy_at):
        return _unconfirmed(level, later)
    lower = min(level.level, later.level, key=RANKS.__getitem__)
    words = f"Confirmed at {lower} by the next assessment."
    return _with_gap(replace(level, level=lower, because=(*level.because, words)), later, choices)


def _progression(level: Level, later: Level | None, ends: Ends) -> Level:
    if level.rule in ALONE:
        return replace(level, because=(*level.because, "Imaging and marrow need no second test."))
    if later is not None and later.level == "PD":
        return replace(level, because=(*level.because, "Confirmed by the next assessment."))
    if later is None and ends.died_of_disease:
        return replace(level, because=(*level.because, "Death from the myeloma needs no second test."))
    words = "One test only: progression is not confirmed"
    words += "." if later is None else f", the next assessment shows {later.level}."
    flags = (*level.flags, "progression_not_confirmed")
    return replace(level, level="NE", rule="M-C3", because=(*level.because, words), flags=flags)


def _unconfirmed(level: Level, later: Level | None) -> Level:
    if later is None:
        words = "There is no second test yet."
    elif later.level == "PD":
        words = "The next assessment shows progression."
    else:
        words = "The second test came after new therapy and confirms no response."
    flags = (*level.flags, "response_not_confirmed")
    return replace(level, level="SD", rule="M-C1", because=(*level.because, words), flags=flags)


def _with_gap(level: Level, later: Level, choices: Choices) -> Level:
    apart = days_between(level.at, later.at, choices.zone)
    if apart <= choices.confirmation_gap_days:
        return level
    words = f"The two tests lie {apart} days apart; the criteria name no limit."
    return replace(
        level,
        because=(*level.because, words),
        flags=(*level.flags, "confirmed_over_gap"),
        policies=(*level.policies, "response_confirmation_gap_days"),
    )


def _after(at: Instant, limit: Instant | None) -> bool:
    return limit is not None and at > limit
