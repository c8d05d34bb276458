"""What was seen against a bag stays until the holder clears it: whatever is said later, in whatever spelling, under
whatever name, and also where it was withdrawn. And nothing counts out of its place in time.
"""

from __future__ import annotations

import msgspec
import pytest

from cartway.pathway.chain import BreakKind, Index, center_index, chain, may_infuse
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import HOUR
from cartway.web.access.roles import Role

from .drawn import (
    APHERESIS,
    AXI,
    BAG,
    BATCH,
    BOX,
    COI,
    DIN,
    HOLDER,
    Steps,
    check,
    drawn,
    fact,
    moved,
    own_cells,
    signed,
    stand_in,
    until,
    without,
)

READY = until(own_cells(), f"infusion {BAG}")
"""All that comes before the infusion, at 600 hours."""


def against(
    *more: Fact, steps: Steps = READY, hour: float = 599.97, bag: str = BAG, index: Index | None = None
) -> set[str]:
    """The codes of what stands against giving the bag."""
    verdict = may_infuse(drawn(steps, *more, hour=hour), bag, index or Index())
    assert verdict.allowed == (not verdict.because)
    return {each.code for each in verdict.because}


def aside(hour: float, about: str) -> Fact:
    return fact(hour, "quarantine", about, "placed", text="?")


def cleared(hour: float, about: str = BAG) -> Fact:
    return fact(hour, "quarantine", about, "lifted", holder_reference="H-12")


def bedside(hour: float, choice: str = "matched", about: str = BAG, **otherwise: str) -> list[Fact]:
    scans = {"band": "this course", "bag": BAG, "coi": COI, "batch": BATCH, "certificate": f"C-{BATCH}"}
    return check(hour, "bedside", about, choice, **{**scans, **otherwise})


def instead(name: str, *facts: Fact) -> Steps:
    return {**READY, name: list(facts)}


def retracted(found: Fact) -> Fact:
    return Fact("c1", found.at, "retraction", amends=found.key, reason="in error", source="test", key=f"r-{found.key}")


def amended(found: Fact, **otherwise: object) -> Fact:
    return msgspec.structs.replace(found, key=f"a-{found.key}", amends=found.key, reason="in error", **otherwise)


def test_ready() -> None:
    assert against() == set()


# What a label said once


def labeled(hour: float, **detail: str) -> Fact:
    return fact(hour, "container", BAG, "product_bag", **detail)


def test_another_name_on_the_label_is_not_read_away() -> None:
    read = [labeled(500, patient_matches="another"), labeled(501, patient_matches="this course")]
    assert against(*read) == {"label_of_another"}
    assert against(*read, cleared(502), *bedside(599.92)) == set()
    assert against(read[0], cleared(499)) == {"label_of_another"}


def test_an_expiry_is_not_read_away() -> None:
    assert against(labeled(500, expires="2026-03-10"), labeled(501, expires="2027-03-10")) == {
        "expired",
        "label_differs",
    }


def test_a_certificate_of_another_is_not_outdone_by_a_second_one() -> None:
    other = fact(420, "release_certificate", BATCH, number="C9", coi="OTHER", patient_matches="another")
    fits = fact(
        421, "release_certificate", BATCH, number=f"C-{BATCH}", coi=COI, batch=BATCH, patient_matches="this course"
    )
    assert against(other, fits) == {"certificate_of_another", "label_of_another"}
    assert against(other, fits, cleared(430, BATCH)) == set()


@pytest.mark.parametrize("written", ["10 MAR 2026", "03/2026", "20270310", "2027-W11-1"])
def test_an_expiry_that_cannot_be_read_is_missing(written: str) -> None:
    found = may_infuse(drawn(READY, labeled(500, expires=written), hour=599.97), BAG).because
    assert [(each.code, each.kind) for each in found] == [("expiry_not_read", BreakKind.missing)]


# Quarantine


@pytest.mark.parametrize(
    "about",
    [
        BAG,
        BAG.lower(),
        f" {BAG}",
        BAG.replace("-", " -"),
        BATCH,
        BATCH.lower(),
        DIN,
        f"{DIN[:5]} {DIN[5:]}",
        APHERESIS,
        BOX,
    ],
)
def test_a_quarantine_holds_what_came_of_it_or_lay_in_it(about: str) -> None:
    assert against(aside(500, about)) == {"quarantined"}
    course = drawn(READY, aside(500, about), hour=599.97)
    assert BAG in chain(course).quarantined
    assert against(aside(500, about), cleared(510, about)) == set()
    assert against(aside(500, about), cleared(510, BAG)) == set()
    assert against(aside(500, about), fact(510, "quarantine", about, "lifted")) == {"lifted_without_holder"}


