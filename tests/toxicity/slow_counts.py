"""ICAHT and T-ICAHT the slow, obvious way: at an instant, write every day as a letter and read the word.

Written from the tables (Rejeski K, et al. Blood 2023;142(10):865-877; Blood 2025, doi 10.1182/blood.2025028833) and
from the meaning that each policy states. It shares nothing with the fold but the names of the policies.

L a low day, H one that is not, T one that is not but so soon after a transfusion that it is no recovery, ? unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import Any, NamedTuple

from cartway.record.fact import Fact
from cartway.times import DAY

Policies = Mapping[str, Any]


class Count(NamedTuple):
    """What a scale says: `grade` is None where it cannot be assessed; measures by name."""

    grade: int | None
    missing: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    measures: tuple[float, ...] = ()


class Days:
    """The days of one kind of count, as known at `now`."""

    def __init__(self, facts: Sequence[Fact], what: str, policies: Policies, now: int) -> None:
        known = [f for f in facts if f.at <= now]
        self.what, self.policies = what, policies
        self.zero = min(f.at for f in known if f.what == "infusion")
        ends = [f.at for f in known if f.what in ("progression", "next_therapy") and f.choice != "no"]
        self.cut = min((at for at in ends if at > self.zero), default=None)
        self.counts = [f for f in known if f.what == what and f.value is not None and self._taken(f.at)]
        self.transfused = {
            self.day(f.at) for f in known if (f.what, f.choice) == ("transfusion", "platelets") and f.at >= self.zero
        }
        self.died = min((f.at for f in known if f.what == "death"), default=None)
        told = max((f.at for f in known if f.what == "last_follow_up"), default=-1)
        counted = [f.at for f in self.counts if f.at >= self.zero]
        self.followed = told if told >= max([self.zero, *counted]) else None
        self.end = min(at for at in (now, self.died, self.followed, self._own_cut()) if at is not None)

    def _own_cut(self) -> int | None:
        return self.cut if self.what == "platelets" else None

    def _taken(self, at: int) -> bool:
        cut = self._own_cut()
        return cut is None or at <= cut

    def day(self, at: int) -> int:
        return (at - self.zero) // DAY

    @property
    def lowest(self) -> dict[int, float]:
        """The lowest count of each day since the infusion."""
        found: dict[int, float] = {}
        for f in self.counts:
            if f.at >= self.zero and f.value is not None:
                found[self.day(f.at)] = min(f.value, found.get(self.day(f.at), f.value))
        return found

    @property
    def filled(self) -> dict[int, float]:
        """The days between two counts that are near enough, along a straight line."""
        known = dict(self.lowest)
        before = [f for f in self.counts if f.at < self.zero]
        if before:
            last = max(f.at for f in before)
            known[self.day(last)] = min(f.value for f in before if f.at == last and f.value is not None)
        step = 100 if self.what == "neutrophils" else 1
        found = {}
        for a, b in pairwise(sorted(known)):
            if b - a - 1 <= self.policies["icaht_gap_days"]:
                for day in range(max(a + 1, 0), b):
                    value = known[a] + (known[b] - known[a]) / (b - a) * (day - a)
                    found[day] = int(value * step + 0.5) / step
        return found

    @property
    def ends(self) -> dict[int, float]:
        """The days before the first count, and those that are over since the last, with that count."""
        first, last = min(self.lowest), max(self.lowest)
        before = dict.fromkeys(range(first), self.lowest[first])
        return before | dict.fromkeys(range(last + 1, self.day(self.end)), self.lowest[last])

    def word(self, first: int, last: int, limit: float, policies: Policies, unknown: str = "?") -> str:
        """One letter a day from `first` to `last`."""
        values = {**(self.filled if policies["icaht_missing_days"] != "not_counted" else {}), **self.lowest}
        if policies["icaht_missing_days"] == "ends_too":
            values = {**self.ends, **values}
        return "".join(self._letter(day, values.get(day), limit, policies, unknown) for day in range(first, last + 1))

    def _letter(self, day: int, value: float | None, limit: float, policies: Policies, unknown: str) -> str:
        hidden = self._hidden(day, limit, policies)
        if value is None:
            over = day < self.day(self.end)
            return unknown if over and unknown == "L" else "T" if hidden else "?"
        at_limit = self.what == "neutrophils" or policies["t_icaht_limit"] == "at_or_below"
        if value < limit or (value == limit and at_limit):
            return "L"
        return "T" if hidden else "H"

    def _hidden(self, day: int, limit: float, policies: Policies) -> bool:
        if self.what != "platelets" or limit != 20 or policies["t_icaht_transfusion"] == "ignored":
            return False
        return any(0 <= day - given < int(policies["t_icaht_transfusion_days"]) for given in self.transfused)

    def spells(self, word: str) -> list[str]:
        """The joined runs: low days, and recoveries between them too short to be stable."""
        name = "icaht_recovery_days" if self.what == "neutrophils" else "t_icaht_recovery_days"
        short = max(1, ceil(self.policies[name])) - 1
        between = f"(?:[H?]{{0,{short}}}T)*[H?]{{0,{short}}}"
        return [found.group() for found in re.finditer(f"L(?:{between}L)*", word)]

    def length(self, word: str, policies: Policies) -> int:
        """The days that grade."""
        lengths = [len(spell) for spell in self.spells(word)]
        return max(lengths, default=0) if policies["icaht_days"] == "longest_run" else sum(lengths)


OPEN = {
    "icaht_days": ("cumulative", "longest_run"),
    "icaht_missing_days": ("filled_in", "not_counted", "ends_too"),
    "t_icaht_limit": ("below", "at_or_below"),
    "t_icaht_transfusion": ("no_recovery", "ignored"),
}


def deciding(names: Iterable[str], policies: Policies, grade: Callable[[Policies], int]) -> set[str]:
    """The open questions of which another answer would give another grade."""
    present = grade(policies)
    return {n for n in names if any(grade({**policies, n: answer}) != present for answer in OPEN[n])}


def early(facts: Sequence[Fact], policies: Policies, now: int) -> Count:
    days = Days(facts, "neutrophils", policies, now)
    last = min(days.day(days.end), 30)
    if not any(day <= 30 for day in days.lowest):
        return Count(None, frozenset({"neutrophils"}))

    def by_days(chosen: Policies, unknown: str = "?") -> int:
        severe = days.word(0, last, 0.5, chosen, unknown)
        profound = days.length(days.word(0, last, 0.1, chosen, unknown), chosen)
        long = days.length(severe, chosen)
        if severe == 31 * "L" or profound >= 14:
            return 4
        return 3 if long >= 14 or profound >= 7 else 2 if long >= 7 else 1 if long else 0

    grade = by_days(policies)
    decided = deciding(("icaht_days", "icaht_missing_days"), policies, by_days)
    missing = {"neutrophils"} if by_days(policies, "L") > grade else set()
    severe = days.word(0, last, 0.5, policies)
    if grade < 4 and never_recovered(days, severe):
        decided.add("icaht_no_recovery")
        if policies["icaht_no_recovery"] == "grade_4":
            grade, missing = 4, set()
    profound = days.length(days.word(0, last, 0.1, policies), policies)
    longest = max((len(spell) for spell in days.spells(severe)), default=0)
    measures = (days.length(severe, policies), profound, longest, severe.count("L"))
    return Count(grade, frozenset(missing), frozenset(decided), measures)


def never_recovered(days: Days, severe: str) -> bool:
    """Death or the end of follow-up by day 30, low from day 0-3 to the last count."""
    ended = days.died is not None or days.followed is not None
    spells = days.spells(severe)
    if not ended or days.day(days.end) > 30 or not spells:
        return False
    end = severe.rindex("L")
    return end == max(days.lowest) and end - len(spells[-1]) + 1 <= 3


def late(facts: Sequence[Fact], policies: Policies, now: int) -> Count | None:
    days = Days(facts, "neutrophils", policies, now)
    end = days.end if days.cut is None else min(days.end, days.cut)
    if days.day(end) <= 30:
        return None
    until = policies["icaht_late_until_day"]
    counts = [f for f in days.counts if days.cut is None or f.at <= days.cut]
    lowest: dict[int, float] = {}
    for f in counts:
        if 30 < days.day(f.at) <= until and f.value is not None:
            lowest[days.day(f.at)] = min(f.value, lowest.get(days.day(f.at), f.value))
    if not lowest:
        return Count(None, frozenset({"neutrophils"}))
    grades = [_late_grade(value) for value in sorted(lowest.values())]
    measures = (min(lowest.values()), float(len(lowest)))
    grade = grades[1] if len(grades) > 1 else 0
    decided = set()
    if grade and grades[0] != grade:
        decided.add("icaht_late_grade")
        grade = grades[0] if policies["icaht_late_grade"] == "nadir" else grade
    alone = grades[0] > grade and min(lowest, key=lambda day: (lowest[day], day)) == max(lowest)
    if alone and len(lowest) == 1:
        decided.add("icaht_single_count")
        if policies["icaht_single_count"] == "counts":
            return Count(grades[0], frozenset(), frozenset(decided), measures)
    return Count(grade, frozenset({"neutrophils"} if alone else ()), frozenset(decided), measures)


def _late_grade(count: float) -> int:
    return sum(count <= limit for limit in (1.5, 1.0, 0.5, 0.1))


def t_early(facts: Sequence[Fact], policies: Policies, now: int) -> Count:
    days = Days(facts, "platelets", policies, now)
    last = min(days.day(days.end), 30)
    if not any(day <= 30 for day in days.lowest):
        return Count(None, frozenset({"platelets"}))

    def by_days(chosen: Policies, unknown: str = "?") -> int:
        low = days.length(days.word(0, last, 50, chosen, unknown), chosen)
        very_low = days.length(days.word(0, last, 20, chosen, unknown), chosen)
        return 4 if very_low >= 14 else 3 if very_low else 2 if low >= 7 else 1 if low else 0

    grade = by_days(policies)
    decided = deciding(OPEN, policies, by_days)
    low = days.word(0, last, 50, policies)
    very_low = days.length(days.word(0, last, 20, policies), policies)
    longest = max((len(spell) for spell in days.spells(low)), default=0)
    measures = (days.length(low, policies), very_low, longest, low.count("L"))
    missing = {"platelets"} if by_days(policies, "L") > grade else set()
    return Count(grade, frozenset(missing), frozenset(decided), measures)


def t_late(facts: Sequence[Fact], policies: Policies, now: int) -> Count | None:
    days = Days(facts, "platelets", policies, now)
    if days.day(days.end) <= 30:
        return None
    last = min(days.day(days.end), 100)
    own = {day: value for day, value in days.lowest.items() if 30 < day <= last}
    if not own:
        return Count(None, frozenset({"platelets"}))

    def tests(limit: float, chosen: Policies) -> int:
        at_limit = chosen["t_icaht_limit"] == "at_or_below"
        return sum(value < limit or (value == limit and at_limit) for value in own.values())

    def by_tests(chosen: Policies, unknown: str = "?") -> int:
        needed = 1 if policies["icaht_single_count"] == "counts" and len(own) == 1 else 2
        for grade, limit in enumerate((100, 50, 20)):
            if tests(limit, chosen) < needed:
                return grade
        return 4 if days.length(days.word(31, last, 20, chosen, unknown), chosen) >= 14 else 3

    grade = by_tests(policies)
    decided = deciding(OPEN, policies, by_tests)
    missing = by_tests(policies, "L") > grade
    newest = max(days.lowest)
    if newest <= 100:
        at_limit = policies["t_icaht_limit"] == "at_or_below"
        value = days.lowest[newest]
        alone = sum(value < limit or (value == limit and at_limit) for limit in (100, 50, 20))
        missing = missing or alone > grade
        if len(own) == 1 and alone:
            decided.add("icaht_single_count")
    length = days.length(days.word(31, last, 20, policies), policies)
    measures = (tests(100, policies), tests(50, policies), length, len(own))
    return Count(grade, frozenset({"platelets"} if missing else ()), frozenset(decided), tuple(map(float, measures)))
