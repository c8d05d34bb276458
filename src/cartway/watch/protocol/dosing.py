"""A dose worked out of a confirmed number and a usable weight; else the source's words and why there is none."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.conditioning import Measured, Refusal, weight
from cartway.record import Fact
from cartway.times import HOUR, Instant
from cartway.watch.protocol.model import DoseRule
from cartway.watch.protocol.schedule import begun, day_of, stage_of
from cartway.watch.protocol.situation import ADULT, Situation
from cartway.watch.protocol.tally import Tally, tally


class Dose(msgspec.Struct, frozen=True):
    """One dose of a protocol. `mg` is None where there are refusals; `exact_mg` is unrounded.

    `working`: how it came of the weight or the schedule, empty for a flat dose. `not_before`: the next moment at which
    the protocol allows it, None where that is now. `given`: what was charted of the drug in this episode. `sources`:
    whose numbers they are.
    """

    rule: DoseRule
    mg: Decimal | None = None
    exact_mg: Decimal | None = None
    working: str = ""
    refusals: tuple[Refusal, ...] = ()
    not_before: Instant | None = None
    given: tuple[Fact, ...] = ()
    tally: Tally | None = None
    sources: tuple[Source, ...] = ()

    @property
    def words(self) -> str:
        """``656 mg IV over 1 hour (8 mg/kg x 82 kg)``, or the source's words where no dose is worked out."""
        if self.mg is None:
            return f"no dose worked out; the source says: {self.rule.words}"
        working = f" ({self.working})" if self.working else ""
        return f"{_plain(self.mg)} mg {self.rule.how}{working}"


def dose_of(s: Situation, rule: DoseRule) -> Dose:
    """The dose of a rule for this course now."""
    counted = tally(s, rule) if rule.most_in_all else None
    bare = Dose(
        rule,
        not_before=_not_before(s, rule, counted),
        given=tuple(s.given(rule.drug, since=s.began)) if s.began is not None else (),
        tally=counted,
        sources=_sources(s, rule),
    )
    measured = weight(s.case) if rule.mg_kg is not None else None
    refusals = (
        *_of_rule(rule),
        *_of_age(s, rule),
        *_of_tally(rule, counted),
        *_of_given(s, bare),
        *_of_weight(rule, measured),
    )
    if refusals:
        return msgspec.structs.replace(bare, refusals=refusals)
    return _worked_out(s, bare, measured)


def _sources(s: Situation, rule: DoseRule) -> tuple[Source, ...]:
    """Whose numbers they are; what is said of children only where the patient is none of the adults."""
    adult = s.age_years is not None and s.age_years >= ADULT
    return (rule.source,) if adult or rule.children is None else (rule.source, rule.children)


def _worked_out(s: Situation, bare: Dose, measured: Measured | None) -> Dose:
    rule = bare.rule
    if rule.stages:
        return _by_schedule(s, bare)
    if measured is None or measured.value is None:
        assert rule.mg is not None, "a rule without any number is refused before"
        return msgspec.structs.replace(bare, mg=rule.mg, exact_mg=rule.mg)
    per_kg, source = _per_kg(rule, measured.value)
    exact = per_kg * measured.value
    working = f"{_plain(per_kg)} mg/kg x {_plain(measured.value)} kg"
    if rule.cap_mg is not None and exact > rule.cap_mg:
        exact, working = rule.cap_mg, f"{working} = {_plain(exact)} mg, at most {_plain(rule.cap_mg)} mg"
    mg = _rounded(s, rule, exact)
    if mg != exact:
        working = f"{working} = {_plain(exact)} mg, rounded"
    sources = bare.sources if source is rule.source else (source, *bare.sources)
    return msgspec.structs.replace(bare, mg=mg, exact_mg=exact, working=working, sources=sources)


