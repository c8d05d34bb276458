"""Go or no go: what must hold before lymphodepletion, before the infusion and before a second dose, with reasons.

Each point answers yes, no or unknown. A decision is a person's; the lists say what is open when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import msgspec

from cartway.pathway.answer import Answer, Axis, Criterion, Missing, Severity, Source, all_of, is_so
from cartway.pathway.chain import Break, BreakKind, may_thaw
from cartway.pathway.conditioning.calendar import window
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.cells import cell_dose
from cartway.pathway.conditioning.lymphodepletion import lymphodepletion, regimens_of
from cartway.pathway.conditioning.split import Action, split_dose
from cartway.pathway.conditioning.stock import tocilizumab_on_hand
from cartway.pathway.conditioning.thaw import limits_of
from cartway.pathway.manufacture import Batch, batches
from cartway.pathway.products import Regimen, product
from cartway.record import Fact
from cartway.times import DAY
from cartway.vocabulary import vocabulary


class Before(StrEnum):
    """What a decision is made before; also the `about` of its `go_no_go` fact."""

    lymphodepletion = "lymphodepletion"
    infusion = "infusion"
    second_dose = "second dose"


HAYDEN = Source("EBMT/EHA recommendations: Hayden 2022, doi 10.1016/j.annonc.2021.12.003")
LABELS = Source("US prescribing information of the CAR T products, section 2: delay the infusion")
LABEL_BOX = Source("US prescribing information of the CAR T products, boxed warning: not with active infection")
IDENTITY = Source("US prescribing information of the CAR T products, section 2: identifiers match before the infusion")
AT_HAND = Source("US prescribing information of the CAR T products, sections 2 and 5: medicines and equipment at hand")
REPRODUCTION = Source("Product labels, section 8.1: pregnancy status before the treatment", confirmed=False)
CONSENT = Source("FACT-JACIE International Standards for Immune Effector Cells, part B6", confirmed=False)
GVHD = Source("Product labels, section 2: delay for active graft-versus-host disease; Hayden 2022")
BLOCKING = (Severity.absolute, Severity.deferring)


class GoNoGo(msgspec.Struct, frozen=True):
    """One list at a moment: its points, what they come to together, and the last decision on it.

    `answer` counts the points that block or defer; the others are shown. `outdated`: a fact that a point rests on is
    newer than the decision.
    """

    before: Before
    points: tuple[Criterion, ...]
    answer: Answer
    decision: Fact | None
    outdated: bool = False

    @property
    def open(self) -> tuple[Criterion, ...]:
        """The points that are not yes, what stops first."""
        return tuple(sorted((each for each in self.points if each.flagged), key=_urgency))


def go_no_go(case: Case, before: Before) -> GoNoGo:
    """The list before `before`, as it stands now."""
    points = tuple(point for ask in _LISTS[before] for point in ask(case))
    decision = case.course.last("go_no_go", about=before.value)
    since = decision.at if decision is not None else case.now
    answer = all_of(point.answer for point in points if point.severity in BLOCKING)
    newer = any(fact.at > since for point in points for fact in point.facts)
    return GoNoGo(before, points, answer, decision, decision is not None and newer)


def _urgency(point: Criterion) -> tuple[bool, bool]:
    return point.severity not in BLOCKING, point.answer is not Answer.no


def _point(
    name: str, question: str, answer: Answer, because: str, source: Source, facts: Sequence[Fact] = (), *,
    severity: Severity = Severity.deferring, missing: tuple[Missing, ...] = (), policy: str = "",
) -> Criterion:  # fmt: skip
    return Criterion(
        f"GO-{name}", Axis.logistics, question, answer, severity, because, source, tuple(facts), missing, policy
    )


def _batches(case: Case) -> tuple[Batch, ...]:
    return batches(case.course, case.center, case.jurisdiction)


def _release(case: Case) -> list[Criterion]:
    """The batch that is to be given may be given. A batch that another one replaces does not count."""
    found = _batches(case)
    replaced = {batch.remanufacture_of for batch in found}
    mine = [batch for batch in found if batch.id not in replaced]
    question = "The batch is released, or may be given by the path of an out-of-specification product"
    source = Source("US prescribing information of the CAR T products, section 2: release for infusion certificate")
    if not mine:
        lacks = Missing("disposition", "the batch and its disposition", "the release certificate")
        return [_point("RELEASE", question, Answer.unknown, "No batch is known.", source, missing=(lacks,))]
    answer = all_of(batch.disposition.may_be_given for batch in mine)
    because = " ".join(f"{batch.id}: {batch.disposition.because}" for batch in mine)
    facts = [batch.disposition.fact for batch in mine if batch.disposition.fact is not None]
    severity = Severity.absolute if answer is Answer.no else Severity.deferring
    return [_point("RELEASE", question, answer, because, source, facts, severity=severity)]


def _certificate(case: Case) -> list[Criterion]:
    question = "The release certificate is here and bears this patient's name"
    found = case.course.last("release_certificate")
    if found is None:
        lacks = Missing("release_certificate", "the release certificate", "the holder")
        return [_point("CERT", question, Answer.unknown, "No certificate is recorded.", IDENTITY, missing=(lacks,))]
    read = str(found.detail.get("patient_matches", ""))
    answer = {"this course": Answer.yes, "another": Answer.no}.get(read, Answer.unknown)
    because = {
        Answer.yes: "It bears this patient's name.",
        Answer.no: "It bears another name: stop, and call the holder.",
        Answer.unknown: "Whose name it bears was not read.",
    }[answer]
    severity = Severity.absolute if answer is Answer.no else Severity.deferring
    return [_point("CERT", question, answer, because, IDENTITY, [found], severity=severity)]


def _on_site(case: Case) -> list[Criterion]:
    """Hayden 2022: lymphodepletion starts once the product is on site."""
    question = "Every container is on site and in storage"
    held = [bag for batch in _batches(case) for bag in batch.containers]
    if not held:
        lacks = Missing("container", "the containers of the product", "the receipt of the shipment")
        return [_point("SITE", question, Answer.unknown, "No container is known.", HAYDEN, missing=(lacks,))]
    away = [bag for bag in held if bag.state in ("at the maker", "on its way")]
    set_aside = [bag for bag in held if bag.quarantined is not None]
    facts = [fact for bag in held for fact in (bag.received, bag.stored, bag.quarantined) if fact is not None]
    if set_aside:
        because = f"In quarantine: {', '.join(bag.container for bag in set_aside)}."
        return [_point("SITE", question, Answer.no, because, HAYDEN, facts)]
    because = f"Not received: {', '.join(bag.container for bag in away)}." if away else f"{len(held)} received."
    return [_point("SITE", question, Answer.unknown if away else Answer.yes, because, HAYDEN, facts)]


def _identity(case: Case) -> list[Criterion]:
    """Each container's chain, as the chain of identity judges it; the thaw and the bedside come after this decision."""
    question = "The chain of identity holds for every container to be given"
    given = {fact.about for fact in case.infusions}
    to_give = [bag for bag in case.containers if bag not in given]
    if not to_give:
        because = "No container is left to give." if case.containers else "No container is known."
        answer = Answer.yes if case.containers else Answer.unknown
        return [_point("CHAIN", question, answer, because, IDENTITY)]
    breaks = {bag: may_thaw(case.course, bag, case.index, case.policies).because for bag in to_give}
    blocking = [each for found in breaks.values() for each in found]
    if not blocking:
        return [_point("CHAIN", question, Answer.yes, "Unbroken as far as it goes before the thaw.", IDENTITY)]
    because = " ".join(f"{', '.join(bags)}: {words}" for words, bags in _by_words(breaks).items())
    facts = [fact for each in blocking for fact in each.facts]
    if any(each.kind is BreakKind.contradictory for each in blocking):
        return [_point("CHAIN", question, Answer.no, because, IDENTITY, facts, severity=Severity.absolute)]
    return [_point("CHAIN", question, Answer.unknown, because, IDENTITY, facts)]


