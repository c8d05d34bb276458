"""What is due between collection and infusion: bridging, the making and its failures, restaging, go or no go."""

from __future__ import annotations

from cartway.pathway.programme.days import counted
from cartway.pathway.programme.look import CELLS, COORDINATOR, PHYSICIAN, UNPLANNED, Look, Task, planned
from cartway.pathway.programme.tasks import awaited, failed_collection
from cartway.pathway.stages import disposition, effective
from cartway.record import Fact

MAKING = ("batch", "manufacture_step", "release_test", "custody", "disposition")
STEPS_OUTSIDE = ("consent", "board", "holder", "authority")  # what an out-of-specification product asks for
ON_SITE = frozenset({"put", "moved"})


def before_release(look: Look) -> list[Task]:
    """A collected course waits for its product: what failed is decided, what is silent is asked for."""
    return [*bridging(look), *failed_collection(look), *(_failures(look) or _news(look))]


def bridging(look: Look) -> list[Task]:
    """Whether and how to bridge is a decision: none recorded is not the same as none given."""
    begun = look.begun.get("preparation", look.begun["referral"])
    found = [fact for fact in look.course.all("bridging_therapy") if fact.at >= begun.at]
    if found:
        return []
    why = "no decision on bridging is recorded; none given is recorded as none"
    return [Task("bridging", "Decide on bridging therapy", why, PHYSICIAN, None, UNPLANNED)]


def _failures(look: Look) -> list[Task]:
    last = disposition(look.course)
    if last is not None and last.choice in {"failed", "recalled"}:
        reasons = ", ".join(map(str, last.detail.get("reasons") or ())) or str(last.detail.get("text") or "")
        how = "was called back" if last.choice == "recalled" else "failed"
        return [_decide(look, last, f"the batch {how}", reasons)]
    if last is not None and last.choice == "out_of_specification":
        return _outside(look, last)
    steps = effective(look.course, "manufacture_step", "ready")
    if steps and steps[-1].choice == "failed":
        return [_decide(look, steps[-1], "manufacture was stopped", str(steps[-1].detail.get("text") or ""))]
    return []


def _decide(look: Look, fact: Fact, how: str, reasons: str) -> Task:
    why = f"{how} on {look.told(look.day(fact))}: {reasons or 'no reason was given'}"
    what = "Decide: make again, collect again, another product, or end"
    return Task("manufacture_failed", what, why, PHYSICIAN, look.today, "now", True, "", (fact,))


def _outside(look: Look, fact: Fact) -> list[Task]:
    """An out-of-specification product may be asked for: each step of that path that is not recorded holds it up."""
    steps = [each for each in look.course.all("out_of_specification_consent") if each.at >= fact.at]
    refused = next((each for each in steps if each.choice == "refused"), None)
    if refused is not None:
        what = str(refused.detail.get("step") or "consent")
        return [_decide(look, refused, f"the out-of-specification product was refused ({what})", "")]
    reasons = ", ".join(map(str, fact.detail.get("reasons") or ())) or "the reasons are not stated"
    given = {str(each.detail.get("step") or "consent") for each in steps}
    why = f"out of specification on {look.told(look.day(fact))}: {reasons}"
    return [
        Task(f"outside_{step}", f"Out of specification: {OUTSIDE[step]}", why, PHYSICIAN, None, UNPLANNED, True)
        for step in STEPS_OUTSIDE
        if step not in given
    ] or [Task("outside_certificate", "Get the certificate", why, COORDINATOR, None, UNPLANNED, True)]


OUTSIDE = {
    "consent": "the patient's own consent",
    "board": "the review board's approval",
    "holder": "the holder's agreement",
    "authority": "the authority, where it must be asked",
}


def _news(look: Look) -> list[Task]:
    """The last that was heard of the making; the holder is asked after days of silence."""
    begun = look.begun["manufacture"]
    heard = [fact for what in MAKING for fact in look.course.all(what) if fact.at >= begun.at]
    last = max(heard, key=lambda fact: fact.at, default=begun.fact)
    silent = (look.today - look.day(last)).days
    due, due_why = look.in_days(look.day(last), "news_days", "the last news")
    why = f"last news on {look.told(look.day(last))}, {counted(silent)} ago"
    return [Task("news", "Ask the holder how the making goes", why, look.owner, due, due_why, False, "news_days")]


