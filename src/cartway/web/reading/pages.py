"""The reading room: the table of contents, and one page a topic. Open: nothing in it is about anybody."""

from __future__ import annotations

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from cartway.web.guard.gate import OPEN
from cartway.web.page import WebRequest, page
from cartway.web.speech import language
from cartway.words import load_shelf

GLOSSARY = "glossary"
URGENT = "when-to-call"


@get("/read", opt=OPEN, name="reading room", sync_to_thread=True)
def contents(request: WebRequest) -> Template:
    """All topics, in the order of the road."""
    return page(request, "reading/contents.html", here="read", shelf=load_shelf(language()))


@get("/read/{topic:str}", opt=OPEN, name="reading page", sync_to_thread=True)
def topic_page(request: WebRequest, topic: FromPath[str]) -> Template:
    """One topic, with what comes before and after it on the road."""
    shelf = load_shelf(language())
    shown = shelf.page(topic)
    if shown is None:
        raise NotFoundException
    before, after = shelf.beside(topic)
    return page(
        request,
        "reading/topic.html",
        here="read",
        shown=shown,
        before=before,
        after=after,
        urgent=URGENT,
        glossary=GLOSSARY,
    )
