"""The timeline: every fact, what became of it, newest first."""

from __future__ import annotations

import msgspec
import pytest

from cartway.record import Fact
from cartway.web.access import Account, Role
from cartway.web.course.timeline import GROUPS, PAGE, Entry, authors, timeline
from cartway.web.course.view import View
from toxicity.drawn import (
    Saying,
    at,
    attributed,
    discharged,
    drip,
    ice,
    infused,
    instant,
    pressure,
    push,
    temperature,
)
from web.conftest import PASSWORD
from web.course.bed import COURSE, Bed, known, unmeasurable
from web.course.why_case import ill


def entries(view: View, **asked: object) -> list[Entry]:
    return [entry for *_, day in timeline(view, **asked).days for entry in day]  # type: ignore[arg-type]


def test_newest_first_and_within_a_time_as_charted(bed: Bed) -> None:
    ill(bed)
    found = [(entry.fact.at, entry.fact.position) for entry in entries(bed.view())]
    assert found == sorted(found, key=lambda pair: (-pair[0], pair[1]))
    assert len(found) == len(bed.site.office.log.facts(COURSE))


def test_a_correction_stands_beside_what_it_corrects(bed: Bed) -> None:
    positions = ill(bed)
    page = bed.page()
    old = page.one("li", id=f"fact-{positions['corrected']}")
    assert old.attributes["data-kind"] == "corrected"
    assert old.one("span", name="crossed").text == "Systolic blood pressure 48 mmHg"
    new = page.one("li", id=f"fact-{old.one('a').attributes['data-fact']}")
    assert "Systolic blood pressure 84 mmHg" in new.text
    assert "typing error" in new.text
    assert new.all("a")[0].attributes["data-fact"] == str(positions["corrected"])


def test_a_retraction_crosses_out_and_says_why(bed: Bed) -> None:
    positions = ill(bed)
    page = bed.page()
    old = page.one("li", id=f"fact-{positions['retracted']}")
    assert old.attributes["data-kind"] == "retracted"
    retraction = page.one("li", id=f"fact-{old.one('a').attributes['data-fact']}")
    assert retraction.attributes["data-kind"] == "retraction"
    assert "another patient" in retraction.text


def test_as_known_before_the_correction_nothing_is_crossed(bed: Bed) -> None:
    positions = ill(bed)
    page = bed.page(known(3.2))
    entry = page.one("li", id=f"fact-{positions['corrected']}")
    assert entry.attributes["data-kind"] == "stands"
    assert not page.all("li", data_kind="corrected")
    assert not page.all("li", data_kind="retraction")


def test_when_it_was_true_and_when_and_by_whom_it_was_recorded(bed: Bed) -> None:
    bed.record(infused(), 0)
    position = bed.chart(2, temperature(38.6), known=5, by="nurse.b")
    entry = bed.page().one("li", id=f"fact-{position}")
    assert entry.one("span", name="at").text == "02:00"
    assert entry.one("span", name="recorded").text == "recorded 05:00 nurse.b, from ward"


def test_what_the_source_said_before_it_was_converted(bed: Bed) -> None:
    position = bed.chart(1, temperature(38.5), said="101.3 [degF]")
    text = bed.page().one("li", id=f"fact-{position}").text
    assert "Body temperature 38.5 °C charted as 101.3 [degF]" in text


