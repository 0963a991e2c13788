"""Move the population through time."""
