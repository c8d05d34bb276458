"""Life after in the browser: what is due, what stands open, what is charted, the clinic's list, who sees what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cartway.aftercare.questions import load_questions
from cartway.pathway.policies import load_policies
from web.aftercare.conftest import INFUSED, Drawn
from web.conftest import Site
from web.forms.bedside import Bedside, Page


def clinic(site: Site, query: str = "") -> str:
    """The words of the clinic's list."""
    answer = site.client("nurse").get(f"/aftercare{query}")
    assert answer.status_code == 200
    return Page(answer.text).words


def listed(drawn: Drawn, query: str = "") -> str:
    """The words of the clinic's list for who belongs to this course alone."""
    answer = drawn.site.client("nurse", courses=[drawn.course]).get(f"/aftercare{query}")
    assert answer.status_code == 200
    return Page(answer.text).words


class TestCourse:
    def test_before_the_infusion_nothing_is_counted(self, early: Drawn) -> None:
        assert "No infusion is recorded: nothing can be counted yet." in early.by().open("aftercare").words

    def test_the_days_and_what_is_open(self, drawn: Drawn) -> None:
        words = drawn.by().open("aftercare").words
        assert "infused Nov 3, 2025, day 133" in words
        assert "Until when is prophylaxis against herpes and zoster taken?" in words
        assert "Nov 17, 2025 119 days ago" in words, "no driving for two weeks"

    def test_a_value_with_its_trend_and_its_threshold(self, drawn: Drawn) -> None:
        drawn.record(
            {"at": "2025-12-01T15:00Z", "what": "cd4", "value": 60, "unit": "/uL"},
            {"at": "2026-02-01T15:00Z", "what": "cd4", "value": 240, "unit": "/uL"},
        )
        words = drawn.by().open("aftercare").words
        assert "CD4 T cells back 240 /uL Feb 1, 2026, rising Back above 200 /uL." in words

    def test_a_visit_is_charted_where_its_link_leads(self, drawn: Drawn) -> None:
        link = f"/courses/{drawn.course}/follow-up-visit?change=month_3"
        assert link in drawn.by().open("aftercare").links
        (fact,) = drawn.by().record("follow-up-visit?change=month_3", choice="seen")
        assert (fact.what, fact.choice, fact.detail["time_point"]) == ("follow_up_visit", "seen", "month_3")
        assert link not in drawn.by().open("aftercare").links

    def test_a_check_that_leaves_no_measurement(self, drawn: Drawn) -> None:
        (fact,) = drawn.by().record("follow-up-done?change=cognition", choice="done", result="MoCA 28")
        assert (fact.about, fact.choice, fact.detail["result"]) == ("cognition", "done", "MoCA 28")

    def test_a_vaccine_and_its_antibodies(self, drawn: Drawn) -> None:
        (shot,) = drawn.by().record("vaccination?change=influenza", brand="Flulaval")
        (titer,) = drawn.by().record("vaccine-titer?change=influenza", choice="no_response")
        assert (shot.choice, shot.detail["brand"], titer.about) == ("influenza", "Flulaval", "influenza")
        assert "Influenza, inactivated 1 Mar 16, 2026" in drawn.by().open("aftercare").words

    def test_a_t_cell_cancer_stands_on_top_with_what_follows(self, drawn: Drawn) -> None:
        drawn.by("physician").record("late-effect", choice="t_cell_malignancy", sample_kept="yes")
        words = drawn.by().open("aftercare").words
        assert "T-cell malignancy: present" in words
        assert "Contact the manufacturer for the transgene test" in words

    def test_a_grade_that_is_none(self, drawn: Drawn) -> None:
        answer = drawn.by().send("late-effect", choice="fatigue", grade="7")
        assert "CTCAE grades go from 1 to 5." in answer.text

    def test_the_team_extends_a_restriction_and_says_why(self, drawn: Drawn) -> None:
        form = "restriction?change=driving"
        (fact,) = drawn.by().record(form, choice="extended", until="2026-06-01 09:00", text="Seizure in February")
        assert (fact.about, fact.choice) == ("driving", "extended")
        assert "Jun 1, 2026 in 77 days extended" in drawn.by().open("aftercare").words

    def test_a_physician_chooses_between_sources_and_nobody_else(self, drawn: Drawn) -> None:
        link, doctor = f"/courses/{drawn.course}/aftercare-choice?change=antiviral%3Aus_review", drawn.by("physician")
        assert link in doctor.open("aftercare").links
        assert link not in drawn.by("nurse").open("aftercare").links
        (fact,) = doctor.record("aftercare-choice?change=antiviral:us_review", text="As always here")
        assert (fact.about, fact.choice, fact.detail["option"]) == ("antiviral", "chosen", "us_review")
        assert "chosen by the team" in doctor.open("aftercare").words

    def test_the_choice_of_a_link_shows_the_answers_of_its_question_alone(self, drawn: Drawn) -> None:
        words = drawn.by("physician").open("aftercare-choice?change=antiviral:us_review").words
        assert "Until when is prophylaxis against herpes and zoster taken?" in words
        assert "At least 6 months" in words
        assert "Every month after day 30" not in words

    def test_the_center_chooses_for_all_and_a_team_otherwise(self, make_site: Callable[..., Site]) -> None:
        site = make_site(phone="555-0142")
        for course in ("a-1", "a-2"):
            site.record([{"course": course, "simulated": True, "source": "clinic", **INFUSED}])
        form = "/aftercare-choices?change=igg_checks:three_monthly"
        (fact,) = AtCenter(site, "physician").record(form, text="As the laboratory does")
        assert (fact.course, fact.what, fact.about) == ("center", "center_policy", "aftercare_igg_checks")
        first, second = Bedside(site, "physician", "a-1"), Bedside(site, "physician", "a-2")
        first.record("aftercare-choice?change=igg_checks:monthly")
        assert "chosen by the team" in first.open("aftercare").words
        assert "chosen by the center" in second.open("aftercare").words

    @pytest.mark.parametrize("name", load_questions())
    def test_what_the_center_may_choose_is_what_its_policy_takes(self, name: str) -> None:
        options = {option.key for option in load_questions()[name].options}
        assert options <= set(load_policies().policies[f"aftercare_{name}"].choices)

    def test_distress_above_the_cut_off_asks_until_somebody_spoke_with_them(self, drawn: Drawn) -> None:
        drawn.record({
            "at": "2026-03-10T09:00Z", "what": "distress_score", "value": 7, "unit": "{score}", "about": "caregiver",
            "detail": {"problems": ["sleep", "money"], "text": "I do not sleep"}, "source": "caregiver",
        })  # fmt: skip
        words = drawn.by().open("aftercare").words
        assert "above the cut-off, not answered" in words
        assert "Sleep, Money or insurance. \u201cI do not sleep\u201d" in words
        assert "distress 7, not answered caregiver" in listed(drawn, "?show=distress")
        drawn.by().record("support-contact?change=caregiver", choice="talked", text="Social work on Monday")
        assert "above the cut-off, answered" in drawn.by().open("aftercare").words
        assert "Nobody: distress not answered." in listed(drawn, "?show=distress")

    def test_nobody_charts_after_a_death(self, drawn: Drawn) -> None:
        drawn.record({"at": "2026-02-01T00:00Z", "what": "death"})
        page = drawn.by().open("aftercare")
        assert not [link for link in page.links if "vaccination" in link or "follow-up" in link]

    def test_links_on_top_lead_to_its_parts(self, drawn: Drawn) -> None:
        page = drawn.by().open("aftercare")
        assert {"#due", "#questions", "#restrictions", "#immune", "#vaccines", "#late", "#calendar"} <= set(page.links)


