"""Why a prophylaxis goes on whatever the calendar says: a further therapy, or immunosuppression now.

Months and CD4 counts of the sources are those of somebody who gets no more treatment against B cells and no steroids.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cartway.aftercare.dates import days_after
from cartway.aftercare.setting import Setting
from cartway.aftercare.vaccine_rules import Treated, treated
from cartway.record import Fact

OVER_DAYS = "aftercare_steroids_over_days"
DECISION = "a physician's decision, beside further therapy or immunosuppression"


class Reason(msgspec.Struct, frozen=True):
    """One reason in words, and the fact that states it."""

    words: str
    fact: Fact


def reasons(setting: Setting) -> tuple[Reason, ...]:
    """Every reason for which no date of a source ends a prophylaxis."""
    given = treated(setting)
    return (*_therapy(setting, given), *_suppressed(setting, given))


def _therapy(setting: Setting, given: Treated) -> Iterator[Reason]:
    therapies = [fact for fact in setting.all("next_therapy") if fact.choice != "no"]
    drug = (given.b_cell_drug,) if given.b_cell_drug is not None else ()
    later = [fact for fact in (*therapies, *drug) if setting.day(fact) > setting.last]
    if later:
        newest = max(later, key=lambda fact: fact.at)
        yield Reason(f"A further therapy since the infusion ({setting.day(newest)})", newest)


def _suppressed(setting: Setting, given: Treated) -> Iterator[Reason]:
    """Immunosuppression as it was last stated, and the last dose unless it was said afterwards that there is none."""
    said, dose = setting.latest("immunosuppression"), given.suppressing
    if said is not None and said.choice == "systemic":
        yield Reason(f"Systemic immunosuppression since {setting.day(said)}", said)
    elif dose is not None and (said is None or said.at <= (dose.until or dose.at)):
        ended = setting.day_at(dose.until or dose.at)
        if setting.on < days_after(ended, round(setting.number(OVER_DAYS))):
            yield Reason(f"Steroids or another immunosuppressant up to {ended}", dose)
