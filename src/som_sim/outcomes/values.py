"""What is not money, by year: so many life years, days in a home, evictions.

A value is an amount for each unit of person-time, each entry or each move, and is discounted at a
rate of its own. It never enters the ledger: it stands beside the costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.price_level import discount_factors
from som_sim.ledger.quantities import entries, person_time
from som_sim.model.states import cells_where
from som_sim.outcomes.economics import rate_of
from som_sim.outcomes.measure import moves_by_cycle
from som_sim.scenario.parameters import base_case, quantity_value
from som_sim.scenario.schema import ScenarioFile
from som_sim.scenario.values import Value

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTable:
    """What is not money in one strategy, by year.

    Attributes
    ----------
    strategy
        Name of the strategy.
    years : tuple of int
    amounts, discounted : mapping of value to (year,)
        In the value's own unit; discounted at its own rate.
    """

    strategy: str
    years: tuple[int, ...]
    amounts: Mapping[str, Array]
    discounted: Mapping[str, Array]


def value_table(spec: ScenarioFile, trajectory: Trajectory) -> ValueTable:
    """Return every value of a scenario by calendar year, in the base case."""
    calendar = trajectory.model.calendar
    years = tuple(dict.fromkeys(calendar.years))
    parameters = base_case(spec.parameters).values
    amounts, discounted = {}, {}
    for name, value in spec.values.items():
        by_year = np.zeros(len(years))
        quantity = quantity_by_cycle(spec, trajectory, value)
        np.add.at(by_year, np.searchsorted(years, calendar.years), quantity)
        amounts[name] = by_year * quantity_value(value.amount, parameters)
        first = years[0] if spec.money is None else spec.money.base_year
        base_year = first if value.base_year is None else value.base_year
        factors = discount_factors(rate_of(value.discount_rate), years, base_year)
        discounted[name] = amounts[name] * factors
    for one in (*amounts.values(), *discounted.values()):
        one.setflags(write=False)
    return ValueTable(
        strategy=trajectory.model.strategy, years=years, amounts=amounts, discounted=discounted
    )


def quantity_by_cycle(spec: ScenarioFile, trajectory: Trajectory, value: Value) -> Array:
    """Return how much there is of what a value is per: (cycle,)."""
    if value.moves is not None:
        return moves_by_cycle(spec, trajectory, value.moves)[0]
    assert value.in_ is not None
    cells = cells_where(spec, trajectory.model.axes, value.in_)
    if value.per == "entry":
        counted = entries(trajectory, cells)
    else:
        counted = person_time(trajectory, cells, value.per)
    by_cycle: Array = counted.sum(axis=(1, 2))
    return by_cycle
