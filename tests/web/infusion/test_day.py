"""The day of infusion in the browser: what stops it, what is open, the clock; and forms that refuse with the reason."""

from __future__ import annotations

import re

import pytest

from cartway.record import Fact
from pathway.chain.drawn import AXI, BAG, BATCH, fact
from web.conftest import PASSWORD, Site
from web.forms.bedside import Bedside, Page
from web.infusion.readied import COURSE, ZERO, bedside, hour, readied, thawed

GO = fact(ZERO - 1.5, "go_no_go", "infusion", "go", before="infusion")


def at_bed(site: Site, role: str = "nurse") -> Bedside:
    return Bedside(site, role, COURSE)


def day(site: Site, role: str = "nurse") -> Page:
    return at_bed(site, role).open("infusion-day")


def refused(site: Site, form: str, **typed: str) -> str:
    """What a form says that records nothing; nobody can confirm it away."""
    before = site.office.log.position()
    answer = at_bed(site, "nurse" if form != "thaw" else "cell_laboratory").send(form, **typed)
    assert answer.status_code == 422
    words = Page(answer.text).words
    assert "Nothing was recorded" in words
    assert site.office.log.position() == before
    return words


class TestPage:
    """Big and calm: color only for what needs somebody."""

    def test_before_the_thaw_the_next_thing_is_the_thaw(self, site: Site) -> None:
        readied(site, at=ZERO - 1.2)
        words = day(site, "cell_laboratory").words
        assert "identity holds" in words and "may be thawed" not in words
        assert "Start the thaw" in words
        assert "Start the infusion" not in words

    def test_a_thawed_bag_has_a_clock_with_its_source(self, site: Site) -> None:
        readied(site, GO, *thawed(), *bedside())
        words = day(site).words
        assert "To be infused in 2 h 30 min" in words
        assert "180 min from the start of the thaw at 07:30" in words
        assert "not confirmed" in words
        assert "The check at the bedside matched" in words
        assert "Start the infusion" in words

    def test_the_clock_ticks_from_what_the_server_says(self, site: Site) -> None:
        """static/infusion.js counts to `data-until`, in milliseconds: 180 minutes after the thaw began."""
        readied(site, GO, *thawed(), *bedside())
        html = at_bed(site).client.get(f"/courses/{COURSE}/infusion-day").text
        assert f'data-until="{hour(ZERO + 2.5) // 1000}"' in html

    def test_time_that_is_over_is_said(self, site: Site) -> None:
        readied(site, *thawed(), *bedside(), at=ZERO + 3)
        assert "Its time was over 30 min ago" in day(site).words

    def test_a_wrong_wristband_is_shouted_with_its_reason(self, site: Site) -> None:
        readied(site, *thawed(), *bedside("mismatched", band="another"))
        page = day(site)
        assert f"STOP: do not give {BAG}" in page.words
        assert "did not match: the wristband" in page.words
        assert "call the holder" in page.words
        assert "Start the infusion" not in page.words
        assert f"/courses/{COURSE}/quarantine?change={BAG}" in page.links

    def test_what_two_people_stand_in_for_is_shouted(self, site: Site) -> None:
        from pathway.chain.drawn import stand_in

        readied(site, *thawed(), *stand_in(ZERO - 0.05, "bedside_not_checked", BAG, text="band was cut off in surgery"))
        words = day(site).words
        assert "STOOD IN FOR" in words
        assert "band was cut off in surgery" in words

    def test_what_is_open_comes_with_who_could_settle_it(self, site: Site) -> None:
        readied(site, drop=("infection_status",), at=ZERO - 1.2)
        words = day(site).words
        assert re.findall(r"\d+ of \d+ points? (?:is|are) open", words) == ["1 of 11 points is open"]
        assert "Settled by an examination and cultures" in words

    def test_tocilizumab_says_what_the_label_says_and_what_nobody_has_seen(self, site: Site) -> None:
        readied(site)
        words = day(site).words
        assert "4 doses for this course" in words
        assert "the policy tocilizumab_doses is 2" in words
        assert "the label text since then was not seen; the number is the center's policy not confirmed" in words

    def test_the_check_is_h7s_station_for_this_container(self, site: Site) -> None:
        readied(site, GO, *thawed())
        assert f"/courses/{COURSE}/scan?step=bedside&container={BAG}" in day(site).links

    def test_the_pages_stand_with_next_to_nothing_recorded(self, site: Site) -> None:
        site.now = hour(0)
        site.record([fact(0, "referral")])
        for page in ("manufacture", "conditioning", "infusion-day"):
            for role in ("physician", "nurse", "cell_laboratory", "coordinator", "data_manager"):
                assert at_bed(site, role).open(page).words


