"""What to fear of what was given: tocilizumab that did not help or is spent, steroids that go down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity import Episode
from cartway.toxicity.wording import span, unit_text
from cartway.vocabulary import vocabulary
from cartway.watch.handover_case import ASCO, Case, Fear


def no_better(case: Case) -> Iterator[Fear]:
    """A CRS that is as high as before tocilizumab a day later."""
    doses, now = _doses(case), case.present("crs.astct")
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
    """How many doses are left while a CRS lasts, and when the next may be given."""
    doses, now = _doses(case), case.present("crs.astct")
    if not doses or now is None or now.grade == 0:
        return
    most, given = int(case.number("fear_tocilizumab_most")), len(doses)
    names = ("fear_tocilizumab_most", "fear_tocilizumab_hours", "fear_tocilizumab_day")
    because = f"{given} of {most} given here, the last at {case.clock(doses[-1].at)}; given elsewhere: not known"
    if given >= most:
        yield case.fear("tocilizumab", "No tocilizumab left", because, ASCO, *names)
        return
    free = _free_at(case, doses)
    when = f", next not before {case.clock(free)}" if free > case.now else ""
    yield case.fear("tocilizumab", f"Tocilizumab: {most - given} of {most} left{when}", because, ASCO, *names)


def _free_at(case: Case, doses: Sequence[Fact]) -> Instant:
    """When the next dose keeps both intervals."""
    free = doses[-1].at + int(case.number("fear_tocilizumab_hours") * HOUR)
    daily = int(case.number("fear_tocilizumab_day"))
    return max(free, doses[-daily].at + DAY) if len(doses) >= daily else free


def _doses(case: Case) -> list[Fact]:
    infusion = case.course.first("infusion")
    given = case.course.all("drug", choice="tocilizumab")
    return [each for each in given if infusion is not None and each.at >= infusion.at]


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


def _steroids(case: Case) -> Mapping[str, list[Fact]]:
    """Doses against the toxicity by drug, each drug in one unit."""
    infusion = case.course.first("infusion")
    since = case.now - int(case.number("fear_steroid_hours") * HOUR)
    found: dict[str, list[Fact]] = {}
    for fact in case.course.all("drug"):
        steroid = "steroid" in _classes(fact.choice) and fact.value is not None and not fact.detail.get("prophylaxis")
        if steroid and fact.at >= since and infusion is not None and fact.at > infusion.at:
            found.setdefault(fact.choice.replace("_", " "), []).append(fact)
    return {name: doses for name, doses in found.items() if len({each.unit for each in doses}) == 1}


def _classes(drug: str) -> tuple[str, ...]:
    choice = vocabulary().variables["drug"].choices.get(drug)
    return tuple(choice.classes) if choice is not None else ()


def _sum(doses: Sequence[Fact], after: Instant, until: Instant) -> float:
    return sum(each.value or 0.0 for each in doses if after < each.at <= until)
