"""The three-valued evaluation against a slow twin that tries every way in which the open answers could turn out.

The twin shares nothing with the rules: it takes a tree of yes, no and open answers as nested tuples, tries all worlds
and looks at whether they agree.
"""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cartway.pathway.answer import Answer
from cartway.pathway.trials import evaluate
from cartway.pathway.trials.trial import AllRule, AnyRule, OpenRule, Rule, UnreadRule
from pathway.trials.draw import asked, nobody

Tree = Any  # "yes" | "no" | "open" | ("all" | "any", list[Tree])
TREES = st.recursive(
    st.sampled_from(["yes", "no", "open"]),
    lambda inner: st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=4)),
    max_leaves=9,
)


def rule_of(tree: Tree) -> Rule:
    if isinstance(tree, str):
        return UnreadRule("open") if tree == "open" else OpenRule(tree, open=tree == "yes")
    kind, parts = tree
    inside = tuple(rule_of(part) for part in parts)
    return AllRule("all", inside) if kind == "all" else AnyRule("any", inside)


def count_open(tree: Tree) -> int:
    return int(tree == "open") if isinstance(tree, str) else sum(count_open(part) for part in tree[1])


def in_world(tree: Tree, world: Any) -> bool:
    if isinstance(tree, str):
        return next(world) if tree == "open" else tree == "yes"
    answers = [in_world(part, world) for part in tree[1]]
    return False not in answers if tree[0] == "all" else True in answers


def twin(tree: Tree) -> str:
    """What all worlds agree on, or unknown."""
    worlds = itertools.product((True, False), repeat=count_open(tree))
    told = {in_world(tree, iter(world)) for world in worlds}
    return "unknown" if len(told) == 2 else "yes" if told == {True} else "no"


@given(TREES)
def test_the_answer_is_what_every_way_of_the_open_questions_agrees_on(tree: Tree) -> None:
    assert evaluate(rule_of(tree), asked(nobody())).answer.value == twin(tree)


@given(TREES)
def test_an_open_answer_that_settles_never_turns_a_yes_or_no_around(tree: Tree) -> None:
    """Whatever is learnt later, an answer that stood without it stands with it."""
    before = evaluate(rule_of(tree), asked(nobody())).answer
    settled = settle(tree)
    if before is not Answer.unknown:
        assert evaluate(rule_of(settled), asked(nobody())).answer is before


def settle(tree: Tree) -> Tree:
    """The first open question answered with no."""
    if isinstance(tree, str):
        return "no" if tree == "open" else tree
    for place, part in enumerate(tree[1]):
        if count_open(part):
            return tree[0], [*tree[1][:place], settle(part), *tree[1][place + 1 :]]
    return tree


@given(TREES)
def test_each_part_keeps_its_own_answer_and_place(tree: Tree) -> None:
    found = evaluate(rule_of(tree), asked(nobody()))
    parts = [] if isinstance(tree, str) else tree[1]
    assert [part.answer.value for part in found.parts] == [twin(part) for part in parts]
