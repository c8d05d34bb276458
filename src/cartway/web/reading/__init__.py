"""The pages that patients read, in their language, open to all."""

from __future__ import annotations

from cartway.web.reading.pages import contents, topic_page

ROUTES = (contents, topic_page)
