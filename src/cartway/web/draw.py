"""The Jinja environment of the pages, and how times, values and grades are written in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import tzinfo
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from cartway.record import Fact
from cartway.times import MINUTE, Instant, to_datetime
from cartway.times import text as iso
from cartway.toxicity.wording import clock as full_clock
from cartway.toxicity.wording import said, sentence, span
from cartway.vocabulary import vocabulary
from cartway.watch.triage import load_table
from cartway.web.access import EVERY, OWN, Act, Principal
from cartway.web.config import Config
from cartway.web.demo import words as demo_words
from cartway.web.speech import (
    day_words,
    gettext,
    hour_words,
    language,
    moment_words,
    ngettext,
    short_stamp,
    weekday_words,
)
from cartway.words.catalog import SPOKEN
from cartway.words.telephone import dialed

NONE = "\N{EN DASH}"
AT_LEAST = "\N{GREATER-THAN OR EQUAL TO} "
FEW_WORDS = {
    "body_temperature": "temperature",
    "systolic_pressure": "blood pressure",
    "oxygen_device": "oxygen support",
    "oxygen_flow": "oxygen flow",
    "oxygen_saturation": "saturation",
    "consciousness": "consciousness",
    "diastolic_pressure": "blood pressure",
    "ice_score": "ICE",
    "capd_score": "CAPD",
    "rass_score": "RASS",
    "ice_items": "ICE items",
    "ice_orientation": "ICE",
    "ice_naming": "ICE",
    "ice_command": "ICE",
    "ice_writing": "ICE",
    "ice_attention": "ICE",
    "seizure.returned_to_baseline": "return to baseline after the seizure",
    "seizure.duration_min": "duration of the seizure",
}


def named(text: str) -> str:
    """A name of ours, such as that of a rule, an event or a moment, for an address; anything else that was typed is not
    told again in one.
    """
    return text if re.fullmatch(r"[a-z][a-z0-9_]{0,59}|\d{14,17}", text, re.ASCII) else ""


def environment(config: Config) -> Environment:
    """Templates of `templates/`, escaped, failing on a name that is not there."""
    pages = Environment(
        loader=PackageLoader("cartway.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        auto_reload=False,  # a running worker must not mix new templates with the code it started with
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    pages.policies["ext.i18n.trimmed"] = True
    pages.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    zone, country = config.zone, config.country
    pages.filters.update(
        iso=iso,
        machine=machine_time,
        ms=lambda instant: instant // 1000,
        full=lambda instant: full_clock(instant, zone),
        short=lambda instant, now: short_clock(instant, now, zone),
        exact=lambda instant, now: exact_clock(instant, now, zone),
        relative=lambda instant, now, form: relative(instant, now, form, zone),
        ago=ago,
        span=span,
        said=said,
        sentence=lambda reason: sentence(reason, zone),
        variable=variable_label,
        choice=choice_label,
        product=product_name,
        named=named,
        few_words=few_words,
        translated=gettext,
        bound=lambda shown: shown.replace(">= ", AT_LEAST),
        plain=lambda name: name.replace("_", " "),
        date=lambda instant: to_datetime(instant).astimezone(zone).strftime("%Y-%m-%d"),
        day=lambda moment, now=None: day_words(moment, zone, country, now),
        weekday=lambda moment, now=None: weekday_words(moment, zone, country, now),
        when=lambda instant: moment_words(instant, zone, country),
        hour=lambda instant: hour_words(instant, zone, country),
        local=lambda instant: to_datetime(instant).astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
    )
    pages.globals.update(site=config.site, demo=bool(config.demo), static=static_url, zone_name=zone_name(zone))
    pages.globals.update(
        phone=config.phone,
        dial=dialed(config.phone),
        language=language,
        spoken=SPOKEN,
        own_course=own_course,
        base_of=base_of,
        own_role=own_role,
        country=country,
        numbers=_numbers(country),
    )
    pages.globals.update({"demo_signature": "", **demo_words(config)})
    return pages


def short_clock(instant: Instant, now: Instant, zone: tzinfo) -> str:
    """``14:09`` today, ``14 Mar 14:09`` on another day, ``14 Mar 2025`` in another year; in `zone`."""
    moment, present = to_datetime(instant).astimezone(zone), to_datetime(now).astimezone(zone)
    if moment.date() == present.date():
        return moment.strftime("%H:%M")
    same_year = moment.year == present.year
    return short_stamp(moment, year=not same_year, hour=same_year)


def machine_time(instant: Instant) -> str:
    """A time for a `datetime` attribute, as short as it can be: ``2026-01-10T02:00Z``."""
    return iso(instant).removesuffix("+00:00").removesuffix(":00") + "Z"


def exact_clock(instant: Instant, now: Instant, zone: tzinfo) -> str:
    """``14 Mar 14:09``, with the year where it is another one; in `zone`. The page says the zone once."""
    moment, present = to_datetime(instant).astimezone(zone), to_datetime(now).astimezone(zone)
    return short_stamp(moment, year=moment.year != present.year, hour=True)


def relative(instant: Instant, now: Instant, form: str, zone: tzinfo) -> str:
    """A time as the macro `time` writes it: ``ago`` (2 h 1 min ago), ``for`` (2 h 1 min), ``age`` (2 h), ``clock``."""
    match form:
        case "clock":
            return short_clock(instant, now, zone)
        case "ago":
            return ago(instant, now)
        case "age":
            return age(now - instant)
        case _:
            return span(now - instant)


def age(length: int) -> str:
    """A length of time in one unit, rounded down: ``12 min``, ``2 h``, ``3 d``."""
    minutes = max(0, length) // MINUTE
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"


def zone_name(zone: tzinfo) -> str:
    """``Europe/Berlin``, ``UTC``, ``UTC+02:00``: as browsers know a zone, where it has such a name."""
    return str(getattr(zone, "key", zone))


def ago(instant: Instant, now: Instant) -> str:
    """``12 min ago``; ``now`` under a minute; ``in 5 min`` ahead."""
    if abs(now - instant) < 60_000_000:
        return gettext("now")
    if instant < now:
        return gettext("%(span)s ago") % {"span": span(now - instant)}
    return gettext("in %(span)s") % {"span": span(instant - now)}


def own_course(me: Principal | None) -> str:
    """The one course of a patient or a caregiver; empty where they have none or several, and for everybody else."""
    if me is None or not me.may(Act.read_own):
        return ""
    courses = me.account.courses - {EVERY}
    return next(iter(courses)) if len(courses) == 1 else ""


def _numbers(country: str) -> Mapping[str, str]:
    """The country's emergency number and its line for thoughts of suicide, as written and as dialed; empty where not
    known.
    """
    table = load_table()
    found = {"emergency": table.emergency.get(country, ""), "crisis": table.crisis.get(country, "")}
    return found | {f"dial_{name}": dialed(number) for name, number in found.items()}


def own_role(me: Principal | None) -> bool:
    """Whether it is a patient or a caregiver."""
    return me is not None and me.account.role in OWN


def base_of(me: Principal | None, path: str) -> str:
    """The template that what both may see extends: a patient or a caregiver stays among their own pages, with the
    number to call, also where their session has ended.
    """
    return "patient/base.html" if own_role(me) or path.startswith("/my/") else "base.html"


def variable_label(name: str) -> str:
    """A variable as the vocabulary labels it."""
    variable = vocabulary().variable(name)
    return variable.label if variable else name.replace("_", " ")


def few_words(name: str) -> str:
    """A variable in as few words as a row has room for: ``blood pressure``."""
    return FEW_WORDS.get(name) or variable_label(name).lower()


def choice_label(fact: Fact) -> str:
    """A fact's choice as the vocabulary labels it."""
    variable = vocabulary().variable(fact.what)
    found = variable.choices.get(fact.choice) if variable else None
    return found.label if found else fact.choice.replace("_", " ")


def product_name(choice: str) -> str:
    """``axi-cel`` of "axi-cel (Yescarta)"; empty for none."""
    found = vocabulary().variables["infusion"].choices.get(choice)
    return found.plain.partition(" (")[0] if found else choice.replace("_", " ")


@cache
def static_url(name: str) -> str:
    """The address of a static file, with a mark of its content: it may be kept forever."""
    content = (resources.files("cartway.web") / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
