"""Where the chain breaks, one change at a time to a sound course: what is missing, what contradicts, what that does."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from cartway.pathway.chain import BreakKind, State, Verdict, center_index, chain, may_infuse, may_thaw, rules
from cartway.pathway.course import Course
from cartway.record import Fact

from .drawn import (
    APHERESIS,
    AXI,
    BAG,
    BATCH,
    BOX,
    COI,
    COURIER,
    DIN,
    HOLDER,
    LAB,
    OBE,
    UNIT,
    WARD,
    Steps,
    check,
    collected,
    drawn,
    fact,
    facts_of,
    given,
    made,
    moved,
    own_cells,
    shipped,
    until,
    without,
)

OTHER_DIN = "W000026123999"
BEFORE_BEDSIDE = 599.9
INFUSION = f"infusion {BAG}"

Change = Callable[[Steps], Steps]


def codes(course: Course) -> set[str]:
    """The breaks of a course's chain."""
    return {each.code for each in chain(course).breaks}


def before(steps: Steps, hour: float = 599.95) -> Course:
    """The course just before its infusion."""
    return drawn({name: facts for name, facts in steps.items() if name not in (INFUSION, f"end {BAG}")}, hour=hour)


def asked(steps: Steps, hour: float = 599.95) -> Verdict:
    """Whether the bag may be given just before it was."""
    return may_infuse(before(steps, hour), BAG)


def leave_out(*names: str) -> Change:
    return lambda steps: without(steps, *names)


def instead(name: str, *facts: Fact) -> Change:
    return lambda steps: {**steps, name: list(facts)}


def more(*facts: Fact) -> Change:
    return lambda steps: {**steps, "more": list(facts)}


def with_detail(name: str, what: str, **detail: object) -> Change:
    """One step's facts of a variable with some details changed."""

    def change(steps: Steps) -> Steps:
        facts = [
            msgspec.structs.replace(each, detail={**each.detail, **detail}) if each.what == what else each
            for each in steps[name]
        ]
        return {**steps, name: facts}

    return change


def later(name: str, hours: float) -> Change:
    """A step at another time."""
    return lambda steps: {
        **steps,
        name: [msgspec.structs.replace(each, at=each.at + round(hours * 3_600_000_000)) for each in steps[name]],
    }


def numbered(steps: Steps, din: str) -> Steps:
    """The course with another donation number on everything."""
    rest = {name: facts for name, facts in steps.items() if name not in collected() and name not in made()}
    return {**rest, **collected(din=din), **made(dins=(din,))}


def bedside(choice: str = "matched", **detail: object) -> list[Fact]:
    scans = {"band": "this course", "bag": BAG, "coi": COI, "batch": BATCH, "certificate": f"C-{BATCH}"}
    return check(BEFORE_BEDSIDE, "bedside", BAG, choice, **{**scans, **detail})


# A sound course


def test_a_sound_course_has_no_break() -> None:
    told = chain(drawn(own_cells()))
    assert told.breaks == ()
    assert (told.state, told.broken, told.coi) == (State.sound, False, COI)


def test_its_bag_may_be_given() -> None:
    verdict = asked(own_cells())
    assert verdict.allowed
    assert (verdict.because, verdict.shout, verdict.told) == ((), "", ())


def test_the_path_leads_from_the_patient_to_the_infusion() -> None:
    links = chain(drawn(own_cells())).links
    assert [(str(each.kind), each.id, each.of) for each in links] == [
        ("patient", "patient", ()),
        ("collection", DIN, ("patient",)),
        ("apheresis bag", APHERESIS, (DIN,)),
        ("batch", BATCH, (APHERESIS,)),
        ("bag", BAG, (BATCH,)),
        ("infusion", BAG, (BAG,)),
    ]


def test_a_course_at_any_hour_of_its_sound_way_shows_no_break() -> None:
    """What is not due yet is not missing."""
    for hour in range(0, 700, 3):
        assert codes(drawn(own_cells(), hour=hour)) == set(), hour


def test_before_the_thaw_neither_thaw_nor_bedside_is_asked_for() -> None:
    course = drawn(until(own_cells(), f"thaw check {BAG}"), hour=590)
    assert may_thaw(course, BAG).allowed
    assert {each.code for each in may_infuse(course, BAG).because} == {"thaw_not_recorded", "bedside_not_checked"}


