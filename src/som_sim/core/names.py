"""Words with a fixed meaning in every scenario."""

from __future__ import annotations

NO_PROGRAMME = "none"
"""The programme status of a person in no programme."""
ARRIVAL = "arrival"
"""Where a person who arrives comes from, in the table of flows."""
PAYERS = ("kommune", "region", "stat", "fond", "borger")
PUBLIC = ("kommune", "region", "stat")
"""Payers whose sum is the public purse."""
