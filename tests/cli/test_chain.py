"""`cartway chain`: sound, incomplete and contradicted, from a file and from the store; what it prints, how it ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run

EXAMPLES = Path(__file__).parents[2] / "examples" / "chain"


def example(name: str) -> Path:
    return EXAMPLES / f"{name}.csv"


def test_the_files_are_what_the_script_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, EXAMPLES / "write.py", tmp_path], check=True)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {path.name: path.read_bytes() for path in EXAMPLES.glob("*.csv")} == written
    assert all(f"({name})" in (EXAMPLES / "README.md").read_text() for name in written)


@pytest.mark.parametrize("name", ["sound", "split"])
def test_a_sound_course(run: Run, name: str) -> None:
    told = run("chain", example(name))
    assert told.exit_code == 0
    assert told.stdout.splitlines()[1] == "The chain is sound."
    assert "  X" not in told.stdout


def test_the_path_is_drawn_from_the_patient_to_the_infusion(run: Run) -> None:
    lines = run("chain", example("sound")).stdout.splitlines()
    stations = [line.split(" ")[0] for line in lines[3:] if line[:1] != " "]
    assert stations == ["Patient", "Collection", "Collected", "Batch", "Product", "Given:"]


def test_an_incomplete_course_ends_with_1_and_shouts_who_stood_in(run: Run) -> None:
    told = run("chain", example("incomplete"))
    assert told.exit_code == 1
    assert "THE CHAIN IS BROKEN: evidence is missing." in told.stdout
    assert "NOT CHECKED, STOOD IN FOR: bedside incomplete of AX-1102-1, by Amir Haddad and Lena Novak" in told.stdout
    for code in ("label_one_signature", "no_receipt", "no_temperature_file"):
        assert code in told.stdout


def test_a_contradicted_course_is_not_to_be_given(run: Run) -> None:
    told = run("chain", example("contradicted"))
    assert told.exit_code == 1
    assert "evidence contradicts. Quarantine, and call the holder." in told.stdout
    assert "AX-1177-1: NO. Quarantine it and call the holder" in told.stdout
    assert "bedside_mismatched of AX-1177-1: What contradicts cannot be stood in for" in told.stdout


@pytest.mark.parametrize(
    ("name", "state", "codes"),
    [
        ("sound", "sound", set()),
        ("split", "sound", set()),
        (
            "incomplete",
            "incomplete",
            {"label_one_signature", "no_receipt", "no_temperature_file", "bedside_incomplete"},
        ),
        (
            "contradicted",
            "contradicted",
            {"temperature_excursion", "certificate_of_another", "bedside_mismatched"},
        ),
    ],
)
def test_as_json(run: Run, name: str, state: str, codes: set[str]) -> None:
    told = run("chain", example(name), "--format", "json")
    (course,) = json.loads(told.stdout)
    assert (course["state"], {each["code"] for each in course["breaks"]}) == (state, codes)
    assert told.exit_code == int(course["broken"])


def test_at_an_earlier_moment(run: Run) -> None:
    """On the evening of the receipt the bag was not to be given yet: it was neither thawed nor checked."""
    told = run("chain", example("sound"), "--at", "2026-03-27T20:00+01:00", "--format", "json")
    (course,) = json.loads(told.stdout)
    (bag,) = course["may_be_given"]
    assert (told.exit_code, course["state"], bag["allowed"]) == (0, "sound", False)
    assert {each["code"] for each in bag["because"]} == {"thaw_not_recorded", "bedside_not_checked"}
    assert course["custodians"]["AX-1041-1"]["who"] == "Cell laboratory"


def test_two_courses_that_claim_one_bag(run: Run, tmp_path: Path) -> None:
    """In one table, as in the store, what another course claims too contradicts."""
    both = tmp_path / "both.csv"
    text = example("sound").read_text()
    both.write_text(text + "".join(text.splitlines(keepends=True)[1:]).replace("chain-sound", "another"))
    told = run("chain", both)
    assert told.exit_code == 1
    assert "din_of_two" in told.stdout and "identity_of_two" in told.stdout


@pytest.fixture
def stored(run: Run, tmp_path: Path) -> str:
    """A course in the store, as a clinical one: not marked as simulated, its signatures bound to nothing."""
    path = tmp_path / "course.csv"
    unmarked = example("sound").read_text().replace(",true,chart,", ",,chart,")
    path.write_text(re.sub(r', ""digest"": ""[0-9a-f]{64}""', "", unmarked))
    said = run("import", path)
    assert said.exit_code == 0, said.output
    return "chain-sound"


def test_a_course_of_the_store(run: Run, stored: str) -> None:
    told = run("chain", stored, "--at", "2026-04-02T11:00Z", "--format", "json")
    (course,) = json.loads(told.stdout)
    assert (course["course"], course["state"], told.exit_code) == (stored, "incomplete", 1)
    assert {each["code"].partition("_")[2] for each in course["breaks"]} == {"one_signature"}


def test_a_course_that_is_not_there(run: Run, stored: str) -> None:
    told = run("chain", "nobody")
    assert told.exit_code == 2
    assert "neither such a file nor such a course" in told.stderr


def test_a_file_without_a_course(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("course,at,what\n")
    assert run("chain", empty).exit_code == 2


def test_a_time_that_is_none(run: Run) -> None:
    assert run("chain", example("sound"), "--at", "noon").exit_code == 2
