"""Where sources differ: the question, its options with their sources, and whose answer counts.

The team's answer for one course (`aftercare_choice`, `about` the question) goes before the center's (`center_policy`
``aftercare_QUESTION``). Without either the question stays open, and what hangs on it shows every option.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from cartway.aftercare.model import Candidate, Option, Question
from cartway.aftercare.setting import Setting
from cartway.record import Fact

OPEN = "open"


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question as it is written: its words, why it is open, its options."""

    words: str
    why: str
    options: tuple[Option, ...]


class Answer(msgspec.Struct, frozen=True):
    """Whose option counts: its key, `by` center or team, the fact that says so."""

    option: str = ""
    by: str = ""
    fact: Fact | None = None


def data(name: str) -> dict[str, Any]:
    """One TOML file of the aftercare's data."""
    return tomllib.loads((resources.files("cartway.aftercare") / "data" / f"{name}.toml").read_text("utf-8"))


@cache
def load_questions() -> Mapping[str, Asked]:
    """Every question by its key."""
    return msgspec.convert(data("questions"), dict[str, Asked])


def answer_of(setting: Setting, key: str) -> Answer:
    """The answer in force; empty while nobody chose. An option that the question does not have counts as none."""
    known = {option.key for option in load_questions()[key].options}
    team = setting.latest("aftercare_choice", about=key)
    if team is not None and team.detail.get("option") in known:
        return Answer(str(team.detail["option"]), "team", team)
    policy = f"aftercare_{key}"
    center = setting.policies.text(policy)
    return Answer(center, "center", setting.policies.by.get(policy)) if center in known else Answer()


def chosen_of(setting: Setting, key: str, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates that still stand: the chosen one alone where somebody chose and it is among them, else all."""
    answer = answer_of(setting, key).option
    return tuple(each for each in candidates if each.option == answer) or candidates


def question(setting: Setting, key: str, *, matters: bool, why: str = "") -> Question:
    """The question as it stands for a course. `matters`: whether the options still lead to different days or acts."""
    asked, answer = load_questions()[key], answer_of(setting, key)
    told = (answer.fact,) if answer.fact else ()
    open_ = matters and not answer.option
    return Question(key, asked.words, asked.options, why or asked.why, answer.option, answer.by, open_, told)
