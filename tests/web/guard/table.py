"""Who may call what: the access matrix as a table, written from the issue and not from the code.

Each endpoint of the application has a line, and a line names roles or EVERYBODY. What is about a course says so in its
path.
"""

from __future__ import annotations

from collections.abc import Mapping

PHYSICIAN, NURSE, COORDINATOR, APHERESIS, LABORATORY, PHARMACY, DATA, ADMINISTRATOR, PATIENT, CAREGIVER = (
    "physician",
    "nurse",
    "coordinator",
    "apheresis",
    "cell_laboratory",
    "pharmacy",
    "data_manager",
    "administrator",
    "patient",
    "caregiver",
)
ROLES = (PHYSICIAN, NURSE, COORDINATOR, APHERESIS, LABORATORY, PHARMACY, DATA, ADMINISTRATOR, PATIENT, CAREGIVER)

EVERYBODY = frozenset({"everybody"})
SIGNED_IN = frozenset(ROLES)
WARD = SIGNED_IN - {ADMINISTRATOR, PATIENT, CAREGIVER}
READERS = frozenset({PHYSICIAN, NURSE, COORDINATOR, PHARMACY, DATA})
BEDSIDE = frozenset({PHYSICIAN, NURSE})
OWN = frozenset({PATIENT, CAREGIVER})

