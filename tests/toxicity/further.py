"""Asking the further scales of a drawn course: see `drawn`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cartway.record.fact import Fact
from cartway.toxicity import Episode, grade
from toxicity.drawn import Saying, instant, measured, rules

IEC_HS, TLS = "iec_hs.astct", "tls.cairo_bishop"


def laboratory(what: str, value: float, **limits: float) -> Saying:
    """A laboratory value in its canonical unit, with the limits that the laboratory told."""
    return measured(what, value)._replace(detail=limits)


def context(**detail: Any) -> Saying:
    """What the team says of IEC-HS."""
    return Saying("iec_hs_context", detail=detail)


def further(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> Episode | None:
    """The episode of any scale in force at an hour, as known from all facts up to it; None where it is not covered."""
    found = grade(list(facts), rules(**policies), instant(hour), scales=(scale,))
    return next(
        (
            each
            for each in found
            if each.scale == scale and each.start <= instant(hour) and (each.end is None or instant(hour) < each.end)
        ),
        None,
    )


def shown(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> str:
    """The grade as every surface prints it, what is missing behind it."""
    found = further(facts, scale, hour, **policies)
    if found is None:
        return "not covered"
    return found.shown + (f" without {', '.join(found.missing)}" if found.missing else "")


def decided(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> set[str]:
    """The policies that decided at an hour."""
    found = further(facts, scale, hour, **policies)
    return set() if found is None else set(found.policies)


def because(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> set[str]:
    """The slugs of the reasons at an hour."""
    found = further(facts, scale, hour, **policies)
    return set() if found is None else {reason.criterion.slug for reason in found.because}