def test_a_quarantine_of_the_shipper_during_the_transport_holds_after_it() -> None:
    assert against(aside(440, BOX)) == {"quarantined"}
    assert against(aside(425, BOX)) == set()  # before the bag was put in


@pytest.mark.parametrize("about", ["ZZ-1", "", "W000026999999"])
def test_a_quarantine_of_what_nobody_knows_is_of_the_course(about: str) -> None:
    assert against(aside(500, about)) == {"quarantine_of_unknown"}
    course = drawn(READY, aside(500, about), hour=599.97)
    assert chain(course).broken
    assert (about in chain(course).quarantined) == bool(about)
    assert against(aside(500, about), cleared(510, about)) == set()


@pytest.mark.parametrize("about", [BAG, BAG.lower(), BATCH])
def test_what_another_course_set_aside_is_held_here(about: str) -> None:
    """The wrong bag at another patient's bedside, set aside in that patient's record."""

    def elsewhere(*facts: Fact) -> Index:
        now = drawn(READY, hour=599.97).now
        other = Course([msgspec.structs.replace(each, course="c2") for each in facts], now)
        return center_index([drawn(READY, hour=599.97), other])

    assert against(index=elsewhere(aside(500, about))) == {"quarantined_elsewhere"}
    assert against(index=elsewhere(aside(500, about), cleared(510, about))) == set()
    assert against(cleared(510, BATCH if about == BATCH else BAG), index=elsewhere(aside(500, about))) == set()
    course = drawn(READY, hour=599.97)
    assert BAG in chain(course, elsewhere(aside(500, about))).quarantined


def test_the_bag_of_another_course_that_was_set_aside_here_does_not_hold_this_ones() -> None:
    now = drawn(READY, hour=599.97).now
    other = Course([msgspec.structs.replace(fact(312, "container", "AX-2077-1", "product_bag"), course="c2")], now)
    index = center_index([drawn(READY, aside(500, "AX-2077-1"), hour=599.97), other])
    assert against(aside(500, "ax-2077-1"), index=index) == set()
    assert against(aside(500, "ax-2077-1")) == {"quarantine_of_unknown"}


def test_a_quarantine_is_cleared_by_what_comes_later_only() -> None:
    assert against(aside(510, BAG), cleared(510)) == {"quarantined"}
    assert against(aside(510, BAG), cleared(505)) == {"quarantined"}
    assert against(aside(505, BAG), cleared(510)) == set()


# Checks that did not match


def test_after_the_holder_cleared_it_only_a_later_check_counts() -> None:
    wrong, right = bedside(599.62, "mismatched", band="another"), bedside(599.92)
    assert against(*wrong, *right) == {"bedside_mismatched"}
    assert against(*wrong, *right, cleared(599.94)) == {"bedside_not_checked"}
    assert against(*wrong, *right, cleared(599.94), *bedside(599.96)) == set()


@pytest.mark.parametrize(
    ("about", "step", "detail"),
    [
        (BATCH, "bedside", {"band": "another", "batch": "OTHER"}),
        (BATCH, "receipt", {"batch": "OTHER"}),
        (BAG, "transfer", {"band": "another"}),
        (BAG, "", {"band": "another"}),
        (DIN, "receipt", {"band": "another"}),
        (COI, "bedside", {"band": "another"}),
        (BAG.lower(), "bedside", {"band": "another"}),
        ("X9", "bedside", {"bag": BAG, "band": "another"}),
        ("X9", "receipt", {"bag": BAG}),
    ],
)
def test_a_check_that_did_not_match_blocks_wherever_it_is_filed(about: str, step: str, detail: dict[str, str]) -> None:
    wrong = check(470, "x", about, "mismatched", **detail)
    wrong = signed(msgspec.structs.replace(wrong[0], detail={**wrong[0].detail, "step": step}))
    assert against(*wrong) & {"check_mismatched", "bedside_mismatched"}
    assert chain(drawn(READY, *wrong, hour=599.97)).broken
    assert not against(*wrong, cleared(480, about)) - {"bedside_not_checked"}


