"""Where nobody competes for places, the mean of histories is what the cohort engine expects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

import som_sim as som
from chernoff import allowed, smallest_visible, surprise
from individuals import discrete, enrolling, two_domains
from random_scenarios import Data, model_of, scenario_of, scenarios, small
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import run_cohort
from som_sim.engine.individual.run import run_individual, run_mean
from som_sim.engine.trajectory import Trajectory
from som_sim.model.build import build_model
from som_sim.model.model import Model

REPLICATES = 60
TO_ROUNDING = 1e-9


def worst(model: Model, expected: Trajectory, mean: Trajectory, replicates: int) -> float:
    """Return the largest surprise at any boundary in any cell, over what is allowed.

    In a cell at a boundary there are independent people of the start and a Poisson number of
    others, so the sum over histories is within the bound of `chernoff`.
    """
    pairs = [
        (mean.occupancy, expected.occupancy),
        (mean.left, expected.left),
        (mean.enrolments.sum(axis=(4, 5, 6)), expected.enrolments.sum(axis=(4, 5, 6))),
    ]
    sums = [surprise(seen * replicates, known * replicates) for seen, known in pairs]
    n_tests = sum(one.size for one in sums)
    return max(float(one.max(initial=0)) for one in sums) / allowed(n_tests)


@pytest.mark.parametrize("data", [small(), two_domains(), enrolling(), discrete()],
                         ids=["small", "two domains", "enrolling", "discrete"])  # fmt: skip
def test_free_people_move_as_expected(data: Data) -> None:
    model = model_of(data)
    mean = run_mean(model, REPLICATES, seed=1)
    assert worst(model, run_cohort(model), mean, REPLICATES) < 1


@pytest.mark.parametrize("data", [small(), two_domains(), discrete()],
                         ids=["small", "two domains", "discrete"])  # fmt: skip
def test_wrong_rates_are_seen(data: Data) -> None:
    """The negative control: with the first row a third faster, the same test fails."""
    row = data["transitions"][0]
    if "rate_per_year" in row:
        changed = {**row, "rate_per_year": row["rate_per_year"] * 4}
    elif "stay" in row:
        changed = {**row, "stay": {"mean": "20 days"}}
    else:
        changed = {**row, "probabilities": {"home": Decimal("0.8"), "dead": Decimal("0.05")}}
    other = {**data, "transitions": [changed, *data["transitions"][1:]]}
    mean = run_mean(model_of(other), REPLICATES, seed=1)
    assert worst(model_of(data), run_cohort(model_of(data)), mean, REPLICATES) > 1


def test_the_sample_is_large_enough_to_fail() -> None:
    """A tenth more people in a cell of 20 would be seen in the test above."""
    expected = 20.0 * REPLICATES
    assert smallest_visible(expected, 1000) < 1.2 * expected


@pytest.mark.parametrize("data", [small(), two_domains(), enrolling()],
                         ids=["small", "two domains", "enrolling"])  # fmt: skip
def test_moves_follow_the_time_that_people_spend(data: Data) -> None:
    """Moves less person-time x rate is chance alone, edge by edge, whatever happened before."""
    model = model_of(data)
    mean = run_mean(model, REPLICATES, seed=2)
    days = np.moveaxis(mean.person_days[0, 0], 2, 0).reshape(model.calendar.n_cycles, -1)
    rate = model.rates[list(model.regime), :, 0]
    edges = model.generator
    wanted = (days[:, edges.source] / DAYS_PER_YEAR * rate).sum(axis=0) * REPLICATES
    seen = mean.flows[0, 0].sum(axis=0) * REPLICATES
    assert surprise(seen, wanted).max() < allowed(len(seen))


def test_person_time_is_the_integral_of_persons() -> None:
    """In one history, with events one by one: days are those between moves."""
    model = model_of(two_domains())
    run = run_individual(model, 4, seed=3)
    present = run.occupancy.sum(axis=(2, 3, 5))[0]  # (replicate, boundary)
    days = run.person_days.sum(axis=(2, 3, 5))[0]
    assert (days >= 0).all()
    most = np.maximum(present[:, 1:], present[:, :-1]) + 20
    assert (days <= most * np.array(model.calendar.days)).all()


@pytest.mark.parametrize("data", [two_domains(), enrolling(), discrete()],
                         ids=["two domains", "enrolling", "discrete"])  # fmt: skip
def test_every_history_conserves_persons(data: Data) -> None:
    model = model_of(data)
    run = run_individual(model, 5, seed=4)
    edges, n_cells = model.generator, model.axes.n_cells
    mean = run_mean(model, 5, seed=4)
    came = np.concatenate(
        [mean.model.initial.sum(axis=0), mean.model.arrived()[:, :, 0].sum(axis=1)]
    ).cumsum()
    there = run.occupancy.sum(axis=(2, 3, 5))[0] + run.left.sum(axis=2)[0]
    np.testing.assert_allclose(there.mean(axis=0), came, rtol=TO_ROUNDING)
    for replicate in range(5):
        cells = np.moveaxis(run.occupancy[0, replicate], 2, 0).reshape(-1, n_cells)
        assert (cells == cells.round()).all() and (cells >= 0).all()
        assert not (run.flows[0, replicate] % 1).any()
    assert np.array_equal(run.occupancy.mean(axis=1), mean.occupancy[:, 0])
    gone = run.flows[0][:, :, edges.target >= n_cells].sum(axis=(1, 2))
    assert np.array_equal(gone, run.left[0].sum(axis=1)[:, -1])


@settings(max_examples=12)
@given(data=scenarios(money=False, max_cycles=3))
def test_any_scenario_runs_in_whole_persons(data: Data) -> None:
    scenario = scenario_of(data)
    for name, spec in scenario.strategies.items():
        model = build_model(spec, name)
        assume(model.initial.sum() + model.arrived().sum() < 2000)
        run = run_individual(model, 1, seed=5, fast=False)
        assert (run.occupancy % 1 == 0).all() and (run.occupancy >= 0).all()
        assert (run.person_days >= 0).all()
        for position, rule in enumerate(model.programmes):
            inside = run.occupancy[0, 0, :, rule.status].sum(axis=(0, 2))[:-1]
            enrolled = run.enrolments[0, 0, :, position].sum(axis=(1, 2, 3))
            places = np.ceil(rule.places[:, 0])
            assert (enrolled <= run.waiting[0, 0, :, position]).all()
            assert ((enrolled == 0) | (inside <= places)).all()


def free(model: Model) -> bool:
    """Tell whether no place and no intake is short, with room for chance."""
    expected = run_cohort(model)
    for position, rule in enumerate(model.programmes):
        inside = expected.occupancy[0, 0, :, rule.status].sum(axis=(0, 2))[:-1]
        if (rule.places[:, 0] < 2 * inside + 30).any() or np.isfinite(rule.most).any():
            return False
        if (expected.waiting[0, 0, :, position] > 1e5).any():
            return False
    return not model.limits


@pytest.mark.slow
@settings(max_examples=150)
@given(data=scenarios(money=False))
def test_any_free_scenario_agrees(data: Data) -> None:
    model = build_model(scenario_of(data).strategies["reference"], "reference")
    assume(model.initial.sum() + model.arrived().sum() < 2000 and free(model))
    mean = run_mean(model, 200, seed=6, fast=True)
    assert worst(model, run_cohort(model), mean, 200) < 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "strategy", "replicates"),
    [("first", "nothing_new", 2000), ("hiv_chancellor_1997", "monotherapy", 200)],
)
def test_the_scenarios_of_the_repository_agree(
    name: str, strategy: str, replicates: int, repository: Any
) -> None:
    spec = som.load(repository / "scenarios" / f"{name}.yaml").strategies[strategy]
    model = build_model(spec, strategy)
    mean = run_mean(model, replicates, seed=7, fast=True)
    assert worst(model, run_cohort(model), mean, replicates) < 1
