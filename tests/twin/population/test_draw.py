"""Drawing virtual patients: the same patient for the same seed and number, varying as the tables say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from cartway.twin.model import load_model
from cartway.twin.population import diseases, draw, load_bedside, normals_of, patients_of, prior_of, products
from cartway.twin.population.prior import Vary

AT = load_model().parameters


@given(n=st.integers(1, 12), first=st.integers(0, 30), seed=st.integers(0, 2**40))
@settings(max_examples=30, deadline=None)
def test_a_patient_is_the_same_whoever_is_drawn_beside(n, first, seed) -> None:
    many, few = draw("axi-cel", "lbcl", first + n, seed), draw("axi-cel", "lbcl", n, seed, first=first)
    assert np.array_equal(many.parameters[first:], few.parameters)
    assert np.array_equal(many.number[first:], few.number)
    assert all(np.array_equal(values[first:], few.traits[name]) for name, values in many.traits.items())


def test_another_seed_gives_other_patients() -> None:
    one, other = draw("axi-cel", "lbcl", 5, seed=1), draw("axi-cel", "lbcl", 5, seed=2)
    assert not np.any(one.parameters[:, AT["B0"]] == other.parameters[:, AT["B0"]])


def test_two_products_meet_the_same_people() -> None:
    """Arms of a virtual trial with one seed differ by the product and by nothing else."""
    one, other = draw("axi-cel", "lbcl", 5, seed=1), draw("liso-cel", "lbcl", 5, seed=1)
    assert np.array_equal(one.parameters[:, AT["B0"]], other.parameters[:, AT["B0"]])
    assert np.array_equal(one.traits["age_years"], other.traits["age_years"])


@pytest.mark.parametrize(("name", "median"), [("B0", 9.5e10), ("FER0", 400.0), ("k6", 4.0)])
def test_a_parameter_varies_log_normally_about_its_median(name, median) -> None:
    prior = prior_of(products()["axicabtagene_ciloleucel"], diseases()["lbcl"], {name: median})
    values = np.log(draw("axi-cel", "lbcl", 4000, 7, medians={name: median}).parameters[:, AT[name]])
    wide = prior.every[name].spread
    assert values.mean() == pytest.approx(np.log(median), abs=4 * wide / np.sqrt(4000))
    assert values.std() == pytest.approx(wide, rel=0.06)


@pytest.mark.parametrize("correlation", load_bedside().correlation, ids=lambda c: "-".join(c.of))
def test_what_goes_together_is_drawn_together(correlation) -> None:
    people = draw("axi-cel", "lbcl", 4000, 11)
    columns = [np.log(people.parameters[:, AT[name]] if name in AT else people.traits[name]) for name in correlation.of]
    assert np.corrcoef(*columns)[0, 1] == pytest.approx(correlation.value, abs=0.06)


def _one_by_one(vary: Vary, normal: float) -> float:
    """A quantity of one patient, by the words of bedside.toml."""
    if vary.kind == "uniform":
        return float(norm.cdf(normal))
    value = vary.median + vary.spread * normal if vary.kind == "normal" else vary.median * np.exp(vary.spread * normal)
    return float(min(max(value, vary.low), vary.high))


@given(seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_a_draw_is_what_the_tables_say_of_one_patient(seed) -> None:
    prior = prior_of(products()["tisagenlecleucel"], diseases()["pediatric_b_all"])
    normals = normals_of(seed, np.array([4]), len(prior.every))[0]
    own = dict(zip(prior.names, prior.root @ normals[prior.places], strict=True))
    person = draw("tisa-cel", "pediatric_b_all", 1, seed, first=4)
    for name, vary in prior.every.items():
        if name != "BN0":
            drawn = person.parameters[0, AT[name]] if name in AT else person.traits[name][0]
            assert drawn == pytest.approx(_one_by_one(vary, own.get(name, 0.0)), rel=1e-9)


def test_the_same_normals_are_the_same_patients() -> None:
    """A forecast samples normals: those of `draw` must lead to the patients of `draw`."""
    prior = prior_of(products()["ciltacabtagene_autoleucel"], diseases()["multiple_myeloma"])
    normals = normals_of(5, np.arange(3), len(prior.every))[:, prior.places]
    one, other = patients_of("cilta-cel", "mm", normals, seed=5), draw("cilta-cel", "mm", 3, 5)
    assert np.array_equal(one.parameters, other.parameters)


def test_some_carry_tumor_without_the_antigen_at_the_start() -> None:
    share = 0.2
    cells = draw("tisa-cel", "b_all", 3000, 3, medians={"negative_share": share}).parameters[:, AT["BN0"]]
    assert np.mean(cells > 0) == pytest.approx(share, abs=0.03)
    assert cells[cells > 0].min() >= 1 and cells.max() <= 1e6
    assert np.median(np.log10(cells[cells > 0])) == pytest.approx(3.0, abs=0.3)


def test_a_median_may_be_put_in_place_of_the_tables() -> None:
    assert np.all(draw("axi-cel", "lbcl", 4, 1, medians={"eN": 0.1}).parameters[:, AT["eN"]] == 0.1)


def test_children_are_of_a_childs_size() -> None:
    young, old = draw("tisa-cel", "pediatric_b_all", 2000, 1).traits, draw("axi-cel", "lbcl", 2000, 1).traits
    ten = (young["age_years"] > 9.5) & (young["age_years"] < 10.5)
    assert 27 < np.median(young["weight_kg"][ten]) < 38  # CDC growth charts 2000, 10 years: median 32 to 33 kg
    assert 60 < np.median(old["weight_kg"]) < 90
    assert young["age_years"].min() >= 1


def test_a_product_and_a_disease_that_do_not_meet_are_not_drawn() -> None:
    with pytest.raises(ValueError, match="finds CD19"):
        draw("axi-cel", "mm", 1, 1)
