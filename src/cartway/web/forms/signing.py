"""Signatures on a form: one or two people, each proving anew who they are, bound to exactly what they signed.

21 CFR 11.50 asks for printed name, time and meaning; 11.70 for a link to the record that cannot be moved to another;
11.200 for two components, of which each signing takes at least the secret one. The digest is that of the statements of
the facts, which the record keeps unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.pathway.chain import digest
from cartway.pathway.course import CENTER
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.web.access import Access, Account, Act, Principal, may
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries

SIGNATURE = "signature"
PASSWORD, SECOND, SECOND_PASSWORD = "sign_password", "second_name", "second_password"
SECRETS = (PASSWORD, SECOND, SECOND_PASSWORD)
"""What no page shows again: a password is easily typed into the field of the name."""


class Signs(msgspec.Struct, frozen=True):
    """How a form is signed: what the first signature means, and the second's meaning where there must be one.

    `acts`: the second signer must be of a role that may do one of these.
    """

    meaning: str
    second: str = ""
    acts: frozenset[Act] = frozenset({Act.verify})


def sign(
    signs: Signs, facts: Sequence[Fact], entries: Entries, access: Access, me: Principal, client: str, now: Instant
) -> Draft:
    """The signatures of `facts` (stamped with course, key and event), or what is wrong with them.

    Problems: ``wrong_password``, ``wrong_sign_in``, ``locked_out``, ``not_local``, ``same_signer``,
    ``not_a_signer``, ``missing_signature``.
    """
    if not entries[PASSWORD]:
        return flawed(PASSWORD, _missing("Your signature is missing.", "Enter your password."))
    if signs.second and not (entries[SECOND] and entries[SECOND_PASSWORD]):
        remedy = "The second person enters name and password here."
        return flawed(SECOND, _missing("The second signature is missing.", remedy))
    first = access.attest(me.account.name, entries[PASSWORD], client=client, now=now, meaning=signs.meaning)
    if isinstance(first, Problem):
        return flawed(PASSWORD, first)
    signed = [(first, signs.meaning)]
    if signs.second:
        second = _second(signs, entries, access, first, facts[0].course, client, now)
        if isinstance(second, Draft):
            return second
        signed.append((second, signs.second))
    return Draft(tuple(_signature(facts, who, meaning, now) for who, meaning in signed))


def _second(
    signs: Signs, entries: Entries, access: Access, first: Account, course: str, client: str, now: Instant
) -> Account | Draft:
    who = access.attest(entries[SECOND], entries[SECOND_PASSWORD], client=client, now=now, meaning=signs.second)
    if isinstance(who, Problem):
        return flawed(SECOND, who)
    if who.id == first.id:
        reason = "Both signatures are of the same person."
        return flawed(SECOND, Problem("same_signer", reason, "Another person must check and sign."))
    belongs = course == CENTER or who.belongs(course)
    if not belongs or not any(may(who.role, act) for act in signs.acts):
        reason = "This person's role does not sign this, or does not belong to this course."
        return flawed(SECOND, Problem("not_a_signer", reason, "Ask somebody who does."))
    return who


def _signature(facts: Sequence[Fact], who: Account, meaning: str, now: Instant) -> Fact:
    event = facts[0].event
    detail = {
        "signer": who.id,
        "printed_name": who.display or who.name,
        "role": who.role.value,
        "meaning": meaning,
        "digest": digest(facts),
        "method": "password entered for this signature",
    }
    return Fact(facts[0].course, now, SIGNATURE, about=event, event=event, detail=detail)


def _missing(reason: str, remedy: str) -> Problem:
    return Problem("missing_signature", reason, remedy)
