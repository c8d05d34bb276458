"""What a change of a number would silence: the rules that fire for patients of the ward now, and would not then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from cartway.pathway.course import Course
from cartway.record import Fact, current
from cartway.times import Instant
from cartway.toxicity import ALL_SCALES, grade
from cartway.watch import alerts
from cartway.watch.model import Alert
from cartway.watch.rulebook import rulebook_of
from cartway.web.alerts.settings import readers
from cartway.web.forms.chart import Chart
from cartway.web.office import Office


def silenced(office: Office, name: str, chart: Chart, change: Sequence[Fact]) -> list[tuple[str, int]]:
    """By label: for how many courses a rule that reads the number `name` fires now, and would not after `change`.

    `chart`: the center's. Only courses in which such a rule fires are worked out anew.
    """
    rules = {rule.name: rule.label for rule in readers(name, rulebook_of(Course(chart.facts, chart.now)))}
    then = Course([*chart.facts, *change], chart.now)
    gone: Counter[str] = Counter()
    for standing in office.ward.standings():
        firing = fires(standing.alerts, rules)
        if firing:
            facts = office.ward.facts(office.log, standing.course)
            gone.update(firing - fires(_under(office, facts, then, chart.now), rules))
    return [(rules[rule], count) for rule, count in sorted(gone.items())]


def fires(found: Sequence[Alert], rules: Collection[str]) -> set[str]:
    """Those of these rules that fire now."""
    return {each.rule for alert in found for each in alert.present if each.rule in rules}


def _under(office: Office, facts: Sequence[Fact], center: Course, now: Instant) -> Sequence[Alert]:
    return alerts(Course(facts, now), grade(current(facts), office.rules, now, ALL_SCALES), center).alerts
