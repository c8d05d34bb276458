"""What is due before the collection, stage by stage: by whom, by when, why, and whether the next step waits for it."""

from __future__ import annotations

from datetime import date

from cartway.pathway.programme.days import counted, stated_day
from cartway.pathway.programme.look import (
    APHERESIS,
    CELLS,
    HAVING,
    PHYSICIAN,
    UNPLANNED,
    Look,
    Task,
    planned,
    slot_of,
)
from cartway.pathway.programme.pace import UNKNOWN, Pace
from cartway.pathway.stages import effective
from cartway.record import Fact


def before_referral_is_seen(look: Look) -> list[Task]:
    """A referral waits for somebody's first look, a day after it came where the referrer wrote urgent."""
    referral = look.begun["referral"].fact if "referral" in look.begun else None
    if referral is None or referral.what != "referral":
        why = "facts came in, but no referral is recorded"
        return [Task("no_referral", "Record the referral", why, look.owner, None, UNPLANNED, blocks=True)]
    urgent = referral.detail.get("urgency") == "urgent"
    policy = "first_look_urgent_days" if urgent else "first_look_days"
    due, due_why = look.in_days(look.day(referral), policy, "the referral")
    sender = str(referral.detail.get("from") or "a referrer not named")
    why = f"referred by {sender} on {look.told(look.day(referral))}" + (", urgent" if urgent else "")
    return [
        Task("first_look", "Look at the referral", why, look.owner, due, due_why, True, policy, (referral,)),
        *_owner_named(look, referral),
    ]  # fmt: skip


def _owner_named(look: Look, referral: Fact) -> list[Task]:
    if referral.detail.get("owner"):
        return []
    return [Task("no_owner", "Say who follows the course up", "nobody is named", look.owner, None, UNPLANNED)]


def before_decision(look: Look) -> list[Task]:
    """An assessment waits for the tumor board; deferred and declined are decisions with their own next step."""
    last = look.course.last("tumor_board")
    start = look.begun.get("assessment", look.begun["referral"])
    due, due_why = look.in_days(look.day(start.fact), "assessment_days", "the first look")
    what, policy = "Bring it to the tumor board", "assessment_days"
    if last is None:
        return [Task("tumor_board", what, "no decision is recorded", PHYSICIAN, due, due_why, True, policy)]
    said = str(last.detail.get("text") or "no reason was given")
    if last.choice == "declined":
        why = f"not recommended on {look.told(look.day(last))}: {said}"
        return [Task("declined", "End the course, or ask the board again", why, PHYSICIAN, None, UNPLANNED, True)]
    why = f"deferred on {look.told(look.day(last))}: {said}"
    again, again_why = look.in_days(look.day(last), policy, "the decision")
    return [Task("deferred", "Bring it to the tumor board again", why, PHYSICIAN, again, again_why, True, policy)]


def before_order(look: Look) -> list[Task]:
    """A recommended course waits for its product and the order."""
    start = look.begun["preparation"]
    due, due_why = look.in_days(look.day(start.fact), "order_days", "the decision")
    tasks = []
    if not look.product:
        why = "CAR T is recommended, but no product is named"
        tasks.append(Task("product", "Choose the product", why, PHYSICIAN, due, due_why, True, "order_days"))
    cancelled = look.course.last("product_order")
    is_cancelled = cancelled is not None and cancelled.choice == "cancelled"
    why = (
        "the order was cancelled" if is_cancelled else f"recommended on {look.told(look.day(start.fact))}, not ordered"
    )
    if start.again:
        why = f"another product was decided on {look.told(look.day(start.fact))}, not ordered"
    tasks.append(Task("order", "Order the product", why, PHYSICIAN, due, due_why, True, "order_days"))
    return tasks


def before_collection(look: Look) -> list[Task]:
    """An ordered course waits for the holder's acceptance, a slot, a chain of identity, and the day of collection."""
    return [*_order(look), *_slot(look), *_identity(look), *_collection(look), *failed_collection(look)]


