"""MatchMiner's Clinical Trial Markup Language: boolean trees over age, sex, diagnosis, markers and genetic findings.

A node with several keys asks for all of them; a step, an arm and a dose level ask for their own tree and for what lies
above. Source: MatchMiner documentation, matchminer.gitbook.io; matchengine-V2, Dana-Farber Cancer Institute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cartway.pathway.trials import record
from cartway.pathway.trials.trial import (
    AgeRule,
    AllRule,
    AnyRule,
    Bound,
    ConditionRule,
    MarkerRule,
    OpenRule,
    Recruiting,
    Rule,
    SexRule,
    Stated,
    Trial,
    UnreadRule,
)
from cartway.problem import Problem

DEEPEST = 40
MOST_NODES = 5_000
GENETIC = "A sequencing report: this record holds no genetic findings"
_LEVELS = (
    ("step", "step_code", ""),
    ("arm", "arm_code", "arm_suspended"),
    ("dose_level", "level_code", "level_suspended"),
)
_STATES: Mapping[str, Recruiting] = {"open to accrual": "open", "closed to accrual": "closed", "suspended": "paused"}
_COMPARISON = re.compile(r"(>=|<=|>|<|==?)\s*(\d{1,3}(?:\.\d{1,3})?)")
_GROUPS = {"_SOLID_": "Solid tumor", "_LIQUID_": "Hematologic malignancy"}
_NONE: tuple[object, ...] = ({}, [], None, "")


class _WrongTreeError(Exception):
    """A tree that is made in no way we know; `at` is the path to it."""

    def __init__(self, at: str) -> None:
        super().__init__(at)
        self.at = at


def read_ctml(document: Mapping[str, Any]) -> Trial | Problem:
    """A trial in CTML. Problems: ``wrong_trial_record``, ``wrong_trial_id``, ``trial_too_long``."""
    title = _text(document, "short_title") or _text(document, "long_title")
    number = record.identity(_text(document, "nct_id") or _text(document, "protocol_no"), title)
    if isinstance(number, Problem):
        return number
    try:
        tree = _Reader().trial(document)
    except _WrongTreeError as wrong:
        reason = f"The tree of criteria is not made like CTML: {wrong.at}."
        return Problem("wrong_trial_record", reason, "Check the file with whoever curated it.")
    status, as_of = _status(document), record.day_of(_text(document, "last_updated"))
    return Trial(
        id=number,
        title=title or f"Protocol {number}",
        registry="MatchMiner CTML",
        phase=_text(document, "phase"),
        criteria=record.stated(
            Stated("tree", tree) if tree is not None else None,
            record.status_rule(status, as_of, _STATES.get(status.casefold(), "not_said")),
        ),
        as_of=as_of,
    )


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _status(document: Mapping[str, Any]) -> str:
    summary = document.get("_summary")
    stated = summary.get("status") if isinstance(summary, dict) else None
    first = stated[0] if isinstance(stated, list) and stated else None
    return (_text(first, "value") if isinstance(first, dict) else "") or _text(document, "status")


class _Reader:
    """One trial's trees. It counts nodes, so that no file costs more than it is worth."""

    def __init__(self) -> None:
        self._nodes = 0

    def trial(self, document: Mapping[str, Any]) -> Rule | None:
        """The trial's own tree, and one of its steps."""
        steps = document.get("treatment_list", {})
        if not isinstance(steps, dict):
            raise _WrongTreeError("treatment_list")
        parts = [*self._own(document, "trial"), *self._below(steps, 0, "trial")]
        return None if not parts else parts[0] if len(parts) == 1 else AllRule("Criteria of the protocol", tuple(parts))

    def _own(self, holder: Mapping[str, Any], at: str) -> Iterator[Rule]:
        match = holder.get("match")
        if match in _NONE:
            return
        if not isinstance(match, list):
            raise _WrongTreeError(f"{at}.match")
        yield from (self._node(item, f"{at}.match", 0) for item in match)

    def _below(self, holder: Mapping[str, Any], level: int, at: str) -> Iterator[Rule]:
        """One of the steps (arms, dose levels) that lie below, where there are any."""
        if level == len(_LEVELS):
            return
        name, code, suspended = _LEVELS[level]
        inside = holder.get(name)
        if inside in _NONE:
            return
        if not isinstance(inside, list) or not all(isinstance(each, dict) for each in inside):
            raise _WrongTreeError(f"{at}.{name}")
        words = name.replace("_", " ")
        rules = [
            self._level(each, level, f"{words.capitalize()} {_code(each, code)}", suspended, f"{at}.{name}")
            for each in inside
        ]
        found = tuple(rule for rule in rules if rule is not None)
        if found and len(found) == len(rules):  # one of them without any criterion of its own is open to everybody
            yield found[0] if len(found) == 1 else AnyRule(f"One of the {words}s", found)

    def _level(self, each: Mapping[str, Any], level: int, text: str, suspended: str, at: str) -> Rule | None:
        shut = bool(suspended) and _text(each, suspended).casefold() == "y"
        parts = [*self._own(each, at), *self._below(each, level + 1, at)]
        if shut:
            parts.insert(0, OpenRule("Open", open=False))
        return AllRule(text, tuple(_flat(parts))) if parts else None

    def _node(self, node: Any, at: str, depth: int) -> Rule:
        self._nodes += 1
        if not isinstance(node, dict) or not node or depth > DEEPEST or self._nodes > MOST_NODES:
            raise _WrongTreeError(at)
        parts = [self._part(key, value, at, depth) for key, value in node.items()]
        return _all("All of", parts)

    def _part(self, key: str, value: Any, at: str, depth: int) -> Rule:
        name = key.casefold().rstrip("0123456789")
        if name in ("and", "or"):
            if not isinstance(value, list) or not value:
                raise _WrongTreeError(f"{at}.{name}")
            inside = tuple(self._node(item, f"{at}.{name}", depth + 1) for item in value)
            if len(inside) == 1:
                return inside[0]
            return _all("All of", inside) if name == "and" else AnyRule("One of", inside)
        if not isinstance(value, dict) or not value:
            raise _WrongTreeError(at)
        leaves = (
            tuple(_leaf(name, word, said) for word, said in value.items())
            if name == "clinical"
            else (_genetic(name, value),)
        )
        return _all("All of", leaves)


