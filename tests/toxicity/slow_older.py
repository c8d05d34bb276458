"""The older CRS scales the slow way: at every instant the chart is read again and each table gone through.

Written from the tables (Lee 2014, Penn, MSKCC, CARTOX, CTCAE v4.03 and v5.0) and from what each policy says. The
columns that they share with ASTCT are those of `slow_crs`; nothing is shared with the fold. See `slow_twin`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from cartway.record.fact import Fact
from cartway.times import DAY
from toxicity import slow_crs, slow_icans
from toxicity.slow_chart import (
    ALL_PRESSORS,
    DEVICES,
    FOREVER,
    PRESSORS,
    PRESSURE_DEVICES,
    SLEEP,
    Answer,
    Chart,
    Marks,
    drug_of,
)
from toxicity.slow_crs import Syndrome, counted_pressors, diagnosed_since, diagnosis_stands, fever, with_device

OLDER = ("crs.lee2014", "crs.penn", "crs.mskcc", "crs.cartox", "crs.ctcae4", "crs.ctcae5")
ANALOGUES = {"vasopressin", "terlipressin"}
PER_MINUTE = {"ug/min": 1.0, "mg/h": 1000 / 60, "ug/h": 1 / 60}
PER_KILOGRAM = {"ug/kg/min": 1.0, "ug/kg/h": 1 / 60}
NOT_ASKED = {"high_flow_at_low_flow", "vasopressin_alone"}
LABS = ("creatinine", "ast", "alt", "bilirubin")


@dataclass
class Dose:
    """What is known of one infusion's rate; None where it cannot be told."""

    rate: float | None = None
    unit: str = ""
    weight: float | None = None

    @property
    def minute(self) -> float | None:
        if self.rate is None or (self.unit in PER_KILOGRAM and not self.weight):
            return None
        if self.unit in PER_KILOGRAM:
            return self.rate * PER_KILOGRAM[self.unit] * (self.weight or 0)
        return self.rate * PER_MINUTE[self.unit]

    @property
    def kilogram(self) -> float | None:
        if self.rate is None or (self.unit in PER_MINUTE and not self.weight):
            return None
        if self.unit in PER_KILOGRAM:
            return self.rate * PER_KILOGRAM[self.unit]
        return self.rate * PER_MINUTE[self.unit] / (self.weight or 1)


@dataclass
class Seen:
    """What the columns show at one instant."""

    febrile: bool | None
    low: bool | None = None
    pressors: str = "none"  # alone, one, one_with, many
    dose: str = "none"  # low, high, dose untold, weight untold
    lasting: bool = False
    boluses: bool = False
    low_on_high: bool = False  # a pressure read since the dose is high
    low_on_maybe: bool = False  # since it is or may be high
    low_on_several: bool = False  # since several drugs act
    oxygen: str = "unread"  # air, little, untold, much, mask, ventilated
    flow_unread: bool = False
    device_unread: bool = False
    organs: dict[str, float] = field(default_factory=dict)
    unmeasured: set[str] = field(default_factory=set)
    about: dict[str, set[str]] = field(default_factory=dict)


class OlderTwin:
    """The six scales of one course: `answers[scale]` is [(instant, Answer or None where not covered), ...]."""

    def __init__(self, facts: Sequence[Fact], policy: Callable[[str], str | float], at: int | None = None) -> None:
        kept = [f for f in facts if at is None or f.at <= at]
        self.chart = Chart(kept, policy, {**slow_crs.LEVELS, **slow_icans.LEVELS})
        ends = [f.until for f in self.chart.drugs if f.until and drug_of(f) in ALL_PRESSORS | SLEEP]
        horizon = at if at is not None else max([f.at for f in kept] + ends)
        if self.chart.infused_at is None:
            first = (min(f.at for f in kept), Answer(None, frozenset({"infusion"}), frozenset()))
            self.answers: dict[str, list[tuple[int, Answer | None]]] = {scale: [first] for scale in OLDER}
            return
        self.instants = sorted(at for at in instants(self.chart) if at <= horizon)
        self.answers = {scale: [] for scale in OLDER}
        several_at: dict[int, bool] = {}
        for now, ill, before in course_of_crs(self.chart, self.instants):
            answers = answers_at(self.chart, self.instants, now, ill, before, several_at)
            for scale in OLDER:
                self.answers[scale].append((now, answers[scale]))


