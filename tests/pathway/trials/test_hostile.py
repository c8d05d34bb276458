"""Files that are cut short, of wrong types, too large or malicious: a clear problem for each, and the rest goes on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartway.pathway.trials import Trial, match, read_document, read_paths
from cartway.pathway.trials.reading import LIMITS
from cartway.problem import Problem
from pathway.trials.draw import DATA, EXAMPLES, ON, read, study, woman

DOCUMENTS = [*sorted(EXAMPLES.glob("*.json")), *sorted(DATA.glob("*.json"))]


def codes(content: bytes) -> list[str]:
    return [item.code for item in read_document(content, "file.json") if isinstance(item, Problem)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_json"),
        (b'{"protocolSection": {"identifi', "not_json"),
        (b"\xff\xfe{}", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"{}", "no_trials"),
        (b"[]", "no_trials"),
        (b'"text"', "no_trials"),
        (b'{"resourceType": "Bundle", "entry": 5}', "no_trials"),
        (b'{"protocolSection": 5}', "wrong_trial_record"),
        (b'{"protocolSection": {"identificationModule": {"nctId": 7}}}', "wrong_trial_record"),
        (b'{"protocolSection": {"identificationModule": {"nctId": "../../etc"}}}', "wrong_trial_id"),
        (b'{"protocolSection": {"identificationModule": {"nctId": "<script>"}}}', "wrong_trial_id"),
        (b'{"ProtocolSection": {"IdentificationModule": []}}', "wrong_trial_record"),
        (b'{"FullStudiesResponse": {"FullStudies": [5, {"Study": null}]}}', "wrong_trial_record"),
        (b'{"resourceType": "ResearchStudy", "id": "a", "condition": "x"}', "wrong_trial_record"),
        (b'{"protocol_no": "1", "treatment_list": []}', "wrong_trial_record"),
        (b'{"protocol_no": "1", "treatment_list": {"step": [{"match": [{"and": {}}]}]}}', "wrong_trial_record"),
        (b'{"protocol_no": "1", "treatment_list": {"step": "x"}}', "wrong_trial_record"),
    ],
)
def test_what_is_no_record_is_told_and_nothing_is_raised(content: bytes, code: str) -> None:
    assert set(codes(content)) == {code}


def test_a_tree_too_deep_is_refused() -> None:
    node: dict[str, Any] = {"clinical": {"age_numerical": ">=18"}}
    for _ in range(200):
        node = {"and": [node]}
    document = {"protocol_no": "1", "treatment_list": {"step": [{"match": [node]}]}}
    assert codes(msgspec.json.encode(document)) == ["wrong_trial_record"]


def test_one_wrong_record_of_a_file_does_not_take_the_others_with_it() -> None:
    page = {"studies": [study(number="NCT00000001"), {"protocolSection": "x"}, study(number="NCT00000003")]}
    found = list(read_document(msgspec.json.encode(page), "page.json"))
    assert [item.id if isinstance(item, Trial) else item.place for item in found] == [
        "NCT00000001",
        "page.json, study 2",
        "NCT00000003",
    ]


def test_a_problem_names_the_field_and_not_its_content() -> None:
    record = study()
    record["protocolSection"]["eligibilityModule"] = {"minimumAge": {"secret": "Jane Doe"}}
    (problem,) = read_document(msgspec.json.encode(record), "f.json")
    assert isinstance(problem, Problem)
    assert "minimumAge" in problem.reason
    assert "Jane" not in str(problem)


def test_a_file_of_fifty_megabytes_is_a_problem_of_that_file_only(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b" " * 50 * 1024 * 1024)
    (tmp_path / "b.json").write_text(json.dumps(study()))
    found = read_paths([tmp_path])
    assert [problem.code for problem in found.problems] == ["too_large"]
    assert [trial.id for trial in found.trials] == ["NCT00000001"]


def test_a_small_file_that_expands_to_more_is_one_too(tmp_path: Path) -> None:
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(b" " * (LIMITS.document_bytes * 2)))
    assert [problem.code for problem in read_paths([tmp_path]).problems] == ["too_large"]


def test_a_gzip_cut_short_is_a_broken_file(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(study()).encode())
    (tmp_path / "cut.json.gz").write_bytes(whole[: len(whole) // 2])
    assert [problem.code for problem in read_paths([tmp_path]).problems] == ["broken_file"]


def test_a_text_longer_than_any_registrys_is_refused() -> None:
    assert codes(msgspec.json.encode(study(eligibilityCriteria="x" * 300_000))) == ["trial_too_long"]


def test_two_records_of_one_trial_are_told_and_the_newer_counts(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(study(title="older", taken="2025-01-01")))
    (tmp_path / "b.json").write_text(json.dumps(study(title="newer", taken="2026-01-01")))
    found = read_paths([tmp_path])
    assert ([trial.title for trial in found.trials], [one.code for one in found.problems]) == (
        ["newer"],
        ["trial_twice"],
    )


@pytest.mark.parametrize("age", ["9999999 Years", "-1 Years", "18", "18 Years Old", "NaN Years", "1e9 Minutes"])
def test_an_age_limit_that_is_none_is_unread_not_a_failure(age: str) -> None:
    (found,) = match(woman(), [read(study(minimumAge=age))], ON)
    assert "age" in found.why


def test_markup_in_a_title_stays_text() -> None:
    assert read(study(title="<img src=x onerror=alert(1)>")).title == "<img src=x onerror=alert(1)>"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10**12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_record_with_anything_in_any_place_is_read_or_told(data: st.DataObject) -> None:
    """One value of a real record replaced by anything: a trial that can be matched or a problem, never an exception."""
    document = json.loads(data.draw(st.sampled_from(DOCUMENTS)).read_text("utf-8"))
    spoil(document, data)
    items = list(read_document(msgspec.json.encode(document), "spoilt.json"))
    assert items
    match(woman(), [item for item in items if isinstance(item, Trial)], ON)


def spoil(document: Any, data: st.DataObject) -> None:
    """Walk down by drawn keys and put something else there."""
    holder: Any = document
    while True:
        keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
        key = data.draw(st.sampled_from(keys))
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 5)) == 0:
            holder[key] = data.draw(JSON)
            return
        holder = inner