# Missing: nobody looked, or nothing says so

MISSING: dict[str, tuple[str, Change]] = {
    "no identifier": ("no_chain_identity", leave_out("identity")),
    "identifier only after the collection": ("no_chain_identity", later("identity", 30)),
    "no check at the collection": ("collection_not_checked", leave_out(f"collection check {DIN}")),
    "label not verified before it left": ("label_not_checked", leave_out(f"label check {APHERESIS}")),
    "no donation number on the bag": (
        "din_not_on_label",
        instead(
            f"apheresis bag {APHERESIS}", fact(29, "container", APHERESIS, "apheresis_bag", coi=COI, custodian=UNIT)
        ),
    ),
    "no collection on record": ("no_collection", leave_out(f"collection {DIN}")),
    "a number of another kind": ("din_malformed", lambda steps: numbered(steps, "K-77")),
    "batch not on record": ("batch_not_recorded", leave_out(f"batch {BATCH}")),
    "batch without its donations": (
        "batch_without_donation",
        instead(f"batch {BATCH}", fact(72, "batch", BATCH, coi=COI, product=AXI)),
    ),
    "no identifier on the bag": ("coi_not_on_label", with_detail(f"bags {BATCH}", "container", coi="")),
    "name on the label not read": (
        "label_not_read",
        with_detail(f"bags {BATCH}", "container", patient_matches="not read"),
    ),
    "not released": ("not_released", leave_out(f"disposition {BATCH}")),
    "no certificate": ("no_certificate", leave_out(f"certificate {BATCH}")),
    "arrived without a receipt": (
        "no_receipt",
        instead(f"arrival {BOX}", fact(462, "custody", BOX, "handed_over", **{"from": COURIER, "to": LAB})),
    ),
    "no temperature file": ("no_temperature_file", leave_out(f"temperature {BOX}")),
    "a gap in the temperature file": (
        "temperature_gap",
        with_detail(f"temperature {BOX}", "temperature_log", gap_min=400),
    ),
    "a file without a limit": (
        "temperature_without_limit",
        instead(f"temperature {BOX}", fact(463, "temperature_log", BOX, value=-158, unit="Cel")),
    ),
    "seal not read": ("seal_not_read", leave_out(f"seal {BOX}")),
    "identity not checked at receipt": ("receipt_not_checked", leave_out(f"receipt check {BOX}")),
    "thaw not recorded": ("thaw_not_recorded", leave_out(f"thaw {BAG}")),
    "thaw not checked": ("thaw_not_checked", leave_out(f"thaw check {BAG}")),
    "bedside not checked": ("bedside_not_checked", leave_out(f"bedside {BAG}")),
    "band not read": ("bedside_incomplete", instead(f"bedside {BAG}", *bedside(band="not read"))),
    "certificate not scanned": ("bedside_incomplete", instead(f"bedside {BAG}", *bedside(certificate=""))),
    "it says itself that it is incomplete": ("bedside_incomplete", instead(f"bedside {BAG}", *bedside("incomplete"))),
    "no hand-over on record": (
        "hand_over_not_recorded",
        instead(f"pickup {BOX}", fact(432, "custody", BOX, "handed_over", **{"from": "Depot", "to": COURIER})),
    ),
    "a parent that nobody recorded": ("parent_not_recorded", leave_out(f"shipper {BOX}")),
}


@pytest.mark.parametrize("name", MISSING)
def test_missing_evidence_is_told_and_blocks(name: str) -> None:
    code, change = MISSING[name]
    course = drawn(change(own_cells()))
    found = [each for each in chain(course).breaks if each.code == code]
    assert found, codes(course)
    assert {each.kind for each in found} == {BreakKind.missing}
    verdict = asked(change(own_cells()))
    assert not verdict.allowed
    assert code in {each.code for each in verdict.because}


# Contradictory: something speaks against it

