"""What was told from home, as findings: each telling is a thing of its own, and only who was shown it has seen it.

A second entry takes nothing of the first back and hides nothing of it: both stand there until somebody saw them, or for
so long. What an instant tells needs no other fact but the infusions before it, so that no fold is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cartway.record import Fact
from cartway.times import DAY, Instant
from cartway.vocabulary import vocabulary
from cartway.watch.model import Finding
from cartway.watch.rulebook import Rule, Rulebook
from cartway.watch.triage import Tier, is_early, load_table

OWN = frozenset({"patient", "caregiver"})
"""The sources of what was told from a phone."""
_READ = frozenset({"reported_symptom", "feeling", "home_check", "infusion", "death"})
JUDGES = frozenset({"reported", "own_temperature"})
"""The judges of the rules that are read here."""
FEVER, LOW, USUAL = 38.0, 35.0, 36.8
FROM_A_PHONE = 30 * DAY  # the diary takes no entry that lay on a phone for longer as of its own time
WORDS_SHOWN = 160  # characters of own words beside an alert: the record keeps all of them
TIERS: Mapping[Tier, str] = {
    Tier.visit: "for the next visit",
    Tier.today: "call today",
    Tier.now: "call now",
    Tier.emergency: "emergency",
}
_SEVERITIES = frozenset({"mild", "moderate", "severe"})
_NEVER: Instant = 2**62


class Telling(NamedTuple):
    """One thing that was told, as a finding without an end, and when it stops to be there."""

    finding: Finding
    over_at: Instant


def is_read(fact: Fact) -> bool:
    """Whether tellings read it: the ward's own temperatures are none."""
    return fact.what in _READ or (fact.what == "body_temperature" and fact.source in OWN)


def tellings(facts: Iterable[Fact], book: Rulebook) -> tuple[Telling, ...]:
    """Everything told in life, by time. `facts`: those that it reads, in force."""
    known = sorted(facts, key=lambda fact: fact.at)
    infused = [fact.at for fact in known if fact.what == "infusion"]
    died = min((fact.at for fact in known if fact.what == "death"), default=_NEVER)
    rules = _rules(book)
    return tuple(each for fact in known if fact.at < died for each in _telling(fact, rules, infused, died, book))


def findings_at(told: Iterable[Telling], now: Instant) -> Iterator[Finding]:
    """The tellings as findings at `now`."""
    for each in told:
        yield each.finding if now < each.over_at else each.finding.over(each.over_at)


def next_end(told: Iterable[Telling], now: Instant) -> Instant:
    """When time alone next ends one of them."""
    return min((each.over_at for each in told if each.over_at > now), default=_NEVER)


def held_until(fact: Fact, span: Instant) -> Instant:
    """For so long after it happened; what reached the record later, from a phone that had no network, for as long
    after that. What comes a month late comes from no phone: it is history that somebody brought in.
    """
    came = fact.recorded_at or fact.at
    late = fact.source in OWN and fact.at < came <= fact.at + FROM_A_PHONE
    return (came if late else fact.at) + span


def label_of(fact: Fact) -> str:
    """A choice in the words of the vocabulary."""
    choice = vocabulary().variables[fact.what].choices.get(fact.choice)
    return choice.label.lower() if choice is not None else fact.choice


def _rules(book: Rulebook) -> dict[str, Rule]:
    """By what they read: ``reported_symptom:fever``, ``body_temperature``."""
    return {rule.what[0]: rule for rule in book.rules.values() if rule.on and rule.judge in JUDGES}


def _telling(
    fact: Fact, rules: Mapping[str, Rule], infused: Sequence[Instant], died: Instant, book: Rulebook
) -> Iterator[Telling]:
    rule = rules.get(fact.what if fact.what == "body_temperature" else f"{fact.what}:{fact.choice}")
    if rule is None or (fact.what == "body_temperature" and not _asks(fact)):
        return
    early = is_early(max((at for at in infused if at <= fact.at), default=None), fact.at)
    level = int(_tier(fact, early))
    yield Telling(_finding(fact, rule, level, book), min(held_until(fact, book.span(rule.hours)), died))


def _asks(fact: Fact) -> bool:
    """A temperature from a phone that is a fever, or so low that it is one of sepsis, or was misread."""
    return fact.source in OWN and fact.value is not None and not LOW < fact.value < FEVER


def _tier(fact: Fact, early: bool | None) -> Tier:
    """That of the table for the day, that which the page showed, or what a severe one is at least: the highest."""
    if fact.what == "body_temperature":
        return load_table().tier("temperature:fever" if (fact.value or 0) >= FEVER else "temperature:low", None)
    kind = "symptom" if fact.what == "reported_symptom" else fact.what
    shown = Tier.__members__.get(_detail(fact, "tier"), Tier.visit)
    severe = Tier.now if _detail(fact, "severity") == "severe" else Tier.visit
    return max(load_table().tier(f"{kind}:{fact.choice}", early), shown, severe)


def _finding(fact: Fact, rule: Rule, level: int, book: Rulebook) -> Finding:
    """What came from no page has no entry to be known by: an answer that names its rule alone answers it too."""
    return Finding(
        rule.name, level, rule.priority_of(level), fact.at, None, _text(fact, rule, level), (fact,), (), rule.source,
        book.confirmed(rule), fact.at, fact.event or fact.key, "" if fact.event else rule.name, _words(fact),
        abs(fact.value - USUAL) if fact.value is not None else 0.0,
    )  # fmt: skip


def _text(fact: Fact, rule: Rule, level: int) -> str:
    severity = _detail(fact, "severity")
    told = {"by": _told_by(fact), "tier": TIERS[Tier(level)]}
    if fact.what == "body_temperature":
        return rule.text.format(value=f"{fact.value:.1f}", **told)
    severity = f", {severity}" if severity in _SEVERITIES else ""
    return rule.text.format(choice=label_of(fact), severity=severity, **told)


def _words(fact: Fact) -> str:
    """Own words, on one line and cut; they say so."""
    said = " ".join(str(fact.detail.get("text", "")).split()) if fact.source in OWN or _detail(fact, "by") else ""
    return said if len(said) <= WORDS_SHOWN else f"{said[:WORDS_SHOWN].rstrip()} \N{HORIZONTAL ELLIPSIS}"


def _detail(fact: Fact, name: str) -> str:
    return str(fact.detail.get(name, "")).strip().casefold()


def _told_by(fact: Fact) -> str:
    """`` by the caregiver``: who told it, and of themselves where it is not of the patient."""
    by = _detail(fact, "by") or (fact.source if fact.source in OWN else "")
    own = " of themselves, not of the patient" if fact.about == "caregiver" else ""
    return f" by the {by}{own}" if by in OWN else own
