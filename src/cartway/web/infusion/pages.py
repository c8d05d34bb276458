"""Manufacture, lymphodepletion and the day of infusion of one course."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.pathway.chain import Verdict, may_infuse, may_thaw
from cartway.pathway.conditioning import (
    BLOCKING,
    Before,
    Case,
    ThawClock,
    Window,
    calendar,
    cell_dose,
    giving_order,
    go_no_go,
    limits_of,
    lymphodepletion,
    regimens_of,
    split_dose,
    started_on,
    thaw_clocks,
    tocilizumab_on_hand,
    window,
)
from cartway.pathway.manufacture import Whereabouts, batches, whereabouts
from cartway.pathway.products import Product, product
from cartway.record import Fact
from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.infusion.surroundings import case_of
from cartway.web.page import WebRequest, office_of
from cartway.web.programme.words import said_day
from cartway.web.road import course_of, road

LIST_WORDS = {
    Before.lymphodepletion: "Go or no go before lymphodepletion",
    Before.infusion: "Go or no go before the infusion",
    Before.second_dose: "Go or no go before the second part",
}


class Bag(msgspec.Struct, frozen=True):
    """A container on the infusion day's page: where it is, whether it may be given, its clock, its reactions."""

    place: Whereabouts
    verdict: Verdict
    checked: Fact | None
    clock: ThawClock | None
    expired: bool
    reactions: tuple[Fact, ...]

    @property
    def id(self) -> str:
        return self.place.container

    @property
    def check_words(self) -> str:
        """What became of the check at the bedside, as the chain of identity judges it; empty where there was none."""
        if self.checked is None:
            return ""
        wrong = {
            each.code.removeprefix("bedside_") for each in self.verdict.because if each.code.startswith("bedside_")
        }
        if "mismatched" in wrong or self.checked.choice == "mismatched":
            return "did NOT match"
        return "is not complete" if wrong or self.checked.choice == "incomplete" else "matched"

    @property
    def over(self) -> bool:
        """Whether it has been given, whole."""
        return self.place.ended is not None

    @property
    def next(self) -> str:
        """What comes next for it: thaw, check, give, end, or nothing."""
        if self.over:
            return ""
        if self.place.infused is not None:
            return "end"
        if self.place.thawed is None:
            return "thaw" if self.verdict.allowed else "check" if self.place.stored is not None else ""
        return "give" if self.verdict.allowed else "check" if not self.verdict.contradicted else ""


@get("/courses/{course:str}/manufacture", opt=needs(Act.see_programme), name="manufacture", sync_to_thread=True)
def manufacture_page(request: WebRequest, course: FromPath[str]) -> Template:
    """Where each batch stands and why: tests, disposition, certificate, containers."""
    case = _case(request, course)
    found = batches(case.course, case.center, case.jurisdiction)
    return road(request, case.course, "infusion/manufacture.html", "manufacture", batches=found, **_common(case))


@get("/courses/{course:str}/conditioning", opt=needs(Act.see_programme), name="conditioning", sync_to_thread=True)
def conditioning_page(request: WebRequest, course: FromPath[str]) -> Template:
    """Lymphodepletion: doses or why there are none, the calendar, the window, go or no go, the dose of cells."""
    case = _case(request, course)
    doses = lymphodepletion(case)
    return road(
        request,
        case.course,
        "infusion/conditioning.html",
        "conditioning",
        doses=doses,
        calendar=calendar(case, doses),
        window=_window(case),
        begun=started_on(case) if case.course.last("lymphodepletion") is not None else None,
        going_found=go_no_go(case, Before.lymphodepletion),
        cells=cell_dose(case),
        split=split_dose(case),
        **_common(case),
    )


@get("/courses/{course:str}/infusion-day", opt=needs(Act.see_programme), name="infusion day", sync_to_thread=True)
def day_page(request: WebRequest, course: FromPath[str]) -> Template:
    """The day of infusion: what stops it first, then what is open, the containers in their order with their clocks."""
    case = _case(request, course)
    split, bags = split_dose(case), _bags(case)
    second = split is not None and bool(case.infusions)
    return road(
        request,
        case.course,
        "infusion/day.html",
        "infusion-day",
        bags=bags,
        blocked=[bag for bag in bags if not bag.over and bag.verdict.contradicted],
        going_found=go_no_go(case, Before.second_dose if second else Before.infusion),
        window=_window(case),
        tocilizumab=tocilizumab_on_hand(case),
        limits=limits_of(case),
        split=split,
        second=second,
        cells=cell_dose(case),
        done=bool(bags) and all(bag.over for bag in bags),
        **_common(case),
    )


ROUTES = (manufacture_page, conditioning_page, day_page)


def _case(request: WebRequest, course: str) -> Case:
    return case_of(office_of(request), course_of(request, course))


def _common(case: Case) -> dict[str, Any]:
    """What the three pages share."""
    known: Product | None = product(case.product) if case.product else None
    return {
        "case": case,
        "product": known,
        "day_words": lambda day: said_day(day, case.today),
        "list_words": LIST_WORDS,
        "blocking": BLOCKING,
        "Before": Before,
        "zero": case.day_zero,
        "today": case.today,
        "countdown": _countdown(case.day_zero, case.today),
    }


def _countdown(zero: date | None, today: date) -> str:
    """The day of therapy as wards count it: ``day -6``, ``day 0``, ``day 3``; empty where no infusion is planned."""
    return "" if zero is None else f"day {(today - zero).days}"


def _window(case: Case) -> Window | None:
    usual = next((row for row in regimens_of(case) if not row.alternative), None)
    return window(case, usual) if usual is not None else None


def _bags(case: Case) -> list[Bag]:
    clocks = {clock.container: clock for clock in thaw_clocks(case)}
    return [_bag(case, name, clocks.get(name)) for name in giving_order(case)]


def _bag(case: Case, name: str, clock: ThawClock | None) -> Bag:
    place = whereabouts(case.course, name)
    ask = may_thaw if place.thawed is None else may_infuse
    checks = [fact for fact in case.course.all("verification", about=name) if fact.detail.get("step") == "bedside"]
    return Bag(
        place,
        ask(case.course, name, case.index, case.policies),
        checks[-1] if checks else None,
        clock,
        clock is not None and clock.expired(case.now),
        tuple(case.course.all("infusion_reaction", about=name)),
    )
