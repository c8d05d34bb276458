"""The candidacy page: what is read aloud, compared and entered; what it never shows."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from cartway.times import parse
from cartway.web.candidacy.aloud import lines
from pathway.candidacy.drawn import course, facts
from pathway.candidacy.test_candidacy import WELL
from web.conftest import Site

NOW = parse("2026-11-23T10:00Z")
AT = {"taken": "2026-11-23 09:00"}


@pytest.fixture
def well(site: Site) -> Site:
    """A site with one course that an axi-cel label covers."""
    site.now = NOW
    site.record(facts(WELL))
    return site


def words(html: str) -> str:
    """What a page says, without its marks."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def page(site: Site, role: str = "physician", more: str = "") -> str:
    """The candidacy page of the course."""
    answer = site.client(role).get(f"/courses/p01/candidacy{more}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_it_can_be_read_aloud(well: Site) -> None:
    said = words(page(well))
    assert "Man of 58 with diffuse large B-cell lymphoma, relapsed, after 1 line of therapy." in said
    assert "The US label covers Yescarta and Breyanzi." in said
    assert "No washout keeps cells from being collected now." in said


def test_products_stand_side_by_side_and_those_not_covered_say_why(well: Site) -> None:
    html = page(well)
    heads = re.findall(r'<th scope="col"><strong>(\w+)</strong>', html)
    assert heads == ["Breyanzi", "Yescarta"]
    assert "Kymriah 1 systemic line of therapy; the label says 2 or more." in words(html)
    assert words(html).count("Present to the tumor board") == 2


def test_another_places_labels_are_asked_by_a_link(well: Site) -> None:
    assert "CN labels" in words(page(well, more="?country=CN"))
    assert "US labels" in words(page(well, more="?country=Atlantis"))


def test_a_limit_nobody_saw_is_marked(well: Site) -> None:
    well.record(facts("2026-11-20 creatinine_clearance 24"))
    assert "24 mL/min on Nov 20, 2026 (at least 30 mL/min). not confirmed" in words(page(well))


def test_what_is_not_known_names_the_test(well: Site) -> None:
    assert "oxygen saturation on room air pulse oximetry at rest on room air" in words(page(well))


def test_a_washout_that_runs_is_shown_with_its_day(well: Site) -> None:
    well.record(facts("2026-11-20 drug cytarabine"))
    said = words(page(well))
    assert "Collection: Fri Dec 4 (in 11 days)" in said
    assert "Cells can be collected from Dec 4, 2026 on." in said


def test_a_line_without_its_drugs_is_told_as_not_known(well: Site) -> None:
    well.record(facts("2026-10-01 line_of_therapy 2 until=2026-11-10 regimen=study"))
    assert "What was in it is not recorded: Line 2: study." in words(page(well))


def test_what_changed_since_the_last_look(well: Site) -> None:
    physician = well.client("physician")
    answer = well.post(physician, "/courses/p01/candidacy/look", sheet(physician, "look"))
    assert answer.status_code == 303, answer.text
    well.settle()
    well.now += 60_000_000
    assert "Nothing that decides has changed." in words(page(well))
    well.now += 60_000_000
    well.record([{"course": "p01", "at": well.now, "what": "infection_status", "choice": "active"}])
    said = words(page(well))
    assert "Candidacy To be assessed → , now Defer" in said
    assert "Is the patient free of an active infection? not known → , now not met" in said


def test_that_there_was_no_line_is_another_thing_than_none_recorded() -> None:
    assert lines(course("2026-10-01 line_of_therapy 0")) == "with no earlier line of therapy"
    assert lines(course("2026-10-01 diagnosis dlbcl")) == "earlier lines of therapy not recorded"


def sheet(client: Any, form: str, course: str = "p01") -> dict[str, str]:
    """The hidden fields of a form's page."""
    html = client.get(f"/courses/{course}/candidacy/{form}").text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in hidden if name != "_csrf_token"}


def send(site: Site, form: str, role: str = "physician", **fields: str) -> Any:
    """Fill in a form and send it."""
    client = site.client(role)
    answer = site.post(client, f"/courses/p01/candidacy/{form}", {**sheet(client, form), **fields})
    site.settle()
    return answer


