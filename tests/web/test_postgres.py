"""The whole board on PostgreSQL: record, people and access are three schemas of one database."""

from __future__ import annotations

import re
from pathlib import Path

from cartway.web.access import Role
from web.conftest import Site, until


def test_a_form_post_is_a_grade_on_the_board(tmp_path: Path, postgres_store: str) -> None:
    site = Site(tmp_path, database=postgres_store)
    try:
        course = site.course("01-uneventful")
        nurse = site.client(Role.nurse)
        form = nurse.get(f"/courses/{course}/chart-vitals").text
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        answer = site.post(nurse, f"/courses/{course}/chart-vitals", {**fields, "body_temperature": "38.6"})
        assert answer.status_code == 303
        site.settle()
        board = nurse.get("/board").text
        assert re.search(r'data-grade="1"', board), "the fever is CRS grade 1"
        assert nurse.get(f"/courses/{course}").status_code == 200
        assert {entry.via for entry in site.office.access.entries(course=course)} == {"assignment"}
    finally:
        site.app.state.stores.close()


def test_what_another_process_records_is_followed(tmp_path: Path, postgres_store: str) -> None:
    site = Site(tmp_path, database=postgres_store)
    other = Site(tmp_path, database=postgres_store)
    with site.serve():
        course = other.course("01-uneventful")
        until(lambda: site.office.ward.standing(course))
    other.app.state.stores.close()
