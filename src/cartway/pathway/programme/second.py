"""The second part of a split dose: whose decision it is, by when, and what the label says of it."""

from __future__ import annotations

from datetime import date

from cartway.pathway.conditioning import Action, Case, Second, split_dose
from cartway.pathway.programme.look import PHYSICIAN, UNPLANNED, Look, Task

DECIDE, GIVE = "Decide on the second part", "Give the second part"


def second_part_tasks(look: Look) -> list[Task]:
    """One task while the second part is neither in nor decided against: due on the label's day, in its window."""
    case = Case(look.course, look.center, jurisdiction=look.jurisdiction, zone=look.zone)
    found = split_dose(case)
    if found is None:
        why = f"the dose is split, and no text of a {look.jurisdiction} label on the second part is held"
        return [Task("second_part", DECIDE, why, PHYSICIAN, None, UNPLANNED, True)]
    return [_task(look, found.second, _what(case, found.second))]


def _what(case: Case, second: Second) -> str:
    """What is to be done: say what was given, give the rest, give it as decided, or decide."""
    if second.parts.unclear:
        return "Say which part of the dose was given"
    if second.parts.begun:
        return "Give the rest of the second part, or decide against it"
    decided = second.decision
    since = case.infusions[0].at
    return GIVE if decided is not None and decided.at >= since and decided.choice == "give" else DECIDE


def _task(look: Look, second: Second, what: str) -> Task:
    facts = () if second.given is None else (second.given,)
    now = second.parts.unclear or second.parts.begun
    due, due_why = (look.today, "now") if now else _due(look, second)
    sure = "" if second.confirmed else " (not confirmed)"
    why = f"{second.because[:1].lower()}{second.because[1:].rstrip('.')}{sure}" if second.because else "nothing decided"
    return Task("second_part", what, why, PHYSICIAN, due, due_why, True, "", facts)


def _due(look: Look, second: Second) -> tuple[date | None, str]:
    """The label's day; while the second is put off, the last day of it."""
    if second.opens is None or second.closes is None:
        return None, UNPLANNED
    window = f"{look.told(second.opens)} to {look.told(second.closes)} by the label"
    return (second.closes if second.action is Action.postpone else second.day), window
