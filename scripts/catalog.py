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

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from cartway.vocabulary import vocabulary
from cartway.words.catalog import SOURCE, SPOKEN

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src" / "cartway"
CATALOGS = SOURCES / "words" / "catalog"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
JINJA = {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
PLAIN = (
    "body_temperature", "care_contact", "feeling", "heart_rate", "home_check", "infusion", "oxygen_device",
    "oxygen_saturation", "reported_symptom", "respiratory_rate", "systolic_pressure", "vaccination",
)  # fmt: skip
PLACE = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")


def messages() -> Catalog:
    """Every message of the sources, with where it stands."""
    found = Catalog(project="Cartway", fuzzy=False)
    for name, _, message, comments, context in extract_from_dir(SOURCES, METHODS, {METHODS[1][0]: JINJA}, KEYWORDS):
        found.add(message, None, [(Path(name).as_posix(), 0)], auto_comments=comments, context=context)
    for variable, words in _plain():
        found.add(words, None, [(f"vocabulary/{variable}", 0)])
    return found


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
    """A catalog as it is kept: in the order of its messages, without times and line numbers, so that a change is its
    own difference and nothing else.
    """
    made = io.BytesIO()
    write_po(made, catalog, width=120, sort_output=True, omit_header=True, include_lineno=False)
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
