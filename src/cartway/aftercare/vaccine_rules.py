"""The conditions of a vaccine, one by one: met, not met, or not known; where it is a matter of time, from which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import msgspec

from cartway.aftercare.dates import MONTHS_A_YEAR, months_after
from cartway.aftercare.immune import is_early, last_immunoglobulin, load_markers, value_of
from cartway.aftercare.questions import answer_of
from cartway.aftercare.setting import Setting
from cartway.pathway.answer import Source
from cartway.record import Fact
from cartway.vocabulary import vocabulary

FRESH = "aftercare_live_counts_days"
LIVE = ("mmr", "varicella", "other_live")
SUPPRESSING = ("steroid", "immunosuppressant", "anti_cytokine")
B_CELL_WORDS = ("rituximab", "obinutuzumab", "ofatumumab", "blinatumomab", "tafasitamab", "loncastuximab", "glofitamab",
                "epcoritamab", "mosunetuzumab", "odronextamab", "teclistamab", "elranatamab", "linvoseltamab",
                "belantamab", "inotuzumab", "r-chop")  # fmt: skip


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a group of vaccines begins, in calendar months from what each name says."""

    months: int
    source: Source
    after_immunoglobulin_months: int = 0
    after_b_cell_drug_months: int = 0
    after_immunosuppression_months: int = 0


class Condition(msgspec.Struct, frozen=True):
    """One condition. `met` None: not known. `day`: from when it is met, where only time is needed; None otherwise."""

    words: str
    met: bool | None
    day: date | None = None
    missing: str = ""
    from_infusion: bool = False
    facts: tuple[Fact, ...] = ()

    def against(self, on: date) -> bool:
        """Whether it speaks against the vaccine on that day."""
        return self.met is False or (self.day is not None and on < self.day)


class Treated(msgspec.Struct, frozen=True):
    """The treatments that vaccines wait for, each the newest: read once for all groups."""

    immunoglobulin: Fact | None
    b_cell_drug: Fact | None
    suppressing: Fact | None


def treated(setting: Setting) -> Treated:
    """What was given that vaccines wait for."""
    return Treated(last_immunoglobulin(setting), _last_b_cell_drug(setting), _last_suppressing(setting))


def conditions(setting: Setting, given: Treated, rule: Rule, group: str) -> tuple[Condition, ...]:
    """Every condition of a group of vaccines."""
    return tuple(_conditions(setting, given, rule, group))


def _conditions(setting: Setting, given: Treated, rule: Rule, group: str) -> Iterator[Condition]:
    yield _since_infusion(setting, rule)
    if rule.after_immunoglobulin_months:
        yield from _immunoglobulin(setting, given.immunoglobulin, rule.after_immunoglobulin_months)
    if rule.after_b_cell_drug_months:
        yield from _b_cell_drug(setting, given.b_cell_drug, rule.after_b_cell_drug_months)
        yield from _further_therapy(setting)
        yield from _immunosuppression(setting, given.suppressing, rule.after_immunosuppression_months)
    if group == "live":
        yield from _transplant(setting)
        yield _above(setting, "cd4", "CD4")
        yield _above(setting, "cd19", "CD19")
        yield _response(setting)


def _since_infusion(setting: Setting, rule: Rule) -> Condition:
    day = months_after(setting.last, rule.months)
    words = f"Fewer than {rule.months} months since the infusion ({setting.last}): until {day}"
    return Condition(words, True, day, from_infusion=True)


def _immunoglobulin(setting: Setting, given: Fact | None, months: int) -> Iterator[Condition]:
    if given is not None:
        day = months_after(setting.day(given), months)
        words = f"Fewer than {months} months since immunoglobulins (IgG, {setting.day(given)}): until {day}"
        yield Condition(words, True, day, facts=(given,))


def _last_b_cell_drug(setting: Setting) -> Fact | None:
    """The newest drug against CD19, CD20 or BCMA other than the CAR T cells themselves."""
    against = _b_cell_drugs()
    given = [fact for fact in setting.all("drug") if fact.choice in against]
    therapy = [fact for fact in setting.all("next_therapy") if _names_one(str(fact.detail.get("regimen", "")))]
    return max((*given[-1:], *therapy), key=lambda fact: fact.at, default=None)


@cache
def _b_cell_drugs() -> frozenset[str]:
    choices = vocabulary().variables["drug"].choices.values()
    return frozenset(each.name for each in choices if "anti_cd20" in each.classes or _names_one(each.name))


@cache
def _suppressing_drugs() -> frozenset[str]:
    choices = vocabulary().variables["drug"].choices.values()
    return frozenset(each.name for each in choices if any(kind in SUPPRESSING for kind in each.classes))