CONTRADICTED: dict[str, tuple[str, Change]] = {
    "another patient's band": ("bedside_mismatched", instead(f"bedside {BAG}", *bedside(band="another"))),
    "another bag": ("bedside_mismatched", instead(f"bedside {BAG}", *bedside(bag="AX-2000-1"))),
    "another batch": ("bedside_mismatched", instead(f"bedside {BAG}", *bedside(batch="AX-2000"))),
    "another certificate": ("bedside_mismatched", instead(f"bedside {BAG}", *bedside(certificate="C-9"))),
    "it says itself that it does not match": (
        "bedside_mismatched",
        instead(f"bedside {BAG}", *bedside("mismatched", differs=["name"])),
    ),
    "a check that says so and not what": ("bedside_mismatched", instead(f"bedside {BAG}", *bedside("mismatched"))),
    "a second identifier": ("second_chain_identity", more(fact(50, "chain_identity", "COI-2", coi="COI-2"))),
    "the order of another": (
        "order_of_another",
        more(fact(1, "product_order", "O-1", "placed", order="O-1", coi="COI-2")),
    ),
    "another identifier on the bag": ("coi_of_another", with_detail(f"bags {BATCH}", "container", coi="COI-2")),
    "another identifier on the batch": ("coi_of_another", with_detail(f"batch {BATCH}", "batch", coi="COI-2")),
    "a batch of another donation": ("din_of_another", with_detail(f"batch {BATCH}", "batch", dins=[OTHER_DIN])),
    "another donation on the collected bag": (
        "din_of_another",
        with_detail(f"apheresis bag {APHERESIS}", "container", din=OTHER_DIN),
    ),
    "a donation number with a wrong check": (
        "din_check_wrong",
        with_detail(f"apheresis bag {APHERESIS}", "container", din="W000026123465*"),
    ),
    "another name on the label": (
        "label_of_another",
        with_detail(f"bags {BATCH}", "container", patient_matches="another"),
    ),
    "another name on the certificate": (
        "label_of_another",
        with_detail(f"certificate {BATCH}", "release_certificate", patient_matches="another"),
    ),
    "a certificate for another batch": (
        "certificate_of_another",
        with_detail(f"certificate {BATCH}", "release_certificate", batch="AX-2000"),
    ),
    "a certificate for another therapy": (
        "certificate_of_another",
        with_detail(f"certificate {BATCH}", "release_certificate", coi="COI-2"),
    ),
    "a bag that is not on the certificate": (
        "certificate_of_another",
        with_detail(f"certificate {BATCH}", "release_certificate", bags=["AX-1041-2"]),
    ),
    "a label read two ways": ("label_differs", with_detail(f"packed {BOX}", "container", batch="AX-2000")),
    "another product than the batch": ("product_differs", with_detail(f"bags {BATCH}", "container", product=OBE)),
    "a number used for two collections": (
        "din_used_again",
        more(fact(60, "collection", choice="started", din=DIN, coi=COI)),
    ),
    "own cells of somebody else": ("donor_of_own_cells", with_detail(f"collection {DIN}", "collection", donor="D-5")),
    "batch failed": ("batch_failed", instead(f"disposition {BATCH}", fact(408, "disposition", BATCH, "failed"))),
    "batch called back": ("batch_failed", more(fact(500, "disposition", BATCH, "recalled"))),
    "a late culture that grew": (
        "failed_after_release",
        more(fact(500, "release_test", BATCH, "failed", test="sterility", after_release=True)),
    ),
    "refused at receipt": (
        "refused_at_receipt",
        instead(
            f"arrival {BOX}",
            fact(462, "custody", BOX, "handed_over", **{"from": COURIER, "to": LAB}),
            fact(462.5, "custody", BOX, "refused", to=LAB),
        ),
    ),
    "given away twice": (
        "given_twice",
        more(fact(450, "custody", BOX, "handed_over", **{"from": HOLDER, "to": "Another courier"})),
    ),
    "too warm": ("temperature_excursion", with_detail(f"temperature {BOX}", "temperature_log", minutes_above=12)),
    "warmer than its limit": (
        "temperature_excursion",
        with_detail(f"temperature {BOX}", "temperature_log", limit_cel=-160),
    ),
    "a broken seal": ("seal_broken", instead(f"seal {BOX}", fact(462.5, "seal", BOX, "broken"))),
    "another seal": ("seal_broken", instead(f"seal {BOX}", fact(462.5, "seal", BOX, "intact", number="S2"))),
    "in quarantine": ("quarantined", more(fact(520, "quarantine", BAG, "placed", text="?"))),
    "lifted by the site alone": (
        "lifted_without_holder",
        more(fact(520, "quarantine", BAG, "placed"), fact(530, "quarantine", BAG, "lifted", holder_called=True)),
    ),
    "expired": ("expired", with_detail(f"bags {BATCH}", "container", expires="2026-03-20")),
    "expired by its certificate": (
        "expired",
        with_detail(f"certificate {BATCH}", "release_certificate", expires="2026-03-20T00:00Z"),
    ),
    "a Single European Code of another donation": (
        "sec_of_another",
        with_detail(
            f"apheresis bag {APHERESIS}", "container", sec=f"ES000123{OTHER_DIN}AS1234000B120280131"
        ),
    ),
    "a bag from before its batch": ("before_its_cause", later(f"batch {BATCH}", 300)),
    "a batch from before its collection": ("before_its_cause", later(f"batch {BATCH}", -60)),
    "a bag from before its collection": ("before_its_cause", later(f"apheresis bag {APHERESIS}", -10)),
    "a certificate from before the release": ("before_its_cause", later(f"certificate {BATCH}", -10)),
    "stored before it was there": ("before_its_cause", later(f"stored {BOX}", -200)),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTED)
