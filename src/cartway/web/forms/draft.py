"""What became of the entries of a form: the facts they make, what is wrong with them, what to ask before recording."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from cartway.problem import Problem
from cartway.record import Fact
from cartway.web.forms.entries import Entries

SURE = "sure"  # the field that holds what has been confirmed, as ``field=value``


class Flaw(msgspec.Struct, frozen=True):
    """A problem with one field; with the form as a whole where `field` is empty."""

    field: str
    problem: Problem


class Doubt(msgspec.Struct, frozen=True):
    """A question about what was typed. The same value sent again is the answer yes; another value is asked anew."""

    field: str
    typed: str
    question: str

    @property
    def answer(self) -> str:
        """What the confirming post carries."""
        return f"{self.field}={self.typed}"


class Draft(msgspec.Struct, frozen=True):
    """The facts that entries make, not yet addressed to a course or keyed, with flaws and doubts. Drafts add up."""

    facts: tuple[Fact, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def __add__(self, other: Draft) -> Draft:
        return Draft(self.facts + other.facts, self.flaws + other.flaws, self.doubts + other.doubts)

    def __bool__(self) -> bool:
        return self != Draft()

    def open_doubts(self, entries: Entries) -> tuple[Doubt, ...]:
        """The questions that nobody has answered yet."""
        sure = frozenset(entries.all(SURE))
        return tuple(doubt for doubt in self.doubts if doubt.answer not in sure)


def all_of(drafts: Iterable[Draft]) -> Draft:
    """Several drafts as one."""
    return sum(drafts, Draft())


def flaws_of(*parts: object) -> Draft:
    """The drafts among parts that were read: what is wrong with those that could not be."""
    return all_of(part for part in parts if isinstance(part, Draft))


def flawed(field: str, problem: Problem) -> Draft:
    """A draft that is only a problem."""
    return Draft(flaws=(Flaw(field, problem),))


def doubted(field: str, typed: str, question: str) -> Draft:
    """A draft that is only a question."""
    return Draft(doubts=(Doubt(field, typed, question),))


def nothing_entered(field: str = "") -> Draft:
    """A form that says nothing."""
    return flawed(field, Problem("nothing_entered", "Nothing was entered.", "Fill in at least one field."))
