"""Write the courses on the road anew: `python examples/programme/write.py [FOLDER]`, by default into this folder.

Nothing in the files is random, so what is written is always the same; a test compares. Signatures carry the digest of
what they sign, so this script asks Cartway for it.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from stories import SIGNERS, STORIES

from cartway.pathway.chain import digest
from cartway.record import Fact
from cartway.times import MINUTE, parse, text

COLUMNS = (
    "course", "at", "until", "what", "choice", "value", "unit", "detail", "about", "event", "simulated", "source",
    "key", "recorded_at",
)  # fmt: skip
MEANINGS = {"stand_in": "stood in", "verification": "verified"}
WORDS_OF_TIME = {"until": "until", "known": "recorded_at"}


def files() -> Iterator[tuple[str, str]]:
    """Every file: its name and its text."""
    for course, story in STORIES.items():
        found = [each for n, line in enumerate(lines(story), 1) for each in rows(course, line, n)]
        yield f"{course}.csv", as_table(found)


def lines(story: str) -> list[str]:
    """A story's facts, a line each."""
    return [line.strip() for line in story.strip().splitlines()]


def rows(course: str, line: str, number: int) -> Iterator[dict[str, str]]:
    """One line as rows of a facts table: the fact, and a signature of each who signed it."""
    fact, by = row(course, line, number)
    yield fact
    for account in by:
        yield signature(fact, account)


def row(course: str, line: str, number: int) -> tuple[dict[str, str], list[str]]:
    """One line as a row, and who signed it. See stories.py for how a line is written."""
    head, brace, detail = line.partition("{")
    words = head.split()
    at = moment(words)
    what, _, about = words.pop(0).partition(":")
    found = {"course": course, "at": at, "what": what, "about": about, "detail": brace + detail}
    by: list[str] = []
    while words:
        word = words.pop(0)
        if word in WORDS_OF_TIME:
            found[WORDS_OF_TIME[word]] = moment(words)
        elif word == "signed":
            by, found["event"] = words.pop(0).split("+"), f"{course}-{number}"
        elif "value" not in found and is_number(word):
            found["value"] = word
        else:
            found["unit" if "value" in found else "choice"] = word
    return found | {"simulated": "true", "source": "chart", "key": f"{course}-{number}"}, by


def is_number(word: str) -> bool:
    """Whether a word of a line is the fact's value."""
    return word.removeprefix("-").replace(".", "").isdigit()


def signature(row: dict[str, str], account: str) -> dict[str, str]:
    """The signature of somebody under a fact, two minutes later."""
    value = float(row["value"]) if "value" in row else None
    fact = Fact(row["course"], parse(row["at"]), row["what"], value, row.get("unit", ""), row.get("choice", ""),
                about=row["about"], event=row["event"], detail=json.loads(row["detail"]), source=row["source"],
                key=row["key"], simulated=True)  # fmt: skip
    name, role = SIGNERS[account]
    detail = {"signer": account, "printed_name": name, "role": role, "meaning": MEANINGS.get(fact.what, "performed"),
              "digest": digest([fact])}  # fmt: skip
    return row | {"at": text(fact.at + 2 * MINUTE), "what": "signature", "choice": "", "value": "", "unit": "",
                  "detail": json.dumps(detail), "about": fact.event, "key": f"{fact.key}-{account}"}  # fmt: skip


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
    for name, content in files():
        (folder / name).write_text(content, encoding="utf-8", newline="")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
