"""The reading room over the web: open to all, in the reader's language, whole without a script."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest

from cartway.words import load_shelf

from ..conftest import Site

ASK = "Ask your own team. In an emergency call your local emergency number."


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client that nobody is signed in with."""
    site = Site(tmp_path_factory.mktemp("reading"), phone="+1 555 0100")
    with site.client(None) as client:
        yield client
    site.app.state.stores.close()


def test_nobody_needs_to_sign_in_to_read(reader: Any) -> None:
    assert reader.get("/read").status_code == 200
    assert reader.get("/read/crs").status_code == 200


def test_the_contents_lead_to_every_page_in_the_order_of_the_road(reader: Any) -> None:
    page = reader.get("/read").text
    places = [page.index(f'href="/read/{each.topic}"') for each in load_shelf("en").pages]
    assert places == sorted(places)


def test_a_page_shows_its_words_its_sources_and_whom_to_ask(reader: Any) -> None:
    for shown in load_shelf("en").pages:
        page = reader.get(f"/read/{shown.topic}").text
        assert shown.html.strip() in page, shown.topic
        assert page.count("<h1") == 1, shown.topic
        assert ASK in page, shown.topic
        checked = f"{shown.front.reviewed:%B %-d, %Y}"
        assert f"Last checked against these sources: {checked}." in page, shown.topic


def test_a_page_leads_to_the_one_before_and_the_one_after(reader: Any) -> None:
    pages = load_shelf("en").pages
    page = reader.get(f"/read/{pages[1].topic}").text
    assert f'rel="prev" href="/read/{pages[0].topic}"' in page
    assert f'rel="next" href="/read/{pages[2].topic}"' in page


@pytest.mark.parametrize("topic", ["nothing", "contents.toml", "..%2fcontents", "CRS"])
def test_what_is_no_topic_is_not_found(reader: Any, topic: str) -> None:
    assert reader.get(f"/read/{topic}").status_code == 404


def test_a_reader_of_another_language_reads_in_it_where_it_is_written(reader: Any) -> None:
    shown = load_shelf("es").page("crs")
    assert shown is not None
    page = reader.get("/read/crs", headers={"accept-language": "es-MX,es;q=0.9"}).text
    assert '<html lang="es">' in page
    assert f'<h1 lang="{shown.language}">{shown.title}</h1>' in page
    assert f'<li lang="en">{html.escape(shown.front.sources[0])}</li>' in page  # named as it is called, in English


def test_the_number_to_call_stands_on_every_page(reader: Any) -> None:
    assert "+1 555 0100" in reader.get("/read/crs").text
