"""The documents: complete, fresh and true. What the code offers is documented; what the documents name exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import reference
from cartway.cli import app
from cartway.settings import SETTINGS
from cartway.toxicity.rules import Rules, load_rules
from cartway.vocabulary import vocabulary

from .files import ROOT, text_of, written_files

DOCS = ROOT / "docs"
PAGES = [path for path in written_files() if path.suffix == ".md"]
VERBS: dict[str, Any] = dict(reference.verbs("cartway", typer.main.get_command(app)))
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")


# The reference is what the code says


@pytest.mark.parametrize("page", reference.PAGES)
def test_the_reference_is_fresh(page: str) -> None:
    assert text_of(DOCS / "reference" / page) == reference.render(page), "run `make docs`"


def test_every_reference_page_is_written_by_the_generator() -> None:
    assert {path.name for path in (DOCS / "reference").iterdir()} == set(reference.PAGES)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_what_it_does(verb: str) -> None:
    assert (VERBS[verb].help or "").strip(), f"{verb} has no help"
    assert f"## {verb}\n" in text_of(DOCS / "reference" / "cli.md")


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_says_what_it_means(verb: str) -> None:
    silent = [parameter.name for parameter in VERBS[verb].params if not parameter.hidden and not parameter.help]
    assert silent == []


def test_every_setting_is_defined_and_documented_once() -> None:
    used = {name for path in written_files(ROOT / "src") for name in re.findall(r"\bCARTWAY_[A-Z_]+\b", text_of(path))}
    defined = {setting.name for setting in SETTINGS}
    assert used <= defined | {"CARTWAY_"}
    page = text_of(DOCS / "reference" / "settings.md")
    assert all(f"`{name}`" in page for name in defined)


def test_every_variable_is_documented() -> None:
    page = text_of(DOCS / "reference" / "vocabulary.md")
    variables = vocabulary().variables.values()
    assert [one.name for one in variables if f"### {one.name}\n" not in page] == []
    assert [one.name for one in variables if not (one.label and one.plain and one.source)] == []


def test_every_problem_has_a_code_that_can_be_counted() -> None:
    unnamed = [one for one in reference.stated_problems() if not re.fullmatch(r"[a-z][a-z0-9_]*", one.code)]
    assert unnamed == []


def test_every_problem_says_what_mends_it() -> None:
    assert [one.code for one in reference.stated_problems() if not (one.reason and one.remedy)] == []


# What the documents name exists


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = [link for link in links(page) if not leads_somewhere(page, link)]
    assert broken == []


def links(page: Path) -> list[str]:
    """The links of a page that stay in the repository; code blocks hold none."""
    prose = re.sub(r"```.*?```", "", text_of(page), flags=re.DOTALL)
    return [link for link in LINK.findall(prose) if "://" not in link and not link.startswith("mailto:")]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in anchors(target)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as Markdown viewers make them."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_listed() -> None:
    listed = {(DOCS / link.partition("#")[0]).resolve() for link in links(DOCS / "README.md")}
    assert set(DOCS.rglob("*.md")) - {DOCS / "README.md"} == listed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_in_the_documents_can_be_given(page: Path) -> None:
    for words in cartway_calls(text_of(page)):
        name = next((n for size in (3, 2) if (n := " ".join(words[:size])) in VERBS), " ".join(words[:2]))
        assert name in VERBS, f"there is no `{name}`"
        known = {option for parameter in VERBS[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
        given = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert given <= known | {"--help"}, f"{name} has no {given - known}"


def cartway_calls(text: str) -> Iterator[list[str]]:
    """The calls of `cartway VERB` in code, as words; placeholders and pipes are left out."""
    for block in re.findall(r"^```(?:sh|console)?\n(.*?)^```|`([^`\n]+)`", text, re.DOTALL | re.MULTILINE):
        for line in "".join(block).splitlines():
            call = line.removeprefix("$ ").removeprefix(".venv/bin/")
            words = shlex.split(call.split(" | ")[0].split(" > ")[0]) if re.match(r"cartway [a-z]", call) else []
            if len(words) > 1:
                yield words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_policy_in_the_documents_can_be_set(page: Path) -> None:
    for name, value in re.findall(r"--policy ([a-z_0-9]+)=([\w.]+)", text_of(page)):
        assert isinstance(load_rules().with_policy(name, value), Rules), f"{name}={value}"


def test_every_policy_is_explained() -> None:
    pages = (text_of(page) for page in sorted((DOCS / "explanation").glob("*.md")))
    named = {name for page in pages for name in re.findall(r"`([a-z_0-9]+)`", page)}
    open_questions = {name for name, policy in load_rules().policies.items() if policy.flag}
    assert open_questions - named == set()


def test_the_documents_name_no_setting_that_is_not_there() -> None:
    named = {name for page in PAGES for name in re.findall(r"\bCARTWAY_[A-Z]+(?:_[A-Z]+)*\b", text_of(page))}
    assert named <= {setting.name for setting in SETTINGS}
