"""What keeps somebody from driving beyond the label's date: a seizure, or a finding of the nerves that lasts."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cartway.aftercare.setting import Setting
from cartway.record import Fact
from cartway.vocabulary import vocabulary

FULL_ICE = 10
NERVOUS = ("movement", "cranial_nerve", "neuropathy", "neurocognitive")


class Finding(msgspec.Struct, frozen=True):
    """One finding in words, and the fact that states it."""

    words: str
    fact: Fact


def findings(setting: Setting) -> tuple[Finding, ...]:
    """Every seizure since the first infusion, and what was abnormal when it was last looked at."""
    return tuple(_found(setting))


def _found(setting: Setting) -> Iterator[Finding]:
    since = [fact for fact in setting.all("seizure") if fact.choice != "none" and setting.day(fact) >= setting.zero]
    if since:
        yield Finding(f"a seizure on {setting.day(since[-1])}", since[-1])
    ice = setting.latest("ice_score")
    if ice is not None and ice.value is not None and ice.value < FULL_ICE and setting.day(ice) >= setting.zero:
        yield Finding(f"ICE {ice.value:g} when last asked on {setting.day(ice)}", ice)
    for what, words in (("new_neurological_change", "a neurological change"), ("motor_weakness", "weakness")):
        last = setting.latest(what)
        if last is not None and last.choice not in ("no", "none", "") and setting.day(last) >= setting.zero:
            yield Finding(f"{words} when last looked at on {setting.day(last)}", last)
    for effect in NERVOUS:
        late = setting.latest("late_effect", choice=effect)
        if late is not None and not late.detail.get("resolved"):
            label = vocabulary().variables["late_effect"].choices[effect].label
            yield Finding(f"{label.lower()}, not recorded as over", late)
