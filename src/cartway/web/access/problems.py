"""What sign-in and access refuse, as values. None quotes a name, a password or a course."""

from __future__ import annotations

from cartway.problem import Problem
from cartway.times import MINUTE
from cartway.words.catalog import N_

WRONG_SIGN_IN = Problem(
    "wrong_sign_in",
    N_("The name or the password is not right."),
    "Type both again, or ask your administrator.",
)
WRONG_PASSWORD = Problem("wrong_password", N_("Your present password is not right."), N_("Type it again."))
WRONG_NAME = Problem(
    "wrong_name",
    "A sign-in name has 1 to 64 letters, digits or . _ @ + - and no space; the name to show at most 120 characters.",
    "Choose another name.",
)
ACCOUNT_EXISTS = Problem(
    "account_exists", "There is an account of this name already.", "Choose another name, or use that account."
)
UNKNOWN_ACCOUNT = Problem("unknown_account", "There is no such account.", "Choose one of the list.")
ACCOUNT_DISABLED = Problem("account_disabled", "This account is disabled.", "Ask your administrator to enable it.")
NOT_LOCAL = Problem(
    "not_local", "This account has no password here: an identity provider signs it in.", "Change it at the provider."
)
SIGNED_OUT = Problem("signed_out", "The session has ended.", "Sign in again.")
NOT_ALLOWED = Problem(
    "not_allowed", "Your role does not open courses it is not assigned to.", "Ask a coordinator to assign you."
)
TOO_MANY_OPEN = Problem(
    "too_many_open",
    "You have opened ten courses already that you do not belong to.",
    "Wait until one of them closes, or ask a coordinator to assign you.",
)
NO_REASON = Problem(
    "no_reason",
    "A reason of 4 to 500 characters is needed, and is kept in the access log.",
    "Choose why you need this course, or say it without the patient's name.",
)
WRONG_FORM = Problem("wrong_form", "This form was not made for you.", "Open the page again and fill it in anew.")
FORM_EXPIRED = Problem(
    "form_expired", "This form was already sent, long ago.", "See whether it was recorded; if not, fill it in anew."
)


def weak_password(why: str) -> Problem:
    return Problem(
        "weak_password", f"This password {why}.", "Choose one of at least 12 characters that nobody would guess."
    )


def locked_out(wait: int) -> Problem:
    """`wait` in microseconds, told in whole minutes."""
    minutes = -(-wait // MINUTE)
    return Problem(
        "locked_out",
        N_("There were too many failed sign-ins."),
        f"Try again in {minutes} min, or ask your administrator for a new password.",
    )
