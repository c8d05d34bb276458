"""Measure how good forecasts are, on virtual patients that nothing was fitted to, and write it down.

    python scripts/forecast_calibration.py [--patients 500] [--processes 2]

Writes the package's own copy (`twin/forecast/calibration.json`, shown on the page of a forecast), the page
`docs/explanation/forecast-calibration.md` and its pictures. Needed anew when the model,
its numbers or the forecast change.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each process has a core of its own

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

from cartway.twin.course import Run, run
from cartway.twin.forecast.pictures import chances_panel, coverage_panel
from cartway.twin.forecast.scores import WRONG, One, Scores, briers, coverage, effectiveness, score_one, wrong_level
from cartway.twin.model import load_model
from cartway.twin.picture import alone, draw
from cartway.twin.population import draw as drawn

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src" / "cartway" / "twin" / "forecast" / "calibration.json"
PAGE = ROOT / "docs" / "explanation" / "forecast-calibration.md"
PICTURES = ROOT / "docs" / "explanation" / "forecast"
SEED, POLICY = 20_261_123, "label"
DAYS = (3.0, 7.0, 10.0)
UNTIL = 365.0
WRONG_OF_EACH = 8
GROUP = 8
FULL = 500
PAIRS = (
    ("axi-cel", "lbcl"), ("liso-cel", "lbcl"), ("tisa-cel", "pediatric_b_all"), ("tisa-cel", "follicular_lymphoma"),
    ("brexu-cel", "mantle_cell_lymphoma"), ("obe-cel", "b_all"), ("ide-cel", "multiple_myeloma"),
    ("cilta-cel", "multiple_myeloma"),
)  # fmt: skip


class Task(NamedTuple):
    """Some patients of one product and disease."""

    product: str
    disease: str
    seed: int
    low: int
    high: int


class Done(NamedTuple):
    """Scored forecasts, and by kind of wrong readings how many were tried and told."""

    task: Task
    ones: list[One]
    wrong: list[tuple[str, str]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write, and say how far it got."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=500, help="virtual patients (default: 500)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")
    asked = parser.parse_args(arguments)
    tasks, done = list(_tasks(asked.patients)), []
    with ProcessPoolExecutor(asked.processes) as pool:
        for number, each in enumerate(pool.map(measure, tasks), start=1):
            done.append(each)
            print(f"{number} of {len(tasks)} groups of patients", file=sys.stderr, flush=True)
            if number % len(PAIRS) == 0 or number == len(tasks):  # as many of each pair: what is there so far is whole
                write(gathered(done))
    return 0


def write(scores: Scores) -> None:
    """The package's copy, the page and its pictures."""
    DATA.write_bytes(msgspec.json.format(msgspec.json.encode(rounded(scores))) + b"\n")
    PAGE.write_text("\n".join(page(scores)) + "\n")
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / "coverage.svg").write_text(alone(draw(coverage_panel(scores), "coverage")))
    (PICTURES / "chances.svg").write_text(alone(draw(chances_panel(scores), "chances")))


