"""FHIR R4 as JSON: which resources give facts, and how each is read.

Read: Observation, MedicationAdministration (with Medication), Procedure, Condition, Encounter, DeviceUseStatement (with
Device), Patient, and Observations inside a DiagnosticReport. Everything else is ignored by name.
"""

from __future__ import annotations

from cartway.intake.fhir.context import Context, Options
from cartway.intake.fhir.read import read, read_lines

__all__ = ["Context", "Options", "read", "read_lines"]