def _all(text: str, parts: Sequence[Rule]) -> Rule:
    found = tuple(_flat(parts))
    return found[0] if len(found) == 1 else AllRule(text, found)


def _flat(parts: Iterable[Rule]) -> Iterator[Rule]:
    """All of all of some are all of them: one list is easier to read."""
    for part in parts:
        if isinstance(part, AllRule) and part.text == "All of":
            yield from part.parts
        else:
            yield part


def _code(each: Mapping[str, Any], name: str) -> str:
    return _text(each, name) or _text(each, "arm_description")[:40]


def _leaf(kind: str, key: str, value: Any) -> Rule:
    """One clinical criterion; what is not known stays unread, with its words."""
    name, said = key.casefold(), _said(value)
    text = f"{name.replace('_', ' ')}: {said}"
    match name:
        case "age_numerical" if _COMPARISON.fullmatch(said):
            return _age(said)
        case "oncotree_primary_diagnosis" if isinstance(value, str) and said.strip("!"):
            words = said.removeprefix("!").strip()
            return ConditionRule(_GROUPS.get(words, words), negated=said.startswith("!"))
        case "gender" if said.casefold() in ("female", "male"):
            return SexRule(f"{said.capitalize()} only", "female" if said.casefold() == "female" else "male")
        case _ if name.endswith("_status") and name != "disease_status":
            return _marker(name.removesuffix("_status").upper(), value, text)
    return UnreadRule(f"{kind}: {text}" if kind != "clinical" else text)


def _age(said: str) -> AgeRule:
    found = _COMPARISON.fullmatch(said)
    assert found is not None, "the caller has matched it"
    bound = Bound(float(found[2]), "year", included="=" in found[1])
    sign = {">=": "≥", "<=": "≤", "==": "=", "=": "="}.get(found[1], found[1])
    text = f"Age {sign} {found[2]} years"
    if found[1] in ("=", "=="):
        return AgeRule(text, bound, Bound(bound.count + 1, "year", included=False))
    return AgeRule(text, lowest=bound) if found[1].startswith(">") else AgeRule(text, highest=bound)


def _marker(antigen: str, value: Any, text: str) -> Rule:
    """``her2_status: true``; words other than positive and negative are not read."""
    said = {True: True, False: False, "positive": True, "negative": False}.get(
        value.casefold() if isinstance(value, str) else value if isinstance(value, bool) else None
    )
    if said is None:
        return UnreadRule(text, f"{antigen} as the trial asks for it")
    return MarkerRule(f"{antigen} {'positive' if said else 'negative'}", antigen, said)


def _genetic(name: str, value: Mapping[str, Any]) -> Rule:
    words = ", ".join(f"{key.casefold().replace('_', ' ')}: {_said(each)}" for key, each in value.items())
    return UnreadRule(f"{name}: {words}"[:400], GENETIC if name == "genomic" else "")


def _said(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_said(each) for each in value[:20] if not isinstance(each, list | dict))
    return " ".join(str(value).split())[:200] if isinstance(value, str | int | float | bool) else "not readable"
