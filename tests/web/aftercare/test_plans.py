"""The care plan on the web: for each reader, on paper, as the patient's own."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from web.aftercare.conftest import INFUSED, LINE, Drawn


def told(pdf: bytes) -> str:
    return PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_the_plan_of_each_reader(drawn: Drawn) -> None:
    assert "My plan for life after CAR T-cell therapy" in drawn.by().open("care-plan").words
    assert "Mi plan para la vida" in drawn.by().open("care-plan?language=es").words
    assert "Who does what" in drawn.by().open("care-plan?reader=physician").words


def test_that_it_was_given_is_recorded_with_its_edition(drawn: Drawn) -> None:
    link = next(link for link in drawn.by().open("care-plan").links if "care-plan-given" in link)
    edition = link.partition("change=")[2]
    (fact,) = drawn.by().record(f"care-plan-given?change={edition}", choice="patient", language="en")
    assert fact.detail["edition"] == edition
    assert "to the patient" in drawn.by().open("care-plan").words
    assert "(as it is now)" in drawn.by().open("care-plan").words


@pytest.mark.parametrize("paper", ["patient", "physician", "card"])
def test_the_papers(drawn: Drawn, paper: str) -> None:
    answer = drawn.by().client.get(drawn.by().path(f"care-plan/{paper}"))
    assert answer.headers["content-type"] == "application/pdf"
    assert LINE in told(answer.content)


def test_no_such_paper(drawn: Drawn) -> None:
    assert drawn.by().client.get(drawn.by().path("care-plan/poster")).status_code == 404


def test_the_patient_s_own_in_the_language_of_the_page(drawn: Drawn) -> None:
    client, path = drawn.site.client("patient", courses=[drawn.course]), f"/my/{drawn.course}/plan"
    assert "My plan for life after" in client.get(path, headers={"accept-language": "en"}).text
    assert "Mi plan para la vida" in client.get(path, headers={"accept-language": "es"}).text
    spanish = client.get(f"{path}/paper", headers={"accept-language": "es"}).content
    assert PdfReader(io.BytesIO(spanish)).trailer["/Root"]["/Lang"] == "es"
    assert LINE in told(client.get(f"{path}/card").content)


def test_nobody_reads_another_s(drawn: Drawn, early: Drawn) -> None:
    early.record(INFUSED)
    client = drawn.site.client("patient", courses=[early.course])
    assert client.get(f"/my/{early.course}/plan").status_code == 200
    for path in ("plan", "plan/paper", "plan/card"):
        assert client.get(f"/my/{drawn.course}/{path}").status_code in (403, 404)


def test_before_the_infusion_it_says_when_it_begins(early: Drawn) -> None:
    client = early.site.client("patient", courses=[early.course])
    assert "Your plan begins with the day you get your cells." in client.get(f"/my/{early.course}/plan").text
    assert client.get(f"/my/{early.course}/plan/paper").status_code == 404


def test_after_a_death_it_stays_quiet(drawn: Drawn) -> None:
    drawn.record({"at": "2026-02-01T00:00Z", "what": "death"})
    text = drawn.site.client("caregiver", courses=[drawn.course]).get(f"/my/{drawn.course}/plan").text
    assert "Your team is there for you." in text
    assert "When to call" not in text


def test_no_name_on_paper_for_who_may_not_see_names(drawn: Drawn) -> None:
    answer = drawn.site.client("data_manager").get(f"/courses/{drawn.course}/care-plan/physician")
    assert "Name:" in told(answer.content)
