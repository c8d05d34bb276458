"""For the patient: what the tests showed. A level stands here only where somebody of the team read it as the same and
nothing speaks against it; whatever else is there waits for a talk. Nobody learns good or bad news from a page first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from cartway.aftercare.dates import day_of
from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Row, Section
from cartway.aftercare.plan.said import day
from cartway.aftercare.plan.said import known as has_words
from cartway.record import Fact
from cartway.response.guidelines import GUIDELINES
from cartway.response.model import NOT_EVALUABLE, Level, Response
from cartway.times import Instant

GONE = frozenset({"sCR", "CR", "CRi", "CRh", "MLFS"})
HARD = frozenset({"PD", "RD", "RELAPSE"})
INDETERMINATE = "IR"
READ_AS: Mapping[str, frozenset[str]] = {
    "complete": GONE,
    "very_good_partial": frozenset({"VGPR"}),
    "partial": frozenset({"PR"}),
    "minimal": frozenset({"MR"}),
    "stable": frozenset({"SD", "NR"}),
    "progressive": HARD,
    "not_evaluable": frozenset({INDETERMINATE}),
}
"""A reader's conclusion, and the levels that say the same."""

HARMLESS = frozenset({
    "above_range", "area_from_nothing", "b_cell_limits_differ", "baseline_after_lymphodepletion", "confirmed_over_gap",
    "counts_missing", "cytopenia_from_treatment", "infused_again", "methods_differ", "more_than_six_targets",
    "mrd_without_cr", "nPR", "no_decline", "non_target_stable", "not_CLL_lymphocytes", "osteoporotic_fracture",
    "other_clone", "physiologic_site_rule", "serum_below_measurable", "target_not_measurable_at_baseline",
    "time_zero_not_charted",
})  # fmt: skip
"""Flags that put no level in doubt. Any other one, also one that is not known here, asks for a person first."""

FITS_HARD = frozenset({
    "biopsy_disease", "biopsy_transformed", "clinical_relapse", "mrd_recurrence", "progression_dates_differ",
    "relapse_from_cr", "relapse_from_mrd_negative",
})  # fmt: skip
"""Flags that a progression may carry and still be one."""

AGAINST = {
    "biopsy": ("disease", "transformed", "other_cancer"), "marrow_finding": ("involved",), "progression": ("yes",),
}  # fmt: skip
"""Facts that speak against every level but a progression: histology goes before a scan."""


class Assessed(msgspec.Struct, frozen=True):
    """One assessment: its own level, the one after the confirmation rule, and the time until the next one."""

    alone: Level
    level: Level
    until: Instant | None

    def holds(self, fact: Fact) -> bool:
        """Whether a fact belongs to it: by its event, else by its time."""
        if fact.event and fact.event == self.level.assessment:
            return True
        return self.level.at <= fact.at and (self.until is None or fact.at < self.until)

    @property
    def kind(self) -> str:
        """The level; the three indeterminate ones of LYRIC are one."""
        return INDETERMINATE if self.level.level.startswith(INDETERMINATE) else self.level.level

    @property
    def flags(self) -> frozenset[str]:
        return frozenset(self.alone.flags) | frozenset(self.level.flags)


def result(about: Known) -> Section:
    """The best and the last level that the team concluded, each with its day, and that newer tests wait."""
    say = about.say
    several = assessed(about.response) if about.response else []
    last = _last_told(about, several)
    rows = []
    if last is not None:
        best = next((each for each in several if _is_best(about, each) and tells(about, each)), None)
        rows += [_row(about, "result.best", best.level)] if best and best.kind != last.kind else []
        rows += [_row(about, "result.last", last.level)]
    if several and last is not several[-1]:
        rows += [Row(say("result.waits"), say("result.waits_text"))]
    return Section("result", say("result.title"), tuple(rows), say("result.intro"), empty=say("result.empty"))


def assessed(found: Response) -> list[Assessed]:
    """The assessments of a course in their order."""
    ends: list[Instant | None] = [*(each.at for each in found.levels[1:]), None]
    return [Assessed(*each) for each in zip(found.levels, found.confirmed, ends, strict=False)]


