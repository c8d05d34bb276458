"""`cartway grade` and `cartway explain`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timezone, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import typer

from cartway.cli.edge import moment, now, on_one_line, safe, say, settings, sound, stop
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.toxicity import ALL_SCALES, SCALES, Episode, Rules, by_course, load_rules
from cartway.toxicity import grade as grade_course

if TYPE_CHECKING:
    from cartway.intake.reading import Reading

SHOWN_PROBLEMS = 10


def grade(inputs: Sequence[Path], output: Path | None, scale: str, at: str, policy: Sequence[str], format: str) -> None:
    """Grade files and write the episodes."""
    rules, scales, until = chosen_rules(policy), scales_of(scale), moment(at, "--at")
    form = format or (output.suffix.lstrip(".").lower() if output else "table")
    if form not in ("table", "csv", "parquet", "json"):
        stop(Problem("unknown_format", f"'{form}' is no format to write.", "Use --format table, csv, parquet or json."))
    if form == "parquet" and output is None:
        stop(Problem("no_output", "Parquet is not written to the screen.", "Name a file with -o."))
    if output is not None:
        _refuse_input_as_output(inputs, output)
    _write(_episodes(inputs, rules, until, scales), rules, form, output)


def explain(course: str, at: str, known_at: str, policy: Sequence[str], database: str) -> None:
    """Tell the reasoning for one course."""
    from cartway.toxicity.explain import explain as reason
    from cartway.toxicity.explain import narrate

    rules, until, known = chosen_rules(policy), moment(at, "--at"), moment(known_at, "--known-at")
    in_file = Path(course).exists()
    facts = _facts_of_file(Path(course), known) if in_file else _facts_of_store(course, known, database)
    for one in by_course(facts).values():
        asked = until if until is not None else max(fact.at for fact in one) if in_file else now()
        typer.echo(safe(narrate(reason([_shown(fact) for fact in one], rules, asked), rules, shown_zone(at))))
        typer.echo()


def _shown(fact: Fact) -> Fact:
    """The fact with the free texts of outsiders on one line: none of them makes a line of the answer."""
    texts = {key: on_one_line(text) for key, text in fact.detail.items() if isinstance(text, str)}
    return msgspec.structs.replace(fact, course=on_one_line(fact.course), detail={**fact.detail, **texts})


def shown_zone(asked: str = "") -> tzinfo:
    """The zone in which times are shown: the site's, else that of the time asked about, else UTC."""
    from zoneinfo import ZoneInfo

    chosen = settings(prepare=False).timezone
    if chosen:
        return ZoneInfo(chosen)
    offset = datetime.fromisoformat(asked).utcoffset() if asked else None
    return timezone(offset) if offset else UTC


def chosen_rules(policy: Iterable[str]) -> Rules:
    """The shipped rules with the policies given on the command line."""
    rules = load_rules()
    for text in policy:
        name, separator, value = text.partition("=")
        if not separator:
            stop(Problem("wrong_policy", f"'{text}' does not set a policy.", "Write --policy NAME=VALUE."))
        rules = sound(rules.with_policy(name.strip(), value.strip()))
    return rules


def scales_of(name: str) -> Sequence[str]:
    """The scales that a word names: one, those of ``astct``, or all."""
    if name in ("all", "astct"):
        return ALL_SCALES if name == "all" else SCALES
    if name not in ALL_SCALES:
        known = ", ".join(ALL_SCALES)
        stop(Problem("unknown_scale", f"There is no scale '{name}'.", f"Use all, astct, or one of {known}."))
    return (name,)


def _refuse_input_as_output(inputs: Sequence[Path], output: Path) -> None:
    """Stop where the output would replace what is read: an input itself, or a file of a folder that is read."""
    if not output.is_file():
        return
    place = output.resolve()
    if any(path.resolve() == place or path.resolve() in place.parents for path in inputs):
        stop(Problem("output_is_input", f"'{output}' is among the inputs.", "Write to another file with -o."))


def _episodes(
    inputs: Sequence[Path], rules: Rules, at: Instant | None, scales: Sequence[str] = SCALES
) -> Iterator[Episode]:
    """Episodes of all inputs. One big Parquet facts table is graded over its columns, all else fact by fact."""
    if len(inputs) == 1 and inputs[0].suffix == ".parquet" and inputs[0].is_file():
        from cartway.cohort.table import cohort_episodes

        cohort = cohort_episodes(inputs[0], rules, at, say, scales)
        if cohort is not None:
            return cohort
    facts = read(inputs)
    if not facts:
        stop(Problem("no_facts", "No fact could be read, so nothing is graded.", "Check what the inputs hold."))
    return (episode for one in by_course(facts).values() for episode in grade_course(one, rules, at, scales))


def read(inputs: Sequence[Path], known_at: Instant | None = None) -> list[Fact]:
    """The facts in force in some files. What could not be read is told on standard error."""
    from cartway.intake import read_facts
    from cartway.record.current import current

    for path in inputs:
        if not path.exists():
            stop(Problem("no_file", f"There is no '{path}'.", "Check the path."))
    reading = read_facts(inputs)
    _tell(reading)
    return [fact for facts in by_course(reading.facts).values() for fact in current(facts, known_at)]


def _tell(reading: Reading) -> None:
    for problem in reading.problems[:SHOWN_PROBLEMS]:
        say(f"refused: {problem}")
    if len(reading.problems) > SHOWN_PROBLEMS:
        say(f"... and {len(reading.problems) - SHOWN_PROBLEMS} more; `cartway import` keeps them all in a file")
    ignored = sum(reading.ignored.values())
    if ignored or reading.problems:
        rules = ", ".join(f"{rule} {count}" for rule, count in sorted(reading.ignored.items()))
        named = f" ({rules})" if rules else ""
        say(
            f"read {len(reading.facts)} facts; ignored {ignored} by a named rule{named}; "
            f"refused {len(reading.problems)}"
        )


def _facts_of_file(path: Path, known_at: Instant | None) -> list[Fact]:
    facts = read([path], known_at)
    if not facts:
        stop(Problem("no_facts", "The file holds no facts that could be read.", "See what was refused above."))
    return facts


def _facts_of_store(course: str, known_at: Instant | None, database: str) -> list[Fact]:
    from cartway.record import current, open_log

    with open_log(settings(database).database, create=False) as log:
        facts = current(log.facts(course), known_at)
    if not facts:
        stop(
            Problem(
                "unknown_course",
                "There is neither such a file nor such a course in the store.",
                "`cartway courses` lists the courses.",
            )
        )
    return facts


def _write(episodes: Iterator[Episode], rules: Rules, form: str, output: Path | None) -> None:
    from cartway.cli.draft import draft_of
    from cartway.exchange import episodes as write

    if output is None:
        _write_text(episodes, rules, form, _Screen() if sys.stdout.isatty() else sys.stdout)
        return
    with draft_of(output) as path:
        if form == "parquet":
            write.write_parquet(episodes, rules, path)
            return
        with path.open("w", encoding="utf-8", newline="") as out:
            _write_text(episodes, rules, form, out)


def _write_text(episodes: Iterable[Episode], rules: Rules, form: str, out: Any) -> None:
    from cartway.exchange import episodes as write

    if form == "json":
        write.write_json(episodes, rules, out)
    elif form == "csv":
        write.write_csv(episodes, rules, out)
    else:
        for line in write.lines(episodes, shown_zone()):
            out.write(on_one_line(line) + "\n")


class _Screen:
    """A terminal: whatever is written to it is first made safe."""

    def write(self, text: str) -> int:
        return sys.stdout.write(safe(text))
