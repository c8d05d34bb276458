"""What to do about what somebody tells: the highest tier of anything told, whatever else is.

The same on the phone (``static/triage.js``), where it works without a network. Nothing told lowers anything: the answer
is a maximum, and what cannot be read counts as what nobody can place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from cartway.times import DAY, Instant
from cartway.watch.triage.table import EARLY_DAYS, Table, Tier, load_table

FEVER_C, FEVER_F = 3800, 10040  # hundredths of a degree: Lee 2019, doi 10.1016/j.bbmt.2018.12.758
LOW_C, LOW_F = 3500, 9500  # the same: Royal College of Physicians 2017, NEWS2
USUAL_C, USUAL_F = (3400, 4200), (9320, 10760)  # the vocabulary's plausible body temperature, in both units
POSSIBLE_C, POSSIBLE_F = (2500, 4500), (7700, 11300)  # its possible one: the two ranges share no number
_TEMPERATURE = re.compile(r"([0-9]{2,3})(?:[.,]([0-9]{1,2}))?")
_SPACES = re.compile(r"\s+")


class Answers(msgspec.Struct, frozen=True):
    """What was told. `symptoms`: choices of ``reported_symptom``. `temperature`: as typed, in °F or °C. `early`:
    whether it is the 30th day after the infusion at the latest, None where nobody knows. `text`: in own words.
    """

    symptoms: frozenset[str] = frozenset()
    temperature: str = ""
    feeling: str = ""
    home_check: str = ""
    text: str = ""
    early: bool | None = None


class Reason(msgspec.Struct, frozen=True):
    """One thing told, its tier, and what each source gives it."""

    name: str
    tier: Tier
    sources: dict[str, Tier]

    @property
    def conflict(self) -> bool:
        """Whether sources differ: then the higher stands."""
        return len(set(self.sources.values())) > 1


class Verdict(msgspec.Struct, frozen=True):
    """`tier`: None where nothing was told that asks for anybody: no word that all is well. `because`: worst first."""

    tier: Tier | None
    because: tuple[Reason, ...]


def triage(answers: Answers, table: Table | None = None) -> Verdict:
    """The tier of what was told: the highest of everything in it."""
    table = table or load_table()
    found = [_reason(name, answers.early, table) for name in dict.fromkeys(_told(answers, table))]
    found.sort(key=lambda each: -each.tier)
    return Verdict(max((each.tier for each in found), default=None), tuple(found))


def _reason(name: str, early: bool | None, table: Table) -> Reason:
    item = table.items.get(name)
    return Reason(name, table.tier(name, early), dict(item.sources(early)) if item else {})


def _told(answers: Answers, table: Table) -> Iterator[str]:
    """The items of the table that the answers name."""
    yield from (f"symptom:{name}" for name in sorted(answers.symptoms))
    if answers.text.strip():
        yield "symptom:other"
    if speaks_of_self_harm(answers.text, table):
        yield "symptom:self_harm"
    if answers.temperature.strip():
        yield from (f"temperature:{mark}" for mark in [temperature_mark(answers.temperature)] if mark)
    for kind, said in (("feeling", answers.feeling), ("home_check", answers.home_check)):
        if f"{kind}:{said}" in table.items:
            yield f"{kind}:{said}"


def temperature_mark(typed: str) -> str:
    """``fever``, ``low``, ``unread`` (no number that somebody at home has) or nothing."""
    found = hundredths(typed)
    if found is None:
        return "unread"
    value, celsius = found
    low, high = USUAL_C if celsius else USUAL_F
    if value >= (FEVER_C if celsius else FEVER_F):
        return "fever"
    if not low <= value <= high:
        return "unread"
    return "low" if value <= (LOW_C if celsius else LOW_F) else ""


def hundredths(typed: str) -> tuple[int, bool] | None:
    """A temperature as typed, in hundredths of a degree, and whether it is in °C: no number is possible in both.

    None for what is no temperature. Whole numbers, so that 100.4 is 100.4 on every machine.
    """
    found = _TEMPERATURE.fullmatch(typed.strip())
    if found is None:
        return None
    value = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    if POSSIBLE_C[0] <= value <= POSSIBLE_C[1]:
        return value, True
    return (value, False) if POSSIBLE_F[0] <= value <= POSSIBLE_F[1] else None


def speaks_of_self_harm(text: str, table: Table | None = None) -> bool:
    """Whether words of self-harm stand in a text, in any language. That none do says nothing."""
    said = _SPACES.sub(" ", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return any(words in said for words in (table or load_table()).warnings)


def is_early(infused_last: Instant | None, now: Instant) -> bool | None:
    """Whether it is the 30th day after the last infusion at the latest; None where there was none."""
    return None if infused_last is None else now - infused_last < (EARLY_DAYS + 1) * DAY
