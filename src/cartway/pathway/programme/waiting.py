"""The washouts that a collection waits for, as the candidacy's table answers them."""

from __future__ import annotations

from datetime import date

from cartway.pathway.answer import Severity
from cartway.pathway.candidacy.collectable import earliest_collection
from cartway.pathway.candidacy.washouts import APHERESIS, Washout
from cartway.pathway.programme.look import PHYSICIAN, UNPLANNED, Look, Task, planned


def washout_tasks(look: Look) -> list[Task]:
    """A collection waits for the end of the washouts that defer; those that a clinician may overrule are asked for."""
    found = earliest_collection(look.course, look.center, look.product).washouts
    running = [each for each in found if each.before == APHERESIS and each.min_days and _runs(each, look.today)]
    deferring = [each for each in running if each.severity is Severity.deferring]
    relative = [each for each in running if each.severity is Severity.relative]
    return [*_deferred(look, deferring), *_decided(look, relative)]


def _runs(washout: Washout, today: date) -> bool:
    return washout.until is None or washout.until > today


def _deferred(look: Look, running: list[Washout]) -> list[Task]:
    if not running:
        return []
    day = planned(look, "collection")
    if any(each.until is None for each in running):
        names = _names([each for each in running if each.until is None])
        why = f"the last dose is not known: {names}"
        return [Task("washout_unknown", "State the last dose", why, PHYSICIAN, day, UNPLANNED, True)]
    end = max(each.until for each in running if each.until is not None)
    names = _names([each for each in running if each.until == end])
    if day is None:
        why = f"washout until {look.told(end)}: {names}"
        return [Task("washout", "Wait for the washout", why, look.owner, end, "the end of the washout", True)]
    if day >= end:
        return []
    why = f"planned for {look.told(day)}, before the washout ends on {look.told(end)}: {names}"
    return [Task("washout_broken", "Move the collection", why, look.owner, day, "the day planned", True)]


def _decided(look: Look, running: list[Washout]) -> list[Task]:
    if not running:
        return []
    why = f"shorter than the table's interval: {_names(running)}"
    what = "Decide whether to collect all the same"
    return [Task("washout_relative", what, why, PHYSICIAN, planned(look, "collection"), UNPLANNED)]


def _names(found: list[Washout]) -> str:
    """``bendamustine (not confirmed)``: an interval whose source was not seen says so."""
    words = (each.what if each.source.confirmed else f"{each.what} (interval not confirmed)" for each in found)
    return ", ".join(dict.fromkeys(words))
