"""Facts from outside: FHIR R4, HL7 v2, facts tables. What cannot be read is refused with a reason, and kept."""
