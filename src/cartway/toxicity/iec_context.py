"""What the record says of IEC-HS beside the laboratory: an infection or another cause, marrow, bleeding, treatment.

Each field holds until it is told anew; a note that speaks of bleeding alone leaves "infection excluded" as it was.
Words are read as a clinician would: "none" is none, "mild" is mild, what names a ventilator, dialysis or a threat to
life is that, any other bleeding or failure is severe.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cartway.record.fact import Fact
from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.kernel import kernel

# The private part of the state: each field as it was last told, and by which fact; then how ferritin went along CRS.
CONTEXT = lab.PRIVATE_IEC_HS
INFECTION, PROGRESSED, MARROW, BLED, FAILED, GIVEN, IN_DANGER = range(7)
FIELDS = 7
IMPROVED_AT = CONTEXT + 2 * FIELDS
FERRITIN_LAST, FERRITIN_LEAST, ROSE, MET_SINCE, DIRECTED_AT, DIRECTED_POSITION = (IMPROVED_AT + i for i in range(1, 7))
TOLD_AT = DIRECTED_POSITION + 1  # the instant of the last note; a field told at it is marked by JUST_TOLD
JUST_TOLD = 0.5
OPEN, JUST_OPEN = TOLD_AT + 1, TOLD_AT + 2  # what may be an infection and has no answer yet, as bits; of the last note
CHARTED_UNTIL = TOLD_AT + 3

# How a field is told, worst last. NOT_TOLD: the fact does not speak of it.
NOT_TOLD, ABSENT, MILD, SEVERE, LIFE_THREATENING = range(5)
STEPS = 5  # a field is one digit of the code in this base
TREATMENT = -1.0  # the code of a treatment, which counts from the syndrome's onset on
CHARTED = LIFE_THREATENING  # of INFECTION: one was proven; SEVERE: the team said that it is not ruled out

# What the record says of infections is coded below TREATMENT: -2 - 4 * which - what.
SEARCHES = ("blood_culture", "urine_culture", "chest_imaging", "respiratory_panel", "cerebrospinal_fluid", "other")
INFECTED = len(SEARCHES)  # beside the searches: an infection
PENDING, NEGATIVE, PROVEN, ENDS = range(4)
STERILE = frozenset({"blood_culture", "cerebrospinal_fluid"})  # what grows elsewhere may be a colonization

DIRECTED = frozenset({"anakinra", "emapalumab", "ruxolitinib"})
DIRECTED_STRENGTH = 4.0  # of a drug that masks a fever and is directed against hyperinflammation, see `bedside.mask`
PRODUCTS = frozenset({"cryoprecipitate", "fibrinogen", "plasma"})

_DENIED = re.compile(r"\b(?:no|not|non|without|never|nor)\b[\s-]+(?:(?:on|in|a|an|any|requiring|needing)\s+)*[\w-]+")
_NONE = re.compile(r"^\W*(?:none|no|nil|absent|false|not present|resolved|needed|required)?\W*$")
_THREAT = re.compile(
    r"life|intracranial|intracerebral|cerebral|massive|catastroph|shock|intubat|ventilat|dialysis|crrt|hemofiltration"
    r"|haemofiltration|renal replacement|ecmo|multi-?\s?organ|grade 4"
    r"|(?:two|multiple|several|2) (?:vaso)?pressors"
)
_MILD = re.compile(r"mild|minor|petechia|bruis|asymptomatic|trace|grade [12]")


@kernel
def iec_told(s: Vector, field: int) -> float:
    """How a field of the context was last told, NOT_TOLD where it never was."""
    return float(int(max(s[CONTEXT + 2 * field], 0.0)))


@kernel
def absorb_directed(s: Vector, strength: float, at: float, position: float) -> None:
    """A drug against hyperinflammation was given."""
    if strength >= DIRECTED_STRENGTH:
        s[DIRECTED_AT] = at
        s[DIRECTED_POSITION] = position
        s[lab.DIRTY_CHEMISTRY] = 1.0


@kernel
def tell_field(s: Vector, field: int, level: int, position: float) -> None:
    """Take one field: it replaces what was told before this instant, and what was told at it where it is worse."""
    j = CONTEXT + 2 * field
    told_before = s[j] == iec_told(s, field) or s[j] < 0.0
    if level > NOT_TOLD and (told_before or level > s[j]):
        s[j] = level + JUST_TOLD
        s[j + 1] = position


@kernel
def tell_charted(s: Vector, until: float, position: float) -> None:
    """Take an infection that was proven, and its end; of two at one instant the later end stands."""
    told_now = s[CONTEXT + 2 * INFECTION] == CHARTED + JUST_TOLD
    s[CHARTED_UNTIL] = max(s[CHARTED_UNTIL], until) if told_now else until
    b.soon(s, until)
    tell_field(s, INFECTION, CHARTED, position)


@kernel
def absorb_infection(s: Vector, code: int, at: float, until: float, position: float) -> None:
    """Take what the record says of infections: a search and its result, an infection that was charted or ruled out.

    One that was proven since the infusion may explain the syndrome; any other, and a search without a result, leave it
    open whether one does. Of two words at one instant the worse stands.
    """
    which, what = code // 4, code % 4
    bit = 1 << which
    last = int(max(s[JUST_OPEN], 0.0))
    if what == ENDS:
        tell_field(s, INFECTION, ABSENT, position)  # this one: whether there is another is for the team to say
    if what == PROVEN and s[b.INFUSED_AT] >= 0.0:
        tell_charted(s, until if until > at else b.FOREVER, position)
    elif what != NEGATIVE:
        s[OPEN] = float(int(max(s[OPEN], 0.0)) | bit)
        s[JUST_OPEN] = float(last | bit)
    elif (last // bit) % 2 == 0 and s[OPEN] > 0.0 and (int(s[OPEN]) // bit) % 2 == 1:
        s[OPEN] -= float(bit)


@kernel
def iec_open(s: Vector) -> bool:
    """Whether something may be an infection and has no answer."""
    return s[OPEN] > 0.0


@kernel
def iec_charted(s: Vector, now: float) -> bool:
    """Whether an infection was proven that lasts, with no word of the team since."""
    return iec_told(s, INFECTION) == CHARTED and now < s[CHARTED_UNTIL]


@kernel
def absorb_context(s: Vector, code: float, at: float, until: float, position: float) -> None:
    """Take what a fact says of the syndrome: each field that it speaks of replaces what was told of it before.

    Of two words at one instant the worse stands.
    """
    if code == TREATMENT:
        absorb_directed(s, DIRECTED_STRENGTH, at, position)
        return
    if at > s[TOLD_AT]:
        s[TOLD_AT] = at
        s[JUST_OPEN] = 0.0
        for field in range(FIELDS):
            s[CONTEXT + 2 * field] = iec_told(s, field)
    left = int(max(code, 0.0))
    if code < TREATMENT:
        absorb_infection(s, -2 - int(code), at, until, position)
    elif left % STEPS == ABSENT:
        s[OPEN] = s[JUST_OPEN]  # the team ruled it out: what was searched for before has its answer
    for field in range(FIELDS):
        tell_field(s, field, left % STEPS, position)
        left //= STEPS
    s[lab.DIRTY_CHEMISTRY] = 1.0


def context_code(fact: Fact) -> float:
    """What a fact says of the syndrome as one number; 0 where it says nothing.

    An `iec_hs_context`, an infection or a search for one, the transfusion of a clotting product, or the attribution of
    a hyperinflammation to another cause.
    """
    if fact.what == "transfusion":
        return TREATMENT if fact.choice in PRODUCTS else 0.0
    if fact.what == "infection":
        return float(-2 - 4 * INFECTED - _infection(fact))
    if fact.what == "infection_work_up":
        return float(-2 - 4 * SEARCHES.index(fact.choice) - _result(fact)) if fact.choice in SEARCHES else 0.0
    if fact.what == "attribution":
        return _coded({INFECTION: SEVERE}) if fact.choice == "hyperinflammation" else 0.0
    if fact.what != "iec_hs_context":
        return 0.0
    detail = fact.detail
    fields = {
        INFECTION: _excluded(detail.get("infection_excluded")),
        PROGRESSED: _excluded(detail.get("progression_excluded")),
        MARROW: _flag(detail.get("haemophagocytosis")),
        BLED: max(_graded(detail.get("bleeding")), _bleeding_in(detail.get("coagulopathy"))),
        FAILED: _graded(detail.get("new_organ_failure")),
        GIVEN: _given(detail),
        IN_DANGER: _judged(detail),
    }
    return _coded(fields)


def _infection(fact: Fact) -> int:
    """An infection: proven, not proven (a viral one is found in many who are well otherwise), or ruled out."""
    if fact.choice == "none":
        return ENDS
    return PROVEN if fact.detail.get("proven") and fact.choice != "viral" else PENDING


def _result(fact: Fact) -> int:
    """A search for an infection: without a result, or positive where germs live anyhow, it leaves the question open."""
    result = str(fact.detail.get("result") or "").casefold()
    if result == "negative":
        return NEGATIVE
    return PROVEN if result == "positive" and fact.choice in STERILE else PENDING


def _coded(fields: Mapping[int, int]) -> float:
    return float(sum(level * STEPS**field for field, level in fields.items()))


def _excluded(told: Any) -> int:
    return NOT_TOLD if told is None else ABSENT if told else SEVERE


def _flag(told: Any) -> int:
    return NOT_TOLD if told is None else SEVERE if told else ABSENT


def _graded(told: Any) -> int:
    """A bleeding or a failure in words."""
    if told is None:
        return NOT_TOLD
    said = _DENIED.sub(" ", str(told).casefold().replace("_", " "))
    if _NONE.match(said):
        return ABSENT
    if _THREAT.search(said):
        return LIFE_THREATENING
    return MILD if _MILD.search(said) else SEVERE


def _bleeding_in(told: Any) -> int:
    """A coagulopathy is a bleeding only where it says so, or that it needed transfusion."""
    said = str(told or "").casefold()
    return _graded(told) if "bleed" in said or "hemorrh" in said or "haemorrh" in said else NOT_TOLD


def _given(detail: Mapping[str, Any]) -> int:
    told = detail.get("interventions")
    if told is None:
        return NOT_TOLD
    return MILD if [each for each in told if not _NONE.match(str(each).casefold())] else ABSENT


def _judged(detail: Mapping[str, Any]) -> int:
    """The team's own word on how severe it is."""
    if detail.get("life_threatening"):
        return LIFE_THREATENING
    told = str(detail.get("severity") or "").casefold()
    if "moderate" in told:
        return MILD
    level = _graded(told) if told else NOT_TOLD
    return ABSENT if level == MILD else level
