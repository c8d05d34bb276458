"""One scan of a lymphoma with all that is needed to read it: the baseline, the scans before it, what biopsies said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

import msgspec

from cartway.record import Fact
from cartway.response.lesions import Lesion, NewLesion, measured_targets, new_lesions, sum_of_products, targets_of
from cartway.response.measured import Assessment, Assessments
from cartway.times import Instant

SCANNED = ("imaging", "lesion", "new_lesion", "deauville_score", "non_target_disease", "response_read", "uptake_change")
SPLEEN_LIMIT_CM = Decimal(13)


class Baseline(msgspec.Struct, frozen=True):
    """What the scans are compared with. `spd` is the sum of products, cm2; None where it cannot be worked out."""

    facts: Assessment
    targets: Mapping[str, Lesion]
    spd: Decimal | None
    spleen_cm: Decimal | None
    flags: tuple[str, ...] = ()

    @property
    def marrow_involved(self) -> bool | None:
        """Whether the marrow held lymphoma, by microscope; None where nobody said, or could say."""
        found = self.facts.choice("marrow_finding")
        if found in ("negative", "indeterminate_negative"):
            return False
        if found in ("involved", "nodules"):
            return True
        return {"none": False, "involved": True}.get(self.facts.choice("marrow_involvement"))


class Scan(msgspec.Struct, frozen=True, dict=True):
    """One scan, or an earlier one read again after a biopsy or a marrow (`again`).

    `visit` holds its facts, `targets` the targets of the baseline as it found them, `new` what is new, with what
    biopsies said of it by then. `scanned_day` is the day of the scan itself.
    """

    visit: Assessment
    id: str
    at: Instant
    day: int
    baseline: Baseline
    earlier: tuple[Scan, ...]
    targets: Mapping[str, Lesion]
    new: tuple[NewLesion, ...]
    again: bool = False
    scanned_day: int = 0

    @cached_property
    def spd(self) -> Decimal | None:
        """The sum of products of the baseline's targets, cm2."""
        return sum_of_products(self.baseline.targets, self.targets)

    @cached_property
    def spd_nadir(self) -> Decimal | None:
        """The lowest sum of products at baseline or on an earlier scan, cm2."""
        if not self.earlier:
            return self.baseline.spd
        last = self.earlier[-1]
        return min((each for each in (last.spd_nadir, last.spd) if each is not None), default=None)

    @cached_property
    def _nadirs(self) -> Mapping[str, Lesion]:
        """Each target as it was smallest by its product before this scan; the first where equal."""
        if not self.earlier:
            return {name: lesion for name, lesion in self.baseline.targets.items() if lesion.product is not None}
        last = self.earlier[-1]
        found = dict(last._nadirs)
        for name, lesion in last.targets.items():
            before = found.get(name)
            if lesion.product is not None and (
                before is None or before.product is None or lesion.product < before.product
            ):
                found[name] = lesion
        return found

    def nadir(self, name: str) -> Lesion | None:
        """A target as it was smallest by its product, at baseline or on an earlier scan."""
        return self._nadirs.get(name)

    def spleens(self) -> list[Decimal]:
        """The lengths of the spleen at baseline and on earlier scans, cm."""
        lengths = [self.baseline.spleen_cm, *(scan.visit.number("spleen_length") for scan in self.earlier)]
        return [length for length in lengths if length is not None]


def baseline_of(measured: Assessments) -> Baseline:
    """The baseline's targets, their sum and the spleen."""
    facts = measured.baseline
    targets, flags = targets_of(facts)
    return Baseline(facts, targets, sum_of_products(targets, targets), facts.number("spleen_length"), flags)


def scans_of(measured: Assessments) -> tuple[Scan, ...]:
    """Every scan in time order; a later biopsy or marrow reads the scan before it again."""
    baseline, found = baseline_of(measured), list[Scan]()
    biopsies: list[Fact] = []
    for visit in measured.visits:
        biopsies += visit.all("biopsy")
        if visit.has(*SCANNED):
            found.append(_scan(visit, visit, baseline, _primary(found), measured, biopsies))
        elif found:
            last = found[-1]
            read = last.visit.with_facts(visit.facts)
            again = _scan(read, visit, baseline, last.earlier, measured, biopsies)
            found.append(msgspec.structs.replace(again, again=True, scanned_day=last.scanned_day))
    return tuple(found)


def _scan(
    read: Assessment, visit: Assessment, baseline: Baseline, earlier: Sequence[Scan], measured: Assessments,
    biopsies: Sequence[Fact],
) -> Scan:  # fmt: skip
    before = [lesion for scan in earlier for lesion in scan.new]
    named = [fact for fact in biopsies if fact.about and fact not in read.facts]
    new = new_lesions(read.with_facts(named), baseline.targets, before)
    targets = measured_targets(read, baseline.targets)
    day = measured.day(visit.at)
    return Scan(read, visit.id, visit.at, day, baseline, tuple(earlier), targets, new, scanned_day=day)


def _primary(scans: Sequence[Scan]) -> tuple[Scan, ...]:
    """Each scan once, as it was read last."""
    return tuple(_latest_reading(scans))


def _latest_reading(scans: Sequence[Scan]) -> Iterator[Scan]:
    for index, scan in enumerate(scans):
        if index + 1 == len(scans) or not scans[index + 1].again:
            yield scan