def before_lymphodepletion(look: Look) -> list[Task]:
    """A released course waits for the product on site, a restaging that is not old, a decision and a day."""
    return [*_pending(look), *_on_site(look), *_restaged(look), *_decision(look, "lymphodepletion"), *_day(look)]


def _pending(look: Look) -> list[Task]:
    last = disposition(look.course)
    if last is None or last.choice != "released_pending":
        return []
    tests = ", ".join(map(str, last.detail.get("pending") or ())) or "which tests is not stated"
    why = f"released on {look.told(look.day(last))} with results to come: {tests}"
    return [Task("results_pending", "Ask for the results to come", why, CELLS, None, UNPLANNED, False, "", (last,))]


def _on_site(look: Look) -> list[Task]:
    """The label of most products and the recommendations want the product here before cells are depleted."""
    released = look.begun["ready"].at
    stored = [fact for fact in look.course.all("storage") if fact.choice in ON_SITE and fact.at >= released]
    received = [fact for fact in look.course.all("custody", choice="received") if fact.at >= released]
    if stored or received:
        return []
    why = f"released on {look.told(look.day(look.begun['ready'].fact))}; no receipt is recorded"
    return [Task("on_site", "Receive the product", why, CELLS, None, UNPLANNED, True)]


def _restaged(look: Look) -> list[Task]:
    """Restaging after bridging, not older than the policy at the planned day."""
    found, days = look.course.last("restaging"), int(look.policies.number("restaging_valid_days"))
    bridged = [fact for fact in look.course.all("bridging_therapy") if fact.choice != "none"]
    due = planned(look, "lymphodepletion")
    due_why, facts = ("before the day planned" if due else UNPLANNED), () if found is None else (found,)
    day = due or look.today
    if found is None:
        why = "no restaging is recorded"
    elif bridged and bridged[-1].at > found.at:
        why = f"the last was on {look.told(look.day(found))}, before the bridging"
    elif (day - look.day(found)).days > days:
        why = f"the last was on {look.told(look.day(found))}; more than {days} days before lymphodepletion"
    else:
        return []
    return [Task("restaging", "Restage", why, PHYSICIAN, due, due_why, False, "restaging_valid_days", facts)]


def _decision(look: Look, before: str) -> list[Task]:
    """Go or no go, signed by a physician: nothing recorded is no go."""
    begun = look.begun["ready" if before == "lymphodepletion" else "lymphodepletion"].at
    found = [
        fact for fact in look.course.all("go_no_go")
        if (fact.about or fact.detail.get("before")) == before and fact.at >= begun
    ]  # fmt: skip
    day, what = planned(look, before), f"Decide: go or no go, {before}"
    due_why = "as planned" if day else UNPLANNED
    if not found:
        return [Task("go_no_go", what, "no decision is recorded", PHYSICIAN, day, due_why, True)]
    last = found[-1]
    if last.choice == "go":
        return []
    reason = str(last.detail.get("text") or "no reason was given")
    why = f"no go on {look.told(look.day(last))}: {reason}"
    return [Task("no_go", what, why, PHYSICIAN, day, due_why, True, "", (last,))]


def _day(look: Look) -> list[Task]:
    day = planned(look, "lymphodepletion")
    if day is None:
        why = "no day of lymphodepletion is planned"
        return [Task("lymphodepletion_day", "Plan the lymphodepletion", why, look.owner, None, UNPLANNED, True)]
    return [awaited(look, "lymphodepletion", "Begin the lymphodepletion", PHYSICIAN, day)]


def before_infusion(look: Look) -> list[Task]:
    """Lymphodepletion has begun: the decision, and the day."""
    day = planned(look, "infusion")
    if day is None:
        why = "lymphodepletion has begun and no day of infusion is planned"
        return [
            *_decision(look, "infusion"),
            Task("infusion_day", "Plan the infusion", why, look.owner, look.today, "now", True),
        ]
    return [*_decision(look, "infusion"), awaited(look, "infusion", "Infuse", PHYSICIAN, day)]
