"""Messages for the HL7 v2 tests: drawn ones, and the sample files beside this."""
