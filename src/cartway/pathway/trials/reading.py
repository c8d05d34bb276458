"""A file of trial records, whatever its kind, to trials; what cannot be read is a Problem and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from cartway.intake.sources import Limits, read_all
from cartway.pathway.trials.ctgov import read_full_study, read_study
from cartway.pathway.trials.ctml import read_ctml
from cartway.pathway.trials.research_study import read_research_study, studies
from cartway.pathway.trials.trial import Trial
from cartway.problem import Problem

MIB = 1024 * 1024
LIMITS = Limits(document_bytes=16 * MIB, total_bytes=16 * MIB, free_bytes=4 * MIB)
"""Of one file. A hundred full records take about one and a half MB."""
MOST_TRIALS = 5_000
ENDINGS = (".json", ".json.gz")


class Trials(msgspec.Struct, frozen=True):
    """What some files hold: each trial once, and what could not be read, with its file."""

    trials: tuple[Trial, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_paths(paths: Iterable[Path]) -> Trials:
    """The trials of files, and of folders (their .json and .json.gz). Problems: ``not_opened``, ``too_large``,
    ``broken_file``, ``not_json``, ``no_trials`` and those of single records.
    """
    found: dict[str, Trial] = {}
    problems: list[Problem] = []
    for file in (one for path in paths for one in files_of(path)):
        for item in read_document(read_all(file, LIMITS), file.name):
            if isinstance(item, Problem):
                problems.append(item)
            elif item.id not in found:
                found[item.id] = item
            else:
                problems.append(_twice(item, found[item.id]))
                if _newer(item.as_of, found[item.id].as_of):
                    found[item.id] = item
            if len(found) > MOST_TRIALS:
                problems.append(
                    Problem("too_many_trials", f"More than {MOST_TRIALS} trials.", "Keep fewer.", file.name)
                )
                return Trials(tuple(found.values())[:MOST_TRIALS], tuple(problems))
    return Trials(tuple(found.values()), tuple(problems))


def files_of(path: Path) -> Iterator[Path]:
    """The file itself, or the records of a folder in the order of their names."""
    if not path.is_dir():
        yield path
        return
    yield from sorted(each for each in path.rglob("*") if each.is_file() and each.name.casefold().endswith(ENDINGS))


def _twice(one: Trial, other: Trial) -> Problem:
    """Two records under one number: told, since one of them is not shown."""
    return Problem(
        "trial_twice",
        f"{one.id} is also in {other.place}; the newer one counts, or the first where neither says when it was taken.",
        "Keep one record of each trial.",
        one.place,
    )


def _newer(one: date | None, other: date | None) -> bool:
    return one is not None and (other is None or one > other)


def read_document(content: bytes | Problem, name: str) -> Iterator[Trial | Problem]:
    """The trials of one document, each with its place; what cannot be read is a problem there."""
    if isinstance(content, Problem):
        yield content.at(name)
        return
    try:
        document = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        reason = "It is no JSON, or it was cut short."
        yield Problem("not_json", reason, "Take the file from its source anew.", name)
        return
    any_record = False
    for read, record, place in _records(document):
        any_record = True
        yield _read(read, record, f"{name}{place}")
    if not any_record:
        reason = "It holds no trial record of a known kind."
        remedy = "Give ClinicalTrials.gov JSON, FHIR ResearchStudy or CTML."
        yield Problem("no_trials", reason, remedy, name)


Read = Callable[[Any], Trial | Problem]


def _read(read: Read, record: object, place: str) -> Trial | Problem:
    try:
        trial = read(record)
    except RecursionError:
        return Problem("wrong_trial_record", "It is nested too deep.", "Take the record from its source anew.", place)
    return trial.at(place) if isinstance(trial, Problem) else msgspec.structs.replace(trial, place=place)


def _records(document: Any) -> Iterator[tuple[Read, object, str]]:
    """Each record of a document with the reader of its kind and its place."""
    if isinstance(document, list):
        for number, each in enumerate(document, 1):
            yield from ((read, record, f", record {number}{place}") for read, record, place in _records_of(each))
    else:
        yield from _records_of(document)


def _records_of(document: Any) -> Iterator[tuple[Read, object, str]]:
    if not isinstance(document, dict):
        return
    response = document.get("FullStudiesResponse")
    if isinstance(response, dict):
        yield from _full_studies(response)
    elif isinstance(document.get("studies"), list):  # a page of the API version 2
        yield from ((read_study, each, f", study {number}") for number, each in enumerate(document["studies"], 1))
    elif "protocolSection" in document:
        yield read_study, document, ""
    elif "ProtocolSection" in document or isinstance(document.get("Study"), dict):
        yield read_full_study, document.get("Study", document), ""
    elif document.get("resourceType") in ("Bundle", "ResearchStudy"):
        yield from (
            (read_research_study, each, f", study {number}") for number, each in enumerate(studies(document), 1)
        )
    elif "treatment_list" in document:
        yield read_ctml, document, ""


def _full_studies(response: Mapping[str, Any]) -> Iterator[tuple[Read, object, str]]:
    listed, taken = response.get("FullStudies"), response.get("DataVrs")
    day = taken if isinstance(taken, str) else ""

    def read(study: object) -> Trial | Problem:
        inner = study.get("Study") if isinstance(study, dict) else None
        return read_full_study(inner, taken=day)

    for number, each in enumerate(listed if isinstance(listed, list) else (), 1):
        yield read, each, f", study {number}"