def _by_words(breaks: Mapping[str, Sequence[Break]]) -> dict[str, list[str]]:
    """What is wrong in words, each once, with the containers that it is wrong with."""
    found: dict[str, list[str]] = {}
    for bag, each in breaks.items():
        if each:
            found.setdefault(" ".join(one.words for one in each), []).append(bag)
    return found


def _looked_at(
    case: Case, name: str, question: str, what: str, good: Sequence[str], source: Source, settles: str
) -> list[Criterion]:
    """A finding that must have been looked at lately and be one of `good`."""
    policy = "go_no_go_max_age_days"
    found, days = case.course.last(what), case.policies.number(policy)
    lacks = (Missing(what, question.lower(), settles),)
    if found is None:
        return [_point(name, question, Answer.unknown, "Nobody has said.", source, missing=lacks)]
    said = _label(found)
    if found.choice not in good:
        return [_point(name, question, Answer.no, f"{said}.", source, [found])]
    if case.now - found.at > days * DAY:
        because = f"{said}, but looked at more than {days:g} days ago."
        return [_point(name, question, Answer.unknown, because, source, [found], missing=lacks, policy=policy)]
    return [_point(name, question, Answer.yes, f"{said}.", source, [found])]


def _label(fact: Fact) -> str:
    choices = vocabulary().variables[fact.what].choices
    return choices[fact.choice].label if fact.choice in choices else fact.choice