def instants(c: Chart) -> set[int]:
    """Every instant at which an answer may change."""
    found = set(c.instants(10**17))
    high = c.hours("high_dose_hours")
    found |= {f.at + laboratory_holds(c) for f in c.facts if f.what in LABS}
    found |= {f.at + c.hours("fluid_bolus_hours") for f in c.said("fluid_bolus")}
    edges = {edge for drug in ALL_PRESSORS for start, end, _ in c.givings.get(drug, ()) for edge in (start, end)}
    told = [*c.drugs, *c.said("body_weight"), *c.said("unreadable")]
    edges |= {f.at for f in told} | {c.infused_at or 0}
    edges |= {r.at for found_ in c.read.values() for r in found_}  # a reading may resume the watch
    runs = {
        start - before + DAY for now in sorted(edges) for start, before in [run_of(c, sorted(edges), now, 0)] if start
    }
    return found | {edge + high for edge in edges} | {edge + DAY for edge in edges} | runs


def laboratory_holds(c: Chart) -> int:
    """How long a laboratory value holds."""
    return FOREVER if c.policy("observation_validity") == "until_replaced" else c.hours("laboratory_valid_hours")


def course_of_crs(c: Chart, moments: Sequence[int]) -> Iterator[tuple[int, Syndrome | None, Syndrome | None]]:
    """The CRS that is on at every instant, and the last one there was, as in `slow_crs.crs`."""
    ill: Syndrome | None = None
    last: Syndrome | None = None
    looked = -(10**18)
    for now in moments:
        if c.infused_at is None or now < c.infused_at or not c.covered(now) or c.death(now):
            yield now, ill, last
            continue
        febrile = fever(c, now, Marks())
        worst = max(slow_crs.hypotension(c, now, Marks(), set()) or 0, slow_crs.hypoxia(c, now, Marks()) or 0)
        if ill and ill.signs_gone is not None and now - ill.signs_gone >= c.hours("symptom_free_hours"):
            ill = None
        if ill is None and (febrile or diagnosed_since(c, looked, now)):
            ill = last = Syndrome(now, by_diagnosis=not febrile)
        if ill:
            ill.by_diagnosis = ill.by_diagnosis and not febrile
            gone = febrile is False and worst == 0
            ill.signs_gone = (now if ill.signs_gone is None else ill.signs_gone) if gone else None
        looked = now
        yield now, ill, last
        if ill:
            ill.pressors |= counted_pressors(c, now, Marks())


# --- what is there


def look(c: Chart, moments: Sequence[int], now: int, ill: Syndrome | None, last: Syndrome | None) -> Seen:
    marks = Marks()
    seen = Seen(fever(c, now, marks))
    seen.about["fever"] = marks.policies
    marks = Marks()
    slow_crs.hypotension(c, now, marks, ill.pressors if ill else set())
    see_pressors(c, now, seen, marks, ill)
    seen.about["pressure"] = marks.policies - NOT_ASKED
    low = slow_crs.low_pressure(c, now, Marks())
    seen.low = False if c.attributed("hypotension", now) else None if low is None else low > 0
    see_dose(c, moments, now, seen)
    see_time(c, moments, now, seen, last)
    given = [f.at for f in c.said("fluid_bolus") if f.at <= now]
    seen.boluses = (
        len(given) > 1 and (c.infused_at or 0) <= given[-2] and now < given[-2] + c.hours("fluid_bolus_hours")
    )
    see_oxygen(c, now, seen)
    see_organs(c, now, seen)
    return seen


