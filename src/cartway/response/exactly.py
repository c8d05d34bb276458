"""Falls and rises of exact numbers, compared as the criteria write them: at least so many percent, never rounded."""

from __future__ import annotations

from decimal import Decimal

HUNDRED = Decimal(100)


def fell(now: Decimal, before: Decimal, percent: int) -> bool:
    """Whether a value is at least so many percent below another. From nothing nothing falls."""
    return before > 0 and now * HUNDRED <= before * (HUNDRED - percent)


def rose(now: Decimal, before: Decimal, percent: int) -> bool:
    """Whether a value is at least so many percent above another; anything is, above nothing."""
    return now > before and now * HUNDRED >= before * (HUNDRED + percent)


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The change in percent, negative for a fall; None where either is unknown or there was nothing before."""
    if now is None or before is None or before == 0:
        return None
    return (now - before) * HUNDRED / before


def percent(value: Decimal | None) -> str:
    """A change in words, to one decimal: shown only, never compared."""
    if value is None:
        return "from none"
    return f"{abs(value):.1f} % {'lower' if value < 0 else 'higher'}" if value else "unchanged"


def plain(value: Decimal) -> str:
    """A number without trailing zeros or an exponent: ``2.5``, ``200``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
