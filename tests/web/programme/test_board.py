"""The programme board: who stands on it, in which order, for whom."""

from __future__ import annotations

import re

import pytest

from cartway.times import DAY
from cartway.web.guard.gate import COOKIE
from cartway.web.programme import stands
from web.conftest import Site
from web.programme.conftest import NOW


def read(site: Site, path: str = "/programme", role: str = "coordinator", courses: tuple[str, ...] = ("*",)) -> str:
    answer = site.client(role, courses).get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def courses(html: str) -> list[str]:
    return re.findall(r'href="/courses/([^"/]+)/pathway"', html)


def row(html: str, course: str) -> str:
    found = re.search(rf"<tr[^>]*>\s*<th scope=\"row\"><a href=\"/courses/{course}/pathway\".*?</tr>", html, re.DOTALL)
    assert found is not None, course
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_by_stage_and_within_a_stage_who_needs_somebody_first(programme: Site) -> None:
    html = read(programme)
    assert courses(html) == ["p01", "p02", "p03", "p04", "p05", "p09", "p06", "p08", "p07", "p10", "p11"]
    labels = re.findall(r'scope="rowgroup"[^>]*>([^<]+?) <', html)
    assert labels == [
        "Referred", "In assessment", "To be ordered", "To be collected", "Being made", "Released", "Lymphodepletion",
    ]  # fmt: skip


def test_a_row_says_what_it_waits_for_why_by_whom_and_by_when(programme: Site) -> None:
    assert row(read(programme), "p04") == (
        "p04 High-grade B-cell lymphoma fast disease urgent axi-cel 18 d 12 d here not collected "
        "Waits for: Confirm the slot and 7 more the slot is held; the hold ends on Mar 17 "
        "Tue Mar 17 (tomorrow) coordinator"
    )


def test_what_is_longer_than_usual_and_what_is_not_known_is_said(programme: Site) -> None:
    html = read(programme)
    assert "35 d of 31 long" in row(html, "p10")
    assert "79 (not confirmed)" in row(html, "p07")
    assert "overdue" in row(html, "p06")
    assert "diagnosis unknown" not in html
    programme.record([{"course": "q1", "at": NOW - DAY, "what": "referral", "detail": {"from": "L"}}])
    assert "diagnosis unknown not chosen 1 d" in row(read(programme), "q1")


def test_the_fast_disease_stands_out_in_words_too(programme: Site) -> None:
    html = read(programme)
    assert html.count('<tr class="fast">') == 3
    assert html.count("fast disease") == 3


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/programme?stage=manufacture", ["p09", "p06", "p08", "p07"]),
        ("/programme?stage=ended", ["p12", "p13"]),
        ("/programme?who=apheresis", ["p04", "p05"]),
        ("/programme?who=physician&stage=ready", ["p10"]),
        ("/programme?who=nobody", []),
        ("/programme?stage=nowhere", []),
    ],
)
def test_filters_are_links(programme: Site, path: str, expected: list[str]) -> None:
    assert courses(read(programme, path)) == expected


def test_mine_is_my_name_or_my_role(programme: Site) -> None:
    assert courses(read(programme, "/programme?who=mine", "apheresis")) == ["p04", "p05"]
    account = programme.account("nurse")
    programme.record(
        [
            {
                "course": "p02",
                "at": NOW,
                "what": "gate",
                "choice": "open",
                "about": "payer",
                "detail": {"owner": account.name},
            }
        ]
    )
    client = programme.client(None)
    token = programme.office.access.open_session(account.id, now=programme.now).token
    client.cookies.set(COOKIE, token, domain="testserver.local", path="/")
    assert courses(client.get("/programme?who=mine").text) == []  # no gate is asked for before the board's decision
    programme.record([{"course": "p02", "at": NOW, "what": "tumor_board", "choice": "accepted"}])
    assert courses(client.get("/programme?who=mine").text) == ["p02"]