class TestInfusing:
    """A bag that may not be given is refused by the form, with the reason."""

    def test_the_whole_way(self, site: Site) -> None:
        readied(site, *thawed(), *bedside())
        physician, nurse = at_bed(site, "physician"), at_bed(site)
        decided, signature = physician.record("go-no-go", about="infusion", choice="go", sign_password=PASSWORD)
        assert (decided.choice, decided.detail["open"], signature.detail["meaning"]) == ("go", [], "decided")
        (given,) = nurse.record("infuse", about=BAG, filter="none")
        assert (given.choice, given.about) == (AXI, BAG)
        assert given.detail == {
            "bag": BAG, "batch": BATCH, "dose_million_cells": 160.0, "filter": "none", "route": "intravenous"
        }  # fmt: skip
        site.now = hour(ZERO + 0.15)
        (ended,) = nurse.record("infusion-end", about=BAG, volume_ml="66", residual_ml="2")
        assert ended.detail == {"volume_ml": 66, "residual_ml": 2}
        nurse.record("reaction", about=BAG, choice="none")
        words = day(site).words
        assert "66 mL given, 2 mL left over and disposed" in words
        assert "Reaction: none" in words

    def test_a_mismatch_at_the_bedside_refuses(self, site: Site) -> None:
        readied(site, GO, *thawed(), *bedside("mismatched", band="another"))
        assert "did not match: the wristband" in refused(site, "infuse", about=BAG, filter="none")

    def test_nobody_checked_at_the_bedside_refuses(self, site: Site) -> None:
        readied(site, GO, *thawed())
        assert "No check of identity at the bedside" in refused(site, "infuse", about=BAG, filter="none")

    def test_a_leukodepleting_filter_refuses(self, site: Site) -> None:
        readied(site, GO, *thawed(), *bedside())
        assert "no leukodepleting filter" in refused(site, "infuse", about=BAG, filter="leukodepleting")

    @pytest.mark.parametrize("decision", [(), (fact(ZERO - 1.5, "go_no_go", "infusion", "no_go", before="infusion"),)])
    def test_without_a_go_it_is_refused(self, site: Site, decision: tuple[Fact, ...]) -> None:
        readied(site, *decision, *thawed(), *bedside())
        assert "physician decides" in refused(site, "infuse", about=BAG, filter="none")

    def test_minutes_that_are_over_refuse_though_nobody_confirmed_them(self, site: Site) -> None:
        """An unconfirmed number is quoted with its source; it is no weaker than a confirmed one."""
        readied(site, GO, *thawed(), *bedside(), at=ZERO + 3)
        words = refused(site, "infuse", about=BAG, filter="none")
        assert (
            "The label's 180 minutes from the thaw are over. The number is not confirmed; it is quoted from:" in words
        )

    @pytest.mark.parametrize("end", [("death", ""), ("course_closed", "withdrawn")])
    def test_nothing_is_given_in_a_course_that_has_ended(self, site: Site, end: tuple[str, str]) -> None:
        """Told after the go, with an earlier time: the go knew nothing of it. It may be the wrong patient's page."""
        readied(site, GO, *thawed(), *bedside(), fact(ZERO - 24, end[0], choice=end[1]))
        assert "This course has ended" in refused(site, "infuse", about=BAG, filter="none")

    def test_a_batch_that_was_called_back_is_refused(self, site: Site) -> None:
        grown = fact(ZERO - 0.2, "release_test", BATCH, "failed", test="sterility", after_release=True)
        readied(site, GO, grown, *thawed(), *bedside())
        assert "out of specification" in refused(site, "infuse", about=BAG, filter="none")

    def test_what_came_up_after_the_go_asks_for_another_decision(self, site: Site) -> None:
        readied(site, GO, fact(ZERO - 0.3, "infection_status", choice="active"), *thawed(), *bedside())
        assert "Since the go this came up" in refused(site, "infuse", about=BAG, filter="none")

    def test_consent_alone_does_not_make_an_out_of_specification_bag_one_to_give(self, site: Site) -> None:
        """Every step of the path counts: the board and the authority, not the patient's consent alone."""
        called = fact(ZERO - 30, "disposition", BATCH, "out_of_specification", reasons=["dose"])
        consent = fact(ZERO - 20, "out_of_specification_consent", BATCH, "given", step="consent")
        readied(site, GO, called, consent, *thawed(), *bedside())
        assert "every step of the path is done" in refused(site, "infuse", about=BAG, filter="none")

    def test_another_patients_bag_is_refused(self, site: Site) -> None:
        readied(site, GO, *thawed(), *bedside())
        answer = at_bed(site).send("infuse", about="AX-9999-1", filter="none")
        assert answer.status_code == 422