def test_what_could_not_be_read_is_shown_as_such(bed: Bed) -> None:
    position = bed.chart(1, Saying("unreadable", detail={"variable": "body_temperature", "value": "101.8"}))
    entry = bed.page().one("li", id=f"fact-{position}")
    assert entry.attributes["data-kind"] == "unreadable"
    assert "Body temperature could not be read" in entry.text
    assert "The value as it came: 101.8" in entry.text


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("", {"body_temperature", "drug", "ice_score", "infusion", "attribution", "unreadable", "retraction"}),
        ("vital-signs", {"body_temperature", "unreadable", "retraction"}),
        ("drugs", {"drug"}),
        ("neurology", {"ice_score"}),
        ("judgments", {"attribution"}),
        ("milestones", {"infusion"}),
        ("laboratory", set()),
        (
            "nothing such",
            {"body_temperature", "drug", "ice_score", "infusion", "attribution", "unreadable", "retraction"},
        ),
    ],
)
def test_groups(bed: Bed, group: str, expected: set[str]) -> None:
    bed.record(infused(), 0)
    wrong = bed.chart(1, temperature(39.9))
    bed.chart(1, push("acetaminophen", 1000), ice(10), attributed("fever"))
    bed.chart(2, Saying("unreadable", detail={"variable": "systolic_pressure"}))
    bed.retract(wrong, known=3)
    assert {entry.fact.what for entry in entries(bed.view(), group=group)} == expected


def test_every_variable_is_in_a_group_or_about_the_record() -> None:
    from cartway.vocabulary import vocabulary

    grouped = {group for groups in GROUPS.values() for group in groups}
    assert {variable.group for variable in vocabulary().variables.values()} - grouped == {"record"}


def test_pages_follow_each_other_without_gap_or_doubling(bed: Bed) -> None:
    bed.record(infused(), 0)
    for hour in range(1, 61):
        bed.chart(hour, temperature(37.0), pressure(120), ice(10), drip("norepinephrine", 0.1))
    seen: list[int] = []
    before, added = "", 0
    while True:
        found = timeline(bed.view(), before=before)
        seen += [entry.fact.position for *_, day in found.days for entry in day]
        if not found.older:
            break
        before = found.older
        bed.chart(60.5, temperature(37.0))  # what is new does not shift what is older
        added += 1
    assert len(seen) == len(set(seen)) == 241
    assert added > 1
    assert found.total == 241 + added


def test_a_fact_far_back_is_on_the_page_that_a_link_leads_to(bed: Bed) -> None:
    bed.record(infused(), 0)
    first = bed.chart(1, temperature(38.9))
    for hour in range(2, 2 + PAGE + 20):
        bed.chart(hour, temperature(37.0))
    assert not bed.page().all("li", id=f"fact-{first}")
    assert bed.page(f"/timeline?fact={first}").one("li", id=f"fact-{first}")


