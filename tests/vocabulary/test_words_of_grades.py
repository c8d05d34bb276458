"""No word of the vocabulary that a grade turns on is lost on the way to it."""

from __future__ import annotations

import pytest

from cartway.record.fact import Fact
from cartway.toxicity.coding import code, words
from cartway.vocabulary import vocabulary

DRUGS = vocabulary().variables["drug"].choices
ACTING = frozenset(
    {
        "vasopressor",
        "vasopressin_analogue",
        "inotrope",
        "sympathomimetic",
        "oral_vasopressor",
        "other_vasoactive",
        "sedative",
        "muscle_relaxant",
        "opioid",
        "antipyretic",
        "anti_cytokine",
        "steroid",
    }
)
CHOSEN = [
    *(("drug", name) for name, choice in DRUGS.items() if ACTING & set(choice.classes)),
    *(
        (what, name)
        for what in ("oxygen_device", "consciousness", "motor_weakness", "cerebral_edema", "raised_pressure_sign")
        for name in vocabulary().variables[what].choices
    ),
]


@pytest.mark.parametrize(("what", "choice"), CHOSEN)
def test_a_word_that_a_grade_turns_on_reaches_it(what: str, choice: str) -> None:
    assert code(Fact("x", 0, what, choice=choice), 0, words()) is not None
