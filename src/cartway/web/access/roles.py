"""Who may do what: the roles, and the acts that each may do. Whom they may do it to is in the memberships."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for. One account has one role; who has two jobs has two accounts."""

    physician = "physician"
    nurse = "nurse"
    coordinator = "coordinator"
    apheresis = "apheresis"
    cell_laboratory = "cell_laboratory"
    pharmacy = "pharmacy"
    data_manager = "data_manager"
    administrator = "administrator"
    patient = "patient"
    caregiver = "caregiver"


class Act(StrEnum):
    """What can be done. Every page and every form post is one of these, or open to everybody."""

    see_ward = "see_ward"  # the board: day, product, grades of the courses one belongs to
    see_names = "see_names"  # who the patient is, wherever a course is shown
    read_course = "read_course"  # one course: readings, timeline, reasons
    chart = "chart"  # vital signs, oxygen, ICE, CAPD
    give_drug = "give_drug"  # a drug given, started or stopped
    attribute = "attribute"  # another cause for a sign
    correct = "correct"  # a correction or a retraction of what was entered
    break_glass = "break_glass"  # open a course one does not belong to, with a reason, for a while
    assign = "assign"  # say who belongs to which course
    manage_accounts = "manage_accounts"
    see_access_log = "see_access_log"
    see_programme = "see_programme"  # the road to infusion: the programme board, each course's pathway pages
    coordinate = "coordinate"  # referral, gates, bridging, restaging, slots, appointments
    assess = "assess"  # facts of candidacy, and what the label and the criteria say of them
    decide = "decide"  # tumor board, product, go or no go, standing in for missing evidence, the end of a course
    handle_cells = "handle_cells"  # collection, containers, labels, custody, storage, thaw
    release = "release"  # batch, release tests, disposition, certificate
    verify = "verify"  # one of the two who check identity, and sign
    infuse = "infuse"  # lymphodepletion and the infusion itself
    answer = "answer"  # an alert, what is due, a step of the protocol: seen, done, declined, with a reason
    hand_over = "hand_over"  # the ward's worklist and the sheet of the shift
    follow_up = "follow_up"  # life after: visits, vaccines, late effects, restrictions, the survivorship plan, support
    read_own = "read_own"  # the patient's pages
    write_own = "write_own"  # what patient and caregiver tell: a temperature, a symptom, how they feel
    account = "account"  # one's own: sign out, change the password


_PATHWAY = frozenset({Act.see_programme})
_WARD = frozenset({Act.see_ward, Act.see_names, Act.account})
_BEDSIDE = _WARD | {
    Act.read_course, Act.chart, Act.give_drug, Act.correct, Act.break_glass, Act.answer, Act.hand_over,
    Act.follow_up,
}  # fmt: skip

MAY: Mapping[Role, frozenset[Act]] = {
    Role.physician: _BEDSIDE
    | _PATHWAY
    | {Act.attribute, Act.coordinate, Act.assess, Act.decide, Act.verify, Act.infuse},
    Role.nurse: _BEDSIDE | _PATHWAY | {Act.verify, Act.infuse},
    Role.coordinator: _WARD
    | _PATHWAY
    | {Act.read_course, Act.hand_over, Act.assign, Act.coordinate, Act.assess}
    | {Act.follow_up},
    Role.apheresis: _WARD | _PATHWAY | {Act.handle_cells, Act.verify},
    Role.cell_laboratory: _WARD | _PATHWAY | {Act.handle_cells, Act.verify, Act.release},
    Role.pharmacy: _WARD | _PATHWAY | {Act.read_course, Act.handle_cells, Act.verify, Act.release},
    Role.data_manager: frozenset({Act.see_ward, Act.see_programme, Act.read_course, Act.account}),  # without names
    Role.administrator: frozenset({Act.manage_accounts, Act.see_access_log, Act.assign, Act.account}),
    Role.patient: frozenset({Act.read_own, Act.write_own, Act.account}),
    Role.caregiver: frozenset({Act.read_own, Act.write_own, Act.account}),
}


ON_A_SCREEN = frozenset({Act.see_ward, Act.see_names, Act.account})
"""What a session on a ward screen may do, whoever opened it: anybody may walk by."""


def may(role: Role, act: Act) -> bool:
    """Whether a role may do an act at all; to which course is another question."""
    return act in MAY[role]
