"""Infections and scores in the browser: what is listed, what is charted, what is missing, who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from web.conftest import Site
from web.forms.bedside import COURSE, Bedside, drawn

BLOODS = (
    {"hours": 1, "what": "ldh", "value": 480, "unit": "U/L"},
    {"hours": 1, "what": "creatinine", "value": 1.5, "unit": "mg/dL"},
    {"hours": 1, "what": "platelets", "value": 60, "unit": "10*9/L"},
    {"hours": 1, "what": "crp", "value": 55, "unit": "mg/L"},
)


def by(site: Site, role: str = "nurse") -> Bedside:
    return Bedside(site, role, COURSE)


class TestInfections:
    def test_none_charted_is_not_none(self, site: Site) -> None:
        drawn(site)
        words = by(site).open("infections").words
        assert "None is charted. That is not the same as none." in words
        assert "Nobody has told of it." in words

    def test_an_infection_with_its_prophylaxis(self, site: Site) -> None:
        drawn(site, {"hours": 30, "what": "prophylaxis", "choice": "antiviral", "detail": {"drug": "aciclovir"}})
        (fact,) = by(site).record(
            "infection-episode", about="line sepsis", choice="bacterial", site="blood", organism="E. coli",
            proven="yes", severity="life_threatening",
        )  # fmt: skip
        assert (fact.about, fact.choice, fact.detail["site"], fact.detail["proven"]) == (
            "line sepsis", "bacterial", "blood", True,
        )  # fmt: skip
        page = by(site).open("infections")
        assert "Bacterial line sepsis Blood E. coli life-threatening" in page.words
        assert "lasts Antiviral" in page.words
        again = by(site).open("infection-episode?change=line%20sepsis")
        assert (again.value("about"), again.value("organism")) == ("line sepsis", "E. coli")
        by(site).record("infection-episode?change=line%20sepsis", choice="none")
        assert "ruled out" in by(site).open("infections").words

    @pytest.mark.parametrize(
        ("form", "typed", "what", "shown"),
        [
            ("prophylaxis", {"choice": "antifungal", "drug": "micafungin"}, "prophylaxis", "Antifungal , micafungin"),
            ("transfusion", {"choice": "platelets", "units": "1"}, "transfusion", "Platelets , 1"),
            ("arrhythmia", {"choice": "not_urgent"}, "arrhythmia", "Treatment, not urgent"),
            ("fatigue", {"choice": "limits_self_care"}, "fatigue", "Grade 3 by CTCAE v5.0"),
        ],
    )
    def test_what_is_charted_is_shown(
        self, site: Site, form: str, typed: dict[str, str], what: str, shown: str
    ) -> None:
        drawn(site)
        (fact,) = by(site).record(form, **typed)
        assert fact.what == what
        assert shown in by(site).open("infections").words

    def test_a_choice_is_needed(self, site: Site) -> None:
        drawn(site)
        refused = by(site).send("infection-episode", organism="E. coli")
        assert refused.status_code == 422
        assert not [fact for fact in site.facts(COURSE) if fact.what == "infection"]

    def test_a_name_that_is_too_long_is_refused(self, site: Site) -> None:
        drawn(site)
        refused = by(site).send("infection-episode", choice="viral", about="x" * 41)
        assert refused.status_code == 422
        assert "This name is too long." in refused.text

    def test_who_may_not_chart_reads_it_without_the_links(self, site: Site) -> None:
        drawn(site)
        page = by(site, "data_manager").open("infections")
        assert not [link for link in page.links if link.endswith(("infection-episode", "fatigue"))]


class TestScores:
    def test_values_parts_sources_and_what_is_refused(self, site: Site) -> None:
        drawn(site, *BLOODS)
        words = by(site).open("scores").words
        assert "EASIX 12" in words
        assert "Modified EASIX 44" in words
        assert "C-reactive protein 5.5 mg/dL" in words
        assert "Lancet Haematol 2017" in words
        assert "Its coefficients are not public" in words
        assert "CAR-HEMATOTOX not confirmed 0 to 7 by what is known" in words, "the values are from after the infusion"

    def test_iec_hs_and_tumor_lysis_as_they_stand(self, site: Site) -> None:
        lysed: tuple[dict[str, Any], ...] = (
            {"what": "uric_acid", "value": 9.0, "unit": "mg/dL"},
            {"what": "potassium", "value": 6.5, "unit": "mmol/L"},
        )
        drawn(site, *BLOODS, *lysed)
        words = by(site).open("scores").words
        assert "IEC-HS (ASTCT) not confirmed" in words
        assert "No ferritin since the infusion" in words
        assert "Laboratory tumor lysis yes" in words

    def test_what_the_team_says_counts(self, site: Site) -> None:
        drawn(site)
        (fact,) = by(site, "physician").record(
            "iec-hs-context", infection_excluded="yes", bleeding="needs transfusion", interventions="anakinra, none"
        )
        assert fact.detail["infection_excluded"] is True
        assert fact.detail["bleeding"] == "needs transfusion"
        by(site, "physician").record("hscore-context", organomegaly="both", immunosuppression="no")
        assert "large liver or spleen both, 38 points" in by(site).open("scores").words

    def test_a_nurse_is_not_asked_what_a_physician_judges(self, site: Site) -> None:
        drawn(site)
        assert not [link for link in by(site).open("scores").links if "context" in link]
        assert by(site).client.get(f"/courses/{COURSE}/iec-hs-context").status_code == 403
