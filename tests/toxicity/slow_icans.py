"""ICANS by ASTCT 2019, the slow way: the table's rows at one instant. See `slow_twin`."""

from __future__ import annotations

from toxicity.slow_chart import (
    BACK,
    FOREVER,
    NO_DURATION,
    NO_RETURN,
    NOT_TOLD,
    UNABLE,
    Answer,
    Chart,
    Marks,
    Reading,
    note_unreadable,
    value_of,
)


def icans_at(c: Chart, now: int) -> Answer | None:
    """The worst domain, each only where no other cause explains it."""
    if (cause := c.death(now)) is not None and c.infused_at is not None and now >= c.infused_at:
        return Marks().answer(5) if cause == "icans" else None
    if not c.covered(now):
        return None
    marks = Marks()
    score, awake = score_row(c, now, marks), consciousness_row(c, now, marks)
    events = max(row(c, now, marks) for row in (seizure_row, motor_row, edema_row, sign_row))
    grade = max(score or 0, awake or 0, events)
    if grade == 0 and marks.missing & {"ice_score", "capd_score"} and "consciousness" in marks.missing:
        return marks.answer(None)
    if grade >= 4:
        marks.missing.clear()
    return marks.answer(grade)


def how_taken(c: Chart, what: str, reading: Reading) -> tuple[str, str]:
    """How a reading stands as it was made ("counts", "excused", "invalid"), and the policy that says so, if any."""
    asleep = no_score(c, what, reading, reading.at)
    tube = what == "ice_score" and c.intubated(reading.at)
    if c.attributed(_feature(what), reading.at):
        return "excused", "sedation" if asleep or c.sedated_within_a_day(reading.at) else ""
    asleep = asleep and not is_best(what, reading)  # a full score, or awake, is true under any drug
    if asleep and c.policy("sedation") == "not_assessable":
        return "invalid", "sedation"
    if tube and c.policy("intubated_score") == "not_assessable":
        return "invalid", "intubated_score"
    return "counts", "sedation" if asleep else "intubated_score" if tube else ""


def is_best(what: str, reading: Reading) -> bool:
    """A full ICE, or awake."""
    full = what == "ice_score" and reading.value == 10 and not reading.incomplete
    return full or (what == "consciousness" and reading.value == 0)


def no_score(c: Chart, what: str, reading: Reading, now: int) -> bool:
    """Whether such a reading cannot be made now: sedated, or RASS too deep for a score that is a number."""
    number = what != "consciousness" and reading.value != UNABLE
    return c.sedated(now) or (number and c.too_deep(now))


def _feature(what: str) -> str:
    return "consciousness" if what == "consciousness" else "score"


def stands(c: Chart, what: str, reading: Reading, now: int, marks: Marks) -> str:
    """How a reading stands now: an attribution made later excuses it while it lasts."""
    how, policy = how_taken(c, what, reading)
    marks.policies |= {policy} - {""}
    return "excused" if c.attributed(_feature(what), now) else how


def overtaken(c: Chart, what: str, reading: Reading, now: int, marks: Marks) -> bool:
    """Whether sedation or the tube came after a reading that counts: it is the least there is, today's is missing."""
    if how_taken(c, what, reading) != ("counts", ""):
        return False
    slept = no_score(c, what, reading, reading.at)  # a best reading made under sedation: only what came later overtakes
    number = what != "consciousness" and reading.value != UNABLE
    after = reading.at if slept else -FOREVER
    asleep = c.sedated_by_later(after, now) or (number and c.too_deep(now, after))
    asleep = asleep and c.policy("sedation") == "not_assessable"
    tube = what == "ice_score" and c.intubated(now) and c.policy("intubated_score") == "not_assessable"
    if asleep or tube:
        marks.policies.add("sedation" if asleep else "intubated_score")
        marks.missing.add(what)
    return asleep or tube


