"""That a patient died, out of PID-29 (when) and PID-30 (whether), and out of the discharge disposition PV1-36.

The rule of `deaths`. Registrations and discharges are asked, and results too, since many a laboratory passes on what
the hospital said; a result alone is not refused for a death without its time.
"""

from __future__ import annotations

from collections.abc import Iterator

from cartway.intake.deaths import death_without_time
from cartway.intake.drafts import Draft, Item
from cartway.intake.hl7_context import Context, stated
from cartway.intake.hl7_patient import subject
from cartway.intake.hl7_syntax import Segment
from cartway.intake.hl7_time import DAY_ONLY, offset_of
from cartway.intake.hl7_value import NO, YES
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import Instant

# Table 0112: died; at home, in a medical facility, in a place unknown (the codes of US billing that many systems use).
EXPIRED = frozenset({"20", "40", "41", "42"})
_UNKNOWN = frozenset({"", "u", "unk", "unknown"})


def death(context: Context, pid: Segment | None, visit: Segment | None = None, result: bool = False) -> Iterator[Item]:
    """Nothing, or the one thing that came of what is said of a death. `result`: the message is no registration.

    Problems: death_without_time, death_contradicted, not_yes_or_no, and those of times.
    """
    said = pid.get(30).casefold() if pid else ""
    time = pid.get(29) if pid else ""
    if pid is None or not (time or said not in NO | _UNKNOWN or _expired(visit)):
        return
    if not context.feed.death_without_cause:
        yield context.ignored("policy_off", pid, 30)
    elif not time and result:
        yield context.ignored("death_without_time", pid, 30)
    else:
        yield _death(context, pid, said, time)


def _death(context: Context, pid: Segment, said: str, time: str) -> Item:
    whose, at = subject(context, pid), _at(context, said, time)
    for problem in (whose, at):
        if isinstance(problem, Problem):
            return context.refused(problem, pid, 29, around=[context.message.first("EVN")])
    assert not isinstance(whose, Problem)
    assert not isinstance(at, Problem)
    day = time if DAY_ONLY.fullmatch(time) else ""
    return Draft(
        Fact(whose.identifier, at, "death", key="death", said=day, **stated(context)), whose, context.place(pid, 29)
    )


def _at(context: Context, said: str, time: str) -> Instant | Problem:
    if said in NO and time:
        return _contradicted()
    if said not in YES | NO | _UNKNOWN:
        return _not_yes_or_no()
    if not time:
        return death_without_time("Send PID-29.")
    return _end_of_day(context, time) if DAY_ONLY.fullmatch(time) else context.time(time)


def _end_of_day(context: Context, day: str) -> Instant | Problem:
    """The last second of a day where the message says or the center knows its offset from UTC, else in UTC."""
    last = f"{day[:8]}235959{offset_of(day)}"
    at = context.time(last)
    return context.time(f"{last}+0000") if isinstance(at, Problem) and at.code == "no_offset" else at


def _expired(visit: Segment | None) -> bool:
    return visit is not None and visit.get(36) in EXPIRED


def _contradicted() -> Problem:
    reason = "PID-29 gives the time of a death, and PID-30 says that there was none."
    return Problem("death_contradicted", reason, "Correct one of the two at the source.")


def _not_yes_or_no() -> Problem:
    return Problem("not_yes_or_no", "PID-30 says neither yes nor no.", "Send Y or N.")
