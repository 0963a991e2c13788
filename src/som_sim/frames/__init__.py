"""Tidy tables of a result: one fact a row, ISO dates, labels in place of positions."""

from som_sim.frames.cuts import accounts
from som_sim.frames.money import (
    break_even_table,
    cost_by_year,
    economics,
    funding,
    grants,
    ledger,
    liquidity,
    net_by_year,
    reconciliation,
    savings,
)
from som_sim.frames.monte_carlo import monte_carlo
from som_sim.frames.not_money import cost_effectiveness, value_totals, values
from som_sim.frames.outcomes import comparison, indicator_paths, observations, targets
from som_sim.frames.people import flows, occupancy, person_time, places, programmes
from som_sim.frames.replicates import replicates
from som_sim.frames.sight import sight
from som_sim.frames.uncertain import intervals, target_paths

__all__ = [
    "accounts",
    "break_even_table",
    "comparison",
    "cost_by_year",
    "cost_effectiveness",
    "economics",
    "flows",
    "funding",
    "grants",
    "indicator_paths",
    "intervals",
    "ledger",
    "liquidity",
    "monte_carlo",
    "net_by_year",
    "observations",
    "occupancy",
    "person_time",
    "places",
    "programmes",
    "reconciliation",
    "replicates",
    "savings",
    "sight",
    "target_paths",
    "targets",
    "value_totals",
    "values",
]
