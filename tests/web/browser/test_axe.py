"""axe finds nothing on any page, for any role, in either theme; nor in a form that was filled in wrongly.

The pages come from the routes of the application, so that none can be forgotten.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from cartway.web.access import Act, Role, may

from . import axe
from .conftest import Visit, nothing
from .still import Still, still_ward

ROLES = [*Role, None]
# A stream, which never ends; tables alone, for pages that have the rest.
NO_PAGES = ("/live", "/board/rows", "/alerts/rows", "/today/state")
FEWEST = {Act.see_ward: 2, Act.read_course: 5, Act.chart: 9, Act.read_own: 2, Act.manage_accounts: 3}


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing(role: Role | None, still: Still, visit: Visit, record_property: Any) -> None:
    guest = visit(still.url, still.cookie(role) if role else None, reduced_motion="reduce")
    guest.forgive(r"status of 4\d\d")  # what is not open to a role is a page too
    page, found, opened, refused = guest.context.new_page(), [], 0, 0
    for path in still.paths():
        if path.endswith(NO_PAGES):
            continue
        sent = guest.context.request.get(path, max_redirects=0, headers=AS_A_BROWSER)
        assert sent.status != TOO_MANY, path
        if sent.status in REDIRECTS or not sent.headers.get("content-type", "").startswith("text/html"):
            continue
        opened, refused = opened + sent.ok, refused + (not sent.ok)
        if is_new(sent.text(), role):
            answer = page.goto(path)
            assert answer is not None
            assert is_page(answer, path)
            found += [f"{path}: {each}" for each in axe.violations(page)]
    record_property("pages", f"{opened} open, {refused} refused, in {len(axe.THEMES)} themes")
    nothing(found)
    assert opened >= max((number for act, number in FEWEST.items() if role and may(role, act)), default=1)


def test_what_cannot_be_read_in_the_dark_alone_is_found(visit: Visit) -> None:
    page = visit("http://127.0.0.1").context.new_page()
    page.set_content(
        "<!doctype html><html lang=en><title>T</title><style>body {background: #fff; color: #000}"
        "@media (prefers-color-scheme: dark) {body {background: #222; color: #444}}</style><main><h1>Words</h1></main>"
    )
    found = axe.violations(page)
    assert [each.split(" at ")[0] for each in found] == ["dark: color-contrast"]


SEEN: set[str] = set()
FULLY_READ = {Role.physician, Role.administrator, Role.patient, None}
AS_A_BROWSER = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
REDIRECTS = range(300, 400)
TOO_MANY = 429  # asked faster than a session may: the page was not seen, which is not the same as not open
CHANGING = re.compile(
    r"""(name="(form|opened|by|_csrf_token)"\s+value=)"[^"]*"|datetime="[^"]*"|data-[a-z-]+="[^"]*\""""
)


TAG = re.compile(r"<([a-z][a-z0-9]*)([^>]*)>")
ATTRIBUTE = re.compile(r"""\s([a-z-]+)(?:="([^"]*)")?""")
TOLD_BY_VALUE = {"class", "type", "role", "aria-current", "scope"}


def is_new(sent: str, role: Role | None) -> bool:
    """Whether no such page was looked at in this process. Bar and footer are a role's: once a role.

    The readers in FULLY_READ between them see every page: of these each content is looked at. What the others see is
    the same or less of it, and is looked at where it is built of elements that nobody was shown together before.
    """
    main = CHANGING.sub("", sent.partition("<main")[2].partition("</main>")[0])
    build, content = digest(" ".join(sorted(built_of(main)))), digest(main)
    marks = {content if role in FULLY_READ else build, f"bar of {role}"}
    new = bool(marks - SEEN)
    SEEN.update(marks, {build})
    return new


def built_of(main: str) -> set[str]:
    """The kinds of elements of a page: name, names of the attributes, and the values that change how it is drawn."""
    return {
        " ".join([name, *sorted(f"{a}={value}" if a in TOLD_BY_VALUE else a for a, value in ATTRIBUTE.findall(rest))])
        for name, rest in TAG.findall(main)
    }


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_page(answer: Response, path: str) -> bool:
    """Whether the answer is a page, and that of this path: not where it sent us on to."""
    return answer.request.redirected_from is None and answer.headers.get("content-type", "").startswith("text/html")


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Still]:
    """A ward whose forms are sent in as they are: what that does to it nobody else sees."""
    with still_ward(tmp_path_factory.mktemp("spoiled")) as ward:
        yield ward


@pytest.mark.parametrize("role", [Role.physician, Role.administrator, Role.coordinator, Role.patient, None])
def test_axe_finds_nothing_in_a_form_that_lacks_everything(role: Role | None, spoiled: Still, visit: Visit) -> None:
    guest = visit(spoiled.url, spoiled.cookie(role) if role else None, reduced_motion="reduce")
    guest.forgive(r"status of 4\d\d")
    page, found = guest.context.new_page(), []
    for path in spoiled.paths():
        for number in range(there := forms_of(page, path)):
            # sending the one before may have done away with it
            if (there if number == 0 else forms_of(page, path)) > number:
                send_empty(page, number)
                if is_of_new_build(page):
                    found += [f"{path}, form {number + 1}: {each}" for each in axe.violations(page)]
    nothing(found)


BUILT: set[str] = set()
BUILD = """() => [...document.querySelectorAll('main *')].map(at => [at.tagName, at.className, at.type, at.role,
    [...at.attributes].map(a => a.name).join(' ')].join('|')).join('\\n')"""


def is_of_new_build(page: Page) -> bool:
    """Whether no page of the same elements, classes and attributes was looked at in this process: only words differ."""
    build = hashlib.sha256(str(page.evaluate(BUILD)).encode()).hexdigest()
    new = build not in BUILT
    BUILT.add(build)
    return new


def forms_of(page: Page, path: str) -> int:
    """How many forms a page has, opened anew, that change something; but for the one that signs out."""
    if path.endswith(NO_PAGES) or 'method="post"' not in fetched(page, path):
        return 0
    answer = page.goto(path)
    if answer is None or not answer.ok or not is_page(answer, path):
        return 0
    return page.locator("main form[method=post]").count()


def fetched(page: Page, path: str) -> str:
    """The main part of a page without a browser's work on it; empty where it is not open or leads elsewhere."""
    sent = page.context.request.get(path, max_redirects=0, headers=AS_A_BROWSER)
    assert sent.status != TOO_MANY, path
    is_html = sent.headers.get("content-type", "").startswith("text/html")
    return sent.text().partition("<main")[2] if sent.ok and is_html else ""


def send_empty(page: Page, number: int) -> None:
    """Clear a form, send it past the browser's own checks, and wait for what comes back."""
    form = page.locator("main form[method=post]").nth(number)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        form.evaluate(
            """form => {
              for (const field of form.querySelectorAll('input:not([type=hidden]), textarea, select')) {
                if (['checkbox', 'radio'].includes(field.type)) field.checked = false; else field.value = '';
              }
              form.noValidate = true;
              form.requestSubmit();
            }"""
        )
    page.wait_for_load_state("load")
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
