"""How long to wait after an earlier therapy before cells are collected. See `washouts.toml` for the tables.

The holder's own table comes first, then the center's, then the one shipped. Cancer and autoimmune disease have
tables of their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib import resources

import msgspec

from cartway.pathway.answer import Severity, Source
from cartway.pathway.candidacy.classes import spelled_plainly
from cartway.pathway.candidacy.exposures import Exposure
from cartway.pathway.course import Course
from cartway.record import Fact

APHERESIS = "apheresis"


class WashoutRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a washout table; intervals in days from the last dose."""

    id: str
    label: str
    min_days: int
    preferred_days: int
    severity: Severity
    source: str
    classes: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    after_allogeneic_days: int = 0
    before: str = APHERESIS
    confirmed: bool = True
    preferred_confirmed: bool = True
    note: str = ""

    def takes(self, names: tuple[str, ...], route: str) -> bool:
        """Whether the row is about a therapy of these classes and ingredients, given this way."""
        if route in self.routes or any(name in self.drugs or name in self.classes for name in names):
            return True
        return any(fnmatchcase(name, each) for each in self.classes if "*" in each for name in names)


class Washout(msgspec.Struct, frozen=True):
    """One interval that runs or ran: the day it is over (`until`), None where the last dose is not known.

    `severity` DEF waits; REL is a named clinician's decision; INFO is told. `set_by` is holder, center or default.
    """

    id: str
    what: str
    given: str
    last: date | None
    min_days: int
    preferred_days: int
    until: date | None
    preferred_until: date | None
    severity: Severity
    source: Source
    preferred_confirmed: bool
    set_by: str
    before: str = APHERESIS
    note: str = ""
    inferred: str = ""
    facts: tuple[Fact, ...] = ()

    def running(self, today: date) -> bool:
        """Whether its least interval is not over by that day, or nobody knows."""
        return self.min_days > 0 and (self.until is None or self.until > today)

    def preferably_running(self, today: date) -> bool:
        """Whether its preferred interval is not over by that day, or nobody knows."""
        return self.preferred_days > 0 and (self.preferred_until is None or self.preferred_until > today)


@cache
def washout_tables() -> dict[str, tuple[WashoutRule, ...]]:
    """The shipped tables: ``cancer`` and ``autoimmune``."""
    text = (resources.files(__package__) / "washouts.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, tuple[WashoutRule, ...]], strict=False)


def washouts(given: Iterable[Exposure], table: str, center: Course, product: str = "") -> tuple[Washout, ...]:
    """One washout for each row of the table that a therapy falls under, by its last dose. Longest wait first."""
    exposed = list(given)
    after_allogeneic = any("allo_hct" in each.names or "allo_sct" in each.names for each in exposed)
    found = []
    for rule in washout_tables()[table]:
        mine = [each for each in exposed if rule in rules_of(each, table)]
        if mine:
            found.append(_washout(_set(rule, after_allogeneic, center, product), mine))
    return tuple(sorted(found, key=lambda each: each.until or date.max, reverse=True))


def rules_of(exposure: Exposure, table: str) -> tuple[WashoutRule, ...]:
    """The rows of a table that are about this therapy; a row that stands instead of another removes it."""
    return _rows_for(exposure.names, exposure.route, table, exposure.facts[0].what == "drug")


@lru_cache(maxsize=4096)  # a board of waiting courses asks the same few therapies over and over
def _rows_for(names: tuple[str, ...], route: str, table: str, single: bool) -> tuple[WashoutRule, ...]:
    """A line may hold several drugs: only where one drug is told of does the special row replace the general one."""
    found = [rule for rule in washout_tables()[table] if rule.takes(names, route)]
    replaced = {name for rule in found for name in rule.instead_of} if single else set()
    return tuple(rule for rule in found if rule.id not in replaced)


def untold(given: Iterable[Exposure], table: str, today: date) -> tuple[Exposure, ...]:
    """Therapies that may have held drugs nobody recorded, and that are not so long ago that it does not matter."""
    longest = timedelta(days=max(rule.preferred_days for rule in washout_tables()[table]))
    return tuple(each for each in given if each.hidden and (each.last is None or each.last + longest > today))


def _set(rule: WashoutRule, after_allogeneic: bool, center: Course, product: str) -> tuple[WashoutRule, str]:
    """The row with the days in force, and who set them: the holder, the center, or the shipped table."""
    stated = [fact for fact in center.all("washout_rule", about=rule.id) if fact.value is not None]
    holders = [fact for fact in stated if product and spelled_plainly(str(fact.detail.get("product", ""))) == product]
    centers = [fact for fact in stated if not fact.detail.get("product")]
    if holders:
        return _stated(rule, holders[-1]), "holder"
    if centers:
        return _stated(rule, centers[-1]), "center"
    least = max(rule.min_days, rule.after_allogeneic_days if after_allogeneic else 0)
    return msgspec.structs.replace(rule, min_days=least, preferred_days=max(least, rule.preferred_days)), "default"


def _stated(rule: WashoutRule, fact: Fact) -> WashoutRule:
    days = round(fact.value or 0)
    preferred = max(days, round(float(fact.detail.get("preferred_days") or days)))
    source = str(fact.detail.get("document") or fact.source)
    return msgspec.structs.replace(
        rule, min_days=days, preferred_days=preferred, source=source, confirmed=True, preferred_confirmed=True
    )


def _washout(in_force: tuple[WashoutRule, str], mine: list[Exposure]) -> Washout:
    """The interval of a row, from the latest dose; from none that is known if one of them is not known."""
    rule, set_by = in_force
    unknown = [each for each in mine if each.last is None]
    latest = unknown[-1] if unknown else max(mine, key=lambda each: each.last or date.min)
    return Washout(
        id=rule.id, what=rule.label, given=latest.words, last=latest.last, min_days=rule.min_days,
        preferred_days=rule.preferred_days, until=_after(latest.last, rule.min_days),
        preferred_until=_after(latest.last, rule.preferred_days), severity=rule.severity,
        source=Source(rule.source, rule.confirmed), preferred_confirmed=rule.preferred_confirmed, set_by=set_by,
        before=rule.before, note=rule.note, inferred=latest.inferred, facts=latest.facts,
    )  # fmt: skip


def _after(last: date | None, days: int) -> date | None:
    return None if last is None else last + timedelta(days=days)
