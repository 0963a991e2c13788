"""Quantities of a file as numbers, one per draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.scenario.quantities import Quantity, number_in_range
from som_sim.scenario.schedules import Schedule

Draws = NDArray[np.float64]
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Turns quantities of a file into numbers, one per draw.

    Attributes
    ----------
    values
        The value of each parameter, in its own unit.
    n_draws
        Length of what `number` returns.
    """

    values: Values
    n_draws: int = 1

    def number(self, quantity: Quantity) -> Draws:
        """Return a quantity as (draw,); a duration is in years."""
        number = quantity.number
        if number is None:
            number = number_in_range(quantity.kind, self.values[quantity.parameter])
        return np.full(self.n_draws, number)

    def on(self, schedule: Schedule, day: dt.date) -> Draws:
        """Return what a schedule says on a day: (draw,); 0 before its first date."""
        number = np.zeros(self.n_draws)
        for period, quantity in schedule.steps:
            if period is None or period.start <= day:
                number = self.number(quantity)
        return number if schedule.times is None else number * self.number(schedule.times)
