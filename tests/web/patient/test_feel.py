"""How somebody feels: sent once, told truly what became of it; self-harm leads to the emergency screen."""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from cartway.record.errors import StoreBusy
from cartway.times import DAY
from cartway.watch.triage import load_table
from cartway.web.patient.feelings import PROBLEMS, facts_of, flaw, read

from ..conftest import Site
from .test_own import GIVEN, fact, words

FORM = "a-form-of-this-page-0001"


class Told:
    """One person's check-ins at a site."""

    def __init__(self, site: Site, course: str) -> None:
        self.site, self.course, self.page = site, course, f"/my/{course}/feel"
        site.record([fact("infusion", GIVEN, course=course, choice="axicabtagene_ciloleucel")])

    def client(self, role: str) -> TestClient[Litestar]:
        return self.site.client(role, courses=[self.course])

    def send(self, client: TestClient[Litestar], n: int = 1, **fields: Any) -> Any:
        return self.site.post(client, self.page, {"form": f"{self.course}-{FORM}-{n}", **fields})

    def facts(self, what: str = "distress_score") -> list[Any]:
        return sorted((each for each in self.site.facts(self.course) if each.what == what), key=lambda each: each.key)


@pytest.fixture
def told(place: Site, mine: str) -> Told:
    return Told(place, mine)


def test_a_check_in_is_recorded_with_who_told_it_and_what_it_comes_from(told: Told) -> None:
    client = told.client("patient")
    answer = told.send(client, score="6", problem=["worry", "money", "nonsense"], text=" I lie awake. ")
    assert answer.headers["location"] == f"{told.page}?sent=patient"
    (one,) = told.facts()
    assert (one.value, one.unit, one.about, one.source) == (6.0, "{score}", "patient", "patient")
    assert one.detail == {"by": "patient", "problems": ["worry", "money"], "text": "I lie awake."}


def test_the_same_form_sent_twice_is_one_check_in(told: Told) -> None:
    client = told.client("patient")
    assert told.send(client, score="6").status_code == 303
    assert told.send(client, score="6").status_code == 303
    assert len(told.facts()) == 1


def test_a_caregiver_tells_of_themselves_unless_they_say_otherwise(told: Told) -> None:
    client = told.client("caregiver")
    told.send(client, n=1, score="7", about="caregiver")
    told.send(client, n=2, score="3", about="patient")
    assert [(each.about, each.source, each.detail["by"]) for each in told.facts()] == [
        ("caregiver", "caregiver", "caregiver"),
        ("patient", "caregiver", "caregiver"),
    ]


def test_a_patient_cannot_tell_for_their_caregiver() -> None:
    assert read("caregiver", "patient", "4", (), "").about == "patient"


@pytest.mark.parametrize("score", ["", "11", "-1", "4.5", "four", "٤", "9" * 5000])
def test_without_a_number_from_0_to_10_nothing_is_sent_and_the_words_stay(told: Told, score: str) -> None:
    answer = told.send(told.client("patient"), score=score, problem=["money"], text="Too much")
    assert answer.status_code == 422
    assert "No number is chosen yet." in answer.text
    assert "Too much" in answer.text
    assert 'value="money" checked' in answer.text
    assert told.facts() == []


def test_a_number_at_the_centers_cut_off_is_told_to_be_on_the_teams_list(told: Told) -> None:
    """The default of `distress_cut_off` is 4; the center's own counts where it set one."""
    client = told.client("patient")
    told.send(client, score="3")
    assert "on your team's list" not in client.get(f"{told.page}?sent=patient").text
    told.site.now += DAY
    told.send(client, n=2, score="4")
    assert "on your team's list" in client.get(f"{told.page}?sent=patient").text


@pytest.mark.parametrize(
    "fields",
    [
        {"score": "0", "problem": ["self_harm"]},
        {"problem": ["self_harm"]},
        {"score": "2", "text": "Sometimes I want to die."},
        {"score": "2", "text": "A veces quiero morir."},
    ],
)
@pytest.mark.parametrize("role", ["patient", "caregiver"])
def test_words_of_self_harm_lead_to_the_emergency_screen_and_ring(
    told: Told, role: str, fields: dict[str, Any]
) -> None:
    client = told.client(role)
    sent = told.send(client, about=role, **fields)
    answer = client.get(sent.headers["location"])
    page = words(answer.text)
    assert "Please talk to somebody now" in page
    assert 'href="tel:988"' in answer.text
    assert 'href="tel:+15550100142"' in answer.text
    assert "your team's alarm rings for it" in page.replace("&#39;", "'")
    (one,) = told.facts("reported_symptom")
    assert (one.choice, one.about, one.detail["tier"]) == ("self_harm", role, "emergency")


