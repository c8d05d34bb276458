"""The parts of a split dose, as the infusions and the containers' labels tell them.

An infusion after the first one is of the second part, or nobody knows which part it is: it is never passed over.
"""

from __future__ import annotations

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.manufacture import label_says
from cartway.pathway.products import product
from cartway.record import Fact
from cartway.times import DAY


class Parts(msgspec.Struct, frozen=True):
    """The infusions by part. `unclear`: after the first, and which part they were is not told. `left`: containers of
    the second part that were not begun; `of`: how many containers the label's rows name for it, 0 where none does.
    """

    first: tuple[Fact, ...] = ()
    second: tuple[Fact, ...] = ()
    unclear: tuple[Fact, ...] = ()
    left: tuple[str, ...] = ()
    of: int = 0

    @property
    def whole(self) -> bool:
        """Whether the second part is in: nothing of it is left, and as many containers as the label names."""
        named = {fact.about for fact in self.second if fact.about}
        return bool(self.second) and not self.left and not self.unclear and (not named or len(named) >= self.of)

    @property
    def begun(self) -> bool:
        """Whether the second part was begun and is not whole."""
        return bool(self.second) and not self.whole

    @property
    def told(self) -> str:
        """How much of the second part is in, in words."""
        most = max(self.of, len(self.second) + len(self.left))
        rest = f"; still to give: {', '.join(self.left)}" if self.left else ""
        return f"The second part has begun: {len(self.second)} of {most} containers{rest}."


def is_split(name: str) -> bool:
    """Whether a label of the product, in force or not, splits its dose."""
    known = product(name) if name else None
    return known is not None and bool(known.split)


def parts_of(course: Course, infusions: tuple[Fact, ...]) -> Parts:
    """The parts of a split dose. `infusions` are those that count, first to last."""
    if not infusions:
        return Parts()
    day_one, told = infusions[0], {id(fact): _part(course, fact) for fact in infusions}
    known = product(day_one.choice)
    rows = known.split if known is not None else ()
    first = [each for each in infusions if each is day_one or (told[id(each)] == 1 and each.at - day_one.at < DAY)]
    second = [each for each in infusions if each not in first and told[id(each)] == 2]
    unclear = [each for each in infusions if each not in first and each not in second]
    begun = {fact.about for fact in infusions}
    return Parts(
        tuple(first), tuple(second), tuple(unclear),
        tuple(name for name in course.abouts("container") if name not in begun and _labeled(course, name) == 2),
        min((len(row.from_bags[1]) for row in rows if len(row.from_bags) > 1), default=0),
    )  # fmt: skip


def _part(course: Course, fact: Fact) -> int | None:
    """The part that an infusion states, else the one on its container's label."""
    stated = fact.detail.get("part")
    return int(stated) if isinstance(stated, int | float) else _labeled(course, fact.about)


def _labeled(course: Course, container: str) -> int | None:
    part = label_says(course, container, "part") if container else None
    return int(part) if isinstance(part, int | float) else None
