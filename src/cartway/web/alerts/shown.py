"""An alert as a line: why it rings, whom it waits for, how soon somebody must answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from cartway.pathway.course import CENTER
from cartway.times import HOUR, Instant
from cartway.watch.model import Alert, Finding, Priority, worst_first
from cartway.web.access import Account, Act, Principal, Role
from cartway.web.names import Name

NO_WORDS = "(own words that are not shown to you)"
OVER_FOR = 12 * HOUR  # how long the ward's list keeps what is over: a shift
WORDS: Mapping[Priority, str] = {Priority.high: "High", Priority.medium: "Medium", Priority.low: "Low"}
TOLD = "reported"
EVERYONE = "everyone"  # who is told last
_ROLES = frozenset(Role)

Called = Callable[[str], str]
"""What an account or a role is called."""


class Line(msgspec.Struct, frozen=True):
    """An alert on a list. `name` is None for who sees no names, and for the center's own."""

    alert: Alert
    name: Name | None

    @property
    def state(self) -> str:
        """``rings``; ``seen``: it is there, and all of it was; ``missed``: over before anybody saw it; ``over``."""
        if self.alert.rings:
            return "rings"
        return "seen" if self.alert.end is None else "missed" if self.alert.unanswered else "over"

    @property
    def priority(self) -> Priority:
        """Of what nobody has seen, else of what is there, else the highest that it had."""
        return max((each.priority for each in self.alert.unseen), default=self.alert.priority or self.alert.peak)

    @property
    def why(self) -> Sequence[Finding]:
        """What to tell first: what nobody has seen, else what is there, else the worst of what was."""
        return worst_of_each(self.alert.unseen) or self.to_see

    @property
    def to_see(self) -> Sequence[Finding]:
        """What a page shows of it, and what an acknowledgement names: what is there, of what is over all there was."""
        return worst_of_each(self.alert.present or worst_first(self.alert.findings))

    @property
    def beside(self) -> Sequence[Finding]:
        """What stands beside the first: all of what was told from home, since each telling asks for somebody."""
        return self.why[1:] if self.alert.event == TOLD and self.state in {"rings", "missed"} else ()

    @property
    def is_again(self) -> bool:
        """Whether somebody saw it before, and it rings because of what came since."""
        return self.alert.rings and self.alert.acknowledged is not None

    @property
    def is_of_center(self) -> bool:
        """Whether it is about no patient: the stock of a drug, say."""
        return self.alert.course == CENTER

    @property
    def order(self) -> tuple[int, ...]:
        """Whom to see to first: the smaller comes first."""
        since = self.alert.rings_since if self.alert.rings_since is not None else self.alert.onset
        return (-self.priority, 0 if self.alert.escalated else 1, since)


def readable(alert: Alert, words: bool) -> Alert:
    """An alert as this reader may see it: own words, in which people name patients, only where they may read them."""
    if words or not any(each.words for each in alert.findings):
        return alert
    return msgspec.structs.replace(alert, findings=_wordless(alert.findings), unseen=_wordless(alert.unseen))


def _wordless(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(msgspec.structs.replace(each, words=NO_WORDS) if each.words else each for each in findings)


def worst_of_each(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of each rule (and thing) the first of these, which are the worst first: who saw that, saw the rule."""
    found: dict[str, Finding] = {}
    for each in findings:
        found.setdefault(each.name, each)
    return tuple(found.values())


def is_mine(alert: Alert, me: Principal) -> bool:
    """Whether it waits for me: by name, by my role, or because my role was told when nobody answered."""
    told = {role for role, _ in alert.escalated}
    return bool({me.account.id, me.account.role.value, EVERYONE} & {alert.owner, *told})


def is_recent(alert: Alert, now: Instant) -> bool:
    """Whether the ward's list shows it: what is there, what nobody saw, and what is over for less than a shift."""
    return alert.end is None or alert.unanswered or now - alert.end < OVER_FOR


def called(me: Principal, account: Callable[[str], Account | None]) -> Called:
    """What accounts and roles are called for this reader; who sees no names is told the role alone."""
    known: dict[str, str] = {}

    def name(who: str) -> str:
        if who not in known:
            known[who] = _called(who, me, account)
        return known[who]

    return name


def _called(who: str, me: Principal, account: Callable[[str], Account | None]) -> str:
    if who == me.account.id:
        return "you"
    if who == EVERYONE:
        return "everybody on the ward"
    if who in _ROLES:
        return who.replace("_", " ")
    found = account(who)
    if found is None:
        return who if me.may(Act.see_names) else "somebody"
    role = found.role.value.replace("_", " ")
    return f"{found.display or found.name}, {role}" if me.may(Act.see_names) else f"a {role}"
