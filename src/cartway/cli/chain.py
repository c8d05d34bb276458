"""`cartway chain`: the path of the cells from the patient to the infusion, drawn, and where it breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

import typer

from cartway.cli.edge import moment, now, on_one_line, settings, stop
from cartway.cli.grading import read, shown_zone
from cartway.pathway.chain import (
    Break,
    BreakKind,
    Chain,
    Custodian,
    Link,
    LinkKind,
    State,
    Verdict,
    center_index,
    may_infuse,
)
from cartway.pathway.chain import chain as chain_of
from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.record import Fact, current, open_log
from cartway.times import Instant, text, to_datetime
from cartway.toxicity import by_course

WORDS = {
    State.sound: "The chain is sound.",
    State.stood_in: "THE CHAIN HOLDS ONLY BECAUSE TWO PEOPLE STAND IN FOR WHAT IS MISSING.",
    State.incomplete: "THE CHAIN IS BROKEN: evidence is missing.",
    State.contradicted: "THE CHAIN IS BROKEN: evidence contradicts. Quarantine, and call the holder.",
}
GIVEN = frozenset({LinkKind.infusion})


def chain(course: str, at: str, known_at: str, format: str, database: str) -> None:
    """Show the chain of a course in the store, or of each in a facts table; exit status 1 where one is broken.

    Problems: ``no_time``, ``implausible_time``, ``no_facts``, ``unknown_course``.
    """
    asked, known = moment(at, "--at"), moment(known_at, "--known-at")
    wanted, everybody = _of_file(course, known) if Path(course).exists() else _of_store(course, known, database)
    until = asked if asked is not None else _end(wanted) if Path(course).exists() else now()
    courses = {name: Course(facts, until) for name, facts in everybody.items()}
    policies = policies_of(courses.pop(CENTER, Course((), until)))
    index = center_index(courses.values())
    told = [chain_of(courses[name], index, policies) for name in wanted]
    verdicts = {
        one.course: [may_infuse(courses[one.course], bag, index, policies) for bag in _to_be_given(one)] for one in told
    }
    if format == "json":
        typer.echo(json.dumps([as_json(one, verdicts[one.course]) for one in told], indent=2))
    else:
        zone = shown_zone(at)
        typer.echo("\n\n".join("\n".join(as_text(one, verdicts[one.course], zone)) for one in told))
    if any(one.broken for one in told):
        raise typer.Exit(1)


Courses = Mapping[str, list[Fact]]


def _of_file(course: str, known_at: Instant | None) -> tuple[Courses, Courses]:
    """The courses of a file, and the same with the center's own."""
    found = by_course(read([Path(course)], known_at))
    wanted = {name: facts for name, facts in found.items() if name != CENTER}
    if not wanted:
        stop(Problem("no_facts", "The file holds no course that could be read.", "See what was refused above."))
    return wanted, found


def _of_store(course: str, known_at: Instant | None, database: str) -> tuple[Courses, Courses]:
    """One course of the store, and all of them: what another course claims too contradicts."""
    with open_log(settings(database).database, create=False) as log:
        found = {name: current(log.facts(name), known_at) for name in log.courses()}
    if not found.get(course):
        remedy = "`cartway courses` lists the courses."
        stop(Problem("unknown_course", "There is neither such a file nor such a course in the store.", remedy))
    return {course: found[course]}, found


def _end(courses: Courses) -> Instant:
    return max(fact.at for facts in courses.values() for fact in facts)


def _to_be_given(told: Chain) -> list[str]:
    """The bags that were not given yet."""
    given = {link.id for link in told.links if link.kind is LinkKind.infusion}
    return [link.id for link in told.links if link.kind is LinkKind.bag and link.id not in given]


def as_text(told: Chain, verdicts: list[Verdict], zone: tzinfo) -> Iterator[str]:
    """The drawn path, to be read aloud."""
    yield on_one_line(f"Course {told.course}, {_time(told.at, zone)}")
    yield WORDS[told.state]
    for stand_in in told.stand_ins:
        yield on_one_line(f"  {stand_in.shout}")
    yield ""
    for number, link in enumerate(told.links):
        if number:
            yield "  |" if not _breaks_before(link, told) else "  X"
        yield from _station(link, told, zone)
    yield from _listed("May it be given now?", [words for each in verdicts for words in _verdict(each)])
    yield from _listed("Set aside, or to be set aside:", list(told.quarantined))
    yield from _listed(
        "Stand-ins that do not count:", [f"{each.gap} of {each.thing}: {each.why}" for each in told.refused]
    )
    yield from _listed("To be known:", list(told.told))


