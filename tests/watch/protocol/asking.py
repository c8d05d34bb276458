"""Asking a drawn course what the protocol says.

advice = says(ill(2), 40)
assert dose_of(advice, "crs-tocilizumab") == "656"
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cartway.pathway.course import CENTER, Course
from cartway.record import Fact
from cartway.toxicity import grade, load_rules
from cartway.watch.protocol import Advice, Dose, Step, protocol, scales_asked
from toxicity.drawn import (
    WELL,
    Saying,
    age,
    at,
    conscious,
    course,
    drip,
    ice,
    infused,
    instant,
    oxygen,
    pressure,
    push,
    temperature,
)

ROOM = oxygen("room_air")
SIGNS = {
    0: WELL,
    1: (temperature(38.5), pressure(120), ROOM, ice(10)),
    2: (temperature(38.5), pressure(84), ROOM, ice(10)),
    3: (temperature(38.5), pressure(84), ROOM, ice(10), drip("norepinephrine")),
    4: (temperature(38.5), pressure(84), ROOM, ice(10), drip("norepinephrine"), drip("epinephrine")),
}
ICE = {0: 10, 1: 8, 2: 5, 3: 1}


def weighs(kg: float, hour: float = 29) -> list[Fact]:
    """A body weight, charted shortly before."""
    return at(hour, Saying("body_weight", kg, unit="kg"))


def count(neutrophils: float, hour: float = 29) -> list[Fact]:
    """A neutrophil count."""
    return at(hour, Saying("neutrophils", neutrophils, unit="10*9/L"))


def toci(*hours: float, **detail: str) -> list[Fact]:
    """Doses of tocilizumab."""
    return [fact for hour in hours for fact in at(hour, push("tocilizumab", 656.0, **detail))]


def ill(crs: int, icans: int = 0, *, hour: float = 30, years: float = 58, kg: float = 82) -> list[Fact]:
    """An adult of 82 kg with CRS and ICANS of these grades from an hour on, well before."""
    neuro = tuple(each for each in SIGNS[crs] if each.what != "ice_score")
    signs = (*neuro, ice(ICE[icans]), conscious("awake"))
    return course(infused(), age(years), weighs(kg, hour - 1), at(hour - 2, *WELL), at(hour, *signs))


def center(*facts: Fact, **policies: float | str) -> Course:
    """The center's record with policies of its own."""
    stated = [
        Fact(CENTER, 0, "center_policy", float(value), about=name)
        if isinstance(value, int | float)
        else Fact(CENTER, 0, "center_policy", about=name, detail={"choice": value})
        for name, value in policies.items()
    ]
    return Course([*stated, *facts], instant(10_000))


def says(facts: Iterable[Fact], hour: float, *, of: Course | None = None, **policies: float | str) -> Advice:
    """What the protocol says of a course at an hour after the infusion."""
    now, own = instant(hour), of or center(**policies)
    one = Course(list(facts), now)
    return protocol(one, grade(one.facts, load_rules(), now, scales_asked(one, own)), own)


def named(advice: Advice, *syndromes: str) -> list[str]:
    """The names of the steps, of some syndromes where asked, without whose they are."""
    return [step.id.partition(":")[2] for step in advice.steps if not syndromes or step.syndrome in syndromes]


def step_of(advice: Advice, name: str) -> Step:
    """The one step of that name."""
    (found,) = [step for step in advice.steps if step.id.partition(":")[2] == name]
    return found


def dose_of(advice: Advice, name: str) -> Dose:
    """The dose of a step."""
    found = step_of(advice, name).dose
    assert found is not None, name
    return found


def mg(advice: Advice, name: str) -> str:
    """The milligrams of a step's dose, ``none`` where none is worked out."""
    found = dose_of(advice, name).mg
    return "none" if found is None else f"{found.normalize():f}"


def refused(advice: Advice, name: str) -> Sequence[str]:
    """Why there is no dose, as codes."""
    return [each.code for each in dose_of(advice, name).refusals]
