"""The words in which an indication is written: a tree of conditions, each answered by yes, no or unknown.

In TOML each is a table with its `term`: ``{ term = "lines", at_least = 2 }``. `all` and `any` hold others.
The reading of each term stands in `cartway.pathway.candidacy.label`.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class _Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="term", kw_only=True):
    """A condition. `confirmed` False: the source of this very part was not seen."""

    confirmed: bool = True


class All(_Term, frozen=True, tag="all"):
    """Every one of these."""

    of: tuple[Term, ...]


class Any(_Term, frozen=True, tag="any"):
    """At least one of these."""

    of: tuple[Term, ...]


class Disease(_Term, frozen=True, tag="disease"):
    """The diagnosis is one of these: choices or groups of the vocabulary's `diagnosis`.

    `unclear` are choices that the text neither names nor rules out; `reading` says how they are read here, `read_as`
    the answer given.
    """

    of: tuple[str, ...]
    unclear: tuple[str, ...] = ()
    read_as: Literal["yes", "no", "unknown"] = "unknown"
    reading: str = ""
    but_not: tuple[str, ...] = ()


class Age(_Term, frozen=True, tag="age"):
    """Whole years reached: `at_least`; `up_to` the day before the next birthday. `reading` names an open wording."""

    at_least: int | None = None
    up_to: int | None = None
    reading: str = ""


class RelapsedOrRefractory(_Term, frozen=True, tag="relapsed_or_refractory"):
    """The disease came back or did not answer."""


class Refractory(_Term, frozen=True, tag="refractory"):
    """The disease did not answer to its last treatment."""


class Relapses(_Term, frozen=True, tag="relapses"):
    """It came back at least so often; `after_transplant` counts a relapse after an allogeneic transplant as enough."""

    at_least: int
    after_transplant: bool = False


class Lines(_Term, frozen=True, tag="lines"):
    """At least so many lines of systemic therapy."""

    at_least: int


class Exposed(_Term, frozen=True, tag="exposed"):
    """Earlier therapy has included each of these drug classes, in one line or several."""

    classes: tuple[str, ...]


class FirstLineRefractory(_Term, frozen=True, tag="first_line_refractory"):
    """Refractory to the first-line chemoimmunotherapy."""


class RelapseAfterFirstLine(_Term, frozen=True, tag="relapse_after_first_line"):
    """Relapse after first-line chemoimmunotherapy, within so many months of its end where `within_months` is given."""

    within_months: int | None = None


class NoTransplant(_Term, frozen=True, tag="no_transplant"):
    """Not eligible for a transplant for one of these reasons, as a clinician has recorded; never computed."""

    because: tuple[Literal["comorbidity", "age"], ...]


class RefractoryTo(_Term, frozen=True, tag="refractory_to"):
    """Refractory to a drug: as recorded, or progression on it or within `days` of its last dose."""

    drug: str
    days: int = 60


class ProgressedOnLast(_Term, frozen=True, tag="progressed_on_last"):
    """The last line of therapy ended in progression."""


class Antigen(_Term, frozen=True, tag="antigen"):
    """The antigen was found, or was not: a term of the label itself."""

    name: str
    result: Literal["positive", "negative"]


Term = (
    All
    | Any
    | Disease
    | Age
    | RelapsedOrRefractory
    | Refractory
    | Relapses
    | Lines
    | Exposed
    | FirstLineRefractory
    | RelapseAfterFirstLine
    | NoTransplant
    | RefractoryTo
    | ProgressedOnLast
    | Antigen
)
