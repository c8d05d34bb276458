"""For the patient: how they feel, those who care for them, the everyday, and what is still open."""

from __future__ import annotations

from cartway.aftercare.model import Status
from cartway.aftercare.plan.ahead import point, span
from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Row, Section
from cartway.aftercare.plan.said import known as has_words

CHECKS = 2  # check-ins to come that are named


def feel(about: Known) -> Section:
    """What is normal, whom to ask, what caregivers need, the number for the worst hour."""
    say = about.say
    harm = "feel.harm_line" if about.crisis else "feel.harm_text"
    rows = (
        Row(say("feel.harm"), say(harm, number=about.emergency, lifeline=about.crisis), tone="no"),
        Row(say("feel.talk"), say("feel.talk_text")),
        Row(say("feel.carer"), say("feel.carer_text")),
        Row(say("feel.money"), say("feel.money_text")),
        *_checks(about),
    )
    return Section("feel", say("feel.title"), rows, say("feel.intro"))


def _checks(about: Known) -> list[Row]:
    """The next check-ins of the patient."""
    ahead = [
        each
        for each in about.after.check_ins
        if each.who == "patient"
        and each.score is None
        and not each.above
        and each.status in (Status.due, Status.overdue, Status.not_yet)
    ]
    told = [f"{point(about, each.time_point)}, {span(about, each.due_from, each.due_until)}" for each in ahead[:CHECKS]]
    return [Row(about.say("feel.checks"), items=tuple(told))] if told else []


def everyday(about: Known) -> Section:
    """Sun, moving, other doctors, the card."""
    say = about.say
    rows = tuple(Row(say(f"everyday.{key}"), say(f"everyday.{key}_text")) for key in ("sun", "move", "doctors", "card"))
    return Section("everyday", say("everyday.title"), rows)


def open_questions(about: Known) -> Section | None:
    """Where sources differ and nobody chose, as questions to take along; None where there are none."""
    asked = [each for each in about.after.questions if each.open]
    rows = tuple(
        Row(about.say(f"question.{each.key}") if has_words(f"question.{each.key}") else each.words) for each in asked
    )
    return Section("open", about.say("open.title"), rows, about.say("open.intro")) if rows else None
