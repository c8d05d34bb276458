"""A form as it is drawn: what was typed, what is wrong with it, what is asked before it is recorded."""

from __future__ import annotations

import re
import secrets

import msgspec

from cartway.problem import Problem
from cartway.times import Instant
from cartway.web.forms.draft import SURE, Doubt, Flaw
from cartway.web.forms.effect import Effect
from cartway.web.forms.entries import Entries

FORM, OPENED, BY = "form", "opened", "by"
_MILLISECONDS = re.compile(r"\d{1,15}", re.ASCII)


class Sheet(msgspec.Struct, frozen=True):
    """One sheet of paper: its random id, when and to which account it was handed out, and what stands on it.

    `effects` and `confirm` are there where the grades are shown before anything is recorded.
    """

    id: str
    opened: Instant
    entries: Entries = Entries()
    flaws: tuple[Flaw, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    effects: tuple[Effect, ...] = ()
    confirm: str = ""
    by: str = ""

    def typed(self, field: str) -> str:
        return self.entries[field]

    def problems(self, field: str) -> list[Problem]:
        """What is wrong with a field."""
        return [flaw.problem for flaw in self.flaws if flaw.field == field]

    def questions(self, field: str) -> list[str]:
        """What is asked about a field."""
        return [doubt.question for doubt in self.doubts if doubt.field == field]

    @property
    def sure(self) -> tuple[str, ...]:
        """What sending this sheet again confirms: what was confirmed before, and all that it asks."""
        answers = [*self.entries.all(SURE), *(doubt.answer for doubt in self.doubts)]
        return tuple(dict.fromkeys(answers))[:40]


def new_sheet(now: Instant, entries: Entries = Entries()) -> Sheet:  # noqa: B008 - it is frozen
    """A fresh sheet."""
    return Sheet(secrets.token_urlsafe(16), now, entries)


def sent_sheet(entries: Entries) -> Sheet | None:
    """The sheet that was sent; None where its hidden fields are not ours."""
    opened = entries[OPENED]
    if not entries[FORM] or not entries[BY] or _MILLISECONDS.fullmatch(opened) is None:
        return None
    return Sheet(entries[FORM], int(opened) * 1000, entries, by=entries[BY])
