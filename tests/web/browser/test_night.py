"""A night on the ward, as a nurse sees it in her browser.

Two patients. Žofie Weiß had axi-cel four days ago and is about to fall ill. Omar Haddad's temperature of 01:40 was
written into the wrong chart. A monitor speaks HL7 v2 to the listener; the board is served by two workers; every
process goes by the ward's clock, which is this test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from cartway.record import Fact
from cartway.times import MINUTE, Instant, parse
from intake.data_hl7.draw import OBR, PID, message, obx

from .cluster import Cluster, Feed, fact
from .conftest import Visit
from .guest import TABLET
from .processes import Process

ZOFIE, OMAR = "course-zofie", "course-omar"
MIDNIGHT = parse("2026-03-16T00:00Z")


def at(clock: str) -> Instant:
    """``02:10`` of that night."""
    hours, minutes = clock.split(":")
    return MIDNIGHT + (int(hours) * 60 + int(minutes)) * MINUTE


def well(course: str) -> list[Fact]:
    """Four days after the infusion, looked at half an hour past midnight: nothing wrong."""
    seen = at("00:30")
    return [
        fact(course, parse("2026-03-12T10:00Z"), "infusion", choice="axicabtagene_ciloleucel"),
        fact(course, seen, "body_temperature", 36.8, "Cel"),
        fact(course, seen, "systolic_pressure", 118.0, "mm[Hg]"),
        fact(course, seen, "diastolic_pressure", 71.0, "mm[Hg]"),
        fact(course, seen, "heart_rate", 84.0, "/min"),
        fact(course, seen, "oxygen_saturation", 97.0, "%"),
        fact(course, seen, "oxygen_device", choice="room_air"),
        fact(course, seen, "ice_score", 10.0, "{score}"),
        fact(course, seen, "consciousness", choice="awake"),
    ]


class Night:
    """The ward of that night: its clock, its feed, its board."""

    def __init__(self, ward: Cluster, web: Process, feed: Feed) -> None:
        self.ward, self.web, self.feed, self.messages = ward, web, feed, 0

    def it_is(self, clock: str) -> None:
        self.ward.set_clock(at(clock))

    def monitor_sends(self, temperature: str, clock: str) -> str:
        """An ORU of the monitor about Žofie; what the listener answers."""
        self.messages += 1
        taken = f"20260316{clock.replace(':', '')}00+0000"
        return self.feed.send(message(PID, OBR, obx(temperature, at=taken), control=f"N{self.messages}"))


@pytest.fixture
def night(ward: Cluster) -> Iterator[Night]:
    ward.set_clock(at("00:35"))
    for course, name, number in ((ZOFIE, "Žofie Weiß", "4711"), (OMAR, "Omar Haddad", "4712")):
        ward.people.enrol(
            [("HOSP", number)], name=name, birth_date="1961-06-15", sex="female", now=at("00:35"), by="test",
            new_id=lambda course=course: course,
        )  # fmt: skip
        ward.record(well(course), at("00:35"))
    feed = Feed(ward.listen(on_clock=True).port)
    yield Night(ward, ward.serve(workers=2, on_clock=True), feed)
    feed.close()


def crs(board: Page, course: str) -> Locator:
    """The badge of a course's CRS on the board."""
    return board.locator(f"#row-{course} .grade").first


