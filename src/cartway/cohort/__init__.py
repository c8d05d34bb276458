"""Many courses at once."""
