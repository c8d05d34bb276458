"""The example courses: where their files are, and what they say."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cartway.record import Fact

DATA_ENDINGS = (".csv", ".json", ".hl7")


APART = {"after", "chain", "programme", "trials"}  # folders of examples that are no courses of the ward


def examples_folder() -> Path:
    """Where the examples are: in the installed package, else in the checkout that it runs from."""
    inside = Path(str(resources.files("cartway"))) / "examples"
    return inside if inside.is_dir() else checkout() / "examples"


def example_files() -> list[Path]:
    """The example courses of the ward."""
    folder = examples_folder()
    files = (path for path in folder.rglob("*") if path.suffix in DATA_ENDINGS)
    return sorted((path for path in files if not APART & set(path.relative_to(folder).parts)), key=lambda p: p.name)


def programme_files() -> list[Path]:
    """The example courses on the road to infusion, and the center's own record."""
    return sorted((examples_folder() / "programme").glob("*.csv"))


def after_files() -> list[Path]:
    """The example courses with a year or more after the infusion, and the center's numbers to call."""
    return sorted((examples_folder() / "after").glob("*.csv"))


def center_file() -> Path:
    """The center's own record: its numbers to call."""
    return examples_folder() / "after" / "center.csv"


def trial_folder() -> Path:
    """The example trial records."""
    return examples_folder() / "trials"


def answer_facts() -> list[Fact]:
    """What the people of the demo answered to alerts and to what was due. `source` is who: an account."""
    from cartway.intake import read_facts

    return read_facts([Path(str(resources.files("cartway"))) / "web" / "demo" / "answers.csv"]).facts


def checkout() -> Path:
    """The folder above `src`, where there is one."""
    return Path(__file__).parents[4]


def example_facts() -> list[Fact]:
    """Every fact of the examples, superseded ones included, read as any file is read. All of them are simulated."""
    from cartway.intake import read_facts

    return read_facts(example_files()).facts


def programme_facts() -> list[Fact]:
    """Every fact of the courses on the road to infusion, and of the center. All of them are simulated."""
    from cartway.intake import read_facts

    return read_facts(programme_files()).facts


def after_facts() -> list[Fact]:
    """Every fact of the courses after the infusion. All of them are simulated."""
    from cartway.intake import read_facts

    return read_facts(after_files()).facts