def _rounded(s: Situation, rule: DoseRule, exact: Decimal) -> Decimal:
    """A dose by weight as the pharmacy measures it: never above the cap, unrounded where the policy is no step."""
    step = Decimal(repr(s.policies.number("protocol_rounding_mg")))
    mg = (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step if step > 0 else exact
    mg = mg or exact  # a step that is too coarse for a small child rounds nothing away
    return mg if rule.cap_mg is None else min(mg, rule.cap_mg)


def _by_schedule(s: Situation, bare: Dose) -> Dose:
    """The stage of the schedule that today falls in, by the first dose of the schedule's own size in this episode."""
    stage = stage_of(bare.rule, bare.given, s.now)
    assert stage is not None, "a schedule that is over is refused before"
    day, runs = day_of(bare.rule, bare.given, s.now), begun(bare.rule, bare.given) is not None
    working = f"day {day} of the schedule, from its first charted dose" if runs else "the first day of the schedule"
    return msgspec.structs.replace(bare, mg=stage.mg, exact_mg=stage.mg, working=working)


def _of_given(s: Situation, bare: Dose) -> tuple[Refusal, ...]:
    """What was given in this episode ends what the source prints: a schedule is over, or it says to reassess."""
    rule, count = bare.rule, len(bare.given)
    if rule.reassess_after and count >= rule.reassess_after:
        words = f"{count} doses were charted in this episode: the source says to reassess after {rule.reassess_after}."
        return (Refusal("reassess", words, "", (rule.source,)),)
    if rule.stages and any(each.unit != "mg" or each.value is None for each in bare.given):
        words = f"A dose of {rule.drug} was charted without an amount in mg: the day of the schedule is not known."
        return (Refusal("schedule_unknown", words, "", (rule.source,)),)
    if rule.stages and stage_of(bare.rule, bare.given, s.now) is None:
        words = f"Day {day_of(bare.rule, bare.given, s.now)} of the schedule: the days that the source prints are over."
        return (Refusal("schedule_over", words, "", (rule.source,)),)
    return ()


def _per_kg(rule: DoseRule, kg: Decimal) -> tuple[Decimal, Source]:
    assert rule.mg_kg is not None, "asked of rules by weight"
    if rule.light is not None and kg < rule.light.below_kg:
        return rule.light.mg_kg, rule.light.source
    return rule.mg_kg, rule.source


def _of_rule(rule: DoseRule) -> tuple[Refusal, ...]:
    if rule.confirmed and (rule.mg is not None or rule.mg_kg is not None or rule.stages):
        return ()
    words = "The number is not confirmed from the source's text: no dose is worked out of it."
    return (Refusal("not_confirmed", words, "", (rule.source,)),)


def _of_age(s: Situation, rule: DoseRule) -> tuple[Refusal, ...]:
    """A number that is printed for adults is none for anybody else."""
    if not rule.adults:
        return ()
    age, quotes = s.age_years, _sources(s, rule)
    if age is None:
        return (Refusal("age_unknown", "The age is not known, and this number is for adults.", "", quotes),)
    if age >= ADULT:
        return ()
    words = f"{int(age)} years old: this number is printed for adults. No confirmed number for children is held."
    return (Refusal("not_for_children", words, "", quotes),)


def _of_tally(rule: DoseRule, counted: Tally | None) -> tuple[Refusal, ...]:
    if counted is None:
        return ()
    if counted.unread is not None and not counted.spent:
        words = "An entry of a drug could not be read: it may have been this one, so neither the interval nor how many"
        return (Refusal("unread_drug", f"{words} are left is known. Correct the entry.", "", (rule.source,)),)
    if not counted.spent:
        return ()
    words = f"The maximum is reached: {len(counted.doses)} of {rule.most_in_all} in this record."
    return (Refusal("maximum_reached", words, "", (rule.source,)),)


def _of_weight(rule: DoseRule, measured: Measured | None) -> tuple[Refusal, ...]:
    if measured is None or measured.value is not None:
        return ()
    code = f"weight_{measured.flaw.replace(' ', '_')}"
    return (Refusal(code, f"{measured.label}: {measured.words}", measured.policy, (rule.source,)),)


def _not_before(s: Situation, rule: DoseRule, counted: Tally | None) -> Instant | None:
    """The distance to the last dose; of drugs without a maximum the shortest interval that is printed."""
    if counted is not None:
        return counted.next_at if counted.waits(s.now) else None
    given = s.given(rule.drug)
    if not given or not rule.every_hours:
        return None
    due = given[-1].at + rule.every_hours[0] * HOUR
    return due if due > s.now else None


def _plain(number: Decimal) -> str:
    """A decimal without trailing zeros: ``656``, ``42.5``."""
    return f"{number.normalize():f}"
