"""Every flag that the room can raise has a sentence."""

from __future__ import annotations

import re
from pathlib import Path

from cartway import response
from cartway.response.words import flag_words, load_flag_words

RAISED = re.compile(
    r"flags?=\(\"(\w+)\"|\(\"(\w+)\",\) \*|flag = \"(\w+)\"|\(\"(\w+)\",\)\s+if|, \(\"(\w+)\",\)$", re.MULTILINE
)
MINE = (
    "lugano*.py",
    "lyric*.py",
    "kinetics.py",
    "b_cells.py",
    "endpoints.py",
    "lesions.py",
    "measured.py",
    "respond.py",
)


def test_every_flag_has_its_words() -> None:
    room = Path(response.__file__).parent
    text = "\n".join(path.read_text("utf-8") for name in MINE for path in room.glob(name))
    raised = {code for found in RAISED.findall(text) for code in found if code and not code.startswith("response_")}
    assert len(raised) > 15
    assert raised <= set(load_flag_words())


def test_a_flag_without_a_sentence_is_shown_as_its_code() -> None:
    assert flag_words("some_new_flag") == "some new flag"
