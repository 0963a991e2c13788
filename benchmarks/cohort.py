"""How fast the cohort engine is, against `scipy.linalg.expm` in the same run.

``python benchmarks/cohort.py`` prints a table of times and ratios. The reference does the same
work the way a textbook would: one matrix exponential a cycle of the block matrix that gives
occupancy and person-time together (Van Loan), for every draw. Machines are noisy, so only the
ratios mean anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

import som_sim as som
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import run_cohort
from som_sim.model.build import build_model
from som_sim.model.model import Model

SCENARIO = Path(__file__).parents[1] / "scenarios" / "randers_act.yaml"
AGREE = 1e-9
"""Relative: both are exact, so they differ by rounding only."""


def with_draws(model: Model, n_draws: int) -> Model:
    """Return the model with its rates a little different in each draw."""
    factors = np.linspace(0.9, 1.1, n_draws)
    return replace(
        model,
        initial=np.repeat(model.initial, n_draws, axis=1),
        generator=replace(model.generator, rate=model.generator.rate * factors),
        rates=model.rates * factors,
        arrivals_per_year=np.repeat(model.arrivals_per_year, n_draws, axis=2),
        programmes=(),
    )


def reference(model: Model) -> NDArray[np.float64]:
    """Return person-days of each draw by matrix exponentials: (draw,)."""
    n, n_cells = model.axes.n_places, model.axes.n_cells
    total = np.zeros(model.n_draws)
    for draw in range(model.n_draws):
        q = np.zeros((n, n))
        edges = model.generator
        np.add.at(q, (edges.source, edges.target), edges.rate[:, draw])
        np.fill_diagonal(q, q.diagonal() - q.sum(axis=1))
        block = np.zeros((3 * n, 3 * n))
        block[:n, :n], block[:n, n : 2 * n], block[n : 2 * n, 2 * n :] = q, np.eye(n), np.eye(n)
        persons, arrivals = model.initial[:, draw], model.arrivals_in(0)[:, draw]
        for days in model.calendar.days:
            power = expm(block * (days / DAYS_PER_YEAR))
            step, once, twice = power[:n, :n], power[:n, n : 2 * n], power[:n, 2 * n :]
            total[draw] += (persons @ once + arrivals @ twice)[:n_cells].sum() * DAYS_PER_YEAR
            persons = persons @ step + arrivals @ once
    return total


def timed(work: Callable[[], NDArray[np.float64]]) -> tuple[float, NDArray[np.float64]]:
    """Return the seconds a piece of work takes, and what it gives."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def engine(model: Model) -> NDArray[np.float64]:
    """Return person-days of each draw by the cohort engine: (draw,)."""
    return run_cohort(model).person_days.sum(axis=(1, 2, 3, 4, 5))


def main() -> None:
    """Print the table."""
    base = build_model(som.load(SCENARIO).base, "reference")
    print(f"{'work':44} {'engine s':>9} {'expm s':>9} {'ratio':>7}")
    for n_draws in (1, 4, 16):
        model = with_draws(base, n_draws)
        ours, found = timed(lambda model=model: engine(model))
        theirs, expected = timed(lambda model=model: reference(model))
        assert np.allclose(found, expected, rtol=AGREE)
        work = f"Randers, {model.axes.n_cells} cells, 71 months, {n_draws} draws"
        print(f"{work:44} {ours:9.3f} {theirs:9.3f} {theirs / ours:7.1f}")


if __name__ == "__main__":
    main()
