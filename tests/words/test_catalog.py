"""The catalogs: every message of the interface is translated, and with the same places for values."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Message

from cartway.words.catalog import translations
from catalog import CATALOGS, SOURCE, SPOKEN, _flaw, as_text, flaws, messages, updated

OTHERS = [each for each in SPOKEN if each != SOURCE]


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_there_and_translated(language: str) -> None:
    """`scripts/catalog.py` changes nothing, and finds nothing wrong."""
    catalog = updated(language, messages())
    assert list(flaws(catalog)) == []
    assert as_text(catalog) == (CATALOGS / f"{language}.po").read_text()


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        (Message("Day %(day)s", "Día %(day)s"), ""),
        (Message("Day %(day)s", ""), "not translated"),
        (Message("Day %(day)s", "Día %(dia)s"), "other places for values"),
        (Message("Day %(day)s", "Día"), "other places for values"),
        (Message("Home", "Inicio", flags=["fuzzy"]), "fuzzy"),
        (Message(("%(num)s day", "%(num)s days"), ("%(num)s día", "%(num)s días")), ""),
        (Message(("%(num)s day", "%(num)s days"), ("%(num)s día", "")), "not translated"),
        (Message(("One day", "%(num)s days"), ("Un día", "%(num)s días")), ""),
    ],
)
def test_what_is_wrong_with_a_message(message: Message, wrong: str) -> None:
    assert _flaw(message) == wrong


def test_the_english_is_what_the_templates_say() -> None:
    assert translations("en").gettext("Skip to the content") == "Skip to the content"
    assert translations("en").ngettext("%(num)s day", "%(num)s days", 2) == "%(num)s days"


def test_spanish_is_translated_and_other_languages_are_not_spoken() -> None:
    assert translations("es").gettext("Skip to the content") == "Ir al contenido"
    with pytest.raises(KeyError):
        translations("fr")


def test_the_times_that_tick_on_a_page_say_the_same_as_the_catalog() -> None:
    """static/time.js has these few words of its own: it must not wait for a catalog to be loaded."""
    script = (CATALOGS.parent.parent / "web" / "static" / "time.js").read_text()
    for language in SPOKEN:
        said = translations(language).gettext
        past, ahead = (said(message) % {"span": "${length}"} for message in ("%(span)s ago", "in %(span)s"))
        line = f'{language}: {{ now: "{said("now")}", past: (length) => `{past}`, ahead: (length) => `{ahead}` }}'
        assert line in script
