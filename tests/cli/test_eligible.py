"""`cartway eligible`: what each label says of a course on a day, and the other three questions beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import eligibility_cases
from cli.conftest import Run

LINE = (
    '"{""regimen"": ""R-CHOP x6"", ""classes"": [""chemotherapy"", ""anti-CD20""], ""systemic"": true, '
    '""response"": ""CR"", ""outcome"": ""relapse""%s}"'
)
COURSE = """course,at,until,what,value,unit,choice,detail,source,key
c1,2026-10-01T10:00Z,,age,58,a,,,chart,1
c1,2026-10-01T10:00Z,,diagnosis,,,dlbcl,"{""histology_confirmed"": true}",chart,2
c1,2026-10-01T10:00Z,,disease_status,,,relapsed,,chart,3
c1,2025-03-01T10:00Z,2025-08-15T10:00Z,line_of_therapy,1,,,LINE,chart,4
"""


def table(folder: Path, *, relapse: str = "") -> Path:
    path = folder / "course.csv"
    when = f', ""outcome_date"": ""{relapse}""' if relapse else ""
    path.write_text(COURSE.replace("LINE", LINE % when))
    return path


def answer(run: Run, *arguments: object) -> dict[str, Any]:
    told = run("eligible", *arguments, "--format", "json")
    assert told.exit_code == 0, told.stderr
    (course,) = json.loads(told.stdout)
    return dict(course)


def labels(course: dict[str, Any]) -> dict[str, str]:
    return {each["brand"]: each["label"]["answer"] for each in course["products"]}


def test_each_products_label_is_answered_with_its_rule_and_text(run: Run, tmp_path: Path) -> None:
    course = answer(run, table(tmp_path, relapse="2026-07-14"), "--on", "2026-11-01", "--country", "US")
    assert labels(course) == {
        "Kymriah": "no", "Yescarta": "yes", "Tecartus": "no", "Breyanzi": "yes", "Abecma": "no", "Carvykti": "no",
        "Aucatzyl": "no",
    }  # fmt: skip
    yescarta = next(each for each in course["products"] if each["brand"] == "Yescarta")["label"]
    assert yescarta["rule"] == "YES-LBCL2"
    assert yescarta["version"].startswith("US text in force on Nov 1, 2026")
    assert yescarta["criteria"][0]["facts"][0]["key"] == "2"


def test_the_day_and_the_country_choose_the_text(run: Run, tmp_path: Path) -> None:
    """In the EU the second line of Yescarta is held as not seen; in the UK no text is held."""
    path = table(tmp_path, relapse="2026-07-14")
    eu = answer(run, path, "--on", "2026-11-01", "--country", "eu", "--product", "Yescarta")
    assert labels(eu) == {"Yescarta": "yes"}
    assert eu["products"][0]["label"]["confirmed"] is False
    assert labels(answer(run, path, "--on", "2026-11-01", "--country", "UK", "--product", "axi-cel")) == {
        "Yescarta": "unknown"
    }


def test_a_missing_day_is_unknown_and_the_text_says_what_settles_it(run: Run, tmp_path: Path) -> None:
    told = run("eligible", table(tmp_path), "--on", "2026-11-01", "--product", "Yescarta", "--product", "Kymriah")
    assert told.exit_code == 0
    assert "Yescarta: unknown. First line ended on Aug 15, 2025" in told.stdout
    assert "missing: when line 1 ended, what ended it and when" in told.stdout
    assert "Kymriah: NO. 1 systemic line of therapy; the label says 2 or more." in told.stdout
    for section in ("What the labels say", "Fitness:", "Collection:", "Logistics:", "A physician decides."):
        assert section in told.stdout


def test_what_rests_on_a_source_nobody_saw_says_so(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path, relapse="2026-07-14")
    told = run("eligible", path, "--on", "2026-11-01", "--country", "EU", "--product", "Yescarta")
    assert "Yescarta: yes (not confirmed)." in told.stdout


def test_a_fact_after_the_day_does_not_count(run: Run, tmp_path: Path) -> None:
    """On 2026-09-30 the diagnosis was not recorded yet."""
    course = answer(run, table(tmp_path, relapse="2026-07-14"), "--on", "2026-09-30", "--product", "Yescarta")
    assert labels(course) == {"Yescarta": "unknown"}


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--country", "XX", "No label of 'XX' is held."),
        ("--product", "Abecma-2", "No product 'Abecma-2' is held."),
        ("--on", "soon", "--on is no day: 'soon'."),
    ],
)
def test_what_is_not_understood_is_refused(run: Run, tmp_path: Path, option: str, value: str, words: str) -> None:
    told = run("eligible", table(tmp_path), option, value)
    assert told.exit_code == 2
    assert words in told.stderr


def test_neither_a_file_nor_a_course_is_refused(run: Run) -> None:
    told = run("eligible", "nobody", "--on", "2026-11-01")
    assert told.exit_code != 0


CASE: dict[str, Any] = {
    "id": "X-1", "title": "drawn", "as_of": "2026-11-01", "ambiguous": False,
    "patient": {"age_years": 58, "sex": "F", "weight_kg": None, "location": {"country": "US", "minutes_to_centre": 45}},
    "disease": {"group": "LBCL", "subtype": "DLBCL NOS, GCB", "status": "first relapse", "histology_confirmed": True},
    "prior_lines": [
        {"line": 1, "regimen": "R-CHOP", "classes": ["chemotherapy", "anti-CD20"], "systemic": True, "start": "2025-03",
         "end": None, "best_response": "CR", "outcome": "relapse", "outcome_date": None, "refractory_to": []},
    ],
    "antigen": {"CD19": {"result": None}}, "performance": {"ecog": 2, "ecog_cause": "hip"},
    "labs": {"hb_g_dl": 9.5}, "infections": {"active": True, "detail": "pneumonia"},
    "other": {"hsct_eligible": False, "hsct_ineligible_reason": "age and comorbidity"},
    "expected": {"products": {"Yescarta": {"label": "unknown"}, "Breyanzi": {"label": "yes"}}},
}  # fmt: skip


def rows(case: dict[str, Any]) -> dict[str, Any]:
    return {row["what"]: row for row in eligibility_cases.facts(case)}


def test_a_case_becomes_facts_and_a_null_becomes_none() -> None:
    """No clinical reading: the vocabulary's spellings name the choices, what is null is no fact."""
    found = rows(CASE)
    assert (found["diagnosis"]["choice"], found["disease_status"]["choice"]) == ("dlbcl", "first_relapse")
    assert "body_weight" not in found
    assert found["antigen_expression"]["choice"] == "not_known"
    assert found["line_of_therapy"]["detail"]["end_unknown"] is True
    assert found["line_of_therapy"]["at"] == "2025-03-01T00:00:00+00:00"
    assert found["infection_status"]["choice"] == "active"
    assert found["transplant_eligibility"]["choice"] == "not_for_comorbidity"


