"""Gathers the messages of the interface into the catalogs under ``src/cartway/words/catalog``.

``python scripts/catalog.py`` brings each catalog up to the templates and the code, and names what is not translated;
``--check`` changes nothing. Both fail while something is not translated. Messages are what stands in ``_()``,
``{% trans %}``, ``N_()``, ``gettext()`` and ``ngettext()``, and the plain words of the vocabulary that patients' pages
show.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from cartway.vocabulary import vocabulary
from cartway.words.catalog import SOURCE, SPOKEN

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src" / "cartway"
CATALOGS = SOURCES / "words" / "catalog"
METHODS = {".py": ("python", {}), ".html": ("jinja2.ext:babel_extract", {
    "trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false",
})}  # fmt: skip
MARKED = re.compile(rb"\b(_|N_|n?gettext)\(|{%-? *trans")
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
PLAIN = (
    "body_temperature", "care_contact", "feeling", "heart_rate", "home_check", "infusion", "oxygen_device",
    "oxygen_saturation", "reported_symptom", "respiratory_rate", "systolic_pressure", "vaccination",
)  # fmt: skip
PLACE = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")


def messages() -> Catalog:
    """Every message of the sources."""
    found = Catalog(project="Cartway", fuzzy=False)
    for file in sorted(each for each in SOURCES.rglob("*") if each.suffix in METHODS):
        for message, comments, context in _of_file(file):
            found.add(message, None, auto_comments=comments, context=context)
    for variable, words in _plain():
        found.add(words, None, auto_comments=[f"vocabulary: {variable}"])
    return found


def _of_file(file: Path) -> Iterator[tuple[Any, list[str], str | None]]:
    """The messages of one file. Most have none: they are not taken apart."""
    read = file.read_bytes()
    if MARKED.search(read):
        method, options = METHODS[file.suffix]
        for _, message, comments, context in extract(method, io.BytesIO(read), KEYWORDS, options=options):
            yield message, comments, context


def _plain() -> Iterator[tuple[str, str]]:
    """The plain words of what patients' pages show: of each variable in PLAIN and of its choices."""
    for name in PLAIN:
        variable = vocabulary().variables[name]
        said = (variable.plain, *(choice.plain for choice in variable.choices.values()))
        yield from ((name, words) for words in said if words)


def updated(language: str, found: Catalog) -> Catalog:
    """The catalog of a language with the messages that are there now; what was translated stays so."""
    kept = _kept(language)
    kept.update(found, no_fuzzy_matching=True, update_header_comment=False)
    kept.obsolete.clear()
    return kept


def _kept(language: str) -> Catalog:
    file = CATALOGS / f"{language}.po"
    if not file.exists():
        return Catalog(locale=language, project="Cartway", fuzzy=False)
    return read_po(io.BytesIO(file.read_bytes()), locale=language)


def as_text(catalog: Catalog) -> str:
    """A catalog as it is kept: in the order of its messages, without times and places, so that what moves about in the
    sources changes nothing here.
    """
    made = io.BytesIO()
    write_po(made, catalog, width=120, sort_output=True, omit_header=True, no_location=True)
    header = f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f'{header}"Plural-Forms: {catalog.plural_forms}\\n"\n\n{made.getvalue().decode()}'


def flaws(catalog: Catalog) -> Iterator[str]:
    """What is wrong with each message: not translated, fuzzy, or with other places for values than the English."""
    for message in catalog:
        if message.id and (wrong := _flaw(message)):
            yield f"{wrong}: {message.id!r}"


def _flaw(message: Message) -> str:
    english, said = _forms(message.id), _forms(message.string)
    if not all(said):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    wanted = {tuple(sorted(PLACE.findall(each))) for each in english}
    return "" if all(tuple(sorted(PLACE.findall(each))) in wanted for each in said) else "other places for values"


def _forms(said: object) -> list[str]:
    return [str(each or "") for each in said] if isinstance(said, list | tuple) else [str(said or "")]


def main(arguments: list[str]) -> int:
    """0 where every catalog has every message."""
    found, wrong = messages(), []
    for language in SPOKEN:
        if language == SOURCE:
            continue
        catalog = updated(language, found)
        stale = as_text(catalog) != (CATALOGS / f"{language}.po").read_text() if "--check" in arguments else False
        if "--check" not in arguments:
            (CATALOGS / f"{language}.po").write_text(as_text(catalog))
        wrong += [f"{language}: {flaw}" for flaw in flaws(catalog)] + ([f"{language}: not up to date"] if stale else [])
    print("\n".join(wrong) or "Every message is translated.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
