"""At the bedside: repeated posts of one field, a big answer, two signatures; and no identifier of anybody recorded."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cartway.pathway.chain import chain, may_infuse, signers
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import MINUTE
from cartway.web.custody.carried import fits
from cartway.web.forms.entries import entries_of
from pathway.chain.drawn import BAG, BATCH, COI, DIN, own_cells
from web.conftest import PASSWORD, Site
from web.custody.conftest import COURSE, MRN, OTHER, OTHER_BAG, OTHER_MRN, enrol, recorded
from web.forms.bedside import Bedside, Page

ALL = (MRN, BAG, COI, BATCH, f"C-{BATCH}")


def scan(who: Bedside, *typed: str, step: str = "bedside") -> Page:
    """The page after these scans, each a post of its own, as a scanner without scripts makes them."""
    page = Page(who.client.get(f"/courses/{who.course}/scan?step={step}").text)
    for text in typed:
        (wedge,) = [form for form in page.forms if any(name == "scan" for name, _ in form)]
        fields = [(name, value) for name, value in wedge if name != "scan"] + [("scan", text)]
        answer = who.post("scan", fields)
        assert answer.status_code == 200, answer.text
        page = Page(answer.text)
    return page


def sign(who: Bedside, page: Page, second: str = "", path: str = "scan/sign") -> Any:
    typed = {"sign_password": PASSWORD, "second_name": second, "second_password": PASSWORD if second else ""}
    return who.post(path, page.filled(**typed))


@pytest.fixture
def colleague(ward: Site) -> str:
    return ward.account("cell_laboratory").name


def course(site: Site) -> Course:
    return Course(site.office.log.facts(COURSE), site.now)


def checks(site: Site) -> list[Fact]:
    return [fact for fact in course(site).all("verification") if fact.detail["step"] == "bedside"]


def test_the_answer_is_asked_for_scan_by_scan(nurse: Bedside) -> None:
    assert "Scan the wristband" in scan(nurse).words
    assert "Scan the container" in scan(nurse, MRN).words
    assert "All match" in scan(nurse, *ALL).words


def test_two_people_sign_and_the_chain_holds(ward: Site, nurse: Bedside, colleague: str) -> None:
    answer = sign(nurse, scan(nurse, *ALL), colleague)
    assert answer.status_code == 303, answer.text
    (fact,) = checks(ward)
    assert (fact.choice, fact.about, fact.detail["band"]) == ("matched", BAG, "this course")
    assert len(signers(course(ward), fact)) == 2
    assert not [each for each in may_infuse(course(ward), BAG).because if each.code.startswith("bedside")]


def test_another_patients_bag_is_stopped_recorded_by_one_and_set_aside(ward: Site, nurse: Bedside) -> None:
    page = scan(nurse, MRN, OTHER_BAG)
    assert "STOP This bag is another patient's. Do not infuse. Quarantine it and call the holder." in page.words
    assert sign(nurse, page, path="scan/stop").status_code == 303
    shown, fact = sorted(checks(ward), key=lambda each: len(signers(course(ward), each)))
    assert (shown.detail, shown.choice) == (fact.detail, fact.choice), "what was shown, and the same signed"
    assert [len(signers(course(ward), each)) for each in (shown, fact)] == [0, 1]
    assert (fact.choice, fact.about, fact.detail["bag"], fact.detail["differs"]) == (
        "mismatched",
        BAG,
        OTHER_BAG,
        ["bag"],
    )
    (aside,) = course(ward).all("quarantine")
    assert (aside.choice, aside.about) == ("placed", OTHER_BAG)
    verdict = may_infuse(course(ward), BAG)
    assert (verdict.allowed, verdict.contradicted) == (False, True)
    assert BAG in chain(course(ward)).quarantined


def test_another_patients_wristband(nurse: Bedside) -> None:
    assert "STOP This wristband is another patient's. Do not infuse." in scan(nurse, OTHER_MRN).words


def test_the_wrong_person_at_the_collection_stops_it_and_sets_nothing_aside(site: Site) -> None:
    recorded(site, {"identity": own_cells()["identity"]}, hour=24)
    enrol(site)
    unit = Bedside(site, "apheresis", COURSE)
    page = scan(unit, f"={DIN}96", OTHER_MRN, step="collection")
    assert "STOP This wristband is another patient's. Do not go on. Find out whose it is." in page.words
    assert sign(unit, page, path="scan/stop").status_code == 303
    assert course(site).all("quarantine") == []


def test_a_number_of_nobody_is_told_and_read_into_nothing(nurse: Bedside) -> None:
    page = scan(nurse, "12345678")
    assert "neither a wristband of a patient here nor a number of this patient's cells" in page.words
    assert "Scan the wristband" in page.words


def scan_as(who: Bedside, page: Page, text: str, place: str) -> Page:
    """One more scan, with what it is stated."""
    (wedge,) = [form for form in page.forms if any(name == "scan" for name, _ in form)]
    kept = [(name, value) for name, value in wedge if name not in ("scan", "as")]
    return Page(who.post("scan", [*kept, ("scan", text), ("as", place)]).text)


def test_a_code_of_nobody_where_the_bag_is_asked_for_is_not_read_and_no_mismatch(ward: Site, nurse: Bedside) -> None:
    """The nurse's own badge: told, and scanned again. A bag of nobody is stopped by saying that it is the container."""
    page = scan(nurse, MRN, "77778888")
    assert "neither a wristband of a patient here nor a number of this patient's cells" in page.words
    assert "STOP" not in page.words
    assert checks(ward) == []
    assert "STOP This bag is not this patient's." in scan_as(nurse, page, "77778888", "bag").words


