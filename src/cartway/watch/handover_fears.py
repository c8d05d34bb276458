"""What to fear of a course in the coming shift: derived from its facts, each with its reason and who says so.

Nothing here is a prediction: a fear names a known sequence (a product's usual onset, a taper, a count) that this course
stands in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.closing import closed
from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity import Episode, editions
from cartway.toxicity.episode import Reason
from cartway.toxicity.wording import said, span, unit_text
from cartway.vocabulary import vocabulary
from cartway.watch.handover_case import HINES, Case, Fear, named
from cartway.watch.handover_drugs import no_better, taper, tocilizumab_left
from cartway.watch.model import Alert

NEELAPU = "Neelapu 2018, Nat Rev Clin Oncol 15:47: a peak above 10,000 ng/mL"
ALERTS = "The center's alerts"
UNDECIDED = {"first_improvement": "cannot be told from CRS", "infection_ruled_out": "cannot be told from infection"}
CAUSES = {
    "iec_hs_infection_charted": "an infection is charted", "iec_hs_infection_untold": "infection not ruled out",
    "iec_hs_infection_open": "infection not ruled out, a search is open",
    "iec_hs_other_cause": "another cause not ruled out",
}  # fmt: skip
NO_FEATURE = frozenset({"ferritin_not_high", "ferritin_unread", "ferritin_no_limit", "tumor_lysis_unread", *CAUSES})


def fears(case: Case) -> Iterator[Fear]:
    """All of a course, what needs somebody first on top. None once it has ended."""
    if closed(case.course) is not None:
        return
    for each in RULES:
        yield from each(case)


def unanswered(case: Case) -> Iterator[Fear]:
    """Alerts that nobody answered, all in one; then those that are over and were never seen."""
    ringing = sorted((each for each in case.alerts if each.rings_since is not None), key=lambda each: each.onset)
    if ringing:
        words = ", ".join(dict.fromkeys(each.title for each in ringing))
        first = min(each.rings_since for each in ringing if each.rings_since is not None)
        because = f"ringing since {case.clock(first)}"
        yield Fear("alert", f"Not answered: {words}", because, ALERTS, _sure(ringing))
    over = [each for each in case.alerts if each.unanswered]
    if over:
        words = ", ".join(dict.fromkeys(each.title for each in over))
        because = f"from {case.clock(min(each.onset for each in over))} on"
        yield Fear("unseen", f"Over, and never seen: {words}", because, ALERTS, _sure(over))


def _sure(alerts: Sequence[Alert]) -> bool:
    """Whether every number behind what fires was seen in its source."""
    return all(finding.confirmed for each in alerts for finding in each.present or each.findings)


def unassessed(case: Case) -> Iterator[Fear]:
    """A grade that nobody can tell now."""
    for scale, name in (("crs.astct", "CRS"), ("icans.astct", "ICANS")):
        now = case.present(scale)
        if now is not None and now.grade is None:
            lacking = ", ".join(each.replace("_", " ") for each in now.missing)
            words, seen = f"{name} cannot be assessed", editions()[scale].confirmed
            yield Fear("unassessed", words, f"missing: {lacking}", now.edition, seen, now.policies)


def neutropenia(case: Case) -> Iterator[Fear]:
    """Few neutrophils: with a fever, or with the fever still to come."""
    count = case.course.last("neutrophils")
    if count is None or count.value is None or count.value >= case.number("fear_neutrophils"):
        return
    told = f"neutrophils {_value(count)} ({case.clock(count.at)})"
    names = ("fear_neutrophils", "fear_fever_celsius", "fear_fever_hours")
    hot = _hottest(case)
    source = "IDSA, Freifeld 2011, Clin Infect Dis 52:e56"
    if hot is not None and hot.value is not None and hot.value >= case.number("fear_fever_celsius"):
        because = f"{told}, {said(hot)} at {case.clock(hot.at)}"
        yield case.fear("neutropenic_fever", "Sepsis: fever with neutropenia", because, source, *names)
    else:
        yield case.fear("neutropenia", "A fever would be neutropenic", told, source, "fear_neutrophils")


def _hottest(case: Case) -> Fact | None:
    since = case.now - case.number("fear_fever_hours") * HOUR
    lately = [each for each in case.course.all("body_temperature") if each.at >= since and each.value is not None]
    return max(lately, key=lambda each: each.value or 0.0, default=None)


def ferritin(case: Case) -> Iterator[Fear]:
    """A ferritin that rises fast, one that is very high whatever it was before, one with nothing to hold it against."""
    told = [each for each in case.course.all("ferritin") if each.value is not None]
    if not told or (told[-1].value or 0.0) < case.number("fear_ferritin_least"):
        return
    newest, since = told[-1], told[-1].at - case.number("fear_ferritin_hours") * HOUR
    before = min((each for each in told[:-1] if each.at >= since), key=lambda each: each.value or 0.0, default=None)
    high, low = newest.value or 0.0, (before.value or 0.0) if before is not None else 0.0
    names = ("fear_ferritin_times", "fear_ferritin_hours", "fear_ferritin_least")
    if before is not None and high >= low * case.number("fear_ferritin_times"):
        because = f"ferritin {low:,.0f} to {high:,.0f} ng/mL in {span(newest.at - before.at)}"
        yield case.fear("ferritin", "IEC-HS: ferritin rises fast", because, HINES, *names, seen=False)
    elif high >= case.number("fear_ferritin_high"):
        because = f"ferritin {high:,.0f} ng/mL ({case.clock(newest.at)}), {_earlier(case, told)}"
        yield case.fear("ferritin", "IEC-HS: ferritin very high", because, NEELAPU, "fear_ferritin_high", seen=False)
    elif before is None:
        because = f"ferritin {high:,.0f} ng/mL ({case.clock(newest.at)}), {_earlier(case, told)}"
        words = "IEC-HS: whether ferritin rises fast is not known"
        yield case.fear("ferritin", words, because, HINES, *names, seen=False)


def _earlier(case: Case, told: Sequence[Fact]) -> str:
    """The value before the newest; that there is none is no word about a rise."""
    if len(told) < 2:
        return "no earlier value"
    return f"before that {told[-2].value:,.0f} ({case.clock(told[-2].at)})"


def other_scales(case: Case) -> Iterator[Fear]:
    """Hyperinflammation or tumor lysis that is there already; features of IEC-HS that cannot be told from CRS."""
    for scale, name in (("iec_hs.astct", "IEC-HS"), ("tls.cairo_bishop", "Tumor lysis")):
        now = case.present(scale)
        if now is None or now.grade == 0:
            continue
        if now.grade is not None:
            words = f"{name} grade {now.shown.replace('>=', 'at least')}"
            yield Fear(scale, words, _found(now), now.edition, editions()[scale].confirmed, now.policies)
        elif scale == "iec_hs.astct" and (count := sum(map(_is_feature, now.because))):
            there = f"{count} {'feature is' if count == 1 else 'features are'} there"
            words = f"IEC-HS {_undecided(now)}, {there}"
            yield Fear(scale, words, _found(now), now.edition, editions()[scale].confirmed, now.policies)


def _undecided(now: Episode) -> str:
    """Why features that are there are no grade."""
    told = (words for name, words in UNDECIDED.items() if name in now.missing)
    return next(told, "cannot be assessed")


def _found(now: Episode) -> str:
    """What is there by its name, what may explain it otherwise, what is missing."""
    told = [named(each.fact) for each in now.because if each.fact is not None and _is_feature(each)]
    lacking = [each.replace("_", " ") for each in now.missing if each not in UNDECIDED]
    other = [
        f"{CAUSES[each.criterion.slug]}{f' ({named(each.fact)})' if each.fact is not None else ''}"
        for each in now.because
        if each.criterion.slug in CAUSES
    ]
    missing = [f"missing: {', '.join(lacking)}"] if lacking else []
    return "; ".join(filter(None, [", ".join(dict.fromkeys(told)), *dict.fromkeys(other), *missing]))


def _is_feature(reason: Reason) -> bool:
    return reason.fact is not None and reason.criterion.slug not in NO_FEATURE


def onset(case: Case) -> Iterator[Fear]:
    """CRS that has not begun, in the days when this product's usually does; ICANS that may follow a CRS."""
    infusion = case.course.last("infusion")
    begun = next((each.start for each in case.graded("crs.astct") if each.grade), None)
    usual = onsets().get(infusion.choice) if infusion is not None else None
    if infusion is not None and begun is None and case.present("crs.astct") is not None and usual is not None:
        yield from _before_crs(case, infusion, usual)
    if begun is not None and case.present("icans.astct") is not None:
        yield from _before_icans(case, begun)


