"""The page about the twin names every product, disease and policy that there is, and only those policies."""

import re
from pathlib import Path

from cartway.twin.policy import policies
from cartway.twin.population import diseases, products

PAGE = (Path(__file__).parents[3] / "docs/explanation/twin.md").read_text()


def test_every_product_is_named() -> None:
    assert all(product.short in PAGE for product in products().values())


def test_every_disease_is_named() -> None:
    words = {"LBCL, second line": "LBCL in second line", "MM, 1 to 3 lines": "MM after 1 to 3 lines"}
    assert all(words.get(d.short, d.short) in PAGE for d in diseases().values())


def test_every_policy_is_named_and_no_other() -> None:
    table = PAGE.split("| policy |")[1].split("\n\n")[0]
    assert re.findall(r"^\| ([a-z]+) \|", table, re.M) == list(policies())
