"""One exact step of a continuous-time chain: occupancy and person-time from one series.

Uniformisation writes the chain as a discrete chain ``P = I + Q / L`` that jumps at the times of a
Poisson process of rate ``L``, at least the largest exit rate. With ``N`` jumps in a step of
length ``h``, ``m = L h`` and ``v_k = v P^k``::

    v exp(Q h)                   = sum_k  Pr(N = k)            v_k
    v int_0^h exp(Q s) ds        = sum_k  Pr(N > k) / L        v_k
    v int_0^h (h - s) exp(Q s) ds = sum_k E[(N - k - 1)+] / L^2 v_k

All terms are positive, so nothing cancels. Arrivals at an even rate use the second line for
occupancy and the third for person-time. The series stops where less than `TAIL` of the Poisson
probability is left; the error of occupancy is at most that share of the persons.

References
----------
Jensen 1953.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.limits import MAX_EXPECTED_JUMPS
from som_sim.core.poisson import TAIL, poisson_weights
from som_sim.model.model import Generator

__all__ = ["TAIL", "Step", "advance", "poisson_weights", "too_fast"]
LEAST_RATE = 1.0
"""Per year; keeps the weights defined where nobody moves."""

Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step of time gives.

    Attributes
    ----------
    persons : (place, draw), persons at the end
    person_years : (place, draw), time spent during the step
    """

    persons: Draws
    person_years: Draws


def too_fast(rate_per_year: float) -> SomSimError:
    """Return the error for a rate that needs too many terms."""
    return SomSimError(
        f"a rate of {rate_per_year:.4g} a year gives more than {MAX_EXPECTED_JUMPS} moves in "
        "one cycle; choose a longer stay or a shorter cycle"
    )


def advance(generator: Generator, persons: Draws, arrivals_per_year: Draws, years: float) -> Step:
    """Move persons through a step of time in which nothing changes.

    Parameters
    ----------
    generator
        The rates.
    persons : (place, draw), persons at the start
    arrivals_per_year : (place, draw), persons per year, spread evenly over the step
    years
        Length of the step.

    Raises
    ------
    SomSimError
        When rates are so high that the series would need more than `MAX_EXPECTED_JUMPS` terms.
    """
    exit_rates = generator.exit_rates()
    jump_rate = np.maximum(exit_rates.max(axis=0), LEAST_RATE)
    expected = jump_rate * years
    if expected.max() > MAX_EXPECTED_JUMPS:
        raise too_fast(float(jump_rate.max()))
    at_end = poisson_weights(expected)
    after = (at_end[::-1].cumsum(axis=0)[::-1] - at_end) / jump_rate
    twice_after = (after[::-1].cumsum(axis=0)[::-1] - after) / jump_rate
    stay = 1.0 - exit_rates / jump_rate
    jump = generator.rate / jump_rate
    into, starts = np.unique(generator.target, return_index=True)
    both = np.stack([persons, arrivals_per_year])
    end = np.zeros_like(persons)
    spent = np.zeros_like(persons)
    for k in range(len(at_end)):
        if k:
            moved = both[:, generator.source] * jump
            both = both * stay
            if len(into):
                both[:, into] += np.add.reduceat(moved, starts, axis=1)
        end += at_end[k] * both[0] + after[k] * both[1]
        spent += after[k] * both[0] + twice_after[k] * both[1]
    return Step(persons=end, person_years=spent)
