"""How hard the pages are to read: the measures against known values, then every page against the limit."""

from __future__ import annotations

import pytest

import readability
from cartway.words import Page, languages, load_shelf
from readability import HIGHEST_GRADE, Measured, grades, measure, sentences_of, split

# The measures


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("cat", 1), ("fever", 2), ("hospital", 3), ("every", 2), ("don't", 1), ("doctor's", 2), ("38", 1), ("100.4", 1)],
)
def test_english_syllables(word: str, syllables: int) -> None:
    assert readability.english_syllables(word) == syllables


def test_a_word_that_no_dictionary_has_is_not_an_easy_one() -> None:
    assert readability.english_syllables("leukapheresis") >= 5
    assert readability.english_syllables("tocilizumab") >= 4


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("sol", 1),
        ("fiebre", 2),
        ("células", 3),
        ("día", 2),
        ("guía", 2),
        ("que", 1),
        ("ahora", 3),
        ("ayuda", 3),
        ("muy", 1),
        ("leía", 3),
        ("tratamiento", 4),
        ("vergüenza", 3),
    ],
)
def test_spanish_syllables(word: str, syllables: int) -> None:
    assert readability.spanish_syllables(word) == syllables


def test_smog_as_its_author_counts() -> None:
    """McLaughlin's constants: one sentence with four hard words is of grade 14.55."""
    assert readability.smog(Measured(1, 10, 22, 4, 10)) == pytest.approx(14.5546, abs=1e-4)


def test_flesch_kincaid_by_hand() -> None:
    """20 words and 30 syllables in two sentences: 0.39 * 10 + 11.8 * 1.5 - 15.59."""
    assert readability.flesch_kincaid(Measured(2, 20, 30, 2, 12)) == pytest.approx(6.01)


def test_fernandez_huerta_by_its_table() -> None:
    """10 words a sentence: 206.84 - 60 * syllables - 10.2."""
    eased = [readability.fernandez_huerta(Measured(10, 100, syllables, 0, 10)) for syllables in (170, 205, 225, 300)]
    assert eased == [4, 6, 8, 13]


def test_crawford_by_hand() -> None:
    """Ten sentences and 200 syllables in 100 words: -0.205 * 10 + 0.049 * 200 - 3.407."""
    assert readability.crawford(Measured(10, 100, 200, 0, 10)) == pytest.approx(4.343)


def test_sentences_end_where_a_reader_stops() -> None:
    text = 'Call us now. Say: "I had CAR T cells." Dr. Lee knows. It is 100.4 °F. Then wait for us.'
    assert split(text) == [
        "Call us now.",
        'Say: "I had CAR T cells.',
        "Dr Lee knows.",
        "It is 100.4 °F.",
        "Then wait for us.",
    ]


def test_a_term_that_must_stay_counts_as_an_easy_word() -> None:
    told = ["You may get leukapheresis and infections"]
    assert measure(told, "en").hard == 2
    assert measure(told, "en", ["leukapheresis", "infection"]).hard == 0


# Every page


@pytest.mark.parametrize("language", languages())
def test_every_page_is_of_grade_eight_or_lower_by_two_formulas(language: str) -> None:
    found = {page.topic: grades(page) for page in load_shelf(language).pages}
    assert {len(each) for each in found.values()} == {2}
    assert {topic: each for topic, each in found.items() if max(each.values()) > HIGHEST_GRADE} == {}


@pytest.mark.parametrize("language", languages())
def test_sentences_are_short(language: str) -> None:
    """Fifteen words on the average of a page at most, and none that one has to read twice."""
    found = {page.topic: measure(sentences_of(page), language) for page in load_shelf(language).pages}
    assert {topic for topic, text in found.items() if text.words_a_sentence > 15 or text.longest > 30} == set()


@pytest.mark.parametrize("language", languages())
def test_every_term_that_must_stay_is_met_on_its_page_and_explained(language: str) -> None:
    shelf = load_shelf(language)
    glossary = shelf.page("glossary")
    assert glossary is not None
    explained = told(glossary)
    terms = [(page.topic, term) for page in shelf.pages for term in page.front.must_stay]
    pages = {page.topic: told(page) for page in shelf.pages}
    assert [(topic, term) for topic, term in terms if term.lower() not in pages[topic]] == []
    assert [(topic, term) for topic, term in terms if term.lower() not in explained] == []


def test_the_documentation_shows_the_grades_as_they_are() -> None:
    """`scripts/readability.py --docs` writes them."""
    written = readability.DOCS.read_text(encoding="utf-8")
    assert written == readability.with_table(written)


def told(page: Page) -> str:
    """A page's words in lower case."""
    return " ".join(block.text.lower() for block in page.blocks)
