"""Candidacy composed: what the criteria together mean, the flags, the next step and whose it is."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.pathway.answer import Answer, Severity
from cartway.pathway.candidacy import Candidacy, Status, candidacy
from cartway.pathway.candidacy.rule import rules
from cartway.pathway.policies import load_policies
from cartway.vocabulary import vocabulary
from pathway.candidacy.drawn import center, course, day

WELL = """
2026-10-01 age 58
2026-10-01 sex male
2026-10-01 diagnosis dlbcl histology_confirmed=yes
2026-10-01 disease_status relapsed
2025-03-01 line_of_therapy 1 until=2025-08-15 regimen=R-CHOP classes=chemotherapy,anti-CD20,anthracycline systemic=yes outcome=relapse outcome_date=2026-07-14
2026-09-20 antigen_expression positive about=CD19
2026-10-20 ecog_score 1
2026-10-20 lvef 60
2026-10-20 infection_status none
2026-10-20 hbsag negative
2026-10-20 anti_hbc negative
2026-10-20 hcv_antibody negative
2026-10-20 hiv_test negative
"""  # noqa: E501 - one fact a line
YESCARTA, KYMRIAH = "axicabtagene_ciloleucel", "tisagenlecleucel"


def asked(drawn: str, *products: str, on: str = "2026-11-01", country: str = "US") -> Candidacy:
    """The candidacy of a drawn course."""
    now = course(drawn, on)
    return candidacy(now, center("", on), on=day(on), jurisdiction=country, products=products or None)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("", Status.candidate_for_assessment),
        ("2026-10-30 ecog_score 2", Status.candidate_for_assessment),
        ("2026-10-30 ecog_score 3", Status.usually_not_candidate),
        ("2026-10-30 infection_status active", Status.defer),
        ("2026-10-30 hbv_dna 20000\n2026-10-30 hbsag positive", Status.defer),
        ("2026-10-30 hbsag positive", Status.unknown),
        ("2026-10-30 hiv_test positive", Status.unknown),
        ("2026-10-30 creatinine_clearance 20", Status.candidate_for_assessment),
        ("2026-10-30 antigen_expression negative about=CD19", Status.not_candidate),
        ("2026-09-01 transplant allogeneic\n2026-10-30 graft_versus_host_disease acute_2_4", Status.defer),
        ("2026-10-30 diagnosis dlbcl histology_confirmed=no", Status.unknown),
        ("2026-10-30 diagnosis b_nhl histology_confirmed=yes", Status.unknown),
        ("2026-10-30 diagnosis hodgkin_lymphoma histology_confirmed=yes", Status.candidate_for_assessment),
        ("2026-10-25 drug cytarabine", Status.defer),
        ("2026-10-30 ecog_score 3\n2026-10-30 infection_status active", Status.usually_not_candidate),
    ],
)
def test_the_status_of_the_patient(more: str, status: Status) -> None:
    assert asked(WELL + more).status is status


def test_a_limitation_of_use_rules_the_disease_out_while_it_is_in_the_label() -> None:
    """The limitation for primary CNS lymphoma was taken out of Yescarta's label on 2026-02-06."""
    drawn = WELL.replace("diagnosis dlbcl", "diagnosis primary_cns_lymphoma").replace("2026-", "2025-")
    assert asked(drawn, on="2025-12-01").status is Status.not_label_covered
    assert asked(drawn, on="2026-02-06").of(YESCARTA).label.answer is Answer.yes  # type: ignore[union-attr]


def test_each_product_has_its_own_status_and_next_step() -> None:
    found = asked(WELL)
    yescarta, kymriah = found.of(YESCARTA), found.of(KYMRIAH)
    assert yescarta and kymriah
    assert (yescarta.status, yescarta.next.owner) == (Status.candidate_for_assessment, "physician")
    assert yescarta.next.action == "Present to the tumor board"
    assert (kymriah.status, kymriah.next.owner) == (Status.not_label_covered, "tumor board")
    assert kymriah.notes == ()


def test_hiv_is_the_holders_question_and_stops_only_that_product() -> None:
    drawn = f"{WELL}\n2026-10-25 hiv_test positive\n2026-10-30 holder_accepts yes"
    now = course(drawn)
    told = [
        msgspec.structs.replace(fact, detail={"product": YESCARTA}) if fact.what == "holder_accepts" else fact
        for fact in now.facts
    ]
    found = candidacy(type(now)(told, now.now), center(), on=day("2026-11-01"), jurisdiction="US")
    answers = {each.product: each.holder[0].answer for each in found.products}
    assert (answers[YESCARTA], answers[KYMRIAH]) == (Answer.yes, Answer.unknown)
    flagged = [(flag.id, flag.product) for flag in found.flags if flag.id == "FIT-14"]
    assert flagged == [("FIT-14", "Breyanzi")]


