"""From a quantity in the file to numbers, one per draw, checked in every draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.model.draws import DrawError
from som_sim.scenario.evaluation import evaluate
from som_sim.scenario.expressions import CalculationError
from som_sim.scenario.quantities import RANGES, Quantity
from som_sim.scenario.schedules import Schedule

Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Turns quantities of a file into numbers, one per draw.

    Attributes
    ----------
    values : mapping of name to (draw,), in base units
        The value of each parameter.
    n_draws
        Length of what `number` returns.
    first
        Number of the first draw, for messages; None in the base case.
    """

    values: Mapping[str, Draws]
    n_draws: int = 1
    first: int | None = None

    def number(self, quantity: Quantity) -> Draws:
        """Return a quantity as (draw,); a duration is in years.

        Raises
        ------
        DrawError
            When it is out of its range, or no number, in some draw.
        """
        if quantity.number is not None:
            return np.full(self.n_draws, quantity.number)
        place = f"parameter '{quantity.parameter}'"
        if quantity.expression is not None:
            place = f"'{quantity.expression.text}'"
        try:
            if quantity.expression is not None:
                values = evaluate(quantity.expression, self.values, self.n_draws)
            else:
                values = self.values[quantity.parameter]
        except CalculationError as error:
            raise self.error(place, error.reason, error.position) from None
        words, fits = RANGES[quantity.kind]
        if not (fits(float(values.min())) and fits(float(values.max()))):
            position = next(i for i, one in enumerate(values) if not fits(float(one)))
            raise self.error(place, f"{values[position]:.6g} is not {words}", position)
        return values.copy()

    def on(self, schedule: Schedule, day: dt.date) -> Draws:
        """Return what a schedule says on a day: (draw,); 0 before its first date."""
        number = np.zeros(self.n_draws)
        for period, quantity in schedule.steps:
            if period is None or period.start <= day:
                number = self.number(quantity)
        return number if schedule.times is None else number * self.number(schedule.times)

    def check(self, place: str, sound: NDArray[np.bool_], reason: str, shown: Draws) -> None:
        """Raise for the first draw that is not sound.

        Parameters
        ----------
        place
            Path of the row.
        sound : (draw,)
        reason
            Sentence with ``{}`` for the number shown.
        shown : (draw,)
        """
        bad = np.flatnonzero(~sound)
        if bad.size:
            position = int(bad[0])
            raise self.error(place, reason.format(f"{shown[position]:.6g}"), position)

    def error(self, place: str, reason: str, position: int) -> DrawError:
        """Return the error of a draw, by its position in the arrays."""
        return DrawError(place, reason, None if self.first is None else self.first + position)
