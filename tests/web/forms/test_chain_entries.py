"""What the chain of identity rests on cannot be typed away, and what was checked is what is recorded."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartway.pathway.course import CENTER, Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.web import app
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.plain import Field, plain
from cartway.web.forms.serving import handlers
from web.conftest import START, Site
from web.forms.bedside import Bedside, Page, drawn


@pytest.mark.parametrize("what", ["quarantine", "verification", "signature", "disposition", "go_no_go", "collection"])
@pytest.mark.parametrize("kind", ["retract", "correct"])
def test_evidence_is_neither_withdrawn_nor_corrected(ward: Site, what: str, kind: str) -> None:
    choice = {
        "quarantine": "placed", "verification": "mismatched", "disposition": "recalled", "go_no_go": "no_go",
        "collection": "completed",
    }  # fmt: skip
    row = {"what": what, "choice": choice.get(what, ""), "about": "bag-1", "event": "e1", "hours": 0.5}
    bed = Bedside(ward, "physician", drawn(ward, row, course=f"{what}-{kind}"))
    evidence = next(fact for fact in bed.site.facts(bed.course) if fact.what == what)
    answer = bed.send(f"facts/{evidence.position}/{kind}", reasons="typing error", whole="yes")
    assert answer.status_code == 422
    assert "cleared by the holder alone" in Page(answer.text).words
    assert evidence in bed.site.facts(bed.course)


def test_an_infusion_of_a_container_stays(ward: Site) -> None:
    row = {"what": "infusion", "choice": "axicabtagene_ciloleucel", "about": "bag-1", "hours": 0.5}
    bed = Bedside(ward, "physician", drawn(ward, row, course="infused"))
    given = next(fact for fact in bed.site.facts(bed.course) if fact.about == "bag-1")
    assert bed.send(f"facts/{given.position}/retract", reasons="typing error").status_code == 422


@pytest.mark.parametrize(
    ("what", "choice", "may"),
    [
        ("gate", "met", {"physician"}),
        ("tumor_board", "accepted", {"physician"}),
        ("hbsag", "negative", {"physician"}),
        ("body_weight", "", {"physician", "nurse"}),
    ],
)
def test_who_may_not_enter_it_may_not_change_it(ward: Site, what: str, choice: str, may: set[str]) -> None:
    number = {} if choice else {"value": 70.0, "unit": "kg"}
    course = drawn(ward, {"what": what, "choice": choice, "hours": 0.5, **number}, course=f"road-{what}")
    position = next(fact.position for fact in ward.facts(course) if fact.what == what)
    for role in ("physician", "nurse"):
        status = Bedside(ward, role, course).client.get(f"/courses/{course}/facts/{position}/retract").status_code
        assert status == (200 if role in may else 403), role


def test_no_glass_breaks_for_the_center_s_own_record(ward: Site) -> None:
    ward.record([{"course": CENTER, "at": START, "what": "closure", "source": "chart"}])
    client = ward.client("nurse", ["another"])
    answer = ward.post(client, f"/courses/{CENTER}/break-glass", {"reason": "to look what is in there"})
    assert answer.status_code == 403
    assert client.get(f"/courses/{CENTER}").status_code == 403
    assert client.get(f"/courses/{CENTER}/chart-vitals").status_code == 403


def given_once(fact: Fact, chart: Chart) -> Draft:
    given = Course(chart.facts, chart.now).all("infusion", about=fact.about)
    return flawed("about", Problem("given_before", "It was given.", "Look.")) if given else Draft()


GIVE = plain(
    "give it", "/courses/{course:str}/give-it", Act.infuse, "Give", "infusion", [Field("about", needed=True)],
    back="/courses/{course:str}/give-it", check=given_once,
)  # fmt: skip


@pytest.fixture
def giving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(app, "PATHWAY", handlers(GIVE))
    made = Site(tmp_path)
    made.now = START
    yield made
    made.app.state.stores.close()


def test_two_who_give_one_bag_at_once_give_it_once(giving: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the course before either records: the second is checked against what the first recorded."""
    beds = [Bedside(giving, role, drawn(giving) if role == "nurse" else "bed-7") for role in ("nurse", "physician")]
    posts = [(bed, bed.open("give-it").filled(about="bag-1")) for bed in beds]
    for bed in beds:
        giving.csrf(bed.client)
    append, both = giving.office.log.append, threading.Barrier(2)

    def together(*args: object, **stated: object) -> object:
        if not both.broken:
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(5)
            both.abort()
        return append(*args, **stated)  # type: ignore[arg-type]

    monkeypatch.setattr(giving.office.log, "append", together)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda bed=bed, fields=fields: answers.append(bed.post("give-it", fields).status_code))
        for bed, fields in posts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [303, 422]
    assert len([fact for fact in giving.facts("bed-7") if fact.about == "bag-1"]) == 1
