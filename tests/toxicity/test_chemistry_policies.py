"""For every policy of IEC-HS and tumor lysis one small course and the answer under each of its choices."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from cartway.record.fact import Fact
from cartway.toxicity import load_rules
from toxicity.drawn import age, at, course, infused, oxygen, seizure, temperature
from toxicity.further import IEC_HS, TLS, context, decided, laboratory, shown

TOLD = context(infection_excluded=True, bleeding="none", new_organ_failure="none", interventions=[])
OWN = (laboratory("ferritin", 400, upper_limit=400), laboratory("ast", 30, upper_limit=40))
HIGH = (laboratory("ferritin", 9000), laboratory("fibrinogen", 90), laboratory("platelets", 10))
NO_OTHER = (laboratory("neutrophils", 2.0),)
LOW_AST = (laboratory("ast", 30, upper_limit=40),)
WINDOW = {"uric_acid": 5.0, "potassium": 4.0, "phosphate": 3.0, "calcium": 9.0, "creatinine": 0.9}


class Case(NamedTuple):
    """A course, the scale and hour to ask, and what is shown under each choice of the policy."""

    policy: str
    facts: list[Fact]
    scale: str
    hour: float
    shows: dict[str, str]
    measure: str = ""


def inflamed(*parts: list[Fact], told: bool = True) -> list[Fact]:
    """Ferritin with two features on day 4, without CRS."""
    return course(infused(), at(0, *OWN), at(96, *HIGH, *NO_OTHER, *LOW_AST), at(96, TOLD) if told else [], *parts)


def bloods(hour: float, **values: float) -> list[Fact]:
    return at(hour, *(laboratory(what, value) for what, value in {**WINDOW, **values}.items()))


def grown(*parts: list[Fact]) -> list[Fact]:
    return course(infused(), age(58), *parts)


CRS_FIRST = course(
    infused(), at(0, *OWN), at(24, temperature(39.5), TOLD), at(30, laboratory("ferritin", 5000)),
    at(34, temperature(36.8)), at(40, laboratory("ferritin", 5300), *HIGH[1:], *NO_OTHER, *LOW_AST),
)  # fmt: skip
NO_BASE = course(
    infused(), at(96, laboratory("ferritin", 9000, upper_limit=400), laboratory("ast", 900, upper_limit=40),
                  laboratory("fibrinogen", 90), laboratory("platelets", 90), *NO_OTHER, TOLD),
)  # fmt: skip
LYSED = {"uric_acid": 9.0, "potassium": 6.5}

CASES = (
    Case("iec_hs_features", inflamed(), IEC_HS, 97, {"1": "1", "2": "1", "3": "0"}),
    Case("iec_hs_timing", CRS_FIRST, IEC_HS, 41, {"independent_of_crs": "0", "any_time": "1"}),
    Case("iec_hs_infection", inflamed(at(97, context(infection_excluded=False))), IEC_HS, 98,
         {"not_called": "0", "called": "1"}),
    Case("iec_hs_cause_untold", inflamed(at(97, context(bleeding="none", new_organ_failure="none", interventions=[])),
         told=False), IEC_HS, 98, {"not_called": "0", "called": "1"}),
    Case("iec_hs_liver_baseline", NO_BASE, IEC_HS, 97, {"not_counted": "0", "taken_normal": "1"}),
    Case("iec_hs_support", inflamed(at(98, oxygen("ecmo"))), IEC_HS, 99, {"not_counted": "1", "counted": "4"}),
    Case("iec_hs_ferritin_rise_percent", [*CRS_FIRST, *at(41, laboratory("ferritin", 5600))], IEC_HS, 42,
         {"10": "1", "15": "0"}),
    Case("tls_change", grown(bloods(-24), bloods(48, uric_acid=7.0, potassium=5.5)), TLS, 49,
         {"not_counted": "0", "counted": "1"}, "laboratory_tumor_lysis"),
    Case("tls_together_hours", grown(bloods(24, uric_acid=9.0), bloods(96, potassium=6.5)), TLS, 97,
         {"0": "1", "24": "0"}, "laboratory_tumor_lysis"),
    Case("tls_child_years", course(infused(), age(17), bloods(48, uric_acid=9.0, phosphate=5.0)), TLS, 49,
         {"16": "1", "18": "0"}, "laboratory_tumor_lysis"),
    Case("tls_creatinine_upper_limit", grown(bloods(48, **LYSED, creatinine=2.0)), TLS, 49,
         {"0": ">= 0 without creatinine_upper_limit", "1.2": "2", "1.5": "0"}),
    Case("tls_calcium", grown(bloods(48, uric_acid=9.0, calcium=6.5)), TLS, 49,
         {"not_counted": "0", "total_as_measured": "1"}, "laboratory_tumor_lysis"),
    Case("tls_seizure", grown(bloods(48, **LYSED), at(50, seizure(duration_min=1, returned_to_baseline=True))), TLS, 51,
         {"not_counted": "0", "counted": "2"}),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.policy)
def test_each_choice_of_a_policy_shows(case: Case) -> None:
    from toxicity.further import further

    for choice, shows in case.shows.items():
        found = further(case.facts, case.scale, case.hour, **{case.policy: choice})
        assert found is not None
        answer = (
            f"{found.measures[case.measure]:g}"
            if case.measure
            else shown(case.facts, case.scale, case.hour, **{case.policy: choice})
        )
        assert answer == shows, choice


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.policy)
def test_a_policy_that_decides_is_named(case: Case) -> None:
    """Under its default at the least; an age that is known needs no flag."""
    if case.policy != "tls_child_years":
        named = [case.policy in decided(case.facts, case.scale, case.hour, **{case.policy: one}) for one in case.shows]
        assert any(named)


def test_every_policy_has_its_course() -> None:
    drawn = {case.policy: set(case.shows) for case in CASES}
    for name, policy in load_rules().policies.items():
        if set(policy.scales) & {"iec_hs", "tls"} and name.startswith(("iec_hs_", "tls_")):
            assert drawn[name] == set(policy.choices) if policy.choices else f"{policy.default:g}" in drawn[name], name