@pytest.mark.parametrize("band", ["Another", "MRN 123", "yes", "ANOTHER "])
def test_a_band_that_is_not_this_courses_is_anothers(band: str) -> None:
    assert against(steps=instead(f"bedside {BAG}", *bedside(599.9, band=band))) == {"bedside_mismatched"}


def test_a_name_on_a_label_is_this_courses_or_anothers() -> None:
    assert against(labeled(500, patient_matches="Another")) == {"label_of_another"}


# Release


def unlabeled(*names: str) -> Steps:
    """A bag whose label bears no batch, without some steps."""
    bag = fact(
        312, "container", BAG, "product_bag", coi=COI, custodian=HOLDER, patient_matches="this course", product=AXI
    )
    packed = fact(430, "container", BAG, "product_bag", parent=BOX)
    return without({**READY, f"bags {BATCH}": [bag], f"packed {BOX}": [packed]}, *names)


@pytest.mark.parametrize("left_out", [(), (f"disposition {BATCH}", f"certificate {BATCH}", f"batch {BATCH}")])
def test_a_bag_without_a_batch_is_not_released(left_out: tuple[str, ...]) -> None:
    stood = stand_in(598, "batch_not_on_label", BAG)
    assert against(*stood, steps=unlabeled(*left_out)) == {"not_released"}
    assert "not_released" in against(*stood, *stand_in(598, "not_released", BAG), steps=unlabeled(*left_out))


def disposed(hour: float, choice: str) -> Fact:
    return fact(hour, "disposition", BATCH, choice)


@pytest.mark.parametrize(("hour", "choice"), [(500, "recalled"), (300, "failed"), (400, "recalled"), (404, "recalled")])
def test_recalled_or_failed_is_not_undone_by_a_release(hour: float, choice: str) -> None:
    """Whatever the order of the stated times."""
    assert against(disposed(hour, choice), disposed(501, "released")) == {"batch_failed"}
    assert against(disposed(hour, choice), disposed(501, "released"), cleared(502, BATCH)) == set()
    assert BATCH in chain(drawn(own_cells(), disposed(hour, choice))).quarantined


def test_a_recall_that_was_cleared_takes_a_new_release() -> None:
    assert against(disposed(500, "recalled"), cleared(510, BATCH)) == {"not_released"}


def result(hour: float, choice: str, **detail: bool) -> Fact:
    return fact(hour, "release_test", BATCH, choice, test="sterility", **detail)


def test_a_failed_test_counts_whenever_it_was() -> None:
    assert against(result(300, "failed")) == {"failed_after_release"}
    assert against(result(400, "failed", after_release=True)) == {"failed_after_release"}
    assert against(result(500, "failed"), result(501, "passed")) == {"failed_after_release"}
    assert against(result(500, "failed"), cleared(510, BATCH)) == set()


def test_a_result_that_failed_is_no_longer_to_come() -> None:
    pending = fact(408, "disposition", BATCH, "released_pending", pending=["sterility"])
    steps = instead(f"disposition {BATCH}", pending)
    verdict = may_infuse(drawn(steps, result(400, "failed", after_release=True), hour=599.97), BAG)
    assert ([each.code for each in verdict.because], verdict.told) == (["failed_after_release"], ())
    passed = may_infuse(drawn(steps, result(400, "passed", after_release=True), hour=599.97), BAG)
    assert (passed.allowed, passed.told) == (True, ())


def test_what_was_out_of_specification_is_known_to_the_disposition_that_says_so() -> None:
    steps = instead(f"disposition {BATCH}", disposed(408, "out_of_specification"))
    consent = fact(450, "out_of_specification_consent", BATCH, "given", step="consent")
    assert against(result(400, "failed"), consent, steps=steps) == set()
    assert against(result(460, "failed"), consent, steps=steps) == {"failed_after_release"}


# Checks and stand-ins in their place in time


@pytest.mark.parametrize("gap", ["bedside_not_checked", "thaw_not_recorded", "receipt_not_checked"])
def test_nobody_stands_in_before_the_gap_could_be_seen(gap: str) -> None:
    name = {"bedside_not_checked": f"bedside {BAG}", "thaw_not_recorded": f"thaw {BAG}",
            "receipt_not_checked": f"receipt check {BOX}"}[gap]  # fmt: skip
    steps = without(READY, name)
    assert against(*stand_in(313, gap, BAG), steps=steps) == {gap}
    assert against(*stand_in(599.95, gap, BAG), steps=steps) == set()