@pytest.mark.parametrize(
    ("group", "subtype", "choice"),
    [
        ("LBCL", "HGBL with MYC and BCL2", "hgbl"),
        ("LBCL", "plasmablastic lymphoma", "lbcl"),
        ("B-NHL, unspecified", None, "b_nhl"),
        ("FL", "FL grade 3A (POD24)", "follicular_lymphoma"),
        ("B-ALL", "B-ALL, Ph-negative, CRLF2", "b_all"),
        ("sarcoidosis", "of the lung", "other"),
    ],
)
def test_an_unseen_subtype_falls_back_to_its_first_words_then_its_group(
    group: str, subtype: str | None, choice: str
) -> None:
    case = {**CASE, "disease": {"group": group, "subtype": subtype, "status": None}}
    assert rows(case)["diagnosis"]["choice"] == choice
    assert "disease_status" not in rows(case)


def test_an_unknown_diagnosis_makes_no_fact() -> None:
    assert "diagnosis" not in rows({**CASE, "disease": {"group": None, "subtype": None}})


def test_a_file_of_cases_is_scored_through_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"jurisdiction": "US", "cases": [CASE]}
    assert eligibility_cases.is_about_eligibility(document)
    assert eligibility_cases.score(document).startswith("label unambiguous 2/2,")
    wrong = {**CASE, "expected": {"products": {"Yescarta": {"label": "no"}}}}
    assert "0/1" in eligibility_cases.score({"cases": [wrong]})
    assert "Yescarta: unknown, expected no" in capsys.readouterr().out
