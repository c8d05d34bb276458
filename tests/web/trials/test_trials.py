"""The pages of trials for one patient: what could fit first, each criterion with its answer, the free text unread."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from web.conftest import Site
from web.forms.bedside import Bedside, Page


def html(site: Site, path: str, role: str = "coordinator") -> str:
    answer = site.client(role).get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def words(site: Site, path: str, role: str = "coordinator") -> str:
    return Page(html(site, path, role)).words


def test_what_could_fit_is_on_top_and_why(clinic: Site) -> None:
    told = words(clinic, "/courses/c1/trials")
    could, unknown, later, no = (
        told.index(heading)
        for heading in (
            "Could fit, as far as the record is structured 1",
            "Cannot be told from what is known 3",
            "Would fit or might fit, but takes nobody now 1",
            "Does not fit 7",
        )
    )
    assert (
        could < told.index("DEMO-LBCL-1") < unknown < told.index("DEMO-TREE-6") < later < told.index("DEMO-NHL-2") < no
    )
    assert "Not known: criteria (CD19 positive: CD19 not tested)" in told
    assert "8 criteria to read" in told


def test_what_trials_ask_for_and_the_record_does_not_hold_is_said(clinic: Site) -> None:
    assert "Diagnosis Diffuse large B-cell lymphoma Age 58 Sex female Country US" in words(clinic, "/courses/c1/trials")
    assert "Diagnosis not known Age not known Sex not known Country not known" in words(clinic, "/courses/c2/trials")


def test_nothing_known_makes_no_open_trial_unfit(clinic: Site) -> None:
    assert "Does not fit 2" in words(clinic, "/courses/c2/trials")  # the two that take nobody more


def test_a_trial_shows_each_answer_and_its_free_text_unread(clinic: Site) -> None:
    told = words(clinic, "/courses/c1/trial?trial=NCT04780529")
    assert "Condition Malignant Neoplasms of Digestive Organs unknown words not known here, to be read" in told
    assert "Age 18 Years to 70 Years met charted at 58 on 2026-03-01" in told
    assert "Country China not met told only no site in US" in told
    assert "Criteria in free text not read by the software Inclusion 15" in told
    assert "Exclusion 17" in told


def test_the_source_of_a_record_and_its_day_are_named(clinic: Site) -> None:
    told = words(clinic, "/courses/c1/trial?trial=NCT04780529")
    assert "ClinicalTrials.gov, U.S. National Library of Medicine · copy of Wed Mar 3, 2021" in told
    assert "https://clinicaltrials.gov/study/NCT04780529" in html(clinic, "/courses/c1/trial?trial=NCT04780529")
    assert "clinicaltrials.gov/study" not in html(clinic, "/courses/c1/trial?trial=DEMO-LBCL-1")


@pytest.mark.parametrize("page", ["trial?trial=NCT99999999", "trial", "trial-questions?trial=NCT99999999"])
def test_a_trial_that_is_not_kept_is_not_found(clinic: Site, page: str) -> None:
    assert clinic.client("coordinator").get(f"/courses/c1/{page}").status_code == 404


def test_who_does_not_belong_to_the_course_does_not_see_its_trials(clinic: Site) -> None:
    client = clinic.client("coordinator", ("c2",))
    for page in ("trials", "trial?trial=DEMO-LBCL-1", "trial-questions", "trial-option"):
        assert client.get(f"/courses/c1/{page}").status_code == 403


def test_the_questions_are_in_plain_words_with_their_source(clinic: Site) -> None:
    told = words(clinic, "/courses/c1/trial-questions?trial=DEMO-TREE-6")
    assert "Would this trial stop me from getting an approved CAR T product or another trial later?" in told
    assert "Topics: US National Cancer Institute" in told
    assert (
        "Still to be found out before it can be said whether this trial fits CD19 by flow or immunohistochemistry"
        in told
    )
    assert "Still to be found out" not in words(clinic, "/courses/c1/trial-questions")


def test_a_trial_discussed_is_recorded_and_shown(clinic: Site) -> None:
    desk = Bedside(clinic, "coordinator", "c1")
    assert desk.open("trial-option?change=DEMO-LBCL-1").value("about") == "DEMO-LBCL-1"
    (fact,) = desk.record("trial-option", about="DEMO-LBCL-1", choice="discussed", text="He thinks about it")
    assert (fact.what, fact.about, fact.choice) == ("trial_option", "DEMO-LBCL-1", "discussed")
    told = words(clinic, "/courses/c1/trials")
    assert "Discussed : DEMO-LBCL-1 Mon Mar 16 (today) · He thinks about it" in told


@pytest.mark.parametrize("number", ["", "../etc", "a b", "x" * 50, "<b>"])
def test_what_is_no_registry_number_is_not_recorded(clinic: Site, number: str) -> None:
    answer = Bedside(clinic, "coordinator", "c1").send("trial-option", about=number, choice="discussed")
    assert answer.status_code == 422
    assert "Nothing was recorded" in Page(answer.text).words


def test_who_only_looks_cannot_record(clinic: Site) -> None:
    assert "trial-option" not in html(clinic, "/courses/c1/trials", "nurse")
    assert clinic.client("nurse").get("/courses/c1/trial-option").status_code == 403


def test_markup_in_a_record_is_shown_as_text(clinic: Site, shelf: Path) -> None:
    record = json.loads((shelf / "NCT02513394.json").read_text())
    section = record["protocolSection"]
    section["identificationModule"]["briefTitle"] = "<script>alert(1)</script>"
    section["eligibilityModule"]["eligibilityCriteria"] = "Inclusion Criteria:\n* <img src=x onerror=alert(2)>"
    (shelf / "NCT02513394.json").write_text(json.dumps(record))
    for page in ("trials", "trial?trial=NCT02513394", "trial-questions?trial=NCT02513394"):
        drawn = html(clinic, f"/courses/c1/{page}")
        assert "<script>alert" not in drawn
        assert "<img src=x" not in drawn
        assert "&lt;script&gt;alert(1)" in drawn


def test_a_changed_folder_is_read_again(clinic: Site, shelf: Path) -> None:
    assert "12 trial records" in words(clinic, "/courses/c1/trials")
    (shelf / "invented.json").unlink()
    assert "7 trial records" in words(clinic, "/courses/c1/trials")
    record = (shelf / "NCT02513394.json").read_text().replace("PALbociclib", "Newbociclib")
    (shelf / "NCT02513394.json").write_text(record)
    later = (shelf / "NCT02513394.json").stat().st_mtime + 5
    os.utime(shelf / "NCT02513394.json", (later, later))
    assert "Newbociclib" in words(clinic, "/courses/c1/trials")


def test_a_broken_file_is_told_and_the_rest_is_shown(clinic: Site, shelf: Path) -> None:
    (shelf / "cut.json").write_text('{"protocolSection": {')
    told = words(clinic, "/courses/c1/trials")
    assert "1 record or file not read cut.json: It is no JSON, or it was cut short." in told
    assert "DEMO-LBCL-1" in told


def test_a_folder_that_is_gone_is_told(clinic: Site, shelf: Path) -> None:
    shutil.rmtree(shelf)
    told = words(clinic, "/courses/c1/trials")
    assert "The folder of trial records cannot be read." in told
    assert str(shelf) not in told


def test_without_a_folder_the_page_says_so(make_site: Callable[..., Site]) -> None:
    site = make_site()
    site.record([{"course": "c1", "at": "2026-03-01T09:00Z", "what": "referral", "source": "chart"}])
    assert "No folder of trial records is set here." in words(site, "/courses/c1/trials")
