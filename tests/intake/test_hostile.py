"""Malformed, truncated, huge, deeply nested and hostile input: a clear problem, within bounds, and the rest goes in."""

from __future__ import annotations

import codecs
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.intake import Reader, read_facts
from cartway.intake.drafts import Draft, Ignored, Item, Refused
from cartway.intake.formats import Detected, detect
from cartway.intake.reading import Sources
from cartway.intake.sources import LIMITS, Limits, head, lines, read_all
from cartway.problem import Problem
from intake.data_hl7.draw import obx, result
from intake.drawn import NOON, bundle, encoded, gz, items, line_items, observation

GOOD = encoded(observation())
SMALL = Limits(document_bytes=10_000, line_bytes=1_000, total_bytes=1_000_000, expansion=50, free_bytes=200_000)


def codes(found: list[Item]) -> list[str]:
    return [item.problem.code for item in found if isinstance(item, Refused)]


def drafts(found: list[Item]) -> int:
    return sum(isinstance(item, Draft) for item in found)


def all_of(content: bytes, tmp_path: Path, name: str = "x", limits: Limits = LIMITS) -> list[Item]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(Reader(Sources(limits=limits)).paths([path]))


@pytest.mark.parametrize("depth", [10_000, 200_000])
@pytest.mark.parametrize("wrap", [(b"[", b"]"), (b'{"extension":', b"}")], ids=["lists", "objects"])
def test_deep_nesting(depth: int, wrap: tuple[bytes, bytes]) -> None:
    deep = wrap[0] * depth + b"1" + wrap[1] * depth
    hostile = GOOD[:-1] + b', "note": ' + deep + b"}"
    assert codes(items(hostile)) == ["too_deep"]
    found = line_items(GOOD, hostile, GOOD)
    assert (drafts(found), codes(found)) == (2, ["too_deep"])