def see_pressors(c: Chart, now: int, seen: Seen, marks: Marks, ill: Syndrome | None) -> None:
    counted = counted_pressors(c, now, Marks())
    excused = c.attributed("hypotension", now) or c.attributed("vasopressor", now)
    analogues = set() if excused else {d for d in ANALOGUES if c.running(d, now)} - counted
    in_turn = "sequential_vasopressors" in marks.policies and c.policy("sequential_vasopressors") == "cumulative"
    if len(counted) > 1 or in_turn:
        seen.pressors = "many"
    elif counted:
        seen.pressors = "one_with" if analogues else "one"
    elif analogues:
        seen.pressors = "alone"


def rate_of(c: Chart, drug: str, now: int) -> Dose:
    """The last rate charted for a drug that infuses; of two at one instant the higher, a rate per minute before one per
    kilogram, and one that can be read before one that cannot.
    """
    mine = [f for f in c.drugs if drug_of(f) == drug and f.at <= now and f.value != 0 and is_infusion(c, drug, f)]
    last = max(f.at for f in mine)
    readable = [f for f in mine if f.at == last and f.value is not None and f.unit in PER_MINUTE | PER_KILOGRAM]
    weight = weight_at(c, now)
    if not readable:
        return Dose(weight=weight)
    best = max(readable, key=lambda f: (f.unit in PER_MINUTE, (f.value or 0) * (PER_MINUTE | PER_KILOGRAM)[f.unit]))
    return Dose(best.value, best.unit, weight)


def weight_at(c: Chart, now: int) -> float | None:
    """The last weight; one that arrived and could not be read ends the one before it."""
    told = [(f.at, f.value) for f in c.said("body_weight") if f.at <= now]
    told += [(f.at, None) for f in c.said("unreadable") if f.at <= now and f.detail.get("variable") == "body_weight"]
    last = max((at for at, _ in told), default=None)
    return max((value for at, value in told if at == last and value), default=None)


def is_infusion(c: Chart, drug: str, fact: Fact) -> bool:
    return (
        any(start == fact.at and not push for start, _, push in c.givings[drug]) and fact.detail.get("status") is None
    )


def dose_class(c: Chart, now: int) -> tuple[str, set[str]]:
    """The dose as it is charted now, however long it has been so."""
    infusing = {drug for drug in (*PRESSORS, *ANALOGUES) if c.infusing(drug, now)}
    counted = infusing - ANALOGUES
    if not infusing:
        return "none", set()
    policies = {"high_dose_hours"}
    doses = {drug: rate_of(c, drug, now) for drug in counted}
    shares: list[float | None] = []
    for drug, dose in doses.items():
        if drug == "norepinephrine":
            shares.append(norepinephrine(c, dose, policies))
        if drug in ("epinephrine", "phenylephrine"):
            shares.append(
                None if dose.minute is None else dose.minute / {"epinephrine": 10, "phenylephrine": 200}[drug]
            )
        if drug == "dopamine":
            shares.append(None if dose.kilogram is None else dose.kilogram / 10)
    parts = [equivalent(drug, dose) for drug, dose in doses.items() if drug in PRESSORS[:4]]
    total = sum(part or 0 for part in parts)
    limit = 10 if infusing & ANALOGUES and counted else 20 if len(counted) > 1 else None
    if any(share and share >= 1 - 1e-9 for share in shares) or (limit and total >= limit * (1 - 1e-9)):
        return "high", policies
    if any(doses[drug].rate is None for drug in counted if drug in PRESSORS[:4]):
        return "dose untold", policies
    if None in shares or (limit and None in parts):
        return "weight untold", policies
    if counted - set(PRESSORS[:4]) or not counted:
        policies.add("vasopressor_without_high_dose")
        return ("high" if c.policy("vasopressor_without_high_dose") == "high_dose" else "low"), policies
    return "low", policies


