"""Tables of stays whose length has a memory: what is used up after how many days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.individual.hashing import decision_key
from som_sim.model.model import EQUILIBRIUM_AGE, PROGRAMME_MOVE, Model, StayLaw
from som_sim.model.stay_curves import cumulative_hazard, longest_met, share_so_far

Array = NDArray[np.float64]
KNOTS = 16_384
"""Each time is 0.2 % beyond the last, from a tick to the end of the run."""
TICK = 2.0**-20
NOBODY = (np.zeros(0), np.zeros(0))
NEVER_LEFT = 1e12
"""Used up when even the longest observed length is over."""


def stay_domains(model: Model) -> tuple[int, ...]:
    """Return the domains in which stays have a memory; `PROGRAMME_MOVE` for programmes."""
    return tuple(sorted({law.domain for law in model.stays}))


def stay_names(model: Model) -> tuple[str, ...]:
    """Return the name of each channel of such stays."""
    names = model.axes.domains
    return tuple(
        f"{'programme' if one == PROGRAMME_MOVE else names[one]} stay"
        for one in stay_domains(model)
    )


def says_so_far(model: Model) -> bool:
    """Tell whether somebody of the start has been in a state for some time, and it matters."""
    return bool(model.stays) and any(any(one.so_far) for one in model.groups)


def ages_at_start(model: Model) -> Array:
    """Return how long people of each group have been in their states: (group, stay channel), days.

    `EQUILIBRIUM_AGE` stands for an age of each person's own.
    """
    domains = stay_domains(model)
    ages = np.zeros((len(model.groups), len(domains)))
    for group, row in zip(model.groups, ages, strict=True):
        for number, domain in enumerate(domains):
            if domain != PROGRAMME_MOVE:
                row[number] = group.so_far[domain]
    return ages


def _longest_so_far(model: Model, law: StayLaw, draw: int) -> float:
    """Return the longest time that people of the start have been in the states of a law, in days.

    0 for a law that a table by lengths is enough for.
    """
    if law.domain == PROGRAMME_MOVE or law.kind == "lengths":
        return 0.0
    ages = {one.so_far[law.domain] for one in model.groups if one.so_far}
    met = longest_met(law.kind, *_in_days(law, draw)) if EQUILIBRIUM_AGE in ages else 0.0
    return max(met, *ages, 0.0)


def stay_tables(model: Model, draw: int) -> dict[str, Any]:
    """Return the fields of the kernel's tables that are about such stays."""
    axes, domains = model.axes, stay_domains(model)
    days = float(sum(model.calendar.days)) + 1.0
    knots = [_knots(law, draw, days + _longest_so_far(model, law, draw)) for law in model.stays]
    width = max((len(at) for at, _ in knots), default=0)
    met = any(EQUILIBRIUM_AGE in one.so_far for one in model.groups)
    ages = [_ages(law, draw) for law in model.stays] if met else [NOBODY for _ in model.stays]
    widest = max((len(at) for at, _ in ages), default=0)
    state = np.zeros((len(domains), axes.n_cells), dtype=np.int64)
    laws = np.full((len(domains), axes.n_cells), -1, dtype=np.int64)
    for number, domain in enumerate(domains):
        if domain == PROGRAMME_MOVE:
            state[number] = np.unravel_index(np.arange(axes.n_cells), axes.cell_shape)[1]
        else:
            positions = axes.state_position(axes.domains[domain])
            state[number] = np.tile(positions, axes.n_cells // axes.n_states)
        for at, law in enumerate(model.stays):
            if law.domain == domain:
                laws[number, law.cells] = at
    return {
        "n_stays": len(domains),
        "stay_state": state,
        "stay_law": laws,
        "stay_days": _stacked([at for at, _ in knots], width),
        "stay_used": _stacked([used for _, used in knots], width),
        "age_days": _stacked([at for at, _ in ages], widest),
        "age_share": _stacked([share for _, share in ages], widest),
        "salt_age": np.array(
            [decision_key("so far", name) for name in stay_names(model)], dtype=np.uint64
        ),
        "stay_steps": np.array([law.kind == "lengths" for law in model.stays], dtype=np.int64),
    }


def _stacked(rows: list[Array], width: int) -> Array:
    """Return rows of one width, each with its last number again and again: (row, knot)."""
    padded = [
        np.concatenate([row, np.full(width - len(row), row[-1] if len(row) else 0.0)])
        for row in rows
    ]
    return np.array(padded, dtype=np.float64).reshape(len(rows), width)


def _in_days(law: StayLaw, draw: int) -> tuple[float, float]:
    """Return the mean, and the shape or the standard deviation."""
    number = float(law.numbers[0, draw])
    unit = 1.0 if law.kind == "weibull" else DAYS_PER_YEAR
    return float(law.mean[draw]) * DAYS_PER_YEAR, number * unit


def _ages(law: StayLaw, draw: int) -> tuple[Array, Array]:
    """Return days, and the share of people met who have stayed so long at the most: (knot,)."""
    if law.kind == "lengths":
        at, count = np.unique(_in_ticks(law.numbers[:, draw] * DAYS_PER_YEAR), return_counts=True)
        days = np.concatenate([[0.0], at])
        lasting = 1.0 - np.concatenate([[0.0], np.cumsum(count)[:-1]]) / count.sum()
        share = np.concatenate([[0.0], np.cumsum(lasting * np.diff(days))])
        return days, share / share[-1]
    mean, number = _in_days(law, draw)
    days = np.geomspace(TICK, max(longest_met(law.kind, mean, number), 1.0), KNOTS)
    share = share_so_far(law.kind, days, mean, number)
    share[-1] = 1.0
    return np.concatenate([[0.0], days]), np.concatenate([[0.0], share])


def _knots(law: StayLaw, draw: int, longest: float) -> tuple[Array, Array]:
    """Return days and what is used up by then, both rising: (knot,)."""
    if law.kind == "lengths":
        return _steps(law.numbers[:, draw] * DAYS_PER_YEAR, float(law.mean[draw]) * DAYS_PER_YEAR)
    mean, number = _in_days(law, draw)
    days = np.geomspace(TICK, max(longest, 1.0), KNOTS)
    hazard = cumulative_hazard(law.kind, days, mean, number)
    return np.concatenate([[0.0], days]), mean * np.concatenate([[0.0], hazard])


def _in_ticks(lengths: Array) -> Array:
    """Return lengths at the nearest tick."""
    whole: Array = np.floor(lengths / TICK + 0.5) * TICK
    return whole


def _steps(lengths: Array, mean: float) -> tuple[Array, Array]:
    at, count = np.unique(_in_ticks(lengths), return_counts=True)
    over = 1.0 - np.cumsum(count) / count.sum()
    over[-1] = 1.0
    after = -np.log(over) * mean
    after[-1] = NEVER_LEFT
    before = np.concatenate([[0.0], after[:-1]])
    days = np.concatenate([[0.0], np.repeat(at, 2)])
    return days, np.concatenate([[0.0], np.stack([before, after], axis=1).ravel()])
