"""What the fit writes into the tables: a number multiplied in its place, nothing else touched."""

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from cartway.twin.calibration.free import load_free

ROOT = Path(__file__).parents[3]
PRODUCTS = """# a comment stays
[[product]]
name = "one"
[product.effects]
kact = { times = 2.0, standing = "assumed" }

[[product]]
name = "two"
[product.effects]
kact = { value = 3.0, spread = 0.6, standing = "published" }
"""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("calibrate", ROOT / "scripts" / "calibrate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_block_is_that_of_its_name(script: ModuleType) -> None:
    start, end = script.block(PRODUCTS, "product", "one")
    assert "times = 2.0" in PRODUCTS[start:end] and "value = 3.0" not in PRODUCTS[start:end]


def test_an_effect_is_multiplied_and_called_calibrated(script: ModuleType) -> None:
    assert script.changed_effect('kact = { times = 2.0, standing = "assumed" }', 1.5) == (
        'kact = { times = 3.0, standing = "calibrated" }'
    )
    assert script.changed_effect('rB = { value = 0.1, spread = 0.6, standing = "published" }', 2.0) == (
        'rB = { value = 0.2, spread = 0.6, standing = "calibrated" }'
    )
    assert "times = 0.5, spread" in script.changed_effect('gE = { spread = 0.4, standing = "assumed" }', 0.5)


def test_a_share_moves_by_its_odds_in_the_table_too(script: ModuleType) -> None:
    line = 'negative = { share = 0.2, low = 1.0, high = 1e6, standing = "assumed" }\n'
    # odds of a quarter, doubled, are one half: a share of one third
    assert script.shared(line, 2.0).startswith("negative = { share = 0.3333, low = 1.0")


def test_what_is_not_there_is_not_passed_over(script: ModuleType) -> None:
    with pytest.raises(ValueError, match="no median"):
        script.times("name = 1", "median", 2.0)


@pytest.mark.parametrize(
    ("value", "text"), [(2.0, "2.0"), (0.27316, "0.2732"), (4e9, "4.000e+09"), (100000.0, "100000.0")]
)
def test_numbers_are_floats_of_toml(script: ModuleType, value: float, text: str) -> None:
    assert script.digits(value) == text


def test_how_far_each_free_quantity_moved_is_on_record(script: ModuleType) -> None:
    with script.FITTED.open() as file:
        kept = {(r["of"], r["who"], r["name"], r["what"]) for r in csv.DictReader(file)}
    assert kept == {(f.of, f.who, f.name, f.what) for f in load_free()}