def norepinephrine(c: Chart, dose: Dose, policies: set[str]) -> float | None:
    minute = None if dose.minute is None else dose.minute / 20
    if dose.rate is None or dose.unit not in PER_KILOGRAM:
        return minute
    kilogram = (dose.kilogram or 0) / 0.2
    if minute is None or (minute >= 1 - 1e-9) != (kilogram >= 1 - 1e-9):
        policies.add("norepinephrine_high_dose")
    return kilogram if c.policy("norepinephrine_high_dose") == "as_charted" else minute


def equivalent(drug: str, dose: Dose) -> float | None:
    if drug == "dopamine":
        return None if dose.kilogram is None else dose.kilogram / 2
    return None if dose.minute is None else dose.minute / (10 if drug == "phenylephrine" else 1)


def watched_back(c: Chart, moments: Sequence[int], now: int) -> Iterator[int]:
    """The instants before `now`, backwards, as long as the course was under watch."""
    for at in reversed([at for at in moments if at <= now]):
        if c.infused_at is None or at < c.infused_at or not c.covered(at):
            return
        yield at


def lasted(c: Chart, moments: Sequence[int], now: int, classes: set[str]) -> int:
    """For how long the dose has been in one of the classes without a pause."""
    since = now
    for at in watched_back(c, moments, now):
        if dose_class(c, at)[0] not in classes:
            break
        since = at
    return now - since


def see_dose(c: Chart, moments: Sequence[int], now: int, seen: Seen) -> None:
    charted, seen.about["dose"] = dose_class(c, now)
    untold = {"dose untold", "weight untold"}
    wait = c.hours("high_dose_hours")
    seen.dose = charted
    if charted == "high" and lasted(c, moments, now, {"high"}) < wait:
        maybe = lasted(c, moments, now, {"high"} | untold) >= wait
        seen.dose = "dose untold" if maybe else "low"
    if charted in untold and lasted(c, moments, now, {"high"} | untold) < wait:
        seen.dose = "low"


def see_answer(c: Chart, moments: Sequence[int], now: int, seen: Seen, several_at: dict[int, bool]) -> None:
    """Whether the pressure that is low was read after what should have raised it began."""
    several_at[now] = several(c, seen, Verdict(0))
    reading, charted = c.reading("systolic_pressure", now), dose_class(c, now)[0]
    if not seen.low or reading is None:
        return
    untold = {"dose untold", "weight untold"}
    if charted == "high":
        seen.low_on_high = reading.at > now - lasted(c, moments, now, {"high"})
    if charted in {"high"} | untold:
        seen.low_on_maybe = reading.at > now - lasted(c, moments, now, {"high"} | untold)
    since = now
    for at in watched_back(c, moments, now):
        if not several_at.get(at):
            break
        since = at
    seen.low_on_several = several_at[now] and reading.at > since


def acts(c: Chart, now: int) -> bool:
    counted = slow_crs.running_pressors(c, now, Marks())
    return bool(counted or any(c.running(drug, now) for drug in ANALOGUES))


def run_of(c: Chart, moments: Sequence[int], now: int, onset: int) -> tuple[int, int]:
    """Since when vasopressors act now without a pause (0: they do not), and for how long earlier ones did that ended in
    the CRS that began at `onset`.
    """
    since, before = 0, 0
    for at in [at for at in moments if c.infused_at is not None and c.infused_at <= at <= now]:
        gone = max((f.at for f in c.said("discharge") if f.at <= at), default=None)
        end = gone if since and gone is not None and since < gone else at
        if since and (not acts(c, at) or end == gone):
            before += end - since if end >= onset else 0
            since = 0
        if not since and c.covered(at) and acts(c, at):
            since = at
    return since, before


