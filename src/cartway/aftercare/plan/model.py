"""The survivorship care plan as a value: sections of rows for one reader in one language. No layout, no identity.

What belongs in it: Institute of Medicine 2006 (treatment summary and follow-up plan), ASCO 2014 (contacts, treatment
received, lasting toxicity, visits, tests with who and when, late effects, symptoms to report, needs).
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

import msgspec

Reader = Literal["patient", "physician"]
Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")


class Row(msgspec.Struct, frozen=True):
    """One thing: what it is, what is said or found of it, when, why. `mark`: its state in a word or two. `items`: a
    list below it.

    `confirmed` is False where no source was seen for it; whoever shows the row says so. `tone`: ``""``, ``ask`` (needs
    somebody) or ``no`` (must not be done).
    """

    what: str
    text: str = ""
    when: str = ""
    note: str = ""
    mark: str = ""
    tone: str = ""
    source: str = ""
    confirmed: bool = True
    items: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """A part of the plan. `columns` are the headings of a table of `what`, `text`, `when` and `mark`; without them its
    rows are a list. `empty` is what it says where there are no rows: that nothing is known is never left out.
    """

    key: str
    title: str
    rows: tuple[Row, ...] = ()
    intro: str = ""
    columns: tuple[str, ...] = ()
    empty: str = ""


class Call(msgspec.Struct, frozen=True):
    """Somebody to call: who it is in words, the number as it is dialed, when they answer."""

    key: str
    who: str
    telephone: str = ""
    hours: str = ""
    name: str = ""


class Plan(msgspec.Struct, frozen=True):
    """A plan as of a day. `line` is the 24-hour line, `emergency` the emergency number of the country.

    `words` are the small words around it (headings of the page, marks) in its language.
    """

    reader: Reader
    language: Language
    title: str
    lead: str
    made_on: date
    made: str
    site: str
    line: Call
    emergency: str
    calls: tuple[Call, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
    sources: tuple[str, ...]
    words: dict[str, str]
    simulated: bool = False

    @property
    def edition(self) -> str:
        """A digest of all it says: the same words have the same edition, whenever they were worked out."""
        said = msgspec.structs.replace(self, made_on=date.min, made="", lead="")
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:12]

    def section(self, key: str) -> Section | None:
        """The part of that name, if the plan has it."""
        return next((each for each in self.sections if each.key == key), None)


class Card(msgspec.Struct, frozen=True):
    """A wallet card: four faces. `staff` is for any emergency team, in English; the rest in the patient's language.

    `code` is what its QR code says: never who it is, nor any day of the treatment.
    """

    language: Language
    site: str
    line: Call
    emergency: str
    product: str
    infused: str
    staff: tuple[str, ...]
    urgent: tuple[Row, ...]
    limits: tuple[Row, ...]
    lines: tuple[str, ...]
    code: str
    words: dict[str, str]
    simulated: bool = False
