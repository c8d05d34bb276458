"""Write the courses after the infusion anew: `python examples/after/write.py [FOLDER]`, by default into this folder.

Nothing in the files is random, so what is written is always the same; a test compares. See stories.py for how a line is
written.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from stories import STORIES

COLUMNS = (
    "course", "at", "until", "what", "choice", "value", "unit", "detail", "about", "event", "simulated", "source",
    "key",
)  # fmt: skip
USUAL_TIME = "14:00"
ROUNDS = ("05:00", "13:00", "21:00")
DETAIL = ' {"'  # begins the details, which are JSON; a unit in braces does not


def files() -> Iterator[tuple[str, str]]:
    """Every file: its name and its text."""
    for course, (infused, story) in STORIES.items():
        day_0 = datetime.fromisoformat(infused)
        lines = [each for line in story.strip().splitlines() for each in spread(line.strip())]
        yield f"{course}.csv", as_table([row(course, day_0, line, number) for number, line in enumerate(lines, 1)])


def spread(line: str) -> list[str]:
    """A line of a series or of rounds as the lines it stands for: ``igg mg/dL | 30 410, 60 290``."""
    words = line.split()
    if words[0] == "rounds":
        days = range(int(words[1]), int(words[2]) + 1)
        return [each for day in days for clock in ROUNDS for each in a_round(f"{day} {clock}", words[3:])]
    if words[2:3] == ["round"]:
        return a_round(" ".join(words[:2]), words[3:])
    head, bar, values = line.partition(" | ")
    if not bar or DETAIL in head:
        return [line]
    what, unit = head.split()
    parts = [each.split() for each in values.split(",")]
    return [f"{day} 13:30 {what} {value} {unit} by laboratory" for day, value in parts]


def a_round(when: str, words: list[str]) -> list[str]:
    """The vital signs of one round on room air, with a score: ``36.6 124 97 ice 10``."""
    temperature, systolic, saturation, scale, score = words
    return [
        f"{when} body_temperature {temperature} Cel",
        f"{when} systolic_pressure {systolic} mm[Hg]",
        f"{when} oxygen_saturation {saturation} %",
        f"{when} oxygen_device room_air",
        f"{when} consciousness awake",
        f"{when} {scale}_score {score} {{score}}",
    ]


def row(course: str, day_0: datetime, line: str, number: int) -> dict[str, str]:
    """One line as a row of a facts table."""
    head, mark, detail = line.partition(DETAIL)
    words = head.split()
    at = moment(words, day_0)
    what, _, about = words.pop(0).partition(":")
    found = {
        "course": course,
        "at": at,
        "what": what,
        "about": about,
        "detail": mark.strip() + detail,
        "source": "chart",
    }
    while words:
        word = words.pop(0)
        if word == "until":
            found["until"] = moment(words, day_0)
        elif word in ("of", "by"):
            found["event" if word == "of" else "source"] = words.pop(0)
        elif "value" not in found and is_number(word):
            found["value"] = word
        else:
            found["unit" if "value" in found else "choice"] = word
    return {"source": "chart"} | found | {"simulated": "true", "key": f"after-{course}-{number}"}


def is_number(word: str) -> bool:
    """Whether a word of a line is the fact's value."""
    return word.removeprefix("-").replace(".", "").isdigit()


def moment(words: list[str], day_0: datetime) -> str:
    """The day, and the time where one follows, off the front of `words`; 14:00 where none does."""
    day = int(words.pop(0))
    clock = words.pop(0) if words and words[0][2:3] == ":" and words[0][:2].isdigit() else USUAL_TIME
    return f"{day_0 + timedelta(days=day):%Y-%m-%d}T{clock}Z"


def as_table(rows: list[dict[str, str]]) -> str:
    """A facts table: one row a fact."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


def main(folder: Path) -> None:
    """Write the files."""
    for name, content in files():
        (folder / name).write_text(content, encoding="utf-8", newline="")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
