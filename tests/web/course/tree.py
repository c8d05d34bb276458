"""A page's HTML as a tree, to ask small questions of it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})


class Node:
    """An element. `text`: all its words, blanks made one."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.parts: list[Node | str] = []

    @property
    def text(self) -> str:
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for part in self.parts:
            yield from part._words() if isinstance(part, Node) else [part]

    def all(self, tag: str = "", *, name: str = "", **attributes: str) -> list[Node]:
        """Every element below with this tag, of this class (`name`), with these attributes; ``_`` stands for ``-``."""
        wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
        return [node for node in self._below() if node._is(tag, name, wanted)]

    def one(self, tag: str = "", *, name: str = "", **attributes: str) -> Node:
        found = self.all(tag, name=name, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {name} {attributes}"
        return found[0]

    def _below(self) -> Iterator[Node]:
        for part in self.parts:
            if isinstance(part, Node):
                yield part
                yield from part._below()

    def _is(self, tag: str, name: str, wanted: dict[str, str]) -> bool:
        classes = self.attributes.get("class", "").split()
        matches = all(self.attributes.get(key) == value for key, value in wanted.items())
        return matches and tag in ("", self.tag) and (not name or name in classes)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {key: value or "" for key, value in attrs})
        self.open[-1].parts.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def tree(html: str) -> Node:
    """The page. Fails where an element is not closed by its own end."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.open[0]
