"""Tables of stays whose length has a memory: what is used up after how many days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from som_sim.core.time import DAYS_PER_YEAR
from som_sim.model.model import Model, StayLaw

Array = NDArray[np.float64]
KNOTS = 16_384
"""Each time is 0.2 % beyond the last, from a tick to the end of the run."""
TICK = 2.0**-20
NEVER_LEFT = 1e12
"""Used up when even the longest observed length is over."""


def stay_domains(model: Model) -> tuple[int, ...]:
    """Return the domains in which stays have a memory."""
    return tuple(sorted({law.domain for law in model.stays}))


def stay_tables(model: Model, draw: int) -> dict[str, Any]:
    """Return the fields of the kernel's tables that are about such stays."""
    axes, domains = model.axes, stay_domains(model)
    days = float(sum(model.calendar.days)) + 1.0
    knots = [_knots(law, draw, days) for law in model.stays]
    width = max((len(at) for at, _ in knots), default=0)
    state = np.zeros((len(domains), axes.n_cells), dtype=np.int64)
    laws = np.full((len(domains), axes.n_cells), -1, dtype=np.int64)
    for number, domain in enumerate(domains):
        positions = axes.state_position(axes.domains[domain])
        state[number] = np.tile(positions, axes.n_cells // axes.n_states)
        for at, law in enumerate(model.stays):
            if law.domain == domain:
                laws[number, law.cells] = at
    shape = (len(knots), width)
    return {
        "n_stays": len(domains),
        "stay_state": state,
        "stay_law": laws,
        "stay_days": np.array([_padded(at, width) for at, _ in knots]).reshape(shape),
        "stay_used": np.array([_padded(used, width) for _, used in knots]).reshape(shape),
        "stay_steps": np.array([law.kind == "lengths" for law in model.stays], dtype=np.int64),
    }


def _padded(row: Array, width: int) -> Array:
    """Return a row with its last number again and again."""
    return np.concatenate([row, np.full(width - len(row), row[-1])])


def _knots(law: StayLaw, draw: int, longest: float) -> tuple[Array, Array]:
    """Return days and what is used up by then, both rising: (knot,)."""
    mean = float(law.mean[draw]) * DAYS_PER_YEAR
    if law.kind == "lengths":
        return _steps(law.numbers[:, draw] * DAYS_PER_YEAR, mean)
    days = np.geomspace(TICK, max(longest, 1.0), KNOTS)
    number = float(law.numbers[0, draw])
    unit = 1.0 if law.kind == "weibull" else DAYS_PER_YEAR
    hazard = cumulative_hazard(law.kind, days, mean, number * unit)
    return np.concatenate([[0.0], days]), mean * np.concatenate([[0.0], hazard])


def cumulative_hazard(kind: str, days: Array, mean: float, number: float) -> Array:
    """Return minus the logarithm of the share of stays that last longer: (day,).

    Parameters
    ----------
    days, mean
        In the same unit.
    number
        The shape of a Weibull law; of the others the standard deviation.
    """
    from scipy.special import gamma, gammaincc, log_ndtr

    if kind == "weibull":
        scale = mean / gamma(1 + 1 / number)
        return np.asarray((days / scale) ** number)
    if kind == "lognormal":
        width = np.sqrt(np.log1p((number / mean) ** 2))
        middle = np.log(mean) - width**2 / 2
        return np.asarray(-log_ndtr(-(np.log(days) - middle) / width))
    shape, pace = (mean / number) ** 2, mean / number**2
    over = gammaincc(shape, days * pace)
    known = over > 1e-280
    hazard = -np.log(np.where(known, over, 1.0))
    last = np.flatnonzero(known)[-1]
    beyond = hazard[last] + (days - days[last]) * pace  # the hazard has settled
    return np.asarray(np.where(known, hazard, beyond))


def _steps(lengths: Array, mean: float) -> tuple[Array, Array]:
    at, count = np.unique(np.floor(lengths / TICK + 0.5) * TICK, return_counts=True)
    over = 1.0 - np.cumsum(count) / count.sum()
    over[-1] = 1.0
    after = -np.log(over) * mean
    after[-1] = NEVER_LEFT
    before = np.concatenate([[0.0], after[:-1]])
    days = np.concatenate([[0.0], np.repeat(at, 2)])
    return days, np.concatenate([[0.0], np.stack([before, after], axis=1).ravel()])
