"""Reading whatever is given: files and folders of any format, each by its content. `read_facts` needs no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cartway.intake import codes, fhir, refusals, tables
from cartway.intake.drafts import Draft, Enrolment, Ignored, Item, Merge, Refused
from cartway.intake.formats import Detected, Format, detect
from cartway.intake.roster import Roster, person_facts
from cartway.intake.rows import Rows
from cartway.intake.sources import LIMITS, Limits
from cartway.intake.withdrawals import whole_withdrawals
from cartway.problem import Problem
from cartway.record import unstored
from cartway.record.fact import RETRACTION, Fact
from cartway.vocabulary import Vocabulary, vocabulary

if TYPE_CHECKING:
    from cartway.intake.hl7_context import Feed

# Endings under which health data comes. Other files of a folder are left out if their content is no format we know.
DATA_ENDINGS = frozenset(
    {".json", ".ndjson", ".jsonl", ".csv", ".tsv", ".parquet", ".hl7", ".gz", ".xml", ".dat", ".msg"}
)
# Stores and their journals are not even looked at: a process that opens a record's file and closes it again drops
# the locks that SQLite holds on it there.
STORE_ENDINGS = (".db", ".db-wal", ".db-shm")
FIRST = ("Patient", "Medication", "Device")
Show = Callable[[Path, int, int], None]


class Sources(msgspec.Struct, frozen=True):
    """How sources are read: FHIR options, what is known of HL7 v2 senders, limits, and a center's own code maps."""

    fhir: fhir.Options = fhir.Options()
    feed: Feed | None = None
    limits: Limits = LIMITS
    local_codes: codes.LocalCodes | None = None


class Reader:
    """One run of reading: what one file says (a Medication, a patient) is known while the next ones are read."""

    def __init__(self, sources: Sources | None = None, words: Vocabulary | None = None) -> None:
        self.sources = sources or Sources()
        self.vocabulary = words or vocabulary()
        local = codes.shipped() if self.sources.local_codes is None else self.sources.local_codes
        self._fhir = fhir.Context(self.vocabulary, self.sources.fhir, local)

    def paths(self, paths: Iterable[Path], show: Show | None = None) -> Iterator[Item]:
        """Every statement of files and folders. Files that hold patients, drugs and devices come before the rest."""
        found = [one for path in paths for one in _files(path, self.sources.limits)]
        found.sort(key=lambda one: _rank(one[1]))
        for number, (path, detected) in enumerate(found, 1):
            if show is not None:
                show(path, number, len(found))
            yield from self.file(path, detected)

    def file(self, path: Path, detected: Detected | Problem | Ignored) -> Iterator[Item]:
        """Every statement of one file, by its detected format."""
        if isinstance(detected, Problem):
            return iter([Refused(detected.at(path.name))])
        if isinstance(detected, Ignored):
            return iter([detected])
        return self.source(path, detected.format, path.name)

    def source(self, source: Path | bytes, form: Format | str, name: str) -> Iterator[Item]:
        """Every statement of a file, or of bytes in memory, of a known format."""
        words, limits = self.vocabulary, self.sources.limits
        match form:
            case "fhir":
                return fhir.read(source, name=name, context=self._fhir, limits=limits)
            case "fhir-ndjson":
                return fhir.read_lines(source, name=name, context=self._fhir, limits=limits)
            case "facts-csv":
                return tables.read_csv(source, name=name, vocabulary=words, limits=limits)
            case "facts-parquet":
                return tables.read_parquet(source, name=name, vocabulary=words)
            case "facts-json":
                return tables.read_json(source, name=name, vocabulary=words, limits=limits)
            case "facts-ndjson":
                return tables.read_ndjson(source, name=name, vocabulary=words, limits=limits)
            case "refused":
                return self._mended(source, name)
            case _:
                return self._hl7(source, name)

    def _hl7(self, source: Path | bytes, name: str) -> Iterator[Item]:
        from cartway.intake.hl7 import read_hl7

        return read_hl7(source, name=name, feed=self.sources.feed)

    def _mended(self, source: Path | bytes, name: str) -> Iterator[Item]:
        """Each line of a refusals file, read again by its format."""
        rows = Rows(self.vocabulary)
        for place, kept in refusals.kept_lines(source, name, self.sources.limits):
            if isinstance(kept, Problem):
                yield Refused(kept.at(place))
            else:
                yield from self._again(kept, rows, place)

    def _again(self, kept: refusals.Kept, rows: Rows, place: str) -> Iterator[Item]:
        if not kept.input or kept.format == "refused":
            yield Refused(kept.problem(place))
        elif kept.format == refusals.DRAFT_FORMAT:
            yield refusals.read_draft(kept.input, rows, place)
        else:
            for item in self.source(kept.input.encode(), kept.format, place):
                yield refusals.mended(item, kept) if isinstance(item, Draft) else item


