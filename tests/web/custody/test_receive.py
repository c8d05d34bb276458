"""Receipt: the seal is compared, the logger's file is read against the label's limit, an excursion sets it aside."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from cartway.intake.loggers import LARGEST
from cartway.pathway.chain import chain
from cartway.pathway.course import Course
from cartway.record import Fact
from pathway.chain.drawn import BAG, BOX, fact, own_cells, until
from web.conftest import PASSWORD, Site
from web.custody.conftest import COURSE, recorded
from web.forms.bedside import Bedside, Page

PICKED_UP, TAKEN = datetime(2026, 3, 20, 8, tzinfo=UTC), datetime(2026, 3, 21, 14, tzinfo=UTC)


def trip(begin: datetime = PICKED_UP, end: datetime = TAKEN, second: float = -158.5) -> bytes:
    """A logger's file, a reading every ten minutes."""
    moments = [begin + timedelta(minutes=10 * n) for n in range(int((end - begin) / timedelta(minutes=10)) + 1)]
    rows = (f"{at:%Y-%m-%d %H:%M},{second if n == 1 else -160}" for n, at in enumerate(moments))
    return "\n".join(["Time (UTC),Temperature (C)", *rows, ""]).encode()


COLD = trip()
WARM = COLD.replace(b"-158.5", b"-110.0")
ARRIVED: Mapping[str, str] = {"choice": "received", "about": BOX, "from": "Courier", "to": "Cell laboratory"}


@pytest.fixture
def arriving(site: Site) -> Bedside:
    """The shipper is with the courier; nobody has looked at it."""
    recorded(site, until(own_cells(), f"arrival {BOX}"), hour=462)
    return Bedside(site, "cell_laboratory", COURSE)


def send(who: Bedside, content: bytes | None = COLD, *, token: str | None = None, **typed: str) -> Any:
    page = Page(who.client.get(who.path("receive")).text)
    fields = dict(page.filled(**{**ARRIVED, "sign_password": PASSWORD, **typed}))
    fields["_csrf_token"] = who.site.csrf(who.client) if token is None else token
    files = {"logger_file": ("trip.csv", content, "text/csv")} if content is not None else {"none": (None, b"")}
    answer = who.client.post(who.path("receive"), data=fields, files=files)
    if answer.status_code == 303:
        who.site.settle()
    return answer


def made(who: Bedside, content: bytes | None = COLD, **typed: str) -> dict[str, Fact]:
    before = who.site.office.log.position()
    answer = send(who, content, **typed)
    assert answer.status_code == 303, Page(answer.text).words
    return {fact.what: fact for fact in who.site.office.log.since(before)}


def test_a_cold_shipper_with_its_seal(arriving: Bedside) -> None:
    facts = made(arriving, seal="S1", seal_state="intact", logger="L1")
    assert set(facts) == {"custody", "seal", "temperature_log", "signature"}
    assert (facts["custody"].choice, facts["seal"].choice) == ("received", "intact")
    log = facts["temperature_log"]
    assert (log.value, log.unit, log.about) == (-158.5, "Cel", BOX)
    assert log.detail["sha256"] == hashlib.sha256(COLD).hexdigest()
    assert log.detail["minutes_above"] == 0
    assert log.detail["leg"] == "product"
    known = Course(arriving.site.office.log.facts(COURSE), arriving.site.now)
    assert chain(known).custodians[BAG].who == "Cell laboratory", "what lies in the box goes where the box goes"


def test_a_warm_one_is_set_aside_at_once(arriving: Bedside) -> None:
    facts = made(arriving, WARM)
    assert facts["quarantine"].choice == "placed"
    assert "The temperature logger shows 20 min above" in str(facts["quarantine"].detail["text"])
    known = Course(arriving.site.office.log.facts(COURSE), arriving.site.now)
    assert "temperature_excursion" in {each.code for each in chain(known).breaks}


def test_another_seal_than_was_put_on_is_no_whole_seal(arriving: Bedside) -> None:
    assert made(arriving, seal="S2", seal_state="intact")["seal"].choice == "mismatched"


def test_without_a_file_nothing_is_said_of_the_temperature(arriving: Bedside) -> None:
    assert set(made(arriving, None)) == {"custody", "signature"}


def test_refused_it_stays_with_who_brought_it(arriving: Bedside) -> None:
    assert made(arriving, None, choice="refused", text="Lid open")["custody"].choice == "refused"


def test_a_file_that_cannot_be_read_is_told_and_nothing_recorded(arriving: Bedside) -> None:
    before = arriving.site.office.log.position()
    page = Page(send(arriving, b"Time,Temperature\n2026-03-20 08:00,-160\n").text)
    assert "does not say the unit" in page.words
    assert arriving.site.office.log.position() == before
    fahrenheit = (
        trip().replace(b"Temperature (C)", b"Temperature").replace(b"-160", b"-256").replace(b"-158.5", b"-256")
    )
    assert made(arriving, fahrenheit, unit="F")["temperature_log"].value == -160


