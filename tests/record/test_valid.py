"""Is a fact well formed in the words of the vocabulary?"""

from __future__ import annotations

import pytest

from cartway.record import Fact, validate
from cartway.vocabulary import vocabulary
from record.drawing import INFUSION, drawn


@pytest.mark.parametrize(
    "fact",
    [
        drawn(value=38.5),
        Fact("c1", INFUSION, "oxygen_device", choice="nasal_cannula"),
        Fact("c1", INFUSION, "death", choice="infection"),
        Fact("c1", INFUSION, "capd_score", choice="unable_to_perform"),
        Fact("c1", INFUSION, "retraction", amends="k", reason="wrong patient"),
        Fact("c1", INFUSION, "seizure", choice="focal", detail={"duration_min": 3}),
        Fact(
            "c1", INFUSION, "unreadable",
            detail={"variable": "body_temperature", "value": "101.8", "unit": "Cel", "problem": "impossible_value"},
        ),
    ],
)  # fmt: skip
def test_well_formed_facts(fact: Fact) -> None:
    assert validate(fact, vocabulary()) is None


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (drawn(what="body_temperatur"), "unknown_variable"),
        (drawn(value=101.8), "impossible_value"),
        (drawn(value=38.5, unit="[degF]"), "unknown_unit"),
        (drawn(value=38.5, unit=""), "unknown_unit"),
        (drawn(value=None), "missing_value"),
        (drawn(value=float("nan")), "not_a_number"),
        (drawn(until=INFUSION - 1), "ends_before_start"),
        (drawn(course=""), "wrong_type"),
        (drawn(choice="high"), "unknown_choice"),
        (Fact("c1", INFUSION, "oxygen_device", choice="tent"), "unknown_choice"),
        (Fact("c1", INFUSION, "oxygen_device"), "unknown_choice"),
        (drawn(detail={"mood": "good"}), "unknown_detail"),
        (Fact("c1", INFUSION, "seizure", choice="focal", detail={"duration_min": "long"}), "wrong_detail_type"),
    ],
)
def test_what_is_wrong_is_named(fact: Fact, code: str) -> None:
    found = validate(fact, vocabulary())
    assert found is not None
    assert found.code == code
    assert found.reason
    assert found.remedy
