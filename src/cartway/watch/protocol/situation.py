"""What a protocol asks of a course at a moment: the grades now, since when, which drugs were given, fever, age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from cartway.pathway.conditioning import Case
from cartway.pathway.policies import PathwayPolicies
from cartway.record import UNREADABLE, Fact
from cartway.times import HOUR, Instant
from cartway.toxicity import Episode
from cartway.toxicity.coding import NOT_GIVEN, STOPPED
from cartway.vocabulary import vocabulary
from cartway.watch.protocol.model import Syndrome

CRS, ICANS, IEC_HS = "crs.astct", "icans.astct", "iec_hs.astct"
CAPD_BELOW = 12  # years: ASTCT 2019 grades ICANS below this age with the CAPD
ADULT = 18  # years


class Situation:
    """A case with its episodes. Read only. `crs_scale`: the scale of CRS that the protocol in question means."""

    def __init__(self, case: Case, episodes: Iterable[Episode], crs_scale: str = CRS) -> None:
        self.case, self.crs_scale = case, crs_scale
        found: dict[str, list[Episode]] = {}
        for episode in episodes:
            if episode.start <= case.now:
                found.setdefault(episode.scale, []).append(episode)
        self.episodes: Mapping[str, Sequence[Episode]] = found

    @property
    def now(self) -> Instant:
        """The moment."""
        return self.case.now

    @property
    def policies(self) -> PathwayPolicies:
        """The center's policies."""
        return self.case.policies

    def hours(self, policy: str) -> Instant:
        """A policy of hours, as microseconds."""
        return round(self.policies.number(policy) * HOUR)

    def at(self, scale: str, moment: Instant) -> Episode | None:
        """The episode of a scale at a moment; None where there is none."""
        found = (each for each in self.episodes.get(scale, ()) if each.start <= moment)
        last = max(found, key=lambda each: each.start, default=None)
        return last if last is not None and (last.end is None or moment < last.end) else None

    def present(self, scale: str) -> Episode | None:
        """The episode of a scale now."""
        return self.at(scale, self.now)

    def held(self, scale: str) -> Episode | None:
        """The episode whose grade counts now: the present one where nothing is missing of it.

        With something missing the highest since the last grade that was sure: a lower bound below it, or a grade that
        cannot be assessed, is no improvement. None where there is no grade now, or none to go by.
        """
        since: list[Episode] = []
        for episode in self._back(scale):
            since.append(episode)
            if episode.grade is not None and not episode.missing:
                break
        found = max(since, key=lambda each: -1 if each.grade is None else each.grade, default=None)
        nothing = found is None or found.grade is None or (found.grade == 0 and since[0].grade is None)
        return None if nothing else found

    def grade(self, scale: str) -> int | None:
        """The grade that counts now; None where it is not graded, or cannot be assessed and nothing is known before.

        With something missing, at least this.
        """
        episode = self.held(scale)
        return None if episode is None else episode.grade

    def sure(self, scale: str) -> bool:
        """Whether the grade now can be told with nothing missing."""
        episode = self.present(scale)
        return episode is not None and episode.grade is not None and not episode.missing

    def run(self, scale: str) -> list[Episode]:
        """The graded episodes since when the grade was never surely 0, in time order; none where it is not there."""
        run: list[Episode] = []
        for episode in self._back(scale):
            if episode.grade == 0 and not episode.missing:
                break
            run.insert(0, episode)
        return [episode for episode in run if episode.grade]

    def _back(self, scale: str) -> Iterator[Episode]:
        """The present episode and those before it, the newest first, as far as they follow each other closely."""
        episode = self.present(scale)
        for before in sorted(self.episodes.get(scale, ()), key=lambda each: each.start, reverse=True):
            if episode is None or before.start > episode.start:
                continue
            if before is not episode and before.end != episode.start:
                return
            episode = before
            yield before

    def onset(self, scale: str) -> Instant | None:
        """When the syndrome began that is there now; None where it is not there."""
        run = self.run(scale)
        return run[0].start if run else None

    @cached_property
    def crs_onset(self) -> Instant | None:
        """When the present CRS began, by the protocol's scale."""
        return self.onset(self.crs_scale)

    @cached_property
    def began(self) -> Instant | None:
        """When the earliest of the present syndromes began."""
        found = [self.onset(scale) for scale in (self.crs_scale, ICANS, IEC_HS)]
        return min((each for each in found if each is not None), default=None)

    def given(self, *drugs: str, since: Instant | None = None) -> list[Fact]:
        """What was charted as given of some drugs, in time order; what was held, refused or stopped is not."""
        return [
            fact
            for fact in self.case.course.all("drug")
            if fact.choice in drugs and is_given(fact) and (since is None or fact.at >= since)
        ]

    def since(self, syndrome: Syndrome) -> Instant | None:
        """When what a syndrome's rows are for began: its episode, of both the later one, of fever its first."""
        if syndrome == "fever":
            return self._fever_since
        scales = {"crs": (self.crs_scale,), "icans": (ICANS,), "iec_hs": (IEC_HS,)}.get(
            syndrome, (self.crs_scale, ICANS)
        )
        return max((each for scale in scales if (each := self.onset(scale)) is not None), default=None)

    @property
    def _fever_since(self) -> Instant | None:
        """The first fever of those that follow each other within the time that a fever counts as present."""
        window, found = self.hours("protocol_fever_hours"), [self.now]
        for fact in reversed(self.fevers):
            if found[-1] - fact.at > window:
                break
            found.append(fact.at)
        began = self.onset(CRS)
        return min([*found[1:], *([] if began is None else [began])], default=None)

    @cached_property
    def unread_drug(self) -> Fact | None:
        """A drug entry since the infusion that could not be read: it may have been any drug."""
        start = self.case.infusions[0].at if self.case.infusions else self.now
        found = [f for f in self.case.course.all(UNREADABLE) if f.detail.get("variable") == "drug" and f.at >= start]
        return found[-1] if found else None

    @cached_property
    def fevers(self) -> list[Fact]:
        """Every temperature of a fever, in time order."""
        limit = self.policies.number("protocol_fever_celsius")
        return [f for f in self.case.course.all("body_temperature") if f.value is not None and f.value > limit - 1e-6]

    @property
    def age_years(self) -> float | None:
        """Age; None where nobody said."""
        return self.case.age_years


def is_given(fact: Fact) -> bool:
    """Whether a drug entry says that the drug went in."""
    status = str(fact.detail.get("status", "")).casefold()
    return status not in NOT_GIVEN and status not in STOPPED and fact.value != 0


def drugs_of(group: str) -> tuple[str, ...]:
    """The drugs of a class of the vocabulary, such as ``steroid``."""
    choices = vocabulary().variables["drug"].choices
    return tuple(name for name, choice in choices.items() if group in choice.classes)
