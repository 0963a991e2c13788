"""Models with draws in which everything is a little different, and sums to ask a run for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from som_sim.engine.keep import Tally
from som_sim.engine.trajectory import Trajectory
from som_sim.model.model import Model

SAME = 1e-12
"""Relative to everybody in the run, and to their days: the two add in another order."""
FIELDS = ("occupancy", "left", "person_days", "flows", "enrolments", "waiting", "tallies")


def with_draws(model: Model, n_draws: int, seed: int = 1) -> Model:
    """Return a model with as many draws, in each of which everything is a little different."""
    rng = np.random.default_rng(seed)

    def vary(array: np.ndarray) -> np.ndarray:
        wide = np.repeat(array, n_draws, axis=-1) if array.shape[-1] == 1 else array
        return wide * rng.uniform(0.7, 1.3, wide.shape[-1])

    rates = vary(model.rates) if not model.discrete else np.repeat(model.rates, n_draws, axis=-1)
    return replace(
        model,
        initial=vary(model.initial),
        rates=rates,
        generator=replace(model.generator, rate=rates[0]),
        arrivals_per_year=vary(model.arrivals_per_year),
        limits=tuple(replace(one, places=vary(one.places)) for one in model.limits),
        programmes=tuple(
            replace(
                rule,
                places=vary(rule.places),
                share_of_waiting=np.repeat(rule.share_of_waiting, n_draws),
                most=np.repeat(rule.most, n_draws, axis=1),
            )
            for rule in model.programmes
        ),
    )


def some_draws(model: Model, chosen: slice) -> Model:
    """Return some draws of a model."""
    return replace(
        model,
        initial=model.initial[:, chosen],
        rates=model.rates[..., chosen],
        generator=replace(model.generator, rate=model.generator.rate[:, chosen]),
        arrivals_per_year=model.arrivals_per_year[..., chosen],
        limits=tuple(replace(one, places=one.places[:, chosen]) for one in model.limits),
        programmes=tuple(
            replace(
                rule,
                places=rule.places[:, chosen],
                share_of_waiting=rule.share_of_waiting[chosen],
                most=rule.most[:, chosen],
            )
            for rule in model.programmes
        ),
    )


def some_tallies(model: Model, seed: int = 1) -> tuple[Tally, ...]:
    rng = np.random.default_rng(seed)
    n_cells, n_cycles = model.axes.n_cells, model.calendar.n_cycles
    cells = rng.random((3, n_cells)) < 0.5
    edges = rng.random((2, len(model.generator.source))) < 0.3
    enrolled = rng.random((len(model.programmes), n_cells)) < 0.5
    weights = tuple(rng.choice([0.0, 1.0, 2.5], n_cycles).tolist())
    return (
        Tally(cells=cells[0]),
        Tally(cells=cells[1], weights=weights),
        Tally(edges=edges[0]),
        Tally(enrolled=enrolled),
        Tally(cells=cells[2], edges=edges[1], enrolled=enrolled, weights=weights),
        Tally(),
    )


def assert_same(fast_run: Trajectory, plain: Trajectory) -> None:
    persons = max(1.0, plain.occupancy.sum(axis=(1, 2, 3, 5)).max() + plain.left.sum(axis=2).max())
    busiest = max(1.0, float(plain.model.rates.max(initial=0.0)))
    days = max(plain.model.calendar.days)
    scale = dict.fromkeys(FIELDS, persons)
    scale["person_days"] = persons * days
    scale["flows"] = persons * busiest
    scale["tallies"] = (persons * days + persons * busiest * 10) * plain.model.calendar.n_cycles
    for field in FIELDS:
        found, expected = getattr(fast_run, field), getattr(plain, field)
        assert found.shape == expected.shape, field
        allowed = SAME * scale[field]
        np.testing.assert_allclose(found, expected, rtol=0, atol=allowed, err_msg=field)
