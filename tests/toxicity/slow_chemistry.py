"""IEC-HS and tumor lysis the slow, obvious way: at every instant, read all facts so far again.

Written from the tables (Hines 2023; Cairo and Bishop 2004) and from the meaning that each policy states. How CRS went
is taken from the CRS episodes, which have a twin of their own; the rest shares nothing with the fold but the
vocabulary's words, the policies' names and how a clinician's words are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from cartway.record.fact import Fact
from cartway.times import DAY, HOUR, YEAR
from cartway.toxicity import Episode
from cartway.toxicity.iec_context import DIRECTED, PRODUCTS

Policy = Callable[[str], str | float]
PRESSORS = ("norepinephrine", "epinephrine")
TUBES = ("invasive_ventilation", "ecmo")


class Said(NamedTuple):
    """One answer: the grade (None where not assessable), what is missing, which policies decided, what was counted."""

    grade: int | None
    missing: frozenset[str]
    policies: frozenset[str]
    measures: tuple[float, ...]


class Bench:
    """A course up to one instant, as the laboratory and the notes tell it."""

    def __init__(self, facts: Sequence[Fact], now: int, policy: Policy) -> None:
        self.now, self.policy = now, policy
        self.facts = [f for f in facts if f.at <= now]
        self.infused = next(f.at for f in facts if f.what == "infusion")

    def all(self, what: str) -> list[Fact]:
        """The values of a kind in time order; of two at one instant the worse alone."""
        lower = what in ("neutrophils", "platelets", "fibrinogen", "calcium")
        found: dict[int, Fact] = {}
        for f in sorted((f for f in self.facts if f.what == what and f.value is not None), key=lambda f: f.at):
            held = found.get(f.at)
            if held is None or (f.value < held.value if lower else f.value > held.value):  # type: ignore[operator]
                found[f.at] = f
        return list(found.values())

    def holds(self, what: str) -> float | None:
        """The newest value, where it is from after the infusion and not too old."""
        told = self.all(what)
        if not told or told[-1].at < self.infused:
            return None
        fresh = told[-1].at + float(self.policy("laboratory_valid_hours")) * HOUR > self.now
        return told[-1].value if fresh or self.policy("observation_validity") == "until_replaced" else None

    def own(self, what: str) -> float | None:
        """The last value up to the infusion, unless it is the newest of all."""
        told = self.all(what)
        before = [f for f in told if f.at <= self.infused]
        return before[-1].value if before and before[-1] is not told[-1] else None

    def limit(self, what: str) -> float | None:
        """The limit of normal told last: of two at one instant any, so a drawn course tells one."""
        key = "lower_limit" if what == "fibrinogen" else "upper_limit"
        told = [f.detail[key] for f in self.facts if f.what == what and f.detail.get(key) is not None]
        return told[-1] if told else None

    def word(self, *keys: str) -> list[object]:
        """What was last told of a detail of the context, all words of one instant."""
        told = [f for f in self.facts if f.what == "iec_hs_context" and any(f.detail.get(k) is not None for k in keys)]
        last = [f for f in told if f.at == told[-1].at] if told else []
        return [f.detail[k] for f in last for k in keys if f.detail.get(k) is not None]


def changes(facts: Sequence[Fact], episodes: Iterable[Episode], until: int, policy: Policy) -> list[int]:
    """Every instant at which an answer may change: facts, ages of values, ends of windows and of CRS episodes."""
    valid = float(policy("laboratory_valid_hours")) * HOUR
    found = {f.at for f in facts} | {round(f.at + valid) for f in facts} | {e.start for e in episodes}
    found |= {e.end for e in episodes if e.end is not None}
    infused = next(f.at for f in facts if f.what == "infusion")
    found.add(infused + 7 * DAY + 1)
    found |= {f.until for f in facts if f.what == "infection" and f.until is not None}
    return sorted(t for t in found if infused <= t <= until)


def crs_at(crs: Sequence[Episode], now: int) -> int | None:
    """The CRS grade at an instant; None where it cannot be assessed."""
    return next((e.grade for e in crs if e.start <= now and (e.end is None or now < e.end)), None)


def iec_hs(facts: Sequence[Fact], crs: Sequence[Episode], until: int, policy: Policy) -> list[tuple[int, Said]]:
    """The answers of IEC-HS over a course without death or discharge."""
    answers: list[tuple[int, Said]] = []
    worst, eased, least, last, rose = 0, False, None, None, False
    met_since: int | None = None
    for now in changes(facts, crs, until, policy):
        bench = Bench(facts, now, policy)
        grade = crs_at(crs, now)
        worst = max(worst, grade or 0)
        told = bench.all("ferritin")
        ferritin = told[-1].value if told and told[-1].at >= bench.infused else None
        if not eased and worst > 0 and grade is not None and grade < worst:
            before = [f.value for f in told if f.at <= bench.infused]
            eased, least = True, last if last is not None else (before[-1] if before else None)
        if ferritin is not None:
            if eased:
                more = 1 + float(policy("iec_hs_ferritin_rise_percent")) * 0.01
                rose = rose or least is None or ferritin > least * more
                least = ferritin if least is None else min(least, ferritin)
            last = ferritin
        said, met = iec_answer(bench, worst, eased, rose, met_since)
        met_since = (now if met_since is None else met_since) if met else None
        if met and met_since == now:
            said, _ = iec_answer(bench, worst, eased, rose, now)
        answers.append((now, said))
    return answers


def iec_answer(bench: Bench, worst: int, eased: bool, rose: bool, since: int | None) -> tuple[Said, bool]:
    """One answer, and whether the syndrome is there."""
    policy = bench.policy
    policies: set[str] = set()
    ferritin, found, unknown = features(bench, policies)
    measures = (float(found), float(ferritin is True))
    needed = float(policy("iec_hs_features"))
    if ferritin and 0 < found < 4:
        policies.add("iec_hs_features")
    if not ferritin or found < needed:
        if ferritin is False or found + len(unknown) < needed:
            return Said(0, frozenset(), frozenset(policies) if ferritin else frozenset(), measures), False
        if ferritin is None:
            unknown |= {"ferritin_limit" if bench.holds("ferritin") is not None else "ferritin"}
        return Said(None, frozenset(unknown), frozenset(policies), measures), False
    by = explained(bench, worst, rose, policies)
    if by:
        open_by = {"infection": "infection_ruled_out", "crs": "" if eased else "first_improvement"}.get(by, "")
        missing = frozenset({open_by} - {""})
        return Said(None if missing else 0, missing, frozenset(policies), measures), False
    grade, missing = severity(bench, since if since is not None else bench.now, policies)
    return Said(grade, frozenset(missing), frozenset(policies), measures), True


def features(bench: Bench, policies: set[str]) -> tuple[bool | None, int, set[str]]:
    """Whether ferritin is raised, how many of the four others are there, and which are not known."""
    found, unknown = 0, set()
    liver = [enzyme(bench, "ast", policies)]
    liver += [enzyme(bench, "alt", policies)] if not liver[0] else []
    fibrinogen, platelets, neutrophils = (bench.holds(w) for w in ("fibrinogen", "platelets", "neutrophils"))
    found += any(liver)
    if not any(liver) and all(each is None for each in liver):
        unknown.add("transaminases")
    found += fibrinogen is not None and (fibrinogen < 150 or fibrinogen < (bench.limit("fibrinogen") or 0))
    if fibrinogen is None:
        unknown.add("fibrinogen")
    low = (platelets is not None and platelets < 25) or (neutrophils is not None and neutrophils < 0.5)
    found += low
    if not low and (platelets is None or neutrophils is None):
        unknown.add("counts")
    found += any(bool(word) for word in bench.word("haemophagocytosis"))
    return raised(bench), found, unknown


def raised(bench: Bench) -> bool | None:
    """Ferritin above twice the limit or twice the value at infusion; None where it cannot be told."""
    value, own, limit = bench.holds("ferritin"), bench.own("ferritin"), bench.limit("ferritin")
    if value is None:
        return None
    if (limit and value > 2 * limit) or (own and value > 2 * own):
        return True
    return None if not limit and not own else False


def enzyme(bench: Bench, what: str, policies: set[str]) -> bool | None:
    value, limit, own = bench.holds(what), bench.limit(what), bench.own(what)
    if value is None or not limit:
        return None
    if own is not None and own > limit:
        return value > 5 * own
    if value > 5 * limit and own is None:
        policies.add("iec_hs_liver_baseline")
        return bench.policy("iec_hs_liver_baseline") == "taken_normal"
    return value > 5 * limit


def infection_told(bench: Bench) -> tuple[str, bool]:
    """What was last said of an infection, the worst of one instant: charted, open, excluded or "" where nobody said;
    and whether a search or a suspicion has no answer yet.
    """
    state, until, unanswered = "", 0, set[str]()
    told = [f for f in bench.facts if f.what in ("iec_hs_context", "infection", "infection_work_up")]
    for moment in sorted({f.at for f in told}):
        now = [f for f in told if f.at == moment]
        words = [f.detail.get("infection_excluded") for f in now if f.what == "iec_hs_context"]
        proven = [f for f in now if is_proven(f) and moment >= bench.infused]
        asked = {f.choice if f.what == "infection_work_up" else "infection" for f in now if is_open(f, proven)}
        answered = {f.choice for f in now if f.detail.get("result") == "negative"}
        unanswered = (set() if True in words else unanswered - answered) | asked
        if proven:
            state = "charted"
            until = max(10**18 if f.until is None or f.until <= f.at else f.until for f in proven)
        elif False in words:
            state = "open"
        elif True in words or any(f.what == "infection" and f.choice == "none" for f in now):
            state = "excluded"
    return ("" if state == "charted" and bench.now >= until else state), bool(unanswered)


def is_proven(fact: Fact) -> bool:
    if fact.what == "infection":
        return bool(fact.detail.get("proven")) and fact.choice not in ("viral", "none")
    sterile = fact.choice in ("blood_culture", "cerebrospinal_fluid")
    return fact.what == "infection_work_up" and sterile and fact.detail.get("result") == "positive"


def is_open(fact: Fact, proven: Sequence[Fact]) -> bool:
    of_it = fact.what in ("infection", "infection_work_up")
    return of_it and fact.detail.get("result") != "negative" and not any(fact is each for each in proven)


def explained(bench: Bench, worst: int, rose: bool, policies: set[str]) -> str:
    """What else explains it: an infection, another cause, CRS; "" where nothing does."""
    state, unanswered = infection_told(bench)
    if state == "open" or False in bench.word("progression_excluded"):
        policies.add("iec_hs_infection")
        if bench.policy("iec_hs_infection") == "not_called":
            return "other"
    if state == "charted":
        policies.add("iec_hs_infection")
        if bench.policy("iec_hs_infection") == "not_called":
            return "infection"
    elif not state or unanswered:
        policies.add("iec_hs_cause_untold")
        if bench.policy("iec_hs_cause_untold") == "not_called":
            return "other"
    if worst > 0 and not rose:
        policies.add("iec_hs_timing")
        return "crs" if bench.policy("iec_hs_timing") == "independent_of_crs" else ""
    if worst > 0:
        policies.add("iec_hs_ferritin_rise_percent")
    return ""


def severity(bench: Bench, since: int, policies: set[str]) -> tuple[int, set[str]]:
    """The grade by what was told, given and running."""
    given = bench.word("interventions")
    bleeding, failure = bench.word("bleeding"), bench.word("new_organ_failure")
    told = 2 if any(given) else 1
    drugs = [f for f in bench.facts if f.choice in (DIRECTED if f.what == "drug" else PRODUCTS)]
    if any(f.at >= since for f in drugs if f.what in ("drug", "transfusion")):
        told = 2
    levels = {"none": 1, "minor": 2, "transfused": 3, "intracranial": 4, "acute kidney injury": 3, "on dialysis": 4}
    told = max([told, *(levels[str(word)] for word in (*bleeding, *failure))])
    support = running(bench)
    if support > told:
        policies.add("iec_hs_support")
        told = support if bench.policy("iec_hs_support") == "counted" else told
    missing = set()
    if told < 4:
        missing |= {"bleeding"} if not bleeding else set()
        missing |= {"organ_failure"} if not failure else set()
    if told < 2 and not given:
        missing.add("treatment")
    return told, missing


def running(bench: Bench) -> int:
    """4 on a tube or two vasopressors, 3 on one; a drawn drip runs until it is stopped, a device for its window."""
    devices = [f for f in bench.facts if f.what == "oxygen_device"]
    window = float(bench.policy("oxygen_valid_hours")) * HOUR
    stands = bool(devices) and devices[-1].at + window > bench.now and devices[-1].at >= bench.infused
    same = [f for f in devices if f.at == devices[-1].at] if stands else []
    if any(f.choice in TUBES for f in same):
        return 4
    on = 0
    for name in PRESSORS:
        rates = [f for f in bench.facts if f.what == "drug" and f.choice == name]
        on += any(f.value for f in rates if f.at == rates[-1].at)
    return {0: 0, 1: 3}.get(on, 4)


LIMITS = {"uric_acid": 8.0, "potassium": 6.0, "phosphate": 1.45 * 3.0974, "calcium": 1.75 * 4.0078}


def tumor_lysis(facts: Sequence[Fact], until: int, policy: Policy) -> list[tuple[int, Said | None]]:
    """The answers of tumor lysis over a course without death or discharge; None where the window has closed."""
    answers: list[tuple[int, Said | None]] = []
    there = False
    for now in changes(facts, (), until, policy):
        bench = Bench(facts, now, policy)
        open_window = now <= bench.infused + 7 * DAY
        if not open_window and not there:
            answers.append((now, None))
            continue
        beyond, changed, read = lysis_values(bench)
        counted = beyond if policy("tls_change") == "not_counted" else {**changed, **beyond}
        hours = float(policy("tls_together_hours"))
        there = there or most(counted, hours) >= 2
        answers.append((now, lysis_answer(bench, there, open_window, beyond, changed, read)))
    return answers


def lysis_values(bench: Bench) -> tuple[dict[str, list[int]], dict[str, list[int]], set[str]]:
    """The last time at which each value lay beyond its limit, at which it did or had changed, and what was read.

    Before the infusion only the newest value counts: the watch begins with the infusion.
    """
    beyond: dict[str, list[int]] = {}
    changed: dict[str, list[int]] = {}
    read = set()
    for what, limit in LIMITS.items():
        told = bench.all(what)
        before = [f for f in told if f.at < bench.infused]
        looked = [f for f in told if f.at >= bench.infused]
        if before and not any(f.at == bench.infused for f in looked):
            looked = [before[-1], *looked]
        base = [f for f in told if f.at <= bench.infused]
        for f in looked:
            if not bench.infused - 3 * DAY <= f.at <= bench.infused + 7 * DAY:
                continue
            assert f.value is not None
            if f is told[-1]:
                read.add(what)
            own = base[-1].value if base and base[-1].at < f.at else None
            worse = is_beyond(bench, what, f.value, limit)
            moved = bool(own) and (f.value <= own * 0.75 + 1e-9 if what == "calcium" else f.value >= own * 1.25 - 1e-9)  # type: ignore[operator]
            if worse:
                beyond[what] = [f.at]
            if worse or moved:
                changed[what] = [f.at]
                read.add(what)
    return beyond, changed, read


def is_beyond(bench: Bench, what: str, value: float, limit: float) -> bool:
    if what == "calcium":
        return value <= limit + 1e-9
    if what == "phosphate":
        ages = [f for f in bench.facts if f.what == "age"]
        child = bool(ages) and ages[-1].value + (bench.now - ages[-1].at) / YEAR < float(
            bench.policy("tls_child_years")
        )  # type: ignore[operator]
        limit = 6.5 if child else limit
    return value >= limit - 1e-9


def most(times: dict[str, list[int]], hours: float) -> int:
    """The most values that lie within so many hours of one another; all where it is 0."""
    every = [t for each in times.values() for t in each]
    if hours == 0:
        return len(every)
    return max((sum(0 <= b - a <= hours * HOUR for b in every) for a in every), default=0)


def lysis_answer(
    bench: Bench,
    there: bool,
    open_window: bool,
    beyond: dict[str, list[int]],
    changed: dict[str, list[int]],
    read: set[str],
) -> Said | None:
    policy = bench.policy
    policies: set[str] = set()
    hours = float(policy("tls_together_hours"))
    counts = policy("tls_change") == "counted"
    counted = changed if counts else beyond
    if (most(changed, hours) >= 2) != (most(beyond, hours) >= 2):
        policies.add("tls_change")
    if most(counted, 0) >= 2 and most(counted, 24) < 2:
        policies.add("tls_together_hours")
    unread = set(LIMITS) - read
    if "calcium" in beyond:
        policies.add("tls_calcium")
    if "phosphate" in beyond and not any(f.what == "age" for f in bench.facts):
        policies.add("tls_child_years")
    number = float(len(counted))
    if not there:
        if most(counted, hours) + len(unread) >= 2:
            return Said(None, frozenset(unread), frozenset(policies), (0.0, 0.0, number))
        return Said(0, frozenset(), frozenset(policies), (0.0, 0.0, number))
    grade, missing = clinical(bench, policies)
    if not open_window and grade == 0:
        return None
    return Said(grade, frozenset(missing if grade < 4 else ()), frozenset(policies), (1.0, float(grade > 0), number))


def clinical(bench: Bench, policies: set[str]) -> tuple[int, set[str]]:
    """The worst of creatinine, arrhythmia and seizure."""
    missing, grades = set(), [0]
    start, end = bench.infused - 3 * DAY, bench.infused + 7 * DAY
    told = bench.all("creatinine")
    if not told or told[-1].at < start:
        missing.add("creatinine")
    else:
        limit = bench.limit("creatinine")
        if not limit:
            policies.add("tls_creatinine_upper_limit")
            limit = float(bench.policy("tls_creatinine_upper_limit"))
        ratio = (told[-1].value or 0) / limit if limit else None
        if ratio is None:
            missing.add("creatinine_upper_limit")
        elif ratio >= 1.5 - 1e-9:
            grades.append(1 if ratio <= 1.5 + 1e-9 else 2 if ratio <= 3 + 1e-9 else 3 if ratio <= 6 + 1e-9 else 4)
    levels = ("none", "no_treatment", "not_urgent", "urgent", "life_threatening")
    beats = [f for f in bench.facts if f.what == "arrhythmia"]
    if beats and start <= beats[-1].at <= end:
        grades.append(max(levels.index(f.choice) for f in beats if f.at == beats[-1].at))
    fits = [f for f in bench.facts if f.what == "seizure"]
    last = [fit_grade(f) for f in fits if f.at == fits[-1].at]
    if last and max(last) > 0 and start <= fits[-1].at <= end:
        policies.add("tls_seizure")
        if bench.policy("tls_seizure") == "counted":
            grades.append(max(last))
    return max(grades), missing


def fit_grade(fact: Fact) -> int:
    """One brief seizure 2, a prolonged one 4."""
    if fact.choice == "none":
        return 0
    return 4 if fact.detail.get("duration_min", 0) > 5 else 2