def test_older_is_a_fragment_for_htmx_and_a_page_without(bed: Bed) -> None:
    bed.record(infused(), 0)
    for hour in range(1, PAGE + 20):
        bed.chart(hour, temperature(37.0))
    link = bed.page().one("p", name="pager").one("a").attributes
    assert "<html" in bed.get(link["href"].removeprefix(f"/courses/{COURSE}")).text
    fragment = bed.get(link["hx-get"].removeprefix(f"/courses/{COURSE}"), **{"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "<h2" not in fragment
    assert fragment.count('class="entry"') == 20


@pytest.mark.parametrize(
    "asked", ["before=garbage", "before=1.2.3", "before=" + "9" * 40, "fact=x", "fact=" + "9" * 30, "fact=-1"]
)
def test_a_cursor_that_is_none_shows_the_newest(bed: Bed, asked: str) -> None:
    position = bed.chart(1, temperature(37.0))
    assert bed.page(f"/timeline?{asked}").one("li", id=f"fact-{position}")


def test_hostile_text_stays_text(bed: Bed) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    bed.record(infused(), 0)
    bed.chart(1, attributed("fever", cause=hostile), temperature(38.9), said=hostile, by=hostile)
    wrong = bed.chart(2, Saying("oxygen_device", choice="room_air", detail={"text": hostile}))
    bed.retract(wrong, known=3, reason=hostile)
    for path in ("", "/timeline", "/why", "/readings"):
        text = bed.get(path).text
        assert "<img src=x" not in text
        assert "<script>alert" not in text
    assert hostile in bed.page().one("section", id="timeline").text


def test_a_date_of_birth_counts_no_day_of_infusion(bed: Bed) -> None:
    bed.record([*infused(), Fact(COURSE, instant(-24 * 365 * 50), "birth_date")], 0)
    days = [number for _, _, number, _ in timeline(bed.view()).days]
    assert days == [0, None]


def test_simulated_facts_are_marked(bed: Bed) -> None:
    bed.record([msgspec.structs.replace(fact, simulated=True) for fact in infused()], 0)
    assert "Every fact here is simulated" in bed.page().one("section", id="timeline").text
    position = bed.chart(1, temperature(37.0), simulated=True)
    bed.chart(2, temperature(37.0))
    assert "simulated" in bed.page().one("li", id=f"fact-{position}").text
    assert "simulated" in bed.page().one(id="head").text


@pytest.mark.parametrize(
    ("role", "links"), [("nurse", True), ("physician", True), ("pharmacy", False), ("data_manager", False)]
)
def test_who_may_correct_finds_the_links(bed: Bed, role: str, links: bool) -> None:
    position = bed.chart(1, temperature(37.0))
    entry = bed.page(role=role).one("li", id=f"fact-{position}")
    assert [link.text.split()[0] for link in entry.all("a")] == (["Correct", "Withdraw"] if links else [])
    assert [link.attributes["href"] for link in entry.all("a")] == (
        [f"/courses/{COURSE}/facts/{position}/correct", f"/courses/{COURSE}/facts/{position}/retract"] if links else []
    )


def test_nothing_is_corrected_from_a_past_moment(bed: Bed) -> None:
    bed.chart(1, temperature(37.0))
    bed.now(5)
    assert not [a for a in bed.page(known(2)).all("a") if "/facts/" in a.attributes.get("href", "")]


def test_what_is_dated_ahead_is_marked_at_present_and_unknown_in_the_past(bed: Bed) -> None:
    position = bed.chart(10, push("tocilizumab", 600), known=1)
    assert "still to come" in bed.page().one("li", id=f"fact-{position}").text
    bed.now(4)
    assert not bed.page("?at=2026-01-10T02:00Z").all("li", id=f"fact-{position}")


def drug_lines(bed: Bed) -> list[str]:
    """The lines of drugs, oldest first: the words of each."""
    rows = bed.page("?group=drugs").one(id="entries").all("li")
    return [row.one("div", name="what").text for row in reversed(rows)]


def test_drugs_say_what_was_done(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, drip("norepinephrine", 0.1))
    bed.chart(2, drip("norepinephrine", 0.05))
    bed.chart(3, drip("norepinephrine", 0.05))
    as_forms_do = {"continuous": True, "status": "stopped"}
    bed.chart(4, Saying("drug", 0.0, "norepinephrine", "ug/kg/min", detail=as_forms_do))
    bed.chart(5, Saying("drug", 0.02, "norepinephrine", "ug/kg/min", detail={"continuous": True}))
    bed.chart(6, push("tocilizumab", 656, route="intravenous"))
    bed.chart(7, push("acetaminophen", 1000, status="refused", route="oral"))
    bed.chart(8, push("epinephrine", None, status="stopped", continuous=True))
    bed.chart(9, push("midazolam", 2, sedation=True, text="before the MRI"))
    assert drug_lines(bed) == [
        "Norepinephrine started 0.1 mcg/kg/min",
        "Norepinephrine new rate 0.05 mcg/kg/min",
        "Norepinephrine still running 0.05 mcg/kg/min",
        "Norepinephrine stopped",
        "Norepinephrine started 0.02 mcg/kg/min",
        "Tocilizumab 656 mg given into a vein",
        "Acetaminophen 1000 mg refused by mouth",
        "Epinephrine stopped",
        "Midazolam 2 mg given to sedate Note: before the MRI",
    ]


def test_a_drug_with_an_end(bed: Bed) -> None:
    bed.record(infused(), 0)
    [run] = at(1, drip("norepinephrine", 0.1))
    [dose] = at(1, push("cefepime", 2000))
    [tablet] = at(1, push("acetaminophen", 1000))
    ends = ((run, instant(3)), (dose, instant(1.5)), (tablet, instant(1)))
    bed.record([msgspec.structs.replace(fact, until=end, key=fact.choice) for fact, end in ends], 4)
    bed.chart(5, drip("norepinephrine", 0.2))
    assert drug_lines(bed) == [
        "Acetaminophen 1000 mg given",
        "Cefepime 2000 mg given until 01:30",
        "Norepinephrine started 0.1 mcg/kg/min until 03:00",
        "Norepinephrine started 0.2 mcg/kg/min",
    ]


def test_a_rate_from_before_a_discharge_is_not_one_that_still_runs(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, drip("norepinephrine", 0.1))
    bed.record(discharged(20), 20)
    bed.chart(30, drip("norepinephrine", 0.2))
    assert drug_lines(bed)[-1] == "Norepinephrine started 0.2 mcg/kg/min"


def test_a_corrected_rate_is_said_as_what_was_done(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, drip("norepinephrine", 0.1))
    wrong = bed.chart(2, drip("norepinephrine", 5))
    bed.correct(wrong, drip("norepinephrine", 0.05), known=3)
    assert [line.split(" mcg")[0] for line in drug_lines(bed)] == [
        "Norepinephrine started 0.1",
        "Norepinephrine new rate 0.05",
        "Norepinephrine new rate 5",
    ]


def test_who_charted_is_named_to_who_may_see_names(bed: Bed) -> None:
    mei = bed.site.office.access.create_account(
        "mei", Role.nurse, password=PASSWORD, display="Mei Copperleaf", now=bed.site.now, by="test"
    )
    assert isinstance(mei, Account)
    known = bed.chart(1, temperature(38.6), by=mei.id)
    unknown = bed.chart(2, temperature(38.6), by="old-system")

    def recorded(position: int, role: str) -> str:
        return bed.page(role=role).one("li", id=f"fact-{position}").one("span", name="recorded").text

    assert recorded(known, "physician") == "recorded 01:00 Mei Copperleaf, nurse"
    assert recorded(known, "data_manager") == f"recorded 01:00 {mei.id}, from ward"
    assert recorded(unknown, "physician") == "recorded 02:00 old-system, from ward"


def test_each_author_is_looked_up_once_a_page(bed: Bed) -> None:
    for hour in range(1, 5):
        bed.chart(hour, temperature(38.6), by=("nurse.a", "nurse.b")[hour % 2])
    asked: list[str] = []

    def account(id: str) -> None:
        asked.append(id)

    assert authors(timeline(bed.view()), account) == {}
    assert sorted(asked) == ["nurse.a", "nurse.b"]


def test_a_pressure_that_could_not_be_measured_is_no_number(bed: Bed) -> None:
    bed.record(infused(), 0)
    position = bed.chart(1, unmeasurable())
    page = bed.page()
    assert (
        page.one("li", id=f"fact-{position}").one("div", name="what").text == "Systolic blood pressure not measurable"
    )
    assert "20 mmHg" not in page.one(id="why").text
    assert "systolic not measurable" in page.one(id="why").text


def test_a_round_says_once_who_recorded_it(bed: Bed) -> None:
    first = bed.chart(1, temperature(37.0), pressure(120), ice(10))
    later = bed.chart(1, temperature(37.1), known=2)
    other = bed.chart(1, pressure(121), known=2, by="nurse.b")
    entries = bed.page().one(id="entries").all("li")
    same = {int(entry.attributes["id"].removeprefix("fact-")): "data-same" in entry.attributes for entry in entries}
    assert same == {first - 2: False, first - 1: True, first: True, later: False, other: False}
