"""What somebody answered to an alert, to what was due or to the protocol, in a few words for a timeline and a pack."""

from __future__ import annotations

from collections.abc import Iterator

from cartway.record import Fact
from cartway.watch.due_schedule import load_schedules
from cartway.watch.rulebook import load_rulebook

ANSWERED = frozenset({"alert_acknowledgement", "alert_outcome", "due_answer", "protocol_answer"})


def answered(fact: Fact) -> Iterator[tuple[str, str]]:
    """What it is an answer to, who has it since, and the note; labels and words; not which episode."""
    if subject := _subject(fact):
        yield "to", subject
    for name, label in (("owner", "with"), ("text", "")):
        if told := str(fact.detail.get(name, "")):
            yield label, told


def _subject(fact: Fact) -> str:
    about = fact.about or str(fact.detail.get("alert", fact.detail.get("task", fact.detail.get("step", ""))))
    if fact.what == "protocol_answer":
        return str(fact.detail.get("said", "")) or about.replace("_", " ")
    if fact.what == "due_answer":
        task = load_schedules().get(about)
        return task.label if task else about.replace("_", " ")
    event = load_rulebook().events.get(about)
    return event.title if event else about.replace("_", " ")