def test_what_is_no_number_known_here_is_never_recorded(ward: Site, nurse: Bedside) -> None:
    """A number typed for the bag may be a patient's who is not in the people store."""
    page = scan_as(nurse, scan(nurse, MRN), "77778888", "bag")
    assert sign(nurse, page, path="scan/stop").status_code == 303
    assert [fact.detail["bag"] for fact in checks(ward)] == ["not known here", "not known here"]
    assert [fact.about for fact in course(ward).all("quarantine")] == [BAG], "the one that was meant is set aside"
    written = " ".join(str(fact) for fact in ward.office.log.facts(COURSE))
    assert "77778888" not in written
    assert "77778888" not in nurse.client.get(f"/courses/{COURSE}/chain").text


def test_a_mismatch_is_recorded_when_it_is_shown_and_stays(ward: Site, nurse: Bedside, colleague: str) -> None:
    """The other patient's wristband, then the right one: the sheet still says STOP, and leaving it leaves a trace."""
    page = scan(nurse, OTHER_MRN)
    (fact,) = checks(ward)
    me = next(each.id for each in ward.office.access.accounts() if each.role == "nurse")
    assert (fact.choice, fact.detail["band"], fact.detail["differs"]) == ("mismatched", "another", ["band"])
    assert (fact.recorded_by, signers(course(ward), fact)) == (me, ())
    assert "is recorded, and stays so" in page.words
    assert "STOP" in scan(nurse, OTHER_MRN, *ALL).words
    assert not may_infuse(course(ward), BAG).allowed
    anew = scan(nurse, *ALL)
    assert "All match, but do not infuse" in anew.words, "begun anew, it is told what was scanned before"
    assert sign(nurse, anew, colleague).status_code == 303
    assert not may_infuse(course(ward), BAG).allowed


def test_each_thing_that_does_not_match_is_recorded_once(ward: Site, nurse: Bedside) -> None:
    page = scan(nurse, MRN, OTHER_BAG)
    scan_as(nurse, page, MRN, "band")
    assert [fact.detail["differs"] for fact in checks(ward)] == [["bag"]]
    scan_as(nurse, page, "COI-9Z9Z", "coi")
    scan_as(nurse, page, "COI-9Z9Z", "coi")
    assert sorted(len(fact.detail["differs"]) for fact in checks(ward)) == [1, 2]


def test_who_cannot_sign_has_recorded_the_stop_all_the_same(ward: Site, nurse: Bedside) -> None:
    answer = nurse.post("scan/stop", scan(nurse, OTHER_MRN).filled(sign_password="forgotten"))  # noqa: S106
    assert answer.status_code == 422
    assert not may_infuse(course(ward), BAG).allowed


def test_reads_that_nobody_scanned_are_refused(ward: Site, nurse: Bedside, colleague: str) -> None:
    """What the page carries is bound: a post with reads typed into it records nothing."""
    typed = {"read_band": "this course", "read_bag": BAG, "read_coi": COI, "read_batch": BATCH}
    page = scan(nurse, BAG)
    fields = page.filled(
        **typed, read_certificate=f"C-{BATCH}", sign_password=PASSWORD, second_name=colleague, second_password=PASSWORD
    )
    answer = nurse.post("scan/sign", fields)
    assert answer.status_code == 422
    assert "is not of this sheet" in Page(answer.text).words
    assert nurse.post("scan", [*fields, ("scan", COI)]).status_code == 422
    assert checks(ward) == []