def test_contradictory_evidence_is_told_and_blocks(name: str) -> None:
    code, change = CONTRADICTED[name]
    course = drawn(change(own_cells()))
    found = [each for each in chain(course).breaks if each.code == code]
    assert found, codes(course)
    assert {(each.kind, each.may_stand_in) for each in found} == {(BreakKind.contradictory, False)}
    assert chain(course).state is State.contradicted
    verdict = asked(change(own_cells()))
    assert (verdict.allowed, verdict.contradicted) == (False, True)
    assert verdict.because[0].kind is BreakKind.contradictory


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("infusion_without_bag", instead(INFUSION, fact(600, "infusion", "", AXI))(own_cells())),
        ("not_this_courses", instead(INFUSION, fact(600, "infusion", "AX-2000-1", AXI))(own_cells())),
        ("given_before", more(fact(640, "infusion", BAG, AXI))(own_cells())),
        ("infusion_differs", with_detail(INFUSION, "infusion", batch="AX-2000")(own_cells())),
        ("infusion_differs", with_detail(INFUSION, "infusion", bag="AX-1041-2")(own_cells())),
        ("before_its_cause", later(f"thaw {BAG}", 2)(own_cells())),
        ("before_its_cause", later(f"end {BAG}", -1)(own_cells())),
        ("batch_failed", more(fact(700, "disposition", BATCH, "recalled"))(own_cells())),
        ("failed_after_release", more(fact(700, "release_test", BATCH, "failed", test="sterility"))(own_cells())),
    ],
)
def test_what_an_infusion_that_was_given_shows(code: str, steps: Steps) -> None:
    assert code in codes(drawn(steps))


def test_a_bag_is_given_once() -> None:
    verdict = may_infuse(drawn(own_cells()), BAG)
    assert "given_before" in {each.code for each in verdict.because}


def test_a_bag_that_nobody_entered_is_a_wrong_bag() -> None:
    verdict = may_infuse(before(own_cells()), "AX-2000-1")
    assert [(each.code, each.may_stand_in) for each in verdict.because] == [("not_this_courses", False)]


def test_a_shipper_or_the_collected_bag_is_nothing_to_give() -> None:
    for thing in (BOX, APHERESIS):
        assert "not_this_courses" in {each.code for each in may_infuse(before(own_cells()), thing).because}


def test_another_product_than_planned_is_not_given() -> None:
    steps = more(fact(560, "product_chosen", choice=OBE))(own_cells())
    assert {each.code for each in asked(steps).because} == {"product_differs"}


# What was missing when it was given stays missing


@pytest.mark.parametrize(
    ("name", "code"), [(f"bedside {BAG}", "bedside_not_checked"), (f"certificate {BATCH}", "no_certificate")]
)
def test_evidence_that_came_after_the_infusion_does_not_undo_that_it_was_missing(name: str, code: str) -> None:
    assert code in codes(drawn(later(name, 400)(own_cells())))


