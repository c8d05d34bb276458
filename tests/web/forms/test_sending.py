"""What all forms share: recorded once, nothing typed lost, no fact that the record would not take."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartway.record import open_log, validate
from cartway.record.errors import StoreFull
from cartway.times import HOUR, MINUTE
from cartway.vocabulary import vocabulary
from cartway.web.forms import capd, drug, ice, sending
from cartway.web.forms.entries import read_body
from cartway.web.forms.notice import notice_of
from web.conftest import Site
from web.forms.bedside import Bedside, Page, drawn

VITALS = "chart-vitals"


def recorded(bed: Bedside) -> int:
    return len(bed.site.office.log.facts(bed.course))


def test_a_repeated_post_records_nothing_twice(nurse: Bedside) -> None:
    fields = nurse.open(VITALS).filled(body_temperature="38.9", heart_rate="104")
    first = nurse.post(VITALS, fields)
    count = recorded(nurse)
    nurse.site.now += 3 * MINUTE
    second = nurse.post(VITALS, fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert recorded(nurse) == count


def test_a_repeated_start_and_stop_of_a_drug_record_nothing_twice(nurse: Bedside) -> None:
    """Read against the course as it is now, the stop would find nothing running, and the dose itself charted."""
    start = nurse.open("give-drug").filled(drug="norepinephrine", how="started", dose="0.1", unit="ug/kg/min")
    nurse.post("give-drug", start)
    nurse.site.now += MINUTE
    stop = nurse.open("give-drug").filled(drug="norepinephrine", how="stopped")
    dose = nurse.open("give-drug").filled(drug="acetaminophen", how="once", dose="1", unit="g")
    for fields in (stop, dose):
        assert nurse.post("give-drug", fields).status_code == 303
    count = recorded(nurse)
    nurse.site.now += MINUTE
    for fields in (start, stop, dose):
        assert nurse.post("give-drug", fields).status_code == 303
    assert recorded(nurse) == count


def test_a_repeated_correction_records_nothing_twice(nurse: Bedside) -> None:
    (old,) = nurse.record(VITALS, heart_rate="140")
    path = f"facts/{old.position}/correct"
    page = Page(nurse.send(path, value="104", reasons="typing error").text)
    answers = [nurse.post(path, page.fields).status_code for _ in range(2)]
    assert answers == [303, 303] and recorded(nurse) == 4


def test_a_form_sent_again_with_other_entries_is_explained(nurse: Bedside) -> None:
    """The back button: what was recorded is corrected, not recorded a second time."""
    page = nurse.open(VITALS)
    nurse.post(VITALS, page.filled(heart_rate="104"))
    count = recorded(nurse)
    answer = nurse.post(VITALS, page.filled(heart_rate="140"))
    assert answer.status_code == 409 and "recorded already, with other entries" in answer.text
    assert Page(answer.text).value("heart_rate") == "140" and recorded(nurse) == count


def test_two_nurses_on_one_patient_lose_nothing(nurse: Bedside) -> None:
    beds = [Bedside(nurse.site, "nurse", nurse.course), Bedside(nurse.site, "physician", nurse.course)]
    pages = [bed.open(VITALS) for bed in beds]
    typed = [{"heart_rate": "104"}, {"heart_rate": "106"}]
    answers: list[int] = []

    def send(n: int) -> None:
        answers.append(beds[n].post(VITALS, pages[n].filled(**typed[n])).status_code)

    threads = [threading.Thread(target=send, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rates = sorted(fact.value or 0 for fact in nurse.site.facts(nurse.course) if fact.what == "heart_rate")
    assert answers == [303, 303] and rates == [104.0, 106.0]


def test_a_form_is_recorded_under_the_name_of_whom_it_was_handed_to(nurse: Bedside, physician: Bedside) -> None:
    """A shared tablet: somebody else signs in while a form is open. Whose name is it to stand under?"""
    fields = nurse.open(VITALS).filled(heart_rate="250")
    asked = nurse.post(VITALS, fields)
    assert asked.status_code == 422 and "Is that right?" in asked.text
    count = recorded(nurse)
    answer = physician.post(VITALS, Page(asked.text).fields)
    page = Page(answer.text)
    assert answer.status_code == 409 and page.value("heart_rate") == "250" and recorded(nurse) == count
    me, other = (_account(bed) for bed in (physician, nurse))
    assert f"You are now signed in as {me}. This form was opened by {other}." in page.words
    assert page.value("form") != dict(fields)["form"]
    again = physician.post(VITALS, page.fields)
    assert again.status_code == 422 and "Is that right?" in again.text, "what the other one confirmed is asked anew"
    assert physician.post(VITALS, Page(again.text).fields).status_code == 303
    assert nurse.site.facts(nurse.course)[-1].recorded_by != _id(nurse)


def _id(bed: Bedside) -> str:
    principal = bed.site.office.access.principal(bed.client.cookies["cartway_session"], now=bed.site.now)
    assert principal is not None
    return principal.account.id


def _account(bed: Bedside) -> str:
    account = bed.site.office.access.account(_id(bed))
    assert account is not None
    return account.display or account.name


def test_somebody_elses_form_that_was_recorded_is_no_form_of_ones_own(nurse: Bedside, physician: Bedside) -> None:
    fields = nurse.open(VITALS).filled(heart_rate="104")
    assert nurse.post(VITALS, fields).status_code == 303
    count = recorded(nurse)
    answer = physician.post(VITALS, [*((name, text) for name, text in fields if name != "by"), ("by", _id(physician))])
    page = Page(answer.text)
    assert answer.status_code == 422 and "not made for you" in page.words and page.value("heart_rate") == "104"
    assert recorded(nurse) == count


@pytest.mark.parametrize("field", ["form", "opened", "by"])
def test_a_form_without_its_id_is_refused_with_its_entries(nurse: Bedside, field: str) -> None:
    answer = nurse.post(VITALS, nurse.open(VITALS).filled(heart_rate="104", **{field: ""}))
    assert answer.status_code == 422 and Page(answer.text).value("heart_rate") == "104"


def test_a_store_that_fails_says_that_nothing_was_recorded(nurse: Bedside, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StoreFull("record.db")

    fields = nurse.open(VITALS).filled(heart_rate="104")
    count = recorded(nurse)
    with monkeypatch.context() as broken:
        broken.setattr(nurse.site.office.log, "append", full)
        answer = nurse.post(VITALS, fields)
    page = Page(answer.text)
    assert answer.status_code == 503 and "nothing was recorded" in page.words and page.value("heart_rate") == "104"
    assert recorded(nurse) == count
    assert nurse.post(VITALS, page.fields).status_code == 303 and recorded(nurse) == count + 1


def test_a_record_that_cannot_be_read_says_so_too(nurse: Bedside, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StoreFull("record.db")

    fields = nurse.open(VITALS).filled(heart_rate="104")
    monkeypatch.setattr(nurse.site.office.log, "facts", full)
    answer = nurse.post(VITALS, fields)
    assert answer.status_code == 503 and Page(answer.text).value("heart_rate") == "104"


def test_a_post_waits_until_the_live_ward_has_it(nurse: Bedside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE_S", 5.0)
    fields = nurse.open(VITALS).filled(heart_rate="104")
    stop = threading.Event()

    def follow() -> None:
        while not stop.wait(0.05):
            nurse.site.settle()

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        assert nurse.post(VITALS, fields).status_code == 303
        standing = nurse.site.office.ward.standing(nurse.course)
        assert standing is not None and standing.observed["heart_rate"].value == 104.0
    finally:
        stop.set()
        thread.join()


def test_in_a_clinical_record_facts_are_not_simulated(tmp_path: Path) -> None:
    open_log(f"sqlite:///{tmp_path / 'record.db'}").close()  # a clinical one: the site finds it there
    from web import conftest

    original, conftest._create = conftest._create, lambda _: None
    try:
        site = Site(tmp_path)
    finally:
        conftest._create = original
    site.record([{"course": "c", "at": site.now - HOUR, "what": "infusion", "choice": "axicabtagene_ciloleucel"}])
    (fact,) = Bedside(site, "nurse", "c").record(VITALS, heart_rate="104")
    assert not fact.simulated
    site.app.state.stores.close()


def test_the_notice_says_what_was_recorded_and_the_grade(nurse: Bedside) -> None:
    page = nurse.open(VITALS)
    where = nurse.post(VITALS, page.filled(body_temperature="38.9", heart_rate="104")).headers["location"]
    form = where.partition("entered=")[2]
    assert where.startswith(f"/courses/{nurse.course}?") and form == page.value("form")
    words = Page(nurse.client.get(where).text).words
    assert "Recorded: " in words and "Body temperature 38.9 °C" in words and "Wrong patient? Take it back" in words
    log, rules = nurse.site.office.log, nurse.site.office.rules
    notice = notice_of(log.facts(nurse.course), form, nurse.site.now, rules)
    assert notice is not None and {fact.what for fact in notice.facts} == {"body_temperature", "heart_rate"}
    assert notice.grades["CRS"].now == ">= 1"
    assert notice_of(log.facts(nurse.course), form, nurse.site.now + HOUR, rules) is None, "no news any more"
    assert notice_of(log.facts(nurse.course), "", nurse.site.now, rules) is None
    waiting = notice_of([], form, nurse.site.now, rules)
    assert waiting is not None and not waiting.facts


def test_no_value_reaches_a_log_or_an_address(nurse: Bedside, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = nurse.send(VITALS, body_temperature="38.7654", wrote="Annemarie")
        nurse.send(VITALS, body_temperature="999.7654")
    assert answer.status_code == 303
    assert "7654" not in caplog.text + answer.headers["location"]


# --- any garbage in any field

FIELDS = [
    "body_temperature", "body_temperature_unit", "systolic_pressure", "diastolic_pressure", "mean_arterial_pressure",
    "pressure_unmeasurable", "heart_rate", "respiratory_rate", "oxygen_saturation", "oxygen_device", "oxygen_flow",
    "inspired_oxygen", "taken", *ice.ASKED, "consciousness", "not_done", "wrote", "rass", *capd.ITEMS,
    "unable_to_perform", "note", *capd.ANSWERS, "drug", "drug_named", "how", "dose", "unit", "route", "ended",
    "sedation", "feature", "cause", "causes", "hours", "ends", "end", "value", "choice", "at", "until", "reason",
    "reasons", "sure", "form", "opened", "by",
]  # fmt: skip
GARBAGE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "\x00", "\ud800", "1e309", "-0", "٣٨", "38,5", "0", "9" * 400, "NaN", "yes", "no", "awake", "never", "4",
            "started", "stopped", "once", "ran", "norepinephrine", "ug/kg/min", "mg", "infection", "fever", "cpap",
            "room_air", "2026-03-16T13:00", "0001-01-01T00:00", "9999-12-31T23:59", "<script>", "' OR 1=1 --", "\u202e",
        ]
    ),
)  # fmt: skip
FORMS = [VITALS, "chart-ice", "chart-capd", "chart-oxygen", "give-drug", "attribute", "facts/{}/correct",
         "facts/{}/retract"]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.dictionaries(st.sampled_from(FIELDS), GARBAGE, max_size=12), confirm=st.booleans())
def test_any_garbage_is_recorded_soundly_or_explained(
    physician: Bedside, form: str, typed: dict[str, str], confirm: bool
) -> None:
    bed = physician
    path = form.format(bed.site.office.log.facts(bed.course)[-1].position)
    page = bed.open(path)
    before = bed.site.office.log.position()
    answer = bed.post(path, page.filled(**typed))
    if confirm and answer.status_code in (200, 422):
        answer = bed.post(path, Page(answer.text).fields)
    new = bed.site.office.log.since(before)
    assert answer.status_code in (200, 303, 409, 422), answer.text
    assert bool(new) == (answer.status_code == 303)
    if answer.status_code != 303:
        assert "Nothing was recorded" in answer.text or "Not recorded yet" in answer.text
    assert [problem for fact in new if (problem := validate(fact, vocabulary())) is not None] == []
    assert all(fact.course == bed.course and fact.at <= bed.site.now for fact in new)


@given(st.binary(max_size=300))
def test_any_body_reads_as_entries(body: bytes) -> None:
    entries = read_body(body)
    assert all(text == text.strip() and "\x00" not in text for field in entries.typed for text in entries.all(field))


def test_a_body_of_many_fields_is_no_form() -> None:
    assert read_body(b"&".join(b"a=1" for _ in range(500))).typed == {}


def test_every_choice_offered_is_one_of_the_vocabulary() -> None:
    devices = vocabulary().variables["oxygen_device"].choices
    assert set(drug.COMMON) <= set(vocabulary().variables["drug"].choices)
    from cartway.web.forms.oxygen import COMMON, SET_BY

    assert set(COMMON) | set(SET_BY) <= set(devices)


def test_a_site_without_the_course(site: Site) -> None:
    drawn(site)
    client = site.client("nurse")
    assert client.get("/courses/nobody/chart-vitals").status_code == 404
    assert site.post(client, "/courses/nobody/chart-vitals", {"heart_rate": "90"}).status_code == 404
