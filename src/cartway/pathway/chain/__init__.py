"""Chain of identity, custody and condition: is it this patient's, who has it, was it kept cold; and may it be given?

The chain is a checked property of the facts. Missing evidence blocks until two named people stand in for it with a
reason; contradictory evidence blocks without exception. See docs/explanation/chain.md.
"""

from __future__ import annotations

from cartway.pathway.chain.checks import SHOULD_READ
from cartway.pathway.chain.din import Din, read_din
from cartway.pathway.chain.iso7064 import check_character, check_value
from cartway.pathway.chain.model import (
    Break,
    BreakKind,
    Chain,
    Custodian,
    Link,
    LinkKind,
    Refusal,
    Signer,
    StandIn,
    State,
    Verdict,
)
from cartway.pathway.chain.rules import Rule, rules
from cartway.pathway.chain.scan import Kind, Scan, scan
from cartway.pathway.chain.sec import Sec, read_sec
from cartway.pathway.chain.signing import digest, signers
from cartway.pathway.chain.things import Index, center_index
from cartway.pathway.chain.verdict import chain, may_infuse, may_thaw

__all__ = [
    "SHOULD_READ",
    "Break",
    "BreakKind",
    "Chain",
    "Custodian",
    "Din",
    "Index",
    "Kind",
    "Link",
    "LinkKind",
    "Refusal",
    "Rule",
    "Scan",
    "Sec",
    "Signer",
    "StandIn",
    "State",
    "Verdict",
    "center_index",
    "chain",
    "check_character",
    "check_value",
    "digest",
    "may_infuse",
    "may_thaw",
    "read_din",
    "read_sec",
    "rules",
    "scan",
    "signers",
]
