"""Three-valued logic of the label axis: a slow twin, and that hiding a fact never turns an answer into a no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product as every

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.pathway.answer import Answer, all_of, any_of
from cartway.pathway.candidacy.found import Found, joined
from cartway.record import Fact
from pathway.candidacy.label_courses import SEVEN, aged, disease, fact, line, says

ANSWERS = st.sampled_from(list(Answer))
Tree = Answer | tuple[str, tuple["Tree", ...]]
TREES = st.recursive(
    ANSWERS,
    lambda child: st.tuples(st.sampled_from(["all", "any"]), st.lists(child, min_size=1, max_size=3).map(tuple)),
    max_leaves=7,
)  # fmt: skip


def leaves(tree: Tree) -> Iterator[Answer]:
    if isinstance(tree, Answer):
        yield tree
    else:
        for child in tree[1]:
            yield from leaves(child)


def holds(tree: Tree, world: Iterator[bool]) -> bool:
    """The tree in one world, where every leaf is true or false."""
    if isinstance(tree, Answer):
        return next(world)
    inside = [holds(child, world) for child in tree[1]]
    return all(inside) if tree[0] == "all" else any(inside)


def twin(tree: Tree) -> Answer:
    """Every way in which the unknown leaves may turn out: yes or no where all agree."""
    choices = [{Answer.yes: (True,), Answer.no: (False,), Answer.unknown: (True, False)}[leaf] for leaf in leaves(tree)]
    outcomes = {holds(tree, iter(world)) for world in every(*choices)}
    return Answer.unknown if len(outcomes) == 2 else Answer.yes if outcomes == {True} else Answer.no


def fast(tree: Tree) -> Found:
    if isinstance(tree, Answer):
        return Found(tree, str(tree))
    return joined((fast(child) for child in tree[1]), all_of if tree[0] == "all" else any_of)


@given(TREES)
def test_a_tree_of_conditions_answers_as_every_possible_world_does(tree: Tree) -> None:
    assert fast(tree).answer is twin(tree)


@given(st.lists(ANSWERS, min_size=1))
def test_only_what_decides_speaks(answers: list[Answer]) -> None:
    found = joined((Found(each, str(each)) for each in answers), all_of)
    assert found.because == f"{found.answer}."


DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2026, 9, 1))
REGIMENS = {
    "R-CHOP": ["chemotherapy", "anti-CD20"], "VRd": ["PI", "IMiD"], "daratumumab": ["anti-CD38"], "ibrutinib": ["BTKi"],
    "venetoclax": ["BCL2i"], "radiotherapy": ["radiotherapy"], "FC": ["chemotherapy"],
}  # fmt: skip
DISEASES = ("dlbcl", "follicular_lymphoma", "mantle_cell_lymphoma", "cll", "b_all", "multiple_myeloma")
HIDDEN = ("classes", "systemic", "outcome", "outcome_date", "response", "regimen")


@st.composite
def lines(draw: st.DrawFn) -> list[Fact]:
    """Up to four lines in time order, each complete and ended by relapse or no response."""
    days = sorted(draw(st.lists(DAYS, min_size=8, max_size=8, unique=True)))
    count = draw(st.integers(1, 4))
    found = []
    for n in range(count):
        regimen = draw(st.sampled_from(list(REGIMENS)))
        ended = days[2 * n + 1].isoformat()
        came = days[2 * n + 2].isoformat() if 2 * n + 2 < len(days) else "2026-09-30"
        outcome, response = draw(st.sampled_from([("relapse", "CR"), ("progression", "PD"), ("refractory", "PD")]))
        found.append(
            line(
                n + 1, days[2 * n].isoformat(), ended, regimen=regimen, classes=REGIMENS[regimen],
                systemic=regimen != "radiotherapy", outcome=outcome, outcome_date=came, response=response,
            )
        )  # fmt: skip
    return found


@st.composite
def whole_courses(draw: st.DrawFn) -> list[Fact]:
    choice = draw(
        st.sampled_from(["dlbcl", "follicular_lymphoma", "mantle_cell_lymphoma", "cll", "b_all", "multiple_myeloma"])
    )
    status = draw(st.sampled_from(["relapsed", "second_relapse", "refractory"]))
    able = draw(st.sampled_from(["eligible", "not_for_age", "not_for_comorbidity"]))
    stated = [aged(draw(st.integers(3, 80))), fact("transplant_eligibility", choice=able)]
    return [*disease(choice, status=status), *stated, *draw(lines())]


def without(facts: list[Fact], gone: set[int], details: dict[int, set[str]], ends: set[int]) -> list[Fact]:
    """The course with some facts hidden whole, some details of lines, and the ends of some lines."""
    kept = []
    for n, each in enumerate(facts):
        if n in gone and each.what != "line_of_therapy":
            continue
        detail = {key: value for key, value in each.detail.items() if key not in details.get(n, set())}
        until = None if n in ends else each.until
        kept.append(msgspec.structs.replace(each, detail=detail, until=until))
    return kept


@settings(max_examples=150, deadline=None)
@given(
    whole_courses(),
    st.sets(st.integers(0, 3)),
    st.dictionaries(st.integers(4, 7), st.sets(st.sampled_from(HIDDEN))),
    st.sets(st.integers(4, 7)),
    st.sampled_from(SEVEN),
)
def test_hiding_what_is_known_never_makes_a_no(
    facts: list[Fact], gone: set[int], details: dict[int, set[str]], ends: set[int], name: str
) -> None:
    """Missing data is unknown, never no."""
    whole, less = says(facts, name).answer, says(without(facts, gone, details, ends), name).answer
    assert less is not Answer.no or whole is Answer.no


@settings(max_examples=150, deadline=None)
@given(whole_courses(), st.sampled_from(SEVEN))
def test_an_unknown_always_says_what_would_settle_it(facts: list[Fact], name: str) -> None:
    for n in range(len(facts)):
        answer = says(facts[:n] + facts[n + 1 :], name)
        assert bool(answer.missing) == (answer.answer is Answer.unknown)
