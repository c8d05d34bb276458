"""Every sentence stands in both languages with the same gaps, and everything that a plan may name has words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import pytest

from aftercare.plan.drawn import course, fact, plan
from cartway.aftercare.calendar_points import load_calendar
from cartway.aftercare.label_periods import load_restrictions
from cartway.aftercare.late_effects import load_effects
from cartway.aftercare.plan.ahead import LIMITS
from cartway.aftercare.plan.card import SIGNS
from cartway.aftercare.plan.model import LANGUAGES
from cartway.aftercare.plan.said import day, joined, known, say, sentences
from cartway.aftercare.prophylaxis import load_prophylaxis
from cartway.aftercare.questions import load_questions
from cartway.response.guidelines import GUIDELINES
from cartway.vocabulary import vocabulary
from cartway.watch.triage import load_table
from readability import FORMULAS, HIGHEST_GRADE, measure, split

GAP = re.compile(r"\{(\w+)\}")
MUST_STAY = ("CAR T", "CRS", "ICANS", "antibodies", "immune system", "chemotherapy", "medicine", "caregivers")


@pytest.mark.parametrize("key", sentences())
def test_a_sentence_stands_in_every_language_with_the_same_gaps(key: str) -> None:
    words = sentences()[key]
    assert set(words) == set(LANGUAGES)
    assert all(text.strip() == text and text for text in words.values())
    assert len({tuple(sorted(GAP.findall(text))) for text in words.values()}) == 1


def choices(what: str) -> Iterable[str]:
    return vocabulary().variables[what].choices


NAMED = [
    *(f"vaccine.{name}" for name in choices("vaccination")),
    *(f"effect.{name}" for name in choices("late_effect")),
    *(f"sign.{effect.key}" for effect in load_effects()),
    *(f"contact.{name}" for name in choices("care_contact")),
    *(f"diagnosis.{name}" for name in choices("diagnosis")),
    *(f"bridging.{name}" for name in choices("bridging_therapy") if name != "none"),
    *(f"task.{task.key}" for task in load_calendar().tasks),
    *(f"task.{task.key}" for task in load_calendar().repeated),
    *(f"medicine.{name}" for name in load_prophylaxis()),
    *(f"question.{name}" for name in load_questions()),
    *(f"limit.{name}" for name in (*load_restrictions().periods, "blood_products", "donation", "contraception")),
    *(f"response.{name}" for each in GUIDELINES.values() for name in each.ranks if not name.startswith("IR")),
]


@pytest.mark.parametrize("key", dict.fromkeys(NAMED))
def test_whatever_a_plan_may_name_has_words(key: str) -> None:
    assert known(key)


def test_every_restriction_has_its_place_in_the_plan() -> None:
    assert set(load_restrictions().periods) <= set(LIMITS)


@pytest.mark.parametrize(("tier", "name"), [(tier, name) for tier, names in SIGNS.items() for name in names])
def test_a_sign_on_the_card_has_its_tier_of_the_table_early_and_late(tier: int, name: str) -> None:
    table = load_table()
    assert table.tier(f"symptom:{name}", early=True) == tier
    assert table.tier(f"symptom:{name}", early=False) == tier


def test_days_and_lists_as_each_language_writes_them() -> None:
    assert day(date(2026, 7, 10), "en") == "July 10, 2026"
    assert day(date(2026, 7, 10), "es") == "10 de julio de 2026"
    assert joined(["flu", "COVID", "RSV"], "en") == "flu, COVID and RSV"
    assert joined(["gripe", "infecciones"], "es") == "gripe e infecciones"
    assert joined(["tos", "fiebre"], "es") == "tos y fiebre"


def test_a_sentence_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="no words for nothing"):
        say("nothing", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_patient_plan_reads_at_grade_eight_or_below(language: str) -> None:
    found = plan(course(fact("2025-10-01T00:00Z", "diagnosis", choice="dlbcl")), language=language)  # type: ignore[arg-type]
    texts = [found.lead, *found.closing]
    for section in found.sections:
        texts.append(section.intro)
        for row in section.rows:
            texts += [f"{row.what}: {row.text}" if row.text else row.what, *row.items]
    read = measure([each for text in texts for each in split(text)], language, MUST_STAY)
    graded = {name: formula(read) for name, formula in FORMULAS[language].items()}
    assert max(graded.values()) <= HIGHEST_GRADE, graded


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stringent_remission_is_told_as_a_complete_one(language: str) -> None:
    """Kumar 2016: stringent is a normal light-chain ratio and a clear marrow; residual disease may still be found."""
    assert sentences()["response.sCR"][language] == sentences()["response.CR"][language]
