"""The calibration report: every target beside its simulation, hits by kind, pictures, between the marks of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cartway.twin.calibration import derived
from cartway.twin.calibration.fit import UNTIL, Cohort, cohorts
from cartway.twin.calibration.measures import sample
from cartway.twin.calibration.pictures import pictures_of
from cartway.twin.calibration.played import Played
from cartway.twin.calibration.score import Scored, scored
from cartway.twin.calibration.targets import Target, is_share, load_targets, load_trials

PATIENTS, SEED = 400, 2026
"""Virtual patients a cohort, and their seed: others than those that the fit saw."""
KINDS = ("kinetics", "cytokines", "crs", "neurotoxicity", "treatment", "counts", "b cells", "response", "survival")
TITLE = {"crs": "CRS", "b cells": "B cells and IgG"}
BEGIN, END = "<!-- {name}: begin -->\n", "<!-- {name}: end -->"
Say = Callable[[str], None]


class Line(NamedTuple):
    """A target as scored, and whether Cartway's derivations over charted facts gave it, or the body itself."""

    scored: Scored
    by_facts: bool


def score_all(say: Say, n: int = PATIENTS, seed: int = SEED) -> list[Line]:
    """Simulate every cohort and score all targets, in the order of the table."""
    found: dict[Target, Line] = {}
    for cohort in cohorts(""):
        found |= _score(cohort, n, seed, say)
    return [found[target] for target in load_targets() if target in found]


def _score(cohort: Cohort, n: int, seed: int, say: Say) -> dict[Target, Line]:
    from cartway.twin.course import run
    from cartway.twin.population import draw

    name = f"{cohort.product} in {cohort.disease}, policy {cohort.policy}"
    played = Played(run(draw(cohort.product, cohort.disease, n, seed), cohort.policy, until=UNTIL))
    scales = {load_trials()[t.trial].crs_scale for t in cohort.targets}
    facts = derived.derived_of(played.run, "astct", seed=seed, say=lambda done, of: say(f"{name}: {done} of {of}"))
    by_scale = {scale: facts._replace(scale=scale) for scale in scales}
    lines = {}
    for target in cohort.targets:
        values = derived.sample(by_scale[load_trials()[target.trial].crs_scale], target.measure)
        taken = sample(played, target.measure) if values is None else values
        lines[target] = Line(scored(target, taken, seed=seed), values is not None)
    return lines


def number(value: float) -> str:
    """A figure to three digits."""
    if not np.isfinite(value):
        return "open" if value == np.inf else "none"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def shown(target: Target, value: float) -> str:
    """A figure as its table says it: a share in percent."""
    return f"{100 * value:.0f}%" if is_share(target) else number(value)


def kind_table(lines: Sequence[Line]) -> Iterator[str]:
    """Hits by kind: of all targets, of those fitted, of those only looked at, of those whose figure is confirmed."""
    yield "| kind | hits | share | fitted | only checked | figure confirmed | figure not confirmed |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for kind in (*KINDS, ""):
        some = [line for line in lines if kind in ("", line.scored.target.kind)]
        use = [[x for x in some if x.scored.target.use == use] for use in ("fit", "check")]
        sure = [[x for x in some if (x.scored.target.confirmed == "no") is not yes] for yes in (True, False)]
        share = f"{100 * sum(x.scored.hit for x in some) / max(len(some), 1):.0f}%"
        cells = [_of(some), share, *(_of(part) for part in (*use, *sure))]
        yield f"| {TITLE.get(kind, kind) or '**all**'} | " + " | ".join(cells) + " |"


def _of(lines: Sequence[Line]) -> str:
    return f"{sum(line.scored.hit for line in lines)} of {len(lines)}"


def trial_table(lines: Sequence[Line]) -> Iterator[str]:
    """Hits by cohort, with what the twin plays in its place."""
    yield "| cohort | played as | hits |"
    yield "| --- | --- | --- |"
    for trial in load_trials().values():
        some = [line for line in lines if line.scored.target.trial == trial.name]
        if some:
            yield f"| {trial.name} | {trial.product}, {trial.disease}, policy {trial.policy} | {_of(some)} |"


def rows(lines: Sequence[Line]) -> Iterator[str]:
    """Every target of one cohort or kind."""
    yield "| target | published | 95% interval | simulated | 95% Monte Carlo | | read from | use | source |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for line in lines:
        s, t = line.scored, line.scored.target
        unit = "" if is_share(t) or t.unit in ("", "r") else f" {t.unit}"
        sure = " (not confirmed)" if t.confirmed == "no" else ""
        around = f"{shown(t, s.published.low)} to {shown(t, s.published.high)} ({s.published.by})"
        mine = f"{shown(t, s.simulated.low)} to {shown(t, s.simulated.high)}"
        note = f"; {t.note}" if t.note else ""
        yield (
            f"| {t.metric} | {shown(t, t.value)}{unit}{sure} | {around} | {shown(t, s.simulated.value)} | {mine} | "
            f"{'hit' if s.hit else '**miss**'} | {'facts' if line.by_facts else 'body'} | {t.use} | {t.source}{note} |"
        )


def missed_table(lines: Sequence[Line]) -> Iterator[str]:
    """The misses, the farthest first."""
    yield "| cohort | target | published | simulated | off by (standard errors) |"
    yield "| --- | --- | --- | --- | --- |"
    missed = [line.scored for line in lines if not line.scored.hit]
    for s in sorted(missed, key=lambda s: -abs(s.off)):
        t = s.target
        mine, theirs = shown(t, s.simulated.value), shown(t, t.value)
        yield f"| {t.trial} | {t.metric} | {theirs} | {mine} | {s.off:+.1f} |"


def left_out_table() -> Iterator[str]:
    """Published figures that nothing can be laid beside, and why."""
    yield "| cohort | target | published | why not |"
    yield "| --- | --- | --- | --- |"
    for t in load_targets():
        if t.use == "none":
            yield f"| {t.trial} | {t.metric} | {shown(t, t.value)} | {t.note} |"


def put(text: str, name: str, table: str) -> str:
    """A text with what stands between the marks of this name replaced."""
    head, _, rest = text.partition(BEGIN.format(name=name))
    _, _, tail = rest.partition(END.format(name=name))
    return head + BEGIN.format(name=name) + "\n" + table + "\n\n" + END.format(name=name) + tail


def report(docs: Path, say: Say) -> None:
    """Write the tables into docs/explanation/calibration.md and the pictures beside it."""
    lines = score_all(say)
    page, pictures = docs / "calibration.md", docs / "calibration"
    pictures.mkdir(exist_ok=True)
    text = page.read_text()
    text = put(text, "kinds", "\n".join(kind_table(lines)))
    text = put(text, "cohorts", "\n".join(trial_table(lines)))
    text = put(text, "misses", "\n".join(missed_table(lines)))
    text = put(text, "left out", "\n".join(left_out_table()))
    text = put(text, "targets", "\n\n".join(_of_trials(lines)))
    page.write_text(text)
    for kind in KINDS:
        some = [line.scored for line in lines if line.scored.target.kind == kind]
        for name, svg in pictures_of(kind, TITLE.get(kind, kind.capitalize()), some):
            (pictures / f"{name}.svg").write_text(svg)
    say(f"{_of(lines)} targets hit")


def _of_trials(lines: Sequence[Line]) -> Iterator[str]:
    for trial in load_trials().values():
        some = [line for line in lines if line.scored.target.trial == trial.name]
        if some:
            yield f"### {trial.name}\n\n{trial.source}\n\n" + "\n".join(rows(some))
