"""What a form said."""

from __future__ import annotations

from typing import Annotated, Any

from litestar.enums import RequestEncodingType
from litestar.params import Body

Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]


def text(form: dict[str, Any], name: str) -> str:
    """One field; empty where it was not sent, the last where it was sent more than once."""
    return (texts(form, name) or [""])[-1]


def texts(form: dict[str, Any], name: str) -> list[str]:
    """Every value of a field, such as the boxes that were ticked."""
    said = form.get(name, [])
    return [each for each in (said if isinstance(said, list) else [said]) if isinstance(each, str)]
