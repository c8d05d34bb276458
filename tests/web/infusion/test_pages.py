"""Manufacture and lymphodepletion in the browser: what the label says, why there is no dose, where a batch stands."""

from __future__ import annotations

import pytest

from cartway.pathway.course import CENTER
from cartway.record import Fact
from pathway.chain.drawn import AXI, BATCH, fact
from web.conftest import PASSWORD, Site
from web.forms.bedside import Bedside, Page
from web.infusion.readied import COURSE, ZERO, readied

BEFORE = ZERO - 5.5 * 24  # the day before lymphodepletion begins


def by(site: Site, role: str = "physician") -> Bedside:
    return Bedside(site, role, COURSE)


def measured(weight: float = 80, creatinine: float = 0.9) -> list[Fact]:
    return [
        fact(BEFORE - 2, "body_weight", value=weight, unit="kg"),
        fact(BEFORE - 2, "creatinine", value=creatinine, unit="mg/dL"),
    ]


class TestLymphodepletion:
    """The label's regimen for this body; where a number cannot be stood on, no dose and the source."""

    def test_doses_calendar_and_citations(self, site: Site) -> None:
        readied(site, *measured(), at=BEFORE)
        words = by(site).open("conditioning").words
        assert "500 mg/m² a day, 3 days (day -5, -4, -3)" in words
        assert "1000 mg" in words
        assert "60 mg" in words
        assert "10.1056/NEJM198710223171717" in words
        assert "99 mL/min" in words
        assert "-5 Sun Mar 22 (tomorrow)" in words
        assert "The label says; a physician prescribes" in words

    def test_without_a_weight_there_is_no_dose_and_the_source_is_quoted(self, site: Site) -> None:
        readied(site, at=BEFORE, drop=("body_weight",))
        words = by(site).open("conditioning").words
        assert "No dose. Body weight: There is no body weight." in words
        assert "1000 mg" not in words
        assert "60 mg" not in words
        assert "as given by drugs.com/dosage/yescarta" in words

    def test_reduced_kidneys_yield_no_fludarabine_and_both_sources(self, site: Site) -> None:
        readied(site, *measured(creatinine=1.6), at=BEFORE)
        words = by(site).open("conditioning").words
        assert "below 80: the labels reduce fludarabine" in words
        assert "20 mg/m2 from 50 to 79 mL/min" in words
        assert "EBMT practice" in words
        assert "1000 mg" in words

    def test_a_weight_far_from_the_last_is_asked_about_and_then_yields_no_dose(self, site: Site) -> None:
        """Pounds for kilograms: confirmed by hand, it is recorded; a dose still does not follow."""
        readied(site, *measured(), at=BEFORE)
        nurse = by(site, "nurse")
        asked = nurse.send("weigh", value="176")
        assert "It was 80 kg before" in Page(asked.text).words
        nurse.record("weigh", value="176")
        words = nurse.open("conditioning").words
        assert "No dose. Body weight" in words
        assert "1000 mg" not in words

    def test_nothing_on_the_page_is_an_order(self, site: Site) -> None:
        readied(site, *measured(), at=BEFORE)
        words = by(site).open("conditioning").words.casefold()
        assert not [order for order in ("please give", "you must give", "administer") if order in words]

    def test_start_without_a_go_is_asked(self, site: Site) -> None:
        readied(site, *measured(), at=BEFORE)
        nurse = by(site, "nurse")
        assert "There is no go for lymphodepletion" in Page(nurse.send("lymphodepletion", choice="started").text).words
        (begun,) = nurse.record("lymphodepletion", choice="started")
        assert begun.choice == "started"


class TestManufacture:
    """Steps, tests against the specification in force, disposition and what follows from it."""

    def test_where_the_batch_stands(self, site: Site) -> None:
        readied(site)
        words = by(site).open("manufacture").words
        assert f"Batch {BATCH}" in words
        assert "In storage. Released." in words

    def test_a_result_is_held_against_the_specification_in_force(self, site: Site) -> None:
        readied(site, at=ZERO - 10)
        laboratory = by(site, "cell_laboratory")
        path = "/release-specification"
        sheet = Page(laboratory.client.get(path).text)
        limit = {"specification": "S-3", "test": "viability", "lowest": "80", "unit": "%"}
        sent = sheet.filled(about=AXI, **limit, taken="2026-03-02 08:00")
        asked = Page(site.post(laboratory.client, path, dict(sent)).text)  # whether it was that long ago
        assert site.post(laboratory.client, path, dict(asked.fields)).status_code == 303
        laboratory.record("release-test", about=BATCH, test="viability", choice="passed", value="71", unit="%")
        words = laboratory.open("manufacture").words
        assert "Release tests against S-3, in force then" in words
        assert "It is called within specification, but 71 % is below 80 %" in words
        assert "Released, but a result speaks against it" in words

    def test_growth_after_the_release_calls_back_and_says_what_to_do(self, site: Site) -> None:
        readied(site, at=ZERO - 10)
        laboratory = by(site, "cell_laboratory")
        laboratory.record("release-test", about=BATCH, test="sterility", choice="failed", after_release="yes")
        words = laboratory.open("manufacture").words
        assert "Called back" in words
        assert "quarantine what is left; call the holder" in words

    def test_out_of_specification_is_walked_step_by_step(self, site: Site) -> None:
        readied(site, at=ZERO - 10)
        laboratory, physician = by(site, "cell_laboratory"), by(site)
        bare = laboratory.send("disposition", about=BATCH, choice="out_of_specification", sign_password=PASSWORD)
        assert "What is out of specification is missing" in Page(bare.text).words
        laboratory.record(
            "disposition", about=BATCH, choice="out_of_specification", reasons="viability", sign_password=PASSWORD
        )
        site.now += 60_000_000
        words = physician.open("manufacture").words
        assert "Before it may be given all the same" in words
        for step in ("holder", "authority", "board", "consent"):
            physician.record("out-of-specification", about=BATCH, step=step, choice="given", sign_password=PASSWORD)
        assert "Every step of the path to give it all the same is done" in physician.open("manufacture").words
        wrong = physician.send("out-of-specification", about=BATCH, step="risk", choice="given", sign_password=PASSWORD)
        assert "In US this is no step of the path" in Page(wrong.text).words

    def test_the_path_is_only_for_what_is_out_of_specification(self, site: Site) -> None:
        readied(site, at=ZERO - 10)
        answer = by(site).send(
            "out-of-specification", about=BATCH, step="consent", choice="given", sign_password=PASSWORD
        )
        assert "not out of specification" in Page(answer.text).words

    def test_a_certificate_that_bears_another_name_stops_it(self, site: Site) -> None:
        readied(site, at=ZERO - 10)
        by(site, "cell_laboratory").record(
            "certificate", about=BATCH, number="C-9", patient_matches="another", sign_password=PASSWORD
        )
        assert "bears another name" in by(site).open("manufacture").words


