"""The plan for the family doctor and every other clinician: alerts first, then who does what, then the record."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.aftercare.plan.clinical_past import response, summary, toxicity
from cartway.aftercare.plan.clinical_rows import effects, immune, limits, medicines, questions, vaccines, visits
from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Call, Plan, Row, Section
from cartway.aftercare.plan.past import product_named
from cartway.aftercare.plan.patient import words
from cartway.aftercare.plan.said import day
from cartway.vocabulary import vocabulary

TITLE = "Survivorship care plan after CAR T-cell therapy"
ASKED = (
    "Institute of Medicine 2006, From Cancer Patient to Cancer Survivor: treatment summary and follow-up plan",
    "ASCO 2014 survivorship care plan template: treatment, lasting toxicity, visits, tests, late effects, contacts",
)


def physician_plan(about: Known) -> Plan:
    """The whole plan, in English."""
    sections = (
        _alerts(about), _contacts(about), summary(about), toxicity(about), response(about), immune(about),
        limits(about), visits(about), medicines(about), vaccines(about), effects(about), _shared(about),
        questions(about),
    )  # fmt: skip
    numbered, sources = numbered_sources(tuple(section for section in sections if section is not None))
    return Plan(
        reader="physician",
        language="en",
        title=TITLE,
        lead=_lead(about),
        made_on=about.on,
        made=day(about.on, "en"),
        site=about.place.site,
        line=_labeled(about.line),
        emergency=about.emergency,
        calls=tuple(map(_labeled, about.calls)),
        sections=numbered,
        closing=(
            f"Worked out from the record of {about.place.site} as it stood on {day(about.on, 'en')}. The center's "
            "protocol and the product's current label come first. Decision support, not a medical device.",
        ),
        sources=(*sources, *ASKED),
        words=words(about),
        simulated=about.treatment.simulated,
    )


def _labeled(call: Call) -> Call:
    """Somebody to call as clinicians name them."""
    known = vocabulary().variables["care_contact"].choices.get(call.key)
    return msgspec.structs.replace(call, who=known.label) if known else call


def numbered_sources(sections: tuple[Section, ...]) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """The sections with each source as its number, and the numbered sources: a page is for what to do."""
    told = dict.fromkeys(row.source for section in sections for row in section.rows if row.source)
    numbers = {source: f"[{number}]" for number, source in enumerate(told, 1)}
    changed = tuple(
        msgspec.structs.replace(
            section,
            rows=tuple(msgspec.structs.replace(row, source=numbers.get(row.source, "")) for row in section.rows),
        )
        for section in sections
    )
    return changed, tuple(f"{number} {source}" for source, number in numbers.items())


def _lead(about: Known) -> str:
    when = " and ".join(day(each, "en") for each in about.treatment.infused)
    count = about.after.day
    since = f", day {count} on {day(about.on, 'en')}" if count is not None else ""
    return (
        f"{product_named(about)}, infused {when}{since}. Please file it where whoever sees this person next will look."
    )


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line that stands on every plan; `only` where the product's vector is of this kind."""

    what: str
    text: str
    source: str = ""
    only: str = ""
    confirmed: bool = True


@cache
def load_told() -> Mapping[str, tuple[Told, ...]]:
    """The alerts and who does what, as written."""
    text = (resources.files(__package__) / "words" / "clinical.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, tuple[Told, ...]])


def _told(about: Known, part: str) -> tuple[Row, ...]:
    held = about.treatment.product
    gaps = {"holder": (held.holder if held else "") or "not held here"}
    vector = held.vector if held else ""
    return tuple(
        Row(each.what, each.text.format(**gaps), source=each.source, confirmed=each.confirmed)
        for each in load_told()[part]
        if each.only in vector
    )


def _alerts(about: Known) -> Section:
    target = about.treatment.target
    cells = f" ({target} CAR T cells)" if target else ""
    return Section("alerts", f"What to know at once{cells}", _told(about, "alerts"))


def _contacts(about: Known) -> Section:
    return Section("call", "Contacts", empty="" if about.calls else "No other number is entered.")


def _shared(about: Known) -> Section:
    """Who does what. ASCO 2014: each test with who orders it. A center's custom, so not confirmed."""
    intro = "As the center proposes it; change it where you agree otherwise."
    return Section("shared", "Who does what", _told(about, "shared"), intro)
