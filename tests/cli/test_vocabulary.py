"""`cartway vocabulary`."""

from __future__ import annotations

import json

from cartway.vocabulary import vocabulary

from .conftest import Run


def test_all_words_as_a_table(run: Run) -> None:
    told = run("vocabulary").stdout.splitlines()
    assert [line.split()[0] for line in told[1:]] == list(vocabulary().variables)


def test_one_word_as_a_page(run: Run) -> None:
    told = run("vocabulary", "systolic_pressure").stdout
    assert "8480-6" in told and "kPa" in told and "20 to 350" in told


def test_as_json(run: Run) -> None:
    assert json.loads(run("vocabulary", "ice_score", "--json").stdout)["name"] == "ice_score"
    assert len(json.loads(run("vocabulary", "--json").stdout)) == len(vocabulary().variables)


def test_a_word_nobody_knows_with_the_nearest(run: Run) -> None:
    said = run("vocabulary", "systolic_presure")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "Did you mean systolic_pressure" in said.stderr
