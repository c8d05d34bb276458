"""How long a count was low: spells of low days, what ends them, and which open question decides.

Works on the days that `icaht_days` keeps; shared by the gradings of neutrophils and platelets.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import icaht_days as d
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.kernel import kernel

# What becomes of days without a count, in the order of the policy's choices; the first is to fill them in.
NOT_COUNTED, ENDS_TOO, MISSING_ANSWERS = 1.0, 2.0, 3.0


@kernel
def followed_up(s: Vector, block: int) -> bool:
    """Whether a last follow-up is told, with no count since."""
    told = s[lab.note_of(lab.LAST_FOLLOW_UP) + lab.SAID_AT]
    return told >= s[b.INFUSED_AT] and told >= s[block + d.LAST_AT]


@kernel
def follow_up_ended(s: Vector, block: int) -> bool:
    """Whether no count will follow: death, or the last follow-up."""
    return s[b.DIED_AT] >= 0.0 or followed_up(s, block)


@kernel
def counted_until(s: Vector, block: int, now: float) -> float:
    """Until when days are counted: `now`, death, the last follow-up with no count since; for platelets also the cut."""
    end = now
    if s[b.DIED_AT] >= 0.0:
        end = min(end, s[b.DIED_AT])
    if followed_up(s, block):
        end = min(end, s[lab.note_of(lab.LAST_FOLLOW_UP) + lab.SAID_AT])
    if block == d.PLATELET_DAYS and s[d.CUT_AT] >= 0.0:
        end = min(end, s[d.CUT_AT])
    return end


@kernel
def late_applies(s: Vector, block: int, now: float) -> bool:
    """Whether day 31 has come before the progression, the next therapy, death or the last follow-up."""
    end = counted_until(s, block, now)
    if s[d.CUT_AT] >= 0.0:
        end = min(end, s[d.CUT_AT])
    return d.day_of(s, end) > d.EARLY_END


@kernel
def ask(s: Vector, p: Vector) -> None:
    """Take the answers to the open questions from the policies; each can be turned round to see what it decides."""
    s[d.ASKED] = p[d.P_DAYS]
    s[d.ASKED + d.B_MISSING_DAYS] = p[d.P_MISSING_DAYS]
    s[d.ASKED + d.B_LIMIT] = p[d.P_LIMIT]
    s[d.ASKED + d.B_TRANSFUSION] = p[d.P_TRANSFUSION]
    s[d.ASKED + d.UNKNOWN_LOW] = 0.0


@kernel
def turn(s: Vector, question: int) -> None:
    """Give an open question its next answer."""
    if question == d.B_MISSING_DAYS:
        s[d.ASKED + question] = (s[d.ASKED + question] + 1.0) % MISSING_ANSWERS
    else:
        s[d.ASKED + question] = 1.0 - s[d.ASKED + question]


@kernel
def answers_to(question: int) -> int:
    """How many answers an open question has."""
    return int(MISSING_ANSWERS) if question == d.B_MISSING_DAYS else 2


@kernel
def day_count(s: Vector, block: int, day: int, today: int) -> float:
    """A day's lowest count: its own, by policy one that was filled in, or the first or last one carried to the end of
    the days that are over (before `today`). NEVER where there is none.
    """
    own = s[block + d.LOWEST + day]
    answer = s[d.ASKED + d.B_MISSING_DAYS]
    if own >= 0.0 and (s[block + d.COUNT + day] != d.FILLED or answer != NOT_COUNTED):
        return own
    if answer == ENDS_TOO:
        if s[block + d.LAST_DAY] < day < today:
            return s[block + d.LAST]
        if day < s[block + d.FIRST_DAY] <= d.LATE_END:
            return s[block + d.LOWEST + int(s[block + d.FIRST_DAY])]
    return b.NEVER


@kernel
def day_is_low(s: Vector, block: int, day: int, limit: float, today: int) -> bool:
    """Whether a day's count is low: neutrophils at or below `limit`, platelets below it, by policy also at it.

    A day without a count, once it is over (before `today`), is low where the question is what it might have been.
    """
    count = day_count(s, block, day, today)
    if count < 0.0:
        return s[d.ASKED + d.UNKNOWN_LOW] > 0.0 and day < today
    return count < limit or (count == limit and (block == d.NEUTROPHIL_DAYS or s[d.ASKED + d.B_LIMIT] > 0.0))


@kernel
def scan_days(
    s: Vector, p: Vector, block: int, first: int, last: int, limit: float, today: int
) -> tuple[float, float, float, float, float]:
    """How long the count was low from day `first` to `last`, under the answers that are asked for.

    A recovery shorter than the policy's days between two low days is joined to them; one from below 20 so soon after a
    platelet transfusion is none. Returns the days that grade, the low days alone, those of the longest joined run, the
    first day of the last run, and the last low day with a count of its own.
    """
    stable_after = max(1.0, p[d.P_RECOVERY] if block == d.NEUTROPHIL_DAYS else p[d.P_T_RECOVERY])
    hidden = 0
    if block == d.PLATELET_DAYS and limit == d.TRANSFUSED_BELOW and s[d.ASKED + d.B_TRANSFUSION] == 0.0:
        hidden = int(p[d.P_TRANSFUSION_DAYS])
    low = joined = longest = run = gap = clean = stable = 0.0
    began, latest, given = -1, -1, -1000
    for day in range(max(first - hidden, 0), last + 1):
        if hidden > 0 and s[d.TRANSFUSED + day] > 0.0:
            given = day
        if day < first:
            continue
        if not day_is_low(s, block, day, limit, today):
            gap += 1.0
            clean = 0.0 if day - given < hidden else clean + 1.0
            stable = max(stable, clean)
            continue
        if run == 0.0 or stable >= stable_after:
            run, gap, began = 0.0, 0.0, day
        low += 1.0
        run += gap + 1.0
        joined += gap + 1.0
        longest = max(longest, run)
        gap = clean = stable = 0.0
        if s[block + d.LOWEST + day] >= 0.0 and s[block + d.COUNT + day] != d.FILLED:
            latest = day
    return joined if s[d.ASKED] == 0.0 else longest, low, longest, float(began), float(latest)


@kernel
def unknown_days(s: Vector, block: int, first: int, last: int, today: int) -> bool:
    """Whether a day that is over has no count."""
    days = 0
    for day in range(first, min(last, today - 1) + 1):
        days += 1 if day_count(s, block, day, today) < 0.0 else 0
    return days > 0


@kernel
def tell_measures(out: Vector, first: float, second: float, third: float, fourth: float) -> None:
    """Write what was counted."""
    out[b.MEASURES] = first
    out[b.MEASURES + 1] = second
    out[b.MEASURES + 2] = third
    out[b.MEASURES + 3] = fourth


@kernel
def fact_of_day(s: Vector, block: int, day: float) -> float:
    """The fact that told a day's count; the newest count's where that day has none of its own."""
    return s[block + d.COUNT + int(day)] if day >= 0.0 else s[block + d.LAST_POSITION]


@kernel
def next_day(s: Vector, now: float, end: float, last: int) -> float:
    """When the next day begins, if days are still counted then (up to `last` and `end`), else FOREVER."""
    day = d.day_of(s, now)
    if end < now or day > last:
        return b.FOREVER
    return s[b.INFUSED_AT] + float(day + 1) * d.DAY


@kernel
def moves(s: Vector) -> float:
    """A number that grows with whatever, beside the counts, may change an answer."""
    total = s[b.INFUSED_AT] + s[b.DIED_AT]
    for kind in (lab.PROGRESSION, lab.NEXT_THERAPY, lab.LAST_FOLLOW_UP):
        total += s[lab.note_of(kind) + lab.SAID_AT]
    return total


@kernel
def told_before(s: Vector, scale: int, now: float, out: Vector) -> bool:
    """Whether the scale's last answer still holds; it is then in `out`. Counting again costs far more."""
    j = d.KEPT + scale * d.KEPT_WIDTH
    if s[j] <= now or s[j + 1] != moves(s):
        return False
    for i in range(d.TOLD):
        out[i] = s[j + 2 + i]
    return True


