"""What is sent for tests says so: FHIR by the code HTEST among the tags or security labels of `meta`.

HL7 v3 ActReason HTEST, "test health data". Such facts are marked as simulated, which a clinical record refuses.
"""

from __future__ import annotations

import msgspec

from cartway.intake.fhir.shapes import Coding, Meta

TEST_CODE = "HTEST"
_ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_SYSTEMS = frozenset({_ACT_REASON, "http://hl7.org/fhir/v3/ActReason", ""})  # before R4, and left out
TEST_META = Meta(tag=(Coding(_ACT_REASON, TEST_CODE, "test health data"),))

_meta = msgspec.json.Decoder(Meta)


def is_test(meta: Meta | None) -> bool:
    """Whether a resource is marked as test data."""
    if meta is None or not (meta.tag or meta.security):
        return False
    return any(mark.code == TEST_CODE and mark.system in _SYSTEMS for mark in (*meta.tag, *meta.security))


def is_test_bundle(meta: msgspec.Raw) -> bool:
    """Whether a whole Bundle is. Marks that do not fit FHIR count if they hold the code: better a test too many."""
    if not meta:
        return False
    try:
        return is_test(_meta.decode(meta))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return TEST_CODE.encode() in bytes(meta)
