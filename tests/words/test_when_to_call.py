"""The printed list of signs and the triage on the phone say the same: one table decides, and the page follows it."""

from __future__ import annotations

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
