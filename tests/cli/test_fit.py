"""`cartway fit`: data sets and facts in, estimates, subjects and the predictive check out; what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cartway.twin.nlme.structure import stein
from cli.conftest import Run

DAYS = np.array([2.0, 5, 8, 11, 14, 28, 90, 180])
QUICK = ("--iterations", "40,40", "--chains", "2", "--studies", "40")


def levels() -> list[list[float]]:
    """Sixteen subjects of Stein's model, whose peaks lie about 20,000."""
    random = np.random.default_rng(7)
    found = []
    for _ in range(16):
        psi = np.array([3900, 9.3, 20000, 0.16, 0.008, 0.0032]) * np.exp(0.4 * random.standard_normal(6))
        found.append((stein(DAYS, *psi) * np.exp(0.3 * random.standard_normal(8))).tolist())
    return found


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    rows = ["ID,TIME,DV,AMT,EVID,MDV,WT"]
    for i, own in enumerate(levels()):
        rows.append(f"{i},0,.,2e8,1,1,{30 + i}")
        rows += [f"{i},{day:g},{level:.1f},.,0,0,{30 + i}" for day, level in zip(DAYS, own, strict=True)]
    path = tmp_path / "levels.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """The same levels as facts: days are counted from 1 January 2026, 00:00 UTC, when all were infused."""
    rows = ["course,at,what,value,unit,choice,detail"]
    for i, own in enumerate(levels()):
        rows.append(f"c{i:02},2026-01-01T00:00Z,infusion,,,tisagenlecleucel,")
        for day, level in zip(DAYS, own, strict=True):
            at = np.datetime64("2026-01-01") + int(day)
            rows.append(f"c{i:02},{at}T00:00Z,car_t_copies,{level:.1f},/ug{{DNA}},,")
    path = tmp_path / "facts.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def asked(run: Run, *words: str | Path) -> dict[str, Any]:
    done = run("fit", *words, *QUICK, "--format", "json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_data_set_gives_estimates_and_files(run: Run, data_set: Path, tmp_path: Path) -> None:
    found = asked(run, data_set, "--lloq", "50", "--covariate", "cmax=log:WT", "-o", tmp_path / "out")
    rows = {(row["kind"], row["name"]): row for row in found["estimates"]}
    assert rows["typical", "cmax"]["low"] < 20000 < rows["typical", "cmax"]["high"]
    assert rows["typical", "cmax"]["se"] > 0
    assert ("effect", "cmax:WT") in rows
    assert found["subjects"] == 16
    assert "Research use" in found["standing"]
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {"fit.json", "estimates.csv", "subjects.csv", "vpc.csv", "vpc.svg"}
    subjects = list(csv.DictReader((out / "subjects.csv").open()))
    assert (len(subjects), set(subjects[0])) == (16, {"id", "foldx", "tmax", "cmax", "alpha", "fb", "beta"})
    assert json.loads((out / "fit.json").read_text()) == found
    assert "<svg" in (out / "vpc.svg").read_text()


def test_the_same_levels_as_facts_give_the_same_numbers(run: Run, data_set: Path, facts: Path) -> None:
    one, other = asked(run, data_set), asked(run, facts)
    assert one["estimates"] == other["estimates"]
    assert other["unit"] == "/ug{DNA}"


def test_to_read(run: Run, data_set: Path) -> None:
    done = run("fit", data_set, *QUICK)
    assert done.exit_code == 0
    for words in ("stein: 16 subjects, 128 observations", "typical", "shrinkage", "-2 log-likelihood", "Research use"):
        assert words in done.stdout
    assert "iteration 50 of 80" in done.stderr


REFUSED = {
    "no model": (("--model", "cube"), "There is no model 'cube'."),
    "no such covariate": (("--covariate", "cmax=log:HEIGHT"), "There is no covariate 'HEIGHT'."),
    "a covariate in other words": (("--covariate", "cmax~WT"), "is no covariate"),
    "too few iterations": (("--iterations", "5"), "make no fit"),
    "an error of its own": (("--error", "cubic"), "--error is not cubic"),
    "the twin without a product": (("--model", "twin"), "needs a product and a disease"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_it_refuses(run: Run, data_set: Path, case: str) -> None:
    words, said = REFUSED[case]
    done = run("fit", data_set, *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_wrong_row_is_named_with_its_column_and_without_its_value(run: Run, data_set: Path) -> None:
    text = data_set.read_text().splitlines()
    text[3] = text[3].replace(text[3].split(",")[2], "77x77")
    data_set.write_text("\n".join(text))
    done = run("fit", data_set)
    assert done.exit_code == 2
    assert "row 4, column DV" in done.stderr
    assert "77x77" not in done.stderr


@pytest.mark.parametrize("below", ["", "further"])
def test_a_folder_that_cannot_be_written_is_found_before_the_work(run: Run, data_set: Path, below: str) -> None:
    done = run("fit", data_set, "-o", data_set / below)
    assert done.exit_code == 2
    assert "cannot be written to" in done.stderr
    assert "subjects" not in done.stderr


@pytest.mark.parametrize("limit", ["-5", "0", "inf"])
@pytest.mark.parametrize("kind", ["data_set", "facts"])
def test_a_limit_of_quantification_is_above_nothing(
    run: Run, request: pytest.FixtureRequest, kind: str, limit: str
) -> None:
    done = run("fit", request.getfixturevalue(kind), "--lloq", limit)
    assert done.exit_code == 2
    assert "--lloq: A limit of quantification is a number above 0." in done.stderr
