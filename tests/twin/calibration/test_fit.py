"""The fit: what it may change, what holds it, and that it finds back what made the figures."""

import msgspec
import numpy as np
import pytest

from cartway.twin.calibration import load_targets
from cartway.twin.calibration.fit import Cohort, Fit, Problem, cohorts
from cartway.twin.calibration.free import Free, load_free, overlaid, people
from cartway.twin.model import load_model
from cartway.twin.population import diseases, draw, known, prior_of, products

AXI, LBCL = "axicabtagene_ciloleucel", "lbcl"
PRIOR = prior_of(*known(AXI, LBCL))


def silent(words: str) -> None:
    """Nobody asked for progress."""


def test_what_is_free_is_in_the_tables() -> None:
    for free in load_free():
        assert free.sd > 0
        assert free.name in PRIOR.every or free.name == "negative_share"
        assert free.who in {"all": {""}, "product": products(), "disease": diseases()}[free.of]


def test_what_a_source_gives_with_its_target_is_not_free() -> None:
    # the antigen of a product and the loss of its drugs are not what outcomes can tell
    published = {"tg", "k6", "kI", "kC", "kD", "kTz", "Vb", "KN", "rN"}
    assert not published & {free.name for free in load_free()}


def test_a_change_concerns_only_whom_it_is_for() -> None:
    changes = [(Free("rho", 0.1, "kinetics", "product", AXI), 0.3), (Free("gE", 0.1, "disease", "disease", "cll"), 0.3)]
    changed = overlaid(PRIOR, changes).every
    assert changed["rho"].median == pytest.approx(PRIOR.every["rho"].median * np.exp(0.3))
    assert changed["gE"] == PRIOR.every["gE"]


def test_a_share_moves_by_its_odds() -> None:
    share = overlaid(PRIOR, [(Free("negative_share", 0.7, "disease"), 50.0)]).negative_share
    assert PRIOR.negative_share < share <= 1.0


def test_without_changes_people_are_those_that_everybody_draws() -> None:
    free = load_free()
    mine = people(AXI, LBCL, 20, 7, free, np.zeros(len(free)))
    assert np.array_equal(mine.parameters, draw(AXI, LBCL, 20, 7).parameters)


def test_the_same_normals_lie_beneath_every_change() -> None:
    free = (Free("rho", 0.1, "kinetics"),)
    before, after = (people(AXI, LBCL, 20, 7, free, np.array([c])).parameters for c in (0.0, 0.2))
    rho = load_model().parameters["rho"]
    assert np.allclose(after[:, rho], before[:, rho] * np.exp(0.2))
    assert np.array_equal(np.delete(after, rho, 1), np.delete(before, rho, 1))


def test_targets_of_one_simulation_are_scored_together() -> None:
    fitted = [t for t in load_targets() if t.use == "fit"]
    found = cohorts("fit")
    assert sum(len(c.targets) for c in found) == len(fitted)
    assert len({(c.product, c.disease, c.policy) for c in found}) == len(found)


def test_the_fit_finds_back_what_made_the_figures() -> None:
    from cartway.twin.calibration.measures import sample
    from cartway.twin.calibration.played import Played
    from cartway.twin.calibration.score import figure
    from cartway.twin.course import run

    free, n, seed = (Free("copies_per_cell", 1.0, "kinetics", "product", AXI),), 40, 3
    played = Played(run(people(AXI, LBCL, n, seed, free, np.array([0.5])), "label", until=730.0))
    of = [t for t in load_targets() if t.metric == "cmax_qpcr" and t.trial == "KarMMa"]
    made = tuple(msgspec.structs.replace(t, value=figure(t, sample(played, t.measure))) for t in of)
    engine = Fit(Problem(free, (Cohort(AXI, LBCL, "label", made),), n, seed), np.zeros(1), silent)
    found = engine.step(engine.at(np.zeros(1)), [0], 0.0)
    # the prior holds it a little: one standard error of the figure is 0.23, of the prior 1
    assert found.changes[0] == pytest.approx(0.5, abs=0.08)


def test_no_step_makes_it_worse() -> None:
    free = (Free("rho", 0.1, "kinetics"), Free("dE", 0.2, "kinetics"))
    cohort = next(c for c in cohorts("fit", ("kinetics",)) if c.product == "axi-cel")
    engine = Fit(Problem(free, (cohort,), 30, 2), np.zeros(2), silent)
    start = engine.at(np.zeros(2))
    assert engine.step(start, [0, 1], 1.0).loss <= start.loss
