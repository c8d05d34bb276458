"""Does the label cover this patient, in this place, on this day? The words of the indication, and nothing else.

Fitness, target and infection are other questions. A missing fact makes the answer unknown, never no; a diagnosis that
the words neither name nor rule out is answered by a named reading, which is told.
"""

from __future__ import annotations

from datetime import date

import msgspec

from cartway.pathway.answer import Answer, Axis, Criterion, Missing, Severity, Source, all_of, any_of
from cartway.pathway.candidacy import disease, treatment
from cartway.pathway.candidacy.found import Found, joined, not_known, not_so, so
from cartway.pathway.candidacy.wording import on_day, stated
from cartway.pathway.course import Course
from cartway.pathway.products import Indication, Limitation, Product, in_force, places, product
from cartway.pathway.products import rule as r

_QUESTIONS: dict[type, tuple[str, str]] = {
    r.Disease: ("LBL-01", "Is the diagnosis one that the label names?"),
    r.Lines: ("LBL-02", "Were there enough lines of systemic therapy?"),
    r.Exposed: ("LBL-03", "Were the drug classes given that the label asks for?"),
    r.FirstLineRefractory: ("LBL-04", "Is it refractory to the first line?"),
    r.RelapseAfterFirstLine: ("LBL-04", "Did it come back after the first line, in time?"),
    r.NoTransplant: ("LBL-05", "Is a transplant impossible for a reason that the label names?"),
    r.RefractoryTo: ("LBL-06", "Is it refractory to the drug that the label names?"),
    r.Refractory: ("LBL-07", "Is it refractory?"),
    r.Relapses: ("LBL-07", "Has it come back often enough?"),
    r.Age: ("LBL-08", "Is the age within the label's limits?"),
    r.RelapsedOrRefractory: ("LBL-RR", "Is the disease relapsed or refractory?"),
    r.ProgressedOnLast: ("LBL-RR", "Did it progress on the last line?"),
    r.Antigen: ("ANT-04", "Does the tumor carry the target as the label asks?"),
}


class RuleAnswer(msgspec.Struct, frozen=True):
    """One indication asked of a course: its answer, the criteria, and how open words were read."""

    rule: Indication
    answer: Answer
    criteria: tuple[Criterion, ...]
    readings: tuple[str, ...] = ()


