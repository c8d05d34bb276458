"""The list of centers: what each offers, found by product, trial and service; entered and changed by a form."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.record import Fact
from web.conftest import Site
from web.forms.bedside import Page

OFFER = "/centers/offer"


def entered(site: Site, change: str = "", role: str = "coordinator", **typed: Any) -> Any:
    """Open the form, fill it in, send it. A list stands for several ticks."""
    client = site.client(role)
    page = Page(client.get(f"{OFFER}?change={change}" if change else OFFER).text)
    ticks = {name: values for name, values in typed.items() if isinstance(values, list)}
    fields = [pair for pair in page.fields if pair[0] not in typed] + [
        pair
        for name, value in typed.items()
        for pair in ([(name, one) for one in ticks[name]] if name in ticks else [(name, value)])
    ]
    fields = [pair for pair in fields if pair[0] != "_csrf_token"]
    answer = client.post(OFFER, data=_gathered([*fields, ("_csrf_token", site.csrf(client))]))
    site.settle()
    return answer


def _gathered(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def offers(site: Site) -> list[Fact]:
    return [fact for fact in site.facts("center") if fact.what == "center_offer"]


def listed(site: Site, query: str = "") -> str:
    answer = site.client("nurse").get(f"/centers{query}")
    assert answer.status_code == 200, answer.text
    return Page(answer.text).words


def lakeside(site: Site, **more: Any) -> Any:
    typed = {
        "center": "Lakeside Children's",
        "city": "Lakeside",
        "products": ["tisagenlecleucel"],
        "services": ["children", "lodging"],
        "trials": "NCT04780529, DEMO-ALL-4",
    }
    return entered(site, **{**typed, **more})


def test_a_center_is_entered_and_listed_with_what_it_offers(clinic: Site) -> None:
    assert lakeside(clinic).status_code == 303
    (fact,) = offers(clinic)
    assert (fact.about, fact.choice) == ("lakeside-children-s", "open")
    assert fact.detail == {
        "center": "Lakeside Children's",
        "city": "Lakeside",
        "products": ["tisagenlecleucel"],
        "services": ["children", "lodging"],
        "trials": ["NCT04780529", "DEMO-ALL-4"],
    }
    told = listed(clinic)
    assert "1 of 1 center" in told
    assert "Products tisa-cel Trials NCT04780529, DEMO-ALL-4 Services children, lodging" in told
    assert "recorded Mon Mar 16 (today)" in told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?product=tisagenlecleucel", True),
        ("?product=axicabtagene_ciloleucel", False),
        ("?trial=nct04780529", True),
        ("?trial=NCT00000001", False),
        ("?service=children", True),
        ("?service=outpatient", False),
        ("?product=tisagenlecleucel&service=lodging", True),
        ("?product=", True),
        ("?product=%3Cscript%3E", False),
    ],
)
def test_centers_are_found_by_what_they_offer(clinic: Site, query: str, found: bool) -> None:
    lakeside(clinic)
    assert ("1 of 1 center" if found else "0 of 1 center") in listed(clinic, query)


def test_a_change_keeps_the_center_and_replaces_what_it_offers(clinic: Site) -> None:
    lakeside(clinic)
    clinic.now += 1_000_000
    answer = entered(clinic, "lakeside-children-s", center="Lakeside Children's Hospital", state="paused")
    assert answer.status_code == 303
    assert [fact.about for fact in offers(clinic)] == ["lakeside-children-s"] * 2
    told = listed(clinic)
    assert "Lakeside Children's Hospital paused" in told
    assert "Products tisa-cel" in told
    assert "1 of 1 center" in told


def test_the_centers_own_trials_are_marked_on_a_patients_page(clinic: Site) -> None:
    assert entered(clinic, "center", center="Invented Hospital", trials="DEMO-LBCL-1").status_code == 303
    told = Page(clinic.client("nurse").get("/courses/c1/trials").text).words
    assert "this center takes part DEMO-LBCL-1" in told
    assert told.count("this center takes part") == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"center": ""},
        {"center": "x" * 200},
        {"products": ["something_else"]},
        {"services": ["parking"]},
        {"state": "maybe"},
        {"trials": "not a number"},
    ],
)
def test_what_does_not_fit_is_not_recorded(clinic: Site, typed: dict[str, Any]) -> None:
    answer = lakeside(clinic, **typed)
    assert (answer.status_code, offers(clinic)) == (422, [])
    assert "Nothing was recorded" in Page(answer.text).words


def test_a_second_center_of_the_same_name_is_refused(clinic: Site) -> None:
    lakeside(clinic)
    answer = lakeside(clinic, center="lakeside children's")
    assert (answer.status_code, len(offers(clinic))) == (422, 1)


def test_a_name_with_markup_is_shown_as_text(clinic: Site) -> None:
    lakeside(clinic, center="<b>Lakeside</b>")
    drawn = clinic.client("nurse").get("/centers").text
    assert "<b>Lakeside" not in drawn
    assert "&lt;b&gt;Lakeside" in drawn


def test_who_only_looks_may_not_enter(clinic: Site) -> None:
    assert clinic.client("nurse").get(OFFER).status_code == 403
    assert OFFER not in clinic.client("nurse").get("/centers").text
    assert clinic.client("patient").get("/centers").status_code == 403
