"""The twin's calibration.

`.venv/bin/python scripts/calibrate.py report` simulates every cohort of targets.csv, lets Cartway grade and read the
charted facts, and writes tables and pictures into docs/explanation/calibration.md and docs/explanation/calibration/.
`... fit STAGE[,STAGE...]` goes on with the fit from the present tables (core: kinetics and disease; toxicity, counts,
all) and writes what it finds into the tables of the model and the population, and into fitted.csv how far each quantity
has moved from its prior.
"""

from __future__ import annotations

import csv
import re
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from cartway.twin.calibration.fit import Each, Fit, Problem, cohorts
from cartway.twin.calibration.free import Free, load_free
from cartway.twin.chart.outcomes import alone
from cartway.twin.population import diseases, products

TWIN = Path(__file__).parents[1] / "src" / "cartway" / "twin"
FITTED = TWIN / "calibration" / "fitted.csv"
DOCS = Path(__file__).parents[1] / "docs" / "explanation"
KINDS = {
    "core": ("kinetics", "response", "survival", "b cells"),
    "kinetics": ("kinetics",),
    "toxicity": ("cytokines", "crs", "neurotoxicity", "treatment"),
    "counts": ("counts", "b cells"),
    "disease": ("response", "survival"),
    "all": (),
}
PATIENTS, SEED, DAMPING = 200, 5, 1.0
PROCESSES = 2


def say(words: str) -> None:
    """Progress, on the error stream."""
    print(words, file=sys.stderr, flush=True)


def changes_so_far(free: Sequence[Free]) -> np.ndarray:
    """Where the priors stand, as changes from the present tables: minus what earlier fits have moved."""
    if not FITTED.exists():
        return np.zeros(len(free))
    with FITTED.open() as file:
        moved = {(r["of"], r["who"], r["name"], r["what"]): float(r["moved"]) for r in csv.DictReader(file)}
    return np.array([-moved.get((f.of, f.who, f.name, f.what), 0.0) for f in free])


def note_fitted(free: Sequence[Free], moved: np.ndarray) -> None:
    """Keep how far each quantity stands from its prior (`moved`, of the logarithm; of the odds for a share)."""
    with FITTED.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["of", "who", "name", "what", "sd", "moved"])
        writer.writerows([f.of, f.who, f.name, f.what, f.sd, f"{m:.4f}"] for f, m in zip(free, moved, strict=True))


def digits(value: float) -> str:
    """Four digits, as TOML writes a float."""
    text = f"{float(f'{value:.4g}'):.6g}" if 1e-3 <= abs(value) < 1e6 else f"{value:.3e}"
    return text if "." in text or "e" in text else text + ".0"


def times(text: str, key: str, factor: float) -> str:
    """The number behind `key =` in a text, multiplied. Raises ValueError where it is not there."""
    changed, count = re.subn(rf"(\b{key} = )([-+.\deE]+)", lambda m: m[1] + digits(float(m[2]) * factor), text, count=1)
    if not count:
        raise ValueError(f"no {key} in {text[:60]!r}")
    return changed


def block(text: str, head: str, name: str) -> tuple[int, int]:
    """Where the table `[[head]]` of this name begins and ends in a TOML text."""
    start = text.index(f'[[{head}]]\nname = "{name}"\n')
    end = text.find(f"\n[[{head}]]", start + 1)
    return start, len(text) if end < 0 else end + 1


def of_everybody(free: Free, factor: float) -> None:
    """Change a median or a variability of the model's or the bedside's table."""
    for path, head, spread in (
        (TWIN / "model" / "parameters.toml", "parameter", "omega"),
        (TWIN / "population" / "bedside.toml", "trait", "spread"),
    ):
        text = path.read_text()
        if f'[[{head}]]\nname = "{free.name}"\n' in text:
            start, end = block(text, head, free.name)
            one = times(text[start:end], "median" if free.what == "median" else spread, factor)
            if free.what == "median" and 'standing = "calibrated"' not in one:
                one = re.sub(r'standing = "\w+"', 'standing = "calibrated"', one)
                one = one.replace('source = "', 'source = "fitted from ')
            path.write_text(text[:start] + one + text[end:])
            return
    raise ValueError(free.name)