OPEN = {
    "GET /",
    "GET /sign-in",
    "POST /sign-in",
    "POST /sign-out",
    "GET /sign-in/oidc",
    "GET /sign-in/oidc/back",
    "GET /static/{file_path:path}",
    "HEAD /static/{file_path:path}",
    "GET /demo/sign-in",
    "POST /demo/sign-in",
    "GET /demo/clock",
    "GET /urgent",
    "GET /urgent/{spoken:str}",
    "GET /worker.js",
    "GET /read",
    "GET /read/{topic:str}",
    "POST /language",
    "GET /my/sign-in",
    "POST /my/sign-in",
}
COURSE = "/courses/{course:str}"
FACT = f"{COURSE}/facts/{{position:int}}"
FORMS: Mapping[str, frozenset[str]] = {
    f"{COURSE}/chart-vitals": BEDSIDE,
    f"{COURSE}/chart-ice": BEDSIDE,
    f"{COURSE}/chart-capd": BEDSIDE,
    f"{COURSE}/chart-oxygen": BEDSIDE,
    f"{COURSE}/give-drug": BEDSIDE,
    f"{COURSE}/attribute": frozenset({PHYSICIAN}),
    f"{FACT}/correct": BEDSIDE,
    f"{FACT}/retract": BEDSIDE,
}
COORDINATING = frozenset({PHYSICIAN, COORDINATOR})
DECIDING = frozenset({PHYSICIAN})
CELLS = frozenset({APHERESIS, LABORATORY, PHARMACY})
RELEASING = frozenset({LABORATORY, PHARMACY})
CHECKING = frozenset({PHYSICIAN, NURSE, APHERESIS, LABORATORY, PHARMACY})
ROAD_PAGES = (
    "pathway", "candidacy", "candidacy/look", "trials", "trial", "trial-questions", "chain", "manufacture",
    "conditioning", "infusion-day",
)  # fmt: skip
ROAD_FORMS: Mapping[frozenset[str], tuple[str, ...]] = {
    COORDINATING: (
        "bridging", "candidacy/holder", "gates/caregiver", "gates/consent", "gates/fertility", "gates/lodging",
        "gates/payer", "gates/trials", "lodging", "order", "record-referral", "slot", "trial-option",
        "candidacy/collection", "candidacy/disease", "candidacy/fitness", "candidacy/history", "candidacy/infections",
        "candidacy/line", "candidacy/refractory", "candidacy/target", "infection", "marrow", "pace", "restaging",
        "unresolved",
    ),
    DECIDING: (
        "choose-product", "close", "go-no-go", "lift-quarantine", "out-of-specification", "record-death", "repeat",
        "second-dose", "stand-in", "tumor-board",
    ),
    CHECKING: ("deviation", "quarantine", "receive", "scan"),
    CELLS: ("add-container", "assign-identity", "collect", "hand-over", "print-label", "store", "thaw"),
    RELEASING: ("add-batch", "certificate", "disposition", "manufacture-step", "release-test"),
    BEDSIDE: (
        "clearance", "creatinine", "equipment", "height", "infuse", "infusion-end", "lymphodepletion", "premedication",
        "reaction", "weigh",
    ),
}  # fmt: skip
CENTER_FORMS: Mapping[str, frozenset[str]] = {
    "/centers/offer": COORDINATING,
    "/programme/consent-version": COORDINATING,
    "/programme/washout-rule": COORDINATING,
    "/referrals": COORDINATING,
    "/plan/resource": COORDINATING,
    "/plan/closure": COORDINATING,
    "/plan/lost": COORDINATING,
    "/tocilizumab": CELLS,
    "/release-specification": RELEASING,
}
ROAD: Mapping[str, frozenset[str]] = {
    **{f"GET {COURSE}/{page}": WARD for page in ROAD_PAGES},
    **{f"{m} {COURSE}/{form}": who for who, forms in ROAD_FORMS.items() for form in forms for m in ("GET", "POST")},
    **{f"{m} {path}": who for path, who in CENTER_FORMS.items() for m in ("GET", "POST")},
    f"POST {COURSE}/candidacy/look": WARD,
    f"POST {COURSE}/scan/sign": CHECKING,
    f"POST {COURSE}/scan/stop": CHECKING,
    f"GET {COURSE}/labels": CELLS,
    f"GET {COURSE}/labels/{{position:int}}": CELLS,
    "GET /programme": WARD,
    "GET /plan": WARD,
    "GET /plan/proposal": WARD,
    "GET /plan/calendar": WARD,
    "POST /plan/propose": COORDINATING,
    "POST /plan/accept": COORDINATING,
    "GET /centers": WARD,
}
WHO: Mapping[str, frozenset[str]] = {
    **ROAD,
    **dict.fromkeys(OPEN, EVERYBODY),
    "GET /board": WARD,
    "GET /board/rows": WARD,
    "GET /live": WARD,
    f"GET {COURSE}": READERS,
    f"GET {COURSE}/why": READERS,
    f"GET {COURSE}/timeline": READERS,
    f"GET {COURSE}/readings": READERS,
    f"GET {COURSE}/chart": READERS,
    **{f"{method} {path}": who for path, who in FORMS.items() for method in ("GET", "POST")},
    f"POST {COURSE}/break-glass": BEDSIDE,
    "GET /another-patient": BEDSIDE,
    "POST /another-patient": BEDSIDE,
    "GET /my": OWN,
    "GET /my/{course:str}": OWN,
    "GET /password": SIGNED_IN,
    "POST /password": SIGNED_IN,
    "GET /accounts": frozenset({ADMINISTRATOR}),
    "POST /accounts": frozenset({ADMINISTRATOR}),
    "GET /accounts/{account:str}": frozenset({ADMINISTRATOR}),
    "POST /accounts/{account:str}/password": frozenset({ADMINISTRATOR}),
    "POST /accounts/{account:str}/role": frozenset({ADMINISTRATOR}),
    "POST /accounts/{account:str}/disable": frozenset({ADMINISTRATOR}),
    "POST /accounts/{account:str}/enable": frozenset({ADMINISTRATOR}),
    "GET /access-log": frozenset({ADMINISTRATOR}),
    "GET /teams": frozenset({ADMINISTRATOR, COORDINATOR}),
    "GET /teams/{account:str}": frozenset({ADMINISTRATOR, COORDINATOR}),
    "POST /teams/{account:str}": frozenset({ADMINISTRATOR, COORDINATOR}),
    "POST /demo/clock": SIGNED_IN,
}
HAND_OVER = frozenset({PHYSICIAN, NURSE, COORDINATOR})
WATCH: Mapping[str, frozenset[str]] = {
    "GET /alerts": WARD,
    "GET /alerts/rows": WARD,
    "GET /alerts/burden": READERS,
    "GET /alerts/rules": READERS,
    f"GET {COURSE}/infections": READERS,
    f"GET {COURSE}/scores": READERS,
    f"GET {COURSE}/forecast": READERS,
    f"GET {COURSE}/forecast/calibration": READERS,
    **{f"{m} /alerts/{form}": BEDSIDE for m in ("GET", "POST") for form in ("acknowledge", "outcome")},
    f"GET {COURSE}/alerts": READERS,
    "GET /due": HAND_OVER,
    "GET /handover": HAND_OVER,
    f"GET {COURSE}/due": READERS,
    f"GET {COURSE}/protocol": READERS,
    **{f"{m} {COURSE}/{form}": BEDSIDE for m in ("GET", "POST")
       for form in ("acknowledge", "alert-outcome", "due-answer", "protocol-answer", "work-up",
                    "infection-episode", "prophylaxis", "transfusion", "arrhythmia", "fatigue")},
    **{f"{m} {COURSE}/{form}": DECIDING for m in ("GET", "POST")
       for form in ("protocol-choice", "iec-hs-context", "hscore-context")},
    **{f"{m} {path}": DECIDING for m in ("GET", "POST")
       for path in ("/alerts/rule-change", "/protocol-choice", "/protocol-local")},
}  # fmt: skip
FOLLOWING = frozenset({PHYSICIAN, NURSE, COORDINATOR})
MY = "/my/{course:str}"
AFTER: Mapping[str, frozenset[str]] = {
    f"GET {COURSE}/response": READERS,
    **{f"{m} {COURSE}/response/{form}": COORDINATING for m in ("GET", "POST")
       for form in ("scan", "myeloma", "marrow", "biopsy", "nodes", "outcome")},
    **{f"{m} {COURSE}/{form}": DECIDING for m in ("GET", "POST") for form in ("response/criteria", "aftercare-choice")},
    "GET /aftercare": FOLLOWING,
    f"GET {COURSE}/aftercare": READERS,
    f"GET {COURSE}/care-plan": READERS,
    f"GET {COURSE}/care-plan/{{paper:str}}": READERS,
    **{f"{m} {COURSE}/{form}": FOLLOWING for m in ("GET", "POST")
       for form in ("follow-up-visit", "follow-up-done", "vaccination", "vaccine-titer", "late-effect", "restriction",
                    "care-contact", "support-contact", "care-plan-given")},
    **{f"{m} /care-contacts": FOLLOWING for m in ("GET", "POST")},
    **{f"{m} /aftercare-choices": DECIDING for m in ("GET", "POST")},
    **{f"GET {MY}/{page}": OWN for page in
       ("plan", "plan/paper", "plan/card", "today", "today/state", "more", "team", "readers", "feel", "help")},
    **{f"POST {MY}/{form}": OWN for form in ("today", "feel")},
}  # fmt: skip
WHO = {**WHO, **WATCH, **AFTER}
OF_OWN_ACCOUNT = {"GET /password", "POST /password", "POST /demo/clock"}
"""What a session with a first password may reach."""

