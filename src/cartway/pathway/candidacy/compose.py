"""Candidacy of one patient for every product: four axes kept apart, the target, a status, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from cartway.pathway import products as labels
from cartway.pathway.answer import Answer, Criterion, Severity, Source
from cartway.pathway.candidacy.ages import current
from cartway.pathway.candidacy.antigen import antigen
from cartway.pathway.candidacy.collectable import Earliest, earliest_collection
from cartway.pathway.candidacy.fitness import fitness
from cartway.pathway.candidacy.history import history
from cartway.pathway.candidacy.infections import hiv, infections
from cartway.pathway.candidacy.label import LabelAnswer, label
from cartway.pathway.candidacy.logistics import logistics
from cartway.pathway.candidacy.pathology import pathology
from cartway.pathway.candidacy.status import Status, Step, best, leads_to, settling, status_of, step_for, worst
from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.pathway.products import DoseRange, Product
from cartway.vocabulary import vocabulary


class Note(msgspec.Struct, frozen=True):
    """Something the label says that the board must know of this patient. `id`: ``DOSE-KG`` or the warning's own."""

    id: str
    words: str
    source: Source


class ProductCandidacy(msgspec.Struct, frozen=True):
    """One product for one patient."""

    product: str
    brand: str
    label: LabelAnswer
    antigen: tuple[Criterion, ...]
    holder: tuple[Criterion, ...]
    collectable: Earliest
    notes: tuple[Note, ...]
    status: Status
    next: Step


class Flag(msgspec.Struct, frozen=True):
    """A criterion that needs somebody's eye: not met, or not known. `product` only where it is one product's."""

    id: str
    severity: Severity
    answer: Answer
    words: str
    action: str
    owner: str
    product: str = ""
    source: Source = Source("")


class Candidacy(msgspec.Struct, frozen=True):
    """The whole answer. `status` is about the patient; whether a label covers stands with each product."""

    course: str
    on: date
    jurisdiction: str
    status: Status
    products: tuple[ProductCandidacy, ...]
    pathology: Criterion
    fitness: tuple[Criterion, ...]
    logistics: tuple[Criterion, ...]
    collectable: Earliest
    flags: tuple[Flag, ...]

    def of(self, product: str) -> ProductCandidacy | None:
        """One product's answer."""
        return next((each for each in self.products if each.product == product), None)


def candidacy(
    course: Course, center: Course, *, on: date, jurisdiction: str, products: Sequence[str] | None = None
) -> Candidacy:
    """Who may get which product, by the label in force on a day in a jurisdiction and by the center's policies.

    `products`: choice names of `infusion`; all with a label text in that jurisdiction where None.
    """
    policies = policies_of(center)
    asked = (*fitness(course, policies), *infections(course), *history(course, policies))
    fit = tuple(current(asked, course, policies))
    around, confirmed = tuple(logistics(course, policies)), pathology(course)
    earliest = earliest_collection(course, center)
    shared = (confirmed, *fit, *around, *earliest.criteria)
    found = tuple(
        _product(course, center, product, shared, on, jurisdiction) for product in _asked(products, on, jurisdiction)
    )
    return Candidacy(
        course=course.id, on=on, jurisdiction=jurisdiction, status=_status(course, shared, found, on, jurisdiction),
        products=found, pathology=confirmed, fitness=fit, logistics=around, collectable=earliest,
        flags=tuple(_flags(shared, found)),
    )  # fmt: skip


def _asked(names: Sequence[str] | None, on: date, jurisdiction: str) -> list[tuple[str, Product]]:
    everyone = labels.products()
    if names is not None:
        return [(name, everyone[name]) for name in names if name in everyone]
    return [
        (name, each) for name, each in everyone.items() if any(r.jurisdiction == jurisdiction for r in each.indications)
    ]


def _product(
    course: Course, center: Course, named: tuple[str, Product], shared: Iterable[Criterion], on: date, jurisdiction: str
) -> ProductCandidacy:
    name, product = named
    says = label(course, name, on, jurisdiction)
    target = tuple(each for about in product.targets for each in antigen(course, about))
    holder = tuple(current([hiv(course, name)], course, policies_of(center)))
    own = earliest_collection(course, center, name)
    others = [each for each in shared if each.id not in ("FIT-14", *_ids(own.criteria))]
    criteria = (*others, *target, *holder, *own.criteria)
    covered = says.answer is not Answer.no
    status = _product_status(says, criteria)
    return ProductCandidacy(
        product=name, brand=product.brand, label=says, antigen=target, holder=holder, collectable=own,
        notes=tuple(_notes(course, name, on, jurisdiction)) if covered else (), status=status,
        next=_next(course, says, criteria, status),
    )  # fmt: skip


def _ids(criteria: Iterable[Criterion]) -> set[str]:
    return {each.id for each in criteria}


def _product_status(says: LabelAnswer, criteria: tuple[Criterion, ...]) -> Status:
    """What the label refuses is refused; what it leaves open is not known; else the patient's condition decides."""
    condition = status_of(criteria)
    if says.answer is Answer.no and condition is not Status.not_candidate:
        return Status.not_label_covered
    return worst((condition, Status.unknown)) if says.answer is Answer.unknown else condition


