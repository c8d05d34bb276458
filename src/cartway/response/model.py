"""What the response room answers: levels of response by criteria, each with its reasons; what a center chose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

import msgspec

from cartway.times import Instant

if TYPE_CHECKING:
    from cartway.response.measured import Assessments

NOT_EVALUABLE = "NE"


class Level(msgspec.Struct, frozen=True):
    """The level of response at one assessment.

    `level` is a code of the criteria (``CR``, ``PR``, ``VGPR``, ``CRi``, ``NE``); `rule` names the clause that gave it.
    `because` are plain clinical sentences with the numbers; `missing` names what was needed and is not charted.
    `candidates` are the possible levels where the text is open: `level` then is the declared convention, or ``NE``.
    `flags` are codes for what a person should look at; `policies` those of the center that decided.
    `numbers` are unrounded (``spd_cm2``, ``spd_change_pct``); `labels` further words of the criteria (``metabolic``:
    ``CMR``; ``after_cr``: ``RD``). `facts` are store positions. `confirmed` is False where a rule decided that was
    not seen in a source.
    """

    at: Instant
    assessment: str
    level: str
    rule: str = ""
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    numbers: Mapping[str, Decimal] = {}
    labels: Mapping[str, str] = {}
    facts: tuple[int, ...] = ()
    confirmed: bool = True


class Mrd(msgspec.Struct, frozen=True):
    """One test for measurable residual disease.

    `category` is ``negative``, ``positive``, ``positive_not_quantifiable`` or ``not_evaluable``. `value` and `limit`
    (the smallest share that the test could see) are shares of one; None where they were not told.
    """

    at: Instant
    assessment: str
    category: str
    method: str = ""
    specimen: str = ""
    value: Decimal | None = None
    limit: Decimal | None = None
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    facts: tuple[int, ...] = ()
    confirmed: bool = True


class Reading(msgspec.Struct, frozen=True):
    """What one guideline reads from a course: a level an assessment, and the same after its confirmation rule.

    `confirmed` has the length of `levels`; where the criteria ask for no confirmation the two are equal.
    `labels` are words for the course as a whole (``sustained_mrd_negative``: ``yes``).
    """

    levels: tuple[Level, ...]
    confirmed: tuple[Level, ...]
    mrd: tuple[Mrd, ...] = ()
    flags: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}


class Response(msgspec.Struct, frozen=True):
    """How the disease of one course answers, by one set of criteria.

    `levels` are time-point levels, `confirmed` those after the confirmation rule (same length), `best` and
    `best_confirmed` the best of each before progression and before new therapy (``NE`` where there is none).
    The instants are of confirmed levels: the first response, the first complete one, the first progression or relapse
    (dated by the criteria's own rule). `relapse` is a relapse type (``antigen_negative``), or empty.
    """

    course: str
    criteria: str
    edition: str
    citation: str
    day_zero: Instant
    baseline_at: Instant | None
    levels: tuple[Level, ...] = ()
    confirmed: tuple[Level, ...] = ()
    best: str = NOT_EVALUABLE
    best_confirmed: str = NOT_EVALUABLE
    first_response_at: Instant | None = None
    first_complete_at: Instant | None = None
    progression_at: Instant | None = None
    relapse: str = ""
    relapse_because: tuple[str, ...] = ()
    mrd: tuple[Mrd, ...] = ()
    flags: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}

    @property
    def now(self) -> Level | None:
        """The level at the last assessment, None where there was none."""
        return self.levels[-1] if self.levels else None


class Policies(Protocol):
    """A center's policies, by name."""

    def number(self, name: str) -> float:
        """A number, in the policy's unit."""
        ...

    def text(self, name: str) -> str:
        """A choice."""
        ...


class Choices(msgspec.Struct, frozen=True):
    """What a center set where criteria and endpoints are open. Each is a policy of the same name in `response.toml`.

    `zone` is the site's: days are counted between its calendar dates.
    """

    leukemia_body: str = "nccn"
    lymphoma_criteria: str = "lugano_2014"
    pet_not_evaluable: str = "carry"
    stable_non_target: str = "partial"
    confirmation_gap_days: Decimal = Decimal(84)
    b_cell_aplasia_per_ul: Decimal = Decimal(50)
    antigen_negative_percent: Decimal = Decimal(50)
    time_zero: str = "infusion"
    split_dose_day_zero: str = "first"
    new_therapy: str = "censor"
    response_ends_with_death: str = "any_cause"
    below_quantification: str = "zero"
    counts_window_days: Decimal = Decimal(7)
    myeloma_nadir: str = "confirmed"
    myeloma_serum_measurable: Decimal = Decimal(1)
    zone: tzinfo = UTC

    @property
    def lyric(self) -> bool:
        """Whether lymphoma is read with LYRIC 2016 beside Lugano 2014."""
        return self.lymphoma_criteria == "lyric_2016"


_NUMBERS = (
    "confirmation_gap_days",
    "b_cell_aplasia_per_ul",
    "antigen_negative_percent",
    "counts_window_days",
    "myeloma_serum_measurable",
)
_TEXTS = (
    "leukemia_body",
    "lymphoma_criteria",
    "pet_not_evaluable",
    "stable_non_target",
    "time_zero",
    "split_dose_day_zero",
    "new_therapy",
    "response_ends_with_death",
    "below_quantification",
    "myeloma_nadir",
)


def choices_of(policies: Policies, zone: tzinfo = UTC) -> Choices:
    """What a center set, with the site's zone."""
    numbers = {name: Decimal(str(policies.number(f"response_{name}"))) for name in _NUMBERS}
    texts = {name: policies.text(f"response_{name}") for name in _TEXTS}
    return Choices(**numbers, **texts, zone=zone)  # type: ignore[arg-type]


class Criteria(msgspec.Struct, frozen=True):
    """One guideline: what it is called, which diseases it reads, which facts, and how.

    `diseases` are choices or classes of the variable `diagnosis`. `reads` are all variables it looks at; an assessment
    is a group of them (same `event`, or same day) that holds at least one of its `anchors`. `ranks` orders levels from
    least to best for the best response; `responses`, `complete` and `progressions` say which levels count as what.
    """

    name: str
    edition: str
    citation: str
    diseases: frozenset[str]
    reads: frozenset[str]
    anchors: frozenset[str]
    ranks: tuple[str, ...]
    responses: frozenset[str]
    complete: frozenset[str]
    progressions: frozenset[str]
    read: Callable[[Assessments, Choices], Reading]