def score_row(c: Chart, now: int, marks: Marks) -> float | None:
    """CAPD below 12 years, ICE from 12 on; the other's score where only that was taken (a policy)."""
    years = c.age(now)
    child = years is not None and years < float(c.policy("age_switch_years"))
    own, other = ("capd_score", "ice_score") if child else ("ice_score", "capd_score")
    reading, spare = c.reading(own, now), c.reading(other, now)
    if reading is not None:
        if stands(c, own, reading, now, marks) != "counts":
            marks.missing.add(own)
            return None
        if years is None:
            marks.policies.add("unknown_age")
        return score_grade(c, own, reading, now, marks)
    note_unreadable(c, own, now, marks)
    if spare is not None:
        marks.policies.add("score_for_age")
        if c.policy("score_for_age") == "other_if_alone" and stands(c, other, spare, now, marks) == "counts":
            return score_grade(c, other, spare, now, marks)
    marks.missing.add(own)
    return None


def score_grade(c: Chart, what: str, reading: Reading, now: int, marks: Marks) -> float:
    overtaken(c, what, reading, now, marks)
    return ice_grade(c, reading, now, marks) if what == "ice_score" else capd_grade(c, reading, now, marks)


def ice_grade(c: Chart, reading: Reading, now: int, marks: Marks) -> float:
    """10 is 0, 7 to 9 is 1, 3 to 6 is 2, 0 to 2 is 3."""
    score, usual = reading.value or 0, c.baseline("baseline_ice_score", now)
    if reading.incomplete:
        marks.missing.add("ice_items")
    if usual is not None and usual <= score < 10:
        marks.policies.add("baseline_ice")
        if c.policy("baseline_ice") == "unchanged_is_zero":
            return 0
    return next(grade for least, grade in ((10, 0), (7, 1), (3, 2), (0, 3)) if score >= least)


def capd_grade(c: Chart, reading: Reading, now: int, marks: Marks) -> float:
    """Unable is 4, positive 3 (unless usual behavior), else 1 with a new change or a rise from before the infusion."""
    score = reading.value or 0
    if score == UNABLE:
        return 4
    if score >= float(c.policy("capd_positive")):
        if said_yes(c, "usual_behavior_per_parent", now):
            marks.policies.add("parent_usual_behavior")
            return 0
        return 3
    before = [r for r in c.read["capd_score"] if r.at < (c.infused_at or 0) and r.value is not None]
    lowest = min(_capds_at(c, before[-1].at)) if before else None
    marks.policies.add("capd_grade_1")
    changed = said_yes(c, "new_neurological_change", now) or (lowest is not None and score > lowest)
    return 1 if changed or c.policy("capd_grade_1") == "literal" else 0


def _capds_at(c: Chart, at: int) -> list[float]:
    return [v for f in c.said("capd_score") if f.at == at and (v := value_of(f)) is not None]


def said_yes(c: Chart, what: str, now: int) -> bool:
    reading = c.reading(what, now)
    return reading is not None and reading.value == 1


def awake_by_ice(c: Chart, now: int) -> bool:
    """Whether a full ICE, later than any word on consciousness, was given awake (a policy)."""
    ice, message = c.reading("ice_score", now), c.message("consciousness", now)
    if ice is None or ice.value != 10 or ice.incomplete or c.policy("full_ice_implies_awake") == "no":
        return False
    if message is not None and ice.at <= message.at:
        return False
    marks = Marks()
    if overtaken(c, "ice_score", ice, now, marks) and "sedation" in marks.policies and c.sedated(now):
        return False
    return not less_awake_since(c, ice.at, now) and stands(c, "ice_score", ice, now, Marks()) == "counts"


def less_awake_since(c: Chart, at: int, now: int) -> bool:
    """Whether RASS or GCS, read after `at`, says less than awake: they grade nothing, but "awake" no longer holds."""
    rass, gcs = c.reading("rass_score", now), c.reading("gcs_score", now)
    drowsy = rass is not None and rass.at > at and (rass.value or 0) < 0
    return drowsy or (gcs is not None and gcs.at > at and (gcs.value or 0) < 15)


