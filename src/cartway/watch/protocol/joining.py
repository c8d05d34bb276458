"""What two rows name that are one to the patient stands once: the same dose, or the same steroid for CRS and ICANS."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from cartway.pathway.answer import Answer
from cartway.watch.protocol.dosing import Dose
from cartway.watch.protocol.model import SYNDROMES
from cartway.watch.protocol.situation import drugs_of
from cartway.watch.protocol.step import Step, drug_of


def joined(steps: Iterable[Step]) -> list[Step]:
    """A dose named by two rows is one step: both say why, and the first stands. So are two steroids of one drug."""
    kept: dict[str, Step] = {}
    for step in steps:
        name = step.dose.rule.name if step.dose is not None else step.id
        first = kept.get(name)
        kept[name] = step if first is None else _with(first, step)
    return _one_steroid(list(kept.values()))


def _one_steroid(steps: list[Step]) -> list[Step]:
    """CRS and ICANS that both name the same steroid name it once, with the higher dose: they are not added."""
    kept: list[Step] = []
    for step in steps:
        place = next((n for n, first in enumerate(kept) if _is_same_steroid(first, step)), None)
        if place is None:
            kept.append(step)
        else:
            kept[place] = _higher(kept[place], step)
    return kept


def _is_same_steroid(first: Step, other: Step) -> bool:
    """Whether both surely apply, each for its own syndrome, and name the same steroid."""
    if first.dose is None or other.dose is None or {first.syndrome, other.syndrome} != {"crs", "icans"}:
        return False
    drug = first.dose.rule.drug
    sure = all(step.applies is Answer.yes and not step.if_team for step in (first, other))
    return sure and drug == other.dose.rule.drug and drug in drugs_of("steroid")


def _higher(first: Step, other: Step) -> Step:
    """The first step with the higher of the two doses; of equal ones the closer together."""
    assert first.dose is not None and other.dose is not None, "asked of steps with doses"
    stands, falls = (first, other) if _strength(first.dose) >= _strength(other.dose) else (other, first)
    assert stands.dose is not None and falls.dose is not None, "of the same two"
    words = (
        f"Both name {drug_of(stands.dose).lower()}, and the two are not added: the higher stands, "
        f"{SYNDROMES[stands.syndrome]}'s. {SYNDROMES[falls.syndrome]} alone: {falls.dose.rule.words}."
    )
    return msgspec.structs.replace(
        first,
        dose=stands.dose,
        instead=tuple(dict.fromkeys((*first.instead, *other.instead))),
        because=tuple(dict.fromkeys((*first.because, *other.because))),
        says=f"{first.says} {SYNDROMES[other.syndrome]}: {other.says} {words}",
        source=stands.source,
    )


def _strength(dose: Dose) -> tuple[Decimal, Decimal, int]:
    """How strong a flat dose is: as it is worked out, as it is printed, and how close together."""
    rule, nothing = dose.rule, Decimal(0)
    printed = rule.mg or max((stage.mg for stage in rule.stages), default=nothing)
    return dose.mg or nothing, printed, -max(rule.every_hours, default=0)


def _with(first: Step, other: Step) -> Step:
    sure = (first.applies is Answer.yes and not first.if_team) or (other.applies is Answer.yes and not other.if_team)
    return msgspec.structs.replace(
        first,
        applies=Answer.yes if sure else first.applies,
        if_team="" if sure else first.if_team,
        because=tuple(dict.fromkeys((*first.because, *other.because))),
        says=f"{first.says} {SYNDROMES[other.syndrome]}: {other.says}",
        missing=() if sure else first.missing,
    )
