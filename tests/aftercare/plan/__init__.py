"""The survivorship care plan: what it says to whom, and what it never says."""
