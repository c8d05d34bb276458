"""A split dose at the bedside: the bag of the first part by the marrow, the second part by its own go."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.record import Fact
from pathway.chain.drawn import BATCH, LAB, OBE, WARD, check, collected, fact, facts_of, made, moved, shipped
from web.conftest import PASSWORD, Site
from web.forms.bedside import Page
from web.infusion.readied import ZERO, body, depleted, hour, looked_at, planned, stock
from web.infusion.test_day import GO, at_bed, refused

BAGS = {"AX-10": 10.0, "AX-100": 100.0, "AX-300": 300.0}
LATER = ZERO + 24 * 9


def marrow(percent: float) -> Fact:
    return fact(ZERO - 24 * 7, "marrow_blasts", value=percent, unit="%")


def cells() -> list[Fact]:
    """Three bags in the tank, whose labels state their dose and no part."""
    label = [fact(311, "container", bag, "product_bag", dose_million=dose) for bag, dose in BAGS.items()]
    start = fact(0, "chain_identity", "COI-7K2M", coi="COI-7K2M", issuer="Holder")
    chosen = fact(0, "product_chosen", choice=OBE)
    steps = {**collected(), **made(product=OBE, bags=BAGS), **shipped(bags=BAGS)}
    return [start, chosen, *facts_of(steps), *label]


def at_hand(bag: str, at: float = ZERO) -> list[Fact]:
    """A bag thawed, brought to the bed and checked there."""
    read: dict[str, Any] = {
        "band": "this course",
        "bag": bag,
        "coi": "COI-7K2M",
        "batch": BATCH,
        "certificate": f"C-{BATCH}",
    }
    return [
        *check(at - 1, "thaw", bag, bag=bag, batch=BATCH), fact(at - 0.5, "thaw", bag, "started"),
        *moved(at - 0.4, bag, LAB, WARD), *check(at - 0.1, "bedside", bag, **read),
    ]  # fmt: skip


def given(bag: str) -> list[Fact]:
    return [
        *at_hand(bag),
        fact(ZERO, "infusion", bag, OBE, bag=bag, batch=BATCH),
        fact(ZERO + 0.2, "infusion_end", bag),
    ]


def ready(site: Site, *more: Fact, at: float = ZERO) -> None:
    site.now = hour(at)
    person = [each for each in body() if each.what != "diagnosis"]
    seen = [each for each in looked_at() if each.what != "release_certificate"]
    facts = [*cells(), fact(0, "diagnosis", choice="b_all"), *person, planned(), *depleted(), *seen, *more]
    kept = [each for each in facts if each.at <= site.now or each.what == "appointment"]
    site.record([*kept, stock(at=at - 3)])


class TestFirst:
    """More than 20 % blasts: ten times less first."""

    def test_a_bag_that_is_not_of_the_row_is_asked_with_the_source(self, site: Site) -> None:
        ready(site, GO, marrow(60), *at_hand("AX-100"))
        words = Page(at_bed(site).send("infuse", about="AX-100", filter="none").text).words
        assert "AX-100 (100 million) is no container of part 1" in words
        assert "Quoted from: US prescribing information of obecabtagene autoleucel" in words

    def test_without_a_marrow_it_is_asked(self, site: Site) -> None:
        ready(site, GO, *at_hand("AX-100"))
        words = Page(at_bed(site).send("infuse", about="AX-100", filter="none").text).words
        assert "Which row of the label's table applies is not known. There is no marrow" in words

    def test_the_bag_of_the_row_is_given(self, site: Site) -> None:
        ready(site, GO, marrow(60), *at_hand("AX-10"))
        (begun,) = at_bed(site).record("infuse", about="AX-10", filter="none")
        assert (begun.what, begun.choice, begun.about) == ("infusion", OBE, "AX-10")


class TestSecond:
    """The go of day 1 is none for the second part."""

    def test_the_go_of_the_first_part_does_not_give_a_bag_without_a_part(self, site: Site) -> None:
        ready(site, GO, marrow(60), *given("AX-10"), *at_hand("AX-300", LATER), at=LATER)
        assert "There is no go for it" in refused(site, "infuse", about="AX-300", filter="none")

    @pytest.mark.parametrize("choice", ["withhold", "postpone"])
    @pytest.mark.parametrize("form", ["infuse", "thaw"])
    def test_a_decision_against_it_refuses_whatever_the_go_says(self, site: Site, choice: str, form: str) -> None:
        go = fact(LATER - 1.5, "go_no_go", "second dose", "go", before="second dose")
        decided = fact(LATER - 2, "dose_decision", choice=choice, part=2)
        hand = (
            at_hand("AX-300", LATER)
            if form == "infuse"
            else check(LATER - 1, "thaw", "AX-300", bag="AX-300", batch=BATCH)
        )
        ready(site, GO, marrow(60), *given("AX-10"), decided, go, *hand, at=LATER)
        typed = {"about": "AX-300", **({"filter": "none"} if form == "infuse" else {})}
        assert "by the decision of" in refused(site, form, **typed)

    def test_the_thaw_asks_for_the_go_of_that_very_part(self, site: Site) -> None:
        thaw = check(LATER - 1, "thaw", "AX-300", bag="AX-300", batch=BATCH)
        ready(site, GO, marrow(60), *given("AX-10"), *thaw, at=LATER)
        asked = at_bed(site, "cell_laboratory").send("thaw", about="AX-300")
        assert "There is no go for the infusion yet" in Page(asked.text).words


class TestAbsolute:
    """What cannot be decided away is refused, and so is a lymphodepletion for it."""

    def test_an_active_infection_is_not_overruled_by_a_reason(self, site: Site) -> None:
        ready(site, marrow(60), fact(ZERO - 2, "infection_status", choice="active"), at=ZERO - 1)
        typed = {"about": "infusion", "choice": "go", "text": "all the same", "sign_password": PASSWORD}
        assert "This cannot be decided against" in Page(at_bed(site, "physician").send("go-no-go", **typed).text).words

    def test_a_go_beside_an_active_infection_gives_nothing(self, site: Site) -> None:
        """Told before the go, as an import may: nothing is newer than the go, and it is refused all the same."""
        ill = fact(ZERO - 2, "infection_status", choice="active")
        ready(site, GO, marrow(60), ill, *at_hand("AX-10"))
        assert "No active infection" in refused(site, "infuse", about="AX-10", filter="none")

    @pytest.mark.parametrize(
        ("stop", "words"),
        [
            (fact(ZERO - 200, "death"), "The course goes on"),
            (fact(ZERO - 200, "gate", "consent", "refused"), "Consent to the treatment"),
            (fact(ZERO - 200, "quarantine", "AX-10", "placed"), "The chain of identity holds"),
        ],
    )
    def test_lymphodepletion_is_not_started_against_them(self, site: Site, stop: Fact, words: str) -> None:
        go = fact(ZERO - 190, "go_no_go", "lymphodepletion", "go", before="lymphodepletion")
        ready(site, go, stop, at=ZERO - 24 * 6)
        assert words in refused(site, "lymphodepletion", choice="started")

    def test_its_end_is_charted_all_the_same(self, site: Site) -> None:
        ready(site, fact(ZERO - 60, "gate", "consent", "refused"), at=ZERO - 48)
        (ended,) = at_bed(site).record("lymphodepletion", choice="completed")
        assert ended.choice == "completed"