def test_evidence_recorded_late_for_its_true_time_does() -> None:
    """The fact counts for when it was true, whenever it was recorded; `known_at` asks what was known."""
    known = {name: [_recorded(each, each.at) for each in facts] for name, facts in own_cells().items()}
    late = [_recorded(each, each.at + 10**11) for each in own_cells()[f"bedside {BAG}"]]
    facts = facts_of({**known, f"bedside {BAG}": late})
    now = drawn(own_cells()).now
    assert chain(Course(facts, now)).breaks == ()
    as_known = chain(Course(facts, now, known_at=late[0].at + 10**10))
    assert {each.code for each in as_known.breaks} == {"bedside_not_checked"}


def _recorded(each: Fact, at: int) -> Fact:
    return msgspec.structs.replace(each, recorded_at=at)


def test_what_was_released_after_it_was_given_was_not_released() -> None:
    assert "not_released" in codes(drawn(later(f"disposition {BATCH}", 300)(own_cells())))


# What the holder clears


@pytest.mark.parametrize("name", ["too warm", "a broken seal", "another bag"])
def test_the_holder_clears_with_a_reference(name: str) -> None:
    code, change = CONTRADICTED[name]
    steps = change(own_cells())
    when = 599.93
    lifted = fact(when, "quarantine", BAG, "lifted", holder_reference="H-12")
    cleared = {**steps, "placed": [fact(when - 0.01, "quarantine", BAG, "placed")], "lifted": [lifted]}
    assert code not in {each.code for each in asked(cleared).because}


def test_after_a_wrong_bag_was_cleared_the_check_is_made_again() -> None:
    steps = CONTRADICTED["another bag"][1](own_cells())
    lifted = fact(599.92, "quarantine", BAG, "lifted", holder_reference="H-12")
    assert {each.code for each in asked({**steps, "lifted": [lifted]}).because} == {"bedside_not_checked"}
    scans = {"band": "this course", "bag": BAG, "coi": COI, "batch": BATCH, "certificate": f"C-{BATCH}"}
    again = check(599.94, "bedside", BAG, **scans)
    assert asked({**steps, "lifted": [lifted], "again": again}).allowed


def test_a_sound_check_does_not_undo_one_that_did_not_match() -> None:
    steps = {**own_cells(), "wrong": check(599.2, "bedside", BAG, bag="AX-2000-1", band="this course")}
    assert {each.code for each in asked(steps).because} == {"bedside_mismatched"}


def test_a_later_check_makes_up_for_an_incomplete_one() -> None:
    steps = {**own_cells(), "first": check(599.2, "bedside", BAG, bag=BAG)}
    assert asked(steps).allowed


def test_the_holder_who_releases_the_product_has_accepted_the_warm_collected_bag() -> None:
    warm = fact(45, "temperature_log", APHERESIS, value=12, unit="Cel", limit_cel=8, minutes_above=30)
    assert codes(drawn({**own_cells(), "warm": [warm]})) == set()
    unreleased = without({**own_cells(), "warm": [warm]}, f"disposition {BATCH}")
    assert "temperature_excursion" in codes(drawn(unreleased))


# Out of specification


def oos(*steps: tuple[float, str, str]) -> Steps:
    """A batch out of specification, with some steps of its path."""
    path = [fact(hour, "out_of_specification_consent", BATCH, choice, step=step) for hour, step, choice in steps]
    return {
        **own_cells(),
        f"disposition {BATCH}": [fact(408, "disposition", BATCH, "out_of_specification", reasons=["viability"])],
        "path": path,
    }


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), {"out_of_specification"}),
        (((300, "consent", "given"),), {"out_of_specification"}),  # consent to what was not known yet
        (((450, "consent", "given"),), set()),
        (((450, "consent", "given"), (451, "board", "refused")), {"release_refused"}),
        (((450, "consent", "given"), (451, "board", "refused"), (460, "board", "given")), set()),
        (((450, "consent", "refused"),), {"release_refused"}),
    ],
)
def test_out_of_specification(steps: tuple[tuple[float, str, str], ...], expected: set[str]) -> None:
    assert {each.code for each in asked(oos(*steps)).because} == expected


