"""`cartway verify`, `checkpoint`, `export`, `courses` and `erase`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from cartway.cli.edge import moment, now, on_one_line, say, settings, sound, stop
from cartway.problem import Problem
from cartway.record import Log, open_log
from cartway.record.fact import Fact
from cartway.times import Instant


def verify(against: Path | None, public_key: str, database: str) -> None:
    """Check the record; exit status 1 where it is not what it was."""
    from cartway.record.checkpoint import read_checkpoint

    checkpoint = sound(read_checkpoint(against)) if against else None
    with open_log(settings(database).database, create=False) as log:
        found = log.verify(checkpoint, public_key=public_key)
    counted = f"{found.facts:,} facts of {found.courses:,} courses read back"
    if found.ok:
        kept = ", and all that the checkpoint vouches for is there" if checkpoint else ""
        typer.echo(f"sound: {counted}; every chain holds{kept}")
        return
    where = "" if found.first_bad is None else f" first at position {found.first_bad}:"
    typer.echo(f"NOT SOUND:{where} {found.reason}")
    for flaw in found.flaws[1:10]:
        typer.echo(f"  also at position {flaw.position}: {flaw.reason}")
    typer.echo(
        f"{counted}; {len(found.flaws)} flaws. Stop writing, keep a copy, compare with the last backup and checkpoint."
    )
    raise typer.Exit(1)


def checkpoint(output: Path | None, database: str) -> None:
    """Sign the present heads; the key is made where there is none."""
    from cartway.record.checkpoint import load_or_create_key, public_text

    chosen = settings(database)
    chosen.signing_key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = load_or_create_key(chosen.signing_key)
    with open_log(chosen.database, create=False) as log:
        signed = log.checkpoint(key)
    if output is None:
        typer.echo(signed.text())
    else:
        signed.write(output)
        say(f"{len(signed.heads):,} courses up to position {signed.position}, signed by {public_text(key)}")


def export(courses: Sequence[str], output: Path, known_at: str, database: str) -> None:
    """Write facts as a facts table."""
    from cartway.intake import write_table

    if output.suffix not in (".csv", ".parquet"):
        stop(
            Problem(
                "unknown_format",
                f"'{output.name}' ends in no format that is written.",
                "Use a name in .csv or .parquet.",
            )
        )
    with open_log(settings(database).database, create=False) as log:
        count = write_table(_exported(log, courses or log.courses(), moment(known_at, "--known-at")), output)
    say(f"{count:,} facts written")


def _exported(log: Log, courses: Sequence[str], known_at: Instant | None) -> Iterator[Fact]:
    for course in courses:
        yield from log.facts(course, known_at=known_at)


def courses(database: str) -> None:
    """List the courses."""
    from cartway.cli.grading import shown_zone
    from cartway.toxicity.wording import clock

    zone = shown_zone()
    with open_log(settings(database).database, create=False) as log:
        for course, facts, last in log.summaries():
            typer.echo(f"{on_one_line(course)}  {facts:>6} facts, last true at {clock(last, zone)}")


def erase(course: str, reason: str, database: str) -> None:
    """Erase the person behind a course."""
    from cartway.people import open_people

    chosen = settings(database)
    with open_people(chosen.people) as people:
        erased = people.erase(course, reason=reason, now=now(), by=chosen.author)
    if erased == []:
        stop(
            Problem("unknown_person", "No person is known behind that course.", "`cartway courses` lists the courses.")
        )
    say("The person is erased here. They may still be named elsewhere, until these are thrown away:")
    say("  backups made before")
    say(
        "  refusals, which quote messages: *.refused.ndjson beside what was imported, hl7-refused.jsonl of the listener"
    )
