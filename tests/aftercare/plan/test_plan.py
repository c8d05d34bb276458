"""What a plan says: whom to call before anything, what is known, what is not, dates, and no grade to a patient."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.plan.drawn import INFUSED, LINE, NOW, PLACE, all_words, center, contact, course, fact, plan, said
from cartway.aftercare.plan import LANGUAGES, Card, Plan, card, care_plan
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.settings import COUNTRIES
from cartway.times import DAY, HOUR, parse
from cartway.watch.triage import Tier, load_table

NO_PHONE = msgspec.structs.replace(PLACE, phone="")
EARLY = parse("2026-01-10T12:00Z")


class TestWhomToCall:
    @pytest.mark.parametrize("reader", ["patient", "physician"])
    def test_without_a_number_for_day_and_night_there_is_no_plan(self, reader: str) -> None:
        found = care_plan(course(), center(), NO_PHONE, reader)  # type: ignore[arg-type]
        assert isinstance(found, Problem)
        assert found.code == "no_24_hour_number"

    def test_nor_a_card(self) -> None:
        found = card(course(), center(contact("coordinator", "555-0143")), NO_PHONE)
        assert isinstance(found, Problem)
        assert found.code == "no_24_hour_number"

    def test_words_are_no_number(self) -> None:
        found = care_plan(course(), center(contact("line_24_hours", "ask the ward")), NO_PHONE)
        assert isinstance(found, Problem)

    @pytest.mark.parametrize(
        ("typed", "number"),
        [
            ("555-0199", "555-0199"),
            ("+1 (555) 010-0142", "+1 (555) 010-0142"),
            ("555 010 0142, ext. 43", "555 010 0142, ext. 43"),
            ("555 010 0143 ask for Maria Lopez", "555 010 0143"),
            ("555 010 0143, day and night", "555 010 0143"),
            ("24 hours: 555 010 0142", ""),
            ("555 010 0142 24 hours", ""),  # the hours would be dialed
            ("1-800-CARTNOW", ""),
            ("555 010 0142/43", ""),  # two numbers in one
            ("5550", ""),
            ("call 555 010 0142", ""),
            ("\u0665\u0665\u0665\u0660\u0661\u0660\u0661", ""),  # digits that no telephone link holds
            ("   ", ""),
        ],
    )
    def test_a_text_begins_with_the_number_or_there_is_no_plan_and_no_card(self, typed: str, number: str) -> None:
        for known, place in (
            (center(contact("line_24_hours", typed)), NO_PHONE),
            (center(), msgspec.structs.replace(PLACE, phone=typed)),
        ):
            found, carried = care_plan(course(), known, place), card(course(), known, place)
            if number:
                assert isinstance(found, Plan) and isinstance(carried, Card)
                assert found.line.telephone == carried.line.telephone == number
                assert f"line {number} before" in carried.code
            else:
                assert isinstance(found, Problem) and isinstance(carried, Problem)
                assert found.code == carried.code == "no_24_hour_number"

    def test_the_center_s_line_is_a_number(self) -> None:
        found = care_plan(course(), center(contact("line_24_hours", "555-0199")), NO_PHONE)
        assert isinstance(found, Plan)
        assert found.line.telephone == "555-0199"

    def test_the_number_of_every_page_goes_first_so_that_nobody_reads_two(self) -> None:
        found = care_plan(course(), center(contact("line_24_hours", "555-0199")), PLACE)
        assert isinstance(found, Plan)
        assert found.line.telephone == LINE
        assert "555-0199" not in all_words(found)

    def test_a_course_s_own_doctor_goes_before_the_center_s(self) -> None:
        known = center(contact("oncologist", "555-0001"), contact("pharmacy", "555-0002"))
        own = course(contact("oncologist", "555-0003", "c-7", name="Dr. Bay"))
        found = care_plan(own, known, PLACE)
        assert isinstance(found, Plan)
        assert [(call.key, call.telephone) for call in found.calls] == [
            ("oncologist", "555-0003"), ("pharmacy", "555-0002"),
        ]  # fmt: skip

    def test_who_has_no_number_is_nobody_to_call(self) -> None:
        found = care_plan(course(), center(contact("oncologist", ""), contact("pharmacy", "at noon")), PLACE)
        assert isinstance(found, Plan)
        assert not found.calls


class TestWhenToCall:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_symptom_of_the_table_stands_under_its_tier(self, language: str) -> None:
        found = plan(course(), language=language)  # type: ignore[arg-type]
        section = found.section("urgent")
        assert section is not None
        rows = [row.items for row in section.rows if row.items]
        tiers = [Tier.emergency, Tier.now, Tier.today, Tier.visit]
        for tier, items in zip(tiers, rows, strict=True):
            expected = [
                item.words(language)
                for item in load_table().items.values()
                if item.symptom and load_table().tier(item.name, early=False) is tier
            ]
            assert list(items) == expected

    def test_a_plan_of_the_first_month_keeps_the_higher_tier_as_it_outlives_the_month(self) -> None:
        shaky = load_table().items["symptom:tremor"].en
        early = plan(course(now=EARLY)).section("urgent")
        late = plan(course()).section("urgent")
        assert early is not None and late is not None
        assert shaky in next(row for row in early.rows if "now, day or night" in row.what).items
        assert shaky in next(row for row in late.rows if "today" in row.what).items

    def test_the_ambulance_s_number_is_the_country_s(self) -> None:
        spain = msgspec.structs.replace(PLACE, country="ES")
        section = plan(course(), language="es", place=spain).section("urgent")
        assert section is not None
        assert section.rows[0].what == "Llame al 112 ahora"

    @pytest.mark.parametrize("country", COUNTRIES)
    def test_the_numbers_are_those_of_the_triage_table(self, country: str) -> None:
        found = plan(course(), place=msgspec.structs.replace(PLACE, country=country))
        assert found.emergency == load_table().emergency[country]
        harm = said(found, "feel")["If you think of hurting yourself"]
        assert harm.startswith(f"Call {load_table().crisis.get(country) or found.emergency} now.")
        assert found.emergency in harm

    @pytest.mark.parametrize(("language", "words"), [
        ("en", "Call your local emergency number now"), ("es", "Llame al número de emergencias de su zona ahora"),
    ])  # fmt: skip
    def test_of_a_country_without_a_number_it_is_told_in_words(self, language: str, words: str) -> None:
        nowhere = msgspec.structs.replace(PLACE, country="XX")
        section = plan(course(), language=language, place=nowhere).section("urgent")  # type: ignore[arg-type]
        assert section is not None
        assert section.rows[0].what == words


class TestWhatWasHad:
    def test_what_nobody_recorded_is_not_none(self) -> None:
        rows = said(plan(course()), "had")
        assert rows["Your illness"] == "Not recorded here. Ask your team."
        assert rows["Your cells were collected"] == "Not recorded here. Ask your team."
        assert rows["Over-active immune system (CRS)"] == "Not recorded here. Ask your team."

    def test_the_patient_reads_days_and_no_grade(self) -> None:
        fever = [
            fact(f"2026-01-{6 + n // 4:02}T{6 * (n % 4):02}:00Z", what, value=value, unit=unit)
            for n in range(12)
            for what, value, unit in (
                ("body_temperature", 38.6 if 4 <= n < 8 else 36.8, "Cel"),
                ("systolic_pressure", 118.0, "mm[Hg]"),
                ("oxygen_saturation", 97.0, "%"),
            )
        ]
        air = fact("2026-01-05T11:00Z", "oxygen_device", choice="room_air")
        patient, doctor = plan(course(air, *fever)), plan(course(air, *fever), "physician")
        assert said(patient, "had")["Over-active immune system (CRS)"].startswith("You had this from January 7, 2026")
        assert re.search(r"\bgrade\b", all_words(patient), re.IGNORECASE) is None
        assert said(doctor, "toxicity")["CRS, worst grade (ASTCT 2019)"].startswith(("1", "at least 1"))

    def test_both_days_of_a_split_dose(self) -> None:
        second = fact("2026-01-15T10:00Z", "infusion", choice="obecabtagene_autoleucel", detail={"part": 2})
        rows = said(plan(course(second, product="obecabtagene_autoleucel", detail={"part": 1})), "had")
        assert rows["You got your cells"] == "January 5, 2026 and January 15, 2026"

    def test_a_product_of_which_nothing_is_held(self) -> None:
        assert said(plan(course(product="other")), "had")["Your cells"] == "CAR T cells"


class TestDates:
    def test_driving_before_and_after_its_day(self) -> None:
        before, after = plan(course(now=EARLY)), plan(course())
        assert said(before, "limits")["Driving, big machines, risky work"] == "Not before January 19, 2026 Not yet"
        assert said(after, "limits")["Driving, big machines, risky work"] == "Allowed again since January 19, 2026"

    def test_where_texts_differ_both_days_and_a_question_to_ask(self) -> None:
        second = fact("2026-01-15T10:00Z", "infusion", choice="obecabtagene_autoleucel", detail={"part": 2})
        one = course(second, product="obecabtagene_autoleucel", now=parse("2026-01-20T00:00Z"), detail={"part": 1})
        found = plan(one)
        text = said(found, "limits")["Driving, big machines, risky work"]
        assert text.startswith("Not before January 29, 2026 or March 12, 2026.")
        assert "How long may I not drive, and how long must I stay near?" in said(found, "open")

    def test_a_live_vaccine_has_no_day_and_a_flu_shot_may_be_had(self) -> None:
        rows = said(plan(course()), "shots")
        assert rows["Flu"].startswith("Allowed now")
        assert rows["Measles, mumps and rubella (live)"] == "Not now. Ask your team."

    def test_a_killed_one_that_only_waits_has_its_day(self) -> None:
        assert said(plan(course()), "shots")["Pneumonia (pneumococcal)"].startswith("from July 5, 2026")

    def test_no_day_stands_where_more_than_time_speaks_against_a_vaccine(self) -> None:
        """No response to a killed vaccine has no end by date: neither patient nor doctor reads one."""
        titer = fact("2026-11-01T10:00Z", "vaccine_titer", choice="no_response", about="tetanus")
        one = course(titer, now=parse("2026-12-20T00:00Z"))
        assert said(plan(one), "shots")["Measles, mumps and rubella (live)"] == "Not now. Ask your team."
        section = plan(one, "physician").section("shots")
        assert section is not None
        live = next(row for row in section.rows if row.what == "Not allowed")
        assert (live.when, "No response to a killed vaccine" in live.text) == ("", True)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_live_vaccine_that_is_allowed_is_still_the_team_s_to_say(self, language: str) -> None:
        counts = [
            fact("2027-12-01T10:00Z", what, value=value, unit="/uL") for what, value in (("cd4", 500), ("cd19", 90))
        ]
        titer = fact("2027-11-01T10:00Z", "vaccine_titer", choice="response", about="tetanus")
        free = fact("2027-12-01T10:00Z", "immunosuppression", choice="none")
        found = plan(course(*counts, titer, free, now=parse("2028-01-01T00:00Z")), language=language)  # type: ignore[arg-type]
        section = found.section("shots")
        assert section is not None
        live = [row for row in section.rows if "live)" in row.what or "viva)" in row.what]
        assert live
        assert not any(row.when or "Allowed" in row.mark or "Ya se puede" in row.mark for row in live)

    def test_a_day_that_is_past_is_no_leave_to_stop_a_medicine(self) -> None:
        taken = [fact("2026-01-01T10:00Z", "prophylaxis", choice=each) for each in ("antiviral", "pneumocystis")]
        rows = said(plan(course(*taken, now=parse("2028-01-05T00:00Z"))), "protect")
        assert [text for text in rows.values() if text.startswith("Ask your team how long.")]
        assert not any("Not to be stopped before" in text for text in rows.values())

    def test_being_checked_every_day_is_told_while_it_lasts(self) -> None:
        assert "Being checked every day" in said(plan(course(now=EARLY)), "limits")
        assert "Being checked every day" not in said(plan(course()), "limits")

    def test_donation_is_never(self) -> None:
        rows = said(plan(course()), "limits")
        assert rows["Giving blood, organs, tissue or cells"].startswith("Never again.")


class TestWhen:
    def test_before_the_infusion_there_is_none(self) -> None:
        found = care_plan(Course([fact(INFUSED, "diagnosis", choice="dlbcl")], NOW), center(), PLACE)
        assert isinstance(found, Problem)
        assert found.code == "no_infusion"

    def test_after_a_death_there_is_none(self) -> None:
        found = care_plan(course(fact("2026-03-01T00:00Z", "death")), center(), PLACE)
        assert isinstance(found, Problem)
        assert found.code == "course_ended"

    def test_the_edition_is_that_of_its_words(self) -> None:
        same = plan(course(now=NOW + HOUR))
        other = plan(course(fact("2026-04-10T00:00Z", "vaccination", choice="influenza")))
        assert plan(course()).edition == same.edition
        assert plan(course()).edition != other.edition

    def test_what_is_made_up_says_so(self) -> None:
        assert plan(course(simulated=True)).simulated
        assert not plan(course()).simulated


class TestClinicians:
    def test_alerts_come_first_and_the_manufacturer_is_named(self) -> None:
        found = plan(course(), "physician")
        assert found.sections[0].key == "alerts"
        assert "Kite" in said(found, "alerts")["Any new cancer"]
        assert "Positive HIV nucleic acid test" not in said(found, "alerts"), "axi-cel is no lentiviral product"
        lentiviral = plan(course(product="tisagenlecleucel"), "physician")
        assert "Positive HIV nucleic acid test" in said(lentiviral, "alerts")

    def test_every_number_of_a_source_has_its_source(self) -> None:
        found = plan(course(), "physician")
        used = {row.source for section in found.sections for row in section.rows if row.source}
        listed = {source.split(" ", 1)[0] for source in found.sources if source.startswith("[")}
        assert used == listed

    def test_a_late_effect_that_is_there_comes_with_what_follows(self) -> None:
        cancer = fact("2026-04-01T00:00Z", "late_effect", choice="t_cell_malignancy")
        section = plan(course(cancer), "physician").section("late")
        assert section is not None
        assert section.rows[0].mark == "present"
        assert "manufacturer" in section.rows[0].text

    def test_a_last_value_with_its_threshold(self) -> None:
        low = fact("2026-04-01T00:00Z", "igg", value=310.0, unit="mg/dL")
        section = plan(course(low), "physician").section("immune")
        assert section is not None
        igg = next(row for row in section.rows if row.what == "IgG")
        assert igg.text == "310 mg/dL (back above 400)"
        assert igg.mark == "not back"

    def test_vaccines_that_stand_alike_are_one_line(self) -> None:
        section = plan(course(), "physician").section("shots")
        assert section is not None
        assert any("Hepatitis A: 0 of 2" in row.text and "Hepatitis B: 0 of 3" in row.text for row in section.rows)


class TestCard:
    def test_the_code_is_the_same_for_whoever_has_the_same_cells(self) -> None:
        one = card(course(fact("2025-10-01T00:00Z", "diagnosis", choice="dlbcl")), center(), PLACE)
        other = Course([fact("2025-06-01T10:00Z", "infusion", "z-9", choice="tisagenlecleucel")], NOW)
        second = card(other, center(), msgspec.structs.replace(PLACE, site="Elsewhere"))
        assert not isinstance(one, Problem) and not isinstance(second, Problem)
        assert one.code == second.code

    @settings(deadline=None, max_examples=50)
    @given(st.integers(0, 4000), st.sampled_from(["axicabtagene_ciloleucel", "ciltacabtagene_autoleucel", "other"]))
    def test_the_code_holds_no_day_and_no_number_but_the_line_s(self, days: int, product: str) -> None:
        infused = fact("2015-01-05T10:00Z", "infusion", choice=product, detail={"lot": "LOT-88431"})
        one = Course([msgspec.structs.replace(infused, at=infused.at + days * DAY)], NOW)
        made = card(one, center(), PLACE)
        assert not isinstance(made, Problem)
        assert LINE in made.code
        digits = re.findall(r"\d+", made.code.replace(LINE, "").replace("24-hour", ""))
        assert set(digits) <= {"19"}, "CD19 is the target"

    def test_the_line_stands_in_the_code(self) -> None:
        made = card(course(), center(), PLACE, "es")
        assert not isinstance(made, Problem)
        assert made.code.startswith("CAR T-CELL PATIENT (CD19).")
        assert f"CAR T line {LINE} before steroids" in made.code

    def test_driving_stands_on_it_while_it_is_not_allowed(self) -> None:
        early, late = card(course(now=EARLY), center(), PLACE), card(course(), center(), PLACE)
        assert not isinstance(early, Problem) and not isinstance(late, Problem)
        assert early.limits[0].what == "Driving, big machines, risky work"
        assert [row.what for row in late.limits] == ["Live vaccines"]