def test_released_with_a_result_to_come_is_told_and_does_not_block() -> None:
    steps = instead(f"disposition {BATCH}", fact(408, "disposition", BATCH, "released_pending", pending=["sterility"]))(
        own_cells()
    )
    verdict = asked(steps)
    assert verdict.allowed
    assert "sterility" in verdict.told[0]
    assert chain(drawn(steps)).told == verdict.told
    passed = {**steps, "result": [fact(500, "release_test", BATCH, "passed", test="sterility")]}
    assert asked(passed).told == ()


# Many of each


def test_one_identifier_many_donations_many_bags_many_infusions() -> None:
    """A second collection keeps the identifier, one donation fills two bags, a split dose is two infusions."""
    bags = ("OB-5-1", "OB-5-2")
    steps = {
        "identity": [fact(0, "chain_identity", COI, coi=COI)],
        "chosen": [fact(0, "product_chosen", choice=OBE)],
        **collected(),
        **collected(48, "W000026123457", "APH-2"),
        "second bag": [fact(53, "container", "APH-3", "apheresis_bag", coi=COI, din="W000026123457", custodian=UNIT)],
        **made(100, "OB-5", (DIN, "W000026123457"), OBE, bags=bags, parts={"OB-5-1": 1, "OB-5-2": 2}),
        **shipped(460, "OB-5", bags=bags),
        **given(600, "OB-5-1", "OB-5", part=1),
        **given(840, "OB-5-2", "OB-5", part=2),
    }
    told = chain(drawn(steps))
    assert told.breaks == ()
    assert [each.of for each in told.links if each.kind == "batch"] == [(APHERESIS, "APH-2", "APH-3")]
    swapped = {**steps, "infusion OB-5-2": [fact(840, "infusion", "OB-5-2", part=1, batch="OB-5")]}
    assert codes(drawn(swapped)) == {"part_differs"}


def test_made_again_from_the_same_donation() -> None:
    failed = made(60, "AX-1040", bags=("AX-1040-1",))
    failed["disposition AX-1040"] = [fact(400, "disposition", "AX-1040", "failed")]
    again = {**failed, **own_cells()}
    assert codes(drawn(again)) == set()
    assert "batch_failed" in {each.code for each in may_infuse(before(again), "AX-1040-1").because}


def test_a_switch_of_product_brings_a_new_identifier() -> None:
    steps = more(
        fact(40, "apheresis_request", choice="switch_product"), fact(50, "chain_identity", "COI-2", coi="COI-2")
    )(own_cells())
    assert codes(drawn(steps)) == set()


def donors(donor: str | None = "D-5") -> Steps:
    """A course on a donor's product, made of a donation for many."""
    cema = "cemacabtagene_ansegedleucel"
    steps = {
        "identity": [fact(0, "chain_identity", COI, coi=COI)],
        "chosen": [fact(0, "product_chosen", choice=cema)],
        **made(72, "CE-3", (DIN,), cema, bags=("CE-3-8",)),
        **shipped(432, "CE-3", bags=("CE-3-8",)),
        **given(600, "CE-3-8", "CE-3"),
    }
    if donor is not None:
        steps["donation"] = [fact(-2000, "collection", choice="completed", din=DIN, donor=donor)]
    return steps


def test_a_donors_bag_needs_no_collection_of_the_patient() -> None:
    assert codes(drawn(donors())) == set()
    assert codes(drawn(donors(None))) == set()
    assert "donor" in {str(each.kind) for each in chain(drawn(donors())).links}


@pytest.mark.parametrize(
    ("donor", "code"), [("self", "donor_is_recipient"), ("c1", "donor_is_recipient"), ("", "donor_not_stated")]
)
def test_a_donors_bag_is_of_somebody_else(donor: str, code: str) -> None:
    assert code in codes(drawn(donors(donor)))


def test_a_syringe_is_of_its_vial() -> None:
    """What was checked on the vial holds for what was drawn from it; the bedside check is of the syringe."""
    syringe = {
        **without(own_cells(), f"bedside {BAG}", INFUSION, f"end {BAG}"),
        "drawn": [fact(599.7, "container", "SYR-1", "syringe", parent=BAG, batch=BATCH)],
        "bedside": check(
            599.8, "bedside", "SYR-1", band="this course", bag="SYR-1", batch=BATCH, certificate=f"C-{BATCH}"
        ),
        "infusion": [fact(600, "infusion", "SYR-1", AXI, batch=BATCH)],
    }
    assert codes(drawn(syringe)) == set()


