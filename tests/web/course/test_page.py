"""The page as a whole: what it says on top, for whom, at which moment."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cartway.times import HOUR
from cartway.web.access import Act, may
from cartway.web.access.roles import Role
from toxicity.drawn import age, capd, discharged, flow, ice, infused, instant, oxygen, pressure, temperature
from web.conftest import Site
from web.course.bed import COURSE, Bed, known
from web.course.tree import tree
from web.course.why_case import ill

PARTS = ("", "/why", "/timeline", "/readings", "/chart")
FORM_ACTS = {"chart-vitals": Act.chart, "chart-oxygen": Act.chart, "chart-ice": Act.chart, "give-drug": Act.give_drug,
             "attribute": Act.attribute}  # fmt: skip


def test_the_head(bed: Bed) -> None:
    ill(bed)
    bed.now(30)
    head = bed.page().one(id="head")
    assert "Day 1 after axi-cel" in head.text
    assert head.one("section", aria_label="CRS").one("span", name="grade").attributes["data-grade"] == "3"
    assert "up from 2" in head.one("section", aria_label="CRS").text


def crs(bed: Bed) -> str:
    """What the head says of the CRS."""
    return bed.page().one(id="head").one("section", aria_label="CRS").text


def test_a_lower_bound_is_no_improvement(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), pressure(120), oxygen("non_rebreather_mask"))
    assert "up from 0" in crs(bed) or "not assessable before" in crs(bed)
    bed.chart(2, oxygen("nasal_cannula"))  # without a flow: it may be as high as before
    assert "at least 2" in crs(bed)
    assert "was 3" in crs(bed)
    assert "down" not in crs(bed)
    bed.chart(3, flow(2))
    assert "at least" not in crs(bed)


def test_what_nobody_could_assess_before_is_said_for_some_hours_only(bed: Bed) -> None:
    bed.record(infused(), 0)
    for hour in range(2, 40, 2):
        bed.chart(hour, temperature(37), pressure(120), oxygen("room_air"), ice(10))
        assert ("not assessable before" in crs(bed)) == (hour < 14)


def test_the_head_says_why_in_a_line(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), pressure(84), oxygen("room_air"), ice(10))
    line = bed.page().one("p", name="because")
    assert line.text == "Why: 38.6 °C, systolic 84 mmHg. All reasons"
    assert line.one("a").attributes["href"] == "#why"
    bed.chart(2, temperature(37), pressure(120))
    assert "84" in bed.page("?at=2026-01-10T01:30Z").one("p", name="because").text


def test_times_are_typed_as_text_by_the_clock_of_24_hours(bed: Bed) -> None:
    ill(bed)
    bed.now(10)
    fields = bed.page().one(id="as-known").all("input")
    assert [(field.attributes["type"], field.attributes["value"]) for field in fields] == [("text", ""), ("text", "")]
    page = bed.page("?at=02:30&known_at=2026-01-10+03:12")
    typed = [field.attributes["value"] for field in page.one(id="as-known").all("input")]
    assert typed == ["2026-01-10 02:30", "2026-01-10 03:12"]
    assert "As it was at 10 Jan 02:30, by what was known at 10 Jan 03:12" in page.one("div", name="past").text


@pytest.mark.parametrize("role", [role for role in Role if may(role, Act.read_course)])
def test_each_role_finds_the_forms_that_it_may_use(bed: Bed, role: Role) -> None:
    bed.record(infused() + age(58), 0)
    hrefs = {link.attributes["href"] for link in bed.page(role=role).all("a")}
    wanted = {f"/courses/{COURSE}/{path}" for path, act in FORM_ACTS.items() if may(role, act)}
    assert {href for href in hrefs if href.rsplit("/", 1)[-1] in {*FORM_ACTS, "chart-capd"}} == wanted


@pytest.mark.parametrize(
    ("years", "scores"), [(58, {"chart-ice"}), (7, {"chart-capd"}), (None, {"chart-ice", "chart-capd"})]
)
def test_the_score_for_the_age(bed: Bed, years: float | None, scores: set[str]) -> None:
    bed.record(infused() + ([] if years is None else age(years)), 0)
    hrefs = [link.attributes["href"].rsplit("/", 1)[-1] for link in bed.page().all("a")]
    assert {href for href in hrefs if href in {"chart-ice", "chart-capd"}} == scores


def test_names_only_for_who_may_see_them(site: Site) -> None:
    bed = Bed(site)
    bed.record(infused() + age(58), 0)
    named = site.office.names.of([COURSE], site.now)[COURSE]
    assert not named.known  # nobody entered this patient: the course stands for the name, for everybody
    assert bed.page(role="data_manager").one("h1").text == COURSE


def test_opening_marks_what_is_there_as_seen(bed: Bed) -> None:
    ill(bed)
    site = bed.site
    account = site.account("nurse")
    token = site.office.access.open_session(account.id, now=site.now).token
    with site.client(None) as client:
        client.cookies.set(site.cookie("nurse")[0], token)
        client.get(f"/courses/{COURSE}{known(3)}")
        assert site.office.access.seen(account.id).get(COURSE) is None
        client.get(f"/courses/{COURSE}", headers={"X-Cartway-Hidden": "1"})
        assert site.office.access.seen(account.id).get(COURSE) is None
        client.get(f"/courses/{COURSE}")
    assert site.office.access.seen(account.id)[COURSE] == len(site.office.log.facts(COURSE))


def test_a_past_moment_says_so_and_leads_back(bed: Bed) -> None:
    ill(bed)
    bed.now(10)
    page = bed.page(known(2.5))
    banner = page.one("div", name="past")
    assert "As it was known at 10 Jan 02:30" in banner.text
    assert banner.one("a").attributes["href"] == f"/courses/{COURSE}"
    assert not bed.page().all("div", name="past")


def test_a_past_moment_stays_so_in_every_link_to_a_part(bed: Bed) -> None:
    ill(bed)
    bed.now(10)
    page = bed.page(known(2.5))
    parts = [
        a.attributes["href"]
        for a in page.all("a")
        if "/timeline" in a.attributes["href"] or "/readings" in a.attributes["href"]
    ]
    assert len(parts) > 5
    assert all("known_at=2026-01-10T02:30:00Z" in href for href in parts)
    assert "known_at=2026-01-10T02:30:00Z" in page.one(id="chart").attributes["data-url"]


@pytest.mark.parametrize(
    "query", ["?at=garbage", "?known_at=2026-99-99", "?at=%00&known_at=<b>", "?at=0001-01-01T00:00Z"]
)
def test_garbage_for_a_time_shows_the_page_now(bed: Bed, query: str) -> None:
    ill(bed)
    for part in PARTS:
        answer = bed.get(part + query)
        assert answer.status_code == 200
        if part != "/chart":
            page = tree(answer.text)
            assert "could not be read, so this is the course now." in page.one("div", role="alert").text
            assert not page.all("div", name="past")


def test_known_ahead_is_now(bed: Bed) -> None:
    ill(bed)
    assert not bed.page("?known_at=2030-01-01T00:00Z").all("div", name="past")


@pytest.mark.parametrize("query", ["", "?at=2025-12-01T00:00Z&known_at=2025-12-01T00:00Z", "?at=2025-12-01T00:00Z"])
def test_courses_of_every_kind_have_all_parts(bed: Bed, query: str) -> None:
    """Before the infusion, after it, discharged, infused again, read long after."""
    for facts, hour in ((age(58), -24), (infused(), 0), (discharged(20), 20), (infused(200), 200), ([], 300)):
        if facts:
            bed.record(facts, hour)
        bed.now(hour)
        assert [bed.get(part + query).status_code for part in PARTS] == [200] * len(PARTS)


def test_nothing_was_known_then(bed: Bed) -> None:
    bed.record(infused(), 0)
    page = bed.page("?at=2025-12-01T00:00Z&known_at=2025-12-01T00:00Z")
    assert "Nothing was recorded by then" in page.one(id="head").text
    assert "Nothing was recorded by then" in page.one(id="why").text


def test_a_course_that_is_not_in_the_record_is_no_page(site: Site) -> None:
    client = site.client("nurse")
    assert {client.get(f"/courses/nobody{part}").status_code for part in PARTS} == {404}


def test_no_script_and_no_style_is_within_the_page(bed: Bed) -> None:
    ill(bed)
    page = bed.page()
    assert all("src" in script.attributes and not script.text for script in page.all("script"))
    assert not page.all("style")
    for node in page.all():
        assert "style" not in node.attributes
        assert not [name for name in node.attributes if name.startswith(("on", "hx-on"))]


def test_every_id_is_there_once_and_every_label_leads_somewhere(bed: Bed) -> None:
    ill(bed)
    page = bed.page()
    ids = [node.attributes["id"] for node in page.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    for node in page.all():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for target in node.attributes.get(name, "").split():
                assert target in ids


def test_headings_come_in_order(bed: Bed) -> None:
    ill(bed)
    levels = [int(node.tag[1]) for node in bed.page().one("main").all() if node.tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert all(later - sooner <= 1 for sooner, later in pairwise(levels))


def test_a_new_fact_is_there_at_once_and_time_alone_too(bed: Bed) -> None:
    bed.record(infused() + age(7), 0)
    bed.chart(1, temperature(37), capd(3))
    assert "last 37" in bed.get().text
    bed.chart(2, temperature(39.9), ice(10))
    assert "last 39.9" in bed.get().text
    bed.site.now += 20 * HOUR
    bed.site.settle()
    assert "not assessable" in bed.page().one("section", aria_label="CRS").text


def test_no_value_of_a_patient_is_in_a_log(bed: Bed, caplog: pytest.LogCaptureFixture) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.765))
    with caplog.at_level("DEBUG", "cartway"):
        for part in PARTS:
            bed.get(part)
    assert "38.765" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("cartway")
    )


def test_as_known_at_an_hour_before_anything_was_recorded_late(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(2, temperature(38.9), known=6)
    bed.now(7)
    assert bed.view(3, 3).stated == [fact for fact in bed.site.facts(COURSE) if fact.what == "infusion"]
    assert bed.view(3).stated[-1].at == instant(2)
