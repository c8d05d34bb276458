"""The record: an append-only, hash-chained log of facts. See ARCHITECTURE.md, "A fact"."""

from cartway.record.checkpoint import Checkpoint, load_or_create_key, public_text, read_checkpoint
from cartway.record.columns import Columns
from cartway.record.content import NEVER
from cartway.record.current import current
from cartway.record.fact import RETRACTION, UNREADABLE, Fact
from cartway.record.log import Log
from cartway.record.outcome import Accepted, Known, Outcome, Receipt, Refused
from cartway.record.store import open_log
from cartway.record.valid import validate

__all__ = [
    "NEVER",
    "RETRACTION",
    "UNREADABLE",
    "Accepted",
    "Checkpoint",
    "Columns",
    "Fact",
    "Known",
    "Log",
    "Outcome",
    "Receipt",
    "Refused",
    "current",
    "load_or_create_key",
    "open_log",
    "public_text",
    "read_checkpoint",
    "validate",
]
