"""Every flag of myeloma, leukemia and CLL has a sentence."""

from __future__ import annotations

import ast
from pathlib import Path

from cartway import response
from cartway.response.words import load_flag_words

ROOM = Path(response.__file__).parent
FILES = ("imwg*.py", "acute_leukemia*.py", "iwcll*.py", "residual.py", "read_only.py")
KNOWN = frozenset(load_flag_words())


def words_of(path: Path) -> set[str]:
    """All texts of a file that look like a flag: what is given to `flags=`, `flag=`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in ("flags", "flag"):
            found |= _codes(node.value)
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id == "flags" for one in node.targets
        ):
            found |= _codes(node.value)
    return {word for word in found if "_" in word}


def _codes(node: ast.AST) -> set[str]:
    told = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return {each for each in told if isinstance(each, str) and " " not in each}


def test_every_flag_has_its_words() -> None:
    raised = {word for name in FILES for path in ROOM.glob(name) for word in words_of(path)}
    assert len(raised) > 12
    assert raised <= KNOWN, sorted(raised - KNOWN)