def _infection(case: Case) -> list[Criterion]:
    good = ("none", "controlled")
    return _looked_at(
        case, "INFECT", "No active infection", "infection_status", good, LABEL_BOX, "an examination and cultures"
    )


def _reactions(case: Case) -> list[Criterion]:
    question = "No unresolved serious reaction of lung or heart, and no hypotension"
    return _looked_at(case, "TOX", question, "unresolved_toxicity", ("none",), LABELS, "an examination")


def _gvhd(case: Case) -> list[Criterion]:
    """Asked only of who has had a donor's transplant."""
    if case.course.last("transplant", choice="allogeneic") is None:
        return []
    good = ("none", "acute_1", "chronic_limited")
    return _looked_at(
        case, "GVHD", "No active graft-versus-host disease", "graft_versus_host_disease", good, GVHD, "an examination"
    )


def _consent(case: Case) -> list[Criterion]:
    question = "Consent to the treatment is signed"
    gate, signed = case.course.last("gate", about="consent"), case.course.last("consent")
    if gate is not None and gate.choice in ("refused", "expired"):
        return [_point("CONSENT", question, Answer.no, f"{_label(gate)}.", CONSENT, [gate])]
    met = gate if gate is not None and gate.choice == "met" else signed
    if met is None:
        lacks = Missing("consent", "the signed consent", "the consent document")
        return [_point("CONSENT", question, Answer.unknown, "No consent is recorded.", CONSENT, missing=(lacks,))]
    return [_point("CONSENT", question, Answer.yes, "Signed.", CONSENT, [met])]


def _pregnancy(case: Case) -> list[Criterion]:
    """Asked of everybody not recorded as male; the answer may be that it does not apply."""
    sex = case.course.last("sex")
    if sex is not None and sex.choice == "male":
        return []
    question, policy = "Pregnancy is excluded, or cannot be", "pregnancy_test_max_age_days"
    found, lacks = case.course.last("pregnancy_test"), (Missing("pregnancy_test", "a pregnancy test", "a test"),)
    if found is None:
        return [_point("PREG", question, Answer.unknown, "There is no test.", REPRODUCTION, missing=lacks)]
    if found.choice == "positive":
        return [_point("PREG", question, Answer.no, "Positive.", REPRODUCTION, [found], severity=Severity.absolute)]
    days = case.policies.number(policy)
    if found.choice == "negative" and case.now - found.at > days * DAY:
        because = f"The test is older than {days:g} days."
        return [_point("PREG", question, Answer.unknown, because, REPRODUCTION, [found], missing=lacks, policy=policy)]
    return [_point("PREG", question, Answer.yes, f"{_label(found)}.", REPRODUCTION, [found])]


def _doses(case: Case) -> list[Criterion]:
    """Every dose of the usual regimen can be worked out."""
    found = lymphodepletion(case)
    question = "The label's doses can be worked out: weight, height, renal function, a confirmed regimen"
    source = found.usual.regimen.source if found.usual is not None else LABELS
    refusals = [*found.refusals, *(each for d in (found.usual.doses if found.usual else ()) for each in d.refusals)]
    facts = [*found.surface.weight.facts, *found.surface.height.facts, *found.renal.facts]
    if any(each.code == "none_needed" for each in refusals):
        return []
    if not refusals:
        return [_point("DOSES", question, Answer.yes, "They can.", source, facts)]
    because = " ".join(dict.fromkeys(each.words for each in refusals))
    policy = next((each.policy for each in refusals if each.policy), "")
    return [_point("DOSES", question, Answer.unknown, because, source, facts, policy=policy)]