def test_a_row_filtered_by_owner_tells_that_owners_task(programme: Site) -> None:
    assert "Get the payer's authorization" in row(read(programme, "/programme?who=coordinator"), "p03").replace(
        "&#39;", "'"
    )


def test_ended_ones_say_how_and_when(programme: Site) -> None:
    html = read(programme, "/programme?stage=ended")
    assert row(html, "p12").endswith("Withdrawn by the patient He wants to stay at home Mon Mar 9 (7 days ago)")
    assert "Died" in row(html, "p13")


def test_who_belongs_to_one_course_sees_one(programme: Site) -> None:
    assert courses(read(programme, courses=("p05",))) == ["p05"]


def test_names_only_for_who_may_see_them(programme: Site) -> None:
    programme.office.people.enrol([("MRN", "77")], name="Somebody Invented", now=NOW, by="test", new_id=lambda: "p05")
    assert "Somebody Invented" in read(programme)
    assert "Somebody Invented" not in read(programme, role="data_manager")
    assert "p05" in courses(read(programme, role="data_manager"))


def test_patients_and_administrators_have_no_board(programme: Site) -> None:
    for role in ("patient", "administrator"):
        assert programme.client(role).get("/programme").status_code == 403


def test_new_facts_and_a_new_day_show_at_once(programme: Site) -> None:
    client = programme.client("coordinator")
    assert "p05" in courses(client.get("/programme").text)
    programme.record([{"course": "p05", "at": NOW, "what": "course_closed", "choice": "withdrawn"}])
    assert "p05" not in courses(client.get("/programme").text)
    assert "18 d 12 d here" in row(client.get("/programme").text, "p04")
    programme.now += DAY
    assert "19 d 13 d here" in row(read(programme), "p04")


def test_the_centers_record_changes_every_course(programme: Site) -> None:
    client = programme.client("coordinator")
    assert "95 min from home; the limit is 60 min, a limit not confirmed" in row(client.get("/programme").text, "p10")
    programme.record(
        [{"course": "center", "at": NOW, "what": "center_policy", "about": "lodging_minutes", "value": 120}]
    )
    assert "95 min" not in row(client.get("/programme").text, "p10")


def test_what_nothing_changed_is_not_worked_out_again(programme: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = programme.client("coordinator")
    first = client.get("/programme").text
    worked = []
    monkeypatch.setattr(stands, "stand", lambda *a, **k: worked.append(a) or pytest.fail("it was kept"))
    assert courses(client.get("/programme").text) == courses(first)


def test_who_was_infused_leaves_the_board_after_a_while(programme: Site) -> None:
    programme.record([{"course": "p11", "at": NOW - DAY, "what": "infusion", "choice": "idecabtagene_vicleucel"}])
    assert "p11" in courses(read(programme, "/programme?stage=infused"))
    assert "p11" not in courses(read(programme)), "nothing is due: it is the ward's"
    programme.now = NOW + 20 * DAY
    assert "p11" not in courses(read(programme))


def test_who_left_the_board_is_not_worked_out_each_day_and_comes_back_with_a_fact(
    programme: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + 60 * DAY
    programme.now = later
    assert courses(read(programme, "/programme?stage=ended")) == []
    worked: list[str] = []
    real = stands.stand
    monkeypatch.setattr(stands, "stand", lambda course, *a, **k: worked.append(course.id) or real(course, *a, **k))
    programme.now = later + DAY
    read(programme)
    assert "p02" in worked
    assert not {"p12", "p13"} & set(worked)
    programme.record([{"course": "p12", "at": programme.now, "what": "course_closed", "choice": "reopened"}])
    assert "p12" in courses(read(programme))


def test_the_board_is_in_the_access_log(programme: Site) -> None:
    client = programme.client("coordinator")
    client.get("/programme")
    assert "programme" in {entry.place for entry in programme.office.access.entries()}