def test_a_file_that_covers_the_way_has_no_gap(arriving: Bedside) -> None:
    log = made(arriving)["temperature_log"]
    assert log.detail["gap_min"] == 10
    assert "uncovered_min" not in log.detail


@pytest.mark.parametrize("year", [2019, 2027])
def test_a_file_of_another_trip_is_refused(arriving: Bedside, year: int) -> None:
    before = arriving.site.office.log.position()
    content = trip(PICKED_UP.replace(year=year), TAKEN.replace(year=year))
    answer = send(arriving, content, seal="S1", seal_state="intact")
    assert answer.status_code == 422
    assert "it is of another trip" in Page(answer.text).words
    assert arriving.site.office.log.position() == before


@pytest.mark.parametrize(
    ("begin", "end", "told", "gap"),
    [
        (PICKED_UP, TAKEN - timedelta(hours=5), "no readings for 300 min before the receipt", 300),
        (PICKED_UP + timedelta(hours=6), TAKEN, "no readings for 360 min after the hand-over", 360),
    ],
)
def test_what_a_file_does_not_cover_is_told_and_is_a_gap(
    arriving: Bedside, begin: datetime, end: datetime, told: str, gap: int
) -> None:
    """The way from the holder to the laboratory is one, whoever carried it in between."""
    asked = Page(send(arriving, trip(begin, end)).text)
    assert told in asked.words
    log = made(arriving, trip(begin, end), sure=asked.value("sure"))["temperature_log"]
    assert (log.detail["uncovered_min"], log.detail["gap_min"]) == (gap, gap)
    known = Course(arriving.site.office.log.facts(COURSE), arriving.site.now)
    assert "temperature_gap" in {each.code for each in chain(known).breaks}


@pytest.mark.parametrize(
    ("begin", "end"), [(PICKED_UP - timedelta(days=9), TAKEN), (PICKED_UP, TAKEN + timedelta(hours=2))]
)
def test_readings_from_long_before_or_after_the_way_are_asked_about(
    arriving: Bedside, begin: datetime, end: datetime
) -> None:
    answer = send(arriving, trip(begin, end))
    assert answer.status_code == 422
    assert "Is it of this transport, and was its clock right?" in Page(answer.text).words


def test_one_file_is_of_one_transport_of_one_patient(arriving: Bedside) -> None:
    digest = hashlib.sha256(COLD).hexdigest()
    log = fact(461, "temperature_log", "SHIP-X", value=-160, unit="Cel", sha256=digest)
    arriving.site.record([log])
    assert "for another transport" in Page(send(arriving).text).words
    arriving.site.record([msgspec.structs.replace(log, course="c2", key="another patient's")])
    assert "for another patient" in Page(send(arriving).text).words


def test_a_file_does_not_get_lost_between_two_posts(arriving: Bedside) -> None:
    """A browser does not keep the file: sent again without it, the form says so instead of recording no temperature."""
    answer = send(arriving, COLD, sign_password="wrong")  # noqa: S106
    page = Page(answer.text)
    assert page.value("had_file") == "yes"
    fields = dict(page.filled(sign_password=PASSWORD))
    fields["_csrf_token"] = arriving.site.csrf(arriving.client)
    again = arriving.client.post(arriving.path("receive"), data=fields, files={"none": (None, b"")})
    assert again.status_code == 422
    assert "file did not come along" in Page(again.text).words


def test_too_large_a_file_is_refused_before_it_is_read(arriving: Bedside) -> None:
    assert send(arriving, b"x" * (LARGEST + 1024 * 1024)).status_code == 413


def test_a_wrong_token_is_no_post(arriving: Bedside) -> None:
    assert send(arriving, token="nonsense").status_code == 403  # noqa: S106


def test_only_this_form_takes_files(arriving: Bedside) -> None:
    answer = arriving.client.post(arriving.path("store"), files={"logger_file": ("x.csv", COLD)})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("typed", "said"), [({"to": ""}, "Who takes it is missing"), ({"about": "X"}, "container is missing")]
)
def test_what_is_missing_is_said(arriving: Bedside, typed: dict[str, str], said: str) -> None:
    assert said in Page(send(arriving, **typed).text).words


def test_an_open_hand_over_fills_the_form(ward: Site, nurse: Bedside) -> None:
    page = Page(nurse.client.get(nurse.path(f"receive?change={BAG}")).text)
    assert (page.value("from"), page.value("to"), page.value("about")) == ("Cell laboratory", "Ward", BAG)
    assert ward.now


def test_limits_that_nobody_confirmed_say_so(arriving: Bedside) -> None:
    assert "not confirmed" in Page(arriving.client.get(arriving.path("receive")).text).words


def test_two_boxes_that_name_each_other_do_not_keep_a_receipt_from_being_recorded(arriving: Bedside) -> None:
    inner = fact(400, "container", "BOX-A", "shipper", parent="BOX-B")
    arriving.site.record([inner, fact(400, "container", "BOX-B", "shipper", parent="BOX-A")])
    assert arriving.client.get(arriving.path("receive")).status_code == 200