def test_a_night(night: Night, visit: Visit) -> None:
    nurse = visit(night.web.url, night.ward.cookie("nurse", at("00:35")), **TABLET)
    board = nurse.open("/board")
    opened = board.evaluate("performance.timeOrigin")
    expect(crs(board, ZOFIE)).to_have_text("0")
    expect(crs(board, OMAR)).to_have_text("0")

    # 01:40. A temperature of 38.4 is charted for Omar; the board says grade 1. It was somebody else's.
    night.it_is("01:40")
    form = nurse.open(f"/courses/{OMAR}/chart-vitals")
    form.get_by_role("textbox", name="Temperature").fill("38.4")
    form.get_by_role("button", name="Record vital signs").click()
    expect(form.get_by_role("status")).to_contain_text("CRS 1")
    expect(crs(board, OMAR)).to_have_text("1")

    # 02:10. The monitor measures 38.6; two minutes later its message reaches the listener. Žofie has a fever.
    night.it_is("02:12")
    assert night.monitor_sends("38.6", "02:10") == "AA"
    expect(crs(board, ZOFIE)).to_have_text("1")
    expect(board.locator(f"#row-{ZOFIE}")).to_contain_text("38.6")

    # 02:45. Her pressure has fallen: grade 2.
    night.it_is("02:45")
    form = nurse.open(f"/courses/{ZOFIE}/chart-vitals")
    form.get_by_role("textbox", name="Systolic pressure").fill("82")
    form.get_by_role("textbox", name="Diastolic pressure").fill("44")
    form.get_by_role("button", name="Record vital signs").click()
    expect(crs(board, ZOFIE)).to_have_text("2")

    # 03:05. Norepinephrine is started: grade 3, and the course says why.
    night.it_is("03:05")
    form = nurse.open(f"/courses/{ZOFIE}/give-drug")
    form.get_by_text("Norepinephrine", exact=True).click()
    form.get_by_text("Started, runs").click()
    form.get_by_role("textbox", name="Dose or rate").fill("0.08")
    form.get_by_label("Unit").select_option("ug/kg/min")
    form.get_by_role("button", name="Record").click()
    expect(crs(board, ZOFIE)).to_have_text("3")
    zofie = nurse.open(f"/courses/{ZOFIE}")
    expect(zofie.locator("#why .grade").first).to_have_text("3")
    expect(zofie.locator("#why .criteria").first).to_contain_text("norepinephrine")
    expect(zofie.locator("#why .criteria").first).to_contain_text("38.6")

    # 03:20. Tocilizumab; the open page of her course has it at once.
    night.it_is("03:20")
    form = nurse.open(f"/courses/{ZOFIE}/give-drug")
    form.get_by_text("Tocilizumab", exact=True).click()
    form.get_by_text("Given once").click()
    form.get_by_role("textbox", name="Dose or rate").fill("540")
    form.get_by_label("Unit").select_option("mg")
    form.get_by_role("button", name="Record").click()
    expect(zofie.locator("#timeline")).to_contain_text("Tocilizumab 540 mg")

    # 04:00. Somebody sees whose temperature that was. It is corrected, with the reason, and Omar's episode is gone.
    night.it_is("04:00")
    omar = nurse.open(f"/courses/{OMAR}")
    wrong = omar.locator("#timeline .entry").filter(has_text="38.4")
    wrong.get_by_role("link", name="Correct").click()
    omar.get_by_role("textbox", name="New value").fill("36.7")
    omar.get_by_role("textbox", name="In words").fill("Read from the monitor of the next bed")
    omar.get_by_role("button", name="See what it does to the grade").click()
    expect(omar.get_by_role("alert")).to_contain_text("CRS")
    omar.get_by_role("alert").get_by_role("button", name="Record it").click()
    expect(crs(board, OMAR)).to_have_text("0")
    expect(omar.locator("#why .grade").first).to_have_text("0")
    expect(omar.locator("#why")).not_to_contain_text("38.4")

    # As we knew it at 02:30, he had a fever, and grade 1.
    omar.get_by_label("State at").fill("2026-03-16T02:30")
    omar.get_by_label("As known at").fill("2026-03-16T02:30")
    omar.get_by_role("button", name="Show", exact=True).click()
    expect(omar.locator("#why .grade").first).to_have_text("1")
    expect(omar.locator("#why .criteria").first).to_contain_text("38.4")

    # All of it came to the board without its being loaded again.
    assert board.evaluate("performance.timeOrigin") == opened
