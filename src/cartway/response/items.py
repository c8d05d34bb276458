"""Items of a table of criteria, and how a level comes of them: progression first, then from the best level down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from cartway.response.model import NOT_EVALUABLE, Level

Answer = Literal["yes", "no", "unknown", "open"]


class Item(msgspec.Struct, frozen=True):
    """One line of a table, answered. ``unknown``: something is `missing`. ``open``: the text can be read two ways.

    `convention` says what an open item counts for: ``progression``, ``none``, or empty, which leaves the level not
    evaluable. `confirmed` is False where its number was not seen in a source.
    """

    rule: str
    answer: Answer
    because: str = ""
    missing: str = ""
    flags: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    convention: str = ""
    confirmed: bool = True


Rung = tuple[str, str, Sequence[Item]]


def level_of(progression: Sequence[Item], ladder: Iterable[Rung], pd: str = "PD") -> Level:
    """The level that items give: progression where any of its items says yes, else the best rung all of whose items do.

    `ladder` goes from best to least: level, its rule, its items; it is read no further than needed. What is unknown
    lowers the level and is named; an open item of progression leaves both readings as candidates.
    """
    met = [item for item in progression if item.answer == "yes"]
    if met:
        return _level(pd, met[0].rule, met, progression)
    level, rule, decided, missing = _rung(ladder)
    open_items = [item for item in progression if item.answer == "open"]
    found = _level(level, rule, [*decided, *open_items], progression)
    found = msgspec.structs.replace(found, missing=tuple(dict.fromkeys(missing)))
    return _opened(found, open_items, pd) if open_items else found


def _rung(ladder: Iterable[Rung]) -> tuple[str, str, list[Item], list[str]]:
    """The first rung that holds: its level, rule and items, with what was missing for those above it."""
    missing: list[str] = []
    failed: list[Item] = []
    for level, rule, items in ladder:
        missing += [item.missing for item in items if item.answer == "unknown"]
        no = [item for item in items if item.answer == "no"]
        if all(item.answer in ("yes", "open") for item in items):
            return level, rule, [*items, *failed], missing
        failed += no
    return NOT_EVALUABLE, "", failed, missing


def _level(level: str, rule: str, decided: Sequence[Item], all_items: Sequence[Item]) -> Level:
    flags = [flag for item in (*decided, *all_items) for flag in item.flags]
    return Level(
        at=0,
        assessment="",
        level=level,
        rule=rule,
        because=tuple(dict.fromkeys(item.because for item in decided if item.because)),
        flags=tuple(dict.fromkeys(flags)),
        policies=tuple(dict.fromkeys(name for item in decided for name in item.policies)),
        confirmed=all(item.confirmed for item in decided),
    )


def _opened(found: Level, open_items: Sequence[Item], pd: str) -> Level:
    """Both readings as candidates; the level is the convention where one is declared, else not evaluable."""
    conventions = {item.convention for item in open_items}
    chosen = pd if "progression" in conventions else NOT_EVALUABLE if "" in conventions else found.level
    rule = open_items[0].rule if chosen != found.level else found.rule
    return msgspec.structs.replace(found, level=chosen, rule=rule, candidates=(pd, found.level))


def shown(number: Decimal) -> str:
    """A number for a sentence, all its digits, no zeros at the end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """The change of `part` against `whole` in percent, a fall negative; unrounded."""
    return (part - whole) * 100 / whole


def shown_percent(number: Decimal) -> str:
    """A change for a sentence, to one decimal: shown only, never compared."""
    rounded = number.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{'+' if rounded > 0 else ''}{shown(rounded)} %"
