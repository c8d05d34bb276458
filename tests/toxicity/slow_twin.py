"""CRS and ICANS the slow, obvious way: at every instant at which anything may change, read the whole chart again.

Written from the ASTCT 2019 tables (Lee DW, Santomasso BD, Locke FL, et al. Biol Blood Marrow Transplant
2019;25(4):625-638) and from the meaning that each policy states. It shares nothing with the fold but the vocabulary's
words and the policies' names; where the two disagree, one of them is wrong.

    twin = Twin(facts, rules.value)
    twin.crs    # [(instant, Answer or None where the course is not covered), ...]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cartway.record.fact import Fact
from toxicity import slow_crs, slow_icans
from toxicity.slow_chart import ALL_PRESSORS, SLEEP, Answer, Chart, drug_of
from toxicity.slow_crs import crs
from toxicity.slow_icans import icans_at


class Twin:
    """Both scales of one course, by looking again at every instant."""

    def __init__(self, facts: Sequence[Fact], policy: Callable[[str], str | float], at: int | None = None) -> None:
        self.crs: list[tuple[int, Answer | None]]
        self.icans: list[tuple[int, Answer | None]]
        kept = [f for f in facts if at is None or f.at <= at]
        self.chart = Chart(kept, policy, {**slow_crs.LEVELS, **slow_icans.LEVELS})
        ends = [f.until for f in self.chart.drugs if f.until and drug_of(f) in ALL_PRESSORS | SLEEP]
        horizon = at if at is not None else max([f.at for f in kept] + ends)
        if self.chart.infused_at is None:  # nothing to grade yet, and the answer says so
            first = min(f.at for f in kept)
            self.crs = self.icans = [(first, Answer(None, frozenset({"infusion"}), frozenset()))]
            return
        self.instants = self.chart.instants(horizon)
        self.crs = crs(self.chart, self.instants)
        self.icans = [(now, icans_at(self.chart, now)) for now in self.instants]