class TestClinic:
    def test_who_is_in_the_close_watch_stands_apart_until_day_14_or_discharge(self, early: Drawn) -> None:
        early.record({**INFUSED, "at": "2026-03-09T15:00Z"})
        assert early.course not in listed(early)
        assert early.course in listed(early, "?show=close")
        early.record({"at": "2026-03-15T15:00Z", "what": "discharge"})
        assert early.course in listed(early)
        assert early.course not in listed(early, "?show=close")

    def test_questions_that_the_center_answers_once_are_told_once(self, drawn: Drawn) -> None:
        assert listed(drawn).count("where sources differ") == 1
        assert "The center can answer each once for all" in listed(drawn)

    def test_who_is_after_the_infusion_and_alive(self, drawn: Drawn, early: Drawn) -> None:
        assert f"{drawn.course} axi-cel, day 133" in listed(drawn)
        assert "0 people after the infusion" in listed(early)
        drawn.record({"at": "2026-02-01T00:00Z", "what": "death"})
        assert "0 people after the infusion" in listed(drawn)

    def test_a_new_fact_is_seen_at_once(self, drawn: Drawn) -> None:
        before = listed(drawn)
        drawn.by().record("follow-up-visit?change=month_3", choice="seen")
        assert listed(drawn) != before

    def test_only_the_courses_one_belongs_to(self, drawn: Drawn, early: Drawn) -> None:
        early.record(INFUSED)
        assert early.course in listed(early)
        assert drawn.course not in listed(early)

    def test_without_a_number_it_says_so_and_where_to_enter_it(self, make_site: Callable[..., Site]) -> None:
        site = make_site(phone="")
        site.record([{"course": "a-1", "simulated": True, "source": "clinic", **INFUSED}])
        assert "No number is set that answers day and night." in clinic(site)
        assert "No number is set that answers day and night." in Bedside(site, "nurse", "a-1").open("care-plan").words
        assert site.client("nurse").get("/courses/a-1/care-plan/card").status_code == 404
        contacts = AtCenter(site, "coordinator")
        (fact,) = contacts.record("/care-contacts", choice="line_24_hours", telephone="555-0142", name="The line")
        assert (fact.course, fact.detail["telephone"]) == ("center", "555-0142")
        assert "No number is set" not in clinic(site)
        assert "555-0142" in Bedside(site, "nurse", "a-1").open("care-plan").words

    @pytest.mark.parametrize(
        "typed", ["ask the ward", "24 hours: 555 010 0142", "1-800-CARTNOW", "555 010 0143 ask for Maria Lopez"]
    )
    def test_a_number_that_nobody_can_dial(self, drawn: Drawn, typed: str) -> None:
        answer = drawn.by().send("care-contact", choice="oncologist", telephone=typed)
        assert "This is no number to dial." in answer.text


class AtCenter(Bedside):
    """Somebody at a form of the center's own record."""

    def path(self, form: str) -> str:
        return form