def test_where_it_cannot_be_recorded_the_emergency_screen_comes_all_the_same(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = told.client("patient")
    told.site.csrf(client)

    def busy(*_: object, **__: object) -> None:
        raise StoreBusy("the record", 1.0)

    monkeypatch.setattr(told.site.office.log, "append", busy)
    page = words(client.get(told.send(client, score="9", text="I want to die").headers["location"]).text)
    assert "Please talk to somebody now" in page
    assert "Your team has NOT seen it." in page
    answer = told.send(client, n=2, score="9", text="So tired")
    assert answer.status_code == 503
    assert "This was not sent. Your team has NOT seen it." in words(answer.text)
    assert "So tired" in answer.text


def test_after_a_death_nobody_is_told_that_an_alarm_rings(told: Told) -> None:
    """The watch ends with the death: what is told here would call nobody."""
    now = told.site.now
    told.site.record([fact("death", now, course=told.course)])
    client = told.client("caregiver")
    assert "This page is closed." in words(client.get(told.page).text)
    sent = told.send(client, about="caregiver", score="9", problem=["self_harm"])
    answer = client.get(sent.headers["location"])
    page = words(answer.text)
    assert "Your team has NOT seen it." in page
    assert "alarm" not in page
    assert 'href="tel:988"' in answer.text
    assert told.send(client, n=2, about="caregiver", score="9").status_code == 410
    assert told.facts() == told.facts("reported_symptom") == []


@pytest.mark.parametrize("how", ["a page too old", "a session that ended"])
def test_what_could_not_be_taken_in_says_that_nobody_has_seen_it_and_whom_to_call(told: Told, how: str) -> None:
    fields = {"form": FORM, "problem": "self_harm", "text": "I want to die"}
    if how == "a page too old":
        answer = told.client("patient").post(told.page, data={**fields, "_csrf_token": "old"})
    else:
        answer = told.site.post(told.site.client(None), told.page, fields, accept="text/html")
    assert answer.status_code in (401, 403)
    main = answer.text.partition("<main")[2].rpartition('id="unkept"')[2].partition("</section>")[2]
    assert "Your team has NOT seen this" in main
    for number in ("tel:988", "tel:+15550100142"):
        assert f'href="{number}"' in main
    assert told.facts("reported_symptom") == []


def test_what_the_screen_says_was_written_comes_from_the_record(told: Told) -> None:
    """A link or a tab that was opened again says nothing of what nobody wrote."""
    client, page = told.client("patient"), f"/my/{told.course}/help"
    assert "your team's alarm" not in client.get(f"{page}?entered={FORM}-unknown").text
    assert "Your team has NOT seen it." in client.get(f"{page}?entered={FORM}-unknown").text
    plain = client.get(page).text
    assert "your team's alarm" not in plain
    assert "What you wrote" not in plain


def test_a_form_sent_again_with_self_harm_added_tells_the_truth_of_what_was_recorded(told: Told) -> None:
    """As by the Back button: the number stays as it was first sent, and the thoughts of self-harm ring."""
    client = told.client("patient")
    told.send(client, score="3")
    sent = told.send(client, score="7", problem=["self_harm"])
    assert "your team's alarm rings for it" in client.get(sent.headers["location"]).text
    assert [each.value for each in told.facts()] == [3.0]
    assert len(told.facts("reported_symptom")) == 1


def test_what_nobody_types_is_left_out_of_the_words(told: Told) -> None:
    assert told.send(told.client("patient"), score="5", text="so\0 tired\x07").status_code == 303
    assert told.facts()[0].detail["text"] == "so tired"


def test_after_a_high_number_it_is_asked_outright(told: Told) -> None:
    client = told.client("patient")
    told.send(client, score="8")
    page = client.get(f"{told.page}?sent=patient").text
    assert "Do you think of hurting yourself, or of not wanting to live?" in page
    assert "next working day only" in page
    sent = told.send(client, n=2, problem=["self_harm"])
    assert sent.headers["location"] == f"/my/{told.course}/help?entered={told.course}-{FORM}-2"


@pytest.mark.parametrize("country", ["US", "EU", "ES"])
def test_the_numbers_are_those_of_the_triage_table(make_site: Any, country: str) -> None:
    told, table = Told(make_site(country=country), "c-1"), load_table()
    page = told.client("patient").get("/my/c-1/help").text
    for number in (table.emergency.get(country, "your local emergency number"), table.crisis.get(country, "")):
        assert number in page
    assert "911" not in page or country == "US"


def test_a_check_in_that_is_due_is_asked_for_on_the_first_page(told: Told) -> None:
    """The schedule of the aftercare asks again and again; who answered is not asked that day."""
    told.site.now = GIVEN + 30 * DAY
    client = told.client("patient")
    assert "It is time for a short check-in" in client.get(f"/my/{told.course}").text
    told.send(client, score="2")
    assert "It is time for a short check-in" not in client.get(f"/my/{told.course}").text


def test_every_fact_of_a_check_in_is_one_that_the_vocabulary_knows() -> None:
    from cartway.vocabulary import vocabulary

    said = read("patient", "patient", "4", tuple(name for _, each in PROBLEMS.values() for name in each), "No way out")
    for made in facts_of(said, "c-1", 1, FORM):
        variable = vocabulary().variables[made.what]
        assert set(made.detail) <= set(variable.detail)
        assert not made.choice or made.choice in variable.choices
    assert flaw(said) is None


@pytest.mark.parametrize("role", ["patient", "caregiver"])
@pytest.mark.parametrize("ended", [False, True])
def test_what_the_screen_says_of_the_alarm_is_true(told: Told, role: str, ended: bool) -> None:
    if ended:
        told.site.record([fact("course_closed", told.site.now, course=told.course, choice="withdrawn")])
    told.send(told.client(role), about=role, problem=["self_harm"])
    told.site.settle()
    page = words(told.site.client("nurse", courses=[told.course]).get("/alerts").text)
    assert "thoughts of self-harm" in page.casefold()
    assert "emergency" in page
