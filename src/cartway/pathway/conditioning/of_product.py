"""The points of the product: its release and certificate, where it is, its chain of identity, its dose of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cartway.pathway.answer import Answer, Criterion, Missing, Severity, Source, all_of
from cartway.pathway.chain import Break, BreakKind, chain, may_thaw
from cartway.pathway.conditioning.by_part import decided_against, fits_row
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.cells import cell_dose
from cartway.pathway.conditioning.points import HAYDEN, IDENTITY, LABELS, point
from cartway.pathway.conditioning.split import Action, Burden, burden_of, split_dose
from cartway.pathway.manufacture import Batch, batches


def _batches(case: Case) -> tuple[Batch, ...]:
    return batches(case.course, case.center, case.jurisdiction)


def release(case: Case) -> list[Criterion]:
    """The batch that is to be given may be given. A batch that another one replaces does not count."""
    found = _batches(case)
    replaced = {batch.remanufacture_of for batch in found}
    mine = [batch for batch in found if batch.id not in replaced]
    question = "The batch is released, or may be given by the path of an out-of-specification product"
    source = Source("US prescribing information of the CAR T products, section 2: release for infusion certificate")
    if not mine:
        lacks = Missing("disposition", "the batch and its disposition", "the release certificate")
        return [point("RELEASE", question, Answer.unknown, "No batch is known.", source, missing=(lacks,))]
    answer = all_of(batch.disposition.may_be_given for batch in mine)
    because = " ".join(f"{batch.id}: {batch.disposition.because}" for batch in mine)
    facts = [batch.disposition.fact for batch in mine if batch.disposition.fact is not None]
    severity = Severity.absolute if answer is Answer.no else Severity.deferring
    return [point("RELEASE", question, answer, because, source, facts, severity=severity)]


def certificate(case: Case) -> list[Criterion]:
    """It is here, and whose name it bears."""
    question = "The release certificate is here and bears this patient's name"
    found = case.course.last("release_certificate")
    if found is None:
        lacks = Missing("release_certificate", "the release certificate", "the holder")
        return [point("CERT", question, Answer.unknown, "No certificate is recorded.", IDENTITY, missing=(lacks,))]
    read = str(found.detail.get("patient_matches", ""))
    answer = {"this course": Answer.yes, "another": Answer.no}.get(read, Answer.unknown)
    because = {
        Answer.yes: "It bears this patient's name.",
        Answer.no: "It bears another name: stop, and call the holder.",
        Answer.unknown: "Whose name it bears was not read.",
    }[answer]
    severity = Severity.absolute if answer is Answer.no else Severity.deferring
    return [point("CERT", question, answer, because, IDENTITY, [found], severity=severity)]


def on_site(case: Case) -> list[Criterion]:
    """Hayden 2022: lymphodepletion starts once the product is on site."""
    question = "Every container is on site and in storage"
    held = [bag for batch in _batches(case) for bag in batch.containers]
    if not held:
        lacks = Missing("container", "the containers of the product", "the receipt of the shipment")
        return [point("SITE", question, Answer.unknown, "No container is known.", HAYDEN, missing=(lacks,))]
    away = [bag for bag in held if bag.state in ("at the maker", "on its way")]
    set_aside = [bag for bag in held if bag.quarantined is not None]
    facts = [fact for bag in held for fact in (bag.received, bag.stored, bag.quarantined) if fact is not None]
    if set_aside:
        because = f"In quarantine: {', '.join(bag.container for bag in set_aside)}."
        return [point("SITE", question, Answer.no, because, HAYDEN, facts, severity=Severity.absolute)]
    because = f"Not received: {', '.join(bag.container for bag in away)}." if away else f"{len(held)} received."
    return [point("SITE", question, Answer.unknown if away else Answer.yes, because, HAYDEN, facts)]


def identity(case: Case) -> list[Criterion]:
    """Each container's chain, as the chain of identity judges it; the thaw and the bedside come after this decision."""
    question = "The chain of identity holds for every container to be given"
    given = {fact.about for fact in case.infusions}
    to_give = [bag for bag in case.containers if bag not in given]
    if case.containers and not to_give:
        return [point("CHAIN", question, Answer.yes, "No container is left to give.", IDENTITY)]
    breaks = {bag: may_thaw(case.course, bag, case.index, case.policies).because for bag in to_give}
    blocking = [each for found in breaks.values() for each in found]
    if not to_give:
        blocking = [each for each in chain(case.course, case.index, case.policies).breaks if each.blocks]
        breaks = {each.container: (each,) for each in blocking}
    if not to_give and not blocking:
        return [point("CHAIN", question, Answer.unknown, "No container is known.", IDENTITY)]
    if not blocking:
        return [point("CHAIN", question, Answer.yes, "Unbroken as far as it goes before the thaw.", IDENTITY)]
    because = " ".join(f"{', '.join(bags)}: {words}" for words, bags in _by_words(breaks).items())
    facts = [fact for each in blocking for fact in each.facts]
    if any(each.kind is BreakKind.contradictory for each in blocking):
        return [point("CHAIN", question, Answer.no, because, IDENTITY, facts, severity=Severity.absolute)]
    return [point("CHAIN", question, Answer.unknown, because, IDENTITY, facts)]


