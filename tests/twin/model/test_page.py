"""The page of the model: what it says is what is solved, and each number says what it rests on."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import twin_model
from cartway.twin.model import load_model
from cartway.twin.solver import begin
from cartway.twin.solver.generated import model as written

MODEL = load_model()
STANDINGS = {"published", "calibrated", "assumed", "drawn"}


def test_the_written_files_are_as_the_page_says() -> None:
    for name, text in twin_model.files().items():
        assert (twin_model.OUT / name).read_text() == text, f"{name}: run python scripts/twin_model.py"


def test_no_name_is_used_twice() -> None:
    names = [each.name for each in (*MODEL.short, *MODEL.state, *MODEL.parameter)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("parameter", MODEL.parameter, ids=lambda parameter: parameter.name)
def test_each_parameter_says_what_it_is(parameter) -> None:
    assert parameter.unit
    assert parameter.means
    assert parameter.standing in STANDINGS
    assert parameter.source or parameter.standing != "published"
    assert parameter.median >= 0
    assert parameter.omega >= 0


def test_a_number_nobody_confirmed_carries_the_mark() -> None:
    unconfirmed = {p.name for p in MODEL.parameter if not p.confirmed}
    assert unconfirmed >= {"kG", "kC", "kplt", "kD", "kAn"}


def test_every_parameter_is_used() -> None:
    formulas = [s.formula for s in MODEL.short] + [s.rate + " " + s.start for s in MODEL.state]
    clones = [f"{c.birth} {c.growth} {c.draw}" for _, c in MODEL.clones]
    words = set(" ".join([*formulas, *clones]).replace("(", " ").replace(")", " ").replace("*", " ").split())
    words = {part for word in words for part in word.replace("/", " ").replace("-", " ").replace("+", " ").split()}
    assert {p.name for p in MODEL.parameter} <= words


def by_the_page(x, p):
    """The rates, worked out by reading the page's formulas one by one: slow, and plain to see."""
    names = {state.name: x[i] for i, state in enumerate(MODEL.state)}
    names |= {parameter.name: p[i] for i, parameter in enumerate(MODEL.parameter)}
    names["log"] = math.log
    for short in MODEL.short:
        names[short.name] = eval(short.formula, {"__builtins__": {}}, names)  # noqa: S307 - our own page
    return [eval(state.rate, {"__builtins__": {}}, names) for state in MODEL.state]  # noqa: S307


PARTS = st.floats(-2, 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(PARTS, min_size=len(MODEL.state), max_size=len(MODEL.state)), st.lists(PARTS, min_size=5, max_size=5))
def test_the_written_right_hand_side_is_the_page(spread, other) -> None:
    p = [parameter.median * math.exp(0.2 * other[i % 5]) for i, parameter in enumerate(MODEL.parameter)]
    scale = begin(np.array([p]))[0, : len(MODEL.state)]
    x = [max(scale[i], state.floor) * math.exp(spread[i]) for i, state in enumerate(MODEL.state)]
    out = [0.0] * len(x)
    written.derivative(x, p, out)
    slow = by_the_page(x, p)
    size = [abs(rate) + abs(value) for rate, value in zip(slow, x, strict=True)]
    assert all(abs(a - b) <= 1e-9 * big for a, b, big in zip(out, slow, size, strict=True))