# What another course of the center claims


def test_one_number_in_two_courses() -> None:
    mine = drawn(own_cells())
    other = Course([msgspec.structs.replace(each, course="c2") for each in mine.facts], mine.now)
    index = center_index([mine, other])
    assert {each.code for each in chain(mine, index).breaks} == {"din_of_two", "identity_of_two"}
    assert not may_infuse(before(own_cells()), BAG, index).allowed
    assert chain(mine, center_index([mine])).breaks == ()


def test_donor_cells_may_serve_many() -> None:
    mine = drawn(donors())
    rest = [each for each in mine.facts if each.what == "collection"]
    other = Course([msgspec.structs.replace(each, course="c2") for each in rest], mine.now)
    assert chain(mine, center_index([mine, other])).breaks == ()


# Words


def test_every_rule_has_words_a_remedy_and_a_reason() -> None:
    for code, rule in rules().items():
        assert rule.words and rule.remedy and rule.why, code
        assert not (rule.kind is BreakKind.contradictory and rule.stand_in), code


def test_every_rule_is_shown_by_a_course_above_or_beside() -> None:
    shown = {code for code, _ in [*MISSING.values(), *CONTRADICTED.values()]}
    elsewhere = {
        "infusion_without_bag", "not_this_courses", "given_before", "infusion_differs", "part_differs",
        "identity_of_two", "din_of_two", "donor_is_recipient", "donor_not_stated", "out_of_specification",
        "release_refused",
        "custodian_unknown", "collection_without_din", "batch_not_on_label", "sec_malformed",
        "expiry_not_read", "quarantine_of_unknown", "quarantined_elsewhere", "thawed_before",
        "withdrawn",  # test_safety.py
    }  # fmt: skip
    left = {code for code in rules() if code not in shown | elsewhere}
    assert {code.partition("_")[2] for code in left} <= {"not_checked", "one_signature", "incomplete", "mismatched"}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        (
            "custodian_unknown",
            lambda steps: without(
                with_detail(f"shipper {BOX}", "container", custodian="")(
                    with_detail(f"bags {BATCH}", "container", custodian="")(steps)
                ),
                f"pickup {BOX}", f"arrival {BOX}", f"to ward {BAG}",
            ),
        ),
        ("collection_without_din", with_detail(f"collection {DIN}", "collection", din="")),
        (
            "batch_not_on_label",
            lambda steps: with_detail(f"packed {BOX}", "container", batch="")(
                with_detail(f"bags {BATCH}", "container", batch="")(steps)
            ),
        ),
        ("sec_malformed", with_detail(f"bags {BATCH}", "container", sec="ES1")),
    ],
)  # fmt: skip
def test_what_was_never_written_down(code: str, change: Change) -> None:
    found = {each.code: each for each in asked(change(own_cells())).because}
    assert code in found
    assert found[code].kind is BreakKind.missing


def test_a_break_on_another_way_does_not_block() -> None:
    """A second collected bag that was never used went wrong: it is told, and this bag is not of it."""
    other = collected(48, "W000026123457", "APH-2")
    other["label check APH-2"] = check(53.5, "label", "APH-2", din="W000026123999")
    steps = {**own_cells(), **other}
    assert "label_mismatched" in codes(drawn(steps))
    assert asked(steps).allowed


def test_quarantined_are_those_set_aside_and_those_contradicted() -> None:
    steps = {**own_cells(), "aside": [fact(40, "quarantine", APHERESIS, "placed")]}
    assert chain(drawn(steps)).quarantined == (APHERESIS, BAG)  # and what came of it
    wrong = CONTRADICTED["another bag"][1](own_cells())
    assert chain(drawn(wrong)).quarantined == (BAG,)


def test_who_had_it_in_order() -> None:
    hands = chain(drawn({**own_cells(), "back": moved(700, BAG, WARD, LAB)})).hands[BAG]
    assert [each.who for each in hands] == [HOLDER, COURIER, LAB, WARD, LAB]
