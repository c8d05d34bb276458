"""The protocol's panel in the browser: what it says, why there is no dose, and the team's answer with what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cartway.pathway.course import CENTER
from cartway.record import Fact
from cartway.times import HOUR
from web.conftest import Site
from web.forms.bedside import COURSE, Bedside, drawn

SICK = (
    {"hours": 2, "what": "body_weight", "value": 82, "unit": "kg"},
    {"hours": 1, "what": "body_temperature", "value": 38.9, "unit": "Cel"},
    {"hours": 1, "what": "systolic_pressure", "value": 84, "unit": "mm[Hg]"},
    {"hours": 1, "what": "oxygen_device", "choice": "room_air"},
    {"hours": 1, "what": "ice_score", "value": 10, "unit": "{score}"},
    {"hours": 1, "what": "consciousness", "choice": "awake"},
)
TOCI = "asco_2021:crs-tocilizumab"
ANSWER = f"protocol-answer?change={TOCI}"


def sick(site: Site, *rows: Mapping[str, Any]) -> None:
    """A course with CRS grade 2 and a weight of 82 kg."""
    drawn(site, *SICK, *rows)


def by(site: Site, role: str = "physician") -> Bedside:
    return Bedside(site, role, COURSE)


class TestPanel:
    def test_the_dose_its_working_and_its_source(self, site: Site) -> None:
        sick(site)
        words = by(site).open("protocol").words
        assert "The protocol says: ASCO 2021" in words
        assert "Tocilizumab 656 mg IV over 1 hour" in words
        assert "8 mg/kg x 82 kg" in words
        assert "0 given, 4 left of 4. Doses given elsewhere are unknown." in words
        assert "J Clin Oncol 2021;39:3978" in words
        assert "It is no order" in words

    def test_an_old_weight_yields_the_sources_words(self, site: Site) -> None:
        old = [row for row in SICK if row["what"] != "body_weight"]
        drawn(site, *old, {"hours": 80, "what": "body_weight", "value": 82, "unit": "kg"})
        words = by(site).open("protocol").words
        assert "Tocilizumab: no dose worked out" in words
        assert "It is older than 3 days." in words
        assert "656 mg" not in words

    def test_the_next_dose_and_the_search_for_infection(self, site: Site) -> None:
        sick(site, {"hours": 3, "what": "drug", "choice": "tocilizumab", "value": 656, "unit": "mg"})
        words = by(site).open("protocol").words
        assert "Not before 19:00" in words
        assert "Look for an infection" in words
        assert "Not charted: blood cultures, urine culture, imaging of the chest." in words

    def test_an_entry_that_could_not_be_read_leaves_no_interval(self, site: Site) -> None:
        sick(site, {"hours": 0.5, "what": "unreadable", "detail": {"variable": "drug"}})
        words = by(site).open("protocol").words
        assert "Tocilizumab: no dose worked out" in words
        assert "From when the next may be given is not known" in words

    def test_what_would_change_it(self, site: Site) -> None:
        sick(site)
        words = by(site).open("protocol").words
        assert "CRS grade 3 would add: Intensive care" in words
        assert "the body weight grows too old for a dose" in words

    def test_before_the_infusion_it_says_why_there_is_nothing(self, site: Site) -> None:
        site.record([{"course": COURSE, "at": site.now - HOUR, "what": "age", "value": 58, "unit": "a"}])
        assert "what the protocol says begins with it" in by(site).open("protocol").words

    @pytest.mark.parametrize("role", ["coordinator", "pharmacy", "data_manager"])
    def test_who_may_not_answer_reads_it_without_the_links(self, site: Site, role: str) -> None:
        sick(site)
        page = by(site, role).open("protocol")
        assert "656 mg" in page.words
        assert not [link for link in page.links if "protocol-answer" in link]


def answers(site: Site) -> list[Fact]:
    return [fact for fact in site.facts(COURSE) if fact.what == "protocol_answer"]


class TestAnswer:
    def test_accepted_with_what_was_said(self, site: Site) -> None:
        sick(site)
        (fact,) = by(site).record(ANSWER, choice="accepted")
        assert (fact.choice, fact.about) == ("accepted", TOCI)
        assert fact.detail["grade"] == "2"
        assert fact.detail["protocol"] == "ASCO 2021, November 2021"
        assert "Tocilizumab: 656 mg IV over 1 hour (8 mg/kg x 82 kg)." in fact.detail["said"]
        words = by(site).open("protocol").words
        assert "accepted" in words
        assert "What was answered" in words

    def test_declined_needs_a_reason(self, site: Site) -> None:
        sick(site)
        refused = by(site).send(ANSWER, choice="declined")
        assert refused.status_code == 422
        assert "Why it is declined is missing." in refused.text
        assert answers(site) == []
        (fact,) = by(site).record(ANSWER, choice="declined", text="Blood pressure came up with one bolus.")
        assert fact.detail["text"] == "Blood pressure came up with one bolus."

    def test_neither_is_no_answer(self, site: Site) -> None:
        sick(site)
        assert by(site).send(ANSWER).status_code == 422
        assert by(site).send(ANSWER, choice="perhaps").status_code == 422
        assert answers(site) == []

    def test_a_step_that_it_does_not_name_is_not_answered(self, site: Site) -> None:
        sick(site)
        page = by(site).open("protocol-answer?change=asco_2021:crs-4-methylprednisolone")
        assert "does not name this step now" in page.words
        sent = by(site).post("protocol-answer", page.filled(choice="accepted"))
        assert sent.status_code == 422
        assert answers(site) == []

    def test_what_changed_since_the_page_was_opened_is_asked_about(self, site: Site) -> None:
        """A new weight while the form lies open: nobody answers a dose that they have not read."""
        sick(site)
        page = by(site).open(ANSWER)
        weight = {"course": COURSE, "at": site.now, "what": "body_weight", "value": 80, "unit": "kg", "source": "scale"}
        site.record([weight])
        sent = by(site).post("protocol-answer", page.filled(choice="accepted"))
        assert sent.status_code == 422
        assert "changed since the page was opened" in sent.text
        assert "640 mg" in sent.text
        assert answers(site) == []

    def test_a_dose_that_somebody_charts_meanwhile_is_asked_about(self, site: Site) -> None:
        """The answer would else be one to the next dose, which nobody has looked at."""
        sick(site)
        page = by(site).open(ANSWER)
        dose = {"course": COURSE, "at": site.now, "what": "drug", "choice": "tocilizumab", "value": 656, "unit": "mg"}
        site.record([{**dose, "source": "pump"}])
        sent = by(site).post("protocol-answer", page.filled(choice="accepted"))
        assert sent.status_code == 422
        assert "changed since the page was opened" in sent.text
        assert answers(site) == []

    def test_a_reason_in_free_text_is_for_who_sees_names(self, site: Site) -> None:
        sick(site)
        by(site).record(ANSWER, choice="declined", text="Her daughter asked to wait.")
        assert "Her daughter" in by(site).open("protocol").words
        words = by(site, "data_manager").open("protocol").words
        assert "Her daughter" not in words
        assert "a note, for who sees names" in words

    def test_a_fever_before_the_infusion_is_answered_without_a_label(self, site: Site) -> None:
        rows = [
            {"hours": 90, "what": "lymphodepletion"},
            {"hours": 2, "what": "neutrophils", "value": 0.1, "unit": "10*9/L"},
            {"hours": 1, "what": "body_temperature", "value": 39.5, "unit": "Cel"},
        ]
        stated = [{"course": COURSE, "at": site.now - row.pop("hours") * HOUR, **row} for row in rows]  # type: ignore[operator]
        chosen = {"course": CENTER, "at": site.now - HOUR, "what": "protocol_chosen", "choice": "label"}
        site.record([*stated, chosen])
        words = by(site).open("protocol").words
        assert "Neutropenic fever: antibiotics by the local policy" in words
        assert "all else begins with the infusion" in words
        (fact,) = by(site).record("protocol-answer?change=fever:work-up", choice="accepted")
        assert fact.detail["protocol"].startswith("ASCO 2021")

    def test_the_same_post_twice_is_one_answer(self, site: Site) -> None:
        sick(site)
        page = by(site).open(ANSWER)
        first = by(site).post("protocol-answer", page.filled(choice="accepted"))
        again = by(site).post("protocol-answer", page.filled(choice="accepted"))
        assert (first.status_code, again.status_code) == (303, 303)
        assert len(answers(site)) == 1

    def test_the_pharmacy_answers_nothing(self, site: Site) -> None:
        sick(site)
        assert by(site, "pharmacy").client.get(by(site).path(ANSWER)).status_code == 403


class TestBeside:
    def test_another_protocol_for_this_course(self, site: Site) -> None:
        sick(site)
        by(site).record("protocol-choice", choice="ebmt_2022", text="the center in Lyon follows it")
        words = by(site).open("protocol").words
        assert "The protocol says: EBMT/EHA 2022" in words
        assert "not confirmed" in words

    def test_the_center_chooses_for_all_and_states_its_antibiotics(self, site: Site) -> None:
        sick(site, {"hours": 1, "what": "neutrophils", "value": 0.2, "unit": "10*9/L"})
        here = Bedside(site, "physician", COURSE)
        for path, typed in (
            ("/protocol-choice", {"choice": "label"}),
            ("/protocol-local", {"text": "Cefepime within one hour; add vancomycin for a red line."}),
        ):
            here.path = lambda _, path=path: path  # type: ignore[method-assign,misc]
            here.record(path, **typed)
        stated = {fact.what: fact for fact in site.facts(CENTER)}
        assert stated["protocol_chosen"].choice == "label"
        assert (stated["protocol_local"].choice, stated["protocol_local"].about) == ("stated", "neutropenic_fever")
        words = by(site).open("protocol").words
        assert "US label of Yescarta (axi-cel)" in words
        assert "Cefepime within one hour; add vancomycin for a red line." in words

    def test_a_culture_that_was_charted_is_no_more_open(self, site: Site) -> None:
        sick(site)
        by(site, "nurse").record("work-up", choice="blood_culture", result="pending")
        words = by(site).open("protocol").words
        assert "Still open: urine culture, imaging of the chest." in words