def test_deep_nesting_within_a_bundle_loses_one_entry() -> None:
    deep = b'{"resourceType": "Observation", "extension": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    whole = b'{"resourceType": "Bundle", "entry": [{"resource": ' + GOOD + b'}, {"resource": ' + deep
    whole += b'}, {"resource": ' + GOOD + b"}]}"
    found = items(whole)
    assert drafts(found) == 2 and len(codes(found)) >= 1


def test_a_string_of_a_hundred_megabytes_is_skipped_or_refused(tmp_path: Path) -> None:
    long = b'"' + b"x" * 100_000_000 + b'"'
    started = time.process_time()
    (item,) = items(GOOD[:-1] + b', "note": ' + long + b"}")
    assert isinstance(item, Draft)
    found = items(encoded(observation(valueQuantity=None, valueString="?")).replace(b'"?"', long))
    assert codes(found) and isinstance(found[0], Refused) and len(found[0].input) == 0
    assert found[0].stand_in is None or len(str(found[0].stand_in.fact.detail)) < 1_000
    line = GOOD[:-1] + b', "note": ' + long + b"}"
    found = all_of(GOOD + b"\n" + line + b"\n" + GOOD + b"\n", tmp_path, "x.ndjson")
    assert (drafts(found), codes(found)) == (2, ["too_large"])
    assert time.process_time() - started < 60


def test_a_gzip_bomb_is_stopped(tmp_path: Path) -> None:
    bomb = gzip.compress(b'{"resourceType": "Observation", "id": "' + b"0" * 30_000_000 + b'"}', 9)
    assert len(bomb) < 40_000
    assert codes(all_of(bomb, tmp_path, "x.json.gz", SMALL)) == ["too_large"]
    lines_bomb = gzip.compress(GOOD + b"\n" + b"\n" * 30_000_000, 9)
    found = all_of(lines_bomb, tmp_path, "x.ndjson.gz", SMALL)
    assert (drafts(found), codes(found)) == (1, ["too_large"])


def test_real_data_is_no_bomb(tmp_path: Path) -> None:
    """Repetitive NDJSON shrinks fiftyfold and more; below the free amount nothing counts as a bomb."""
    many = b"\n".join([GOOD] * 20_000)
    assert drafts(all_of(gz(many), tmp_path, "x.ndjson.gz")) == 20_000


def test_a_document_over_the_limit(tmp_path: Path) -> None:
    assert codes(all_of(encoded(bundle(*[observation()] * 60)), tmp_path, "x.json", SMALL)) == ["too_large"]


def test_a_truncated_gzip_file(tmp_path: Path) -> None:
    many = b"\n".join(encoded(observation(id=f"o{n}", value=36 + n % 50 / 10)) for n in range(5_000))
    whole = gz(many)
    found = all_of(whole[: len(whole) // 2], tmp_path, "x.ndjson.gz")
    assert drafts(found) > 100 and codes(found) == ["broken_file"]
    assert codes(all_of(gz(encoded(bundle(observation())))[:-12], tmp_path, "x.json.gz")) == ["broken_file"]
    assert codes(all_of(b"\x1f\x8b", tmp_path, "x.gz")) == ["broken_file"]


def test_a_gzip_within_a_gzip_is_not_opened(tmp_path: Path) -> None:
    assert codes(all_of(gz(gz(GOOD)), tmp_path)) == ["unknown_format"]


def test_text_that_is_not_utf8() -> None:
    bad = GOOD.replace(b"Patient/p", b"Patient/\xff")
    found = line_items(GOOD, bad, GOOD)
    assert (drafts(found), codes(found)) == (2, ["not_utf8"])
    whole = b'{"resourceType": "Bundle", "entry": [{"resource": ' + bad + b'}, {"resource": ' + GOOD + b"}]}"
    found = items(whole)
    assert (drafts(found), codes(found)) == (1, ["not_utf8"])


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"0x10", b"1_0", b"+1", b".5"])
def test_numbers_that_json_does_not_have(number: bytes) -> None:
    bad = GOOD.replace(b"38.4", number)
    assert len(codes(items(bad))) == 1
    whole = b'{"resourceType": "Bundle", "entry": [{"resource": ' + bad + b'}, {"resource": ' + GOOD + b"}]}"
    found = items(whole)
    assert drafts(found) == 1 and len(codes(found)) == 1


def test_a_truncated_bundle_gives_what_it_holds() -> None:
    whole = encoded(bundle(*(observation(id=f"o{n}") for n in range(10))))
    found = items(whole[: len(whole) * 3 // 4])
    assert drafts(found) >= 6 and codes(found) == ["malformed_json"]


def test_a_broken_entry_in_the_middle_loses_itself() -> None:
    good = encoded({"fullUrl": "urn:uuid:1", "resource": observation()})
    broken = good.replace(b'"status":', b'"status"')
    whole = b'{"resourceType": "Bundle", "entry": [' + b", ".join([good, broken, good, good]) + b"]}"
    found = items(whole)
    assert (drafts(found), codes(found)) == (3, ["malformed_json"])
    refused = next(item for item in found if isinstance(item, Refused))
    assert '"status"' in refused.input


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n\t", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b'<Bundle xmlns="http://hl7.org/fhir"/>', "fhir_xml"),
        (b"<html></html>", "unknown_format"),
        (b"\x00\x01\x02", "unknown_format"),
        (b"Dear colleague", "unknown_format"),
        (b"a,b,c\n1,2,3\n", "unknown_format"),
        (b'{"a": 1}', "unknown_format"),
        (b"%PDF-1.7", "unknown_format"),
        (b'{"resourceType": "Patient", ', "malformed_json"),
        (b'{"resourceType": 7, "x": "resourceType", "y": {"resourceType": "Patient"}}', "malformed_resource"),
        (b'[{"resourceType": "Observation"}, 3, null]', "malformed_resource"),
    ],
)
def test_what_is_no_health_data_is_refused_with_a_remedy(content: bytes, code: str, tmp_path: Path) -> None:
    found = all_of(content, tmp_path)
    assert code in codes(found), found
    assert all(item.problem.remedy for item in found if isinstance(item, Refused))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (GOOD, "fhir"),
        (json.dumps(observation(), indent=2).encode(), "fhir"),
        (b"\xef\xbb\xbf" + GOOD, "fhir"),
        (GOOD + b"\r\n" + GOOD, "fhir-ndjson"),
        (b"[" + GOOD + b"]", "fhir"),
        (b"MSH|^~\\&|A", "hl7"),
        (b"\x0bMSH|^~\\&|A", "hl7"),
        (b"FHS|^~\\&|A", "hl7"),
        ("MSH|^~\\&|A\rPID|1||7".encode("utf-16"), "hl7"),
        (codecs.BOM_UTF16_BE + "\nBHS|^~\\&|A".encode("utf-16-be"), "hl7"),
        (gz("MSH|^~\\&|A".encode("utf-16")), "hl7"),
        (b"PAR1....", "facts-parquet"),
        (b"course,at,what\n", "facts-csv"),
        (b'"Course";"At";"What"\n', "facts-csv"),
        (b'[{"course": "c", "what": "heart_rate"}]', "facts-json"),
        (b'{"course": "c", "what": "heart_rate"}\n{"course": "c"}\n', "facts-ndjson"),
        (b'{"refused":"no_time","input":"..."}\n', "refused"),
        (gz(GOOD), "fhir"),
    ],
)
def test_the_format_is_told_by_the_content(content: bytes, expected: str) -> None:
    found = detect(content)
    assert isinstance(found, Detected) and found.format == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"resourceType": "Patient"}', "not_utf8"),
        ("course,at,what\n", "not_utf8"),
        ("Dear colleague", "unknown_format"),
        ("", "empty_file"),
    ],
)
def test_only_hl7_may_be_utf_16(text: str, code: str) -> None:
    found = detect(text.encode("utf-16"))
    assert isinstance(found, Problem) and found.code == code


