"""When to call: every symptom of the triage table under its tier, and what to do before anything else."""

from __future__ import annotations

from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Row, Section
from cartway.watch.triage import Tier, is_early, load_table

SHOWN = (Tier.emergency, Tier.now, Tier.today, Tier.visit)


def urgent(about: Known) -> Section:
    """A list a tier. In the first thirty days the higher tier of both windows stands: the paper outlives them."""
    say = about.say
    rows = tuple(Row(_heading(about, tier), items=symptoms(about, tier), tone=_tone(tier)) for tier in SHOWN)
    first = (Row(say("urgent.before"), say("urgent.not_first")), Row(say("urgent.always"), say("urgent.show")))
    return Section("urgent", say("urgent.title"), (*(row for row in rows if row.items), *first), say("urgent.intro"))


def symptoms(about: Known, tier: Tier) -> tuple[str, ...]:
    """The lay words of the symptoms of a tier as it is on the plan's day, in the order of the table."""
    table, window = load_table(), _window(about)
    found = [item for item in table.items.values() if item.symptom and table.tier(item.name, window) is tier]
    return tuple(item.words(about.language) for item in found)


def _window(about: Known) -> bool | None:
    last = about.course.last("infusion")
    return False if is_early(last.at if last else None, about.course.now) is False else None


def _heading(about: Known, tier: Tier) -> str:
    return about.say(f"urgent.{tier.name}", number=about.emergency)


def _tone(tier: Tier) -> str:
    return "ask" if tier >= Tier.now else ""