ON_A_SCREEN = {"GET /board", "GET /board/rows", "GET /live", "GET /alerts", "GET /alerts/rows", *OF_OWN_ACCOUNT}
"""What a physician's session on a ward screen may reach: anybody may walk by."""

MINE, ALL, OTHERS, NONE, NONE_OF_ALL, BROKEN, MENDED, ELSEWHERE = (
    "a course of theirs",
    "a course, theirs being every",
    "another's course",
    "no such course",
    "no such course, theirs being every",
    "another's course, glass broken",
    "another's course, glass broken an hour ago",
    "another's course, glass of a third broken",
)
SITUATIONS = (MINE, ALL, OTHERS, NONE, NONE_OF_ALL, BROKEN, MENDED, ELSEWHERE)
NOBODY = ("signed out", "a made-up token", "disabled", "expired")
NEW = "with a first password"
SCREEN = "on a ward screen"
WHO_ASKS = (*ROLES, *NOBODY, NEW, SCREEN)

THROUGH, SIGN_IN, REFUSED, NOT_THEIRS, NO_SUCH, CHOOSE = (
    "let through",
    "sent to sign in",
    "not their role",
    "not their course",
    "no such page",
    "sent to choose a password",
)


def expected(endpoint: str, who: str, situation: str) -> str:
    """What the table says of one request."""
    roles = WHO[endpoint]
    if roles is EVERYBODY:
        return THROUGH
    if who in NOBODY:
        return SIGN_IN
    if who == NEW:
        return THROUGH if endpoint in OF_OWN_ACCOUNT else CHOOSE
    if who == SCREEN:
        return THROUGH if endpoint in ON_A_SCREEN else REFUSED
    if who not in roles:
        return REFUSED
    if "{course:str}" not in endpoint or endpoint.endswith("/break-glass"):
        return THROUGH
    return _of_course(endpoint, who, situation)


def _of_course(endpoint: str, who: str, situation: str) -> str:
    match situation:
        case "a course of theirs":
            return THROUGH
        case "a course, theirs being every":
            return NOT_THEIRS if who in OWN else THROUGH  # a patient's course is named, always
        case "no such course, theirs being every":
            return NOT_THEIRS if who in OWN else NO_SUCH
        case "another's course, glass broken":
            return THROUGH if who in BEDSIDE else NOT_THEIRS
    return NOT_THEIRS
