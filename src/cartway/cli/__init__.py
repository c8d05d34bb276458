"""The command line. Each verb is a few lines here; what it does is in its room, imported when the verb runs."""

from __future__ import annotations

from cartway.cli.app import app, main

__all__ = ["app", "main"]
