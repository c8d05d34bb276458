"""Organ toxicity by laboratory value, for the older CRS scales that count it: CTCAE grades.

Common Terminology Criteria for Adverse Events, National Cancer Institute, v4.03 (2010) and v5.0 (2017), which agree
here. Multiples of the laboratory's upper limit of normal:

| grade                     | 1        | 2          | 3         | 4     |
|---------------------------|----------|------------|-----------|-------|
| AST, ALT                  | over 1   | over 3     | over 5    | over 20 |
| bilirubin                 | over 1   | over 1.5   | over 3    | over 10 |
| creatinine                | over 1   | over 1.5   | over 3    | over 6  |
| creatinine, of the patient's own |   | over 1.5   | over 3    |         |

Where the patient's own value was above the limit before the infusion, multiples of that one (v5.0; a policy).
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity import older_state as o
from cartway.toxicity.bedside import Vector
from cartway.toxicity.kernel import kernel

A_LITTLE = 1.0 + 1.0e-9  # 1.8 mg/dL is not over 1.5 times 1.2 mg/dL, whatever the product comes to


@kernel
def over(value: float, times: float, reference: float) -> bool:
    """Whether a value is over so many times a reference."""
    return value > times * reference * A_LITTLE


@kernel
def steps_over(value: float, reference: float, second: float, third: float, fourth: float) -> float:
    """The CTCAE grade of a value in multiples of a reference; the first step is over the reference itself."""
    if over(value, fourth, reference):
        return 4.0
    if over(value, third, reference):
        return 3.0
    if over(value, second, reference):
        return 2.0
    return 1.0 if over(value, 1.0, reference) else 0.0


@kernel
def ctcae_of(kind: int, value: float, reference: float) -> float:
    """The CTCAE grade of a value of `kind` in multiples of a reference."""
    if kind == lab.CREATININE:
        return steps_over(value, reference, 1.5, 3.0, 6.0)
    if kind == lab.BILIRUBIN:
        return steps_over(value, reference, 1.5, 3.0, 10.0)
    return steps_over(value, reference, 3.0, 5.0, 20.0)


@kernel
def from_own_creatinine(value: float, own: float) -> float:
    """The part of the creatinine row that needs no limit of normal: the rise over the patient's own."""
    if own <= 0.0:
        return 0.0
    if over(value, 3.0, own):
        return 3.0
    return 2.0 if over(value, 1.5, own) else 0.0


@kernel
def organ_grade(s: Vector, p: Vector, kind: int, now: float, out: Vector) -> float:
    """The CTCAE grade of a value that holds; UNREAD where none does, NO_LIMIT where it cannot be graded without one."""
    if not lab.value_holds(s, p, kind, now):
        return o.UNREAD
    j = lab.place_of(kind)
    value, limit, own = s[j + b.VALUE], s[j + lab.LIMIT], s[j + lab.BASE]
    b.soon(s, s[j + b.AT] + p[lab.P_VALID])
    risen = from_own_creatinine(value, own) if kind == lab.CREATININE else 0.0
    if limit <= 0.0:
        return risen if risen > 0.0 else o.NO_LIMIT
    grade = max(ctcae_of(kind, value, limit), risen)
    if own > limit and ctcae_of(kind, value, own) != grade:
        b.flag(out, b.POLICIES, o.B_ORGAN_BASELINE)
        return ctcae_of(kind, value, own) if p[o.P_ORGAN_BASELINE] > 0.0 else grade
    return grade


@kernel
def look_at_organ(s: Vector, p: Vector, kind: int, now: float, place: int, out: Vector) -> None:
    """Keep an organ's grade, the fact of it and the policies that decided, at `place` and its two companions."""
    out[b.POLICIES] = 0.0
    grade = organ_grade(s, p, kind, now, out)
    s[place] = grade
    s[place + o.CREATININE_POSITION - o.CREATININE] = s[lab.place_of(kind) + b.POSITION]
    s[place + o.ABOUT_CREATININE - o.CREATININE] = out[b.POLICIES]


@kernel
def look_at_organs(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The kidneys and the liver; of AST and ALT the worse, and one of the two is enough."""
    look_at_organ(s, p, lab.CREATININE, now, o.CREATININE, out)
    look_at_organ(s, p, lab.BILIRUBIN, now, o.BILIRUBIN, out)
    look_at_organ(s, p, lab.AST, now, o.TRANSAMINASES, out)
    grade, position, policies = s[o.TRANSAMINASES], s[o.TRANSAMINASES_POSITION], s[o.ABOUT_TRANSAMINASES]
    look_at_organ(s, p, lab.ALT, now, o.TRANSAMINASES, out)
    if (grade >= 0.0 and grade > s[o.TRANSAMINASES]) or (grade == o.NO_LIMIT and s[o.TRANSAMINASES] == o.UNREAD):
        s[o.TRANSAMINASES] = grade
        s[o.TRANSAMINASES_POSITION] = position
        s[o.ABOUT_TRANSAMINASES] = policies
