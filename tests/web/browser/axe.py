"""axe-core on a page: every rule in the light, and those that look at colors in the dark too.

Themes differ in nothing but colors (test_screens holds the style sheets to it), so no other rule could tell them apart.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

THEMES = ("light", "dark")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """([tags, colors]) => axe.run(document, {resultTypes: ['violations'], runOnly: colors
  ? {type: 'rule', values: axe.getRules(tags).filter(rule => rule.tags.includes('cat.color')).map(rule => rule.ruleId)}
  : {type: 'tag', values: tags}}).then(
  found => found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html.slice(0, 160)),
    rule.nodes[0].any.concat(rule.nodes[0].all, rule.nodes[0].none).map(check => check.message).join('; ')]))"""


def violations(page: Page) -> list[str]:
    """What axe objects to in a page as it stands, in each theme."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_script())
    return [f"{theme}: {each}" for theme in THEMES for each in _in(page, theme)]


def _in(page: Page, theme: Any) -> list[str]:
    page.emulate_media(color_scheme=theme)
    found = page.evaluate(_RUN, [TAGS, theme != THEMES[0]])
    return [f"{rule} at {len(nodes)} places: {nodes[0]}: {said}" for rule, nodes, said in found]


@cache
def _script() -> str:
    return str(Axe().axe_script)
