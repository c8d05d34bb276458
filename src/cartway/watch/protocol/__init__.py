"""What the protocol says next: the step of a published protocol for the present grade and what was already given.

It is "the protocol says", never an order. A number that is not confirmed, or a weight that is missing, stale or
implausible, yields the source's words and no dose.
"""

from __future__ import annotations

from cartway.watch.protocol.advice import Advice, Stand, protocol, scales_asked
from cartway.watch.protocol.answers import Answered, answers
from cartway.watch.protocol.changes import Change
from cartway.watch.protocol.dosing import Dose
from cartway.watch.protocol.load import load_doses, load_protocols, load_shared, protocol_of
from cartway.watch.protocol.model import SYNDROMES, DoseRule, Protocol, Row
from cartway.watch.protocol.situation import IEC_HS
from cartway.watch.protocol.step import Step
from cartway.watch.protocol.tally import ELSEWHERE, Tally

__all__ = [
    "ELSEWHERE",
    "IEC_HS",
    "SYNDROMES",
    "Advice",
    "Answered",
    "Change",
    "Dose",
    "DoseRule",
    "Protocol",
    "Row",
    "Stand",
    "Step",
    "Tally",
    "answers",
    "load_doses",
    "load_protocols",
    "load_shared",
    "protocol",
    "protocol_of",
    "scales_asked",
]