def test_tocilizumab_is_counted_in_the_centers_record(site: Site) -> None:
    readied(site, at=ZERO - 10)
    pharmacist = by(site, "pharmacy")
    sheet = Page(pharmacist.client.get("/tocilizumab").text)
    answer = site.post(pharmacist.client, "/tocilizumab", dict(sheet.filled(value="2", for_course="other")))
    assert answer.status_code == 303
    site.settle()
    counted = [each for each in site.facts(CENTER) if each.what == "stock"]
    assert counted[-1].detail == {"item": "tocilizumab doses", "for_course": "other"}
    assert "2 doses for this course (2 set aside for others)" in by(site).open("infusion-day").words


@pytest.mark.parametrize("form", ["add-batch", "disposition", "release-test", "certificate", "thaw"])
def test_forms_of_the_laboratory_are_the_laboratorys(site: Site, form: str) -> None:
    readied(site)
    assert by(site, "nurse").client.get(f"/courses/{COURSE}/{form}").status_code == 403
    assert by(site, "cell_laboratory").open(form).fields


class TestRecall:
    """What failed or was called back is cleared by the holder alone: with a reference, and two signatures."""

    @pytest.mark.parametrize("stop", ["recalled", "failed"])
    def test_released_by_one_click_is_refused(self, site: Site, stop: str) -> None:
        readied(site, at=ZERO - 10)
        laboratory = by(site, "cell_laboratory")
        laboratory.record("disposition", about=BATCH, choice=stop, sign_password=PASSWORD)
        site.now += 60_000_000
        before = site.office.log.position()
        alone = laboratory.send("disposition", about=BATCH, choice="released", sign_password=PASSWORD)
        assert "only the holder can clear it" in Page(alone.text).words
        signed = laboratory.send(
            "disposition", about=BATCH, choice="released", holder_reference="Q-17", sign_password=PASSWORD
        )
        assert "The second signature is missing" in Page(signed.text).words
        assert site.office.log.position() == before

    def test_the_holders_reference_and_two_signatures_clear_it(self, site: Site) -> None:
        readied(site, at=ZERO - 10)
        laboratory = by(site, "cell_laboratory")
        laboratory.record("disposition", about=BATCH, choice="recalled", sign_password=PASSWORD)
        site.now += 60_000_000
        two = {"sign_password": PASSWORD, "second_name": site.account("physician").name, "second_password": PASSWORD}
        facts = laboratory.record("disposition", about=BATCH, choice="released", holder_reference="Q-17", **two)
        assert [fact.what for fact in facts] == ["disposition", "quarantine", "signature", "signature"]
        assert (facts[1].choice, facts[1].about, facts[1].detail["holder_reference"]) == ("lifted", BATCH, "Q-17")
        site.now += 60_000_000
        again = laboratory.record("disposition", about=BATCH, choice="released", sign_password=PASSWORD)
        assert len(again) == 2, "what is cleared is signed by one again"

    def test_a_recall_that_is_dated_earlier_still_stands(self, site: Site) -> None:
        readied(site, at=ZERO - 10)
        laboratory = by(site, "cell_laboratory")
        site.record([fact(200, "disposition", BATCH, "recalled")])
        alone = laboratory.send("disposition", about=BATCH, choice="released", sign_password=PASSWORD)
        assert "only the holder can clear it" in Page(alone.text).words


@pytest.mark.parametrize("path", ["pathway", "manufacture", "conditioning", "infusion-day"])
def test_of_a_patient_who_died_every_page_says_so(site: Site, path: str) -> None:
    """The lists are stopped, and nobody reads them as open points."""
    readied(site, fact(ZERO - 1, "death", choice="progression"))
    words = by(site).open(path).words
    assert "This course has ended. Died on Mar 27, 2026" in words
    if path in {"conditioning", "infusion-day"}:
        assert "The course goes on" in words
