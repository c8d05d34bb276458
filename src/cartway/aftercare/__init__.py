"""Life after the infusion: calendar, restrictions, immune recovery, vaccines, late effects, the care plan."""
