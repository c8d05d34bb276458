"""A criterion before it is asked: its words, severity and source, from `criteria.toml`. A rule answers with it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.answer import Answer, Axis, Criterion, Missing, Severity, Source
from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the criteria. `needs`: variable, its words, the test that settles it.

    `leads_to` is the status where it is not met, if not the one its severity leads to. `raises`: see `criteria.toml`.
    """

    axis: Axis
    question: str
    severity: Severity
    source: str
    needs: tuple[tuple[str, str, str], ...]
    confirmed: bool = True
    raises: bool = False
    leads_to: str = ""
    action: str = ""
    owner: str = "physician"


class Limit(msgspec.Struct, frozen=True):
    """A limit in force: the number, the policy that sets it, who says so."""

    number: float
    policy: str
    source: Source


@cache
def rules() -> dict[str, Rule]:
    """All criteria beside the label, by id."""
    text = (resources.files(__package__) / "criteria.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Rule], strict=False)


def limit_of(id_: str, policies: PathwayPolicies, name: str) -> Limit:
    """The limit a criterion uses: the center's own where it set one, else the default with the criterion's source."""
    policy = f"candidacy_{name}"
    if policy in policies.chosen:
        return Limit(policies.number(policy), policy, Source("The center's own policy"))
    return Limit(policies.number(policy), policy, Source(rules()[id_].source, policies.confirmed(policy)))


def yes(id_: str, because: str, *facts: Fact | None, limit: Limit | None = None) -> Criterion:
    """The criterion, met."""
    return _answered(id_, Answer.yes, because, facts, limit)


def no(
    id_: str,
    because: str,
    *facts: Fact | None,
    limit: Limit | None = None,
    severity: Severity | None = None,
    missing: tuple[Missing, ...] = (),
) -> Criterion:
    """The criterion, not met; `severity` where it is graver or milder than usual."""
    return _answered(id_, Answer.no, because, facts, limit, severity, missing)


def unknown(
    id_: str,
    because: str = "",
    *facts: Fact | None,
    limit: Limit | None = None,
    missing: tuple[Missing, ...] = (),
    severity: Severity | None = None,
) -> Criterion:
    """The criterion, unanswered: what is missing, and the test that would settle it."""
    lacking = missing or tuple(Missing(*need) for need in rules()[id_].needs)
    words = because or f"Not recorded: {', '.join(each.words for each in lacking)}."
    return _answered(id_, Answer.unknown, words, facts, limit, severity, lacking)


def _answered(
    id_: str,
    answer: Answer,
    because: str,
    facts: Iterable[Fact | None],
    limit: Limit | None,
    severity: Severity | None = None,
    missing: tuple[Missing, ...] = (),
) -> Criterion:
    rule = rules()[id_]
    return Criterion(
        id=id_, axis=rule.axis, question=rule.question, answer=answer, severity=severity or rule.severity,
        because=because, source=limit.source if limit else Source(rule.source, rule.confirmed),
        facts=tuple(fact for fact in facts if fact is not None), missing=missing,
        decided_by=limit.policy if limit else "",
    )  # fmt: skip