def _status(
    course: Course, shared: Iterable[Criterion], found: Iterable[ProductCandidacy], on: date, jurisdiction: str
) -> Status:
    """About the patient: the gravest shared criterion, and what is asked of the product that stands best.

    That a label covers nothing is said with each product; here only where the label itself rules the disease out.
    """
    covered = [each for each in found if each.label.answer is not Answer.no]
    own = best(status_of((*each.antigen, *each.holder)) for each in covered)
    condition = worst((status_of(each for each in shared if each.id != "FIT-14"), own))
    ruled_out = not covered and any(_ruled_out(course, each.product, on, jurisdiction) for each in found)
    return worst((condition, Status.not_label_covered)) if ruled_out else condition


def _ruled_out(course: Course, product: str, on: date, jurisdiction: str) -> bool:
    """Whether a limitation of use names the patient's disease."""
    diagnosis = course.last("diagnosis")
    return diagnosis is not None and any(
        diagnosis.choice in each.diseases for each in labels.limitations(product, on, jurisdiction)
    )


def _notes(course: Course, product: str, on: date, jurisdiction: str) -> Iterable[Note]:
    """The dose per kilogram where it is one for this weight, and the boxed warnings in force."""
    weight = course.last("body_weight")
    for row in labels.doses(product, group_of(course), on, jurisdiction):
        if weight is not None and weight.value and row.per_kg and row.for_weight(weight.value):
            yield Note("DOSE-KG", _per_kg(row), row.source)
    for warning in labels.warnings(product, on, jurisdiction):
        yield Note(warning.id, f"Boxed warning: {warning.words}", warning.source)


def _per_kg(row: DoseRange) -> str:
    """The label's words. No dose is worked out here: that asks for a weight of that day, and for two pairs of eyes."""
    low, high = f"{row.lowest_million:g}", f"{row.highest_million:g}"
    to = f", for up to {row.to_kg:g} kg" if row.to_kg is not None else ""
    cap = f", at most {row.cap_million:g} million in all" if row.cap_million is not None else ""
    return f"Dose by weight: {low if low == high else f'{low} to {high}'} million cells a kilogram{to}{cap}"


def group_of(course: Course) -> str:
    """The disease group of the diagnosis, as labels name it; empty where it is not known."""
    diagnosis = course.last("diagnosis")
    choice = vocabulary().variables["diagnosis"].choices.get(diagnosis.choice) if diagnosis else None
    return choice.classes[0] if choice and choice.classes else ""


def _next(course: Course, says: LabelAnswer, criteria: tuple[Criterion, ...], status: Status) -> Step:
    if status is Status.not_label_covered:
        brand = labels.products()[says.product].brand or says.product
        return Step(
            f"No indication of {brand} covers this patient: look at other products, then at trials", "tumor board"
        )
    deciding = next((each for each in criteria if leads_to(each) is status), None)
    if status is not Status.candidate_for_assessment and deciding is not None:
        return step_for(deciding)
    if says.answer is Answer.unknown:
        missing = [each for criterion in says.criteria for each in criterion.missing]
        return Step(settling(missing[0]) if missing else "Ask how the label's words are read", "referring physician")
    return _onward(course)


def _onward(course: Course) -> Step:
    """Nothing stands against it: the board, then the order."""
    board, order = course.last("tumor_board"), course.last("product_order")
    if board is None or board.choice == "deferred":
        return Step("Present to the tumor board", "physician")
    if board.choice == "accepted" and order is None:
        return Step("Order the product, ask the holder for a slot", "coordinator")
    return Step("Go on as the board decided", "coordinator")


def _flags(shared: Iterable[Criterion], found: Iterable[ProductCandidacy]) -> Iterable[Flag]:
    """Every criterion that is not met or not known; one of a target once, with the products it is about."""
    for each in shared:
        if each.flagged and each.id != "FIT-14":
            yield _flag(each)
    seen: dict[tuple[str, str], list[ProductCandidacy]] = {}
    kept: dict[tuple[str, str], Criterion] = {}
    for product in found:
        if product.label.answer is not Answer.no:
            for each in (*product.antigen, *product.holder):
                if each.flagged:
                    seen.setdefault((each.id, each.because), []).append(product)
                    kept[each.id, each.because] = each
    for key, about in seen.items():
        yield _flag(kept[key], ", ".join(each.brand for each in about))
    for product in found:
        yield from (_noted(note, product.brand) for note in product.notes)


def _flag(criterion: Criterion, product: str = "") -> Flag:
    step = step_for(criterion)
    return Flag(
        criterion.id, criterion.severity, criterion.answer, criterion.because, step.action, step.owner, product,
        criterion.source,
    )  # fmt: skip


def _noted(note: Note, product: str) -> Flag:
    action = "Counsel the patient" if note.id != "DOSE-KG" else "Weigh the patient again before the dose is ordered"
    return Flag(note.id, Severity.note, Answer.no, note.words, action, "physician", product, note.source)
