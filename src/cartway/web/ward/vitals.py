"""The vital signs of a row: the last of each, how it is written in little room, and when it is too old to rely on."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cartway.record import UNREADABLE, Fact
from cartway.times import HOUR, Instant
from cartway.toxicity import Rules
from cartway.web.ward.standing import Standing

WINDOW = {  # the policy that says how long a reading holds; the saturation is read together with the oxygen given
    "body_temperature": "temperature_valid_hours",
    "systolic_pressure": "pressure_valid_hours",
    "oxygen_saturation": "oxygen_valid_hours",
    "oxygen_device": "oxygen_valid_hours",
    "ice_score": "neurology_valid_hours",
    "capd_score": "neurology_valid_hours",
}
ITEMS = ("ice_orientation", "ice_naming", "ice_command", "ice_writing", "ice_attention")
DEVICE = {
    "room_air": "air", "nasal_cannula": "cannula", "high_flow_nasal_cannula": "high flow", "simple_mask": "mask",
    "venturi_mask": "Venturi", "partial_rebreather_mask": "rebreather", "non_rebreather_mask": "non-rebreather",
    "tracheostomy_mask": "trach mask", "cpap": "CPAP", "bipap": "BiPAP", "bag_mask": "bag-mask",
    "invasive_ventilation": "ventilator", "ecmo": "ECMO",
}  # fmt: skip
SETTING = {"oxygen_flow": "L/min", "inspired_oxygen": "%"}
NO_SCORE = frozenset({"score_unread", "score_under_sedation", "score_excused"})
UNREAD = "?"  # it arrived and could not be read


class Vital(msgspec.Struct, frozen=True):
    """One reading in a row. `holds`: for how many hours; None where a policy lets it hold until it is replaced.

    `note`: the diastolic pressure, the score's name. `counts`: it is a reason of the grade now, beyond "nothing found".
    `past`: a score that stands no more, or from before the patient was less awake; a saturation from before the
    oxygen given now. `support`: the oxygen given, a fact of its own with its own time.
    """

    kind: str
    text: str
    at: Instant
    holds: float | None
    note: str = ""
    counts: bool = False
    past: bool = False
    support: Vital | None = None


def vitals(standing: Standing, rules: Rules, signs: frozenset[int]) -> dict[str, Vital]:
    """Temperature, pressure, saturation with oxygen, and the neurological score, by kind; what was never read is not
    there. `signs`: positions of the facts that the grades rest on.
    """
    observed = standing.observed
    found = {
        "temp": _reading(observed.get("body_temperature"), rules, signs, "body_temperature"),
        "press": _pressure(observed, rules, signs),
        "oxygen": _oxygen(observed, rules, signs),
        "score": _score(standing, rules, signs),
    }
    return {kind: msgspec.structs.replace(vital, kind=kind) for kind, vital in found.items() if vital is not None}


def holding(rules: Rules, *policies: str) -> float | None:
    """For how many hours a reading holds, by the shortest of the policies; None: until it is replaced."""
    if rules.value("observation_validity") == "until_replaced":
        return None
    return min(rules.number(name) for name in policies)


def looked(rules: Rules) -> float | None:
    """For how many hours a look at the patient, whatever it was, is enough: the shortest policy says it."""
    return holding(rules, *WINDOW.values())


def age(at: Instant, holds: float | None, now: Instant) -> str:
    """``old`` past half the time that a reading of `at` holds (a round was missed), ``out`` past all of it, else ""."""
    if holds is None or now - at < holds * HOUR / 2:
        return ""
    return "old" if now - at < holds * HOUR else "out"


def _reading(fact: Fact | None, rules: Rules, signs: frozenset[int], what: str) -> Vital | None:
    if fact is None:
        return None
    text = _number(fact, 1 if what == "body_temperature" else 0)
    return Vital("", text, fact.at, holding(rules, WINDOW[what]), counts=fact.position in signs)


def _number(fact: Fact, places: int) -> str:
    if fact.what == UNREADABLE or fact.value is None:
        return UNREAD
    return f"{fact.value:.{places}f}"


def _pressure(observed: Mapping[str, Fact], rules: Rules, signs: frozenset[int]) -> Vital | None:
    """Systolic over diastolic, where both were read together."""
    systolic, diastolic = observed.get("systolic_pressure"), observed.get("diastolic_pressure")
    vital = _reading(systolic, rules, signs, "systolic_pressure")
    if vital is None or systolic is None or diastolic is None or diastolic.at != systolic.at:
        return vital
    return msgspec.structs.replace(vital, note=_number(diastolic, 0))


def _oxygen(observed: Mapping[str, Fact], rules: Rules, signs: frozenset[int]) -> Vital | None:
    """The saturation, and the oxygen given. What was read before the device or its flow was charted was not read on it.

    Nothing read: a saturation without text, which is as old as the support.
    """
    vital = _reading(observed.get("oxygen_saturation"), rules, signs, "oxygen_saturation")
    support = _support(observed, rules, signs)
    if support is None:
        return vital
    if vital is None:
        vital = Vital("", "", support.at, support.holds)
    return msgspec.structs.replace(vital, support=support, past=bool(vital.text) and vital.at < support.at)


def _support(observed: Mapping[str, Fact], rules: Rules, signs: frozenset[int]) -> Vital | None:
    """``cannula 2 L/min``, ``ventilator 40 %``, ``air``. A flow or concentration from before the device is not its."""
    device = observed.get("oxygen_device")
    if device is None:
        return None
    settings = [] if device.choice == "room_air" else [observed.get("oxygen_flow"), observed.get("inspired_oxygen")]
    own = [fact for fact in settings if fact is not None and fact.value is not None and fact.at >= device.at]
    words = [DEVICE.get(device.choice, device.choice.replace("_", " "))]
    words += [f"{fact.value:g} {SETTING[fact.what]}" for fact in own]
    text = UNREAD if device.what == UNREADABLE else " ".join(words)
    given = [device, *own]
    at, counts = max(fact.at for fact in given), any(fact.position in signs for fact in given)
    return Vital("support", text, at, holding(rules, WINDOW["oxygen_device"]), counts=counts)


def _score(standing: Standing, rules: Rules, signs: frozenset[int]) -> Vital | None:
    """ICE or CAPD: the newest, by its own number, by the sum of its items, or what is still possible where some of them
    were not asked; the note says which it is.
    """
    observed = standing.observed
    scores = [observed[what] for what in ("ice_score", "capd_score") if what in observed]
    newest = max([*scores, *_by_items(observed)], key=_when, default=None)
    asked = max((observed[what] for what in ITEMS if what in observed), key=_when, default=None)
    holds = holding(rules, WINDOW["ice_score"])
    if asked is not None and (newest is None or asked.at > newest.at):
        return Vital("", _at_most(standing), asked.at, holds, "ICE", counts=asked.position in signs)
    if newest is None:
        return None
    past = _has_no_score(standing) or _less_awake_since(observed, newest.at)
    text = "unable" if newest.choice else _number(newest, 0)
    note = "CAPD" if observed.get("capd_score") is newest else "ICE"
    return Vital("", text, newest.at, holds, note, counts=newest.position in signs, past=past)


def _when(fact: Fact) -> tuple[Instant, int]:
    return fact.at, fact.position


def _at_most(standing: Standing) -> str:
    """The ICE still possible after items that were asked in part: never an older total in its place."""
    grade = standing.grades.get("icans.astct")
    reasons = grade.episode.because if grade else ()
    possible = [reason.score for reason in reasons if reason.criterion.slug == "ice_incomplete"]
    return f"\N{LESS-THAN OR EQUAL TO} {possible[0]:g}" if possible and possible[0] is not None else UNREAD


def _less_awake_since(observed: Mapping[str, Fact], at: Instant) -> bool:
    """Whether somebody found the patient less than awake after `at`: a score from before says nothing of now."""
    level, rass = observed.get("consciousness"), observed.get("rass_score")
    lowered = level is not None and level.at > at and level.choice != "awake"
    return lowered or (rass is not None and rass.at > at and rass.value is not None and rass.value < 0.0)


def _has_no_score(standing: Standing) -> bool:
    """Whether ICANS is graded, and no score stands in it."""
    grade = standing.grades.get("icans.astct")
    return grade is not None and not any(
        reason.criterion.column == "score" and reason.criterion.slug not in NO_SCORE for reason in grade.episode.because
    )


def _by_items(observed: Mapping[str, Fact]) -> list[Fact]:
    """The five items as one score where all were asked together."""
    items = [observed[what] for what in ITEMS if what in observed]
    if len(items) < len(ITEMS) or len({item.at for item in items}) > 1 or any(item.value is None for item in items):
        return []
    total = sum(item.value for item in items if item.value is not None)
    return [msgspec.structs.replace(items[0], what="ice_score", value=total)]
