"""For the patient: what was had. No grades: they are the team's tool."""

from __future__ import annotations

from datetime import date

from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Row, Section
from cartway.aftercare.plan.said import day, joined
from cartway.aftercare.plan.said import known as has_words
from cartway.aftercare.plan.treatment import Toxicity


def had(about: Known) -> Section:
    """Illness, the way to the cells, the cells, the two great toxicities of the first weeks, infections since."""
    did, say, on = about.treatment, about.say, about.language
    rows = [
        Row(say("had.illness"), _illness(about)),
        Row(say("had.collected"), _on(about, did.collected)),
        Row(say("had.bridging"), joined(list(dict.fromkeys(_bridging(about))), on)) if did.bridging else None,
        Row(say("had.depletion"), _on(about, did.depleted[0] if did.depleted else None)),
        Row(say("had.cells"), cells(about)),
        Row(say("had.infused"), joined([day(each, on) for each in did.infused], on)),
        Row(say("had.crs"), _toxicity(about, did.crs)),
        Row(say("had.icans"), _toxicity(about, did.icans)),
        Row(say("had.infections"), say("had.infections_count", count=len(did.infections))) if did.infections else None,
    ]
    return Section("had", say("had.title"), tuple(row for row in rows if row), empty=say("had.empty"))


def cells(about: Known) -> str:
    """``axi-cel (Yescarta). They look for CD19, a tag on the cancer cells.``"""
    did = about.treatment
    name = product_named(about)
    return about.say("had.cells_text", product=name, target=did.target) if did.target else name


def product_named(about: Known) -> str:
    """``axi-cel (Yescarta)``, the same in every language."""
    held = about.treatment.product
    if held is None:
        return about.say("had.product_unnamed")
    return f"{held.short} ({held.brand})" if held.brand and held.brand != held.short else held.short


def _illness(about: Known) -> str:
    told = about.treatment.diagnosis
    if told is None or not has_words(f"diagnosis.{told.choice}"):
        return about.say("had.not_recorded")
    return about.say(f"diagnosis.{told.choice}")


def _bridging(about: Known) -> list[str]:
    return [
        about.say(f"bridging.{fact.choice if has_words(f'bridging.{fact.choice}') else 'other'}")
        for fact in about.treatment.bridging
    ]


def _on(about: Known, moment: date | None) -> str:
    return about.say("had.not_recorded") if moment is None else day(moment, about.language)


def _toxicity(about: Known, had: Toxicity) -> str:
    if had.grade is None:
        return about.say("had.not_recorded")
    if not had.grade or had.first is None or had.last is None:
        return about.say("had.had_not")
    first, last = day(had.first, about.language), day(had.last, about.language)
    return about.say("had.had_it_on", first=first) if first == last else about.say("had.had_it", first=first, last=last)