class LabelAnswer(msgspec.Struct, frozen=True):
    """What the label says of a course. `rule` is the indication that decided, or the nearest; None where there is none.

    `criteria` are that rule's; `others` the other indications in force. `ambiguous` names how unclear words were read
    where that decided. `version` says which text was used. `not_yet` are indications that begin later, by their day.
    """

    product: str
    answer: Answer
    because: str
    rule: Indication | None
    criteria: tuple[Criterion, ...]
    others: tuple[RuleAnswer, ...] = ()
    ambiguous: tuple[str, ...] = ()
    version: str = ""
    not_yet: tuple[Indication, ...] = ()

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What would settle an unknown, by this indication or by another that is still open."""
        still = [each.criteria for each in self.others if each.answer is Answer.unknown]
        asked = [criterion for criteria in (self.criteria, *still) for criterion in criteria]
        found = (each for criterion in asked for each in criterion.missing)
        return tuple(dict.fromkeys(found)) if self.answer is Answer.unknown else ()

    @property
    def confirmed(self) -> bool:
        """Whether the source of all that decided was seen: of a no, of what is not met."""
        against = [each for each in self.criteria if each.answer is Answer.no] if self.answer is Answer.no else ()
        return all(criterion.source.confirmed for criterion in against or self.criteria)


def label(course: Course, name: str, on: date, jurisdiction: str) -> LabelAnswer:
    """The label axis of one product, by the text in force in a place on a day."""
    found = product(name)
    if found is None:
        return _open(name, f"No product '{name}' is held.", "the product", "its label", Source("No source held", False))
    if found.status == "investigational":
        because = f"{found.title} is investigational: it has no label. {found.stage[:1].upper()}{found.stage[1:]}."
        return _closed(found, because, found.sources[0])
    answers = [ask(course, found, row, on) for row in in_force(found.indications, on, jurisdiction)]
    unheld = _unheld(course, found, on, jurisdiction)
    if not answers:
        return unheld or _without_text(found, on, jurisdiction)
    answer = any_of([each.answer for each in answers])
    return unheld if unheld and answer is Answer.no else _answered(course, found, answers, on, jurisdiction)


def ask(course: Course, found: Product, row: Indication, on: date) -> RuleAnswer:
    """One indication, whether or not it is in force."""
    terms = row.when.of if isinstance(row.when, r.All) else (row.when,)
    asked = [(term, evaluate(course, term, on)) for term in terms]
    criteria = [_criterion(row, term, each) for term, each in asked]
    if "lbcl" in row.groups:
        criteria += [_limited(course, each) for each in in_force(found.limitations, on, row.jurisdiction)]
    answer = all_of(criterion.answer for criterion in criteria)
    against = [each for _, each in asked if each.answer is Answer.no and not each.reading]
    stopped = bool(against) or any(each.answer is Answer.no for each in criteria[len(asked) :])
    readings = () if stopped else tuple(dict.fromkeys(text for _, each in asked for text in each.reading))
    return RuleAnswer(row, answer, tuple(criteria), readings)


def evaluate(course: Course, term: r.Term, on: date) -> Found:
    """The answer to one condition, or to a tree of them."""
    match term:
        case r.All():
            return joined((evaluate(course, each, on) for each in term.of), all_of)
        case r.Any():
            return joined((evaluate(course, each, on) for each in term.of), any_of)
        case r.Disease():
            return disease.diagnosis_is(course, term)
        case r.Age():
            return disease.age_is(course, term, on)
        case r.RelapsedOrRefractory():
            return disease.is_relapsed_or_refractory(course)
        case r.Refractory():
            return disease.is_refractory(course)
        case r.Relapses():
            return disease.has_relapsed(course, term)
        case r.NoTransplant():
            return disease.has_no_transplant(course, term)
        case r.Antigen():
            return disease.has_antigen(course, term)
        case _:
            return _of_treatment(course, term, on)


def _of_treatment(course: Course, term: r.Term, on: date) -> Found:
    match term:
        case r.Lines():
            return treatment.enough_lines(course, term)
        case r.Exposed():
            return treatment.exposed_to(course, term)
        case r.FirstLineRefractory():
            return treatment.first_line_refractory(course)
        case r.RelapseAfterFirstLine():
            return treatment.relapse_after_first_line(course, term, on)
        case r.RefractoryTo():
            return treatment.refractory_to(course, term)
        case r.ProgressedOnLast():
            return treatment.progressed_on_last(course)
        case _:
            raise AssertionError(f"no reading of {type(term).__name__}")


def _criterion(row: Indication, term: r.Term, found: Found) -> Criterion:
    leaf = term.of[0] if isinstance(term, r.All | r.Any) else term
    id_, question = _QUESTIONS[type(leaf)]
    if isinstance(term, r.Age) and term.up_to is not None:
        id_ = "LBL-07"
    source = found.source or Source(row.source.text, row.source.confirmed and term.confirmed)
    return Criterion(
        id_, Axis.label, question, found.answer, Severity.absolute, found.because, source, found.facts, found.missing
    )


def _limited(course: Course, row: Limitation) -> Criterion:
    """A limitation of use: not met where the diagnosis is one that it takes out."""
    told = course.last("diagnosis")
    if told is None:
        found = not_known("The diagnosis is not recorded.", disease.PATHOLOGY)
    elif told.choice in row.diseases:
        found = not_so(f"Limitation of use: {row.words}.", told)
    else:
        found = so("The limitation of use does not apply.", told)
    question = "Does the limitation of use leave this diagnosis in?"
    return Criterion(
        "LBL-09", Axis.label, question, found.answer, Severity.absolute, found.because, row.source, found.facts,
        found.missing,
    )  # fmt: skip


def _answered(course: Course, found: Product, answers: list[RuleAnswer], on: date, place: str) -> LabelAnswer:
    """Of several indications the one that decides: a yes without a reading first, then the one nearest to a yes."""
    best = min(answers, key=_rank)
    others = tuple(each for each in answers if each is not best)
    return LabelAnswer(
        product=found.name,
        answer=best.answer,
        because=_because(best),
        rule=best.rule,
        criteria=best.criteria,
        others=others,
        ambiguous=_ambiguous(course, found, best, others),
        version=_version(best.rule, on),
        not_yet=_not_yet(course, found, on, place),
    )


def _rank(each: RuleAnswer) -> tuple[int, int, int]:
    order = (Answer.yes, Answer.unknown, Answer.no)
    elsewhere = each.criteria[0].answer is Answer.no
    return order.index(each.answer), bool(each.readings) + 2 * elsewhere, _unmet(each)


def _unmet(each: RuleAnswer) -> int:
    return sum(criterion.answer is Answer.no for criterion in each.criteria)


def _because(each: RuleAnswer) -> str:
    """Yes: the words that are met. Else what is not met, or not known; of another disease that alone."""
    if each.answer is Answer.yes:
        return f"Met: {each.rule.words}."
    deciding = [criterion.because for criterion in each.criteria if criterion.answer is each.answer]
    return deciding[0] if each.criteria[0].answer is Answer.no else " ".join(deciding)


def _ambiguous(course: Course, found: Product, best: RuleAnswer, others: tuple[RuleAnswer, ...]) -> tuple[str, ...]:
    if best.answer is Answer.yes:
        return (*best.readings, *_target_absent(course, found))
    same = [text for each in (best, *others) if each.answer is best.answer for text in each.readings]
    return tuple(dict.fromkeys(same))


def _target_absent(course: Course, found: Product) -> tuple[str, ...]:
    """The label's words may be met where the cells have nothing to find: that is told, and is another axis."""
    told = [course.last("antigen_expression", about=target) for target in found.targets]
    return tuple(
        f"The label's words are met and name no test of the target; {each.about} was found {stated(each)}."
        for each in told
        if each is not None and each.choice == "negative"
    )


