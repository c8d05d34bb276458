"""Whether somebody is sedated, by the rule that grades: sedation is another cause of low consciousness, but only a
sedative that is charted says so to the grade.
"""

from __future__ import annotations

from collections.abc import Mapping

from cartway.record import current
from cartway.times import Instant
from cartway.toxicity import icans
from cartway.toxicity.grade import fold_course, in_time_order
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, doubted

# What each level grades by itself (Lee 2019, the row of consciousness).
GRADES: Mapping[str, int] = {
    "awakens_to_voice": 2, "awakens_to_touch": 3, "vigorous_stimuli_only": 4, "unarousable": 4,
}  # fmt: skip


def sedated(chart: Chart, at: Instant) -> bool:
    """Whether a sedative that is charted runs at `at`."""
    ordered = in_time_order(current(chart.facts), at)
    if not ordered:
        return False
    fold = fold_course(ordered, chart.rules, at)
    return bool(icans.sedated(fold.s, fold.p, float(at)))


def unexplained(chart: Chart, at: Instant, field: str, level: str) -> Draft:
    """What is asked of a low level of consciousness that somebody takes for sedation and no chart does."""
    if level not in GRADES or sedated(chart, at):
        return Draft()
    question = (
        f"No sedative is charted as running: this level counts as ICANS {GRADES[level]}. If the patient is sedated, "
        "chart the drug first; else send again."
    )
    return doubted(field, f"sedated {level}", question)
