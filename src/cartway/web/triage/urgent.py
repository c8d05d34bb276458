"""Is this urgent?: open to everybody, with nothing of any patient on it, and there without a network."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from cartway.watch.triage import load_table
from cartway.web.draw import static_url
from cartway.web.guard.gate import OPEN
from cartway.web.page import WebRequest, office_of, page
from cartway.web.speech import LANGUAGE
from cartway.web.triage.shown import by_tier, numbers
from cartway.words.catalog import SPOKEN
from cartway.words.telephone import dialed

OURS = {"Cartway-Page": "urgent"}
"""Tells the worker that this answer is the page's own, also where it refuses: a proxy's error page is not."""
FILES = ("cartway.css", "patient.css", "triage.css", "time.js", "triage.js", "waiting.js", "diary.js", "icon.svg")


@get("/urgent", opt=OPEN, name="is this urgent")
async def urgent(request: WebRequest) -> Response[Any]:
    """In the reader's language."""
    return _urgent(request)


@get("/urgent/{spoken:str}", opt=OPEN, name="is this urgent, in a language")
async def urgent_in(request: WebRequest, spoken: FromPath[str]) -> Response[Any]:
    """In a language that the address names: what the phone keeps for when there is no network."""
    if spoken not in SPOKEN:
        raise NotFoundException
    LANGUAGE.set(spoken)
    return _urgent(request)


def _urgent(request: WebRequest) -> Response[Any]:
    office = office_of(request)
    if not dialed(office.config.phone):
        answer: Response[Any] = page(request, "patient/no_number.html", status=503)
    else:
        told: dict[str, Any] = {"tiers": by_tier(), "numbers": numbers(office), "warnings": load_table().warnings}
        answer = page(request, "triage/urgent.html", here="urgent", **told)
    answer.headers.update(OURS)
    return answer


@get("/worker.js", opt=OPEN, name="service worker")
async def worker(request: WebRequest) -> Response[str]:
    """The service worker: at the root, so that it may serve both ``/urgent`` and ``/my/``."""
    return Response(worker_text(), media_type="text/javascript")


@cache
def worker_text() -> str:
    """Its source after what it keeps: another version of any of these files is another worker."""
    source = (resources.files(__package__) / "worker.js").read_text("utf-8")
    files = [static_url(name) for name in FILES]
    pages = [f"/urgent/{language}" for language in SPOKEN]
    version = hashlib.sha256(json.dumps([source, files]).encode()).hexdigest()[:12]
    known = {"version": version, "pages": pages, "files": files}
    return f"const KEPT = {json.dumps(known)};\n{source}"
