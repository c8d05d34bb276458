"""The pages that patients read: each one whole, cited, dated, and leading on to the others."""

from __future__ import annotations

import datetime
import itertools
import re
from importlib import resources

import pytest

from cartway.words import PageError, languages, load_shelf
from cartway.words.parse import Block, blocks, html, links, parse

ALL = [page for language in languages() for page in load_shelf(language).pages]
FRONT = '+++\ntitle = "T"\nabout = "A"\nreviewed = 2026-11-23\nsources = ["Lee 2019"]\n+++\n'


# How a page is read


def test_a_page_is_its_facts_and_its_words() -> None:
    front, body = parse("p.md", FRONT + "\nYour cells **rest**.\n")
    assert (front.title, front.reviewed, front.sources) == ("T", datetime.date(2026, 11, 23), ("Lee 2019",))
    assert html(body).strip() == "<p>Your cells <strong>rest</strong>.</p>"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Only words.", "+++"),
        (FRONT.replace("+++\n", "", 1), "+++"),
        (FRONT.replace('about = "A"\n', ""), "about"),
        (FRONT.replace('"Lee 2019"', "7"), "sources"),
        (FRONT.replace("title", "heading"), "heading"),
    ],
    ids=["no facts", "not opened", "a fact missing", "a wrong type", "an unknown fact"],
)
def test_a_broken_page_is_refused_by_its_name(written: str, why: str) -> None:
    with pytest.raises(PageError, match=r"en/p\.md") as refused:
        parse("en/p.md", written)
    assert why in str(refused.value)


def test_markup_in_a_page_is_text() -> None:
    assert "<script>" not in html("<script>alert(1)</script> and <b>bold</b>")


def test_a_link_to_a_script_is_no_link() -> None:
    assert links("[here](javascript:alert(1))") == []


def test_a_page_without_its_markup_is_told_block_by_block() -> None:
    body = "## Now\n\nCall\nus.\n\n- Fever\n- **Chills** and\n  shaking\n\n| a | b |\n| - | - |\n| c | d |\n"
    assert list(blocks(body)) == [
        Block("heading", "Now"),
        Block("paragraph", "Call us."),
        Block("item", "Fever"),
        Block("item", "Chills and shaking"),
        Block("th", "a"),
        Block("th", "b"),
        Block("td", "c"),
        Block("td", "d"),
    ]


def test_a_link_to_the_file_of_a_page_leads_to_the_page() -> None:
    assert '<a href="crs">CRS</a>' in html("[CRS](crs.md)")
    assert links("[CRS](crs.md)") == ["crs.md"]


def test_a_table_keeps_its_meaning_where_it_is_shown_as_a_list() -> None:
    drawn = html("## Shots\n\n| What | When |\n| - | - |\n| flu | 3 months |\n| **live** | 1 year |\n")
    assert '<table role="table" class="data" aria-label="Shots">' in drawn
    assert '<th role="columnheader" scope="col">When</th>' in drawn
    assert '<td role="cell" data-column="When">3 months</td>' in drawn
    assert '<td role="cell" data-column="What"><strong>live</strong></td>' in drawn


# The shelf


def test_a_language_without_pages_is_read_in_english() -> None:
    assert load_shelf("fi") is load_shelf("en")


def test_before_and_after_follow_the_road() -> None:
    shelf = load_shelf("en")
    first, second, last = shelf.pages[0], shelf.pages[1], shelf.pages[-1]
    assert shelf.beside(first.topic) == (None, second)
    assert shelf.beside(last.topic) == (shelf.pages[-2], None)


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_topics_in_the_same_order(language: str) -> None:
    def told(shelf_language: str) -> list[list[str]]:
        return [[page.topic for page in part.pages] for part in load_shelf(shelf_language).parts]

    assert told(language) == told("en")


@pytest.mark.parametrize("language", languages())
def test_every_page_that_is_written_is_on_the_shelf_once(language: str) -> None:
    folder = resources.files("cartway.words") / "pages" / language
    written = sorted(file.name for file in folder.iterdir() if file.name.endswith(".md"))
    assert written == sorted(f"{page.topic}.md" for page in load_shelf(language).pages)


# Every page


def test_every_page_is_cited_and_dated() -> None:
    oldest = datetime.date(2026, 1, 1)
    bare = [page for page in ALL if not (page.title and page.front.about and page.front.sources)]
    assert bare == []
    assert [page.topic for page in ALL if page.front.reviewed < oldest] == []


def test_every_link_of_a_page_leads_to_a_page() -> None:
    written = {(page.language, f"{page.topic}.md") for page in ALL}
    lead = [(page.language, link) for page in ALL for link in links(page.body)]
    assert [each for each in lead if each not in written] == []


def test_headings_begin_below_the_title_and_skip_no_order() -> None:
    for page in ALL:
        orders = [int(order) for order in re.findall(r"<h([1-6])>", page.html)]
        assert all(now <= before + 1 for before, now in itertools.pairwise([1, *orders])), page.topic
        assert 1 not in orders, page.topic


def test_every_page_is_long_enough_to_help_and_short_enough_to_read() -> None:
    words = {page: sum(len(block.text.split()) for block in page.blocks) for page in ALL}
    most = {"glossary": 1700, "frequent-questions": 1700}
    assert [page.topic for page, count in words.items() if not 250 <= count <= most.get(page.topic, 800)] == []


NEVER = {
    "en": [
        *("you will be cured", "guarantee", "don't worry", "do not worry", "nothing to fear", "miracle", "battle"),
        *(
            "somebody will call you",
            "they will come",
            "will wait for you",
            "never happen to you",
            "the best other care",
        ),
    ],
    "es": [
        *("se curará", "garantiza", "no se preocupe", "no te preocupes", "milagro", "batalla"),
        *("alguien le llamará", "van a venir", "le van a esperar", "no le pasará nunca"),
    ],
}


@pytest.mark.parametrize("language", languages())
def test_no_page_promises_or_belittles(language: str) -> None:
    """Neither a cure, nor that somebody of a team that the page does not know will do a thing."""
    told = "\n".join(block.text.lower() for page in load_shelf(language).pages for block in page.blocks)
    assert [each for each in NEVER[language] if each in told] == []
