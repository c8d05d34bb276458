"""A shift by keyboard alone: sign in, open the first course, chart vital signs, read what came of it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from ..conftest import PASSWORD, Site
from .conftest import Visit