def test_a_bedside_check_counts_after_the_thaw_and_the_last_hand_over() -> None:
    for hour in (320, 599.2, 599.55):
        assert against(steps=instead(f"bedside {BAG}", *bedside(hour))) == {"bedside_not_checked"}
    again = moved(599.93, BAG, "Ward", "Another ward")[:1]
    assert "bedside_not_checked" in against(*again)


@pytest.mark.parametrize(
    ("hour", "expected"), [(320, {"receipt_not_checked"}), (440, {"receipt_not_checked"}), (462.3, set())]
)
def test_a_receipt_check_counts_from_the_receipt(hour: float, expected: set[str]) -> None:
    made = check(hour, "receipt", BAG, bag=BAG, batch=BATCH)
    assert against(steps=instead(f"receipt check {BOX}", *made)) == expected


@pytest.mark.parametrize(
    ("hour", "expected"), [(320, {"thaw_not_checked"}), (463.5, {"thaw_not_checked"}), (598, set())]
)
def test_a_thaw_check_counts_once_it_was_last_put_away(hour: float, expected: set[str]) -> None:
    made = check(hour, "thaw", BAG, bag=BAG, batch=BATCH)
    assert against(steps=instead(f"thaw check {BAG}", *made)) == expected


def test_who_signs_after_the_next_step_has_not_checked_before_it() -> None:
    made = signed(
        fact(463, "verification", BAG, "matched", "r", step="receipt", bag=BAG, batch=BATCH), later=100 * HOUR
    )
    assert against(steps=instead(f"receipt check {BOX}", *made)) == {"receipt_one_signature"}


def test_cells_are_thawed_once() -> None:
    assert against(fact(500, "thaw", BAG, "started")) == {"thawed_before"}
    put = [fact(500, "thaw", BAG, "started"), fact(501, "storage", BAG, "put")]
    assert "thawed_before" in against(*put)
    assert against(fact(599.7, "thaw", BAG, "completed")) == set()
    assert "thawed_before" not in against(*put, cleared(599.8))


# What another course claims


def test_one_batch_in_two_courses_is_one_too_many() -> None:
    """Cells of one's own are one batch a patient: whose it is cannot be said, and nobody can stand in for that."""
    mine = drawn(READY, hour=599.97)
    facts = [fact(312, "container", "AX-1041-9", "product_bag", coi="COI-2", batch=BATCH.lower())]
    other = Course([msgspec.structs.replace(each, course="c2") for each in facts], mine.now)
    assert "identity_of_two" in against(index=center_index([mine, other]))
    assert against(index=center_index([mine])) == set()


def test_one_batch_of_a_donor_is_for_many() -> None:
    donor = fact(1, "product_chosen", "", "cemacabtagene_ansegedleucel")
    bag = fact(
        312, "container", "D-1", "product_bag", coi="COI-1", batch="LOT-7", product="cemacabtagene_ansegedleucel"
    )
    mine = Course([donor, bag], drawn(READY).now)
    bags = [msgspec.structs.replace(each, course="c2", about=each.about and "D-2") for each in (donor, bag)]
    other = Course(bags, mine.now)
    assert "identity_of_two" not in {each.code for each in chain(mine, center_index([mine, other])).breaks}


# Names


@pytest.mark.parametrize("written", [BAG.lower(), f" {BAG} ", "AX-1041 -1"])
def test_a_bag_in_another_spelling_is_the_same_bag(written: str) -> None:
    assert "given_before" in against(fact(599.95, "infusion", written, AXI, batch=BATCH))
    assert may_infuse(drawn(READY, hour=599.97), written).allowed
    one = drawn(READY, hour=599.97)
    other = Course([fact(312, "container", written, "product_bag", coi="COI-2")], one.now)
    other = Course([msgspec.structs.replace(each, course="c2") for each in other.facts], one.now)
    assert "identity_of_two" in against(index=center_index([one, other]))


def test_a_check_in_another_spelling_is_of_the_bag_and_still_signed() -> None:
    made = bedside(599.9, about=BAG.lower(), bag=BAG.lower(), batch=BATCH.lower())
    assert against(steps=instead(f"bedside {BAG}", *made)) == set()


def test_a_stand_in_in_another_spelling_is_of_the_bag() -> None:
    steps = without(READY, f"bedside {BAG}")
    assert against(*stand_in(599.95, "bedside_not_checked", BAG.lower()), steps=steps) == set()