def test_an_hl7_file_in_utf_16_is_read(tmp_path: Path) -> None:
    (path := tmp_path / "x.dat").write_bytes(result(obx("38.5")).decode().encode("utf-16"))
    assert [seen.value for seen in read_facts([path]).facts if seen.what == "body_temperature"] == [38.5]


def test_lines_without_an_end_are_bounded() -> None:
    content = b"short\n" + b"x" * 5_000 + b"\nshort again\n"
    found = [line if isinstance(line, bytes) else line.code for _, line in lines(content, SMALL)]
    assert found == [b"short\n", "too_large", b"short again\n"]


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    for opened in (head(tmp_path / "none"), read_all(tmp_path / "none")):
        assert isinstance(opened, Problem) and opened.code == "not_opened"
    assert [problem.code for problem in read_facts([tmp_path / "none"]).problems] == ["not_opened"]


def test_bundles_nested_beyond_reason() -> None:
    inner: dict[str, object] = bundle(observation())
    for _ in range(30):
        inner = bundle(inner)
    found = items(inner)
    assert found and all(isinstance(item, Ignored) for item in found)


def test_a_million_names_in_one_object_take_linear_time() -> None:
    names = ", ".join(f'"k{n}": 1' for n in range(200_000)).encode()
    started = time.process_time()
    found = items(GOOD[:-1] + b', "note": {' + names + b', "k7": 2}, "component": [{"code": {}}]}')
    assert codes(found) == ["repeated_name"]
    assert time.process_time() - started < 60


READERS = ["fhir", "fhir-ndjson", "facts-csv", "facts-parquet", "facts-json", "facts-ndjson", "refused"]
_reader = Reader()


@pytest.mark.parametrize("form", READERS)
@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400))
def test_arbitrary_bytes_never_raise(form: str, content: bytes) -> None:
    for item in _reader.source(content, form, "fuzz"):
        assert not isinstance(item, Draft) or item.fact.what


@given(content=st.binary(max_size=400))
def test_detection_never_raises(content: bytes) -> None:
    assert isinstance(detect(content), Detected | Problem)


SEEDS = [
    GOOD,
    encoded(bundle(observation(), observation("85354-9", valueQuantity=None, component=[{"code": {}}]))),
    f"course,at,what,value,unit,choice,detail\nc,{NOON},heart_rate,90,/min,,\nc,{NOON},attribution,,,fever,{{}}\n".encode(),
    json.dumps([{"course": "c", "at": NOON, "what": "heart_rate", "value": 90, "unit": "/min"}]).encode(),
    b'{"refused":"x","format":"fhir","input":"{}"}\n{"refused":"x","format":"draft","input":"{}"}\n',
]  # fmt: skip


def _cut(content: bytes, at: int, _: bytes) -> bytes:
    return content[: at % (len(content) + 1)]


def _insert(content: bytes, at: int, more: bytes) -> bytes:
    at %= len(content) + 1
    return content[:at] + more + content[at:]


def _overwrite(content: bytes, at: int, more: bytes) -> bytes:
    at %= len(content) + 1
    return content[:at] + more + content[at + len(more) :]


@settings(max_examples=400, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    harm=st.sampled_from([_cut, _insert, _overwrite]),
    at=st.integers(0, 10_000),
    more=st.one_of(st.binary(max_size=8), st.sampled_from([b"null", b"[]", b"{}", b'""', b"1e9", b"true", b",", b'"'])),
)
def test_damaged_files_never_raise(
    seed: bytes,
    harm: Callable[[bytes, int, bytes], bytes],
    at: int,
    more: bytes,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(harm(seed, at, more))
    read_facts([path])


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(observation())), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(part=st.sampled_from(sorted(observation())), value=JSON)
def test_any_part_of_any_shape_never_raises(part: str, value: object) -> None:
    content = encoded(observation() | {part: value})
    assert len(items(content)) >= 1