def see_time(c: Chart, moments: Sequence[int], now: int, seen: Seen, last: Syndrome | None) -> None:
    since, before = run_of(c, moments, now, last.began if last else 0)
    seen.about["lasting"] = set()
    if not since:
        return
    seen.lasting = now - since >= DAY
    if not seen.lasting and now - since + before >= DAY:
        seen.about["lasting"] = {"vasopressor_day"}
        seen.lasting = c.policy("vasopressor_day") == "cumulative"


def see_oxygen(c: Chart, now: int, seen: Seen) -> None:
    marks = Marks()
    support = slow_crs.hypoxia(c, now, marks)
    seen.about["oxygen"] = marks.policies - NOT_ASKED
    seen.about["fraction"] = set()
    seen.flow_unread = "oxygen_flow" in marks.missing
    seen.device_unread = "oxygen_device" in marks.missing
    device = c.reading("oxygen_device", now)
    name = DEVICES[int(device.value or 0)] if device else ""
    if not support:
        seen.oxygen = "unread" if support is None else "air"
    elif name in PRESSURE_DEVICES:
        seen.oxygen = "mask" if name in ("cpap", "bipap") else "ventilated"
    else:
        seen.oxygen = fraction(c, now, name, seen)


def fraction(c: Chart, now: int, name: str, seen: Seen) -> str:
    inspired, flow = with_device(c, "inspired_oxygen", now), with_device(c, "oxygen_flow", now)
    if inspired is not None:
        return "much" if inspired >= 40 else "little"
    by_flow = 20 + 4 * flow if name == "nasal_cannula" and flow else None
    percent = 40 if name == "non_rebreather_mask" else by_flow
    if percent is None:
        return "untold"
    seen.about["fraction"] = {"oxygen_estimate"}
    if c.policy("oxygen_estimate") == "charted_only":
        return "untold"
    return "much" if percent >= 40 else "little"


STEPS = {"creatinine": (1.5, 3, 6), "bilirubin": (1.5, 3, 10), "ast": (3, 5, 20), "alt": (3, 5, 20)}


def ctcae(what: str, value: float, reference: float) -> int:
    times = value / reference * (1 - 1e-9)
    return sum(times > step for step in (1, *STEPS[what]))


def see_organs(c: Chart, now: int, seen: Seen) -> None:
    graded = {what: organ(c, what, now) for what in LABS}
    for what in ("creatinine", "bilirubin"):
        grade, untold, policies = graded[what]
        seen.organs[what], seen.about[what] = grade, policies
        seen.unmeasured |= {untold} - {""}
    liver = max(("alt", "ast"), key=lambda what: graded[what][0])
    seen.organs["transaminases"], _, seen.about["transaminases"] = graded[liver]
    lacking = {graded[what][1] for what in ("ast", "alt")}
    if "" not in lacking:
        limit = any(each.endswith("upper_limit") for each in lacking)
        seen.unmeasured.add("transaminases.upper_limit" if limit else "transaminases")


def organ(c: Chart, what: str, now: int) -> tuple[float, str, set[str]]:
    """The CTCAE grade (-1: none), what is not told about it, and the policy that decided."""
    told = [f for f in c.facts if f.what == what or (f.what == "unreadable" and f.detail.get("variable") == what)]
    held = [f for f in told if (c.infused_at or 0) <= f.at <= now < f.at + laboratory_holds(c)]
    values = [f.value for f in held if f.at == max(g.at for g in held) and f.what == what and f.value is not None]
    if not values:
        return -1, what, set()
    limits = [f.detail["upper_limit"] for f in told if f.at <= now and f.detail.get("upper_limit") is not None]
    first = [f for f in told if f.what == what and f.at <= (c.infused_at or 0)]
    own = max((f.value or 0 for f in first if f.at == max(g.at for g in first)), default=0)
    value = max(values)
    risen = 0
    if what == "creatinine" and own:
        risen = 3 if value / own * (1 - 1e-9) > 3 else 2 if value / own * (1 - 1e-9) > 1.5 else 0
    if not limits:
        return (risen or -1), f"{what}.upper_limit", set()
    literal = max(ctcae(what, value, limits[-1]), risen)
    if own > limits[-1] and ctcae(what, value, own) != literal:
        mine = c.policy("organ_baseline") == "own_if_abnormal"
        return (ctcae(what, value, own) if mine else literal), "", {"organ_baseline"}
    return literal, "", set()


