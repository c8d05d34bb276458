"""What a rule of counting decides is said under that rule's name, not the label's; and nobody saw its source."""

from __future__ import annotations

from datetime import date

from cartway.pathway.answer import Answer
from cartway.pathway.candidacy.lines import lines_of
from pathway.candidacy.label_courses import aged, course, disease, line, r_chop, says

MYELOMA = [*disease("multiple_myeloma"), aged(60)]
LYMPHOMA = [*disease("dlbcl"), aged(60)]
VRD = {"regimen": "VRd", "classes": ["PI", "IMiD", "steroid"], "systemic": True, "response": "VGPR"}


def test_sixty_days_are_imwgs_and_not_the_labels() -> None:
    first = line(1, "2024-01-01", "2025-01-01", **VRD, outcome="progression", outcome_date="2026-01-01")
    found = says([*MYELOMA, first], "Carvykti")
    against = next(each for each in found.criteria if each.answer is Answer.no)
    assert found.answer is Answer.no
    assert "IMWG" in against.source.text
    assert (against.source.confirmed, found.confirmed) == (False, False)


def test_the_end_of_the_first_line_as_the_start_of_the_12_months_is_not_confirmed() -> None:
    found = says([*LYMPHOMA, r_chop(outcome_date="2026-07-14")], "Breyanzi")
    assert found.answer is Answer.yes
    counted = [each for each in found.criteria if "end of the first line" in each.source.text]
    assert [each.source.confirmed for each in counted] == [False]


def test_within_12_months_of_the_start_no_rule_of_counting_is_needed() -> None:
    first = r_chop(end="", outcome_date="2025-12-01")
    assert says([*LYMPHOMA, first], "Breyanzi").confirmed


def test_a_line_counted_by_its_classes_says_so() -> None:
    first = line(1, "2025-01-01", "2025-06-01", classes=["chemotherapy", "anti-CD20"], outcome="relapse")
    second = line(2, "2025-09-01", "2026-01-01", classes=["chemotherapy"], outcome="relapse")
    stated = [
        line(1, "2025-01-01", "2025-06-01", classes=["chemotherapy", "anti-CD20"], outcome="relapse", systemic=True),
        line(2, "2025-09-01", "2026-01-01", classes=["chemotherapy"], outcome="relapse", systemic=True),
    ]
    by_class = says([*LYMPHOMA, first, second], "Kymriah")
    assert (by_class.answer, by_class.confirmed) == (Answer.yes, False)
    assert (says([*LYMPHOMA, *stated], "Kymriah").answer, says([*LYMPHOMA, *stated], "Kymriah").confirmed) == (
        Answer.yes,
        True,
    )


def test_a_relapse_of_later_is_not_known_yet_on_the_day_asked_about() -> None:
    first = r_chop(outcome_date="2026-07-14", refractory=True)
    seen = lines_of(course([first], date(2026, 3, 1))).lines[0]
    assert (seen.outcome, seen.outcome_day, seen.refractory) == ("", None, None)
    assert lines_of(course([first], date(2026, 7, 14))).lines[0].outcome == "relapse"


def test_an_age_at_the_limit_is_said_in_one_sentence() -> None:
    found = says([*disease("b_all", status="refractory"), aged(25, at="2026-02-01")], "Kymriah")
    assert ".;" not in found.because
