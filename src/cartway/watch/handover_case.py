"""What a hand-over asks about: a course with its grades, policies and alerts; and what a fear is."""

from __future__ import annotations

from datetime import tzinfo

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact
from cartway.times import Instant, to_datetime
from cartway.toxicity import Episode
from cartway.toxicity.wording import said
from cartway.vocabulary import vocabulary
from cartway.watch.model import Alert
from cartway.watch.protocol.situation import Situation

ASCO = "ASCO 2021, J Clin Oncol 39:3978"
HINES = "Hines 2023, Transplant Cell Ther 29:438"

SHORT = {"alt": "ALT", "ast": "AST", "systolic_pressure": "systolic", "capd_score": "CAPD"}
BARE = frozenset({"body_temperature", "drug"})  # whose unit, or whose own words, name it


class Fear(msgspec.Struct, frozen=True):
    """What may come, in a few words, and why. `policies`: whose numbers decided; `confirmed` is False where one
    of them, or the source, was not seen.
    """

    name: str
    words: str
    because: str
    source: str
    confirmed: bool
    policies: tuple[str, ...] = ()


class Case(msgspec.Struct, frozen=True):
    """A course, its episodes of all scales, the center's policies, the alerts that ring; `situation`: the same as the
    protocol reads it.
    """

    course: Course
    episodes: tuple[Episode, ...]
    policies: PathwayPolicies
    zone: tzinfo
    situation: Situation
    alerts: tuple[Alert, ...] = ()

    @property
    def now(self) -> Instant:
        """The moment."""
        return self.course.now

    def number(self, name: str) -> float:
        """A policy in force."""
        return self.policies.number(name)

    def clock(self, at: Instant) -> str:
        """``14:10``, with the day where it is another one."""
        moment, today = to_datetime(at).astimezone(self.zone), to_datetime(self.now).astimezone(self.zone)
        return f"{moment:%H:%M}" if moment.date() == today.date() else f"{moment.day} {moment:%b %H:%M}"

    def graded(self, scale: str) -> list[Episode]:
        """The episodes of one scale, in time order."""
        return [each for each in self.episodes if each.scale == scale]

    def present(self, scale: str) -> Episode | None:
        """The one that lasts; None where the watch is over or has not begun."""
        found = self.graded(scale)
        return found[-1] if found and found[-1].end is None else None

    def fear(self, name: str, words: str, because: str, source: str, *policies: str, seen: bool = True) -> Fear:
        """A fear whose numbers are those of `policies`."""
        confirmed = seen and all(map(self.policies.confirmed, policies))
        return Fear(name, words, because, source, confirmed, policies)


def classes_of(drug: str) -> tuple[str, ...]:
    """The classes of a drug by the vocabulary; none where it does not know the drug."""
    choice = vocabulary().variables["drug"].choices.get(drug)
    return tuple(choice.classes) if choice is not None else ()


def status_of(entry: Fact) -> str:
    """What a drug entry says that is no dose: ``refused``, ``held``; ``stopped`` where it only says 0."""
    return str(entry.detail.get("status", "")).replace("_", " ").casefold() or "stopped"


def named(fact: Fact) -> str:
    """What a fact says, with its name where the number alone does not tell: ``38.9 °C``, ``ALT 400 U/L``."""
    if fact.value is None or fact.what in BARE:
        return said(fact)
    variable = vocabulary().variables.get(fact.what)
    label = SHORT.get(fact.what) or (variable.label if variable is not None else fact.what.replace("_", " "))
    return f"{label if label[:2].isupper() else label[:1].lower() + label[1:]} {said(fact)}"