class TestThaw:
    """The clock starts here, so what may not be given is not thawed."""

    def test_it_is_started_by_the_laboratory(self, site: Site) -> None:
        from pathway.chain.drawn import check

        readied(site, GO, *check(ZERO - 1, "thaw", BAG, bag=BAG, batch=BATCH))
        (begun,) = at_bed(site, "cell_laboratory").record("thaw", about=BAG)
        assert (begun.what, begun.choice, begun.about) == ("thaw", "started", BAG)

    def test_a_quarantined_bag_is_not_thawed(self, site: Site) -> None:
        readied(site, GO, fact(ZERO - 2, "quarantine", BAG, "placed", text="seal"), at=ZERO - 1)
        refused(site, "thaw", about=BAG)

    def test_nothing_is_thawed_in_a_course_that_has_ended(self, site: Site) -> None:
        readied(site, GO, fact(ZERO - 24, "course_closed", choice="withdrawn"), at=ZERO - 1)
        assert "This course has ended" in refused(site, "thaw", about=BAG)

    def test_without_a_go_it_is_asked(self, site: Site) -> None:
        readied(site, at=ZERO - 1)
        asked = at_bed(site, "cell_laboratory").send("thaw", about=BAG)
        assert "There is no go for the infusion yet" in Page(asked.text).words


class TestDeciding:
    """Go or no go: a person decides; what was open is recorded with the decision."""

    def test_a_go_with_open_points_needs_a_reason_and_a_confirmation(self, site: Site) -> None:
        readied(site, drop=("infection_status",), at=ZERO - 1)
        physician = at_bed(site, "physician")
        bare = physician.send("go-no-go", about="infusion", choice="go", sign_password=PASSWORD)
        assert "no reason is given" in Page(bare.text).words
        typed = {"about": "infusion", "choice": "go", "text": "Cultures of yesterday seen"}
        asked = Page(physician.send("go-no-go", **typed, sign_password=PASSWORD).text)
        assert "Is it a go all the same?" in asked.words
        assert physician.post("go-no-go", asked.filled(sign_password=PASSWORD)).status_code == 303
        decided = next(each for each in site.facts(COURSE) if each.what == "go_no_go")
        assert decided.detail["open"] == ["GO-INFECT unknown"]

    def test_what_stops_absolutely_cannot_be_decided_away(self, site: Site) -> None:
        readied(site, fact(ZERO - 2, "disposition", BATCH, "recalled"), at=ZERO - 1)
        answer = at_bed(site, "physician").send(
            "go-no-go", about="infusion", choice="go", text="all the same", sign_password=PASSWORD
        )
        assert "This cannot be decided against" in Page(answer.text).words

    def test_a_no_go_needs_nothing(self, site: Site) -> None:
        readied(site, at=ZERO - 1)
        decided, _ = at_bed(site, "physician").record(
            "go-no-go", about="infusion", choice="no_go", text="Fever", sign_password=PASSWORD
        )
        assert decided.choice == "no_go"
        assert "No go, decided" in day(site).words.replace("No go , decided", "No go, decided")

    def test_nurses_do_not_decide(self, site: Site) -> None:
        readied(site)
        assert at_bed(site).client.get(f"/courses/{COURSE}/go-no-go").status_code == 403
