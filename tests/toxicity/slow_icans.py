"""ICANS by ASTCT 2019, the slow way: the table's rows at one instant. See `slow_twin`."""

from __future__ import annotations

from typing import NamedTuple

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
    note_worse,
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
    """How a reading stands as it was made ("counts", "excused", "void"), and the policy that says so, if any."""
    if c.attributed(_feature(what), reading.at):
        asleep = no_score(c, what, reading, reading.at)
        return "excused", "sedation" if asleep or c.sedated_within_a_day(reading.at) else ""
    return how_taken_unless_excused(c, what, reading)


def how_taken_unless_excused(c: Chart, what: str, reading: Reading) -> tuple[str, str]:
    """The same where nothing excuses it."""
    asleep = no_score(c, what, reading, reading.at)
    tube = what == "ice_score" and c.intubated(reading.at)
    if is_best(what, reading) and not tube:
        return "counts", ""  # a full score, or awake, is true under any drug
    if asleep and c.policy("sedation") == "not_assessable":
        return "void", "sedation"
    if tube and c.policy("intubated_score") == "not_assessable":
        return "void", "intubated_score"
    drowsy = asleep or c.sedated_lately(reading.at)
    return "counts", "sedation" if drowsy else "intubated_score" if tube else ""


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


class Standing(NamedTuple):
    """The reading of a score or of consciousness that stands now, and how: "counts", "bound" (counts as the least there
    is, for today's is missing), "excused" or "void"; with the policy that says so, if any.
    """

    reading: Reading
    how: str
    policy: str


def is_void(c: Chart, what: str, reading: Reading) -> bool:
    return reading.value is not None and how_taken(c, what, reading)[0] == "void"


def standing(c: Chart, what: str, now: int) -> Standing | None:
    """What stands of a score or of consciousness. An attribution made later excuses it while it lasts."""
    it = standing_as_made(c, what, now)
    if it is None or (what == "consciousness" and it.reading.value == 0):  # awake needs no excuse
        return it
    return it._replace(how="excused") if c.attributed(_feature(what), now) else it


def standing_as_made(c: Chart, what: str, now: int) -> Standing | None:
    """What stands, but for an attribution made later.

    A void reading does not displace the last that counted, which stays as a bound. One that counted is a bound from
    when sedation or the tube came after it.
    """
    messages = [r for r in c.read[what] if c.since(now) <= r.at <= now]
    reading, void = (messages[-1] if messages else None), ""
    if reading is not None and is_void(c, what, reading):
        counted = [r for r in messages if not is_void(c, what, r)][-1:]
        for last in counted:
            recent = reading.at < last.at + c.valid_for(what)
            if recent and last.value is not None and how_taken(c, what, last)[0] == "counts":
                reading, void = last, how_taken(c, what, reading)[1]
    if reading is None or reading.value is None or now >= reading.at + c.valid_for(what):
        return None
    how, policy = how_taken(c, what, reading)
    if how == "counts" and (since := void or overtaken_by(c, what, reading, now)):
        how, policy = "bound", since
    return Standing(reading, how, policy)


def overtaken_by(c: Chart, what: str, reading: Reading, now: int) -> str:
    """The policy by which sedation or the tube came after a reading: the first that did, if any.

    Made under sedation (a full score), only what was charted after it overtakes it.
    """
    slept = no_score(c, what, reading, reading.at)
    after = reading.at if slept else -FOREVER
    number = what != "consciousness" and reading.value != UNABLE
    for then in [at for at in c.instants(now) if reading.at < at and c.covered(at)]:
        asleep = c.sedated_by_later(after, then) or (number and c.too_deep(then, after))
        if asleep and c.policy("sedation") == "not_assessable":
            return "sedation"
        if what == "ice_score" and c.intubated(then) and c.policy("intubated_score") == "not_assessable":
            return "intubated_score"
    return ""


def score_row(c: Chart, now: int, marks: Marks) -> float | None:
    """CAPD below 12 years, ICE from 12 on; the other's score where only that was taken (a policy)."""
    years = c.age(now)
    child = years is not None and years < float(c.policy("age_switch_years"))
    own, other = ("capd_score", "ice_score") if child else ("ice_score", "capd_score")
    mine, spare = standing(c, own, now), standing(c, other, now)
    if mine is not None:
        grade = score_grade(c, own, mine, now, marks)
        if grade is not None and years is None:
            marks.policies.add("unknown_age")
        if grade is None:
            marks.missing.add(own)
        return grade
    note_unreadable(c, own, now, marks)
    if spare is not None:
        marks.policies.add("score_for_age")
        if c.policy("score_for_age") == "other_if_alone":
            grade = score_grade(c, other, spare, now, marks)
            if grade is not None:
                return grade
    marks.missing.add(own)
    return None


def score_grade(c: Chart, what: str, it: Standing, now: int, marks: Marks) -> float | None:
    """The grade of a score that stands; None where it is excused or void. A bound is the least there is."""
    marks.policies |= {it.policy} - {""}
    if level_of(c, what, it.reading, now):
        note_worse(c, "score", now, marks)
    if it.how in ("excused", "void"):
        return None
    if it.how == "bound":
        marks.missing.add(what)
    row = ice_grade if what == "ice_score" else capd_grade
    return row(c, it.reading, now, marks)


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
    ice, word = standing(c, "ice_score", now), standing(c, "consciousness", now)
    if ice is None or ice.how != "counts" or not is_best("ice_score", ice.reading):
        return False
    message = c.message("consciousness", now)
    said_at = word.reading.at if word else message.at if message and message.value is None else -FOREVER
    implied = c.policy("full_ice_implies_awake") == "yes" and ice.reading.at > said_at
    return implied and not less_awake_since(c, ice.reading.at, now)