def _last_told(about: Known, several: Sequence[Assessed]) -> Assessed | None:
    """The last that may be told; None where something after it is worse, or in doubt, or of the whole course so."""
    if not several or _course_in_doubt(about, several):
        return None
    ranks = GUIDELINES[about.response.criteria].ranks if about.response else ()
    lowest = None
    for each in reversed(several):
        if tells(about, each):
            return each if lowest is None or lowest >= ranks.index(each.level.level) else None
        if in_doubt(about, each) or each.kind in HARD:
            return None
        if each.kind != NOT_EVALUABLE:
            rank = ranks.index(each.level.level)
            lowest = rank if lowest is None else min(lowest, rank)
    return None


def _course_in_doubt(about: Known, several: Sequence[Assessed]) -> bool:
    """Whether the course as a whole has a flag that is of no single level and asks for a person."""
    found = about.response
    of_levels = frozenset[str]().union(*(each.flags for each in several))
    return bool(found and frozenset(found.flags) - of_levels - HARMLESS)


def tells(about: Known, each: Assessed) -> bool:
    """Whether a level may be told: not in doubt, and read by somebody of the team as the same."""
    reads = _last_reads(about, each)
    if in_doubt(about, each) or any(each.kind not in READ_AS.get(read.choice, ()) for read in reads):
        return False
    stated = _last_stated(about, each)
    if each.kind in HARD:
        return stated != "no" and bool(reads or stated == "yes")
    return bool(reads)


def in_doubt(about: Known, each: Assessed) -> bool:
    """Whether anything asks for a person first: open or unconfirmed levels, flags, histology, residual disease."""
    if each.alone.level != each.level.level:
        return True
    if each.kind in HARD:
        return bool(each.level.candidates or each.flags - HARMLESS - FITS_HARD)
    flagged = each.kind != INDETERMINATE and bool(each.level.candidates or each.alone.candidates
                                                  or each.flags - HARMLESS)  # fmt: skip
    return flagged or _spoken_against(about, each) or (each.kind in GONE and _residual(about, each))


def _spoken_against(about: Known, each: Assessed) -> bool:
    if _last_stated(about, each) == "yes":
        return True
    found = [fact for what in ("biopsy", "marrow_finding") for fact in about.course.all(what) if each.holds(fact)]
    return any(fact.choice in AGAINST[fact.what] for fact in found)


def _residual(about: Known, each: Assessed) -> bool:
    """Whether a test for residual disease of this assessment, or before the next one, was not negative."""
    tests = about.response.mrd if about.response else ()
    near = [one for one in tests if one.assessment == each.level.assessment
            or (each.level.at <= one.at and (each.until is None or one.at < each.until))]  # fmt: skip
    return any(one.category.startswith("positive") for one in near)


def _last_reads(about: Known, each: Assessed) -> list[Fact]:
    """What readers concluded of it: the last of the PET, of the CT, of both."""
    found = [fact for fact in about.course.all("response_read") if _of(each, fact)]
    return list({fact.about: fact for fact in found}.values())


def _of(each: Assessed, read: Fact) -> bool:
    """A reading with an event is of that assessment alone."""
    return read.event == each.level.assessment if read.event and each.level.assessment else each.holds(read)


def _last_stated(about: Known, each: Assessed) -> str:
    """Whether the team stated progression of it: ``yes``, ``no`` or nothing."""
    found = [fact.choice for fact in about.course.all("progression") if each.holds(fact)]
    return found[-1] if found else ""


def _is_best(about: Known, each: Assessed) -> bool:
    return about.response is not None and each.level.level == about.response.best_confirmed


def _row(about: Known, heading: str, level: Level) -> Row:
    key = level.level if has_words(f"response.{level.level}") else INDETERMINATE
    on = day(day_of(level.at, about.place.zone), about.language)
    return Row(f"{about.say(heading)}, {on}", about.say(f"response.{key}"), confirmed=level.confirmed)
