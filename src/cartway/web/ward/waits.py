"""Who waits for somebody, as a row of the board has room to say it: alerts by whether they were seen; other scales."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.watch import Alert
from cartway.web.ward.standing import GRADES, Standing

NAMES = {
    "icaht.early": "ICAHT",
    "icaht.late": "late ICAHT",
    "t_icaht.early": "T-ICAHT",
    "t_icaht.late": "late T-ICAHT",
    "iec_hs.astct": "IEC-HS",
    "tls.cairo_bishop": "tumor lysis",
}
SEVERE = 3
_CANNOT = {
    GRADES: "Cannot be worked out: what stands here is old",
    "alerts": "Alerts cannot be worked out",
    "due": "What is due cannot be worked out",
}


class Waits(msgspec.Struct, frozen=True):
    """Alerts: those that ring, the most urgent first; those that are over, unseen; those that were seen and go on."""

    ringing: Sequence[Alert]
    unanswered: Sequence[Alert]
    seen: Sequence[Alert]


class Mark(msgspec.Struct, frozen=True):
    """The grade of another scale. `severe`: it is at least 3, and so needs somebody."""

    name: str
    shown: str
    severe: bool


def waits(standing: Standing) -> Waits:
    """The alerts of a course that is not over."""
    if standing.stage == "over":
        return Waits((), (), ())
    watching = standing.watching
    seen = [alert for alert in watching.present if not alert.rings]
    return Waits(watching.ringing, watching.unanswered, seen)


def cannot(standing: Standing) -> str:
    """What of a course could not be worked out by a defect, and what to do; "" where all was."""
    told = "; ".join(_CANNOT[each] for each in standing.defects)
    return told and f"{told}. Look at the patient and the chart."


def also(standing: Standing) -> list[Mark]:
    """The other scales that stand above 0."""
    return [
        Mark(NAMES[scale], episode.shown, (episode.grade or 0) >= SEVERE) for scale, episode in standing.others.items()
    ]