@kernel
def keep_answer(s: Vector, scale: int, until: float, out: Vector) -> None:
    """Keep an answer that holds until a new count, or until `until`."""
    j = d.KEPT + scale * d.KEPT_WIDTH
    s[j] = until
    s[j + 1] = moves(s)
    for i in range(d.TOLD):
        s[j + 2 + i] = out[i]


@kernel
def kept(s: Vector, scale: int, what: int) -> float:
    """One number of a scale's last answer."""
    return s[d.KEPT + scale * d.KEPT_WIDTH + 2 + what]


@kernel
def late_start(s: Vector, now: float) -> float:
    """When day 31 begins, if that is to come, else FOREVER."""
    start = s[b.INFUSED_AT] + float(d.EARLY_END + 1) * d.DAY
    return start if start > now else b.FOREVER


@kernel
def early_boundary(s: Vector, block: int, now: float) -> float:
    """The end of the first day after `now` that may pass without a count and so change the early answer, or FOREVER."""
    if s[block + d.LAST_DAY] < 0.0 or counted_until(s, block, now) < now:
        return b.FOREVER
    day = max(d.day_of(s, now), int(s[block + d.LAST_DAY]) + 1)
    return s[b.INFUSED_AT] + float(day + 1) * d.DAY if day <= d.EARLY_END else b.FOREVER