def _by_words(breaks: Mapping[str, Sequence[Break]]) -> dict[str, list[str]]:
    """What is wrong in words, each once, with the containers that it is wrong with."""
    found: dict[str, list[str]] = {}
    for bag, each in breaks.items():
        if each:
            found.setdefault(" ".join(one.words for one in each), []).append(bag)
    return found


def cells(case: Case) -> list[Criterion]:
    """The dose stated against the label: what is not known is as open as what is outside."""
    found = cell_dose(case)
    source = found.source or LABELS
    return [
        point(
            "CELLS", "The stated dose lies in the label's range", found.answer, found.because, source, found.facts,
            missing=found.missing,
        )
    ]  # fmt: skip


def second(case: Case) -> list[Criterion]:
    """What the label's table says of the second part after the first."""
    found = split_dose(case)
    question = "The label's table lets the second part be given now"
    if found is None:
        return [point("SPLIT", question, Answer.no, "This product is not split.", LABELS, severity=Severity.absolute)]
    second = found.second
    against, decision = decided_against(case), second.decision
    withheld = second.action is Action.withhold or (against and decision is not None and decision.choice == "withhold")
    answer = Answer.no if against else second.answer
    because = f"{against} {second.because}" if against else second.because
    facts = [*case.infusions, *([decision] if decision is not None else [])]
    severity = Severity.absolute if withheld else Severity.deferring
    return [point("SPLIT", question, answer, because, second.source, facts, severity=severity)]


def first(case: Case) -> list[Criterion]:
    """Asked of a split product before its first infusion: the marrow, its row, and the container of the first part."""
    burden = burden_of(case)
    if burden is None or case.infusions:
        return []
    question = "The container of the first part is that of the label's row for this marrow"
    facts, source = [burden.blasts] if burden.blasts is not None else [], _source_of(burden)
    if burden.row is None:
        lacks = Missing("marrow_blasts", "the blasts in the marrow", "a marrow sample within the label's days")
        return [point("FIRST", question, Answer.unknown, burden.because, source, facts, missing=(lacks,))]
    answer, because = _first_container(case)
    stops = answer is Answer.no and source.confirmed
    severity = Severity.absolute if stops else Severity.deferring
    return [point("FIRST", question, answer, because or burden.because, source, facts, severity=severity)]


def _source_of(burden: Burden) -> Source:
    if burden.row is not None:
        return burden.row.source
    return burden.quotes[0] if burden.quotes else LABELS


def _first_container(case: Case) -> tuple[Answer, str]:
    """Every container labeled for part 1 fits the row; where none is, one that fits is there."""
    labeled = [name for name in case.containers if case.part(name) == 1]
    if labeled:
        found = [fits_row(case, name, 1) for name in labeled]
        answer = all_of(each for each, _ in found)
        return answer, " ".join(because for each, because in found if each is answer)
    found = [fits_row(case, name, 1) for name in case.containers]
    fitting = next((each for each in found if each[0] is Answer.yes), None)
    unread = next((each for each in found if each[0] is Answer.unknown), None)
    if fitting or unread:
        return fitting or unread or (Answer.unknown, "")
    return (
        (Answer.no, " ".join(because for _, because in found)) if found else (Answer.unknown, "No container is known.")
    )