def less_awake_since(c: Chart, at: int, now: int) -> bool:
    """Whether RASS or GCS, read after `at`, says less than awake: they grade nothing, but "awake" no longer holds."""
    rass, gcs = c.reading("rass_score", now), c.reading("gcs_score", now)
    drowsy = rass is not None and rass.at > at and (rass.value or 0) < 0
    return drowsy or (gcs is not None and gcs.at > at and (gcs.value or 0) < 15)


def consciousness_row(c: Chart, now: int, marks: Marks) -> float | None:
    """Awake 0, to voice 2, to touch 3, vigorous stimuli or unarousable 4. A full ICE was given awake (a policy)."""
    if awake_by_ice(c, now):
        return 0
    it = standing(c, "consciousness", now)
    note_unreadable(c, "consciousness", now, marks)
    if it is None:
        marks.missing.add("consciousness")
        return None
    level = int(it.reading.value or 0)
    if level or it.how in ("void", "bound"):
        marks.policies |= {it.policy} - {""}
    if level:
        note_worse(c, "consciousness", now, marks)
    if it.how == "excused" and level:
        return 0
    if it.how == "void":
        marks.missing.add("consciousness")
        return None
    if it.how == "bound" or (level == 0 and less_awake_since(c, it.reading.at, now)):
        marks.missing.add("consciousness")
    return (0, 2, 3, 4, 4)[level]


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
    last = c.reading("seizure", now)
    over = c.policy("seizure_holds") == "until_assessed"
    if last and last.value and not (over and assessed_at(c, last.at, now)):
        note_worse(c, "seizure", now, marks)
    event = seizures_of_one_event(c, now)
    if not event or c.attributed("seizure", now):
        return 0
    if assessed_at(c, event[-1].at, now):
        marks.policies.add("seizure_holds")
        if c.policy("seizure_holds") == "until_assessed":
            return 0
    again = [NO_RETURN for r in event[:-1] if r.value not in (BACK, NO_DURATION)]  # between them nothing was told
    worst = max([*(r.value or 0 for r in event), *again])
    marks.missing |= {NOT_TOLD[worst]} if worst in NOT_TOLD else set()
    return 4 if worst == 4 else 3


def seizures_of_one_event(c: Chart, now: int) -> list[Reading]:
    """The seizures of the latest event that counts, within the window of its last one."""
    fits = [
        r for r in c.read["seizure"] if c.since(now) <= r.at <= now and r.value and not c.attributed("seizure", r.at)
    ]
    if not fits or now >= fits[-1].at + c.valid_for("seizure"):
        return []
    event = [fits[-1]]
    for before in reversed(fits[:-1]):
        if event[0].at >= before.at + c.valid_for("seizure") or assessed_at(c, before.at, event[0].at):
            break
        event.insert(0, before)
    return event


def finding(c: Chart, what: str, now: int, least: float, marks: Marks) -> Reading | None:
    """A finding of at least `least` that holds and has no other cause.

    One that was there and is too old, or was followed by a message that could not be read, is missing and never none.
    """
    feature = {"motor_weakness": "motor"}.get(what, what)
    if c.could_not_be_read(what, now):
        marks.missing.add(what)
        marks.policies.add("unreadable_value")
    readable = [r for r in c.read[what] if c.since(now) <= r.at <= now and r.value is not None]
    if not readable or (readable[-1].value or 0) < least:
        return None
    excused = c.excused(feature, readable[-1], now)
    if c.reading(what, now) or not (excused or c.could_not_be_read(what, now)):
        note_worse(c, feature, now, marks)
    if excused:
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


# How bad each sign of ICANS is, as if it were not attributed.


def level_of(c: Chart, what: str, reading: Reading, now: int) -> float:
    """The grade of a score or a level of consciousness."""
    if what == "consciousness":
        return (0, 2, 3, 4, 4)[int(reading.value or 0)]
    return (ice_grade if what == "ice_score" else capd_grade)(c, reading, now, Marks())


def read_level(c: Chart, what: str, now: int) -> float:
    """That of a reading made now, if it is valid. As it is attributed, that of the one that stands."""
    reading = c.reading(what, now)
    if reading and reading.at == now:
        valid = how_taken_unless_excused(c, what, reading)[0] == "counts"
        return level_of(c, what, reading, now) if valid else 0
    it = standing_as_made(c, what, now) if now in c.attributed_at(_feature(what)) else None
    return level_of(c, what, it.reading, now) if it and it.how != "void" else 0


def score_level(c: Chart, now: int) -> float:
    return max(read_level(c, "ice_score", now), read_level(c, "capd_score", now))


def consciousness_level(c: Chart, now: int) -> float:
    return read_level(c, "consciousness", now)


def seizure_level(c: Chart, now: int) -> float:
    """Prolonged is worse than brief: the last one, or the event that counts so far."""
    last = c.reading("seizure", now)
    worst = max([r.value or 0 for r in seizures_of_one_event(c, now)] + [(last and last.value) or 0])
    return 4 if worst == 4 else 3 if worst else 0


def weakness_level(c: Chart, now: int) -> float:
    """Deep focal is worse than mild, though the table counts only the deep."""
    found = c.reading("motor_weakness", now)
    return (found and found.value) or 0


def edema_level(c: Chart, now: int) -> float:
    """Diffuse is worse than focal."""
    found = c.reading("cerebral_edema", now)
    return (found and found.value) or 0


LEVELS = {
    "score": score_level,
    "consciousness": consciousness_level,
    "seizure": seizure_level,
    "motor": weakness_level,
    "cerebral_edema": edema_level,
}