def _window(case: Case) -> list[Criterion]:
    """The infusion lies in the label's window after the last dose of lymphodepletion."""
    known, usual = product(case.product) if case.product else None, _usual(case)
    if known is not None and known.lymphodepletion == "none":
        return []
    question = "The infusion lies within the label's days after lymphodepletion"
    if usual is None:
        return [_point("WINDOW", question, Answer.unknown, "No text of the label is held.", LABELS)]
    found = window(case, usual)
    until = f" It closes on {found.closes.isoformat()}." if found.closes is not None else ""
    return [_point("WINDOW", question, found.inside, found.because + until, usual.source, found.facts)]


def _usual(case: Case) -> Regimen | None:
    return next((row for row in regimens_of(case) if not row.alternative), None)


def _tocilizumab(case: Case) -> list[Criterion]:
    found = tocilizumab_on_hand(case)
    question = "Tocilizumab is on hand for this course"
    lacks = (Missing("stock", "a count of tocilizumab", "a count in the pharmacy"),)
    missing = lacks if found.answer is Answer.unknown else ()
    return [_point("TOCI", question, found.answer, found.because, found.source, found.facts, missing=missing)]


def _cells(case: Case) -> list[Criterion]:
    found = cell_dose(case)
    source = found.source or LABELS
    severity = Severity.deferring if found.answer is Answer.no else Severity.note
    return [
        _point(
            "CELLS", "The stated dose lies in the label's range", found.answer, found.because, source, found.facts,
            severity=severity, missing=found.missing,
        )
    ]  # fmt: skip


def _on_the_day(case: Case, name: str, question: str, what: str, good: str, source: Source) -> list[Criterion]:
    """Something done or set up on this very day."""
    found = case.course.last(what)
    if found is None or case.day_of(found.at) != case.today:
        lacks = Missing(what, question.lower(), "charting it on the day")
        return [_point(name, question, Answer.unknown, "Nothing is charted today.", source, missing=(lacks,))]
    return [_point(name, question, is_so(found.choice == good), f"{_label(found)}.", source, [found])]


def _premedication(case: Case) -> list[Criterion]:
    limits = limits_of(case)
    said = limits.premedication if limits is not None else None
    source = said.source if said is not None else LABELS
    words = f": the label says {said.text}" if said is not None else ""
    return _on_the_day(case, "PREMED", f"Premedication is given{words}", "premedication", "given", source)


def _equipment(case: Case) -> list[Criterion]:
    question = "Emergency medicines and equipment stand at the bedside"
    return _on_the_day(case, "EQUIP", question, "emergency_equipment", "ready", AT_HAND)


def _steroid(case: Case) -> list[Criterion]:
    """A systemic steroid before the cells is told, not counted: labels differ."""
    found = case.course.last("immunosuppression")
    limits = limits_of(case)
    said = limits.steroid if limits is not None else None
    if found is None or found.choice != "systemic":
        return []
    because = f"{_label(found)} immunosuppression." + (f" The label says: {said.text}" if said is not None else "")
    question = "No systemic steroid or other immunosuppression"
    source = said.source if said is not None else LABELS
    return [_point("STEROID", question, Answer.no, because, source, [found], severity=Severity.relative)]


def _second(case: Case) -> list[Criterion]:
    """What the label's table says of the second part after the first."""
    found = split_dose(case)
    question = "The label's table lets the second part be given now"
    if found is None:
        return [_point("SPLIT", question, Answer.no, "This product is not split.", LABELS, severity=Severity.absolute)]
    second = found.second
    rules = second.rules or ()
    source = rules[0].source if rules else found.burden.row.source if found.burden.row is not None else LABELS
    severity = Severity.absolute if second.action is Action.withhold else Severity.deferring
    facts = case.infusions[:1]
    return [_point("SPLIT", question, second.answer, second.because, source, facts, severity=severity)]


Ask = Callable[[Case], list[Criterion]]
_LISTS: dict[Before, tuple[Ask, ...]] = {
    Before.lymphodepletion: (
        _consent, _release, _certificate, _on_site, _doses, _infection, _reactions, _gvhd, _pregnancy, _tocilizumab,
    ),
    Before.infusion: (
        _identity, _release, _certificate, _infection, _reactions, _gvhd, _window, _tocilizumab, _equipment,
        _premedication, _cells, _steroid,
    ),
    Before.second_dose: (
        _second, _identity, _release, _infection, _reactions, _tocilizumab, _equipment, _premedication, _steroid,
    ),
}  # fmt: skip
