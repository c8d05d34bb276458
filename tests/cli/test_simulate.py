"""`cartway simulate`: a file of facts that every other verb reads, and that no clinical record takes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from cartway.intake.rows import COLUMNS
from cartway.record import current, open_log
from cartway.twin.chart import simulate as twin
from cartway.twin.chart.simulate import NOTICE, Plan, plan_of, simulate, tables
from cartway.twin.notes import fitted_pairs
from cartway.twin.policy import policies
from cartway.twin.population import products

from .conftest import Run

WORDS = ("--product", "axi-cel", "--disease", "lbcl")


def test_it_writes_courses_and_says_that_they_are_simulated(run: Run, tmp_path: Path) -> None:
    said = run("simulate", "-n", "3", *WORDS, "--days", "30", "-o", tmp_path / "facts.parquet")
    assert said.exit_code == 0 and said.stdout.startswith("3 courses, ") and NOTICE in said.stdout
    table = pq.read_table(tmp_path / "facts.parquet")
    assert set(table.column_names) <= set(COLUMNS)
    assert table.column("simulated").unique().to_pylist() == [True]
    told = pq.read_metadata(tmp_path / "facts.parquet").metadata
    assert msgspec.json.decode(told[b"cartway.policy"])["name"] == "label" and told[b"cartway.simulated"]


def test_the_other_verbs_read_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    assert run("simulate", "-n", "2", *WORDS, "--days", "40", "-o", path).exit_code == 0
    assert run("grade", path).stdout.count("crs.astct") >= 2
    assert "Lugano 2014" in run("respond", path).stdout


def test_a_clinical_record_refuses_every_fact_of_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    run("simulate", "-n", "1", *WORDS, "--days", "2", "-o", path)
    said = run("import", "--enrol", path).stdout
    rows = pq.read_metadata(path).num_rows
    assert f"accepted 0 + already known 0 + ignored 0 by a named rule + refused {rows:,}".replace(",", "") in said
    assert "simulated_fact" in said


def test_a_demo_record_takes_all_of_it_and_keeps_the_mark(run: Run, tmp_path: Path) -> None:
    path, url = tmp_path / "facts.parquet", f"sqlite:///{tmp_path}/demo.db"
    run("simulate", "-n", "1", *WORDS, "--days", "2", "-o", path)
    open_log(url, kind="demo").close()
    assert "refused 0" in run("import", "--enrol", "--database", url, path).stdout
    with open_log(url, kind="demo") as log:
        facts = log.facts(pq.read_table(path).column("course")[0].as_py())
    assert len(facts) == pq.read_metadata(path).num_rows and all(fact.simulated for fact in facts)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"product": "aspirin"}, "unknown_twin_product"),
        ({"disease": "gout"}, "unknown_twin_disease"),
        ({"policy": "prayer"}, "unknown_treatment_policy"),
        ({"site": "tidyish"}, "unknown_site"),
        ({"days": 7000.0}, "wrong_number"),
        ({"patients": 0}, "wrong_number"),
        ({"days": float("nan")}, "wrong_number"),
        ({"seed": -1}, "wrong_number"),
        ({"seed": 2**64}, "wrong_number"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_says_why(changed: dict[str, object], code: str) -> None:
    plan = msgspec.structs.replace(Plan(1, "axi-cel", "lbcl"), **changed)
    assert getattr(plan_of(plan), "code", "") == code


def test_the_largest_seed_is_one_too(run: Run, tmp_path: Path) -> None:
    words = ("simulate", "-n", "1", *WORDS, "--days", "1", "-o", tmp_path / "facts.parquet", "--seed")
    assert run(*words, str(2**64 - 1)).exit_code == 0
    said = run(*words, "9" * 30)
    assert said.exit_code == 2 and "seed" in said.stderr and "Traceback" not in said.output


def test_it_says_what_is_not_confirmed_assumed_or_never_calibrated(run: Run, tmp_path: Path) -> None:
    words = ("simulate", "-n", "1", "--disease", "lbcl", "--days", "1", "-o", tmp_path / "facts.parquet", "--product")
    usual, other = run(*words, "axi-cel").stdout, run(*words, "relma-cel").stdout
    assert "Hazards of death are assumed" in usual and "calibrated" not in usual and "not confirmed" not in usual
    assert "The dose of relma-cel is not confirmed." in other and "never calibrated for relma-cel in LBCL" in other
    told = pq.read_metadata(tmp_path / "facts.parquet").metadata[b"cartway.notes"].decode()
    assert told and told.split(". ")[0] in other


def test_the_pairs_calibrated_are_those_of_the_eight_development_trials() -> None:
    """ELIANA, ZUMA-1, TRANSCEND, ELARA, ZUMA-2, FELIX, KarMMa, CARTITUDE-1: a pair each."""
    known = {(products()[product].short, disease) for product, disease in fitted_pairs()}
    assert known == {
        ("tisa-cel", "pediatric_b_all"), ("axi-cel", "lbcl"), ("liso-cel", "lbcl"), ("tisa-cel", "follicular_lymphoma"),
        ("brexu-cel", "mantle_cell_lymphoma"), ("obe-cel", "b_all"), ("ide-cel", "multiple_myeloma"),
        ("cilta-cel", "multiple_myeloma"),
    }  # fmt: skip


def test_a_folder_in_place_of_the_file_is_found_before_the_work(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "facts.parquet"
    folder.mkdir()
    said = run("simulate", "-n", "1", *WORDS, "-o", folder)
    assert said.exit_code == 2 and "is a folder" in said.stderr


@pytest.mark.parametrize("verb", ["simulate", "forecast"])
def test_help_names_every_policy(run: Run, verb: str) -> None:
    words = run(verb, "--help").stdout
    assert [name for name in policies() if name not in words] == []


def test_a_product_that_finds_no_target_is_refused() -> None:
    assert not isinstance(plan_of(Plan(1, "cilta-cel", "lbcl")), Plan)


def test_only_parquet_is_written(run: Run, tmp_path: Path) -> None:
    said = run("simulate", "-n", "1", *WORDS, "-o", tmp_path / "facts.csv")
    assert said.exit_code == 2 and "ends in .parquet" in said.output and not (tmp_path / "facts.csv").exists()


def test_the_same_plan_gives_the_same_bytes_and_blocks_do_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(Plan(5, "axi-cel", "lbcl", seed=4, days=10.0))
    assert isinstance(plan, Plan)
    told: list[tuple[int, int]] = []
    for name in ("one", "two"):
        simulate(plan, tmp_path / name, say=lambda done, of: told.append((done, of)))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert told == [(5, 5)] * 2
    monkeypatch.setattr(twin, "AT_ONCE", 2)
    rows = [row for table in tables(plan) for row in table.to_pylist()]
    assert rows == pq.read_table(tmp_path / "one").to_pylist()


@pytest.mark.soak
def test_processes_do_not_show(tmp_path: Path) -> None:
    plan = plan_of(Plan(1100, "axi-cel", "lbcl", seed=4, days=3.0))
    assert isinstance(plan, Plan)
    for threads in (1, 2):
        simulate(plan, tmp_path / str(threads), threads=threads, say=lambda _done, _of: None)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_corrections_of_a_messy_site_are_kept_and_only_the_last_word_is_in_force(run: Run, tmp_path: Path) -> None:
    path, url = tmp_path / "facts.parquet", f"sqlite:///{tmp_path}/demo.db"
    run("simulate", "-n", "6", *WORDS, "--days", "20", "-o", path)
    open_log(url, kind="demo").close()
    assert "refused 0" in run("import", "--enrol", "--database", url, path).stdout
    table = pq.read_table(path)
    amended = sum(bool(key) for key in table.column("amends").to_pylist()) + sum(table.column("corrected").to_pylist())
    with open_log(url, kind="demo") as log:
        stored = [fact for course in sorted(set(table.column("course").to_pylist())) for fact in log.facts(course)]
        assert not log.verify().flaws
    retracted = sum(fact.what == "retraction" for fact in stored)
    assert amended > retracted > 0
    assert len(stored) == table.num_rows and len(current(stored)) == table.num_rows - amended - retracted
