"""The tour shows every picture that `make screens` takes, and no other; the pictures are small."""

from __future__ import annotations

import re
from pathlib import Path

import screens

DOCS = Path(__file__).parents[3] / "docs"
MOST = 6_000_000  # bytes of all pictures


def test_every_picture_is_taken_shown_and_there() -> None:
    taken = sorted(shot.name for shot in screens.SHOTS)
    assert len(set(taken)) == len(taken)
    assert sorted(re.findall(r"\]\(screens/([\w-]+)\.png\)", (DOCS / "tour.md").read_text())) == taken
    assert sorted(path.stem for path in screens.FOLDER.iterdir()) == taken


def test_every_picture_has_words_for_who_cannot_see_it() -> None:
    assert not re.findall(r"!\[\]\(", (DOCS / "tour.md").read_text())


def test_the_pictures_are_small() -> None:
    sizes = [path.stat().st_size for path in screens.FOLDER.glob("*.png")]
    assert max(sizes) <= screens.LARGEST
    assert sum(sizes) <= MOST