def _version(row: Indication, on: date) -> str:
    day = on_day(row.effective_from)
    begun = day if row.date_confirmed else f"{day} (day not confirmed)"
    return f"{row.jurisdiction} text in force on {on_day(on)}, {row.id} since {begun}"


def _not_yet(course: Course, found: Product, on: date, place: str) -> tuple[Indication, ...]:
    """Indications that begin after the day and would not leave the course out."""
    later = [row for row in found.indications if row.jurisdiction == place and row.effective_from > on]
    return tuple(row for row in later if ask(course, found, row, on).answer is not Answer.no)


def _unheld(course: Course, found: Product, on: date, place: str) -> LabelAnswer | None:
    """An approval whose conditions are not held: the answer is not known, unless it is for another disease."""
    for row in found.approvals:
        term = r.Disease(of=row.groups)
        if row.in_force(on, place) and (not row.groups or disease.diagnosis_is(course, term).answer is not Answer.no):
            return _open(
                found.name, f"Approved: {row.words}.", "the conditions of the indication", "the label", row.source
            )
    return None


def _without_text(found: Product, on: date, place: str) -> LabelAnswer:
    """No text in force: no where the place's table is complete or all texts lie on other days, else not known."""
    rows = [row for row in found.indications if row.jurisdiction == place]
    if rows:
        first = min(rows, key=lambda row: row.effective_from)
        days = f"from {on_day(first.effective_from)}" if first.effective_from > on else "no longer"
        return _closed(found, f"Not approved on {on_day(on)}: {first.id} stands {days}.", first.source)
    table = places().get(place)
    if table is not None and on <= table.complete_as_of and not any(a.jurisdiction == place for a in found.approvals):
        because = f"No approval in {place} is known as of {on_day(table.complete_as_of)}."
        return _closed(found, because, table.source)
    because = f"No label text of {found.title} for {place} is held."
    return _open(found.name, because, f"the label of {place}", "the authority's list", Source("No source held", False))


def _closed(found: Product, because: str, source: Source) -> LabelAnswer:
    return LabelAnswer(found.name, Answer.no, because, None, (_standing(Answer.no, because, source),))


def _open(name: str, because: str, lacking: str, settles: str, source: Source) -> LabelAnswer:
    missing = Missing("label", lacking, settles)
    return LabelAnswer(name, Answer.unknown, because, None, (_standing(Answer.unknown, because, source, missing),))


def _standing(answer: Answer, because: str, source: Source, *missing: Missing) -> Criterion:
    question = "Is a label in force there on that day?"
    return Criterion("LBL-10", Axis.label, question, answer, Severity.absolute, because, source, missing=missing)
