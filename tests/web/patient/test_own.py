"""The patient's page: plain words, the last readings, no grade, and nobody's course but their own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markupsafe import escape

from cartway.times import DAY, HOUR, MINUTE, Instant, parse
from cartway.watch.triage import Tier
from cartway.web.access import EVERY
from cartway.web.triage.shown import by_tier
from cartway.words.telephone import dialed

from ..conftest import Site, examples

COURSE, OTHER = sorted(examples())[:2]
GIVEN = parse("2026-03-10T10:00Z")
Told = Callable[..., str]


def fact(what: str, at: Instant, key: str = "", course: str = "c-1", **said: object) -> dict[str, object]:
    return {"course": course, "at": at, "what": what, "source": "test", "key": key or f"{what}-{at}", **said}


@pytest.fixture
def told(place: Site, mine: str) -> Told:
    """Record facts of a course of one's own, and read the words of its page."""

    def tell(facts: list[dict[str, object]], now: Instant, role: str = "patient") -> str:
        place.now = now
        if facts:
            place.record([{**each, "course": mine} for each in facts])
        return words(place.client(role, courses=[mine]).get(f"/my/{mine}").text)

    return tell


def words(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


CELLS = fact("infusion", GIVEN, choice="axicabtagene_ciloleucel")


@pytest.mark.parametrize(
    ("facts", "days", "said"),
    [
        ([], 0, "Your treatment is being prepared"),
        ([fact("collection", GIVEN - 30 * DAY)], -25, "Your cells were collected"),
        ([fact("lymphodepletion", GIVEN - 5 * DAY, choice="started")], -4, "You are getting ready for your cells"),
        ([CELLS], 0, "You got your cells today"),
        ([CELLS], 1, "Day 1 since you got your cells"),
        ([CELLS], 12, "Day 12 since you got your cells"),
        ([CELLS, fact("discharge", GIVEN + 10 * DAY)], 12, "You have left the hospital: day 12"),
        ([CELLS, fact("death", GIVEN + 10 * DAY)], 12, "This page is closed"),
    ],
)
def test_the_page_says_how_far_the_treatment_is(
    told: Told, facts: list[dict[str, object]], days: int, said: str
) -> None:
    assert said in told(facts, GIVEN + days * DAY + HOUR)


def test_the_day_is_the_day_of_the_calendar_not_24_hours(told: Told) -> None:
    assert "Day 1 since" in told([CELLS], parse("2026-03-11T00:10Z"))


def test_the_product_is_called_by_its_plain_name(told: Told) -> None:
    assert "axi-cel (Yescarta)" in told([CELLS], GIVEN + HOUR)


def test_the_last_readings_are_told_in_plain_words_with_their_age(told: Told) -> None:
    now = GIVEN + 2 * DAY
    page = told(
        [
            CELLS,
            fact("body_temperature", now - 3 * HOUR, value=37.1, unit="Cel"),
            fact("body_temperature", now - 12 * MINUTE, value=38.4, unit="Cel"),
            fact("oxygen_saturation", now - 12 * MINUTE, value=95, unit="%"),
            fact("heart_rate", now - 12 * MINUTE, value=104, unit="/min"),
            fact("oxygen_device", now - 12 * MINUTE, choice="nasal_cannula"),
        ],
        now,
    )
    assert "How hot your body is 101.1 °F (38.4 °C) measured 12 min ago" in page
    assert "How much oxygen is in your blood 95%" in page
    assert "How fast your heart beats 104 a minute" in page
    assert "What helps you breathe soft tubes in the nose" in page
    assert "37.1" not in page


def test_a_corrected_reading_is_told_as_corrected(told: Told) -> None:
    now = GIVEN + DAY
    wrong = fact("body_temperature", now - HOUR, "k-1", value=41.0, unit="Cel")
    right = fact("body_temperature", now - HOUR, "k-2", value=37.0, unit="Cel", amends="k-1", reason="mistyped")
    page = told([CELLS, wrong, right], now)
    assert "98.6 °F (37.0 °C)" in page
    assert "41.0" not in page


def test_the_page_has_no_grade_no_score_and_no_word_of_the_trade(site: Site) -> None:
    """All facts of an example course with a severe course: none of it is told as a grade."""
    severe = max(examples(), key=lambda name: len(examples()[name]))
    site.now = max(fact.at for fact in examples()[severe])
    site.course(severe)
    page = words(site.client("patient", courses=[severe]).get(f"/my/{severe}").text).casefold()
    for word in ("grade", "crs", "icans", "ice", "capd", "score", "syndrome", "toxicity", "infusion", "neuro", severe):
        assert not re.search(rf"\b{re.escape(word)}\b", page), word


def test_the_page_does_not_stand_in_for_a_call(told: Told) -> None:
    page = told([CELLS], GIVEN + HOUR)
    assert "does not replace calling them" in page
    for promise in ("you are safe", "nothing to worry", "will be fine", "no danger", "normal"):
        assert promise not in page.casefold()


@pytest.mark.parametrize(
    ("phone", "dial"),
    [
        ("+1 (555) 010-0142", "+15550100142"),
        ("555-0142", "5550142"),
        ("+49 (0)30 555.0142", "+49305550142"),
        ("555-0142 ext. 7", "5550142"),
        ("the ward desk", ""),
        ("", ""),
    ],
)
def test_a_number_is_dialed_as_it_is_meant(phone: str, dial: str) -> None:
    assert dialed(phone) == dial


@pytest.mark.parametrize("role", ["patient", "caregiver"])
@pytest.mark.parametrize("courses", [1, 2, 0])
def test_the_number_to_call_is_one_tap_away(place: Site, mine: str, role: str, courses: int) -> None:
    place.record([{**CELLS, "course": mine}])
    page = place.client(role, courses=[mine, "another"][:courses]).get(f"/my/{mine}" if courses == 1 else "/my").text
    assert '<a class="button primary dial" href="tel:+15550100142">Call +1 555 010-0142</a>' in page
    assert "Call 911 for any of these." in page
    for sign in by_tier()[Tier.emergency]:
        assert str(escape(sign.words)) in page


def test_without_a_number_to_call_the_pages_refuse_to_open(make_site: Callable[..., Site]) -> None:
    """A page that takes what a patient tells, and names nobody to call, leaves them alone with it."""
    site = make_site(phone="")
    site.record([CELLS, fact("body_temperature", GIVEN, value=38.4, unit="Cel")])
    client = site.client("patient", courses=["c-1"])
    answers = [client.get("/my"), client.get("/my/c-1"), site.post(client, "/my/c-1/feel", {"score": "3"})]
    for answer in answers:
        assert answer.status_code == 503
        page = words(answer.text)
        assert "These pages are not open yet" in page
        assert "call the number on your card now" in page
        assert "CARTWAY_PHONE" in page
        assert "38.4" not in page
    assert {each.what for each in site.facts("c-1")} == {"infusion", "body_temperature"}


def test_the_footer_speaks_to_the_patient(place: Site, mine: str) -> None:
    page = place.client("patient", courses=[mine]).get(f"/my/{mine}").text
    assert "These pages do not replace your team." in page
    assert "Check every grade" not in page


def test_a_batch_that_failed_is_not_told_by_the_page(told: Told) -> None:
    """Bad news is told by a person: the page says that they want to talk, and whom to call."""
    facts = [
        fact("collection", GIVEN - 30 * DAY, choice="completed"),
        fact("manufacture_step", GIVEN - 20 * DAY, choice="expansion", about="B-1"),
        fact("disposition", GIVEN - 2 * DAY, choice="failed", about="B-1"),
    ]
    page = told(facts, GIVEN)
    assert "Your team wants to talk with you about your cells." in page
    assert "ask for your coordinator" in page
    for word in ("fail", "being made", "specification", "B-1"):
        assert word not in page, word


def test_after_a_death_the_page_is_quiet(told: Told) -> None:
    now = GIVEN + 10 * DAY
    facts = [CELLS, fact("body_temperature", now - HOUR, value=38.4, unit="Cel"), fact("death", now)]
    page = told(facts, now + HOUR, role="caregiver")
    assert "We are sorry." in page
    assert "38.4" not in page
    assert "Day" not in page


def test_who_was_measured_since_they_left_is_not_told_that_they_are_away(told: Told) -> None:
    """They may be on the ward again: the page says the day, and not where they are."""
    left, now = fact("discharge", GIVEN + 4 * DAY), GIVEN + 7 * DAY
    before = fact("body_temperature", left["at"] - HOUR, value=36.9, unit="Cel")  # type: ignore[operator]
    assert "You have left the hospital: day 7" in told([CELLS, before, left], now)
    since = fact("body_temperature", now - HOUR, value=38.6, unit="Cel")
    page = told([since], now)
    assert "You have left" not in page
    assert "Day 7 since you got your cells" in page


def test_a_caregiver_is_told_who_you_means(told: Told) -> None:
    assert "means them" in told([CELLS], GIVEN + HOUR, role="caregiver")


def test_one_course_opens_by_itself_and_of_several_one_chooses(place: Site, mine: str) -> None:
    assert place.client("patient", courses=[mine]).get("/my").headers["location"] == f"/my/{mine}"
    several = place.client("patient", courses=[mine, "another"]).get("/my").text
    assert f'href="/my/{mine}"' in several
    assert 'href="/my/another"' in several
    assert "Nothing here yet" in place.client("patient", courses=[]).get("/my").text


def test_a_patient_sees_their_own_course_and_no_other(place: Site) -> None:
    place.course(COURSE)
    place.course(OTHER)
    client = place.client("patient", courses=[COURSE])
    assert client.get(f"/my/{COURSE}").status_code == 200
    assert client.get(f"/my/{OTHER}").status_code == 403
    assert client.get(f"/courses/{COURSE}").status_code == 403
    assert place.client("patient", courses=[EVERY]).get(f"/my/{COURSE}").status_code == 403


def test_the_patients_own_look_is_in_the_access_log(place: Site, mine: str) -> None:
    place.client("patient", courses=[mine]).get(f"/my/{mine}")
    newest = place.office.access.entries(course=mine)[0]
    assert (newest.act, newest.via, newest.place) == ("read_own", "own", "my course")
