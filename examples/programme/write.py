"""Write the courses on the road anew: `python examples/programme/write.py [FOLDER]`, by default into this folder.

Nothing in the files is random, so what is written is always the same; a test compares.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from stories import STORIES

COLUMNS = (
    "course", "at", "until", "what", "choice", "value", "unit", "detail", "about", "simulated", "source", "key",
    "recorded_at",
)  # fmt: skip
UNITS = frozenset({"a", "%", "min", "mg", "kg", "cm"})


def files() -> Iterator[tuple[str, str]]:
    """Every file: its name and its text."""
    for course, story in STORIES.items():
        yield f"{course}.csv", as_table([row(course, line, n) for n, line in enumerate(lines(story), 1)])


def lines(story: str) -> list[str]:
    """A story's facts, a line each."""
    return [line.strip() for line in story.strip().splitlines()]


def row(course: str, line: str, number: int) -> dict[str, str]:
    """One line as a row of a facts table. See stories.py for how a line is written."""
    head, brace, detail = line.partition("{")
    words = head.split()
    at = moment(words)
    what, _, about = words.pop(0).partition(":")
    found = {"course": course, "at": at, "what": what, "about": about, "detail": brace + detail}
    while words:
        word = words.pop(0)
        if word in {"until", "known"}:
            found["until" if word == "until" else "recorded_at"] = moment(words)
        elif word in UNITS:
            found["unit"] = word
        else:
            found["value" if word.replace(".", "").isdigit() else "choice"] = word
    return found | {"simulated": "true", "source": "chart", "key": f"{course}-{number}"}


def moment(words: list[str]) -> str:
    """The day, and the time where one follows, off the front of `words`; noon where none does."""
    day = words.pop(0)
    clock = words.pop(0) if words and words[0][:2].isdigit() and words[0][2:3] == ":" else "12:00"
    return f"{day if len(day) > 5 else f'2026-{day}'}T{clock}Z"


def as_table(rows: list[dict[str, str]]) -> str:
    """A facts table: one row a fact."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


def main(folder: Path) -> None:
    """Write the files."""
    for name, text in files():
        (folder / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
