"""`cartway trials`: a course against trial records, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from cli.conftest import Run

EXAMPLES = Path(__file__).parents[2] / "examples" / "trials"
COURSE = """course,at,what,value,unit,choice,detail,source,key,about
c1,2026-03-01T10:00Z,age,58,a,,,chart,1,
c1,2026-03-01T10:00Z,sex,,,female,,chart,2,
c1,2026-03-01T10:00Z,diagnosis,,,dlbcl,,chart,3,
c1,2026-03-10T10:00Z,trial_option,,,discussed,,chart,4,DEMO-LBCL-1
c1,2026-03-20T10:00Z,antigen_expression,,,positive,,lab,5,CD19
center,2026-01-01T10:00Z,center_offer,,,open,"{""trials"": [""DEMO-LBCL-1""]}",office,6,center
"""


def table(folder: Path) -> Path:
    path = folder / "course.csv"
    path.write_text(COURSE)
    return path


def test_what_could_fit_is_printed_first_with_its_reasons(run: Run, tmp_path: Path) -> None:
    told = run("trials", table(tmp_path), EXAMPLES, "--on", "2026-03-16")
    assert told.exit_code == 0
    first = told.stdout.index("DEMO-LBCL-1")
    assert "Could fit, as far as the record is structured (1)" in told.stdout[:first]
    assert "this center takes part" in told.stdout
    assert "recorded: discussed (2026-03-10)" in told.stdout
    assert "Exclusion, not read by the software:" in told.stdout
    assert "would settle it: CD19 by flow or immunohistochemistry" in told.stdout


def test_json_says_the_same_with_facts_and_what_is_missing(run: Run, tmp_path: Path) -> None:
    told = run("trials", table(tmp_path), EXAMPLES, "--on", "2026-03-16", "--format", "json")
    (course,) = json.loads(told.stdout)
    first = course["trials"][0]
    assert (course["course"], first["trial"], first["fit"]) == ("c1", "DEMO-LBCL-1", "could_fit")
    age = next(each for each in first["criteria"] if each["id"] == "age")
    assert (age["answer"], [fact["what"] for fact in age["facts"]]) == ("yes", ["age"])
    assert len(first["not_read"]["exclusion"]) == 4


def test_the_day_asked_about_decides_what_is_known(run: Run, tmp_path: Path) -> None:
    def fit(day: str) -> str:
        told = run("trials", table(tmp_path), EXAMPLES, "--on", day, "--format", "json")
        trials = json.loads(told.stdout)[0]["trials"]
        return str(next(each["fit"] for each in trials if each["trial"] == "DEMO-TREE-6"))

    assert (fit("2026-03-16"), fit("2026-03-20")) == ("not_known", "could_fit")


def test_a_course_of_the_store_is_matched_with_the_centers_own_record(run: Run, tmp_path: Path) -> None:
    assert run("import", table(tmp_path), "--enrol").exit_code == 0
    told = run("trials", "c1", EXAMPLES, "--on", "2026-03-16")
    assert "this center takes part" in told.stdout


def test_a_file_that_cannot_be_read_is_told_and_the_rest_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text('{"protocolSection": {')
    told = run("trials", table(tmp_path), EXAMPLES, tmp_path / "cut.json", "--on", "2026-03-16")
    assert told.exit_code == 0
    assert "not read: cut.json: It is no JSON, or it was cut short." in told.stderr


def test_without_any_trial_it_stops(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text("{")
    told = run("trials", table(tmp_path), tmp_path / "cut.json")
    assert (told.exit_code, "No trial record could be read." in told.stderr) == (2, True)


def test_wrong_arguments_are_problems(run: Run, tmp_path: Path) -> None:
    assert "There is no" in run("trials", table(tmp_path), tmp_path / "none.json").stderr
    assert "--on is no day" in run("trials", table(tmp_path), EXAMPLES, "--on", "soon").stderr
    run("import", table(tmp_path), "--enrol")
    assert "neither such a file nor such a course" in run("trials", "c9", EXAMPLES).stderr


def test_a_title_cannot_command_the_terminal(run: Run, tmp_path: Path) -> None:
    record = json.loads((EXAMPLES / "NCT02513394.json").read_text())
    record["protocolSection"]["identificationModule"]["briefTitle"] = "a\x1b[31m\nNCT00000000 made up"
    (tmp_path / "t.json").write_text(json.dumps(record))
    told = run("trials", table(tmp_path), tmp_path / "t.json", "--on", "2026-03-16")
    assert "a\\x1b[31m\\nNCT00000000" in told.stdout