def _order(look: Look) -> list[Task]:
    orders = effective(look.course, "product_order", "collection")
    if not orders or orders[-1].choice == "accepted":
        return []
    last = orders[-1]
    if last.choice == "cancelled":
        return [Task("order", "Order the product", "the order was cancelled", PHYSICIAN, None, UNPLANNED, True)]
    why = f"ordered on {look.told(look.day(last))}; the holder has not accepted it"
    due, due_why = look.in_days(look.day(last), "order_days", "the order")
    return [Task("acceptance", "Ask the holder about the order", why, look.owner, due, due_why, True, "order_days")]


def _slot(look: Look) -> list[Task]:
    slot = slot_of(look)
    if slot is None:
        why = "no manufacturing slot is held"
        return [Task("slot", "Get a manufacturing slot", why, look.owner, None, UNPLANNED, True)]
    if slot.choice == "held":
        return [_held(look, slot)]
    if slot.choice in HAVING:
        return []
    how = "was lost" if slot.choice == "lost" else "was given back"
    reason = str(slot.detail.get("text") or "")
    why = f"the slot {how} on {look.told(look.day(slot))}" + (f": {reason}" if reason else "")
    return [Task("slot_lost", "Get another manufacturing slot", why, look.owner, look.today, "now", True, "", (slot,))]


def _held(look: Look, slot: Fact) -> Task:
    """A slot that is only held falls back to the holder when its hold ends."""
    until = stated_day(slot.detail.get("hold_expires"))
    if until is None:
        why, due_why = "the slot is held; until when is not stated", UNPLANNED
    else:
        how = "ran out" if until < look.today else "ends"
        why, due_why = f"the slot is held; the hold {how} on {look.told(until)}", "the end of the hold"
    return Task("slot_held", "Confirm the slot", why, look.owner, until, due_why, True, "", (slot,))


def _identity(look: Look) -> list[Task]:
    if look.course.last("chain_identity") is not None:
        return []
    why = "it is assigned before or at the first collection; none is recorded"
    day = planned(look, "collection")
    due_why = "the day of collection" if day else UNPLANNED
    return [Task("identity", "Assign the chain of identity", why, CELLS, day, due_why, True)]


def _collection(look: Look) -> list[Task]:
    """The collection itself: a day to be found, a day to come, or a day that is over without a word."""
    day = planned(look, "collection")
    if day is None:
        why = "no day of collection is planned"
        return [Task("collection_day", "Plan the collection", why, look.owner, None, UNPLANNED, True)]
    return [awaited(look, "collection", "Collect", APHERESIS, day)]


def awaited(look: Look, step: str, what: str, owner: str, day: date) -> Task:
    """A step with its day: planned, or overdue where the day is over and nothing was recorded."""
    if day < look.today:
        why = f"planned for {look.told(day)}, {counted((look.today - day).days)} ago; nothing is recorded"
        return Task(f"{step}_overdue", what, why, owner, day, "as planned", blocks=True)
    return Task(f"{step}_planned", what, f"planned for {look.told(day)}", owner, day, "as planned")


def failed_collection(look: Look) -> list[Task]:
    """A collection that failed, while nobody has decided what follows."""
    found = effective(look.course, "collection", "manufacture")
    last = found[-1] if found else None
    if last is None or last.choice != "failed":
        return []
    reason = str(last.detail.get("text") or last.detail.get("text_of_events") or "no reason was given")
    why = f"the collection of {look.told(look.day(last))} failed: {reason}"
    what = "Decide: collect again, another product, or end"
    return [Task("collection_failed", what, why, PHYSICIAN, look.today, "now", True, "", (last,))]


def judged_pace(look: Look, found: Pace) -> list[Task]:
    """Whoever waits has a disease that moves: a pace that nobody stated, or long ago, is asked for."""
    if found.pace != UNKNOWN and not found.old:
        return []
    facts = () if found.fact is None else (found.fact,)
    what = "Judge how fast the disease moves"
    return [Task("pace", what, found.why, PHYSICIAN, None, UNPLANNED, False, "pace_valid_days", facts)]
