"""What keeps a finding up: a correction by which it is as bad as it was, whoever was shown since that it had eased.

The fold knows what is in force, not what was shown before. So a correction is told wherever it may have taken back that
something was milder: also where nothing had eased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from cartway.record import Fact
from cartway.times import Instant
from cartway.watch.asked import NO_NEXT, Judged
from cartway.watch.model import Finding, is_correction
from cartway.watch.rulebook import Rule
from cartway.watch.view import View

CHARTED: Mapping[str, frozenset[str]] = {
    "crs.astct": frozenset({
        "body_temperature", "systolic_pressure", "diastolic_pressure", "mean_arterial_pressure",
        "oxygen_saturation", "oxygen_device", "oxygen_flow", "inspired_oxygen", "drug",
    }),
    "icans.astct": frozenset({
        "ice_score", "ice_orientation", "ice_naming", "ice_command", "ice_writing", "ice_attention", "capd_score",
        "consciousness", "seizure", "cerebral_edema", "intracranial_hemorrhage",
    }),
}  # fmt: skip
"""By scale, what is charted of it at the bedside."""


class Run(NamedTuple):
    """A rule that fires: its finding so far; to what level it eases, with which words, if it stays so until when."""

    finding: Finding
    eases_to: Judged | None = None
    eases_at: Instant = NO_NEXT


def kept_up(finding: Finding, facts: Sequence[Fact]) -> Finding:
    """The finding with the corrections among `facts`; the same one where there is none."""
    new = [fact for fact in facts if is_correction(fact) and fact not in finding.facts]
    return msgspec.structs.replace(finding, facts=(*finding.facts, *new)) if new else finding


def graded_as_before(
    facts: Sequence[Fact], view: View, runs: Mapping[str, Run], rules: Mapping[str, Rule]
) -> list[tuple[str, list[Fact]]]:
    """The rules of a grade that is what it was, with the corrections of what it is read from: no change tells them."""
    corrected = [fact for fact in facts if is_correction(fact)]
    return [(name, of_it) for name, run in runs.items() if (of_it := _read(corrected, rules[name], run, view))]


def _read(corrected: Sequence[Fact], rule: Rule, run: Run, view: View) -> list[Fact]:
    graded = view.grades.get(rule.scale)
    if rule.judge != "grade" or graded is None or graded.grade != run.finding.level:
        return []
    return [fact for fact in corrected if fact.what in CHARTED.get(rule.scale, ())]
