"""The questions worth asking about a trial, by topic, each with where its topic comes from."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec


class Question(msgspec.Struct, frozen=True):
    """The questions of one topic, in plain words, and the source of the topic."""

    topic: str
    questions: tuple[str, ...]
    source: str


@cache
def questions() -> tuple[Question, ...]:
    """All topics in the order in which they are asked."""
    table = tomllib.loads((resources.files(__package__) / "questions.toml").read_text("utf-8"))
    return tuple(Question(each["topic"], tuple(each["questions"]), table[each["source"]]) for each in table["about"])