def _before_crs(case: Case, infusion: Fact, usual: Onset) -> Iterator[Fear]:
    day = (case.now - infusion.at) // DAY
    around = case.number("fear_onset_days")
    if not usual.days[0] - around <= day <= usual.days[1] + around:
        return
    days = " to ".join(dict.fromkeys(map(str, usual.days)))
    words, because = "CRS may begin", f"day {day}; usually day {days} with this product"
    seen = usual.source.confirmed
    yield case.fear("onset", words, because, usual.source.text, "fear_onset_days", seen=seen)


def _before_icans(case: Case, begun: Instant) -> Iterator[Fear]:
    if any(each.grade for each in case.graded("icans.astct")):
        return
    days = (case.now - begun) / DAY
    if case.number("fear_icans_first_day") <= days <= case.number("fear_icans_last_day"):
        because = f"CRS began {span(case.now - begun)} ago, no ICANS so far"
        yield case.fear("icans", "ICANS may follow", because, "ICANS follows CRS by 2 to 4 days on average",
                        "fear_icans_first_day", "fear_icans_last_day", seen=False)  # fmt: skip


def bleeding(case: Case) -> Iterator[Fear]:
    """Few platelets, little fibrinogen."""
    for what, name in (("platelets", "fear_platelets"), ("fibrinogen", "fear_fibrinogen")):
        fact = case.course.last(what)
        if fact is not None and fact.value is not None and fact.value < case.number(name):
            because = f"{what} {_value(fact)} ({case.clock(fact.at)})"
            source = HINES if what == "fibrinogen" else "Default of the center"
            yield case.fear(what, "Bleeding", because, source, name)


def pending(case: Case) -> Iterator[Fear]:
    """Cultures whose result is still open."""
    for choice in ("blood_culture", "urine_culture", "cerebrospinal_fluid"):
        fact = case.course.last("infection_work_up", choice=choice)
        if fact is not None and fact.detail.get("result") == "pending":
            label = vocabulary().variables["infection_work_up"].choices[choice].label
            because = f"taken {case.clock(fact.at)}"
            yield Fear("pending", f"{label}: result open", because, "The record", confirmed=True)


def _value(fact: Fact) -> str:
    return f"{fact.value:g} {unit_text(fact.unit)}".strip()


class Onset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The days after the infusion on which CRS usually begins, from the earliest to the latest median."""

    days: tuple[int, int]
    source: Source


@cache
def onsets() -> Mapping[str, Onset]:
    """The usual onset by product."""
    raw = (resources.files(__package__) / "handover_onset.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(raw), dict[str, Onset])


RULES: tuple[Callable[[Case], Iterator[Fear]], ...] = (
    unanswered, unassessed, no_better, neutropenia, other_scales, ferritin, tocilizumab_left, taper, onset, bleeding,
    pending,
)  # fmt: skip
