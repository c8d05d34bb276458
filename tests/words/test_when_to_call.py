"""The printed list of signs and the triage on the phone say the same: one table decides, and the page follows it."""

from __future__ import annotations

import re

import pytest

from cartway.watch.triage import Item, Tier, load_table
from cartway.words import languages, load_shelf

TIERS = (Tier.emergency, Tier.now, Tier.today, Tier.visit)  # the order of the page's sections
SYMPTOMS = [item for item in load_table().items.values() if item.symptom and item.symptom != "other"]


def sections(language: str) -> dict[Tier, str]:
    """What stands in the lists of each tier, in lower case."""
    page = load_shelf(language).page("when-to-call")
    assert page is not None
    found: list[str] = []
    for block in page.blocks:
        if block.kind == "heading":
            found.append("")
        elif block.kind == "item":
            found[-1] += block.text.casefold() + "\n"
    return dict(zip(TIERS, found, strict=False))


def few(item: Item, language: str) -> str:
    """What a symptom is called, in few words."""
    return item.words(language).partition(",")[0].casefold()


@pytest.mark.parametrize("language", languages())
def test_every_symptom_stands_under_its_tier(language: str) -> None:
    """In the first month and after it; named as on the phone, up to the first comma."""
    table, shown = load_table(), sections(language)
    tiers = {item.symptom: {table.tier(item.name, early) for early in (True, False)} for item in SYMPTOMS}
    asked = [(item, tier) for item in SYMPTOMS for tier in tiers[item.symptom]]
    assert [(item.symptom, tier.name) for item, tier in asked if few(item, language) not in shown[tier]] == []


@pytest.mark.parametrize("language", languages())
def test_what_is_an_emergency_stands_under_no_lower_tier(language: str) -> None:
    lower = "".join(text for tier, text in sections(language).items() if tier is not Tier.emergency)
    urgent = [item for item in SYMPTOMS if load_table().tier(item.name, False) is Tier.emergency]
    assert [item.symptom for item in urgent if few(item, language) in lower] == []


# Every other page that says what to do about a fever names the same emergencies: a reader may open only that one.

STORM = ("short-version", "first-weeks", "crs", "infection", "caregivers", "parents")
NAMED = {
    "breathlessness": ("breath", "respirar|aire"),
    "chest_pain": ("chest", "pecho"),
    "fainting": ("faint|pass out|passing out", "desmay"),
    "dizziness": ("dizzy", "mareo"),
    "fast_heartbeat": ("heart", "corazón"),
    "seizure": ("seizure", "convulsión"),
    "sleepiness": ("hard to wake", "cuesta despertar"),
    "confusion": ("mixed up|think|know you", "confusión|pensar|conoce"),
    "speech": ("speak|words|stops talking", "hablar|palabras"),
}
EMERGENCY = {"en": "emergency number", "es": "número de emergencias"}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("topic", STORM)
def test_a_page_of_the_first_weeks_sends_every_floor_to_the_emergency_number(topic: str, language: str) -> None:
    """Low pressure and a racing heart are what a storm feels like, and no reason to wait for a call back."""
    page = load_shelf(language).page(topic)
    assert page is not None
    told = "\n".join(block.text for block in page.blocks if EMERGENCY[language] in block.text).casefold()
    at = languages().index(language)
    assert [symptom for symptom, words in NAMED.items() if not re.search(words[at], told)] == []


def test_the_emergencies_that_pages_name_are_those_of_the_table() -> None:
    """What is named there is an emergency on the phone too, early and late."""
    table = load_table()
    tiers = {symptom: {table.tier(f"symptom:{symptom}", early) for early in (True, False)} for symptom in NAMED}
    assert tiers == {symptom: {Tier.emergency} for symptom in NAMED}


@pytest.mark.parametrize("language", languages())
def test_no_page_sends_breathlessness_to_office_hours(language: str) -> None:
    """Neither under its own name nor as being out of breath on the stairs."""
    breath = re.compile({"en": r"breath", "es": r"falta el aire|respirar"}[language])
    today = re.compile({"en": r"call today[^.]*\.", "es": r"llame hoy[^.]*\."}[language])
    blocks = [block.text.casefold() for page in load_shelf(language).pages for block in page.blocks]
    assert [said for text in blocks for said in today.findall(text) if breath.search(said)] == []
    assert not breath.search(sections(language)[Tier.today])
