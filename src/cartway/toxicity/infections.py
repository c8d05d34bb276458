"""Infections after immune effector cells as episodes, the prophylaxis in force as each began; fatigue by CTCAE v5.

Severity in the words of the record (mild to fatal), as registries ask for it; no grade is worked out of them. Fatigue:
CTCAE v5.0, 27 November 2017: 1 relieved by rest, 2 not relieved and limits instrumental activities, 3 limits self-care.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

import msgspec

from cartway.record.fact import Fact
from cartway.times import Instant

SEVERITIES = ("mild", "moderate", "severe", "life_threatening", "fatal")
FATIGUE_GRADES = {"none": 0, "relieved_by_rest": 1, "limits_instrumental": 2, "limits_self_care": 3}
RULED_OUT = "none"


class Infection(msgspec.Struct, frozen=True):
    """One infection. `end` is None while it lasts; what nobody told is "".

    `severity` is the worst told so far, `proven` whether an organism was found, `prophylaxis` the facts in force as it
    began, `facts` all that speak of it, in time order.
    """

    name: str
    kind: str
    site: str
    organism: str
    severity: str
    proven: bool
    start: Instant
    end: Instant | None
    ruled_out: bool
    prophylaxis: tuple[Fact, ...]
    facts: tuple[Fact, ...]


class Fatigue(msgspec.Struct, frozen=True):
    """Fatigue by CTCAE v5 (0 to 3) as it was last told, and the fact that told it."""

    grade: int
    fact: Fact


def infections(facts: Sequence[Fact], at: Instant) -> tuple[Infection, ...]:
    """The infections of one course by `at`, by onset. `facts`: those in force.

    Facts about one infection share a name (`about`, else `detail.episode`); one without a name is an infection of its
    own, which a nameless "ruled out" ends.
    """
    told = sorted((fact for fact in facts if fact.what == "infection" and fact.at <= at), key=attrgetter("at"))
    groups: dict[str, list[Fact]] = {}
    for place, fact in enumerate(told):
        for name in _names(fact, place, groups):
            groups.setdefault(name, []).append(fact)
    found = [_infection(name, group, facts, at) for name, group in groups.items() if group[0].choice != RULED_OUT]
    return tuple(sorted(found, key=attrgetter("start")))


def fatigue(facts: Iterable[Fact], at: Instant) -> Fatigue | None:
    """The fatigue last told by `at`; of two at one instant the worse. None where nobody told of it."""
    told = [
        (fact.at, FATIGUE_GRADES[fact.choice], fact)
        for fact in facts
        if fact.what == "fatigue" and fact.choice in FATIGUE_GRADES and fact.at <= at
    ]
    _, grade, fact = max(told, key=lambda each: each[:2], default=(0, 0, None))
    return None if fact is None else Fatigue(grade, fact)


def _names(fact: Fact, place: int, groups: dict[str, list[Fact]]) -> list[str]:
    """The infection that a fact speaks of; for a nameless "ruled out" every nameless one that lasts."""
    name = fact.about or str(fact.detail.get("episode") or "")
    if name or fact.choice != RULED_OUT:
        return [name or f"#{place}"]
    return [key for key, group in groups.items() if key.startswith("#") and _end(group) is None]


def _infection(name: str, group: Sequence[Fact], facts: Sequence[Fact], at: Instant) -> Infection:
    first = group[0]
    end = _end(group)
    said = [fact for fact in group if fact.choice != RULED_OUT]
    return Infection(
        "" if name.startswith("#") else name,
        said[-1].choice,
        _last(said, "site"),
        _last(said, "organism"),
        max((each for each in map(_severity, said) if each), key=SEVERITIES.index, default=""),
        any(fact.detail.get("proven") for fact in said),
        first.at,
        end if end is not None and end <= at else None,
        group[-1].choice == RULED_OUT,
        tuple(fact for fact in facts if fact.what == "prophylaxis" and _in_force(fact, first.at)),
        tuple(group),
    )


def _end(group: Sequence[Fact]) -> Instant | None:
    """When an infection was over: as it was ruled out, or the end that the newest word of it gives."""
    last = group[-1]
    return last.at if last.choice == RULED_OUT else last.until


def _last(said: Sequence[Fact], key: str) -> str:
    return next((str(fact.detail[key]) for fact in reversed(said) if fact.detail.get(key)), "")


def _severity(fact: Fact) -> str:
    word = str(fact.detail.get("severity") or "").casefold().replace("-", "_").replace(" ", "_")
    return word if word in SEVERITIES else ""


def _in_force(fact: Fact, moment: Instant) -> bool:
    return fact.at <= moment and (fact.until is None or fact.until > moment)