def of_some(free: Free, factor: float) -> None:
    """Change what a product or a disease does to a median: its effect, made where there is none yet."""
    path = TWIN / "population" / f"{free.of}s.toml"
    text = path.read_text()
    start, end = block(text, free.of, free.who)
    one = text[start:end]
    if free.name == "negative_share":
        one = shared(one, factor)
    elif re.search(rf"^{free.name} = \{{", one, re.MULTILINE):
        line = re.search(rf"^{free.name} = \{{.*$", one, re.MULTILINE)
        assert line is not None
        one = one.replace(line[0], changed_effect(line[0], factor))
    else:
        effect = f'[{free.of}.effects]\n{free.name} = {{ times = {digits(factor)}, standing = "calibrated" }}\n'
        one = one.replace(f"[{free.of}.effects]\n", effect)
    path.write_text(text[:start] + one + text[end:])


def changed_effect(line: str, factor: float) -> str:
    """An effect's line with its factor or value changed, and called calibrated."""
    if "times = " in line or "value = " in line:
        line = times(line, "value" if "value = " in line else "times", factor)
    else:
        line = line.replace("{ ", f"{{ times = {digits(factor)}, ", 1)
    return re.sub(r'standing = "\w+"', 'standing = "calibrated"', line)


def shared(text: str, factor: float) -> str:
    """The share of patients with antigen-negative cells, its odds multiplied."""
    line = re.search(r"^negative = \{ share = ([.\d]+)(.*)$", text, re.MULTILINE)
    assert line is not None, "every disease has its share"
    share = float(line[1])
    share = share * factor / (1 - share + share * factor)
    rest = re.sub(r'standing = "\w+"', 'standing = "calibrated"', line[2])
    return text.replace(line[0], f"negative = {{ share = {digits(share)}{rest}")


def write(free: Sequence[Free], changes: np.ndarray) -> None:
    """Put what was found into the tables."""
    for one, change in zip(free, changes, strict=True):
        if abs(change) < 1e-4:
            continue
        (of_everybody if one.of == "all" else of_some)(one, float(np.exp(change)))


def one(task: tuple[Problem, int, np.ndarray]) -> np.ndarray:
    """The residuals of one cohort, in a process of its own."""
    problem, place, changes = task
    return problem.of(problem.cohorts[place], changes)


def partly(pool: ProcessPoolExecutor, problem: Problem) -> Each:
    """Cohorts dealt out to processes."""
    return lambda tasks: list(pool.map(one, [(problem, *task) for task in tasks], chunksize=2))


def fit(stages: Sequence[str]) -> None:
    """Go on from the present tables, stage by stage, and write what was found at the end."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=alone) as pool:
        _fit(stages, pool)


def _fit(stages: Sequence[str], pool: ProcessPoolExecutor) -> None:
    free = load_free()
    changes, home = np.zeros(len(free)), changes_so_far(free)
    for stage in stages:
        begun = time.monotonic()
        problem = Problem(free, cohorts("fit", KINDS[stage]), PATIENTS, SEED)
        engine = Fit(problem, home, say, partly(pool, problem))
        now = engine.at(changes)
        say(f"{stage}: loss {now.loss:.0f}")
        moved = {"core": ("kinetics", "disease")}.get(stage, (stage,))
        which = [i for i, one in enumerate(free) if stage == "all" or one.stage in moved]
        now = engine.step(now, which, DAMPING)
        changes = now.changes
        say(f"{stage}: loss {now.loss:.0f} after {time.monotonic() - begun:.0f} s")
    note_fitted(free, changes - home)
    write(free, changes)
    assert set(products()) and set(diseases())


def main() -> None:
    """`report`, or `fit STAGES`."""
    match sys.argv[1:]:
        case ["report"]:
            from cartway.twin.calibration.report import report

            report(DOCS, say)
        case ["fit", stages]:
            fit(stages.split(","))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