# --- the tables


@dataclass
class Verdict:
    """What a table makes of the columns and the organs, the policies it asked, and what could raise it if told."""

    columns: float
    organs: float = 0
    policies: set[str] = field(default_factory=set)
    rises: dict[str, int] = field(default_factory=dict)


def neutropenic(c: Chart, now: int) -> bool:
    count = c.reading("neutrophils", now)
    return count is not None and (count.value or 0) < float(c.policy("neutropenia_limit"))


def fever_alone(c: Chart, now: int, seen: Seen, ill: Syndrome | None, worst: float) -> bool:
    withheld = neutropenic(c, now) and c.policy("neutropenic_fever") == "not_graded"
    return bool(ill and seen.febrile and worst <= 1 and not withheld)


def several(c: Chart, seen: Seen, v: Verdict) -> bool:
    if seen.pressors == "one_with":
        v.policies.add("vasopressin_as_second")
        return c.policy("vasopressin_as_second") == "counted"
    return seen.pressors == "many"


def oxygen_grade(c: Chart, seen: Seen, v: Verdict, policy: str) -> float:
    if seen.oxygen == "mask":
        v.policies.add(policy)
        return 4 if c.policy(policy) == "grade_4" else 3
    if seen.oxygen in ("little", "untold", "much"):
        v.policies |= seen.about["fraction"]
    v.rises["oxygen"] = 3
    return {"little": 2, "untold": 2, "much": 3, "ventilated": 4}.get(seen.oxygen, 0)


def lee_like(c: Chart, seen: Seen, v: Verdict) -> None:
    """What Lee 2014 and CARTOX say of the pressure."""
    v.columns = 2 if seen.low or seen.pressors != "none" else 0
    if seen.pressors != "none":
        v.policies |= seen.about["dose"]
        v.rises["dose"] = 3
        if several(c, seen, v) or seen.dose == "high":
            v.columns = 3
    v.rises |= {"transaminases": 3, "creatinine": 4, "bilirubin": 4}
    for organ_ in seen.organs:
        v.policies |= seen.about[organ_]


def lee2014(c: Chart, now: int, seen: Seen, ill: Syndrome | None) -> Verdict:
    v = Verdict(0)
    lee_like(c, seen, v)
    v.columns = max(v.columns, oxygen_grade(c, seen, v, "lee2014_noninvasive_ventilation"))
    organs = {**seen.organs, "transaminases": min(3, seen.organs["transaminases"])}
    v.organs = max(grade if grade >= 2 else 0 for grade in organs.values())
    return v


def cartox(c: Chart, now: int, seen: Seen, ill: Syndrome | None) -> Verdict:
    v = Verdict(0)
    lee_like(c, seen, v)
    if v.columns == 3 and ((seen.dose == "high" and seen.low_on_high) or seen.low_on_several):
        v.policies.add("cartox_life_threatening_hypotension")
        v.columns = 4 if c.policy("cartox_life_threatening_hypotension") == "counted" else 3
    v.columns = max(v.columns, oxygen_grade(c, seen, v, "noninvasive_ventilation"))
    v.organs = max(0, *seen.organs.values(), *[])
    if seen.organs["transaminases"] == v.organs == 4 and max(seen.organs["creatinine"], seen.organs["bilirubin"]) < 4:
        v.organs = 3
    return v


