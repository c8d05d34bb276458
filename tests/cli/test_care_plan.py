"""`cartway care-plan`: the plan and the card of a file or of the store, as PDF without identity; what it refuses."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pypdf import PdfReader

from cli.conftest import Run

HEAD = "course,at,what,choice,detail\n"
INFUSED = "c-81,2026-01-05T10:00Z,infusion,axicabtagene_ciloleucel,\n"
LINE = 'center,2025-01-01T00:00Z,care_contact,line_24_hours,"{""telephone"": ""+1 555 010 0142""}"\n'


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(HEAD + LINE + INFUSED, "utf-8")
    return path


def told(pdf: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "My plan for life after CAR T-cell therapy"),
        (("--language", "es"), "Mi plan para la vida"),
        (("--for", "physician"), "What to know at once (CD19 CAR T cells)"),
        (("--for", "card"), "For any emergency team"),
    ],
)
def test_a_paper_of_a_file(run: Run, table: Path, tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    out = tmp_path / "out.pdf"
    done = run("care-plan", str(table), "-o", str(out), "--at", "2026-04-20T12:00Z", *options)
    assert done.exit_code == 0, done.output
    assert words in told(out)
    assert "c-81" not in told(out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_without_an_hour_it_runs_to_the_end_of_the_file(run: Run, table: Path, tmp_path: Path) -> None:
    assert run("care-plan", str(table), "-o", str(tmp_path / "out.pdf")).exit_code == 0
    assert "Made on January 5, 2026" in told(tmp_path / "out.pdf")


@pytest.mark.parametrize(
    ("rows", "options", "reason"),
    [
        (INFUSED, (), "No number is set that answers day and night."),
        (LINE + "c-81,2026-01-05T10:00Z,diagnosis,dlbcl,\n", (), "No infusion is recorded"),
        (LINE + INFUSED + "c-81,2026-02-05T10:00Z,death,,\n", (), "The patient has died."),
        (LINE + INFUSED + INFUSED.replace("c-81", "c-82"), (), "The file holds several courses."),
        (LINE + INFUSED, ("--for", "poster"), "There is no plan for 'poster'."),
        (LINE + INFUSED, ("--language", "fr"), "There is no plan in 'fr'."),
        (LINE + INFUSED, ("--policy", "aftercare_antiviral"), "does not set a policy"),
    ],
)
def test_what_it_refuses_leaves_no_file(
    run: Run, tmp_path: Path, rows: str, options: tuple[str, ...], reason: str
) -> None:
    table, out = tmp_path / "facts.csv", tmp_path / "out.pdf"
    table.write_text(HEAD + rows, "utf-8")
    done = run("care-plan", str(table), "-o", str(out), *options)
    assert done.exit_code == 2
    assert reason in done.output
    assert not out.exists()


def test_a_course_of_the_store(run: Run, table: Path, tmp_path: Path) -> None:
    database, out = f"sqlite:///{tmp_path / 'record.db'}", tmp_path / "out.pdf"
    assert run("import", str(table), "--database", database).exit_code == 0
    done = run("care-plan", "c-81", "-o", str(out), "--database", database, "--at", "2026-04-20T12:00Z")
    assert done.exit_code == 0, done.output
    assert "+1 555 010 0142" in told(out)
    nobody = run("care-plan", "c-9", "-o", str(out), "--database", database)
    assert nobody.exit_code == 2
    assert "There is neither such a file nor such a course in the store." in nobody.output
