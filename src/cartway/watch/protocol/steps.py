"""The rows of a protocol that apply to a course now, as steps: what it says, why, its dose, whether it was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cartway.pathway.answer import Answer, all_of
from cartway.record import Fact
from cartway.toxicity import Episode
from cartway.toxicity.wording import sentence
from cartway.vocabulary import vocabulary
from cartway.watch.protocol.conditions import CONDITIONS, Told
from cartway.watch.protocol.dosing import dose_of
from cartway.watch.protocol.joining import joined
from cartway.watch.protocol.load import load_doses
from cartway.watch.protocol.model import ORDER, SYNDROMES, Protocol, Row, Syndrome
from cartway.watch.protocol.situation import ICANS, IEC_HS, Situation, drugs_of
from cartway.watch.protocol.step import Step

LASTING = frozenset({"under_12", "with_crs", "without_crs", "began_within_72_hours", "began_after_72_hours"})
"""Conditions that stay as they are when the grade of their row's syndrome changes."""


def steps_of(s: Situation, protocol: Protocol, shared: Iterable[Protocol]) -> tuple[Step, ...]:
    """Every step that applies, or may: fever first, then each syndrome; a dose that two rows name stands once."""
    now = {syndrome: _present(s, syndrome) for syndrome in ORDER}
    later = {syndrome: managed_as(s, syndrome) for syndrome in ORDER}
    found = [step for plan in shared for row in plan.rows for step in _steps(s, plan, row, now)]
    found += [step for row in protocol.rows for step in _steps(s, protocol, row, later)]
    ordered = sorted(found, key=lambda step: (ORDER.index(step.syndrome), step.last))
    return tuple(joined(ordered))


def fever_steps(s: Situation, shared: Iterable[Protocol]) -> tuple[Step, ...]:
    """What a fever asks for, whatever else there is."""
    rows = ((plan, row) for plan in shared for row in plan.rows if row.syndrome == "fever")
    return tuple(step for plan, row in rows for step in _steps(s, plan, row, {"fever": ()}))


def titles_at(s: Situation, protocol: Protocol, syndrome: Syndrome, grade: int) -> tuple[str, ...]:
    """What the protocol's rows name at another grade of a syndrome, with their doses as printed."""
    rows = (row for row in protocol.rows if row.syndrome == syndrome and grade in row.grades and _may(s, row))
    return tuple(dict.fromkeys(map(_titled, rows)))


def _may(s: Situation, row: Row) -> bool:
    """Whether a row could apply at another grade: what the grade does not decide does not speak against it."""
    told = (CONDITIONS[name](s).answer for name in row.when if name in LASTING)
    return _for_product(s, row) and Answer.no not in told


def _titled(row: Row) -> str:
    if not row.dose:
        return row.title
    rule = load_doses()[row.dose]
    return f"{row.title} ({rule.words}{'' if rule.confirmed else ', not confirmed'})"


def scale_of(s: Situation, syndrome: Syndrome) -> str:
    """The scale that a syndrome's rows mean."""
    return {"crs": s.crs_scale, "icans": ICANS, "iec_hs": IEC_HS}.get(syndrome, "")


def managed_as(s: Situation, syndrome: Syndrome) -> tuple[int, ...]:
    """The grades whose rows count: the present one; with no improvement on anti-IL-6 the next one in its place; with
    lasting fever at grade 1 the next one too, to consider.
    """
    grade = s.grade(scale_of(s, syndrome))
    if not grade:
        return ()
    if syndrome != "crs" or grade > 3:
        return (grade,)
    if CONDITIONS["no_better_on_anti_il6"](s).answer is Answer.yes:
        return (grade + 1,)
    lasts = grade == 1 and CONDITIONS["fever_for_days"](s).answer is Answer.yes
    return (grade, grade + 1) if lasts else (grade,)


def _present(s: Situation, syndrome: Syndrome) -> tuple[int, ...]:
    grade = s.grade(scale_of(s, syndrome))
    return (grade,) if grade else ()


def _steps(s: Situation, plan: Protocol, row: Row, grades: Mapping[Syndrome, tuple[int, ...]]) -> Iterator[Step]:
    if not _for_product(s, row) or not _at_grade(s, row, grades[row.syndrome]):
        return
    told = [CONDITIONS[name](s) for name in row.when]
    applies = all_of(each.answer for each in told)
    if applies is not Answer.no:
        yield _step(s, plan, row, told, applies)


