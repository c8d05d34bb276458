"""The example courses: where their files are, and what they say."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cartway.record import Fact

DATA_ENDINGS = (".csv", ".json", ".hl7")


def example_files() -> list[Path]:
    """The example courses: in the installed package, else in the checkout that it runs from."""
    inside = Path(str(resources.files("cartway"))) / "examples"
    folder = inside if inside.is_dir() else checkout() / "examples"
    return sorted((path for path in folder.rglob("*") if path.suffix in DATA_ENDINGS), key=lambda path: path.name)


def checkout() -> Path:
    """The folder above `src`, where there is one."""
    return Path(__file__).parents[4]


def example_facts() -> list[Fact]:
    """Every fact of the examples, superseded ones included, read as any file is read. All of them are simulated."""
    from cartway.intake import read_facts

    return read_facts(example_files()).facts
