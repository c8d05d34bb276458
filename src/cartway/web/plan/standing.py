"""How the accepted plan stands: whose days no longer hold, who has none, by the record as it is now."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cartway.pathway.slots import Planned, Request, question_of
from cartway.pathway.slots.check import breaks, crowds
from cartway.pathway.slots.solve import regrouped


class Standing(msgspec.Struct, frozen=True):
    """The accepted lines, what is wrong with some (by course, in words), and who waits without days."""

    lines: tuple[Planned, ...]
    wrong: Mapping[str, tuple[str, ...]]
    without: tuple[str, ...]


def standing(question: Request) -> Standing:
    """Read the accepted plan against the record as it is now."""
    asked = question_of(question)
    ways = {way.need.course: way for way in asked.ways}
    lines = {line.course: line for line in question.before}
    days = {name: regrouped(asked, line) for name, line in lines.items()}
    wrong: dict[str, list[str]] = {}
    for name, each in days.items():
        found = [problem.reason for problem in breaks(ways[name], each, question.frame)]
        if found:
            wrong[name] = found
    holding = {name: each for name, each in days.items() if name not in wrong}
    for crowd in crowds(asked, holding):
        for name in crowd.courses:
            wrong.setdefault(name, []).append(f"More courses than places: {crowd.words}.")
    without = tuple(need.course for need in question.needs if need.course not in lines)
    told = {name: tuple(dict.fromkeys(reasons))[:3] for name, reasons in wrong.items()}
    products = {need.course: (need.product, need.urgency) for need in question.needs}
    shown = tuple(
        msgspec.structs.replace(line, product=products[line.course][0], urgency=products[line.course][1])
        for line in question.before
    )
    return Standing(shown, told, without)
