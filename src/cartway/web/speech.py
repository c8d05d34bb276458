"""What a page says in the reader's language: messages, dates, lengths of time.

The language is that of the request; the gate sets it. Outside a request, and on clinicians' pages, it is English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time

from cartway.times import Instant, to_datetime
from cartway.words.catalog import SOURCE, SPOKEN, translations

LANGUAGE: ContextVar[str] = ContextVar("language", default=SOURCE)
_ASKED = re.compile(r"\s*([a-z]{2,3})(?:-[a-z0-9]+)*\s*(?:;\s*q=([0-9.]+))?\s*", re.IGNORECASE | re.ASCII)


def language() -> str:
    """The language of this request, one of SPOKEN."""
    return LANGUAGE.get()


def gettext(message: str) -> str:
    """A message in the reader's language. Nothing stays nothing: a catalog has its own head under the empty message."""
    return translations(language()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    return translations(language()).ngettext(one, many, count)


def preferred(accepted: str) -> str:
    """The spoken language that a browser likes best by its ``Accept-Language``; English where it names none of them."""
    liked = [_liked(part) for part in accepted[:500].split(",")]
    spoken = [(likes, -place, name) for place, (name, likes) in enumerate(liked) if name in SPOKEN and likes > 0]
    return max(spoken)[2] if spoken else SOURCE


def _liked(part: str) -> tuple[str, float]:
    found = _ASKED.fullmatch(part)
    if found is None or (found[2] and not re.fullmatch(r"[01](\.\d{0,3})?", found[2])):
        return "", 0.0
    return found[1].lower(), float(found[2] or 1)


@cache
def _locale(spoken: str, country: str) -> Locale:
    """The habits of the country where they are known: hours by 12 or by 24, the order of day and month."""
    try:
        return Locale(spoken, country)
    except (UnknownLocaleError, ValueError):
        return Locale(spoken)


def _day(moment: Instant | date, zone: tzinfo) -> date:
    return moment if isinstance(moment, date) else to_datetime(moment).astimezone(zone).date()


def day_words(moment: Instant | date, zone: tzinfo, country: str, now: Instant | None = None) -> str:
    """``March 14, 2026``, ``14 de marzo de 2026``; without the year where it is that of `now`."""
    return _written(moment, zone, country, now, "long", _DAY)


def weekday_words(moment: Instant | date, zone: tzinfo, country: str, now: Instant | None = None) -> str:
    """``Saturday, March 14, 2026``, ``sábado, 14 de marzo de 2026``; without the year where it is that of `now`."""
    return _written(moment, zone, country, now, "full", _WEEKDAY)


_DAY = {"en": "MMMM d", "es": "d 'de' MMMM"}
_WEEKDAY = {"en": "EEEE, MMMM d", "es": "EEEE, d 'de' MMMM"}
"""Without the year, in words that are not cut short: no skeleton of the locales gives them."""


def _written(
    moment: Instant | date, zone: tzinfo, country: str, now: Instant | None, form: str, without: Mapping[str, str]
) -> str:
    day, place = _day(moment, zone), _locale(language(), country)
    if now is not None and _day(now, zone).year == day.year:
        return format_date(day, without[language()], locale=place)
    return format_date(day, form, locale=place)


def moment_words(moment: Instant, zone: tzinfo, country: str) -> str:
    """``March 14, 2026, 2:09 PM``, ``14 de marzo de 2026, 2:09 p. m.``."""
    return f"{day_words(moment, zone, country)}, {hour_words(moment, zone, country)}"


def hour_words(moment: Instant, zone: tzinfo, country: str) -> str:
    """``2:09 PM``, ``14:09`` where a day has 24 hours."""
    local: datetime = to_datetime(moment).astimezone(zone)
    return format_time(local, "short", locale=_locale(language(), country)).replace("\u202f", "\u00a0")


def short_stamp(moment: datetime, *, year: bool, hour: bool) -> str:
    """``14 Mar 14:09``, ``14 Mar 2025``: small, by the clock of 24 hours, as in titles and tables."""
    if language() == SOURCE:
        return moment.strftime(f"%-d %b{' %Y' if year else ''}{' %H:%M' if hour else ''}")
    month = format_skeleton("MMM", moment, locale=language())
    return f"{moment.day} {month}{moment:{' %Y' if year else ''}{' %H:%M' if hour else ''}}"
