"""Days, owners and lengths as the programme's pages say them."""

from __future__ import annotations

from datetime import date

from cartway.pathway.programme.days import counted
from cartway.vocabulary import vocabulary


def said_day(day: date | None, today: date) -> str:
    """``Tue Nov 24 (in 3 days)``, with the year where it is another one; empty for no day."""
    return "" if day is None else f"{whole_day(day, today)} ({distance((day - today).days)})"


def whole_day(day: date, today: date) -> str:
    """``Tue Nov 24``, with the year where it is another one."""
    return short_day(day) + (f", {day.year}" if day.year != today.year else "")


def short_day(day: date) -> str:
    """``Tue Nov 24``, where the year stands beside it."""
    return f"{day:%a} {day:%b} {day.day}"


def distance(days: int) -> str:
    """``today``, ``tomorrow``, ``in 3 days``, ``yesterday``, ``6 days ago``."""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {counted(days)}" if days > 0 else f"{counted(-days)} ago"


def overdue(day: date | None, today: date) -> bool:
    """Whether a day is over."""
    return day is not None and day < today


def owner_words(owner: str) -> str:
    """A role in words, an account's name as it is."""
    return owner.replace("_", " ")


def illness(diagnosis: str) -> str:
    """A diagnosis as the vocabulary labels it, without what follows a comma."""
    found = vocabulary().variables["diagnosis"].choices.get(diagnosis)
    return found.label.partition(",")[0] if found else diagnosis.replace("_", " ")