def penn(c: Chart, now: int, seen: Seen, ill: Syndrome | None) -> Verdict:
    v = Verdict(0, rises={"transaminases": 3, "creatinine": 3, "bilirubin": 3})
    if seen.pressors != "none":
        v.policies |= seen.about["dose"]
        v.rises["dose"] = 4
        v.columns = 4 if seen.dose == "high" else 3
    elif seen.low and seen.boluses:
        v.columns = 3
    elif seen.low:
        v.policies.add("penn_hypotension_without_boluses")
        v.columns = 3 if c.policy("penn_hypotension_without_boluses") == "grade_3" else 2
    v.columns = max(v.columns, {"air": 0, "unread": 0, "ventilated": 4}.get(seen.oxygen, 3))
    liver = max(seen.organs["transaminases"], seen.organs["bilirubin"])
    kidney = min(3, seen.organs["creatinine"])
    v.organs = max(kidney if kidney >= 2 else 0, liver - 1 if liver >= 3 else 0)
    for organ_ in seen.organs:
        v.policies |= seen.about[organ_]
    if fever_alone(c, now, seen, ill, max(v.columns, v.organs)) and neutropenic(c, now):
        v.policies |= {"neutropenic_fever", "penn_neutropenic_fever"}
        v.columns = 2 if c.policy("penn_neutropenic_fever") == "grade_2" else 1
    return v


def mskcc(c: Chart, now: int, seen: Seen, ill: Syndrome | None) -> Verdict:
    v = Verdict(0)
    if seen.pressors != "none":
        v.policies |= seen.about["lasting"]
        v.columns = 3 if seen.lasting else 2
        if seen.low_on_maybe:
            v.policies |= seen.about["dose"]
            v.rises["dose"] = 4
            v.columns = 4 if seen.dose == "high" and seen.low_on_high else v.columns
    elif seen.low:
        v.policies.add("mskcc_hypotension_without_vasopressor")
        v.columns = 2 if c.policy("mskcc_hypotension_without_vasopressor") == "grade_2" else 1
    v.columns = max(v.columns, oxygen_grade(c, seen, v, "noninvasive_ventilation"))
    return v


def ctcae4(c: Chart, now: int, seen: Seen, ill: Syndrome | None) -> Verdict:
    v = Verdict(2 if seen.low else 0)
    if seen.pressors != "none" or seen.oxygen in ("mask", "ventilated"):
        v.columns = 4
    elif seen.oxygen in ("little", "untold", "much"):
        v.policies.add("ctcae4_oxygen")
        v.columns = 3 if c.policy("ctcae4_oxygen") == "grade_3" else 2
    treated = ill is not None and any(given >= ill.began for given, _ in c.masks(now))
    if fever_alone(c, now, seen, ill, v.columns) and treated:
        v.policies.add("ctcae4_treated_fever")
        v.columns = 2 if c.policy("ctcae4_treated_fever") == "grade_2" else 1
    return v


def ctcae5(c: Chart, now: int, seen: Seen, ill: Syndrome | None) -> Verdict:
    v = Verdict(2 if seen.low else 0)
    if seen.pressors != "none":
        v.columns = 4 if several(c, seen, v) else 3
    v.columns = max(v.columns, oxygen_grade(c, seen, v, "noninvasive_ventilation"))
    return v


TABLES = dict(zip(OLDER, (lee2014, penn, mskcc, cartox, ctcae4, ctcae5), strict=True))


# --- the answer


def answers_at(
    c: Chart, moments: Sequence[int], now: int, ill: Syndrome | None, last: Syndrome | None, several_at: dict[int, bool]
) -> dict[str, Answer | None]:
    if c.infused_at is None or now < c.infused_at or not (c.covered(now) or c.death(now)):
        return dict.fromkeys(OLDER)
    if (cause := c.death(now)) is not None:
        return dict.fromkeys(OLDER, Marks().answer(5) if cause == "crs" else None)
    seen = look(c, moments, now, ill, last)
    see_answer(c, moments, now, seen, several_at)
    return {
        scale: answer(c, now, seen, ill, last is not None, table(c, now, seen, ill)) for scale, table in TABLES.items()
    }