def _files(path: Path, limits: Limits) -> Iterator[tuple[Path, Detected | Problem | Ignored]]:
    """A file with its format; of a folder every file below it, in the order of names."""
    if not path.is_dir():
        yield path, detect(path, limits)
        return
    for inside in sorted(inside for inside in path.rglob("*") if inside.is_file()):
        if inside.name.casefold().endswith(STORE_ENDINGS):
            yield inside, Ignored("file_not_data", inside.name)
            continue
        detected = detect(inside, limits)
        foreign = isinstance(detected, Problem) and detected.code in ("unknown_format", "empty_file")
        if foreign and inside.suffix.casefold() not in DATA_ENDINGS:
            yield inside, Ignored("file_not_data", inside.name)
        else:
            yield inside, detected


def _rank(detected: Detected | Problem | Ignored) -> int:
    first = detected.first_type if isinstance(detected, Detected) else ""
    return FIRST.index(first) if first in FIRST else len(FIRST)


class Reading(msgspec.Struct, frozen=True):
    """Everything that was read at once; of an unreadable observation both the refusal and its stand-in fact."""

    facts: list[Fact]
    refused: list[Refused]
    ignored: Mapping[str, int]

    @property
    def problems(self) -> list[Problem]:
        """Why each refusal was one, with its place."""
        return [one.problem for one in self.refused]


def read_facts(paths: Iterable[Path | str], sources: Sources | None = None, show: Show | None = None) -> Reading:
    """All facts of files and folders, without a database. A fact's course is the table's, or the patient's identifier.

    What a record would refuse that took them in (a conflict of keys, an `amends` of nothing) is refused here too.
    Two patients of different authorities with the same identifier get courses that name the authority too.
    """
    reader = Reader(sources)
    facts: list[Fact] = []
    refused: list[Refused] = []
    ignored: Counter[str] = Counter()
    drafts: dict[int, Draft] = {}  # by the identity of their facts, all of which `facts` keeps
    roster = Roster()
    for item in reader.paths([Path(path) for path in paths], show):
        match item:
            case Draft():
                fact = roster.filed(item)
                facts.append(fact)
                drafts[id(fact)] = item
            case Ignored():
                ignored[item.rule] += 1
            case Refused():
                refused.append(item)
                facts.extend(roster.filed(draft) for draft in [item.stand_in] if draft is not None)
            case Enrolment():
                roster.enrol(item)
                ignored["patient_details"] += 1
            case Merge():
                roster.merge(item)
                ignored["patient_merge"] += 1
    stated = whole_withdrawals(facts)
    amiss = dict(unstored.refusals(stated))
    for place, problem in amiss.items():
        draft = drafts.get(id(stated[place]))  # None: a stand-in, and what it stands for is refused already
        if draft is not None and _withdraws_what_never_came(draft, problem):
            ignored["entered_in_error_unknown"] += 1
        elif draft is not None:
            refused.append(refusals.of_draft(draft, problem))
    kept = [fact for place, fact in enumerate(stated) if place not in amiss]
    return Reading([*kept, *person_facts(kept, roster.people())], refused, dict(ignored))


def _withdraws_what_never_came(draft: Draft, problem: Problem) -> bool:
    return draft.subject is not None and draft.fact.what == RETRACTION and problem.code == "unknown_amends"