@pytest.mark.parametrize("field", ["sheet", "begun", "step", "read_bag", "stopped", "mark"])
def test_nothing_of_a_sheet_can_be_changed(ward: Site, nurse: Bedside, field: str) -> None:
    page = scan(nurse, OTHER_MRN, BAG)
    changed = {"begun": str(ward.now - 1), "step": "thaw", "read_bag": OTHER_BAG, "stopped": ""}.get(field, "x" * 64)
    assert nurse.post("scan/stop", page.filled(**{field: changed}, sign_password=PASSWORD)).status_code == 422


def test_a_sheet_is_one_accounts_at_one_course_for_an_hour(ward: Site, nurse: Bedside, lab: Bedside) -> None:
    page = scan(nurse, *ALL)
    wedge = next(form for form in page.forms if any(name == "scan" for name, _ in form))
    assert nurse.post("scan", wedge).status_code == 200
    assert lab.post("scan", wedge).status_code == 422
    other = Bedside(ward, "nurse", OTHER)
    assert other.post("scan", wedge).status_code == 422
    entries, key = entries_of(wedge), ward.office.access.secret("scan")
    me = next(each.id for each in ward.office.access.accounts() if each.role == "nurse")
    assert fits(entries, key, COURSE, me, ward.now + 60 * MINUTE)
    assert not fits(entries, key, COURSE, me, ward.now + 61 * MINUTE)


def test_no_identifier_of_a_patient_is_in_the_record_or_on_the_page(ward: Site, nurse: Bedside, colleague: str) -> None:
    page = scan(nurse, *ALL)
    carried = [value for form in page.forms for _, value in form]
    assert MRN not in carried
    sign(nurse, page, colleague)
    sign(nurse, scan(nurse, OTHER_MRN), path="scan/stop")
    written = " ".join(str(fact) for fact in ward.office.log.facts(COURSE))
    assert MRN not in written
    assert OTHER_MRN not in written


def test_a_missing_signature_records_nothing(ward: Site, nurse: Bedside) -> None:
    answer = sign(nurse, scan(nurse, *ALL))
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "The second signature is missing" in page.words
    assert "All match" in page.words, "what was scanned is still there"
    assert checks(ward) == []


def test_the_same_person_twice_is_one_pair_of_eyes(ward: Site, nurse: Bedside) -> None:
    mine = next(each.name for each in ward.office.access.accounts() if each.role == "nurse")
    answer = sign(nurse, scan(nurse, *ALL), mine)
    assert "of the same person" in Page(answer.text).words
    assert checks(ward) == []


def test_all_match_and_yet_do_not_infuse(ward: Site, nurse: Bedside) -> None:
    """Identity is one thing; a quarantine another. The station says both."""
    ward.record(
        [{"course": COURSE, "at": ward.now, "what": "quarantine", "choice": "placed", "about": BAG, "source": "t"}]
    )
    page = scan(nurse, *ALL)
    assert "All match, but do not infuse" in page.words
    assert "It is in quarantine" in page.words


def test_what_was_not_read_is_recorded_as_not_read(ward: Site, nurse: Bedside, colleague: str) -> None:
    assert sign(nurse, scan(nurse, BAG, BATCH), colleague).status_code == 303
    (fact,) = checks(ward)
    assert (fact.choice, fact.detail["band"]) == ("incomplete", "not read")
    assert set(fact.detail["missing"]) == {"band", "coi", "certificate"}


def test_nothing_scanned_is_nothing_to_sign(ward: Site, nurse: Bedside, colleague: str) -> None:
    page = scan(nurse)
    assert page.fields == []
    sheet = [("form", "x" * 20), ("opened", str(ward.now // 1000)), ("by", "nobody"), ("step", "bedside")]
    assert nurse.post("scan/sign", sheet).status_code in (409, 422)
    assert checks(ward) == []


def test_the_field_for_scans_has_the_focus(nurse: Bedside) -> None:
    html = nurse.client.get(f"/courses/{COURSE}/scan").text
    assert re.search(r'<input id="scan"[^>]* autofocus', html)


def test_a_step_or_a_container_that_is_not_there(nurse: Bedside) -> None:
    assert (
        "Check: bedside" in Page(nurse.client.get(f"/courses/{COURSE}/scan?step=nonsense&container=%3Cb%3E").text).words
    )
    assert nurse.client.get("/courses/none-such/scan").status_code in (403, 404)


@pytest.mark.parametrize("role", ["coordinator", "data_manager", "administrator", "patient"])
def test_who_verifies_nothing_has_no_station(ward: Site, role: str) -> None:
    assert ward.client(role).get(f"/courses/{COURSE}/scan").status_code == 403


def test_the_other_course_is_untouched(ward: Site, nurse: Bedside) -> None:
    before = len(ward.office.log.facts(OTHER))
    sign(nurse, scan(nurse, MRN, OTHER_BAG), path="scan/stop")
    assert len(ward.office.log.facts(OTHER)) == before