# Signatures


@pytest.mark.parametrize(
    "otherwise",
    [{"digest": ""}, {"digest": "0" * 64}, {"meaning": "rejected"}, {"meaning": ""}, {"role": "patient"}, {"role": ""}],
)
def test_a_signature_without_digest_meaning_or_role_is_none(otherwise: dict[str, str]) -> None:
    made = [
        msgspec.structs.replace(each, detail={**each.detail, **otherwise}) if each.what == "signature" else each
        for each in READY[f"bedside {BAG}"]
    ]
    assert against(steps=instead(f"bedside {BAG}", *made)) == {"bedside_one_signature"}


@pytest.mark.parametrize(("role", "counts"), [("nurse", True), ("Cell laboratory", True), ("caregiver", False)])
def test_whose_signature_counts(role: str, counts: bool) -> None:
    assert role.casefold().replace(" ", "_") in set(Role)
    made = [
        msgspec.structs.replace(each, detail={**each.detail, "role": role}) if each.what == "signature" else each
        for each in READY[f"bedside {BAG}"]
    ]
    assert (against(steps=instead(f"bedside {BAG}", *made)) == set()) == counts


# What was withdrawn

CONTRADICTIONS = {
    "mismatch": (BAG, check(599.62, "bedside", BAG, "mismatched", band="another", bag=BAG)[0]),
    "mismatch of a batch": (BATCH, check(470, "receipt", BATCH, "mismatched", batch="OTHER")[0]),
    "quarantine": (BAG, aside(500, BAG)),
    "quarantine of a donation": (DIN, aside(500, DIN)),
    "quarantine of what nobody knows": ("ZZ-1", aside(500, "ZZ-1")),
    "recall": (BATCH, disposed(500, "recalled")),
    "failure": (BATCH, disposed(300, "failed")),
    "failed test": (BATCH, result(500, "failed")),
    "another name": (BAG, labeled(500, patient_matches="another")),
    "a broken seal": (BOX, fact(462.4, "seal", BOX, "broken")),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_what_contradicted_still_does_when_it_was_withdrawn(name: str) -> None:
    about, found = CONTRADICTIONS[name]
    gone = [found, retracted(found)]
    assert against(*gone) == {"withdrawn"}
    told = chain(drawn(READY, *gone, hour=599.97))
    assert told.broken and about in told.quarantined
    assert {each.words for each in told.breaks if "withdrawn afterwards" in each.words}
    assert not against(*gone, cleared(599.8, about)) - {"bedside_not_checked"} or name == "quarantine of a donation"


def test_what_contradicted_still_does_when_it_was_corrected() -> None:
    wrong = check(470, "receipt", BAG, "mismatched", band="another")[0]
    assert "withdrawn" in against(wrong, amended(wrong, choice="matched", detail={"step": "receipt", "bag": BAG}))
    recall = disposed(500, "recalled")
    assert against(recall, amended(recall, choice="released")) == {"withdrawn"}


def test_it_is_not_withdrawn_before_it_was() -> None:
    """As known before the correction, it contradicts by itself."""
    recall = msgspec.structs.replace(disposed(500, "recalled"), recorded_at=100)
    gone = msgspec.structs.replace(retracted(recall), recorded_at=200)
    facts = drawn(READY).facts
    now = drawn(READY, hour=599.97).now
    assert {each.code for each in may_infuse(Course([*facts, recall, gone], now, known_at=150), BAG).because} == {
        "batch_failed"
    }
    assert {each.code for each in may_infuse(Course([*facts, recall, gone], now), BAG).because} == {"withdrawn"}


def test_a_correction_of_what_contradicts_nothing_is_no_contradiction() -> None:
    stored = READY[f"stored {BOX}"][0]
    assert against(amended(stored, detail={**stored.detail, "position": "B2"})) == set()
    made = READY[f"disposition {BATCH}"][0]
    assert against(amended(made, at=made.at + HOUR)) == set()


def test_what_a_course_has_withdrawn() -> None:
    recall = disposed(500, "recalled")
    course = drawn(READY, recall, amended(recall, choice="released"))
    assert [(each.what, each.choice) for each in course.withdrawn] == [("disposition", "recalled")]
    assert drawn(READY, recall, recall).withdrawn == ()
    assert drawn(READY, recall, retracted(recall), hour=400).withdrawn == ()
