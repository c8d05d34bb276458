"""The follow-up calendar to year 15, late effects, and what holds for everything that follows."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.drawn import AXI, CILTA, asked, effect, infused, keys, noon, policy, said, seen
from cartway.aftercare import Aftercare, Status, Visit
from cartway.aftercare.questions import OPEN, load_questions
from cartway.pathway.policies import load_policies


def visit(after: Aftercare, key: str) -> Visit:
    return next(each for each in after.calendar if each.key == f"visit.{key}")


def test_visits_to_year_fifteen() -> None:
    visits = asked(infused(), on="2026-01-11").calendar
    assert [each.time_point for each in visits[:8]] == [
        "day_30", "month_2", "month_3", "month_6", "month_9", "year_1", "month_18", "year_2",
    ]  # fmt: skip
    assert str(visits[-1].on) == "2041-01-10"


def test_the_center_sets_how_often_after_year_one() -> None:
    yearly = asked(infused(), on="2026-01-11", center=[policy("aftercare_visit_months", 12)]).calendar
    assert [each.time_point for each in yearly[5:8]] == ["year_1", "year_2", "year_3"]


@pytest.mark.parametrize(("on", "status"), [
    ("2026-02-06", Status.not_yet), ("2026-02-07", Status.due), ("2026-02-16", Status.due),
    ("2026-02-17", Status.overdue), ("2026-03-03", Status.missed),
])  # fmt: skip
def test_day_30_from_day_28_on(on: str, status: Status) -> None:
    assert visit(asked(infused(), on=on), "day_30").status is status


def test_a_visit_is_done_by_its_name_or_by_its_day() -> None:
    by_day = asked(infused(), seen("2026-02-09"), on="2026-03-03")
    by_name = asked(infused(), seen("2026-02-27", time_point="day_30"), on="2026-03-03")
    assert visit(by_day, "day_30").status is visit(by_name, "day_30").status is Status.done
    missed = said("2026-02-09", "follow_up_visit", "missed")
    assert visit(asked(infused(), missed, on="2026-02-10"), "day_30").status is Status.missed


def test_a_task_is_answered_by_what_was_measured_or_by_somebodys_word() -> None:
    counts = said("2026-02-09", "neutrophils", value=2.0)
    word = said("2026-02-10", "follow_up_done", "done", about="igg")
    after = asked(infused(), counts, word, on="2026-02-12")
    states = {task.key.rsplit(".", 1)[1]: task.status for task in visit(after, "day_30").tasks}
    assert (states["blood_count"], states["igg"], states["chemistry"]) == (Status.done, Status.done, Status.due)


@pytest.mark.parametrize(("disease", "task"), [
    ("dlbcl", "disease_lymphoma"), ("b_all", "disease_leukemia"), ("multiple_myeloma", "disease_myeloma"),
])  # fmt: skip
def test_the_disease_is_followed_in_its_own_way(disease: str, task: str) -> None:
    after = asked(said("2025-01-01", "diagnosis", disease), infused(), on="2026-01-11")
    found = {each.key.rsplit(".", 1)[1] for each in visit(after, "day_30").tasks if ".disease_" in each.key}
    assert found == {task}


def test_when_the_disease_came_back_its_next_treatment_follows_it() -> None:
    ill = (said("2025-01-01", "diagnosis", "dlbcl"), infused(), said("2026-05-01", "progression"))
    after = asked(*ill, on="2026-08-01")
    assert any(".disease_" in key for key in keys(visit(after, "month_3").tasks))
    assert not any(".disease_" in key for key in keys(visit(after, "month_6").tasks))
    assert "came_back" in {note.key for note in after.notes}


def test_counts_are_asked_for_every_thirty_days_until_they_are_normal() -> None:
    low = [said("2026-03-01", "neutrophils", value=0.9), said("2026-03-01", "platelets", value=150)]
    found = asked(infused(), low, on="2026-04-01").repeated[0]
    assert (str(found.due_from), found.status) == ("2026-03-31", Status.due)
    well = [said("2026-04-02", "neutrophils", value=2.0), said("2026-04-02", "platelets", value=150)]
    assert asked(infused(), low, well, on="2026-06-01").repeated[0].status is Status.done


def test_a_t_cell_malignancy_asks_for_the_manufacturer_and_for_samples() -> None:
    found_in = said("2027-06-01", "late_effect", "t_cell_malignancy", about="1")
    found = effect(asked(infused(), found_in, on="2027-06-02"), "t_cell_malignancy")
    assert found.status is Status.due
    assert "Contact the manufacturer for the transgene test" in found.actions
    assert found.boxed
    told = said("2027-06-03", "late_effect", "t_cell_malignancy", about="1", detail={
        "reported": ["manufacturer", "registry", "regulator"], "sample_kept": True,
    })  # fmt: skip
    after = effect(asked(infused(), found_in, told, on="2027-06-04"), "t_cell_malignancy")
    assert all(each.endswith("(done)") for each in after.actions)
    assert after.status is not Status.due


def test_the_watch_for_new_cancers_has_no_end() -> None:
    found = effect(asked(infused("2009-02-11"), on="2035-03-01"), "t_cell_malignancy")
    assert found.status is Status.overdue
    assert "Life-long" in found.why


def test_enterocolitis_is_asked_for_after_bcma_products() -> None:
    assert "late_effect.enterocolitis" not in keys(asked(infused(product=AXI), on="2026-05-10").late_effects)
    found = effect(asked(infused(product=CILTA), on="2026-05-10"), "enterocolitis")
    assert found.boxed
    assert any("T-cell lymphoma of the gut" in each for each in found.actions)
    assert not effect(asked(infused("2025-01-10", CILTA), on="2025-05-10"), "enterocolitis").boxed


def test_a_visit_answers_for_the_late_effects_asked_at_it() -> None:
    after = asked(infused(product=CILTA), seen("2026-04-10"), on="2026-04-20")
    assert str(effect(after, "movement").due_from) == "2026-05-10"


def test_a_call_is_no_examination() -> None:
    call = said("2027-01-05", "follow_up_visit", "telephone")
    after = asked(infused(), call, on="2027-01-20")
    due = {key: str(effect(after, key).due_from) for key in ("skin_cancer", "endocrine", "myeloid_neoplasm", "fatigue")}
    assert due == {"skin_cancer": "2027-01-10", "endocrine": "2027-01-10", "myeloid_neoplasm": "2027-01-10",
                   "fatigue": "2027-04-05"}  # fmt: skip
    call = said("2026-03-05", "follow_up_visit", "telephone")
    after = asked(infused(product=CILTA), call, on="2026-03-20")
    assert str(effect(after, "movement").due_from) == "2026-02-09"
    assert str(effect(after, "enterocolitis").due_from) == "2026-04-05"


def test_a_visit_is_no_skin_examination_but_its_own_check_is() -> None:
    facts = (infused(), seen("2027-01-15"), said("2027-01-15", "hemoglobin", value=12))
    after = asked(*facts, on="2027-01-20")
    assert str(effect(after, "skin_cancer").due_from) == "2027-01-10"
    assert str(effect(after, "t_cell_malignancy").due_from) == "2028-01-15"
    assert str(effect(after, "myeloid_neoplasm").due_from) == "2028-01-15"
    checked = said("2027-01-16", "follow_up_done", "done", about="late_effect.skin_cancer")
    assert str(effect(asked(*facts, checked, on="2027-01-20"), "skin_cancer").due_from) == "2028-01-16"


def test_what_is_over_is_no_longer_present() -> None:
    on = said("2026-03-01", "late_effect", "cranial_nerve", about="left")
    over = said("2026-06-01", "late_effect", "cranial_nerve", about="left", detail={"resolved": True})
    assert effect(asked(infused(product=CILTA), on, on="2026-06-02"), "cranial_nerve").present
    assert not effect(asked(infused(product=CILTA), on, over, on="2026-06-02"), "cranial_nerve").present


def test_after_a_death_nothing_is_due() -> None:
    after = asked(infused(), said("2026-06-09", "death"), on="2027-06-09")
    assert str(after.ended) == "2026-06-09"
    assert after.due() == ()


def test_every_question_is_a_policy_with_the_same_options() -> None:
    for key, asked_ in load_questions().items():
        shipped = load_policies().policies[f"aftercare_{key}"]
        assert shipped.choices == (OPEN, *(option.key for option in asked_.options))
        assert shipped.default == OPEN


Said = tuple[date, tuple[str, str, float | None]]
WHATS = (
    ("igg", "", 380.0), ("cd4", "", 210.0), ("cd19", "", 12.0), ("neutrophils", "", 0.4),
    ("drug", "immunoglobulin", None),
    ("immunosuppression", "none", None), ("infection", "bacterial", None), ("follow_up_visit", "seen", None),
    ("distress_score", "", 6.0), ("vaccination", "influenza", None), ("late_effect", "fatigue", None),
    ("seizure", "focal", None), ("transplant", "autologous", None), ("next_therapy", "yes", None),
    ("support_contact", "talked", None), ("restriction", "lifted", None), ("death", "", None),
)  # fmt: skip
SAID = st.tuples(st.dates(date(2026, 1, 10), date(2029, 1, 1)), st.sampled_from(WHATS))


@settings(max_examples=40, deadline=None)
@given(st.lists(SAID, max_size=12), st.dates(date(2026, 1, 10), date(2045, 1, 1)))
def test_whatever_was_recorded_the_answer_holds_together(told: list[Said], on: date) -> None:
    facts = [said(day, what, choice, value=value) for day, (what, choice, value) in told]
    after = asked(infused(), facts, on=on)
    items = [*after.items()]
    assert len({each.key for each in items}) == len(items)
    assert all(each.source.text and each.what and each.plain and each.why for each in items)
    assert all(each.confirmed <= each.source.confirmed or each.key.startswith("check_in") for each in items)
    assert all(fact.at <= noon(on) for each in items for fact in each.facts)
    if after.ended is not None:
        assert after.due() == ()