def _b_cell_drug(setting: Setting, last: Fact | None, months: int) -> Iterator[Condition]:
    if last is not None:
        day = months_after(setting.day(last), months)
        words = f"Fewer than {months} months since a drug against B cells ({setting.day(last)}): until {day}"
        yield Condition(words, True, day, facts=(last,))


def _names_one(text: str) -> bool:
    return any(word in text.casefold() for word in B_CELL_WORDS)


def _further_therapy(setting: Setting) -> Iterator[Condition]:
    fact = setting.next_therapy
    if fact is not None:
        words = f"A further therapy began on {setting.day(fact)}: not during chemotherapy"
        yield Condition(words, False, facts=(fact,))


def _immunosuppression(setting: Setting, given: Fact | None, months: int) -> Iterator[Condition]:
    """Whether immunosuppression is given, and since when it is over. Not stated since the infusion is not known."""
    said = setting.latest("immunosuppression")
    if said is not None and said.choice == "systemic":
        yield Condition(f"Systemic immunosuppression since {setting.day(said)}", False, facts=(said,))
        return
    ended = _ended(setting, said, given)
    if ended is not None and months:
        day = months_after(setting.day_at(ended), months)
        words = f"Fewer than {months} months off immunosuppression (since {setting.day_at(ended)}): until {day}"
        yield Condition(words, True, day, facts=tuple(fact for fact in (said, given) if fact is not None))
    if said is None or setting.day(said) <= setting.last:
        yield Condition("", None, missing="whether immunosuppression is given")


def _ended(setting: Setting, said: Fact | None, given: Fact | None) -> int | None:
    """When the last immunosuppression ended: the day it was last said to be off after it was on, or the last dose."""
    before = setting.latest("immunosuppression", choice="systemic")
    ends = [given.until or given.at] if given is not None else []
    if said is not None and before is not None and said.at > before.at:
        after = (fact.at for fact in setting.all("immunosuppression") if fact.at > before.at)
        ends.append(next(after))
    return max(ends, default=None)


def _last_suppressing(setting: Setting) -> Fact | None:
    """The last dose after the infusion of a drug that suppresses the immune system, but for those given locally."""
    kinds, words = _suppressing_drugs(), vocabulary()
    given = (fact for fact in reversed(setting.all("drug")) if fact.choice in kinds)
    found = (fact for fact in given if not words.is_local_route(str(fact.detail.get("route", ""))))
    return next((fact for fact in found if setting.day(fact) >= setting.zero), None)


def _transplant(setting: Setting) -> Iterator[Condition]:
    fact = setting.latest("transplant")
    if fact is not None:
        by_kind = answer_of(setting, "live_after_transplant").option == "by_kind" and fact.choice == "autologous"
        months = MONTHS_A_YEAR if by_kind else 2 * MONTHS_A_YEAR
        day = months_after(setting.day(fact), months)
        words = f"Fewer than {months} months since the transplant ({setting.day(fact)}): until {day}"
        yield Condition(words, True, day, facts=(fact,))


def _above(setting: Setting, what: str, name: str) -> Condition:
    rule, fact = load_markers()[what], value_of(setting, what)
    if fact is None or fact.value is None:
        return Condition("", None, missing=f"{name} since the infusion")
    told, day = f"{fact.value:g}{rule.unit} on {setting.day(fact)}", setting.day(fact)
    if fact.value > rule.threshold and is_early(setting, day):
        return Condition("", None, missing=f"{name} now ({told}: too early after the infusion to count)", facts=(fact,))
    if fact.value > rule.threshold and (setting.on - day).days > setting.number(FRESH):
        return Condition("", None, missing=f"{name} now (last {told})", facts=(fact,))
    if fact.value > rule.threshold:
        return Condition(f"{name} {told} is above {rule.threshold:g}", True, facts=(fact,))
    return Condition(f"{name} <={rule.threshold:g} is a contraindication: {told}", False, facts=(fact,))


def _response(setting: Setting) -> Condition:
    """Whether a killed vaccine raised antibodies after the infusion."""
    titers = [fact for fact in setting.all("vaccine_titer") if setting.day(fact) > setting.last]
    killed = [fact for fact in titers if (fact.about or fact.detail.get("vaccine")) not in LIVE]
    shown = [fact for fact in killed if fact.choice == "response"]
    if shown:
        return Condition("A response to a killed vaccine was shown", True, facts=(shown[-1],))
    if killed:
        return Condition(f"No response to a killed vaccine ({setting.day(killed[-1])})", False, facts=(killed[-1],))
    return Condition("", None, missing="the response to a killed vaccine")
