"""What a run stores: sums equal what they are sums of, and nothing else takes room."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import som_sim as som
from discrete_scenarios import discrete
from many_draws import some_draws, some_tallies, with_draws
from random_scenarios import Data, model_of, scenarios
from som_sim.engine.cohort import run_cohort
from som_sim.engine.keep import EVERYTHING, Keep
from som_sim.engine.windows import persons_in
from som_sim.model.build import build_model
from som_sim.model.model import Model

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SAME = 1e-12
"""Relative to the whole sum: the same numbers added in another order."""


def assert_tallies_add_up(model: Model) -> None:
    n_cycles, n_draws = model.calendar.n_cycles, model.n_draws
    tallies = some_tallies(model)
    groups = tuple(cycle // 5 for cycle in range(n_cycles))
    whole = run_cohort(model, keep=Keep(tallies=tallies))
    days = np.moveaxis(whole.person_days[:, 0], 3, 1).reshape(n_draws, n_cycles, -1)
    enrolled = whole.enrolments[:, 0].reshape(
        n_draws, n_cycles, len(model.programmes), model.axes.n_cells
    )
    grouped = run_cohort(model, keep=Keep(tallies=tallies, groups=groups, flows=False))
    for number, tally in enumerate(tallies):
        expected = np.zeros((n_draws, n_cycles))
        if tally.cells is not None:
            expected += days[:, :, tally.cells].sum(axis=2)
        if tally.edges is not None:
            expected += whole.flows[:, 0][:, :, tally.edges].sum(axis=2)
        if tally.enrolled is not None:
            expected += enrolled[:, :, tally.enrolled].sum(axis=2)
        if tally.weights is not None:
            expected *= np.array(tally.weights)
        allowed = SAME * max(1.0, expected.max())
        found = whole.tallies[:, 0, :, number]
        np.testing.assert_allclose(found, expected, rtol=0, atol=allowed)
        by_group = np.zeros((n_draws, max(groups) + 1))
        np.add.at(by_group.T, np.array(groups), expected.T)
        found = grouped.tallies[:, 0, :, number]
        np.testing.assert_allclose(found, by_group, rtol=0, atol=5 * allowed)


def test_tallies_add_up_what_they_name() -> None:
    scenario = som.load(SCENARIOS / "first.yaml", overrides={"time.to": "2026-03"})
    for name, spec in scenario.strategies.items():
        assert_tallies_add_up(with_draws(build_model(spec, name), 3))


@pytest.mark.parametrize("counting", ["start", "end", "half_cycle", "simpson"])
def test_tallies_add_up_in_a_discrete_step(counting: str) -> None:
    data = discrete(n_cycles=6, counting=counting)
    assert_tallies_add_up(with_draws(model_of(data), 3))


@settings(max_examples=15, deadline=None)
@given(scenarios())
def test_tallies_add_up_on_random_scenarios(data: Data) -> None:
    for strategy in data["strategies"]:
        assert_tallies_add_up(with_draws(model_of(data, strategy), 2))


def test_what_is_not_kept_takes_no_room() -> None:
    scenario = som.load(SCENARIOS / "first.yaml")
    model = with_draws(build_model(scenario.strategies["with_support"], "with_support"), 4)
    keep = Keep(boundaries=(25,), enrolments=(), person_days=False, flows=False)
    run = run_cohort(model, keep=keep)
    assert run.occupancy.shape[4] == 1
    assert run.person_days.size == run.flows.size == run.enrolments.size == run.waiting.size == 0
    assert not keep.everything and EVERYTHING.everything
    whole = run_cohort(model)
    assert (run.occupancy[:, :, :, :, 0] == whole.occupancy[:, :, :, :, 25]).all()
    assert (run.left[..., 0] == whole.left[..., 25]).all()


def test_a_window_is_the_same_from_what_it_needs_only() -> None:
    """A week over the turn of a month needs persons at two boundaries and enrolments at one."""
    spec = som.load(SCENARIOS / "first.yaml").strategies["with_support"]
    model = with_draws(build_model(spec, "with_support"), 4)
    cells = np.zeros(model.axes.cell_shape, dtype=bool)
    cells[..., 0] = True
    day = model.calendar.boundaries[9].replace(day=28)
    keep = Keep(boundaries=(9, 10), enrolments=(10,), person_days=False, flows=False)
    found = persons_in(run_cohort(model, keep=keep), cells, day, 7.0)
    assert (found == persons_in(run_cohort(model), cells, day, 7.0)).all()
    with pytest.raises(ValueError, match="does not store the enrolments of cycle 10"):
        less = replace(keep, enrolments=())
        persons_in(run_cohort(model, keep=less), cells, day, 7.0)
    with pytest.raises(ValueError, match="does not store the persons at boundary 9"):
        less = replace(keep, boundaries=(10,))
        persons_in(run_cohort(model, keep=less), cells, day, 7.0)


@settings(max_examples=10, deadline=None)
@given(scenarios())
def test_a_draw_is_the_same_alone_and_among_others(data: Data) -> None:
    for strategy in data["strategies"]:
        model = with_draws(model_of(data, strategy), 5)
        keep = Keep(tallies=some_tallies(model))
        together = run_cohort(model, keep=keep)
        for first, last in ((0, 1), (1, 4), (4, 5)):
            alone = run_cohort(some_draws(model, slice(first, last)), keep=keep)
            for field in ("occupancy", "left", "person_days", "flows", "enrolments", "tallies"):
                whole = getattr(together, field)[first:last]
                assert (getattr(alone, field) == whole).all(), field