def _for_product(s: Situation, row: Row) -> bool:
    return not row.products or s.case.product in row.products


def _at_grade(s: Situation, row: Row, grades: tuple[int, ...]) -> bool:
    match row.syndrome:
        case "fever":
            return True
        case "both":
            return bool(s.grade(s.crs_scale)) and bool(s.grade(ICANS))
    return bool(set(grades) & set(row.grades))


def _step(s: Situation, plan: Protocol, row: Row, told: Sequence[Told], applies: Answer) -> Step:
    doses = load_doses()
    episode = s.held(scale_of(s, row.syndrome))
    done, still = _done(s, row)
    return Step(
        id=f"{plan.key}:{row.id}",
        syndrome=row.syndrome,
        grade="" if episode is None else episode.shown,
        title=row.title,
        says=row.words,
        source=plan.source_of(row),
        applies=applies,
        because=(*_of_grade(s, row, episode), *(each.words for each in told if each.words)),
        if_team=row.if_team,
        dose=dose_of(s, doses[row.dose]) if row.dose else None,
        instead=tuple(dose_of(s, doses[name]) for name in row.instead),
        missing=tuple(missing for each in told for missing in each.missing),
        facts=tuple(fact for each in told for fact in each.facts),
        policies=tuple(dict.fromkeys(each.policy for each in told if each.policy)),
        done=done,
        open=still,
        local=s.case.center.last("protocol_local", about=row.local) if row.local else None,
        asks_local=bool(row.local),
        last=row.last,
        leads=row.leads or row.syndrome in ("fever", "both") or plan.name == "escalation",
        since=s.since(row.syndrome),
    )


def _of_grade(s: Situation, row: Row, episode: Episode | None) -> tuple[str, ...]:
    """The grade that the step is for, and whether it is there as the next one's."""
    if episode is None or episode.grade is None:
        return ()
    name = SYNDROMES[row.syndrome]
    counts = managed_as(s, row.syndrome)
    if episode is not s.present(scale_of(s, row.syndrome)):
        name = f"Last known: {name}"
    if row.grades and episode.grade not in (set(counts) & set(row.grades)) and episode.grade + 1 in row.grades:
        return (f"{name} grade {episode.shown}, managed as grade {episode.grade + 1}.",)
    return (f"{name} grade {episode.shown}.", *_other_causes(s, row.syndrome))


def _other_causes(s: Situation, syndrome: Syndrome) -> Iterator[str]:
    """What else may explain IEC-HS, in the words of its own reasons: an infection that is charted or not ruled out."""
    episode = s.present(IEC_HS) if syndrome == "iec_hs" else None
    for reason in episode.because if episode is not None else ():
        if reason.criterion.column == "cause":
            words = sentence(reason, s.case.zone)
            yield f"{words[:1].upper()}{words[1:]}{_found(reason.fact)}."


def _found(fact: Fact | None) -> str:
    told = [str(fact.detail[key]) for key in ("organism", "site") if fact.detail.get(key)] if fact is not None else []
    return f" ({', '.join(told)})" if told else ""


def _done(s: Situation, row: Row) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """The facts that answer a row, and in words what is still open of it."""
    found = [(name, _answer(s, name)) for name in row.answers]
    done = tuple(fact for _, fact in found if fact is not None)
    if not row.all_answers and done:
        return done, ()
    return done, tuple(_label(name) for name, fact in found if fact is None)


def _answer(s: Situation, name: str) -> Fact | None:
    """The newest fact that answers: a search or an antibiotic of late; a prophylaxis whenever it was begun."""
    what, _, choice = name.partition(":")
    late = s.now - s.hours("protocol_work_up_hours")
    if what == "drug":
        return next(iter(s.given(choice)[-1:]), None)
    if what == "drug_class":
        return next(iter(s.given(*drugs_of(choice), since=late)[-1:]), None)
    last = s.case.course.last(what, choice=choice)
    return None if last is None or (what == "infection_work_up" and last.at < late) else last


def _label(name: str) -> str:
    what, _, choice = name.partition(":")
    choices = vocabulary().variables["drug" if what == "drug_class" else what].choices
    return choices[choice].label if choice in choices else f"an {choice.replace('_', ' ')}"
