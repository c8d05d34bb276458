"""Every reason, measure and policy of the count scales is worded, and nothing is worded that no rule says."""

from __future__ import annotations

import tomllib
from importlib import resources
from types import ModuleType

import pytest
from hypothesis import given, settings

from cartway.toxicity import cytopenias, grade, icaht, icaht_days, load_rules, t_icaht
from cartway.toxicity.episode import criteria, missing_names, names_of_measures
from cartway.toxicity.rules import policy_of_flag
from cartway.toxicity.wording import sentence
from toxicity.counts import CYTOPENIAS, SCALES, count_courses, count_policies
from toxicity.courses import Course
from toxicity.drawn import rules

FAMILIES = {"icaht": ((icaht, t_icaht), range(260, 300)), "cytopenias": ((cytopenias,), range(380, 400))}


def codes(modules: tuple[ModuleType, ...], places: range) -> list[int]:
    """The criteria that the kernels of some modules say."""
    return sorted(v for m in modules for n, v in vars(m).items() if n.isupper() and isinstance(v, int) and v in places)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_criterion_is_worded_once_and_no_other(family: str) -> None:
    raw = tomllib.loads((resources.files("cartway.toxicity") / f"reasons_{family}.toml").read_text("utf-8"))
    worded = sorted(map(int, raw[family]["criteria"]))
    assert worded == codes(*FAMILIES[family])
    slugs = [criteria()[code].slug for code in worded]
    assert len(set(slugs)) == len(slugs)


def test_every_flag_names_its_policy() -> None:
    flags = {name: getattr(icaht_days, name) for name in vars(icaht_days) if name.startswith("B_")}
    assert {policy_of_flag("icaht", bit) for bit in flags.values()} == {
        "icaht_days",
        "icaht_missing_days",
        "icaht_no_recovery",
        "icaht_late_grade",
        "icaht_single_count",
        "t_icaht_limit",
        "t_icaht_transfusion",
    }
    assert [policy_of_flag("cytopenias", bit) for bit in range(5)] == list(cytopenias.PLACES)


def test_every_policy_has_its_place() -> None:
    """And every place its policy: none is read that nobody can set."""
    named = {name for name in load_rules().policies if "icaht" in name or name.startswith("lower_limit_")}
    assert named == icaht_days.PLACES.keys() | cytopenias.PLACES.keys()


def test_missing_and_measures_have_names() -> None:
    assert missing_names("icaht.early") == missing_names("t_icaht.late") == ("neutrophils", "platelets")
    assert len(missing_names("ctcae.platelets")) == cytopenias.M_LIMIT + 1
    assert {scale: len(names_of_measures(scale)) for scale in SCALES} == dict(zip(SCALES, (4, 2, 4, 4), strict=True))


@settings(max_examples=100, deadline=None)
@given(count_courses(), count_policies())
def test_every_grade_has_its_reasons_in_words(facts: Course, chosen: dict[str, str]) -> None:
    """A reason that speaks of a fact has it: no sentence with a hole."""
    for episode in grade(facts, rules(**chosen), None, (*SCALES, *CYTOPENIAS)):
        assert episode.because, episode
        for reason in episode.because:
            assert "{" not in sentence(reason)
            assert reason.fact is not None or "{said}" not in reason.criterion.text, reason
