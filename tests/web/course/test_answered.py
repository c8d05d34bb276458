"""Answers on the timeline and in the pack: to what, who has it, the note; nothing that only a program reads."""

from __future__ import annotations

import pytest

from cartway.record import Fact
from cartway.vocabulary import vocabulary
from cartway.web.course.answered import ANSWERED
from cartway.web.course.timeline import particulars_of

ONSET = "2026-03-15T00:02:00Z"


@pytest.mark.parametrize(
    ("what", "choice", "about", "detail", "words"),
    [
        (
            "alert_acknowledgement", "taken", "cytokine_release",
            {"alert": "cytokine_release", "onset": ONSET, "seen": ["crs_grade:1"], "owner": "physician"},
            [("to", "Cytokine release"), ("with", "physician")],
        ),
        (
            "alert_outcome", "acted", "neurotoxicity",
            {"alert": "neurotoxicity", "onset": ONSET, "text": "dexamethasone"},
            [("to", "Neurotoxicity"), ("", "dexamethasone")],
        ),
        (
            "due_answer", "done", "blood_cultures",
            {"task": "blood_cultures", "due": ONSET, "text": "drawn at the referring ward"},
            [("to", "Blood cultures"), ("", "drawn at the referring ward")],
        ),
        (
            "protocol_answer", "declined", "tocilizumab",
            {"step": "tocilizumab", "grade": "3", "said": "Tocilizumab 660 mg", "text": "given elsewhere"},
            [("to", "Tocilizumab 660 mg"), ("", "given elsewhere")],
        ),
        ("alert_outcome", "known", "of_another_edition", {"onset": ONSET}, [("to", "of another edition")]),
    ],
)  # fmt: skip
def test_what_is_said(
    what: str, choice: str, about: str, detail: dict[str, object], words: list[tuple[str, str]]
) -> None:
    fact = Fact("c1", 0, what, choice=choice, about=about, detail=detail, simulated=True)
    assert list(particulars_of(fact)) == words


def test_every_answer_there_is() -> None:
    assert set(vocabulary().variables) >= ANSWERED
