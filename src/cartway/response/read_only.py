"""A visit of which only a reader's conclusion is charted: nothing to derive from; the conclusion is told as such."""

from __future__ import annotations

from collections.abc import Mapping

from cartway.response.measured import Assessment
from cartway.response.model import NOT_EVALUABLE, Level


def read_only(found: Assessment, levels: Mapping[str, str]) -> Level | None:
    """The level that a reader concluded, where the visit holds nothing else; None where it does.

    `levels` gives the criteria's code for each choice of `response_read`; one that they do not have is not evaluable.
    """
    said = found.choice("response_read")
    if not said or any(fact.what != "response_read" for fact in found.facts):
        return None
    level = levels.get(said, NOT_EVALUABLE)
    words = "Concluded by a reader; nothing measured is charted." if level != NOT_EVALUABLE else "Not evaluable."
    flags = ("read_not_measured",) if level != NOT_EVALUABLE else ()
    return Level(found.at, found.id, level, "", (words,), flags=flags, facts=found.positions)
