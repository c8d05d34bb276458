"""What two graders say of one course in one shape: start hour, grade, missing, policies wherever something changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cartway.record.fact import Fact
from cartway.toxicity import SCALES, Episode, Rules
from toxicity.drawn import hour_of
from toxicity.slow_chart import Answer
from toxicity.slow_twin import Twin


class Told(NamedTuple):
    """One span's answer, from an hour after the infusion on; `grade` is "-" where the course is not covered."""

    hour: float
    grade: int | str | None
    missing: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()


def episodes_told(episodes: Iterable[Episode]) -> Mapping[str, list[Told]]:
    """Episodes as spans; a gap between them, or after a closed one, is a span that is not covered."""
    told: dict[str, list[Told]] = {scale: [] for scale in SCALES}
    ends: dict[str, int | None] = {}
    for e in episodes:
        if ends.get(e.scale, e.start) != e.start:
            told[e.scale].append(Told(hour_of(ends[e.scale] or 0), "-"))
        told[e.scale].append(Told(hour_of(e.start), e.grade, tuple(sorted(e.missing)), tuple(sorted(e.policies))))
        ends[e.scale] = e.end
    for scale, end in ends.items():
        if end is not None:
            told[scale].append(Told(hour_of(end), "-"))
    return told


def told_by_twin(facts: Sequence[Fact], rules: Rules, at: int | None = None) -> Mapping[str, list[Told]]:
    """The twin's answers as spans: only where something changes."""
    twin = Twin(facts, rules.value, at)
    return {scale: list(_spans(answers)) for scale, answers in zip(SCALES, (twin.crs, twin.icans), strict=True)}


def _spans(answers: Sequence[tuple[int, Answer | None]]) -> Iterable[Told]:
    last: Told | None = None
    for moment, a in answers:
        now = Told(0.0, "-") if a is None else Told(0.0, a.grade, tuple(sorted(a.missing)), tuple(sorted(a.policies)))
        if now != last and (last is not None or a is not None):
            yield now._replace(hour=hour_of(moment))
            last = now
