"""What the chain of identity and custody means for the road: contradictory evidence stops it, missing is due.

Missing evidence is due before lymphodepletion: nobody is depleted for cells that may not be given.

Only this course's own record is read here. That two courses claim the same bag is for the chain's own page and for the
check before the infusion, which read the whole record.
"""

from __future__ import annotations

from cartway.pathway.chain import Break, BreakKind, chain
from cartway.pathway.programme.look import CELLS, UNPLANNED, Look, Task, planned


def chain_tasks(look: Look) -> list[Task]:
    """The breaks for which nobody stood in: one task of what contradicts, one of what is missing."""
    breaks = [each for each in chain(look.course).breaks if each.blocks]
    contradicted = [each for each in breaks if each.kind is BreakKind.contradictory]
    missing = [each for each in breaks if each.kind is not BreakKind.contradictory]
    return [*_contradicted(look, contradicted), *_missing(look, missing)]


def _contradicted(look: Look, breaks: list[Break]) -> list[Task]:
    if not breaks:
        return []
    what = "Quarantine, and call the holder"
    return [Task("chain_contradicted", what, _told(breaks), CELLS, look.today, "now", True, "", breaks[0].facts)]


def _missing(look: Look, breaks: list[Break]) -> list[Task]:
    """Missing evidence holds up the lymphodepletion, and the infusion after it."""
    if not breaks:
        return []
    step = "infusion" if look.stage in {"lymphodepletion", "second_part"} else "lymphodepletion"
    day, is_next = planned(look, step), look.stage in {"ready", "lymphodepletion", "second_part"}
    due_why = f"the day of the {step}" if day else UNPLANNED
    what = "Complete the chain of identity"
    return [Task("chain_missing", what, _told(breaks), CELLS, day, due_why, is_next, "", breaks[0].facts)]


def _told(breaks: list[Break]) -> str:
    more = f" and {len(breaks) - 1} more" if len(breaks) > 1 else ""
    first = breaks[0]
    return f"{first.container}: {first.words.rstrip('.')}{more}"
