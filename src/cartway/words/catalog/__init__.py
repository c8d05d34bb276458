"""The words of the interface in each language: gettext catalogs. The messages themselves are the English."""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from functools import cache
from importlib import resources

SOURCE = "en"
SPOKEN: Mapping[str, str] = {"en": "English", "es": "Español"}
"""What patients and caregivers can read, each called as it calls itself. Clinicians' pages are English."""


def N_(message: str) -> str:  # noqa: N802 - what gettext calls it everywhere
    """The message itself: marks one that is translated where it is shown, for who gathers the catalog."""
    return message


def catalog_text(language: str) -> bytes:
    """The catalog as it is kept (`.po`). Raises FileNotFoundError for a language without one."""
    return (resources.files(__name__) / f"{language}.po").read_bytes()


@cache
def translations(language: str) -> gettext.NullTranslations:
    """What translates into a language of SPOKEN: ``translations("es").gettext("Sign in")``. English is left as it is.

    Raises KeyError for a language that is not spoken.
    """
    if language not in SPOKEN:
        raise KeyError(language)
    return gettext.NullTranslations() if language == SOURCE else _compiled(catalog_text(language), language)


def _compiled(text: bytes, language: str) -> gettext.GNUTranslations:
    """A catalog made in memory of its text: no compiled copy lies about to go stale."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = io.BytesIO()
    write_mo(made, read_po(io.BytesIO(text), locale=language))
    made.seek(0)
    return gettext.GNUTranslations(made)
