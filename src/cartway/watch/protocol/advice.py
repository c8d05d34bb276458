"""What the chosen protocol says of a course now. The protocol says; the team decides.

>>> from cartway.pathway.course import Course
>>> protocol(Course([], 0), [], Course([], 0)).why_none
'No infusion is recorded: what the protocol says begins with it.'
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, tzinfo

import msgspec

from cartway.pathway.closing import closed
from cartway.pathway.conditioning import Case, Measured, OnHand, tocilizumab_on_hand, weight
from cartway.pathway.course import Course
from cartway.pathway.products import grading, product
from cartway.record import Fact
from cartway.times import Instant
from cartway.toxicity import Episode
from cartway.vocabulary import vocabulary
from cartway.watch.protocol.answers import Answered, answers, standing
from cartway.watch.protocol.changes import Change, changes, missing_changes
from cartway.watch.protocol.load import LABEL, load_doses, protocol_of, shared_on
from cartway.watch.protocol.model import SYNDROMES, Protocol, Syndrome
from cartway.watch.protocol.situation import CAPD_BELOW, CRS, ICANS, IEC_HS, Situation
from cartway.watch.protocol.step import Step
from cartway.watch.protocol.steps import fever_steps, scale_of, steps_of
from cartway.watch.protocol.tally import Tally, tally

CHOSEN, POLICY = "protocol_chosen", "protocol"
LACKS = {
    "first_improvement": "CRS has not eased yet and may explain it",
    "infection_ruled_out": "an infection is charted and may explain it: whether it does is for the team to say",
}
"""What is missing of a grade, where its name says too little."""


class Stand(msgspec.Struct, frozen=True):
    """A syndrome now: its episode by the scale that the protocol means; in words why no step follows from it."""

    syndrome: Syndrome
    scale: str
    episode: Episode | None
    words: str = ""

    @property
    def name(self) -> str:
        """``CRS``."""
        return SYNDROMES[self.syndrome]


class Advice(msgspec.Struct, frozen=True):
    """What the protocol says now. `steps` is empty where `why_none` says why.

    `chosen`: the fact that chose the protocol; None where the policy did. `tally`: tocilizumab, what was given and what
    is left. `answered`: all answers so far. `next_change_at`: when time alone may change it.
    """

    protocol: Protocol | None
    chosen: Fact | None = None
    why_none: str = ""
    stands: tuple[Stand, ...] = ()
    steps: tuple[Step, ...] = ()
    tally: Tally | None = None
    on_hand: OnHand | None = None
    weight: Measured | None = None
    age_years: float | None = None
    capd: bool = False
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    answered: tuple[Answered, ...] = ()
    next_change_at: Instant | None = None

    def step(self, name: str) -> Step | None:
        """The step of that id, if the protocol names it now."""
        return next((each for each in self.steps if each.id == name), None)

    def answer_to(self, step: Step) -> Answered | None:
        """The answer that stands to a step."""
        return standing(self.answered, step)


def protocol(
    course: Course, episodes: Iterable[Episode], center: Course, *, jurisdiction: str = "US", zone: tzinfo = UTC
) -> Advice:
    """What the chosen protocol says of a course at its `now`.

    `episodes`: of any scales, in any order; what the chosen protocol does not ask for is not read. `center`: the
    center's own record (policies, stock, choice of the protocol, local words).
    """
    case = Case(course, center, jurisdiction=jurisdiction, zone=zone)
    fact, name = _chosen(case)
    plan = protocol_of(name, case.product, case.today)
    why = _why_none(case, name, plan)
    s = Situation(case, episodes, plan.crs_scale if plan is not None else CRS)
    if why:
        return Advice(plan, fact, why, answered=answers(course, ()))
    if plan is None or not case.infusions:
        return _before(s, plan, fact)
    return _advice(s, plan, fact)


def scales_asked(course: Course, center: Course, *, jurisdiction: str = "US", zone: tzinfo = UTC) -> tuple[str, ...]:
    """The scales whose episodes `protocol` reads for a course: those of the chosen protocol."""
    case = Case(course, center, jurisdiction=jurisdiction, zone=zone)
    plan = protocol_of(_chosen(case)[1], case.product, case.today)
    return tuple(dict.fromkeys((CRS, ICANS, IEC_HS, plan.crs_scale if plan is not None else CRS)))


def _chosen(case: Case) -> tuple[Fact | None, str]:
    """The course's own choice, else the center's, else the policy."""
    fact = case.course.last(CHOSEN) or case.center.last(CHOSEN)
    return fact, fact.choice if fact is not None else case.policies.text(POLICY)


def _why_none(case: Case, name: str, plan: Protocol | None) -> str:
    end = closed(case.course)
    if end is not None:
        return f"The course has ended: {end.label.lower()}."
    if not case.infusions and case.course.last("lymphodepletion") is None:
        return "No infusion is recorded: what the protocol says begins with it."
    if plan is not None or not case.infusions:
        return ""
    title = vocabulary().variables[CHOSEN].choices[name].label
    known = product(case.product) if case.product else None
    if name == LABEL and known is not None:
        return f"No management table of {known.title} is held: read its label, or choose another protocol."
    if name == LABEL:
        return "The product is not known, so neither is its label. Choose another protocol, or record the product."
    return f"No edition of {title} was in force on this day."


def _before(s: Situation, plan: Protocol | None, fact: Fact | None) -> Advice:
    """Between lymphodepletion and the infusion: what every fever asks for, and nothing of CRS or ICANS."""
    steps = fever_steps(s, shared_on(s.case.today))
    return Advice(
        plan,
        fact,
        steps=steps,
        tally=tally(s, load_doses()["tocilizumab"]),
        on_hand=tocilizumab_on_hand(s.case),
        weight=weight(s.case),
        age_years=s.age_years,
        notes=("No infusion is recorded: a fever is looked at all the same, all else begins with the infusion.",),
        changes=missing_changes(steps),
        answered=answers(s.case.course, steps),
    )


def _advice(s: Situation, plan: Protocol, fact: Fact | None) -> Advice:
    steps = steps_of(s, plan, shared_on(s.case.today))
    counted, measured = tally(s, load_doses()["tocilizumab"]), weight(s.case)
    told = changes(s, plan, steps, counted, measured)
    return Advice(
        plan,
        fact,
        stands=_stands(s, plan),
        steps=steps,
        tally=counted,
        on_hand=tocilizumab_on_hand(s.case),
        weight=measured,
        age_years=s.age_years,
        capd=s.age_years is not None and s.age_years < CAPD_BELOW,
        notes=tuple(_notes(s, plan)),
        changes=told,
        answered=answers(s.case.course, steps),
        next_change_at=min((each.at for each in told if each.at is not None and each.at > s.now), default=None),
    )


def _stands(s: Situation, plan: Protocol) -> tuple[Stand, ...]:
    asked: tuple[Syndrome, ...] = ("crs", "icans", "iec_hs")
    found = [_stand(s, plan, syndrome) for syndrome in asked]
    return tuple(each for each in found if each.syndrome != "iec_hs" or _is_asked(s, each))


def _is_asked(s: Situation, stand: Stand) -> bool:
    """Whether IEC-HS is a question at all: from the first ferritin after the infusion on."""
    start = s.case.infusions[0].at if s.case.infusions else s.now
    return stand.episode is not None and any(fact.at >= start for fact in s.case.course.all("ferritin"))


def _stand(s: Situation, plan: Protocol, syndrome: Syndrome) -> Stand:
    scale = scale_of(s, syndrome)
    episode = s.present(scale)
    if episode is None:
        by = "by the scale of this label" if scale != CRS and syndrome == "crs" else "now"
        return Stand(syndrome, scale, None, f"There is no grade {by}: no step follows from it.")
    return Stand(syndrome, scale, episode, _open(episode, s.held(scale)))


def _open(episode: Episode, held: Episode | None) -> str:
    """What is missing of a grade, and which grade's steps are shown: never a lower one's for want of a sign."""
    lacks = ", ".join(LACKS.get(name, name.replace("_", " ")) for name in episode.missing) or "what it rests on"
    if held is None:
        return f"Cannot be assessed ({lacks}): no step follows from it."
    known = f"{held.shown} was known before: until it is surely lower, the steps are those of {held.grade}."
    if episode.grade is None:
        return f"Cannot be assessed now ({lacks}). {known}"
    if not episode.missing:
        return ""
    if held is episode:
        known = f"The steps are those of {episode.grade}."
    return f"At least {episode.grade}: {lacks} missing. {known}"


def _notes(s: Situation, plan: Protocol) -> Iterable[str]:
    if plan.note:
        yield plan.note
    if plan.product:
        row = grading(s.case.product, s.case.day_zero or s.case.today, s.case.jurisdiction)
        if row is not None:
            doubt = "" if row.source.confirmed else " (not confirmed)"
            yield f"Its table grades CRS by: {row.system}{doubt}. A grade of another scale is not put in its place."
    if s.age_years is None:
        yield "The age is not known: numbers that are printed for adults are not worked out."
