"""The schedules as data: every row has a policy, a date, a source; what is a default of the center is not confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from cartway.pathway.policies import load_policies
from cartway.toxicity import SCALES
from cartway.vocabulary import vocabulary
from cartway.watch.due_rows import UNIT
from cartway.watch.due_schedule import Row, Task, load_schedules
from cartway.web.access import Role


def rows() -> Iterator[tuple[str, Task, Row]]:
    return ((name, task, row) for name, task in load_schedules().items() for row in task.rows)


def test_every_row_takes_its_number_from_a_policy_in_hours_or_days() -> None:
    policies = load_policies().policies
    assert all(policies[row.policy].unit in UNIT for _, _, row in rows())
    assert all(policies[row.within].unit in UNIT for _, _, row in rows() if row.within)
    assert all(policies[row.until_policy].unit == "d" for _, _, row in rows() if row.until_policy)


def test_every_policy_of_what_is_due_is_used() -> None:
    used = {name for _, _, row in rows() for name in (row.policy, row.until_policy, row.within)}
    own = {name for name in load_policies().policies if name.startswith("due_")}
    assert own - used == {"due_daily_days", "due_near_days", "due_grace_percent", "due_readmitted_hours"}


def test_a_default_of_the_center_is_never_confirmed_and_every_source_is_told() -> None:
    assert all(row.source.text for _, _, row in rows())
    assert not [row.id for _, _, row in rows() if "efault of the center" in row.source.text and row.source.confirmed]


def test_rows_are_named_once_and_ask_for_scales_and_roles_that_there_are() -> None:
    names = [row.id for _, _, row in rows()]
    assert len(names) == len(set(names))
    assert {row.scale for _, _, row in rows()} <= {"", *SCALES}
    assert {row.role or task.role for _, task, row in rows()} <= set(Role)


def test_every_part_is_answered_by_variables_and_choices_of_the_vocabulary() -> None:
    known = vocabulary().variables
    answers = [each for task in load_schedules().values() for part in task.parts for each in part.by]
    assert all(what in known for each in answers for what in each.what)
    assert all(choice in known[each.what[0]].choices for each in answers for choice in each.choices)
