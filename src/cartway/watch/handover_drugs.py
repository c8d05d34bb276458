"""What was given, and what to fear of it: tocilizumab that did not help or is spent, steroids that go down.

Doses are those of the protocol's tally, so that the sheet and the panel never tell two numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cartway.pathway.answer import Source
from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity import Episode
from cartway.toxicity.wording import said, span, unit_text
from cartway.watch.handover_case import ASCO, Case, Fear, classes_of, status_of
from cartway.watch.protocol.load import load_doses
from cartway.watch.protocol.model import DoseRule
from cartway.watch.protocol.situation import is_given
from cartway.watch.protocol.tally import Tally, tally

HERE = Source("The record")
_TREATS = frozenset({
    "anti_cytokine", "steroid", "vasopressor", "vasopressin_analogue", "anti_seizure", "sedative",
})  # fmt: skip


def no_better(case: Case) -> Iterator[Fear]:
    """A CRS that is as high as before tocilizumab a day later."""
    doses, now = doses_of(case, "tocilizumab"), case.present("crs.astct")
    if not doses or now is None or not now.grade:
        return
    last = doses[-1]
    then = [each for each in case.graded("crs.astct") if each.start <= last.at]
    since = [each for each in case.graded("crs.astct") if each.end is None or each.end > last.at]
    at_dose = (then[-1].grade or 0) if then else 0
    waited = case.now - last.at
    if waited >= case.number("fear_no_answer_hours") * HOUR and at_dose and _lowest(since) >= at_dose:
        words = f"CRS {now.shown.replace('>=', 'at least')} no better {span(waited)} after tocilizumab"
        yield case.fear("no_better", words, f"grade {at_dose} at the dose of {case.clock(last.at)}", ASCO,
                        "fear_no_answer_hours")  # fmt: skip


def _lowest(episodes: Sequence[Episode]) -> int:
    return min((each.grade for each in episodes if each.grade is not None), default=0)


def tocilizumab_left(case: Case) -> Iterator[Fear]:
    """How many doses are left while a CRS lasts, and when the next may be given: the protocol's own tally."""
    counted, now = tally(case.situation, load_doses()["tocilizumab"]), case.present("crs.astct")
    if not counted.doses or now is None or now.grade == 0:
        return
    most, given = counted.rule.most_in_all, len(counted.doses)
    because = (
        f"{given} of {most} given here, the last at {case.clock(counted.doses[-1].at)}; given elsewhere: not known"
    )
    yield case.fear("tocilizumab", _left(case, counted), because, counted.rule.source.text,
                    seen=counted.rule.confirmed)  # fmt: skip


def _left(case: Case, counted: Tally) -> str:
    if counted.spent:
        return "No tocilizumab left"
    if counted.left is None:
        return "Tocilizumab: how many are left is not known, a drug entry could not be read"
    when = f", next not before {case.clock(counted.next_at)}" if counted.next_at and counted.waits(case.now) else ""
    return f"Tocilizumab: {counted.left} of {counted.rule.most_in_all} left{when}"


def taper(case: Case) -> Iterator[Fear]:
    """Steroids that are less than the day before, while their dose is recent."""
    for name, doses in _steroids(case).items():
        today = _sum(doses, case.now - DAY, case.now)
        before = _sum(doses, case.now - 2 * DAY, case.now - DAY)
        if before > today:
            unit = unit_text(doses[-1].unit)
            because = f"{name} {before:g} {unit} the day before, {today:g} {unit} in the last 24 h"
            source = "Santomasso 2021, J Clin Oncol 39:3978: ICANS may flare on a taper"
            yield case.fear("taper", "Steroids go down: signs may return", because, source, "fear_steroid_hours")


def _steroids(case: Case) -> Mapping[str, Sequence[Fact]]:
    """Doses against the toxicity by drug, each drug in one unit."""
    since = case.now - int(case.number("fear_steroid_hours") * HOUR)
    found: dict[str, Sequence[Fact]] = {}
    for name in dict.fromkeys(each.choice for each in case.course.all("drug") if "steroid" in classes_of(each.choice)):
        given = [each for each in doses_of(case, name) if each.at >= since and _treats(each)]
        if len({each.unit for each in given}) == 1:
            found[name.replace("_", " ")] = given
    return found


def _treats(dose: Fact) -> bool:
    return dose.value is not None and not dose.detail.get("prophylaxis")


def doses_of(case: Case, drug: str) -> Sequence[Fact]:
    """What was given of a drug after the first infusion, as the protocol counts doses: what was held or refused is
    none, and entries close together are one.
    """
    infusion = case.course.first("infusion")
    counted = tally(case.situation, DoseRule(name=drug, drug=drug, words="", source=HERE)).doses
    return [each for each in counted if infusion is not None and each.at >= infusion.at]


def told_drugs(case: Case, since: Instant) -> Iterator[tuple[Instant, str]]:
    """What was given against the toxicity since a moment, each drug once with how often; and what was not given."""
    entries = [
        each for each in case.course.all("drug") if each.at > since and not _TREATS.isdisjoint(classes_of(each.choice))
    ]
    for name in dict.fromkeys(each.choice for each in entries):
        own = [each for each in entries if each.choice == name]
        given = [each for each in own if is_given(each)]
        if given:
            count = sum(each.at > since for each in doses_of(case, name))
            yield given[-1].at, said(given[-1]) + (f" x {count}" if count > 1 else "")
        if not is_given(own[-1]):
            yield own[-1].at, f"{name.replace('_', ' ')} {status_of(own[-1])}"


def _sum(doses: Sequence[Fact], after: Instant, until: Instant) -> float:
    return sum(each.value or 0.0 for each in doses if after < each.at <= until)