def test_one_form_records_a_fact_for_each_field_filled_in(well: Site) -> None:
    answer = send(well, "fitness", lvef="55", lvef_method="echo", creatinine_clearance="70", ecog_score="1", **AT)
    assert answer.status_code == 303, answer.text
    told = {fact.what: fact for fact in well.facts("p01") if fact.at == parse("2026-11-23T09:00Z")}
    assert {name: fact.value for name, fact in told.items()} == {
        "lvef": 55.0,
        "creatinine_clearance": 70.0,
        "ecog_score": 1.0,
    }
    assert told["lvef"].detail == {"method": "echo"}


def test_choices_flags_and_text_belong_to_their_variable(well: Site) -> None:
    answer = send(well, "disease", diagnosis="mantle_cell_lymphoma", diagnosis_histology_confirmed="yes", **AT)
    assert answer.status_code == 303, answer.text
    diagnosis = [fact for fact in well.facts("p01") if fact.what == "diagnosis"][-1]
    assert (diagnosis.choice, diagnosis.detail) == ("mantle_cell_lymphoma", {"histology_confirmed": True})
    assert "mantle cell lymphoma" in words(page(well))


@pytest.mark.parametrize(
    ("form", "fields", "reason"),
    [
        ("fitness", {}, "Nothing was entered."),
        ("fitness", {"lvef": "500"}, "Left ventricular ejection fraction is outside what is possible."),
        ("fitness", {"lvef_method": "echo"}, "Left ventricular ejection fraction is missing."),
        ("infections", {"hbsag": "perhaps"}, "Hepatitis B surface antigen"),
        ("line", {"value": "2", "regimen": "R-ICE", "first": "2026-03-01", "last": "2026-02-01"}, "It ends before"),
        ("line", {"value": "2", "regimen": "R-ICE", "first": "soon"}, "This day cannot be read."),
        ("target", {"about": "CD19"}, "missing"),
    ],
)
def test_what_cannot_be_right_is_asked_back_and_nothing_is_recorded(
    well: Site, form: str, fields: dict[str, str], reason: str
) -> None:
    before = len(well.facts("p01"))
    answer = send(well, form, **fields)
    assert answer.status_code == 422
    assert reason in unescape(answer.text)
    assert len(well.facts("p01")) == before


def test_a_line_of_therapy_has_days_of_its_own_and_says_what_is_not_known(well: Site) -> None:
    answer = send(well, "line", value="2", regimen="R-ICE", classes="anti-CD20, chemotherapy", systemic="yes",
                  first="2026-02-01", last="2026-05-01", outcome="progression", outcome_date="2026-06-01")  # fmt: skip
    assert answer.status_code == 303, answer.text
    line = next(fact for fact in well.facts("p01") if fact.what == "line_of_therapy" and fact.value == 2)
    assert (line.at, line.until) == (parse("2026-02-01T00:00Z"), parse("2026-05-01T00:00Z"))
    assert line.detail["classes"] == ["anti-CD20", "chemotherapy"]
    assert send(well, "line", value="3", regimen="lenalidomide", first="2026-07-01").status_code == 303
    open_ = next(fact for fact in well.facts("p01") if fact.what == "line_of_therapy" and fact.value == 3)
    assert (open_.until, open_.detail["end_unknown"]) == (None, True)


def test_a_target_is_recorded_of_its_antigen(well: Site) -> None:
    assert send(well, "target", about="CD19", choice="negative", method="flow", **AT).status_code == 303
    assert "Not a candidate" in words(page(well))


def test_a_holders_washout_comes_before_the_shipped_one(well: Site) -> None:
    well.record(facts("2026-11-22 drug dexamethasone"))
    assert "Cells can be collected from Nov 25, 2026 on, preferably from Nov 29, 2026 on." in words(page(well))
    client = well.client("coordinator")
    html = client.get("/programme/washout-rule").text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    hidden.pop("_csrf_token", None)
    fields = {"about": "systemic_corticosteroid", "value": "14", "document": "Center SOP 12", **hidden}
    assert well.post(client, "/programme/washout-rule", fields).status_code == 303
    well.settle()
    assert "Cells can be collected from Dec 6, 2026 on." in words(page(well))


@pytest.mark.parametrize(("role", "may"), [("physician", True), ("coordinator", True), ("cell_laboratory", False)])
def test_who_judges_may_enter_what_is_judged(well: Site, role: str, may: bool) -> None:
    assert ("/candidacy/fitness" in page(well, role)) is may
    assert (well.client(role).get("/courses/p01/candidacy/fitness").status_code == 200) is may


def test_a_patient_does_not_see_it(well: Site) -> None:
    for role in ("patient", "caregiver"):
        assert well.client(role, ("p01",)).get("/courses/p01/candidacy").status_code in (403, 404)