def _tasks(patients: int) -> Iterator[Task]:
    """Patients dealt evenly to products and diseases, each pair its own seed; in groups that a process does at once."""
    many = [patients // len(PAIRS) + (i < patients % len(PAIRS)) for i in range(len(PAIRS))]
    for low in range(0, max(many), GROUP):
        for i, (product, disease) in enumerate(PAIRS):
            if low < many[i]:
                yield Task(product, disease, SEED + i, low, min(low + GROUP, many[i]))


def measure(task: Task) -> Done:
    """Forecast the patients of a task at each day, and a few of them with readings that are wrong."""
    went = run(drawn(task.product, task.disease, task.high, task.seed), POLICY, UNTIL)
    ones = [
        score_one(went, patient, day, POLICY, patient)
        for day in DAYS
        for patient in range(task.low, task.high)
        if not went.died_day[patient] <= day
    ]
    return Done(task, ones, list(_wrong(went, task)) if task.low == 0 else [])


def _wrong(went: Run, task: Task) -> Iterator[tuple[str, str]]:
    living = [i for i in range(task.high) if not went.died_day[i] <= DAYS[-1]][:WRONG_OF_EACH]
    for kind in WRONG:
        for patient in living:
            yield kind, wrong_level(went, patient, living[living.index(patient) - 1], DAYS[-1], kind)


def gathered(done: Sequence[Done]) -> Scores:
    """All scores together."""
    ones = [one for each in done for one in each.ones]
    wrong = [pair for each in done for pair in each.wrong]
    of = {
        pair: sum(d.task.high - d.task.low for d in done if (d.task.product, d.task.disease) == pair) for pair in PAIRS
    }
    return Scores(
        model=load_model().version,
        policy=POLICY,
        seed=SEED,
        patients=sum(of.values()),
        of=tuple((*pair, many) for pair, many in of.items() if many),
        coverage=tuple(each for day in DAYS for each in coverage(ones, day)),
        brier=tuple(each for day in DAYS for each in briers(ones, day)),
        effectiveness=tuple(effectiveness(ones, day) for day in DAYS),
        misfits=tuple(
            (kind, sum(k == kind for k, _ in wrong), sum(k == kind and level != "agrees" for k, level in wrong))
            for kind in WRONG
        ),
    )  # fmt: skip


def rounded(scores: Scores) -> object:
    """The scores as plain values with four digits: the fifth depends on the machine."""

    def short(value: object) -> object:
        if isinstance(value, float):
            return float(f"{value:.4g}")
        if isinstance(value, dict):
            return {name: short(each) for name, each in value.items()}
        return [short(each) for each in value] if isinstance(value, list | tuple) else value

    return short(msgspec.to_builtins(scores))


# The page


def page(scores: Scores) -> Iterator[str]:
    """The page of the calibration, in Markdown."""
    yield "# How good the forecasts are"
    yield ""
    yield "<!-- Written by scripts/forecast_calibration.py. Run it again; do not change this page. -->"
    yield ""
    yield (
        f"{scores.patients} virtual patients whom nothing was fitted to were forecast on days 3, 7 and 10 after the"
        " infusion from what a ward would have charted by then, and their later course was held against the forecast."
        f" Model {scores.model}, treatment policy `{scores.policy}`, seed {scores.seed}."
    )
    yield ""
    yield (
        "**What this shows, and what not.** The patients come out of the same model as the forecast's own. So it shows"
        " that the statistics are right: that intervals hold what they say they hold *if the model is right*. It does"
        " not show that the model is right of people. Research use: nothing here was held against a patient."
    )
    yield ""
    if scores.patients < FULL:
        yield f"This was no full run: {FULL} patients make one. The standard errors say how much that leaves open."
        yield ""
    yield f"Patients: {', '.join(f'{many} {product} for {disease}' for product, disease, many in scores.of)}."
    yield ""
    yield from _coverage_part(scores)
    yield from _brier_part(scores)
    yield from _check_part(scores)


def _coverage_part(scores: Scores) -> Iterator[str]:
    yield "## Intervals of the coming two weeks"
    yield ""
    yield "Share of the later readings inside the intervals, with twice its standard error between patients."
    yield ""
    yield "![Coverage by day and sign](forecast/coverage.svg)"
    yield ""
    yield "| day | sign | readings | inside the 80 % interval | inside the 95 % interval |"
    yield "| --- | --- | --- | --- | --- |"
    for each in scores.coverage:
        yield (
            f"| {each.day:.0f} | {each.sign.replace('_', ' ')} | {each.readings} "
            f"| {_percent(each.in80)} ± {200 * each.error80:.1f} | {_percent(each.in95)} ± {200 * each.error95:.1f} |"
        )
    yield ""


def _brier_part(scores: Scores) -> Iterator[str]:
    yield "## Chances"
    yield ""
    yield (
        "Brier score: the mean squared difference of the chance told and what came (0 or 1); lower is better. Beside it"
        " that of always telling the share that came of all patients; skill is how much of that is gone."
    )
    yield ""
    yield "![Chances told against shares that came](forecast/chances.svg)"
    yield ""
    yield "| day | what | forecasts | came | Brier score | of the share | skill |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for each in scores.brier:
        yield (
            f"| {each.day:.0f} | {each.label} | {each.forecasts} | {_percent(each.came)} | {each.score:.3f} "
            f"| {each.usual:.3f} | {each.skill:.2f} |"
        )
    yield ""


def _check_part(scores: Scores) -> Iterator[str]:
    yield "## Effective draws, and the check of the readings"
    yield ""
    yield "| day | forecasts | least ESS | tenth | median | below 400 | surprising | contradicting |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for each in scores.effectiveness:
        yield (
            f"| {each.day:.0f} | {each.forecasts} | {each.least:.0f} | {each.tenth:.0f} | {each.median:.0f} "
            f"| {each.below_400} | {each.surprising} | {each.contradicted} |"
        )
    yield ""
    yield "Readings made wrong on purpose, by day 10: how many forecasts told that something does not fit."
    yield ""
    yield "| what was wrong | forecasts | told |"
    yield "| --- | --- | --- |"
    yield from (f"| {kind} | {tried} | {told} |" for kind, tried, told in scores.misfits)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


if __name__ == "__main__":
    sys.exit(main())
