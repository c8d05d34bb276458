"""A page: a template with what every page needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Request
from litestar.response import Template

from cartway.web.access import Act, Principal

if TYPE_CHECKING:
    from cartway.web.office import Office

WebRequest = Request[Principal | None, str, Any]


def office_of(request: WebRequest) -> Office:
    office: Office = request.app.state.office
    return office


def page(request: WebRequest, template: str, *, status: int = 200, **context: Any) -> Template:
    """`template` with `context`, and: `me` (the principal or None), `may`, `now`, `fragment` (asked by HTMX), `Act`."""
    office, me = office_of(request), request.scope.get("user")  # no route, no session: an unknown address has none
    return Template(
        template_name=template,
        status_code=status,
        context={
            "me": me,
            "may": lambda act: me is not None and me.may(act),
            "Act": Act,
            "now": office.now(),
            "fragment": request.headers.get("hx-request") == "true",
            **context,
        },
    )


def person(request: WebRequest) -> Principal:
    """Who is signed in. Only for handlers that the gate does not leave open."""
    assert request.user is not None, "the gate lets nobody else through"
    return request.user
