"""One step that a protocol names."""

from __future__ import annotations

import msgspec

from cartway.pathway.answer import Answer, Missing, Source
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.watch.protocol.dosing import Dose
from cartway.watch.protocol.model import Syndrome


class Step(msgspec.Struct, frozen=True):
    """One step that the protocol names now.

    `applies`: yes, or unknown where a condition cannot be told (then `missing` says what would). `if_team`: what only
    the team can say of it. `because`: the grade and the conditions that were met. `dose` and `instead`: what it names.
    `done`: the facts that show it was done; `open`: what of it was not. `local`: the center's own words.
    `leads`: it stands with the treatments, not with the general care at the grade.
    `last`: it stands after all others of its syndrome. `since`: when the episode began that it is for.
    """

    id: str
    syndrome: Syndrome
    grade: str
    title: str
    says: str
    source: Source
    applies: Answer = Answer.yes
    because: tuple[str, ...] = ()
    if_team: str = ""
    dose: Dose | None = None
    instead: tuple[Dose, ...] = ()
    missing: tuple[Missing, ...] = ()
    facts: tuple[Fact, ...] = ()
    policies: tuple[str, ...] = ()
    done: tuple[Fact, ...] = ()
    open: tuple[str, ...] = ()
    local: Fact | None = None
    asks_local: bool = False
    leads: bool = False
    last: bool = False
    since: Instant | None = None

    @property
    def doses_given(self) -> tuple[Fact, ...]:
        """What was charted of its drugs in this episode."""
        return tuple(fact for dose in (self.dose, *self.instead) if dose is not None for fact in dose.given)

    @property
    def said(self) -> str:
        """The step in one text, as an answer to it keeps it."""
        doses = " ".join(f"{drug_of(each)}: {each.words}." for each in (self.dose, *self.instead) if each is not None)
        condition = f" If {self.if_team}." if self.if_team else ""
        return f"{self.title}.{condition} {self.says} {doses}".strip()

    @property
    def settled(self) -> bool:
        """Whether recorded facts show that all of it was done."""
        return bool(self.done) and not self.open


def drug_of(dose: Dose) -> str:
    """The drug of a dose, as the vocabulary labels it."""
    return vocabulary().variables["drug"].choices[dose.rule.drug].label