def _breaks_before(link: Link, told: Chain) -> bool:
    """Whether the path breaks at a station, or at the bag that an infusion gave."""
    own = link.breaks if link.kind not in GIVEN else _of(link.id, told)
    return any(each.blocks for each in own)


def _of(name: str, told: Chain) -> tuple[Break, ...]:
    return tuple(each for link in told.links if link.id == name for each in link.breaks)


def _station(link: Link, told: Chain, zone: tzinfo) -> Iterator[str]:
    of = f" [from {', '.join(link.of)}]" if link.of and link.kind is not LinkKind.infusion else ""
    when = f", {_time(link.at, zone)}" if link.at is not None else ""
    yield on_one_line(f"{link.words}{when}{of}")
    custodian = told.custodians.get(link.id) if link.kind in (LinkKind.bag, LinkKind.apheresis_bag) else None
    if custodian is not None:
        yield on_one_line(f"     {_held(custodian, zone)}")
    for each in link.breaks:
        yield from _break(each)


def _held(custodian: Custodian, zone: tzinfo) -> str:
    who = custodian.who or "nobody knows who"
    inside = f", in {custodian.inside}" if custodian.inside else ""
    open_ = "" if custodian.received else ", receipt not confirmed"
    return f"with {who} since {_time(custodian.since, zone)}{inside}{open_}"


def _break(each: Break) -> Iterator[str]:
    kind = "CONTRADICTORY" if each.kind is BreakKind.contradictory else "MISSING"
    if each.stood_in_by is not None:
        kind = "MISSING, STOOD IN FOR"
    yield on_one_line(f"  X  {kind}: {each.words} ({each.code}, {each.container or 'the course'})")
    if each.stood_in_by is None:
        yield on_one_line(f"     {each.remedy}")


def _verdict(verdict: Verdict) -> Iterator[str]:
    if verdict.allowed:
        yield f"{verdict.container}: yes" + (", with two people standing in" if verdict.stand_ins else "")
        return
    yield f"{verdict.container}: NO" + (". Quarantine it and call the holder" if verdict.contradicted else "")
    yield from (f"  - {each.words} ({each.container or 'the course'})" for each in verdict.because)


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (on_one_line(f"  {line}") for line in lines)


def _time(instant: Instant, zone: tzinfo) -> str:
    return f"{to_datetime(instant).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def as_json(told: Chain, verdicts: list[Verdict]) -> dict[str, Any]:
    """One course's chain as plain values; times in UTC."""
    return {
        "course": told.course,
        "at": text(told.at),
        "state": str(told.state),
        "broken": told.broken,
        "chain_of_identity": told.coi,
        "path": [
            {
                "kind": str(link.kind),
                "id": link.id,
                "from": list(link.of),
                "words": link.words,
                "at": text(link.at) if link.at is not None else None,
                "state": str(link.state),
            }
            for link in told.links
        ],
        "breaks": [_break_json(each) for each in told.breaks],
        "custodians": {name: _custodian_json(each) for name, each in told.custodians.items()},
        "quarantined": list(told.quarantined),
        "stand_ins": [each.shout for each in told.stand_ins],
        "refused_stand_ins": [{"gap": each.gap, "of": each.thing, "why": each.why} for each in told.refused],
        "to_be_known": list(told.told),
        "may_be_given": [
            {
                "container": each.container,
                "allowed": each.allowed,
                "because": [_break_json(one) for one in each.because],
                "shout": each.shout,
            }
            for each in verdicts
        ],
    }


def _break_json(each: Break) -> dict[str, Any]:
    return {
        "code": each.code,
        "kind": str(each.kind),
        "of": each.container,
        "since": text(each.at),
        "words": each.words,
        "remedy": each.remedy,
        "may_stand_in": each.may_stand_in,
        "stood_in_by": each.stood_in_by.shout if each.stood_in_by is not None else None,
        "facts": [{"what": fact.what, "at": text(fact.at), "key": fact.key} for fact in each.facts],
    }


def _custodian_json(each: Custodian) -> dict[str, Any]:
    return {"who": each.who, "since": text(each.since), "inside": each.inside, "received": each.received}