def test_after_therapy_against_cd19_the_new_test_is_the_next_step() -> None:
    lonca = "2026-02-01 line_of_therapy 2 until=2026-06-01 classes=anti-CD19_ADC outcome=progression systemic=yes"
    drawn = WELL.replace("2026-09-20 antigen_expression positive about=CD19", lonca)
    found = asked(drawn)
    assert found.status is Status.unknown
    flag = next(each for each in found.flags if each.id == "ANT-02")
    assert (flag.severity, flag.answer) == (Severity.relative, Answer.unknown)
    assert flag.action == "Settle CD19 on the current relapse: flow or immunohistochemistry"


def test_the_dose_by_weight_is_quoted_and_never_worked_out() -> None:
    drawn = "2026-10-01 age 9\n2026-10-01 body_weight 28\n2026-10-01 diagnosis b_all histology_confirmed=yes"
    drawn += "\n2026-10-01 disease_status primary_refractory"
    notes = [each for each in asked(drawn, KYMRIAH).flags if each.id == "DOSE-KG"]
    assert [each.words for each in notes] == ["Dose by weight: 0.2 to 5 million cells a kilogram, for up to 50 kg"]
    assert [each.severity for each in notes] == [Severity.note]
    assert not [each for each in asked(drawn.replace(" 28", " 60"), KYMRIAH).flags if each.id == "DOSE-KG"]


def test_the_enterocolitis_warning_is_counseled_from_october_2025() -> None:
    drawn = """
    2026-10-01 diagnosis multiple_myeloma histology_confirmed=yes
    2026-10-01 disease_status relapsed
    2023-01-01 line_of_therapy 1 until=2025-01-01 classes=PI,IMiD systemic=yes outcome=progression
    2025-01-10 drug_refractory yes about=lenalidomide
    """

    def warned(on: str) -> bool:
        flags = asked(drawn.replace("2026-10-01", "2025-02-01"), "ciltacabtagene_autoleucel", on=on).flags
        return any("enterocolitis" in each.words.casefold() for each in flags)

    assert (warned("2025-06-01"), warned("2026-11-01")) == (False, True)


def test_a_course_of_which_little_is_known_is_never_a_no() -> None:
    found = asked("2026-10-01 referral")
    assert found.status is Status.candidate_for_assessment
    assert {each.label.answer for each in found.products} == {Answer.unknown}
    assert {each.status for each in found.products} == {Status.unknown}
    assert not [each for each in found.flags if each.answer is Answer.no and each.severity is not Severity.note]


@settings(max_examples=40, deadline=None)
@given(left=st.sets(st.sampled_from(range(1, 14)), max_size=13))
def test_what_is_left_out_never_makes_a_no(left: set[int]) -> None:
    """Taking facts away may make an answer unknown; it never makes a met criterion fail."""
    lines = WELL.strip().splitlines()
    before = {each.id: each.answer for each in (*asked(WELL).fitness, *asked(WELL).logistics)}
    after = asked("\n".join(line for n, line in enumerate(lines, 1) if n not in left))
    for each in (*after.fitness, *after.logistics):
        assert not (each.answer is Answer.no and before[each.id] is not Answer.no), each.id


def test_every_criterion_says_who_says_so_what_settles_it_and_who_acts() -> None:
    variables = vocabulary().variables
    for id_, rule in rules().items():
        assert rule.source and rule.question.endswith("?"), id_
        assert rule.needs and all(what in variables and words and settles for what, words, settles in rule.needs), id_
        assert rule.action or id_ in ("FIT-01",), id_
    for name, policy in load_policies().policies.items():
        if name.startswith("candidacy_"):
            assert policy.meaning and policy.why


def test_what_one_label_leaves_out_is_said_of_that_product_alone() -> None:
    kymriah = asked(WELL).of(KYMRIAH)
    assert kymriah
    assert kymriah.next.action == "No indication of Kymriah covers this patient: look at other products, then at trials"


def test_the_open_status_does_not_sound_like_a_yes() -> None:
    """Its code stays; the words that are read aloud say what is to be done."""
    found = asked("2026-10-01 referral").status
    assert (found.value, found.words) == ("candidate_for_assessment", "To be assessed")