def consciousness_row(c: Chart, now: int, marks: Marks) -> float | None:
    """Awake 0, to voice 2, to touch 3, vigorous stimuli or unarousable 4. A full ICE was given awake (a policy)."""
    if awake_by_ice(c, now):
        return 0
    reading = c.reading("consciousness", now)
    note_unreadable(c, "consciousness", now, marks)
    trial = Marks()
    how = stands(c, "consciousness", reading, now, trial) if reading else "unread"
    if reading is None or how == "invalid" or reading.value:
        marks.policies |= trial.policies
    if how in ("unread", "invalid"):
        marks.missing.add("consciousness")
        return None
    if reading is None or (how == "excused" and reading.value):
        return 0
    overtaken(c, "consciousness", reading, now, marks)
    if reading.value == 0 and less_awake_since(c, reading.at, now):
        marks.missing.add("consciousness")
    return (0, 2, 3, 4, 4)[int(reading.value or 0)]


def assessed_at(c: Chart, after: int, now: int) -> bool:
    """Whether a reading that counts was made after a seizure: a score, or awake."""
    found = [
        (what, r) for what in ("ice_score", "capd_score", "consciousness") for r in c.read[what] if after < r.at <= now
    ]
    quiet = any(r.value == 0 and after < r.at <= now for r in c.read["seizure"])
    told = [(what, r) for what, r in found if r.value is not None and (what != "consciousness" or r.value == 0)]
    return quiet or any(how_taken(c, what, r)[0] == "counts" for what, r in told)


def seizure_row(c: Chart, now: int, marks: Marks) -> float:
    """Brief is 3, over 5 minutes or without return to baseline 4.

    Seizures with no assessment between them are one event: the worst of them counts, from the latest on; and unless the
    return to baseline is told, it may not have been.
    """
    message = c.message("seizure", now)
    if message and message.value is None and not assessed_at(c, message.at, now):
        marks.missing.add("seizure")
        marks.policies.add("unreadable_value")
    fits = [
        r for r in c.read["seizure"] if c.since(now) <= r.at <= now and r.value and not c.attributed("seizure", r.at)
    ]
    if not fits or now >= fits[-1].at + c.valid_for("seizure") or c.attributed("seizure", now):
        return 0
    event = [fits[-1]]
    for before in reversed(fits[:-1]):
        if event[0].at >= before.at + c.valid_for("seizure") or assessed_at(c, before.at, event[0].at):
            break
        event.insert(0, before)
    if assessed_at(c, fits[-1].at, now):
        marks.policies.add("seizure_holds")
        if c.policy("seizure_holds") == "until_assessed":
            return 0
    again = [NO_RETURN for r in event[:-1] if r.value not in (BACK, NO_DURATION)]  # between them nothing was told
    worst = max([*(r.value or 0 for r in event), *again])
    marks.missing |= {NOT_TOLD[worst]} if worst in NOT_TOLD else set()
    return 4 if worst == 4 else 3


def finding(c: Chart, what: str, now: int, least: float, marks: Marks) -> Reading | None:
    """A finding of at least `least` that holds and has no other cause.

    One that was there and is too old, or was followed by a message that could not be read, is missing and never none.
    """
    feature = {"motor_weakness": "motor"}.get(what, what)
    if c.could_not_be_read(what, now):
        marks.missing.add(what)
        marks.policies.add("unreadable_value")
    readable = [r for r in c.read[what] if c.since(now) <= r.at <= now and r.value is not None]
    if not readable or (readable[-1].value or 0) < least or c.excused(feature, readable[-1], now):
        return None
    if c.reading(what, now) is None:
        marks.missing.add(what)
        return None
    return readable[-1]


def motor_row(c: Chart, now: int, marks: Marks) -> float:
    """Deep focal weakness is 4."""
    return 4 if finding(c, "motor_weakness", now, 2, marks) else 0


def edema_row(c: Chart, now: int, marks: Marks) -> float:
    """Focal is 3, diffuse 4; with an intracranial hemorrhage it is graded by CTCAE (a policy)."""
    found = finding(c, "cerebral_edema", now, 1, marks)
    if not found:
        return 0
    if said_yes(c, "intracranial_hemorrhage", now):
        marks.policies.add("hemorrhage_edema")
        if c.policy("hemorrhage_edema") == "excluded":
            return 0
    return 2 + (found.value or 0)


def sign_row(c: Chart, now: int, marks: Marks) -> float:
    """Any sign of raised intracranial pressure is 4."""
    return 4 if finding(c, "raised_pressure_sign", now, 1, marks) else 0
