"""The plan for the patient: plain words, first whom to call, then what to do, then what was had."""

from __future__ import annotations

from cartway.aftercare.plan.ahead import late, limits, protect, shots, visits
from cartway.aftercare.plan.feel import everyday, feel, open_questions
from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Plan, Section
from cartway.aftercare.plan.past import had
from cartway.aftercare.plan.result import result
from cartway.aftercare.plan.said import day, sentences
from cartway.aftercare.plan.urgent import urgent

UNCONFIRMED = "not_confirmed_note"


def patient_plan(about: Known) -> Plan:
    """The whole plan in the reader's language."""
    say, made = about.say, day(about.on, about.language)
    sections = tuple(section for section in _sections(about) if section is not None)
    doubt = any(not row.confirmed for section in sections for row in section.rows)
    closing = [say("made", day=made), say(f"word.{UNCONFIRMED}") if doubt else "", say("team_first"), say("ask")]
    return Plan(
        reader="patient",
        language=about.language,
        title=say("title"),
        lead=say("lead", site=about.place.site, day=made),
        made_on=about.on,
        made=made,
        site=about.place.site,
        line=about.line,
        emergency=about.emergency,
        calls=about.calls,
        sections=sections,
        closing=tuple(line for line in closing if line),
        sources=(),
        words=words(about),
        simulated=about.treatment.simulated,
    )


def _sections(about: Known) -> tuple[Section | None, ...]:
    say = about.say
    call = Section("call", say("call.title"), (), say("call.intro"))
    return (
        urgent(about), call, limits(about), visits(about), protect(about), shots(about), late(about), feel(about),
        everyday(about), had(about), result(about), open_questions(about),
    )  # fmt: skip


def words(about: Known) -> dict[str, str]:
    """The small words around a plan or a card, in the reader's language."""
    return {key.removeprefix("word."): about.say(key) for key in sentences() if key.startswith("word.")}