def answer(c: Chart, now: int, seen: Seen, ill: Syndrome | None, before: bool, v: Verdict) -> Answer:
    marks = Marks()
    marks.policies |= seen.about["fever"]
    if ill is None:
        return not_on(c, now, seen, before, v, marks)
    marks.policies |= seen.about["pressure"] | seen.about["oxygen"] | v.policies
    organs = v.organs
    if organs > 1 and not seen.febrile and v.columns < organs:
        marks.policies.add("organ_toxicity_after_fever")
        organs = organs if c.policy("organ_toxicity_after_fever") == "counted" else 0
    if ill.by_diagnosis:
        marks.policies.add("undocumented_fever")
    diagnosed = diagnosis_stands(c, now, ill)
    grade: float = max(v.columns, organs, 1 if seen.febrile or diagnosed else 0)
    if grade == 0 and seen.febrile is None and seen.low is None and seen.oxygen == "unread":
        marks.missing |= {"body_temperature", "systolic_pressure", "oxygen_device"}
        return marks.answer(None)
    grade = open_questions(c, now, seen, ill, grade, marks)
    if seen.febrile is None and grade == 0 and not diagnosed:
        marks.missing.add("body_temperature")
    name_missing(seen, grade, v, marks, organs=True)
    return marks.answer(grade)


def open_questions(c: Chart, now: int, seen: Seen, ill: Syndrome, grade: float, marks: Marks) -> float:
    latest = max(f.at for f in c.said("infusion") if f.at <= ill.began)
    if grade > 0 and ill.began - latest > float(c.policy("late_onset_days")) * DAY:
        marks.policies.add("late_onset")
        grade = 0 if c.policy("late_onset") == "not_graded" else grade
    if grade == 1 and seen.febrile and neutropenic(c, now):
        marks.policies.add("neutropenic_fever")
        grade = 0 if c.policy("neutropenic_fever") == "not_graded" else grade
    return grade


def not_on(c: Chart, now: int, seen: Seen, before: bool, v: Verdict, marks: Marks) -> Answer:
    if seen.febrile is None:
        marks.missing.add("body_temperature")
        return marks.answer(None)
    reading = c.reading("body_temperature", now)
    excused = reading is not None and (reading.value or 0) >= float(c.policy("fever_celsius"))
    if v.columns == 0 or not c.masked(now) or excused:
        return marks.answer(0)
    question = "masked_recurrence" if before else "masked_onset"
    marks.policies.add(question)
    if c.policy(question) == "not_crs":
        return marks.answer(0)
    marks.policies |= seen.about["pressure"] | seen.about["oxygen"] | v.policies
    name_missing(seen, v.columns, v, marks, organs=False)
    return marks.answer(v.columns)


def name_missing(seen: Seen, grade: float, v: Verdict, marks: Marks, *, organs: bool) -> None:
    """What nobody read, where it could raise the grade."""
    if grade >= 4:
        marks.missing.clear()
        return
    if seen.low is None and seen.pressors == "none":
        marks.missing.add("systolic_pressure")
    if seen.device_unread:
        marks.missing.add("oxygen_device")
    if grade < v.rises.get("oxygen", 0) and seen.flow_unread:
        marks.missing.add("oxygen_flow")
    elif grade < v.rises.get("oxygen", 0) and seen.oxygen == "untold" and not seen.device_unread:
        marks.missing.add("inspired_oxygen")
    if grade < v.rises.get("dose", 0) and seen.dose.endswith("untold"):
        marks.missing.add("vasopressor_dose" if seen.dose == "dose untold" else "body_weight")
    for name in seen.unmeasured if organs else ():
        if grade < v.rises.get(name.partition(".")[0], 0):
            marks.missing.add(name)
